"""How often which weaknesses are named, whether they are named again, and which go together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from gia_nlp.mining.corpus import Corpus, MiningError, groups
from gia_nlp.mining.intervals import odds_ratio, wilson_bounds
from gia_nlp.vocabulary.categories import categories

if TYPE_CHECKING:
    import pandas as pd

EXAMPLES = 5
_METHOD = (
    "Reports that list items or say that there are none; a category counts once a report. Intervals: Wilson, 95 %."
)


def add_flags(corpus: Corpus) -> list[str]:
    """Makes the table ``named`` (n, kind, category: what each report that lists items names) once; returns the categories."""
    columns = set(corpus.columns("panel"))
    known = [c for c in categories() if f"problem_{c}" in columns]
    if "named" not in corpus.made:
        for kind in ("problem", "remedy"):
            flags = ", ".join(f"CASE WHEN p.{kind}_{c} THEN '{c}' END" for c in known)
            query = f"""SELECT n, '{kind}' AS kind, unnest(list_filter([{flags}], lambda x: x IS NOT NULL)) AS category
                FROM panel p JOIN base b USING (report_id) WHERE b.lists"""
            verb = "CREATE TABLE named AS" if kind == "problem" else "INSERT INTO named"
            corpus.connection.execute(f"{verb} {query}")
        corpus.made.add("named")
    return known


def categories_table(names: Sequence[str]) -> str:
    """The categories with their order, as rows of SQL."""
    return "(VALUES " + ", ".join(f"('{c}', {i})" for i, c in enumerate(names)) + ") AS c(category, place)"


def recurrence(corpus: Corpus, *, by: str | Sequence[str] = (), kind: str = "problem") -> pd.DataFrame:
    """The share of reports that name each category.

    ``by``: any of year, region, area, level, agency_kind, form, issuer. ``kind``: problem or remedy. Columns: ``<by…>, category, named, reports (that list
    items or say that there are none), share, low, high (Wilson, 95 %), report_ids (up to five that name it)``. Sorted by ``by`` and share.
    """
    if kind not in ("problem", "remedy"):
        raise MiningError(f"no kind is called {kind}", hint="problem or remedy")
    names, over = add_flags(corpus), groups(by)
    keys = ", ".join(over)
    lead = f"{keys}, " if keys else ""
    same = "".join(f" AND t.{k} IS NOT DISTINCT FROM f.{k}" for k in over)
    shown = "".join(f"t.{k}, " for k in over)
    frame = corpus.sql(
        f"""WITH t AS (SELECT {lead}count(*) AS reports FROM base WHERE lists GROUP BY ALL),
        f AS (SELECT {lead}category, count(*) AS named, min(report_id, {EXAMPLES}) AS report_ids
            FROM named JOIN base USING (n) WHERE kind = '{kind}' GROUP BY ALL)
        SELECT {shown}c.category, coalesce(f.named, 0) AS named, t.reports, coalesce(f.named, 0) / t.reports AS share,
            coalesce(f.report_ids, []) AS report_ids
        FROM t CROSS JOIN {categories_table(names)} LEFT JOIN f ON f.category = c.category{same}
        WHERE t.reports > 0 ORDER BY {shown}share DESC, c.place"""
    )
    return _with_bounds(frame, "named", "reports", ("low", "high"), before="report_ids")


def _with_bounds(
    frame: pd.DataFrame, count: str, total: str, names: tuple[str, str], *, before: str | None = None
) -> pd.DataFrame:
    low, high = wilson_bounds(frame[count], frame[total])
    at = frame.columns.get_loc(before) if before else len(frame.columns)
    assert isinstance(at, int)
    frame.insert(at, names[0], low)
    frame.insert(at + 1, names[1], high)
    frame.attrs["method"] = _METHOD
    return frame


def persistence(corpus: Corpus, *, by: str | Sequence[str] = ()) -> pd.DataFrame:
    """Whether a category named in one year is named again in the next, by the same agency.

    Columns: ``<by…> (of the earlier report), category ('all' for any), named (reports that name it and have a report on the next year), again, share, low, high,
    not_named, begun, begun_share, begun_low, begun_high (named after a year without), ratio (share / begun_share), report_ids (up to five
    pairs 'earlier > later' of named again)``.
    """
    names, over = add_flags(corpus), groups(by)
    lead = "".join(f"{k}, " for k in over)
    same = "".join(f" AND t.{k} IS NOT DISTINCT FROM f.{k}" for k in over)
    shown = "".join(f"t.{k}, " for k in over)
    earlier = "".join(f"b.{k}, " for k in over)
    frame = corpus.sql(
        f"""WITH pairs AS (SELECT {earlier}p.n, p.previous_n, b.report_id || ' > ' || p.report_id AS pair
            FROM following p JOIN base b ON b.n = p.previous_n JOIN base a ON a.n = p.n WHERE b.lists AND a.lists),
        t AS (SELECT {lead}count(*) AS pairs FROM pairs GROUP BY ALL),
        before AS (SELECT {lead}p.n, p.pair, x.category FROM pairs p JOIN named x ON x.n = p.previous_n AND x.kind = 'problem'),
        after AS (SELECT {lead}p.n, p.pair, x.category FROM pairs p JOIN named x ON x.n = p.n AND x.kind = 'problem'),
        f AS (SELECT {lead}category, count(n_before) AS named, count(*) FILTER (WHERE n_before IS NOT NULL AND n_after IS NOT NULL) AS again,
            count(*) FILTER (WHERE n_before IS NULL) AS begun,
            min(pair, {EXAMPLES}) FILTER (WHERE n_before IS NOT NULL AND n_after IS NOT NULL) AS report_ids
            FROM (SELECT {"".join(f"coalesce(b.{k}, a.{k}) AS {k}, " for k in over)}coalesce(b.category, a.category) AS category, b.n AS n_before, a.n AS n_after,
                coalesce(b.pair, a.pair) AS pair
                FROM before b FULL JOIN after a ON a.n = b.n AND a.category = b.category) GROUP BY ALL)
        SELECT {shown}c.category, c.place, t.pairs, coalesce(f.named, 0) AS named, coalesce(f.again, 0) AS again,
            coalesce(f.begun, 0) AS begun, coalesce(f.report_ids, []) AS report_ids
        FROM t CROSS JOIN {categories_table(names)} LEFT JOIN f ON f.category = c.category{same}
        WHERE t.pairs > 0 ORDER BY {shown}c.place"""
    )
    return _persistence_frame(frame, over)


def _persistence_frame(frame: pd.DataFrame, over: list[str]) -> pd.DataFrame:
    import pandas as pd

    counts = ["pairs", "named", "again", "begun"]
    if over:
        whole = frame.groupby(over, dropna=False, sort=False)[counts].sum().reset_index()
    else:
        whole = frame[counts].sum().to_frame().T
    examples = frame.groupby(over, dropna=False, sort=False) if over else [((), frame)]
    whole["report_ids"] = [[x for ids in g["report_ids"] for x in ids][:EXAMPLES] for _, g in examples]
    whole["category"], whole["place"] = "all", -1
    both = pd.concat([whole, frame], ignore_index=True) if len(frame) else frame
    both = both.sort_values([*over, "place"], kind="stable", ignore_index=True)
    named, again, begun = (both[c].astype("int64") for c in ("named", "again", "begun"))
    rest = both["pairs"].astype("int64") - named
    out = both[[*over, "category"]].copy()
    with np.errstate(divide="ignore", invalid="ignore"):
        out["named"], out["again"], out["share"] = named, again, again / named
        out["low"], out["high"] = wilson_bounds(again, named)
        out["not_named"], out["begun"], out["begun_share"] = rest, begun, begun / rest
        out["begun_low"], out["begun_high"] = wilson_bounds(begun, rest)
        ratio = out["share"] / out["begun_share"]
    out["ratio"] = ratio.where(np.isfinite(ratio))
    out["report_ids"] = both["report_ids"]
    out.attrs["method"] = (
        "Pairs of reports by one agency on two years that follow, both listing items. share = again / named. " + _METHOD
    )
    return out


def cooccurrence(corpus: Corpus) -> pd.DataFrame:
    """Which categories are named in the same report more often than by chance.

    Columns: ``category_a, category_b, together, a, b, reports, lift, odds_ratio, low, high, p_value (chi-square), q_value (Benjamini-Hochberg),
    report_ids (up to five with both)``. One row a pair of categories, ``a`` before ``b`` in the order of the guide.
    """
    from scipy.stats import chi2, false_discovery_control

    names = add_flags(corpus)
    frame = corpus.sql(
        f"""WITH x AS (SELECT n, report_id, place, c.category FROM named JOIN {categories_table(names)} USING (category) JOIN base USING (n)
            WHERE kind = 'problem'),
        singles AS (SELECT category, count(*) AS many FROM x GROUP BY category),
        t AS (SELECT l.category AS a, r.category AS b, count(*) AS together, min(l.report_id, {EXAMPLES}) AS report_ids
            FROM x l JOIN x r ON l.n = r.n AND l.place < r.place GROUP BY ALL)
        SELECT c.category AS category_a, d.category AS category_b, coalesce(t.together, 0) AS together, coalesce(s.many, 0) AS a,
            coalesce(u.many, 0) AS b, (SELECT count(*) FROM base WHERE lists) AS reports, coalesce(t.report_ids, []) AS report_ids
        FROM {categories_table(names)} JOIN {categories_table(names).replace("AS c(", "AS d(")} ON c.place < d.place
        LEFT JOIN singles s ON s.category = c.category LEFT JOIN singles u ON u.category = d.category
        LEFT JOIN t ON t.a = c.category AND t.b = d.category WHERE (SELECT count(*) FROM base WHERE lists) > 0 ORDER BY c.place, d.place"""
    )
    both, a, b, reports = (frame[c].to_numpy(dtype=float) for c in ("together", "a", "b", "reports"))
    with np.errstate(divide="ignore", invalid="ignore"):
        frame["lift"] = both * reports / (a * b)
        tables = np.stack([both, a - both, b - both, reports - a - b + both])
        determinant = tables[0] * tables[3] - tables[1] * tables[2]
        statistic = reports * determinant**2 / (a * b * (reports - a) * (reports - b))
    odds = np.array([odds_ratio(*cells) for cells in tables.T]).reshape(-1, 3)
    frame["odds_ratio"], frame["low"], frame["high"] = odds[:, 0], odds[:, 1], odds[:, 2]
    frame["p_value"] = np.where(np.isfinite(statistic), chi2.sf(np.nan_to_num(statistic), 1), 1.0)
    frame["q_value"] = false_discovery_control(frame["p_value"]) if len(frame) else []
    frame["report_ids"] = frame.pop("report_ids")
    frame.attrs["method"] = (
        "lift = together x reports / (a x b). Odds ratio with Woolf's 95 % interval (0.5 added to each cell where one is 0); chi-square without correction. "
        "Reports of one agency are not independent of each other, which the intervals leave out."
    )
    return frame
