"""Table ``requests``: 25 rows (23 in the form of 2019) of six applicants and their total."""

from __future__ import annotations

from itertools import pairwise

from gia_nlp.records import Issue
from gia_nlp.structure.tables.bordered import other_table
from gia_nlp.structure.tables.columns import Placed, open_beside_lone, place
from gia_nlp.structure.tables.glue import Glued, resolve
from gia_nlp.structure.tables.lines import Line, find_lines, has_subtotal, instances
from gia_nlp.structure.tables.reading import Result, Source
from gia_nlp.structure.tables.rows import Row
from gia_nlp.structure.tables.values import LOST, Value, make_cells
from gia_nlp.vocabulary.forms import blank_words, requests_form

_LEAST_ROWS = 3
_HEADER = 260  # characters that a header in running text may take


def read_requests(source: Source, sibling: str | None = None) -> Result | None:
    """Reads the table; ``None`` when the document has none. ``sibling`` is the generation of table ``proactive``."""
    subtotal = has_subtotal(source)
    width = 8 if subtotal else 7
    groups = instances(find_lines(source, width))
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
        self.labelled = sum(line.label is not None for line in self.lines) >= _LEAST_ROWS
        if self.lines:
            self._assign()
        if not any(line.label for line in self.assigned.values()) and not self._adds_up():
            self.assigned = {}
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
            return "2021" if self._three_others() else "2019"
        rows = sum(not line.blank for line in self.lines)
        if "other.other" in labels or rows in (24, 25):
            return "2021"
        return "2019" if rows == 23 else sibling or "2021"

    def _three_others(self) -> bool:
        """Whether 其他处理 names a group whose leaves are lost: two more rows stand between it and the total."""
        places = [i for i, line in enumerate(self.lines) if line.label == "other"]
        ends = [i for i, line in enumerate(self.lines) if line.label == "processed"]
        between = [line.label for line in self.lines[places[0] + 1 : ends[0]]] if places and ends else []
        return len(between) == 2 and between[0] is None and between[1] in (None, "other.other")

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
            if last is not None and self._orientation() == 1:
                self.lines = self.lines[: last + 1]

    def _orientation(self) -> int:
        """1: numbers stand behind their labels; -1: before them; 0: nobody can tell.

        Told by how many labels and rows of numbers would be left over on either view; labels on the line of their numbers settle it.
        """
        lines = [line for line in self.lines if not line.blank]
        beside = sum(line.run is None or bool(line.label and line.run.same_line) for line in lines)
        if len(lines) < 5 or 2 * beside > len(lines):
            return 1
        behind = sum(line.label is None for line in lines) + sum(len(line.loose) for line in lines[1:])
        behind += "carried_out" in lines[-1].following
        before = sum(not line.following for line in lines) + sum(max(0, len(line.following) - 1) for line in lines[:-1])
        before += lines[0].label is not None
        if abs(before - behind) < 2:
            # What opens and what closes the table: its first label, or its first numbers.
            front = lines[0].label == "received" or "received" in lines[0].loose
            back = "carried_out" in lines[-1].following
            return 0 if front == back else 1 if front else -1
        return 1 if behind < before else -1

    def _assign(self) -> None:
        orientation = self._orientation()
        for line in self.lines if orientation < 1 and self.labelled else ():
            told = (line.ahead or next(iter(line.following), None)) if orientation < 0 else None
            note = "numbers printed before their label" if told else None
            line.label, line.score, line.note = told, 1.0 if told else 0.0, note
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
        for (i, a), (j, b) in pairwise(marks):
            assert a is not None and b is not None
            missing = [r for r in self.ids[a + 1 : b] if r not in self.assigned]
            nameless = [line for line in self.lines[i + 1 : j] if line.label is None]
            numbers = [line for line in nameless if not line.blank]
            self._fill(missing, nameless if len(nameless) == len(missing) else numbers)
        taken = {id(line) for line in self.assigned.values()}
        self.lines = [line for line in self.lines if not line.blank or id(line) in taken]

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
        paired = [found for line in lines if (found := _neighbour(line, missing))]
        if (
            len(paired) == len(lines)
            and paired == [r for r in missing if r in paired]
            and len(set(paired)) == len(paired)
        ):
            for row, line in zip(paired, lines, strict=True):
                self.assigned[row] = line
                line.note = "label on the line before or behind its numbers"
            return
        seen = " | ".join(" ".join(self.source.text[line.start : line.end].split()) for line in lines)
        for row in missing:
            self.notes[row] = f"{len(lines)} rows of numbers without label for {len(missing)} rows of the form: {seen}"[
                :400
            ]

    def _adds_up(self) -> bool:
        """Whether rows told by nothing but their order have the totals that such rows have."""
        lines = [[t for t, _, _ in line.tokens] for line in self.lines if line.run]
        lines = [t[:6] + t[7:] if self.subtotal and len(t) == 8 else t for t in lines]
        if any(len(t) != 7 for t in lines):
            return False
        good = sum(all(x.isdigit() for x in t) and sum(map(int, t[:6])) == int(t[6]) for t in lines)
        return good >= 0.9 * len(lines)

    def result(self) -> Result:
        result = Result(self.generation)
        result.warnings += self.warnings
        columns = tuple(c.id for c in self.form.columns)
        hard = {row: line for row, line in self.assigned.items() if line.row}
        placed = place(
            self.source,
            {row: (line.row, line.label_at) for row, line in hard.items() if line.row},
            self._header(),
            7,
            self.subtotal,
        )
        known: dict[str, Placed] = {
            row: open_beside_lone(done) if self._lone(hard[row]) else done for row, done in placed.items()
        }
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
            note: str | None = None
            if row in known:
                values, note = known[row].values, known[row].note
            elif row in parted.values:
                values = parted.values[row]
            else:
                values, note = [LOST] * len(columns), self.notes.get(row, "row not found")
            notes = "; ".join(n for n in (owner.note if owner else None, note) if n)
            result.cells += make_cells(self.form, row, columns, values, notes or None)
        used = list(self.lines)
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
                    first.row is not None and part.block == first.row.block and not other_table(part)
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
        for _, start, end in line.tokens:
            values.append(self.source.value(self.source.cell(line.scan, line.run.start + start, line.run.start + end)))
        if self.subtotal:
            del values[6]
        inside = line.tokens[-1][2] <= len(line.run.text)  # else the run is one column of several
        breaks = line.run.text[line.tokens[0][1] : line.tokens[-1][2]].count("\n")
        if inside and 0 < breaks < width - 1 and sum(v.value or 0 for v in values[:-1]) != (values[-1].value or 0):
            # A number of another line (a page's) may stand in for one that is missing.
            seen = " ".join(token for token, _, _ in line.tokens)
            return Placed([LOST] * 7, f"numbers on several lines that do not add up: {seen}")
        return Placed(values, None, spaced=True)

    def _lone(self, line: Line) -> bool:
        """Whether a number of its own stands in the row or line right above."""
        above = self.source.parts[line.part - 1] if line.part else None
        if isinstance(above, Row):
            return len(above.filled) == 1 and _is_value(above.cells[above.filled[0]].text)
        return above is not None and _is_value(above.free.view.text.strip())

    def _header(self) -> list[Row]:
        """Rows above the first line that name columns."""
        first = self.lines[0].part
        return [p for p in self.source.parts[max(0, first - 6) : first + 40] if isinstance(p, Row)]


def _is_value(text: str) -> bool:
    return text.isdigit() or text in blank_words()


def _neighbour(line: Line, missing: list[str]) -> str | None:
    """The row whose label stands next to a line's numbers: before them, or behind where a group's label stands before."""
    before, after = (line.run.before, line.run.after) if line.run else (None, None)
    if before is not None and before.kind == "group" and before.table == "requests":
        return after.id if after and line.run and line.run.leads and after.id in missing else None
    return line.loose[-1] if len(line.loose) == 1 and line.loose[-1] in missing else None


def _increasing(places: list[int | None], scores: list[float]) -> set[int]:
    """The heaviest set of lines whose rows stand in the form's order."""
    told = [i for i, p in enumerate(places) if p is not None]
    if all((places[i] or 0) < (places[j] or 0) for i, j in pairwise(told)) and all(scores[i] > 0 for i in told):
        return set(told)
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
