"""A section's text in normal form → its points: spans, problem or remedy, when, and which pair of headings they stand under.

The walk goes through the text once. Labels (存在问题：) and leading sentences (下一步，将采取以下措施：) set the context; marks
open points; text without marks is read sentence by sentence.
"""

from __future__ import annotations

import re

from gia_nlp.problems.announcing import CONTINUES_LIST
from gia_nlp.problems.context import BACKGROUND, Context, lead_status, read_label
from gia_nlp.problems.drafts import Reading
from gia_nlp.problems.openings import NAMED, TARGET, keep_targets, named_back, number, target_of
from gia_nlp.problems.outline import Entry, outline
from gia_nlp.problems.running_text import RunningText
from gia_nlp.problems.sentences import sentences, shortfall, trim
from gia_nlp.problems.splitting import acted_since, strip_remedy_opening
from gia_nlp.text.markers import BULLETS, Marker, find_markers
from gia_nlp.vocabulary.problem_cues import problem_cues

_RECTIFIED = re.compile(
    r"(?:针对|关于|对于?)?“?(?P<what>[^。；：，“”]{4,40}?)”?(?:等)?(?:方面)?的?问题[。：](?:(?:今年|20\d\d年|本年度)(?:\d{1,2}月)?，)?(?=[^。]{5})"
)
# 街道将…, 已将…, 现已…: a sentence of what is or will be done, behind a shortfall under the same mark
_DEED = re.compile(
    r"(?:(?:为此|对此|目前|当前|现|近期|年内|同时)，?)?(?:(?:[^，。；：]{0,10}(?:局|委|办|厅|政府|街道|中心|镇|乡|院|县|市|区|站|所|处|学校|办公室)|我们|我校|我单位)"
    r"(?:目前|现|年内)?)?(?:将(?!近)|已(?!经成为|有|无|不)|拟(?!定稿)|计划(?!性)|打算|现已)"
)
_ABOUT = re.compile(r"关于(.{4,60}?)(?:的)?(?:问题|情况|方面)?$")


def read_points(
    text: str,
    context: Context | None = None,
    year: int | None = None,
    first_round: int = 0,
    markers: tuple[Marker, ...] | None = None,
) -> Reading:
    """The points of a section's text (normal form), in text order; ``markers``: the text's list marks, if known.

    >>> r = read_points("存在问题：一是内容不全；二是更新慢。下一步，我局将及时更新。", year=2024)
    >>> [(d.kind, d.status, d.text) for d in r.drafts]
    [('problem', 'current', '内容不全'), ('problem', 'current', '更新慢'), ('remedy', 'planned', '及时更新')]
    """
    walk = _Walk(text, context or Context(), year, first_round)
    walk.run(find_markers(text) if markers is None else markers)
    return walk.reading


