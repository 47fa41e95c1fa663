"""Candidate rows of table ``proactive``: numbers with the label and the header that stand with them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gia_nlp.structure.tables.freetext import Scan
from gia_nlp.structure.tables.hits import Hit
from gia_nlp.structure.tables.labels import Choice, is_number_like, label_key
from gia_nlp.structure.tables.masks import REMARK
from gia_nlp.structure.tables.reading import Source
from gia_nlp.structure.tables.rows import Piece, Row, of_head
from gia_nlp.structure.tables.runs import Run
from gia_nlp.vocabulary.active import per_vocabulary
from gia_nlp.vocabulary.forms import letters, proactive_form

_FAR = 500
_SURE = 0.75
_SLIP = 0.66  # a score that a label of four characters has with one of them misread
_LINE_END = re.compile(r"[ ]{0,20}(?:\n|\Z)")
_GOES_ON = re.compile(r"[,，] {0,2}\d")  # 5,6 0 9件: a number of the prose that blanks tore
_LABEL_AND_NUMBER = re.compile(r"(\D*[\u4e00-\u9fff（）()])\s+(-?\d[\d,.]*)")
_UNIT = re.compile(r"单位[:：]?\s*(万元|元|亿元)")


@dataclass(slots=True)
class Line:
    """A row of the table with the header above it."""

    row: str
    start: int
    end: int
    part: int
    cells: list[Piece] | None = None
    places: tuple[str | None, ...] = ()  # the column above each cell behind the label
    lone: bool = False  # a number of its own stands in the row above or below
    run: Run | None = None
    scan: Scan | None = None
    unit: str | None = None
    source: str = ""
    note: str | None = None
    slip: bool = False  # the label is misprinted
    doubtful: bool = False  # nobody can tell whether the label's numbers stand before or behind it


@per_vocabulary
def _rows() -> Choice:
    return Choice(proactive_form("2019").rows)


@per_vocabulary
def _columns() -> Choice:
    seen = {c.id: c for c in (*proactive_form("2021").columns, *proactive_form("2019").columns)}
    return Choice(seen.values())


_HEAD = re.compile("本年制发件数|本年新制作数量|处理决定数量|本年收费金额|上一年项目数量|采购项目数量")


def find_lines(source: Source) -> tuple[list[Line], list[tuple[int, str]], list[tuple[int, int]]]:
    """Rows, named columns with their places, and spans of header words."""
    lines: list[Line] = []
    columns: list[tuple[int, str]] = []
    heads: list[tuple[int, int]] = []
    places: tuple[str | None, ...] = ()
    unit, grid, lone = None, -1, -1
    for number_, part in enumerate(source.parts):
        if isinstance(part, Row):
            if part.source == "grid" and part.block != grid:
                places, grid = (), part.block
            key, is_head = _head_words(part)
            if is_head:
                text = "".join(p.text for p in part.cells)
                heads.append((part.start, part.end))
                unit = m.group(1) if (m := _UNIT.search(text)) else unit
                found = _header(part)
                if any(found):
                    places = found
                    columns += [(part.start, c) for c in dict.fromkeys(found) if c]
                continue
            if not key and len(part.filled) <= 1:
                lone = number_
                if lines and lines[-1].part == number_ - 1:
                    lines[-1].lone = True
                continue
            line = _row_line(part, number_)
            if line:
                line.places, line.unit, line.lone = places, unit, lone == number_ - 1
                lines.append(line)
            continue
        view = part.free.view
        stray = source.text[part.free.start : part.free.end].strip()
        if not stray or stray.isdigit():
            lone = number_  # an empty line in a table may be a torn blank cell
        if letters(view.text):
            places = ()  # more than a page's mark stands between
        for hit in part.hits:
            if hit.table == "proactive" and hit.kind in ("header", "column"):
                span = view.span(hit.start, hit.end)
                heads.append(span)
                if hit.kind == "column":
                    columns.append((span[0], hit.id))
        if m := _UNIT.search(view.text):
            unit = m.group(1)
        lines += _free_lines(part, number_, unit)
    return lines, columns, heads


@of_head
def _head_words(head: tuple[str, ...]) -> tuple[str, bool]:
    """The letters of a row's cells, and whether they are a header's."""
    key = "".join([letters(text) for text in head])
    return key, key.startswith(("第二十条", "信息内容")) or bool(_HEAD.search(key))


def _header(row: Row) -> tuple[str | None, ...]:
    """The columns named behind the first cell with words, one a cell, ``None`` for a cell without a name."""
    first = next((i for i, p in enumerate(row.cells) if p.text), 0)
    keys = [label_key(re.sub(r"[（(].*", "", piece.text)) for piece in row.cells[first + 1 :]]
    matches = [_columns().best(key, _SLIP) if key else None for key in keys]
    least = _SLIP if any(m and m[1] >= _SURE for m in matches) else _SURE  # a slip beside a column that is sure
    return tuple(m[0] if m and m[1] >= least else None for m in matches)


@of_head
def _labelled(head: tuple[str, ...]) -> tuple[int, str, str, str, bool] | None:
    """The place of a row's label, its id, its words, the number that shares its cell, and whether it is misprinted."""
    labels = _rows()
    for i, content in enumerate(head):
        if not content:
            continue
        joined = _LABEL_AND_NUMBER.fullmatch(content)
        text = joined.group(1) if joined else content
        if is_number_like(text):
            return None
        if found := labels.best(label_key(text), _SLIP):
            return i, found[0], text, joined.group(2) if joined else "", found[1] < 0.7
        if i >= 2 or len(letters(text)) > 30:
            return None  # else a merged group label may stand before the row's own
    return None


