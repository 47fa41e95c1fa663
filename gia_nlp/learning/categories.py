"""Training of the model of categories (:mod:`gia_nlp.problems.category_model`).

Whole author styles are held out in turn, so that the model of words is asked about texts of authors it has not seen. With those
answers the pool learns how far to believe the words, the rules and the paired points, on the styles that the rules have not
seen either (``seen_by_rules`` names the others). The rules' cues are blanked in the styles that they were written with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gia_nlp.learning.calibration import calibration
from gia_nlp.learning.cards import ModelCard, data_row
from gia_nlp.learning.config import as_plain
from gia_nlp.learning.fitting import fit_sigmoid, fit_softmax
from gia_nlp.learning.intervals import Score, interval
from gia_nlp.learning.splits import grouped_folds, read_annotated
from gia_nlp.linear import LinearClassifier
from gia_nlp.problems.category_features import category_row, group_of, is_cue
from gia_nlp.problems.category_model import _WITNESSES, CategoryModel, Pool, partners, witnesses
from gia_nlp.problems.classifying import Evidence, classify, evidence
from gia_nlp.problems.models import ItemModels
from gia_nlp.text.normalise import normalise

_RARITY = 10.0  # divides the rarity of a feature, so that ``strength`` is of the usual size
_POOL_STRENGTH = 1.0
_BARS = np.arange(0.25, 0.56, 0.01)
_STEADY = 40.0  # imagined decisions at the common threshold that hold each category's own threshold near it


@dataclass(frozen=True, slots=True)
class DataSettings:
    """``path``: the annotated sections; ``seen_by_rules``: styles that the rules' vocabulary was written with."""

    path: Path
    splits: tuple[str, ...] = ("train", "dev")
    seen_by_rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FitSettings:
    """``strength``: scikit-learn's ``C``; ``folds`` of whole styles; features of fewer than ``min_count`` points are left out.

    ``without``: what the model does not get to see, by the groups of :func:`gia_nlp.problems.category_features.group_of` and the names of
    the pool's witnesses (``weight``, ``given``, ``partner``).
    """

    strength: float = 3.0
    min_count: int = 2
    folds: int = 8
    seed: int = 0
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CategorySettings:
    """The configuration of ``gia-nlp train categories``."""

    data: DataSettings
    fit: FitSettings = field(default_factory=FitSettings)


@dataclass(frozen=True, slots=True)
class Example:
    """A point with its right categories; ``partners``: the examples it is paired with."""

    document: str
    style: str
    text: str
    evidence: Evidence
    categories: tuple[str, ...]
    partners: tuple[int, ...]


def examples(rows: Sequence[Mapping[str, Any]]) -> list[Example]:
    """All annotated points of some texts."""
    found: list[Example] = []
    for row in rows:
        base = len(found)
        linked: dict[int, set[int]] = {}
        for a, item in enumerate(row["items"]):
            for b in item["remedies"]:
                linked.setdefault(a, set()).add(base + b)
                linked.setdefault(b, set()).add(base + a)
        for a, item in enumerate(row["items"]):
            text = normalise(item["quote"]).text
            others = tuple(sorted(linked.get(a, ())))
            found.append(Example(row["id"], row["style"], text, evidence(text), tuple(item["categories"]), others))
    return found


def train_categories(settings: CategorySettings, out: str | Path) -> list[Score]:
    """Trains the model and writes it with its card into ``out``; returns the scores on held-out styles.

    Raises ``OSError`` if the data cannot be read and ``ValueError`` if there are too few styles.
    """
    rows = read_annotated(settings.data.path, settings.data.splits)
    points = examples(rows)
    model, held_out = fit_categories(points, settings)
    ItemModels(categories=model).to_disk(out)
    scores = _scores(points, model, held_out, settings)
    probabilities, answers = held_out, _answers(points, model.labels)
    unseen = _unseen(points, settings)
    ModelCard(
        name="categories",
        task="categories of problems and remedies, several each",
        description=(
            "Characters and the vocabulary's cues of a point, one logistic regression a category, pooled with the rules' "
            "weights and with what the paired points say."
        ),
        labels=model.labels,
        data=[data_row(settings.data.path, rows, len(points))],
        settings=as_plain(settings),
        scores=scores,
        seed=settings.fit.seed,
        calibration={"categories": calibration(probabilities[unseen].ravel(), answers[unseen].ravel())},
        size={"features": len(model.words.index), "labels": len(model.labels)},
        limits=[
            "Trained on invented texts; categories are far more even in them than in real reports.",
            "Scores are those of annotated spans with annotated pairs, not end to end; every figure is over authors held out.",
            "A category with few examples leans on the rules' vocabulary.",
        ],
    ).to_disk(out)
    return scores


