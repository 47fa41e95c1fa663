"""Text recognition: the picture of a page as characters and ruling lines, as if a PDF had drawn them.

Needs the extra ``ocr``. What the detector leaves out (single digits in cells, faint lines) is recognised piece by piece;
ink that still gives no text is counted, never dropped in silence.
"""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from gia_nlp.reading.errors import ReadingError
from gia_nlp.reading.ocr_image import Box, Ink, straightened
from gia_nlp.reading.pdf_grid import Ruled, find_tables
from gia_nlp.reading.pdf_page import Char, Glyphs, PageContent

OCR_HINT = 'Install the extra "ocr": pip install "gia-nlp[ocr]", or what is in it: pip install rapidocr onnxruntime.'
OCR_NOTE = "Check its figures: cells from it have `ocr` in their note."

_LEAST_SCORE = 0.6  # of pieces that only the second look found
_TURNED_SCORE = 0.75  # pages below this may stand on their side or head
_TEXT_SHARE = 0.8  # of a detected box's height; the rest is its margin
_MOST_PIECES = 400
_WITNESSES = 5
_BODY_SIZE = 12.0  # points: what the middle line of a picture without known size is taken to measure


@dataclass(frozen=True, slots=True)
class Line:
    """A recognised line: its box in pixels and its characters, each with its left and right edge."""

    box: Box
    chars: tuple[tuple[str, float, float], ...]
    score: float

    @property
    def text(self) -> str:
        return "".join(c for c, _, _ in self.chars)


@dataclass(frozen=True, slots=True)
class Recognised:
    """A page as drawn, and at how many places its ink gave no text."""

    page: PageContent
    unread: int


def available() -> bool:
    """Whether the extra is installed."""
    return all(importlib.util.find_spec(name) is not None for name in ("rapidocr", "onnxruntime"))


