"""The words that narrow a count: by kind, place, route, applicant, publisher or outcome."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from gia_nlp.facts.candidates import Candidate
from gia_nlp.vocabulary.loader import load_yaml


@cache
def _patterns() -> dict[str, Any]:
    data = load_yaml("topics")
    return {
        "lead": re.compile(f"^(?:{data['lead']})+"),
        "trail": re.compile(f"(?:{data['trail']})+$"),
        "verbs": re.compile(data["verbs"]),
        "channel_phrase": re.compile(data["channel_phrase"]),
        "generic": {k: re.compile(v) for k, v in data["generic"].items()},
        "kinds": {k: re.compile(v) for k, v in data["kinds"].items() if v},
        "routes": re.compile(data["requests_routes"]),
        "publishers": re.compile(data["publishers"]),
    }


def shed(phrase: str) -> str:
    """A noun phrase without what only leads up to it or trails off.

    >>> shed("其中概况类信息共计")
    '概况类信息'
    """
    p = _patterns()
    before = None
    while before != phrase:
        before = phrase
        phrase = p["trail"].sub("", p["lead"].sub("", phrase))
    return phrase


def _is_generic(indicator: str, phrase: str) -> bool:
    pattern = _patterns()["generic"].get(indicator)
    return not phrase or bool(pattern and pattern.fullmatch(phrase))


def find_topic(candidate: Candidate, indicator: str, *, part: bool) -> str | None:
    """The topic of a candidate that counts ``indicator``, as printed (in normal form), or ``None``."""
    finder = _FINDERS.get(indicator, _no_topic)
    topic = finder(candidate, indicator, part)
    if topic is None:
        return None
    topic = topic.strip("、，；：。（ ")
    return topic or None


def _no_topic(candidate: Candidate, indicator: str, part: bool) -> str | None:
    """Indicators whose counts are narrowed by their part's label only."""
    if not part:
        return None
    phrase = shed(candidate.raw_label)
    return phrase if 0 < len(phrase) <= 16 else None


def _noun_phrase(candidate: Candidate, indicator: str, part: bool) -> str | None:
    p = _patterns()
    label = candidate.raw_label
    label = p["channel_phrase"].sub("", label)
    verb = None
    for verb in p["verbs"].finditer(label):
        pass
    while verb is not None:
        object_ = shed(label[verb.end() :])
        if not _is_generic(indicator, object_):
            return _head(object_)
        subject = label[: verb.start()]
        inner = None
        for inner in p["verbs"].finditer(subject):
            pass
        if inner is None or inner.end() < verb.start():
            break
        verb = inner
    tail = candidate.sentence.text[candidate.quantity.end : candidate.tail_end]
    if verb is not None:
        subject = shed(label[: verb.start()])
        publisher = p["publishers"].fullmatch(subject)
        if publisher and not subject.startswith("各级"):
            return subject
        if _only_channel(subject):
            return _carrier(subject, candidate)
        kind = re.search(r"[^，；。的]{1,16}类(?:信息)?$", subject)
        if kind or (part and subject and len(subject) <= 16 and not _is_generic(indicator, subject)):
            return subject
    else:
        phrase = shed(label)
        if _only_channel(phrase):
            return _carrier(phrase, candidate)
        if not _is_generic(indicator, phrase):
            return _head(phrase)
    tail_phrase = shed(re.split("较|比|同比|占|并|在|于|已|均|进行|予以", tail)[0])
    if (
        tail_phrase
        and not _is_generic(indicator, tail_phrase)
        and len(tail_phrase) <= 24
        and not p["verbs"].match(tail_phrase)
    ):
        return tail_phrase
    return None


def _head(phrase: str) -> str | None:
    """The phrase without a clause in front of it (…的 stays: 其他应主动公开的信息)."""
    return phrase if len(phrase) <= 80 else phrase[-80:]


def _only_channel(phrase: str) -> bool:
    from gia_nlp.facts.channel import channels_in

    found = channels_in(phrase)
    return bool(found) and found[-1][2] >= len(phrase) - 2


_PLAIN_CARRIERS = re.compile(
    ".*(?:网站|门户|平台|网|微信|公众号|微博|客户端|APP|新媒体|公开栏|公示栏|公告栏|宣传栏|公报|报|报刊|电视|广播|报纸|媒体|大厅|窗口|栏|专栏)"
)


def _carrier(phrase: str, candidate: Candidate) -> str | None:
    """A carrier narrower than its channel (视频号 of new media, LED屏 of boards) is the topic; a channel's own name is none."""
    return None if _PLAIN_CARRIERS.fullmatch(phrase) else phrase


def _responses(candidate: Candidate, indicator: str, part: bool) -> str | None:
    label = candidate.raw_label
    mailbox = None
    for mailbox in re.finditer(r"“?[^，；。、“”]{0,8}(?:信箱|热线|留言板|直通车|接待日)”?", label):
        pass
    if mailbox:
        return shed(mailbox.group())
    asked = None
    for asked in re.finditer(r"[^，；。、答受理接]{0,8}咨询(?=[^，；。、]{0,3}$)", shed(label)):
        pass
    if asked and not _is_generic(indicator, shed(asked.group())):
        return shed(asked.group())
    return _noun_phrase(candidate, indicator, part)


