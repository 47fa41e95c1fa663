"""What a sentence has counted so far: the total whose parts may follow, and the count just before."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gia_nlp.facts.candidates import Candidate
from gia_nlp.facts.context import Sentence

_LIST_OPENS = re.compile("其中|中，|包括|包含|分别|具体为|涉及|分为|按[^，；。]{1,8}分|：|涵盖|主要有|（")
# Sentences that go on with the total of the one before; of these, some break down what was applied for.
_CONTINUES = re.compile(r"\s*(?:其中|从[^，；。]{1,12}看|按[^，；。]{1,12}分|申请内容|申请人|与|较|比|同比)")
_ASKED_FOR = re.compile(r"\s*(?:从申请|申请内容|申请人|按申请)")
_COMPARES = re.compile(r"\s*(?:与|较|比|同)")
_OF_THE_YEAR = re.compile("今年|本年|全年|年内|年推|目前|现有|20\\d\\d年")
_PARTS = re.compile("[；（）]")
_STOCKS = ("followers", "staff")
# Indicators that stand beside each other in one breakdown: the total's frame holds over all of them.
_FAMILIES = (
    {"items_published", "policy_interpretations", "normative_documents", "public_responses", "licensing_decisions"},
    {"npc_proposals", "cppcc_proposals"},
    {"reviews", "litigations"},
)


@dataclass(slots=True)
class Frame:
    """The state of a reader going through a sentence from left to right.

    ``total``: indicators of the count that parts may belong to, ``last``: of the count just before, ``host``: of the count
    that an open bracket follows; ends are offsets into the sentence, -1 where that count stands in the sentence before.
    """

    total: tuple[str, ...] = ()
    total_unit: str | None = None
    total_end: int = -1
    total_period: str = "current"
    total_channel: str | None = None
    last: tuple[str, ...] = ()
    last_unit: str | None = None
    last_end: int = -1
    last_period: str = "current"
    last_channel: str | None = None
    in_list: bool = False
    host: tuple[str, ...] = ()
    host_bracket: int | None = None
    seen: set[str] = field(default_factory=set)

    @property
    def counts_requests(self) -> bool:
        """Whether applications were counted here before."""
        return any(i.startswith("requests") for i in (*self.last, *self.total, *self.seen))

    def begin(self, sentence: Sentence) -> None:
        """Enters a sentence: what was counted before holds on only where the sentence says so (其中, 从申请内容看)."""
        if self.total or self.seen or self.in_list:
            if sentence.parted or not _CONTINUES.match(sentence.text):
                self.total, self.in_list = (), False
                self.seen.clear()
            elif any(i.startswith("requests") for i in self.seen) and _ASKED_FOR.match(sentence.text):
                self.total = ("requests_received",)
        if self.last and (sentence.parted or not _COMPARES.match(sentence.text)):
            self.last = ()
        self.last_end, self.total_end = -1, -1
        self.host, self.host_bracket = (), None
        self.total_channel = self.last_channel = None

    def enter(self, candidate: Candidate) -> None:
        """Reaches a candidate: a list may have opened (其中, a colon, a bracket) or a bracket closed since the last."""
        masked = candidate.sentence.masked
        if self.total and self.total_end >= 0:
            opens = _LIST_OPENS.search(masked[self.total_end : candidate.label_start] + candidate.label)
            self.in_list = opens is not None and not (opens.group() == "（" and candidate.bracket is None)
        elif self.total:
            self.in_list = True
        if candidate.bracket is None:
            self.host_bracket = None
        elif 0 <= self.last_end <= candidate.bracket and not masked[self.last_end : candidate.bracket].strip():
            self.host, self.host_bracket = self.last, candidate.bracket

    def holds(self, indicator: str) -> bool:
        """Whether a count of this indicator is a part of the total."""
        if not self.in_list:
            return False
        requests = indicator.startswith("requests") and any(t.startswith("requests") for t in self.total)
        return requests or any(
            indicator == t or any({indicator, t} <= family for family in _FAMILIES) for t in self.total
        )

    def carried_period(self, candidate: Candidate, indicator: str, period: str, part: bool) -> str:
        """Parts take their total's period; a span of years holds until a mark or a word for the year ends it."""
        of_total = part and self.total_period != "current"
        runs_on = self.last_end >= 0 and self.last_period == "cumulative" and indicator not in _STOCKS
        if period != "current" or not (of_total or runs_on) or _OF_THE_YEAR.search(candidate.label):
            return period
        if of_total:
            return self.total_period
        linked = candidate.sentence.masked[max(self.last_end, 0) : candidate.label_start]
        return period if _PARTS.search(linked) else "cumulative"

    def leave(
        self, candidate: Candidate, counted: tuple[str, ...], period: str, channel: str | None, part: bool
    ) -> None:
        """Remembers a count; ``channel`` is that of a channelled indicator, else ``None``."""
        unit, end = candidate.quantity.unit, candidate.quantity.end
        if not part and period != "previous":  # last year's figure in a comparison has no parts
            self.total, self.total_unit, self.total_end, self.total_period = counted, unit, end, period
        if not part:
            self.total_channel = channel or "all"
        self.seen.update(counted)
        self.last, self.last_unit, self.last_end, self.last_period = counted, unit, end, period
        self.last_channel = channel or self.last_channel
