#!/usr/bin/env python3
"""How well tables are read in every layout and form, on synthetic reports with known answers.

    python experiments/layouts/run.py --reports 20 [--layout NAME ...] [--form NAME ...] [--seed S] [--out DIR] [--keep]

For each layout and form: the share of reports whose tables are all right, the share of cells and of cells that are not
zero that are right, silent errors (a wrong number without a note), numbers where the form has none, and how much of the
prose's counts and of the problems is found. Writes results.csv, results.md, results.json (totals of each form) and failures.md (the first
wrong cells of each layout) into the folder; ``--keep`` also writes one failing report a layout beside them.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gia_nlp.learning.evaluation.results import Result, write_results
from gia_nlp.synthesis import Synthetic, make_report
from gia_nlp.synthesis.content import FORMS
from gia_nlp.synthesis.options import FILES, VARIANTS

HERE = Path(__file__).resolve().parent
MORE = ("html+blank_zeros", "glued+one_line", "glued+blank_zeros", "spaces+blank_zeros", "cells+blank_zeros", "cells+lost_leaves+bookmarks+page_marks",
        "tabs+misprints", "glued+missing_rows", "pipes+torn_page+page_marks", "ocr+blank_zeros+page_marks", "tabs+traditional", "cells+crlf+zero_width",
        "spaces+review_blocks", "wrapped+page_marks", "vertical+torn_page+page_marks", "docx+eight_columns", "pdf+missing_rows", "mini_tables+words_in_cells",
        "numbers_first", "markdown+mark_zeros", "tabs+leaf_none", "pipes+leaf_full+headings_glued", "ocr+slips", "spaces+slips", "cells+bom", "tabs+gb18030", "drawn")  # fmt: skip
COLUMNS = ("layout", "form", "reports", "all_right", "cells_right", "nonzero_right", "silent", "invented", "left_open", "crashed",
           "sections_right", "facts_f1", "items_f1")  # fmt: skip


@dataclass
class Tally:
    """Counts over the reports of one layout and form."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def share(self, right: str, all_: str) -> float | None:
        return self.counts[right] / self.counts[all_] if self.counts[all_] else None

    def f1(self, name: str) -> float | None:
        both = self.counts[f"{name}_gold"] + self.counts[f"{name}_found"]
        return 2 * self.counts[f"{name}_hit"] / both if both else None


def _overlap(a: tuple[int, int], b: tuple[int, int]) -> float:
    inter = min(a[1], b[1]) - max(a[0], b[0])
    return max(0, inter) / max(1, max(a[1], b[1]) - min(a[0], b[0]))


def _print_of(report: Synthetic, table: str, key: str) -> str:
    """How the row of a cell is printed: the text around its label, line ends and tabs made visible."""
    from gia_nlp.vocabulary.forms import form, statistics_form

    row = key.rsplit(".", 1)[0]
    if report.text is None:
        return ""
    if table == "statistics":
        known = statistics_form().indicator(row)
        words = known.keys if known else (row,)
    else:
        words = next((r.cores for r in form(table, "2021").rows + form(table, "2019").rows if r.id == row), (row,))
    start = next((s["start"] for s in report.gold["sections"] if s["id"] == table), 0)
    places = [p for p in (report.text.find(w, start + 40) for w in words) if p >= 0]
    if not places:
        return ""
    at = min(places)
    return " «" + report.text[max(0, at - 25) : at + 60].replace("\n", "⏎").replace("\t", "⇥") + "»"


