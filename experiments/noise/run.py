"""What scans and converters do to the readings: wraps, blanks, invisible characters, other characters, characters taken for others.

    python experiments/noise/run.py [--config config.json]

The noise of ``gia_nlp.synthesis`` and look-alike characters are put on the annotated passages of ``dev``; annotations move along with their
characters. ``slips n%``: each Chinese character of the list in the configuration is printed as its look-alike with that probability
(never numerals, so that the right values stay). Rules alone and with models trained on clean ``train``; differences are from the clean text.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from systems import MODELS, RULES, Scores, gold_of, pipeline, score, shown, train_facts, train_items  # noqa: E402

from gia_nlp.learning.evaluation import GoldDocument  # noqa: E402
from gia_nlp.synthesis import noise  # noqa: E402
from gia_nlp.synthesis.marked import Mark, Marked  # noqa: E402

MEASURES = {"facts": ("facts", "fact_period", "fact_channel"), "problems": ("items", "cat_given", "cat", "pair")}
ANSWERS = {"facts": "facts", "problems": "items"}
CHARACTERS = ("traditional", "radicals", "full_width")
NUMERALS = set("零〇一二两三四五六七八九十百千万亿")
_LINE = re.compile(r"[^\n]+")


def noisy(gold: GoldDocument, field: str, condition: str, seed: int, look_alikes: Mapping[str, str]) -> tuple[GoldDocument, int]:  # fmt: skip
    """A passage with noise, its annotations moved along, and the number of characters that slipped."""
    text = gold.text or ""
    marks = [Mark(a["start"], a["end"], "fact" if field == "facts" else "item", {**a, "place": i}) for i, a in enumerate(gold.answers[field])]  # fmt: skip
    lines = [Mark(m.start(), m.end(), "prose") for m in _LINE.finditer(text)]
    made, slipped = put_on(Marked(text, (*marks, *lines)), condition, random.Random(f"{seed}/{gold.name}"), look_alikes)
    answers = []
    for mark in sorted((m for m in made.marks if m.kind != "prose"), key=lambda m: m.data["place"]):
        moved = {k: v for k, v in mark.data.items() if k != "place"}
        answers.append(moved | {"start": mark.start, "end": mark.end, "quote": made.text[mark.start : mark.end]})
    return replace(gold, text=made.text, answers={**gold.answers, field: answers}), slipped


def put_on(text: Marked, condition: str, rng: random.Random, look_alikes: Mapping[str, str]) -> tuple[Marked, int]:
    """A text in a condition, and the number of characters that slipped."""
    if condition == "clean":
        return text, 0
    if condition.startswith("slips"):
        rate = int(condition.removeprefix("slips ").removesuffix("%")) / 100
        chars = [
            look_alikes[c] if c in look_alikes and c not in NUMERALS and rng.random() < rate else c for c in text.text
        ]
        return Marked("".join(chars), text.marks), sum(a != b for a, b in zip(chars, text.text, strict=True))
    if condition in CHARACTERS:
        return noise.in_characters(text, noise.character_map(frozenset([condition]), text.text, rng)), 0
    if condition == "wraps, blanks, traditional":
        text = noise.in_characters(text, noise.character_map(frozenset(["traditional"]), text.text, rng))
        return noise.hard_wraps(noise.blanks(text, rng), rng), 0
    return noise.STEPS[condition](text, rng), 0


def main() -> None:
    """Trains once, and measures in every condition."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", type=Path, default=HERE / "config.json")
    config = json.loads(parser.parse_args().config.read_text(encoding="utf-8"))
    pairs = [p for p in config["look_alikes"].split() if p[0] != p[1]]
    look_alikes = dict(pairs) | {b: a for a, b in pairs}
    scores = Scores(HERE)
    for kind, field in ANSWERS.items():
        models = pipeline(train_facts(("train",))) if kind == "facts" else pipeline(None, train_items(("train",)))
        systems = {RULES: pipeline(), MODELS: models}
        gold = gold_of(kind, "dev")
        clean: dict[str, Any] = {}
        body: dict[str, list[list[str]]] = {name: [] for name in systems}
        for condition in config["conditions"]:
            made = [noisy(g, field, condition, config["seed"], look_alikes) for g in gold]
            texts = [g for g, _ in made]
            share = sum(n for _, n in made) / sum(len(g.text or "") for g in gold)
            for name, nlp in systems.items():
                found, seconds = score(nlp, texts)
                clean.setdefault(name, found)
                system = name if condition == "clean" else f"{name}, {condition}"
                scores.add(found, system=system, kind=kind, split="dev", seconds=seconds, measures=MEASURES[kind])
                against = None if condition == "clean" else clean[name]
                label = f"{condition} ({share:.1%} of all characters)" if share else condition
                body[name].append([label, *(shown(found, m, against) for m in MEASURES[kind])])
        for name, rows in body.items():
            scores.lines += ["", f"## {kind}, dev: {name}"]
            scores.table(["condition", *MEASURES[kind]], rows)
    scores.write(question="How much do wraps, blanks and misread characters cost?", title="Noise")


if __name__ == "__main__":
    main()
