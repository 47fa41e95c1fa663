"""N-grams of many texts at once are those of each text by itself."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gia_nlp.linear import GramTable, grams

KNOWN = ["更", "更新", "新慢", "更新慢", "a", "ab", "²", "𠀀", "更𠀀", "不在其中的四"]
TABLE = GramTable({gram: k for k, gram in enumerate(KNOWN)}, np.random.default_rng(0).normal(size=(len(KNOWN), 3)))


@given(st.lists(st.text(alphabet="更新慢公abc_，。 12２²\n\ud800\uffff\x00𠀀", max_size=12), max_size=6))
def test_at_once_is_one_by_one(texts: list[str]) -> None:
    sums, sizes = TABLE.sums(texts)
    plain, counts = TABLE._one_by_one(texts)
    assert sizes.tolist() == counts.tolist() == [len(grams(text)) for text in texts]
    assert sums.shape == (len(texts), 3) and np.allclose(sums, plain, atol=1e-5)


def test_grams_end_with_words() -> None:
    assert list(grams("更新，慢3慢")) == ["更", "新", "更新", "慢"]


def test_every_character_is_a_letter_or_none() -> None:
    letters = [chr(code) for code in (*range(0x20, 0xD800), *range(0xE000, 0x10000))]
    table = GramTable(dict.fromkeys(letters[:1], 0), np.ones((1, 1)))
    for start in range(0, len(letters), 5000):
        part = letters[start : start + 5000]
        assert table.sums(part)[1].tolist() == [len(grams(char)) for char in part]


def test_a_table_of_no_grams_knows_none() -> None:
    """Such as that of a model which was trained without characters."""
    sums, sizes = GramTable({}, np.ones((4, 2))).sums(["更新慢", "", "a"])
    assert sums.tolist() == [[0.0, 0.0]] * 3 and sizes.tolist() == [6, 0, 1]
