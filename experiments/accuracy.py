"""Makes docs/accuracy.md from the results of the studies and the cards of the models: ``python experiments/accuracy.py``."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

COUNTS = {
    "facts.f1": "counts found (F1)",
    "fact_indicator.accuracy": "indicator of those at the right place",
    "fact_period.accuracy": "period of those of the right indicator",
    "fact_channel.accuracy": "channel of those found",
    "fact_topic.accuracy": "topic of those found",
    "fact_unit.accuracy": "unit of those found",
    "fact_bound.accuracy": "bound of those found",
    "fact_change.accuracy": "change of those found",
    "answers.f1": "the document's answers (F1)",
}
PROBLEMS = {
    "items.f1": "problems and remedies found (F1)",
    "item_status.accuracy": "status of those found",
    "cat.f1": "categories, end to end (F1)",
    "cat_given.f1": "categories of those found (F1)",
    "pair.f1": "which remedy answers which problem, end to end (F1)",
    "meta_none.accuracy": "whether a section reports none",
}
SYSTEMS = {"zh_gia": "rules and models", "zh_gia_rules": "rules alone"}
SPLITS = {
    "test": "Styles that were only ever counted",
    "dev, unseen styles": "Development styles written when the rules were done",
}

HEAD = """# Measured accuracy

Made from `experiments/held_out/results.json`, `experiments/layouts/results/results.json` and the models' cards by `python experiments/accuracy.py`; do not
edit by hand. Each figure has its 95% interval, a percentile bootstrap over documents. What the measures are stands in [Evaluation](evaluation.md), what they
can and cannot say in [Methodology](methodology.md).
"""

HELD_OUT = """
## Counts, problems and remedies in prose

Invented passages, annotated by the guide, split by author style (`experiments/held_out`). Nobody looked at the texts of `test`, or at single errors there, while
rules were written and settings chosen; nothing was learned from them. `zh_gia` decides by rules and models (the default), `zh_gia_rules` by rules alone.
The models that ship learned from `train` and `dev`, so they have no figures there; what they reach on styles held out of training stands below. After errors in the
styles written last, a few rules were mended, so those of `dev` are a little flattered by now.
"""

CARDS = """
## The models, on styles held out of training

From the cards in `models/zh_gia/cards`: cross-validation by author style over `train` and `dev`. "Authors unknown to the rules" and "styles the rules never saw" were
written when the rules were done; the others were read while the rules were written, which flatters the rules. Items and pairs are end to end; categories are
those of annotated spans with annotated pairs.
"""

LAYOUTS = """
## Tables, by layout

Generated reports with known answers in every layout that was met in real reports, crossed with the forms (`experiments/layouts`). A cell that its print leaves open
counts as right when it is left open. The layouts were known while the readers were written, the reports measured here were not; what failed there and was mended is told
in `experiments/layouts/results/results.md`. The sentences come from a grammar, so nothing is said of prose.
"""


def _number(value: float) -> str:
    if 0.999995 <= value < 1:
        return "> 0.99999"
    return f"{value:.3f}" if value < 0.9995 or value == 1 else f"{value:.5f}"


def _with_interval(row: dict[str, Any]) -> str:
    text = _number(row["value"])
    return text if row.get("low") is None else f"{text} ({row['low']:.3f} to {row['high']:.3f})"


def _table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    header = list(header)
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _held_out(folder: Path) -> str:
    found = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    by_key = {(r["split"], r["measure"], r["system"]): r for r in found["rows"]}
    out = HELD_OUT
    for split, title in SPLITS.items():
        systems = [s for s in SYSTEMS if (split, "facts.f1", s) in by_key or (split, "items.f1", s) in by_key]
        # A model that learned from a split is not measured on it.
        systems = [s for s in systems if split == "test" or s != "zh_gia"]
        if not systems:
            continue
        out += f"\n### {title} (`{split}`)\n\n"
        rows = []
        for measure, words in {**COUNTS, **PROBLEMS}.items():
            cells = [by_key.get((split, measure, s)) for s in systems]
            if any(cells):
                number = max(c["n"] for c in cells if c)
                rows.append([words, *(_with_interval(c) if c else "" for c in cells), f"{number:,}"])
        out += _table(["measure", *(f"`{s}`, {SYSTEMS[s]}" for s in systems), "n"], rows)
    return out


def _cards(folder: Path) -> str:
    out = CARDS
    for path in sorted(folder.glob("*/card.json")):
        card = json.loads(path.read_text(encoding="utf-8"))
        out += f"\n### {path.parent.name}\n\n"
        out += _table(
            ["on", "measure", "value", "documents", "n"],
            [[s["on"], s["measure"], _with_interval(s), f"{s['documents']:,}", f"{s['examples']:,}"] for s in card["scores"]],
        )  # fmt: skip
    return out


def _layouts(folder: Path) -> str:
    found = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    rows = [
        [
            r["split"],
            r["data"],
            r["measure"],
            f"{r['value']:.0f}" if r["measure"].endswith(".count") else _number(r["value"]),
            f"{r['n']:,}" if r["n"] else "",
        ]
        for r in found["rows"]
    ]
    return LAYOUTS + "\n" + _table(["on", "data", "measure", "value", "n"], rows)


def page(root: Path = ROOT) -> str:
    """The page's text."""
    experiments = root / "experiments"
    return "".join(
        [
            HEAD,
            _held_out(experiments / "held_out"),
            _cards(root / "models" / "zh_gia" / "cards"),
            _layouts(experiments / "layouts" / "results"),
        ]
    )


if __name__ == "__main__":
    (ROOT / "docs" / "accuracy.md").write_text(page(), encoding="utf-8")
