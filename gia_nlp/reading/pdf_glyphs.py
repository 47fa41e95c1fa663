"""The characters of a page as columns: a page has thousands of them, and numpy places them all at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

import numpy as np

Point = tuple[float, float]
Numbers = np.ndarray[Any, np.dtype[Any]]


@dataclass(slots=True, init=False, unsafe_hash=True)
class Char:
    """A character and its box, never changed; ``y`` grows upwards. ``recognised``: read from a picture.

    ``x`` and ``y`` are the box's middle, ``size`` is its height.
    """

    text: str
    left: float
    bottom: float
    right: float
    top: float
    recognised: bool
    x: float = field(init=False, repr=False, compare=False)
    y: float = field(init=False, repr=False, compare=False)
    size: float = field(init=False, repr=False, compare=False)

    def __init__(
        self, text: str, left: float, bottom: float, right: float, top: float, recognised: bool = False
    ) -> None:
        self.text, self.left, self.bottom, self.right, self.top = text, left, bottom, right, top
        self.recognised = recognised
        self.x, self.y = (left + right) / 2, (bottom + top) / 2
        size = top - bottom
        self.size = size if size > 0.1 else 0.1

    @property
    def middle(self) -> Point:
        return self.x, self.y


class Glyphs:
    """Characters as columns: ``text`` a list, ``boxes`` four rows (left, bottom, right, top), ``recognised`` by character.

    >>> glyphs = Glyphs.of([Char("条", 10, 0, 20, 12), Char(" ", 20, 0, 26, 12)])
    >>> len(glyphs), glyphs.x.tolist(), glyphs.blank.tolist(), glyphs[0].top
    (2, [15.0, 23.0], [False, True], 12.0)
    """

    def __init__(self, text: Sequence[str], boxes: Numbers, recognised: Numbers | None = None) -> None:
        self.text = text
        self.boxes = boxes
        self.recognised = np.zeros(len(text), bool) if recognised is None else recognised

    @classmethod
    def of(cls, chars: Iterable[Char] | Glyphs) -> Glyphs:
        """Columns of characters."""
        if isinstance(chars, Glyphs):
            return chars
        chars = list(chars)
        boxes = np.array([(c.left, c.bottom, c.right, c.top) for c in chars], float).reshape(-1, 4).T
        return cls([c.text for c in chars], boxes, np.array([c.recognised for c in chars], bool))

    def __len__(self) -> int:
        return len(self.text)

    def __getitem__(self, i: int) -> Char:
        left, bottom, right, top = self.boxes[:, i].tolist()
        return Char(self.text[i], left, bottom, right, top, bool(self.recognised[i]))

    def __iter__(self) -> Iterator[Char]:
        return map(Char, self.text, *self.boxes.tolist(), self.recognised.tolist())

    def take(self, places: Numbers) -> Self:
        """Some of the characters."""
        text = self.text
        return type(self)([text[i] for i in places.tolist()], self.boxes[:, places], self.recognised[places])

    @property
    def left(self) -> Numbers:
        return self.boxes[0]

    @property
    def bottom(self) -> Numbers:
        return self.boxes[1]

    @property
    def right(self) -> Numbers:
        return self.boxes[2]

    @property
    def top(self) -> Numbers:
        return self.boxes[3]

    @cached_property
    def x(self) -> Numbers:
        return (self.boxes[0] + self.boxes[2]) / 2

    @cached_property
    def y(self) -> Numbers:
        return (self.boxes[1] + self.boxes[3]) / 2

    @cached_property
    def size(self) -> Numbers:
        height = self.boxes[3] - self.boxes[1]
        return np.where(height > 0.1, height, 0.1)

    @cached_property
    def blank(self) -> Numbers:
        """Which are white space."""
        return np.array(list(map(str.isspace, self.text)), bool)
