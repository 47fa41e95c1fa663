"""Training the model of facts: classifiers over words, then the weights by which rules and model combine.

Styles are held out in turn: each passage is read by classifiers that never saw its style. On those readings the combination
is fitted, and its scores measured with a combination fitted on the other folds, so that no figure in the card comes
from a text that helped to make what it measures (the rules, though, were written with the older styles at hand).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gia_nlp.facts.combining import Combination
from gia_nlp.facts.features import denial_features, quantity_features
from gia_nlp.facts.find import decide_facts
from gia_nlp.facts.model import DENIAL, INDICATOR, PERIOD, QUANTITY_KINDS, FactModel
from gia_nlp.learning.cards import ModelCard
from gia_nlp.learning.combination import Judged, WatchedOpinions, fit_combination
from gia_nlp.learning.fact_card import fact_card
from gia_nlp.learning.fact_examples import Example, make_examples
from gia_nlp.learning.fact_settings import Combine, Data, FactSettings, Fit, Training
from gia_nlp.learning.fitting import fit_softmax
from gia_nlp.learning.intervals import Score
from gia_nlp.learning.splits import grouped_folds, read_annotated
from gia_nlp.linear import FeatureIndex, LinearClassifier
from gia_nlp.records import Fact
from gia_nlp.vocabulary.active import using
from gia_nlp.vocabulary.facts import NO_FACT, fact_cues
from gia_nlp.vocabulary.indicators import indicators
from gia_nlp.vocabulary.user import read_vocabulary

__all__ = ["Combine", "Data", "FactSettings", "Fit", "Trained", "Training", "fit_facts", "train_facts"]

_UNSEEN = -8.0  # the constant of a label that a fold has no example of


@dataclass(frozen=True, slots=True)
class Trained:
    """A trained model with its card and, passage by passage, the facts found while its style was held out."""

    model: FactModel
    card: ModelCard
    examples: list[Example]
    held_out: list[tuple[Fact, ...]]


def train_facts(settings: FactSettings, out: str | Path) -> list[Score]:
    """Trains as the settings say, writes the model with its card into a folder, and returns the card's scores.

    Raises ``OSError`` for files that cannot be read or written, ``ValueError`` for data that cannot be used.
    """
    trained = fit_facts(settings)
    trained.model.to_disk(out)
    trained.card.to_disk(out)
    return list(trained.card.scores)


def fit_facts(settings: FactSettings) -> Trained:
    """Trains as the settings say, with the vocabulary that they name, else with the one that holds."""
    with using(read_vocabulary(settings.data.vocabulary) if settings.data.vocabulary else None):
        return _fit(settings)


def _fit(settings: FactSettings) -> Trained:
    files = {path: read_annotated(path, settings.data.splits) for path in settings.data.passages}
    rows = [row for found in files.values() for row in found][: settings.data.limit]
    if not rows:
        raise ValueError("no annotated passages to train on: check [data] passages and splits")
    unknown = {f["indicator"] for row in rows for f in row["facts"]} - set(indicators())
    if unknown:
        raise ValueError(
            f"indicators that the vocabulary lacks: {', '.join(sorted(unknown))}; name it in [data] vocabulary"
        )
    unseen = _styles(settings.data.unseen)
    examples = make_examples(rows, min_joint=settings.fit.min_joint)
    features = _Features(examples)
    labels = _labels(examples)
    folds = grouped_folds([e.row["style"] for e in examples], settings.training.folds, seed=settings.training.seed)

    start = _start(settings)
    readings: list[WatchedOpinions | None] = [None] * len(examples)
    for fitted, held in folds:
        model = _model(features, examples, fitted, labels, settings.fit, start)
        for i in held:
            opinions = model.opinions(*_groups(examples[i]), examples[i].year)
            readings[i] = WatchedOpinions(model, opinions.words)
    watched = [r for r in readings if r is not None]

    weight = [settings.combination.unseen_weight if e.row["style"] in unseen else 1.0 for e in examples]
    combinations = start
    for _ in range(settings.combination.rounds):
        for reading in watched:
            reading.asked.clear()
            reading.model.combinations = dict(combinations)
        judged = [_judge(e, r, w) for e, r, w in zip(examples, watched, weight, strict=True)]
        combinations = _combine(judged, range(len(examples)), labels, settings)

    held_out: list[tuple[Fact, ...]] = [()] * len(examples)
    for fitted, held in folds:
        crossed = _combine(judged, fitted, labels, settings)
        for i in held:
            watched[i].model.combinations = dict(crossed)
            held_out[i] = decide_facts(examples[i].row["text"], examples[i].reads, examples[i].year, watched[i])
    model = _model(features, examples, range(len(examples)), labels, settings.fit, combinations)
    card = fact_card(settings, files, rows, examples, held_out, unseen, model)
    return Trained(model, card, examples, held_out)


def _styles(path: Path | None) -> frozenset[str]:
    """The styles that a file names, one a line as ``facts/style`` or ``style``; ``#`` begins a remark."""
    if path is None or not path.exists():
        return frozenset()
    lines = (line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return frozenset(line.removeprefix("facts/") for line in lines if line and not line.startswith("problems/"))


class _Features:
    """The features of all candidates, made once: ``quantities[i]`` and ``denials[i]`` are the rows of the i-th example."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self.quantities = [
            [f for read in e.reads for f in quantity_features(read.candidates, e.year)] for e in examples
        ]
        self.denials = [[f for read in e.reads for f in denial_features(read.denials)] for e in examples]


def _groups(example: Example) -> tuple[list[Any], list[Any]]:
    return [r.candidates for r in example.reads], [r.denials for r in example.reads]


def _answers(example: Example, kind: str) -> Sequence[str | None]:
    answers: dict[str, Sequence[str | None]] = {
        INDICATOR: example.indicators,
        PERIOD: example.periods,
        DENIAL: example.denials,
    }
    return answers[kind]


def _labels(examples: Sequence[Example]) -> dict[str, tuple[str, ...]]:
    """What can be answered to each kind of question: all labels of the data, ``none`` and a default among them."""
    found = {}
    for kind, default in ((INDICATOR, NO_FACT), (PERIOD, "current"), (DENIAL, NO_FACT)):
        names = {a for e in examples for a in _answers(e, kind) if a is not None} | {default}
        found[kind] = tuple(sorted(names))
    return found


def _start(settings: FactSettings) -> dict[str, Combination]:
    """Where the fitting of the combination starts: the rules lead, so that their frames are seen as they run."""
    lead = {"decoy": 3.0, "scope": 3.0, "faint": 1.0, "silent": 2.0, "rule": 4.0}
    lead |= dict.fromkeys(
        ("cue:beside", "cue:names", "cue:tells", "cue:hints", "inherited:part", "inherited:repeated"), 4.0
    )
    lead |= {f"rule:{name}": 3.0 for name in ("current", "previous", "cumulative", "planned")}
    lead |= {f"carried:{name}": 3.0 for name in ("previous", "cumulative", "planned")}
    c = settings.combination
    limits = {INDICATOR: c.threshold, PERIOD: 0.0, DENIAL: c.denial_threshold}
    return {kind: Combination(1.0, lead, limit) for kind, limit in limits.items()}


def _model(
    features: _Features,
    examples: Sequence[Example],
    places: Sequence[int],
    labels: Mapping[str, tuple[str, ...]],
    fit: Fit,
    combinations: Mapping[str, Combination],
) -> FactModel:
    """The classifiers fitted on some of the examples."""
    rows = [f for i in places for f in features.quantities[i]]
    index = _without(FeatureIndex.fit(rows, min_count=fit.min_count), fit.without)
    strengths = {INDICATOR: fit.strength, PERIOD: fit.period_strength}
    blocks = []
    for kind in QUANTITY_KINDS:
        answers = [a for i in places for a in _answers(examples[i], kind)]
        blocks.append(_block(rows, answers, labels[kind], index, strengths[kind], fit))
    names = [f"{kind}:{label}" for kind in QUANTITY_KINDS for label in labels[kind]]
    quantities = LinearClassifier(
        index, names, np.hstack([b[0] for b in blocks]), np.concatenate([b[1] for b in blocks])
    )
    negated = [f for i in places for f in features.denials[i]]
    stated = [a for i in places for a in _answers(examples[i], DENIAL)]
    denial_index = FeatureIndex.fit(negated, min_count=fit.min_count)
    weights, constants = _block(negated, stated, labels[DENIAL], denial_index, fit.denial_strength, fit)
    return FactModel(
        quantities,
        LinearClassifier(denial_index, labels[DENIAL], weights, constants),
        combinations,
        cues=[cue.id for cue in fact_cues()],
    )


def _without(index: FeatureIndex, groups: Sequence[str]) -> FeatureIndex:
    """The index without the features of some groups, alone or joined with others (``u:件 l1:申请`` is of ``u`` and of ``l1``)."""
    left_out = set(groups)
    if not left_out:
        return index
    return FeatureIndex([n for n in index.names if not left_out & {part.partition(":")[0] for part in n.split(" ")}])


def _block(
    rows: Sequence[Sequence[str]],
    answers: Sequence[str | None],
    labels: Sequence[str],
    index: FeatureIndex,
    strength: float,
    fit: Fit,
) -> tuple[Any, Any]:
    """Weights and constants for all labels, fitted on the rows that have an answer."""
    chosen = [(row, a) for row, a in zip(rows, answers, strict=True) if a is not None]
    weights = np.zeros((len(index), len(labels)), np.float32)
    constants = np.full(len(labels), _UNSEEN, np.float32)
    present = sorted({a for _, a in chosen})
    if len(present) == 1:
        constants[labels.index(present[0])] = 0.0
    if len(present) > 1:
        fitted = fit_softmax(
            [row for row, _ in chosen],
            [a for _, a in chosen],
            strength=strength,
            index=index,
            max_iterations=fit.max_iterations,
        )
        columns = [labels.index(label) for label in fitted.labels]
        weights[:, columns], constants[columns] = fitted.weights, fitted.intercepts
    return weights, constants


def _judge(example: Example, reading: WatchedOpinions, weight: float) -> list[tuple[str, Judged]]:
    """Every decision that came up on an example, with the right answer where there is one."""
    decide_facts(example.row["text"], example.reads, example.year, reading)
    found = []
    for kind, i, votes in reading.asked:
        answer = _answers(example, kind)[i]
        if answer is not None:
            found.append((kind, Judged(reading.words[kind][i], votes, answer, weight)))
    return found


def _combine(
    judged: Sequence[Sequence[tuple[str, Judged]]],
    places: Sequence[int],
    labels: Mapping[str, tuple[str, ...]],
    settings: FactSettings,
) -> dict[str, Combination]:
    fitted = {}
    for kind, start in _start(settings).items():
        columns = {label: i for i, label in enumerate(labels[kind])}
        examples = [j for i in places for k, j in judged[i] if k == kind]
        fitted[kind] = fit_combination(
            examples, columns, penalty=settings.combination.penalty, threshold=start.threshold
        )
    return fitted
