"""Does it matter how words are cut? jieba with our dictionary, jieba without it, characters alone; trained on ``train``, measured on ``dev``.

    python experiments/segmenter/run.py [--config config.json]

Facts: the words of the features (``quantity_features``) are those of the segmenter; ``characters`` makes each character a word and takes twice as
many of them, since a word has two on average. Pairs of characters right beside the quantity belong to the model in any case.
Categories: the model has characters, pairs and triples of them (``characters``); for the others words and pairs of words take their place.
Both are measured with the rules and without. Only this study cuts otherwise, so it puts its cutter in the place of the package's.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import patch

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

import gia_nlp.facts.features as fact_features  # noqa: E402
from gia_nlp.facts.combining import Combination  # noqa: E402
from gia_nlp.facts.model import FactModel  # noqa: E402
from gia_nlp.language.words import cutter, domain_cutter  # noqa: E402
from gia_nlp.learning import categories  # noqa: E402
from gia_nlp.learning.facts import fit_facts  # noqa: E402
from gia_nlp.learning.splits import read_annotated  # noqa: E402
from gia_nlp.problems.category_features import category_row  # noqa: E402
from gia_nlp.problems.category_model import CategoryModel  # noqa: E402
from gia_nlp.problems.classifying import Evidence  # noqa: E402
from gia_nlp.problems.models import ItemModels  # noqa: E402

ALONE = "models, no rules"
OURS = "jieba and our dictionary"
CHARACTERS = "characters"
MEASURES = {"facts": ("facts", "fact_period"), "problems": ("cat_given", "cat")}
TRAIN = ("train",)
Cut = Callable[[str], list[str]]
Row = Callable[[str, Evidence], dict[str, float]]


def cutters() -> dict[str, Cut]:
    """The segmenters by name."""
    return {OURS: domain_cutter(), "jieba": cutter("rjieba", ()), CHARACTERS: characters}


def characters(text: str) -> list[str]:
    """Characters; a number stays one word."""
    found: list[str] = []
    for c in text:
        if c.isdigit() and found and found[-1][-1].isdigit():
            found[-1] += c
        else:
            found.append(c)
    return found


def word_row(cut: Cut) -> Row:
    """Like ``category_row``, with words and pairs of words in place of characters."""

    def row(text: str, evidence: Evidence) -> dict[str, float]:
        words = [w for w in cut(text) if any(c.isalpha() for c in w)]
        names = {f"n:{w}": 1.0 for w in words} | {f"n:{a} {b}": 1.0 for a, b in pairwise(words)}
        value = max(len(names), 1) ** -0.25
        cues = {k: v for k, v in category_row(text, evidence).items() if not k.startswith("n:")}
        return dict.fromkeys(names, value) | cues

    return row


def asked_by(row: Row) -> Callable[..., Any]:
    """``CategoryModel.own`` with features of another kind than characters, for which it has a quick way."""

    def own(model: CategoryModel, texts: Sequence[str], evidences: Sequence[Evidence]) -> Any:
        return model.words.logits(row(t, e) for t, e in zip(texts, evidences, strict=True))

    return own


@contextmanager
def cutting(name: str, cut: Cut) -> Iterator[None]:
    """Models trained and asked inside see words as this segmenter cuts them."""
    with ExitStack() as stack:
        stack.enter_context(patch.object(fact_features, "domain_cutter", lambda: cut))
        if name == CHARACTERS:
            for region in ("_LABEL", "_TAIL", "_PRIOR", "_HEAD", "_NEXT"):
                stack.enter_context(patch.object(fact_features, region, 2 * getattr(fact_features, region)))
        else:
            row = word_row(cut)
            stack.enter_context(patch("gia_nlp.learning.categories.category_row", row))
            stack.enter_context(patch.object(CategoryModel, "own", asked_by(row)))
        yield


def fact_systems(folds: int) -> dict[str, Any]:
    """Pipelines of facts."""
    settings = fact_settings(TRAIN)
    model = fit_facts(replace(settings, training=replace(settings.training, folds=folds))).model
    silent = {kind: Combination(1.0, {}, c.threshold) for kind, c in model.combinations.items()}
    return {MODELS: pipeline(model), ALONE: pipeline(FactModel(model.quantities, model.denials, silent))}


def category_systems(folds: int) -> dict[str, Any]:
    """Pipelines of categories; points and pairs are the rules'."""
    made = {}
    for name, without in ((f"{MODELS}, rules for points", ()), (ALONE, ("cue", "weight", "given"))):
        settings = category_settings(TRAIN, folds=folds, without=without)
        points = categories.examples(read_annotated(settings.data.path, TRAIN))
        made[name] = pipeline(None, ItemModels(categories=categories.fit_categories(points, settings)[0]))
    return made


def main() -> None:
    """Trains and measures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", type=Path, default=HERE / "config.json")
    config = json.loads(parser.parse_args().config.read_text(encoding="utf-8"))
    scores = Scores(HERE)
    # What the package does itself stands first: of facts words by our dictionary, of categories characters.
    for kind, make, first in (("facts", fact_systems, OURS), ("problems", category_systems, CHARACTERS)):
        gold, late = gold_of(kind, "dev"), gold_of(kind, UNSEEN)
        whole: dict[str, Any] = {}
        body: dict[tuple[str, str], list[list[str]]] = {}
        for name in sorted(config["segmenters"], key=lambda n: n != first):
            with cutting(name, cutters()[name]):
                begin = time.process_time()
                made = make(config["folds"][kind])
                training = round(time.process_time() - begin, 1)
                for base, nlp in made.items():
                    found, seconds = score(nlp, gold)
                    whole.setdefault(base, found)
                    for split, part in (("dev", found), (UNSEEN, only(found, late))):
                        other = whole[base] if split == "dev" else only(whole[base], late)
                        scores.add(part, system=f"{base}, {name}", kind=kind, split=split, seconds=training, measures=MEASURES[kind])  # fmt: skip
                        cells = [shown(part, m, None if name == first else other) for m in MEASURES[kind]]
                        body.setdefault((base, split), []).append([name, *cells, f"{training:.0f}", f"{seconds:.1f}"])
        for (base, split), rows in body.items():
            scores.lines += ["", f"## {kind}, {split}: {base}"]
            scores.table(["words by", *MEASURES[kind], "training, s", "reading, s"], rows)
    scores.write(question="Does it matter for the models how words are cut?", title="Segmenters")


if __name__ == "__main__":
    main()
