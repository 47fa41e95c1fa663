"""Where a thing is published, visited or followed."""

from __future__ import annotations

import itertools
import re

from gia_nlp.facts.candidates import Candidate
from gia_nlp.facts.hints import CHANNEL, EVERYWHERE
from gia_nlp.vocabulary.channels import channel_pattern, everywhere_pattern

_PARTS = re.compile("[、，；和及与或：]")
_LISTS = re.compile("[、，；和及与或]")
_CLAUSE_ENDS = re.compile("[，；：。]")
_PAGES = re.compile("专栏|栏目|页面|点击率|板块|网页")
_NAMED = CHANNEL | EVERYWHERE


def channels_in(words: str) -> list[tuple[str, int, int]]:
    """Channels named in a stretch of text, each with its place; 栏目 and 专栏 alone are none.

    >>> [name for name, _, _ in channels_in("通过区政府网站、“溪岭发布”公众号")]
    ['website', 'wechat']
    """
    found = [(m.lastgroup or "", m.start(), m.end()) for m in channel_pattern().finditer(words)]
    found = [f for f in found if f[0] != "none"]
    merged: list[tuple[str, int, int]] = []
    for name, start, end in found:
        gap = words[merged[-1][2] : start] if merged else ""
        joined = bool(merged) and not _PARTS.search(gap)
        if joined and merged[-1][0] == "website" and name == "board" and len(gap) <= 6:
            continue  # 政务网站信息公开栏 is the site's
        if joined and len(gap) <= 3 and name == merged[-1][0]:
            merged[-1] = (name, merged[-1][1], end)
            continue
        merged.append((name, start, end))
    return merged


def channel_of(words: str) -> str | None:
    """The one channel that a stretch names; ``"all"`` for two or more, ``None`` for none."""
    if everywhere_pattern().search(words):
        return "all"
    found = channels_in(words)
    if not found:
        return None
    names = [name for name, _, _ in found]
    if len(found) == 1:
        return names[0]
    gaps = [words[a[2] : b[1]] for a, b in itertools.pairwise(found)]
    if all(not _LISTS.search(gap) for gap in gaps):
        return names[-1] if len(set(names)) > 1 and names[-1] not in ("board", "other") else names[0]
    if set(names) <= {"wechat", "weibo"} and len(set(names)) == 2:
        return "new_media"
    if set(names) in ({"new_media"}, {"press"}):
        return names[0]
    return "all"


def find_channel(
    candidate: Candidate, indicator: str, *, part_of: str | None, sibling: str | None, since: int = 0
) -> str:
    """The channel of a candidate: its own words, else its total's, else the sentence's before it."""
    raw = candidate.sentence.text
    hints = candidate.sentence.hints
    if hints.between(candidate.label_start, candidate.tail_end) & _NAMED:
        own = channel_of(raw[candidate.label_start : candidate.tail_end])
        if own:
            return own
    linked = candidate.sentence.masked[candidate.previous_end : candidate.label_start]
    if sibling and linked.strip() == "、" and candidate.previous_end:
        return sibling
    begin = min(max(since, 0), candidate.label_start)
    if hints.between(begin, candidate.label_start) & _NAMED:
        prior = raw[begin : candidate.label_start]
        if indicator not in ("followers", "site_visits"):
            prior = prior[prior.rfind("；") + 1 :]
        clauses = [c for c in _CLAUSE_ENDS.split(prior) if c.strip()]
        for clause in reversed(clauses[-2:]):
            found = channel_of(clause)
            if found and _carries(clause):
                return found
    if part_of:
        return part_of
    if indicator == "site_visits" and not sibling and _PAGES.search(raw, 0, candidate.quantity.start):
        return "website"
    broken = "；" in linked and indicator not in ("followers", "site_visits")
    return sibling if sibling and not broken else "all"


_CARES = re.compile("确保|推进|做好|加强|维护|规范")
_ONLINE = re.compile("网上|线上|网络")
_THROUGH = re.compile("(?:通过|利用|依托|借助|运用|在|经|于)[^，；]{0,30}$")


def _carries(clause: str) -> bool:
    """Whether a clause before the count says where things appear, and does not just mention a site on its way."""
    if _CARES.match(clause.strip()):
        return False
    named = channels_in(clause)
    everywhere = everywhere_pattern().search(clause)
    start = named[0][1] if named else everywhere.start() if everywhere else 0
    return bool(_THROUGH.search(clause[:start])) or (start <= 10 and not _ONLINE.match(clause, start))


_NO_CARRIER = re.compile("电话|现场|来访|面对面|窗口|大厅|档案馆|图书馆|查阅点|首页")


def is_carrier(label: str) -> bool:
    """Whether a label is nothing but the name of one channel (视频号133条, 横幅14次).

    >>> is_carrier("视频号"), is_carrier("视频号粉丝")
    (True, False)
    """
    words = label.strip("“”：、 ")
    found = channels_in(words)
    return len(found) == 1 and found[0][2] == len(words) and found[0][1] <= 6 and not _NO_CARRIER.search(words)
