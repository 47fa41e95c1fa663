"""What a page's picture shows besides letters: ruling lines, ink that nobody read, slant. Pixels; ``y`` grows downwards."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gia_nlp.reading.pdf_page import Rule

_CHUNK = 256  # bent lines are taken in pieces as long as this
_MOST_COMPONENTS = 4000
_MOST_LINES = 200
_RED = 60  # of 255: how much redder than green and blue a seal is
_FAINTEST = 14  # of 255: how much darker than its ground a ruling line is


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels. ``tilt``: by how much its right end stands lower than its left one."""

    left: float
    top: float
    right: float
    bottom: float
    tilt: float = 0.0

    @classmethod
    def around(cls, points: Sequence[tuple[float, float]]) -> Box:
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        return cls(min(xs), min(ys), max(xs), max(ys))

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def contains(self, x: float, y: float) -> bool:
        return self.left <= x < self.right and self.top <= y < self.bottom

    def shrunk(self, by: float) -> Box:
        return Box(self.left + by, self.top + by, self.right - by, self.bottom - by)


def straightened(image: Any, slant: float) -> Any:
    """The picture turned so that lines of this slant (down per right) lie level; the ground stays white."""
    import cv2

    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), math.degrees(math.atan(slant)), 1.0)
    return cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=(255, 255, 255))


class _Strokes:
    """Finds whether a short line lies within the print of some box."""

    def __init__(self, boxes: Sequence[Box]) -> None:
        self._boxes = sorted(boxes, key=lambda b: b.top)
        self._tops = [b.top for b in self._boxes]
        self._highest = max((b.height for b in boxes), default=0.0)

    def hold(self, left: float, top: float, right: float, bottom: float) -> bool:
        first = bisect_left(self._tops, top - self._highest * 1.5)
        for box in self._boxes[first : bisect_right(self._tops, top + self._highest * 0.2)]:
            margin = 0.15 * box.height
            # No stroke of a letter is much longer than the print is high: a longer line only touches the print.
            if (
                max(right - left, bottom - top) <= 1.3 * box.height
                and box.top - margin <= top
                and bottom <= box.bottom + margin
                and box.left - margin <= left
                and right <= box.right + margin
            ):
                return True
        return False


