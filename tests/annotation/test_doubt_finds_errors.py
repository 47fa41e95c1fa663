"""Doubt is worth its name: passages that the pipeline reads wrongly are in more doubt than those it reads rightly.

Measured on the annotated styles that may be looked at (train and dev), with the pipeline's rules alone.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gia_nlp import pipeline
from gia_nlp.annotation import GoldDocument, load_gold
from gia_nlp.annotation.doubt import doubt
from gia_nlp.annotation.passages import read_passages
from gia_nlp.frames.output import write_reports
from gia_nlp.records import Report

HEADING = "一、总体情况\n"  # a passage with counts has none of its own


def facts_differ(report: Report, gold: GoldDocument) -> bool:
    found = {(f.indicator, f.value, f.period, f.start - len(HEADING)) for f in report.facts}
    return found != {(f.indicator, f.value, f.period, f.start) for f in gold.facts or ()}


def items_differ(report: Report, gold: GoldDocument) -> bool:
    found = [(i.kind, i.start, i.end, set(i.categories)) for i in report.items]
    return found != [(i.kind, i.start, i.end, set(i.categories)) for i in gold.items or ()]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "kind", "heading", "differ", "floor"),
    [
        ("passages.jsonl", "facts", HEADING, facts_differ, 0.60),
        ("problems/problems.jsonl", "items", "", items_differ, 0.70),
    ],
)
def test_doubt_tells_wrong_passages_from_right_ones(
    file: str,
    kind: str,
    heading: str,
    differ: Callable[[Report, GoldDocument], bool],
    floor: float,
    root: Path,
    tmp_path: Path,
) -> None:
    from sklearn.metrics import roc_auc_score

    documents = [d for d in load_gold(root / "data" / "annotated" / file) if d.more["split"] in ("train", "dev")]
    documents = [d for d in documents if kind == "items" or len(d.text) <= 400]
    rules: Any = pipeline.build()
    wrong: dict[str, bool] = {}

    def reports() -> Any:
        for document in documents:
            read = pipeline.Document(text=heading + document.text)
            report = pipeline.tag_document(read, report_id=document.id, nlp=rules)
            wrong[document.id] = differ(report, document)
            yield report

    write_reports(reports(), tmp_path / "out")
    doubts: dict[str, float] = {}
    for passage in read_passages(tmp_path / "out", (kind,)):
        name = passage.report["report_id"]
        doubts[name] = max(doubts.get(name, 0.0), doubt(passage, has_model=False).value)
    told = [(wrong[name], value) for name, value in doubts.items()]
    area = roc_auc_score([w for w, _ in told], [v for _, v in told])
    ordered = sorted(told, key=lambda t: -t[1])[: len(told) // 5]
    share = sum(w for w, _ in told) / len(told)
    print(
        f"{kind}: AUC {area:.3f} of {len(told)}; wrong {share:.2f}, of the first fifth {sum(w for w, _ in ordered) / len(ordered):.2f}"
    )
    assert area >= floor
