"""A document as a sequence of table rows whose cells are parted by the layout, and of free text between them."""

from __future__ import annotations

from gia_nlp.records import Document, Grid
from gia_nlp.structure.tables.reporttext import ReportText
from gia_nlp.structure.tables.rows import Free, Piece, Row
from gia_nlp.structure.tables.textrows import text_parts
from gia_nlp.text.normalise import Normalised, normalise

_LONG_CELL = 400  # characters; a grid cell longer than this is a page's layout, not a table's cell


def split(document: Document, view: Normalised | None = None) -> list[Row | Free]:
    """Rows and free text in text order; ``view`` is the text's normal form with blanks, where it is known."""
    text = ReportText(document.text, view)
    parts: list[Row | Free] = []
    at = 0
    for number, grid in enumerate(sorted(_outermost(document.grids), key=lambda g: g.start)):
        if max([len(c.text) for c in grid.cells]) > _LONG_CELL:
            continue
        parts += text_parts(text, at, grid.start, number)
        parts += _grid_rows(text, grid, number)
        at = max(at, grid.end)
    return parts + text_parts(text, at, len(document.text), len(document.grids))


def _outermost(grids: tuple[Grid, ...]) -> list[Grid]:
    """Grids that do not overlap; of a table in a table's cell the inner one."""
    kept: list[Grid] = []
    for grid in sorted(grids, key=lambda g: g.end - g.start):
        if grid.cells and all(grid.end <= k.start or grid.start >= k.end for k in kept):
            kept.append(grid)
    return kept


def _grid_rows(text: ReportText, grid: Grid, number: int) -> list[Row]:
    height = max([cell.row + cell.row_span for cell in grid.cells])
    width = max([cell.column + cell.column_span for cell in grid.cells])
    none = [Piece("", None, None, c) for c in range(width)]
    matrix = [none[:] for _ in range(height)]
    for cell in grid.cells:
        r, c, start, end = cell.row, cell.column, cell.start, cell.end
        if cell.row_span + cell.column_span != 2:
            for column in range(c, c + cell.column_span):
                under = Piece("", None, None, column, covered=True)
                for row in range(r, r + cell.row_span):
                    matrix[row][column] = under
        if start is None or end is None:
            matrix[r][c] = Piece(" ".join(normalise(cell.text).text.split()), None, None, c)
        else:
            matrix[r][c] = text.piece(start, end, c)
    rows = []
    position = grid.start
    for line in matrix:
        start = end = -1
        for p in line:  # two comprehensions take three times as long
            if p.start is not None and p.end is not None:
                start = p.start if start < 0 or p.start < start else start
                end = p.end if p.end > end else end
        if start < 0:
            start = end = position
        position = max(position, end)
        rows.append(Row(tuple(line), start, end, "grid", number * 2 + 1))
    return rows
