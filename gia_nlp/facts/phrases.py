"""Noun phrases of labels: what is shed from them, and which narrow nothing."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from gia_nlp.vocabulary.loader import load_yaml


@cache
def patterns() -> dict[str, Any]:
    """The compiled vocabulary of topics."""
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
    p = patterns()
    before = None
    while before != phrase:
        before = phrase
        phrase = p["trail"].sub("", p["lead"].sub("", phrase))
    return phrase


def is_generic(indicator: str, phrase: str) -> bool:
    """Whether a phrase narrows nothing: empty, or no more than the indicator's own words."""
    pattern = patterns()["generic"].get(indicator)
    return not phrase or bool(pattern and pattern.fullmatch(phrase))


def last_match(pattern: str | re.Pattern[str], words: str) -> re.Match[str] | None:
    """The last match in a stretch of words."""
    found = None
    for match in re.finditer(pattern, words):
        found = match
    return found
