"""Collects the results of every study into LEADERBOARD.md.

    python experiments/leaderboard.py [--check]

Reads every ``results.json`` below this folder (schema: README.md). ``--check`` writes nothing and fails if the page is out of date.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from pathlib import Path

from gia_nlp.learning.evaluation.results import Result, ResultsError, Study, read_results

HERE = Path(__file__).resolve().parent
# What a table comes first by: the measures that sum a system up, the split that nobody looked at.
HEADLINES = ("cells.accuracy", "nonzero.accuracy", "facts.f1", "answers.f1", "items.f1", "cat.f1", "cat_given.f1", "pair.f1")  # fmt: skip
SPLITS = ("test", "dev", "train, grouped cv", "train")
Listed = tuple[str, Result]


def collect(folder: Path) -> dict[Path, Study]:
    """The studies below a folder, by their files."""
    return {path: read_results(path) for path in sorted(folder.rglob("results.json"))}


def page(studies: dict[Path, Study], folder: Path) -> str:
    """The leaderboard as markdown."""
    groups: dict[tuple[str, str], list[Listed]] = defaultdict(list)
    for study in studies.values():
        for row in study.rows:
            groups[row.data, row.measure].append((study.study, row))
    lines = [
        "# Leaderboard",
        "",
        "Made by `python experiments/leaderboard.py` from every `results.json`; do not edit. What the columns mean stands in [README.md](README.md).",
        "In each split the best value is bold; a value whose 95% interval holds the best one has a `~`: these systems may be equally good.",
        "Figures of `dev` and `train` flatter rules, which were written while looking at them; `test` was only ever counted.",
        "",
        "| study | question | numbers |",
        "|---|---|---|",
    ]
    for path, study in studies.items():
        place = path.parent.relative_to(folder).as_posix()
        lines.append(f"| [{cell(study.study)}]({place}) | {cell(study.question)} | {len(study.rows)} |")
    silent = [p.name for p in sorted(folder.iterdir()) if p.is_dir() and not p.name.startswith((".", "_")) and not any(q.is_relative_to(p) for q in studies)]  # fmt: skip
    if silent:
        lines += ["", f"Studies that keep their results in a page of their own: {', '.join(silent)}."]
    data = ""
    for (name, measure), rows in sorted(groups.items(), key=lambda g: (g[0][0], rank(g[0][1], HEADLINES), g[0][1])):
        if name != data:
            data = name
            lines += ["", f"## {cell(name)}"]
        lines += ["", f"### {cell(measure)}", "", *table(rows)]
    return "\n".join([*lines, ""])


def table(rows: list[Listed]) -> list[str]:
    """The rows of one measure on one data set, by split, the best first."""
    lines = ["| split | system | value | 95% interval | n | CPU seconds | study |", "|---|---|--:|---|--:|--:|---|"]
    splits: dict[str, list[Listed]] = defaultdict(list)
    for study, row in rows:
        splits[row.split].append((study, row))
    for split, listed in sorted(
        splits.items(), key=lambda s: (rank(s[0].split(", ")[0], SPLITS), rank(s[0], SPLITS), s[0])
    ):
        sign = -1 if listed[0][1].better == "higher" else 1
        listed.sort(key=lambda r: (sign * r[1].value, r[1].system, r[0]))
        best = listed[0][1].value
        for study, row in listed:
            value = number(row.value)
            if len(listed) > 1:
                near = row.low is not None and row.high is not None and row.low <= best <= row.high
                value = f"**{value}**" if row.value == best else f"~ {value}" if near else value
            band = f"{number(row.low)} to {number(row.high)}" if row.low is not None and row.high is not None else ""
            n = f"{row.n:,}" if row.n is not None else ""
            seconds = f"{row.seconds:,.1f}" if row.seconds is not None else ""
            lines.append(f"| {cell(split)} | {cell(row.system)} | {value} | {band} | {n} | {seconds} | {cell(study)} |")
    return lines


def rank(name: str, order: tuple[str, ...]) -> int:
    """The place of a name in an order; unknown names come last."""
    return order.index(name) if name in order else len(order)


def number(value: float) -> str:
    """Three places, whole numbers as they are."""
    return f"{value:,.0f}" if value == int(value) and abs(value) >= 2 else f"{value:,.3f}"


def cell(words: str) -> str:
    """Words that cannot break a table of markdown."""
    return " ".join(words.split()).replace("|", "\\|").replace("<", "&lt;")


def main() -> int:
    """Writes or checks the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="fail if the page is out of date")
    options = parser.parse_args()
    try:
        made = page(collect(HERE), HERE)
    except ResultsError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    target = HERE / "LEADERBOARD.md"
    if options.check:
        current = target.is_file() and target.read_text(encoding="utf-8") == made
        if not current:
            print("LEADERBOARD.md is out of date: run python experiments/leaderboard.py", file=sys.stderr)
        return 0 if current else 1
    target.write_text(made, encoding="utf-8")
    print(f"{target.name} written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
