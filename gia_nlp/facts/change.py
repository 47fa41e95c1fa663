"""Changes on last year: 比去年增加2项, 同比增长12.3%, 较上年减少29%."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from gia_nlp.records import Change, Fact
from gia_nlp.text.numerals import parse_number

_NUMBER = r"(?P<n>\d[\d,]*(?:\.\d+)?[万亿]?|[一二三四五六七八九十百千两]+)"
_UP = "净增|多(?:发|办|培训|公开|收到|受理|召开|推送)?|增加|增长|上升|提高|提升|上涨|增|新增|增幅|增多|扩大|上浮|攀升|升高|涨"
_DOWN = "净减|少(?:发|办|了|公开|收到|受理|召开)?|减少|下降|降低|减|降|回落|降幅|缩减|下滑"
_MOVES = re.compile("[增减多少升降高涨浮扩落滑]")  # a character of each of these verbs
_REFERENCE = r"(?:同比|环比|(?:比|较|与|同|相比)(?:于|之)?[^，；。（）]{0,12}?(?:去年|上年|上一年|前一年|20\d\d年|往年|同期|年初)[^，；。（）]{0,8}?(?:相比，?|比)?)"
_CHANGE = re.compile(
    rf"(?P<reference>{_REFERENCE})[（(]?[^，；。]{{0,12}}?[，）)]?(?P<verb>{_UP}|{_DOWN})(?:了|幅度?|率)?(?:为|达到?|约|近|超过|超)?(?!至|到){_NUMBER}(?:余|多)?(?P<u>个百分点|百分点|%|倍|[\u4e00-\u9fff]{{1,2}}?(?=[，；。）（、\n]|$))?"
)
_BARE = re.compile(
    rf"(?:，|（|^)(?:总数|数量|总量)?(?P<verb>增长|增幅|降幅|下降|上升|增加|减少)(?:了|为|达|约)?{_NUMBER}(?P<u>%|个百分点|倍)"
)


@dataclass(frozen=True, slots=True)
class FoundChange:
    """A change with its place in the sentence."""

    change: Change
    start: int
    end: int


def find_changes(text: str) -> list[FoundChange]:
    """All changes of a sentence in normal form.

    >>> find_changes("收到申请17件，比上年增加2件。")[0].change
    Change(value=2.0, unit='件', direction='up')
    """
    found: list[FoundChange] = []
    if not _MOVES.search(text):
        return found
    for pattern in (_CHANGE, _BARE):
        for match in pattern.finditer(text):
            if any(f.start < match.end() and match.start("verb") < f.end for f in found):
                continue
            value = parse_number(match["n"])
            if value is None:
                continue
            up = bool(re.fullmatch(_UP, match["verb"]))
            found.append(
                FoundChange(Change(value, match["u"] or None, "up" if up else "down"), match.start("verb"), match.end())
            )
    return sorted(found, key=lambda f: f.start)


def attach_changes(facts: list[Fact], ends: dict[int, int], changes: list[FoundChange], masked: str) -> None:
    """Attaches each change to the fact before it, or to the one behind where it leads up to a total (增加2项，达12项)."""
    for change in changes:
        if _of_a_rate(masked[: change.start]):
            continue
        counted = {i: end for i, end in ends.items() if facts[i].period == "current"}
        before = [i for i, end in counted.items() if end <= change.start]
        behind = [i for i, end in counted.items() if end > change.end]
        chosen: int | None = None
        if before:
            outside = [i for i in before if not _in_closed_bracket(masked, counted[i], change.start)]
            chosen = max(outside or before, key=lambda i: counted[i])
        elif behind:
            chosen = min(behind, key=lambda i: counted[i])
        if chosen is None:
            continue
        place = (facts[chosen].start, facts[chosen].end)
        for i, fact in enumerate(facts):
            if (fact.start, fact.end) == place and fact.change is None:
                facts[i] = replace(fact, change=change.change)


def _of_a_rate(before: str) -> bool:
    """公开率较上年提升…: the change of a share is not that of a count."""
    clause = re.split("[，；。（）]", before)[-1]
    return bool(re.search("率|比例|占比|满意度|时间|时限|分数|得分|排名", clause))


def _in_closed_bracket(masked: str, end: int, change: int) -> bool:
    return masked.rfind("（", 0, end) > masked.rfind("）", 0, end) and "）" in masked[end:change]
