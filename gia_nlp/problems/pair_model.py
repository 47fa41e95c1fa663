"""Which remedies answer which problem, by a model over all pairs of a report.

Two steps, each a logistic regression with named weights that can be read off: the first scores a pair by itself (place, marks,
common subject, rare words in common); the second sees how that score stands among the rivals of the same problem and of the same
remedy. A pair from the threshold on is kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gia_nlp.problems.drafts import Draft
from gia_nlp.problems.pair_features import FIRST, SECOND, pair_table, rivals

MOST = 10_000  # pairs looked at: no real report comes near, and garbage shall not cost squares


class PairModel:
    """Weights by name of the first and the second step, and the threshold."""

    def __init__(self, first: Mapping[str, float], second: Mapping[str, float], threshold: float) -> None:
        self.first, self.second, self.threshold = dict(first), dict(second), threshold

    def probabilities(self, told: NDArray[np.float64]) -> NDArray[np.float64]:
        """From what speaks for each pair (:func:`gia_nlp.problems.pair_features.pair_table`), shape (problems, remedies)."""
        scores = told @ np.array([self.first[name] for name in FIRST])
        if not scores.size:
            return scores
        logits = rivals(scores, told) @ np.array([self.second[name] for name in SECOND])
        return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))))

    def pair(self, drafts: Sequence[Draft], subjects: NDArray[np.float64]) -> list[tuple[int, ...]] | None:
        """For every point the remedies that answer it; None where there are too many to look at each."""
        kinds = [d.kind for d in drafts]
        if kinds.count("problem") * kinds.count("remedy") > MOST:
            return None
        problems, remedies, told = pair_table(drafts, subjects)
        kept = self.probabilities(told) >= self.threshold
        answers: list[tuple[int, ...]] = [() for _ in drafts]
        for i, a in enumerate(problems.tolist()):
            answers[a] = tuple(remedies[kept[i]].tolist())
        return answers

    def to_disk(self, folder: str | Path) -> None:
        """Writes ``pairs.json``."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        content = {"first": self.first, "second": self.second, "threshold": self.threshold}
        (folder / "pairs.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def from_disk(cls, folder: str | Path) -> PairModel:
        """Reads what :meth:`to_disk` wrote. Raises ``OSError`` or ``ValueError``."""
        return cls(**json.loads((Path(folder) / "pairs.json").read_text(encoding="utf-8")))
