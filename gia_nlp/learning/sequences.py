"""Fitting a linear-chain conditional random field: labels of pieces in a row, from features of each and of its neighbours.

Plain numpy and L-BFGS over all sequences at once (padded to one length), so that it takes seconds, needs no further library, and
gives the same numbers for the same data.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def fit_chain(
    matrix: Any, labels: NDArray[np.int64], lengths: Sequence[int], size: int, *, penalty: float, max_iterations: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weights (features, ``size``) and transitions (from, to) that make the labels likeliest.

    ``matrix`` is a sparse (pieces, features) matrix of all sequences one after the other, ``labels`` their label numbers,
    ``lengths`` how many pieces each has. ``penalty`` is the factor of the squared weights.
    """
    from scipy.optimize import minimize
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    chain = _Chain(matrix, labels, [n for n in lengths if n], size, penalty)
    with threadpool_limits(limits=1):  # sums of several threads come in no fixed order
        found = minimize(
            chain.loss,
            np.zeros(chain.features * size + size * size),
            jac=True,
            method="L-BFGS-B",
            options={"maxiter": max_iterations, "maxcor": 8},
        )
    return chain.parts(found.x)


class _Chain:
    """The data of a fit, and the loss with its gradient."""

    def __init__(self, matrix: Any, labels: NDArray[np.int64], lengths: list[int], size: int, penalty: float) -> None:
        self.matrix, self.turned = matrix.tocsr().astype(np.float64), matrix.T.tocsr().astype(np.float64)
        self.size, self.penalty, self.features = size, penalty, matrix.shape[1]
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64)
        self.places = np.full((len(lengths), max(lengths)), -1)
        for row, (start, n) in enumerate(zip(starts, lengths, strict=True)):
            self.places[row, :n] = np.arange(start, start + n)
        self.real = self.places >= 0
        self.truth = np.zeros((len(labels), size))
        self.truth[np.arange(len(labels)), labels] = 1
        self.steps = np.zeros((size, size))
        follows = np.ones(len(labels), bool)
        follows[starts] = False
        at = np.flatnonzero(follows)
        np.add.at(self.steps, (labels[at - 1], labels[at]), 1)
        self.seen = self.turned @ self.truth

    def parts(self, flat: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        cut = self.features * self.size
        return flat[:cut].reshape(self.features, self.size), flat[cut:].reshape(self.size, self.size)

    def loss(self, flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights, transitions = self.parts(flat)
        scores = self.matrix @ weights
        table = np.zeros((*self.places.shape, self.size))
        table[self.real] = scores[self.places[self.real]]
        ahead, back = np.zeros_like(table), np.zeros_like(table)
        ahead[:, 0] = table[:, 0]
        last = table.shape[1]
        for t in range(1, last):
            step = _spread(ahead[:, t - 1], transitions) + table[:, t]
            ahead[:, t] = np.where(self.real[:, t, None], step, ahead[:, t - 1])
        top = ahead[:, -1].max(axis=1)
        total = top + np.log(np.exp(ahead[:, -1] - top[:, None]).sum(axis=1))
        for t in range(last - 2, -1, -1):
            step = _spread(back[:, t + 1] + table[:, t + 1], transitions.T)
            back[:, t] = np.where(self.real[:, t + 1, None], step, 0.0)
        expected = np.zeros_like(transitions)
        for t in range(1, last):
            held = self.real[:, t]
            pairs = ahead[held, t - 1][:, :, None] + transitions + (table[held, t] + back[held, t])[:, None, :]
            expected += np.exp(pairs - total[held, None, None]).sum(axis=0)
        share = np.zeros_like(scores)
        share[self.places[self.real]] = np.exp(ahead + back - total[:, None, None])[self.real]
        value = total.sum() - (scores * self.truth).sum() - (transitions * self.steps).sum()
        slope = np.concatenate([(self.turned @ share - self.seen).ravel(), (expected - self.steps).ravel()])
        return float(value + self.penalty * flat @ flat), slope + 2 * self.penalty * flat


def _spread(scores: NDArray[np.float64], transitions: NDArray[np.float64]) -> NDArray[np.float64]:
    """log(exp(scores) @ exp(transitions)), row by row."""
    top, most = scores.max(axis=1, keepdims=True), transitions.max()
    return np.asarray(np.log(np.exp(scores - top) @ np.exp(transitions - most) + 1e-300) + top + most)
