"""Table ``review_litigation``: fifteen cells, in one row of numbers, three blocks or three labelled rows."""

from __future__ import annotations

from dataclasses import dataclass, field

from gia_nlp.records import GluedRun
from gia_nlp.structure.tables.freetext import TOKEN, Hit, Run, Scan
from gia_nlp.structure.tables.glue import MOST_LISTED, fragments
from gia_nlp.structure.tables.labels import best, label_key, similarity
from gia_nlp.structure.tables.lines import is_number_like
from gia_nlp.structure.tables.reading import Result, Source
from gia_nlp.structure.tables.rows import Piece, Row
from gia_nlp.structure.tables.solver import Reading, agreed, chain_readings, number
from gia_nlp.structure.tables.values import LOST, Value, make_cell
from gia_nlp.vocabulary.forms import Form, letters, review_form

_FAR = 400  # characters between the header and its numbers


@dataclass(slots=True)
class Table:
    """Header words, then numbers."""

    start: int
    end: int
    words: int = 0
    blocks: set[str] = field(default_factory=set)
    numbers: list[tuple[list[Piece], str | None]] = field(default_factory=list)  # cells, block label
    runs: list[tuple[Run, Scan, str | None]] = field(default_factory=list)
    parts: set[int] = field(default_factory=set)
    stray: list[str] = field(default_factory=list)
    after_header: bool = False


def read_litigation(source: Source, generation: str) -> Result | None:
    """Reads the table; ``None`` when the document has none."""
    tables = [t for t in _tables(source) if t.numbers or t.runs]
    if not tables:
        return None
    form = review_form(generation)
    read = [_read(source, t, form) for t in tables]
    known = [sum(v.kind not in ("lost", "ambiguous") for v in values) for values, _, _ in read]
    chosen = known.index(max(known))
    values, note, runs = read[chosen]
    result = Result(generation)
    result.glued += runs
    for (row, column), value in zip(form.keys, values, strict=True):
        result.cells.append(make_cell(form, row, column, value, note))
    for i, table in enumerate(tables):
        result.spans.append((table.start, table.end))
        result.rows |= table.parts
        if i != chosen:
            result.warn(
                "review_litigation", f"another table of this kind at {table.start}-{table.end} is not in the cells"
            )
    return result


def _header_words(texts: list[str]) -> tuple[int, set[str]]:
    """How many cells are header words, and which blocks they name."""
    form = review_form("2021")
    count, blocks = 0, set()
    for text in texts:
        key = letters(text)
        for column in form.columns:
            count += key in column.cores or (
                not column.weak and len(key) == 4 and similarity(key, column.cores[0]) >= 0.74
            )
        found = best(label_key(text), form.rows, 0.7)
        if found:
            blocks.add(found[0])
    return count, blocks


def _tables(source: Source) -> list[Table]:
    tables: list[Table] = []
    current: Table | None = None
    block: str | None = None  # the block that the words above name
    for place, part in enumerate(source.parts):
        if not isinstance(part, Row):
            current, block = _free_tables(part, place, tables, current, block)
            continue
        texts = [p.text for p in part.cells if p.text]
        wordy = [t for t in texts if letters(t) and not is_number_like(t)]
        words, blocks = _header_words(wordy)
        near = current is not None and part.start - current.end <= _FAR and not _full(current)
        header = bool(wordy) and (words >= 2 or bool(blocks and words) or bool(blocks - {"review"}))
        if header or (len(wordy) == 1 and blocks and _count(_behind(part)) == 5):
            if current is None or not near:
                current = Table(part.start, part.end)
                tables.append(current)
            current.words += words + (0 if header else 3)
            current.blocks |= blocks
            current.after_header = True
            if blocks:
                block = max(blocks) if len(blocks) == 1 else None
            if values := _behind(part):
                current.numbers.append((values, block))
                current.after_header = False
        elif not near or current is None:
            heading = _heading_above(source, place)
            if heading is not None and not wordy and len(texts) == 15:
                tables.append(Table(heading, part.end, 3, set(), [(list(part.cells), None)], [], {place}))
            continue
        elif not wordy and (texts or (current.after_header and len(part.cells) >= 5)):
            current.numbers.append((list(part.cells), block))
            current.after_header, block = False, None
        elif 0 < len(wordy) <= 2 and (values := _behind(part)) and (found := _block(wordy[-1])):
            current.numbers.append((values, found))
            current.blocks.add(found)
        else:
            continue
        current.end = max(current.end, part.end)
        current.parts.add(place)
    return [t for t in tables if t.words >= 3 or len(t.blocks) >= 2]


def _block(text: str) -> str | None:
    found = best(label_key(text), review_form("2021").rows, 0.7)
    return found[0] if found else None


