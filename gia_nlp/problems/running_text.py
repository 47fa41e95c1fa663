"""Text without marks, read sentence by sentence: labels, announcements, problems, remedies, denials."""

from __future__ import annotations

import re
from dataclasses import replace

from gia_nlp.problems.announcing import CONTINUES_LIST, opens_remedy, problems_announced, remedies_announced
from gia_nlp.problems.classifying import classify
from gia_nlp.problems.context import (
    BACKGROUND,
    Context,
    lead_status,
    problem_status,
    read_label,
    remedy_status,
    with_status,
)
from gia_nlp.problems.drafts import Draft, Reading
from gia_nlp.problems.openings import (
    LAST_YEAR,
    LOOKBACK,
    NAMED,
    REPORTED,
    Target,
    named_back,
    number,
    rectifies,
    target_of,
)
from gia_nlp.problems.sentences import is_praise, sentences, shortfall, trim
from gia_nlp.problems.splitting import acted_since, split_problems, strip_remedy_opening
from gia_nlp.vocabulary.problem_cues import problem_cues

_STILL_LACKS = re.compile(
    r"(?:又|也|还|仍)(?:发现|暴露|出现)|(?:还|仍|尚)(?:没有|未)[^，。]{0,6}(?:解决|到位)的|(?:仍|还|依然|也|但|依旧|尚)[^，。]{0,3}存在|存在[^。]{0,80}(?:问题|不足|短板)。?$"
)
_NOTHING = re.compile(
    r"^[^但]*(?:没有|无|未发现)需要?(?:改进|整改|报告|说明)的[^，。；]{0,6}(?:问题|不足|事项|情况|地方)$"
)
# 区司法局将…: the agency and what it means to do; 我局工作中将…
_INTENDS = re.compile(
    r"[^。；]*?(?:我[局县市区镇乡委办院厅关处])将|[^，。；：]{0,12}(?:局|委|办|厅|政府|街道|中心|镇|乡|院|县|市|区|站|所|处|学校|办公室|我们|我校|单位)将(?!近|信息)"
)
# 办事指南缺项，现已补齐: a problem with its repair
_MENDED = re.compile(r"[，,](?:现|目前|现在|年内|后)?(?:均|都|也)?(?=已(?!有|无|不|经成为))")
_NEEDS = re.compile(
    r"(?:需|有待|亟待|亟需|尚待)要?(?:进一步)?(?:加强|改进|提升|提高|完善|努力|加力|优化)(?:的(?:地方|方面|问题)?(?:有|是|主要有|包括)?)?[：:]?\s*$"
)
# 为此，我局增设…: told without a word of the future behind the problem, it is done
_THEREFORE = re.compile(
    r"(?:为此|对此|因此|针对(?:这一|该|此)(?:问题|情况|现象)?|为(?:了)?解决(?:上述|以上|这一|该)?[^，。；]{0,12}问题)[，,]?"
    r"(?!(?:下一步|今后|下步|明年|来年|20\d\d年))(?:我[局厅委市县区镇乡办院校们]|本[局单位院校]|学[校院]|街道|中心|医院)"
)
_FUTURE = re.compile(r"将|拟(?!定)|计划|打算|准备|需要|应当|要(?:求)?(?=[进加建完强])|今后|下一步|明年")
_TURNS = re.compile(r"[，；,;](?=下一步|下步|今后将|为此|对此)")
_DEEPEST = 20  # turns within one sentence; no report has more than two
_ELABORATES = re.compile(r"(?:例如|比如|如：|譬如|具体表现|尤其是|特别是|其中|这)")


def _only_promises(phrase: str) -> bool:
    """Whether a plan names no measure: 持之以恒抓好信息公开工作，不断提升公开质效."""
    told = phrase.strip("，。 ")
    return classify(phrase)[0] == ("other",) or (len(told) <= 80 and problem_cues().promise.fullmatch(told) is not None)


