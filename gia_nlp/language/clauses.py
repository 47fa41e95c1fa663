"""Sentences of running text in normal form, and names blotted out of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

_ENDS = re.compile(r"[。！？\n]")
_NAME = re.compile(r"《[^《》]{1,120}》|“[^“”]{7,30}”(?!的?\d)")
_LONGEST = 4000  # no clerk writes longer; text without any full stop is cut so that work stays linear


def mask_names(text: str) -> str:
    """Titles in 《》 and longer names in quotation marks as blots of the same length: their words count for nothing.

    What stands in quotation marks right before a number says what is counted (“申请信息不存在”24件) and stays.

    >>> mask_names("就《档案办法》开会")
    '就《□□□□》开会'
    """
    if "《" not in text and "“" not in text:
        return text
    return _NAME.sub(lambda m: m.group()[0] + "□" * (len(m.group()) - 2) + m.group()[-1], text)


def split_sentences(text: str) -> Iterator[tuple[int, str]]:
    """Start and text of every sentence, its closing mark inside; blank ones are left out.

    >>> list(split_sentences("公开12条。办班1期"))
    [(0, '公开12条。'), (6, '办班1期')]
    """
    for start, end in sentence_spans(text):
        yield start, text[start:end]


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of every sentence, as :func:`split_sentences` cuts them."""
    start = 0
    for end in [*(match.end() for match in _ENDS.finditer(text)), len(text)]:
        while end - start > _LONGEST:
            stop = max(text.rfind("；", start, start + _LONGEST), text.rfind("，", start, start + _LONGEST)) + 1
            stop = stop if stop > start else start + _LONGEST
            yield start, stop
            start = stop
        if end > start and not (text[start].isspace() and text[start:end].isspace()):
            yield start, end
        start = end


def last_clause(text: str, marks: str = "；。") -> str:
    """What stands behind the last of the marks.

    >>> last_clause("培训2次；拟再办")
    '拟再办'
    """
    begin = 0
    for mark in marks:
        place = text.rfind(mark, begin)
        if place >= begin:
            begin = place + 1
    return text[begin:]


def first_clause(text: str, marks: str = "，；") -> str:
    """What stands before the first of the marks."""
    found = _any_of(marks).search(text)
    return text[: found.start()] if found else text


@cache
def _any_of(marks: str) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(marks)}]")
