"""What a form sends, as a mark: every field checked against the vocabulary and the text."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache

from gia_nlp.annotation.records import BOUNDS, PERIODS, STATUSES, GoldDocument, GoldFact, GoldItem
from gia_nlp.records import Change
from gia_nlp.vocabulary.categories import categories
from gia_nlp.vocabulary.indicators import indicators
from gia_nlp.vocabulary.loader import load_yaml

Fields = Mapping[str, Sequence[str]]
LONGEST = {"unit": 60, "topic": 400, "change_unit": 60, "by": 80}


class EntryError(ValueError):
    """A form that cannot be taken. ``reason`` is a key of the dictionary's group ``wrong``; ``field`` names the field."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(f"{reason} {field}".strip())
        self.reason, self.field = reason, field


@cache
def channels() -> tuple[str, ...]:
    """The channels that a fact can have, ``all`` first."""
    return ("all", *(name for name in load_yaml("channels") if name != "none"))


def one(fields: Fields, name: str) -> str:
    """The value of a field, without blanks around it; empty if it was not sent."""
    values = fields.get(name, ())
    return values[0].strip() if values else ""


def person(fields: Fields) -> str:
    """Who corrects."""
    by = _short(fields, "by")
    if not by:
        raise EntryError("by")
    return by


def fact_of(fields: Fields, document: GoldDocument) -> GoldFact:
    """The fact that a form states; raises :class:`EntryError`."""
    start, end = _span(fields, document.text)
    value, value_max = _number(fields, "value"), _optional(fields, "value_max")
    if value_max is not None and value_max < value:
        raise EntryError("range")
    indicator = _choice(fields, "indicator", tuple(indicators()))
    channel = _choice(fields, "channel", channels(), "all")
    return GoldFact(
        indicator=indicator,
        value=value,
        start=start,
        end=end,
        quote=document.text[start:end],
        value_max=value_max,
        bound=_choice(fields, "bound", BOUNDS, "exact"),
        unit=_short(fields, "unit") or None,
        channel=channel if indicators()[indicator].channelled else "all",
        period=_choice(fields, "period", PERIODS, "current"),
        topic=_short(fields, "topic") or None,
        change=_change(fields),
    )


def item_of(fields: Fields, document: GoldDocument) -> GoldItem:
    """The problem or remedy that a form states; raises :class:`EntryError`."""
    start, end = _span(fields, document.text)
    kind = _choice(fields, "kind", tuple(STATUSES))
    named = tuple(dict.fromkeys(v.strip() for v in fields.get("categories", ())))
    if any(name not in categories() for name in named):
        raise EntryError("choice", "categories")
    items = document.items or ()
    remedies = []
    for value in fields.get("remedies", ()):
        if not (value.isascii() and value.isdigit()) or int(value) >= len(items):
            raise EntryError("choice", "remedies")
        remedies.append(int(value))
    return GoldItem(
        kind=kind,
        when=_choice(fields, f"when_{kind}", STATUSES[kind], STATUSES[kind][0]),
        start=start,
        end=end,
        quote=document.text[start:end],
        categories=tuple(c for c in categories() if c in named),
        remedies=tuple(sorted(set(remedies))) if kind == "problem" else (),
    )


def _span(fields: Fields, text: str) -> tuple[int, int]:
    """The span; where the form says which words stand there, they must."""
    start, end = (_whole(fields, name) for name in ("start", "end"))
    if not 0 <= start < end <= len(text) or not text[start:end].strip():
        raise EntryError("span")
    told = fields.get("quote", ("",))[0]
    # A browser sends line ends as CR LF whatever the text has.
    if told and "".join(told.split()) != "".join(text[start:end].split()):
        raise EntryError("quote")
    return start, end


def _whole(fields: Fields, name: str) -> int:
    text = one(fields, name)
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise EntryError("number", name)
    return int(text)


def _number(fields: Fields, name: str) -> float:
    try:
        value = float(one(fields, name).replace(",", ""))
    except ValueError:
        raise EntryError("number", name) from None
    if not math.isfinite(value) or abs(value) > 1e15:
        raise EntryError("number", name)
    return value


def _optional(fields: Fields, name: str) -> float | None:
    return _number(fields, name) if one(fields, name) else None


def _short(fields: Fields, name: str) -> str:
    value = one(fields, name)
    if len(value) > LONGEST[name]:
        raise EntryError("long", name)
    return value


def _choice(fields: Fields, name: str, allowed: Sequence[str], default: str | None = None) -> str:
    value = one(fields, name) or default
    if value not in allowed:
        raise EntryError("choice", name)
    return str(value)


def _change(fields: Fields) -> Change | None:
    value, unit = _optional(fields, "change_value"), _short(fields, "change_unit") or None
    direction = one(fields, "change_direction")
    if not direction:
        if value is not None or unit:
            raise EntryError("direction")
        return None
    return Change(value, unit, _choice(fields, "change_direction", ("up", "down")))
