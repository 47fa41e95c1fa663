"""Fitting how much rules and model weigh against each other: a few numbers, on candidates that the model had not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gia_nlp.facts.combining import Combination, Outcome, Vote
from gia_nlp.facts.model import FactModel, Opinions


@dataclass(frozen=True, slots=True)
class Judged:
    """One decision as it came up: the candidate's place, the model's log probabilities, the votes, the right answer."""

    words: Sequence[float]
    votes: Sequence[Vote]
    answer: str
    weight: float


class WatchedOpinions(Opinions):
    """Opinions that remember every decision asked of them."""

    def __init__(self, model: FactModel, words: Mapping[str, NDArray[np.float64]]) -> None:
        super().__init__(model, words)
        self.asked: list[tuple[str, int, Sequence[Vote]]] = []

    def decide(self, kind: str, i: int, votes: Sequence[Vote]) -> Outcome:
        """As usual, and remembered."""
        self.asked.append((kind, i, list(votes)))
        return super().decide(kind, i, votes)


def fit_combination(
    judged: Sequence[Judged], columns: Mapping[str, int], *, penalty: float, threshold: float
) -> Combination:
    """The likeliest trust and weights; ``penalty`` pulls the trust towards 1 and the weights towards 0.

    Answers that the model does not know are left out. Without examples the model alone decides.
    """
    from scipy.optimize import minimize

    usable = [j for j in judged if j.answer in columns]
    kinds = sorted({kind for j in usable for label, kind, _ in j.votes if label in columns})
    if not usable:
        return Combination(threshold=threshold)
    place = {kind: 1 + i for i, kind in enumerate(kinds)}
    evidence = np.zeros((len(usable), len(columns), 1 + len(kinds)))
    for n, j in enumerate(usable):
        evidence[n, :, 0] = j.words
        for label, kind, amount in j.votes:
            if label in columns:
                evidence[n, columns[label], place[kind]] += amount
    answers = np.array([columns[j.answer] for j in usable])
    weight = np.array([j.weight for j in usable])
    prior = np.zeros(1 + len(kinds))
    prior[0] = 1.0
    rows = np.arange(len(usable))

    def loss(parameters: NDArray[Any]) -> tuple[float, NDArray[Any]]:
        scores = evidence @ parameters
        top = scores.max(axis=1, keepdims=True)
        powers = np.exp(scores - top)
        total = powers.sum(axis=1, keepdims=True)
        likelihood = scores[rows, answers] - top[:, 0] - np.log(total[:, 0])
        error = powers / total
        error[rows, answers] -= 1
        gradient = np.einsum("nl,nlk->k", error * weight[:, None], evidence)
        distance = parameters - prior
        value = -float((likelihood * weight).sum()) + penalty * float(distance @ distance)
        return value, gradient + 2 * penalty * distance

    fitted = minimize(loss, prior, jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    weights = {kind: round(float(fitted[i]), 4) for kind, i in place.items()}
    return Combination(round(float(fitted[0]), 4), weights, threshold)
