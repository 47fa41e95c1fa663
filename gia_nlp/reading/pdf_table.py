"""Ruled tables with their text: filled from a page's characters, joined over page breaks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gia_nlp.reading.pdf_grid import Region, Ruled, find_tables
from gia_nlp.reading.pdf_lines import Line, build_lines, lines_by_group
from gia_nlp.reading.pdf_page import PageContent
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


def fill(page: PageContent) -> tuple[list[FilledTable], list[Line]]:
    """The tables of a page, and the lines outside them."""
    tables = find_tables(page.rules)
    glyphs = page.chars
    groups = np.zeros(len(glyphs), int)  # 0 outside of tables, then the regions of all tables
    first = 1
    for table in tables:
        regions = table.regions_at(glyphs.x, glyphs.y)
        groups = np.where((groups == 0) & (regions >= 0), first + regions, groups)
        first += len(table.regions)
    lines = lines_by_group(glyphs, groups, first)
    recognised = set(groups[glyphs.recognised].tolist())
    filled: list[FilledTable] = []
    loose: list[int] = []
    first = 1
    for table in tables:
        numbers = range(first, first + len(table.regions))
        # A tab in a cell is a gap, no column.
        texts = [cell_text("\n".join([line.text for line in lines[n]])) if lines[n] else "" for n in numbers]
        parts, outside = _parts(table, texts, {n - first for n in recognised if n in numbers})
        filled.extend(parts)
        loose.extend(first + i for i in outside)
        first = numbers.stop
    if not loose:
        return filled, lines[0]
    return filled, build_lines(glyphs.take(np.flatnonzero(np.isin(groups, [0, *loose]))))


def _parts(table: Ruled, texts: Sequence[str], recognised: set[int]) -> tuple[list[FilledTable], list[int]]:
    """A table cut at rows that only frame a paragraph, and the regions whose characters go back to the page."""
    width = len(table.xs) - 1
    kept: list[tuple[int, Region]] = []
    prose_rows: set[int] = set()
    loose: list[int] = []
    for i, (region, text) in enumerate(zip(table.regions, texts, strict=True)):
        if region.column_span == width and len(text) >= _PROSE_ROW and "。" in text:
            prose_rows.update(range(region.row, region.row + region.row_span))
            loose.append(i)
        else:
            kept.append((i, region))
    parts: list[FilledTable] = []
    start = 0
    for stop in [*sorted(prose_rows), len(table.ys) - 1]:
        regions = [(i, r) for i, r in kept if start <= r.row < stop]
        if regions:
            cells = tuple(
                [
                    PlacedCell(texts[i], r.row - start, r.column, min(r.row_span, stop - r.row), r.column_span)
                    for i, r in regions
                ]
            )
            if len({c.column for c in cells if c.text}) >= 2:
                seen = any(i in recognised for i, _ in regions)
                parts.append(FilledTable(table.xs, table.ys[start], cells, seen))
            else:
                loose.extend(i for i, _ in regions)
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
            joined[i] = joined[i]._replace(row_span=joined[i].row_span + cell.row_span)
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
