"""Which part of a PDF page is a picture of text, and the page with that part recognised."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gia_nlp.reading.ocr import recognise
from gia_nlp.reading.pdf_page import Char, Glyphs, PageContent, Rule

MOST_PAGES = 60  # two minutes and more: no report is longer
_DOTS_PER_INCH = 200
_LONGEST = 4000  # pixels: no page of a report needs more
_PAGE_SHARE = 0.5  # of the page's area, from which on a picture is the page
_PART_SHARE = 0.12
_STAMPED = 30  # characters: a scan may carry its page number, its name or the scanner's


def picture_kind(page: PageContent, *, mapped: bool) -> str:
    """ "page" for a scanned page or one whose letters have no Unicode values, "part" for text beside a picture that may hold text, else "".

    Pictures with print on them are backgrounds; small ones are seals and logos.

    >>> picture_kind(PageContent((), (), 0, 800, 0, 600, ((0, 0, 600, 800),)), mapped=True)
    'page'
    >>> picture_kind(PageContent((), (), 0, 800, 0, 600, ((0, 0, 90, 90),)), mapped=True)
    ''
    """
    if not mapped:
        return "page"
    area = max((page.top - page.bottom) * (page.right - page.left), 1.0)
    visible = len(page.chars) - int(page.chars.blank.sum())
    share = sum(_area(p) for p in page.pictures) / area  # scanners cut pages into strips
    if share >= _PAGE_SHARE and visible < _STAMPED:
        return "page"
    if not visible and page.pictures and share >= _PART_SHARE:
        return "page"
    return "part" if visible and any(_plain(p, page, area) for p in page.pictures) else ""


def recognise_page(handle: Any, page: PageContent, kind: str) -> tuple[PageContent, int]:
    """A page with what recognition reads from its rendering, and how many marks stayed unread."""
    import numpy as np

    width, height = handle.get_size()
    scale = min(_DOTS_PER_INCH / 72, _LONGEST / max(width, height, 1.0))
    bitmap = handle.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
    try:
        image = np.array(bitmap.to_numpy()[:, :, :3] if bitmap.n_channels >= 3 else _coloured(bitmap.to_numpy()))
    finally:
        bitmap.close()
    seen = recognise(np.ascontiguousarray(image), 1 / scale)
    if kind == "page":
        return replace(seen.page, pictures=page.pictures), seen.unread
    left, bottom, _, _ = handle.get_cropbox()
    if page.turned or handle.get_rotation():
        return page, 1  # where the picture stands on the rendering is not known
    area = max((page.top - page.bottom) * (page.right - page.left), 1.0)
    places = [p for p in page.pictures if _plain(p, page, area)]
    chars = [_moved_char(c, left, bottom) for c in seen.page.chars]
    rules = [_moved_rule(r, left, bottom) for r in seen.page.rules]
    chars = [c for c in chars if any(_inside(c.middle, p) for p in places)]
    rules = [r for r in rules if any(_inside(_middle(r), p) for p in places)]
    return replace(page, chars=Glyphs.of([*page.chars, *chars]), rules=(*page.rules, *rules)), seen.unread


def _coloured(grey: Any) -> Any:
    import numpy as np

    return np.repeat(grey.reshape(grey.shape[0], grey.shape[1], 1), 3, axis=2)


def _plain(picture: tuple[float, float, float, float], page: PageContent, area: float) -> bool:
    """A picture of some size without print on it."""
    if _area(picture) < _PART_SHARE * area:
        return False
    chars = page.chars
    left, bottom, right, top = picture
    inside = (left <= chars.x) & (chars.x <= right) & (bottom <= chars.y) & (chars.y <= top)
    return not (inside & ~chars.blank).any()


def _area(box: tuple[float, float, float, float]) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _inside(point: tuple[float, float], box: tuple[float, float, float, float]) -> bool:
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]


def _middle(rule: Rule) -> tuple[float, float]:
    along = (rule.low + rule.high) / 2
    return (along, rule.at) if rule.horizontal else (rule.at, along)


def _moved_char(char: Char, x: float, y: float) -> Char:
    return replace(char, left=char.left + x, right=char.right + x, bottom=char.bottom + y, top=char.top + y)


def _moved_rule(rule: Rule, x: float, y: float) -> Rule:
    across, along = (y, x) if rule.horizontal else (x, y)
    return Rule(rule.horizontal, rule.at + across, rule.low + along, rule.high + along)
