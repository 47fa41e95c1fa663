"""Compare the two passes of annotation over the sampled tenth and write AGREEMENT.md.

``python data/annotated/second/agreement.py`` rebuilds the page, ``--check`` fails if it is stale, ``--freeze`` stores the
first marks of the sample in ``first.jsonl`` (done once, before anything was mended, so that the figures stay those of
two untouched passes).
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

from gia_nlp.learning.agreement import (
    bootstrap_interval,
    cohen_kappa,
    f1_score,
    krippendorff_alpha,
    links,
    masi_distance,
    match_places,
    nominal_distance,
    shared_links,
)
from gia_nlp.learning.evaluation.matching import ITEM_OVERLAP, match_facts, match_items, overlap, span

HERE = Path(__file__).resolve().parent
FROZEN = HERE / "first.jsonl"
PAGE = HERE / "AGREEMENT.md"
SPLITS = ("train", "dev", "test")
FACT_LABELS = ("indicator", "channel", "period", "bound", "unit")
# One sampled text with both passes: what every statistic is computed from, and what the bootstrap draws.
Both = dict[str, Any]
Units = list[tuple[Any, ...]]


def load_module(path: Path) -> ModuleType:
    """The neighbouring scripts are no package: load one by its path."""
    spec = importlib.util.spec_from_file_location(f"second_{path.parent.name}_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SAMPLE = load_module(HERE / "sample.py")
PASSAGES = load_module(HERE.parent / "compile.py")
PROBLEMS = load_module(HERE.parent / "problems" / "compile.py")


def blocks(kind: str) -> dict[str, list[str]]:
    """Mark lines of the second pass by text."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in (HERE / "marks" / f"{kind}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            current = found.setdefault(line[2:].split()[0], [])
        elif line.strip():
            current.append(line.strip())
    return found


def second_marks(kind: str, lines: list[str], text: str) -> list[dict[str, Any]]:
    if kind == "items":
        return list(PROBLEMS.parse(lines, text))
    facts: list[dict[str, Any]] = []
    last = (0, 0)
    for line in lines:
        facts.append(PASSAGES.parse_mark(line, text, last))
        last = facts[-1]["start"], facts[-1]["end"]
    return facts


def freeze() -> None:
    lines: list[str] = []
    for kind in ("facts", "items"):
        marked = blocks(kind)
        lines += [
            json.dumps({"id": record["id"], "kind": kind, "marks": record[kind]}, ensure_ascii=False)
            for record in SAMPLE.read_records(kind)
            if record["id"] in marked
        ]
    FROZEN.write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def load(kind: str) -> list[Both]:
    """Both passes of every sampled text."""
    first = {row["id"]: row["marks"] for row in map(json.loads, FROZEN.read_text(encoding="utf-8").splitlines())
             if row["kind"] == kind}  # fmt: skip
    records = {record["id"]: record for record in SAMPLE.read_records(kind)}
    marked = blocks(kind)
    drawn = {record["id"] for record in SAMPLE.draw(list(records.values()), kind)}
    styles = {records[name]["style"] for name in marked}
    missing = {name for name in drawn if records[name]["style"] in styles} ^ set(marked)
    if missing or set(first) != set(marked):
        sys.exit(f"sample and marks differ: {sorted(missing | (set(first) ^ set(marked)))}")
    rows: list[Both] = []
    for name, lines in marked.items():
        a, b = first[name], second_marks(kind, lines, records[name]["text"])
        row: Both = {
            "id": name,
            "split": records[name]["split"],
            "text": records[name]["text"],
            "first": a,
            "second": b,
        }
        if kind == "facts":
            row["pairs"], row["loose"] = match_facts(a, b), match_places(a, b, prefer=("indicator", "value", "period"))
        else:
            row["pairs"], row["loose"] = match_items(a, b), match_places(a, b, prefer=("kind",), least=ITEM_OVERLAP)
        rows.append(row)
    return rows


def number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def with_interval(rows: Sequence[Both], statistic: Callable[[Sequence[Both]], float | None]) -> str:
    interval = bootstrap_interval(rows, statistic)
    return number(statistic(rows)) + ("" if interval is None else f" [{interval[0]:.3f}, {interval[1]:.3f}]")


