"""How far scores can be believed: reliability, Brier score, expected calibration error, and fitting of a temperature."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def calibration(
    scores: Sequence[float] | NDArray[Any], right: Sequence[bool] | NDArray[Any], *, bins: int = 10
) -> dict[str, Any]:
    """How well scores between 0 and 1 tell how often something is right.

    ``brier`` is the mean squared difference, ``ece`` the mean distance between score and share of right ones over ``bins`` of
    equal width, ``reliability`` a row a bin that is not empty (mean score, share right, number).

    >>> calibration([0.9, 0.9, 0.1], [True, True, False])["reliability"]
    [{'score': 0.1, 'right': 0.0, 'n': 1}, {'score': 0.9, 'right': 1.0, 'n': 2}]
    """
    s, r = np.asarray(scores, np.float64), np.asarray(right, np.float64)
    if s.shape != r.shape:
        raise ValueError("as many scores as answers are needed")
    if not len(s):
        return {"brier": None, "ece": None, "n": 0, "reliability": []}
    place = np.minimum((s * bins).astype(int), bins - 1)
    rows, error = [], 0.0
    for b in range(bins):
        held = place == b
        n = int(held.sum())
        if n:
            mean, share = float(s[held].mean()), float(r[held].mean())
            error += n * abs(mean - share)
            rows.append({"score": round(mean, 4), "right": round(share, 4), "n": n})
    return {
        "brier": round(float(((s - r) ** 2).mean()), 4),
        "ece": round(error / len(s), 4),
        "n": len(s),
        "reliability": rows,
    }


def fit_temperature(logits: NDArray[Any], answers: NDArray[Any]) -> float:
    """The factor on softmax logits (rows, labels) that makes held-out ``answers`` (label numbers) likeliest."""
    from scipy.optimize import minimize_scalar

    z, y = np.asarray(logits, np.float64), np.asarray(answers, int)

    def loss(log_scale: float) -> float:
        scaled = z * np.exp(log_scale)
        top = scaled.max(axis=1)
        return float(np.mean(top + np.log(np.exp(scaled - top[:, None]).sum(axis=1)) - scaled[np.arange(len(y)), y]))

    return round(float(np.exp(minimize_scalar(loss, bounds=(-3.0, 2.0), method="bounded").x)), 4)


def fit_platt(logits: NDArray[Any], answers: NDArray[Any]) -> tuple[float, float]:
    """Scale and offset (Platt's method, with his smoothed targets) of one label's held-out logits against yes or no."""
    from scipy.optimize import minimize

    z, y = np.asarray(logits, np.float64), np.asarray(answers, bool)
    positive, negative = int(y.sum()), int((~y).sum())
    target = np.where(y, (positive + 1) / (positive + 2), 1 / (negative + 2))

    def loss(parameters: NDArray[Any]) -> float:
        t = parameters[0] * z + parameters[1]
        return float(np.mean(np.logaddexp(0.0, t) - target * t))

    scale, offset = minimize(loss, np.array([1.0, 0.0]), method="BFGS").x
    return round(float(scale), 4), round(float(offset), 4)
