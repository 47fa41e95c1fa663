"""Table ``requests``: 25 rows (23 in the form of 2019) of six applicants and their total."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from gia_nlp.records import Issue
from gia_nlp.structure.tables.columnmajor import column_major
from gia_nlp.structure.tables.columns import Placed, place
from gia_nlp.structure.tables.freetext import TOKEN, Run, Scan
from gia_nlp.structure.tables.glue import Glued, resolve
from gia_nlp.structure.tables.labels import best, label_key, similarity
from gia_nlp.structure.tables.reading import Result, Source
from gia_nlp.structure.tables.rows import Piece, Row
from gia_nlp.structure.tables.values import LOST, Value, make_cell
from gia_nlp.vocabulary.forms import Form, letters, requests_form, review_form, subtotal_words

_FAR = 700  # characters without any row between two rows of one table
_LEAST_ROWS = 3
_HEADER = 260  # characters that a header in running text may take


@dataclass(slots=True)
class Line:
    """A candidate row: numbers with the label that stands with them, if any."""

    start: int
    end: int
    label: str | None
    score: float
    row: Row | None = None
    label_at: int = -1
    pieces: list[Piece] = field(default_factory=list)
    run: Run | None = None
    scan: Scan | None = None
    tokens: list[tuple[str, int, int]] = field(default_factory=list)
    after: str | None = None
    loose: list[str] = field(default_factory=list)  # labels without numbers since the line before
    part: int = -1
    note: str | None = None


def read_requests(source: Source, sibling: str | None = None) -> Result | None:
    """Reads the table; ``None`` when the document has none. ``sibling`` is the generation of table ``proactive``."""
    subtotal = _has_subtotal(source)
    width = 8 if subtotal else 7
    groups = _instances(_lines(source, width))
    tables = [t for g in groups if (t := _Table(source, g, sibling, subtotal)).filled >= _LEAST_ROWS]
    if not tables:
        return None
    full = max(t.filled for t in tables)
    chosen = next(t for t in tables if t.filled >= 0.9 * full)
    result = chosen.result()
    for other in tables:
        if other is not chosen:
            span = (other.lines[0].start, other.lines[-1].end)
            result.spans.append(span)
            result.rows |= {line.part for line in other.lines}
            result.warn(
                "requests",
                f"another table of this kind at {span[0]}-{span[1]} ({other.filled} rows) is not in the cells",
            )
    return result


def _has_subtotal(source: Source) -> bool:
    words = subtotal_words()
    for part in source.parts:
        if isinstance(part, Row):
            keys = [label_key(p.text) for p in part.cells]
            if any(k in words for k in keys) and not any(p.text.strip().isdigit() for p in part.cells):
                return True
        else:
            text = part.free.view.text
            for hit in part.hits:
                if (
                    hit.table == "requests"
                    and hit.kind in ("column", "row")
                    and any(w in text[hit.end : hit.end + 8] for w in words)
                ):
                    return True
    return False


# ----------------------------------------------------------------------------------------------- candidate rows


def _lines(source: Source, width: int) -> list[Line]:
    """Every candidate row of the document in order."""
    turned = list(column_major(source.parts))
    if turned:
        return [
            Line(start, end, row, 1.0, None, -1, [], run, scan, tokens, part=part)
            for part, scan, run, row, start, end, tokens in turned
        ]
    found: list[Line] = []
    loose: list[str] = []
    for number, part in enumerate(source.parts):
        new = _row_line(part, width) if isinstance(part, Row) else _free_lines(part, width)
        for line in new:
            if isinstance(line, str):
                loose.append(line)
                continue
            line.part, line.loose = number, loose
            loose = []
            if found and _goes_on(found[-1], line):
                line.label, line.score, line.note = found.pop().label, 1.0, "label over two rows"
            found.append(line)
    return found


def _words(row: Row) -> str:
    return next((label_key(p.text) for p in reversed(row.cells) if letters(p.text) and not is_number_like(p.text)), "")


def _goes_on(first: Line, second: Line) -> bool:
    """Whether a label begins in a row without numbers and ends in the next, which has them."""
    if (
        first.row is None
        or second.row is None
        or first.label is None
        or second.label
        or any(p.text for p in first.pieces)
    ):
        return False
    key = next((r.key for r in _all_rows().rows if r.id == first.label), "")
    head, tail = _words(first.row), _words(second.row)
    return len(tail) >= 2 and head != key and similarity(head + tail, key) >= 0.85


def _all_rows() -> Form:
    return requests_form("2021")


def match_label(row: Row) -> tuple[str | None, float, int]:
    """The row label among a row's cells: id, score, place of the cell. Of several the last before the numbers."""
    labels = (*requests_form("2021").rows, *(r for r in requests_form("2019").rows if r.id == "other"))
    chosen: tuple[str | None, float, int] = (None, 0.0, -1)
    before = ""
    for i, piece in enumerate(row.cells):
        if not piece.text or is_number_like(piece.text):
            if piece.text:
                break
            continue
        key = label_key(piece.text)
        found = best(key, labels)
        joined = best(before + key, labels) if before and key else None
        if joined and joined[1] > (found[1] if found else 0) + 0.05:
            found = joined
        if found and (found[1] >= 0.7 or chosen[0] is None):
            chosen = (*found, i)
        before = key
    return chosen


