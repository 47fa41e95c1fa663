"""Sentences of a report's prose, with what the reader knows when reaching them: section and sub-heading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from gia_nlp.language.clauses import first_clause, mask_names, split_sentences
from gia_nlp.records import Layout
from gia_nlp.text.normalise import Normalised, normalise
from gia_nlp.vocabulary.loader import load_yaml


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in normal form. ``masked`` has the same length, with titles and longer quoted names blotted out.

    ``theme`` is what section and sub-heading are about: proactive, requests, review, fees, proposals, platform …;
    ``subject`` the kind of information that a sub-heading names (推进环境保护信息公开).
    """

    text: str
    masked: str
    start: int
    view: Normalised
    section: str
    theme: str
    subject: str | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the report of ``text[start:end]``."""
        return self.view.span(self.start + start, self.start + end)


_MARKER = re.compile(
    r"^\s*(?:#{1,6}|[-*•●])?\s*(?:[一二三四五六七八九十]{1,3}[、.]|（[一二三四五六七八九十\d]{1,3}）|\d{1,2}[、.](?!\d)|[①-⑳]|[一二三四五六七八九十]是|第[一二三四五六七八九十][，、])"
)


@cache
def _themes() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile(words)) for name, words in load_yaml("fact_context")["themes"].items())


def _theme_of(words: str) -> str | None:
    for name, pattern in _themes():
        if pattern.search(words):
            return name
    return None


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


def sentences(text: str, layout: Layout) -> Iterator[Sentence]:
    """All sentences of the layout's prose in text order."""
    for prose in layout.prose:
        view = normalise(text, start=prose.start, end=prose.end)
        theme = _SECTION_THEME.get(prose.section, "")
        subject: str | None = None
        for start, sentence in split_sentences(view.text):
            marker = _MARKER.match(sentence)
            if marker:
                heading = first_clause(sentence[marker.end() :])[:24]
                named = _KIND_HEADING.match(sentence[marker.end() :])
                subject = named[1] + "信息" if named and not _NO_KIND.search(named[1]) else None
                theme = _theme_of(heading) or (theme if len(heading) > 16 else _SECTION_THEME.get(prose.section, theme))
            yield Sentence(sentence, mask_names(sentence), start, view, prose.section, theme, subject)
