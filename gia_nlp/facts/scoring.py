"""How strongly each cue speaks for an indicator: its weight, less for every character between it and the quantity."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from gia_nlp.facts.candidates import Candidate
from gia_nlp.facts.fillers import length_without
from gia_nlp.facts.frame import Frame
from gia_nlp.facts.hints import cue_bit, cue_places
from gia_nlp.vocabulary.active import per_vocabulary
from gia_nlp.vocabulary.facts import Cue, fact_cues
from gia_nlp.vocabulary.loader import load_yaml

_REACH = 60  # characters before the label in which a cue still counts
_NAMES_ITSELF = 4.6  # cues from this weight on reach a quantity whose label has words of its own
_PREDICATE = re.compile("在|于|通过|经由|已|均|全部|进行")


@cache
def _words() -> dict[str, re.Pattern[str]]:
    data = load_yaml("fact_context")
    return {
        name: re.compile(data[name])
        for name in ("requests", "documents", "training", "opinions", "proposals", "disclosure", "fees")
    }


@lru_cache(maxsize=256)
def _says(what: str, masked: str) -> bool:
    """Whether a sentence speaks of something; asked for every cue, so remembered for the sentence at hand."""
    return bool(_words()[what].search(masked))


@lru_cache(maxsize=256)
def _holds(cue: Cue, masked: str) -> bool:
    return bool(cue.unless_sentence and cue.unless_sentence.search(masked))


def _about_requests(candidate: Candidate, frame: Frame) -> bool:
    """Whether the words around speak of applications for disclosure."""
    if candidate.sentence.theme == "requests" or frame.counts_requests:
        return True
    return _says("requests", candidate.sentence.masked)


def _allowed(cue: Cue, candidate: Candidate, frame: Frame) -> bool:
    """Whether the context that a cue asks for is there."""
    theme, masked = candidate.sentence.theme, candidate.sentence.masked
    if cue.unless_sentence and theme != "requests" and not _says("disclosure", masked) and _holds(cue, masked):
        return False
    match cue.when:
        case "requests":
            return _about_requests(candidate, frame)
        case "training":
            return "training_sessions" in frame.last or _says("training", masked)
        case "opinions":
            return _says("opinions", masked)
        case "documents":
            return "normative_documents" in frame.total or _says("documents", masked)
        case "proposals":
            return theme == "proposals" or _says("proposals", masked)
        case "fees":
            return theme == "fees" or _says("fees", masked)
        case "outcomes":
            if theme == "requests" and not frame.total and candidate.label.startswith("其中") and "答复" in masked:
                return True
            return frame.in_list and any(i in ("requests_received", "requests_answered") for i in frame.total)
    return True


Scored = tuple[float, Cue, str]


def loudest(scores: dict[str, Scored]) -> Scored | None:
    """The best of all indicators' cues; of equals the one that the vocabulary names first."""
    if len(scores) < 2:  # as a rule
        return next(iter(scores.values()), None)
    return max(scores.values(), key=lambda s: s[0])


class _Table:
    """The cues, and as hints those that may stand in a region or speak for a unit."""

    def __init__(self) -> None:
        self.cues = fact_cues()
        cues = [(cue_bit(i), cue) for i, cue in enumerate(self.cues)]
        self.label = sum(bit for bit, cue in cues if cue.where != "tail")
        self.tail = sum(bit for bit, cue in cues if cue.where in ("tail", "any"))
        prior = [(bit, cue) for bit, cue in cues if cue.where in ("any", "label")]
        self.prior = sum(bit for bit, _ in prior)
        self.prior_naming = sum(bit for bit, cue in prior if cue.weight >= _NAMES_ITSELF)
        self._units: dict[str, int] = {}

    def of_unit(self, unit: str) -> int:
        """The cues that may speak for a unit; money is counted only by cues that ask for it."""
        known = self._units.get(unit)
        if known is None:
            first = _UNIT_ENDS.split(unit, maxsplit=1)[0]
            fitting = (i for i, c in enumerate(self.cues) if (first != "元" if c.units is None else first in c.units))
            known = self._units[unit] = sum(map(cue_bit, fitting))
        return known


@per_vocabulary
def _table() -> _Table:
    return _Table()


_UNIT_ENDS = re.compile("[（/]")


def cue_scores(candidate: Candidate, frame: Frame) -> dict[str, Scored]:
    """For each indicator that a cue speaks for, the loudest of its cues."""
    table = _table()
    around = _Around(candidate, table)
    best: dict[str, Scored] = {}
    for number in cue_places(around.can_match & table.of_unit(candidate.quantity.unit or "-")):
        cue = table.cues[number]
        if (cue.when or cue.unless_sentence) and not _allowed(cue, candidate, frame):
            continue
        if cue.unless and cue.unless.search(around.clause):
            continue
        score, words = around.loudest(cue, cue_bit(number))
        if words is not None:
            known = best.get(cue.indicator)
            if known is None or score > known[0]:
                best[cue.indicator] = (score, cue, words)
    return best


class _Around:
    """The words around a candidate, taken apart once for all cues."""

    def __init__(self, candidate: Candidate, where: _Table) -> None:
        self.label, self.tail = candidate.label, candidate.tail
        empty = candidate.unnamed
        chunk = candidate.prior[candidate.prior.rfind("；") + 1 :]
        self.prior = chunk[-_REACH:]
        self.clause = chunk + candidate.clause if empty else candidate.clause
        self.leads = empty or self.label.startswith("其中")
        start = candidate.label_start
        prior = candidate.sentence.hints.between(start - len(self.prior), start) if self.prior else 0
        self._in_prior = prior & (where.prior if self.leads else where.prior_naming)
        self._in_label = candidate.label_hints & where.label
        self._in_tail = candidate.tail_hints & where.tail if self.tail else 0
        self.can_match = self._in_prior | self._in_label | self._in_tail
        self._length: int | None = None

    def loudest(self, cue: Cue, bit: int) -> tuple[float, str | None]:
        """Score and words of a cue's best match where it may stand; the words are ``None`` where it does not stand."""
        best, words = 0.0, None
        where = cue.where
        if bit & self._in_label:
            for match in cue.pattern.finditer(self.label):
                distance = self._distance(match.end())
                if not distance or where != "label_end":
                    score = cue.weight + _size(match) - cue.far * distance
                    if words is None or score > best:
                        best, words = score, match.group()
        if bit & self._in_tail:
            # Of the noun behind the quantity, without what is said of it, where the cue asks for that.
            tail = _PREDICATE.split(self.tail, maxsplit=1)[0] if where == "tail" else self.tail
            for match in cue.pattern.finditer(tail):
                score = cue.weight + _size(match) - 0.25 - 0.06 * match.start()
                if words is None or score > best:
                    best, words = score, match.group()
        if bit & self._in_prior:
            last = None
            for match in cue.pattern.finditer(self.prior):
                last = match
            if last is not None:
                score = cue.weight - (0.7 if self.leads else 1.9) - 0.03 * (len(self.prior) - last.end())
                if words is None or score > best:
                    best, words = score, last.group()
        return best, words

    def _distance(self, end: int) -> int:
        """Characters between a match and the label's end, not counting the fillers there."""
        if end >= len(self.label):
            return 0
        if self._length is None:
            self._length = length_without(self.label)
        return max(0, self._length - end)


def _size(match: re.Match[str]) -> float:
    """Longer matches say more, up to a point."""
    return 0.04 * min(match.end() - match.start(), 8)
