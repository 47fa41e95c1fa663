"""The categories of points by model and rules together.

For every point and category three witnesses are pooled, each as evidence on the scale of log odds: what the model makes of
the words (``own``), what the rules' cues weigh (``weight``, ``given``), and what is known of the points that it is paired with
(``partner``): a remedy and the problem that it answers are about the same. The weights of the pool are learned on texts
of authors whom neither the model nor the rules have seen, so its probabilities can be believed as scores.

Decision: a category is given from its threshold on. Where none reaches its threshold, the duty of the guide's five (主动公开,
依申请公开, 政府信息管理, 平台建设, 监督保障) that is likeliest as a whole is given, by its likeliest category; ``other`` stands alone,
where no duty is likelier than it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gia_nlp.linear import LinearClassifier
from gia_nlp.problems.category_features import category_row
from gia_nlp.problems.classifying import Evidence
from gia_nlp.vocabulary.categories import categories, threshold

OTHER = "other"
_WITNESSES = ("own", "weight", "given", "partner", "alone", "unlearned")


def duty_of(category: str) -> str:
    """The duty of the form that a category falls under; one that the vocabulary does not know is a duty of its own.

    >>> duty_of("timeliness"), duty_of("harbour")
    ('proactive', 'harbour')
    """
    known = categories().get(category)
    return known.duty if known else category


def log_odds(probabilities: NDArray[Any]) -> NDArray[np.float64]:
    """Log odds, bounded so that no witness decides alone."""
    p = np.clip(np.asarray(probabilities, np.float64), 0.002, 0.998)
    return np.asarray(np.log(p / (1 - p)))


@dataclass(frozen=True, slots=True)
class Pool:
    """The weights of the witnesses, by name, and the constant."""

    weights: Mapping[str, float]
    constant: float

    def probabilities(self, witnesses: NDArray[np.float64]) -> NDArray[np.float64]:
        """From witnesses of shape (points, labels, number of witnesses)."""
        logits = witnesses @ np.array([self.weights[name] for name in _WITNESSES]) + self.constant
        return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))))


class CategoryModel:
    """Categories of points from their words, the rules' cues and the points they are paired with.

    ``words`` is the model of words; its labels may hold categories that the vocabulary does not know, and lack some that it
    knows: those are decided by the rules alone. ``thresholds`` maps labels to probabilities.
    """

    def __init__(self, words: LinearClassifier, pool: Pool, thresholds: Mapping[str, float]) -> None:
        self.words, self.pool, self.thresholds = words, pool, dict(thresholds)

    @property
    def labels(self) -> tuple[str, ...]:
        """The vocabulary's categories in its order, those that only the model knows before the last one (``other``)."""
        known = tuple(categories())
        extra = sorted(set(self.words.labels) - set(known))
        return (*known[:-1], *extra, known[-1]) if known[-1] == OTHER else (*known, *extra)

    def own(self, texts: Sequence[str], evidences: Sequence[Evidence]) -> NDArray[np.float32]:
        """The log odds by the words alone, shape (points, labels of ``words``)."""
        return self.words.logits(category_row(t, e) for t, e in zip(texts, evidences, strict=True))

    def probabilities(
        self, own: NDArray[Any], evidences: Sequence[Evidence], links: Iterable[tuple[int, int]] = ()
    ) -> NDArray[np.float64]:
        """Shape (points, labels). ``own``: from :meth:`own`; ``links``: pairs of points that belong together (problem and remedy)."""
        alone = self.pool.probabilities(witnesses(self.labels, self.words.labels, own, evidences, None))
        links = list(links)
        if links:
            partner = partners(alone, links)
            alone = self.pool.probabilities(witnesses(self.labels, self.words.labels, own, evidences, partner))
        for k, name in enumerate(self.labels):
            if name not in self.words.labels:  # a user's own, of which the model knows nothing
                alone[:, k] = [by_rules(e.weights.get(name, 0.0)) for e in evidences]
        return alone

    def decide(self, probabilities: NDArray[np.float64]) -> list[tuple[tuple[str, ...], tuple[float, ...]]]:
        """For each point its categories in order, with their probabilities."""
        bars = np.array([self.thresholds.get(name, 0.4) for name in self.labels])
        return [decide(row, self.labels, bars) for row in probabilities]

    def to_disk(self, folder: str | Path) -> None:
        """Writes the model of words and ``pool.json``."""
        folder = Path(folder)
        self.words.to_disk(folder)
        content = {"weights": self.pool.weights, "constant": self.pool.constant, "thresholds": self.thresholds}
        (folder / "pool.json").write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def from_disk(cls, folder: str | Path) -> CategoryModel:
        """Reads what :meth:`to_disk` wrote. Raises ``OSError`` or ``ValueError``."""
        folder = Path(folder)
        content = json.loads((folder / "pool.json").read_text(encoding="utf-8"))
        pool = Pool(content["weights"], content["constant"])
        return cls(LinearClassifier.from_disk(folder), pool, content["thresholds"])


