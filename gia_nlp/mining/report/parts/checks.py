"""What does not agree: prose and table, sums, years."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gia_nlp import mining
from gia_nlp.mining.report.blocks import Block, Column, Part, records
from gia_nlp.mining.report.charts import Bar, column_chart
from gia_nlp.mining.report.evidence import Example
from gia_nlp.mining.report.making import Making
from gia_nlp.mining.report.words import cut, missing, number

if TYPE_CHECKING:
    import pandas as pd


def contradictions(making: Making) -> Part:
    """Counts of the prose that the report's own table contradicts."""
    frame = making.frame("contradictions", lambda: mining.contradictions(making.corpus))
    blocks: list[Block | None] = []
    if frame is not None and not frame.empty:
        blocks.append(_by_indicator(making, frame))
    blocks.append(making.table("contradictions", frame, [
        Column("issuer"), Column("year", "year"), Column("indicator", "indicator"), Column("prose_value", "number"),
        Column("table_value", "number"), Column("difference", "number"), Column("prose_sentence", "quote"), Column("table_quote", "quote"),
        Column("cells", "list"), Column("report_id", "report"),
    ]))  # fmt: skip
    return making.part("contradictions", blocks)


def _by_indicator(making: Making, frame: pd.DataFrame) -> Block:
    counts = frame.groupby("indicator", sort=True).size().sort_values(ascending=False, kind="stable")
    making.keep("contradictions_by_indicator", counts.rename("contradictions").reset_index())
    labels, stacks = [], []
    for name, count in counts.head(12).items():
        some = frame[frame["indicator"] == name].head(making.book.most)
        examples = [
            Example(
                r["report_id"],
                cut(str(r["prose_sentence"])),
                f"{number(r['prose_value'])} ≠ {number(r['table_value'])}",
            )
            for r in records(some)
        ]
        label = making.words.indicator(str(name))
        hint = making.words("hints.contradictions", what=label, n=count)
        labels.append(label)
        stacks.append([Bar(int(count), hint, making.book.of_examples(hint, count, "contradictions.csv", examples))])
    return making.figure(
        "contradictions_by_indicator", "contradictions_by_indicator",
        lambda i, t, d: column_chart(i, t, d, labels, stacks, axis=making.words("axes.contradictions")),
    )  # fmt: skip


def sums(making: Making) -> Part:
    """Sums of the form that fail, and years that do not follow from the year before."""
    failed = making.frame("failed_sums", lambda: mining.failed_sums(making.corpus))
    rules = None
    if failed is not None and not failed.empty:
        rules = _rules(making, failed)
    broken = making.frame("breaks", lambda: mining.breaks(making.corpus))
    shared = [
        Column("issuer"), Column("year", "year"), Column("rule", "rule"), Column("scope"), Column("left_value", "number"),
        Column("right_value", "number"), Column("difference", "number"), Column("note", "quote"), Column("report_id", "report"),
    ]  # fmt: skip
    return making.part("sums", [
        rules,
        making.table("failed_sums", failed, shared),
        making.table("breaks", broken, [*shared, Column("other_report_id", "report"), Column("status", "value")]),
    ])  # fmt: skip


def _rules(making: Making, failed: pd.DataFrame) -> Block | None:
    frame = (
        failed.groupby("rule", sort=True)
        .agg(sums=("report_id", "size"), reports=("report_id", "nunique"))
        .reset_index()
    )
    frame = frame.sort_values(["sums", "rule"], ascending=[False, True], kind="stable", ignore_index=True)
    making.keep("failed_sums_rules", frame)

    def behind(row: dict[str, object]) -> str | None:
        some = failed[failed["rule"] == row["rule"]].drop_duplicates("report_id").head(making.book.most)
        examples = [
            Example(
                r["report_id"],
                "" if missing(r["note"]) else cut(str(r["note"])),
                f"{r['scope']}: {number(r['left_value'])} ≠ {number(r['right_value'])}",
            )
            for r in records(some)
        ]
        return making.book.of_examples(making.words.rule(str(row["rule"])), row["reports"], "failed_sums.csv", examples)

    return making.table(
        "failed_sums_rules",
        frame,
        [Column("rule", "rule"), Column("sums", "count"), Column("reports", "count", behind)],
    )
