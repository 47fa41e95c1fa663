"""Ruled tables with their text: filled from a page's characters, joined over page breaks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from gia_nlp.reading.pdf_grid import Region, Ruled, find_tables
from gia_nlp.reading.pdf_lines import build_lines
from gia_nlp.reading.pdf_page import Char, PageContent
from gia_nlp.reading.table import PlacedCell, cell_text, compact

_SAME_EDGE = 5.0
_SAME_WIDTH = 1.06
_SHIFTED = 40.0
_PROSE_ROW = 60
_NUMBER = re.compile(r"[\d０-９][\d０-９.,，]*$")
_SMALLEST = 4.0  # positions narrower than this hold no character


@dataclass(frozen=True, slots=True)
class FilledTable:
    """A ruled table with the text of its cells; ``xs`` are its column edges, ``top`` its place on its first page."""

    xs: tuple[float, ...]
    top: float
    cells: tuple[PlacedCell, ...]
    recognised: bool = False

    @property
    def is_table(self) -> bool:
        """At least two columns and two rows with text: a frame around a paragraph is none."""
        filled = [c for c in self.cells if c.text]
        return len({c.column for c in filled}) >= 2 and len({c.row for c in filled}) >= 2

    def placed(self) -> tuple[PlacedCell, ...]:
        """Cells without phantom rows and columns."""
        return compact(self.cells)

    def lines(self) -> list[str]:
        """The text of what turned out to be no table."""
        return [c.text for c in sorted(self.cells, key=lambda c: (c.row, c.column)) if c.text]


def fill(page: PageContent) -> tuple[list[FilledTable], list[Char]]:
    """The tables of a page, and the characters outside them."""
    tables = find_tables(page.rules)
    inside: list[dict[tuple[int, int], list[Char]]] = [{} for _ in tables]
    owner = [{p: i for i, r in enumerate(t.regions) for p in _positions(r)} for t in tables]
    rest: list[Char] = []
    for char in page.chars:
        x, y = char.x, char.y
        for table, cells in zip(tables, inside, strict=True):
            place = table.place(x, y)
            if place is not None:
                cells.setdefault(place, []).append(char)
                break
        else:
            rest.append(char)
    filled: list[FilledTable] = []
    for table, cells, owners in zip(tables, inside, owner, strict=True):
        by_region: dict[int, list[Char]] = {}
        for place, chars in cells.items():
            by_region.setdefault(owners[place], []).extend(chars)
        parts, loose = _parts(table, by_region)
        filled.extend(parts)
        rest.extend(loose)
    return filled, rest


def _positions(region: Region) -> list[tuple[int, int]]:
    rows = range(region.row, region.row + region.row_span)
    return [(r, c) for r in rows for c in range(region.column, region.column + region.column_span)]


def _parts(table: Ruled, by_region: dict[int, list[Char]]) -> tuple[list[FilledTable], list[Char]]:
    """A table cut at rows that only frame a paragraph; the characters of those rows go back to the page."""
    width = len(table.xs) - 1
    texts: dict[int, str] = {}
    prose_rows: set[int] = set()
    loose: list[Char] = []
    for i, region in enumerate(table.regions):
        chars = by_region.get(i, [])
        # A tab in a cell is a gap, no column.
        text = cell_text("\n".join(line.text for line in build_lines(chars)))
        if region.column_span == width and len(text) >= _PROSE_ROW and "。" in text:
            prose_rows.update(range(region.row, region.row + region.row_span))
            loose.extend(chars)
        else:
            texts[i] = text
    parts: list[FilledTable] = []
    start = 0
    for stop in [*sorted(prose_rows), len(table.ys) - 1]:
        regions = [(i, table.regions[i]) for i in texts if start <= table.regions[i].row < stop]
        if regions:
            cells = tuple(
                PlacedCell(texts[i], r.row - start, r.column, min(r.row_span, stop - r.row), r.column_span)
                for i, r in regions
            )
            seen = any(char.recognised for i, _ in regions for char in by_region.get(i, []))
            part = FilledTable(table.xs, table.ys[start], cells, seen)
            if len({c.column for c in cells if c.text}) >= 2:
                parts.append(part)
            else:
                loose.extend(char for i, _ in regions for char in by_region.get(i, []))
        start = stop + 1
    return parts, loose


def join(above: FilledTable, below: FilledTable) -> FilledTable | None:
    """One table of two parts that a page break tore apart; None if their columns differ.

    Rows that repeat the head of the table word for word are left out. A merged cell that goes on below without text of
    its own covers both parts.
    """
    if above.recognised or below.recognised:
        below = _fitted(above, below)
    if abs(above.xs[0] - below.xs[0]) > _SAME_EDGE or abs(above.xs[-1] - below.xs[-1]) > _SAME_EDGE:
        return None
    few, many = sorted((above.xs, below.xs), key=len)
    if any(min(abs(x - other) for other in many) > _SAME_EDGE for x in few):
        return None
    xs = many
    upper, lower = _on_edges(above, xs), _drop_head(_on_edges(above, xs), _on_edges(below, xs))
    height = max((c.row + c.row_span for c in upper), default=0)
    bottom = {(c.column, c.column_span): i for i, c in enumerate(upper) if c.row + c.row_span == height}
    joined = list(upper)
    for cell in lower:
        i = bottom.get((cell.column, cell.column_span)) if cell.row == 0 else None
        # Value cells cover one row each: a blank one is a blank, never a part of the number above it.
        if i is not None and not cell.text and (cell.row_span > 1 or joined[i].row_span > 1):
            joined[i] = replace(joined[i], row_span=joined[i].row_span + cell.row_span)
        else:
            joined.append(PlacedCell(cell.text, cell.row + height, cell.column, cell.row_span, cell.column_span))
    return FilledTable(xs, above.top, tuple(joined), above.recognised or below.recognised)


def _fitted(above: FilledTable, below: FilledTable) -> FilledTable:
    """The lower part moved and stretched onto the upper one: no two sheets lie in a scanner alike."""
    wide, narrow = above.xs[-1] - above.xs[0], below.xs[-1] - below.xs[0]
    if not 1 / _SAME_WIDTH <= wide / narrow <= _SAME_WIDTH or abs(above.xs[0] - below.xs[0]) > _SHIFTED:
        return below
    xs = tuple(above.xs[0] + (x - below.xs[0]) * wide / narrow for x in below.xs)
    return replace(below, xs=xs)


def _on_edges(table: FilledTable, xs: Sequence[float]) -> list[PlacedCell]:
    """Cells counted by the columns of a finer set of edges."""
    index = [min(range(len(xs)), key=lambda i: abs(xs[i] - x)) for x in table.xs]
    cells = []
    for c in table.cells:
        first, last = index[c.column], index[c.column + c.column_span]
        if last > first:
            cells.append(PlacedCell(c.text, c.row, first, c.row_span, last - first))
    return cells


def _drop_head(upper: Sequence[PlacedCell], lower: Sequence[PlacedCell]) -> list[PlacedCell]:
    def head(cells: Sequence[PlacedCell], row: int) -> list[tuple[int, str]]:
        return sorted((c.column, c.text) for c in cells if c.row == row and c.text)

    rows = 0
    while True:
        line = head(lower, rows)
        covered = {c.row for c in lower if c.row < rows < c.row + c.row_span}
        if (not line and not covered) or line != head(upper, rows) or any(_NUMBER.match(text) for _, text in line):
            break
        rows += 1
    # A head ends where no cell reaches over its last row.
    while rows and any(c.row < rows < c.row + c.row_span for c in lower):
        rows -= 1
    if not rows:
        return list(lower)
    return [PlacedCell(c.text, c.row - rows, c.column, c.row_span, c.column_span) for c in lower if c.row >= rows]