def _kind(candidate: Candidate, indicator: str, part: bool) -> str | None:
    pattern = _patterns()["kinds"][indicator]
    tail = candidate.sentence.text[candidate.quantity.end : candidate.tail_end]
    found = [m.group() for m in pattern.finditer(candidate.raw_label + tail)]
    if found:
        return found[-1]
    return None if indicator in _OWN_NAME else _no_topic(candidate, indicator, part)


# The label of a part of these is the indicator's own name (其中人大建议26件, 不予公开19件).
_OWN_NAME = ("npc_proposals", "cppcc_proposals", "requests_refused", "requests_answered", "normative_documents")


def _visits(candidate: Candidate, indicator: str, part: bool) -> str | None:
    pattern = _patterns()["kinds"]["site_visits"]
    found = [m.group() for m in pattern.finditer(shed(candidate.raw_label))]
    if not found and re.search("观看|播放", candidate.label):
        found = [m.group() for m in re.finditer("短视频|直播|视频", candidate.prior)] or found
    return shed(found[-1]) if found else None


def _requests(candidate: Candidate, indicator: str, part: bool) -> str | None:
    words = re.sub("依申请公开", "", candidate.raw_label)
    tail = candidate.sentence.text[candidate.quantity.end : candidate.tail_end]
    routes = list(_patterns()["routes"].finditer(words))
    named = [
        m
        for m in routes
        if part or (m.group().endswith(("申请", "提交", "提出")) and len(m.group()) > 2) or "通过" in words
    ]
    if named:
        return words[named[0].start() : named[-1].end()]
    if part:
        phrase = shed(words)
        if phrase and not _is_generic(indicator, phrase) and len(phrase) <= 16:
            return phrase
        tail_routes = list(_patterns()["routes"].finditer(tail))
        if tail_routes:
            return tail_routes[0].group()
    return None


def _staff(candidate: Candidate, indicator: str, part: bool) -> str | None:
    label = candidate.raw_label
    tail = candidate.sentence.text[candidate.quantity.end : candidate.tail_end]
    match = re.search(
        r"(?:专兼职|专职|兼职|全职|分管|具体|参与|主要|分工)?[^，；。、\d]{0,6}(?:负责人|信息员|联络员|管理员|审核员|人员|工作者|专职|兼职|专人|经办人|干部|骨干|发言人|编辑)",
        "",
    )
    verb = None
    for verb in re.finditer(
        "配备|明确|设有|安排|落实|现有|确定|指定|配有|设|有|共|为|从事|聘用|抽调|其中|配置|包括", label
    ):
        pass
    phrase = shed(label[verb.end() :] if verb and verb.group() != "从事" else "" if verb else label)
    if not phrase and not (verb and verb.group() == "从事"):
        phrase = shed(tail)
    if not phrase or len(phrase) > 14 or _is_generic("staff", phrase):
        return None
    return phrase if match is None else phrase


def _training(candidate: Candidate, indicator: str, part: bool) -> str | None:
    tail = candidate.sentence.text[candidate.quantity.end : candidate.tail_end]
    for words in (candidate.raw_label, tail):
        verb = None
        for verb in re.finditer("开展|组织|举办|参加|召开|举行|办|进行", words):
            pass
        phrase = shed(words[verb.end() :] if verb else words)
        if (
            phrase
            and not _is_generic("training_sessions", phrase)
            and re.search("培训|讲座", phrase)
            and len(phrase) <= 16
        ):
            return phrase
    return None


def _inspected(candidate: Candidate, indicator: str, part: bool) -> str | None:
    label = candidate.raw_label
    tail = candidate.sentence.text[candidate.quantity.end : candidate.tail_end]
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
    return _no_topic(candidate, indicator, part)


def _services(candidate: Candidate, indicator: str, part: bool) -> str | None:
    words = candidate.raw_label + candidate.sentence.text[candidate.quantity.end : candidate.tail_end]
    match = None
    for match in re.finditer(
        r"[^，；。、的了\d]{0,10}?(?:权责清单|权力清单|责任清单|公共服务清单|办事指南|服务指南|公共服务事项|政务服务事项|服务事项|权力事项|权责事项|行政权力|审批事项|清单)(?:事项)?",
        words,
    ):
        pass
    if match is None:
        return None
    phrase = shed(match.group())
    verb = None
    for verb in _patterns()["verbs"].finditer(phrase):
        pass
    return shed(phrase[verb.end() :]) if verb and shed(phrase[verb.end() :]) else phrase


_FINDERS = {
    "items_published": _noun_phrase,
    "policy_interpretations": _noun_phrase,
    "public_responses": _responses,
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
    "followers": lambda c, i, p: None,
    "requests_granted": lambda c, i, p: None,
    "requests_unavailable": lambda c, i, p: None,
    "requests_partly_granted": lambda c, i, p: None,
    "requests_not_processed": lambda c, i, p: None,
    "requests_carried_in": lambda c, i, p: None,
    "requests_carried_out": lambda c, i, p: None,
    "fees_charged": lambda c, i, p: None,
    "training_attendance": lambda c, i, p: None,
    "meetings": lambda c, i, p: None,
}
