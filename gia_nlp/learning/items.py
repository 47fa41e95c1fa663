"""Training of the models that find problems and remedies: boundaries and kinds, and which remedy answers which problem.

Whole author styles are held out in turn; scores are of those, end to end from the text. Where the rules were written with a
style (``seen_by_rules``), they look better on it than on any report, so figures are told apart by that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from gia_nlp.learning import categories
from gia_nlp.learning.calibration import calibration, fit_platt
from gia_nlp.learning.cards import ModelCard, data_row
from gia_nlp.learning.config import as_plain
from gia_nlp.learning.intervals import Score, interval
from gia_nlp.learning.pairs import PairTable, fit_pairs, table_of
from gia_nlp.learning.sequences import fit_chain
from gia_nlp.learning.splits import grouped_folds, read_annotated
from gia_nlp.learning.variants import as_lines
from gia_nlp.linear import FeatureIndex, LinearClassifier
from gia_nlp.problems.boundaries import BoundaryModel, chain_labels
from gia_nlp.problems.category_model import CategoryModel
from gia_nlp.problems.chains import LABELS, OFFSETS, label_pieces
from gia_nlp.problems.classifying import evidence
from gia_nlp.problems.finding import Points, describe, find_points, parts, rule_pairs
from gia_nlp.problems.models import ItemModels
from gia_nlp.problems.pieces import cut_pieces, piece_rows
from gia_nlp.records import Document, Layout

_OVERLAP = 0.7
_BARE = 3  # of so many texts one is read as bare lines too: enough to know such lists, too few to mistrust marks


@dataclass(frozen=True, slots=True)
class DataSettings:
    """``path``: the annotated sections; ``seen_by_rules``: styles that the rules were written with."""

    path: Path
    splits: tuple[str, ...] = ("train", "dev")
    seen_by_rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BoundarySettings:
    """``penalty`` of squared weights; ``vote``: the weight of the rules; features of fewer than ``min_count`` pieces are left out."""

    penalty: float = 0.1
    vote: float = 4.0
    min_count: int = 3
    max_iterations: int = 120


@dataclass(frozen=True, slots=True)
class PairSettings:
    """``strength``: scikit-learn's ``C``; ``vote``: the weight of the rules; ``seen_by_rules``: styles that the vocabulary of categories was written with."""

    strength: float = 0.1
    vote: float = 1.0
    seen_by_rules: tuple[str, ...] = ()
    folds: int = 3


@dataclass(frozen=True, slots=True)
class FoldSettings:
    """``folds`` of whole styles."""

    folds: int = 8
    seed: int = 0


@dataclass(frozen=True, slots=True)
class ItemSettings:
    """The configuration of ``gia-nlp train items``."""

    data: DataSettings
    boundaries: BoundarySettings = field(default_factory=BoundarySettings)
    pairs: PairSettings = field(default_factory=PairSettings)
    fit: FoldSettings = field(default_factory=FoldSettings)


@dataclass(frozen=True, slots=True)
class Chain:
    """The pieces of a part of a text: their features and their right labels."""

    rows: list[list[str]]
    labels: list[str]


@dataclass(frozen=True, slots=True)
class Section:
    """An annotated text, made ready: its layout and its chains; ``variants`` are those of the same points as bare lines."""

    row: Mapping[str, Any]
    layout: Layout
    chains: tuple[Chain, ...]
    variants: tuple[Chain, ...] = ()


def prepare(rows: Sequence[Mapping[str, Any]]) -> list[Section]:
    """Annotated texts cut into pieces with their labels."""
    found = []
    for number, row in enumerate(rows):
        section, bare = _section(row), as_lines(row) if number % _BARE == 0 else None
        found.append(replace(section, variants=_section(bare).chains) if bare else section)
    return found


def _section(row: Mapping[str, Any]) -> Section:
    from gia_nlp.structure import analyse

    text = row["text"]
    layout = analyse(Document(text=text))
    if layout.metadata.year is None:
        layout = replace(layout, metadata=replace(layout.metadata, year=(row.get("meta") or {}).get("year")))
    points = [(i["start"], i["end"], "P" if i["kind"] == "problem" else "R") for i in row["items"]]
    chains = []
    for part in parts(text, layout)[0]:
        pieces = cut_pieces(part.view.text)
        if pieces:
            labels = label_pieces([part.view.span(p.start, p.end) for p in pieces], points)
            chains.append(Chain(piece_rows(part.view.text, pieces, part.context.kind), labels))
    return Section(row, layout, tuple(chains))


