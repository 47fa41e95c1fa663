"""Sentences from a grammar kept as data, with the counts in them as facts whose right answers are known.

A template holds ``{choices|of words}``, ``{names}`` and counts ``«indicator v=… u=…»``; see ``prose.yaml``.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gia_nlp.synthesis.counts import printed_count
from gia_nlp.synthesis.marked import Mark, Marked, concat
from gia_nlp.synthesis.seeds import chance, tail

_BRACES = re.compile(r"\{([^{}]*)\}")
_COUNT = re.compile(r"«([^»]*)»")


@dataclass
class Scope:
    """What a report's sentences may name: fixed words, lists to choose from, numbers."""

    words: dict[str, str]
    lists: Mapping[str, list[str]]
    values: Mapping[str, int]
    changes: Mapping[str, list[str]]
    thousands: bool = False
    bound: dict[str, str] = field(default_factory=dict)


def expand(template: str, rng: random.Random, scope: Scope) -> str:
    """A template's words with every choice made; counts are left as they are.

    A name that ends in a figure keeps its word within a sentence, and names that differ in the figure differ in the word.
    """
    scope.bound = {}

    def choose(match: re.Match[str]) -> str:
        inner = match.group(1)
        if "|" in inner:
            return rng.choice(inner.split("|"))
        if inner in scope.words:
            return scope.words[inner]
        if inner in scope.lists:
            return rng.choice(scope.lists[inner])
        stem = inner.rstrip("0123456789")
        if stem != inner and inner not in scope.bound:
            options = scope.lists["topic_pub" if stem == "topic" else stem]
            scope.bound[inner] = rng.choice([o for o in options if o not in scope.bound.values()])
        if inner in scope.bound:
            return scope.bound[inner]
        return _drawn(inner, rng)

    for _ in range(12):
        template, count = _BRACES.subn(choose, template)
        if not count:
            return template
    raise ValueError(f"a template never ends: {template}")


def _drawn(name: str, rng: random.Random) -> str:
    """Numbers that stand for nothing the form counts."""
    sizes = {
        "doc": (2, 900),
        "small": (2, 15),
        "area": (310, 999),
        "phone": (2000000, 8999999),
        "post": (100000, 899999),
        "day": (10, 28),
        "ord": (2, 6),
    }
    if name == "pct":
        return f"{rng.randint(900, 1000) / 10:g}"
    if name not in sizes:
        raise KeyError(f"no word and no list is called {name}")
    return str(rng.randint(*sizes[name]))


def sentence(template: str, rng: random.Random, scope: Scope, counts: random.Random | None = None) -> Marked:
    """A sentence with its facts marked. Counts that no table has are drawn from ``counts``, so that the words can stay as they were.

    >>> scope = Scope({}, {}, {"received": 12}, {})
    >>> made = sentence("收到申请«requests_received v=received u=件»。", random.Random(1), scope)
    >>> made.text, made.marks[0].data["value"]
    ('收到申请12件。', 12.0)
    """
    text = expand(template, rng, scope)
    parts: list[Marked | str] = []
    at = 0
    for match in _COUNT.finditer(text):
        parts += [text[at : match.start()], _count(match.group(1), rng, scope, counts or rng)]
        at = match.end()
    parts.append(text[at:])
    return concat(parts)


def _count(spec: str, rng: random.Random, scope: Scope, counts: random.Random) -> Marked:
    head, _, literal = spec.partition("=>")
    indicators, *rest = head.split()
    options: dict[str, str] = {}
    for word in rest:
        key, _, setting = word.partition("=")
        options[key] = setting
    base: dict[str, Any] = {
        "value": 0.0, "value_max": None, "bound": "exact", "unit": None, "channel": options.get("c", "all"),
        "period": options.get("p", "current"), "topic": options.get("t"), "change": None,
    }  # fmt: skip
    names = indicators.split("+")
    if literal:
        text = literal.strip()
        return Marked(text, tuple(Mark(0, len(text), "fact", {"indicator": n, **base}) for n in names))
    unit = rng.choice(options["u"].split("/")) or None
    value = _value(options["v"], counts, scope)
    count = printed_count(
        rng,
        value,
        unit or "",
        approx="approx" in options,
        chinese="cn" in options,
        ranged="range" in options,
        few="few" in options,
        bare="bare" in options,
        thousands=scope.thousands,
    )
    data = base | {"value": float(count.value), "value_max": count.value_max, "bound": count.bound, "unit": unit}
    behind = ""
    if "chg" in options and scope.changes and count.bound == "exact" and chance(rng, 0.4):
        behind, data["change"] = _change(rng, int(value), unit or "", scope)
    start = len(count.before)
    end = start + len(count.text)
    marks = tuple(Mark(start, end, "fact", {"indicator": n, **data}) for n in names)
    return Marked(count.before + count.text + count.after + behind, marks)


def _value(name: str, rng: random.Random, scope: Scope) -> int:
    if name.startswith("tail:"):
        return tail(rng, float(name[5:]))
    low, dash, high = name.partition("-")
    if dash and low.isdigit():
        return rng.randint(int(low), int(high))
    return scope.values[name]


def _change(rng: random.Random, value: int, unit: str, scope: Scope) -> tuple[str, dict[str, Any]]:
    kind = rng.choice(("count", "percent"))
    up = value > 0 and chance(rng, 0.6)
    template = rng.choice(scope.changes[kind])
    amount: float
    if kind == "count":
        amount = rng.randint(1, max(1, value)) if up else rng.randint(1, max(3, value // 2))
        word = rng.choice(scope.lists["more" if up else "less"])
    else:
        amount = round(rng.uniform(0.5, 95 if up else 80), rng.choice((0, 1, 2)))
        word = rng.choice(("增长", "上升", "增加") if up else ("下降", "减少"))
    template = template.replace("{dirp}", word).replace("{dir}", word)
    text = expand(
        template.replace("{n}", f"{amount:g}").replace("{u}", unit),
        rng,
        Scope(scope.words, scope.lists, scope.values, scope.changes),
    )
    return text, {
        "value": float(f"{amount:g}"),
        "unit": unit if kind == "count" else "%",
        "direction": "up" if up else "down",
    }
