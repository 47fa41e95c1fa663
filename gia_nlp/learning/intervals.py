"""Scores from counts a document, with bootstrap intervals over documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gia_nlp.records import Record


@dataclass(frozen=True, slots=True)
class Score(Record):
    """A measure with its interval (2.5 and 97.5 per cent of the resamples), over ``documents`` and ``examples``."""

    on: str
    measure: str
    value: float
    low: float
    high: float
    documents: int
    examples: int

    def __str__(self) -> str:
        """One line."""
        return f"{self.on} {self.measure} {self.value:.3f} [{self.low:.3f}, {self.high:.3f}] ({self.examples} in {self.documents})"


def f1(counts: NDArray[Any]) -> NDArray[np.float64]:
    """F1 from (right, found, gold) in the last axis; 1 where nothing was to be found and nothing was.

    >>> f1(np.array([[3, 4, 4], [0, 0, 0]])).tolist()
    [0.75, 1.0]
    """
    right, both = counts[..., 0], counts[..., 1] + counts[..., 2]
    return np.where(both > 0, 2 * right / np.maximum(both, 1), 1.0)


def ratio(counts: NDArray[Any]) -> NDArray[np.float64]:
    """Share of the right ones from (right, all) in the last axis."""
    return np.where(counts[..., 1] > 0, counts[..., 0] / np.maximum(counts[..., 1], 1), 1.0)


def interval(counts: Sequence[Sequence[int]] | NDArray[Any], *, on: str, seed: int = 0, resamples: int = 1000) -> Score:
    """F1 of (right, found, gold), or the share of (right, all), one row a document, resampling documents.

    >>> print(interval([(1, 1, 1), (2, 2, 2)], on="dev"))
    dev f1 1.000 [1.000, 1.000] (3 in 2)
    """
    table = np.asarray(counts, np.int64)
    if table.ndim != 2 or table.shape[1] not in (2, 3):
        raise ValueError("counts need two or three columns a document")
    measure, function = ("f1", f1) if table.shape[1] == 3 else ("share", ratio)
    random = np.random.default_rng(seed)
    drawn = random.integers(0, len(table), size=(resamples, len(table)))
    values = function(np.stack([table[d].sum(axis=0) for d in drawn]))
    low, high = np.quantile(values, [0.025, 0.975])
    total = table.sum(axis=0)
    value = float(function(total[None])[0])
    return Score(on, measure, round(value, 4), round(float(low), 4), round(float(high), 4), len(table), int(total[-1]))
