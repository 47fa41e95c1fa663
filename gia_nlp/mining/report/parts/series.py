"""The figures of the forms over the years."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gia_nlp import mining
from gia_nlp.mining.report.blocks import Block, Column, Part, records
from gia_nlp.mining.report.evidence import Example
from gia_nlp.mining.report.line_charts import Panel, Spot, small_multiples
from gia_nlp.mining.report.making import Making
from gia_nlp.mining.report.words import missing, number, percent

if TYPE_CHECKING:
    import pandas as pd


def series(making: Making) -> Part:
    """The median of each indicator year by year with the middle half of the agencies; how often it is stated."""
    coverage = making.frame("series_coverage", lambda: mining.series_coverage(making.corpus))
    panel = making.frame("panel", lambda: mining.panel(making.corpus))
    blocks: list[Block | None] = []
    if coverage is not None:
        names = [str(n) for n, some in coverage.groupby("indicator", sort=False)["stated"] if some.sum()]
        spread = _spread(making, names)
        making.keep("series_years", spread.drop(columns="examples"))
        behind = {(r["indicator"], r["year"]): _evidence(making, r) for r in records(spread)}
        if names:
            blocks.append(
                making.figure(
                    "series_years",
                    "series_years",
                    lambda id, title, text: _lines(making, id, title, text, spread, names, behind),
                )
            )
        shown = coverage[coverage["stated"] > 0]
        columns = [
            Column("indicator", "indicator"), Column("year", "year"), Column("reports", "count"),
            Column("stated", "count", lambda r: behind.get((r["indicator"], r["year"]))), Column("share", "share"),
            Column("total", "number"), Column("median", "number"), Column("from_cells", "count"), Column("from_prose", "count"),
        ]  # fmt: skip
        blocks.append(making.table("series_coverage", shown, columns))
    if panel is not None:
        gaps = int(panel["gap"].sum())
        blocks.append(making.table("panel", panel, [
            Column("agency_id"), Column("year", "year"), Column("issuer"), Column("region"), Column("level", "value"), Column("form", "value"),
            Column("report_id", "report"),
            *(Column(n, "number") for n in ("applications_received", "applications_refused", "reviews", "lawsuits")
              if n in panel.columns),
        ], note=making.words("notes.panel", gaps=number(gaps))))  # fmt: skip
    return making.part("series", blocks)


def _spread(making: Making, names: list[str]) -> pd.DataFrame:
    """Quartiles of each indicator and year, with the highest values as examples."""
    from gia_nlp.mining.harmonising import add_harmonised

    add_harmonised(making.corpus)
    parts = [
        f"""SELECT '{name}' AS indicator, {place} AS place, b.year, count(*) AS reports, count(h.{name}) AS stated,
        quantile_cont(h.{name}, 0.25) AS lower_quartile, median(h.{name}) AS median, quantile_cont(h.{name}, 0.75) AS upper_quartile,
        max({{'value': h.{name}, 'report_id': b.report_id, 'source': h.{name}_source}}, {making.book.most})
            FILTER (WHERE h.{name} IS NOT NULL) AS examples
        FROM harmonised h JOIN base b USING (n) WHERE b.first GROUP BY b.year"""
        for place, name in enumerate(names)
    ]
    if not parts:
        parts = [
            "SELECT NULL::VARCHAR AS indicator, 0 AS place, NULL::INTEGER AS year, 0 AS stated, NULL AS examples WHERE false"
        ]
    return making.corpus.sql(
        f"SELECT * EXCLUDE (place) FROM ({' UNION ALL '.join(parts)}) WHERE stated > 0 ORDER BY place, year"
    )


def _evidence(making: Making, row: dict[str, Any]) -> str | None:
    examples = [Example(x["report_id"], f"{number(x['value'])} ({x['source']})") for x in row["examples"]]
    title = f"{making.words.indicator(str(row['indicator']))} {row['year']}: {making.words('hints.highest')}"
    return making.book.of_examples(title, row["stated"], "panel.csv", examples)


def _lines(
    making: Making,
    id: str,
    title: str,
    text: str,
    spread: pd.DataFrame,
    names: list[str],
    behind: dict[tuple[str, int], str | None],
) -> str:
    panels = []
    for name in names:
        some = spread[spread["indicator"] == name]
        spots = []
        for row in records(some):
            if missing(row["year"]):
                continue
            hint = making.words(
                "hints.median", what=making.words.indicator(name), year=row["year"], median=number(row["median"]),
                low=number(row["lower_quartile"]), high=number(row["upper_quartile"]), n=row["stated"], reports=row["reports"],
                share=percent(row["stated"] / row["reports"]),
            )  # fmt: skip
            target = behind.get((name, row["year"]))
            spots.append(Spot(row["year"], row["median"], row["lower_quartile"], row["upper_quartile"], hint, target))
        panels.append(Panel(making.words.indicator(name), tuple(spots)))
    return small_multiples(id, title, text, panels)
