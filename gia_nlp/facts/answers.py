"""The document's answer to each indicator."""

from __future__ import annotations

from collections.abc import Iterable

from gia_nlp.records import Fact


def answers(facts: Iterable[Fact]) -> dict[str, Fact]:
    """The fact that answers each indicator that has an answer.

    Among the ``current`` mentions without a topic: those of channel ``all``, else, if only one channel occurs, those; of
    several, exact before bounded, then the first. Parts are never summed.

    >>> a = Fact("meetings", 3.0, 0, 2, "3次", bound="at_least"); b = Fact("meetings", 2.0, 5, 7, "2次")
    >>> answers([a, b])["meetings"].value
    2.0
    """
    found: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.period == "current" and not fact.topic:
            found.setdefault(fact.indicator, []).append(fact)
    chosen: dict[str, Fact] = {}
    for indicator, mentions in found.items():
        total = [f for f in mentions if f.channel == "all"]
        if not total and len({f.channel for f in mentions}) == 1:
            total = mentions
        if total:
            chosen[indicator] = min(total, key=lambda f: (f.bound != "exact", f.start))
    return chosen
