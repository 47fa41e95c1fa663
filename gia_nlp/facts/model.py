"""The model of facts: what the words around candidates speak for, and the weights by which it combines with the rules.

Two linear classifiers over named features: ``quantities`` scores indicator and period of a quantity in one product
(its labels are ``kind:label``), ``denials`` the indicators of a negating word. All candidates of a report are scored at once.
On disk a model is ``.npy`` arrays and JSON; loading one executes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gia_nlp.facts.candidates import Candidate
from gia_nlp.facts.combining import Combination, Outcome, Ready, Vote
from gia_nlp.facts.denials import DenialCandidate
from gia_nlp.facts.features import Columns, DenialRows, QuantityRows, SentenceWords
from gia_nlp.linear import LinearClassifier

INDICATOR, PERIOD, DENIAL = "indicator", "period", "denial"
QUANTITY_KINDS = (INDICATOR, PERIOD)
JOINT = "+"  # one quantity or denial that counts for two indicators: reviews+litigations
_FORMAT = 1


class FactModel:
    """A trained model of facts. ``combinations`` has one entry for each kind of decision.

    ``cues`` are the ids of the cues that the rules had when it was trained (``None``: all that there are). A cue that a user has
    added since says what the model cannot know, so it decides alone.

    Raises ``ValueError`` if the parts do not fit together.
    """

    def __init__(
        self,
        quantities: LinearClassifier,
        denials: LinearClassifier,
        combinations: Mapping[str, Combination],
        *,
        cues: Collection[str] | None = None,
    ) -> None:
        self.cues = None if cues is None else frozenset(cues)
        self.quantities, self.denials, self.combinations = quantities, denials, dict(combinations)
        self._quantity_rows = QuantityRows(Columns(quantities.index))
        self._denial_rows = DenialRows(Columns(denials.index))
        self.columns: dict[str, dict[str, int]] = {DENIAL: {name: i for i, name in enumerate(denials.labels)}}
        self._slices: dict[str, slice] = {}
        for kind in QUANTITY_KINDS:
            places = [i for i, name in enumerate(quantities.labels) if name.startswith(f"{kind}:")]
            if not places or places != list(range(places[0], places[-1] + 1)):
                raise ValueError(f"the model's labels hold no block of kind {kind!r}")
            self._slices[kind] = slice(places[0], places[-1] + 1)
            self.columns[kind] = {quantities.labels[i].partition(":")[2]: i - places[0] for i in places}
        missing = {*QUANTITY_KINDS, DENIAL} - set(self.combinations)
        if missing:
            raise ValueError(f"the model has no weights for: {', '.join(sorted(missing))}")

    def opinions(
        self,
        quantities: Sequence[Sequence[Candidate]],
        denials: Sequence[Sequence[DenialCandidate]],
        year: int | None,
    ) -> Opinions:
        """What the model says of all candidates of a report, given sentence by sentence."""
        # All words first: the segmenter's tables and the model's do not drive each other out of the processor's memory.
        found = [(counts, zeros) for counts, zeros in zip(quantities, denials, strict=True) if counts or zeros]
        words = [SentenceWords((counts or zeros)[0].sentence) for counts, zeros in found]
        rows: list[list[int | None]] = []
        negated: list[list[int | None]] = []
        for (counts, zeros), cut in zip(found, words, strict=True):
            if counts:
                rows += self._quantity_rows.of(counts, year, cut)
            if zeros:
                negated += self._denial_rows.of(zeros, cut)
        logits = _logits(self.quantities, rows)
        scores = {kind: _log_softmax(logits[:, place]) for kind, place in self._slices.items()}
        scores[DENIAL] = _log_softmax(_logits(self.denials, negated))
        return Opinions(self, scores)

    def to_disk(self, folder: str | Path) -> None:
        """Writes the model into a folder."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        self.quantities.to_disk(folder / "quantities")
        self.denials.to_disk(folder / "denials")
        content = {
            "format": _FORMAT,
            "combinations": {kind: c.to_dict() for kind, c in sorted(self.combinations.items())},
            "cues": None if self.cues is None else sorted(self.cues),
        }
        (folder / "facts.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def from_disk(cls, folder: str | Path) -> FactModel:
        """Reads what :meth:`to_disk` wrote. Raises ``OSError`` or ``ValueError``."""
        folder = Path(folder)
        content = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
        if content.get("format") != _FORMAT:
            raise ValueError(f"{folder} holds a model of another format; train it again")
        combinations = {kind: Combination.from_dict(data) for kind, data in content["combinations"].items()}
        return cls(
            LinearClassifier.from_disk(folder / "quantities"),
            LinearClassifier.from_disk(folder / "denials"),
            combinations,
            cues=content.get("cues"),
        )


class Opinions:
    """The model's log probabilities for all candidates of one report: ``words[kind][i]`` for the i-th candidate."""

    def __init__(self, model: FactModel, words: Mapping[str, NDArray[np.float64]]) -> None:
        self.model, self.words = model, words
        self._ready: dict[str, Ready] = {}

    def knows(self, kind: str, label: str) -> bool:
        """Whether the model was trained with a label."""
        return label in self.model.columns[kind]

    def knows_cue(self, name: str | None) -> bool:
        """Whether the rules had a cue when the model was trained."""
        return self.model.cues is None or name in self.model.cues

    def decide(self, kind: str, i: int, votes: Sequence[Vote]) -> Outcome:
        """What model and rules together make of a candidate."""
        combination, ready = self.model.combinations[kind], self._ready.get(kind)
        if ready is None or ready.combination is not combination:
            ready = self._ready[kind] = combination.ready(self.model.columns[kind], self.words[kind])
        return ready.decide(i, votes)

    def sure(self, kind: str, outcome: Outcome) -> bool:
        """Whether an outcome is likely enough to stand."""
        return outcome.probability >= self.model.combinations[kind].threshold


def _logits(classifier: LinearClassifier, rows: list[list[int | None]]) -> NDArray[np.float32]:
    """Calibrated scores of rows of columns; a feature counts once, unknown ones nothing."""
    unknown = len(classifier.index)
    columns: list[int] = []
    sizes: list[int] = []
    for row in rows:
        distinct: dict[Any, None] = dict.fromkeys(row)
        distinct.pop(None, None)
        columns += distinct or (unknown,)
        sizes.append(len(distinct) or 1)
    logits: NDArray[np.float32] = (
        classifier.sums(columns, sizes) + classifier.intercepts
    ) * classifier.scale + classifier.offset
    return logits


def _log_softmax(logits: NDArray[np.float32]) -> NDArray[np.float64]:
    if not len(logits):
        return logits.astype(np.float64)
    shifted = logits.astype(np.float64) - logits.max(axis=1, keepdims=True)
    result: NDArray[np.float64] = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return result
