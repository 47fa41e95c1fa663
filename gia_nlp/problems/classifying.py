"""Which categories a point states: cues weighed clause by clause, so that every decision can be read off."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from gia_nlp.vocabulary.active import active, per_vocabulary
from gia_nlp.vocabulary.categories import Category, categories, threshold

# A clause that begins with one of these carries on with the topic of the clause before it.
_LEANS = re.compile(
    r"(?:[也还且并]|不够?|未|缺|更|进一步|不断|持续|提[升高]|丰富|创新|完善|优化|增强|确保|做到|保证|推动|促进|实现|对)*"
    r"(?:形式|方式|内容|质量|渠道|时效|效果|水平|语言|深度|广度|力度|角度|载体|可读性|针对性|实效|途径|格式|标准|流程|期限|时限)|(?:杜绝|避免|防止|减少|降低|[一统]口受理|限时|答复|回复|反馈|转办|办结)"
)
# 通过培训提高答复质量 is about answers: the means is no topic.
_MEANS = re.compile(
    r"(?:通过|借助|利用|依托|结合|运用|以)[^，]{1,14}?(?=提[高升]|增强|加强|规范|推[动进]|促进|扩大|丰富|改进|优化|完善|强化|保障|确保)"
)
_FLAGS = re.compile("").flags
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
    return _evidence(text, active().digest)


@lru_cache(maxsize=2048)  # a point's words are asked for several times on its way: splitting, categories, pairs
def _evidence(text: str, vocabulary: str) -> Evidence:
    weights: dict[str, float] = {}
    cues: set[str] = set()
    topic: str | None = None
    any_cue = _any_cue()
    for match in _CLAUSE.finditer(text):
        clause = match.group()
        own = _topic(clause)
        if own is not None:
            topic = own
            cues.add(f"topic:{own}")
        elif not _LEANS.match(clause):
            topic = None
        for category in categories().values():
            masked = _masked(category, clause)
            quick = any_cue[category.id]
            if quick is not None and not quick.search(masked):
                continue
            names, weight = _weight(category, masked, topic)
            if names:
                cues.update(names)
                weights[category.id] = weights.get(category.id, 0.0) + weight
    return Evidence(weights, frozenset(cues))


@per_vocabulary
def _any_cue() -> dict[str, re.Pattern[str] | None]:
    """One pattern a category that matches wherever one of its cues does: most clauses have none. None where groups forbid it."""
    found: dict[str, re.Pattern[str] | None] = {}
    for category in categories().values():
        patterns = [pattern for pattern, _ in category.cues] + list(category.generic)
        joined = "|".join(f"(?:{pattern.pattern})" for pattern in patterns)
        found[category.id] = None if any(p.groups or p.flags != _FLAGS for p in patterns) else re.compile(joined)
    return found


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


@per_vocabulary
def _topics() -> tuple[Category, ...]:
    return tuple(c for c in categories().values() if c.topic)


def _topic(clause: str) -> str | None:
    """The category that the clause is about, where words say so: the one named first."""
    best: tuple[int, str] | None = None
    means = _MEANS.match(clause)
    for category in _topics():
        assert category.topic is not None
        match = category.topic.search(clause, means.end() if means else 0)
        if match and (best is None or match.start() < best[0]):
            best = (match.start(), category.id)
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


def _weight(category: Category, clause: str, topic: str | None) -> tuple[list[str], float]:
    """The names of the cues that stand in a masked clause, and the sum of their weights."""
    names, total = [], 0.0
    for pattern, weight in category.cues:
        if pattern.search(clause):
            names.append(_cue_name(category.id, pattern))
            total += weight
    if topic is None or topic == category.id:
        for pattern in category.generic:
            if pattern.search(clause):
                names.append(_cue_name(category.id, pattern))
                total += 1.0
    return names, total


@cache
def _cue_name(category: str, pattern: re.Pattern[str]) -> str:
    """A name that stays with the pattern when others come or go."""
    return f"cue:{category}:{zlib.crc32(pattern.pattern.encode()):08x}"
