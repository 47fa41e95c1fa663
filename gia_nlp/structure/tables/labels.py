"""Which row of a form a label means: by the form's own words, forgiving slips, breaks and missing parts."""

from __future__ import annotations

import re
from functools import lru_cache

from gia_nlp.vocabulary.forms import Label, letters

ORDINAL = re.compile(
    r"^\s*(?:(?:[（(]\s*(?:[一二三四五六七八九十]{1,3}|\d{1,2})\s*[)）]|[一二三四五六七八九十]{1,3}\s*[、.．:：]|\d{1,2}\s*[.．、,，)）]|[·○●])\s*)+"
)
_LONGEST = 90  # letters; longer text is no label


@lru_cache(maxsize=4096)
def label_key(text: str) -> str:
    """The letters of a cell without its ordinals.

    >>> label_key("（二） 2.重复 申请")
    '重复申请'
    """
    return letters(ORDINAL.sub("", text))


def distance(a: str, b: str, limit: int) -> int:
    """Edits from one text to another, at most ``limit + 1``."""
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (x != y))
        if min(row) > limit:
            return limit + 1
    return row[-1]


def similarity(a: str, b: str) -> float:
    """Share of letters that agree, 0 when fewer than two thirds do."""
    longest = max(len(a), len(b))
    if not longest:
        return 0.0
    limit = longest // 3
    own, other = set(a), set(b)
    if len(own - other) > limit or len(other - own) > limit:
        return 0.0  # each letter that the other one lacks costs at least one edit
    edits = distance(a, b, limit)
    return 0.0 if edits > limit else 1 - edits / longest


@lru_cache(maxsize=8192)
def score(key: str, label: Label) -> float:
    """How well a cell's letters fit a label: 1 its own words, 0 not at all."""
    whole = label.key
    if not key or len(key) > _LONGEST:
        return 0.0
    if key == whole or key in label.cores:
        return 1.0
    if label.weak:
        core = label.cores[0]
        if label.id == "processed" and key.endswith(core) and len(key) <= len(core) + 2:
            return 0.9
        return 0.9 * similarity(key, core) if len(core) >= 4 else 0.0
    if any(len(core) >= 4 and core in key for core in label.cores) and len(key) <= len(whole) + 14:
        return 0.95
    if len(key) >= 4 and whole.startswith(key):
        return 0.85
    if len(key) >= 5 and whole.endswith(key):
        return 0.8
    return 0.9 * max(similarity(key, whole), *(similarity(key, core) for core in label.cores))


@lru_cache(maxsize=8192)
def best(key: str, labels: tuple[Label, ...], least: float = 0.6) -> tuple[str, float] | None:
    """The one label that fits best, with its score; ``None`` when none does or two do alike.

    >>> from gia_nlp.vocabulary.forms import requests_form
    >>> best("信访举报投拆类申请", requests_form("2021").rows)[0]
    'not_processed.petition'
    """
    ranked = sorted(((score(key, label), label.id) for label in labels), reverse=True)
    if not ranked or ranked[0][0] < least:
        return None
    if len(ranked) > 1 and ranked[0][0] - ranked[1][0] < 0.05:
        return None
    return ranked[0][1], ranked[0][0]
