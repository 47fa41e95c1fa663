"""Fitting linear classifiers with scikit-learn, so that the same rows and seed give the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gia_nlp.linear import FeatureIndex, LinearClassifier, Row

_DIGITS = 4  # of a weight: more would only keep the noise of the last iteration


def fit_softmax(
    rows: Sequence[Row],
    answers: Sequence[str],
    *,
    strength: float,
    min_count: int = 2,
    weights: Sequence[float] | None = None,
    max_iterations: int = 200,
    index: FeatureIndex | None = None,
) -> LinearClassifier:
    """A softmax classifier over all labels that occur, sorted. ``strength`` is scikit-learn's ``C``: less regularises more.

    ``index`` names the features to use, where several classifiers share them; else those of at least ``min_count`` rows.
    """
    index = index or FeatureIndex.fit(rows, min_count=min_count)
    labels = tuple(sorted(set(answers)))
    if len(labels) < 2:
        raise ValueError("a classifier needs examples of two labels or more")
    place = {label: i for i, label in enumerate(labels)}
    y = np.array([place[a] for a in answers])
    coefficients, intercepts = _logistic(index.rows(rows).to_scipy(), y, strength, weights, max_iterations)
    if len(labels) == 2:  # scikit-learn keeps one column for two labels
        coefficients = np.vstack([-coefficients[0] / 2, coefficients[0] / 2])
        intercepts = np.array([-intercepts[0] / 2, intercepts[0] / 2])
    return LinearClassifier(index, labels, _rounded(coefficients.T), _rounded(intercepts), link="softmax")


def fit_sigmoid(
    rows: Sequence[Row],
    answers: NDArray[Any],
    labels: Sequence[str],
    *,
    strength: float,
    min_count: int = 2,
    weights: Sequence[float] | None = None,
    max_iterations: int = 200,
) -> LinearClassifier:
    """One classifier a label, each by itself; ``answers`` has shape (rows, labels) of yes and no.

    A label without a single example (or with nothing but examples) gets no weights and its share as a constant.
    """
    index = FeatureIndex.fit(rows, min_count=min_count)
    matrix = index.rows(rows).to_scipy()
    table = np.asarray(answers, bool)
    coefficients = np.zeros((len(labels), len(index)))
    intercepts = np.zeros(len(labels))
    for i in range(len(labels)):
        y = table[:, i]
        if y.all() or not y.any():
            share = (y.sum() + 0.5) / (len(y) + 1)
            intercepts[i] = np.log(share / (1 - share))
            continue
        fitted, constant = _logistic(matrix, y.astype(int), strength, weights, max_iterations)
        coefficients[i], intercepts[i] = fitted[0], constant[0]
    return LinearClassifier(index, labels, _rounded(coefficients.T), _rounded(intercepts), link="sigmoid")


def _logistic(
    matrix: Any, y: NDArray[Any], strength: float, weights: Sequence[float] | None, max_iterations: int
) -> tuple[NDArray[Any], NDArray[Any]]:
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    model = LogisticRegression(C=strength, max_iter=max_iterations, tol=1e-4)
    # Sums of several threads come in no fixed order and would differ in the last digits.
    with threadpool_limits(limits=1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(matrix.astype(np.float64), y, None if weights is None else np.asarray(weights, np.float64))
    return model.coef_, model.intercept_


def _rounded(values: NDArray[Any]) -> NDArray[np.float32]:
    return (np.round(values, _DIGITS) + 0.0).astype(np.float32)  # no -0.0
