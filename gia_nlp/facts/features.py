"""What the model sees of a candidate: words and characters around it, unit, place, years — nothing of what the rules say.

The rules' votes come in later (:mod:`gia_nlp.facts.combining`). So a model cannot learn to copy rules that look perfect on
the very texts on which they were written. Features are names; a sentence is cut into words once for all its candidates.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from gia_nlp.facts.candidates import Candidate
from gia_nlp.facts.context import Sentence
from gia_nlp.facts.denials import DenialCandidate
from gia_nlp.language.words import domain_cutter

_YEAR = re.compile(r"(?<!\d)(20[0-3]\d)(?!\d)")
_OPENING = re.compile("[，：；]")
_LABEL, _TAIL, _PRIOR, _HEAD, _NEXT = 10, 6, 8, 6, 4  # words taken of each region
_NUMBER = re.compile(r"\d")


class SentenceWords:
    """The words of a sentence with their places. Numbers are one word, ``#``."""

    def __init__(self, sentence: Sentence) -> None:
        self.words: list[str] = []
        self.starts: list[int] = []
        place = 0
        for word in domain_cutter()(sentence.masked):
            self.words.append("#" if _NUMBER.match(word) else word)
            self.starts.append(place)
            place += len(word)

    def between(self, start: int, end: int) -> list[str]:
        """Words that begin in ``[start, end)`` of the sentence."""
        return self.words[bisect_left(self.starts, start) : bisect_left(self.starts, end)]


def quantity_features(candidates: Sequence[Candidate], year: int | None) -> list[list[str]]:
    """The features of the candidates of one sentence; ``year`` is the report's.

    Names: ``l`` label, ``t`` tail, ``p`` words between label and the quantity before, ``q`` before that, ``n`` behind the tail,
    ``h`` the sentence's first words, ``u`` unit, ``y`` years as distances from the report's.
    """
    if not candidates:
        return []
    sentence = candidates[0].sentence
    words = SentenceWords(sentence)
    head = [f"h:{w}" for w in words.words[:_HEAD]]
    place = [f"s:{sentence.section}", f"th:{sentence.theme}"]
    opening = _OPENING.split(sentence.masked, maxsplit=1)[0]
    years = _year_features("yo", opening, year)
    found: list[list[str]] = []
    before: Candidate | None = None
    for candidate in candidates:
        row = [*head, *place, *years]
        _around(row, candidate, words, year)
        if before is not None:
            same = before.quantity.unit == candidate.quantity.unit
            row.append("pu:same" if same else f"pu:{before.quantity.unit}")
        found.append(row)
        before = candidate
    return found


def _around(row: list[str], candidate: Candidate, words: SentenceWords, year: int | None) -> None:
    quantity, masked = candidate.quantity, candidate.sentence.masked
    start, end = candidate.label_start, candidate.tail_end
    unit = f"u:{quantity.unit}"
    label = words.between(start, quantity.start)[-_LABEL:]
    tail = words.between(quantity.end, end)[:_TAIL]
    prior = words.between(candidate.previous_end, start)[-_PRIOR:]
    row.append(unit)
    row += [f"l:{w}" for w in label]
    row += [f"t:{w}" for w in tail]
    row += [f"p:{w}" for w in prior]
    row += [f"q:{w}" for w in words.between(max(0, candidate.previous_end - 40), candidate.previous_end)[-_PRIOR:]]
    row += [f"n:{w}" for w in words.between(end, end + 24)[:_NEXT]]
    last = label[-1] if label else "-"
    first = tail[0] if tail else "-"
    row += [f"l1:{last}", f"{unit} l1:{last}", f"t1:{first}", f"{unit} t1:{first}"]
    if len(label) > 1:
        row.append(f"l2:{label[-2]} {last}")
    if not label:
        row += [f"ep:{w}" for w in prior]
    printed = candidate.label[-12:]
    row += [f"lb:{printed[i : i + 2]}" for i in range(len(printed) - 1)]
    behind = candidate.tail[:8]
    row += [f"tb:{behind[i : i + 2]}" for i in range(len(behind) - 1)]
    row.append(f"m:{masked[start - 1 : start] if start else '^'}")
    row.append(f"s:{candidate.sentence.section} {unit}")
    if candidate.bracket is not None:
        row.append("bracket" if candidate.previous_end <= candidate.bracket else "bracket:later")
    row.append(f"i:{min(candidate.index, 3)}")
    row += _value_features(candidate)
    row += _year_features("yl", candidate.label, year)
    row += _year_features("yp", candidate.prior[-40:], year)
    row += _year_features("yt", masked[quantity.end : quantity.end + 16], year)


def _value_features(candidate: Candidate) -> Iterable[str]:
    quantity = candidate.quantity
    value = quantity.value
    size = (
        "0" if not value else "small" if value < 20 else "middle" if value < 1000 else "big" if value < 2e4 else "huge"
    )
    yield f"v:{size}"
    if quantity.bound != "exact":
        yield f"b:{quantity.bound}"
    if not quantity.arabic:
        yield "v:chinese"


def _year_features(name: str, words: str, year: int | None) -> list[str]:
    """Years named, as distances from the report's (at most three either way)."""
    if "20" not in words:
        return []
    found = [int(y) for y in _YEAR.findall(words)]
    if year is None:
        return [f"{name}:?"] if found else []
    return [f"{name}:{max(-3, min(3, y - year)):+d}" for y in found]


def denial_features(candidates: Sequence[DenialCandidate]) -> list[list[str]]:
    """The features of the negating words of one sentence: ``o`` object, ``b`` the clause before, ``n`` the negator."""
    if not candidates:
        return []
    sentence = candidates[0].sentence
    words = SentenceWords(sentence)
    place = [f"s:{sentence.section}", f"th:{sentence.theme}", *(f"h:{w}" for w in words.words[:_HEAD])]
    found = []
    for candidate in candidates:
        behind = candidate.start + len(candidate.negator)
        objects = words.between(behind, candidate.end)
        before = words.between(candidate.clause_start, candidate.start)[-_PRIOR:]
        row = [*place, f"n:{candidate.negator}", f"o1:{objects[0] if objects else '-'}"]
        row += [f"o:{w}" for w in objects[:14]]
        if objects:
            row += [f"oe:{objects[-1]}", f"n:{candidate.negator} {objects[0]}"]
        row += [f"b:{w}" for w in before]
        row += [f"p:{w}" for w in words.between(max(0, candidate.clause_start - 30), candidate.clause_start)[-_PRIOR:]]
        printed = candidate.object[:16]
        row += [f"ob:{printed[i : i + 2]}" for i in range(len(printed) - 1)]
        if _NUMBER.search(candidate.object):
            row.append("o:digits")
        found.append(row)
    return found
