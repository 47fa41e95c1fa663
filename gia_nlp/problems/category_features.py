"""What the model of categories sees of a point: pairs and triples of characters, and which cues of the vocabulary occur.

Cues are seen one by one and not by their weights: how much each says is learned. What the rules conclude from the weights has
its say later, in :mod:`gia_nlp.problems.category_model`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gia_nlp.linear import grams
from gia_nlp.problems.classifying import Evidence

CUE = 0.3  # the value of a cue's feature: about that of one pair of characters in a short point


def category_row(text: str, evidence: Evidence) -> dict[str, float]:
    """Features with values of a point in normal form; characters' values shrink with the point's length.

    >>> row = category_row("更新慢", Evidence({}, frozenset({"topic:requests"})))
    >>> sorted(row)
    ['n:慢', 'n:新', 'n:新慢', 'n:更', 'n:更新', 'n:更新慢', 'topic:requests']
    """
    found = grams(text)
    row = dict.fromkeys(["n:" + gram for gram in found], float(value_of(len(found))))
    for cue in sorted(evidence.cues):
        row[cue] = CUE
    return row


def value_of(size: Any) -> Any:
    """What each of so many characters, pairs and triples of a text counts; for one size or an array of them."""
    return np.maximum(size, 1.0) ** -0.25


def group_of(feature: str) -> str:
    """The group of a feature: ``n1`` to ``n3`` are characters by their number, ``cue`` the vocabulary's.

    >>> [group_of(name) for name in ("n:新", "n:更新", "topic:requests")]
    ['n1', 'n2', 'cue']
    """
    return "cue" if is_cue(feature) else f"n{len(feature) - 2}"


def is_cue(feature: str) -> bool:
    """Whether a feature comes from the rules' vocabulary."""
    return not feature.startswith("n:")
