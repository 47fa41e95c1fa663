"""What a label or a leading sentence says about the points behind it: problems or remedies, of which time."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from gia_nlp.vocabulary.problem_cues import problem_cues


@dataclass(frozen=True, slots=True)
class Context:
    """What holds at a place of the text. ``kind`` is None where both may come; ``status`` None where nothing says."""

    kind: str | None = None
    status: str | None = None
    labelled: bool = False
    looks_back: bool = False  # the points are those of an earlier year: 上年度问题整改情况


BACKGROUND = "background"  # the kind of what is neither problem nor remedy: 原因分析
_YEAR = re.compile(r"20\d\d(?=年)")
_DONE_LABEL = re.compile(
    r"(?:改进|整改|完成|落实|解决|改善)(?:的)?(?:工作)?(?:落实)?(?:情况|成效|结果|进展)|(?:整改|改进)落实$|(?:整改|改进)完成|已采取|采取了"
)
_PLAN_LABEL = re.compile(r"下一步|下步|打算|计划|今后|下阶段|下一阶段|明年|下一?年|次年|安排|努力方向|思路|拟|设想")
_DEEDS = re.compile(
    r"采取了|做了以下|开展了以下|进行了|已(?:经)?(?:和|并)?(?:正在)?(?:完成|采取|做|作出|着手|开展|落实|进行|先行)"
)
_CAUSES = re.compile(r"原因|成因")
_SHORTFALLS_AND = re.compile(r"(?:问题|不足)(?:及其?|和|与|、|以及)")
# 针对上述问题，本局将： leads to remedies though it names problems
_LEADS_TO_REMEDIES = re.compile(r"针对|为(?:了)?解决|对照|围绕|对(?:以上|上述|这些)")
_THIS_YEAR = re.compile(r"本年度|今年|已")
_OWN_PLAN = re.compile(r"下一步|下步|今后|下一阶段|下阶段|接下来|明年|来年|次年|下一?年")


# A year before 将 is the year of the plan, whatever it says: reports get it wrong.
_YEAR_PLANS = re.compile(
    r"(?:20\d\d年(?:度|里|内)?|全年)，?(?:[^，。；：将]{1,12}(?:[局县市区镇乡委办院厅省部校们处所]|街道|单位|中心|政府|机关))?(?:将|拟)(?!信息|公开)"
)


def read_label(phrase: str, year: int | None) -> Context | None:
    """The context that a label sets, None if the phrase is no label. ``year`` is the report's year.

    >>> label = read_label("2023年度存在的问题", 2024)
    >>> label.kind, label.status
    ('problem', 'previous')
    >>> read_label("2025年改进举措", 2024).status
    'planned'
    >>> read_label("公开内容不全", 2024) is None
    True
    """
    cues = problem_cues()
    phrase = phrase.strip(" \n：:，。*#、;；")
    if not 2 <= len(phrase) <= 48 or not cues.label_letters.fullmatch(phrase) or not cues.label.fullmatch(phrase):
        return None
    if _CAUSES.search(phrase) and not _SHORTFALLS_AND.search(phrase):
        return Context(BACKGROUND, None, labelled=True)
    if _LEADS_TO_REMEDIES.match(phrase):
        return Context("remedy", "planned" if "将" in phrase else _label_status("remedy", phrase, year), labelled=True)
    problem, remedy = cues.label_problem.search(phrase), _last(cues.label_remedy, phrase)
    if problem is not None and remedy is not None and problem.start() <= remedy.start() < problem.end():
        remedy = None  # 需要改进之处
    if problem is None and remedy is None:
        return None
    if problem is not None and remedy is not None:
        between = phrase[problem.end() : max(remedy.start(), problem.end())]
        if remedy.start() > problem.start() and cues.label_conjunction.search(between):
            return Context(None, None, labelled=True)
        kind = "remedy" if remedy.start() > problem.start() else "problem"
        # 针对存在问题采取的措施 is about remedies, 需要改进的问题 about problems.
        return Context(kind, _label_status(kind, phrase, year), True, kind == "remedy" and looks_back(phrase, year))
    kind = "problem" if problem is not None else "remedy"
    return Context(kind, _label_status(kind, phrase, year), labelled=True)


def looks_back(phrase: str, year: int | None) -> bool:
    """Whether a label announces what became of an earlier year's problems.

    >>> looks_back("上年度问题整改情况", None), looks_back("2023年度改进情况", 2024), looks_back("改进情况", 2024)
    (True, True, False)
    """
    return problem_status(phrase, year) == "previous"


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = None
    for found in pattern.finditer(text):  # noqa: B007
        pass
    return found


def _label_status(kind: str, phrase: str, year: int | None) -> str | None:
    years = [int(y) for y in _YEAR.findall(phrase)]
    if kind == "problem":
        return problem_status(phrase, year)
    if _PLAN_LABEL.search(phrase) or (year and any(y > year for y in years)):
        return "planned"
    if _DONE_LABEL.search(phrase) or (year and year in years) or _THIS_YEAR.search(phrase):
        return "done"
    return None


def problem_status(text: str, year: int | None) -> str:
    """Whether a label or a leading sentence speaks of problems of an earlier year.

    >>> problem_status("上年度存在的问题", None), problem_status("2024年存在的问题", 2024)
    ('previous', 'current')
    """
    years = [int(y) for y in _YEAR.findall(text)]
    if years and year:
        return "previous" if max(years) < year else "current"
    return "previous" if problem_cues().previous.search(text) else "current"


def lead_status(text: str, year: int | None, inherited: str | None) -> str | None:
    """The status that a sentence gives to the remedies behind it; ``inherited`` is what the label before it says."""
    cues = problem_cues()
    years = [int(y) for y in _YEAR.findall(text)]
    if cues.planned.search(text) or _YEAR_PLANS.search(text) or (year and any(y > year for y in years)):
        return "planned"
    if _DEEDS.search(text) or (year and year in years):
        return "done"
    return inherited


def remedy_status(text: str, context: Context, year: int | None) -> str:
    """``done`` or ``planned`` for one remedy under the context that holds there.

    >>> remedy_status("补充公开文件47件", Context("remedy", "done", True), 2024)
    'done'
    >>> remedy_status("加强培训", Context("remedy", None, True), 2024)
    'planned'
    """
    cues = problem_cues()
    if _OWN_PLAN.search(text) or _YEAR_PLANS.search(text) or _future().search(text):
        return "planned"
    if context.status in ("done", "planned"):
        return context.status
    years = [int(y) for y in _YEAR.findall(text)]
    if year and any(y > year for y in years):
        return "planned"
    if (year and year in years) or cues.done.search(text):
        return "done"
    return "planned"


@cache
def _future() -> re.Pattern[str]:
    """将 of the future at the head of a clause or behind who will."""
    pattern = problem_cues().planned.pattern
    return re.compile(r"(?:^|[，；。]|我[局们委县市区镇乡办院厅关处]|街道)" + pattern[pattern.index("将(?=") : -1])


def with_status(context: Context, status: str | None) -> Context:
    """The same context with another status."""
    return replace(context, status=status)
