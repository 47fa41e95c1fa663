"""What a PDF page draws: its characters and its ruling lines, upright, in points."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

_THIN = 3.0
_SHORTEST = 3.0
_MOST_SEGMENTS = 60_000
_DEEPEST_FORM = 12

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(slots=True, init=False, unsafe_hash=True)
class Char:
    """A character and its box, never changed; ``y`` grows upwards. ``recognised``: read from a picture.

    ``x`` and ``y`` are the box's middle, ``size`` is its height. A page has thousands of them: they are made by hand, quickly.
    """

    text: str
    left: float
    bottom: float
    right: float
    top: float
    recognised: bool
    x: float = field(init=False, repr=False, compare=False)
    y: float = field(init=False, repr=False, compare=False)
    size: float = field(init=False, repr=False, compare=False)

    def __init__(
        self, text: str, left: float, bottom: float, right: float, top: float, recognised: bool = False
    ) -> None:
        self.text, self.left, self.bottom, self.right, self.top = text, left, bottom, right, top
        self.recognised = recognised
        self.x, self.y = (left + right) / 2, (bottom + top) / 2
        size = top - bottom
        self.size = size if size > 0.1 else 0.1

    @property
    def middle(self) -> Point:
        return self.x, self.y


@dataclass(frozen=True, slots=True)
class Rule:
    """A ruling line: horizontal at y = ``at`` from x = ``low`` to ``high``, or vertical with x and y exchanged."""

    horizontal: bool
    at: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PageContent:
    """A page as drawn. ``pictures`` are the left, bottom, right and top edges of its images, cut to the page.

    ``turned``: by how many quarters its text is turned against the page as stored.
    """

    chars: tuple[Char, ...]
    rules: tuple[Rule, ...]
    bottom: float
    top: float
    left: float = 0.0
    right: float = 0.0
    pictures: tuple[tuple[float, float, float, float], ...] = ()
    turned: int = 0

    @property
    def images(self) -> bool:
        """Whether there are pictures of some size on it."""
        return bool(self.pictures)


def read_page(page: Any) -> PageContent:
    """Characters and rules of a pypdfium2 page, turned so that its text runs from left to right."""
    textpage = page.get_textpage()
    try:
        boxes, turn = _chars(textpage)
    finally:
        textpage.close()
    drawn = _Drawn()
    drawn.visit(page)
    left, bottom, right, top = page.get_mediabox()
    chars = tuple([_turned_char(b, turn) for b in boxes]) if turn else tuple(boxes)
    rules = tuple([_turned_rule(r, turn) for r in drawn.rules]) if turn else tuple(drawn.rules)
    corners = [_turned((left, bottom), turn), _turned((right, top), turn)]
    (x1, x2), (y1, y2) = sorted(x for x, _ in corners), sorted(y for _, y in corners)
    pictures = []
    for picture in drawn.pictures:
        (a, b), (c, d) = _turned(picture[:2], turn), _turned(picture[2:], turn)
        cut = max(min(a, c), x1), max(min(b, d), y1), min(max(a, c), x2), min(max(b, d), y2)
        if cut[0] < cut[2] and cut[1] < cut[3]:
            pictures.append(cut)
    return PageContent(chars, rules, y1, y2, x1, x2, tuple(pictures), turn)


def _chars(textpage: Any) -> tuple[list[Char], int]:
    """Characters with their boxes, and by how many quarters to turn them clockwise until most are upright."""
    import pypdfium2.raw as raw

    found: list[Char] = []
    angles: Counter[int] = Counter()
    rect = raw.FS_RECTF()
    count, handle = textpage.count_chars(), textpage.raw
    generated, unicode, box, angle = (
        raw.FPDFText_IsGenerated,
        raw.FPDFText_GetUnicode,
        raw.FPDFText_GetLooseCharBox,
        raw.FPDFText_GetCharAngle,
    )
    upright = 0
    for i in range(count):
        if generated(handle, i) == 1:
            continue
        code = unicode(handle, i)
        if code in (0, 0xFFFE, 0xFFFF) or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
            code = 0xFFFD
        char = chr(code)
        if char in "\r\n\x02" or not box(handle, i, rect):
            continue
        found.append(Char(char, rect.left, rect.bottom, rect.right, rect.top))
        if not char.isspace():
            turn = angle(handle, i)
            if turn == 0:
                if not upright:
                    angles[0] += 0  # of quarters that are as many the one met first counts
                upright += 1
            else:  # pdfium counts the angle clockwise
                angles[-round(turn / (math.pi / 2)) % 4] += 1
    angles[0] += upright
    quarter = angles.most_common(1)[0][0] if angles else 0
    return found, quarter


class _Drawn:
    """Collects ruling lines of all path objects, those inside forms too."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self.pictures: list[tuple[float, float, float, float]] = []
        self.segments = 0

    def visit(self, page: Any) -> None:
        import pypdfium2.raw as raw

        count = raw.FPDFPage_CountObjects(page)
        for i in range(count):
            self._object(raw, raw.FPDFPage_GetObject(page, i), _IDENTITY, 0)

    def _object(self, raw: Any, item: Any, outer: Matrix, depth: int) -> None:
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            if self.segments < _MOST_SEGMENTS:
                self._path(raw, item, _times(_matrix(raw, item), outer))
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEEPEST_FORM:
            inner = _times(_matrix(raw, item), outer)
            for i in range(raw.FPDFFormObj_CountObjects(item)):
                self._object(raw, raw.FPDFFormObj_GetObject(item, i), inner, depth + 1)
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            matrix = _times(_matrix(raw, item), outer)
            corners = [_apply(matrix, p) for p in ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))]
            if not self._thin(corners):
                xs, ys = [x for x, _ in corners], [y for _, y in corners]
                self.pictures.append((min(xs), min(ys), max(xs), max(ys)))

    def _path(self, raw: Any, item: Any, matrix: Matrix) -> None:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        if not raw.FPDFPath_GetDrawMode(item, fill, stroke) or not (fill.value or stroke.value):
            return
        for points, closed, straight in _subpaths(raw, item, matrix):
            self.segments += len(points)
            if stroke.value:
                pairs = list(pairwise(points))
                if closed and len(points) > 2:
                    pairs.append((points[-1], points[0]))
                for a, b in pairs:
                    self._line(a, b)
            if fill.value and straight and len(points) >= 3:
                self._thin(points)

    def _line(self, a: Point, b: Point) -> None:
        width, height = abs(a[0] - b[0]), abs(a[1] - b[1])
        if height <= 1.0 and width >= _SHORTEST:
            self.rules.append(Rule(True, (a[1] + b[1]) / 2, min(a[0], b[0]), max(a[0], b[0])))
        elif width <= 1.0 and height >= _SHORTEST:
            self.rules.append(Rule(False, (a[0] + b[0]) / 2, min(a[1], b[1]), max(a[1], b[1])))

    def _thin(self, points: list[Point]) -> bool:
        """A filled shape as thin as a line is one; a larger one is a background."""
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        width, height = max(xs) - min(xs), max(ys) - min(ys)
        if height <= _THIN and width >= max(_SHORTEST, 1.5 * height):
            self.rules.append(Rule(True, (max(ys) + min(ys)) / 2, min(xs), max(xs)))
        elif width <= _THIN and height >= max(_SHORTEST, 1.5 * width):
            self.rules.append(Rule(False, (max(xs) + min(xs)) / 2, min(ys), max(ys)))
        else:
            # The dots where lines of a Word table cross: no line by themselves, no background either.
            return width <= _THIN and height <= _THIN
        return True