def fit_categories(points: Sequence[Example], settings: CategorySettings) -> tuple[CategoryModel, NDArray[np.float64]]:
    """The model, and the probabilities that it gives where each style was held out, shape (points, labels)."""
    labels = tuple(sorted({name for p in points for name in p.categories}))
    answers = _answers(points, labels)
    seen = set(settings.data.seen_by_rules)
    left_out = set(settings.fit.without)
    rows = [{k: v for k, v in category_row(p.text, p.evidence).items() if group_of(k) not in left_out} for p in points]
    blanked = [
        {k: v for k, v in row.items() if not is_cue(k)} if p.style in seen else row
        for p, row in zip(points, rows, strict=True)
    ]
    own = np.zeros((len(points), len(labels)))
    for fit, held in grouped_folds([p.style for p in points], settings.fit.folds, seed=settings.fit.seed):
        words = _fit_words([blanked[i] for i in fit], answers[fit], labels, settings.fit)
        own[held] = words.logits([rows[i] for i in held])
    words = _fit_words(blanked, answers, labels, settings.fit)
    shell = CategoryModel(words, Pool(dict.fromkeys(_WITNESSES, 0.0), 0.0), {})
    pool = _fit_pool(points, own, shell.labels, labels, _unseen(points, settings), settings.fit.without)
    evidences = [p.evidence for p in points]
    alone = pool.probabilities(witnesses(shell.labels, labels, own, evidences, None))
    partner = partners(alone, _links(points))
    probabilities = pool.probabilities(witnesses(shell.labels, labels, own, evidences, partner))
    unseen = _unseen(points, settings)
    thresholds = _thresholds(probabilities[unseen], _answers(points, shell.labels)[unseen], shell.labels)
    return CategoryModel(words, pool, thresholds), probabilities


def _links(points: Sequence[Example]) -> list[tuple[int, int]]:
    return [(a, b) for a, p in enumerate(points) for b in p.partners if a < b]


def _answers(points: Sequence[Example], labels: Sequence[str]) -> NDArray[np.bool_]:
    return np.array([[name in p.categories for name in labels] for p in points], bool)


def _unseen(points: Sequence[Example], settings: CategorySettings) -> NDArray[np.int64]:
    """The points on which the rules can be believed to do as well as anywhere; all where none are left."""
    seen = set(settings.data.seen_by_rules)
    places = np.array([i for i, p in enumerate(points) if p.style not in seen], np.int64)
    return places if len(places) else np.arange(len(points))


def _fit_words(
    rows: Sequence[Mapping[str, float]], answers: NDArray[np.bool_], labels: Sequence[str], settings: FitSettings
) -> LinearClassifier:
    """Characters that few points have weigh more in fitting; that is folded into the weights afterwards."""
    counts: dict[str, int] = {}
    for row in rows:
        for name in row:
            counts[name] = counts.get(name, 0) + 1
    rarity = {
        name: 1.0 if is_cue(name) else (1 + float(np.log((1 + len(rows)) / (1 + n)))) / _RARITY
        for name, n in counts.items()
    }
    scaled = [{name: value * rarity[name] for name, value in row.items()} for row in rows]
    fitted = fit_sigmoid(scaled, answers, labels, strength=settings.strength, min_count=settings.min_count)
    factors = np.array([rarity[name] for name in fitted.index.names])
    weights = np.round(fitted.weights * factors[:, None], 4) + 0.0
    return LinearClassifier(fitted.index, labels, weights, fitted.intercepts, link="sigmoid")


