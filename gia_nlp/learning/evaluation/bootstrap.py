"""Bootstrap over documents: mentions of one document are not independent, documents are."""

from __future__ import annotations

import random

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SHARE_OUTSIDE = 0.025


def draws(documents: int, resamples: int, seed: int) -> Floats:
    """How often each of ``resamples`` holds each document, shape (resamples, documents).

    Drawn with Python's own generator, as the annotation guide's scorer draws: the same seed gives the same intervals.

    >>> draws(3, 2, seed=0).sum(axis=1).tolist()
    [3.0, 3.0]
    """
    rng = random.Random(seed)
    places = range(documents)
    weights = np.zeros((resamples, documents))
    for row in weights:
        for _ in places:
            row[rng.choice(places)] += 1
    return weights


def percentile_interval(values: Floats) -> tuple[float, float]:
    """The 95% interval of resampled values: what is left when 2.5% are cut off at each end; resamples without a value are left out.

    >>> percentile_interval(np.arange(1000.0))
    (25.0, 974.0)
    """
    known = np.sort(values[~np.isnan(values)])
    if not len(known):
        return float("nan"), float("nan")
    cut = int(len(known) * SHARE_OUTSIDE)
    return float(known[cut]), float(known[len(known) - 1 - cut])
