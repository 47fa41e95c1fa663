"""Table ``proactive``: small tables under each other, one row a kind of document or act."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from gia_nlp.records import GluedRun
from gia_nlp.structure.tables.freetext import TOKEN, Run, Scan
from gia_nlp.structure.tables.glue import MOST_LISTED, fragments
from gia_nlp.structure.tables.labels import best, label_key
from gia_nlp.structure.tables.lines import is_number_like
from gia_nlp.structure.tables.reading import Result, Source
from gia_nlp.structure.tables.rows import Piece, Row
from gia_nlp.structure.tables.solver import LIMIT, agreed, free_readings, number
from gia_nlp.structure.tables.values import LOST, Value, make_cell
from gia_nlp.vocabulary.forms import Form, Label, letters, proactive_form

_FAR = 500
_LEAST_ROWS = 3
_UNIT = re.compile(r"单位[:：]?\s*(万元|元|亿元)")
_SIGNED = re.compile(r"(?:[-+]|增加?|减少?)?\d[\d,]*(?:\.\d+)?")


@dataclass(slots=True)
class Line:
    """A row of the table with the header above it."""

    row: str
    start: int
    end: int
    part: int
    cells: list[Piece] | None = None
    header: dict[str, int] | None = None  # column id -> place counted from the label
    header_width: int = 0
    run: Run | None = None
    scan: Scan | None = None
    unit: str | None = None
    source: str = ""


def read_proactive(source: Source, sibling: str | None = None) -> Result | None:
    """Reads the table; ``None`` when the document has none."""
    lines, columns, heads = _lines(source)
    groups = _instances(lines, heads)
    groups = [g for g in groups if len({line.row for line in g}) >= _LEAST_ROWS]
    if not groups:
        return None
    sizes = [len({line.row for line in g}) for g in groups]
    chosen = next(g for g, n in zip(groups, sizes, strict=True) if n >= 0.9 * max(sizes))
    generation = _generation(chosen, columns, sibling)
    result = _read(source, chosen, proactive_form(generation), heads)
    for group in groups:
        if group is not chosen:
            result.spans.append((group[0].start, group[-1].end))
            result.rows |= {line.part for line in group}
            result.warn(
                "proactive", f"another table of this kind at {group[0].start}-{group[-1].end} is not in the cells"
            )
    return result


def _rows() -> tuple[Label, ...]:
    old = proactive_form("2019").rows
    return tuple(old)


def _columns() -> tuple[Label, ...]:
    seen = {c.id: c for c in (*proactive_form("2021").columns, *proactive_form("2019").columns)}
    return tuple(seen.values())


def _lines(source: Source) -> tuple[list[Line], list[tuple[int, str]], list[tuple[int, int]]]:
    """Rows, named columns with their places, and spans of header words."""
    lines: list[Line] = []
    columns: list[tuple[int, str]] = []
    heads: list[tuple[int, int]] = []
    header: dict[str, int] = {}
    width, unit, block = 0, None, -1
    for number_, part in enumerate(source.parts):
        if isinstance(part, Row):
            if part.block != block:
                header, width, block = {}, 0, part.block
            text = "".join(p.text for p in part.cells)
            key = letters(text)
            if key.startswith(("第二十条", "信息内容")) or any(
                c in key
                for c in (
                    "本年制发件数",
                    "本年新制作数量",
                    "处理决定数量",
                    "本年收费金额",
                    "上一年项目数量",
                    "采购项目数量",
                )
            ):
                heads.append((part.start, part.end))
                unit = m.group(1) if (m := _UNIT.search(text)) else unit
                found = _header(part)
                if found:
                    header, width = found, len(part.cells)
                    columns += [(part.start, c) for c in found]
                continue
            line = _row_line(part, number_)
            if line:
                line.header, line.header_width, line.unit = dict(header), width, unit
                lines.append(line)
            continue
        view = part.free.view
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


def _header(row: Row) -> dict[str, int]:
    """Places of the named columns, counted from the first cell with words."""
    first = next((i for i, p in enumerate(row.cells) if p.text), 0)
    found: dict[str, int] = {}
    for i, piece in enumerate(row.cells):
        match = best(label_key(re.sub(r"[（(].*", "", piece.text)), _columns(), 0.75) if piece.text else None
        if match:
            found.setdefault(match[0], i - first)
    return found


def _row_line(row: Row, part: int) -> Line | None:
    for i, piece in enumerate(row.cells):
        if not piece.text:
            continue
        joined = re.fullmatch(r"(\D*[\u4e00-\u9fff（）()])\s+(-?\d[\d,.]*)", piece.text)
        text = joined.group(1) if joined else piece.text
        if is_number_like(text):
            return None
        found = best(label_key(text), _rows(), 0.7)
        if not found:
            # A merged group label may stand before the row's own.
            if i + 1 < len(row.cells) and i < 2 and len(letters(text)) <= 30:
                continue
            return None
        cells = list(row.cells[i + 1 :])
        if joined and piece.start is not None:
            offset = piece.text.rindex(joined.group(2))
            start = (piece.end or 0) - len(joined.group(2))
            del offset
            cells.insert(0, Piece(joined.group(2), start, piece.end, piece.column))
        if not any(p.text for p in cells) and not cells:
            return None
        if any(p.text and not is_number_like(p.text) for p in cells[:4]):
            return None
        return Line(found[0], row.start, row.end, part, cells, source=row.source)
    return None


def _free_lines(scan: Scan, part: int, unit: str | None) -> list[Line]:
    found: list[Line] = []
    text = scan.free.view.text
    for run in scan.runs:
        hit = run.before
        if hit is None or not run.attached or hit.table != "proactive" or hit.kind != "row":
            continue
        if run.unit and not _ends_cell(text, run):
            continue
        if hit.id == "regulations" and not _opens(text, hit.start):
            continue
        start, end = scan.free.view.span(run.start, run.end)
        found.append(Line(hit.id, start, end, part, None, None, 0, run, scan, unit, "free"))
    return found


def _ends_cell(text: str, run: Run) -> bool:
    """Whether a unit behind a number ends a cell rather than going on with a sentence."""
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


def _instances(lines: list[Line], heads: list[tuple[int, int]]) -> list[list[Line]]:
    """Rows parted into tables: far apart, or a row again."""
    order = [r.id for r in _rows()]
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


def _generation(lines: list[Line], columns: list[tuple[int, str]], sibling: str | None) -> str:
    votes: Counter[str] = Counter()
    new = {c.id for c in proactive_form("2021").columns if c.only}
    old = {c.id for c in proactive_form("2019").columns if c.only}
    start, end = lines[0].start - 600, lines[-1].end
    for at, column in columns:
        if start <= at <= end:
            votes["2021"] += 2 * (column in new)
            votes["2019"] += 2 * (column in old)
    for line in lines:
        votes["2019"] += line.row in ("other_services", "procurement")
        if line.cells is not None and line.row in ("licensing", "punishment", "coercion"):
            filled = sum(bool(p.text) for p in line.cells)
            votes["2019"] += filled == 3
            votes["2021"] += filled == 1
        if line.run is not None and line.row in ("licensing", "punishment", "coercion") and len(line.run.tokens) == 3:
            votes["2019"] += 1
    if votes["2019"] == votes["2021"]:
        return sibling or "2021"
    return "2019" if votes["2019"] > votes["2021"] else "2021"


def _read(source: Source, lines: list[Line], form: Form, heads: list[tuple[int, int]]) -> Result:
    result = Result(form.generation)
    by_row: dict[str, Line] = {}
    for line in lines:
        if line.row in form.cells:
            by_row.setdefault(line.row, line)
        else:
            result.warn("proactive", f"row {line.row} at {line.start} is not in the form of {form.generation}")
    for row in (r.id for r in form.rows):
        columns = form.cells[row]
        line_ = by_row.get(row)
        if line_ is None:
            values = [LOST] * len(columns)
            note: str | None = "row not found"
        elif line_.cells is not None:
            values, note = _placed(source, line_, form)
        else:
            values, note, runs = _parted(source, line_, form)
            result.glued += runs
        for value, column in zip(values, columns, strict=True):
            if (
                column == "amount"
                and row == "fees"
                and value.value is not None
                and value.unit is None
                and line_
                and line_.unit
            ):
                value = replace(value, unit=line_.unit)
            result.cells.append(make_cell(form, row, column, value, note))
    start, end = lines[0].start, lines[-1].end
    near = [h for h in heads if start - 400 <= h[0] <= end]
    result.spans.append((min([start, *(h[0] for h in near)]), max([end, *(h[1] for h in near)])))
    result.rows |= {line.part for line in lines}
    return result


def _placed(source: Source, line: Line, form: Form) -> tuple[list[Value], str | None]:
    """Cells behind borders: by the header's places, else by count."""
    assert line.cells is not None
    columns = form.cells[line.row]
    label = form.rows[form.row_index(line.row)].cores[-1]
    cells = [c for c in line.cells if not c.covered]
    filled = [i for i, c in enumerate(cells) if c.text]
    seen = " | ".join(c.text for c in cells if c.text)
    header = line.header or {}
    if line.source == "pipe" and filled and len(filled) < len(columns) and len(cells) + 1 < line.header_width:
        return [LOST] * len(columns), f"{len(filled)} cells for {len(columns)} columns: {seen}"[:300]
    if all(c in header for c in columns) and header and len(line.cells) + 1 >= max(header[c] for c in columns) + 1:
        places = [header[c] - 1 for c in columns]
        aligned = line.source in ("grid", "tab") or list(header) == list(columns)
        if (
            aligned
            and places == list(range(len(columns)))
            and all(i in places for i in filled)
            and len(cells) >= len(columns)
        ):
            return [source.value(cells[i], label) for i in places], None
    if not filled:
        return [source.value(cells[i]) if i < len(cells) else Value(None, "empty") for i in range(len(columns))], None
    if len(filled) == len(columns):
        note = None if filled == list(range(filled[0], filled[0] + len(filled))) else "blank cells between the numbers"
        return [source.value(cells[i], label) for i in filled], note
    if len(filled) < len(columns) <= len(cells) and line.source != "grid" and len(cells) == len(columns):
        return [source.value(cells[i], label) for i in range(len(columns))], None
    return [LOST] * len(columns), f"{len(filled)} cells for {len(columns)} columns: {seen}"[:300]


