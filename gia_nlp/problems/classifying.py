"""Which categories a point states: cues weighed clause by clause, so that every decision can be read off."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from gia_nlp.vocabulary.active import active, per_vocabulary
from gia_nlp.vocabulary.categories import Category, categories, threshold
from gia_nlp.vocabulary.prefilter import Prefilter, guarded, pieces

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
    table = _cue_table()
    for match in _CLAUSE.finditer(text):
        clause = match.group()
        found = pieces(clause)
        own = _topic(clause, found)
        if own is not None:
            topic = own
            cues.add(f"topic:{own}")
        elif not _LEANS.match(clause):
            topic = None
        given: dict[str, float] = {}
        masked: dict[str, str] = {}
        for number in sorted(table.can_match.of(found)):
            cue = table.cues[number]
            name = cue.category.id
            if cue.generic and topic is not None and topic != name:
                continue
            if name not in masked:
                masked[name] = _masked(cue.category, clause) if table.may_mask[name](found) else clause
            if cue.pattern.search(masked[name]):
                cues.add(cue.name)
                given[name] = given.get(name, 0.0) + cue.weight
        for name, weight in given.items():
            weights[name] = weights.get(name, 0.0) + weight
    return Evidence(weights, frozenset(cues))


def classify(text: str) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """The categories of a problem or remedy in normal form, in the guide's order, each with a score from 0.5 to 1.

    >>> classify("信息公开不及时、不全面")[0]
    ('coverage', 'timeliness')
    >>> classify("通过培训提高答复质量")[0]
    ('requests', 'capacity')
    >>> classify("提升政务公开水平")
    (('other',), (0.5,))
    """
    weights = evidence(text).weights
    given = {name: weight for name, weight in weights.items() if weight >= threshold()}
    if not given:
        given = _in_passing(text)
    if not given:
        return ("other",), (0.5,)
    names = tuple(name for name in categories() if name in given)
    return names, tuple(round(1 - 0.5 ** given[name], 4) for name in names)


@dataclass(frozen=True, slots=True)
class _Cue:
    category: Category
    pattern: re.Pattern[str]
    weight: float
    generic: bool
    name: str


@dataclass(frozen=True, slots=True)
class _Table:
    """The cues of all categories, category by category, and the topics; which of them can match at all."""

    cues: tuple[_Cue, ...]
    can_match: Prefilter
    topics: tuple[tuple[str, re.Pattern[str]], ...]
    can_be_topic: Prefilter
    may_mask: Mapping[str, Callable[[set[str]], bool]]


@per_vocabulary
def _cue_table() -> _Table:
    cues: list[_Cue] = []
    for category in categories().values():
        cues += [_Cue(category, p, w, False, _cue_name(category.id, p)) for p, w in category.cues]
        cues += [_Cue(category, p, 1.0, True, _cue_name(category.id, p)) for p in category.generic]
    topics = tuple((c.id, c.topic) for c in categories().values() if c.topic)
    return _Table(
        tuple(cues),
        Prefilter([cue.pattern for cue in cues]),
        topics,
        Prefilter([pattern for _, pattern in topics]),
        {c.id: guarded(c.mask) if c.mask else lambda found: False for c in categories().values()},
    )


def _topic(clause: str, found: set[str]) -> str | None:
    """The category that the clause is about, where words say so: the one named first; ``found`` are the clause's pieces."""
    table = _cue_table()
    best: tuple[int, str] | None = None
    means = _MEANS.match(clause)
    for number in sorted(table.can_be_topic.of(found)):
        name, pattern = table.topics[number]
        match = pattern.search(clause, means.end() if means else 0)
        if match and (best is None or match.start() < best[0]):
            best = (match.start(), name)
    return best[1] if best else None


def _in_passing(text: str) -> dict[str, float]:
    """What is only mentioned is the point where nothing else is: 学习 beside an aim is a means, alone it is the remedy."""
    given: dict[str, float] = {}
    for category in categories().values():
        if not category.fallback:
            continue
        for clause in _CLAUSE.findall(text):
            if any(pattern.search(_masked(category, clause)) for pattern in category.fallback):
                given[category.id] = threshold()
                break
    return given


def _masked(category: Category, clause: str) -> str:
    if category.mask is None:
        return clause
    return category.mask.sub(lambda m: "＿" * len(m.group()), clause)


@cache
def _cue_name(category: str, pattern: re.Pattern[str]) -> str:
    """A name that stays with the pattern when others come or go."""
    return f"cue:{category}:{zlib.crc32(pattern.pattern.encode()):08x}"
