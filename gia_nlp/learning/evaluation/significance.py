"""Whether one system is better than another on the same documents.

Both systems answer the same documents, so they are compared pair by pair. The interval of the difference comes from the paired
bootstrap (both systems on the same resampled documents). The p-value comes from approximate randomisation (Noreen 1989): if the
systems were alike, swapping their answers on any document would change nothing, so the share of random swaps whose difference is at
least as large, of either sign, says how surprising the observed one is. It assumes nothing about how F1 is distributed and, unlike a
p-value read off the bootstrap, stays valid on few documents. With so few documents that every swap can be tried, every swap is.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gia_nlp.learning.evaluation.bootstrap import draws, percentile_interval
from gia_nlp.learning.evaluation.measures import MEASURES, Counts, Sums

if TYPE_CHECKING:
    import pandas as pd

_ROUNDING = 1e-12


def compare_counts(
    system: Counts, baseline: Counts, *, resamples: int = 1000, swaps: int = 10_000, seed: int = 0
) -> pd.DataFrame:
    """A row a measure: measure, kind, value, baseline, difference, low, high, p, p_holm, documents.

    Both must hold the same documents in the same order. ``p_holm`` is the p-value corrected for the number of measures compared
    (Holm). Measures that only one of them has anything for are left out. Raises ``ValueError`` for different documents.
    """
    import pandas as pd

    n = len(system)
    if n != len(baseline):
        raise ValueError(f"{n} documents against {len(baseline)}: compare both on the same gold")
    names = sorted({*system.names, *baseline.names})
    a, b = system.aligned(names), baseline.aligned(names)
    total_a, total_b = Sums(names, a.sum(axis=0)), Sums(names, b.sum(axis=0))
    chosen = [m for m in MEASURES if total_a.n(m) > 0 and total_b.n(m) > 0]
    weights = draws(n, resamples, seed) if n > 1 and resamples else None
    swapped = _swaps(n, swaps, seed)
    drawn_a = drawn_b = None
    if weights is not None:
        drawn_a, drawn_b = Sums(names, weights @ a), Sums(names, weights @ b)
    mixed_a, mixed_b = Sums(names, swapped @ b + (1 - swapped) @ a), Sums(names, swapped @ a + (1 - swapped) @ b)
    exact = len(swapped) == 2**n if n < 63 else False
    rows: list[dict[str, Any]] = []
    for measure in chosen:
        value, other = float(total_a.value(measure)), float(total_b.value(measure))
        low = high = float("nan")
        if drawn_a is not None and drawn_b is not None:
            low, high = percentile_interval(drawn_a.value(measure) - drawn_b.value(measure))
        changed = np.abs(mixed_a.value(measure) - mixed_b.value(measure))
        known = changed[~np.isnan(changed)]
        as_large = int((known >= abs(value - other) - _ROUNDING).sum())
        p = as_large / len(known) if exact and len(known) else (as_large + 1) / (len(known) + 1)
        rows.append({"measure": measure.name, "kind": measure.kind, "value": value, "baseline": other,
                     "difference": value - other, "low": low, "high": high, "p": p})  # fmt: skip
    for row, corrected in zip(rows, holm([float(r["p"]) for r in rows]), strict=True):
        row |= {"p_holm": corrected, "documents": n}
    columns = ["measure", "kind", "value", "baseline", "difference", "low", "high", "p", "p_holm", "documents"]
    return pd.DataFrame(rows, columns=columns)


def _swaps(documents: int, wanted: int, seed: int) -> NDArray[np.float64]:
    """Which documents are swapped in each trial: all patterns if they are no more than ``wanted``, else random ones."""
    if documents < 63 and 2**documents <= wanted:
        return np.array(list(product((0.0, 1.0), repeat=documents))).reshape(2**documents, documents)
    return np.random.default_rng(seed).integers(0, 2, size=(wanted, documents)).astype(np.float64)


def holm(p_values: list[float]) -> list[float]:
    """P-values corrected for their number by Holm's step-down method.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    corrected = [0.0] * len(p_values)
    largest = 0.0
    for rank, i in enumerate(order):
        largest = max(largest, min(1.0, p_values[i] * (len(p_values) - rank)))
        corrected[i] = largest
    return corrected
