"""The quality of the reports, and which weaknesses go with which figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gia_nlp import mining
from gia_nlp.mining.report.blocks import Block, Column, Note, Part, records
from gia_nlp.mining.report.charts import Bar, Point, Row, column_chart, point_chart
from gia_nlp.mining.report.evidence import Example
from gia_nlp.mining.report.line_charts import Panel, Spot, small_multiples
from gia_nlp.mining.report.making import Making
from gia_nlp.mining.report.parts.overview import in_order
from gia_nlp.mining.report.words import all_words, missing, number, p_text

if TYPE_CHECKING:
    import pandas as pd

FOREST = 30
_QUARTILES = {"lower_quartile": 0.25, "median": 0.5, "upper_quartile": 0.75}


def quality(making: Making) -> Part:
    """The score, its formula, how it is spread, best and worst reports."""
    words = making.words
    frame = making.frame("quality", lambda: mining.quality(making.corpus))
    if frame is None or frame.empty:
        return making.part("quality", [], missing=making.why("quality"))
    weights: dict[str, float] = frame.attrs.get("weights", {})
    terms = " + ".join(f"{number(w)} × {words.column(name)}" for name, w in weights.items())
    formula = words("page.formula", terms=terms, sum=" + ".join(number(w) for w in weights.values()))
    ordered = frame.sort_values(["score", "report_id"], ascending=[True, True], kind="stable", ignore_index=True)
    columns = [
        Column("issuer"), Column("year", "year"), Column("level", "value"), Column("score", "number"),
        *(Column(name, "number") for name in weights), Column("report_id", "report"),
    ]  # fmt: skip
    blocks: list[Block | None] = [
        Note(formula, strong=True), _components(making, frame, weights), _spread(making, frame), _years(making, frame),
    ]  # fmt: skip
    blocks.append(making.table("quality", ordered, columns))
    return making.part("quality", blocks)


def _components(making: Making, frame: pd.DataFrame, weights: dict[str, float]) -> Block | None:
    """What each component is made of, how many reports it can be judged for, its mean."""
    import pandas as pd

    known = all_words()["components"]
    rows = [
        (
            making.words.column(name),
            known[name][making.words.lang] if name in known else "",
            weight,
            int(frame[name].count()),
            frame[name].mean(),
        )
        for name, weight in weights.items()
    ]
    table = pd.DataFrame(rows, columns=["component", "made_of", "weight", "judged", "mean"])
    making.keep("quality_components", table)
    columns = [
        Column("component"),
        Column("made_of"),
        Column("weight", "number"),
        Column("judged", "count"),
        Column("mean", "number"),
    ]
    return making.table("quality_components", table, columns)


def _spread(making: Making, frame: pd.DataFrame) -> Block:
    import pandas as pd

    bins = (frame["score"].clip(0, 99.999) // 10).astype("Int64")
    labels, stacks, rows = [], [], []
    for i in range(10):
        some = frame[(bins == i).fillna(False)].sort_values("report_id")
        label = f"{i * 10}–{i * 10 + 10}"
        hint = making.words("hints.reports", what=label, n=len(some))
        examples = [Example(r["report_id"], "", number(r["score"])) for r in records(some.head(making.book.most))]
        target = making.book.of_examples(hint, len(some), "quality.csv", examples)
        labels.append(label)
        stacks.append([Bar(len(some), hint, target)])
        rows.append((i * 10, i * 10 + 10, len(some)))
    making.keep("quality_spread", pd.DataFrame(rows, columns=["score_from", "score_to", "reports"]))
    return making.figure(
        "quality_spread",
        "quality_spread",
        lambda i, t, d: column_chart(i, t, d, labels, stacks, axis=making.words("axes.score_reports")),
    )


def _years(making: Making, frame: pd.DataFrame) -> Block | None:
    """Median and quartiles of the score a year, a small chart a level."""
    import pandas as pd

    words = making.words
    some = frame[frame["year"].notna() & frame["score"].notna()]
    if some.empty:
        return None
    levels = some["level"].astype("object").where(some["level"].notna(), None)
    groups = some.assign(level=levels).groupby(["level", "year"], dropna=False, sort=True)["score"]
    table = pd.DataFrame({name: groups.quantile(q) for name, q in _QUARTILES.items()})
    table["reports"] = groups.size()
    table = table.reset_index()
    making.keep("quality_years", table)
    lowest: dict[tuple[str | None, int], list[Example]] = {}
    first = (
        some.assign(level=levels)
        .sort_values(["score", "report_id"], kind="stable")
        .groupby(["level", "year"], dropna=False)
    )
    for r in records(first.head(making.book.most)):
        key = (None if missing(r["level"]) else r["level"], r["year"])
        lowest.setdefault(key, []).append(Example(r["report_id"], "", number(r["score"])))
    panels = []
    for level in in_order(table["level"]):
        rows = table[table["level"].isna()] if level is None else table[table["level"] == level]
        name = words("page.unknown") if level is None else words.value(level)
        spots = []
        for row in records(rows):
            hint = words("hints.quartiles", what=f"{name} {int(row['year'])}", median=number(row["median"]), low=number(row["lower_quartile"]), high=number(row["upper_quartile"]), n=row["reports"])  # fmt: skip
            target = making.book.of_examples(hint, row["reports"], "quality.csv", lowest.get((level, row["year"]), []))
            spots.append(
                Spot(int(row["year"]), row["median"], row["lower_quartile"], row["upper_quartile"], hint, target)
            )
        panels.append(Panel(name, tuple(spots)))
    return making.figure("quality_years", "quality_years", lambda i, t, d: small_multiples(i, t, d, panels))


def _around_half(rows: list[Row]) -> tuple[float, float]:
    """Ends of an axis with 0.5 in the middle that show all intervals: with many reports they are narrow."""
    reach = max(abs(x - 0.5) for r in rows for p in r.points for x in (p.value, p.low, p.high) if x is not None)
    half = next(h for h in (0.05, 0.1, 0.2, 0.3, 0.5) if reach <= h or h == 0.5)
    return round(0.5 - half, 3), round(0.5 + half, 3)


def association(making: Making) -> Part:
    """The strongest associations as a forest plot; all of them as a table."""
    words = making.words
    frame = making.frame("association", lambda: mining.association(making.corpus))
    regression = making.frame("regression_frame", lambda: mining.regression_frame(making.corpus))
    if frame is None or frame.empty:
        return making.part("association", [], missing=making.why("association"))
    targets: dict[tuple[str, str], str | None] = {}

    def name(row: dict[str, Any]) -> str:
        return f"{words.category(row['category'])} × {words.indicator(row['figure'])}"

    def behind(row: dict[str, Any]) -> str | None:
        key = (row["category"], row["figure"])
        if key not in targets:
            ids = row["report_ids"]
            targets[key] = making.book.of_reports(
                name(row), row["reports_with"], "problems_named.csv", ids, categories=[row["category"]]
            )
        return targets[key]

    ordered = frame.sort_values(["q_value", "p_value", "category", "figure"], kind="stable", ignore_index=True)
    rows = []
    for row in records(ordered[ordered["effect"].notna()].head(FOREST)):
        hint = words("hints.effect", what=name(row), effect=number(row["effect"]), low=number(row["low"]), high=number(row["high"]), q=p_text(row["q_value"]), n=row["reports_with"], m=row["reports_without"])  # fmt: skip
        low, high = (None if missing(row[x]) else row[x] for x in ("low", "high"))
        series = 0 if not missing(row["q_value"]) and row["q_value"] < 0.05 else 3
        note = f"q {p_text(row['q_value'])} · n = {number(row['reports_with'])} / {number(row['reports_without'])}"
        rows.append(Row(name(row), note, (Point(row["effect"], low, high, hint, behind(row), series),)))
    columns = [
        Column("category", "category"), Column("figure", "indicator"), Column("reports_with", "count", behind), Column("reports_without", "count"),
        Column("agencies", "count"), Column("median_with", "number"), Column("median_without", "number"), Column("effect", "number"),
        Column("p_value", "p"), Column("q_value", "p"),
    ]  # fmt: skip
    significant = int((frame["q_value"] < 0.05).sum())
    blocks: list[Block | None] = [
        Note(words("page.observational"), strong=True),
        Note(words("page.tests", n=number(len(frame)), k=number(significant))),
    ]
    if rows:
        blocks.append(making.figure("association", "association", lambda i, t, d: point_chart(i, t, d, rows, axis=words("axes.effect"), ends=_around_half(rows), middle=0.5, share=False)))  # fmt: skip
    blocks.append(making.table("association", ordered, columns))
    if regression is not None:
        blocks.append(Note(words("page.regression", n=number(len(regression)))))
    return making.part("association", blocks)
