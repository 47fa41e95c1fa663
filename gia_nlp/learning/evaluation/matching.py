"""Which prediction answers which gold mention: the annotation guide's rules, one to one, best pairs first.

Facts and items come as plain rows (dicts) with ``start`` and ``end``, as gold files have them and as
:mod:`gia_nlp.learning.evaluation.predictions` gives the output tables.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

Row = Mapping[str, Any]
Pair = tuple[int, int]

ATTRIBUTES = ("channel", "bound", "unit", "topic", "value_max", "change")
ITEM_OVERLAP = 0.7
# A span that swallows its neighbours overlaps every one of them: it must not be much longer than the quantity.
_LONGEST, _SLACK = 3, 4


def span(row: Row) -> tuple[int, int] | None:
    """Start and end of a row, or ``None`` where it has no place in the text."""
    start, end = row.get("start"), row.get("end")
    return None if start is None or end is None else (int(start), int(end))


def overlap(a: tuple[int, int], b: tuple[int, int]) -> float:
    """Characters that both spans hold, over those that either holds.

    >>> overlap((0, 10), (5, 15)), overlap((0, 2), (5, 7))
    (0.3333333333333333, 0.0)
    """
    inner = max(0, min(a[1], b[1]) - max(a[0], b[0]))
    outer = max(a[1], b[1]) - min(a[0], b[0])
    return inner / outer if outer else 0.0


def likeness(a: str | None, b: str | None) -> float:
    """How alike two texts are by pairs of characters, white space aside: stands in for spans where gold has none.

    >>> likeness("更新不及时", "更新 不及时"), likeness("更新", "培训")
    (1.0, 0.0)
    """
    x, y = _bigrams(a), _bigrams(b)
    total = sum(x.values()) + sum(y.values())
    return 2 * sum((x & y).values()) / total if total else 0.0


def _bigrams(text: str | None) -> Counter[Any]:
    joined = "".join(str(text or "").split())
    return Counter(pairwise(joined)) if len(joined) > 1 else Counter([joined])


def same_number(a: float | None, b: float | None) -> bool:
    """Whether two numbers are there and equal, to a millionth of the second.

    >>> same_number(0.1 + 0.2, 0.3), same_number(None, None)
    (True, False)
    """
    if a is None or b is None:
        return False
    return abs(float(a) - float(b)) <= 1e-6 * max(1.0, abs(float(b)))


def assign(candidates: Iterable[tuple[float, int, int]]) -> list[Pair]:
    """Pairs (gold, predicted) out of (score, gold, predicted): the best first, each side once; of equals the first.

    >>> assign([(0.5, 0, 0), (0.9, 1, 0), (0.4, 0, 1)])
    [(1, 0), (0, 1)]
    """
    used_gold: set[int] = set()
    used_predicted: set[int] = set()
    pairs: list[Pair] = []
    for _, g, p in sorted(candidates, key=lambda c: (-c[0], c[1], c[2])):
        if g not in used_gold and p not in used_predicted:
            used_gold.add(g)
            used_predicted.add(p)
            pairs.append((g, p))
    return pairs


def match_facts(gold: Sequence[Row], predicted: Sequence[Row]) -> list[Pair]:
    """Facts match when indicator, value and period agree and the spans overlap."""
    return _pair_facts(gold, predicted, lambda g, p: p.get("indicator") == g["indicator"] and _period(p) == _period(g))


def match_facts_any_period(gold: Sequence[Row], predicted: Sequence[Row]) -> list[Pair]:
    """As :func:`match_facts` whatever the period, with pairs of one period before others: to measure the period itself."""
    return _pair_facts(gold, predicted, lambda g, p: p.get("indicator") == g["indicator"], lambda g, p: _period(p) == _period(g))  # fmt: skip


def match_quantities(gold: Sequence[Row], predicted: Sequence[Row]) -> list[Pair]:
    """Mentions of one value at one place, whatever they are said to count: to measure the indicator itself."""
    return _pair_facts(gold, predicted, lambda g, p: True, lambda g, p: p.get("indicator") == g["indicator"], spanless=0.5)  # fmt: skip


def _pair_facts(
    gold: Sequence[Row],
    predicted: Sequence[Row],
    agree: Callable[[Row, Row], bool],
    prefer: Callable[[Row, Row], bool] = lambda g, p: False,
    spanless: float = 0.0,
) -> list[Pair]:
    candidates: list[tuple[float, int, int]] = []
    for i, g in enumerate(gold):
        for j, p in enumerate(predicted):
            if not agree(g, p) or not same_number(p.get("value"), g["value"]):
                continue
            a, b = span(g), span(p)
            better = 4.0 if prefer(g, p) else 0.0
            if a and b:
                if min(a[1], b[1]) <= max(a[0], b[0]) or b[1] - b[0] > _LONGEST * (a[1] - a[0]) + _SLACK:
                    continue
                candidates.append((1 + overlap(a, b) + better, i, j))
            else:
                alike = likeness(g.get("quote"), p.get("quote"))
                if alike >= spanless:
                    candidates.append((alike + (g.get("topic") == p.get("topic")) * 0.5 + better, i, j))
    return assign(candidates)


def _period(row: Row) -> str:
    return row.get("period") or "current"


def match_items(gold: Sequence[Row], predicted: Sequence[Row]) -> list[Pair]:
    """Items match when their kind agrees and their characters overlap by 0.7; without spans their quotes must be that alike."""
    candidates: list[tuple[float, int, int]] = []
    for i, g in enumerate(gold):
        for j, p in enumerate(predicted):
            if g["kind"] == p.get("kind"):
                a, b = span(g), span(p)
                score = overlap(a, b) if a and b else likeness(g["quote"], p.get("quote"))
                if score >= ITEM_OVERLAP:
                    candidates.append((score, i, j))
    return assign(candidates)


def attribute_agrees(name: str, gold: Row, predicted: Row) -> bool:
    """Whether a matched fact has the attribute right; of two topics one may contain the other.

    >>> attribute_agrees("topic", {"topic": "概况类信息"}, {"topic": "概况类"})
    True
    """
    if name == "change":
        want = gold.get("change") or {}
        have = {k: plain(predicted.get(f"change_{k}")) for k in ("value", "unit", "direction")}
        amount = have["value"] == want.get("value") or same_number(have["value"], want.get("value"))
        return amount and all(have[k] == want.get(k) for k in ("unit", "direction"))
    if name == "period":
        return _period(gold) == _period(predicted)
    x, y = plain(gold.get(name)), plain(predicted.get(name))
    if name == "value_max":
        return (x is None and y is None) or same_number(x, y)
    if name == "topic" and x and y:
        return bool(x == y or (min(len(x), len(y)) > 1 and (x in y or y in x)))
    return bool(x == y)


def plain(value: Any) -> Any:
    """``None`` for every kind of missing value (NaN, pandas' NA and NaT), anything else as it is."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    return None if type(value).__name__ in ("NAType", "NaTType") else value


def document_answers(facts: Iterable[Row]) -> dict[str, float | None]:
    """The document's answer to each indicator that its gold facts mention, ``None`` where no mention answers (design's rule)."""
    mentions: dict[str, list[Row]] = {}
    for fact in facts:
        mentions.setdefault(fact["indicator"], []).append(fact)
    result: dict[str, float | None] = {}
    for indicator, all_of in mentions.items():
        found = [f for f in all_of if _period(f) == "current" and not f.get("topic")]
        total = [f for f in found if f.get("channel") in (None, "all")]
        if not total and len({f.get("channel") for f in found}) == 1:
            total = found
        total.sort(key=lambda f: f.get("bound") not in (None, "exact"))
        result[indicator] = total[0]["value"] if total else None
    return result
