"""Candidate rows of table ``requests``: numbers with the label that stands with them, wherever in the document."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from itertools import pairwise

from gia_nlp.structure.tables.bordered import gapped, is_group, match_label, other_table, unglued
from gia_nlp.structure.tables.columnmajor import column_major
from gia_nlp.structure.tables.freetext import Scan
from gia_nlp.structure.tables.labels import Choice, label_key
from gia_nlp.structure.tables.lookalikes import similarity
from gia_nlp.structure.tables.masks import TOKEN
from gia_nlp.structure.tables.reading import Source
from gia_nlp.structure.tables.rows import Piece, Row, of_head
from gia_nlp.structure.tables.runs import Run
from gia_nlp.vocabulary.active import per_vocabulary
from gia_nlp.vocabulary.forms import Form, letters, requests_form, subtotal_words

_DIGIT = re.compile(r"\d")
_MOST = 150  # candidate rows that one table can have
_FEW = 0.6  # the score of a label beside fewer digits than columns, which may be a sentence's count
_FAR = 700  # characters without any row between two rows of one table


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
    loose: list[str] = field(default_factory=list)  # labels without numbers since the line before
    following: list[str] = field(default_factory=list)  # labels up to the next line's numbers
    part: int = -1
    note: str | None = None
    ahead: str | None = None  # the label that goes on the line that the numbers open
    blank: bool = False  # a row of blank cells, which is a row only where the table's order asks for one


def has_subtotal(source: Source) -> bool:
    words = subtotal_words()
    for part in source.parts:
        if isinstance(part, Row):
            if _names_subtotal(part) and len(part.other) == len(part.filled):
                return True
        else:
            text = part.free.view.text
            for hit in part.hits if any(w in text for w in words) else ():
                if (
                    hit.table == "requests"
                    and hit.kind in ("column", "row")
                    and any(w in text[hit.end : hit.end + 8] for w in words)
                ):
                    return True
    return False


@of_head
def _names_subtotal(head: tuple[str, ...]) -> bool:
    return any(label_key(text) in subtotal_words() for text in head)


def find_lines(source: Source, width: int) -> list[Line]:
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
            line.part = number
            if line.blank:
                found.append(line)
                continue
            line.loose, loose = loose, []
            if found and _goes_on(found[-1], line):
                line.label, line.score, line.note = found.pop().label, 1.0, "label over two rows"
            found.append(line)
    for line, behind in pairwise([line for line in found if not line.blank]):
        line.following = [*behind.loose, *([behind.label] if behind.label else [])]
    if whole := [line for line in found if not line.blank]:
        whole[-1].following = loose
    return found if whole else []


def _words(row: Row) -> str:
    return label_key(row.cells[row.words[-1]].text) if row.words else ""


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


@per_vocabulary
def _labels() -> Choice:
    return Choice(_all_rows().rows)


@of_head
def _last_label(head: tuple[str, ...]) -> tuple[str, float] | None:
    """The row that the last words of a row without numbers mean."""
    return _labels().best(label_key(next(text for text in reversed(head) if letters(text))))


def _row_line(row: Row, width: int) -> list[Line | str]:
    row = unglued(row)
    id, score, at = match_label(row)
    filled = row.filled[bisect_right(row.filled, at) :]
    if id is None:
        if row.words:
            few = len(filled) < width - 1 or sum(bool(_DIGIT.search(row.cells[i].text)) for i in filled) < width - 1
            last = row.words[-1]
            if last + 1 + width < len(row.cells) and not row.cells[last + 1].text and is_group(row.cells[last].text):
                last += 1  # the cell of the leaf whose label is lost
            pieces = list(row.cells[last + 1 :])
            if other_table(row) or (few and not gapped(row, last, pieces, width)):
                known = _last_label(row)
                return [known[0]] if known else []
            return [Line(row.start, row.end, None, 0.0, row, last, pieces, blank=not any(p.text for p in pieces))]
        if not width - 2 <= len(filled) <= width + 1 and not gapped(row, -1, list(row.cells), width):
            return []
        return [Line(row.start, row.end, None, 0.0, row, -1, list(row.cells), blank=not filled)]
    if row.words[-1] > at:
        return []
    if len(filled) < 2:
        values = sum(not p.covered or bool(p.text) for p in row.cells[at + 1 :])
        if not filled and values < width:
            return [id]
        if id in ("other.other", "processed", "other") and values < width - 1:
            return []
    return [Line(row.start, row.end, id, score, row, at, list(row.cells[at + 1 :]))]


def _row_id(run: Run) -> str | None:
    hit = run.before
    if hit is None or hit.table != "requests":
        return None
    if hit.kind == "row":
        return hit.id
    return "other" if hit.id == "其他处理" else None


def _free_lines(scan: Scan, width: int) -> list[Line | str]:
    found: list[tuple[int, Line | str]] = []
    headers, foreign = _header_hits(scan), _foreign_hits(scan)
    used: set[int] = set()
    for run in scan.runs:
        if run.unit:
            continue
        label, hit = None, run.before
        if hit is not None:
            outside = (hit.table == "proactive" and hit.kind == "row") or (not run.leads and hit.start in foreign)
            if outside and run.attached:
                continue
            named = _row_id(run) if hit.start not in headers else None
            label = named if named and run.attached else None
        weak = label in ("other.other", "processed", "other")
        ahead = _ahead(scan, run)
        alone = (label is None or weak or not run.same_line or run.own_line) and ahead is None
        if alone and len(run.text) < width:
            continue  # a count of the prose, as most
        tokens = [(m.group(), m.start(), m.end()) for m in TOKEN.finditer(run.text)]
        digits = sum(c.isdigit() for c in run.text)
        if digits + sum(not t[0][0].isdigit() for t in tokens) < width and len(tokens) < width:
            if alone:
                continue
        elif label is None and len(tokens) % width and digits < width:
            continue
        chunks = _chunks(run, tokens, width)
        if len(chunks) == 1 and label is None and len(chunks[0]) != width and not run.leads:
            continue
        names: list[str | None] = [label] + [None] * (len(chunks) - 1)
        listed = _listed(scan, run, headers) if len(chunks) > 1 else []
        if len(listed) == len(chunks):
            names = [*listed]
        elif len(listed) > 1 or len(chunks) > 20:
            names = [None] * len(chunks)
        for k, chunk in enumerate(chunks):
            start, end = scan.free.view.span(run.start + chunk[0][1], run.start + chunk[-1][2])
            line = Line(
                start,
                end,
                names[k],
                0.0 if not names[k] else 1.0 if digits >= width or len(chunk) >= width else _FEW,
                None,
                -1,
                [],
                run,
                scan,
                chunk,
                ahead=ahead if len(chunks) == 1 else None,
            )
            found.append((run.start + chunk[0][1], line))
        if label and run.before:
            used.add(run.before.start)
    for hit in scan.hits:
        own = hit.table == "requests" and hit.kind == "row" and not (hit.label and hit.label.weak)
        if own and hit.start not in used and hit.start not in headers:
            found.append((hit.start, hit.id))
    return [item for _, item in sorted(found, key=lambda f: f[0])]


def _ahead(scan: Scan, run: Run) -> str | None:
    """The row label behind the numbers that open a line."""
    if not run.leads or run.after is None or run.after.table != "requests" or run.after.kind != "row":
        return None
    text = scan.free.view.text
    line_start = text.rfind("\n", max(0, run.start - 40), run.start) + 1
    opens = (line_start > 0 or run.start < 40) and not text[line_start : run.start].strip("\x00 ")
    return run.after.id if opens and "\n" not in text[run.end : run.after.start] else None


def _chunks(run: Run, tokens: list[tuple[str, int, int]], width: int) -> list[list[tuple[str, int, int]]]:
    """The rows of a run: its lines where most are full rows (numbers alone on a line left out), else equal parts."""
    lines: list[list[tuple[str, int, int]]] = [[]]
    at = 0
    for token in tokens:
        if "\n" in run.text[at : token[1]] and lines[-1]:
            lines.append([])
        lines[-1].append(token)
        at = token[2]
    full = sum(len(line) == width for line in lines)
    if len(lines) > 1 and 2 * full >= len(lines):
        return [line for line in lines if len(line) > 1]
    if len(tokens) > width and len(tokens) % width == 0:
        return [tokens[i : i + width] for i in range(0, len(tokens), width)]
    return [tokens]


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
            near = bisect_left(numbers, before.end) == bisect_left(numbers, hit.start) and hit.start - before.end < 40
            if near and (before.kind in ("column", "header") or before.start in headers):
                headers.add(hit.start)
        before = hit
    return headers


def _foreign_hits(scan: Scan) -> set[int]:
    """Words of table four, and 总计 and 其他 among them."""
    found: set[int] = set()
    before = -1
    for hit in scan.hits:
        weak = hit.table == "requests" and hit.label is not None and hit.label.weak and not hit.numbered
        if hit.table == "review_litigation" or (weak and before >= 0 and hit.start - before < 40):
            found.add(hit.start)
            before = hit.end
        else:
            before = -1
    return found


def instances(lines: list[Line]) -> list[list[Line]]:
    """Candidate rows parted into tables: far apart, or the first row again."""
    order = {r.id: i for i, r in enumerate(_all_rows().rows)}
    order["other"] = order["other.not_corrected"]
    tables: list[list[Line]] = []
    top = -1
    for line in lines:
        place_ = order.get(line.label or "", -1)
        restart = bool(tables) and 0 <= place_ <= 2 and top >= 10
        if not tables or line.start - tables[-1][-1].end > _FAR or restart or len(tables[-1]) >= _MOST:
            tables.append([])
            top = -1
        tables[-1].append(line)
        top = max(top, place_)
    return tables
