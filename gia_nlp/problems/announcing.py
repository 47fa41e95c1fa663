"""Sentences that announce problems or remedies without naming one: 还存在以下不足：, 将从以下几方面改进：.

>>> remedies_announced("下一步，我局将采取以下措施：", opened=True, leads=True)
True
>>> "还存在以下问题：一些栏目更新慢"[problems_announced("还存在以下问题：一些栏目更新慢", leads=False) :]
'一些栏目更新慢'
"""

from __future__ import annotations

import re

from gia_nlp.problems.openings import TARGET
from gia_nlp.problems.sentences import shortfall
from gia_nlp.problems.splitting import strip_problem_opening
from gia_nlp.vocabulary.problem_cues import problem_cues

CONTINUES_LIST = re.compile(r"[：:]\s*$")


def opens_remedy(sentence: str, year: int | None) -> bool:
    """Whether a sentence opens as a remedy does; a year or a connective alone does so only before a plan."""
    match = problem_cues().remedy_opening.match(sentence)
    if match is None:
        return False
    weak = re.fullmatch(
        r"(?:20\d\d年(?:度|里)?|同时|此外|另外|其次|再次|最后|首先|与此同时|并且|并|因此)[，,]?", match.group()
    )
    if not weak:
        return True
    years = re.findall(r"20\d\d(?=年)", match.group())
    later = bool(year and years and int(years[0]) > year)
    return (later and shortfall(sentence) is None) or (
        problem_cues().planned.search(sentence) is not None and _plans_first(sentence)
    )


def _plans_first(sentence: str) -> bool:
    """Whether the plan stands before any shortfall in the sentence."""
    plan, lack = problem_cues().planned.search(sentence), shortfall(sentence)
    return plan is not None and (lack is None or plan.start() < lack.start())


def remedies_announced(sentence: str, opened: bool, leads: bool) -> bool:
    """Whether a sentence announces remedies without naming one; ``opened``: it opens as a remedy does."""
    cues = problem_cues()
    ends_open = not sentence.rstrip().endswith("。")
    sentence = sentence.rstrip("。 \n")
    if (
        not opened
        and (lacking := cues.announce_problem.search(sentence))
        and not cues.planned.search(sentence[: lacking.end()])
    ):
        return False
    announced = cues.announce_remedy.search(sentence)
    if not leads and TARGET.match(sentence) and not CONTINUES_LIST.search(sentence):
        return False  # 针对…问题，…进行了整改: tells itself what was done
    if announced and (
        leads or CONTINUES_LIST.search(sentence) or announced.end() >= len(sentence.rstrip("。：: \n")) - 2
    ):
        return True
    if not leads:
        return False
    if CONTINUES_LIST.search(sentence) or ends_open:
        if shortfall(sentence) and not opened:
            return False
        return opened or bool(cues.planned.search(sentence)) or bool(re.search(r"(?:改进|整改|措施|举措)", sentence))
    return False


def problems_announced(sentence: str, leads: bool) -> int | None:
    """Where the announcement of problems in a sentence ends; None where there is none."""
    cues = problem_cues()
    if re.match(r"针对|对照|围绕|根据", sentence):
        return None
    match = cues.announce_problem.search(sentence)
    bare = leads and CONTINUES_LIST.search(sentence) and re.search(r"表现|不足|问题|差距|短板|薄弱", sentence)
    if match is None and not bare:
        return None
    at = match.end() if match else len(sentence)
    if match and (tail := cues.announce_tail.match(sentence, at)):
        at = tail.end()
    rest = sentence[at:]
    enumerated = cues.enumeration_end.search(sentence.rstrip("。 \n"))
    if match and enumerated and match.end() >= enumerated.start() and len(rest.strip("。，： \n")) < 4:
        body = sentence[: match.start()]
        if shortfall(body[strip_problem_opening(body) :]) and re.search(r"[、，]", body):
            return None  # 存在…、…等问题: the points stand before the closing noun
    general = (
        match is not None
        and "差距" in match.group()
        and "：" not in sentence
        and not cues.problem_opening.match(sentence)
    )
    if match and not leads and (general or len(rest.strip("。，： \n")) < 4):
        body = sentence[: match.start()]
        if shortfall(body[strip_problem_opening(body) :]):
            return None  # …不够深入，还有差距: the shortfall stands before the general word
    return at