def span_f1(rows: Iterable[Both]) -> float | None:
    table = [(len(r["pairs"]), len(r["first"]), len(r["second"])) for r in rows]
    return f1_score(*(sum(column) for column in zip(*table, strict=True))) if table else None


def pairing_f1(rows: Sequence[Both]) -> float | None:
    shared = sum(shared_links(r["first"], r["second"], r["pairs"]) for r in rows)
    return f1_score(shared, sum(len(links(r["first"])) for r in rows), sum(len(links(r["second"])) for r in rows))


def given_pairing_f1(rows: Sequence[Both]) -> float | None:
    """Pairing among items that both passes have."""
    shared = one = two = 0
    for r in rows:
        left, right = {i for i, _ in r["pairs"]}, {j for _, j in r["pairs"]}
        shared += shared_links(r["first"], r["second"], r["pairs"])
        one += sum(set(link) <= left for link in links(r["first"]))
        two += sum(set(link) <= right for link in links(r["second"]))
    return f1_score(shared, one, two)


def labels(rows: Iterable[Both], key: str, pairs: str = "pairs") -> Units:
    return [(r["first"][i][key], r["second"][j][key]) for r in rows for i, j in r[pairs]]


def with_absent(rows: Iterable[Both]) -> Units:
    """Indicators over every quantity that either pass marked; what one pass left unmarked is `none` there."""
    units: Units = []
    for r in rows:
        units += labels([r], "indicator", "loose")
        left, right = {i for i, _ in r["loose"]}, {j for _, j in r["loose"]}
        units += [(f["indicator"], "none") for i, f in enumerate(r["first"]) if i not in left]
        units += [("none", f["indicator"]) for j, f in enumerate(r["second"]) if j not in right]
    return units


def sets(rows: Iterable[Both]) -> Units:
    return [(frozenset(a), frozenset(b)) for a, b in labels(rows, "categories")]


def label_row(rows: Sequence[Both], name: str, units: Callable[[Sequence[Both]], Units], masi: bool = False) -> str:
    """A line of the table of labels: equal share, alpha with interval, kappa, number."""
    distance = masi_distance if masi else nominal_distance
    here = units(rows)
    alpha = with_interval(rows, lambda sample: krippendorff_alpha(units(sample), distance))
    kappa = "" if masi else number(cohen_kappa(here))
    equal = sum(a == b for a, b in here) / len(here)
    return f"| {name} | {equal:.3f} | {alpha} | {kappa} | {len(here)} |"


def topic_given(rows: Iterable[Both]) -> Units:
    return [(a is not None, b is not None) for a, b in labels(rows, "topic")]


def same_topic(a: str | None, b: str | None) -> bool:
    """The scorer's rule: containment counts, white space aside."""
    x, y = "".join((a or "").split()), "".join((b or "").split())
    return x == y or bool(x and y and min(len(x), len(y)) > 1 and (x in y or y in x))


def short(text: str) -> str:
    flat = "".join(text.split())
    return flat if len(flat) < 42 else f"{flat[:30]}…{flat[-10:]}"


def fact_disagreements(row: Both) -> list[tuple[str, str]]:
    """(type, words) of everything on which the passes differ in one text."""
    out: list[tuple[str, str]] = []
    strict = set(row["pairs"])
    left, right = {i for i, _ in row["pairs"]}, {j for _, j in row["pairs"]}
    loose = [(i, j) for i, j in row["loose"] if (i, j) not in strict and i not in left and j not in right]
    for i, j in loose:
        a, b = row["first"][i], row["second"][j]
        for key in ("indicator", "value", "period"):
            if a[key] != b[key]:
                out.append((f"other {key}", f"{short(a['quote'])}: {a[key]} / {b[key]}"))
    one, two = left | {i for i, _ in loose}, right | {j for _, j in loose}
    out += [("only in the first pass", f"{short(f['quote'])}: {f['indicator']}, {f['topic']}")
            for i, f in enumerate(row["first"]) if i not in one]  # fmt: skip
    out += [("only in the second pass", f"{short(f['quote'])}: {f['indicator']}, {f['topic']}")
            for j, f in enumerate(row["second"]) if j not in two]  # fmt: skip
    for i, j in row["pairs"]:
        a, b = row["first"][i], row["second"][j]
        for key in ("channel", "bound", "unit", "value_max", "change"):
            if a[key] != b[key]:
                out.append((f"other {key}", f"{short(a['quote'])}: {a[key]} / {b[key]}"))
        if not same_topic(a["topic"], b["topic"]):
            kind = "other topic" if a["topic"] and b["topic"] else "topic or none"
            out.append((kind, f"{short(a['quote'])}: {a['topic']} / {b['topic']}"))
        if (a["start"], a["end"]) != (b["start"], b["end"]):
            out.append(("other limits of a shared span", f"{short(a['quote'])} / {short(b['quote'])}"))
    return out