def is_number_like(text: str) -> bool:
    """Whether a cell holds a value: digits beyond an ordinal, or a mark for no value."""
    if not letters(text):
        return True
    head = re.sub(r"^\s*(?:其中\s*[:：]?\s*)?(?:[（(]?\s*\d{1,2}\s*[)）.．、,，])+", "", text)
    return bool(re.search(r"\d", head)) or "".join(text.split()) in ("无", "不适用")


_LABEL_AND_NUMBERS = re.compile(r"(.*[\u4e00-\u9fff）)”\"])\s+((?:\d+\s*)+)$", re.S)


def _unglued(row: Row) -> Row:
    """A row in which a label shares its cell with numbers, the two parted."""
    cells: list[Piece] = []
    for piece in row.cells:
        match = _LABEL_AND_NUMBERS.match(piece.text) if len(piece.text) < 120 else None
        if not match or piece.start is None or piece.end is None or len(piece.text) != piece.end - piece.start:
            cells.append(replace(piece, column=len(cells)))
            continue
        cells.append(Piece(match.group(1), piece.start, piece.start + match.end(1), len(cells)))
        for number in re.finditer(r"\d+", match.group(2)):
            start = piece.start + match.start(2) + number.start()
            cells.append(Piece(number.group(), start, start + len(number.group()), len(cells)))
    return replace(row, cells=tuple(cells)) if len(cells) > len(row.cells) else row


def _row_line(row: Row, width: int) -> list[Line | str]:
    row = _unglued(row)
    id, score, at = match_label(row)
    values = [p for p in row.cells[at + 1 :] if not p.covered or p.text]
    filled = [p for p in values if p.text]
    if id is None:
        if any(letters(p.text) and not is_number_like(p.text) for p in row.cells):
            known = best(label_key(next(p.text for p in reversed(row.cells) if letters(p.text))), _all_rows().rows)
            numbers = [p for p in filled if re.search(r"\d", p.text)]
            if len(numbers) < width - 1 or _other_table(row):
                return [known[0]] if known else []
            last = max(i for i, p in enumerate(row.cells) if letters(p.text) and not is_number_like(p.text))
            pieces = list(row.cells[last + 1 :])
            return [Line(row.start, row.end, None, 0.0, row, last, pieces)]
        if not width - 2 <= len(filled) <= width + 1 or not all(is_number_like(p.text) for p in filled):
            return []
        return [Line(row.start, row.end, None, 0.0, row, -1, list(row.cells))]
    if any(not is_number_like(p.text) for p in filled):
        return []
    if not filled and len(values) < width:
        return [id]
    if id in ("other.other", "processed", "other") and len(values) < width - 1 and len(filled) < 2:
        return []
    return [Line(row.start, row.end, id, score, row, at, list(row.cells[at + 1 :]))]


def _other_table(row: Row) -> bool:
    """Whether a row's words belong to another table."""
    words = (*(label for r in review_form("2021").rows for label in r.cores), "结果维持", "结果纠正", "尚未审结")
    return any(letters(p.text) in words for p in row.cells)


