"""Facts of a report: candidates → indicator → attributes, sentence by sentence; by rules, or by rules and a model.

All candidates are found first, so that a model scores them in one product; then a reader goes through them from left to
right, because what a sentence counted before says what its parts count.
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import NamedTuple

from gia_nlp.facts.candidates import Candidate, candidates
from gia_nlp.facts.change import FoundChange, attach_changes, find_changes
from gia_nlp.facts.channel import find_channel
from gia_nlp.facts.classify import Decision, classify
from gia_nlp.facts.context import Sentence, Signs, sentences, share_hints
from gia_nlp.facts.deciding import (
    by_rules,
    decide_denial,
    decide_indicator,
    decide_period,
)
from gia_nlp.facts.denials import Denial, DenialCandidate, denial_candidates, denial_sign
from gia_nlp.facts.frame import Frame
from gia_nlp.facts.model import FactModel, Opinions
from gia_nlp.facts.period import find_period, named_period
from gia_nlp.facts.topic import find_topic
from gia_nlp.records import Fact, Layout
from gia_nlp.text.quantities import quantity_sign
from gia_nlp.vocabulary.active import per_vocabulary
from gia_nlp.vocabulary.indicators import indicators


class Read(NamedTuple):
    """A sentence with its candidates; ``first`` and ``first_denial`` are the places of the first ones in the report."""

    sentence: Sentence
    changes: list[FoundChange]
    candidates: list[Candidate]
    denials: list[DenialCandidate]
    first: int
    first_denial: int


_BLANKS = re.compile(r"\s+")
_SUMS = re.compile("总计|合计|共计")


def find_facts(text: str, layout: Layout, model: FactModel | None = None) -> tuple[Fact, ...]:
    """All counts and statements of zero that the prose of a report makes, in text order.

    ``text`` is the report's text, ``layout`` its structure; offsets count code points of ``text``. With a ``model`` rules and
    model decide together (:mod:`gia_nlp.facts.combining`); without one the rules decide alone.
    """
    reads = read_candidates(text, layout)
    year = report_year(text, layout)
    opinions = model.opinions([r.candidates for r in reads], [r.denials for r in reads], year) if model else None
    return decide_facts(text, reads, year, opinions)


def read_candidates(text: str, layout: Layout) -> list[Read]:
    """Every sentence that may state a fact, with all that may be one in it."""
    signs = Signs(quantity_sign(small_bare=False), denial_sign())
    read = list(sentences(text, layout, signs))
    # Step by step over all sentences rather than sentence by sentence: code and tables of a step stay at hand, which saves a tenth.
    counting = [find_changes(s.text) if s.counts else [] for s in read]
    counted = [
        candidates(s, [(c.start, c.end) for c in changes]) if s.counts else []
        for s, changes in zip(read, counting, strict=True)
    ]
    denied = [denial_candidates(s) for s in read]
    share_hints([s for s, found in zip(read, counted, strict=True) if found])
    firsts = accumulate(map(len, counted), initial=0)
    first_denials = accumulate(map(len, denied), initial=0)
    return list(map(Read, read, counting, counted, denied, firsts, first_denials))


def decide_facts(text: str, reads: list[Read], year: int | None, opinions: Opinions | None) -> tuple[Fact, ...]:
    """The facts among the candidates; ``opinions`` are a model's of these very candidates."""
    facts: list[Fact] = []
    frame = Frame()
    for read in reads:
        if read.candidates or read.denials:
            facts += _in_sentence(text, read, frame, year, opinions)
        else:
            frame.begin(read.sentence)
    if len(facts) > 1:
        order = _indicator_order()
        facts.sort(key=lambda f: (f.start, f.end, order.get(f.indicator, len(order)), f.indicator))
    return tuple(facts)


@per_vocabulary
def _indicator_order() -> dict[str, int]:
    return {name: i for i, name in enumerate(indicators())}


def report_year(text: str, layout: Layout) -> int | None:
    """The year that a report speaks of."""
    return layout.metadata.year or _likely_year(text)


_AHEAD = re.compile(
    r"自20\d\d年[^，。；]{0,16}以来|20\d\d年[^，。；]{0,6}(?:计划|拟|将|打算|力争|目标|继续办理)|(?:结转|转入|延至|顺延|转)[^，。；]{0,3}20\d\d年"
)
_ANY_YEAR = re.compile(r"(?<!\d)(20[0-3]\d)\s*年")