def fit_boundaries(sections: Sequence[Section], settings: BoundarySettings) -> BoundaryModel:
    """The conditional random field of some texts, uncalibrated."""
    from scipy.sparse import csr_matrix, hstack

    chains = [chain for section in sections for chain in (*section.chains, *section.variants)]
    rows = [row for chain in chains for row in chain.rows]
    index = FeatureIndex.fit(rows, min_count=settings.min_count)
    own = index.rows(rows).to_scipy()
    lengths = [len(chain.rows) for chain in chains]
    place = np.concatenate([np.arange(n) for n in lengths])
    size = np.concatenate([np.full(n, n) for n in lengths])
    shifted = []
    for d in OFFSETS:
        held = np.flatnonzero((place + d >= 0) & (place + d < size))
        move = csr_matrix((np.ones(len(held)), (held, held + d)), shape=(len(rows), len(rows)))
        shifted.append(move @ own)
    labels = np.array([LABELS.index(label) for chain in chains for label in chain.labels])
    weights, transitions = fit_chain(
        hstack(shifted).tocsr(),
        labels,
        lengths,
        len(LABELS),
        penalty=settings.penalty,
        max_iterations=settings.max_iterations,
    )
    table = weights.reshape(len(OFFSETS), len(index), len(LABELS)).transpose(1, 0, 2).reshape(len(index), -1)
    names = chain_labels()
    words = LinearClassifier(index, names, np.round(table, 3) + 0.0, np.zeros(len(names)))
    return BoundaryModel(words, np.round(transitions, 3) + 0.0, settings.vote)


@dataclass(slots=True)
class _Told:
    """What held-out texts tell: counts a text for scores, and scores of points with whether they are right."""

    counts: dict[str, list[tuple[int, int, int]]] = field(default_factory=dict)
    odds: list[float] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)
    pairs: list[PairTable] = field(default_factory=list)
    known: list[str] = field(default_factory=list)

    def count(self, what: str, known: str, counts: tuple[int, int, int]) -> None:
        """Keeps the counts of one text."""
        self.counts.setdefault(f"{what}, authors {known} to the rules", []).append(counts)


def train_items(settings: ItemSettings, out: str | Path) -> list[Score]:
    """Trains the models and writes them with a card into ``out``; returns the scores on held-out styles.

    Raises ``OSError`` if the data cannot be read and ``ValueError`` if there are too few styles.
    """
    rows = read_annotated(settings.data.path, settings.data.splits)
    sections = prepare(rows)
    models, told = fit_items(sections, settings)
    model = models.boundaries
    assert model is not None
    models.to_disk(out)
    scores = [interval(counts, on=on, seed=settings.fit.seed) for on, counts in told.counts.items()]
    believed = 1 / (1 + np.exp(-(np.array(told.odds) * model.scale + model.offset)))
    ModelCard(
        name="items",
        task="where problems and remedies begin and end",
        description=(
            "A conditional random field over the pieces between marks of punctuation, in which the rules vote with a fixed weight."
        ),
        labels=LABELS,
        data=[data_row(settings.data.path, rows, sum(len(r["items"]) for r in rows))],
        settings=as_plain(settings),
        scores=scores,
        seed=settings.fit.seed,
        calibration={"boundaries": calibration(believed, told.right)},
        size={"features": len(model.words.index), "labels": len(LABELS)},
        limits=[
            "Trained on invented texts, hard on purpose; shapes of lists are far more even in them than in real reports.",
            "Every figure is over authors held out from the model; the rules may have been written with the authors that they know.",
        ],
    ).to_disk(out)
    return scores