def recognise(image: Any, points_per_pixel: float | None = None) -> Recognised:
    """Characters and rules of a page's picture (RGB, height x width x 3, bytes), turned upright and straightened.

    Without ``points_per_pixel`` the size of the print is guessed from the lines themselves. Raises ``ReadingError`` where
    the extra is missing or does not start.
    """
    with _lock:
        image, lines = _upright(image)
        image, lines = _straight(image, lines)
        heights = sorted(line.box.height for line in lines)
        middle = heights[len(heights) // 2] if heights else image.shape[0] / 60
        ink = Ink(image, middle)
        scale = points_per_pixel or _BODY_SIZE / (middle * _TEXT_SHARE)
        height = float(image.shape[0])
        rules = tuple(ink.rules(scale, [line.box for line in lines]))
        lines, unread = _second_look(lines, ink, find_tables(rules), scale, middle)
    chars = Glyphs.of(c for line in lines for c in _chars(line, scale, height))
    return Recognised(PageContent(chars, rules, 0.0, height * scale), unread)


# --------------------------------------------------------------------------- the engine

_lock = threading.RLock()


@cache
def _engine() -> Any:
    import multiprocessing

    if not available():
        raise ReadingError("Text recognition is not installed.", hint=OCR_HINT)
    try:
        from rapidocr import RapidOCR
    except ImportError as error:
        raise ReadingError(f"Text recognition does not start: {error}.", hint=OCR_HINT) from None
    params: dict[str, Any] = {"Global.log_level": "critical", "Global.text_score": 0.0}
    if multiprocessing.parent_process() is not None:
        # One thread a worker: the workers themselves share the cores.
        params["EngineConfig.onnxruntime.intra_op_num_threads"] = 1
        params["EngineConfig.onnxruntime.inter_op_num_threads"] = 1
    return RapidOCR(params=params)


def _page_lines(image: Any) -> list[Line]:
    found = _engine()(
        image[:, :, ::-1], use_det=True, use_cls=False, use_rec=True, return_word_box=True, return_single_char_box=True
    )
    if found.boxes is None or found.txts is None:
        return []
    words = found.word_results if len(found.word_results) == len(found.txts) else [None] * len(found.txts)
    lines = []
    for quad, text, score, parts in zip(found.boxes, found.txts, found.scores, words, strict=True):
        if text.strip():
            box = Box.around([(float(x), float(y)) for x, y in quad])
            tilt = (float(quad[1][1] - quad[0][1]) + float(quad[2][1] - quad[3][1])) / 2
            lines.append(Line(replace(box, tilt=tilt), tuple(_spread(text, box, parts)), float(score)))
    return lines


def _spread(text: str, box: Box, parts: Any) -> Iterator[tuple[str, float, float]]:
    """A line's characters along its box: where the recogniser saw them, else by their usual widths."""
    plain = [c for c in text if not c.isspace()]
    seen = [(p[0], min(q[0] for q in p[2]), max(q[0] for q in p[2])) for p in parts or () if p[0].strip()]
    if [p[0] for p in seen] != plain:
        widths = [0.5 if c.isascii() else 1.0 for c in text]
        at, unit = box.left, (box.right - box.left) / sum(widths)
        for char, width in zip(text, widths, strict=True):
            if not char.isspace():
                yield char, at, at + width * unit
            at += width * unit
        return
    blanks = _blanks(text)
    for i, (char, left, right) in enumerate(seen):
        if i + 1 < len(seen):
            following = float(seen[i + 1][1])
            wide = following - right > 1.2 * box.height
            if i in blanks:
                # A gap that the recogniser took for a blank must be wide enough to count as one.
                right = max(left + 1.0, min(right, following - 0.35 * box.height * _TEXT_SHARE))
            elif not wide:
                right = following
        yield char, float(left), float(max(right, left + 0.5))


def _blanks(text: str) -> set[int]:
    """Which of a line's visible characters have a blank behind them."""
    blanks: set[int] = set()
    count = -1
    for char in text:
        if not char.isspace():
            count += 1
        elif count >= 0:
            blanks.add(count)
    return blanks


def _piece(image: Any, box: Box, turn: Callable[[Any], Any] | None = None) -> Line | None:
    """A box recognised by itself, on a white ground."""
    import numpy as np

    margin = max(4, round(box.height * 0.25))
    top, bottom, left, right = round(box.top), round(box.bottom), round(box.left), round(box.right)
    part = image[max(top, 0) : bottom, max(left, 0) : right]
    if part.size == 0:
        return None
    if turn is not None:
        part = turn(part)
    padded = np.pad(part, ((margin, margin), (2 * margin, 2 * margin), (0, 0)), constant_values=255)
    found = _engine()(np.ascontiguousarray(padded[:, :, ::-1]), use_det=False, use_cls=False, use_rec=True)
    text = (found.txts[0] if found.txts else "").strip()
    if not text:
        return None
    return Line(box, tuple(_spread(text, box, None)), float(found.scores[0]))


# --------------------------------------------------------------------------- upright and straight


def _upright(image: Any) -> tuple[Any, list[Line]]:
    """The page turned by quarters until its lines read well from left to right."""
    import numpy as np

    lines = _page_lines(image)
    best_score = _legibility(lines)
    if lines and best_score < _TURNED_SCORE:
        for quarters in (1, 3):
            turned = np.ascontiguousarray(np.rot90(image, quarters))
            found = _page_lines(turned)
            score = _legibility(found)
            if score > best_score + 0.1:
                image, lines, best_score = turned, found, score
            if best_score >= _TURNED_SCORE:
                break
    if _on_its_head(image, lines):
        image = np.ascontiguousarray(np.rot90(image, 2))
        lines = _page_lines(image)
    return image, lines


def _on_its_head(image: Any, lines: list[Line]) -> bool:
    """Whether the longest lines read better the other way round."""
    import numpy as np

    longest = sorted(lines, key=lambda line: len(line.chars))[-_WITNESSES:]
    ahead = back = 0.0
    for line in longest:
        one, other = _piece(image, line.box), _piece(image, line.box, turn=lambda part: np.rot90(part, 2))
        ahead += one.score if one else 0.0
        back += other.score if other else 0.0
    return back > ahead + 0.05 * len(longest)


def _legibility(lines: list[Line]) -> float:
    """The recogniser's mean score by character; tall boxes of several characters count as unread."""
    total = sum(len(line.chars) for line in lines)
    good = sum(
        line.score * len(line.chars)
        for line in lines
        if len(line.chars) < 3 or line.box.right - line.box.left > line.box.height
    )
    return good / total if total else 0.0


def _straight(image: Any, lines: list[Line]) -> tuple[Any, list[Line]]:
    """The page without the slant of its lines, as a crooked sheet in the scanner gives it."""
    slants = sorted(
        line.box.tilt / (line.box.right - line.box.left)
        for line in lines
        if line.box.right - line.box.left > 8 * line.box.height
    )
    slant = slants[len(slants) // 2] if len(slants) >= 3 else 0.0
    if abs(slant) < 0.002:
        return image, lines
    image = straightened(image, slant)
    return image, _page_lines(image)


# --------------------------------------------------------------------------- a second look


def _second_look(lines: list[Line], ink: Ink, tables: list[Ruled], scale: float, size: float) -> tuple[list[Line], int]:
    """Lines with those that the detector missed or ran together over the walls of cells."""
    image = ink.without_seals
    height = image.shape[0]
    cells = [
        Box(t.xs[r.column] / scale, height - t.ys[r.row] / scale, t.xs[r.column + r.column_span] / scale,
            height - t.ys[r.row + r.row_span] / scale)
        for t in tables
        for r in t.regions
    ]  # fmt: skip
    kept, again = _by_cell([_unsealed(line, ink) for line in lines], cells, size)
    ink.hide(line.box for line in kept)
    found: list[Line] = []
    unread = pieces = 0
    for i, cell in enumerate(cells):
        inner = cell.shrunk(0.12 * size)
        if i not in again and not ink.holds(inner, size):
            continue
        if i in again:
            ink.show(inner)
        parts = []
        for band in ink.bands(inner, size):
            pieces += 1
            line = _piece(image, band) if pieces <= _MOST_PIECES else None
            if line is None or line.score < (0.0 if i in again else _LEAST_SCORE):
                unread += 1
            else:
                parts.append(line)
        found.extend(parts)
        ink.hide([cell])
    for cell in cells:
        ink.hide([cell])
    outside = [i for i, line in enumerate(kept) if not any(c.contains(*line.box.middle) for c in cells)]
    for i, wider in ink.beside([kept[k].box for k in outside], size):
        # The detector likes to lose a 一 before its 、 at the head of a line.
        pieces += 1
        line = _piece(image, wider) if pieces <= _MOST_PIECES else None
        old = kept[outside[i]]
        if line is not None and line.score >= _LEAST_SCORE and len(line.chars) > len(old.chars):
            kept[outside[i]] = line
            ink.hide([wider])
    for band in ink.lines(size):
        pieces += 1
        line = _piece(image, band) if pieces <= _MOST_PIECES else None
        if line is not None and line.score >= _LEAST_SCORE:
            found.append(line)
        elif band.right - band.left > 2 * size:
            unread += 1
    return [*kept, *found], unread


def _unsealed(line: Line, ink: Ink) -> Line:
    """A line that a seal lies over, read again without it."""
    if not ink.sealed(line.box):
        return line
    again = _piece(ink.without_seals, line.box)
    return again if again is not None and again.score >= min(line.score, _LEAST_SCORE) else line


def _by_cell(lines: list[Line], cells: list[Box], size: float) -> tuple[list[Line], set[int]]:
    """Lines that keep to one cell or to none, and the cells of those that do not."""
    kept: list[Line] = []
    again: set[int] = set()
    for line in lines:
        core = line.box.shrunk(0.2 * line.box.height)
        touched = [
            i
            for i, cell in enumerate(cells)
            if min(core.right, cell.right) - max(core.left, cell.left) > 0.15 * size
            and min(core.bottom, cell.bottom) - max(core.top, cell.top) > 0.15 * size
        ]
        if len(touched) > 1:
            again.update(touched)
        else:
            kept.append(line)
    again_boxes = [cells[i] for i in again]
    # A cell that is recognised anew is recognised whole.
    return [line for line in kept if not any(b.contains(*line.box.middle) for b in again_boxes)], again


def _chars(line: Line, scale: float, height: float) -> Iterator[Char]:
    """Characters in points, all at the height of their line."""
    half = (line.box.bottom - line.box.top) * _TEXT_SHARE / 2
    middle = (line.box.top + line.box.bottom) / 2
    bottom, top = (height - middle - half) * scale, (height - middle + half) * scale
    for char, left, right in line.chars:
        yield Char(char, left * scale, bottom, right * scale, top, recognised=True)
