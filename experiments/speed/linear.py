"""Is the work per character the same in long texts as in short ones?

    python experiments/speed/linear.py [--large 5000000] [--hunt 40] [--seed 0]

First the same kinds of text at 50 KB and at 5 MB: reports one after the other, one report over and over, and texts that no agency
writes (one character, one number, one mark, a table's row, a denial, again and again). Then a hunt: motifs are drawn from
the alphabet of the genre and from the literals of every pattern of the package, repeated, and doubled; what grows much faster than
its length is named. Writes ``linear.csv`` here, as CPU seconds.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import pkgutil
import random
import re
import time
from collections.abc import Iterator
from pathlib import Path

import gia_nlp
from gia_nlp import pipeline
from gia_nlp.records import Document
from gia_nlp.synthesis import make_report

HERE = Path(__file__).parent
STAGES = ("structure", "facts", "items", "checking")
REPEATED = {
    "a digit": "1",
    "line ends": "\n",
    "a character": "政",
    "counts": "12条，",
    "open brackets": "（1",
    "headings": "一、总体情况\n",
    "cells a line": "\t0\n",
    "denials": "未收到",
    "pipes": "| 0 | 0 |\n",
    "points": "一是公开不及时；",
    "marks": "- 3 -\n",
    "quotation marks": "“",
    "book marks": "《",
    "blanks": " 1",
    "ordinals": "（一）",
    "circled": "①",
    "years": "2023年",
    "table rows": "行政许可 0 0 0\n",
    "sums": "一、本年新收政府信息公开申请数量640020470",
    "statistics": "主动公开政府信息数 条 12\n",
    "labels": "存在问题：",
    "agencies": "青垄县",
}
ALPHABET = "政府信息公开申请年度报告收到未不予以上条件次0123456789，。；：、（）“”《》\n\t |-—一二三四五六十是的"


def timed(text: str) -> dict[str, float]:
    """CPU seconds of each stage."""
    from gia_nlp.checking import check
    from gia_nlp.structure import analyse

    parts = dict(pipeline.load("zh_gia_rules").pipeline)
    gc.collect()
    clock = time.process_time
    with pipeline.no_collection():  # as ``pipeline.tag_document`` does
        marks = [clock()]
        layout = analyse(Document(text=text))
        marks.append(clock())
        facts = parts["gia_facts"].find(text, layout)
        marks.append(clock())
        parts["gia_items"].find(text, layout)
        marks.append(clock())
        check(text, layout, facts)
        marks.append(clock())
    return {stage: marks[i + 1] - marks[i] for i, stage in enumerate(STAGES)}


def literals() -> list[str]:
    """Short strings that the patterns of the package are made of."""
    found: set[str] = set()
    for module in pkgutil.walk_packages(gia_nlp.__path__, "gia_nlp."):
        if module.name.split(".")[1] not in (
            "text",
            "structure",
            "facts",
            "problems",
            "language",
            "vocabulary",
            "checking",
        ):
            continue
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, re.Pattern):
                found.update(re.findall(r"[一-鿿]{1,6}", value.pattern))
    from gia_nlp.vocabulary.categories import categories
    from gia_nlp.vocabulary.facts import fact_cues

    for cue in fact_cues():
        found.update(re.findall(r"[一-鿿]{1,6}", cue.pattern.pattern))
    for category in categories().values():
        for pattern, _ in category.cues:
            found.update(re.findall(r"[一-鿿]{1,6}", pattern.pattern))
    return sorted(found)


def motifs(count: int, seed: int) -> Iterator[str]:
    """Random short texts of characters of the genre and of words of the patterns."""
    rng = random.Random(seed)
    words = literals()
    for _ in range(count):
        parts = [rng.choice(words) if rng.random() < 0.6 else rng.choice(ALPHABET) for _ in range(rng.randint(1, 6))]
        yield "".join(parts)


def growth(motif: str, length: int, enough: float = 0.3) -> tuple[float, float]:
    """How many times longer a text four times as long takes, per character, and its seconds; 0 where it is done at once."""
    short = sum(timed((motif * (length // len(motif) + 1))[:length]).values())
    long = sum(timed((motif * (4 * length // len(motif) + 1))[: 4 * length]).values())
    if long < enough:
        return 0.0, long
    return long / (4 * max(short, 1e-4)), long


def texts(size: int) -> Iterator[tuple[str, str]]:
    """Every kind of text at a size in characters."""
    parts: list[str] = []
    length = index = 0
    while length < size:
        report = make_report(3, index, ("pipes", "tabs", "cells", "glued", "spaces")[index % 5], "2021")
        parts.append(report.text or "")
        length, index = length + len(parts[-1]), index + 1
        if index == 60:  # enough of them; then the same again
            parts = parts * (size // length + 1)
            break
    yield "reports", "\n".join(parts)[:size]
    one = make_report(3, 1, "tabs", "2021").text or ""
    yield "one report", (one * (size // len(one) + 1))[:size]
    for name, motif in REPEATED.items():
        yield name, (motif * (size // len(motif) + 1))[:size]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", type=int, default=50_000, help="characters")
    parser.add_argument("--large", type=int, default=5_000_000, help="characters")
    parser.add_argument("--only", nargs="*", help="kinds of text")
    parser.add_argument("--hunt", type=int, default=0, help="random motifs")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    timed(make_report(3, 0, "tabs", "2021").text or "")
    rows = ["text,characters,structure,facts,items,checking,microseconds_per_character,times_the_short_text"]
    short = {}
    for size in (args.small, args.large):
        for name, text in texts(size):
            if args.only and name not in args.only:
                continue
            found = timed(text)
            each = sum(found.values()) / len(text) * 1e6
            short.setdefault(name, each)
            rows.append(
                f"{name},{len(text)},{','.join(f'{found[s]:.3f}' for s in STAGES)},{each:.3f},{each / short[name]:.2f}"
            )
            print(rows[-1], flush=True)
    for motif in motifs(args.hunt, args.seed):
        times, seconds = growth(motif, 10_000)
        if times > 1.6:
            print(f"{motif!r}: four times the length takes {4 * times:.1f} times as long ({seconds:.2f} s)", flush=True)
    (HERE / "linear.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
