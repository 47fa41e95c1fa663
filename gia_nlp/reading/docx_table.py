"""Tables of a Word document: their true columns, their merged cells, and what only frames text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gia_nlp.reading.blocks import Block, Paragraph, Table
from gia_nlp.reading.table import PlacedCell, cell_text, check_cells, compact, is_plausible, is_table

_PROSE_CELL = 60
_SLIVER = 60  # twentieths of a point


@dataclass(slots=True)
class RowCell:
    """A cell as its row lists it, with what it holds."""

    column: int
    width: int
    blocks: list[Block]
    continues_above: bool
    continues_left: bool

    @property
    def text(self) -> str:
        return cell_text("\n".join(_lines(self.blocks))) if self.blocks else ""


def on_true_columns(rows: list[list[RowCell]], widths: Sequence[str]) -> list[list[RowCell]]:
    """The rows without columns too narrow to see, which converters leave where two rows' edges miss each other by a hair.

    Where a cell with text would vanish, the widths are not to be believed and all stays as it is.
    """
    if not all(w.isdigit() and len(w) < 7 for w in widths) or all(int(w) >= _SLIVER for w in widths):
        return rows
    columns = [0]
    offset = 0
    for width in widths:
        # Slivers side by side add up to a column at some point.
        offset += int(width)
        columns.append(columns[-1] + (offset >= _SLIVER))
        offset = 0 if offset >= _SLIVER else offset

    def true(edge: int) -> int:
        return columns[edge] if edge < len(columns) else columns[-1] + edge - len(columns) + 1

    kept: list[list[RowCell]] = []
    for row in rows:
        placed = [replace(c, column=true(c.column), width=true(c.column + c.width) - true(c.column)) for c in row]
        if any(c.width == 0 and c.text for c in placed):
            return rows
        kept.append([c for c in placed if c.width > 0])
    return [row for row in kept if row]


def as_table(rows: Sequence[Sequence[RowCell]]) -> tuple[list[Block], bool]:
    """Rows as a table, or as paragraphs where they are only a frame; and whether their spans could be believed."""
    check_cells(sum(map(len, rows)))
    cells = compact(_placed(rows))
    believed = is_plausible(cells)
    if not believed:
        cells = tuple(PlacedCell(cell.text, r, c) for r, row in enumerate(rows) for c, cell in enumerate(row))
    if is_table(cells):
        return [Table(cells)], believed
    return [b for row in rows for cell in row for b in cell.blocks], True


def _placed(rows: Sequence[Sequence[RowCell]]) -> list[PlacedCell]:
    """Cells with their merges resolved. What claims to continue a cell that is not there stands for itself."""
    placed: list[PlacedCell] = []
    above: dict[int, int] = {}  # column -> index of the cell that ended in the row before
    for r, row in enumerate(rows):
        here: dict[int, int] = {}
        last: int | None = None
        for cell in row:
            if cell.continues_left and last is not None:
                left = placed[last]
                placed[last] = PlacedCell(
                    left.text, left.row, left.column, left.row_span, left.column_span + cell.width
                )
                continue
            upper = above.get(cell.column)
            if cell.continues_above and upper is not None and placed[upper].column_span == cell.width:
                up = placed[upper]
                placed[upper] = PlacedCell(up.text, up.row, up.column, up.row_span + 1, up.column_span)
                here[cell.column] = upper
                last = None
                continue
            here[cell.column] = last = len(placed)
            placed.append(PlacedCell(cell.text, r, cell.column, 1, cell.width))
        above = here
    return placed


def is_running_text(row: Sequence[RowCell]) -> bool:
    """A row that frames paragraphs or a table of its own."""
    if any(isinstance(b, Table) for cell in row for b in cell.blocks):
        return True
    if len(row) != 1:
        return False
    text = row[0].text
    return len(text) >= _PROSE_CELL and "。" in text


def _lines(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.text
        else:
            yield from (c.text for c in block.cells)
