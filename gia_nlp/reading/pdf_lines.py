"""Characters to lines, and which lines of a page are its marks: page numbers and running heads."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from gia_nlp.reading.pdf_glyphs import Char, Glyphs, Numbers
from gia_nlp.text.lines import is_page_mark

_SPACE = 0.6  # of the character's height, between wide characters
_LATIN_SPACE = 0.25
_COLUMN_GAP = 2.0
_SAME = 0.25  # of the character's height: as near as this, a character is drawn twice
_MARGIN = 0.12  # of the page's height, where marks stand
_DIGITS = re.compile(r"\d+")
_SAME_PLACE = 6.0
_SAME_SCANNED_PLACE = 20.0
_LIKE = 0.8


class Line(NamedTuple):
    """A line of text and its place on the page. ``recognised``: some of it was read from a picture."""

    text: str
    top: float
    bottom: float
    recognised: bool = False


def build_lines(chars: Iterable[Char] | Glyphs) -> list[Line]:
    """Lines from top to bottom; a gap becomes a blank, one as wide as two characters a tab.

    >>> build_lines([Char(c, 10 * i, 0, 10 * i + 10, 12) for i, c in enumerate("公开 1件") if c != " "])[0].text
    '公开 1件'
    """
    glyphs = Glyphs.of(chars)
    return lines_by_group(glyphs, np.zeros(len(glyphs), int), 1)[0]


def lines_by_group(glyphs: Glyphs, groups: Numbers, count: int) -> list[list[Line]]:
    """The lines of each group of characters (a table's cell, or what stands outside), all of a page at once."""
    found: list[list[Line]] = [[] for _ in range(count)]
    if not len(glyphs):
        return found
    with np.errstate(all="ignore"):
        order = np.lexsort((glyphs.left, -glyphs.y, groups))
        starts = _line_starts(glyphs, groups, order)
        line = np.zeros(len(order), int)
        line[starts[1:]] = 1
        line = np.cumsum(line)
        order = order[np.lexsort((glyphs.left[order], line))]
        tops = np.maximum.reduceat(glyphs.top[order], starts).tolist()
        bottoms = np.minimum.reduceat(glyphs.bottom[order], starts).tolist()
        recognised = np.logical_or.reduceat(glyphs.recognised[order], starts).tolist()
        shown = ~glyphs.blank[order]
        texts = _texts(glyphs, order[shown], np.bincount(line[shown], minlength=len(starts)))
    for group, *parts in zip(groups[order[starts]].tolist(), texts, tops, bottoms, recognised, strict=True):
        if parts[0]:
            found[group].append(Line(*parts))
    return found


def _line_starts(glyphs: Glyphs, groups: Numbers, order: Numbers) -> Numbers:
    """Where lines begin among characters ordered by group, from top to bottom and left to right.

    The characters of a line mostly stand at one height: such a run goes to a line as a whole.
    """
    sizes, keys = glyphs.size[order], [values[order] for values in (groups, glyphs.bottom, glyphs.top)]
    begins = np.ones(len(order), bool)
    begins[1:] = sizes[1:] <= 0.1  # too low for what is said of runs below
    for key in keys:
        begins[1:] |= key[1:] != key[:-1]
    runs = np.flatnonzero(begins)
    seen = np.concatenate([[0], np.cumsum(~glyphs.blank[order])])
    stops = np.append(runs[1:], len(order))
    shown = (seen[stops] > seen[runs]).tolist()
    more_shown = (seen[stops] > seen[runs + 1]).tolist()
    columns = [values[runs].tolist() for values in (*keys, glyphs.y[order], sizes)]
    starts: list[int] = []
    here, low, high = None, 0.0, 0.0
    for start, any_shown, any_more, group, bottom, top, middle, size in zip(
        runs.tolist(), shown, more_shown, *columns, strict=True
    ):
        if group != here or not low <= middle <= high:
            starts.append(start)
            # The next character belongs to this line if its middle lies above the lower quarter of this one.
            here, low, high = group, bottom + size * 0.15, top
            any_shown = any_more
        if any_shown and size > 0.8 * (high - low):
            low, high = min(low, bottom), max(high, middle)
    return np.array(starts)


def _texts(glyphs: Glyphs, order: Numbers, lengths: Numbers) -> list[str]:
    """The text of lines, given their visible characters from left to right and how many each line has."""
    stops = np.cumsum(lengths)
    texts = [glyphs.text[i] for i in order.tolist()]
    bounds = [0, *stops.tolist()]
    twice: list[int] = []
    if len(order) > 1:
        inside = np.ones(len(order), bool)
        inside[stops[:-1][stops[:-1] < len(order)]] = False  # the first of a line has none before it
        inside = inside[1:]
        left, right, size, bottom = (v[order] for v in (glyphs.left, glyphs.right, glyphs.size, glyphs.bottom))
        near = inside & (left[1:] - left[:-1] < _SAME * size[1:]) & (abs(bottom[1:] - bottom[:-1]) < _SAME * size[1:])
        twice = [i + 1 for i in np.flatnonzero(near).tolist() if texts[i] == texts[i + 1]]
        gap, small = left[1:] - right[:-1], np.minimum(size[1:], size[:-1])
        for i in np.flatnonzero(inside & (gap > _LATIN_SPACE * small)).tolist():
            texts[i + 1] = _between(texts[i][-1:], texts[i + 1], gap[i], small[i]) + texts[i + 1]
    found = ["".join(texts[a:b]) for a, b in pairwise(bounds)]
    for line in {bisect_right(bounds, i) - 1 for i in twice}:  # bold print by drawing twice
        found[line] = _text_drawn_twice(glyphs.take(order[bounds[line] : bounds[line + 1]]))
    return found


def _between(before: str, after: str, gap: float, size: float) -> str:
    """What a gap between two characters stands for."""
    if gap > _COLUMN_GAP * size:
        return "\t"
    if gap > _LATIN_SPACE * size and (before.isascii() or after.isascii() or gap > _SPACE * size):
        return " "
    return ""


def _text_drawn_twice(glyphs: Glyphs) -> str:
    """A line's text, character by character: what is drawn anew at the place of the last character does not count."""
    pieces: list[str] = []
    last: Char | None = None
    for char in glyphs:
        if last is not None:
            near = char.left - last.left < _SAME * char.size and abs(char.bottom - last.bottom) < _SAME * char.size
            if near and char.text == last.text:
                continue
            pieces.append(_between(last.text, char.text, char.left - last.right, min(char.size, last.size)))
        pieces.append(char.text)
        last = char
    return "".join(pieces)


def page_marks(pages: Sequence[Sequence[Line]], extents: Sequence[tuple[float, float]]) -> list[set[int]]:
    """Indexes of each page's lines that are marks of the page, no text.

    ``extents`` are the bottom and top of each page. A mark stands at the edge and is a page number by its form, counts
    with the pages, or returns on most pages at the same place.
    """
    marks: list[set[int]] = [set() for _ in pages]
    edges: list[list[tuple[int, Line, float]]] = []
    for lines, (bottom, top) in zip(pages, extents, strict=True):
        height = max(top - bottom, 1.0)
        rows = []
        for i in sorted({*range(min(3, len(lines))), *range(max(0, len(lines) - 3), len(lines))}):
            from_top, from_bottom = top - lines[i].top, lines[i].bottom - bottom
            if min(from_top, from_bottom) < _MARGIN * height:
                rows.append((i, lines[i], from_top if from_top < from_bottom else -from_bottom))
        edges.append(rows)
    offsets: Counter[int] = Counter()
    heads: dict[str, list[tuple[int, int, float]]] = {}
    for p, rows in enumerate(edges):
        for i, line, place in rows:
            plain = "".join(line.text.split())
            if is_page_mark(line.text) or is_page_mark(plain):
                marks[p].add(i)
            elif plain.isascii() and plain.isdigit() and len(plain) <= 3:
                offsets[int(plain) - p] += 1
            key = _DIGITS.sub("#", plain)
            heads.setdefault(_like(key, heads) if line.recognised else key, []).append((p, i, place))
    for p, rows in enumerate(edges):
        for i, line, _ in rows:
            plain = "".join(line.text.split())
            counted = plain.isascii() and plain.isdigit() and len(plain) <= 3
            if counted and (offsets[int(plain) - p] >= 2 or (len(pages) == 1 and plain == "1")):
                marks[p].add(i)
    for text, places in heads.items():
        if text.strip("#") == "":
            continue
        for p, i, place in places:
            reach = _SAME_SCANNED_PLACE if pages[p][i].recognised else _SAME_PLACE
            alike = {q for q, _, other in places if abs(other - place) <= reach}
            if len(alike) >= 2 and len(alike) * 2 >= len(pages):
                marks[p].add(i)
    return marks


def _like(key: str, keys: Iterable[str]) -> str:
    """The key among those known that a recognised line may be a misreading of, else the line's own."""
    if len(key) < 4:
        return key
    for known in keys:
        if abs(len(known) - len(key)) <= 2 and known[-1:] == key[-1:]:
            matcher = SequenceMatcher(None, known, key, autojunk=False)
            if matcher.quick_ratio() >= _LIKE and matcher.ratio() >= _LIKE:
                return known
    return key