def witnesses(
    labels: Sequence[str],
    learned: Sequence[str],
    own: NDArray[Any],
    evidences: Sequence[Evidence],
    partner: NDArray[np.float64] | None,
) -> NDArray[np.float64]:
    """What speaks for each point and label, shape (points, labels, witnesses); ``own`` has the columns ``learned``."""
    table = np.zeros((len(evidences), len(labels), len(_WITNESSES)))
    for k, name in enumerate(learned):
        table[:, labels.index(name), 0] = own[:, k]
    bar = threshold()
    for i, evidence in enumerate(evidences):
        for name, weight in evidence.weights.items():
            k = labels.index(name)
            table[i, k, 1] = min(weight, 2.0)
            table[i, k, 2] = float(weight >= bar)
    if partner is not None:
        told = ~np.isnan(partner)
        table[:, :, 3] = np.where(told, np.nan_to_num(partner), 0.0)
        table[:, :, 4] = ~told
    else:
        table[:, :, 4] = 1.0
    table[:, [k for k, name in enumerate(labels) if name not in learned], 5] = 1.0
    return table


def by_rules(weight: float) -> float:
    """The probability of a category that only the rules know: that of their cues where they suffice.

    >>> by_rules(1.0), by_rules(0.0)
    (0.5, 0.0)
    """
    return 1 - 0.5**weight if weight >= threshold() else 0.0


def partners(probabilities: NDArray[np.float64], links: Iterable[tuple[int, int]]) -> NDArray[np.float64]:
    """The greatest log odds of each label among the points that a point is linked with; ``nan`` where there is none.

    >>> partners(np.array([[0.5], [0.9], [0.1]]), [(0, 1)]).round(1).tolist()
    [[2.2], [0.0], [nan]]
    """
    odds = log_odds(probabilities)
    found = np.full(probabilities.shape, np.nan)
    for a, b in links:
        found[a] = np.fmax(found[a], odds[b])
        found[b] = np.fmax(found[b], odds[a])
    return found


def decide(
    row: NDArray[np.float64], labels: Sequence[str], bars: NDArray[np.float64]
) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """The categories of one point by their probabilities: the rule of this module's head.

    >>> labels = ("coverage", "timeliness", "capacity", "other")
    >>> decide(np.array([0.3, 0.3, 0.35, 0.2]), labels, np.full(4, 0.4))  # 主动公开 as a whole is likelier than 监督保障
    (('coverage',), (0.3,))
    >>> decide(np.array([0.1, 0.1, 0.1, 0.6]), labels, np.full(4, 0.4))
    (('other',), (0.6,))
    """
    chosen = [k for k, name in enumerate(labels) if name != OTHER and row[k] >= bars[k]]
    if not chosen:
        duties: dict[str, list[int]] = {}
        for k, name in enumerate(labels):
            duties.setdefault(OTHER if name == OTHER else duty_of(name), []).append(k)
        best = max(duties.values(), key=lambda members: 1 - np.prod(1 - row[members]))
        chosen = [max(best, key=lambda k: row[k])]
    return tuple(labels[k] for k in chosen), tuple(round(float(row[k]), 4) for k in chosen)