def _count(cells: list[Piece]) -> int:
    return sum(bool(c.text) for c in cells)


def _heading_above(source: Source, place: int) -> int | None:
    """Where a heading about reviews and lawsuits stands right above a row; such a table may have no other words."""
    above = source.parts[place - 1] if place else None
    if above is None or isinstance(above, Row):
        return None
    view = above.free.view
    for hit in above.hits[-3:]:
        if hit.table == "review_litigation" and len(view.text) - hit.end < 12:
            return view.span(hit.start, hit.end)[0]
    return None


def _behind(row: Row) -> list[Piece]:
    """The cells behind the last words, if they are all values."""
    last = max(
        (i for i, p in enumerate(row.cells) if p.text and letters(p.text) and not is_number_like(p.text)), default=-1
    )
    cells = list(row.cells[last + 1 :])
    return cells if any(p.text for p in cells) else []


def _full(table: Table) -> bool:
    cells = sum(sum(bool(p.text) for p in cells) for cells, _ in table.numbers)
    return cells >= 15 or any(len(fragments(run.text)[0]) >= 15 for run, _, _ in table.runs)


def _free_tables(
    part: Scan, place: int, tables: list[Table], current: Table | None, block: str | None
) -> tuple[Table | None, str | None]:
    """Header words and runs of a free text: the table that is open behind it, and the block it named last."""
    view = part.free.view
    words = [h for h in part.hits if h.table == "review_litigation" or (h.table == "requests" and h.id == "processed")]
    events: list[Hit | Run] = [*words, *part.runs]
    seen = 0  # where the last header word ends
    for item in sorted(events, key=lambda e: e.start):
        start, end = view.span(item.start, item.end)
        if isinstance(item, Hit):
            own = item.table == "review_litigation"
            strong = own and (item.kind == "column" or item.id in ("litigation_direct", "litigation_after_review"))
            if strong and (current is None or start - current.end > _FAR or _full(current)):
                current = Table(start, end)
                tables.append(current)
            if own and item.kind == "row":
                block = item.id
            if current is not None and start - current.end <= _FAR and not _full(current):
                current.words += strong
                current.blocks |= {item.id} if own and item.kind == "row" else set()
                current.end = max(current.end, end)
                current.parts.add(place)
            seen = item.end
            continue
        if item.unit or item.start - seen > 200 or not _only_header(view.text[seen : item.start]):
            continue
        if current is None or _full(current) or start - current.end > 80 or not current.words:
            if len(item.tokens) == 15 and seen and item.start - seen < 12:
                current = Table(start, end, 3, set(), [], [(item, part, None)], {place})
                tables.append(current)
            continue
        named = item.before is not None and item.before.table == "review_litigation" and item.before.kind == "row"
        label = block if named and item.attached else None
        if len(item.tokens) < 5 and sum(c.isdigit() for c in item.text) < 5 and label is None and not _pairs(item):
            current.stray.append(item.text)
            continue
        current.runs.append((item, part, label))
        current.end = max(current.end, end)
        current.parts.add(place)
        seen = item.end
    return current, block


def _only_header(text: str) -> bool:
    """Whether words are left-overs of the header."""
    return set(letters(text)) <= set("行政复议诉讼结果维持纠正其他它尚未审结总合计经直接起后夏情况")


def _pairs(run: Run) -> bool:
    """A single number right behind a result's name."""
    return run.before is not None and run.before.kind in ("column", "row") and run.attached and len(run.tokens) == 1


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
            if not (len(tokens) == 1 and len(tokens[0][0]) >= 5):
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
    glued = [(run, scan) for values, run, scan, _ in lines if values is None and run is not None and scan is not None]
    if len(glued) == 1 and not blocks:
        return _parted(source, *glued[0], form, table)
    if not lines:
        open_note = "numbers not found"
    return [LOST] * 15, open_note, []


def _trimmed(source: Source, cells: list[Piece]) -> list[Value]:
    """A row's values without the blank cells that frame it."""
    cells = [c for c in cells if not c.covered]
    filled = [i for i, c in enumerate(cells) if c.text]
    if not filled:
        return [source.value(c) for c in cells[: 15 if len(cells) >= 15 else 5]]
    size = filled[-1] + 1 - filled[0]
    if len(cells) in (5, 15):
        return [source.value(c) for c in cells]
    if size == 5 and len(cells) > 15:
        return [source.value(c) for c in cells]  # one of three blocks, who knows which
    return [source.value(c) for c in cells[filled[0] : filled[-1] + 1]]


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
            readings = chain_readings(digits, 3, 5, borders) or chain_readings(digits, 3, 5)
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
