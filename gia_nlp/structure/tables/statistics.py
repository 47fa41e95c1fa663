"""The 统计表 of 2014 to 2018 and short provincial ones: an indicator, a unit, one number or two a row."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gia_nlp.records import GluedRun
from gia_nlp.structure.tables.glue import MOST_LISTED
from gia_nlp.structure.tables.labels import is_number_like, label_key
from gia_nlp.structure.tables.reading import Result, Source
from gia_nlp.structure.tables.rows import Row, of_head
from gia_nlp.structure.tables.solver import Reading
from gia_nlp.structure.tables.statistics_names import REMARK, Entry, Namer, indicators, printed
from gia_nlp.structure.tables.statistics_readings import digit_values, read_digits
from gia_nlp.structure.tables.statistics_text import text_tables
from gia_nlp.structure.tables.values import Value, new_cell
from gia_nlp.vocabulary.forms import letters, statistics_form

_LEAST = 3  # known indicators that make a table
_YEAR = re.compile(r"\s*(?:19|20)\d\d\s*\D{0,4}$")  # 2016年度, misread or not
_DIGIT = re.compile(r"\d")
_DASHES = re.compile(r"[-—–/]{1,4}$")


def read_statistics(source: Source, used: set[int]) -> Result | None:
    """Reads the table; ``None`` when the document has none. ``used`` are the parts that other tables took."""
    tables = [
        t for t in (*_bordered(source, used), *text_tables(source)) if len({e.id for e in t if e.known}) >= _LEAST
    ]
    if not tables:
        return None
    tables.sort(key=lambda t: t[0].start)
    sizes = [len({e.id for e in t if e.known}) for t in tables]
    chosen = next(t for t, n in zip(tables, sizes, strict=True) if n >= 0.9 * max(sizes))
    result = Result("statistics")
    seen: set[str] = set()
    entries: list[Entry] = []
    for entry in chosen:
        if entry.id in seen:
            result.warn("statistics", f"row {entry.id} again at {entry.start}; it is not in the cells")
            continue
        seen.add(entry.id)
        entries.append(entry)
    readings = read_digits(entries)
    for entry in entries:
        _emit(source, entry, readings.get(entry.id), result)
    for table in tables:
        result.spans.append((_header_start(source, table[0]), table[-1].end))
        result.rows |= {e.part for e in table}
        if table is not chosen:
            result.warn(
                "statistics", f"another table of this kind at {table[0].start}-{table[-1].end} is not in the cells"
            )
    return result


def _header_start(source: Source, first: Entry) -> int:
    """Where the header in front of a table's first row begins."""
    part = source.parts[first.part]
    if isinstance(part, Row):
        return min(
            (p.start for p in source.parts[: first.part + 1] if isinstance(p, Row) and p.block == part.block),
            default=first.start,
        )
    head = source.text[max(0, first.start - 160) : first.start]
    places = [head.rfind(w) for w in ("指标名称", "统计指标", "统计项目") if w in head]
    return first.start - len(head) + max(places) if places else first.start


# -------------------------------------------------------------------------------------------------- with borders


def _bordered(source: Source, used: set[int]) -> Iterator[list[Entry]]:
    """Tables among rows with borders, one a run of rows."""
    table: list[Entry] = []
    namer, seen_header, blanks = Namer(), False, _Blanks(source)
    columns: tuple[str, ...] = ("year",)
    last_end = -1
    for place, part in enumerate(source.parts):
        if not isinstance(part, Row) or place in used:
            if isinstance(part, Row):
                continue
            if table and len(letters(part.free.view.text)) > 60:
                yield table
                table = []
            continue
        if table and part.start - last_end > 2000:
            yield table
            table = []
        last_end = part.end
        header = _header(part)
        if header:
            if table and seen_header and any(e.known for e in table):
                known = [e.id for e in table]
                if "published" in known and len(known) > 30:
                    yield table
                    table = []
            columns, seen_header = header, True
            if not table:
                namer = Namer()
            continue
        entry = _entry(source, part, place, columns, namer, blanks)
        if entry:
            if entry.id == "published" and any(e.id == "published" for e in table):
                yield table
                table = []
            table.append(entry)
    if table:
        yield table


def _header(row: Row) -> tuple[str, ...] | None:
    """The number columns that a header row names."""
    if not _is_header(row):
        return None
    columns: list[str] = []
    form = statistics_form()
    for piece in (row.cells[i] for i in row.filled):
        text = letters(piece.text)
        year = _YEAR.match(piece.text) or any(text.endswith(w) for w in form.year_words)
        if any(w in text for w in form.cumulative_words):
            columns.append("cumulative")
        elif year and text not in ("计量单位", "单位"):
            columns.append("year")
    return tuple(columns) or ("year",)


