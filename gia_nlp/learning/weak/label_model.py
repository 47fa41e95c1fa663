"""What labelling functions say together: a majority vote, and a model that learns whom to believe without knowing the truth.

The model is that of Dawid and Skene (1979), fitted by expectation maximisation, changed in two ways for labelling functions. (1) To
abstain is an answer: a function that only ever says `reviews` tells something by its silence too. A function that had its silent
cases dropped would look as if it were always right. (2) What a function says wrongly does not depend on what would have been
right: it has, for each label, a rate at which it says it where it holds (hit rate) and one where it does not (false alarms).
Two numbers a function and label can be learned from hundreds of cases, a full table of confusions cannot.

Like every model of its kind it takes the functions for independent, given the truth. Functions that look at the same words are not, and their
agreement counts for too much: the probabilities are too sure (``temper`` softens them), and in learning such functions can
talk each other into labels that nobody started with (``strength`` anchors it to the majority vote).

Why not a library: snorkel (Apache-2.0, last released in February 2024, needs torch) and skweak (MIT, September 2023) are no longer kept
up; crowd-kit (Apache-2.0, October 2025) is, but needs transformers and nltk, and its Dawid-Skene takes an abstention for
a question that was never asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gia_nlp.learning.weak.votes import ABSTAIN, Votes

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
_LEAST = 1e-4
_DOUBT = 2.0  # cases


def majority(votes: Votes, *, default: str | None = None) -> Floats:
    """The share of votes for each label, shape (cases, labels); cases without a vote: all ``default``, or even shares.

    >>> from gia_nlp.learning.weak.votes import Votes
    >>> majority(Votes(("a", "b", "c"), ("f",) * 3, ("no", "yes"), np.array([[1, 1, 0], [-1, -1, -1]], np.int16))).round(2).tolist()
    [[0.33, 0.67], [0.5, 0.5]]
    """
    counts = np.stack([(votes.matrix == k).sum(axis=1) for k in range(len(votes.labels))], axis=1).astype(np.float64)
    nothing = counts.sum(axis=1) == 0
    counts[nothing] = 1.0
    if default is not None:
        counts[nothing] = [float(label == default) for label in votes.labels]
    return np.asarray(counts / counts.sum(axis=1, keepdims=True))


@dataclass(frozen=True, slots=True)
class LabelModel:
    """How far each function can be believed. Made by :meth:`fit`.

    ``prior``: share of each label; ``hits`` and ``alarms``, shape (functions, labels): how often a function says a label where it
    holds, and where it does not (0 for labels that it never says).
    """

    functions: tuple[str, ...]
    labels: tuple[str, ...]
    prior: Floats
    hits: Floats
    alarms: Floats

    @classmethod
    def fit(
        cls,
        votes: Votes,
        *,
        default: str | None = None,
        known: Sequence[str | None] | None = None,
        rounds: int = 100,
        tolerance: float = 1e-5,
        strength: float = 0.0,
    ) -> LabelModel:
        """Learns from votes alone, starting from the majority vote (``default`` where nobody votes).

        ``known`` gives the truth of some cases (else ``None``), if there is any. ``strength``: how much the rates that the majority
        vote implies count in every round, as a share of the cases; without such an anchor functions that agree because they
        look at the same words talk each other into a label that nobody started with. Ends after ``rounds``, or when no
        probability moves by more than ``tolerance``.
        """
        q = majority(votes, default=default)
        fixed = np.zeros(len(votes), bool)
        if known is not None:
            for i, label in enumerate(known):
                if label is not None:
                    q[i], fixed[i] = np.eye(len(votes.labels))[votes.labels.index(label)], True
        start = q.copy()
        model = cls._from(votes, q)
        for _ in range(rounds):
            new = model.probabilities(votes)
            new[fixed] = q[fixed]
            moved = float(np.abs(new - q).max()) if len(q) else 0.0
            q = new
            model = cls._from(votes, (q + strength * start) / (1 + strength))
            if moved < tolerance:
                break
        return model

    @classmethod
    def _from(cls, votes: Votes, q: Floats) -> LabelModel:
        """The rates that the probabilities ``q`` imply; a case or two of doubt keeps them off 0 and 1."""
        held = q.sum(axis=0)
        says = [votes.matrix == k for k in range(len(votes.labels))]
        fires = np.stack([s.sum(axis=0) for s in says], axis=1).astype(np.float64)
        right = np.stack([s.T.astype(np.float64) @ q[:, k] for k, s in enumerate(says)], axis=1)
        speaks = fires > 0
        hits = np.where(speaks, (right + 0.5 * _DOUBT) / (held + _DOUBT), 0.0)
        rare = 0.02 / max(1, len(votes.labels))
        alarms = np.where(speaks, (fires - right + rare * _DOUBT) / (len(votes) - held + _DOUBT), 0.0)
        prior = (held + 1.0) / (held.sum() + len(held))
        return cls(votes.functions, votes.labels, prior, np.clip(hits, 0, 1 - _LEAST), np.clip(alarms, 0, 1 - _LEAST))

    def probabilities(self, votes: Votes, *, temper: float = 1.0) -> Floats:
        """How likely each label is, shape (cases, labels). Raises ``ValueError`` for votes of other functions or labels."""
        if votes.functions != self.functions or votes.labels != self.labels:
            raise ValueError("these votes are not of the functions and labels that the model was fitted on")
        # What a function's silence says of each label: what is left when all that it might have said is taken off.
        silent = np.clip(1.0 - (self.alarms.sum(axis=1, keepdims=True) - self.alarms) - self.hits, _LEAST, 1.0)
        quiet = np.log(silent)
        logits = np.repeat(quiet.sum(axis=0)[None, :], len(votes), axis=0)
        logits -= (votes.matrix != ABSTAIN).astype(np.float64) @ quiet
        with np.errstate(divide="ignore"):
            gain = np.log(np.maximum(self.hits, _LEAST)) - np.log(np.maximum(self.alarms, _LEAST * 1e-2))
        for k in range(len(self.labels)):
            logits[:, k] += (votes.matrix == k).astype(np.float64) @ gain[:, k]
        logits = logits / temper + np.log(self.prior)
        powers = np.exp(logits - logits.max(axis=1, keepdims=True)) if len(logits) else logits
        return np.asarray(powers / powers.sum(axis=1, keepdims=True)) if len(logits) else powers

    def precision(self) -> pd.DataFrame:
        """What the model came to believe: a row a function and label it says, with prior, hits, alarms and precision."""
        import pandas as pd

        rows = []
        for j, name in enumerate(self.functions):
            for k, label in enumerate(self.labels):
                if self.hits[j, k] or self.alarms[j, k]:
                    right, wrong = self.prior[k] * self.hits[j, k], (1 - self.prior[k]) * self.alarms[j, k]
                    rows.append({"function": name, "label": label, "prior": self.prior[k], "hits": self.hits[j, k],
                                 "alarms": self.alarms[j, k], "precision": right / (right + wrong)})  # fmt: skip
        return pd.DataFrame(rows, columns=["function", "label", "prior", "hits", "alarms", "precision"])


def best(probabilities: Floats, labels: Sequence[str]) -> list[str]:
    """The likeliest label of each case; of equals the first."""
    return [labels[k] for k in probabilities.argmax(axis=1)] if len(probabilities) else []
