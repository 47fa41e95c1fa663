"""What the model of categories sees of a point: pairs and triples of characters, and which cues of the vocabulary occur.

Cues are seen one by one and not by their weights: how much each says is learned. What the rules conclude from the weights has
its say later, in :mod:`gia_nlp.problems.category_model`.
"""

from __future__ import annotations

import re
from collections.abc import Sized
from itertools import chain
from operator import add

from gia_nlp.problems.classifying import Evidence

CUE = 0.3  # the value of a cue's feature: about that of one pair of characters in a short point
_WORDS = re.compile(r"[^\W\d_]+")


def category_row(text: str, evidence: Evidence) -> dict[str, float]:
    """Features with values of a point in normal form; characters' values shrink with the point's length.

    >>> row = category_row("更新慢", Evidence({}, frozenset({"topic:requests"})))
    >>> sorted(row)
    ['n:慢', 'n:新', 'n:新慢', 'n:更', 'n:更新', 'n:更新慢', 'topic:requests']
    """
    found = grams(text)
    row = dict.fromkeys(["n:" + gram for gram in found], value_of(found))
    for cue in sorted(evidence.cues):
        row[cue] = CUE
    return row


def grams(text: str) -> dict[str, None]:
    """The characters of a text's words and their pairs and triples, in order and each once.

    >>> list(grams("更新慢，2次"))
    ['更', '新', '慢', '更新', '新慢', '更新慢', '次']
    """
    found: dict[str, None] = {}
    for piece in _WORDS.findall(text):
        pairs = list(map(add, piece, piece[1:]))
        found.update(dict.fromkeys(chain(piece, pairs, map(add, pairs, piece[2:]))))
    return found


def value_of(found: Sized) -> float:
    """What each of a text's :func:`grams` counts."""
    return float((len(found) or 1) ** -0.25)


def group_of(feature: str) -> str:
    """The group of a feature: ``n1`` to ``n3`` are characters by their number, ``cue`` the vocabulary's.

    >>> [group_of(name) for name in ("n:新", "n:更新", "topic:requests")]
    ['n1', 'n2', 'cue']
    """
    return "cue" if is_cue(feature) else f"n{len(feature) - 2}"


def is_cue(feature: str) -> bool:
    """Whether a feature comes from the rules' vocabulary."""
    return not feature.startswith("n:")
