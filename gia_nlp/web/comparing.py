"""Two texts side by side, sentence by sentence, with what changed within a sentence. Bounded: it answers a page request."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

SENTENCES = 2000  # of each text that are compared
_INNER = 300  # changed sentences whose words are compared
_LONGEST = 400  # characters of such a sentence
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
    return [s for match in _SENTENCE.finditer(text) if (s := match.group().strip())]


def compare(left: str, right: str) -> Comparison:
    """The sentences of two texts beside each other.

    >>> [(p.kind, p.right) for p in compare("公开12条。培训2次。", "公开15条。培训2次。").pairs]
    [('changed', (('公开1', False), ('5', True), ('条。', False))), ('same', (('培训2次。', False),))]
    """
    one, two = sentences(left), sentences(right)
    cut = max(len(one), len(two)) > SENTENCES
    one, two = one[:SENTENCES], two[:SENTENCES]
    pairs: list[Pair] = []
    left_to_compare = _INNER
    for kind, a, b, c, d in SequenceMatcher(None, one, two).get_opcodes():
        if kind == "equal":
            pairs += [Pair("same", ((x, False),), ((y, False),)) for x, y in zip(one[a:b], two[c:d], strict=True)]
            continue
        for n in range(max(b - a, d - c)):
            x = one[a + n] if a + n < b else None
            y = two[c + n] if c + n < d else None
            if x is None or y is None:
                pairs.append(Pair("gone" if y is None else "new", ((x, True),) if x else (), ((y, True),) if y else ()))
            elif left_to_compare > 0 and max(len(x), len(y)) <= _LONGEST:
                left_to_compare -= 1
                pairs.append(Pair("changed", *_within(x, y)))
            else:
                pairs.append(Pair("changed", ((x, True),), ((y, True),)))
    return Comparison(pairs, cut)


def _within(one: str, two: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    left: list[Piece] = []
    right: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        if b > a:
            left.append((one[a:b], kind != "equal"))
        if d > c:
            right.append((two[c:d], kind != "equal"))
    return tuple(left), tuple(right)
