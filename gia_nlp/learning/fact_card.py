"""The card of the model of facts: scores on held-out styles, calibration, limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gia_nlp.facts.find import decide_facts
from gia_nlp.facts.model import INDICATOR, FactModel
from gia_nlp.learning.calibration import calibration
from gia_nlp.learning.cards import ModelCard, data_row
from gia_nlp.learning.config import as_plain
from gia_nlp.learning.fact_examples import Example, right_facts
from gia_nlp.learning.fact_settings import FactSettings
from gia_nlp.learning.intervals import Score, interval
from gia_nlp.records import Fact
from gia_nlp.vocabulary.facts import NO_FACT


def counts(example: Example, facts: Sequence[Fact]) -> tuple[int, int, int]:
    """Right, found, annotated."""
    right, found = right_facts(example.row["facts"], facts)
    return sum(right), len(right), len(found)


def fact_card(
    settings: FactSettings,
    files: Mapping[Path, Sequence[Mapping[str, Any]]],
    rows: Sequence[Mapping[str, Any]],
    examples: Sequence[Example],
    held_out: Sequence[tuple[Fact, ...]],
    unseen: frozenset[str],
    model: FactModel,
) -> ModelCard:
    """The card; ``held_out`` are the facts of each example, found while its style was held out."""
    seed = settings.training.seed
    alone = [decide_facts(e.row["text"], e.reads, e.year, None) for e in examples]
    scores: list[Score] = []
    for on, chosen in _parts(examples, unseen).items():
        for who, facts in (("rules alone", alone), ("rules and model", held_out)):
            scores.append(interval([counts(examples[i], facts[i]) for i in chosen], on=f"{on}, {who}", seed=seed))
    said: list[float] = []
    truth: list[bool] = []
    for example, read in zip(examples, held_out, strict=True):
        right, _ = right_facts(example.row["facts"], read)
        said += [fact.score for fact in read]
        truth += right
    candidates = sum(len(e.indicators) + len(e.denials) for e in examples)
    missed, gold = sum(e.missed for e in examples), sum(len(e.row["facts"]) for e in examples)
    taken = {id(row) for row in rows}
    return ModelCard(
        "zh_gia_facts",
        "facts",
        "Which indicator and period a quantity in an annual report has, and which indicators a statement of zero has. Linear classifiers "
        "over words and characters around each candidate; they combine with the rules by fitted weights "
        "(gia_nlp.facts.combining).",
        tuple(name for name in model.columns[INDICATOR] if name != NO_FACT),
        [
            data_row(path, kept, sum(len(r["facts"]) for r in kept))
            for path, found in files.items()
            if (kept := [r for r in found if id(r) in taken])
        ],
        as_plain(settings),
        scores,
        seed,
        [
            "Trained on invented passages from language models, not on real reports; real wording is rougher.",
            f"A fact without a candidate cannot be found: {missed} of {gold} annotated facts have none.",
            "The figures are of styles held out of the classifiers; the rules were written with the older styles at hand. The "
            "styles that the rules never saw are nearly free of that: a few rules were mended after their errors there.",
            "Channels, topics, bounds and changes are the rules' alone: a model of channels gave nothing on unseen styles. An indicator without training examples is the rules' alone.",
        ],
        {"score of a fact, styles held out": calibration(said, truth)},
        {
            "candidates": candidates,
            "quantity_features": len(model.quantities.index),
            "denial_features": len(model.denials.index),
        },
    )


def _parts(examples: Sequence[Example], unseen: frozenset[str]) -> dict[str, list[int]]:
    """Places of the examples by where they come from."""
    parts: dict[str, list[int]] = {}
    for i, example in enumerate(examples):
        new = example.row["style"] in unseen
        name = "styles the rules never saw" if new else f"{example.row['split']} styles"
        parts.setdefault(name, []).append(i)
    return dict(sorted(parts.items()))