def overlaps(item: dict[str, Any], others: Iterable[dict[str, Any]]) -> bool:
    place = span(item)
    return any(overlap(place, there) > 0 for other in others if place and (there := span(other)))


def item_disagreements(row: Both) -> list[tuple[str, str]]:
    out: list[tuple[str, str]] = []
    strict = set(row["pairs"])
    left, right = {i for i, _ in row["pairs"]}, {j for _, j in row["pairs"]}
    for i, j in row["loose"]:
        if (i, j) not in strict and i not in left and j not in right:
            a, b = row["first"][i], row["second"][j]
            out.append(("other kind", f"{short(a['quote'])}: {a['kind']} / {b['kind']}"))
            left.add(i)
            right.add(j)
    for i, a in enumerate(row["first"]):
        if i not in left:
            cut = overlaps(a, row["second"])
            out.append(("cut in another way" if cut else "only in the first pass", f"first: {short(a['quote'])}"))
    for j, b in enumerate(row["second"]):
        if j not in right:
            cut = overlaps(b, row["first"])
            out.append(("cut in another way" if cut else "only in the second pass", f"second: {short(b['quote'])}"))
    to_first = {j: i for i, j in row["pairs"]}
    for i, j in row["pairs"]:
        a, b = row["first"][i], row["second"][j]
        if a["when"] != b["when"]:
            out.append(("other status", f"{short(a['quote'])}: {a['when']} / {b['when']}"))
        x, y = set(a["categories"]), set(b["categories"])
        if x != y:
            kind = (
                "categories: one contains the other"
                if x <= y or y <= x
                else "categories: overlap"
                if x & y
                else "categories: disjoint"
            )
            out.append((kind, f"{short(a['quote'])}: {', '.join(a['categories'])} / {', '.join(b['categories'])}"))
        known = {k for k, _ in row["pairs"]}
        mine, other = set(a["remedies"]) & known, {to_first[k] for k in b["remedies"] if k in to_first}
        if mine != other:
            out.append(("other remedies of a problem", f"{short(a['quote'])}: {sorted(mine)} / {sorted(other)}"))
    return out


def by_split(rows: Sequence[Both]) -> dict[str, list[Both]]:
    parts = {split: [r for r in rows if r["split"] == split] for split in SPLITS}
    return parts | {"all": list(rows)}


def disagreements(rows: Sequence[Both], find: Callable[[Both], list[tuple[str, str]]]) -> str:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    listed: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        for kind, words in find(row):
            counts[kind][row["split"]] += 1
            if row["split"] != "test":
                listed[kind].append(f"- {row['id']}: {words}")
    order = sorted(counts, key=lambda kind: (-sum(counts[kind].values()), kind))
    head = [f"| disagreement | {' | '.join(SPLITS)} | all |", "|---" * (len(SPLITS) + 2) + "|"]
    table = [f"| {k} | {' | '.join(str(counts[k][s]) for s in SPLITS)} | {sum(counts[k].values())} |" for k in order]
    lists = [f"**{k}** (first / second)\n\n" + "\n".join(listed[k]) for k in order if listed[k]]
    return "\n".join(head + table) + "\n\n" + "\n\n".join(lists)


def split_table(rows: Sequence[Both], measures: dict[str, Callable[[Sequence[Both]], float | None]]) -> str:
    lines = [
        f"| split | texts | first | second | shared | {' | '.join(measures)} |",
        "|---" * (5 + len(measures)) + "|",
    ]
    for split, part in by_split(rows).items():
        counts = [sum(len(r[key]) for r in part) for key in ("first", "second", "pairs")]
        values = [with_interval(part, measure) for measure in measures.values()]
        lines.append(f"| {split} | {len(part)} | {' | '.join(map(str, counts))} | {' | '.join(values)} |")
    return "\n".join(lines)


