"""A linear classifier: weights over named features, a link to probabilities, and its calibration."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from gia_nlp.linear.features import FeatureIndex, Row, SparseRows

Link = Literal["softmax", "sigmoid"]
_ARRAYS = ("weights", "intercepts", "scale", "offset")


class LinearClassifier:
    """Probabilities of labels from named features.

    ``weights`` has shape (features, labels). ``link`` ``softmax``: one label an example, probabilities sum to 1;
    ``sigmoid``: each label by itself (several, one or none may hold). ``scale`` and ``offset`` (one number a label)
    calibrate the logits before the link: Platt's method for ``sigmoid``, a temperature for ``softmax``.

    >>> index = FeatureIndex(["short", "tall"])
    >>> model = LinearClassifier(index, ("no", "yes"), np.array([[2.0, 0.0], [0.0, 2.0]]), np.zeros(2))
    >>> [model.labels[i] for i in model.probabilities([["tall"], ["short", "unseen"]]).argmax(axis=1)]
    ['yes', 'no']
    """

    def __init__(
        self,
        index: FeatureIndex,
        labels: Sequence[str],
        weights: NDArray[Any],
        intercepts: NDArray[Any],
        *,
        link: Link = "softmax",
        scale: NDArray[Any] | None = None,
        offset: NDArray[Any] | None = None,
    ) -> None:
        self.index, self.labels, self.link = index, tuple(labels), link
        weights = np.asarray(weights)
        self._rows = np.zeros((len(weights) + 1, *weights.shape[1:]), np.float32)  # the last is of a feature not known
        self._rows[:-1] = weights
        self.weights = self._rows[:-1]
        self.intercepts = np.asarray(intercepts, np.float32)
        self.scale = np.ones(len(self.labels), np.float32) if scale is None else np.asarray(scale, np.float32)
        self.offset = np.zeros(len(self.labels), np.float32) if offset is None else np.asarray(offset, np.float32)
        if self.weights.shape != (len(index), len(self.labels)):
            raise ValueError(f"weights of shape {self.weights.shape} for {len(index)} features, {len(labels)} labels")
        if any(getattr(self, name).shape != (len(self.labels),) for name in _ARRAYS[1:]):
            raise ValueError("intercepts, scale and offset need one number a label")
        if link not in ("softmax", "sigmoid"):
            raise ValueError(f"unknown link {link!r}")

    def logits(self, rows: Iterable[Row] | SparseRows) -> NDArray[np.float32]:
        """Uncalibrated scores, shape (rows, labels)."""
        sparse = rows if isinstance(rows, SparseRows) else self.index.rows(rows)
        result = np.repeat(self.intercepts[None, :], len(sparse), axis=0)
        full = np.flatnonzero(np.diff(sparse.starts))  # reduceat cannot sum nothing
        if len(full):
            parts = self.weights[sparse.columns] * sparse.values[:, None]
            result[full] += np.add.reduceat(parts, sparse.starts[full], axis=0)
        return result

    def sums(self, columns: Sequence[int], sizes: Sequence[int]) -> NDArray[np.float32]:
        """The sums of the weights of known columns for each row, without intercepts: shape (rows, labels).

        ``columns``: those of all rows in one, with ``len(index)`` for a feature that the index does not know; ``sizes``: how many of them
        each row has, at least one.

        >>> index = FeatureIndex(["short", "tall"])
        >>> model = LinearClassifier(index, ("no", "yes"), np.array([[2.0, 0.0], [0.0, 3.0]]), np.array([0.5, 0.0]))
        >>> model.sums([1, 0, 2], [2, 1]).tolist()
        [[2.0, 3.0], [0.0, 0.0]]
        """
        if not len(sizes):
            return np.zeros((0, len(self.labels)), np.float32)
        starts = np.cumsum([0, *sizes[:-1]])
        return np.asarray(np.add.reduceat(self._rows.take(columns, axis=0), starts, axis=0))

    def probabilities(self, rows: Iterable[Row] | SparseRows) -> NDArray[np.float32]:
        """Calibrated probabilities, shape (rows, labels)."""
        logits = self.logits(rows) * self.scale + self.offset
        if self.link == "sigmoid":
            return (1.0 / (1.0 + np.exp(-np.clip(logits, -60, 60)))).astype(np.float32)
        if not len(logits):
            return logits
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)

    def to_disk(self, folder: str | Path) -> None:
        """Writes ``classifier.json``, ``features.json`` and an ``.npy`` file an array."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        head = json.dumps({"labels": self.labels, "link": self.link}, ensure_ascii=False, indent=1)
        (folder / "classifier.json").write_text(head + "\n", encoding="utf-8")
        self.index.to_disk(folder / "features.json")
        for name in _ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self, name), allow_pickle=False)

    @classmethod
    def from_disk(cls, folder: str | Path) -> LinearClassifier:
        """Reads what :meth:`to_disk` wrote, without executing any of it. Raises ``OSError`` or ``ValueError``."""
        folder = Path(folder)
        head = json.loads((folder / "classifier.json").read_text(encoding="utf-8"))
        arrays = {name: np.load(folder / f"{name}.npy", allow_pickle=False) for name in _ARRAYS}
        index = FeatureIndex.from_disk(folder / "features.json")
        return cls(index, head["labels"], link=head["link"], **arrays)
