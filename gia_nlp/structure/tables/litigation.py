"""Table ``review_litigation``: fifteen cells, in one row of numbers, three blocks or three labelled rows."""

from __future__ import annotations

from gia_nlp.records import GluedRun
from gia_nlp.structure.tables.freetext import Scan, is_loose
from gia_nlp.structure.tables.glue import MOST_LISTED, fragments
from gia_nlp.structure.tables.litigation_tables import Table, find_tables
from gia_nlp.structure.tables.masks import TOKEN
from gia_nlp.structure.tables.reading import Result, Source
from gia_nlp.structure.tables.rows import Piece
from gia_nlp.structure.tables.runs import Run
from gia_nlp.structure.tables.solver import Reading, agreed, chain_readings, number
from gia_nlp.structure.tables.values import LOST, Value, make_cells
from gia_nlp.vocabulary.forms import Form, blank_words, review_form


def read_litigation(source: Source, generation: str) -> Result | None:
    """Reads the table; ``None`` when the document has none."""
    tables = [t for t in find_tables(source) if t.numbers or t.runs]
    if not tables:
        return None
    form = review_form(generation)
    read = [_read(source, t, form) for t in tables]
    known = [sum(v.kind not in ("lost", "ambiguous") for v in values) for values, _, _ in read]
    chosen = known.index(max(known))
    values, note, runs = read[chosen]
    result = Result(generation)
    result.glued += runs
    for k, row in enumerate(r.id for r in form.rows):
        columns = form.cells[row]
        result.cells += make_cells(form, row, columns, values[k * len(columns) : (k + 1) * len(columns)], note)
    for i, table in enumerate(tables):
        result.spans.append((table.start, table.end))
        result.rows |= table.parts
        if i != chosen:
            result.warn(
                "review_litigation", f"another table of this kind at {table.start}-{table.end} is not in the cells"
            )
    return result


def _read(source: Source, table: Table, form: Form) -> tuple[list[Value], str | None, list[GluedRun]]:
    """The fifteen values in the form's order."""
    rows = [r.id for r in form.rows]
    lines: list[tuple[list[Value] | None, Run | None, Scan | None, str | None]] = []
    for cells, block in table.numbers:
        lines.append((_trimmed(source, cells), None, None, block))
    for run, scan, block in table.runs:
        tokens = [(m.group(), m.start(), m.end()) for m in TOKEN.finditer(run.text)]
        if len(tokens) in (1, 5, 10, 15):
            values = [source.value(Piece(t, *source.span(scan, run.start + a, run.start + b), 0)) for t, a, b in tokens]
            # No number begins with a zero and another digit.
            joined = any(len(t) > 1 and t[0] == "0" and t[1].isdigit() for t, _, _ in tokens)
            if not joined and not (len(tokens) == 1 and len(tokens[0][0]) >= 5):
                lines.append((values, run, scan, block))
                continue
        lines.append((None, run, scan, block))
    seen = " / ".join(
        " ".join(v.raw for v in values) if values else (run.text if run else "") for values, run, _, _ in lines
    )
    open_note = f"numbers do not fill 15 cells: {seen}"[:300]
    whole = [values for values, _, _, _ in lines if values is not None and len(values) == 15]
    if whole:
        return whole[0], None, []
    blocks = [(values, block) for values, _, _, block in lines if values is not None and len(values) == 5]
    if len(blocks) == 3:
        named = [block for _, block in blocks]
        if all(named) and len(set(named)) == 3:
            by = {block: values for values, block in blocks}
            return [v for row in rows for v in by[row]], None, []
        return [v for values, _ in blocks for v in values], None, []
    if (
        blocks
        and all(block for _, block in blocks)
        and len({b for _, b in blocks}) == len(blocks)
        and len(blocks) == len(lines)
    ):
        by = {block: values for values, block in blocks}
        return [v for row in rows for v in by.get(row, [LOST] * 5)], None, []
    flat = [v for values, _, _, _ in lines if values is not None for v in values]
    if all(values is not None for values, _, _, _ in lines) and len(flat) == 15:
        if len(lines) == 5 and all(len(values or []) == 3 for values, _, _, _ in lines):
            return [flat[c * 3 + r] for r in range(3) for c in range(5)], None, []
        return flat, None, []
    only, few = (lines[0][1], lines[0][0] or []) if len(lines) == 1 else (None, [])
    closed = len(few) not in (5, 10) or (_closed(few[:5]) and _closed(few[-5:]))
    if only and not closed and sum(c.isdigit() for c in only.text) >= 15:
        # Numbers that are no blocks, with digits for all fifteen cells: their blanks part nothing.
        blocks, lines = [], [(None, only, lines[0][2], None)]
    titled = {block: values for values, block in blocks if block}
    if titled and len(titled) == len(blocks) and all(values is None or block for values, _, _, block in lines):
        return [v for row in rows for v in titled.get(row, [LOST] * 5)], open_note, []
    glued = [(run, scan) for values, run, scan, _ in lines if values is None and run is not None and scan is not None]
    if len(glued) == 1 and not blocks:
        return _parted(source, *glued[0], form, table)
    if not lines:
        open_note = "numbers not found"
    return [LOST] * 15, open_note, []


