"""Problems that only an opening names: 针对…的问题，; 2023年度报告指出的…问题，已….

Where a section lists its problems, such an opening names one of them; where it does not, or where the problem is an
earlier year's, the opening is the only place that states it.
"""

from __future__ import annotations

import re

from gia_nlp.problems.drafts import Draft, Reading
from gia_nlp.problems.sentences import shortfall, trim
from gia_nlp.problems.splitting import split_problems

TARGET = re.compile(
    r"(?:20\d\d年(?:度)?，?)?(?:我[局县市区镇乡委办院厅省部司会站所中心街道们关处]{1,3}|[^，。；：针对]{2,10}[局委办厅府会院]|同时，|此外，)?针对(?!以上|上述|这些|存在|该|此|前述)([^。；：]{4,60}?)(?:等|的)*(?:方面)?(?:的)?(?:问题|不足|现象|短板)[，,：]?"
)
NAMED = re.compile(
    r"(?:针对|对于|对|围绕)(?:上述|以上)?第?(?:问题)?(?P<n>[一二三四五六七八九十]|\d{1,2})个?(?:方面)?(?:的)?(?:问题)?[，,：]"
)
# 2021年报告提出的…问题，已作整改：…
LOOKBACK = re.compile(
    r"(?:20\d\d年(?:度|来)?，?)?(?:我[局县市区镇乡委办院厅省部司校关处]在?)?(?:针对|对于|就|对|关于)?(?P<when>20\d\d年|上一?年度?|去年)[^，。；：]{0,12}?(?:提出|指出|反映|反馈|存在|查摆|发现)的(?P<what>[^，。；：]{4,50}?)(?:等|的)*"
    r"(?:[一二三四五两]个?)?(?:方面)?(?:问题|不足)，(?P<rest>[^。：]{0,24}?(?:(?:已|完成|整改|解决|改进)[^。：，]{0,16}[：，]|(?:已|采取|做了|开展了)[^。：]{0,16}：?))"
)
REPORTED = re.compile(
    r"报告中?(?:所)?(?:提出|指出|反映|查摆)"
)  # an earlier report's problem, whatever year the report at hand has
LAST_YEAR = re.compile(
    r"(?P<when>20\d\d年度?|上一?年度?|去年)[^，。；：]{0,8}?存在的?(?P<what>[^，。；：]{4,50}?)(?:等|的)*(?:问题|不足|现象)[，,；]"
    r"(?=20\d\d年|本年度|今年|目前|现|已|我|通过)(?P<rest>(?:20\d\d年度?|本年度|今年|目前)?[，,]?)"
)
# Who named the problem and when: 2023年度报告指出的, 社会评议反映的.
_BEFORE_TARGET = re.compile(
    r"[^“，。]{0,24}?(?:指出|提出|反映|反馈|查摆|发现|存在)的|(?:20\d\d年度?|上一?年度?|去年)的?"
)

Target = tuple[int, int, int, bool]  # start, end, place among the points, whether of an earlier year


def keep_targets(text: str, reading: Reading, targets: list[Target], last_round: int) -> None:
    """Adds to ``reading`` the problems that openings name and that the section lists nowhere else."""
    added, listed = 0, any(d.kind == "problem" and d.status == "current" for d in reading.drafts)
    stated = any(d.kind == "problem" for d in reading.drafts)
    for start, end, index, back in targets:
        phrase = text[start:end]
        if not back and (listed or (stated and not added)):
            continue
        if (named := _BEFORE_TARGET.match(phrase)) and named.end() < len(phrase):
            start += named.end()
        start, end = trim(text, start, end)
        if text[start] == "“" and text[end - 1] == "”":
            start, end = start + 1, end - 1
        elif not back and not shortfall(text[start:end]):
            continue
        at = min(index + added, len(reading.drafts))
        number = reading.drafts[at].round if at < len(reading.drafts) else last_round
        for s, e in split_problems(text[start:end]):
            status = "previous" if back else "current"
            draft = Draft("problem", status, start + s, start + e, text[start + s : start + e], number)
            reading.drafts.insert(at, draft)
            at, added = at + 1, added + 1


def number(numeral: str) -> int:
    """The number that 问题二 or 问题2 names.

    >>> number("二"), number("12")
    (2, 12)
    """
    return int(numeral) if numeral.isdigit() else "一二三四五六七八九十".index(numeral) + 1
