"""Topics of indicators whose counts are narrowed in ways of their own: routes, roles, kinds, what was inspected."""

from __future__ import annotations

import re
from collections.abc import Callable

from gia_nlp.facts.candidates import Candidate
from gia_nlp.facts.phrases import is_generic, last_match, patterns, shed


def label_of_part(candidate: Candidate, indicator: str, part: bool) -> str | None:
    """Indicators whose counts are narrowed by their part's label only."""
    if not part:
        return None
    phrase = shed(candidate.raw_label)
    return phrase if 0 < len(phrase) <= 16 else None


def _kind(candidate: Candidate, indicator: str, part: bool) -> str | None:
    pattern = patterns()["kinds"][indicator]
    tail = candidate.raw_tail
    for words in (candidate.raw_label, tail):
        found = [m.group() for m in pattern.finditer(words)]
        if found:
            return found[-1]
    return None if indicator in _OWN_NAME else label_of_part(candidate, indicator, part)


# The label of a part of these is the indicator's own name (其中人大建议26件, 不予公开19件).
_OWN_NAME = ("npc_proposals", "cppcc_proposals", "requests_refused", "requests_answered", "normative_documents")


def _chunk_before(candidate: Candidate) -> str:
    """The words before the label, back to a semicolon or a full stop."""
    return re.split("[；。]", candidate.sentence.masked[: candidate.label_start])[-1]


def _visits(candidate: Candidate, indicator: str, part: bool) -> str | None:
    pattern = patterns()["kinds"]["site_visits"]
    found = [m.group() for m in pattern.finditer(shed(candidate.raw_label))]
    if not found and re.search("观看|播放", candidate.label):
        found = [m.group() for m in re.finditer("短视频|直播|视频", _chunk_before(candidate))] or found
    return shed(found[-1]) if found else None


def _requests(candidate: Candidate, indicator: str, part: bool) -> str | None:
    words = re.sub("依申请公开", "", candidate.raw_label)
    tail = candidate.raw_tail
    routes = list(patterns()["routes"].finditer(words))
    named = [
        m
        for m in routes
        if part or (m.group().endswith(("申请", "提交", "提出")) and len(m.group()) > 2) or "通过" in words
    ]
    if named:
        return words[named[0].start() : named[-1].end()]
    if part:
        phrase = shed(words)
        if phrase and not is_generic(indicator, phrase) and len(phrase) <= 16:
            return phrase
        tail_routes = list(patterns()["routes"].finditer(tail))
        if tail_routes:
            return tail_routes[0].group()
    return None


_ASSIGNS = "配备|明确|设有|安排|落实|现有|确定|指定|配有|设|有|共|为|从事|聘用|抽调|其中|配置|包括"


def _staff(candidate: Candidate, indicator: str, part: bool) -> str | None:
    label = candidate.raw_label
    verb = last_match(_ASSIGNS, label)
    if verb and verb.group() == "从事":  # 从事信息公开的人员 are all of them
        return None
    phrase = shed(label[verb.end() :] if verb else label) or shed(candidate.raw_tail)
    return None if len(phrase) > 14 or is_generic("staff", phrase) else phrase


def _training(candidate: Candidate, indicator: str, part: bool) -> str | None:
    for words in (candidate.raw_label, candidate.raw_tail):
        verb = last_match("开展|组织|举办|参加|召开|举行|办|进行", words)
        phrase = shed(words[verb.end() :] if verb else words)
        named = re.search("培训|讲座", phrase) and len(phrase) <= 16
        if named and not is_generic("training_sessions", phrase):
            return phrase
    return None


def _inspected(candidate: Candidate, indicator: str, part: bool) -> str | None:
    label = candidate.raw_label
    tail = candidate.raw_tail
    match = re.search(r"(?:抽查|检查|巡查|督查|监测|测评|普查|抽检|督导)(?:了)?([^，；。、\d]{2,12})$", label)
    if match and not re.search("通报|工作|情况|活动", shed(match[1])) and shed(match[1]):
        return shed(match[1])
    clause = re.split("[，；。]", candidate.sentence.text[: candidate.quantity.start])[-1]
    match = re.search(r"对([^，；。]{2,40}?)(?:进行|开展|实施|的?(?:检查|抽查|巡查|监测))", clause)
    if match and not re.match("(?:全区|全县|全市|各单位|各部门)", match[1]):
        return shed(match[1])
    if re.search("督促整改", tail):
        return "督促整改"
    return None


def _joint_or_kind(candidate: Candidate, indicator: str, part: bool) -> str | None:
    if candidate.quantity.value:
        joint = re.search(
            r"(?:人大|代表)[^，；、和]{0,6}(?:建议|议案)?(?:、|和|及|与)[^，；、和]{0,4}提案", candidate.clause
        )
        if joint:
            return joint.group()
    return _kind(candidate, indicator, part)


def _reviews(candidate: Candidate, indicator: str, part: bool) -> str | None:
    if candidate.quantity.value and indicator == "reviews":
        both = re.search("复议(?:案件|案|申请)?(?:、|和|及|与)(?:行政)?诉讼", candidate.clause)
        if both:
            return both.group()
    return label_of_part(candidate, indicator, part)


_LISTED = (
    r"[^，；。、的了\d]{0,10}?(?:权责清单|权力清单|责任清单|公共服务清单|办事指南|服务指南|公共服务事项|政务服务事项|服务事项|"
    r"权力事项|权责事项|行政权力|审批事项|清单)(?:事项)?"
)


def _services(candidate: Candidate, indicator: str, part: bool) -> str | None:
    match = last_match(_LISTED, candidate.raw_label) or last_match(_LISTED, candidate.raw_tail)
    if match is None:
        return label_of_part(candidate, indicator, part)
    phrase = shed(match.group())
    verb = last_match(patterns()["verbs"], phrase)
    return (shed(phrase[verb.end() :]) if verb else "") or phrase


def _none(candidate: Candidate, indicator: str, part: bool) -> None:
    """Indicators that nothing narrows."""


KIND_FINDERS: dict[str, Callable[[Candidate, str, bool], str | None]] = {
    "normative_documents": _kind,
    "consultations": _kind,
    "press_conferences": _kind,
    "npc_proposals": _joint_or_kind,
    "cppcc_proposals": _joint_or_kind,
    "requests_received": _requests,
    "requests_refused": _kind,
    "requests_answered": _kind,
    "staff": _staff,
    "training_sessions": _training,
    "inspections": _inspected,
    "services_listed": _services,
    "site_visits": _visits,
    "reviews": _reviews,
    "litigations": _reviews,
    "followers": _none,
    "requests_granted": _none,
    "requests_unavailable": _none,
    "requests_partly_granted": _none,
    "requests_not_processed": _none,
    "requests_carried_in": _none,
    "requests_carried_out": _none,
    "fees_charged": _none,
    "training_attendance": _none,
    "meetings": _none,
}
