"""Draw the tenth of the annotated texts that is annotated twice, and print it without its marks.

``python data/annotated/second/sample.py facts`` or ``items`` prints the texts for the second annotator; ``--ids`` prints
the drawn identifiers alone. A tenth of every style is drawn (at least one text), with a generator seeded by the style's
name, so styles added later change nothing in what was drawn before.
"""

from __future__ import annotations

import argparse
import json
import random
from itertools import groupby
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SOURCES = {"facts": HERE.parent / "passages.jsonl", "items": HERE.parent / "problems" / "problems.jsonl"}
SEED = 20261122
SHARE = 10


def read_records(kind: str) -> list[dict[str, Any]]:
    """All first-annotated records of one kind (``facts`` or ``items``), in file order."""
    return [json.loads(line) for line in SOURCES[kind].read_text(encoding="utf-8").splitlines()]


def draw(records: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """A tenth of the records of every style, at least one, in file order."""
    drawn: list[dict[str, Any]] = []
    for style, group in groupby(records, key=lambda record: record["style"]):
        members = list(group)
        count = max(1, round(len(members) / SHARE))
        chosen = set(random.Random(f"{SEED} {kind} {style}").sample(range(len(members)), count))
        drawn += [record for position, record in enumerate(members) if position in chosen]
    return drawn


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=sorted(SOURCES))
    parser.add_argument("--ids", action="store_true", help="print the identifiers alone")
    args = parser.parse_args()
    for record in draw(read_records(args.kind), args.kind):
        year = record.get("year") or record["meta"]["year"]
        print(record["id"] if args.ids else f"%% {record['id']} {year}\n{record['text']}\n")


if __name__ == "__main__":
    main()
