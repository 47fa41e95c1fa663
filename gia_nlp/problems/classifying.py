"""Which categories a point states: cues weighed clause by clause, so that every decision can be read off."""

from __future__ import annotations

import re
import zlib
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from gia_nlp.vocabulary.active import active, per_vocabulary
from gia_nlp.vocabulary.categories import categories, threshold
from gia_nlp.vocabulary.prefilter import Prefilter

# A clause that begins with one of these carries on with the topic of the clause before it.
_LEANS = re.compile(
    r"(?:[也还且并]|不够?|未|缺|更|进一步|不断|持续|提[升高]|丰富|创新|完善|优化|增强|确保|做到|保证|推动|促进|实现|对)*"
    r"(?:形式|方式|内容|质量|渠道|时效|效果|水平|语言|深度|广度|力度|角度|载体|可读性|针对性|实效|途径|格式|标准|流程|期限|时限)|(?:杜绝|避免|防止|减少|降低|[一统]口受理|限时|答复|回复|反馈|转办|办结)"
)
# 通过培训提高答复质量 is about answers: the means is no topic.
_MEANS = re.compile(
    r"(?:通过|借助|利用|依托|结合|运用|以)[^，]{1,14}?(?=提[高升]|增强|加强|规范|推[动进]|促进|扩大|丰富|改进|优化|完善|强化|保障|确保)"
)
_CLAUSE = re.compile(r"[^，。；：！？\n]+")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the cues say of a point: the sum of weights of each category, the cues that occur, the clauses' topics."""

    weights: Mapping[str, float]
    cues: frozenset[str]


def evidence(text: str) -> Evidence:
    """The cues of a text in normal form; a cue's name holds its category and a digest of its pattern.

    >>> evidence("更新不及时").weights
    {'timeliness': 2.0}
    """
    return _evidence(active().digest, text)


@lru_cache(maxsize=2048)
def _evidence(vocabulary_digest: str, text: str) -> Evidence:
    """A point is asked for several times, and headings come again from report to report."""
    weights: dict[str, float] = {}
    cues: set[str] = set()
    topic: str | None = None
    for clause in _CLAUSE.findall(text):
        topic, given, told = _told(vocabulary_digest, clause, topic)
        cues.update(told)
        for name, weight in given.items():
            weights[name] = weights.get(name, 0.0) + weight
    return Evidence(weights, frozenset(cues))


@lru_cache(maxsize=4096)
def _told(vocabulary_digest: str, clause: str, topic: str | None) -> tuple[str | None, dict[str, float], list[str]]:
    """The topic of a clause behind a clause with a topic, and what its cues say: their weights and names.

    The first clauses of points are asked for by themselves too.
    """
    table = _cue_table()
    found = table.can_match.among(clause)
    first_mask = bisect_left(found, table.first_mask)
    first_topic = bisect_left(found, table.first_topic, 0, first_mask)
    own = _topic(clause, table, found[first_topic:first_mask]) if first_topic < first_mask else None
    told = []
    if own is not None:
        topic = own
        told.append(f"topic:{own}")
    elif topic is not None and not _LEANS.match(clause):
        topic = None
    weights: dict[str, float] = {}
    masks = dict([table.masks[n - table.first_mask] for n in found[first_mask:]])
    masked: dict[str, str] = {}
    for name, search, weight, generic, cue in map(table.cues.__getitem__, found[:first_topic]):
        if generic and topic is not None and topic != name:
            continue
        words = clause
        if name in masks:
            if name not in masked:
                masked[name] = _masked(masks[name], clause)
            words = masked[name]
        if search(words):
            told.append(cue)
            weights[name] = weights.get(name, 0.0) + weight
    return topic, weights, told


