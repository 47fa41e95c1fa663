"""Table ``proactive``: small tables under each other, one row a kind of document or act."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from gia_nlp.records import GluedRun
from gia_nlp.structure.tables.freetext import TOKEN
from gia_nlp.structure.tables.glue import MOST_LISTED, fragments
from gia_nlp.structure.tables.proactive_lines import Line, find_lines, instances
from gia_nlp.structure.tables.reading import Result, Source
from gia_nlp.structure.tables.rows import Piece
from gia_nlp.structure.tables.solver import LIMIT, agreed, free_readings, number
from gia_nlp.structure.tables.values import LOST, Value, make_cell
from gia_nlp.vocabulary.forms import Form, proactive_form

_LEAST_ROWS = 3


def read_proactive(source: Source, sibling: str | None = None) -> Result | None:
    """Reads the table; ``None`` when the document has none."""
    lines, columns, heads = find_lines(source)
    groups = instances(lines, heads)
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
