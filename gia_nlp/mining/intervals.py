"""Intervals of shares and odds."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

Z = 1.959964  # 95 %


def wilson(count: int, total: int) -> tuple[float, float]:
    """The Wilson 95 % interval of a share; (0, 1) where nothing was counted.

    >>> wilson(0, 20)
    (0.0, 0.1611)
    """
    low, high = wilson_bounds(np.array([count]), np.array([total]))
    return round(float(low[0]), 4), round(float(high[0]), 4)


def wilson_bounds(count: Any, total: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lower and upper Wilson bounds of many shares at once."""
    k, n = np.asarray(count, dtype=float), np.asarray(total, dtype=float)
    safe = np.where(n > 0, n, 1.0)
    p = k / safe
    middle = (p + Z**2 / (2 * safe)) / (1 + Z**2 / safe)
    half = Z * np.sqrt(p * (1 - p) / safe + Z**2 / (4 * safe**2)) / (1 + Z**2 / safe)
    low, high = np.clip(middle - half, 0, 1), np.clip(middle + half, 0, 1)
    low, high = np.where(k == 0, 0.0, low), np.where(k == n, 1.0, high)
    return np.where(n > 0, low, 0.0), np.where(n > 0, high, 1.0)


def odds_ratio(both: float, a_only: float, b_only: float, neither: float) -> tuple[float, float, float]:
    """The odds ratio of a table of four with its 95 % interval (Woolf; 0.5 is added to each where one is 0).

    >>> [round(x, 2) for x in odds_ratio(20, 10, 10, 20)]
    [4.0, 1.37, 11.7]
    """
    cells = [both, a_only, b_only, neither]
    if min(cells) == 0:
        cells = [c + 0.5 for c in cells]
    a, b, c, d = cells
    log, error = math.log(a * d / (b * c)), math.sqrt(sum(1 / x for x in cells))
    return math.exp(log), math.exp(log - Z * error), math.exp(log + Z * error)
