"""Labelling functions over negating words: what a statement of zero denies, or ``none`` where it states no count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gia_nlp.facts.denials import DenialCandidate
from gia_nlp.facts.find import read_candidates
from gia_nlp.learning.weak.data import functions_of
from gia_nlp.learning.weak.facts import fact_labels
from gia_nlp.learning.weak.votes import LabellingFunction
from gia_nlp.pipeline import analyse_text
from gia_nlp.vocabulary.facts import NO_FACT


@dataclass(frozen=True, slots=True)
class DenialCase:
    """A negating word with what may be its object, and what the rules say of it."""

    candidate: DenialCandidate
    document: str
    style: str

    @property
    def span(self) -> tuple[int, int]:
        """Place in the text, from the negating word to the end of its object."""
        return self.candidate.sentence.span(self.candidate.start, self.candidate.end)


JOINT = "+"  # one negating word that denies two things
_TOGETHER = ("litigations+reviews", "cppcc_proposals+npc_proposals")


def denial_labels() -> tuple[str, ...]:
    """What may be denied: nothing (``none``), one indicator, or the two that are usually denied in one breath."""
    return (*fact_labels(), *_TOGETHER)


def denial_cases(rows: Iterable[Mapping[str, Any]]) -> list[DenialCase]:
    """The negating words of passages, in the order of text; gold is not looked at.

    >>> [c.candidate.negator for c in denial_cases([{"id": "a", "text": "全年未收到申请，没有发生行政复议。"}])]
    ['未', '没有']
    """
    return [
        DenialCase(candidate, row["id"], row.get("style", ""))
        for row in rows
        for read in read_candidates(row["text"], analyse_text(row["text"], year=row.get("year")))
        for candidate in read.denials
    ]


def denial_functions() -> list[LabellingFunction[DenialCase]]:
    """All labelling functions over negating words; their labels are those of :func:`denial_labels`."""
    made = [LabellingFunction("rules.denial", "rules", _stated), LabellingFunction("rules.none", "rules", _nothing)]
    return made + [LabellingFunction(f.name, f.family, f.denials) for f in functions_of("denials")]


def _stated(case: DenialCase) -> str | None:
    names = sorted({d.indicator for d in case.candidate.denials})
    joint = JOINT.join(names)
    return joint if joint in _TOGETHER else names[0] if names else None


def _nothing(case: DenialCase) -> str | None:
    return None if case.candidate.denials else NO_FACT


def right_denials(rows: Iterable[Mapping[str, Any]], cases: Iterable[DenialCase]) -> list[frozenset[str]]:
    """The gold answers to each case: the indicators of the annotated zeros whose span its negating word opens.

    A zero printed as a number (0件) is a quantity and none of these.
    """
    zeros: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        zeros[row["id"]] = [f for f in row["facts"] if not f["value"] and f.get("unit") is None]
    listed = list(cases)
    answers: list[set[str]] = [set() for _ in listed]
    places: dict[str, list[int]] = {}
    for i, case in enumerate(listed):
        places.setdefault(case.document, []).append(i)
    for document, facts in zeros.items():
        for fact in facts:
            near = [
                (abs(listed[i].span[0] - fact["start"]), i)
                for i in places.get(document, [])
                if listed[i].span[0] < fact["end"] and listed[i].span[1] > fact["start"]
            ]
            if near:
                answers[min(near)[1]].add(fact["indicator"])
    return [frozenset(a) for a in answers]
