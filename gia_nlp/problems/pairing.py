"""Which remedies answer which problem: the same pair of headings, else the same subject.

Each category of a problem looks for the remedies that treat it best, judged by what a remedy's first clause is about,
by rare words in common and by the same place in its list. The weights stand here in the open.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from operator import add

from gia_nlp.problems.classifying import classify
from gia_nlp.problems.drafts import Draft

CATEGORY = 0.5  # a category in common
ORDINAL = 0.1  # the same place in lists of one length
LEAST = 0.2  # the weakest pair by category
NEARLY = 0.75  # of the best score: such remedies answer together
MOST = 40_000  # pairs looked at: no real list comes near, and garbage shall not cost squares
WORDS_ALONE = 0.4  # the share of common words that makes a pair without a category
# Words of the genre that every point may hold: they say nothing about its subject.
_GENRE = re.compile(
    r"政府信息公开|政务信息公开|政务公开|信息公开|政府信息|公开工作|政府|政务|工作|进一步|有待|加强|提高|提升|不断|不够|需要?|仍|还|的|和|与|及|了|是|将|"
    r"开展|推进|完善|加大|强化|存在|部分|个别|较|不足|力度|情况|方面|问题|我[局县市区镇乡委办]|各单位|单位|部门|相关|有关|持续|切实|确保|做好|水平|"
    r"建立|健全|规范|优化|公开|信息|能力|质量"
)


_WORDS = re.compile(r"\w{2,}")
_HEAD = re.compile(r"[^，。；]*")


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
    if not problems or not remedies or len(problems) * len(remedies) > MOST:
        return {}
    two_years = {"previous", "current"} <= {points[i].draft.status for i in problems}
    grams = {i: word_pairs(_with_heading(points[i].draft)) for i in (*problems, *remedies)}
    rare = rarity(list(grams.values()))
    found: dict[int, tuple[int, ...]] = {}
    for a in problems:
        allowed = [b for b in remedies if _may_answer(points[a].draft, points[b].draft, two_years)]
        named = [b for b in allowed if points[b].draft.answers]
        if named:
            found[a] = tuple(named)
        elif len(problems) == 1:
            found[a] = tuple(allowed)
        elif len(remedies) == 1:
            found[a] = tuple(b for b in allowed if _agrees(points[a], points[b], grams[a], grams[b]))
        else:
            words = {b: _similarity(grams[a], grams[b], rare) for b in allowed}
            found[a] = _by_subject(points, a, allowed, words, problems, remedies)
    for a in problems:
        if not found[a]:
            found[a] = _by_place(points, a, problems, remedies, found, two_years)
    return found


def _with_heading(draft: Draft) -> str:
    return f"{draft.heading}，{draft.text}" if draft.heading else draft.text


def _may_answer(problem: Draft, remedy: Draft, two_years: bool) -> bool:
    if remedy.answers and remedy.answers != problem.ordinal:
        return False
    return not two_years or (problem.status == "previous") == (remedy.status == "done")


def _by_subject(
    points: Sequence[Point],
    a: int,
    allowed: list[int],
    words: dict[int, float],
    problems: list[int],
    remedies: list[int],
) -> tuple[int, ...]:
    """For each category of the problem the remedies that treat it best; besides, those that speak in the same words."""
    chosen: set[int] = set()
    for category in points[a].categories:
        if category == "other":
            continue
        scores = {}
        for b in allowed:
            if category in points[b].categories:
                place = ORDINAL * (len(problems) == len(remedies) and problems.index(a) == remedies.index(b))
                scores[b] = CATEGORY * _weight(points[b], category) + words[b] + place
        best = max(scores.values(), default=0.0)
        chosen.update(b for b, score in scores.items() if score >= NEARLY * best and score >= LEAST)
    best = max(words.values(), default=0.0)
    chosen.update(b for b in allowed if words[b] >= WORDS_ALONE and words[b] >= NEARLY * best)
    return tuple(sorted(chosen))


def _weight(remedy: Point, category: str) -> float:
    """How much of a remedy is about a category: all where its first clause is, little where it is one of many."""
    head = _HEAD.match(remedy.draft.text)[0]  # type: ignore[index]  # it may be empty
    return (1.0 if category in classify(head)[0] else 0.6) / math.sqrt(1 + 0.25 * (len(remedy.categories) - 1))


def _similarity(grams_a: Mapping[str, None], grams_b: Mapping[str, None], rare: dict[str, float]) -> float:
    """The share of the problem's rare words that the remedy takes up."""
    weight = sum([rare[g] for g in grams_a]) or 1.0
    return sum([rare[g] for g in grams_a if g in grams_b]) / weight


def _agrees(a: Point, b: Point, grams_a: Mapping[str, None], grams_b: Mapping[str, None]) -> bool:
    """Whether nothing says that the only remedy of a pair of headings is about something else."""
    mine, its = set(a.categories) - {"other"}, set(b.categories) - {"other"}
    return not mine or not its or bool(mine & its) or len(grams_a.keys() & grams_b.keys()) >= 0.2 * len(grams_a)


def _by_place(
    points: Sequence[Point],
    a: int,
    problems: list[int],
    remedies: list[int],
    found: dict[int, tuple[int, ...]],
    two_years: bool,
) -> tuple[int, ...]:
    """The remedy at the same place of its list, unless it belongs to another subject.

    Where all other problems are answered by the remedies at their own places, what is left belongs together.
    """
    if len(problems) != len(remedies):
        return ()
    b = remedies[problems.index(a)]
    if any(b in found[other] for other in problems) or not _may_answer(points[a].draft, points[b].draft, two_years):
        return ()
    others = [other for other in problems if other != a]
    if others and all(remedies[problems.index(other)] in found[other] for other in others):
        return (b,)
    mine, its = set(points[a].categories) - {"other"}, set(points[b].categories) - {"other"}
    return () if mine and its and not mine & its else (b,)


@lru_cache(maxsize=512)
def word_pairs(text: str) -> Mapping[str, None]:
    """Pairs of characters within the words that say something, in order and each once; rules and model ask for the same texts.

    >>> list(word_pairs("信息更新慢，解读少"))
    ['更新', '新慢', '解读', '读少']
    """
    found: dict[str, None] = {}
    for piece in _WORDS.findall(_GENRE.sub(" ", text)):
        found.update(dict.fromkeys(map(add, piece, piece[1:])))
    return found


def rarity(texts: Sequence[Mapping[str, None]]) -> dict[str, float]:
    """How rare each pair of characters is among some texts: the logarithm of one more than the share of texts that hold it, inverse."""
    found = Counter(chain.from_iterable(texts))
    weights = [0.0, *(math.log(1 + len(texts) / n) for n in range(1, max(found.values(), default=0) + 1))]
    return {gram: weights[n] for gram, n in found.items()}
