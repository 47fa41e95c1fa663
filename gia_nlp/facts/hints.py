"""Which patterns can match in which part of a sentence, told once a sentence, so that most are never asked.

The rules ask some hundred patterns about every count, of which a handful match. Each pattern needs certain characters
(:mod:`gia_nlp.vocabulary.prefilter`); where they stand is looked up once, and a stretch of the sentence then answers with one number:
a bit for each pattern that can match there.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from gia_nlp.vocabulary.active import per_vocabulary
from gia_nlp.vocabulary.channels import channel_pattern, everywhere_pattern
from gia_nlp.vocabulary.facts import fact_cues
from gia_nlp.vocabulary.periods import period_cues
from gia_nlp.vocabulary.prefilter import Scanner

_CUES = ["planned", "looks_ahead", "no_plan", "reached", "current", "previous", "ends_previous", "cumulative"]
# A bit for each of the patterns; those of the cues stand above them, in the order of the cues.
(
    PLANNED,
    LOOKS_AHEAD,
    NO_PLAN,
    REACHED,
    CURRENT,
    PREVIOUS,
    ENDS_PREVIOUS,
    CUMULATIVE,
    CHANNEL,
    EVERYWHERE,
) = (1 << i for i in range(10))
_BELOW = 10


@per_vocabulary
def _scanner() -> Scanner:
    periods = period_cues()
    patterns = [getattr(periods, name) for name in _CUES]
    patterns += [channel_pattern(), everywhere_pattern()]
    return Scanner([*patterns, *(cue.pattern for cue in fact_cues())])


class Hints:
    """The hints of one sentence (as it is printed: what holds there holds for its masked form).

    ``places`` and ``masks`` are those of all sentences that were looked up together, of which ``first`` to ``last`` are this one's;
    ``begin`` is its place among them.
    """

    __slots__ = ("_begin", "_first", "_last", "_masks", "_places", "always", "whole")

    def __init__(self, places: list[int], masks: list[int], begin: int, first: int, last: int, always: int) -> None:
        self._places, self._masks, self._begin, self._first, self._last = places, masks, begin, first, last
        self.always = self.whole = always
        for mask in masks[first:last]:
            self.whole |= mask

    def between(self, start: int, end: int) -> int:
        """The patterns that can match in a stretch."""
        found, begin = self.always, self._begin
        first = bisect_left(self._places, begin + start, self._first, self._last)
        for mask in self._masks[first : bisect_left(self._places, begin + end, first, self._last)]:
            found |= mask
        return found


def hints_of(texts: Sequence[str]) -> list[Hints]:
    """The hints of some sentences, looked up together."""
    scanner = _scanner()
    places, masks = scanner.scan("".join(texts))
    found = []
    begin = first = 0
    for text in texts:
        end = begin + len(text)
        last = bisect_left(places, end, first)
        found.append(Hints(places, masks, begin, first, last, scanner.always))
        begin, first = end, last
    return found


def cue_bit(place: int) -> int:
    """The hint of the cue at a place of the vocabulary."""
    return 1 << place + _BELOW


def cue_places(mask: int) -> list[int]:
    """The places of the cues that a mask holds, in their order.

    >>> cue_places(PLANNED | cue_bit(0) | cue_bit(5))
    [0, 5]
    """
    mask >>= _BELOW
    found = []
    while mask:
        lowest = mask & -mask
        found.append(lowest.bit_length() - 1)
        mask ^= lowest
    return found
