"""Problems that only an opening names: 针对…的问题，; 2023年度报告指出的…问题，已….

Where a section lists its problems, such an opening names one of them; where it does not, or where the problem is an
earlier year's, the opening is the only place that states it.
"""

from __future__ import annotations

import re

from gia_nlp.problems.context import problem_status
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
# 对…的问题，; 就…的不足，; “…”问题，已: openings like 针对…的问题， where the words between tell a shortfall
_TARGET_WIDE = re.compile(
    r"(?:(?:对于|对|就|关于|围绕)(?!以上|上述|这些|存在|该|此|前述)“?([^。；：，“”]{4,40}?)”?(?:等|的)*(?:方面)?(?:的)?(?:问题|不足|现象|短板)[，,：])"
)
_TARGET_QUOTED = re.compile(r"“([^”\n]{4,40})”(?:的)?(?:问题|不足)[，,：](?=(?:现|均|都)?已|通过|经过)")
# 针对线下阵地少，…: the words between are the shortfall itself
_TARGET_BARE = re.compile(r"针对(?!以上|上述|这些|存在|该|此|前述)“?([^，。；：“”]{4,30})”?[，,：]")
# 上年度指出的“…”问题，已通过…; 上年报告的…问题已解决：…
_NAMED_BACK = re.compile(
    r"(?P<when>20\d\d年度?|上一?年度?|去年度?)的?(?:工作)?(?:年度)?(?:年报|报告)?中?[^，。；：“”]{0,10}?(?:(?:提出|指出|反映|反馈|存在|查摆|发现|列出|提到|梳理)的?|报告的)"
    r"(?:“(?P<quoted>[^”\n]{4,40})”|(?P<what>[^，。；：“”]{4,50}?))等?(?:方面)?的?(?:问题|不足|现象)，?"
    r"(?=(?:现|均|都|目前|今年|本年度?)?，?(?:已|通过|经过|得到|正在))(?P<solved>(?:现|均|都|目前)?(?:已经?|正在)(?:得到)?(?:全部|基本|有效)?(?:完成整改|作整改|整改到位|整改完成|整改|解决|改进|推进)[：，])?"
)
# 对2022年报告中提出的问题进行了整改：what follows was done about an earlier year's problems.
_RECTIFIES = re.compile(
    r"[^。；：]{0,40}?(?P<when>20\d\d年度?|上一?年度?|去年度?)(?:的?工作)?[^。；：，]{0,14}?(?:提出|指出|反映|反馈|存在|查摆|发现|列出)的?"
    r"(?:主要|突出|以下|如下|各项|各类|[一二三四五六七八九十]+(?:个|项|条)?(?:方面)?)*的?(?:问题|不足|意见)(?:和不足)?，?[^。；：，]{0,14}?(?:整改|改进|落实)(?:情况)?(?:工作|落实|到位|如下)*(?=[。：]|$)"
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


def target_of(sentence: str) -> re.Match[str] | None:
    """The opening that names the problem which a remedy answers, the problem as group 1.

    >>> target_of("对栏目空白多、更新慢的问题，补录63条")[1], target_of("对公开工作，加强指导")
    ('栏目空白多、更新慢', None)
    """
    if match := TARGET.match(sentence):
        return match
    match = _TARGET_WIDE.match(sentence) or _TARGET_QUOTED.match(sentence) or _TARGET_BARE.match(sentence)
    if match is None or not shortfall(match.group(1)):
        return None
    return None if shortfall(re.split(r"[，,。；]", sentence[match.end() :])[0]) else match


def named_back(sentence: str, year: int | None) -> tuple[tuple[int, int], int] | None:
    """A problem of an earlier year and where what was done about it begins, in one sentence.

    >>> t = "上年度指出的“公示栏破损”问题，已更换"
    >>> (start, end), rest = named_back(t, 2023)
    >>> t[start:end], t[rest:]
    ('公示栏破损', '已更换')
    """
    match = _NAMED_BACK.match(sentence)
    if match is None or not (problem_status(match.group("when"), year) == "previous" or REPORTED.search(match.group())):
        return None
    name = "quoted" if match.group("quoted") else "what"
    if name == "what" and not shortfall(match.group("what")):
        return None
    rest = match.end() if len(sentence[match.end() :].strip("。 ；")) >= 4 else match.start("solved")
    return match.span(name), rest if rest >= 0 else match.end()


def rectifies(sentence: str, year: int | None) -> int | None:
    """Where the announcement ends that an earlier year's problems were put right; None where there is none.

    >>> rectifies("2023年，我局对上年报告中提出的问题进行了整改。", 2023)
    24
    """
    match = _RECTIFIES.match(sentence)
    if match is None or problem_status(match.group("when"), year) != "previous":
        return None
    told = re.sub(r"存在|问题|不足", "", match.group())  # what is left may name a problem itself
    return None if shortfall(told) or "将" in told else match.end()
