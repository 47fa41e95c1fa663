"""Paragraphs and tables in reading order, and how they become a text with grids."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from gia_nlp.reading.table import PlacedCell, shape
from gia_nlp.records import Grid, GridCell


class Paragraph(NamedTuple):
    """One line of the text. ``recognised``: read from a picture."""

    text: str
    recognised: bool = False


class Table(NamedTuple):
    """A table with resolved spans. ``recognised``: read from a picture, at least in part."""

    cells: tuple[PlacedCell, ...]
    recognised: bool = False


Block = Paragraph | Table

RECOGNISED = "ocr"


def assemble(blocks: Iterable[Block], source: str) -> tuple[str, tuple[Grid, ...]]:
    """The text of a document and its grids, whose cells know their characters.

    One paragraph a line; one row a line with cells separated by a tab and an empty line before and after the table. A
    merged cell's text stands once, at its upper left place; the other positions that it covers stay empty.

    >>> text, grids = assemble([Paragraph("见表。"), Table((PlacedCell("规章", 0, 0), PlacedCell("2", 0, 1)))], "html")
    >>> text
    '见表。\\n\\n规章\\t2\\n'
    >>> [(c.text, c.start, c.end) for c in grids[0].cells]
    [('规章', 5, 7), ('2', 8, 9)]
    """
    text, grids, _ = assemble_marked(blocks, source)
    return text, grids


def assemble_marked(blocks: Iterable[Block], source: str) -> tuple[str, tuple[Grid, ...], tuple[tuple[int, int], ...]]:
    """As ``assemble``, and the stretches of the text that were read from pictures; such grids have the source ``ocr``.

    >>> assemble_marked([Paragraph("一、总体情况"), Paragraph("二、其他", recognised=True)], "pdf")[2]
    ((7, 12),)
    """
    parts: list[str] = []
    grids: list[Grid] = []
    spans: list[tuple[int, int]] = []
    length = 0
    after_table = False
    for block in blocks:
        if isinstance(block, Paragraph):
            lines = [line for line in block.text.splitlines() if line.strip()]
            if not lines:
                continue
            piece = ("\n" if after_table else "") + "".join(line + "\n" for line in lines)
            after_table = False
        else:
            if not block.cells:
                continue
            if parts:
                parts.append("\n")
                length += 1
            piece, grid = render(block.cells, length, RECOGNISED if block.recognised else source)
            grids.append(grid)
            after_table = True
        if block.recognised:
            if spans and spans[-1][1] >= length - 1:
                spans[-1] = (spans[-1][0], length + len(piece))
            else:
                spans.append((length, length + len(piece)))
        parts.append(piece)
        length += len(piece)
    return "".join(parts), tuple(grids), tuple(spans)


def render(cells: Sequence[PlacedCell], offset: int, source: str) -> tuple[str, Grid]:
    """A table's lines, and its grid with offsets that count from ``offset``."""
    height, width = shape(cells)
    by_row: list[dict[int, PlacedCell]] = [{} for _ in range(height)]
    for cell in cells:
        by_row[cell.row][cell.column] = cell
    parts: list[str] = []
    located: list[GridCell] = []
    position = offset
    for row in by_row:
        pieces = [""] * width
        length = 0  # of the texts before, without the tabs between them
        for column in sorted(row):
            text, r, _, row_span, column_span = row[column]
            start = position + column + length
            located.append(GridCell(r, column, text, start, start + len(text), row_span, column_span))
            pieces[column] = text
            length += len(text)
        parts.append("\t".join(pieces))
        position += length + max(width - 1, 0) + 1
    return "".join([f"{part}\n" for part in parts]), Grid(tuple(located), offset, max(offset, position - 1), source)


def digest(data: bytes) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
