"""The gold format of the annotation guide as typed records: what people, rules and models are measured with.

>>> fact = GoldFact("staff", 3.0, 4, 6, "3名", unit="名")
>>> document = GoldDocument("one", "专职人员3名。", facts=(fact,))
>>> document.facts[0].indicator, document.items is None
('staff', True)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gia_nlp.records import Change

BOUNDS = ("exact", "at_least", "about")
PERIODS = ("current", "previous", "cumulative", "planned")
STATUSES = {"problem": ("current", "previous"), "remedy": ("planned", "done")}


class GoldError(ValueError):
    """Annotations that are not what the format asks for. ``hint`` says what to do."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True)
class GoldFact:
    """A count as annotated. ``start`` and ``end`` are ``None`` where the reader decides the text (HTML, PDF).

    ``score`` is that of a prediction, ``None`` for what a person marked; ``more`` keeps keys that are not known here.
    """

    indicator: str
    value: float
    start: int | None
    end: int | None
    quote: str
    value_max: float | None = None
    bound: str = "exact"
    unit: str | None = None
    channel: str = "all"
    period: str = "current"
    topic: str | None = None
    change: Change | None = None
    score: float | None = None
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GoldItem:
    """A problem or a remedy as annotated; ``remedies`` of a problem are indexes into the document's items."""

    kind: str
    when: str
    start: int | None
    end: int | None
    quote: str
    categories: tuple[str, ...] = ()
    remedies: tuple[int, ...] = ()
    score: float | None = None
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GoldSection:
    """A part of the document; ``start`` and ``end`` are ``None`` where the reader decides the text."""

    id: str
    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """A document or passage with its answers.

    ``facts``, ``items``, ``sections`` and ``none_reported`` are ``None`` where nobody annotated them, which is not the same as
    an empty tuple: there it says that there is none. ``tables`` maps table and ``row.column`` to a number or ``None`` (a
    blank cell), ``undecidable`` lists cells whose glued digits no sum parts, ``scope`` limits ``items`` to a part of the text.
    ``predicted``: a program made the answers and nobody has looked at them. ``more`` keeps all other keys (split, style …).
    """

    id: str
    text: str
    facts: tuple[GoldFact, ...] | None = None
    items: tuple[GoldItem, ...] | None = None
    none_reported: bool | None = None
    source: str | None = None
    text_sha256: str | None = None
    meta: dict[str, Any] | None = None
    sections: tuple[GoldSection, ...] | None = None
    tables: dict[str, dict[str, float | None]] | None = None
    undecidable: dict[str, list[str]] | None = None
    scope: tuple[int, int] | None = None
    predicted: bool = False
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def marks(self) -> tuple[GoldFact | GoldItem, ...]:
        """All facts and items."""
        return (*(self.facts or ()), *(self.items or ()))
