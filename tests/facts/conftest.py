"""Sentences with inline marks: ⟦39条|items_published website t=工作动态⟧, several facts of one span parted by &."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from gia_nlp.facts import find_facts
from gia_nlp.records import Fact, Layout, Metadata, Prose

_MARK = re.compile(r"⟦([^|⟧]*)\|([^⟧]*)⟧")
_CHANNELS = {"website", "wechat", "weibo", "app", "new_media", "gazette", "press", "board", "other"}
_PERIODS = {"previous", "cumulative", "planned"}
_BOUNDS = {"at_least", "about"}


def parse(marked: str) -> tuple[str, list[dict[str, Any]]]:
    """The plain text of a marked sentence, and what it says."""
    text, facts, last = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[last : match.start()]
        start = len(text)
        text += match[1]
        last = match.end()
        for label in match[2].split("&"):
            words = label.split()
            fact: dict[str, Any] = {
                "indicator": words[0], "quote": match[1], "start": start, "channel": "all", "period": "current",
                "bound": "exact", "topic": None, "change": None,
            }  # fmt: skip
            for word in words[1:]:
                if word in _CHANNELS:
                    fact["channel"] = word
                elif word in _PERIODS:
                    fact["period"] = word
                elif word in _BOUNDS:
                    fact["bound"] = word
                elif word.startswith("t="):
                    fact["topic"] = word[2:]
                elif word.startswith("c="):
                    fact["change"] = word[2:]
                elif word.startswith("v="):
                    fact["value"] = float(word[2:])
                else:
                    raise ValueError(word)
            facts.append(fact)
    return text + marked[last:], facts


def tagged(text: str, section: str, year: int | None) -> tuple[Fact, ...]:
    """The facts of a text that is all prose of one section."""
    return find_facts(text, Layout((), (Prose(section, 0, len(text)),), (), Metadata(year=year)))


@pytest.fixture
def check() -> Callable[..., None]:
    """Asserts that the extractor finds just the facts that the marks say, with every attribute."""

    def run(marked: str, section: str = "overview", year: int | None = 2024) -> None:
        text, expected = parse(marked)
        found = []
        for fact in tagged(text, section, year):
            assert text[fact.start : fact.end] == fact.quote
            change = (
                fact.change
                and f"{'+' if fact.change.direction == 'up' else '-'}{fact.change.value:g}{fact.change.unit or ''}"
            )
            found.append(
                {
                    "indicator": fact.indicator,
                    "quote": fact.quote,
                    "start": fact.start,
                    "channel": fact.channel,
                    "period": fact.period,
                    "bound": fact.bound,
                    "topic": fact.topic,
                    "change": change,
                    "value": fact.value,
                }
            )
        for want, have in zip(expected, found, strict=False):
            want.setdefault("value", have["value"])
        key = lambda f: (f["start"], f["indicator"])  # noqa: E731
        assert sorted(found, key=key) == sorted(expected, key=key)

    return run
