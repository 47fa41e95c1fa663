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
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gia_nlp.linear import GramTable, LinearClassifier
from gia_nlp.problems.category_features import CUE, value_of
from gia_nlp.problems.classifying import Evidence
from gia_nlp.vocabulary.active import per_vocabulary
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
    p = np.minimum(np.maximum(np.asarray(probabilities, np.float64), 0.002), 0.998)
    return np.asarray(np.log(p / (1 - p)))


@dataclass(frozen=True, slots=True)
class Pool:
    """The weights of the witnesses, by name, and the constant."""

    weights: Mapping[str, float]
    constant: float

    def probabilities(self, witnesses: NDArray[np.float64]) -> NDArray[np.float64]:
        """From witnesses of shape (points, labels, number of witnesses)."""
        logits = np.dot(witnesses, [self.weights[name] for name in _WITNESSES]) + self.constant
        return np.asarray(1 / (1 + np.exp(np.minimum(np.maximum(-logits, -30.0), 30.0))))


class CategoryModel:
    """Categories of points from their words, the rules' cues and the points they are paired with.

    ``words`` is the model of words; its labels may hold categories that the vocabulary does not know, and lack some that it
    knows: those are decided by the rules alone. ``thresholds`` maps labels to probabilities.
    """

    def __init__(self, words: LinearClassifier, pool: Pool, thresholds: Mapping[str, float]) -> None:
        self.words, self.pool, self.thresholds = words, pool, dict(thresholds)
        self._grams = GramTable(words.index.families().get("n", {}), words.weights)

    @property
    def labels(self) -> tuple[str, ...]:
        """The vocabulary's categories in its order, those that only the model knows before the last one (``other``)."""
        return _labels(self.words.labels)

    def own(self, texts: Sequence[str], evidences: Sequence[Evidence]) -> NDArray[np.float32]:
        """The log odds by the words alone, shape (points, labels of ``words``): the logits of :func:`gia_nlp.problems.category_features.category_row`."""
        sums, sizes = self._grams.sums(texts)
        sums *= value_of(sizes)[:, None]
        unknown, column = len(self.words.index), self.words.index.columns.get
        cues = [sorted(e.cues) or ("",) for e in evidences]  # each has something to sum
        told = self.words.sums([column(cue, unknown) for found in cues for cue in found], list(map(len, cues)))
        return np.asarray(sums + CUE * told + self.words.intercepts, np.float32)

    def probabilities(
        self, own: NDArray[Any], evidences: Sequence[Evidence], links: Iterable[tuple[int, int]] = ()
    ) -> NDArray[np.float64]:
        """Shape (points, labels). ``own``: from :meth:`own`; ``links``: pairs of points that belong together (problem and remedy)."""
        return self.pooled(witnesses(self.labels, self.words.labels, own, evidences, None), evidences, links)

    def pooled(
        self, table: NDArray[np.float64], evidences: Sequence[Evidence], links: Iterable[tuple[int, int]] = ()
    ) -> NDArray[np.float64]:
        """The same from a table of :func:`witnesses` without partners."""
        found = self.pool.probabilities(table)
        links = list(links)
        if links:
            found = self.pool.probabilities(with_partners(table, partners(found, links)))
        for k, name in _unlearned(self.words.labels):  # a user's own, of which the model knows nothing
            found[:, k] = [by_rules(e.weights.get(name, 0.0)) for e in evidences]
        return found

    def decide(self, probabilities: NDArray[np.float64]) -> list[tuple[tuple[str, ...], tuple[float, ...]]]:
        """For each point its categories in order, with their probabilities."""
        labels = self.labels
        bars = [self.thresholds.get(name, 0.4) if name != OTHER else math.inf for name in labels]
        return [decide(row, labels, bars) for row in probabilities.tolist()]

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
    places = {name: k for k, name in enumerate(labels)}
    table[:, [places[name] for name in learned], 0] = own
    bar = threshold()
    for i, evidence in enumerate(evidences):
        for name, weight in evidence.weights.items():
            table[i, places[name], 1] = min(weight, 2.0)
            if weight >= bar:
                table[i, places[name], 2] = 1.0
    table[:, :, 4] = 1.0
    unlearned = set(labels).difference(learned)
    if unlearned:
        table[:, [places[name] for name in unlearned], 5] = 1.0
    return table if partner is None else with_partners(table, partner)


def with_partners(table: NDArray[np.float64], partner: NDArray[np.float64]) -> NDArray[np.float64]:
    """A table of :func:`witnesses` with what partners say (:func:`partners`)."""
    table = table.copy()
    silent = np.isnan(partner)
    table[:, :, 3] = np.where(silent, 0.0, partner)
    table[:, :, 4] = silent
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
    row: Sequence[float], labels: tuple[str, ...], bars: Sequence[float]
) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """The categories of one point by their probabilities: the rule of this module's head.

    >>> labels = ("coverage", "timeliness", "capacity", "other")
    >>> decide([0.3, 0.3, 0.35, 0.2], labels, [0.4] * 4)  # 主动公开 as a whole is likelier than 监督保障
    (('coverage',), (0.3,))
    >>> decide([0.1, 0.1, 0.1, 0.6], labels, [0.4] * 4)
    (('other',), (0.6,))
    """
    chosen = [k for k, (p, bar) in enumerate(zip(row, bars, strict=True)) if p >= bar and labels[k] != OTHER]
    if not chosen:
        best = max(_duties(labels), key=lambda members: 1 - math.prod(1 - row[k] for k in members))
        chosen = [max(best, key=lambda k: row[k])]
    return tuple([labels[k] for k in chosen]), tuple([round(float(row[k]), 4) for k in chosen])


@per_vocabulary
def _duties(labels: tuple[str, ...]) -> tuple[tuple[int, ...], ...]:
    """The places of the labels of each duty."""
    duties: dict[str, list[int]] = {}
    for k, name in enumerate(labels):
        duties.setdefault(OTHER if name == OTHER else duty_of(name), []).append(k)
    return tuple(map(tuple, duties.values()))


@per_vocabulary
def _labels(learned: tuple[str, ...]) -> tuple[str, ...]:
    known = tuple(categories())
    extra = sorted(set(learned) - set(known))
    return (*known[:-1], *extra, known[-1]) if known[-1] == OTHER else (*known, *extra)


@per_vocabulary
def _unlearned(learned: tuple[str, ...]) -> tuple[tuple[int, str], ...]:
    """The labels of which the model of words knows nothing, with their places."""
    return tuple((k, name) for k, name in enumerate(_labels(learned)) if name not in learned)