def _subpaths(raw: Any, item: Any, matrix: Matrix) -> Iterator[tuple[list[Point], bool, bool]]:
    """Points of each subpath, whether it is closed, and whether all of it is straight."""
    points: list[Point] = []
    closed, straight = False, True
    x, y = ctypes.c_float(), ctypes.c_float()
    for i in range(min(raw.FPDFPath_CountSegments(item), _MOST_SEGMENTS)):
        segment = raw.FPDFPath_GetPathSegment(item, i)
        kind = raw.FPDFPathSegment_GetType(segment)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            if len(points) > 1:
                yield points, closed, straight
            points, closed, straight = [], False, True
        elif kind == raw.FPDF_SEGMENT_BEZIERTO:
            straight = False
        points.append(_apply(matrix, (x.value, y.value)))
        closed = closed or bool(raw.FPDFPathSegment_GetClose(segment))
    if len(points) > 1:
        yield points, closed, straight


def _matrix(raw: Any, item: Any) -> Matrix:
    m = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(item, m):
        return _IDENTITY
    return m.a, m.b, m.c, m.d, m.e, m.f


def _times(one: Matrix, two: Matrix) -> Matrix:
    """First ``one``, then ``two``."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _apply(matrix: Matrix, point: Point) -> Point:
    a, b, c, d, e, f = matrix
    x, y = point
    return a * x + c * y + e, b * x + d * y + f


def _turned(point: Point, quarters: int) -> Point:
    """A point after clockwise quarter turns of the page."""
    x, y = point
    for _ in range(quarters):
        x, y = y, -x
    return x, y


def _turned_char(char: Char, quarters: int) -> Char:
    if not quarters:
        return char
    (x1, y1), (x2, y2) = _turned((char.left, char.bottom), quarters), _turned((char.right, char.top), quarters)
    return Char(char.text, min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))


def _turned_rule(rule: Rule, quarters: int) -> Rule:
    if not quarters:
        return rule
    ends = (
        [(rule.low, rule.at), (rule.high, rule.at)] if rule.horizontal else [(rule.at, rule.low), (rule.at, rule.high)]
    )
    (x1, y1), (x2, y2) = (_turned(p, quarters) for p in ends)
    horizontal = rule.horizontal ^ (quarters % 2 == 1)
    if horizontal:
        return Rule(True, y1, min(x1, x2), max(x1, x2))
    return Rule(False, x1, min(y1, y2), max(y1, y2))
