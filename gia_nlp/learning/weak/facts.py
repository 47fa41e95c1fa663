"""Labelling functions over candidates of facts: quantities, each with the indicator that it counts, or ``none``.

Families: ``rules`` (what the rules decide, by the reason for which they do), ``cues`` (each indicator's cue list on its own, without
its rivals), ``frame`` (what a part would have from its total), ``units`` of the vocabulary that one indicator alone is counted in, and the functions of
``functions.yaml`` (``words``, ``section``, ``channels``, ``units``, ``shape``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gia_nlp.facts.candidates import Candidate
from gia_nlp.facts.classify import THRESHOLD, Verdict, classify
from gia_nlp.facts.find import read_candidates, report_year
from gia_nlp.facts.frame import Frame
from gia_nlp.facts.period import find_period
from gia_nlp.learning.weak.data import functions_of
from gia_nlp.learning.weak.votes import LabellingFunction
from gia_nlp.pipeline import analyse_text
from gia_nlp.vocabulary.facts import NO_FACT
from gia_nlp.vocabulary.indicators import indicators

_REASONS = ("cue", "inherited", "decoy", "scope", "faint", "silent")


@dataclass(frozen=True, slots=True)
class FactCase:
    """A quantity with what the rules make of it. ``near``: the words around it; ``opened``: its sentence up to it."""

    candidate: Candidate
    verdict: Verdict
    document: str
    style: str

    @property
    def near(self) -> str:
        """Label, tail, and the words between the quantity before and the label."""
        c = self.candidate
        return f"{c.prior} {c.label}＃{c.tail}"

    @property
    def opened(self) -> str:
        """The sentence up to the quantity."""
        return self.candidate.sentence.masked[: self.candidate.quantity.start]

    @property
    def span(self) -> tuple[int, int]:
        """Place in the text."""
        return self.candidate.sentence.span(self.candidate.quantity.start, self.candidate.quantity.end)


def fact_labels() -> tuple[str, ...]:
    """What a candidate may be said to count: ``none`` and all indicators."""
    return (NO_FACT, *indicators())


def fact_cases(rows: Iterable[Mapping[str, Any]]) -> list[FactCase]:
    """The candidates of passages (``id``, ``text``, ``style``, ``year``), in the order of text; gold is not looked at.

    >>> cases = fact_cases([{"id": "a", "text": "全年收到申请12件，办结10件。", "style": "s"}])
    >>> [(c.candidate.quantity.text, c.verdict.decision.indicators[0]) for c in cases]
    [('12件', 'requests_received'), ('10件', 'requests_answered')]
    """
    return [case for row in rows for case in _of_passage(row)]


def _of_passage(row: Mapping[str, Any]) -> Iterator[FactCase]:
    """A reader as in :func:`gia_nlp.facts.find_facts`, by rules alone, that stops at every candidate."""
    layout = analyse_text(row["text"], year=row.get("year"))
    year = report_year(row["text"], layout)
    frame = Frame()
    for read in read_candidates(row["text"], layout):
        frame.begin(read.sentence)
        for candidate in read.candidates:
            frame.enter(candidate)
            verdict = classify(candidate, frame)
            yield FactCase(candidate, verdict, row["id"], row.get("style", ""))
            if verdict.decision is None:
                continue
            first = verdict.decision.indicators[0]
            part = frame.holds(first) or (verdict.decision.rule_id or "").endswith(("/bracket", "/role"))
            period = frame.carried_period(candidate, first, find_period(candidate, first, year), part)
            frame.leave(candidate, verdict.decision.indicators, period, None, part)


def fact_functions() -> list[LabellingFunction[FactCase]]:
    """All labelling functions over candidates of facts."""
    made = [LabellingFunction(f"rules.{reason}", "rules", _rules(reason)) for reason in _REASONS]
    made += [LabellingFunction(f"cues.{name}", "cues", _cues(name)) for name in fact_labels()]
    made.append(LabellingFunction("cues.loudest", "cues", _loudest))
    made.append(LabellingFunction("frame.part", "frame", _part))
    for unit, name in sorted(_own_units().items()):
        made.append(LabellingFunction(f"units.{unit}", "units", _unit(unit, name)))
    made += [LabellingFunction(f.name, f.family, f.facts) for f in functions_of("facts")]
    return made


_Vote = Callable[[FactCase], str | None]


def _rules(reason: str) -> _Vote:
    def vote(case: FactCase) -> str | None:
        verdict = case.verdict
        if verdict.reason != reason:
            return None
        return verdict.decision.indicators[0] if verdict.decision else NO_FACT

    return vote


def _cues(name: str) -> _Vote:
    """One cue list without its rivals: its own words are loud enough."""

    def vote(case: FactCase) -> str | None:
        heard = case.verdict.cues.get(name)
        return name if heard is not None and heard[0] >= THRESHOLD else None

    return vote


def _loudest(case: FactCase) -> str | None:
    """The loudest of all cue lists, where it leads clearly."""
    ranked = sorted(((s[0], name) for name, s in case.verdict.cues.items()), reverse=True)
    if not ranked or ranked[0][0] < THRESHOLD or (len(ranked) > 1 and ranked[0][0] - ranked[1][0] < 0.5):
        return None
    return ranked[0][1]


def _part(case: FactCase) -> str | None:
    """What it would be as a part of the total before, whatever its own words say."""
    return case.verdict.inherited.indicators[0] if case.verdict.inherited else None


def _own_units() -> dict[str, str]:
    """Units in the vocabulary of one indicator alone."""
    counted = Counter(unit for row in indicators().values() for unit in row.units)
    return {unit: name for name, row in indicators().items() for unit in row.units if counted[unit] == 1}


def _unit(unit: str, name: str) -> _Vote:
    return lambda case: name if case.candidate.quantity.unit == unit else None


def right_indicators(rows: Iterable[Mapping[str, Any]], cases: Iterable[FactCase]) -> list[str]:
    """The gold answer to each case: the indicator of the annotated fact at its place and value, else ``none``."""
    facts = {row["id"]: row["facts"] for row in rows}
    answers = []
    for case in cases:
        (start, end), value = case.span, case.candidate.quantity.value
        hits = (
            f["indicator"]
            for f in facts[case.document]
            if f["start"] < end and f["end"] > start and abs(f["value"] - value) < 1e-6
        )
        answers.append(next(hits, NO_FACT))
    return answers


def matches_unit(pattern: re.Pattern[str], case: FactCase) -> bool:
    """Whether the unit, taken whole, is one that a pattern names."""
    return bool(pattern.fullmatch(case.candidate.quantity.unit or "-"))