def _row_id(run: Run) -> str | None:
    hit = run.before
    if hit is None or hit.table != "requests":
        return None
    if hit.kind == "row":
        return hit.id
    return "other" if hit.id == "其他处理" else None


def _free_lines(scan: Scan, width: int) -> list[Line | str]:
    found: list[tuple[int, Line | str]] = []
    headers = _header_hits(scan)
    used: set[int] = set()
    for run in scan.runs:
        if run.unit:
            continue
        tokens = [(m.group(), m.start(), m.end()) for m in TOKEN.finditer(run.text)]
        digits = sum(c.isdigit() for c in run.text)
        label = _row_id(run) if run.attached and run.before and run.before.start not in headers else None
        weak = label in ("other.other", "processed", "other")
        if digits + sum(not t[0][0].isdigit() for t in tokens) < width and len(tokens) < width:
            if label is None or weak or not run.same_line or run.own_line:
                continue
        elif label is None and len(tokens) % width and digits < width:
            continue
        chunks = [tokens]
        if len(tokens) > width and len(tokens) % width == 0:
            chunks = [tokens[i : i + width] for i in range(0, len(tokens), width)]
        elif label is None and len(tokens) != width and not run.leads:
            continue
        names: list[str | None] = [label] + [None] * (len(chunks) - 1)
        listed = _listed(scan, run, headers) if len(chunks) > 1 else []
        if len(listed) == len(chunks):
            names = [*listed]
        elif len(listed) > 1 or len(chunks) > 20:
            names = [None] * len(chunks)
        for k, chunk in enumerate(chunks):
            start, end = scan.free.view.span(run.start + chunk[0][1], run.start + chunk[-1][2])
            after = (
                run.after.id
                if run.after
                and run.after.table == "requests"
                and run.after.kind == "row"
                and run.leads
                and len(chunks) == 1
                else None
            )
            line = Line(
                start,
                end,
                names[k],
                1.0 if names[k] else 0.0,
                None,
                -1,
                [],
                run,
                scan,
                chunk,
                after,
            )
            found.append((run.start + chunk[0][1], line))
        if label and run.before:
            used.add(run.before.start)
    for hit in scan.hits:
        if hit.table == "requests" and hit.kind == "row" and hit.start not in used and hit.start not in headers:
            if not (hit.label and hit.label.weak):
                found.append((hit.start, hit.id))
    return [item for _, item in sorted(found, key=lambda f: f[0])]


def _listed(scan: Scan, run: Run, headers: set[int]) -> list[str]:
    """Row labels that stand one after another right before a run, with no number between them."""
    earlier = max((r.end for r in scan.runs if r.end <= run.start), default=-1)
    hits = [h for h in scan.hits if earlier <= h.start < run.start and h.table == "requests" and h.kind == "row"]
    return [h.id for h in hits if h.start not in headers]


def _header_hits(scan: Scan) -> set[int]:
    """Where 其他 and 总计 head a column: behind another column's words, with no number between."""
    numbers = [r.start for r in scan.runs]
    headers: set[int] = set()
    before = None
    for hit in scan.hits:
        if (
            hit.label is not None
            and hit.label.weak
            and hit.table == "requests"
            and not hit.numbered
            and before is not None
        ):
            near = not any(before.end <= n < hit.start for n in numbers) and hit.start - before.end < 40
            if near and (before.kind in ("column", "header") or before.start in headers):
                headers.add(hit.start)
        before = hit
    return headers


def _instances(lines: list[Line]) -> list[list[Line]]:
    """Candidate rows parted into tables: far apart, or the first row again."""
    order = {r.id: i for i, r in enumerate(_all_rows().rows)}
    order["other"] = order["other.not_corrected"]
    tables: list[list[Line]] = []
    top = -1
    for line in lines:
        place_ = order.get(line.label or "", -1)
        restart = bool(tables) and 0 <= place_ <= 2 and top >= 10
        if not tables or line.start - tables[-1][-1].end > _FAR or restart:
            tables.append([])
            top = -1
        tables[-1].append(line)
        top = max(top, place_)
    return tables