def classify(text: str) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """The categories of a problem or remedy in normal form, in the guide's order, each with a score from 0.5 to 1.

    >>> classify("信息公开不及时、不全面")[0]
    ('coverage', 'timeliness')
    >>> classify("通过培训提高答复质量")[0]
    ('requests', 'capacity')
    >>> classify("提升政务公开水平")
    (('other',), (0.5,))
    """
    bar = threshold()
    given = {name: weight for name, weight in evidence(text).weights.items() if weight >= bar}
    if not given:
        given = _in_passing(text)
    if not given:
        return ("other",), (0.5,)
    names = tuple(name for name in categories() if name in given)
    return names, tuple(round(1 - 0.5 ** given[name], 4) for name in names)


# A cue: its category, how it is searched for, its weight, whether it counts only without another topic, its name.
_Cue = tuple[str, Callable[[str], object], float, bool, str]


@dataclass(frozen=True, slots=True)
class _Table:
    """The cues of all categories, category by category; which of them, of the topics and of the masks can match at all.

    ``can_match`` numbers the cues first, the topics from ``first_topic`` on and the masks from ``first_mask`` on.
    """

    cues: tuple[_Cue, ...]
    topics: tuple[tuple[str, re.Pattern[str]], ...]
    masks: tuple[tuple[str, re.Pattern[str]], ...]
    can_match: Prefilter
    first_topic: int
    first_mask: int


@per_vocabulary
def _cue_table() -> _Table:
    cues: list[_Cue] = []
    patterns: list[re.Pattern[str]] = []
    for category in categories().values():
        given = [(p, w, False) for p, w in category.cues] + [(p, 1.0, True) for p in category.generic]
        for pattern, weight, generic in given:
            name = _cue_name(category.id, pattern)
            cues.append((category.id, pattern.search, weight, generic, name))
            patterns.append(pattern)
    topics = tuple((c.id, c.topic) for c in categories().values() if c.topic)
    masks = tuple((c.id, c.mask) for c in categories().values() if c.mask)
    asked = [*patterns, *(p for _, p in topics), *(p for _, p in masks)]
    return _Table(tuple(cues), topics, masks, Prefilter(asked), len(cues), len(cues) + len(topics))


def _topic(clause: str, table: _Table, numbers: Sequence[int]) -> str | None:
    """The category that the clause is about, where words say so: the one named first; ``numbers`` are topics that can match."""
    best: tuple[int, str] | None = None
    means = _MEANS.match(clause)
    for number in numbers:
        name, pattern = table.topics[number - table.first_topic]
        match = pattern.search(clause, means.end() if means else 0)
        if match and (best is None or match.start() < best[0]):
            best = (match.start(), name)
    return best[1] if best else None


def _in_passing(text: str) -> dict[str, float]:
    """What is only mentioned is the point where nothing else is: 学习 beside an aim is a means, alone it is the remedy."""
    given: dict[str, float] = {}
    fallbacks, can_match = _fallback_table()
    asked: dict[str, list[tuple[re.Pattern[str] | None, re.Pattern[str]]]] = {}
    for number in can_match.among(text):
        name, mask, pattern = fallbacks[number]
        asked.setdefault(name, []).append((mask, pattern))
    clauses = _CLAUSE.findall(text) if asked else ()
    for name, patterns in asked.items():
        if any(p.search(_masked(mask, c) if mask else c) for c in clauses for mask, p in patterns):
            given[name] = threshold()
    return given


@per_vocabulary
def _fallback_table() -> tuple[tuple[tuple[str, re.Pattern[str] | None, re.Pattern[str]], ...], Prefilter]:
    """The cues that count where nothing else does, with their categories and masks; which of them can match."""
    fallbacks = tuple((c.id, c.mask, pattern) for c in categories().values() for pattern in c.fallback)
    return fallbacks, Prefilter([pattern for *_, pattern in fallbacks])


def _masked(mask: re.Pattern[str], clause: str) -> str:
    return mask.sub(_blanked, clause)


def _blanked(match: re.Match[str]) -> str:
    return "＿" * len(match.group())


@cache
def _cue_name(category: str, pattern: re.Pattern[str]) -> str:
    """A name that stays with the pattern when others come or go."""
    return f"cue:{category}:{zlib.crc32(pattern.pattern.encode()):08x}"
