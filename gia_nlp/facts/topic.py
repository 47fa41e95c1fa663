"""The words that narrow a count: by kind, place, route, applicant, publisher or outcome."""

from __future__ import annotations

import re

from gia_nlp.facts.candidates import Candidate
from gia_nlp.facts.channel import channels_in
from gia_nlp.facts.hints import CHANNEL
from gia_nlp.facts.kinds import KIND_FINDERS, label_of_part
from gia_nlp.facts.phrases import is_generic, last_match, patterns, shed


def find_topic(candidate: Candidate, indicator: str, *, part: bool, beside: bool = False) -> str | None:
    """The topic of a candidate that counts ``indicator``, as printed (in normal form), or ``None``.

    ``beside``: the sentence counts the same indicator before; a kind then narrows what alone is an activity's name.
    """
    if indicator == "press_conferences" and not (part or beside) and not _THEMED.search(candidate.label):
        return None
    finder = _FINDERS.get(indicator, label_of_part)
    topic = finder(candidate, indicator, part)
    if topic is None:
        return None
    topic = topic.strip("、，；：。（ ")
    return topic or None


def _noun_phrase(candidate: Candidate, indicator: str, part: bool) -> str | None:
    p = patterns()
    # What stands before a year is a heading that lost its line end, or says when.
    label = candidate.raw_label
    if "20" in label:
        label = _UP_TO_YEAR.sub("", label)
    label = p["channel_phrase"].sub("", label)
    if "其" in label and shed(label).startswith(("其他", "其它")):
        return shed(label)
    if _COMPARED.fullmatch(label.strip()):
        return None
    verbs = list(p["verbs"].finditer(label))
    named = False  # the verb has an object, but one that narrows nothing
    for verb in reversed(verbs):
        object_ = shed(label[verb.end() :])
        if not is_generic(indicator, object_):
            return _head(object_)
        named = named or bool(object_)
    if verbs:
        found = _subject(shed(label[: verbs[-1].start()]), candidate, indicator, part and not named)
        if found is not None or named:
            return found
    else:
        phrase = shed(label)
        if candidate.label_hints & CHANNEL and _only_channel(phrase):
            return _carrier(phrase, candidate)
        if not is_generic(indicator, phrase):
            return _head(phrase)
    tail = candidate.raw_tail
    phrase = shed(_SAID_OF_IT.split(tail, maxsplit=1)[0]) if tail else ""
    if phrase and not is_generic(indicator, phrase) and len(phrase) <= 24 and not p["verbs"].match(phrase):
        return phrase
    return None


_THEMED = re.compile("主题|专场")
_UP_TO_YEAR = re.compile(r"^.*20\d\d年度?")
_SAID_OF_IT = re.compile("较|比|同比|占|并|在|于|已|均|进行|予以")
_KIND = re.compile(r"[^，；。的]{1,16}类(?:信息)?$")
_COMPARED = re.compile("(?:比|较|与|同|由|从)[^，；。]{0,10}(?:年|期)(?:度)?(?:的)?")


def _subject(subject: str, candidate: Candidate, indicator: str, part: bool) -> str | None:
    """What stands before the verb narrows the count if it is a lesser publisher or, in a breakdown, a kind."""
    if patterns()["publishers"].fullmatch(subject) and not subject.startswith("各级"):
        return subject
    if candidate.label_hints & CHANNEL and _only_channel(subject):
        return _carrier(subject, candidate)
    if is_generic(indicator, subject):
        return subject if part and subject == "政务信息" else None
    kind = "类" in subject and _KIND.search(subject)
    return subject if kind or (part and len(subject) <= 16) else None


def _head(phrase: str) -> str | None:
    """The phrase without a clause in front of it (…的 stays: 其他应主动公开的信息)."""
    return phrase if len(phrase) <= 80 else phrase[-80:]


def _only_channel(phrase: str) -> bool:
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
    mailbox = last_match(r"“?[^，；。、“”]{0,8}(?:信箱|热线|留言板|直通车|接待日)”?", label)
    if mailbox:
        return shed(mailbox.group())
    asked = last_match(r"[^，；。、答受理接]{0,8}咨询(?=[^，；。、]{0,3}$)", shed(label))
    if asked and not is_generic(indicator, shed(asked.group())) and not re.search("情况|年", asked.group()):
        return shed(asked.group())
    return _noun_phrase(candidate, indicator, part)


_FINDERS = {
    "items_published": _noun_phrase,
    "policy_interpretations": _noun_phrase,
    "public_responses": _responses,
    **KIND_FINDERS,
}
