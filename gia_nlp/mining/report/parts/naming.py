"""Which weaknesses are named: how often, for how long, together with which."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gia_nlp import mining
from gia_nlp.mining.report.blocks import Block, Column, Part, records
from gia_nlp.mining.report.charts import Heat, Point, Row, heat_map, point_chart
from gia_nlp.mining.report.evidence import Example
from gia_nlp.mining.report.line_charts import Panel, Spot, small_multiples
from gia_nlp.mining.report.making import Making
from gia_nlp.mining.report.words import missing, number, p_text, percent

if TYPE_CHECKING:
    import pandas as pd

NAMED = "problems_named.csv"
_NAMED_QUERY = """SELECT i.report_id, b.year, b.agency_id, b.issuer, b.region, b.level, b.agency_kind, unnest(i.categories) AS category,
    i.item_id, i.quote, i.start_char, i.end_char
    FROM items i JOIN base b USING (report_id) WHERE i.kind = 'problem' AND i.status = 'current' ORDER BY b.n, i.start_char"""


def recurrence(making: Making) -> Part:
    """Shares by category, by category and year (heat map), level, kind of agency, region."""
    corpus, words = making.corpus, making.words
    making.keep_query("problems_named", _NAMED_QUERY)
    whole = making.frame("recurrence", lambda: mining.recurrence(corpus))
    years = making.frame("recurrence_year", lambda: mining.recurrence(corpus, by="year"))
    remedies = making.frame("recurrence_remedies", lambda: mining.recurrence(corpus, kind="remedy"))
    blocks: list[Block | None] = []
    if whole is not None and not whole.empty:
        beside = {} if remedies is None else {r["category"]: r for r in records(remedies)}
        rows = [_row(making, r, beside.get(r["category"])) for r in records(whole)]
        legend = [words("values.problem"), words("values.remedy")]
        blocks.append(making.figure("recurrence", "recurrence", lambda i, t, d: point_chart(i, t, d, rows, legend=legend, axis=words("axes.share_reports"))))  # fmt: skip
    if whole is not None and years is not None and years["year"].notna().any():
        order = whole["category"].tolist()
        blocks.append(
            making.figure("recurrence_year", "recurrence_year", lambda i, t, d: _heat(making, i, t, d, years, order))
        )
    for by in ("level", "agency_kind", "region"):
        frame = making.frame(f"recurrence_{by}", lambda by=by: mining.recurrence(corpus, by=by))  # type: ignore[misc]
        if frame is not None:
            frame = frame[frame["named"] > 0]
        columns = [
            Column(by, "value"), Column("category", "category"),
            Column("named", "count", _named_by(making, by)), Column("reports", "count"), Column("share", "share"),
        ]  # fmt: skip
        blocks.append(making.table(f"recurrence_{by}", frame, columns))
    return making.part("recurrence", blocks)


def _row(making: Making, row: dict[str, Any], remedy: dict[str, Any] | None) -> Row:
    points = [_share_point(making, row, "problem", 0)]
    if remedy is not None:
        points.append(_share_point(making, remedy, "remedy", 1))
    note = f"n = {number(row['reports'])}"
    return Row(making.words.category(row["category"]), note, tuple(points))


def _share_point(making: Making, row: dict[str, Any], kind: str, series: int) -> Point:
    words = making.words
    what = f"{words.category(row['category'])} ({words.value(kind)})"
    hint = words(
        "hints.share",
        what=what,
        share=percent(row["share"]),
        low=percent(row["low"]),
        high=percent(row["high"]),
        k=row["named"],
        n=row["reports"],
    )
    source = NAMED if kind == "problem" else "recurrence_remedies.csv"
    target = making.book.of_reports(
        hint, row["named"], source, row["report_ids"], kind=kind, categories=[row["category"]]
    )
    return Point(row["share"], row["low"], row["high"], hint, target, series)


def _heat(making: Making, id: str, title: str, text: str, years: pd.DataFrame, order: list[str]) -> str:
    words = making.words
    labels = sorted({int(y) for y in years["year"] if not missing(y)})
    top = max(float(years["share"].max()), 0.01)
    cells = {}
    for row in records(years):
        if missing(row["year"]):
            continue
        what = f"{words.category(row['category'])} {int(row['year'])}"
        hint = words(
            "hints.share",
            what=what,
            share=percent(row["share"]),
            low=percent(row["low"]),
            high=percent(row["high"]),
            k=row["named"],
            n=row["reports"],
        )
        target = making.book.of_reports(hint, row["named"], NAMED, row["report_ids"], categories=[row["category"]])
        place = (order.index(row["category"]), labels.index(int(row["year"])))
        cells[place] = Heat(row["share"] / top, percent(row["share"]), hint, target, row["low"], row["high"])
    return heat_map(id, title, text, [words.category(c) for c in order], [str(y) for y in labels], cells)


def _named_by(making: Making, by: str) -> Callable[[dict[str, Any]], str | None]:
    def behind(row: dict[str, Any]) -> str | None:
        group = making.words("page.unknown") if missing(row[by]) else making.words.value(str(row[by]))
        title = f"{group} · {making.words.category(row['category'])}"
        return making.book.of_reports(title, row["named"], NAMED, row["report_ids"], categories=[row["category"]])

    return behind


def persistence(making: Making) -> Part:
    """Whether what is named is named again."""
    words = making.words
    frame = making.frame("persistence", lambda: mining.persistence(making.corpus))
    if frame is None or not frame["named"].sum():
        return making.part("persistence", [], missing=making.reasons.get("persistence", words("page.needs_years")))

    def behind(row: dict[str, Any]) -> str | None:
        categories = [] if row["category"] == "all" else [row["category"]]
        title = f"{words.category(row['category'])}: {words.column('again')}"
        return making.book.of_reports(title, row["again"], NAMED, row["report_ids"], categories=categories, pairs=True)

    newly = _newly_named(making)

    def begun(row: dict[str, Any]) -> str | None:
        title = f"{words.category(row['category'])}: {words.column('begun')}"
        ids = newly.get(row["category"], [])
        return making.book.of_reports(title, row["begun"], NAMED, ids, categories=[row["category"]], pairs=True)

    rows = []
    for row in records(frame[frame["named"] > 0]):
        points = []
        for series, (share, low, high, k, n) in enumerate((("share", "low", "high", "again", "named"), ("begun_share", "begun_low", "begun_high", "begun", "not_named"))):  # fmt: skip
            if missing(row[share]):
                continue
            hint = words("hints.share", what=f"{words.category(row['category'])} · {words.column(share)}", share=percent(row[share]), low=percent(row[low]), high=percent(row[high]), k=row[k], n=row[n])  # fmt: skip
            points.append(Point(row[share], row[low], row[high], hint, (behind, begun)[series](row), series))
        rows.append(Row(words.category(row["category"]), f"n = {number(row['named'])}", tuple(points)))
    legend = [words.column("share_again"), words.column("begun_share")]
    columns = [
        Column("category", "category"), Column("named", "count"), Column("again", "count", behind), Column("share", "share"),
        Column("not_named", "count"), Column("begun", "count", begun), Column("begun_share", "share"), Column("ratio", "number"),
    ]  # fmt: skip
    return making.part("persistence", [
        making.figure("persistence", "persistence", lambda i, t, d: point_chart(i, t, d, rows, legend=legend, axis=words("axes.share_pairs"))),
        making.table("persistence", frame, columns),
    ])  # fmt: skip


def _newly_named(making: Making) -> dict[str, list[str]]:
    """Pairs of reports 'earlier > later' of which only the later names a category, some of each."""
    found = making.corpus.connection.execute(
        f"""SELECT x.category, min(b.report_id || ' > ' || a.report_id, {making.book.most})
        FROM following f JOIN base a ON a.n = f.n JOIN base b ON b.n = f.previous_n JOIN named x ON x.n = f.n AND x.kind = 'problem'
        ANTI JOIN (SELECT n AS previous_n, category FROM named WHERE kind = 'problem') y ON y.previous_n = f.previous_n AND y.category = x.category
        WHERE a.lists AND b.lists GROUP BY x.category"""
    ).fetchall()
    return dict(found)


def spells(making: Making) -> Part:
    """How long agencies go on naming a category."""
    corpus, words = making.corpus, making.words
    survival = making.frame("spell_survival", lambda: mining.spell_survival(corpus))
    frame = making.frame("spells", lambda: mining.spells(corpus))
    blocks: list[Block | None] = []
    if survival is not None and not survival.empty:
        panels = []
        for name, some in survival.groupby("category", sort=False):
            spots = [Spot(0, 1.0, 1.0, 1.0, words("hints.start"))]
            for row in records(some):
                hint = words("hints.survival", what=words.category(str(name)), years=row["length"], share=percent(row["survival"]), low=percent(row["low"]), high=percent(row["high"]), n=row["at_risk"])  # fmt: skip
                target = _spells_of(making, frame, str(name), row, hint)
                spots.append(Spot(row["length"], row["survival"], row["low"], row["high"], hint, target))
            panels.append(Panel(f"{words.category(str(name))} (n = {number(some['at_risk'].max())})", tuple(spots)))
        blocks.append(making.figure("spell_survival", "spell_survival", lambda i, t, d: small_multiples(i, t, d, panels, share=True, steps=True)))  # fmt: skip
    if frame is not None:
        frame = frame.sort_values(
            ["length", "agency_id", "category", "first_year"], ascending=[False, True, True, True], kind="stable"
        )

        def behind(row: dict[str, Any]) -> str | None:
            title = f"{row['issuer']} · {words.category(row['category'])} {row['first_year']}–{row['last_year']}"
            return making.book.of_reports(title, row["length"], NAMED, row["report_ids"], categories=[row["category"]])

        columns = [
            Column("issuer"), Column("region"), Column("category", "category"), Column("length", "count", behind), Column("first_year", "year"),
            Column("last_year", "year"), Column("left_censored", "value"), Column("right_censored", "value"),
        ]  # fmt: skip
        blocks.append(making.table("spells", frame, columns))
    return making.part(
        "spells", blocks, missing=None if survival is not None and len(survival) else words("page.needs_years")
    )


def _spells_of(
    making: Making, frame: pd.DataFrame | None, category: str, row: dict[str, Any], title: str
) -> str | None:
    """The spells of a length whose beginning is seen, by their last reports."""
    if frame is None:
        return None
    some = frame[(frame["length"] == row["length"]) & ~frame["left_censored"]]
    if category != "all":
        some = some[some["category"] == category]
    examples = [
        Example(r["report_ids"][-1], "", f"{making.words.category(r['category'])} {r['first_year']}–{r['last_year']}")
        for r in records(some.head(making.book.most))
    ]
    return making.book.of_examples(title, len(some), "spells.csv", examples)


def cooccurrence(making: Making) -> Part:
    """Which categories are named together."""
    words = making.words
    frame = making.frame("cooccurrence", lambda: mining.cooccurrence(making.corpus))
    if frame is None or frame.empty or not frame["together"].sum():
        return making.part("cooccurrence", [], missing=making.why("cooccurrence"))
    targets: dict[tuple[str, str], str | None] = {}

    def behind(row: dict[str, Any]) -> str | None:
        key = (row["category_a"], row["category_b"])
        if key not in targets:
            title = f"{words.category(key[0])} + {words.category(key[1])}"
            targets[key] = making.book.of_reports(title, row["together"], NAMED, row["report_ids"], categories=key)
        return targets[key]

    columns = [
        Column("category_a", "category"), Column("category_b", "category"), Column("together", "count", behind), Column("a", "count"),
        Column("b", "count"), Column("lift", "number"), Column("odds_ratio", "number"), Column("p_value", "p"), Column("q_value", "p"),
    ]  # fmt: skip
    strongest = frame[frame["together"] > 0].sort_values(
        ["q_value", "together"], ascending=[True, False], kind="stable"
    )
    return making.part("cooccurrence", [
        making.figure("cooccurrence", "cooccurrence", lambda i, t, d: _pairs(making, i, t, d, frame, behind)),
        making.table("cooccurrence", strongest, columns),
    ])  # fmt: skip


def _pairs(
    making: Making, id: str, title: str, text: str, frame: pd.DataFrame, behind: Callable[[dict[str, Any]], str | None]
) -> str:
    import math

    words = making.words
    names = list(dict.fromkeys([*frame["category_a"], *frame["category_b"]]))
    cells = {}
    for row in records(frame):
        if not row["a"] or not row["b"]:
            continue
        hint = words(
            "hints.pair", a=words.category(row["category_a"]), b=words.category(row["category_b"]), n=row["together"],
            lift=number(row["lift"], 2), odds=number(row["odds_ratio"], 2), low=number(row["low"], 2), high=number(row["high"], 2), q=p_text(row["q_value"]),
        )  # fmt: skip
        level = max(-1.0, min(1.0, math.log2(row["lift"]) / 2)) if row["lift"] > 0 else -1.0
        place = (names.index(row["category_b"]), names.index(row["category_a"]))
        cells[place] = Heat(level, number(row["lift"], 2), hint, behind(row), marked=row["q_value"] < 0.05)
    labels = [words.category(n) for n in names]
    # The lower triangle: its first row and last column are empty.
    shifted = {(i - 1, j): cell for (i, j), cell in cells.items()}
    return heat_map(id, title, text, labels[1:], labels[:-1], shifted)
