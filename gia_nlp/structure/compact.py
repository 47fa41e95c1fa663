"""A text without blanks and line ends, which remembers where they stood.

Headings come with blanks inside, over two lines, or glued to what follows. Without blanks all are one string; where a
line began stays known, because a heading mostly begins one.
"""

from __future__ import annotations

import sys
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from gia_nlp.text.characters import codes
from gia_nlp.text.normalise import Normalised, normalise

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, slots=True)
class Compact:
    """``text`` is the normal form without blanks; ``origin[i]`` is the place of its i-th character in the original.

    ``spaced`` is the normal form with blanks and line ends, for what must not grow together (dates, years), ``normal`` the same
    with its places in the original.
    ``lines`` are the indexes at which a line begins, ``blanks`` those before which a blank or a line end stands.
    """

    text: str
    origin: Sequence[int]
    lines: tuple[int, ...]
    blanks: frozenset[int]
    source_end: int
    normal: Normalised = field(repr=False, compare=False)

    @property
    def spaced(self) -> str:
        """The normal form with blanks and line ends."""
        return self.normal.text

    def starts_line(self, index: int) -> bool:
        """Whether a line begins at an index; so it does at the end of the text."""
        if index >= len(self.text):
            return True
        place = bisect_left(self.lines, index)
        return place < len(self.lines) and self.lines[place] == index

    def line_start(self, index: int) -> int:
        """The index at which the line that holds ``index`` begins."""
        return self.lines[max(bisect_right(self.lines, index) - 1, 0)] if self.lines else 0

    def line_end(self, index: int) -> int:
        """The index behind the last character of the line that holds ``index``."""
        place = bisect_right(self.lines, index)
        return self.lines[place] if place < len(self.lines) else len(self.text)

    def offset(self, index: int) -> int:
        """The place in the original of the character at an index; the end of the text for one behind the last."""
        return self.origin[index] if index < len(self.origin) else self.source_end

    def end_offset(self, index: int) -> int:
        """The place in the original behind the character that precedes an index."""
        return self.origin[index - 1] + 1 if index > 0 else 0

    def original(self, text: str, start: int, end: int) -> str:
        """The characters between two indexes as they stand in the original, without what stands between them there."""
        first, stop = self.offset(start), self.end_offset(end)
        return text[first:stop] if stop - first == end - start else "".join([text[o] for o in self.origin[start:end]])

    def locate(self, offset: int) -> int:
        """The index of the first character that stands at or behind an offset of the original."""
        return bisect_left(self.origin, offset)


def compact(text: str) -> Compact:
    """The compact form of a text.

    >>> view = compact("一、 总体\\n情况")
    >>> view.text, view.lines, view.offset(4)
    ('一、总体情况', (0, 4), 6)
    """
    import numpy as np

    view = normalise(text, heal=False)
    chars = codes(view.text)
    is_blank = chars <= ord(" ") if view.plain else _blanks().take(chars)
    kept = np.flatnonzero(~is_blank)  # places in the normal form
    gaps = np.flatnonzero(is_blank)
    behind = gaps - np.arange(len(gaps))  # the index of what follows each blank
    blanks = {0, *behind.tolist()}
    lines = dict.fromkeys((0, *behind[chars[gaps] == ord("\n")].tolist()))
    words = str(chars[kept].data, "utf-32-le", "surrogatepass")
    lines.pop(len(words), None)  # line ends behind the last word begin no line
    if not view.text[len(view.text.rstrip()) :].strip("\n"):
        blanks.discard(len(words))
    origin = kept + view.origin.start if isinstance(view.origin, range) else np.asarray(view.origin, dtype=int)[kept]
    return Compact(words, memoryview(origin.data), tuple(lines), frozenset(blanks), len(text), view)


@cache
def _blanks() -> np.ndarray:
    """For every code point whether it is a blank."""
    import numpy as np

    found = np.zeros(sys.maxunicode + 1, dtype=bool)
    found[[code for code in range(0x10000) if chr(code).isspace()]] = True
    return found
