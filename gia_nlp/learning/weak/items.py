"""Labelling functions over points: what kind a point is (problem or remedy), and which categories it states.

Kinds are one choice of two. Categories are sixteen questions with yes or no each: a point may state several, so every category has
votes and a label model of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gia_nlp.learning.weak.data import functions_of
from gia_nlp.learning.weak.votes import LabellingFunction
from gia_nlp.pipeline import analyse_text
from gia_nlp.problems import find_items
from gia_nlp.problems.classifying import Evidence, classify, evidence
from gia_nlp.records import Item
from gia_nlp.text.normalise import normalise
from gia_nlp.vocabulary.categories import categories, threshold

YES, NO = "yes", "no"
KIND_LABELS, CATEGORY_LABELS = ("problem", "remedy"), (NO, YES)
_SAME = 0.5  # a point that the rules cut out covers at least so much of this one, and the other way round


@dataclass(frozen=True, slots=True)
class ItemCase:
    """A point in normal form with the text before it, its cues, and the kind that the rules give the point at its place."""

    text: str
    before: str
    evidence: Evidence
    given: frozenset[str]
    kind: str | None
    document: str
    style: str


def item_cases(rows: Iterable[Mapping[str, Any]]) -> list[ItemCase]:
    """The annotated points of sections, in the order of the annotation; of gold only their places are looked at."""
    cases = []
    for row in rows:
        text = row["text"]
        found, _ = find_items(text, analyse_text(text, year=(row.get("meta") or {}).get("year")))
        for item in row["items"]:
            words = normalise(item["quote"]).text
            before = text[: item["start"]]
            kind = _kind_there(found, item["start"], item["end"])
            given = frozenset(classify(words)[0])
            cases.append(ItemCase(words, before, evidence(words), given, kind, row["id"], row.get("style", "")))
    return cases


def _kind_there(found: tuple[Item, ...], start: int, end: int) -> str | None:
    for item in found:
        shared = min(item.end, end) - max(item.start, start)
        if shared > _SAME * (end - start) and shared > _SAME * (item.end - item.start):
            return item.kind
    return None


def kind_functions() -> list[LabellingFunction[ItemCase]]:
    """Labelling functions that tell problems from remedies."""
    made: list[LabellingFunction[ItemCase]] = [LabellingFunction("rules.kind", "rules", lambda case: case.kind)]
    return made + [LabellingFunction(f.name, f.family, f.items) for f in functions_of("kinds")]


def category_functions(category: str) -> list[LabellingFunction[ItemCase]]:
    """Labelling functions that say whether a point states a category.

    ``rules.given`` (the rules' decision, yes or no), ``rules.topic`` (a clause has it for its topic), ``cues.any`` (a cue occurs,
    however light), ``cues.heavy`` (cues weigh twice what is needed), ``rules.alone`` (the rules give nothing else), and those of the data file.

    >>> [f.name for f in category_functions("platform")][:2]
    ['rules.given', 'rules.topic']
    """

    def given(case: ItemCase) -> str | None:
        return YES if category in case.given else NO

    def topic(case: ItemCase) -> str | None:
        return YES if f"topic:{category}" in case.evidence.cues else None

    def any_cue(case: ItemCase) -> str | None:
        return YES if case.evidence.weights.get(category) else None

    def heavy(case: ItemCase) -> str | None:
        return YES if case.evidence.weights.get(category, 0.0) >= 2 * threshold() else None

    def alone(case: ItemCase) -> str | None:
        return YES if case.given == {category} else None

    made = [
        LabellingFunction("rules.given", "rules", given),
        LabellingFunction("rules.topic", "rules", topic),
        LabellingFunction("cues.any", "cues", any_cue),
        LabellingFunction("cues.heavy", "cues", heavy),
        LabellingFunction("rules.alone", "rules", alone),
    ]
    for function in functions_of("categories"):
        if function.says == category:
            says = NO if function.against else YES
            made.append(LabellingFunction(function.name, function.family, _answer(function.items, says)))
    return made


def _answer(vote: Any, says: str) -> Any:
    return lambda case: says if vote(case) is not None else None


def category_names() -> tuple[str, ...]:
    """All categories in the guide's order."""
    return tuple(categories())
