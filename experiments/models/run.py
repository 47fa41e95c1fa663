"""Rules alone, models alone, both together: facts, items, status, categories, pairs.

    python experiments/models/run.py [--config config.json]

Models are trained as ``models/configs`` says: on ``train`` for ``dev``, on ``train`` and ``dev`` for ``test``. Writes ``results.json``, ``results/results.md``
and, for ``dev`` alone, ``results/*.csv`` by indicator, period and category.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from systems import (  # noqa: E402
    MODELS,
    RULES,
    TRAINED_ON,
    UNSEEN,
    Scores,
    gold_of,
    in_parts,
    only,
    pipeline,
    score,
    shown,
    train_categories,
    train_facts,
    train_items,
)

from gia_nlp.facts.combining import Combination  # noqa: E402
from gia_nlp.facts.model import FactModel  # noqa: E402
from gia_nlp.problems.boundaries import BoundaryModel  # noqa: E402
from gia_nlp.problems.models import ItemModels  # noqa: E402
from gia_nlp.problems.pair_model import PairModel  # noqa: E402

ALONE = "models, no rules"
MEASURES = {
    "facts": ("facts", "facts_macro", "fact_indicator", "fact_period", "fact_channel", "fact_topic"),
    "problems": ("items", "item_status", "cat", "cat_macro", "cat_given", "pair"),
}
BREAKDOWNS = {"facts": ("facts by indicator", "facts by period"), "problems": ("items by kind", "categories by category")}  # fmt: skip


def facts_alone(model: FactModel) -> FactModel:
    """The same words, without a vote of the rules or of what was counted before."""
    silent = {kind: Combination(1.0, {}, c.threshold) for kind, c in model.combinations.items()}
    return FactModel(model.quantities, model.denials, silent)


def items_alone(models: ItemModels, words: Any) -> ItemModels:
    """Boundaries and pairs without the rules' votes; categories by characters, without cues and the rules' weights."""
    b, p = models.boundaries, models.pairs
    assert b is not None and p is not None
    return ItemModels(
        BoundaryModel(b.words, b.transitions, 0.0, b.scale, b.offset),
        PairModel(p.first, p.second, 0.0, p.threshold),
        words,
    )


def systems(kind: str, splits: tuple[str, ...]) -> tuple[dict[str, Any], float]:
    """The pipelines to compare, the rules first, and the CPU seconds of training the models."""
    begin = time.process_time()
    if kind == "facts":
        model = train_facts(splits)
        seconds = time.process_time() - begin
        return {RULES: pipeline(), ALONE: pipeline(facts_alone(model)), MODELS: pipeline(model)}, seconds
    models = train_items(splits)
    seconds = time.process_time() - begin
    words = train_categories(splits, without=("cue", "weight", "given"))
    made = {RULES: pipeline(), ALONE: pipeline(None, items_alone(models, words)), MODELS: pipeline(None, models)}
    for name in ("boundaries", "categories", "pairs"):
        made[f"{RULES}, and {name}"] = pipeline(None, ItemModels(**{name: getattr(models, name)}))
    made[f"{MODELS}, no pairs"] = pipeline(None, replace(models, pairs=None))
    return made, seconds


def measured(kind: str, split: str) -> Scores:
    """One kind of answers on one split."""
    scores = Scores(HERE)
    made, training = systems(kind, TRAINED_ON[split])
    whole = {name: score(nlp, gold_of(kind, split)) for name, nlp in made.items()}
    for part in (split, UNSEEN) if split == "dev" else (split,):
        chosen = gold_of(kind, part)
        found = {name: only(e, chosen) for name, (e, _) in whole.items()}
        for name, evaluation in found.items():
            seconds = whole[name][1] if part == split else None
            scores.add(evaluation, system=name, kind=kind, split=part, seconds=seconds, measures=MEASURES[kind])
        scores.lines += ["", f"## {kind}, {part}"]
        if part == split:
            scores.lines.append(f"\nTraining of all models of {kind} on {' and '.join(TRAINED_ON[split])}: {training:.0f} CPU seconds.")  # fmt: skip
        scores.table(
            ["system", *MEASURES[kind]],
            [
                [name, *(shown(e, m, None if name == RULES else found[RULES]) for m in MEASURES[kind])]
                for name, e in found.items()
            ],
        )
        for title in BREAKDOWNS[kind] if split != "test" else ():
            scores.csv(
                f"{title} ({part})".replace(" ", "_").replace(",", ""),
                [
                    {"system": name, **{k: round(v, 4) if isinstance(v, float) else v for k, v in row.items()}}
                    for name in (RULES, ALONE, MODELS)
                    for row in found[name].breakdowns[title].to_dict("records")
                ],
            )
    return scores


def main() -> None:
    """Trains and measures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", type=Path, default=HERE / "config.json")
    parser.add_argument("--part", action="append", default=[], help="facts-dev, problems-test …; the others stay as measured before (default: all)")  # fmt: skip
    options = parser.parse_args()
    config = json.loads(options.config.read_text(encoding="utf-8"))
    asked = [(kind, split) for kind in config["kinds"] for split in config["splits"]]
    scores = in_parts(HERE, measured, asked, options.part)
    scores.write(question="What do rules alone, models alone and both together find?", title="Rules, models, both")


if __name__ == "__main__":
    main()
