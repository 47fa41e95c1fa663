"""How far two passes of annotation agree: spans, labels, sets of labels, links.

Everything here works on the annotated records as they are stored (mappings with the guide's gold fields) or on plain
pairs of labels, and returns numbers; nothing is read or written.

Two distances are used in Krippendorff's alpha = 1 - D_observed / D_expected:

* nominal: 0 for equal labels, else 1;
* MASI (Passonneau 2006) for sets: 1 - J * M, where J = |A ∩ B| / |A ∪ B| and M is 1 for equal sets, 2/3 where one
  contains the other, 1/3 where they only overlap, 0 where they share nothing.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from gia_nlp.learning.evaluation.matching import assign, overlap

Record = Mapping[str, Any]
Label = Hashable
Distance = Callable[[Any, Any], float]
Sample = TypeVar("Sample")


def nominal_distance(first: Label, second: Label) -> float:
    """0.0 for equal labels, 1.0 for different ones.

    >>> nominal_distance("website", "wechat")
    1.0
    """
    return 0.0 if first == second else 1.0


def masi_distance(first: frozenset[str], second: frozenset[str]) -> float:
    """Distance of two sets of labels, 0.0 (equal) to 1.0 (nothing in common); two empty sets are equal.

    >>> masi_distance(frozenset({"coverage"}), frozenset({"coverage", "timeliness"}))
    0.6666666666666667
    """
    if first == second:
        return 0.0
    shared = first & second
    if not shared:
        return 1.0
    contained = shared in (first, second)
    return 1.0 - len(shared) / len(first | second) * (2 / 3 if contained else 1 / 3)


def krippendorff_alpha(units: Iterable[Sequence[Label]], distance: Distance = nominal_distance) -> float | None:
    """Krippendorff's alpha over units, each with the labels that its annotators gave (missing ones left out).

    Units with fewer than two labels cannot be compared and are ignored. None where nothing is left, or where all labels
    are alike, so that no disagreement could be expected.

    >>> krippendorff_alpha([("a", "a"), ("a", "b"), ("b", "b"), ("b", "b")])
    0.5333333333333333
    """
    pairable = [tuple(unit) for unit in units if len(unit) > 1]
    totals = Counter(label for unit in pairable for label in unit)
    size = sum(totals.values())
    observed = sum(
        sum(distance(a, b) for i, a in enumerate(unit) for j, b in enumerate(unit) if i != j) / (len(unit) - 1)
        for unit in pairable
    )
    expected = sum(distance(a, b) * n * m for a, n in totals.items() for b, m in totals.items() if a != b)
    if not expected:
        return None
    return 1.0 - (size - 1) * observed / expected


def cohen_kappa(pairs: Sequence[tuple[Label, Label]]) -> float | None:
    """Cohen's kappa of two annotators; None without pairs or where both give one and the same label throughout.

    >>> cohen_kappa([("a", "a"), ("a", "b"), ("b", "b"), ("b", "b")])
    0.5
    """
    if not pairs:
        return None
    size = len(pairs)
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    by_chance = sum(n * second[label] for label, n in first.items()) / size**2
    if by_chance == 1.0:
        return None
    return (sum(a == b for a, b in pairs) / size - by_chance) / (1.0 - by_chance)


def f1_score(shared: int, first: int, second: int) -> float | None:
    """Harmonic mean of the two shares ``shared / first`` and ``shared / second``; None where both sides are empty.

    >>> f1_score(8, 10, 10)
    0.8
    """
    return 2 * shared / (first + second) if first + second else None


def match_places(
    first: Sequence[Record], second: Sequence[Record], *, prefer: Sequence[str] = (), least: float = 0.0
) -> list[tuple[int, int]]:
    """Marks at the same place, whatever they say there: one to one, those that agree in the ``prefer`` fields before others.

    The spans must share more than ``least`` of the characters that either holds; :mod:`gia_nlp.learning.evaluation.matching`
    has the stricter rules by which facts and items count as the same.

    >>> first = [{"start": 3, "end": 5, "indicator": "reviews"}]
    >>> match_places(first, [{"start": 3, "end": 5, "indicator": "litigations"}])
    [(0, 0)]
    """
    scores: list[tuple[float, int, int]] = []
    for i, a in enumerate(first):
        for j, b in enumerate(second):
            place = overlap((a["start"], a["end"]), (b["start"], b["end"]))
            if place > least:
                scores.append((place + sum(a[field] == b[field] for field in prefer), i, j))
    return sorted(assign(scores))


def links(items: Sequence[Record]) -> set[tuple[int, int]]:
    """(problem, remedy) pairs of indexes.

    >>> links([{"kind": "problem", "remedies": [1]}, {"kind": "remedy", "remedies": []}])
    {(0, 1)}
    """
    return {(i, k) for i, item in enumerate(items) if item["kind"] == "problem" for k in item["remedies"]}


def shared_links(first: Sequence[Record], second: Sequence[Record], pairs: Sequence[tuple[int, int]]) -> int:
    """How many links both sides draw, with items taken for the same by ``pairs``.

    >>> items = [{"kind": "problem", "remedies": [1]}, {"kind": "remedy", "remedies": []}]
    >>> shared_links(items, items, [(0, 0), (1, 1)])
    1
    """
    to_first = {j: i for i, j in pairs}
    want = links(first)
    return sum((to_first.get(a), to_first.get(b)) in want for a, b in links(second))


def bootstrap_interval(
    samples: Sequence[Sample],
    statistic: Callable[[Sequence[Sample]], float | None],
    *,
    draws: int = 1000,
    seed: int = 0,
) -> tuple[float, float] | None:
    """95% percentile interval of a statistic over texts drawn with replacement; None below two texts or two values.

    >>> bootstrap_interval([1.0, 1.0, 1.0], lambda rows: sum(rows) / len(rows))
    (1.0, 1.0)
    """
    if len(samples) < 2:
        return None
    generator = random.Random(seed)
    drawn = (statistic(generator.choices(samples, k=len(samples))) for _ in range(draws))
    values = sorted(value for value in drawn if value is not None)
    if len(values) < 2:
        return None
    last = len(values) - 1
    return values[round(0.025 * last)], values[round(0.975 * last)]