def _score_tables(report: Synthetic, cells: Any, tally: Tally) -> bool:
    gold = {(t, k): v for t, keys in report.gold["tables"].items() for k, v in keys.items()}
    free = {(t, k) for t, keys in report.gold["undecidable"].items() for k in keys}
    found: dict[tuple[str, str], Any] = {}
    doubled = 0
    for cell in cells:
        key = (cell.table, f"{cell.row}.{cell.column}")
        doubled += key in found
        found[key] = cell
    wrong = []
    for key, want in gold.items():
        cell = found.get(key)
        have = cell.value if cell else None
        left_open = key in free and have is None
        right = left_open or (
            have is None if want is None else have is not None and abs(have - want) < 1e-6 * max(1, abs(want))
        )
        tally.counts["cells"] += 1
        tally.counts["cells_right"] += right
        tally.counts["left_open"] += left_open
        if want and not left_open:
            tally.counts["nonzero"] += 1
            tally.counts["nonzero_right"] += right
        if not right:
            silent = have is not None and not cell.note
            tally.counts["silent"] += silent
            wrong.append(
                f"{key[0]} {key[1]}: gold {want}, read {have}{' (silent)' if silent else ''}{' ' + repr(cell.raw[:40]) if cell else ''}"
            )
    for key, cell in found.items():
        if key[0] in report.gold["tables"] and key not in gold and cell.value is not None:
            tally.counts["invented"] += 1
            wrong.append(f"{key[0]} {key[1]}: no such cell, read {cell.value}")
    if doubled:
        wrong.append(f"{doubled} cells stand twice")
    if wrong and len(tally.examples) < 3:
        table, key = wrong[0].split(":")[0].split(" ")[:2] if " " in wrong[0] else ("", "")
        shown = _print_of(report, table, key) if table in report.gold["tables"] else ""
        tally.examples.append(
            f"{report.file} ({report.gold['layout']}): {len(wrong)} wrong; " + "; ".join(wrong[:4]) + shown
        )
    return not wrong


def _score_prose(report: Synthetic, layout: Any, facts: Any, items: Any, tally: Tally) -> None:
    if report.text is None:
        return
    for section in report.gold["sections"]:
        tally.counts["sections"] += 1
        tally.counts["sections_right"] += any(
            s.id == section["id"] and abs(s.start - section["start"]) <= 4 for s in layout.sections
        )
    free = list(facts)
    tally.counts["facts_gold"] += len(report.gold["facts"])
    tally.counts["facts_found"] += len(free)
    for g in report.gold["facts"]:
        for f in free:
            if (f.indicator, f.value, f.period) == (g["indicator"], g["value"], g["period"]) and _overlap(
                (f.start, f.end), (g["start"], g["end"])
            ):
                tally.counts["facts_hit"] += 1
                free.remove(f)
                break
    left = list(items)
    tally.counts["items_gold"] += len(report.gold["items"])
    tally.counts["items_found"] += len(left)
    for g in report.gold["items"]:
        for i in left:
            if i.kind == g["kind"] and _overlap((i.start, i.end), (g["start"], g["end"])) >= 0.7:
                tally.counts["items_hit"] += 1
                left.remove(i)
                break


def read(report: Synthetic, tally: Tally) -> None:
    """Reads one report with the package's public functions and adds to the tally."""
    from gia_nlp.checking import check
    from gia_nlp.facts import find_facts
    from gia_nlp.problems import find_items
    from gia_nlp.reading import read_bytes
    from gia_nlp.structure import analyse

    tally.counts["reports"] += 1
    try:
        document = read_bytes(report.data, report.file)
        layout = analyse(document)
        facts = find_facts(document.text, layout)
        cells, _ = check(document.text, layout, facts)
        items, _ = find_items(document.text, layout)
    except Exception as error:
        tally.counts["crashed"] += 1
        tally.examples.insert(0, f"{report.file} ({report.gold['layout']}): {type(error).__name__}: {error}")
        return
    if report.gold["tables"]:
        tally.counts["with_tables"] += 1
        tally.counts["all_right"] += _score_tables(report, cells, tally)
    _score_prose(report, layout, facts, items, tally)


def _row(layout: str, form: str, t: Tally) -> dict[str, Any]:
    shares = {
        "all_right": t.share("all_right", "with_tables"), "cells_right": t.share("cells_right", "cells"),
        "nonzero_right": t.share("nonzero_right", "nonzero"), "sections_right": t.share("sections_right", "sections"),
        "facts_f1": t.f1("facts"), "items_f1": t.f1("items"),
    }  # fmt: skip
    row: dict[str, Any] = {
        "layout": layout,
        "form": form,
        **{k: t.counts[k] for k in ("reports", "silent", "invented", "left_open", "crashed")},
    }
    return row | {k: "" if v is None else f"{v:.4f}" for k, v in shares.items()}