class _Walk(RunningText):
    def run(self, markers: tuple[Marker, ...]) -> None:
        if problem_cues().placeholder.fullmatch(self.text.strip()):  # an empty form: nothing is reported
            self.reading.none_reported = True
            return
        entries = outline(markers)
        saved: dict[int, Context] = {}
        self.free(0, entries[0].marker.start if entries else len(self.text), before_list=bool(entries))
        lines = _lines_of_lists(self.text, entries)
        for i, entry in enumerate(entries):
            stop = entries[i + 1].marker.start if i + 1 < len(entries) else len(self.text)
            if entry.first or (entry.marker.style in BULLETS and self._label_before(entry.marker.start)):
                saved[entry.list_id] = self.context
            else:
                self.context = saved[entry.list_id]
            child = i + 1 < len(entries) and entries[i + 1].parent == i
            last = not any(e.list_id == entry.list_id for e in entries[i + 1 : i + 40])
            self.before_list = i + 1 < len(entries) and entries[i + 1].first
            self.entry(i, entry, stop, child, last, lines.get(entry.list_id, 1))
        keep_targets(self.text, self.reading, self.targets, self.round)

    def _label_before(self, position: int) -> bool:
        """Whether the line before a bullet is a label: bullets have no numbers that tell one list from the next."""
        stop = self.text.rfind("\n", 0, position)
        start = self.text.rfind("\n", 0, max(stop, 0)) + 1
        return stop > 0 and read_label(self.text[start:stop].strip(" #*-•●○◆■▪▶➢★◇□▲►✓"), self.year) is not None

    def entry(self, index: int, entry: Entry, stop: int, child: bool, last: bool, lines: int) -> None:
        """One mark with the text up to the next one."""
        start = entry.marker.end
        spans = sentences(self.text, start, stop)
        followed = self.before_list
        if not spans:
            return
        if entry.marker.style in ("issue", "measure"):
            kind = "problem" if entry.marker.style == "issue" else "remedy"
            self.context = Context(kind, self.context.status if self.context.kind == kind else None, labelled=True)
        label = self._label_at(*spans[0], stop)
        if label and (problem := self._labelled_pair(label, spans, stop)) is not None:
            self.after_list = self.forced = False
            self._add("problem", *problem, entry.marker.ordinal, True)
            self.free(problem[1], stop, before_list=followed)
            return
        if label is not None:
            self.one_point = entry.marker.floating  # 一是存在问题：…。二是改进情况：…
            self.free(start, stop, before_list=followed)
            self.one_point = False
            return
        cut = self._cut(entry, spans, last, lines, stop)
        turned = cut < stop
        body = trim(self.text, start, cut)
        phrase = self.text[body[0] : body[1]]
        if child and not (turned and self._changes_kind(cut, stop)):
            self.headings[index] = phrase
            self._heading(start, stop)
            return
        if named := named_back(phrase, self.year):
            self._named_back(body[0], body[1], *named, entry.marker.ordinal)
            if turned:
                self.free(cut, stop, before_list=followed)
            return
        if self._only_heads_labels(phrase, cut, stop) and (child or self._says_more(cut, stop)):
            self.headings[index] = phrase
            if (
                phrase.endswith("问题")
                and not self._problem_label_ahead(cut, stop)
                and (about := _ABOUT.search(phrase))
            ):
                self._add("problem", body[0] + about.start(1), body[0] + about.end(1), entry.marker.ordinal, True)
            self.free(cut, stop, before_list=followed)
            return
        heading = self.headings.get(entry.parent, "") if entry.parent is not None else ""
        rectified = _RECTIFIED.match(phrase) if self.context.kind != "problem" else None
        if rectified is None and self.context.looks_back and self.context.kind == "remedy":
            rectified = _rectified_tersely(phrase)
        if rectified:
            self._rectified(body, rectified, entry.marker.ordinal)
            if turned:
                self.free(cut, stop, before_list=followed)
            return
        self.after_list = True
        self.forced = False
        self._point(body, phrase, entry.marker.ordinal, heading)
        if turned:
            self.free(cut, stop, before_list=followed)

    def _labelled_pair(
        self, label: tuple[Context, int], spans: list[tuple[int, int]], stop: int
    ) -> tuple[int, int] | None:
        """The problem of 1.存在问题：…。改进措施：…: all between the two labels, for the mark governs; sets the context."""
        if label[0].kind != "problem" or label[1] >= spans[-1][1]:
            return None
        begin = label[1] if label[1] < spans[0][1] else spans[1][0]
        for start, end in spans[1:]:
            ahead = self._label_at(start, end, stop)
            if ahead is None:
                continue
            if ahead[0].kind in ("remedy", BACKGROUND) and start > begin and shortfall(self.text[begin:start]):
                self.context = label[0]
                return trim(self.text, begin, start)
            return None
        return None

    def _rectified(self, body: tuple[int, int], match: re.Match[str], ordinal: int) -> None:
        """A list of what was put right: each point names its problem first (公开力度不够的问题。加大了…)."""
        before = self.context
        previous = "previous" if before.looks_back else "current"
        self.context = Context("problem", previous)
        self._add("problem", body[0] + match.start("what"), body[0] + match.end("what"), ordinal, True)
        self.context = Context("remedy", before.status, before.labelled, before.looks_back)
        rest = body[0] + match.end()
        self._add("remedy", rest + strip_remedy_opening(self.text[rest : body[1]]), body[1], ordinal, True)
        self.context = before

    def _point(self, body: tuple[int, int], phrase: str, ordinal: int, heading: str) -> None:
        """A marked point: kind by context, else by its words."""
        if self.context.kind == BACKGROUND:
            return
        kind = self.context.kind or _kind_by_words(phrase)
        answers = 0
        if kind is None and self.reading.drafts and self.reading.drafts[-1].marked:
            kind = self.reading.drafts[-1].kind
        if kind is None or (problem_cues().none_reported.search(phrase) and (kind == "problem" or len(phrase) <= 24)):
            return
        start, end = body
        if kind == "problem" and (about := _ABOUT.fullmatch(phrase)):
            start, end = body[0] + about.start(1), body[0] + about.end(1)
        if kind == "remedy" and (target := target_of(phrase)):
            self._target(start + target.start(1), start + target.end(1))
            start += target.end() + (acted_since(phrase[target.end() :]) or 0)
            heading = target.group(1)
        if kind == "remedy" and (named := NAMED.match(phrase)):
            answers = number(named.group("n"))
            start += named.end()
        self._add(kind, start, end, ordinal, True, heading, answers)

    # ------------------------------------------------------------------ where a marked point ends

    def _cut(self, entry: Entry, spans: list[tuple[int, int]], last: bool, lines: int, stop: int) -> int:
        """Where the point's own text ends: before a label, a turn to remedies, a closing sentence, a signature."""
        cues = problem_cues()
        if (turn := self._turn_inside(*spans[0])) is not None:
            return turn
        stated = self.context.kind != "remedy" and shortfall(self.text[spans[0][0] : spans[0][1]]) is not None
        for k, (start, end) in enumerate(spans[1:], start=1):
            sentence = self.text[start:end]
            if self._label_at(start, end, stop) is not None or cues.signature.search(sentence.strip(" 。")):
                return start
            if cues.turn.match(sentence) and self.context.kind != "remedy":
                return start
            if stated and _DEED.match(sentence) and not shortfall(re.split("[，,]", sentence)[0]):
                return start  # 公开不及时。街道将…
            if stated and (deed := acted_since(sentence)) and not shortfall(re.split("[，,]", sentence[deed:])[0]):
                return start  # 公开不够。今年以来，我们建立了…
            if cues.remedy_opening.match(sentence) and (
                cues.announce_remedy.search(sentence) or (self.context.kind == "problem" and not shortfall(sentence))
            ):
                return start
            ends_text = k == len(spans) - 1
            if ends_text and end == stop and stop < len(self.text) and self._leads(sentence):
                return start
            if last and cues.closing.search(sentence) and ends_text:
                return start
            if last and self.text.count("\n", spans[0][0], start) >= lines:
                return start
            if self.context.kind == "problem" and (turn := self._turn_inside(start, end)) is not None:
                return turn
        return stop

    def _leads(self, sentence: str) -> bool:
        """Whether a sentence before a list announces it."""
        cues = problem_cues()
        return bool(
            cues.announce_remedy.search(sentence)
            or (cues.announce_problem.search(sentence) and CONTINUES_LIST.search(sentence))
            or (CONTINUES_LIST.search(sentence) and cues.remedy_opening.match(sentence))
        )

    def _changes_kind(self, cut: int, stop: int) -> bool:
        """Whether the text between a point and the marks behind it turns from problems to remedies."""
        for start, end in sentences(self.text, cut, stop):
            label = self._label_at(start, end, stop)
            kind = label[0].kind if label else None
            sentence = self.text[start:end]
            cues = problem_cues()
            if kind is None and (
                cues.turn.match(sentence)
                or cues.announce_remedy.search(sentence)
                or cues.remedy_opening.match(sentence)
            ):
                kind = "remedy"
            if kind is not None and kind != self.context.kind:
                return True
        return False

    def _only_heads_labels(self, phrase: str, cut: int, stop: int) -> bool:
        """A heading (（一）政策解读质效不高) whose problem and remedy follow under labels of their own."""
        if cut >= stop or "。" in phrase or len(phrase) > 40:
            return False
        if (phrase.startswith("关于") and phrase.endswith("问题")) or problem_cues().topic_heading.search(phrase):
            return self._first_label(cut, stop) is not None
        return self._problem_label_ahead(cut, stop)

    def _first_label(self, cut: int, stop: int) -> Context | None:
        for start, end in sentences(self.text, cut, stop)[:1]:
            label = self._label_at(start, end, stop)
            return label[0] if label else None
        return None

    def _says_more(self, cut: int, stop: int) -> bool:
        """Whether something follows the first label before the next mark; else it opens the list that begins there."""
        for start, end in sentences(self.text, cut, stop)[:1]:
            label = self._label_at(start, end, stop)
            return label is None or bool(self.text[label[1] : stop].strip())
        return False

    def _problem_label_ahead(self, cut: int, stop: int) -> bool:
        label = self._first_label(cut, stop)
        return label is not None and label.kind == "problem"

    def _heading(self, start: int, stop: int) -> None:
        """A mark whose points are its children: what it says sets the context."""
        phrase = self.text[start:stop]
        spans = sentences(self.text, start, stop)
        for k, (s, e) in enumerate(spans):
            if label := self._label_at(s, e, stop):
                self.context = label[0]
            elif (
                k == len(spans) - 1
                and problem_cues().announce_remedy.search(self.text[s:e])
                and CONTINUES_LIST.search(phrase)
            ):
                status = lead_status(self.text[s:e], self.year, self.context.status)
                self.context = Context("remedy", status, labelled=True)
        if target := TARGET.match(phrase):
            self._target(start + target.start(1), start + target.end(1))
            if self.context.kind is None:
                self.context = Context("remedy", self.context.status)
        if self.context.kind is None and (kind := _kind_by_words(phrase)):
            self.context = Context(kind, self.context.status)


