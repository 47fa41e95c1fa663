"""The period that a count speaks of: the report's year, an earlier one, all years, a plan."""

from __future__ import annotations

import re

from gia_nlp.facts.candidates import Candidate

_CUMULATIVE = re.compile(
    "历年累计|[二三四五六七八九十两]年[来间]|(?:从|自)?20\\d\\d年?(?:至|到|-|—)20\\d\\d年[^，；。]{0,4}(?:累计|共|间)|历年来|(?:开通|上线|建站|开设|成立|创办|运行|开办|建网|创刊|启用|开播|运营|注册|施行|实施|改版|建栏|开栏|建成|成立)[^，；。]{0,6}以来|自(?:开|建|创|上|成)[^，；。]{1,4}至20\\d\\d年|累计至今|历史累计|自20\\d\\d年[^，；。]{0,16}(?:以来|起|开始)|20\\d\\d年以来"
)
_PREVIOUS = re.compile("去年|上年|上一年|上年度|前年|往年|上一年度|去年同期|上年同期|同期")
_PLANNED = re.compile(
    "计划(?![类、信文总规财生性和单经实书表的，；。执落进])|拟(?:于|在|开展|组织|举办|召开|再|每|安排|新增|定期)|力争|预计|明年|下一年|下年|来年|下一步|下步|下阶段|争取|要做到|"
    "拟将|将(?:于|在|至少|再|每|陆续|继续|进一步|组织|开展|举办|召开|新增|扩充|推出|增加|安排|定期|不断|启动|邀请|完成|实现|达到|培训|全年)"
)
_REACHED = re.compile(
    "增加到|增加至|增至|增长到|增长至|减少到|减少至|减至|降至|下降到|降为|减为|增为|升为|降到|下降至|涨到|涨至|攀升至|提高到|提升至|上升至|上升到"
)


_RELATIVE = (
    r"(?:去年|上年|上一年度?|上年度|前年|往年|(?P<year>20\d\d)年度?)(?:全年)?(?:同期)?(?:的|为|是)?(?:全年)?(?:仅|共)?"
)
_ENDS_PREVIOUS = re.compile(_RELATIVE + "$")
_LOOKS_AHEAD = re.compile(
    r"(?:明年|下一?年度?|来年|20\d\d年)[^，；。]{0,6}(?:打算|计划|目标|安排|展望)|展望(?:20\\d\\d|明年|未来)|^\s*(?:明年|下一年|来年|下一步|下阶段)|^\s*(?:工作)?(?:打算|计划)$"
)
_FROM = re.compile(r"(?:由|从)[^，；。]{0,8}$")


def find_period(candidate: Candidate, indicator: str, year: int | None) -> str:
    """``current``, ``previous``, ``cumulative`` or ``planned``, told from the words around a candidate."""
    if indicator in ("requests_carried_in", "requests_carried_out"):
        return "current"
    sentence = candidate.sentence.masked
    label = candidate.label
    if _planned(candidate, year):
        return "planned"
    if _previous(candidate, year):
        return "previous"
    recent = re.search("今年|本年|全年|年内", label) or (year and re.search(f"(?<![至到-]){year}年(?!以来|底)", label))
    if re.search("历年(?:累计|来|总|共|以来)|累计历年", label + candidate.tail):
        return "cumulative"
    if _REACHED.search(label) or recent:
        return "current"
    if indicator in ("followers", "staff"):  # a stock: what else accumulated since then is another matter
        return "cumulative" if _CUMULATIVE.search(label) else "current"
    opening = re.split("[，；]", sentence, maxsplit=1)[0]
    bracket = re.match(r"（[^（）]*）", sentence[candidate.quantity.end :])
    for words in (label, re.split("[；。]", candidate.prior)[-1], opening, bracket.group() if bracket else ""):
        found = _CUMULATIVE.search(words)
        if found and not (year and re.search(f"{year}年[^，；。]{{0,6}}以来", found.group())):
            if words is opening and not _holds_on(opening, candidate):
                continue
            return "cumulative"
    return "current"


def _holds_on(opening: str, candidate: Candidate) -> bool:
    """自2016年改版以来， opens a sentence and holds until its semicolon; said of one count it holds for that one."""
    if candidate.previous_end == 0:
        return True
    before = candidate.sentence.masked[: candidate.quantity.start]
    return (
        opening.endswith(("以来", "底", "止", "末"))
        and "；" not in before
        and not re.search("今年|本年|年内|其中", before)
    )


def _previous(candidate: Candidate, year: int | None) -> bool:
    """The number stands right behind a word for an earlier year, or opens a 由…增加到…."""
    label = candidate.label
    after = candidate.sentence.masked[candidate.quantity.end : candidate.quantity.end + 12]
    if _REACHED.search(label):
        return False
    words = label
    if candidate.bracket is not None and candidate.previous_end <= candidate.bracket:
        words = re.split("[，；：。]", candidate.sentence.masked[candidate.previous_end : candidate.bracket])[-1]
        if re.search(_RELATIVE + "$", words) and not label.strip():
            return _earlier(re.search(_RELATIVE + "$", words), year)
        words = label
    found = _ENDS_PREVIOUS.search(words)
    if found and (found.group("year") is None or _earlier(found, year)):
        return True
    if re.search(
        "^(?:增加|增|减|降|下降|上升|提高|攀升|涨|一路|大幅|扩大|提升)[^，；。]{0,6}(?:到|至|为)", after
    ) and _FROM.search(label):
        return True
    if re.search("(?:去年|上年|上一年|前年|上年度)(?:同期)?(?!相比|比|结转)", words) and not re.search(
        "(?:比|较|与|同|由|从)[^，；。]{0,4}(?:去年|上年|上一年|上年度)", words
    ):
        return True
    years = [int(y) for y in re.findall(r"(?<!\d)(20\d\d)年", words)]
    return bool(years) and bool(year) and max(years) < (year or 0) and not re.search("以来|起|至今|底", words)


def _earlier(found: re.Match[str] | None, year: int | None) -> bool:
    if found is None:
        return False
    named = found.group("year")
    return named is None or (year is not None and int(named) < year)


def _planned(candidate: Candidate, year: int | None) -> bool:
    before = candidate.sentence.masked[: candidate.quantity.start]
    opening = re.split("[，：；]", before, maxsplit=1)[0]
    clause = re.split("[；。]", before)[-1] + candidate.tail
    named = [int(y) for y in re.findall(r"(?<!\d)(20\d\d)年", opening)]
    if year and named and min(named) > year:
        return True
    if year and re.search(f"{year + 1}年", clause) and not re.search("结转|转入|延|继续办理", clause):
        return True
    if _LOOKS_AHEAD.search(opening):
        return True
    return bool(_PLANNED.search(clause)) and not re.search(
        "已(?:经)?(?:完成|举办|开展)|完成了|结转|顺延|转入|延期", clause
    )