def _row_line(row: Row, part: int) -> Line | None:
    found = _labelled(row)
    if not found:
        return None
    i, id, text, number, slip = found
    piece, cells = row.cells[i], list(row.cells[i + 1 :])
    if number and piece.start is not None:
        cells.insert(0, Piece(number, (piece.end or 0) - len(number), piece.end, piece.column))
    elif not cells:
        return None
    if any(i < k <= i + 4 - (len(cells) - len(row.cells) + i + 1) for k in row.words):
        return None
    note = f"label printed as {text}" if slip else None
    return Line(id, row.start, row.end, part, cells, source=row.source, note=note, slip=slip)


def _free_lines(scan: Scan, part: int, unit: str | None) -> list[Line]:
    text = scan.free.view.text
    behind: dict[int, Run] = {}  # the first run behind each label
    ahead: dict[int, Run] = {}  # the last one before it
    for run in scan.runs:
        follows = run.before is not None and is_row(text, run.before) and run.attached
        leads = run.leads and run.after is not None and is_row(text, run.after)
        if (follows or leads) and (not run.unit or _ends_cell(text, run)) and not _GOES_ON.match(text, run.end):
            if follows and run.before:
                behind.setdefault(run.before.start, run)
            if leads and run.after:
                ahead[run.after.start] = run
    # A label and its numbers stand on one line; only where a line holds more or less than a row does their order decide.
    votes = [sum(1 + _same_line(text, at, r) for at, r in way.items()) for way in (behind, ahead)]
    if votes[0] == votes[1] and votes[0]:
        # Where each run stands between two labels, the way of the other tables of this text tells.
        other = [r for r in scan.runs if r.before and r.after and "requests" in (r.before.table, r.after.table)]
        votes[0] += sum(r.attached and r.same_line and r.before.kind == "row" for r in other if r.before)
        votes[1] += sum(r.leads and r.after.kind == "row" for r in other if r.after)
    found: list[Line] = []
    for at, run in sorted((ahead if votes[1] > votes[0] else behind).items()):
        hit = run.after if votes[1] > votes[0] else run.before
        assert hit is not None and hit.start == at
        start, end = scan.free.view.span(run.start, run.end)
        line = Line(hit.id, start, end, part, run=run, scan=scan, unit=unit, source="free")
        line.doubtful = votes[0] == votes[1]
        line.note = "numbers printed before their label" if votes[1] > votes[0] else None
        words = letters(text[hit.start : hit.end])
        if hit.label and not any(core in words for core in hit.label.cores):
            line.slip, line.note = True, "; ".join(filter(None, (line.note, f"label printed as {words}")))
        found.append(line)
    return found


def is_row(text: str, hit: Hit) -> bool:
    """Whether a label names a row of this table."""
    return hit.table == "proactive" and hit.kind == "row" and (hit.id != "regulations" or _opens(text, hit.start))


def _same_line(text: str, at: int, run: Run) -> bool:
    return "\n" not in (text[run.end : at] if run.end <= at else text[at : run.start])


def _ends_cell(text: str, run: Run) -> bool:
    """Whether a unit behind a number ends a cell rather than going on with a sentence."""
    words = REMARK.match(text, run.end)
    if words and run.before and run.attached and run.same_line and _LINE_END.match(text, words.end()):
        start = run.before.start
        if not text[max(0, start - 20) : start].rpartition("\n")[2].strip():
            return True  # 行政强制 45件；其他81件, alone on its line
    rest = text[run.end : run.end + 8].lstrip()
    rest = rest[len(run.unit or "") :]
    if not rest or rest[0] in "\n ":
        return True
    follows = run.after is not None and run.after.lead - run.end <= 4 and run.after.table == "proactive"
    return (follows and rest[0] not in "，、。；,;") or bool(re.match(r"[一二三四五六七八九十]、", rest))


def _opens(text: str, at: int) -> bool:
    """规章 as a row, not inside 规章制度 or 部门规章: what stands before it ends a cell."""
    before = text[:at].rstrip()[-2:]
    return not before or before[-1] in "数量）)项0123456789。|" or "\n" in text[max(0, at - 2) : at]


def instances(lines: list[Line], heads: list[tuple[int, int]]) -> list[list[Line]]:
    """Rows parted into tables: far apart, or a row again."""
    order = [r.id for r in proactive_form("2019").rows]
    groups: list[list[Line]] = []
    for line in sorted(lines, key=lambda x: x.start):
        last = groups[-1][-1] if groups else None
        again = (
            last is not None
            and order.index(line.row) <= order.index(last.row)
            and any(x.row == line.row for x in groups[-1])
        )
        far = (
            last is not None and line.start - last.end > _FAR and not any(last.end <= h[0] < line.start for h in heads)
        )
        if last is None or far or again:
            groups.append([])
        groups[-1].append(line)
    return groups
