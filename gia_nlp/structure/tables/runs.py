"""Numbers in running text, and how they stand to the labels before and behind them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from gia_nlp.structure.tables.hits import Hit
from gia_nlp.structure.tables.lookalikes import similarity
from gia_nlp.structure.tables.masks import SIGNED_TOKEN
from gia_nlp.structure.tables.page import Page
from gia_nlp.vocabulary.forms import letters

_SIGNED = frozenset(
    {"licensing", "other_services", "punishment", "coercion", "fees"}
)  # rows with a change on last year
_LEAF_AT_END = re.compile(r"(?<=\S)[ \n]+[1-9]\d?\Z")
_BULLET_AT_END = re.compile(r"[ ]*\n[ \n]*[-—–]{1,2}\Z")
_WORDS_FOLLOW = re.compile(r"[ ]*\S")
_OPENS_LINE = re.compile(r"\n[ #*\-]*\Z")
_LEAF_MARKS = ".．、"
_LEAF_MARK = re.compile(r"[.．、][ ]*[\u4e00-\u9fff]")
_SIGN_BETWEEN = re.compile(r"[ \n\x00]*[-+]")
_MEASURE = re.compile(r"\s*(万元|元|人次|件|条|次|人|个|项|份|篇|宗|起|场|期|名|家|月|年|日|号|时|％|%|余|多|万|位)")
_MEASURE_STARTS = frozenset("万元人件条次个项份篇宗起场期名家月年日号时％%余多位")
_STOP = re.compile("[。，；！？]")
_OF_GROUP = frozenset("三本年度办理结果")
_NEAR = 300  # characters within which a label can own a run


@dataclass(slots=True, eq=False)
class Run:
    """Numbers (and marks for no number) with nothing but blanks between them; ``start``, ``end`` count in the view's text.

    ``before`` and ``after`` are the neighbouring labels; ``leads`` when nothing stands between the run and ``after``; ``inside`` when
    the label goes on behind the run; ``alternative`` is the text when its last digits are the number of the label behind it.
    Most runs are counts of the prose that no reader asks for more.
    """

    text: str
    start: int
    end: int
    before: Hit | None
    after: Hit | None
    leads: bool
    inside: bool
    unit: str | None
    alternative: str | None
    page: Page = field(repr=False)
    _tokens: list[str] | None = field(default=None, init=False, repr=False)
    _attached: bool | None = field(default=None, init=False, repr=False)

    @property
    def tokens(self) -> list[str]:
        """The numbers and marks that blanks part."""
        if self._tokens is None:
            self._tokens = SIGNED_TOKEN.findall(self.text)
        return self._tokens

    @property
    def attached(self) -> bool:
        """Whether nothing but a label's last letters stands between ``before`` and the run."""
        if self._attached is None:
            self._attached = self.inside or (self.before is not None and self._follows(self.before))
        return self._attached

    @property
    def same_line(self) -> bool:
        """Whether the label before the run goes on to its line."""
        if self.inside or self.before is None:
            return self.inside
        return self.start - self.before.end <= _NEAR and "\n" not in self.page.text[self.before.end : self.start]

    @property
    def own_line(self) -> bool:
        """Whether nothing else stands on the run's lines."""
        text, start, end = self.page.text, self.start, self.end
        if text[max(0, start - _NEAR) : start].rpartition("\n")[2].strip("\x00 "):
            return False
        return not text[end : end + _NEAR].partition("\n")[0].strip("\x00 ")

    def _follows(self, label: Hit) -> bool:
        if self.start - label.end > _NEAR:
            return False
        gap, junk = self.page.text[label.end : self.start], self.page.between(label.end, self.start)
        tail = label.label is not None and bool(junk) and junk in label.label.key
        if label.label is not None and junk and not tail and len(junk) <= 8 and "\n" not in gap:
            # A label's last letters, one of them misread.
            least = 0.8 if len(junk) <= 3 else 0.9
            tail = similarity(letters(self.page.text[label.start : label.end]) + junk, label.label.key) >= least
        return tail or ((not junk or set(junk) <= _OF_GROUP) and not _STOP.search(gap))


def find_runs(page: Page, hits: tuple[Hit, ...]) -> Iterator[Run]:
    """The runs of a text in order, but for the numbers of headings and labels."""
    text = page.text
    starts = [h.start for h in hits]
    for start, end in _spans(page, hits, starts):
        i = bisect_right(starts, start)
        before, after = hits[i - 1] if i else None, hits[i] if i < len(hits) else None
        content, alternative = text[start:end].replace("\x00", " "), None
        leaf_ahead = text[end : end + 1] in _LEAF_MARKS and _LEAF_MARK.match(text, end)
        if (
            leaf_ahead
            and len(content) <= 2
            and content.isdigit()
            and _OPENS_LINE.search(text, max(0, start - 12), start)
        ):
            continue  # the number of a heading
        leads = through = False
        if after is not None and after.lead < end and after.numbered:
            content = text[start : after.lead].rstrip()
            end = start + len(content)
            leads = through = True
            if not content:
                continue
        elif after is not None and not page.parted(end, after.lead):
            leads = text[end : after.lead].strip("\x00 \n") == ""
            leaf = after.label.leaf if after.label else None
            if (
                leads
                and not after.numbered
                and leaf
                and leaf.isdigit()
                and end == after.start
                and content.endswith(leaf)
            ):
                alternative = content[: -len(leaf)]
        if not leads and leaf_ahead and len(content) > 1 and content[-1] in "123456789":
            alternative = content[:-1]  # the label that the last digit may number is misread
        if start > 0 and end < len(text) and text[start - 1] in "（(" and text[end] in "）)":
            continue  # a number in brackets is an ordinal or a remark
        inside = before is not None and start < before.end
        if inside and content == "无":
            continue  # a blank inside words such as 无法提供
        follows = text[end : end + 1]
        told = (follows in _MEASURE_STARTS or follows.isspace()) and not inside and not through
        measure = _MEASURE.match(text, end) if told else None
        if measure and "\n" in measure.group() and len(content.split()) > 1:
            measure = None
        unit = measure.group(1) if measure else None
        yield Run(content, start, end, before, after, leads, inside, unit, alternative, page)


def _spans(page: Page, hits: tuple[Hit, ...], starts: list[int]) -> Iterator[tuple[int, int]]:
    """Where runs stand. A sign parts two of them, except beside a row of table ``proactive`` that has a change."""
    text = page.text
    open_: tuple[int, int] | None = None
    for start, end in page.runs:
        leaf = text[end : end + 1] in _LEAF_MARKS and _LEAF_MARK.match(text, end)
        if leaf and (number := _LEAF_AT_END.search(text[start:end])):
            end = start + number.start()  # the number of a label that no form knows, or that is misread
        bullet = _BULLET_AT_END.search(text[start:end]) if text[end - 1] in "-—–" else None
        if bullet and _WORDS_FOLLOW.match(text, end):
            end = start + bullet.start()  # the mark before a line of words
        if open_ and text[start - 1] in "-+" and _SIGN_BETWEEN.fullmatch(text, open_[1], start):
            i = bisect_right(starts, start)
            if any(h.table == "proactive" and h.kind == "row" and h.id in _SIGNED for h in hits[max(0, i - 1) : i + 1]):
                open_ = open_[0], end
                continue
        if open_:
            yield open_
        open_ = start, end
    if open_:
        yield open_
