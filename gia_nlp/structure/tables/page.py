"""A free text as it is searched for labels and numbers: what is no part of a table masked, and its letters as one stream."""

from __future__ import annotations

import re
import sys
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache

import numpy as np

from gia_nlp.structure.tables.masks import TOKEN_PATTERN, without_page_marks, without_remarks

# Words in it are marks, no part of a label. It begins with the line end before it, which is sought faster than a place.
_MARKED_LINE = re.compile(rf"\n[ ]*{TOKEN_PATTERN}(?:[ ]+{TOKEN_PATTERN})+[ ]*(?=\n|\Z)")
_RUN = re.compile(rf"{TOKEN_PATTERN}(?:[\s\x00]*{TOKEN_PATTERN})*")  # a page mark (\x00) does not end a run


@dataclass(slots=True)
class Page:
    """``unmarked`` is a text with page marks masked, ``text`` with remarks masked too, ``worded`` without lines of numbers and marks.

    ``stream`` are the letters of ``worded``, ``places`` where they stand, ``runs`` the numbers with nothing but blanks between them.
    """

    unmarked: str
    text: str
    worded: str
    stream: str
    places: list[int]
    runs: list[tuple[int, int]]

    def between(self, start: int, end: int) -> str:
        """The letters between two places, at most fifty."""
        a, b = bisect_left(self.places, start), bisect_left(self.places, end)
        return self.stream[a : min(b, a + 50)]

    def parted(self, start: int, end: int) -> bool:
        """Whether letters stand between two places."""
        if start >= end:
            return False
        if "\u4e00" <= self.worded[start] <= "\u9fff":
            return True
        a = bisect_left(self.places, start)
        return a < len(self.places) and self.places[a] < end


def open_page(content: str) -> Page:
    """A text made ready for the search.

    >>> page = open_page("规章 13（其中修订8件） 0 16\\n- 3 -\\n行政许可 88件")
    >>> page.stream, page.runs
    ('规章行政许可件', [(3, 18), (30, 32)])
    """
    unmarked = without_page_marks(content)
    text = without_remarks(unmarked)
    worded = _MARKED_LINE.sub(lambda m: "\n" + "\x00" * (len(m.group()) - 1), f"\n{text}")[1:]
    # A regular expression that collects stretches of letters takes four times as long.
    codes = np.frombuffer(worded.encode("utf-32-le", "surrogatepass"), np.uint32)
    places = _letters().take(codes).nonzero()[0]
    stream = str(codes.take(places).data, "utf-32-le")
    return Page(unmarked, text, worded, stream, places.tolist(), [m.span() for m in _RUN.finditer(text)])


@cache
def _letters() -> np.ndarray:
    """For every code point whether it is a letter of a label: an ideograph or one of the Latin alphabet."""
    found = np.zeros(sys.maxunicode + 1, dtype=bool)
    for first, last in ("\u3400\u4dbf", "\u4e00\u9fff", "AZ", "az"):
        found[ord(first) : ord(last) + 1] = True
    return found
