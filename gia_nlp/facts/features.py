"""What the model sees of a candidate: words and characters around it, unit, place, years — nothing of what the rules say.

The rules' votes come in later (:mod:`gia_nlp.facts.combining`). So a model cannot learn to copy rules that look perfect on
the very texts on which they were written. Features are names where a model is trained, and a trained model's columns where it
is asked (:class:`Columns`), which spares putting together names that are looked up once. A sentence is cut into words once.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import accumulate
from typing import Generic, Protocol, TypeVar

from gia_nlp.facts.candidates import Candidate
from gia_nlp.facts.context import Sentence
from gia_nlp.facts.denials import DenialCandidate
from gia_nlp.language.words import domain_cutter
from gia_nlp.linear import FeatureIndex

_YEAR = re.compile(r"(?<!\d)(20[0-3]\d)(?!\d)")
_OPENING = re.compile("[，：；]")
_LABEL, _TAIL, _PRIOR, _HEAD, _NEXT = 10, 6, 8, 6, 4  # words taken of each region
_NUMBER = re.compile(r"\d")

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Writing(Protocol[T_co]):
    """How features are written down: ``one`` by its name, those of a family (the letters before the colon) by values."""

    @property
    def one(self) -> Callable[[str], T_co]:
        """What writes the feature of a name."""
        ...

    @property
    def all(self) -> Callable[[Iterable[str]], Iterable[T_co]]:
        """What writes the features of names."""
        ...

    def family(self, name: str) -> Callable[[Iterable[str]], Iterable[T_co]]:
        """What writes the features ``name:value`` of values."""
        ...


class Names:
    """Features as names, for training."""

    def one(self, name: str) -> str:
        """The name."""
        return name

    def all(self, names: Iterable[str]) -> Iterable[str]:
        """The names."""
        return names

    def family(self, name: str) -> Callable[[Iterable[str]], list[str]]:
        """What names the features of a family."""
        return lambda values: [f"{name}:{value}" for value in values]


class Columns:
    """Features as a trained model's columns, ``None`` for those that it lacks.

    All are look-ups of dictionaries without a function of Python between, half the time for some fifty features a count.

    >>> columns = Columns(FeatureIndex(["l:共", "u:件"]))
    >>> columns.one("u:件"), list(columns.family("l")(["总", "共"]))
    (1, [None, 0])
    """

    def __init__(self, index: FeatureIndex) -> None:
        self.one: Callable[[str], int | None] = index.columns.get
        self.all: Callable[[Iterable[str]], Iterable[int | None]] = partial(map, index.columns.get)
        self._families = index.families()

    def family(self, name: str) -> Callable[[Iterable[str]], Iterable[int | None]]:
        """What finds the columns of values in a family."""
        return partial(map, self._families.get(name, {}).get)


class SentenceWords:
    """The words of a sentence with their places. Numbers are one word, ``#``."""

    def __init__(self, sentence: Sentence) -> None:
        cut = domain_cutter()(sentence.masked)
        self.words = ["#" if word[0].isdecimal() else word for word in cut]
        self.starts = list(accumulate(map(len, cut), initial=0))  # and where the last one ends

    def between(self, start: int, end: int) -> list[str]:
        """Words that begin in ``[start, end)`` of the sentence."""
        return self.words[bisect_left(self.starts, start) : bisect_left(self.starts, end)]


def quantity_features(candidates: Sequence[Candidate], year: int | None) -> list[list[str]]:
    """The features of the candidates of one sentence; ``year`` is the report's.

    Names: ``l`` label, ``t`` tail, ``p`` words between label and the quantity before, ``q`` before that, ``n`` behind the tail,
    ``h`` the sentence's first words, ``u`` unit, ``y`` years as distances from the report's.
    """
    return QuantityRows(Names()).of(candidates, year, SentenceWords(candidates[0].sentence)) if candidates else []


