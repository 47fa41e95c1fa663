"""Rows of table ``requests`` between borders: their labels, and which of their cells are values."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from gia_nlp.structure.tables.labels import Choice, is_number_like, label_key
from gia_nlp.structure.tables.rows import Piece, Row, of_head
from gia_nlp.vocabulary.active import per_vocabulary
from gia_nlp.vocabulary.forms import letters, requests_form, review_form

_RAGGED = 6  # cells of blank labels before, and of ragged ends behind, a row's own
_LEAF_LEAD = re.compile(r"\s*[（(]?[1-8]\s*[.．、,，)）]\s*[\u4e00-\u9fff]")


def match_label(row: Row) -> tuple[str | None, float, int]:
    """The row label among a row's cells: id, score, place of the cell. Of several the last before the numbers."""
    return _matched(row)


@of_head
def _matched(head: tuple[str, ...]) -> tuple[str | None, float, int]:
    labels = _row_labels()
    chosen: tuple[str | None, float, int] = (None, 0.0, -1)
    before = ""
    for i, text in enumerate(head):
        if not text:
            continue
        if is_number_like(text):
            break
        key = label_key(text)
        found = labels.best(key)
        joined = labels.best(before + key) if before and key else None
        if joined and joined[1] > (found[1] if found else 0) + 0.05:
            found = joined
        again = found is not None and found == chosen[:2]  # a merged cell's words repeated
        if found and (found[1] >= 0.7 or chosen[0] is None or again):
            chosen = (*found, i)
        before = key
    return chosen


@per_vocabulary
def _row_labels() -> Choice:
    return Choice((*requests_form("2021").rows, *(r for r in requests_form("2019").rows if r.id == "other")))


_LABEL_AND_NUMBERS = re.compile(r"(.*[\u4e00-\u9fff）)”\"])\s+((?:\d+\s*)+)$", re.S)


def unglued(row: Row) -> Row:
    """A row in which a label shares its cell with numbers, the two parted."""
    if not _ends_in_digit(row):
        return row
    cells: list[Piece] = []
    for piece in row.cells:
        words = piece.text
        may_be = words[-1:].isdecimal() and not words.isdecimal() and len(words) < 120
        match = _LABEL_AND_NUMBERS.match(words) if may_be else None
        if not match or piece.start is None or piece.end is None or len(words) != piece.end - piece.start:
            cells.append(piece if piece.column == len(cells) else replace(piece, column=len(cells)))
            continue
        cells.append(Piece(match.group(1), piece.start, piece.start + match.end(1), len(cells)))
        for number in re.finditer(r"\d+", match.group(2)):
            start = piece.start + match.start(2) + number.start()
            cells.append(Piece(number.group(), start, start + len(number.group()), len(cells)))
    return replace(row, cells=tuple(cells)) if len(cells) > len(row.cells) else row


@of_head
def _ends_in_digit(head: tuple[str, ...]) -> bool:
    """Whether a cell of a row has words and a digit at its end."""
    return any(text[-1:].isdecimal() and not text.isdecimal() for text in head)


def gapped(row: Row, last: int, pieces: list[Piece], width: int) -> bool:
    """Whether a row whose label is lost or misread has a cell for each column, some of them blank.

    ``pieces`` are the cells behind the last words, which are a group's label or begin like a leaf's.
    """
    if row.source == "grid" or not width <= len(pieces) <= width + _RAGGED:
        return False
    if len([p for p in pieces if p.text]) > width or not all(is_number_like(p.text) for p in pieces):
        return False
    words = row.cells[last].text if last >= 0 else ""
    return not words or is_group(words) or bool(_LEAF_LEAD.match(words))


def is_group(words: str) -> bool:
    """Whether a cell's words are the label of a group of rows."""
    return label_key(words) in _groups()


@cache
def _groups() -> frozenset[str]:
    return frozenset(letters(group) for group in requests_form("2021").groups)


def other_table(row: Row) -> bool:
    """Whether a row's words belong to another table."""
    return _of_review(row)


@of_head
def _of_review(head: tuple[str, ...]) -> bool:
    words = _words_of_review()
    return any(letters(text) in words for text in head if text and not text.isdigit())


@per_vocabulary
def _words_of_review() -> frozenset[str]:
    return frozenset(
        (*(core for r in review_form("2021").rows for core in r.cores), "结果维持", "结果纠正", "尚未审结")
    )
