"""Facts of a report: candidates → indicator → attributes, sentence by sentence."""

from __future__ import annotations

import re
from dataclasses import replace

from gia_nlp.facts.candidates import Candidate, candidates
from gia_nlp.facts.change import FoundChange, find_changes
from gia_nlp.facts.channel import find_channel
from gia_nlp.facts.classify import Decision, Frame, classify
from gia_nlp.facts.context import Sentence, sentences
from gia_nlp.facts.denials import find_denials
from gia_nlp.facts.period import find_period
from gia_nlp.facts.topic import find_topic
from gia_nlp.records import Fact, Layout
from gia_nlp.vocabulary.indicators import indicators

_LIST_OPENS = re.compile("其中|中，|包括|包含|分别|具体为|涉及|分为|按[^，；。]{1,8}分|：|涵盖|主要有|（")

_CONTINUES = re.compile(r"\s*(?:其中|从[^，；。]{1,12}看|按[^，；。]{1,12}分|申请内容|申请人|与|较|比|同比)")
_ASKED_FOR = re.compile(r"\s*(?:从申请|申请内容|申请人|按申请)")
_SAME_CHUNK = re.compile("^[^；（）]*$")
_STOCKS = ("followers", "staff")
_OF_THE_YEAR = re.compile("今年|本年|全年|年内|年推|目前|现有|20\\d\\d年")
_COMPARES = re.compile(r"\s*(?:与|较|比|同)")


def find_facts(text: str, layout: Layout) -> tuple[Fact, ...]:
    """All counts and statements of zero that the prose of a report makes, in text order.

    ``text`` is the report's text, ``layout`` its structure; offsets count code points of ``text``.
    """
    facts: list[Fact] = []
    frame = Frame()
    year = layout.metadata.year or _likely_year(text)
    for sentence in sentences(text, layout):
        facts += _in_sentence(text, sentence, frame, year)
    facts.sort(key=lambda f: (f.start, f.end, list(indicators()).index(f.indicator)))
    return tuple(facts)


def _likely_year(text: str) -> int | None:
    """The year that a passage without metadata speaks of: the latest one that it does not look ahead to."""
    ahead = re.compile(
        r"自20\d\d年[^，。；]{0,16}以来|20\d\d年[^，。；]{0,6}(?:计划|拟|将|打算|力争|目标|继续办理)|(?:结转|转入|延至|顺延|转)[^，。；]{0,3}20\d\d年"
    )
    years = [int(y) for y in re.findall(r"(?<!\d)(20[0-3]\d)\s*年", ahead.sub("", text[:20_000]))]
    return max(years) if years else None


# Indicators that stand beside each other in one breakdown: the total's frame holds over all of them.
_FAMILIES = (
    frozenset(
        {"items_published", "policy_interpretations", "normative_documents", "public_responses", "licensing_decisions"}
    ),
    frozenset({"npc_proposals", "cppcc_proposals"}),
    frozenset({"reviews", "litigations"}),
    frozenset(name for name in indicators() if name.startswith("requests")),
)


def _related(indicator: str, total: tuple[str, ...]) -> bool:
    return any(indicator == t or any({indicator, t} <= family for family in _FAMILIES) for t in total)


def _in_sentence(text: str, sentence: Sentence, frame: Frame, year: int | None) -> list[Fact]:
    facts: list[Fact] = []
    if not _CONTINUES.match(sentence.text):
        frame.total, frame.in_list = (), False
        frame.seen.clear()
    if _ASKED_FOR.match(sentence.text) and any(i.startswith("requests") for i in frame.seen):
        frame.total = ("requests_received",)
    if not _COMPARES.match(sentence.text):
        frame.last = ()
    frame.last_end, frame.total_end = -1, -1
    frame.host, frame.host_bracket = (), None
    changes = find_changes(sentence.text)
    taken: dict[int, int] = {}
    total_channel: str | None = None
    sibling_channel: str | None = None
    for candidate in candidates(sentence, [(c.start, c.end) for c in changes]):
        _enter(candidate, frame)
        decision = classify(candidate, frame)
        if decision is None:
            continue
        period = find_period(candidate, decision.indicators[0], year)
        part = (frame.in_list and _related(decision.indicators[0], frame.total)) or decision.rule_id.endswith(
            ("/bracket", "/role")
        )
        period = _carried_period(candidate, decision, frame, period, part)
        for indicator in decision.indicators:
            channel = "all"
            if indicators()[indicator].channelled:
                inherits = total_channel if part else None
                channel = find_channel(
                    candidate, indicator, part_of=inherits, sibling=sibling_channel, since=frame.last_end
                )
                sibling_channel = channel
            topic = find_topic(candidate, indicator, part=part, beside=indicator in frame.seen)
            printed = (
                _as_printed(text, candidate, topic) if topic else _topic_around(candidate, decision, facts, indicator)
            )
            facts.append(_fact(text, candidate, decision, indicator, channel, period, printed))
            if not part and indicator == decision.indicators[0]:
                total_channel = channel
        taken[len(facts) - 1] = candidate.quantity.end
        if not part and period != "previous":  # last year's figure in a comparison has no parts
            frame.total_period = period
            frame.total, frame.total_unit = decision.indicators, candidate.quantity.unit
            frame.total_end = candidate.quantity.end
        frame.seen.update(decision.indicators)
        frame.last_period = period
        frame.last, frame.last_unit, frame.last_end = (
            decision.indicators,
            candidate.quantity.unit,
            candidate.quantity.end,
        )
    facts = _with_changes(facts, taken, changes, sentence)
    for denial in find_denials(sentence):
        start, end = sentence.span(denial.start, denial.end)
        facts.append(
            Fact(
                denial.indicator,
                0.0,
                start,
                end,
                text[start:end],
                topic=denial.topic,
                section=sentence.section,
                rule_id=denial.rule_id,
                score=0.95,
            )
        )
    return facts


