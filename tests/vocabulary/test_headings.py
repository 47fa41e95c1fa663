"""Titles that differ by few characters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gia_nlp.vocabulary.headings import classify_title, edit_distance, headings

_TITLES = st.text(alphabet="总体情况", max_size=8)


def _plainly(a: str, b: str) -> int:
    if not a or not b:
        return len(a) + len(b)
    changed = _plainly(a[1:], b[1:]) + (a[0] != b[0])
    return changed if a[0] == b[0] else min(changed, _plainly(a[1:], b) + 1, _plainly(a, b[1:]) + 1)


@given(_TITLES.map(lambda t: t[:6]), _TITLES.map(lambda t: t[:6]), st.integers(0, 4))
def test_edit_distance(a: str, b: str, limit: int) -> None:
    distance = _plainly(a, b)
    assert min(edit_distance(a, b, limit), limit + 1) == min(distance, limit + 1)


def test_every_keyword_is_seen_beforehand() -> None:
    """The one pattern that is asked first finds whatever one of the keywords finds."""
    for title in (*headings().titles, *(word for listed in headings().title_words.values() for word, _, _ in listed)):
        for kind, pattern in headings().keywords:
            if pattern.search(title):
                assert headings().keyword.search(title), (kind, title)


def test_a_slip_of_the_pen_in_each_title() -> None:
    for title, kind in headings().titles.items():
        if len(title) >= 6:
            assert classify_title(title[:2] + "某" + title[3:]) in ((kind, True), (kind, False))
