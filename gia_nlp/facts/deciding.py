"""Each candidate's decisions where a model is at hand: the votes of rules and context, and what comes out.

The way in which votes and model combine stands in :mod:`gia_nlp.facts.combining`; here is who votes.
"""

from __future__ import annotations

from gia_nlp.facts.candidates import Candidate
from gia_nlp.facts.classify import Decision, Verdict
from gia_nlp.facts.combining import Vote
from gia_nlp.facts.denials import Denial, DenialCandidate, narrowing_words
from gia_nlp.facts.frame import Frame
from gia_nlp.facts.model import DENIAL, INDICATOR, JOINT, PERIOD, Opinions
from gia_nlp.vocabulary.facts import NO_FACT

_FULL = 6.0  # the score of a cue that leaves no doubt
# How loud the cue was that decided: it names the thing right beside the number, names it, says enough, or only hints.
_STRENGTHS = ((4.9, "cue:beside"), (4.2, "cue:names"), (3.4, "cue:tells"))
_CLEAR = 1.0  # a lead over all other cues
_RULE_SCORE = 0.95


def decide_indicator(
    opinions: Opinions, i: int, verdict: Verdict, candidate: Candidate, frame: Frame
) -> Decision | None:
    """What the i-th quantity counts, or ``None`` where nothing is likely enough."""
    rule = verdict.decision
    label = _label(opinions, INDICATOR, rule.indicators) if rule else NO_FACT
    if label is None or (rule and verdict.reason == "cue" and not opinions.knows_cue(rule.rule_id)):
        return rule  # the model was trained without it
    outcome = opinions.decide(INDICATOR, i, _indicator_votes(verdict, label, candidate, frame))
    if outcome.label == NO_FACT or not opinions.sure(INDICATOR, outcome):
        return None
    score = round(outcome.probability, 4)
    if rule and outcome.label == label:
        by = "both" if outcome.alone == label else "rule"
        return Decision(rule.indicators, rule.rule_id, score, rule.cue, rule.inherited, by)
    return Decision(tuple(outcome.label.split(JOINT)), None, score, decided_by="model")


def _label(opinions: Opinions, kind: str, indicators: tuple[str, ...]) -> str | None:
    """The model's label for what a rule says: for two indicators the joint one, else the first; ``None`` if unknown."""
    if len(indicators) > 1:
        joint = JOINT.join(sorted(indicators))
        if opinions.knows(kind, joint):
            return joint
    return indicators[0] if opinions.knows(kind, indicators[0]) else None


def _strength(score: float) -> str:
    for least, name in _STRENGTHS:
        if score >= least:
            return name
    return "cue:hints"


def _indicator_votes(verdict: Verdict, label: str, candidate: Candidate, frame: Frame) -> list[Vote]:
    rule = verdict.decision
    votes: list[Vote] = []
    if rule is None:
        votes.append((NO_FACT, verdict.reason, 1.0))
    elif verdict.reason == "cue":
        own = max([verdict.cues[n][0] for n in rule.indicators if n in verdict.cues], default=0.0)
        votes.append((label, _strength(own), 1.0))
        rivals = [s[0] for name, s in verdict.cues.items() if name not in rule.indicators]
        if own - max(rivals, default=0.0) >= _CLEAR:
            votes.append((label, "cue:clear", 1.0))
    else:
        votes.append((label, f"inherited:{(rule.rule_id or '').rpartition('/')[2]}", 1.0))
    for name, heard in verdict.cues.items():
        votes.append((name, "heard", heard[0] / _FULL if heard[0] > 0.0 else 0.0))
    if verdict.inherited and (rule is None or verdict.inherited.indicators != rule.indicators):
        votes.append((verdict.inherited.indicators[0], "could_inherit", 1.0))
    if frame.in_list and frame.total:
        votes.append((frame.total[0], "of_total", 1.0))
        if candidate.quantity.unit == frame.total_unit:
            votes.append((frame.total[0], "of_total_same_unit", 1.0))
    if frame.last and frame.last_end >= 0 and candidate.quantity.unit == frame.last_unit:
        votes.append((frame.last[0], "as_last", 1.0))
        if candidate.unnamed:
            votes.append((frame.last[0], "as_last_unnamed", 1.0))
    return votes


_CARRIED = ("requests_carried_in", "requests_carried_out")  # the report's own, whatever years stand beside them


def decide_period(
    opinions: Opinions,
    i: int,
    indicator: str,
    rule: str,
    carried: bool,
    candidate: Candidate,
    frame: Frame,
    named: str | None = None,
) -> tuple[str, float]:
    """The period of the i-th quantity with its probability; ``carried``: the rule's comes from a count before.

    ``named`` is the period that the count's own words name: what the rules read there too needs no model.
    """
    if indicator in _CARRIED or rule == named or not opinions.knows(PERIOD, rule):
        return rule, 1.0
    votes = [(rule, f"{'carried' if carried else 'rule'}:{rule}", 1.0)]
    if frame.last_end >= 0:  # a count of the same sentence
        broken = "；" in candidate.sentence.masked[frame.last_end : candidate.quantity.start]
        votes.append((frame.last_period, f"after:{frame.last_period}", 1.0))
        votes.append((frame.last_period, f"{'beyond' if broken else 'beside'}:{frame.last_period}", 1.0))
    outcome = opinions.decide(PERIOD, i, votes)
    return outcome.label, outcome.probability


def by_rules(candidate: DenialCandidate) -> list[tuple[Denial, str, float]]:
    """The zeros that the rules read, each with who decided it and its score."""
    return [(denial, "rule", _RULE_SCORE) for denial in candidate.denials]


def decide_denial(opinions: Opinions, i: int, candidate: DenialCandidate) -> list[tuple[Denial, str, float]]:
    """The zeros that the i-th negating word states, each with who decided it and its score."""
    stated = tuple(sorted({d.indicator for d in candidate.denials}))
    label = _label(opinions, DENIAL, stated) if stated else NO_FACT
    if label is None:
        return by_rules(candidate)
    outcome = opinions.decide(DENIAL, i, [(label, "rule" if stated else "silent", 1.0)])
    if outcome.label == NO_FACT or not opinions.sure(DENIAL, outcome):
        return []
    score = round(outcome.probability, 4)
    if outcome.label == label:
        return [(d, "both" if outcome.alone == label else "rule", score) for d in candidate.denials]
    topic = narrowing_words(candidate.before + candidate.object)
    return [
        (Denial(name, candidate.start, candidate.end, topic, None), "model", score)
        for name in outcome.label.split(JOINT)
    ]