def _parted(source: Source, line: Line, form: Form) -> tuple[list[Value], str | None, list[GluedRun]]:
    """Cells of free text: one number a column where blanks part them, else every reading."""
    assert line.run is not None and line.scan is not None
    columns = form.cells[line.row]
    run, width = line.run, len(columns)
    tokens = [(m.group(), m.start(), m.end()) for m in TOKEN.finditer(run.text)]
    if len(tokens) > width and "\n" in run.text:
        # What stands on further lines belongs to no cell of this row.
        first = run.text.index("\n")
        if sum(t[1] < first for t in tokens) == width:
            tokens = [t for t in tokens if t[1] < first]
    if len(tokens) == width:
        values = []
        for k, (token, a, b) in enumerate(tokens):
            start, end = source.span(line.scan, run.start + a, run.start + b)
            if k == width - 1 and run.unit and b == len(run.text):
                place = line.scan.free.view.text.index(run.unit, run.end)
                end = source.span(line.scan, run.start, place + len(run.unit))[1]
                token = line.scan.free.view.text[run.start + a : place + len(run.unit)]
            values.append(source.value(Piece(token, start, end, k)))
        return values, None, []
    start, end = line.start, line.end
    if run.unit:
        end = source.span(line.scan, run.start, line.scan.free.view.text.index(run.unit, run.end) + len(run.unit))[1]
    raw = source.text[start:end]
    digits, borders = fragments(run.text)
    readings = free_readings(digits, width, borders) or free_readings(digits, width)
    if width == 1 and len(tokens) > 1:
        value = Value(None, "ambiguous", raw, None, f"blanks between the digits: {raw}", start, end)
        return [value], None, []
    if len(digits.replace(".", "")) < width or not readings:
        note = f"{len(tokens)} numbers for {width} columns: {raw}"
        return [Value(None, "lost", raw, None, note, start, end)] * width, None, []
    fixed = agreed(readings)
    values = []
    for i in range(width):
        unit = run.unit if i == width - 1 else None
        options = list(dict.fromkeys(r[i] for r in readings))
        if fixed[i]:
            found = number(options[0])
            values.append(
                Value(
                    found,
                    "zero" if found == 0 else "number",
                    raw,
                    unit,
                    f"glued digits {raw}, only one reading",
                    start,
                    end,
                )
            )
        else:
            listed = ", ".join(str(o) for o in options[:8])
            values.append(Value(None, "ambiguous", raw, unit, f"glued digits {raw}: may be {listed}", start, end))
    if len(readings) == 1:
        return values, None, []
    keys = tuple(f"{line.row}.{c}" for c in columns)
    kept = tuple(readings[:MOST_LISTED])
    glued = GluedRun(form.generation, form.table, keys, raw, start, end, kept, len(readings) > min(MOST_LISTED, LIMIT))
    return values, None, [glued]
