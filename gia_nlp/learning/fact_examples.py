"""Annotated passages as examples for the model of facts: every candidate with what it counts, or ``none``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gia_nlp.facts.find import Read, read_candidates, report_year
from gia_nlp.facts.model import JOINT
from gia_nlp.pipeline import analyse_text
from gia_nlp.records import Fact
from gia_nlp.vocabulary.facts import NO_FACT


@dataclass(frozen=True, slots=True)
class Example:
    """A passage with its candidates and the answers to them, one a candidate in the report's order.

    ``periods`` are ``None`` where the candidate is no fact. ``missed`` counts the annotated facts for which
    there is no candidate.
    """

    row: Mapping[str, Any]
    reads: list[Read]
    year: int | None
    indicators: list[str]
    periods: list[str | None]
    denials: list[str]
    missed: int


def make_examples(rows: Iterable[Mapping[str, Any]], *, min_joint: int = 5) -> list[Example]:
    """Examples of annotated passages; two indicators on one place are a joint label if at least ``min_joint`` places have it."""
    aligned = [_align(row) for row in rows]
    joint: Counter[str] = Counter()
    for _, _, quantities, denials, _ in aligned:
        joint.update(JOINT.join(sorted(names)) for names in _names([*quantities, *denials]) if len(set(names)) > 1)
    common = {name for name, n in joint.items() if n >= min_joint}

    def label(facts: Sequence[Mapping[str, Any]]) -> str:
        names = [f["indicator"] for f in facts]
        together = JOINT.join(sorted(set(names)))
        return together if together in common else names[0] if names else NO_FACT

    examples = []
    for (reads, year, quantities, denials, missed), row in zip(aligned, rows, strict=True):
        examples.append(
            Example(
                row,
                reads,
                year,
                [label(facts) for facts in quantities],
                [facts[0]["period"] if facts else None for facts in quantities],
                [label(facts) for facts in denials],
                missed,
            )
        )
    return examples


def _names(places: Iterable[Sequence[Mapping[str, Any]]]) -> Iterable[list[str]]:
    return ([f["indicator"] for f in facts] for facts in places)


Places = list[list[Mapping[str, Any]]]


def _align(row: Mapping[str, Any]) -> tuple[list[Read], int | None, Places, Places, int]:
    """The annotated facts by candidate: a quantity of the same value, else the negating word that opens the span."""
    layout = analyse_text(row["text"], year=row.get("year"))
    reads = read_candidates(row["text"], layout)
    counted = [
        (*c.sentence.span(c.quantity.start, c.quantity.end), c.quantity.value)
        for read in reads
        for c in read.candidates
    ]
    negated = [c.sentence.span(c.start, c.end) for read in reads for c in read.denials]
    quantities: Places = [[] for _ in counted]
    denials: Places = [[] for _ in negated]
    missed = 0
    for fact in row["facts"]:
        start, end = fact["start"], fact["end"]
        hits = [
            i for i, (a, b, value) in enumerate(counted) if a < end and b > start and abs(value - fact["value"]) < 1e-6
        ]
        if hits:
            quantities[hits[0]].append(fact)
            continue
        near = [(abs(a - start), i) for i, (a, b) in enumerate(negated) if a < end and b > start]
        if near and not fact["value"]:
            denials[min(near)[1]].append(fact)
        else:
            missed += 1
    return reads, report_year(row["text"], layout), quantities, denials, missed


def right_facts(gold: Sequence[Mapping[str, Any]], facts: Sequence[Fact]) -> tuple[list[bool], list[bool]]:
    """Which facts are right and which annotated ones were found: same indicator, value and period, overlapping spans, once each."""
    found = [False] * len(gold)
    right = []
    for fact in facts:
        hit = next(
            (
                i
                for i, want in enumerate(gold)
                if not found[i]
                and want["indicator"] == fact.indicator
                and want["period"] == fact.period
                and abs(want["value"] - fact.value) < 1e-6
                and fact.start < want["end"]
                and fact.end > want["start"]
            ),
            None,
        )
        right.append(hit is not None)
        if hit is not None:
            found[hit] = True
    return right, found
