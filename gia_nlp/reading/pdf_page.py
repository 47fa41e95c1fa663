"""What a PDF page draws: its characters and its ruling lines, upright, in points."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, repeat
from typing import Any, NamedTuple

import numpy as np

from gia_nlp.reading.pdf_calls import BUFFER, Calls, Handle, buffers, calls, handle
from gia_nlp.reading.pdf_glyphs import Char, Glyphs, Point

__all__ = ["Char", "Glyphs", "PageContent", "Rule", "read_page"]

_THIN = 3.0
_SHORTEST = 3.0
_MOST_SEGMENTS = 60_000
_DEEPEST_FORM = 12

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Rule(NamedTuple):
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

    chars: Glyphs
    rules: tuple[Rule, ...]
    bottom: float
    top: float
    left: float = 0.0
    right: float = 0.0
    pictures: tuple[tuple[float, float, float, float], ...] = ()
    turned: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "chars", Glyphs.of(self.chars))

    @property
    def images(self) -> bool:
        """Whether there are pictures of some size on it."""
        return bool(self.pictures)


def read_page(page: Any) -> PageContent:
    """Characters and rules of a pypdfium2 page, turned so that its text runs from left to right."""
    textpage = page.get_textpage()
    try:
        glyphs, turn = _glyphs(textpage)
    finally:
        textpage.close()
    drawn = _Drawn()
    drawn.visit(page)
    left, bottom, right, top = page.get_mediabox()
    if turn:
        glyphs = Glyphs(glyphs.text, _turned_boxes(glyphs.boxes, turn))
    rules = tuple([_turned_rule(r, turn) for r in drawn.rules]) if turn else tuple(drawn.rules)
    corners = [_turned((left, bottom), turn), _turned((right, top), turn)]
    (x1, x2), (y1, y2) = sorted(x for x, _ in corners), sorted(y for _, y in corners)
    pictures = []
    for picture in drawn.pictures:
        (a, b), (c, d) = _turned(picture[:2], turn), _turned(picture[2:], turn)
        cut = max(min(a, c), x1), max(min(b, d), y1), min(max(a, c), x2), min(max(b, d), y2)
        if cut[0] < cut[2] and cut[1] < cut[3]:
            pictures.append(cut)
    return PageContent(glyphs, rules, y1, y2, x1, x2, tuple(pictures), turn)


def _glyphs(textpage: Any) -> tuple[Glyphs, int]:
    """Characters with their boxes, and by how many quarters to turn them clockwise until most are upright."""
    call, page, count = calls(), handle(textpage.raw), max(textpage.count_chars(), 0)
    codes = np.fromiter(map(call.unicode, repeat(page), range(count)), np.uint32, count)
    # Marks of hyphenation and line ends are no characters; nor are the blanks that pdfium itself puts between words.
    wanted = (codes != 10) & (codes != 13) & (codes != 2)
    wanted[[i for i in np.flatnonzero(codes == 32).tolist() if call.is_generated(page, i) == 1]] = False
    codes[(codes == 0) | (codes == 0xFFFE) | (codes == 0xFFFF) | (codes > 0x10FFFF)] = 0xFFFD
    codes[(codes >= 0xD800) & (codes < 0xE000)] = 0xFFFD
    places = np.flatnonzero(wanted)
    boxes, boxed = _boxes(call, page, places.tolist())
    if not boxed.all():
        places, boxes = places[boxed], boxes[:, boxed]
    glyphs = Glyphs(list(map(chr, codes[places].tolist())), boxes)
    return glyphs, _quarters(call, page, places[~glyphs.blank].tolist())


def _boxes(call: Calls, page: Handle, places: list[int]) -> tuple[np.ndarray, np.ndarray]:
    memory = buffers()
    parts, boxed = [np.empty((0, 4))], []
    for start in range(0, len(places), BUFFER):
        some = places[start : start + BUFFER]
        boxed += list(map(call.box, repeat(page), some, memory.boxes))
        parts.append(np.ctypeslib.as_array(memory.floats)[: 4 * len(some)].reshape(-1, 4).astype(float))
    left, top, right, bottom = np.concatenate(parts).T
    return np.array([left, bottom, right, top]), np.array(boxed, bool)


def _quarters(call: Calls, page: Handle, places: list[int]) -> int:
    half = len(places) // 2 + 1
    angles = list(map(call.angle, repeat(page), places[:half]))
    if not any(angles):
        return 0  # most are upright, whatever the others are
    angles += map(call.angle, repeat(page), places[half:])
    # pdfium counts the angle clockwise; of quarters that are as many the one met first counts.
    return Counter(-round(angle / (math.pi / 2)) % 4 if angle else 0 for angle in angles).most_common(1)[0][0]


class _Drawn:
    """Collects ruling lines of all path objects, those inside forms too."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self.pictures: list[tuple[float, float, float, float]] = []
        self.segments = 0

    def visit(self, page: Any) -> None:
        import pypdfium2.raw as raw

        call, here = calls(), handle(page.raw)
        self._objects(call, list(map(call.object, repeat(here), range(raw.FPDFPage_CountObjects(page)))), _IDENTITY, 0)

    def _objects(self, call: Calls, items: Sequence[Handle], outer: Matrix, depth: int) -> None:
        import pypdfium2.raw as raw

        path, form, image = raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_FORM, raw.FPDF_PAGEOBJ_IMAGE
        for kind, item in zip(map(call.kind, items), items, strict=True):
            if kind == path:
                if self.segments < _MOST_SEGMENTS:
                    self._path(call, item, outer)
            elif kind == form and depth < _DEEPEST_FORM:
                inside = list(map(call.object_in_form, repeat(item), range(call.objects_in_form(item))))
                self._objects(call, inside, _times(_matrix(call, item), outer), depth + 1)
            elif kind == image:
                matrix = _times(_matrix(call, item), outer)
                corners = [_apply(matrix, p) for p in ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))]
                if not self._thin(corners):
                    xs, ys = [x for x, _ in corners], [y for _, y in corners]
                    self.pictures.append((min(xs), min(ys), max(xs), max(ys)))

    def _path(self, call: Calls, item: Handle, outer: Matrix) -> None:
        memory = buffers()
        if not call.draw_mode(item, *memory.int_pointers):
            return
        fill, stroke = memory.ints
        if not (fill or stroke):
            return
        for points, straight, segments in _subpaths(call, item, _times(_matrix(call, item), outer)):
            self.segments += len(points)
            if stroke:
                for a, b in pairwise(points):
                    self._line(a, b)
                # Most outlines come back to where they began by themselves.
                if points[-1] != points[0] and len(points) > 2 and any(map(call.closes, segments)):
                    self._line(points[-1], points[0])
            if fill and straight and len(points) >= 3:
                self._thin(points)

    def _line(self, a: Point, b: Point) -> None:
        (x1, y1), (x2, y2) = a, b
        width, height = abs(x1 - x2), abs(y1 - y2)
        if height <= 1.0 and width >= _SHORTEST:
            self.rules.append(Rule(True, (y1 + y2) / 2, x1, x2) if x1 < x2 else Rule(True, (y1 + y2) / 2, x2, x1))
        elif width <= 1.0 and height >= _SHORTEST:
            self.rules.append(Rule(False, (x1 + x2) / 2, y1, y2) if y1 < y2 else Rule(False, (x1 + x2) / 2, y2, y1))

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


