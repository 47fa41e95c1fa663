"""How well the rules do on styles that nobody looked at while writing them.

    python experiments/held_out/run.py

Scores the facts of ``data/annotated/passages.jsonl`` and the items of ``data/annotated/problems/problems.jsonl`` by split: ``dev`` and
``train`` styles were read while the rules were written, ``test`` styles were only ever counted. Measures are those of the annotation
guide: a fact matches by indicator, value, period and overlap; an item by kind and character overlap of at least 0.7. Intervals are
95% bootstrap intervals over passages. Writes ``results.csv`` and ``results.md`` beside this file.
"""

from __future__ import annotations

import csv
import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gia_nlp.facts import find_facts
from gia_nlp.pipeline import analyse_text
from gia_nlp.problems import find_items
from gia_nlp.records import Fact, Item, Layout, Metadata, Prose

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "data" / "annotated"
Row = dict[str, Any]


def passages(path: Path) -> Iterator[Row]:
    """The annotated passages of a JSONL file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def match_facts(gold: list[Row], found: tuple[Fact, ...]) -> list[tuple[Row, Fact]]:
    """Pairs of right and found facts, each used once."""
    pairs, left = [], list(found)
    for want in gold:
        for have in left:
            same = want["indicator"] == have.indicator and want["period"] == have.period
            overlap = min(want["end"], have.end) > max(want["start"], have.start)
            if same and overlap and abs(want["value"] - have.value) < 1e-6:
                pairs.append((want, have))
                left.remove(have)
                break
    return pairs


def _overlap(want: Row, have: Item) -> float:
    inner = max(0, min(want["end"], have.end) - max(want["start"], have.start))
    return inner / (max(want["end"], have.end) - min(want["start"], have.start))


def match_items(gold: list[Row], found: tuple[Item, ...]) -> list[tuple[int, int]]:
    """Indexes of right and found items that match, best overlap first."""
    scored = sorted(
        ((_overlap(g, f), i, j) for i, g in enumerate(gold) for j, f in enumerate(found) if g["kind"] == f.kind),
        reverse=True,
    )
    pairs: list[tuple[int, int]] = []
    for score, i, j in scored:
        if score >= 0.7 and all(i != a and j != b for a, b in pairs):
            pairs.append((i, j))
    return pairs


def count_facts(passage: Row) -> Counter[str]:
    """Counts for the measures of one passage's facts."""
    text = passage["text"]
    layout = Layout((), (Prose("unknown", 0, len(text)),), (), Metadata(year=passage.get("year")))
    found = find_facts(text, layout)
    pairs = match_facts(passage["facts"], found)
    counts = Counter(facts_tp=len(pairs), facts_found=len(found), facts_gold=len(passage["facts"]))
    for want, have in pairs:
        counts["matched"] += 1
        for name in ("channel", "bound", "unit"):
            counts[name] += want[name] == getattr(have, name)
        a, b = want["topic"], have.topic
        counts["topic"] += a == b or bool(a and b and (a in b or b in a))
    return counts


def count_items(passage: Row) -> Counter[str]:
    """Counts for the measures of one section's items, categories and pairs."""
    text, gold = passage["text"], passage["items"]
    layout = analyse_text(text, year=(passage.get("meta") or {}).get("year"))
    found, none = find_items(text, layout)
    pairs = match_items(gold, found)
    to_gold = {j: i for i, j in pairs}
    counts = Counter(
        items_tp=len(pairs), items_found=len(found), items_gold=len(gold), matched_items=len(pairs), sections=1
    )
    counts["none_right"] += none == bool(passage.get("none_reported"))
    counts["cat_found"] = sum(len(f.categories) for f in found)
    counts["cat_gold"] = sum(len(set(g["categories"])) for g in gold)
    for i, j in pairs:
        counts["status"] += gold[i]["when"] == found[j].status
        counts["cat_tp"] += len(set(gold[i]["categories"]) & set(found[j].categories))
    links = {(i, k) for i, g in enumerate(gold) if g["kind"] == "problem" for k in g.get("remedies") or []}
    ours = [(j, k) for j, f in enumerate(found) if f.kind == "problem" for k in f.remedies]
    counts["pair_gold"], counts["pair_found"] = len(links), len(ours)
    counts["pair_tp"] = sum((to_gold.get(a), to_gold.get(b)) in links for a, b in ours)
    return counts


def f1(counts: Counter[str], name: str) -> float:
    """F1 from the counts of right, found and gold."""
    total = counts[f"{name}_found"] + counts[f"{name}_gold"]
    return 2 * counts[f"{name}_tp"] / total if total else float("nan")


def interval(rows: list[Counter[str]], name: str, draws: int = 1000) -> tuple[float, float]:
    """95% bootstrap interval of F1 over passages."""
    rng = random.Random(0)
    scores = sorted(f1(sum((rng.choice(rows) for _ in rows), Counter()), name) for _ in range(draws))
    return scores[int(draws * 0.025)], scores[int(draws * 0.975)]


def study() -> list[Row]:
    """One row a split and measure."""
    table: list[Row] = []
    sources = [
        ("facts", DATA / "passages.jsonl", count_facts),
        ("items", DATA / "problems" / "problems.jsonl", count_items),
    ]
    for kind, path, count in sources:
        by_split: dict[str, list[Counter[str]]] = {}
        for passage in passages(path):
            by_split.setdefault(passage["split"], []).append(count(passage))
        for split, rows in sorted(by_split.items()):
            total = sum(rows, Counter())
            names = ("facts",) if kind == "facts" else ("items", "cat", "pair")
            for name in names:
                low, high = interval(rows, name)
                table.append(
                    {
                        "split": split,
                        "measure": f"{name} F1",
                        "value": f1(total, name),
                        "low": low,
                        "high": high,
                        "n": total[f"{name}_gold"],
                        "passages": len(rows),
                    }
                )
            shares = (
                [(a, "matched") for a in ("channel", "unit", "bound", "topic")]
                if kind == "facts"
                else [("status", "matched_items"), ("none_right", "sections")]
            )
            for name, whole in shares:
                value = total[name] / total[whole]
                table.append(
                    {
                        "split": split,
                        "measure": f"{name} accuracy",
                        "value": value,
                        "n": total[whole],
                        "passages": len(rows),
                    }
                )
    return table


def main() -> None:
    """Writes the results."""
    table = study()
    fields = ["split", "measure", "value", "low", "high", "n", "passages"]
    with (HERE / "results.csv").open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, fields, lineterminator="\n")
        writer.writeheader()
        writer.writerows({k: f"{v:.4f}" if isinstance(v, float) else v for k, v in row.items()} for row in table)
    lines = [
        "# Held-out styles",
        "",
        "| split | measure | value | 95% interval | n | passages |",
        "|---|---|---|---|---|---|",
    ]
    for row in table:
        band = f"{row['low']:.3f} to {row['high']:.3f}" if "low" in row else ""
        lines.append(
            f"| {row['split']} | {row['measure']} | {row['value']:.3f} | {band} | {row['n']} | {row['passages']} |"
        )
    note = "Rules only. `dev` and `train` styles were read while the rules were written, `train` less; `test` styles were only counted. Invented texts: harder than most reports, with no layout around them."
    (HERE / "results.md").write_text("\n".join([*lines, "", note, ""]), encoding="utf-8")
    print((HERE / "results.md").read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
