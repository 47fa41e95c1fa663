"""Characters to lines, all of a page at once: the same as one by one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gia_nlp.reading.pdf_glyphs import Char, Glyphs
from gia_nlp.reading.pdf_lines import Line, build_lines, lines_by_group


def one_by_one(chars):
    """The rule in its plainest form."""
    lines, group, low, high = [], [], 0.0, 0.0
    for char in sorted(chars, key=lambda c: (-c.y, c.left)):
        if group and low <= char.y <= high:
            group.append(char)
            if char.size > 0.8 * (high - low) and not char.text.isspace():
                low, high = min(low, char.bottom), max(high, char.y)
            continue
        lines.append(group)
        group = [char]
        low, high = char.bottom + char.size * 0.15, char.top
    return [line for line in map(one_line, [*lines, group]) if line and line.text]


def one_line(group):
    if not group:
        return None
    text, last = "", None
    for char in sorted(group, key=lambda c: c.left):
        if char.text.isspace():
            continue
        if last is not None:
            near = char.left - last.left < 0.25 * char.size and abs(char.bottom - last.bottom) < 0.25 * char.size
            if near and char.text == last.text:
                continue
            gap, size = char.left - last.right, min(char.size, last.size)
            latin = char.text.isascii() or last.text.isascii()
            text += "\t" if gap > 2 * size else " " if gap > (0.25 if latin else 0.6) * size else ""
        text += char.text
        last = char
    return Line(text, max(c.top for c in group), min(c.bottom for c in group), any(c.recognised for c in group))


places = st.integers(0, 60).map(lambda n: n * 1.5) | st.floats(0, 90, width=32)
heights = st.sampled_from([12.0, 12.0, 9.0, 24.0, 0.05, 0.0, -3.0])


@st.composite
def characters(draw):
    left, bottom, height = draw(places), draw(places), draw(heights)
    text = draw(st.sampled_from("条件年1a \u3000，"))
    return Char(
        text, left, bottom, left + draw(st.sampled_from([12.0, 6.0, 1.0])), bottom + height, draw(st.booleans())
    )


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(characters(), st.integers(0, 3)), max_size=40))
def test_all_at_once_is_as_one_by_one(found):
    groups = np.array([group for _, group in found], int)
    chars = [char for char, _ in found]
    lines = lines_by_group(Glyphs.of(chars), groups, 4)
    assert lines == [one_by_one([c for c, g in found if g == group]) for group in range(4)]


@pytest.mark.parametrize(
    ("drawn", "text"),
    [
        ([("收", 0, 12), ("到", 12, 24), ("6", 27.5, 33), ("件", 36.5, 48)], "收到 6 件"),
        ([("规", 0, 12), ("章", 40, 52)], "规\t章"),
        ([("公", 0, 12), ("公", 0.4, 12.4), ("开", 12, 24), ("开", 12.4, 24.4)], "公开"),  # bold by drawing twice
    ],
)
def test_gaps(drawn, text):
    assert [line.text for line in build_lines([Char(c, a, 0, b, 12) for c, a, b in drawn])] == [text]