def _likely_year(text: str) -> int | None:
    """The year that a passage without metadata speaks of: the latest one that it does not look ahead to."""
    years = [int(y) for y in _ANY_YEAR.findall(_AHEAD.sub("", text[:20_000]))]
    return max(years) if years else None


def _in_sentence(text: str, read: Read, frame: Frame, year: int | None, opinions: Opinions | None) -> list[Fact]:
    facts: list[Fact] = []
    ends: dict[int, int] = {}  # where the quantity of each fact ends in the sentence
    sentence = read.sentence
    frame.begin(sentence)
    known_indicators = indicators()
    for i, candidate in enumerate(read.candidates, read.first):
        frame.enter(candidate)
        verdict = classify(candidate, frame)
        decision = decide_indicator(opinions, i, verdict, candidate, frame) if opinions else verdict.decision
        if decision is None:
            continue
        first, score = decision.indicators[0], decision.score
        part = frame.holds(first) or (decision.rule_id or "").endswith(("/bracket", "/role"))
        own = find_period(candidate, first, year)
        named = named_period(candidate, year)
        period = own if own == named else frame.carried_period(candidate, first, own, part)
        if opinions:
            period, sureness = decide_period(opinions, i, first, period, own != period, candidate, frame, named)
            score = round(score * sureness, 4)
        channel: str | None = None
        for indicator in decision.indicators:
            known = known_indicators.get(indicator)  # a model may know one that this process's vocabulary does not
            if known and known.channelled:
                total = frame.total_channel if part else None
                channel = find_channel(
                    candidate, indicator, part_of=total, sibling=frame.last_channel, since=frame.last_end
                )
            topic = find_topic(candidate, indicator, part=part, beside=indicator in frame.seen)
            printed = (
                _as_printed(text, candidate, topic) if topic else _topic_around(candidate, decision, facts, indicator)
            )
            facts.append(_fact(text, candidate, decision, indicator, channel or "all", period, printed, score))
        ends[len(facts) - 1] = candidate.quantity.end
        frame.leave(candidate, decision.indicators, period, channel, part)
    if read.changes:
        attach_changes(facts, ends, read.changes, sentence.masked)
    for i, denial in enumerate(read.denials, read.first_denial):
        stated = decide_denial(opinions, i, denial) if opinions else by_rules(denial)
        facts += [_zero(text, sentence, *said) for said in stated]
    return facts


def _zero(text: str, sentence: Sentence, denial: Denial, decided_by: str, score: float) -> Fact:
    start, end = sentence.span(denial.start, denial.end)
    return Fact(
        denial.indicator,
        0.0,
        start,
        end,
        text[start:end],
        topic=denial.topic,
        section=sentence.section,
        decided_by=decided_by,
        rule_id=denial.rule_id,
        score=score,
    )


def _fact(
    text: str,
    candidate: Candidate,
    decision: Decision,
    indicator: str,
    channel: str,
    period: str,
    topic: str | None,
    score: float,
) -> Fact:
    quantity = candidate.quantity
    start, end = candidate.sentence.span(quantity.start, quantity.end)
    quote, unit = text[start:end], quantity.unit
    at = quantity.text.rfind(unit) if unit and quote != quantity.text else -1
    if at >= 0:  # as printed: 條 stays 條
        first, last = candidate.sentence.span(quantity.start + at, quantity.start + at + len(unit or ""))
        unit = _BLANKS.sub("", text[first:last])
    return Fact(
        indicator,
        quantity.value,
        start,
        end,
        quote,
        quantity.value_max,
        quantity.bound,
        unit,
        channel,
        period,
        topic,
        None,
        candidate.sentence.section,
        decision.decided_by,
        decision.rule_id,
        score,
    )


def _topic_around(candidate: Candidate, decision: Decision, facts: list[Fact], indicator: str) -> str | None:
    """A topic that the label does not repeat: the count before it (LED屏9期、21条), or the sub-heading's."""
    if (decision.rule_id or "").endswith("/repeated"):
        same = facts and facts[-1].indicator == indicator and not _SUMS.search(candidate.label)
        return facts[-1].topic if same else None
    return candidate.sentence.subject if indicator == "items_published" and not decision.inherited else None


def _as_printed(text: str, candidate: Candidate, topic: str) -> str:
    """The topic in the report's own characters (traditional ones stay), without the blanks and line ends of a PDF."""
    at = candidate.sentence.text.rfind(topic, 0, candidate.tail_end)
    if at < 0:
        return topic
    start, end = candidate.sentence.span(at, at + len(topic))
    return _BLANKS.sub("", text[start:end]) or topic