def _closed(block: list[Value]) -> bool:
    """Whether the last of a block's numbers is the sum of the others."""
    return sum(v.value or 0 for v in block[:-1]) == (block[-1].value or 0)


def _trimmed(source: Source, cells: list[Piece]) -> list[Value]:
    """A row's values without the blank cells that frame it."""
    cells = [c for c in cells if not c.covered]
    filled = [i for i, c in enumerate(cells) if c.text]
    if not filled:
        return [source.value(c) for c in cells[: 15 if len(cells) >= 15 else 5]]
    size = filled[-1] + 1 - filled[0]
    if len(cells) in (5, 15):
        return [source.value(c) for c in cells]
    if len(cells) > 15 and (window := _window(cells, filled)) is not None:
        return [source.value(c) for c in cells[window : window + 15]]
    if size == 5 and len(cells) > 15:
        return [source.value(c) for c in cells]  # one of three blocks, who knows which
    return [source.value(c) for c in cells[filled[0] : filled[-1] + 1]]


def _window(cells: list[Piece], filled: list[int]) -> int | None:
    """Where fifteen cells begin in a longer row with blanks: at its front, or in the one place that its sums allow."""
    texts = ["0" if c.text in ("", *blank_words()) else c.text for c in cells]
    if not all(t.isdigit() for t in texts):
        return None

    def adds_up(first: int) -> bool:
        blocks = [list(map(int, texts[i : i + 5])) for i in range(first, first + 15, 5)]
        return all(sum(block[:4]) == block[4] for block in blocks)

    fitting = [f for f in range(len(cells) - 14) if f <= filled[0] and filled[-1] < f + 15 and adds_up(f)]
    return fitting[0] if fitting and (fitting[0] == 0 or len(fitting) == 1) else None


def _parted(
    source: Source, run: Run, scan: Scan, form: Form, table: Table
) -> tuple[list[Value], str | None, list[GluedRun]]:
    start, end = source.span(scan, run.start, run.end)
    raw = source.text[start:end]
    digits, borders = fragments(run.text)
    readings: list[Reading] = []
    if digits.isdigit() and 15 <= len(digits) <= 60:
        if len(digits) == 15:
            readings = [tuple(digits)]
        else:
            # Where blanks stand inside words, they part no numbers either.
            readings = [] if is_loose(scan) else chain_readings(digits, 3, 5, borders)
            readings = readings or chain_readings(digits, 3, 5)
    if not readings:
        note = f"glued digits that no reading of 15 cells explains: {raw}"
        return [Value(None, "lost", raw, None, note, start, end)] * 15, None, []
    how = "one digit a cell" if len(digits) == 15 else "parted by the blocks' sums"
    fixed = agreed(readings)
    values = []
    for i in range(15):
        options = list(dict.fromkeys(str(r[i]) for r in readings))
        if fixed[i]:
            found = number(options[0])
            values.append(
                Value(
                    found,
                    "zero" if found == 0 else "number",
                    raw,
                    None,
                    f"glued digits {raw}, {how}",
                    start,
                    end,
                )
            )
        else:
            values.append(
                Value(None, "ambiguous", raw, None, f"glued digits {raw}: may be {', '.join(options[:8])}", start, end)
            )
    if len(readings) == 1:
        return values, None, []
    keys = tuple(f"{row}.{column}" for row, column in form.keys)
    return (
        values,
        None,
        [
            GluedRun(
                form.generation,
                form.table,
                keys,
                raw,
                start,
                end,
                tuple(readings[:MOST_LISTED]),
                len(readings) > MOST_LISTED,
            )
        ],
    )
