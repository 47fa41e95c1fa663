"""Candidates: every quantity of a sentence with the words that may say what it counts."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right

from gia_nlp.facts.context import Sentence
from gia_nlp.facts.fillers import is_empty
from gia_nlp.facts.lazy import lazy
from gia_nlp.text.quantities import Quantity, find_quantities

_BOUNDARY = re.compile("[，；：。（）！？\n]")
_STOP = re.compile("[，；：。（）！？\n、]")
_BOUND_WORDS = re.compile(r"(?:不少于|不低于|不下于|超过|突破|至少|大约|大概|接近|约为|约|近|超|逾|破)$")
_BOUND_ENDS = frozenset("于过破少约概近为超逾\n")  # how these end, also at the end of a line
_SESSION = re.compile("(?:届|人大|政协|全会|大会|委员会)[^，；。]{0,4}$")  # 十四届人大一次会议
_HOTLINE = re.compile(r"12\d{3}(?!\d)[、，]?|9\d{4}(?=热线|、12)")
_FROM = re.compile("[由从](?!事)[^，；。]{0,10}$")  # 由年初的2.2万增加到2.9万
_RISES = re.compile(
    "(?:大幅|快速|稳步)?(?:增加|增长|增|上升|提升|提高|攀升|涨|升|减少|下降|减|降|跌)[^，；。]{0,2}[到至为]"
)
_NOT_ONE = re.compile("(?:[每这那某同任上下进统唯单首逐另哪本]|(?:没有|无|未|零)(?:发生|出现|收到|接到|产生)?过?)$")


class Candidate:
    """A quantity and its surroundings, all as offsets into the sentence.

    ``label`` reaches back from the quantity to the last boundary (mark or quantity), ``prior`` from there to the quantity
    before; ``tail`` reaches forward to the next mark or quantity. These are masked words; ``raw_label`` and ``raw_tail`` are as the
    sentence prints them. Labels go without 约, 超过 and the like. ``bracket`` is where the bracket opens that the quantity stands in.
    """

    def __init__(
        self,
        sentence: Sentence,
        quantity: Quantity,
        index: int,
        previous_end: int,
        label_start: int,
        tail_end: int,
        bracket: int | None,
    ) -> None:
        self.sentence, self.quantity, self.index, self.previous_end = sentence, quantity, index, previous_end
        self.label_start, self.tail_end, self.bracket = label_start, tail_end, bracket
        masked = sentence.masked
        self.label = _without_bound(masked[label_start : quantity.start])
        self.prior = masked[previous_end:label_start]
        self.tail = masked[quantity.end : tail_end]
        self.unnamed = is_empty(self.label)  # names nothing

    @lazy
    def raw_label(self) -> str:
        return _without_bound(self.sentence.text[self.label_start : self.quantity.start])

    @lazy
    def raw_tail(self) -> str:
        return self.sentence.text[self.quantity.end : self.tail_end]

    @lazy
    def clause(self) -> str:
        """Label, quantity and tail."""
        return self.sentence.masked[self.label_start : self.tail_end]

    @lazy
    def label_hints(self) -> int:
        """The patterns that can match in the label (:mod:`gia_nlp.facts.hints`)."""
        return self.sentence.hints.between(self.label_start, self.quantity.start)

    @lazy
    def tail_hints(self) -> int:
        """The patterns that can match in the tail."""
        return self.sentence.hints.between(self.quantity.end, self.tail_end)


def _without_bound(label: str) -> str:
    return _BOUND_WORDS.sub("", label) if label[-1:] in _BOUND_ENDS else label


def candidates(sentence: Sentence, skip: list[tuple[int, int]]) -> list[Candidate]:
    """Candidates of a sentence; quantities inside ``skip`` (changes on last year) only bound the others."""
    text, masked = sentence.text, sentence.masked
    quantities = [
        q
        for q in find_quantities(text)
        if (q.unit or _stands_alone(text, q))
        and "□" not in masked[q.start : q.end]
        and not (text.startswith("会议", q.end) and _SESSION.search(text[max(0, q.start - 8) : q.start]))
        and not (q.text[0] == "一" and _NOT_ONE.search(text[max(0, q.start - 6) : q.start]))
    ]
    if not quantities:
        return []
    boundaries = [match.end() for match in _BOUNDARY.finditer(masked)]
    found: list[Candidate] = []
    previous_end = 0
    for quantity, following in itertools.zip_longest(quantities, quantities[1:]):
        start = quantity.start
        if skip and any(a <= start < b for a, b in skip):
            previous_end = quantity.end
            continue
        before = bisect_right(boundaries, start)
        begin = max(previous_end, boundaries[before - 1]) if before else previous_end
        while begin < start and masked[begin] in "、 ":
            begin += 1
        if masked[start - 1 : start] == "、" and begin < start:
            begin = start  # 1名分管领导、2名专职人员: what stands before belongs to the quantity before
        limit = following.start if following else len(text)
        stop = _STOP.search(masked, quantity.end, limit)
        opened = masked.rfind("（", 0, start)
        bracket = opened if opened > masked.rfind("）", 0, start) else None
        tail_end = stop.start() if stop else max(limit, quantity.end)
        found.append(Candidate(sentence, quantity, len(found), previous_end, begin, tail_end, bracket))
        previous_end = quantity.end
    return found


def _stands_alone(text: str, quantity: Quantity) -> bool:
    """A bare number counts something only where a mark or the sentence's end follows (粉丝数54373；)."""
    if quantity.value >= 100 and _RISES.match(text, quantity.end) and _FROM.search(text[: quantity.start]):
        return True
    after = text[quantity.end : quantity.end + 1]
    if after not in ("", "，", "；", "。", "、", "）", "\n"):
        return False
    if _HOTLINE.match(text, quantity.start):
        return False
    if quantity.value and quantity.value < 100:
        return False  # list numbers, dates cut short
    before = text[max(0, quantity.start - 1) : quantity.start]
    return before not in ("", "\n", "（", "，", "-", "—", "/", "：") or quantity.value == 0
