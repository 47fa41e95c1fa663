"""Two texts side by side, sentence by sentence, with what changed within a sentence. Bounded: it answers a page request.

Equal sentences are found by difflib; between them, sentences that say nearly the same (most character pairs in common) are put
beside each other in order, the rest stand alone on their side.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SENTENCES = 2000  # of each text that are compared
_INNER = 300  # changed sentences whose words are compared
_LONGEST = 400  # characters of such a sentence
_BLOCK = 4000  # pairs of sentences that are weighed between two equal ones
_ALIKE = 0.4  # share of common character pairs from which on two sentences are one, changed
# A line that the page's width broke goes on in the next.
_WRAPPED = re.compile(r"([^\n。！？；;：|\t]{20,60})\n(?=[㐀-鿿0-9，、（）“”《》])")
_SENTENCE = re.compile(r"[^。！？；;\n]*[。！？；;\n]+|[^。！？；;\n]+$")

Piece = tuple[str, bool]  # words, and whether they stand on this side alone


@dataclass(frozen=True, slots=True)
class Pair:
    """A row of the comparison. ``kind``: same, changed, new (on the right alone), gone (on the left alone)."""

    kind: str
    left: tuple[Piece, ...] = ()
    right: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """All rows in order; ``cut`` if the texts were longer than what was compared."""

    pairs: list[Pair]
    cut: bool

    def count(self, kind: str) -> int:
        """How many rows are of a kind."""
        return sum(pair.kind == kind for pair in self.pairs)


def sentences(text: str) -> list[str]:
    """The sentences of a text with their marks; blank lines are left out.

    >>> sentences("一、总体情况\\n\\n公开12条。培训2次；")
    ['一、总体情况', '公开12条。', '培训2次；']
    """
    return [s for match in _SENTENCE.finditer(_WRAPPED.sub(r"\1", text)) if (s := match.group().strip())]


def compare(left: str, right: str) -> Comparison:
    """The sentences of two texts beside each other.

    >>> [(p.kind, p.right) for p in compare("公开12条。培训2次。", "公开15条。培训2次。").pairs]
    [('changed', (('公开1', False), ('5', True), ('条。', False))), ('same', (('培训2次。', False),))]
    """
    one, two = sentences(left), sentences(right)
    cut = max(len(one), len(two)) > SENTENCES
    one, two = one[:SENTENCES], two[:SENTENCES]
    pairs: list[Pair] = []
    inner = 0
    for kind, a, b, c, d in SequenceMatcher(None, one, two).get_opcodes():
        if kind == "equal":
            pairs += [Pair("same", ((x, False),), ((x, False),)) for x in one[a:b]]
            continue
        for x, y in _beside(one[a:b], two[c:d]):
            if x is None or y is None:
                pairs.append(Pair("gone" if y is None else "new", ((x, True),) if x else (), ((y, True),) if y else ()))
            elif inner < _INNER and max(len(x), len(y)) <= _LONGEST:
                inner += 1
                pairs.append(Pair("changed", *_within(x, y)))
            else:
                pairs.append(Pair("changed", ((x, True),), ((y, True),)))
    return Comparison(pairs, cut)


def _beside(one: Sequence[str], two: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    """The sentences of a block in order, like beside like: the pairs of the greatest likeness in sum."""
    if not one or not two or len(one) * len(two) > _BLOCK:
        yield from ((x, None) for x in one)
        yield from ((None, y) for y in two)
        return
    left, right = [_pairs(x) for x in one], [_pairs(y) for y in two]
    alike = [[_likeness(x, y) for y in right] for x in left]
    best = [[0.0] * (len(two) + 1) for _ in range(len(one) + 1)]
    for i in range(len(one) - 1, -1, -1):
        for j in range(len(two) - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], alike[i][j] + best[i + 1][j + 1] if alike[i][j] else 0.0)
    i = j = 0
    while i < len(one) and j < len(two):
        if alike[i][j] and best[i][j] == alike[i][j] + best[i + 1][j + 1]:
            yield one[i], two[j]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            yield one[i], None
            i += 1
        else:
            yield None, two[j]
            j += 1
    yield from ((x, None) for x in one[i:])
    yield from ((None, y) for y in two[j:])


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[n : n + 2] for n in range(max(1, len(text) - 1)))


def _likeness(one: frozenset[str], two: frozenset[str]) -> float:
    share = 2 * len(one & two) / (len(one) + len(two))
    return share if share >= _ALIKE else 0.0


def _within(one: str, two: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    left: list[Piece] = []
    right: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        if b > a:
            left.append((one[a:b], kind != "equal"))
        if d > c:
            right.append((two[c:d], kind != "equal"))
    return tuple(left), tuple(right)
