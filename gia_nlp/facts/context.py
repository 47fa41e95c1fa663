"""Sentences of a report's prose, with what the reader knows when reaching them: section and sub-heading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from gia_nlp.facts.hints import Hints, hints_of
from gia_nlp.facts.lazy import lazy
from gia_nlp.language.clauses import first_clause, mask_names, sentence_spans
from gia_nlp.records import Layout
from gia_nlp.text.normalise import Normalised, normalise
from gia_nlp.vocabulary.loader import load_yaml


class Sentence:
    """A sentence in normal form. ``masked`` has the same length, with titles and longer quoted names blotted out.

    ``theme`` is what section and sub-heading are about: proactive, requests, review, fees, proposals, platform …;
    ``subject`` the kind of information that a sub-heading names (推进环境保护信息公开). ``counts`` and ``denies`` say whether it
    may hold a quantity or a denial, ``parted`` whether sentences that need no reading stand before it.
    """

    def __init__(
        self,
        text: str,
        masked: str,
        start: int,
        view: Normalised,
        section: str,
        theme: str,
        subject: str | None = None,
        counts: bool = True,
        denies: bool = True,
        parted: bool = False,
    ) -> None:
        self.text, self.masked, self.start, self.view = text, masked, start, view
        self.section, self.theme, self.subject = section, theme, subject
        self.counts, self.denies, self.parted = counts, denies, parted

    @lazy
    def names_years(self) -> bool:
        """Whether it names any year."""
        return _A_YEAR.search(self.masked) is not None

    @lazy
    def hints(self) -> Hints:
        """Which patterns can match where."""
        return hints_of([self.text])[0]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the report of ``text[start:end]``."""
        return self.view.span(self.start + start, self.start + end)


_NUMERALS = "第一二三四五六七八九十"  # a marker begins with one of these or with what is no letter
_MARKER = re.compile(
    r"\s*(?:#{1,6}|[-*•●])?\s*(?:[一二三四五六七八九十]{1,3}[、.]|（[一二三四五六七八九十\d]{1,3}）|\d{1,2}[、.](?!\d)|[①-⑳]|[一二三四五六七八九十]是|第[一二三四五六七八九十][，、])"
)


@cache
def _themes() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile(words)) for name, words in load_yaml("fact_context")["themes"].items())


def _theme_of(words: str) -> str | None:
    for name, pattern in _themes():
        if pattern.search(words):
            return name
    return None


_A_YEAR = re.compile(r"20\d\d年")


class _Headings:
    """What the sub-headings of a stretch of prose announce; ``passed`` are those that were not asked yet, as places."""

    def __init__(self, words: str, section: str) -> None:
        self._words, self._section = words, section
        self._theme = _SECTION_THEME.get(section, "")
        self._subject: str | None = None
        self.passed: list[tuple[int, int]] = []

    def hold(self) -> tuple[str, str | None]:
        """Theme and subject that hold now; of the headings passed only the last that names a theme of its own counts."""
        if not self.passed:
            return self._theme, self._subject
        begin, end = self.passed[-1]
        named = _KIND_HEADING.match(self._words, begin, end)
        self._subject = named[1] + "信息" if named and not _NO_KIND.search(named[1]) else None
        for begin, end in reversed(self.passed):
            heading = first_clause(self._words[begin:end])[:24]
            theme = _theme_of(heading)
            if theme is None and len(heading) <= 16:
                theme = _SECTION_THEME.get(self._section)
            if theme is not None:
                self._theme = theme
                break
        self.passed.clear()
        return self._theme, self._subject


_KIND_HEADING = re.compile(
    r"(?:积极|扎实|不断|继续|全面|深入)?(?:推进|加强|做好|深化|强化|加大|抓好|推动|加快)([^，；。、]{2,16}?)(?:领域)?(?:的)?信息公开"
)
_NO_KIND = re.compile("政府|主动|政务|申请|重点|各类|基础|相关")


_SECTION_THEME = {
    "proactive": "proactive",
    "requests": "requests",
    "review_litigation": "review",
    "problems": "problems",
}


# Sentences that may go on with what the one before counted (gia_nlp.facts.frame).
_LINKS = "其从按申与较比同"
_GOES_ON = re.compile(rf"\s*[{_LINKS}]")


@dataclass(frozen=True, slots=True)
class Signs:
    """What a sentence holds that counts or denies something (a superset: sentences without are passed over)."""

    count: re.Pattern[str]
    denial: re.Pattern[str]


def sentences(text: str, layout: Layout, signs: Signs | None = None) -> Iterator[Sentence]:
    """The sentences of the layout's prose in text order: all, or those that a reader of facts must enter.

    With ``signs`` these are the ones that may count or deny something or go on with a count of the one before. The others,
    three in four, are passed over without a copy of their words and leave ``parted`` on the next one.
    """
    parted = False
    for prose in layout.prose:
        view = normalise(text, start=prose.start, end=prose.end)
        words = view.text
        headings = _Headings(words, prose.section)
        counted = denied = -1  # where the next signs stand
        if prose.section == "problems":
            denied = len(words)  # what a section of problems denies is a lack
        for start, end in sentence_spans(words):
            first = words[start]
            if first in _NUMERALS or not first.isalpha():
                marker = _MARKER.match(words, start, end)
                if marker:
                    headings.passed.append((marker.end(), end))
            if signs is not None:
                if counted < start:
                    counted = _place(signs.count, words, start)
                if denied < start:
                    denied = _place(signs.denial, words, start)
                if counted >= end and denied >= end:
                    goes_on = (first in _LINKS or first.isspace()) and _GOES_ON.match(words, start, end)
                    if not goes_on:
                        parted = True
                        continue
            said, theme, subject = words[start:end], *headings.hold()
            counts, denies = counted < end, denied < end
            yield Sentence(said, mask_names(said), start, view, prose.section, theme, subject, counts, denies, parted)
            parted = False


def share_hints(sentences: Sequence[Sentence]) -> None:
    """Makes the hints of many sentences at once, which costs less than one by one."""
    for sentence, hints in zip(sentences, hints_of([s.text for s in sentences]), strict=True):
        sentence.__dict__["hints"] = hints


def _place(sign: re.Pattern[str], words: str, start: int) -> int:
    """Where the next sign begins; behind the text if there is none."""
    found = sign.search(words, start)
    return found.start() if found else len(words)
