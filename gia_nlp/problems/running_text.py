"""Text without marks, read sentence by sentence: labels, announcements, problems, remedies, denials."""

from __future__ import annotations

import re

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
from gia_nlp.problems.sentences import is_praise, sentences, shortfall, trim
from gia_nlp.problems.splitting import split_problems, strip_problem_opening, strip_remedy_opening
from gia_nlp.vocabulary.problem_cues import problem_cues

TARGET = re.compile(
    r"(?:20\d\d年(?:度)?，?)?(?:我[局县市区镇乡委办院厅省部司会站所中心街道们]{1,3}|[^，。；：针对]{2,10}[局委办厅府会院]|同时，|此外，)?针对(?!以上|上述|这些|存在|该|此|前述)([^。；：]{4,60}?)(?:等|的)*(?:方面)?(?:的)?(?:问题|不足|现象|短板)[，,：]?"
)
NAMED = re.compile(
    r"(?:针对|对于|对|围绕)(?:上述|以上)?第?(?:问题)?(?P<n>[一二三四五六七八九十]|\d{1,2})个?(?:方面)?(?:的)?(?:问题)?[，,：]"
)
# 2021年报告提出的…问题，已作整改：…
_LOOKBACK = re.compile(
    r"(?:针对|对于|就|对|关于)?(?P<when>20\d\d年|上一?年度?|去年)[^，。；：]{0,12}?(?:提出|指出|反映|反馈|存在|查摆|发现)的(?P<what>[^，。；：]{4,50}?)(?:等|的)*"
    r"(?:问题|不足)，(?P<rest>[^。：]{0,24}?(?:已|完成|整改|解决|改进)[^。：，]{0,16}[：，])"
)
_LAST_YEAR = re.compile(
    r"(?P<when>20\d\d年度?|上一?年度?|去年)[^，。；：]{0,8}?存在的?(?P<what>[^，。；：]{4,50}?)(?:等|的)*(?:问题|不足|现象)[，,；]"
    r"(?=20\d\d年|本年度|今年|目前|现|已|我|通过)(?P<rest>(?:20\d\d年度?|本年度|今年|目前)?[，,]?)"
)
_STILL_LACKS = re.compile(r"(?:仍|还|依然|也|但|依旧|尚)[^，。]{0,3}存在|存在[^。]{0,80}(?:问题|不足|短板)。?$")
_DEEPEST = 20  # turns within one sentence; no report has more than two
_ELABORATES = re.compile(r"(?:例如|比如|如：|譬如|具体表现|尤其是|特别是|其中|这)")
CONTINUES_LIST = re.compile(r"[：:]\s*$")


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
        self.depth = 0
        self.before_list = False  # the text at hand stands before a new list
        self.headings: dict[int, str] = {}
        self.targets: list[tuple[int, int, int]] = []

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
        if len(plain) <= 90 and cues.none_reported.search(plain) and not self._states_more(plain):
            self.reading.none_reported = True
            self.forced = False
            if plan := re.search(r"[，；。](?=下一步|下步|今后|20\d\d年|我[局县市区镇乡委办院厅]将)", sentence):
                self.sentence(start + plan.end(), end, stop, leads)
            return
        lookback = _LOOKBACK.match(sentence) or _LAST_YEAR.match(sentence)
        if (
            lookback
            and problem_status(lookback.group("when"), self.year) == "previous"
            and shortfall(lookback.group("what"))
        ):
            self._look_back(start, end, lookback)
            return
        opened = self._opens_remedy(sentence)
        if self._remedies_announced(sentence, opened, leads):
            self.context = Context("remedy", lead_status(sentence, self.year, self._inherited()), labelled=True)
            self.after_list = False
            return
        if self._problems_announced(start, end, leads):
            return
        if self._announces_and_goes_on(start, end, stop, leads):
            return
        self._statement(start, end, opened, leads)

    def _opens_remedy(self, sentence: str) -> bool:
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
        later = bool(self.year and years and int(years[0]) > self.year)
        return later or (problem_cues().planned.search(sentence) is not None and self._plans_first(sentence))

    def _plans_first(self, sentence: str) -> bool:
        """Whether the plan stands before any shortfall in the sentence."""
        plan, lack = problem_cues().planned.search(sentence), shortfall(sentence)
        return plan is not None and (lack is None or plan.start() < lack.start())

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

    def _look_back(self, start: int, end: int, match: re.Match[str]) -> None:
        """A problem of an earlier year and what was done about it, in one sentence."""
        self.context = Context("problem", problem_status(match.group("when"), self.year))
        self._add("problem", start + match.start("what"), start + match.end("what"))
        self.context = Context("remedy", "done")
        self._add("remedy", start + match.end(), end)

    def _states_more(self, plain: str) -> bool:
        """A denial of problems beside a shortfall that is said in other words."""
        rest = problem_cues().none_reported.sub("", plain)
        return shortfall(rest) is not None

    def _inherited(self) -> str | None:
        return self.context.status if self.context.kind == "remedy" else None

    def _remedies_announced(self, sentence: str, opened: bool, leads: bool) -> bool:
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
            return (
                opened or bool(cues.planned.search(sentence)) or bool(re.search(r"(?:改进|整改|措施|举措)", sentence))
            )
        return False

    def _problems_announced(self, start: int, end: int, leads: bool) -> bool:
        """An announcement of problems; what follows it in the sentence is split."""
        cues = problem_cues()
        sentence = self.text[start:end]
        if re.match(r"针对|对照|围绕|根据", sentence):
            return False
        match = cues.announce_problem.search(sentence)
        bare = leads and CONTINUES_LIST.search(sentence) and re.search(r"表现|不足|问题|差距|短板|薄弱", sentence)
        if match is None and not bare:
            return False
        at = match.end() if match else len(sentence)
        if match and (tail := cues.announce_tail.match(sentence, at)):
            at = tail.end()
        rest = sentence[at:]
        enumerated = cues.enumeration_end.search(sentence.rstrip("。 \n"))
        if match and enumerated and match.end() >= enumerated.start() and len(rest.strip("。，： \n")) < 4:
            body = sentence[: match.start()]
            if shortfall(body[strip_problem_opening(body) :]) and re.search(r"[、，]", body):
                return False  # 存在…、…等问题: the points stand before the closing noun
        if match and not leads and len(rest.strip("。，： \n")) < 4:
            body = sentence[: match.start()]
            if shortfall(body[strip_problem_opening(body) :]):
                return False  # …不够深入，还有差距: the shortfall stands before the general word
        self.context = Context("problem", problem_status(sentence[:at], self.year), labelled=True)
        self.after_list = False
        self.forced = False
        if (
            len(rest.strip("。，：；、等 \n")) >= 4
            and not (leads and CONTINUES_LIST.search(sentence))
            and shortfall(rest)
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
        for s, e in split_problems(sentence):
            self._add("problem", start + s, start + e)
        if remainder:
            self.sentence(*remainder, remainder[1], False)

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
        target = TARGET.match(sentence)
        if self.context.kind == "remedy" and lack and not target and not opened and _STILL_LACKS.search(sentence):
            self.context = Context("problem", problem_status(sentence[:20], self.year))
        planned = opened or bool(re.search(r"(?:我[局县市区镇乡委办院厅]|街道|我们|，)" + "将", sentence))
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
            if not (planned or target) and not (self._has_problem() and self._acts(sentence)):
                return
            status = lead_status(sentence[:24], self.year, None)
            self.context = Context("remedy", status)
            self.after_list = False
            if not leads:
                self._remedy(start, end, target)
            return
        if leads and not CONTINUES_LIST.search(sentence):
            self.context = with_status(self.context, lead_status(sentence, self.year, self.context.status))
            return  # the sentence before a list of remedies announces them
        if self.after_list and not opened:
            return  # a closing sentence about all the points
        if cues.closing.search(sentence) and not forced:
            return
        goes_on = bool(self.reading.drafts) and self.reading.drafts[-1].kind == "remedy"
        if not forced and not opened and not goes_on and not cues.remedy_verb.search(sentence):
            return
        if opened:
            self.after_list = False
            self.context = with_status(self.context, lead_status(sentence[:24], self.year, self.context.status))
        self._remedy(start, end, target)

    def _lacks_before_plan(self, sentence: str) -> bool:
        return not problem_cues().remedy_opening.match(sentence) and shortfall(re.split(r"将", sentence)[0]) is not None

    def _has_problem(self) -> bool:
        return any(d.kind == "problem" for d in self.reading.drafts)

    def _acts(self, sentence: str) -> bool:
        return problem_cues().remedy_verb.search(sentence[:30]) is not None

    def _remedy(self, start: int, end: int, target: re.Match[str] | None) -> None:
        if target:
            self.targets.append((start + target.start(1), start + target.end(1), len(self.reading.drafts)))
        skip = max(strip_remedy_opening(self.text[start:end]), target.end() if target else 0)
        if end - start - skip < 5:
            return
        named = NAMED.match(self.text, start, end)
        answers = number(named.group("n")) if named else 0
        self._add("remedy", start + skip, end, heading=target.group(1) if target else "", answers=answers)

    # ------------------------------------------------------------------ problems that only an opening names

    def _keep_targets(self) -> None:
        """针对…的问题 names a problem; it is a point of its own only where the section lists no other of its time."""
        if any(d.kind == "problem" for d in self.reading.drafts if d.status == "current") and not any(
            problem_cues().previous.search(self.text[s:e]) for s, e, _ in self.targets
        ):
            return
        added = 0
        for start, end, index in self.targets:
            phrase = self.text[start:end]
            previous = problem_cues().previous.search(phrase)
            if previous is None and self._has_problem() and not added:
                continue
            if previous:
                tail = re.search(r"存在的?", phrase)
                start += tail.end() if tail else previous.end() + phrase[previous.end() :].startswith("的")
            if not shortfall(self.text[start:end]):
                continue
            at = min(index + added, len(self.reading.drafts))
            number = self.reading.drafts[at].round if at < len(self.reading.drafts) else self.round
            draft = Draft("problem", "previous" if previous else "current", start, end, self.text[start:end], number)
            self.reading.drafts.insert(at, draft)
            added += 1

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
        for mark in re.finditer(r"[，；,;](?=下一步|下步|今后将|为此|对此)", sentence):
            if shortfall(sentence[: mark.start()]):
                return start + mark.start()
        return None


def number(numeral: str) -> int:
    return int(numeral) if numeral.isdigit() else "一二三四五六七八九十".index(numeral) + 1
