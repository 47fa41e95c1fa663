"""How rules and model decide together: one sum, the same for indicators, denials and periods.

The model gives every label a log probability from the words alone. The rules and what the sentence counted before cast
votes: the rule's decision for its label, cues for theirs, a total for its parts. The evidence for a label is

    trust × log P(label | words) + Σ weight(vote) × amount        over the votes for that label,

and the probability of a label is the softmax of that evidence over all labels. The likeliest label wins; a candidate whose
likeliest label stays below the threshold is left alone. ``trust`` and the weights, a dozen numbers, are fitted on texts
that the model had not seen (:mod:`gia_nlp.learning.facts`), which is also what makes the probability honest.

So rules and model can each carry a decision: a quantity without any cue becomes a fact where the words are plain to the
model, and a rule's fact falls where the words speak loudly against it. ``decided_by`` says ``both`` where the rule's label
won and the model alone would have said the same, ``rule`` where it won against the model's own choice (or the model does not
know the label at all: a user's new indicator is the rules' alone until a model is trained with it), ``model`` where the label
is not the rule's.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

# Who speaks for a label: the label, the kind of vote, and how strongly (a kind's weight is fitted, see above).
Vote = tuple[str, str, float]


class Outcome(NamedTuple):
    """The label that won, its probability, and the label that the model alone would have given."""

    label: str
    probability: float
    alone: str


@dataclass(frozen=True, slots=True)
class Combination:
    """The weights of one kind of decision. Votes of a kind without weight count nothing.

    >>> both = Combination(trust=1.0, weights={"rule": 2.0}, threshold=0.5)
    >>> labels = {"none": 0, "meetings": 1}
    >>> words = [math.log(0.6), math.log(0.4)]
    >>> both.decide(labels, words, [("meetings", "rule", 1.0)]).label
    'meetings'
    >>> both.decide(labels, words, []).label
    'none'
    """

    trust: float = 1.0
    weights: Mapping[str, float] = field(default_factory=dict)
    threshold: float = 0.0

    def decide(self, columns: Mapping[str, int], words: Sequence[float], votes: Sequence[Vote]) -> Outcome:
        """The outcome from the model's log probabilities (``columns`` says whose), and the votes; others' count nothing."""
        trust, weights, exp = self.trust, self.weights, math.exp
        alone = max(range(len(words)), key=words.__getitem__)
        evidence = [trust * w for w in words]
        for label, kind, amount in votes:
            weight = weights.get(kind)
            if weight and label in columns:
                evidence[columns[label]] += weight * amount
        best = max(range(len(evidence)), key=evidence.__getitem__)
        top = evidence[best]
        total = sum([exp(e - top) for e in evidence])
        labels = tuple(columns)
        return Outcome(labels[best], 1.0 / total, labels[alone])

    def ready(self, columns: Mapping[str, int], words: NDArray[np.float64]) -> Ready:
        """The same decisions for all candidates of a report, whose log probabilities are the rows of ``words``."""
        return Ready(self, columns, words)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {"trust": self.trust, "weights": dict(sorted(self.weights.items())), "threshold": self.threshold}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Combination:
        """What :meth:`to_dict` described."""
        return cls(float(data["trust"]), {k: float(v) for k, v in data["weights"].items()}, float(data["threshold"]))


class Ready:
    """A combination over the candidates of one report: what votes leave alone is summed once for all, votes then cost little.

    A vote moves two or three labels of forty. So the sum below the softmax is that of all labels without votes, made for all
    candidates at once, and what the voted ones add to it.

    >>> both = Combination(trust=1.0, weights={"rule": 2.0}).ready({"none": 0, "meetings": 1}, np.log([[0.6, 0.4]]))
    >>> both.decide(0, [("meetings", "rule", 1.0)]).label, both.decide(0, []).label
    ('meetings', 'none')
    """

    def __init__(self, combination: Combination, columns: Mapping[str, int], words: NDArray[np.float64]) -> None:
        self.combination, self._columns, self._labels = combination, columns, tuple(columns)
        self._words = words
        evidence = combination.trust * words
        self._alone: list[int] = words.argmax(axis=1).tolist()
        self._leading = self._alone if combination.trust > 0 else evidence.argmax(axis=1).tolist()
        self._evidence: list[list[float]] = evidence.tolist()
        self._sums: list[float] = np.exp(evidence).sum(axis=1).tolist()

    def decide(self, i: int, votes: Sequence[Vote]) -> Outcome:
        """What :meth:`Combination.decide` says of the i-th candidate."""
        weights, columns, evidence, exp = self.combination.weights, self._columns, self._evidence[i], math.exp
        voted: dict[int, float] = {}
        for label, kind, amount in votes:
            weight = weights.get(kind)
            if weight:
                column = columns.get(label)
                if column is not None:
                    voted[column] = voted.get(column, evidence[column]) + weight * amount
        best = self._leading[i]
        top = voted.get(best, evidence[best])
        if (
            top < evidence[best]
        ):  # votes against the label that leads: what is left is too little to be had by subtraction
            return self.combination.decide(columns, self._words[i].tolist(), votes)
        total = self._sums[i]
        for column, value in voted.items():
            total += exp(value) - exp(evidence[column])
            if value > top or (value == top and column < best):
                best, top = column, value
        return Outcome(self._labels[best], exp(top) / total, self._labels[self._alone[i]])
