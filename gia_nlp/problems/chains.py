"""Rows of labels and their sums: the arithmetic of the conditional random field of :mod:`gia_nlp.problems.boundaries`.

A section has some thirty pieces and a piece seven labels: numbers so few that a call of numpy costs more than what it computes. So
what can be walked together is walked together, and a step is two or three calls with the places for their results made
beforehand (half the time of the plain formulas, and less in long sections).
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

LABELS = ("BP", "IP", "BR", "IR", "O", "OP", "OR")
OFFSETS = (-2, -1, 0, 1, 2)
_NEVER = -30.0
_FIRST = np.array([0.0, _NEVER, 0.0, _NEVER, 0.0, _NEVER, _NEVER])  # a row begins with a point or before any
_FIRST_SHARES = np.exp(_FIRST)
_SOON = 8  # steps after which sums are brought back to about 1, long before they could grow too small for a float
_POINTS = [0, 1, 2, 3]  # the labels inside points
_ONWARD = [1, 1, 3, 3]  # those with which the same points go on


def gather(said: NDArray[Any]) -> NDArray[np.float64]:
    """Sums what pieces say of themselves and of their neighbours; ``said`` has shape (pieces, offsets, labels).

    Offset ``d`` is where the speaking piece stands, seen from the piece that is spoken of.
    """
    total = np.zeros((said.shape[0], said.shape[2]))
    for k, d in enumerate(OFFSETS):
        if abs(d) >= len(said) and d:
            continue
        if d < 0:
            total[-d:] += said[:d, k]
        elif d:
            total[:-d] += said[d:, k]
        else:
            total += said[:, k]
    return total


class Chain:
    """What follows what: ``transitions`` (from, to) over :data:`LABELS`, with what is made of them once."""

    def __init__(self, transitions: NDArray[Any]) -> None:
        self.transitions = np.asarray(transitions, np.float64)
        labels = len(LABELS)
        if self.transitions.shape != (labels, labels):
            raise ValueError(f"transitions of shape {self.transitions.shape} for {labels} labels")
        # Forward and backward, for some tables each; where a way comes from stands last, for the maximum.
        self._moves = np.stack((self.transitions.T, self.transitions))[:, None]
        self._steps = np.exp(self.transitions - self.transitions.max())
        self._goes_on, self._inside = self._steps[_POINTS, _ONWARD], self._steps[_POINTS].T
        # Forward and backward sums in one walk: one half of a row goes from the first piece on, the other from the last one back.
        self._both = np.zeros((2 * labels, 2 * labels))
        self._both[:labels, :labels], self._both[labels:, labels:] = self._steps, self._steps.T

    def likeliest(self, tables: NDArray[np.float64]) -> list[list[int]]:
        """The label numbers of the best row (Viterbi) of each of some tables of one length, shape (tables, pieces, labels).

        Rows are walked from both ends at once and joined behind the middle: half the steps, a third less time.
        """
        count, length, labels = tables.shape
        half, pieces = length // 2, tables.swapaxes(0, 1)
        if not half:
            return [[int(k)] for k in (pieces[0] + _FIRST).argmax(axis=1)]
        best = np.empty(
            (half, 2, count, labels)
        )  # becomes the best way from an end to a piece with a label, by direction
        best[:, 0], best[:, 1] = pieces[:half], pieces[: -half - 1 : -1]
        best[0, 0] += _FIRST
        before, after = list(best[:, :, :, None, :]), list(best)
        ways, reached = np.empty((2, count, labels, labels)), np.empty((2, count, labels))
        for t in range(1, half):
            np.add(before[t - 1], self._moves, out=ways)
            np.maximum.reduce(ways, axis=3, out=reached)
            after[t] += reached
        came_from = (best[:-1, :, :, None, :] + self._moves).argmax(axis=4).tolist()
        left, right = best[-1]
        middle: list[list[int]] = []
        if length % 2:
            into = left[:, None, :] + self._moves[0]
            middle = into.argmax(axis=2).tolist()
            left = into.max(axis=2) + pieces[half]
        joined = left[:, :, None] + self.transitions + right[:, None, :]
        found = []
        for k, place in enumerate(joined.reshape(count, -1).argmax(axis=1).tolist()):
            last, first = divmod(place, labels)
            head, tail = [last], [first]
            if middle:
                head.append(middle[k][last])
            for back, on in reversed(came_from):
                head.append(back[k][head[-1]])
                tail.append(on[k][tail[-1]])
            found.append(head[::-1] + tail)
        return found

    def marginals(self, table: NDArray[np.float64]) -> Marginals:
        """How likely points are among all rows of labels; ``table`` has shape (pieces, labels)."""
        length, labels = table.shape
        weights = np.exp(table - table.max(axis=1, keepdims=True))
        walk = np.concatenate((weights, weights[::-1]), axis=1)
        walk[0, :labels] *= _FIRST_SHARES
        rows = list(walk)
        moved = np.empty(2 * labels)
        for t in range(1, length):
            np.dot(rows[t - 1], self._both, out=moved)
            rows[t] *= moved
            if not t % _SOON:
                halves = rows[t].reshape(2, labels)
                halves /= halves.max(axis=1, keepdims=True)
        ahead, behind = walk[:, :labels], walk[::-1, labels:]
        shares = np.array(ahead)
        shares[:-1] *= behind[1:] @ self._steps.T
        shares /= shares.sum(axis=1, keepdims=True)
        # From each of the labels inside points, how likely the next piece goes on with the point.
        onward = behind[:, _ONWARD] * self._goes_on / (behind @ self._inside)
        return Marginals(shares.tolist(), onward.tolist())


@dataclass(frozen=True, slots=True)
class Marginals:
    """How likely labels are (``shares``, by piece and label), and how likely a point that holds the piece before goes on
    (``onward``, by piece and the label of the piece before: BP, IP, BR, IR)."""

    shares: list[list[float]]
    onward: list[list[float]]

    def log_odds(self, first: int, last: int, kind: str) -> float:
        """Of the event that a point of a kind (``P``, ``R``) begins at piece ``first`` and ends with ``last``."""
        label = LABELS.index("B" + kind)
        p = self.shares[first][label]
        for t in range(first + 1, last + 1):
            p *= self.onward[t][label]
            label = LABELS.index("I" + kind)
        if last + 1 < len(self.shares):
            p *= 1 - self.onward[last + 1][label]
        p = min(max(p, 1e-6), 1 - 1e-6)
        return math.log(p / (1 - p))


def runs(path: Sequence[str]) -> list[tuple[int, int, str]]:
    """Points in a row of labels as (first piece, last piece, kind letter).

    >>> runs(["O", "BP", "IP", "BP", "OP", "BR"])
    [(1, 2, 'P'), (3, 3, 'P'), (5, 5, 'R')]
    """
    found: list[tuple[int, int, str]] = []
    before = "O"
    for k, label in enumerate(path):
        if label[0] == "B" or (label[0] == "I" and (before[0] == "O" or before[1:] != label[1:])):
            found.append((k, k, label[1]))
        elif label[0] == "I":
            found[-1] = (found[-1][0], k, label[1])
        before = label
    return found


def label_pieces(spans: Sequence[tuple[int, int]], points: Sequence[tuple[int, int, str]]) -> list[str]:
    """The labels that points (start, end, kind letter) give to pieces at ``spans``; offsets of either kind, if of the same."""
    labels = ["O"] * len(spans)
    ends = [e for _, e in spans]
    for start, end, kind in points:
        name = "B" + kind
        for k in range(bisect_right(ends, start), len(spans)):
            s, e = spans[k]
            if s >= end:
                break
            common = min(e, end) - max(s, start)
            if common > 0.5 * (e - s) or (common > 0 and common >= 0.6 * (end - start)):
                labels[k] = name
                name = "I" + kind
    behind = ""
    for k, label in enumerate(labels):
        if label == "O":
            labels[k] = "O" + behind
        else:
            behind = label[1]
    return labels
