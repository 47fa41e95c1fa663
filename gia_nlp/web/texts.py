"""Free text over all reports, without an index of words: their text one after the other in a file, searched at memory's speed.

A word that is common is found near the beginning of each report, a rare one is looked for once through the file, so every
question costs at most one pass. The file is mapped, not loaded: memory holds the places of the reports alone (8 bytes each).
Blanks and line ends are left out, so that words broken by a line are found; Latin letters are compared in lower case.
"""

from __future__ import annotations

import mmap
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path

_FOLDED = {ord(c): None for c in " \t\n\r\x0b\x0c\xa0\u2002\u2003\u2009\u200b\u3000\ufeff"}
_END = b"\xff"  # stands in no UTF-8: no match reaches over two reports


def folded(text: str) -> bytes:
    """A text as it is searched.

    >>> folded("门户 网\\n站 APP").decode()
    '门户网站app'
    """
    return text.translate(_FOLDED).lower().encode("utf-8", "replace")


class TextFile:
    """The texts of reports 0, 1, 2 … in one file at ``path``, which the caller removes."""

    def __init__(self, path: Path, texts: Iterable[str]) -> None:
        self._starts = array("q", [0])
        at = 0
        with path.open("wb", buffering=1 << 20) as file:
            for text in texts:
                content = folded(text) + _END
                file.write(content)
                at += len(content)
                self._starts.append(at)
        self._file = path.open("rb")
        self._map = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ) if at else None

    def __len__(self) -> int:
        return len(self._starts) - 1

    def having(self, terms: Sequence[str], among: Sequence[int] | None = None) -> array[int]:
        """The numbers of the reports with every term, ascending; ``among`` (ascending) limits where to look."""
        needles = [n for n in map(folded, terms) if n]
        # The longest word is mostly the rarest: it leaves the least to look for the others in.
        needles.sort(key=len, reverse=True)
        found: Sequence[int] = range(len(self)) if among is None else among
        for needle in needles:
            whole = len(found) * 2 > len(self)
            found = self._pass(needle, found) if whole else self._each(needle, found)
        return array("q", found)

    def _each(self, needle: bytes, among: Sequence[int]) -> array[int]:
        starts, find = self._starts, self._map.find if self._map is not None else None
        if find is None:
            return array("q")
        return array("q", (n for n in among if find(needle, starts[n], starts[n + 1]) >= 0))

    def _pass(self, needle: bytes, among: Sequence[int]) -> array[int]:
        """From match to match: a report without the word costs no call of its own."""
        from bisect import bisect_right

        result = array("q")
        if self._map is None:
            return result
        starts, find, n = self._starts, self._map.find, 0
        at = find(needle, 0)
        while at >= 0:
            n = n if at < starts[n + 1] else bisect_right(starts, at, n + 1) - 1
            result.append(n)
            at = find(needle, starts[n + 1])
        if len(among) == len(self):
            return result
        wanted = set(among)
        return array("q", (n for n in result if n in wanted))

    def close(self) -> None:
        """Lets go of the file."""
        if self._map is not None:
            self._map.close()
        self._file.close()
