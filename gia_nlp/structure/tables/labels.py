"""Which row of a form a label means: by the form's own words, forgiving slips, breaks and missing parts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from gia_nlp.structure.tables.lookalikes import Lookalikes, similarity
from gia_nlp.vocabulary.forms import Label, letters

ORDINAL = re.compile(
    r"^\s*(?:(?:[（(]\s*(?:[一二三四五六七八九十]{1,3}|\d{1,2})\s*[)）]|[一二三四五六七八九十]{1,3}\s*[、.．:：]|\d{1,2}\s*[.．、,，)）]|[·○●])\s*)+"
)
_LONGEST = 90  # letters; longer text is no label
_LEAST = 0.6  # the score of a label that fits at all
_LEADS = re.compile(r"^\s*(?:其中\s*[:：]?\s*)?(?:[（(]?\s*\d{1,2}\s*[)）.．、,，])+")
_DIGIT = re.compile(r"\d")
_INNER_LEAF = re.compile(
    r"(?<=[\u4e00-\u9fff）):：])\s*[（(]?\d{1,2}\s*[.．、)）](?=\s*[\u4e00-\u9fff])"
)  # 不予公开1.属于…


@lru_cache(maxsize=4096)
def label_key(text: str) -> str:
    """The letters of a cell without its ordinals.

    >>> label_key("（二） 2.重复 申请")
    '重复申请'
    """
    return letters(ORDINAL.sub("", text))


def is_number_like(text: str) -> bool:
    """Whether a cell holds a value: digits beyond an ordinal, or a mark for no value."""
    return text.isdigit() or _is_number_like(text)


@lru_cache(maxsize=4096)
def _is_number_like(text: str) -> bool:
    if not letters(text):
        return True
    head = _LEADS.sub("", text)
    return bool(_DIGIT.search(_INNER_LEAF.sub("", head))) or "".join(text.split()) in ("无", "不适用")


def _score(key: str, label: Label) -> float:
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


class Choice:
    """A form's labels, of which a cell may mean one. What the labels' own words mean is told once and kept.

    >>> from gia_nlp.vocabulary.forms import requests_form
    >>> Choice(requests_form("2021").rows).best("信访举报投拆类申请")[0]
    'not_processed.petition'
    """

    def __init__(self, labels: Iterable[Label]) -> None:
        self._labels = tuple(labels)
        words = [(word, label) for label in self._labels for word in dict.fromkeys((label.key, *label.cores))]
        self._owners = [label for _, label in words]
        self._alike = Lookalikes([word for word, _ in words], parts=True)
        self._told = {word: self._chosen(word) for word, _ in words}
        self._recent = lru_cache(maxsize=4096)(self._chosen)

    def best(self, key: str, least: float = 0.6) -> tuple[str, float] | None:
        """The one label that fits best, with its score; ``None`` when none does or two do alike. ``least`` is 0.6 or more."""
        found = self._told[key] if key in self._told else self._recent(key)
        return found if found is not None and found[1] >= least else None

    def _chosen(self, key: str) -> tuple[str, float] | None:
        if not key:
            return None
        near = dict.fromkeys(self._owners[i] for i in self._alike.near(key))  # of all others the score is 0
        ranked = sorted(((_score(key, label), label.id) for label in near), reverse=True)
        if not ranked or ranked[0][0] < _LEAST:
            return None
        if len(ranked) > 1 and ranked[0][0] - ranked[1][0] < 0.05:
            return None
        return ranked[0][1], ranked[0][0]
