"""Folding and simplifying: a long text is asked at once what a short one is searched for, with one outcome."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gia_nlp.text.characters import DROPPED, LONG, fold, fold_character, simplify, traditional_characters

_PLAIN = "全年平稳，公布9条。" * (LONG // 10 + 1)
_WORDS = [
    "覆盖面",
    "答覆",
    "反覆",
    "瞭解",
    "一目瞭然",
    "衹有",
    "藉口",
    "深沈",
    "公開",
    "乾淨",
    "皇后",
    "後來",
    "𠀀",
    "，",
    "。",
    "\n",
    "里",
    "麼",
]


@settings(deadline=None)  # the first call makes the tables
@given(st.lists(st.sampled_from(_WORDS), max_size=12).map("".join), st.integers(0, 12))
def test_sentences_of_a_long_text_are_simplified_like_short_ones(words: str, place: int) -> None:
    place = min(place, len(words))
    short = simplify(words[:place]) + _PLAIN + simplify(words[place:])
    assert simplify(words[:place] + _PLAIN + words[place:]) == short


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("政府信息公开", 0), ("政府信息公開", 1), ("答覆", 1), ("覆盖", 1), ("公開" * LONG, LONG)],
)
def test_traditional_characters(text: str, count: int) -> None:
    assert traditional_characters(text) == count


@settings(deadline=None)
@given(st.text(alphabet="9９ \t\r\n\x85　,，:：(（*①〇公開\u200b\ud800\U0001f600﹐⺆", max_size=30))
def test_folding_is_that_of_the_characters(text: str) -> None:
    blanks = {"\t": " ", "　": " ", "\r": "\n", "\x85": "\n"}
    expected = "".join(blanks.get(c, c) if c in blanks else fold_character(c) or DROPPED for c in text)
    assert fold(text)[0] == expected
    folded, plain = fold(_PLAIN + text)
    assert folded == _PLAIN + expected
    assert not plain or simplify(expected) == expected