_TERSE = re.compile(r"(?:针对|关于|对于?)?(?P<what>[^。；：]{4,50})[。：](?=[^。]{4})")


def _rectified_tersely(phrase: str) -> re.Match[str] | None:
    """公开数量不够。补充了… in a list of what was put right: the problem is the first sentence."""
    match = _TERSE.match(phrase)
    return match if match and _ends_in_shortfall(match.group("what")) else None


def _kind_by_words(phrase: str) -> str | None:
    """Problem or remedy by the words alone; None for praise and background."""
    cues = problem_cues()
    first = re.split(r"[。；]", phrase)[0]
    verb = cues.remedy_verb.match(first) or cues.remedy_opening.match(first)
    lack = shortfall(first) or shortfall(phrase)
    if lack and (not verb or _ends_in_shortfall(first)):
        return "problem"
    if verb or cues.planned.search(phrase):
        return "remedy"
    if cues.praise.search(phrase):
        return None
    return "remedy" if cues.remedy_verb.search(first) else None


def _ends_in_shortfall(sentence: str) -> bool:
    """Whether the first clause ends by saying what is lacking (主动公开的力度不够), not by acting on it."""
    clause = re.split(r"[，,]", sentence)[0]
    lack = shortfall(clause)
    return (
        lack is not None and len(clause) - lack.end() <= 6 and not clause[lack.end() :].startswith(("的", "等", "地"))
    )


def _lines_of_lists(text: str, entries: tuple[Entry, ...]) -> dict[int, int]:
    """How many lines a point of each list takes, judged by all but its last one; 1 for lists in running text."""
    lines: dict[int, int] = {}
    for i, entry in enumerate(entries[:-1]):
        following = entries[i + 1]
        if following.list_id == entry.list_id and following.marker.own_line:
            body = text[entry.marker.end : following.marker.start].strip()
            lines[entry.list_id] = max(lines.get(entry.list_id, 1), body.count("\n") + 1)
    return lines
