"""What a line is: a page mark, the start of a new unit (heading, list point), or running text."""

from __future__ import annotations

import re

_PAGE_MARK = re.compile(
    r"""
    [-—–―~·•|\s]*\d{1,3}[-—–―~·•|\s]*$            # - 3 -   — 12 —
    | 第\s*\d{1,3}\s*页(?:\s*[，,/]?\s*共\s*\d{1,3}\s*页)?$
    | \d{1,3}\s*/\s*\d{1,3}$                       # 1/29
    | [Pp]age\s+\d{1,3}(?:\s+of\s+\d{1,3})?$
    """,
    re.X,
)
_DECORATED = re.compile(r"[-—–―~·•/|第页]")

_UNIT_START = re.compile(
    r"""
    (?:\#{1,6}\s|[-*+•●]\s|l(?=[一二三四五六七八九十]、))?\s*
    (?:
      [一二三四五六七八九十]{1,3}\s*[、.．]
    | [（(]\s*(?:[一二三四五六七八九十]{1,3}|\d{1,2})\s*[）)]
    | \d{1,2}\s*[、)）](?!\d)
    | \d{1,2}\s*[.．](?!\d)
    | [①-⑳]
    | 第[一二三四五六七八九十]{1,2}(?:[，、,]|部分)
    )
    | \#{1,6}\s | [-*+•●]\s
    """,
    re.X,
)

# Most lines begin with another character than these (or a digit), which is told in a tenth of the time of a match.
_MARK_FIRSTS = frozenset("-—–―~·•|第Pp")
_UNIT_FIRSTS = frozenset("#-*+•●l一二三四五六七八九十（(第①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")


def is_page_mark(line: str) -> bool:
    """A page's number with its ornaments, alone on a line.

    A bare number of up to three digits is not enough: it may be a cell or a torn count.

    >>> [is_page_mark(s) for s in ("- 3 -", "第 3 页 共 9 页", "1/29", "30", "共3页资料")]
    [True, True, True, False, False]
    """
    line = line.strip()
    if line[:1] not in _MARK_FIRSTS and not line[:1].isdecimal():
        return False
    return bool(_PAGE_MARK.match(line)) and bool(_DECORATED.search(line))


def starts_unit(line: str) -> bool:
    """Whether a line opens a heading, a list point or another unit of its own by its number or bullet.

    >>> [starts_unit(s) for s in ("一、总体情况", "（二）依申请公开", "3.其他", "2024年，我局", "6 件，答复")]
    [True, True, True, False, False]
    """
    line = line.lstrip()
    if line[:1] not in _UNIT_FIRSTS and not line[:1].isdecimal():
        return False
    return bool(_UNIT_START.match(line))
