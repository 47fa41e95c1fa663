"""Which indicator a candidate counts: cues compete, the best one wins or none is good enough.

Every cue that matches has a say: its weight, less for every character between it and the quantity. Parts of a
breakdown also inherit from their total. Decoys (columns, opinions received, likes …) are cues of ``none`` and compete like the
others, so that a quantity is left alone for a stated reason.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from gia_nlp.facts.candidates import Candidate
from gia_nlp.facts.channel import is_carrier
from gia_nlp.facts.frame import Frame
from gia_nlp.facts.hints import CHANNEL
from gia_nlp.facts.scoring import Scored, cue_scores, loudest
from gia_nlp.vocabulary.facts import NO_FACT, Cue
from gia_nlp.vocabulary.indicators import indicators

THRESHOLD = 2.4


class Decision(NamedTuple):
    """What a candidate counts (several for 受理办理2项), and why. ``rule_id`` is ``None`` where no rule says so."""

    indicators: tuple[str, ...]
    rule_id: str | None
    score: float
    cue: str = ""
    inherited: bool = False
    decided_by: str = "rule"


class Verdict(NamedTuple):
    """What the rules say of a candidate: a decision or ``None`` with its reason, and the cues that were heard.

    ``reason``: ``cue``, ``inherited``; for no decision ``decoy`` (a cue of none won), ``scope``, ``faint`` (a cue too weak),
    ``silent`` (no cue at all).
    """

    decision: Decision | None
    reason: str
    cues: dict[str, Scored]
    inherited: Decision | None


_PROPOSALS = ("npc_proposals", "cppcc_proposals")
_BOTH_PROPOSALS = re.compile(r"(?:人大|代表)[^，；、和]{0,6}(?:建议|议案)?(?:、|和|及|与)[^，；、和]{0,6}提案")
_CASES = ("reviews", "litigations")
_BOTH_CASES = re.compile("复议(?:案件|案|申请)?(?:、|和|及|与|或|以及)[^，；]{0,10}诉讼")
_REQUESTS = ("requests_received", "requests_answered")
_RECEIVES_AND_ANSWERS = re.compile("(?:受理|收到|接到|接收)(?:、|并|和|及)?(?:办理|办结|答复|处理)")
_RECEIVES = re.compile("收到|接到|受理|新收|接收|提交|收悉|登记|提出|收件")
_ANSWERS = re.compile("办结|答复|办理|办复|处理|回复|办毕")


def classify(candidate: Candidate, frame: Frame) -> Verdict:
    """What the rules make of a candidate; no decision where nothing speaks for an indicator."""
    cues = cue_scores(candidate, frame)
    best = loudest(cues)
    inherited = _inherit(candidate, frame)

    def verdict(decision: Decision | None, reason: str) -> Verdict:
        if decision is inherited and inherited is not None:  # weighed against cues until here, now a score as theirs
            decision = inherited._replace(score=_as_score(inherited.score))
        return Verdict(decision, reason, cues, inherited)

    if inherited and best and (best[1].indicator, *frame.total[:1]) in _KIND_OF_TOTAL:
        return verdict(inherited, "inherited")
    if inherited and best and best[1].id == "none/casework" and "licensing_decisions" in frame.total:
        return verdict(inherited, "inherited")  # 其中注册登记许可41件
    # A part that names a thing of its own leaves its total sooner than one that looks like a decoy.
    if best and (inherited is None or best[0] >= inherited.score - (0.3 if best[1].indicator != NO_FACT else 0)):
        score, cue, words = best
        if cue.indicator == NO_FACT:
            return verdict(None, "decoy")
        if score < THRESHOLD:
            return verdict(None, "faint")
        if _is_scope(candidate, cue):
            return verdict(None, "scope")
        return verdict(Decision(_refine(cue, candidate, words), cue.id, _as_score(score), words), "cue")
    return verdict(inherited, "inherited" if inherited else "silent")


def _as_score(weight: float) -> float:
    return round(min(1.0, weight / 6), 3)


_SCOPE = re.compile(
    "^(?:并|其中)?(?:对|将|除|针对|围绕|深入|覆盖)(?:(?!发布|公开|推送|公布|开展|组织|召开|举办|收到|办理|回复|答复|征求)[^，；])*$"
)


def _is_scope(candidate: Candidate, cue: Cue) -> bool:
    """对486份文件逐一复核 — the quantity says on what something is done, not how much of it."""
    return bool(candidate.tail) and cue.indicator != "consultations" and bool(_SCOPE.match(candidate.label))


def _refine(cue: Cue, candidate: Candidate, words: str) -> tuple[str, ...]:
    """One cue can stand for two indicators, or a verb beside it decides between two."""
    if cue.id == "npc_proposals/joint":
        return ("npc_proposals", "cppcc_proposals") if candidate.quantity.value == 0 else ("npc_proposals",)
    if cue.indicator in _PROPOSALS and _BOTH_PROPOSALS.search(candidate.clause):
        return ("npc_proposals", "cppcc_proposals") if candidate.quantity.value == 0 else ("npc_proposals",)
    if cue.indicator in _CASES and _BOTH_CASES.search(candidate.clause):
        return ("reviews", "litigations") if candidate.quantity.value == 0 else ("reviews",)
    if cue.indicator in _REQUESTS:
        around = candidate.label + candidate.tail
        if candidate.unnamed and not candidate.tail:
            around = candidate.prior + around
        receives, answers = bool(_RECEIVES.search(around)), bool(_ANSWERS.search(around))
        if _RECEIVES_AND_ANSWERS.search(around):
            return ("requests_received", "requests_answered")
        if cue.indicator == "requests_received" and answers and not receives:
            return ("requests_answered",)
    return (cue.indicator,)


def _inherit(candidate: Candidate, frame: Frame) -> Decision | None:
    """What a part of a breakdown has from its total, or a bare repetition from the fact before."""
    unit, label = candidate.quantity.unit, candidate.label
    between = candidate.sentence.masked[max(frame.last_end, 0) : candidate.label_start]

    def fits(names: tuple[str, ...], known: str | None) -> bool:
        return bool(names) and (unit == known or unit is None or any(unit in indicators()[n].units for n in names))

    bracketed = frame.host_bracket is not None and candidate.bracket == frame.host_bracket
    if bracketed and {"reviews", "litigations"} & set(frame.host) and _ENDINGS.search(label):
        return None  # how the counted cases ended is no fact, in a bracket either
    if bracketed and fits(frame.host, frame.last_unit):
        # 不予处理92件（信访举报投诉类61件、重复申请31件)
        return Decision(
            frame.host[:1], f"{frame.host[0]}/bracket", 5.3 if frame.host[0] in _GROUNDS else 4.4, inherited=True
        )
    if "cppcc_proposals" in frame.last or "npc_proposals" in frame.last:
        if _PROPOSAL_ROLE.fullmatch(label) and unit == frame.last_unit:
            both = {"npc_proposals", "cppcc_proposals"} <= frame.seen
            name = "npc_proposals" if both else frame.last[0]
            return Decision((name,), f"{name}/role", 5.3, inherited=True)
        if "分别" in candidate.sentence.masked and candidate.unnamed and frame.last == ("npc_proposals",):
            return Decision(("cppcc_proposals",), "cppcc_proposals/respectively", 5.3, inherited=True)
    if frame.in_list and {"reviews", "litigations"} & set(frame.total) and _ENDINGS.search(label):
        return None  # how the counted cases ended is no fact
    if frame.in_list and fits(frame.total, frame.total_unit):
        closed = "requests_answered" in frame.total or any(n in _CLOSED for n in frame.total)
        if closed and not _CLOSES.search(label):
            return None
        asked_for = "requests_received" in frame.total and _ASKED_FOR.match(label)
        # A part with a verb of its own (其中，2021年收到3件) speaks for itself first.
        own_verb = _OWN_VERB.search(label)
        return Decision(
            frame.total[:1], f"{frame.total[0]}/part", 5.4 if asked_for else 3.4 if own_verb else 4.3, inherited=True
        )
    if "policy_interpretations" in frame.last and between.strip(" ") == "、" and _INTERPRETED.fullmatch(label):
        return Decision(("policy_interpretations",), "policy_interpretations/form", 4.2, inherited=True)
    if "training_sessions" in frame.last and candidate.unnamed and unit in ("人", "人次", "名"):
        return Decision(("training_attendance",), "training_attendance/trained", 4.0, inherited=True)
    if "public_responses" in frame.last and unit == frame.last_unit and _ANSWERED.fullmatch(label):
        return Decision(("public_responses",), "public_responses/answered", 4.4, inherited=True)
    carried = not candidate.tail and candidate.label_hints & CHANNEL and unit not in ("个", "项")
    if carried and unit in indicators()["items_published"].units and is_carrier(label):
        return Decision(("items_published",), "items_published/carrier", 3.6, inherited=True)
    if not frame.last:
        return None
    if (
        candidate.unnamed
        and (not candidate.tail or _COMPARED.match(candidate.tail))
        and fits(frame.last, frame.last_unit)
        and not ("requests_carried_in" in frame.last and _SUMMED.search(label))
    ):
        return Decision(frame.last[:1], f"{frame.last[0]}/repeated", 3.6, inherited=True)
    listed = "items_published" in frame.last or (
        "normative_documents" in frame.last and _PUBLISHED.search(candidate.sentence.masked)
    )
    chained = frame.last_end >= 0 and between.strip(" ") in ("、", "，") and bool(listed)
    same_unit = unit == frame.last_unit or ("normative_documents" in frame.last and unit in ("条", "篇", "则"))
    if chained and same_unit and not candidate.unnamed and not _ACTS.search(label):
        return Decision(("items_published",), "items_published/listed", 2.9, inherited=True)
    return None


_CLOSES = re.compile("答复|处理|办理|办结")
_ASKED_FOR = re.compile("(?:其中，?)?(?:涉及|关于|申请)")
_OWN_VERB = re.compile("收到|受理|接到|发布|公布|召开|举办|开展|组织|答复|办结")
_COMPARED = re.compile("增|减|下降|上升|相比|同期")
_SUMMED = re.compile("合计|总计|共计")
_PUBLISHED = re.compile("刊登|登载|公开|公布|发布")
_INTERPRETED = re.compile(
    "(?:短|口播|微|音)?(?:视频|动漫|动画|音频|长图|海报|H5|问答|专家评论|评论|漫画|图文|音视频)(?:解读)?"
)
_ENDINGS = re.compile("维持|纠正|审结|驳回|胜诉|败诉|结案|撤诉|终止|调解|其他结果")
_ANSWERED = re.compile("(?:已|均|全部|共|及时|按期)*(?:答复|回复|办复|办结|回访|回信|办理)(?:率)?")
_GROUNDS = ("requests_not_processed", "requests_unavailable", "requests_refused")
_PROPOSAL_ROLE = re.compile("(?:其中)?(?:主合办|主办|会办|协办|分办|独办|单办)(?:件)?(?:共)?")
_ACTS = re.compile("召开|举办|开展|组织|收到|办理|接受|出席|检查|抽查|下载|印制|发放|答复|接待|培训|整改|通报|反馈")
# Labels that imitate another indicator but name a kind of their total: 其中行政许可14项 (of the listed services).
_KIND_OF_TOTAL = {
    ("licensing_decisions", "services_listed"),
    ("complaints", "public_responses"),
    ("requests_received", "public_responses"),
}
_CLOSED = ("requests_granted", "requests_refused", "requests_unavailable", "requests_partly_granted", "fees_charged")