class Ink:
    """The dark marks of a page. ``size`` is the height of a usual line's box in pixels."""

    def __init__(self, image: Any, size: float) -> None:
        import cv2
        import numpy as np

        # In the red channel seals and red lines vanish; print is dark in every channel.
        red = image[:, :, 0].copy()
        others = np.maximum(image[:, :, 1], image[:, :, 2])
        self._red = (red > others) & (red - np.minimum(others, red) > _RED)
        # The rim of a seal is paler than the seal: without its neighbours it would stay as a thin line.
        around = cv2.dilate(self._red.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
        red[around & (red > 150)] = 255
        self.without_seals = np.repeat(red[:, :, None], 3, axis=2)
        block = max(31, int(size) | 1)
        self._dark = cv2.adaptiveThreshold(red, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, block, 12)
        self._dark[red > 200] = 0
        faint = cv2.adaptiveThreshold(red, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, block, 8)
        reach = max(9, int(0.4 * size)) | 1
        across = max(20, int(1.6 * size))
        down = max(16, int(1.0 * size))
        self._across = _long(_thin(red, faint, reach, horizontal=True), across, horizontal=True)
        self._down = _long(_thin(red, faint, reach, horizontal=False), down, horizontal=False)
        ruled = cv2.dilate(cv2.bitwise_or(self._across, self._down), np.ones((5, 5), np.uint8))
        self._all = cv2.bitwise_and(self._dark, cv2.bitwise_not(ruled))
        self._left = self._all.copy()
        self._thickest = max(6.0, 0.25 * size)

    def rules(self, scale: float, print_boxes: Sequence[Box] = ()) -> Iterator[Rule]:
        """Ruling lines in points, ``y`` upwards; strokes of the letters in the boxes of print are none."""
        height = self._all.shape[0]
        strokes = _Strokes(print_boxes)
        for horizontal, mask in ((True, self._across), (False, self._down)):
            for left, top, right, bottom in _components(mask, horizontal=horizontal):
                thick, long = (bottom - top, right - left) if horizontal else (right - left, bottom - top)
                if thick > self._thickest or long < 3 * thick or strokes.hold(left, top, right, bottom):
                    continue
                if horizontal:
                    yield Rule(True, (height - (top + bottom) / 2) * scale, left * scale, right * scale)
                else:
                    yield Rule(False, (left + right) / 2 * scale, (height - bottom) * scale, (height - top) * scale)

    def sealed(self, box: Box) -> bool:
        """Whether there is red ink beside dark print in a box; a red heading has no dark print."""
        place = _slice(box)
        red, dark = self._red[place], self._dark[place]
        return bool(red.size) and float(red.mean()) > 0.01 and float((dark > 0).mean()) > 0.02

    def hide(self, boxes: Iterable[Box]) -> None:
        """What stands in these boxes is read."""
        for box in boxes:
            self._left[_slice(box)] = 0

    def show(self, box: Box) -> None:
        """What stands in this box is to be read again."""
        place = _slice(box)
        self._left[place] = self._all[place]

    def holds(self, box: Box, size: float) -> bool:
        """Whether a box has unread ink of the size of a mark: more than specks."""
        return self._extent(box, size) is not None

    def bands(self, box: Box, size: float) -> Iterator[Box]:
        """The lines of print in a box, each with the ink's own edges."""
        extent = self._extent(box, size)
        if extent is None:
            return
        part = self._left[_slice(extent)]
        runs: list[list[int]] = []
        for y in (i for i, filled in enumerate(part.any(axis=1)) if filled):
            if runs and y <= runs[-1][1] + 1:
                runs[-1][1] = y
            else:
                runs.append([y, y])
        merged: list[list[int]] = []
        for run in runs:
            # Strokes of one character (二, 三, a dot above) stand apart too: parts join up to a line's height.
            if merged and run[1] - merged[-1][0] <= 0.95 * size:
                merged[-1][1] = run[1]
            else:
                merged.append(list(run))
        for first, last in merged:
            columns = [i for i, filled in enumerate(part[first : last + 1].any(axis=0)) if filled]
            if last - first + 1 < 0.12 * size and columns[-1] - columns[0] < 0.3 * size:
                continue
            yield Box(
                extent.left + columns[0], extent.top + first, extent.left + columns[-1] + 1, extent.top + last + 1
            )

    def beside(self, boxes: Sequence[Box], size: float) -> Iterator[tuple[int, Box]]:
        """Boxes of print with unread ink right before or behind them, by index, and the box that takes it in."""
        reach = 1.6 * size
        for i, box in enumerate(boxes):
            inner = Box(box.left, box.top + 0.15 * box.height, box.right, box.bottom - 0.15 * box.height)
            left, right = box.left, box.right
            while (
                found := self._extent(replace(inner, left=left - reach, right=left), size)
            ) and found.left < left - 1:
                left = found.left
            while (
                found := self._extent(replace(inner, left=right, right=right + reach), size)
            ) and found.right > right + 1:
                right = found.right
            if (left, right) != (box.left, box.right):
                yield i, Box(left, box.top, right, box.bottom)

    def lines(self, size: float) -> Iterator[Box]:
        """Unread ink anywhere that has the shape of a line of print."""
        import cv2
        import numpy as np

        spread = cv2.dilate(self._left, np.ones((1, max(3, int(1.2 * size))), np.uint8))
        found = 0
        for left, top, right, bottom in _components(spread, horizontal=None):
            inner = self._extent(Box(left, top, right, bottom), size)
            if inner is None or not 0.4 * size <= inner.height <= 1.6 * size or inner.right - inner.left < 0.4 * size:
                continue
            found += 1
            if found > _MOST_LINES:
                return
            yield inner

    def _extent(self, box: Box, size: float) -> Box | None:
        place = _slice(box)
        part = self._left[place]
        if part.size == 0:
            return None
        rows, columns = part.any(axis=1).nonzero()[0], part.any(axis=0).nonzero()[0]
        if len(rows) == 0 or max(len(rows), len(columns)) < 0.25 * size or int((part > 0).sum()) < 0.02 * size * size:
            return None
        top, left = place[0].start, place[1].start
        return Box(left + int(columns[0]), top + int(rows[0]), left + int(columns[-1]) + 1, top + int(rows[-1]) + 1)


def _thin(grey: Any, mask: Any, reach: int, *, horizontal: bool) -> Any:
    """The part of a mask that is darker than what lies on both sides of it: a line is, the edge of a shaded row is not."""
    import cv2
    import numpy as np

    shape = (reach, 1) if horizontal else (1, reach)
    dents = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, np.ones(shape, np.uint8))
    return cv2.bitwise_and(mask, ((dents > _FAINTEST) * 255).astype(np.uint8))


def _long(mask: Any, length: int, *, horizontal: bool) -> Any:
    """The part of a mask that runs on for at least this length, up or down by a pixel."""
    import cv2
    import numpy as np

    shape = (1, length) if horizontal else (length, 1)
    across = (3, 1) if horizontal else (1, 3)
    thick = cv2.dilate(mask, np.ones(across, np.uint8))
    return cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones(shape, np.uint8))


def _components(mask: Any, *, horizontal: bool | None) -> list[tuple[int, int, int, int]]:
    """Left, top, right and bottom of what hangs together, long lines in pieces."""
    import cv2

    cut = mask.copy()
    if horizontal is True:
        cut[:, _CHUNK - 1 :: _CHUNK] = 0
    elif horizontal is False:
        cut[_CHUNK - 1 :: _CHUNK, :] = 0
    count, _, stats, _ = cv2.connectedComponentsWithStats(cut, connectivity=8)
    if count > _MOST_COMPONENTS:
        return []
    return [(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, _ in stats[1:]]


def _slice(box: Box) -> tuple[slice, slice]:
    return (
        slice(max(0, math.floor(box.top)), max(0, math.ceil(box.bottom))),
        slice(max(0, math.floor(box.left)), max(0, math.ceil(box.right))),
    )