def _fit_pool(
    points: Sequence[Example],
    own: NDArray[np.float64],
    labels: Sequence[str],
    learned: Sequence[str],
    unseen: NDArray[np.int64],
    without: Sequence[str] = (),
) -> Pool:
    """Weights of the witnesses, common to all categories, from points whose words were held out; twice, with partners second."""
    evidences = [p.evidence for p in points]
    known = np.array([k for k, name in enumerate(labels) if name in learned], np.int64)
    answers = _answers(points, labels)[np.ix_(unseen, known)].ravel()
    heard = np.array([name not in without for name in _WITNESSES])
    first = heard * witnesses(labels, learned, own, evidences, None)
    alone = _regress(first[np.ix_(unseen, known)].reshape(-1, len(_WITNESSES)), answers)
    partner = partners(alone.probabilities(first), _links(points))
    second = heard * witnesses(labels, learned, own, evidences, partner)
    both = np.concatenate([first[np.ix_(unseen, known)], second[np.ix_(unseen, known)]])
    pool = _regress(both.reshape(-1, len(_WITNESSES)), np.concatenate([answers, answers]))
    # A category that no example has taught: the words say nothing, so what they say on average stands in.
    unlearned = pool.weights["own"] * float(np.mean(own)) if own.size else 0.0
    return Pool({**pool.weights, "unlearned": round(unlearned, 4)}, pool.constant)


def _regress(table: NDArray[np.float64], answers: NDArray[np.bool_]) -> Pool:
    rows = [{name: float(v) for name, v in zip(_WITNESSES, line, strict=True) if v} for line in table]
    fitted = fit_softmax(rows, ["yes" if a else "no" for a in answers], strength=_POOL_STRENGTH, min_count=1)
    slopes = fitted.weights[:, 1] - fitted.weights[:, 0]
    found = dict(zip(fitted.index.names, (round(float(s), 4) for s in slopes), strict=True))
    constant = round(float(fitted.intercepts[1] - fitted.intercepts[0]), 4)
    return Pool({name: found.get(name, 0.0) for name in _WITNESSES}, constant)


def _thresholds(
    probabilities: NDArray[np.float64], answers: NDArray[np.bool_], labels: Sequence[str]
) -> dict[str, float]:
    """The common threshold of best F1, and each category's own drawn towards it as if by ``_STEADY`` more decisions."""

    def counts(k: int, bar: float) -> tuple[float, float]:
        given = probabilities[:, k] >= bar
        return float((given & answers[:, k]).sum()), float(given.sum() + answers[:, k].sum())

    def total(bar: float) -> float:
        sums = np.sum([counts(k, bar) for k in range(len(labels))], axis=0)
        return float(2 * sums[0] / max(sums[1], 1.0))

    common = max(_BARS, key=total)
    level = total(common) / 2
    found = {}
    for k, name in enumerate(labels):

        def own(bar: float, k: int = k) -> float:
            right, both = counts(k, bar)
            pull = _STEADY * (1 - (bar - common) ** 2 / 0.02)
            return (right + level * pull) / (both + max(pull, 0.0) + 1e-9) if pull > 0 else 0.0

        found[name] = round(float(max(_BARS, key=own)), 2)
    return found


def _scores(
    points: Sequence[Example], model: CategoryModel, held_out: NDArray[np.float64], settings: CategorySettings
) -> list[Score]:
    """F1 over authors held out: the rules alone and the pool, where the rules have seen the authors and where not."""
    pooled = [set(names) for names, _ in model.decide(held_out)]
    rules = [set(classify(p.text)[0]) for p in points]
    seen = set(settings.data.seen_by_rules)
    found = []
    for on, held in (("authors unknown to the rules", False), ("authors known to the rules", True)):
        chosen = [i for i, p in enumerate(points) if (p.style in seen) == held]
        if not chosen:
            continue
        for name, given in (("rules", rules), ("rules and model", pooled)):
            counts: dict[str, list[int]] = {}
            for i in chosen:
                want = set(points[i].categories)
                row = counts.setdefault(points[i].document, [0, 0, 0])
                for k, n in enumerate((len(want & given[i]), len(given[i]), len(want))):
                    row[k] += n
            found.append(interval(list(counts.values()), on=f"{name}, {on}", seed=settings.fit.seed))
    return found