class QuantityRows(Generic[T]):
    """The features of quantities in one way of writing."""

    def __init__(self, writing: Writing[T]) -> None:
        self.one, self.all, family = writing.one, writing.all, writing.family
        self._head, self._label, self._tail, self._prior = family("h"), family("l"), family("t"), family("p")
        self._before, self._next, self._unlabelled = family("q"), family("n"), family("ep")
        self._label_pairs, self._tail_pairs = family("lb"), family("tb")

    def of(self, candidates: Sequence[Candidate], year: int | None, words: SentenceWords) -> list[list[T]]:
        """The rows of a sentence's candidates, of which there is at least one."""
        one, sentence = self.one, candidates[0].sentence
        shared = [*self._head(words.words[:_HEAD]), one(f"s:{sentence.section}"), one(f"th:{sentence.theme}")]
        dated = "20" in sentence.masked  # else no year is looked for around its counts
        if dated:
            shared += self._years("yo", _OPENING.split(sentence.masked, maxsplit=1)[0], year)
        found: list[list[T]] = []
        before: str | None = None
        for number, candidate in enumerate(candidates):
            row = shared.copy()
            self._around(row, candidate, words)
            if dated:
                end = candidate.quantity.end
                row += self._years("yl", candidate.label, year)
                row += self._years("yp", candidate.prior[-40:], year)
                row += self._years("yt", sentence.masked[end : end + 16], year)
            unit = candidate.quantity.unit
            if number:
                row.append(one("pu:same" if before == unit else f"pu:{before}"))
            found.append(row)
            before = unit
        return found

    def _around(self, row: list[T], candidate: Candidate, words: SentenceWords) -> None:
        one, all_ = self.one, self.all
        quantity, masked = candidate.quantity, candidate.sentence.masked
        start, end, previous = candidate.label_start, candidate.tail_end, candidate.previous_end
        unit = f"u:{quantity.unit}"
        cut, starts = words.words, words.starts
        at_previous, at_label = bisect_left(starts, previous), bisect_left(starts, start)
        at_tail, behind = bisect_left(starts, quantity.end), bisect_left(starts, end)
        label = cut[at_label : bisect_left(starts, quantity.start)][-_LABEL:]
        tail = cut[at_tail:behind][:_TAIL]
        prior = cut[at_previous:at_label][-_PRIOR:]
        row.append(one(unit))
        row += self._label(label)
        row += self._tail(tail)
        row += self._prior(prior)
        if previous:
            row += self._before(cut[bisect_left(starts, max(0, previous - 40)) : at_previous][-_PRIOR:])
        row += self._next(cut[behind : bisect_left(starts, end + 24)][:_NEXT])
        last = label[-1] if label else "-"
        first = tail[0] if tail else "-"
        row += all_((f"l1:{last}", f"{unit} l1:{last}", f"t1:{first}", f"{unit} t1:{first}"))
        if len(label) > 1:
            row.append(one(f"l2:{label[-2]} {last}"))
        if not label:
            row += self._unlabelled(prior)
        row += self._label_pairs(_pairs(candidate.label[-12:]))
        row += self._tail_pairs(_pairs(candidate.tail[:8]))
        row += all_((f"m:{masked[start - 1] if start else '^'}", f"s:{candidate.sentence.section} {unit}"))
        if candidate.bracket is not None:
            row.append(one("bracket" if previous <= candidate.bracket else "bracket:later"))
        row += all_((f"i:{min(candidate.index, 3)}", f"v:{_size(quantity.value)}"))
        if quantity.bound != "exact":
            row.append(one(f"b:{quantity.bound}"))
        if not quantity.arabic:
            row.append(one("v:chinese"))

    def _years(self, name: str, words: str, year: int | None) -> Sequence[T]:
        """Years named, as distances from the report's (at most three either way)."""
        if "20" not in words:
            return ()
        found = [int(y) for y in _YEAR.findall(words)]
        if year is None:
            return [self.one(f"{name}:?")] if found else ()
        return [self.one(f"{name}:{max(-3, min(3, y - year)):+d}") for y in found]


def _pairs(words: str) -> Iterable[str]:
    return map(str.__add__, words, words[1:])


def _size(value: float) -> str:
    if not value:
        return "0"
    return "small" if value < 20 else "middle" if value < 1000 else "big" if value < 2e4 else "huge"


def denial_features(candidates: Sequence[DenialCandidate]) -> list[list[str]]:
    """The features of the negating words of one sentence: ``o`` object, ``b`` the clause before, ``n`` the negator."""
    return DenialRows(Names()).of(candidates, SentenceWords(candidates[0].sentence)) if candidates else []


class DenialRows(Generic[T]):
    """The features of negating words in one way of writing."""

    def __init__(self, writing: Writing[T]) -> None:
        self.one, family = writing.one, writing.family
        self._head, self._object, self._object_pairs = family("h"), family("o"), family("ob")
        self._before, self._prior = family("b"), family("p")

    def of(self, candidates: Sequence[DenialCandidate], words: SentenceWords) -> list[list[T]]:
        """The rows of a sentence's negating words, of which there is at least one."""
        one, sentence = self.one, candidates[0].sentence
        place = [one(f"s:{sentence.section}"), one(f"th:{sentence.theme}"), *self._head(words.words[:_HEAD])]
        found = []
        for candidate in candidates:
            negator, printed = candidate.negator, candidate.object
            objects = words.between(candidate.start + len(negator), candidate.end)
            begin = candidate.clause_start
            row = [*place, one(f"n:{negator}"), one(f"o1:{objects[0] if objects else '-'}")]
            row += self._object(objects[:14])
            if objects:
                row += (one(f"oe:{objects[-1]}"), one(f"n:{negator} {objects[0]}"))
            row += self._before(words.between(begin, candidate.start)[-_PRIOR:])
            row += self._prior(words.between(max(0, begin - 30), begin)[-_PRIOR:])
            row += self._object_pairs(_pairs(printed[:16]))
            if _NUMBER.search(printed):
                row.append(one("o:digits"))
            found.append(row)
        return found
