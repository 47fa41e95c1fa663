"""Problems without a remedy, remedies promised and reported done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gia_nlp import mining
from gia_nlp.mining.report.blocks import Block, Column, Part, records
from gia_nlp.mining.report.charts import Point, Row, point_chart
from gia_nlp.mining.report.line_charts import Panel, Spot, small_multiples
from gia_nlp.mining.report.making import Making
from gia_nlp.mining.report.words import missing, number, percent
from gia_nlp.vocabulary.categories import categories

if TYPE_CHECKING:
    import pandas as pd


def unanswered(making: Making) -> Part:
    """The share of problems that no remedy answers, by category and by year."""
    corpus, words = making.corpus, making.words
    rates = making.frame("unanswered_rates", lambda: mining.unanswered_rates(corpus))
    years = making.frame("unanswered_years", lambda: mining.unanswered_rates(corpus, by="year"))
    frame = making.frame("unanswered_problems", lambda: mining.unanswered_problems(corpus))
    blocks: list[Block | None] = []
    if rates is not None and rates["problems"].sum():
        rows = []
        for row in records(rates):
            point = _point(making, row, ("share", "low", "high", "unanswered", "problems"), "unanswered_problems.csv")
            rows.append(Row(words.category(row["category"]), f"n = {number(row['problems'])}", (point,)))
        blocks.append(making.figure("unanswered_rates", "unanswered_rates", lambda i, t, d: point_chart(i, t, d, rows, axis=words("axes.share_problems"))))  # fmt: skip
    if years is not None and years["year"].notna().any():
        blocks.append(_by_year(making, "unanswered_years", years, ("share", "low", "high", "unanswered", "problems"), "unanswered_problems.csv"))  # fmt: skip
    blocks.append(making.table("unanswered_problems", frame, [
        Column("issuer"), Column("year", "year"), Column("quote", "quote"), Column("categories", "categories"),
        Column("remedies_in_report", "count"), Column("same_category", "value"), Column("report_id", "report"),
    ]))  # fmt: skip
    return making.part("unanswered", blocks)


def promises(making: Making) -> Part:
    """How many promises the next report tells as kept, with both quotes."""
    corpus, words = making.corpus, making.words
    rates = making.frame("promise_rates", lambda: mining.promise_rates(corpus))
    years = making.frame("promise_years", lambda: mining.promise_rates(corpus, by="year"))
    frame = making.frame("promises", lambda: mining.promises(corpus))
    if rates is None or not rates["promised"].sum():
        return making.part("promises", [], missing=making.reasons.get("promise_rates", words("page.needs_years")))
    narrow = ("share", "low", "high", "kept", "promised")
    wide = ("share_by_category", "low_by_category", "high_by_category", "kept_by_category", "promised")
    alike: dict[str, list[str]] = {}
    if frame is not None:
        kept = frame[frame["verdict"].isin(["kept", "kept_by_category"])]
        alike["all"] = kept["item_id"].head(making.book.most).tolist()
        for category, some in kept[["item_id", "categories"]].explode("categories").groupby("categories"):
            alike[str(category)] = some["item_id"].head(making.book.most).tolist()
    rows = []
    for row in records(rates):
        points = (
            _point(making, row, narrow, "promises.csv"),
            _point(making, {**row, "item_ids": alike.get(row["category"], [])}, wide, "promises.csv", series=1),
        )
        rows.append(Row(words.category(row["category"]), f"n = {number(row['promised'])}", points))
    legend = [words.column("kept"), words.column("kept_by_category")]
    blocks: list[Block | None] = [
        making.figure(
            "promise_rates",
            "promise_rates",
            lambda i, t, d: point_chart(i, t, d, rows, legend=legend, axis=words("axes.share_promises")),
        )
    ]
    if years is not None and years["year"].notna().any():
        blocks.append(_by_year(making, "promise_years", years, narrow, "promises.csv"))
    blocks.append(making.table("promises", frame, [
        Column("issuer"), Column("year", "year"), Column("quote", "quote"), Column("next_quote", "quote"), Column("categories", "categories"),
        Column("similarity", "number"), Column("verdict", "value"), Column("report_id", "report"), Column("next_report_id", "report"),
    ]))  # fmt: skip
    return making.part("promises", blocks)


def _point(
    making: Making, row: dict[str, Any], names: tuple[str, str, str, str, str], source: str, series: int = 0
) -> Point:
    words = making.words
    share, low, high, k, n = names
    lead = f"{int(row['year'])} · " if not missing(row.get("year")) else ""
    what = f"{lead}{words.category(row['category'])} · {words.column(k)}"
    hint = words(
        "hints.share",
        what=what,
        share=percent(row[share]),
        low=percent(row[low]),
        high=percent(row[high]),
        k=row[k],
        n=row[n],
    )
    target = making.book.of_items(hint, row[k], source, row["item_ids"])
    return Point(row[share], row[low], row[high], hint, target, series)


def _by_year(
    making: Making, name: str, frame: pd.DataFrame, names: tuple[str, str, str, str, str], source: str
) -> Block:
    """A small chart a category over the years."""
    panels = []
    some = frame[frame["year"].notna()]
    for category in ["all", *categories()]:
        spots = []
        for row in records(some[some["category"] == category].sort_values("year")):
            if missing(row[names[0]]):
                continue
            point = _point(making, row, names, source)
            spots.append(Spot(int(row["year"]), point.value, point.low, point.high, point.hint, point.target))
        if spots:
            panels.append(Panel(making.words.category(category), tuple(spots)))
    return making.figure(name, name, lambda i, t, d: small_multiples(i, t, d, panels, share=True))
