"""The text without blanks, against the same told character by character."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from gia_nlp.structure.compact import compact
from gia_nlp.text.normalise import normalise

_PIECES = [
    "一、总体情况",
    "0",
    "12",
    "\t",
    " ",
    "\n",
    "\n\n",
    "\r\n",
    "　",
    "\x1c",
    "\u1680",
    "\u200b",
    "**",
    "[bookmark: _a]",
    "，",
    "：",
]
_TEXTS = st.lists(st.sampled_from([*_PIECES, "\U0001f600", "公開", "２", "234", "\ufdd0"]), max_size=30).map("".join)


def _plainly(text: str) -> tuple[str, list[int], list[int], set[int]]:
    """Words, their places, where lines begin and before what blanks stand."""
    view = normalise(text, heal=False)
    words, places, lines, blanks = "", [], [], set()
    line = blank = True  # one has ended before the next character
    for char, place in zip(view.text, view.origin, strict=True):
        if char.isspace():
            line, blank = line or char == "\n", True
            continue
        if line:
            lines.append(len(words))
        if blank:
            blanks.add(len(words))
        words, line, blank = words + char, False, False
        places.append(place)
    behind = view.text[len(view.text.rstrip()) :]
    if behind.strip("\n"):
        blanks.add(len(words))
    return words, places, lines, blanks


@settings(deadline=None)  # the first call makes the tables
@given(_TEXTS)
def test_compact_keeps_places_lines_and_blanks(text: str) -> None:
    view = compact(text)
    words, places, lines, blanks = _plainly(text)
    assert view.text == words
    assert list(view.origin) == places
    assert list(view.lines) == lines
    assert view.blanks == blanks


@settings(deadline=None)  # the first call makes the tables
@given(_TEXTS, st.integers(0, 5))
def test_long_texts_are_read_like_short_ones(text: str, pieces: int) -> None:
    """What is looked for at once in a long text is looked for piece by piece in a short one."""
    filler = "全年平稳。" * 150 + "\n"
    long, short = normalise(filler + text, heal=False), normalise(text, heal=False)
    assert long.text == filler + short.text
    assert list(long.origin[len(filler) :]) == [place + len(filler) for place in short.origin]
