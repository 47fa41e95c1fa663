"""Table ``proactive``: small tables under each other, one row a kind of document or act."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import replace

from gia_nlp.records import GluedRun
from gia_nlp.structure.tables.freetext import is_loose
from gia_nlp.structure.tables.glue import MOST_LISTED, fragments
from gia_nlp.structure.tables.hits import Hit
from gia_nlp.structure.tables.masks import SIGNED_TOKEN
from gia_nlp.structure.tables.proactive_lines import Line, find_lines, instances, is_row
from gia_nlp.structure.tables.reading import Result, Source, leaves_blanks
from gia_nlp.structure.tables.rows import Piece
from gia_nlp.structure.tables.solver import LIMIT, agreed, free_readings, number
from gia_nlp.structure.tables.values import LOST, Value, make_cells
from gia_nlp.vocabulary.forms import Form, proactive_form

_LEAST_ROWS = 3
_SENTENCE = re.compile("[。；！？]")
_FRAME = 300  # characters of a table's labels before and behind its only numbers


def read_proactive(source: Source, sibling: str | None = None) -> Result | None:
    """Reads the table; ``None`` when the document has none."""
    lines, columns, heads = find_lines(source)
    heads.sort()
    groups = instances(lines, heads)
    groups = [g for g in groups if len({line.row for line in g}) >= _LEAST_ROWS or _mostly_blank(source, g, heads)]
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
        if line.row not in form.cells:
            result.warn("proactive", f"row {line.row} at {line.start} is not in the form of {form.generation}")
        elif line.row not in by_row or _rank(line, form) > _rank(by_row[line.row], form):
            by_row[line.row] = line
    blanks = _leaves_blanks(source, list(by_row.values()), form) or leaves_blanks(source)
    spaced = any(
        len(x.run.tokens) == len(form.cells[x.row]) > 1
        for x in by_row.values()
        if x.run and x.scan and not is_loose(x.scan)
    )
    for row in (r.id for r in form.rows):
        columns = form.cells[row]
        line_ = by_row.get(row)
        if line_ is None:
            values = [LOST] * len(columns)
            note: str | None = "row not found"
        elif line_.cells is not None:
            values, note = _placed(source, line_, form, blanks)
        else:
            values, note, runs = _parted(source, line_, form, blanks, spaced)
            result.glued += runs
        note = "; ".join(n for n in (line_.note if line_ else None, note) if n) or None
        if row == "fees" and line_ and line_.unit:
            values = [
                replace(v, unit=line_.unit) if c == "amount" and v.value is not None and v.unit is None else v
                for v, c in zip(values, columns, strict=True)
            ]
        result.cells += make_cells(form, row, columns, values, note)
    start, end = lines[0].start, lines[-1].end
    near = [h for h in heads if start - 400 <= h[0] <= end]
    result.spans.append((min([start, *(h[0] for h in near)]), max([end, *(h[1] for h in near)])))
    result.rows |= {line.part for line in lines}
    return result


def _mostly_blank(source: Source, lines: list[Line], heads: list[tuple[int, int]]) -> bool:
    """Whether few rows with numbers stand among the labels and header words of the whole table."""
    start, end = lines[0].start - _FRAME, lines[-1].end + _FRAME
    if bisect_left(heads, (end, 0)) - bisect_left(heads, (start, 0)) < 4:
        return False
    named: set[str] = set()
    for scanned in {id(x.scan): x.scan for x in lines if x.scan}.values():
        view, first = scanned.free.view, bisect_left(scanned.hits, scanned.free.view.locate(start), key=_start)
        for hit in scanned.hits[first : bisect_left(scanned.hits, view.locate(end), key=_start)]:
            if is_row(view.text, hit):
                named.add(hit.id)
    return len(named) >= 5


def _start(hit: Hit) -> int:
    return hit.start


def _rank(line: Line, form: Form) -> tuple[bool, bool, bool, bool]:
    """Which of two rows of one name is the table's: with borders, its own words, as many numbers as columns."""
    width = len(form.cells[line.row])
    digits = sum(c.isdigit() for c in line.run.text) if line.run else width
    return line.cells is not None, not line.slip, line.run is None or len(line.run.tokens) == width, digits >= width


def _leaves_blanks(source: Source, lines: list[Line], form: Form) -> bool:
    """Whether the table has blank cells, so that a row with few numbers need not have lost one."""
    for line in lines:
        width = len(form.cells[line.row])
        if line.cells is not None:
            filled = [i for i, c in enumerate(line.cells[:width]) if c.text]
            if not filled or filled != list(range(len(filled))):
                return True
        elif line.run is not None and 0 < sum(c.isdigit() for c in line.run.text) < width:
            return True
    # A label in the table without any number.
    start, end = min(x.start for x in lines), max(x.end for x in lines) + 80
    named = {x.row for x in lines}
    for scanned in {id(x.scan): x.scan for x in lines if x.scan}.values():
        for hit in scanned.hits:
            at = scanned.free.view.span(hit.start, hit.end)[0]
            inside = start < at < end or (start - _FRAME < at < start and not _SENTENCE.search(source.text, at, start))
            if inside and hit.id in form.cells and hit.id not in named and is_row(scanned.free.view.text, hit):
                return True
    return False