def _carried_period(candidate: Candidate, decision: Decision, frame: Frame, period: str, part: bool) -> str:
    """Parts take their total's period; a span of years holds until a mark or a word for the year ends it."""
    if period != "current" or _OF_THE_YEAR.search(candidate.label):
        return period
    if part and frame.total_period != "current":
        return frame.total_period
    linked = candidate.sentence.masked[max(frame.last_end, 0) : candidate.label_start]
    runs_on = frame.last_end >= 0 and not re.search("[；（）]", linked) and decision.indicators[0] not in _STOCKS
    return "cumulative" if runs_on and frame.last_period == "cumulative" else period


def _enter(candidate: Candidate, frame: Frame) -> None:
    """Keeps the frame: lists open with 其中, a colon or a bracket; the rest of the sentence may be parts."""
    linked = candidate.sentence.masked[max(frame.total_end, 0) : candidate.label_start]
    if frame.total and frame.total_end >= 0:
        opens = _LIST_OPENS.search(linked + candidate.label)
        frame.in_list = opens is not None and not (opens.group() == "（" and candidate.bracket is None)
    elif frame.total and frame.total_end < 0:
        frame.in_list = True
    if candidate.bracket is None:
        frame.host_bracket = None
    elif (
        0 <= frame.last_end <= candidate.bracket
        and not candidate.sentence.masked[frame.last_end : candidate.bracket].strip()
    ):
        frame.host, frame.host_bracket = frame.last, candidate.bracket


def _fact(
    text: str, candidate: Candidate, decision: Decision, indicator: str, channel: str, period: str, topic: str | None
) -> Fact:
    quantity = candidate.quantity
    start, end = candidate.sentence.span(quantity.start, quantity.end)
    unit = quantity.unit
    at = quantity.text.rfind(unit) if unit else -1
    if at >= 0:  # as printed: 條 stays 條
        first, last = candidate.sentence.span(quantity.start + at, quantity.start + at + len(unit or ""))
        unit = re.sub(r"\s+", "", text[first:last])
    return Fact(
        indicator,
        quantity.value,
        start,
        end,
        text[start:end],
        quantity.value_max,
        quantity.bound,
        unit,
        channel,
        period,
        topic,
        None,
        candidate.sentence.section,
        "rule",
        decision.rule_id,
        decision.score,
    )


def _topic_around(candidate: Candidate, decision: Decision, facts: list[Fact], indicator: str) -> str | None:
    """A topic that the label does not repeat: the count before it (LED屏9期、21条), or the sub-heading's."""
    if decision.rule_id.endswith("/repeated"):
        same = facts and facts[-1].indicator == indicator and not re.search("总计|合计|共计", candidate.label)
        return facts[-1].topic if same else None
    return candidate.sentence.subject if indicator == "items_published" and not decision.inherited else None


def _as_printed(text: str, candidate: Candidate, topic: str) -> str:
    """The topic in the report's own characters (traditional ones stay), without the blanks and line ends of a PDF."""
    at = candidate.sentence.text.rfind(topic, 0, candidate.tail_end)
    if at < 0:
        return topic
    start, end = candidate.sentence.span(at, at + len(topic))
    return re.sub(r"\s+", "", text[start:end]) or topic


def _with_changes(
    facts: list[Fact], taken: dict[int, int], changes: list[FoundChange], sentence: Sentence
) -> list[Fact]:
    """Attaches each change to the fact before it, or to the one behind where it leads up to a total (增加2项，达12项)."""
    for change in changes:
        if _of_a_rate(sentence.masked[: change.start]):
            continue
        counted = {i: end for i, end in taken.items() if facts[i].period == "current"}
        before = [i for i, end in counted.items() if end <= change.start]
        behind = [i for i, end in counted.items() if end > change.end]
        chosen: int | None = None
        if before:
            outside = [i for i in before if not _in_closed_bracket(sentence.masked, counted[i], change.start)]
            chosen = max(outside or before, key=lambda i: counted[i])
        elif behind:
            chosen = min(behind, key=lambda i: counted[i])
        if chosen is None:
            continue
        place = (facts[chosen].start, facts[chosen].end)
        for i, fact in enumerate(facts):
            if (fact.start, fact.end) == place and fact.change is None:
                facts[i] = replace(fact, change=change.change)
    return facts


def _of_a_rate(before: str) -> bool:
    """公开率较上年提升…: the change of a share is not that of a count."""
    clause = re.split("[，；。（）]", before)[-1]
    return bool(re.search("率|比例|占比|满意度|时间|时限|分数|得分|排名", clause))


def _in_closed_bracket(masked: str, end: int, change: int) -> bool:
    return masked.rfind("（", 0, end) > masked.rfind("）", 0, end) and "）" in masked[end:change]
