"""Characters to lines, and which lines of a page are its marks: page numbers and running heads."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from operator import attrgetter

from gia_nlp.reading.pdf_page import Char
from gia_nlp.text.lines import is_page_mark

_SPACE = 0.6  # of the character's height, between wide characters
_LATIN_SPACE = 0.25
_COLUMN_GAP = 2.0
_MARGIN = 0.12  # of the page's height, where marks stand
_DIGITS = re.compile(r"\d+")
_LEFT = attrgetter("left")
_SAME_PLACE = 6.0
_SAME_SCANNED_PLACE = 20.0
_LIKE = 0.8


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text and its place on the page. ``recognised``: some of it was read from a picture."""

    text: str
    top: float
    bottom: float
    recognised: bool = False


def build_lines(chars: Iterable[Char]) -> list[Line]:
    """Lines from top to bottom; a gap becomes a blank, one as wide as two characters a tab."""
    ordered = sorted(chars, key=lambda c: (-c.y, c.left))
    lines: list[Line] = []
    group: list[Char] = []
    low = high = 0.0
    for char in ordered:
        middle = char.y
        if group and low <= middle <= high:
            group.append(char)
            if char.size > 0.8 * (high - low) and not char.text.isspace():
                low, high = min(low, char.bottom), max(high, middle)
            continue
        if group:
            lines.append(_line(group))
        group = [char]
        # The next character belongs to this line if its middle lies above the lower quarter of this one.
        low, high = char.bottom + char.size * 0.15, char.top
    if group:
        lines.append(_line(group))
    return [line for line in lines if line.text]


def _line(group: list[Char]) -> Line:
    group.sort(key=_LEFT)
    pieces: list[str] = []
    last: Char | None = None
    for char in group:
        if char.text.isspace():
            continue
        if last is not None:
            if char.text == last.text and char.left - last.left < 0.25 * char.size and _same_height(char, last):
                continue  # bold print by drawing twice
            gap = char.left - last.right
            size = char.size if char.size < last.size else last.size
            if gap > _COLUMN_GAP * size:
                pieces.append("\t")
            elif gap > _LATIN_SPACE * size:
                latin = char.text.isascii() or last.text.isascii()
                if latin or gap > _SPACE * size:
                    pieces.append(" ")
        pieces.append(char.text)
        last = char
    return Line(
        "".join(pieces).strip(),
        max([c.top for c in group]),
        min([c.bottom for c in group]),
        True in [c.recognised for c in group],
    )


def _same_height(one: Char, two: Char) -> bool:
    return abs(one.bottom - two.bottom) < 0.25 * one.size


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