def _placed(source: Source, line: Line, form: Form, blanks: bool) -> tuple[list[Value], str | None]:
    """Cells behind borders: by the header's places, else by count. ``blanks``: the table leaves cells blank."""
    assert line.cells is not None
    columns = form.cells[line.row]
    width = len(columns)
    label = form.rows[form.row_index(line.row)].cores[-1]
    cells = [c for c in line.cells if not c.covered]
    filled = [i for i, c in enumerate(cells) if c.text]
    seen = " | ".join(c.text for c in cells if c.text)
    short = f"{len(filled)} cells for {width} columns: {seen}"[:300]
    if not filled:
        return [source.value(cells[i]) if i < len(cells) else Value(None, "empty") for i in range(width)], None
    if once := _once(line.cells, line.places, columns):
        return [source.value(c, label) for c in once], None
    if len(filled) == width:
        note = None if filled == list(range(filled[0], filled[0] + width)) else "blank cells between the numbers"
        return [source.value(cells[i], label) for i in filled], note
    if len(filled) > width or len(cells) < width:
        return [LOST] * width, short
    complete = line.source == "tab" and line.places[:width] == columns and len(line.cells) == len(line.places)
    if line.lone and line.source != "grid" and not complete:
        return _open(source, line, cells, filled, width, f"{short}; one may stand alone above or below")
    named = line.places[:width] == columns
    fits = filled[-1] < width and (named or (line.source != "grid" and (len(cells) == width or width == 3)))
    if not fits:
        return [LOST] * width, short
    if line.source == "grid" or filled != list(range(len(filled))):
        return [source.value(cells[i], label) for i in range(width)], None
    # Numbers, then blanks: a number may have been torn off.
    if not (blanks or (named and line.source == "tab" and len(line.cells) == len(line.places))):
        return _open(source, line, cells, filled, width, f"{short}; one may be missing")
    return [source.value(cells[i], label) for i in range(width)], None


def _open(
    source: Source, line: Line, cells: list[Piece], filled: list[int], width: int, note: str
) -> tuple[list[Value], str | None]:
    """Values of which nobody can tell in which columns they stand."""
    start, end = cells[filled[0]].start, cells[filled[-1]].end
    if start is None or end is None:
        return [LOST] * width, note
    return [Value(None, "ambiguous", source.text[start:end], None, note, start, end)] * width, None


def _once(cells: list[Piece], places: tuple[str | None, ...], columns: tuple[str, ...]) -> list[Piece] | None:
    """One cell a column where the layout repeats a merged cell's words in every place that it covers."""
    if places and len(places) > len(columns) and set(columns) == set(places):
        groups = [[c for c, name in zip(cells, places, strict=False) if name == column] for column in columns]
        if len(cells) >= len(places) and all(len({c.text for c in group}) == 1 for group in groups):
            return [group[0] for group in groups]
    return None


def _parted(
    source: Source, line: Line, form: Form, blanks: bool, spaced: bool
) -> tuple[list[Value], str | None, list[GluedRun]]:
    """Cells of free text: one number a column where blanks part them, else every reading.

    ``blanks``: blank cells leave no trace in this table; ``spaced``: blanks part its numbers.
    """
    assert line.run is not None and line.scan is not None
    columns = form.cells[line.row]
    run, width = line.run, len(columns)
    start, end = line.start, line.end
    if run.unit:
        end = source.span(line.scan, run.start, line.scan.free.view.text.index(run.unit, run.end) + len(run.unit))[1]
    raw = source.text[start:end]
    if line.doubtful:
        note = f"may belong to the label before or behind it: {raw}"
        return [Value(None, "ambiguous", raw, None, note, start, end)] * width, None, []
    tokens = [(m.group(), m.start(), m.end()) for m in SIGNED_TOKEN.finditer(run.text)]
    if len(tokens) > width and "\n" in run.text:
        # What stands on further lines belongs to no cell of this row.
        first = run.text.index("\n")
        if sum(t[1] < first for t in tokens) == width:
            tokens = [t for t in tokens if t[1] < first]
    if is_loose(line.scan) and "-" in run.text and len(free_readings(fragments(run.text)[0], width)) > 1:
        tokens = tokens[:1]  # blanks part nothing here
    if len(tokens) == width:
        values = []
        how = None
        if len(run.text[: tokens[-1][2]].split()) != width:
            how = f"digits {raw}, parted by the sign"
        for k, (_, a, b) in enumerate(tokens):
            piece = source.cell(line.scan, run.start + a, run.start + b)
            if k == width - 1 and run.unit and b == len(run.text):
                stop = line.scan.free.view.text.index(run.unit, run.end) + len(run.unit)
                words = line.scan.free.view.text[run.start + a : stop]
                piece = max(
                    piece, Piece(words, *source.span(line.scan, run.start + a, stop), k), key=lambda p: p.end or 0
                )
            values.append(source.value(piece))
        return values, how, []
    digits = fragments(run.text)[0]
    if width == 1 and len(tokens) > 1:
        joined = "".join(run.text.split())
        if "\n" not in run.text and is_loose(line.scan) and re.fullmatch(r"(?:[1-9]\d*|0)(?:\.\d+)?", joined):
            note = f"blanks inside the number {raw}, as elsewhere in this table; the row has one column"
            return [Value(float(joined), "number", raw, run.unit, note, start, end)], None, []
        value = Value(None, "ambiguous", raw, None, f"blanks between the digits: {raw}", start, end)
        return [value], None, []
    nothing = set(digits) == {"0"} and len(digits) == width  # a zero a cell, with or without blank cells
    few = len(tokens) < width or (is_loose(line.scan) and width > 1)
    if few and not nothing and (blanks or (spaced and len(run.text.split()) > 1)):
        note = f"{len(tokens)} numbers for {width} columns, blank cells leave no trace: {raw}"
        return [Value(None, "ambiguous", raw, None, note, start, end)] * width, None, []
    # Blanks that part fewer numbers than columns part nothing.
    readings = free_readings(digits, width)
    if len(digits.replace(".", "").replace("-", "")) < width or not readings:
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