# ------------------------------------------------------------------------------------------------------- one table


class _Table:
    """One table of this kind: which line is which row, and what its cells say."""

    def __init__(self, source: Source, lines: list[Line], sibling: str | None, subtotal: bool) -> None:
        self.source, self.lines, self.subtotal = source, lines, subtotal
        self.generation = self._generation(sibling)
        self.form = requests_form(self.generation)
        self.ids = [r.id for r in self.form.rows]
        self.assigned: dict[str, Line] = {}
        self.notes: dict[str, str] = {}
        self.warnings: list[Issue] = []
        self._trim()
        if self.lines:
            self._assign()
        self.filled = (
            len(self.assigned)
            if sum(line.label is not None for line in self.lines) >= _LEAST_ROWS or len(self.assigned) >= 20
            else 0
        )

    def _generation(self, sibling: str | None) -> str:
        labels = [line.label for line in self.lines] + [w for line in self.lines for w in line.loose]
        if any(i in ("other.not_corrected", "other.fee_unpaid") for i in labels):
            return "2021"
        if "other" in labels:
            return "2019"
        rows = len(self.lines)
        if "other.other" in labels or rows in (24, 25):
            return "2021"
        return "2019" if rows == 23 else sibling or "2021"

    def _trim(self) -> None:
        """Only lines that belong: lines without a label at the ends must be full rows of numbers."""
        if self.generation == "2021":
            for line in self.lines:
                if line.label == "other":
                    line.label, line.score = None, 0.0
        labelled = [i for i, line in enumerate(self.lines) if line.label]
        if labelled:
            # Behind the last row of the form no further line belongs.
            last = next((i for i in labelled if self.lines[i].label == "carried_out"), None)
            if last is not None and not self._before_labels():
                self.lines = self.lines[: last + 1]

    def _before_labels(self) -> bool:
        """Whether the numbers stand before their labels: the first are nobody's, the last label has none."""
        free = [line for line in self.lines if line.run]
        if len(free) < 5 or len(free) != len(self.lines):
            return False
        return free[0].label is None and free[0].after == "received" and free[-1].label != "carried_out"

    def _assign(self) -> None:
        if self._before_labels():
            for line in self.lines:
                line.label, line.note = line.after, "numbers printed before their label"
                line.score = 1.0 if line.after else 0.0
        places = [self.ids.index(line.label) if line.label in self.ids else None for line in self.lines]
        anchors = _increasing(places, [line.score for line in self.lines])
        for i, line in enumerate(self.lines):
            if i in anchors:
                self.assigned[line.label or ""] = line
        for i, line in enumerate(self.lines):
            if i not in anchors and line.label:
                label = line.label
                if (
                    label in self.ids
                    and label not in self.assigned
                    and line.score >= 0.9
                    and not self.form.rows[self.ids.index(label)].weak
                ):
                    self.assigned[label] = line
                    line.note = "row printed out of the form's order"
                else:
                    self.warnings.append(
                        Issue("structure", "table_requests", f"row at {line.start} labelled like {label} is not used")
                    )
        marks = [(-1, -1), *((i, places[i]) for i in sorted(anchors)), (len(self.lines), len(self.ids))]
        for (i, a), (j, b) in zip(marks, marks[1:], strict=False):
            assert a is not None and b is not None
            missing = [r for r in self.ids[a + 1 : b] if r not in self.assigned]
            nameless = [line for line in self.lines[i + 1 : j] if line.label is None]
            self._fill(missing, nameless)

    def _fill(self, missing: list[str], lines: list[Line]) -> None:
        """Lines without a label between two that have one."""
        if not missing or not lines:
            return
        if len(missing) == len(lines):
            for row, line in zip(missing, lines, strict=True):
                self.assigned[row] = line
                apart = any(row in other.loose for other in self.lines)
                line.note = (
                    "label printed apart from its numbers; row told by order"
                    if apart
                    else "label lost; row told by order"
                )
            return
        paired = [line.loose[-1] for line in lines if len(line.loose) == 1 and line.loose[-1] in missing]
        if (
            len(paired) == len(lines)
            and paired == [r for r in missing if r in paired]
            and len(set(paired)) == len(paired)
        ):
            for row, line in zip(paired, lines, strict=True):
                self.assigned[row] = line
                line.note = "label on the line before its numbers"
            return
        seen = " | ".join(" ".join(self.source.text[line.start : line.end].split()) for line in lines)
        for row in missing:
            self.notes[row] = f"{len(lines)} rows of numbers without label for {len(missing)} rows of the form: {seen}"[
                :400
            ]

    def result(self) -> Result:
        result = Result(self.generation)
        result.warnings += self.warnings
        columns = [c.id for c in self.form.columns]
        hard = {row: line for row, line in self.assigned.items() if line.row}
        placed = place(
            self.source,
            {row: (line.row, line.label_at) for row, line in hard.items() if line.row},
            self._header(),
            7,
            self.subtotal,
        )
        known: dict[str, Placed] = dict(placed)
        glued: dict[str, Glued] = {}
        for row, line in self.assigned.items():
            if line.run and line.scan:
                filled = self._tokens(line)
                if filled:
                    known[row] = filled
                else:
                    glued[row] = Glued(row, line.run, line.scan, line.start, line.end)
        result.cells = []
        parted = resolve(self.source, self.form, known, glued, self.subtotal)
        result.glued += parted.runs
        for row in self.ids:
            owner = self.assigned.get(row)
            for k, column in enumerate(columns):
                if row in known:
                    value, note = known[row].values[k], known[row].note
                elif row in parted.values:
                    value, note = parted.values[row][k], None
                else:
                    value, note = LOST, self.notes.get(row, "row not found")
                notes = "; ".join(n for n in (owner.note if owner else None, note) if n)
                result.cells.append(make_cell(self.form, row, column, value, notes or None))
        used = [line for line in self.lines]
        start, parts = self._header_start(used[0])
        result.spans.append((start, used[-1].end))
        result.rows |= {line.part for line in used} | parts
        return result

    def _header_start(self, first: Line) -> tuple[int, set[int]]:
        """Where the table's header begins, and the parts that it takes."""
        start, taken = first.start, set()
        for place_ in range(first.part, max(-1, first.part - 8), -1):
            part = self.source.parts[place_]
            if isinstance(part, Row):
                if place_ == first.part or (
                    first.row is not None and part.block == first.row.block and not _other_table(part)
                ):
                    start = min(start, part.start)
                    taken.add(place_)
                continue
            for hit in part.hits:
                at, end = part.free.view.span(hit.lead, hit.end)
                if (
                    hit.table == "requests"
                    and first.start - _HEADER <= at < start
                    and (hit.kind in ("column", "header") or (end <= first.start and first.start - end < 60))
                ):
                    start = at
                    break
        return start, taken

    def _tokens(self, line: Line) -> Placed | None:
        """A row whose numbers blanks part, one for each column."""
        width = 8 if self.subtotal else 7
        if len(line.tokens) != width or not line.run or not line.scan:
            return None
        values: list[Value] = []
        for token, start, end in line.tokens:
            a, b = self.source.span(line.scan, line.run.start + start, line.run.start + end)
            piece = Piece(token, a, b, 0)
            values.append(self.source.value(piece))
        if self.subtotal:
            del values[6]
        return Placed(values, None, spaced=True)

    def _header(self) -> list[Row]:
        """Rows above the first line that name columns."""
        first = self.lines[0].part
        return [p for p in self.source.parts[max(0, first - 6) : first + 40] if isinstance(p, Row)]


def _increasing(places: list[int | None], scores: list[float]) -> set[int]:
    """The heaviest set of lines whose rows stand in the form's order."""
    best_: dict[int, tuple[float, int | None]] = {}
    for i, p in enumerate(places):
        if p is None:
            continue
        weight, link = scores[i], None
        for j, (w, _) in best_.items():
            q = places[j]
            if q is not None and q < p and w + scores[i] > weight:
                weight, link = w + scores[i], j
        best_[i] = (weight, link)
    if not best_:
        return set()
    at: int | None = max(best_, key=lambda i: best_[i][0])
    chosen: set[int] = set()
    while at is not None:
        chosen.add(at)
        at = best_[at][1]
    return chosen