def fit_items(sections: Sequence[Section], settings: ItemSettings) -> tuple[ItemModels, _Told]:
    """The models of all texts, calibrated on held-out styles, and what those styles tell of it."""
    seen = set(settings.data.seen_by_rules)
    told = _Told()
    styles = [s.row["style"] for s in sections]
    for fit, held in grouped_folds(styles, settings.fit.folds, seed=settings.fit.seed):
        model = fit_boundaries([sections[i] for i in fit], settings.boundaries)
        silent = BoundaryModel(model.words, model.transitions, 0.0)
        subjects = _fit_subjects([sections[i].row for i in fit], settings)
        for i in held:
            section = sections[i]
            known = "known" if styles[i] in seen else "unknown"
            for name, models in (
                ("rules", None),
                ("model", ItemModels(boundaries=silent)),
                ("rules and model", ItemModels(boundaries=model)),
            ):
                found = find_points(section.row["text"], section.layout, models)
                points = [(s, e, d.kind) for d, (s, e) in zip(found.drafts, found.spans, strict=True)]
                matched = match(section.row["items"], points)
                told.count(f"items by {name}", known, (len(matched), len(points), len(section.row["items"])))
                told.count(
                    f"pairs by rules with items by {name}", known, _pair_counts(found, None, matched, section.row)
                )
                if name == "rules and model":
                    told.pairs.append(_pair_table(found, subjects, matched, section.row))
                    told.known.append(known)
                    for k, draft in enumerate(found.drafts):
                        p = min(max(draft.score, 1e-4), 1 - 1e-4)
                        told.odds.append(float(np.log(p / (1 - p))))
                        told.right.append(k in matched)
    scale, offset = fit_platt(np.array(told.odds), np.array(told.right))
    final = fit_boundaries(sections, settings.boundaries)
    boundaries = BoundaryModel(final.words, final.transitions, settings.boundaries.vote, scale, offset)
    _score_pairs(told, settings)
    return ItemModels(
        boundaries=boundaries, pairs=fit_pairs(told.pairs, strength=settings.pairs.strength, vote=settings.pairs.vote)
    ), told


def _fit_subjects(rows: Sequence[Mapping[str, Any]], settings: ItemSettings) -> CategoryModel:
    """A model of categories of the texts at hand, so that pairs are learned with subjects as uncertain as they will be."""
    data = categories.DataSettings(settings.data.path, settings.data.splits, settings.pairs.seen_by_rules)
    fit = categories.FitSettings(folds=settings.pairs.folds, seed=settings.fit.seed)
    return categories.fit_categories(categories.examples(rows), categories.CategorySettings(data, fit))[0]


def _pair_table(found: Points, model: CategoryModel, matched: Mapping[int, int], row: Mapping[str, Any]) -> PairTable:
    witnesses = [evidence(d.text) for d in found.drafts]
    subjects = model.probabilities(model.own([d.text for d in found.drafts], witnesses), witnesses)
    rules = rule_pairs(found.drafts, [names for names, _ in model.decide(subjects)])
    return table_of(row, found.drafts, subjects, rules, matched)


def _pair_counts(
    found: Points, models: ItemModels | None, matched: Mapping[int, int], row: Mapping[str, Any]
) -> tuple[int, int, int]:
    """Right pairs, pairs found, pairs annotated."""
    right = {(i, r) for i, item in enumerate(row["items"]) for r in item["remedies"]}
    links = [(matched.get(a), matched.get(b)) for a, item in enumerate(describe(found, models)) for b in item.remedies]
    return sum(link in right for link in links), len(links), len(right)


def _score_pairs(told: _Told, settings: ItemSettings) -> None:
    """What the model of pairs does on styles that it has not seen."""
    for fit, held in grouped_folds([t.style for t in told.pairs], settings.fit.folds, seed=settings.fit.seed):
        model = fit_pairs([told.pairs[i] for i in fit], strength=settings.pairs.strength, vote=settings.pairs.vote)
        for i in held:
            table = told.pairs[i]
            kept = model.kept(table.told, table.rules)
            counts = (int((kept & table.right).sum()), int(kept.sum()), table.gold)
            told.count("pairs by model with items by rules and model", told.known[i], counts)


def match(want: Sequence[Mapping[str, Any]], found: Sequence[tuple[int, int, str]]) -> dict[int, int]:
    """Found points to annotated ones of their kind: best overlap first, each once, at seven tenths of the union or more."""
    options = []
    for k, (start, end, kind) in enumerate(found):
        for i, item in enumerate(want):
            common = min(end, item["end"]) - max(start, item["start"])
            if common > 0 and kind == item["kind"]:
                union = max(end, item["end"]) - min(start, item["start"])
                options.append((common / union, k, i))
    matched: dict[int, int] = {}
    for overlap, k, i in sorted(options, key=lambda o: (-o[0], o[1], o[2])):
        if overlap >= _OVERLAP and k not in matched and i not in matched.values():
            matched[k] = i
    return matched
