"""Which of many words a misread one can be: told by the characters that they share, before any edit is counted.

An edit changes one character, so words that differ in few edits share most of their characters. How many each word shares with the
one in question is counted for all words at once, in one long integer with eight bits a word: a look at a cell of a table costs a
few additions, where a comparison with each of a hundred labels took fifty times as long.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

_FIELD = 8  # bits in which a word's shared characters are counted
_LONGEST = 100  # characters of a word that is asked for; no label comes near
_SET = 1 << (_FIELD - 1)


def distance(a: str, b: str, limit: int) -> int:
    """Edits from one text to another, at most ``limit + 1``."""
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (x != y))
        if min(row) > limit:
            return limit + 1
    return row[-1]


def similarity(a: str, b: str) -> float:
    """Share of letters that agree, 0 when fewer than two thirds do."""
    longest = max(len(a), len(b))
    if not longest:
        return 0.0
    limit = longest // 3
    own, other = set(a), set(b)
    if len(own - other) > limit or len(other - own) > limit:
        return 0.0  # each letter that the other one lacks costs at least one edit
    edits = distance(a, b, limit)
    return 0.0 if edits > limit else 1 - edits / longest


def third(longest: int) -> int:
    """The edits that :func:`similarity` allows."""
    return longest // 3


class Lookalikes:
    """Words in a fixed order, and which of them can be like another word.

    ``limit`` gives the edits that words of at most so many characters may differ in; ``parts`` asks for words too that the other
    one holds, or that hold it.

    >>> words = Lookalikes(("重复申请", "予以公开", "部分公开"))
    >>> [words.words[i] for i in words.near("子以公开")]
    ['予以公开']
    """

    __slots__ = ("_bits", "_limit", "_parts", "_sizes", "_thresholds", "_top", "words")

    def __init__(self, words: Sequence[str], limit: Callable[[int], int] = third, parts: bool = False) -> None:
        self.words = tuple(words)
        self._limit, self._parts = limit, parts
        self._sizes = [(len(word), len(set(word))) for word in self.words]
        self._bits: dict[str, int] = {}
        for number, word in enumerate(self.words):
            for char in set(word):
                self._bits[char] = self._bits.get(char, 0) + (1 << _FIELD * number)
        self._top = sum(_SET << _FIELD * number for number in range(len(self.words)))
        self._thresholds: dict[tuple[int, int], int] = {}

    def near(self, word: str) -> list[int]:
        """The places of all words that can be like ``word``, in order, and of some that are not."""
        if len(word) > _LONGEST:
            return []
        own, bits = set(word), self._bits
        key = len(word), len(own)
        threshold = self._thresholds.get(key)
        if threshold is None:
            threshold = self._thresholds[key] = self._threshold(*key)
        found = sum([bits[char] for char in own if char in bits], threshold) & self._top
        places = []
        while found:
            lowest = found & -found
            places.append(lowest.bit_length() // _FIELD - 1)
            found ^= lowest
        return places

    def _threshold(self, length: int, distinct: int) -> int:
        """What lifts the count of a word that shares enough characters to the top bit of its field."""
        total = 0
        for number, (size, chars) in enumerate(self._sizes):
            least = max(chars, distinct) - self._limit(max(size, length))
            if self._parts:
                least = min(least, chars, distinct)
            total += (_SET - min(max(least, 0), _SET - 1)) << _FIELD * number
        return total