LABELS_HEAD = "| label | equal | Krippendorff's alpha | Cohen's kappa | n |\n|---|---|---|---|---|"
INTRO = """# Agreement of two passes of annotation

Generated by `agreement.py`; do not edit. A tenth of every author style of the first batch, before the thirteen styles added
later (`sample.py`, fixed seed), was annotated a second time from the bare text, with the guide and the two `NOTES.md` at hand and without a look at the first marks or at any
extractor; the marks of the second pass (`marks/`) were committed before they were compared. The first marks are those of that
moment (`first.jsonl`); what was mended afterwards changes nothing here.

**What this is:** the self-consistency of one kind of annotator, a language model, in two independent passes over invented texts. It says how
far the guide and the notes fix the answer for such a reader. It is no agreement between people, no proof that
either pass is right, and an upper bound rather than an estimate for real reports: the texts were written by an author who
knew the guide, and the notes that the second pass read record decisions taken while marking these very texts. What the passes
disagree on was not settled by a third.

Intervals are 95% bootstrap percentile intervals over texts (1,000 draws). Alpha with the nominal distance, for sets of
categories with MASI: 1 - |A∩B|/|A∪B| · M, M = 1 for equal sets, 2/3 where one contains the other, 1/3 where they overlap, 0 otherwise.
"""


def page() -> str:
    facts, items = load("facts"), load("items")
    fact_labels = [label_row(facts, f"`{key}`", partial(labels, key=key, pairs="loose")) for key in FACT_LABELS]
    fact_labels.append(label_row(facts, "indicator, unmarked counted as `none`", with_absent))
    fact_labels.append(label_row(facts, "topic or none", topic_given))
    shared = [(a, b) for a, b in labels(facts, "topic") if a and b]
    same = sum(same_topic(a, b) for a, b in shared)
    changes = labels(facts, "change")
    item_labels = [
        label_row(items, "`kind`", lambda rows: labels(rows, "kind", "loose")),
        label_row(items, "status (`when`)", lambda rows: labels(rows, "when")),
        label_row(items, "categories (sets, MASI)", sets, masi=True),
    ]
    for category in PROBLEMS.CATEGORIES.values():

        def units(rows: Sequence[Both], category: str = category) -> Units:
            return [(category in a, category in b) for a, b in sets(rows)]

        item_labels.append(label_row(items, f"`{category}`", units))
    none = sum(not r["first"] and not r["second"] for r in items)
    return "\n\n".join([
        INTRO.strip(),
        "## Facts\n\nShared: indicator, value and period agree and the spans overlap.",
        split_table(facts, {"span F1": span_f1}),
        "Labels of the quantities that both passes marked (whatever the indicator, value and period), all splits:",
        "\n".join([LABELS_HEAD, *fact_labels]),
        f"Topics that both passes give: {same} of {len(shared)} agree (containment counts). "
        f"Changes: {sum(a == b for a, b in changes)} of {len(changes)} equal "
        f"({sum(a is not None for a, _ in changes)} facts have one in the first pass, "
        f"{sum(b is not None for _, b in changes)} in the second).",
        "## Problems and remedies\n\nShared: same kind, spans overlap by at least 0.7.",
        split_table(items, {"span F1": span_f1, "pairing F1": pairing_f1, "pairing F1, shared items": given_pairing_f1}),
        f"Labels of the shared items, all splits ({none} texts have no item in either pass):",
        "\n".join([LABELS_HEAD, *item_labels]),
        "## Disagreements by type\n\nWords only for `train` and `dev` texts; of `test` the counts alone.",
        "### Facts\n\n" + disagreements(facts, fact_disagreements),
        "### Problems and remedies\n\n" + disagreements(items, item_disagreements),
    ]) + "\n"  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--freeze", action="store_true")
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    if args.freeze:
        freeze()
        return
    new = page()
    if args.check:
        sys.exit(0 if PAGE.exists() and PAGE.read_text(encoding="utf-8") == new else "out of date: AGREEMENT.md")
    PAGE.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
