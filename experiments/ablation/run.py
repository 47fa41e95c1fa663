"""What each group of features is worth: the models of facts and of categories trained without it, on ``train``, measured on ``dev``.

    python experiments/ablation/run.py [--config config.json]

Facts are measured twice: with the rules, and by the words alone (``models, no rules``), where a loss is not hidden by what the rules know.
Categories are measured end to end, and on the matched points. Differences from the whole model are paired.
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
    UNSEEN,
    Scores,
    category_settings,
    fact_settings,
    gold_of,
    only,
    pipeline,
    score,
    shown,
)

from gia_nlp.facts.combining import Combination  # noqa: E402
from gia_nlp.facts.model import FactModel  # noqa: E402
from gia_nlp.learning import categories  # noqa: E402
from gia_nlp.learning.facts import fit_facts  # noqa: E402
from gia_nlp.learning.splits import read_annotated  # noqa: E402
from gia_nlp.problems.models import ItemModels  # noqa: E402

ALONE = "models, no rules"
MEASURES = {"facts": ("facts", "fact_period"), "problems": ("cat", "cat_given", "cat_macro")}
TRAIN = ("train",)


def fact_models(groups: tuple[str, ...], folds: int) -> dict[str, Any]:
    """With the rules and alone."""
    settings = fact_settings(TRAIN, without=groups)
    model = fit_facts(replace(settings, training=replace(settings.training, folds=folds))).model
    silent = {kind: Combination(1.0, {}, c.threshold) for kind, c in model.combinations.items()}
    return {MODELS: pipeline(model), ALONE: pipeline(FactModel(model.quantities, model.denials, silent))}


def category_models(groups: tuple[str, ...], folds: int) -> dict[str, Any]:
    """Categories by the model, points and pairs by the rules."""
    settings = category_settings(TRAIN, without=groups, folds=folds)
    points = categories.examples(read_annotated(settings.data.path, TRAIN))
    model = categories.fit_categories(points, settings)[0]
    return {f"{MODELS}, rules for points": pipeline(None, ItemModels(categories=model))}


def main() -> None:
    """Trains and measures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", type=Path, default=HERE / "config.json")
    config = json.loads(parser.parse_args().config.read_text(encoding="utf-8"))
    scores = Scores(HERE)
    for kind, make in (("facts", fact_models), ("problems", category_models)):
        gold = gold_of(kind, "dev")
        late = gold_of(kind, UNSEEN)
        whole: dict[str, Any] = {}
        body: dict[tuple[str, str], list[list[str]]] = {}
        for name, groups in {"all features": [], **config[kind]}.items():
            begin = time.process_time()
            made = make(tuple(groups), config["folds"][kind])
            training = round(time.process_time() - begin, 1)
            for base, nlp in made.items():
                found, _ = score(nlp, gold)
                whole.setdefault(base, found)
                system = f"{base}, {name}" if groups else base
                for split, part in (("dev", found), (UNSEEN, only(found, late))):
                    against = None if not groups else whole[base] if split == "dev" else only(whole[base], late)
                    scores.add(part, system=system, kind=kind, split=split, seconds=training, measures=MEASURES[kind])
                    cells = [shown(part, m, against) for m in MEASURES[kind]]
                    body.setdefault((base, split), []).append([name, " ".join(groups), *cells])
        for (base, split), rows in body.items():
            scores.lines += ["", f"## {kind}, {split}: {base}"]
            scores.table(["system", "left out", *MEASURES[kind]], rows)
    scores.write(question="What is each group of features worth to the models?", title="Groups of features left out")


if __name__ == "__main__":
    main()
