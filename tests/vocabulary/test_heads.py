"""A pattern behind a look at its heads finds what it finds without."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gia_nlp.vocabulary.heads import headed, made_of
from gia_nlp.vocabulary.loader import load_yaml

_ALTERNATIVES = [
    "|".join(words)
    for name, words in load_yaml("problem_cues").items()
    if isinstance(words, list) and name not in ("topic_heading", "future_follows")
]
_HARD = [
    "(?:ab|c|aa)",
    "(?:ab|c)(?:x|A)",
    "(?:(?:ab|c)|(?:aa|cx))",
    "ab|[bc]x|a|b|axc|(?:a|b)c|bcx|c?a|ca|c",
    "一|一个|[一-三]年|一二|三|\\d年|1|三二",
    "不|(?=不断)不断|不断慢|^不|不+|不*慢|没|不{2}没|\\不x|不[|]|不\\|",
    "a|ab",
    "(?<=栏目)(?:已经?)?失效|慢$",
    "(?:[ab]{2,3}|[0-9]+)?c",
    r"\d{4}年|[①-③]|[^，]{2}少",
    "(?P<x>一|二)(?(x)是|要)",
    "(a)(?:b|\\1)",
    "x*",
    "(?>ab|a)c",
    "(?i:AB)c",
    r"[\]\-^&|~]x",
]
_TEXTS = st.text(
    alphabet="abcxAB不断慢没有难问题存在仍需更新，。；：“”0123456789年①②栏目失效已经少一二是要]-^&|~ \n", max_size=24
)


@pytest.mark.parametrize("pattern", _ALTERNATIVES + _HARD)
@given(text=_TEXTS)
@example("个别栏目已失效，更新慢")
@example("存在更新不及时、内容不全等问题。下一步，我局将加强培训")
def test_headed_finds_the_same(pattern: str, text: str) -> None:
    plain, quick = re.compile(pattern), headed(pattern)
    for ask in ("search", "match", "fullmatch"):
        want, got = getattr(plain, ask)(text), getattr(quick, ask)(text)
        assert (want and (want.span(), want.groups())) == (got and (got.span(), got.groups())), ask
    assert [m.span() for m in plain.finditer(text)] == [m.span() for m in quick.finditer(text)]
    middle = len(text) // 2
    assert (plain.search(text, middle) is None) == (quick.search(text, middle) is None)


@pytest.mark.parametrize("pattern", _ALTERNATIVES + _HARD)
@given(text=_TEXTS)
def test_what_matches_is_made_of_its_characters(pattern: str, text: str) -> None:
    if match := re.compile(pattern).search(text):
        assert made_of(pattern).fullmatch(match.group())


def test_most_places_are_passed_with_one_look() -> None:
    assert headed("不足|缺乏|(?:人手|经费)紧").pattern.startswith("(?=[不人经缺][乏手费足])")
    assert headed("x*").pattern == "x*"  # empty: everywhere is a place to begin
    assert made_of("[^a]").fullmatch("\nb")  # what cannot be told is no reason to refuse
