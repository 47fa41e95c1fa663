"""Which remedies answer which problem: the same pair of headings, else the same subject.

Every possible pair gets a score from what both texts say: rare words in common, categories in common, the same place in
its list. The weights stand here in the open; a pair is made from a threshold on.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from gia_nlp.problems.segmenting import Draft

WORDS, CATEGORIES, ORDINAL, HEADING = 1.0, 0.8, 0.12, 0.3
THRESHOLD = 0.36
# Words of the genre that every point may hold: they say nothing about its subject.
_GENRE = re.compile(
    r"政府信息公开|政务信息公开|政务公开|信息公开|政府信息|公开工作|政府|政务|工作|进一步|有待|加强|提高|提升|不断|不够|需要?|仍|还|的|和|与|及|了|是|将|"
    r"开展|推进|完善|加大|强化|存在|部分|个别|较|不足|力度|情况|方面|问题|我[局县市区镇乡委办]|各单位|单位|部门|相关|有关|持续|切实|确保|做好|水平|"
    r"建立|健全|规范|优化|公开|信息|能力|质量"
)


@dataclass(frozen=True, slots=True)
class Point:
    """A draft with its categories."""

    draft: Draft
    categories: tuple[str, ...]


def pair(points: Sequence[Point]) -> list[tuple[int, ...]]:
    """For every point the indexes of the remedies that answer it; empty for remedies.

    >>> def p(kind, text, *cats): return Point(Draft(kind, "", 0, 0, text, 0), cats)
    >>> pair([p("problem", "解读形式单一", "interpretation"), p("problem", "更新慢", "timeliness"),
    ...       p("remedy", "按时更新", "timeliness"), p("remedy", "丰富解读形式", "interpretation")])
    [(3,), (2,), (), ()]
    """
    answers: list[tuple[int, ...]] = [() for _ in points]
    rounds: dict[int, list[int]] = {}
    for i, point in enumerate(points):
        rounds.setdefault(point.draft.round, []).append(i)
    for members in rounds.values():
        problems = [i for i in members if points[i].draft.kind == "problem"]
        remedies = [i for i in members if points[i].draft.kind == "remedy"]
        for i, found in _pair_round(points, problems, remedies).items():
            answers[i] = found
    return answers


def _pair_round(points: Sequence[Point], problems: list[int], remedies: list[int]) -> dict[int, tuple[int, ...]]:
    if not problems or not remedies:
        return {}
    two_years = {"previous", "current"} <= {points[i].draft.status for i in problems}
    grams = {i: _grams(f"{points[i].draft.heading}，{points[i].draft.text}") for i in (*problems, *remedies)}
    rarity = _rarity([grams[i] for i in (*problems, *remedies)])
    shared = Counter(c for i in remedies for c in points[i].categories)
    scores: dict[tuple[int, int], float] = {}
    for a in problems:
        for place, b in enumerate(remedies):
            if two_years and (points[a].draft.status == "previous") != (points[b].draft.status == "done"):
                continue
            if len(problems) == 1 or len(remedies) == 1 and _agrees(points[a], points[b], grams[a], grams[b]):
                scores[a, b] = 1.0
                continue
            same_place = len(problems) == len(remedies) and problems.index(a) == place
            scores[a, b] = _score(points[a], points[b], grams[a], grams[b], rarity, shared, same_place)
    found: dict[int, tuple[int, ...]] = {}
    for a in problems:
        mine = {b: scores[a, b] for b in remedies if (a, b) in scores}
        best = max(mine.values(), default=0.0)
        found[a] = tuple(b for b in remedies if b in mine and mine[b] >= THRESHOLD and mine[b] >= 0.62 * best)
        if not found[a]:
            found[a] = _by_place(points, a, problems, remedies, scores)
    return found


def _agrees(a: Point, b: Point, grams_a: Counter[str], grams_b: Counter[str]) -> bool:
    """Whether nothing says that the only remedy of a pair of headings is about something else."""
    mine, its = set(a.categories) - {"other"}, set(b.categories) - {"other"}
    return not mine or not its or bool(mine & its) or bool(grams_a.keys() & grams_b.keys())


def _by_place(
    points: Sequence[Point], a: int, problems: list[int], remedies: list[int], scores: dict[tuple[int, int], float]
) -> tuple[int, ...]:
    """The remedy at the same place of its list, unless it belongs to another subject."""
    if len(problems) != len(remedies):
        return ()
    b = remedies[problems.index(a)]
    taken = any(scores.get((other, b), 0.0) >= THRESHOLD for other in problems if other != a)
    if taken or (a, b) not in scores:
        return ()
    mine, its = set(points[a].categories) - {"other"}, set(points[b].categories) - {"other"}
    contradicts = bool(mine) and bool(its) and not mine & its
    return () if contradicts else (b,)


def _score(
    a: Point, b: Point, grams_a: Counter[str], grams_b: Counter[str], rarity: dict[str, float], shared: Counter[str], same_place: bool
) -> float:
    mine = [c for c in a.categories if c != "other"]
    common = [c for c in mine if c in b.categories]
    # A category that every remedy has tells little; one of many in a long remedy tells less.
    by_category = sum(1 / math.sqrt(shared[c]) for c in common) / len(mine) if mine else 0.0
    by_category *= 1.2 if len(common) == len(mine) else 1.0
    weight = sum(rarity[g] for g in grams_a) or 1.0
    by_words = sum(rarity[g] for g in grams_a if g in grams_b) / weight
    heading = HEADING if a.draft.heading and _related(a.draft.heading, b.draft.heading) else 0.0
    return WORDS * by_words + CATEGORIES * by_category + ORDINAL * same_place + heading


def _related(heading: str, other: str) -> bool:
    if not other:
        return False
    x, y = set(_grams(heading)), set(_grams(other))
    return bool(x and y) and len(x & y) / min(len(x), len(y)) >= 0.5


def _grams(text: str) -> Counter[str]:
    """Pairs of characters within the words that say something."""
    found: Counter[str] = Counter()
    for piece in re.split(r"[^\w]+", _GENRE.sub(" ", text)):
        found.update(piece[i : i + 2] for i in range(len(piece) - 1))
    return found


def _rarity(all_grams: list[Counter[str]]) -> dict[str, float]:
    count = Counter(g for grams in all_grams for g in grams)
    return {g: math.log(1 + len(all_grams) / n) for g, n in count.items()}
