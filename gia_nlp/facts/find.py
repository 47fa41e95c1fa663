"""Facts of a report: candidates → indicator → attributes, sentence by sentence."""

from __future__ import annotations

import re

from gia_nlp.facts.candidates import Candidate, candidates
from gia_nlp.facts.change import attach_changes, find_changes
from gia_nlp.facts.channel import find_channel
from gia_nlp.facts.classify import Decision, classify
from gia_nlp.facts.context import Sentence, sentences
from gia_nlp.facts.denials import Denial, find_denials
from gia_nlp.facts.frame import Frame
from gia_nlp.facts.period import find_period
from gia_nlp.facts.topic import find_topic
from gia_nlp.records import Fact, Layout
from gia_nlp.vocabulary.indicators import indicators

_DENIAL_SCORE = 0.95


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


def _in_sentence(text: str, sentence: Sentence, frame: Frame, year: int | None) -> list[Fact]:
    facts: list[Fact] = []
    ends: dict[int, int] = {}  # where the quantity of each fact ends in the sentence
    changes = find_changes(sentence.text)
    frame.begin(sentence)
    for candidate in candidates(sentence, [(c.start, c.end) for c in changes]):
        frame.enter(candidate)
        decision = classify(candidate, frame)
        if decision is None:
            continue
        first = decision.indicators[0]
        part = frame.holds(first) or decision.rule_id.endswith(("/bracket", "/role"))
        period = frame.carried_period(candidate, first, find_period(candidate, first, year), part)
        channel: str | None = None
        for indicator in decision.indicators:
            if indicators()[indicator].channelled:
                total = frame.total_channel if part else None
                channel = find_channel(
                    candidate, indicator, part_of=total, sibling=frame.last_channel, since=frame.last_end
                )
            topic = find_topic(candidate, indicator, part=part, beside=indicator in frame.seen)
            printed = (
                _as_printed(text, candidate, topic) if topic else _topic_around(candidate, decision, facts, indicator)
            )
            facts.append(_fact(text, candidate, decision, indicator, channel or "all", period, printed))
        ends[len(facts) - 1] = candidate.quantity.end
        frame.leave(candidate, decision.indicators, period, channel, part)
    attach_changes(facts, ends, changes, sentence.masked)
    return facts + [_zero(text, sentence, denial) for denial in find_denials(sentence)]


def _zero(text: str, sentence: Sentence, denial: Denial) -> Fact:
    start, end = sentence.span(denial.start, denial.end)
    return Fact(
        denial.indicator,
        0.0,
        start,
        end,
        text[start:end],
        topic=denial.topic,
        section=sentence.section,
        rule_id=denial.rule_id,
        score=_DENIAL_SCORE,
    )


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
