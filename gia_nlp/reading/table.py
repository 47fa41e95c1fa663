"""From rows of cells with spans to cells with places: the one way that every format shares.

A cell covers a rectangle; every position of the table is covered at most once.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from gia_nlp.reading.errors import ReadingError
from gia_nlp.reading.limits import limits, more
from gia_nlp.records import Issue

# As in the HTML standard: larger spans are errors of the page, not tables.
MAX_COLUMN_SPAN = 1000
MAX_ROW_SPAN = 65534
# No table of any form is wider; what a page claims beyond is cut.
MAX_COLUMNS = 4096


class SpanCell(NamedTuple):
    """A cell as a row of the file lists it. ``row_span`` 0 reaches to the end of its group of rows."""

    text: str
    row_span: int = 1
    column_span: int = 1


class PlacedCell(NamedTuple):
    """A cell with its place: it covers ``row_span`` x ``column_span`` positions from ``(row, column)`` on."""

    text: str
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1


def cell_text(text: str) -> str:
    """The text of a cell on one line: white space runs are one space, what shows nothing is no text.

    >>> cell_text(" 商业\\n 企业\\xa0"), cell_text("\\xa0\\u200b")
    ('商业 企业', '')
    """
    joined = " ".join(text.split())
    return joined if joined.isprintable() or any(c.isprintable() and c != " " for c in joined) else ""


def place(groups: Iterable[Sequence[Sequence[SpanCell]]]) -> tuple[PlacedCell, ...]:
    """Places of the cells of a table, given as groups of rows (``thead``, ``tbody`` …), by the rules of HTML.

    A span that leaves its group of rows is cut there; one that would cover a taken position is cut before it.

    >>> cells = place([[[SpanCell("a", row_span=2), SpanCell("b")], [SpanCell("c")]]])
    >>> [(c.text, c.row, c.column, c.row_span) for c in cells]
    [('a', 0, 0, 2), ('b', 0, 1, 1), ('c', 1, 1, 1)]
    """
    placed: list[PlacedCell] = []
    top = 0
    steps, most = 0, limits().positions
    for rows in groups:
        bottom = top + len(rows)
        taken_until: dict[int, int] = {}  # column -> first row that is free again
        for r, row in enumerate(rows, start=top):
            column = 0
            for text, row_span, column_span in row:
                begun = column
                while taken_until.get(column, 0) > r:
                    column += 1
                width = 1
                if column_span > 1:
                    wanted = min(column_span, MAX_COLUMN_SPAN, max(MAX_COLUMNS - column, 1))
                    while width < wanted and taken_until.get(column + width, 0) <= r:
                        width += 1
                height = 1
                if row_span != 1:
                    height = bottom - r if row_span <= 0 else min(row_span, MAX_ROW_SPAN, bottom - r)
                if height > 1:
                    for c in range(column, column + width):
                        taken_until[c] = r + height
                placed.append(PlacedCell(text, r, column, height, width))
                column += width
                steps += column - begun
                if steps > most:
                    raise TooManyPositions
        top = bottom
    return tuple(placed)


class TooManyPositions(Exception):
    """Spans that cover more positions than any table has."""


def arrange(groups: Sequence[Sequence[Sequence[SpanCell]]]) -> tuple[tuple[PlacedCell, ...], bool]:
    """Places cells and leaves phantom rows and columns out; spans that make a table nearly all hole are not believed.

    Gives the cells, and whether their spans were believed. Raises ``ReadingError`` for a table of too many cells.

    >>> [c.column for c in arrange([[[SpanCell("a", column_span=7), SpanCell("b")]]])[0]]
    [0, 1]
    """
    check_cells(sum(len(row) for rows in groups for row in rows))
    try:
        cells = compact(place(groups))
        if is_plausible(cells):
            return cells, True
    except TooManyPositions:
        pass
    rows = [row for group in groups for row in group]
    plain = tuple(PlacedCell(cell.text, r, c) for r, row in enumerate(rows) for c, cell in enumerate(row))
    return compact(plain), False


def is_plausible(cells: Sequence[PlacedCell]) -> bool:
    """Whether the places of cells can be meant: a table that is nearly all hole is none.

    >>> is_plausible((PlacedCell("a", 0, 0), PlacedCell("b", 999, 999)))
    False
    """
    height, width = shape(cells)
    return height * width <= max(20_000, 50 * len(cells))


def check_cells(count: int) -> None:
    """Raises ``ReadingError`` for a table of more cells than any report has."""
    most = limits().cells
    if count > most:
        raise ReadingError(f"A table has {count:,} cells; up to {most:,} are read.", hint=more("cells", str(2 * count)))


def spans_not_believed(tables: int) -> Issue:
    """The note on tables that :func:`arrange` gave one position a cell."""
    message = f"Spans of merged cells that no table can have were not believed, in {tables} table{'s' * (tables > 1)}."
    return Issue("reading", "SpansNotBelieved", message, "Compare the table's cells with the file.")


def compact(cells: Sequence[PlacedCell]) -> tuple[PlacedCell, ...]:
    """The same table without the rows and columns in which no cell begins.

    Word and web editors leave such phantom columns by the dozen (a boundary of some other row that is long gone); what
    covers them spans one position less.

    >>> compact((PlacedCell("a", 0, 0, 1, 3), PlacedCell("b", 0, 3)))[1].column
    1
    """
    rows, columns = sorted({c.row for c in cells}), sorted({c.column for c in cells})
    height, width = shape(cells)
    if len(rows) == height and len(columns) == width:
        return tuple(cells)  # a cell begins in each of them
    row_rank, column_rank = _ranks(rows), _ranks(columns)
    return tuple(
        PlacedCell(
            c.text,
            row_rank(c.row),
            column_rank(c.column),
            row_rank(c.row + c.row_span) - row_rank(c.row),
            column_rank(c.column + c.column_span) - column_rank(c.column),
        )
        for c in cells
    )


def _ranks(starts: Sequence[int]) -> Callable[[int], int]:
    return lambda position: bisect_left(starts, position)


def shape(cells: Sequence[PlacedCell]) -> tuple[int, int]:
    """Rows and columns of a table."""
    rows = max([c.row + c.row_span for c in cells], default=0)
    return rows, max([c.column + c.column_span for c in cells], default=0)


def is_table(cells: Sequence[PlacedCell]) -> bool:
    """Whether placed cells hold tabular text at all: at least two columns and two cells with text.

    >>> is_table((PlacedCell("只是一个框", 0, 0),))
    False
    """
    filled = [c for c in cells if c.text]
    return len({c.column for c in cells}) >= 2 and len(filled) >= 2
