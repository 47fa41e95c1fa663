"""The sixteen categories of problems and remedies, with the words that speak for each."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gia_nlp.vocabulary.active import per_vocabulary
from gia_nlp.vocabulary.loader import load_yaml


@dataclass(frozen=True, slots=True)
class Category:
    """One category. ``duty`` is the duty of the statutory form that it falls under.

    ``cues`` are (pattern, weight); ``generic`` cues count only in a clause without a topic of its own; ``fallback`` cues
    only in a point that no other cue speaks for; ``mask`` matches words in which a cue means something else; ``topic`` matches
    words that make this category a clause's topic.
    """

    id: str
    zh: str
    duty: str
    cues: tuple[tuple[re.Pattern[str], float], ...] = ()
    generic: tuple[re.Pattern[str], ...] = ()
    fallback: tuple[re.Pattern[str], ...] = ()
    mask: re.Pattern[str] | None = None
    topic: re.Pattern[str] | None = None


@per_vocabulary
def categories() -> dict[str, Category]:
    """All categories by id, in the order of the annotation guide.

    >>> list(categories())[:3], categories()["requests"].zh
    (['coverage', 'timeliness', 'quality'], '依申请公开')
    """
    return {name: _category(name, row) for name, row in load_yaml("categories")["categories"].items()}


def threshold() -> float:
    """The sum of weights from which a category is given."""
    return float(load_yaml("categories")["threshold"])


def _category(name: str, row: dict[str, object]) -> Category:
    def listed(key: str) -> list[str]:
        value = row.get(key, [])
        assert isinstance(value, list)
        return value

    cues = [(re.compile(p), 1.0) for p in listed("strong")] + [(re.compile(p), 0.5) for p in listed("weak")]
    mask = re.compile("|".join(f"(?:{p})" for p in listed("mask"))) if listed("mask") else None
    topic = re.compile(str(row["topic"])) if "topic" in row else None
    return Category(
        name,
        str(row["zh"]),
        str(row["duty"]),
        tuple(cues),
        tuple(re.compile(p) for p in listed("generic")),
        tuple(re.compile(p) for p in listed("fallback")),
        mask,
        topic,
    )
