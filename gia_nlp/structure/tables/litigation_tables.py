"""Where table ``review_litigation`` stands: header words, then numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gia_nlp.structure.tables.freetext import Scan
from gia_nlp.structure.tables.hits import Hit
from gia_nlp.structure.tables.labels import Choice, is_number_like, label_key
from gia_nlp.structure.tables.lookalikes import similarity
from gia_nlp.structure.tables.reading import Source
from gia_nlp.structure.tables.rows import Piece, Row, of_head
from gia_nlp.structure.tables.runs import Run
from gia_nlp.vocabulary.active import per_vocabulary
from gia_nlp.vocabulary.forms import letters, review_form

_FAR = 400  # characters between the header and its numbers
_FOREIGN = re.compile(
    "(?![行政复议诉讼结果维持纠正其他它尚未审总合计经直接起后夏情况])[\u3400-\u4dbf\u4e00-\u9fffA-Za-z]"
)  # a letter that the header has not
_LEAST = 0.7  # the score of a row's label


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


@of_head
def _header_words(head: tuple[str, ...]) -> tuple[int, frozenset[str]]:
    """How many cells are header words, and which blocks they name."""
    columns = review_form("2021").columns
    count, blocks = 0, set()
    for text in head:
        if is_number_like(text):
            continue
        key = letters(text)
        for column in columns:
            count += key in column.cores or (
                not column.weak and len(key) == 4 and similarity(key, column.cores[0]) >= 0.74
            )
        if found := _block(text):
            blocks.add(found)
    return count, frozenset(blocks)


@per_vocabulary
def _labels() -> Choice:
    return Choice(review_form("2021").rows)


def find_tables(source: Source) -> list[Table]:
    tables: list[Table] = []
    current: Table | None = None
    block: str | None = None  # the block that the words above name
    for place, part in enumerate(source.parts):
        if not isinstance(part, Row):
            current, block = _free_tables(part, place, tables, current, block)
            continue
        wordy = part.words
        words, blocks = _header_words(part)
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
            heading = _heading_above(source, place) if not wordy and len(part.filled) == 15 else None
            if heading is not None:
                tables.append(Table(heading, part.end, 3, set(), [(list(part.cells), None)], [], {place}))
            continue
        elif not wordy and (part.filled or (current.after_header and len(part.cells) >= 5)):
            current.numbers.append((list(part.cells), block))
            current.after_header, block = False, None
        elif 0 < len(wordy) <= 2 and (values := _behind(part)) and (found := _block(part.cells[wordy[-1]].text)):
            current.numbers.append((values, found))
            current.blocks.add(found)
        else:
            continue
        current.end = max(current.end, part.end)
        current.parts.add(place)
    return [t for t in tables if t.words >= 3 or len(t.blocks) >= 2]


def _block(text: str) -> str | None:
    found = _labels().best(label_key(text), _LEAST)
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
    last = row.words[-1] if row.words else -1
    return list(row.cells[last + 1 :]) if row.filled and row.filled[-1] > last else []


def _full(table: Table) -> bool:
    cells = sum(sum(bool(p.text) for p in cells) for cells, _ in table.numbers)
    return cells >= 15 or any(
        max(len(run.tokens), sum(c.isdigit() for c in run.text)) >= 15 for run, _, _ in table.runs
    )


def _free_tables(
    part: Scan, place: int, tables: list[Table], current: Table | None, block: str | None
) -> tuple[Table | None, str | None]:
    """Header words and runs of a free text: the table that is open behind it, and the block it named last."""
    view = part.free.view
    words = [h for h in part.hits if h.table == "review_litigation" or (h.table == "requests" and h.id == "processed")]
    events: list[Hit | Run] = [*words, *part.runs]
    seen = 0  # where the last header word ends
    names: set[str] = set()  # blocks named since the last numbers
    for item in sorted(events, key=lambda e: e.start):
        if isinstance(item, Hit):
            start, end = view.span(item.start, item.end)
            own = item.table == "review_litigation"
            strong = own and (item.kind == "column" or item.id in ("litigation_direct", "litigation_after_review"))
            if strong and (current is None or start - current.end > _FAR or _full(current)):
                current = Table(start, end)
                tables.append(current)
            if own and item.kind == "row":
                block = item.id
                names.add(item.id)
            if current is not None and start - current.end <= _FAR and not _full(current):
                current.words += strong
                current.blocks |= {item.id} if own and item.kind == "row" else set()
                current.end = max(current.end, end)
                current.parts.add(place)
            seen = item.end
            continue
        single = names.pop() if len(names) == 1 else None
        names.clear()
        if item.unit or item.start - seen > 200 or not _only_header(view.text[seen : item.start]):
            continue
        start, end = view.span(item.start, item.end)
        if current is None or _full(current) or start - current.end > 80 or not current.words:
            if len(item.tokens) == 15 and seen and item.start - seen < 12:
                current = Table(start, end, 3, set(), [], [(item, part, None)], {place})
                tables.append(current)
            continue
        named = item.before is not None and item.before.table == "review_litigation" and item.before.kind == "row"
        label = block if named and item.attached else single if len(item.tokens) == 5 else None
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
    return not _FOREIGN.search(text)


def _pairs(run: Run) -> bool:
    """A single number right behind a result's name."""
    return run.before is not None and run.before.kind in ("column", "row") and run.attached and len(run.tokens) == 1
