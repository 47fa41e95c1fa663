"""Which remedies answer which problem, by a model over all pairs of a report.

Two steps, each a logistic regression with named weights that can be read off: the first scores a pair by itself (place, marks,
common subject, rare words in common); the second sees how that score stands among the rivals of the same problem and of the same
remedy. The pairs of the rules vote with a fixed weight. A pair from the threshold on is kept; and where a pair of headings has one
problem alone, the remedies that the rules give it are kept all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import compress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gia_nlp.problems.drafts import Draft
from gia_nlp.problems.pair_features import FIRST, SECOND, pair_table, rivals

_ONLY_PROBLEM = FIRST.index("only_problem")
MOST = 10_000  # pairs looked at: no real report comes near, and garbage shall not cost squares


class PairModel:
    """Weights by name of the first and the second step, the weight of the rules' vote, and the threshold."""

    def __init__(self, first: Mapping[str, float], second: Mapping[str, float], vote: float, threshold: float) -> None:
        self.first, self.second, self.vote, self.threshold = dict(first), dict(second), vote, threshold
        self._first = np.array([self.first[name] for name in FIRST])
        self._second = np.array([self.second[name] for name in SECOND])

    def probabilities(self, told: NDArray[np.float64], rules: NDArray[np.bool_]) -> NDArray[np.float64]:
        """From what speaks for each pair (:func:`gia_nlp.problems.pair_features.pair_table`), shape (problems, remedies).

        ``rules``, of the same shape, holds the pairs that the rules make.
        """
        scores = told @ self._first
        if not scores.size:
            return np.asarray(scores)
        logits = rivals(scores, told) @ self._second + np.where(rules, self.vote, -self.vote)
        return np.asarray(1 / (1 + np.exp(-np.minimum(np.maximum(logits, -30.0), 30.0))))

    def kept(self, told: NDArray[np.float64], rules: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which pairs are kept."""
        alone = told[:, :, _ONLY_PROBLEM] > 0
        return np.asarray((self.probabilities(told, rules) >= self.threshold) | (alone & rules))

    def pair(
        self, drafts: Sequence[Draft], subjects: NDArray[np.float64], rules: Sequence[tuple[int, ...]]
    ) -> list[tuple[int, ...]]:
        """For every point the remedies that answer it; ``rules`` are the answers that the rules give."""
        kinds = [d.kind for d in drafts]
        if kinds.count("problem") * kinds.count("remedy") > MOST:
            return list(rules)
        problems, remedies, told = pair_table(drafts, subjects)
        answers: list[tuple[int, ...]] = [()] * len(drafts)
        if problems and remedies:
            kept = self.kept(told, rule_table(problems, remedies, rules))
            for a, row in zip(problems, kept.tolist(), strict=True):
                answers[a] = tuple(compress(remedies, row))
        return answers

    def to_disk(self, folder: str | Path) -> None:
        """Writes ``pairs.json``."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        content = {"first": self.first, "second": self.second, "vote": self.vote, "threshold": self.threshold}
        (folder / "pairs.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def from_disk(cls, folder: str | Path) -> PairModel:
        """Reads what :meth:`to_disk` wrote. Raises ``OSError`` or ``ValueError``."""
        return cls(**json.loads((Path(folder) / "pairs.json").read_text(encoding="utf-8")))


def rule_table(problems: Sequence[int], remedies: Sequence[int], rules: Sequence[tuple[int, ...]]) -> NDArray[np.bool_]:
    """The rules' answers as a table of problems and remedies.

    >>> rule_table([0, 1], [2], [(2,), (), ()]).tolist()
    [[True], [False]]
    """
    return np.array([[b in rules[a] for b in remedies] for a in problems], bool).reshape(len(problems), len(remedies))