def _subpaths(call: Calls, item: Handle, matrix: Matrix) -> Iterator[tuple[list[Point], bool, list[Handle]]]:
    """Points of each subpath, whether all of it is straight, and its segments as pdfium has them."""
    count = min(call.segments(item), _MOST_SEGMENTS)
    segments = list(map(call.segment, repeat(item), range(count)))
    kinds = list(map(call.segment_kind, segments))
    points = _points(call, segments)
    if matrix != _IDENTITY:
        points = [_apply(matrix, p) for p in points]
    starts = [i for i, kind in enumerate(kinds) if kind == call.MOVE]
    for start, stop in pairwise([*([] if starts[:1] == [0] else [0]), *starts, len(segments)]):
        if stop - start > 1:
            yield points[start:stop], call.CURVE not in kinds[start:stop], segments[start:stop]


def _points(call: Calls, segments: list[Handle]) -> list[Point]:
    memory = buffers()
    found: list[Point] = []
    for start in range(0, len(segments), BUFFER):
        some = segments[start : start + BUFFER]
        for _ in map(call.point, some, memory.xs, memory.ys):
            pass
        numbers = memory.floats[: 2 * len(some)]
        found += zip(numbers[::2], numbers[1::2], strict=True)
    return found


def _matrix(call: Calls, item: Handle) -> Matrix:
    memory = buffers()
    if not call.matrix(item, memory.boxes[0]):
        return _IDENTITY
    a, b, c, d, e, f = memory.floats[:6]
    return a, b, c, d, e, f


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


def _turned_boxes(boxes: np.ndarray, quarters: int) -> np.ndarray:
    left, bottom, right, top = boxes
    for _ in range(quarters):
        left, bottom, right, top = bottom, -left, top, -right
    return np.array(
        [np.minimum(left, right), np.minimum(bottom, top), np.maximum(left, right), np.maximum(bottom, top)]
    )


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
