"""Cells that text recognition read from a picture say so."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import replace

from gia_nlp.records import Cell, Document

NOTE = "ocr"


def mark_recognised(cells: Iterable[Cell], document: Document) -> tuple[Cell, ...]:
    """The cells with ``ocr`` in the note of those that stand in recognised stretches of the document.

    Of a recognised table the lost cells are marked too, as recognition may have lost them.

    >>> cell = Cell("2021", "requests", "new", "total", 5.0, "件", "number", "5", "split", 8, 9)
    >>> mark_recognised([cell], Document("本年新收\\t0\\t0\\t5", recognised=((0, 10),)))[0].note
    'split; ocr'
    """
    found = tuple(cells)
    spans = sorted(document.recognised)
    if not spans:
        return found
    starts = [start for start, _ in spans]

    def seen(cell: Cell) -> bool:
        if cell.start is None:
            return False
        i = bisect_right(starts, cell.start) - 1
        return i >= 0 and cell.start <= spans[i][1]

    tables = {(c.form, c.table) for c in found if seen(c)}
    return tuple(
        replace(c, note=with_ocr(c.note)) if seen(c) or (c.start is None and (c.form, c.table) in tables) else c
        for c in found
    )


def with_ocr(note: str | None) -> str:
    """A note with ``ocr`` at its end, once.

    >>> with_ocr(None), with_ocr("glued; ocr")
    ('ocr', 'glued; ocr')
    """
    parts = note.split("; ") if note else []
    return note or NOTE if NOTE in parts else "; ".join([*parts, NOTE])