def _write(out: Path, rows: list[dict[str, Any]], examples: dict[str, list[str]], settings: str) -> None:
    with (out / "results.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    lines = [
        "# Reading tables by layout and form",
        "",
        settings,
        "",
        "| " + " | ".join(COLUMNS) + " |",
        "|" + "---|" * len(COLUMNS),
    ]
    lines += ["| " + " | ".join(str(r[c]) for c in COLUMNS) + " |" for r in rows]
    (out / "results.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    lines = ["# The first failures of each layout", ""]
    for name, texts in examples.items():
        lines += [f"## {name}", "", *(f"- {t}" for t in texts), ""]
    (out / "failures.md").write_text("\n".join(lines), encoding="utf-8")
    if len({r["layout"] for r in rows}) > 1:  # a run on one layout says nothing of all
        write_results(
            out,
            study="layouts",
            question="How many reports, cells and numbers are read right over all layouts of tables?",
            command="python experiments/layouts/run.py",
            rows=_totals(rows),
        )


def _totals(rows: list[dict[str, Any]]) -> list[Result]:
    """For the leaderboard: each form over all its layouts, which have the same number of reports."""
    measures = {
        "all_tables_right.accuracy": "all_right",
        "cells.accuracy": "cells_right",
        "nonzero.accuracy": "nonzero_right",
        "sections.accuracy": "sections_right",
    }
    found = []
    for form in dict.fromkeys(r["form"] for r in rows):
        listed = [r for r in rows if r["form"] == form]
        reports = sum(int(r["reports"]) for r in listed)
        for measure, column in measures.items():
            shares = [float(r[column]) for r in listed if r[column] != ""]
            mean = sum(shares) / len(shares)
            n = reports if column == "all_right" else None
            found.append(Result("zh_gia_rules", "synthetic, all layouts", f"form {form}", measure, mean, n=n))
        for measure, column in (("silent_numbers.count", "silent"), ("invented_numbers.count", "invented")):
            total = sum(int(r[column]) for r in listed)
            found.append(
                Result(
                    "zh_gia_rules", "synthetic, all layouts", f"form {form}", measure, total, n=reports, better="lower"
                )
            )
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=20, help="reports for each layout and form (20)")
    parser.add_argument("--layout", action="append", help="a layout by name or number; may be given again (all)")
    parser.add_argument(
        "--form", action="append", choices=FORMS[:3], help="a form; may be given again (all with tables)"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=HERE / "results")
    parser.add_argument("--keep", action="store_true", help="write a failing report of each layout and form")
    args = parser.parse_args()
    layouts = args.layout or [*map(str, VARIANTS), *FILES, *MORE]
    args.out.mkdir(parents=True, exist_ok=True)
    rows, examples, started = [], {}, time.perf_counter()
    for name in layouts:
        label = f"{name}: {VARIANTS[int(name)]}" if name.isdigit() else name
        for form in args.form or FORMS[:3]:
            tally = Tally()
            for i in range(args.reports):
                report = make_report(args.seed, i, None if name == "drawn" else name, form)
                before = len(tally.examples)
                read(report, tally)
                if args.keep and before == 0 and tally.examples:
                    stem = f"{name}-{form}".replace("+", "_")
                    (args.out / f"{stem}{Path(report.file).suffix}").write_bytes(report.data)
            rows.append(_row(label, form, tally))
            if tally.examples:
                examples[f"{label}, {form}"] = tally.examples
            if sys.stderr.isatty():
                print(label, form, rows[-1]["all_right"], file=sys.stderr)
    settings = f"{args.reports} reports for each layout and form, seed {args.seed}."
    _write(args.out, rows, examples, settings)
    done = sum(r["reports"] for r in rows)
    print(f"{done} reports in {time.perf_counter() - started:.0f} s; {args.out / 'results.md'}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
