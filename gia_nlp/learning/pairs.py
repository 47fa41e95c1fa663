"""Fitting of the model of pairs (:mod:`gia_nlp.problems.pair_model`): two logistic regressions and a threshold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gia_nlp.learning.fitting import fit_softmax
from gia_nlp.problems.drafts import Draft
from gia_nlp.problems.pair_features import FIRST, SECOND, pair_table, rivals
from gia_nlp.problems.pair_model import PairModel, rule_table

_BARS = np.arange(0.3, 0.71, 0.02)


@dataclass(frozen=True, slots=True)
class PairTable:
    """The pairs of a text: what speaks for each, whether the rules make it, whether it is right; ``gold``: how many are right."""

    style: str
    told: NDArray[np.float64]
    rules: NDArray[np.bool_]
    right: NDArray[np.bool_]
    gold: int


def table_of(
    row: Mapping[str, Any],
    drafts: Sequence[Draft],
    subjects: NDArray[np.float64],
    rules: Sequence[tuple[int, ...]],
    matched: Mapping[int, int],
) -> PairTable:
    """The pairs among found points; ``matched`` leads from them to the annotated ones."""
    problems, remedies, told = pair_table(drafts, subjects)
    right = np.zeros(told.shape[:2], bool)
    for i, a in enumerate(problems):
        answers = row["items"][matched[a]]["remedies"] if a in matched else ()
        for k, b in enumerate(remedies):
            right[i, k] = matched.get(b) in answers if b in matched else False
    return PairTable(
        row["style"], told, rule_table(problems, remedies, rules), right, sum(len(i["remedies"]) for i in row["items"])
    )


def fit_pairs(tables: Sequence[PairTable], *, strength: float, vote: float) -> PairModel:
    """The model of some texts' pairs. Raises ``ValueError`` if none of them is right, or each."""
    held = [t for t in tables if t.right.size]
    if not held:
        raise ValueError("no text has a problem and a remedy")
    answers = np.concatenate([t.right.ravel() for t in held])
    first = _fit(np.concatenate([t.told.reshape(-1, len(FIRST)) for t in held]), answers, FIRST, strength)
    weights = np.array([first[name] for name in FIRST])
    standing = [rivals(t.told @ weights, t.told).reshape(-1, len(SECOND)) for t in held]
    second = _fit(np.concatenate(standing), answers, SECOND, strength)
    gold = sum(t.gold for t in tables)

    def quality(bar: float) -> float:
        model = PairModel(first, second, vote, bar)
        kept = np.concatenate([model.kept(t.told, t.rules).ravel() for t in held])
        return 2 * float((kept & answers).sum()) / max(float(kept.sum()) + gold, 1.0)

    return PairModel(first, second, vote, round(float(max(_BARS, key=quality)), 2))


def _fit(
    table: NDArray[np.float64], answers: NDArray[np.bool_], names: Sequence[str], strength: float
) -> dict[str, float]:
    rows = [{n: float(v) for n, v in zip(names, line, strict=True) if v and n != "one"} for line in table]
    fitted = fit_softmax(rows, ["yes" if a else "no" for a in answers], strength=strength, min_count=1)
    slopes = dict(zip(fitted.index.names, (fitted.weights[:, 1] - fitted.weights[:, 0]).tolist(), strict=True))
    slopes["one"] = float(fitted.intercepts[1] - fitted.intercepts[0])
    return {name: round(slopes.get(name, 0.0), 4) for name in names}
