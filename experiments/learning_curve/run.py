"""What more annotated texts would bring: models trained on a growing share of the styles of ``train``, measured on ``dev``.

    python experiments/learning_curve/run.py [--config config.json]

Whole styles are drawn, as a new author's text would come; each seed draws another order, of which every share is a beginning. Rows of
``results.json`` hold the mean over the seeds, ``low`` and ``high`` the least and the greatest seed (no bootstrap); the whole data has one row.
Facts with the rules and without; categories with the rules' weights and without (points and pairs by the rules). Two curves are of ``dev``, all styles and those that the rules never saw.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from systems import (  # noqa: E402
    DATA,
    FILES,
    MODELS,
    RULES,
    UNSEEN,
    Scores,
    category_settings,
    fact_settings,
    gold_of,
    only,
    pipeline,
    score,
)

from gia_nlp.facts.combining import Combination  # noqa: E402
from gia_nlp.facts.model import FactModel  # noqa: E402
from gia_nlp.learning import categories  # noqa: E402
from gia_nlp.learning.evaluation.results import Result  # noqa: E402
from gia_nlp.learning.facts import fit_facts  # noqa: E402
from gia_nlp.learning.splits import read_annotated  # noqa: E402
from gia_nlp.problems.models import ItemModels  # noqa: E402

ALONE = "models, no rules"
MEASURE = {"facts": "facts", "problems": "cat_given"}
KEY = {"facts": "facts.f1", "problems": "cat_given.f1"}


def drawn(styles: list[str], share: float, seed: int) -> list[str]:
    """The first styles of an order that the seed gives, two at least: styles are held out in turn."""
    order = sorted(styles)
    random.Random(seed).shuffle(order)
    return order[: max(2, round(share * len(order)))]


def fact_systems(rows: list[dict[str, Any]], folds: int, folder: Path) -> dict[str, Any]:
    """Pipelines of facts trained on some passages."""
    path = folder / "passages.jsonl"
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    settings = fact_settings(("train",))
    settings = replace(settings, data=replace(settings.data, passages=(path,)), training=replace(settings.training, folds=folds))  # fmt: skip
    model = fit_facts(settings).model
    silent = {kind: Combination(1.0, {}, c.threshold) for kind, c in model.combinations.items()}
    return {MODELS: pipeline(model), ALONE: pipeline(FactModel(model.quantities, model.denials, silent))}


def category_systems(rows: list[dict[str, Any]], folds: int, folder: Path) -> dict[str, Any]:
    """Pipelines of categories trained on some texts."""
    made = {}
    for name, without in ((f"{MODELS}, rules for points", ()), (ALONE, ("cue", "weight", "given"))):
        settings = category_settings(("train",), folds=folds, without=without)
        made[name] = pipeline(None, ItemModels(categories=categories.fit_categories(categories.examples(rows), settings)[0]))  # fmt: skip
    return made


def main() -> None:
    """Trains and measures."""
    import tempfile

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", type=Path, default=HERE / "config.json")
    config = json.loads(parser.parse_args().config.read_text(encoding="utf-8"))
    scores = Scores(HERE)
    listed: list[dict[str, Any]] = []
    for kind, make in (("facts", fact_systems), ("problems", category_systems)):
        rows = read_annotated(FILES[kind], ("train",))
        styles = sorted({r["style"] for r in rows})
        gold, late = gold_of(kind, "dev"), gold_of(kind, UNSEEN)
        rules, seconds = score(pipeline(), gold)
        for split, part in (("dev", rules), (UNSEEN, only(rules, late))):
            scores.add(part, system=RULES, kind=kind, split=split, seconds=seconds, measures=(MEASURE[kind],))
        found: dict[tuple[float, str, str], list[tuple[float, int, int, float]]] = defaultdict(list)
        for share in config["shares"]:
            for seed in config["seeds"] if share < 1 else config["seeds"][:1]:
                chosen = [r for r in rows if r["style"] in drawn(styles, share, seed)]
                begin = time.process_time()
                with tempfile.TemporaryDirectory() as folder:
                    made = make(chosen, config["folds"][kind], Path(folder))
                training = time.process_time() - begin
                for system, nlp in made.items():
                    whole, _ = score(nlp, gold)
                    for split, part in (("dev", whole), (UNSEEN, only(whole, late))):
                        row = part.measures.set_index("measure").loc[MEASURE[kind]]
                        found[share, system, split].append((float(row["value"]), int(row["n"]), len(chosen), training))
                        listed.append({"kind": kind, "share": share, "seed": seed, "styles": len({r["style"] for r in chosen}), "texts": len(chosen),
                                       "system": system, "split": split, "measure": KEY[kind], "value": round(float(row["value"]), 4)})  # fmt: skip
        body: dict[tuple[str, str], list[str]] = {}
        for (share, system, split), told in found.items():
            values = [v for v, *_ in told]
            mean = sum(values) / len(values)
            n, texts = told[0][1], round(sum(t for *_, t, _ in told) / len(told))
            training = round(sum(t for *_, t in told) / len(told), 1)
            bounds = (min(values), max(values)) if len(values) > 1 else (None, None)
            scores.rows.append(Result(system, DATA[kind], f"{split}, {share:.0%} of train" if share < 1 else split, KEY[kind], round(mean, 6), *bounds, n, training))  # fmt: skip
            body.setdefault((system, split), []).append(
                f"{mean:.3f}" + (f" ({min(values):.3f}–{max(values):.3f})" if len(values) > 1 else "")
            )
            body.setdefault(("texts", ""), [])
            if system.startswith(MODELS) and split == "dev":
                body["texts", ""].append(str(texts))
        scores.lines += ["", f"## {kind}: {KEY[kind]}", "", f"{len(styles)} styles in `train`; mean, least and greatest of {len(config['seeds'])} draws of styles."]  # fmt: skip
        head = ["system", "split", *(f"{s:.0%}" for s in config["shares"])]
        scores.table(head, [[system, split, *cells] for (system, split), cells in sorted(body.items(), key=lambda b: b[0][0] != "texts")])  # fmt: skip
    scores.csv("curves", listed)
    scores.write(question="What would more annotated texts bring?", title="Learning curves")


if __name__ == "__main__":
    main()