@of_head
def _is_header(head: tuple[str, ...]) -> bool:
    texts = map(letters, head)
    return any(t in ("指标名称", "项目", "统计项目") or t.endswith("指标") for t in texts)


class _Blanks:
    """Blocks of rows in which a blank cell stands between a unit and a number, and no number alone in a row."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._blocks: set[int] | None = None

    def __contains__(self, block: int) -> bool:
        if self._blocks is None:  # few documents ask
            self._blocks = _blank_blocks(self._source)
        return block in self._blocks


def _blank_blocks(source: Source) -> set[int]:
    units = statistics_form().units
    blanks: set[int] = set()
    torn: set[int] = set()
    for part in source.parts:
        if isinstance(part, Row):
            texts = [p.text for p in part.cells if not p.covered]
            filled = [t for t in texts if t]
            if len(filled) <= 1 and not letters("".join(filled)):
                torn.add(part.block)
            for a, b, c in zip(texts, texts[1:], texts[2:], strict=False):
                if a in units and not b and c[:1].isdigit():
                    blanks.add(part.block)
    return blanks - torn


@of_head
def _words(head: tuple[str, ...]) -> tuple[str | None, list[str], int]:
    """A row's unit, the other words in its cells, and the place of the last of both."""
    units = statistics_form().units
    unit, names, last = None, [], -1
    for i, text in enumerate(head):
        if letters(text) and (not is_number_like(text) or REMARK.search(text)):
            key, last = label_key(text), i
            if key not in units:
                names.append(text)
            elif unit is None:
                unit = key
    return unit, names, last


def _entry(
    source: Source, row: Row, place: int, columns: tuple[str, ...], namer: Namer, blanks: _Blanks
) -> Entry | None:
    unit, names, last_word = _words(row)
    if not names:
        return None
    cells = [p for p in row.cells[last_word + 1 :] if not p.covered]
    found = namer.name(names[-1], False) or namer.name("".join(names[-2:]), True)
    if not any(p.text.isdecimal() or _DIGIT.search(p.text) for p in cells):
        key = letters(names[-1])
        if "行政复议" in key or "行政诉讼" in key:
            namer.context = "reviews" if "行政复议" in key else "litigations"
        if found is None or unit is None or not cells:
            return None
        if (
            all(_DASHES.match(p.text) for p in cells if p.text)
            and any(p.text for p in cells)
            and key in statistics_form().groups
        ):
            return None
    filled = [i for i, p in enumerate(cells) if p.text]
    if len(cells) < len(columns) and not filled:
        return None
    if len(filled) == len(columns):
        values = [source.value(cells[i]) for i in filled]
        note = None
    elif len(filled) < len(columns) <= len(cells) and (
        len(cells) == len(columns) or (filled and filled[-1] < len(columns) and (filled[0] > 0 or row.block in blanks))
    ):
        # A blank before a number proves that the table leaves cells blank; more cells than columns are ragged ends.
        values, note = [source.value(c) for c in cells[: len(columns)]], None
    elif len(columns) == 1 and filled and len(filled) > 1 and not found:
        return None
    elif not filled:
        values, note = [Value(None, "empty")] * len(columns), None
    else:
        seen = " | ".join(p.text for p in cells if p.text)
        values, note = (
            [Value(None, "lost")] * len(columns),
            f"{len(filled)} cells for {len(columns)} columns: {seen}"[:300],
        )
    id, known = found or (printed(names[-1]), False)
    return Entry(id, known, row.start, row.end, unit, place, values, columns=columns, note=note)


def _emit(source: Source, entry: Entry, readings: list[Reading] | None, result: Result) -> None:
    indicator = indicators().get(entry.id)
    unit = entry.unit or (indicator.unit if indicator else None)
    values = entry.values
    if values is None:
        values = digit_values(source, entry, readings or [])
        if readings and len(readings) > 1:
            keys = tuple(f"{entry.id}.{c}" for c in entry.columns)
            raw = source.text[entry.start : entry.end]
            result.glued.append(
                GluedRun(
                    "statistics",
                    "statistics",
                    keys,
                    raw,
                    entry.start,
                    entry.end,
                    tuple(readings[:MOST_LISTED]),
                    len(readings) > MOST_LISTED,
                )
            )
    taken: set[str] = set()
    for column, value in zip(entry.columns, values, strict=True):
        if column in taken:
            result.warn("statistics", f"two columns {column} in the row {entry.id}; the first is in the cells")
            continue
        taken.add(column)
        notes = "; ".join(n for n in (value.note, entry.note if entry.values is not None else None) if n)
        result.cells.append(
            new_cell(
                "statistics",
                "statistics",
                entry.id,
                column,
                value.value,
                value.unit or unit,
                value.kind,
                value.raw,
                notes or None,
                value.start,
                value.end,
            )
        )