class RunningText:
    """The state of a walk through a section (context, points so far) and how it reads text without marks."""

    def __init__(self, text: str, context: Context, year: int | None, first_round: int) -> None:
        self.text = text
        self.context = context
        self.year = year
        self.reading = Reading()
        self.round = first_round
        self.forced = context.labelled and context.kind is not None  # the next sentence stands right behind a label
        self.after_list = False
        self.ended = False
        self.one_point = False  # the text at hand is one point of a list, with its label inside
        self.depth = 0
        self.before_list = False  # the text at hand stands before a new list
        self.headings: dict[int, str] = {}
        self.targets: list[Target] = []

    def _label_at(self, start: int, end: int, stop: int) -> tuple[Context, int] | None:
        """The label that a sentence begins with, and where it ends."""
        while start < end and self.text[start] in " #*，。；：、【":
            start += 1
        match = problem_cues().label.match(self.text, start, min(end, start + 60))
        if not match:
            return None
        colon = self.text.find("：", start, min(end, start + 50))
        for position in {match.end(), colon if colon > 0 else match.end()}:
            ends = position >= end or self.text[position] in "：:。\n" or position == stop
            if ends and (context := read_label(self.text[start:position], self.year)):
                return context, min(position + 1, end) if position < end else position
        return None

    def free(self, start: int, end: int, before_list: bool) -> None:
        """Text without marks; ``before_list``: a mark follows it."""
        spans = sentences(self.text, start, end)
        for k, (s, e) in enumerate(spans):
            if self.ended:
                return
            self.sentence(s, e, end, before_list and k == len(spans) - 1)

    def sentence(self, start: int, end: int, stop: int, leads: bool) -> None:
        while label := self._label_at(start, end, stop):
            self.context = label[0]
            self.forced = label[0].kind is not None
            self.after_list = False
            if label[1] >= end:
                return
            start = label[1]
        if self.depth > _DEEPEST:
            return
        self.depth += 1
        try:
            self._sentence(start, end, stop, leads)
        finally:
            self.depth -= 1

    def _sentence(self, start: int, end: int, stop: int, leads: bool) -> None:
        cues = problem_cues()
        start, _ = trim(self.text, start, end)
        sentence = self.text[start:end]
        plain = sentence.strip(" 。\n")
        if len(plain) < 1:
            return
        if cues.placeholder.search(plain):  # an empty form: nothing is reported
            self.reading.none_reported = True
            return
        if cues.signature.search(plain):
            self.ended = not leads
            return
        if (
            len(plain) <= 90
            and cues.none_reported.search(plain)
            and (_NOTHING.search(plain) or not self._states_more(plain))
        ):
            self.reading.none_reported = True
            self.forced = False
            plan = re.search(r"[，；。](?=下一步|下步|今后|20\d\d年|我[局县市区镇乡委办院厅关处]将)", sentence)
            if plan and classify(sentence[plan.end() :])[0] != ("other",):
                self.sentence(start + plan.end(), end, stop, leads)
            return
        if (announced := rectifies(sentence, self.year)) is not None:
            self.context = Context("remedy", "done", labelled=True, looks_back=True)
            self.forced, self.after_list = True, False
            if sentence[announced:].strip("：。 \n"):
                self.sentence(start + announced + 1, end, stop, leads)
            return
        if named := named_back(sentence, self.year):
            self._named_back(start, end, *named)
            return
        lookback = LOOKBACK.match(sentence) or LAST_YEAR.match(sentence)
        if (
            lookback
            and (problem_status(lookback.group("when"), self.year) == "previous" or REPORTED.search(lookback.group()))
            and shortfall(lookback.group("what"))
        ):
            self._look_back(start, end, lookback, leads)
            return
        opened = opens_remedy(sentence, self.year)
        if remedies_announced(sentence, opened, leads):
            self.context = Context("remedy", lead_status(sentence, self.year, self._inherited()), labelled=True)
            self.after_list = False
            return
        if self._problems_announced(start, end, leads):
            return
        if self._announces_and_goes_on(start, end, stop, leads):
            return
        self._statement(start, end, opened, leads)

    def _announces_and_goes_on(self, start: int, end: int, stop: int, leads: bool) -> bool:
        """将从以下几方面改进：… — an announcement of remedies with the first of them behind its colon."""
        sentence = self.text[start:end]
        announced = problem_cues().announce_remedy.search(sentence)
        if announced is None or not (
            colon := re.compile(r"[：:]").search(sentence, announced.end(), announced.end() + 16)
        ):
            return False
        self.context = Context(
            "remedy", lead_status(sentence[: colon.end()], self.year, self._inherited()), labelled=True
        )
        self.forced, self.after_list = True, False
        self.sentence(start + colon.end(), end, stop, leads)
        return True

    def _named_back(self, start: int, end: int, what: tuple[int, int], rest: int, ordinal: int = 0) -> None:
        """上年度指出的“…”问题，已…: an earlier year's problem with what was done, from a mark on or not."""
        before = self.context
        self.context = Context("problem", "previous")
        self._add("problem", start + what[0], start + what[1], ordinal, bool(ordinal))
        self.context = Context("remedy", "done", before.labelled, looks_back=True)
        self._add("remedy", start + rest, end, ordinal, bool(ordinal))

    def _look_back(self, start: int, end: int, match: re.Match[str], leads: bool) -> None:
        """A problem of an earlier year and what was done about it, in one sentence."""
        self.context = Context("problem", "previous")
        what = self.text[start + match.start("what") : start + match.end("what")]
        for s, e in split_problems(what):
            self._add("problem", start + match.start("what") + s, start + match.start("what") + e)
        self.context = Context("remedy", "done", looks_back=True)
        rest = start + match.end()
        announced = self.text[start + match.start("rest") : end]
        if leads and (CONTINUES_LIST.search(announced) or problem_cues().announce_remedy.search(announced)):
            self.context = Context("remedy", lead_status(announced, self.year, "done"), True, True)
            return
        if (done := re.search(r"已(?:经)?(?!$)", match.group("rest"))) and not match.group("rest").endswith("："):
            rest = start + match.start("rest") + done.start()
        self._add("remedy", rest, end)

    def _states_more(self, plain: str) -> bool:
        """A denial of problems beside a shortfall that is said in other words."""
        rest = problem_cues().none_reported.sub("", plain)
        return shortfall(rest) is not None

    def _inherited(self) -> str | None:
        if self.context.kind == "remedy":
            return self.context.status
        return "done" if self.context.status == "previous" else None

    def _problems_announced(self, start: int, end: int, leads: bool) -> bool:
        """An announcement of problems; what follows it in the sentence is split."""
        sentence = self.text[start:end]
        if (at := problems_announced(sentence, leads)) is None:
            return False
        rest = sentence[at:]
        self.context = Context("problem", problem_status(sentence[:at], self.year), labelled=True)
        self.after_list = False
        self.forced = False
        if (
            len(rest.strip("。，：；、等 \n")) >= 4
            and not (leads and CONTINUES_LIST.search(sentence))
            and (shortfall(rest) or _NEEDS.search(sentence[:at]))
        ):
            self._problems(start + at, end)
        return True

    def _problems(self, start: int, end: int) -> None:
        sentence = self.text[start:end]
        turn = self._turn_inside(start, end)
        if turn is not None:
            sentence, remainder = self.text[start:turn], (turn + 1, end)
        else:
            remainder = None
        alone = start > 0 and self.text[start - 1] == "\n" and self.text[end : end + 1] in ("\n", "")
        for s, e in split_problems(sentence, one_point=self.one_point or (alone and self._line_of_list(start, end))):
            mended = _MENDED.search(sentence, s, e)
            if mended and shortfall(sentence[s : mended.start()]) and not shortfall(sentence[mended.end() : e]):
                self._add("problem", start + s, start + mended.start())
                self._mended(start + mended.end(), start + e)
            else:
                self._add("problem", start + s, start + e)
        if remainder:
            self.sentence(*remainder, remainder[1], False)

    def _mended(self, start: int, end: int) -> None:
        """What was done about a problem that has just been told: 办事指南缺项，现已补齐."""
        before = self.context
        self.context = Context("remedy", "done", before.labelled, before.looks_back)
        self._add("remedy", start, end)
        self.context = before

    def _line_of_list(self, start: int, end: int) -> bool:
        """Whether the line before or behind states a problem too: a list that shows by its lines alone."""
        before = self.text[self.text.rfind("\n", 0, max(start - 1, 0)) + 1 : max(start - 1, 0)]
        behind = self.text[end + 1 : max(self.text.find("\n", end + 1), end + 1)]
        return any(
            line.endswith("。") and shortfall(line) and not problem_cues().remedy_opening.match(line)
            for line in (before, behind)
        )

    def _statement(self, start: int, end: int, opened: bool, leads: bool) -> None:
        """A sentence that says something itself: a problem, a remedy, or background."""
        cues = problem_cues()
        sentence = self.text[start:end]
        forced, self.forced = self.forced, False
        if leads and CONTINUES_LIST.search(sentence):
            return
        if is_praise(sentence) and not (opened and cues.planned.search(sentence)) and self.context.kind != "remedy":
            return
        if self.context.kind != "remedy" and cues.closing.match(sentence):
            return
        lack = shortfall(sentence)
        target = target_of(sentence)
        if self.context.kind == "remedy" and lack and not target and not opened and self._turns_back(start, sentence):
            self.context = Context("problem", problem_status(sentence[:20], self.year))
        planned = opened or _INTENDS.match(sentence) is not None or bool(re.search(r"(?:街道|我们|，)将", sentence))
        if self.context.kind == BACKGROUND:
            if not (opened or target):
                return
            self.context = Context("remedy", lead_status(sentence[:24], self.year, None))
            self.after_list = False
        if self.context.kind == "problem" or self.context.kind is None:
            if lack and not target and not (planned and not self._lacks_before_plan(sentence)):
                if _ELABORATES.match(sentence) and self.reading.drafts and self.reading.drafts[-1].kind == "problem":
                    return
                self.context = (
                    self.context if self.context.kind else Context("problem", problem_status(sentence[:20], self.year))
                )
                self._problems(start, end)
                return
            if forced and not planned and not is_praise(sentence):
                self._problems(start, end)
                return
            if self._terse(sentence) and not planned and not target:
                self._problems(start, end)
                return
            if not (planned or target) and not (self._has_problem() and self._acts(sentence)):
                return
            intends = _INTENDS.match(sentence) is not None or re.search(r"(?:街道|我们|，)将", sentence[:24])
            status = "planned" if intends else lead_status(sentence[:24], self.year, self._inherited())
            tells = acted_since(sentence) or (_THEREFORE.match(sentence) and not _FUTURE.search(sentence))
            self.context = Context("remedy", status or ("done" if tells else None))
            self.after_list = False
            if not leads:
                self._remedy(start, end, target)
            return
        if leads and not CONTINUES_LIST.search(sentence):
            self.context = with_status(self.context, lead_status(sentence, self.year, self.context.status))
            return  # the sentence before a list of remedies announces them
        goes_further = re.match(r"(?:同时|此外|另外|与此同时)，", sentence) and self._acts(sentence)
        if self.after_list and not opened and not goes_further:
            return  # a closing sentence about all the points
        if cues.closing.search(sentence.rstrip("。 \n")) and not forced:
            return
        goes_on = bool(self.reading.drafts) and self.reading.drafts[-1].kind == "remedy"
        if not forced and not opened and not goes_on and not cues.remedy_verb.search(sentence):
            return
        if opened:
            self.after_list = False
            self.context = with_status(self.context, lead_status(sentence[:24], self.year, self.context.status))
        self._remedy(start, end, target)

    def _turns_back(self, start: int, sentence: str) -> bool:
        """Whether a shortfall behind remedies is the next problem: 仍存在…, or a new paragraph where no label says otherwise."""
        if _STILL_LACKS.search(sentence):
            return True
        paragraph = start > 0 and self.text[start - 1] == "\n" and not self.context.labelled
        return paragraph and not problem_cues().remedy_verb.match(sentence)

    def _terse(self, sentence: str) -> bool:
        """A few words at the head of a section on problems, which no word of lack marks: 人手紧。"""
        few = 3 <= len(sentence.strip("。 \n")) <= 12 and not self.reading.drafts and self.context.kind is None
        return (
            few
            and not re.search(r"\d", sentence)
            and not self._acts(sentence)
            and not problem_cues().planned.search(sentence)
        )

    def _lacks_before_plan(self, sentence: str) -> bool:
        return not problem_cues().remedy_opening.match(sentence) and shortfall(re.split(r"将", sentence)[0]) is not None

    def _has_problem(self) -> bool:
        return any(d.kind == "problem" for d in self.reading.drafts)

    def _acts(self, sentence: str) -> bool:
        return problem_cues().remedy_verb.search(sentence[:30]) is not None

    def _remedy(self, start: int, end: int, target: re.Match[str] | None) -> None:
        if target:
            self._target(start + target.start(1), start + target.end(1))
        skip = strip_remedy_opening(self.text[start:end])
        if target and target.end() >= skip:
            skip = target.end() + (acted_since(self.text[start + target.end() : end]) or 0)
        if len(self.text[start + skip : end].strip("，。；：、 \n")) < 3:
            return
        named = NAMED.match(self.text, start, end)
        answers = number(named.group("n")) if named else 0
        self._add("remedy", start + skip, end, heading=target.group(1) if target else "", answers=answers)
        drafts = self.reading.drafts
        if drafts and drafts[-1].status == "done" and self.context.kind == "remedy" and not self.context.status:
            self.context = with_status(self.context, "done")  # what follows tells on, unless it says 将

    # ------------------------------------------------------------------ problems that only an opening names

    def _target(self, start: int, end: int) -> None:
        """Keeps 针对…的问题 for later; once one is of an earlier year, those behind it are too."""
        back = self.context.looks_back
        if not back and problem_status(self.text[start:end], self.year) == "previous":
            back, self.context = True, replace(self.context, looks_back=True)
        self.targets.append((start, end, len(self.reading.drafts), back))

    def _add(
        self,
        kind: str,
        start: int,
        end: int,
        ordinal: int = 0,
        marked: bool = False,
        heading: str = "",
        answers: int = 0,
    ) -> None:
        start, end = trim(self.text, start, end)
        phrase = self.text[start:end]
        if len(phrase) < 3:
            return
        nothing = self.reading.none_reported and not self.reading.drafts and not marked
        if kind == "remedy" and nothing and _only_promises(phrase):
            return  # where there is no problem, a promise to carry on is no remedy
        if kind == "problem":
            if self.reading.drafts and self.reading.drafts[-1].kind == "remedy":
                self.round += 1
            status = "previous" if self.context.kind == "problem" and self.context.status == "previous" else "current"
        else:
            status = remedy_status(phrase, self.context, self.year)
        self.reading.drafts.append(
            Draft(kind, status, start, end, phrase, self.round, ordinal, heading, marked, answers)
        )

    def _turn_inside(self, start: int, end: int) -> int | None:
        """A problem's sentence that turns to its remedy in the middle (…不够，下一步将…)."""
        if self.context.kind == "remedy":
            return None
        sentence = self.text[start:end]
        for mark in _TURNS.finditer(sentence):
            if shortfall(sentence[: mark.start()]):
                return start + mark.start()
        return None
