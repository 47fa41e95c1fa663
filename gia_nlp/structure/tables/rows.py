"""Table rows whose cells are parted by the layout, and free text between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

from gia_nlp.structure.tables.labels import is_number_like
from gia_nlp.text.normalise import Normalised
from gia_nlp.vocabulary.active import recent_per_vocabulary

T = TypeVar("T")


# Pieces and rows never change, but are not declared frozen: they are made by the hundred, and a frozen one takes four times as long.
@dataclass(slots=True)
class Piece:
    """A cell as printed; ``text`` in normal form without blanks at its ends. No span for a cell that only a merge covers."""

    text: str
    start: int | None
    end: int | None
    column: int
    covered: bool = False


@dataclass(slots=True)
class Row:
    """Cells between which the layout draws borders. Rows of one ``block`` follow each other without other text.

    What every reader asks of a row is told once: ``filled`` are the places of the cells with something in them, ``other`` of those
    that hold no plain number, ``words`` of those that hold words rather than a value. ``head`` are the texts of the cells up to the
    last one that is no plain number: the words of a form are the same in report after report, and readers remember what they say in
    ``told`` (:func:`of_head`).
    """

    cells: tuple[Piece, ...]
    start: int
    end: int
    source: str
    block: int
    filled: list[int] = field(init=False)
    head: tuple[str, ...] = field(init=False)
    told: dict[Any, Any] = field(init=False, repr=False, compare=False)
    other: tuple[int, ...] = field(init=False)
    words: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.filled = filled = []
        stop = 0
        for i, piece in enumerate(self.cells):
            if text := piece.text:
                filled.append(i)
                if not text.isdigit():
                    stop = i + 1
        self.head = tuple([piece.text for piece in self.cells[:stop]])
        self.told = _told(self.head)
        self.other, self.words = _kinds(self)


@recent_per_vocabulary(8192)
def _told(head: tuple[str, ...]) -> dict[Any, Any]:
    """What readers have told of a row's head so far."""
    return {}


def of_head(function: Callable[[tuple[str, ...]], T]) -> Callable[[Row], T]:
    """Makes what a reader tells of a row's head into what it tells of the row, remembered as long as the head is.

    >>> @of_head
    ... def width(head):
    ...     return len(head)
    >>> width(Row((Piece("规章", 0, 2, 0), Piece("3", 3, 4, 1)), 0, 4, "tab", 0))
    1
    """

    @wraps(function)
    def of_row(row: Row) -> T:
        told = row.told
        if function in told:
            found: T = told[function]
            return found
        result = told[function] = function(row.head)
        return result

    return of_row


@of_head
def _kinds(head: tuple[str, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The places in a row's head that hold no plain number, and those that hold words."""
    other = tuple(i for i, text in enumerate(head) if text and not text.isdigit())
    return other, tuple(i for i in other if not is_number_like(head[i]))


@dataclass(frozen=True, slots=True)
class Free:
    """Text without borders. ``view`` is its normal form with blanks and line ends kept and page marks left out."""

    view: Normalised
    start: int
    end: int
