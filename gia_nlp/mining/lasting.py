"""Spells: how long an agency goes on naming a category."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gia_nlp.mining.corpus import Corpus
from gia_nlp.mining.intervals import Z
from gia_nlp.mining.recurring import add_flags, categories_table

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


def spells(corpus: Corpus, *, category: str | None = None) -> pd.DataFrame:
    """Runs of consecutive years in which an agency names a category.

    Columns: ``agency_id, issuer, region, level, agency_kind, category, first_year, last_year, length, left_censored (nothing is known of the year before),
    right_censored (nothing is known of the year after), report_ids``. Years without a report, and reports that list no items, break a
    spell and censor it.
    """
    names = add_flags(corpus)
    frame = corpus.sql(
        f"""WITH listing AS (SELECT n, agency_id, year, report_id, issuer, region, level, agency_kind FROM base WHERE first AND lists),
        x AS (SELECT l.*, category, year - row_number() OVER (PARTITION BY agency_id, category ORDER BY year) AS run
            FROM named JOIN listing l USING (n) WHERE kind = 'problem' AND (? IS NULL OR category = ?)),
        runs AS (SELECT agency_id, category, run, min(year) AS first_year, max(year) AS last_year, count(*) AS length,
            arg_max(issuer, year) AS issuer, arg_max(region, year) AS region, arg_max(level, year) AS level,
            arg_max(agency_kind, year) AS agency_kind, list(report_id ORDER BY year) AS report_ids FROM x GROUP BY ALL)
        SELECT r.agency_id, issuer, region, level, agency_kind, category, first_year, last_year, length,
            before.agency_id IS NULL AS left_censored, after.agency_id IS NULL AS right_censored, report_ids
        FROM runs r JOIN {categories_table(names)} USING (category)
        LEFT JOIN (SELECT agency_id, year FROM listing) before ON before.agency_id = r.agency_id AND before.year = first_year - 1
        LEFT JOIN (SELECT agency_id, year FROM listing) after ON after.agency_id = r.agency_id AND after.year = last_year + 1
        ORDER BY c.place, length DESC, r.agency_id, first_year""",
        [category, category],
    )
    frame.attrs["method"] = (
        "A spell is left censored where the agency has no report that lists items on the year before, right censored where it "
        "has none on the year after: it may have been longer."
    )
    return frame


def spell_survival(corpus: Corpus) -> pd.DataFrame:
    """Kaplan-Meier estimates of how long spells last, from those whose beginning is seen.

    Columns: ``category ('all' for all), length (years), at_risk, ended, censored, survival (P(longer than length)), low, high (log-log
    Greenwood, 95 %)``.
    """
    import pandas as pd

    names = add_flags(corpus)
    seen = spells(corpus)
    seen = seen[~seen["left_censored"]]
    rows: list[dict[str, Any]] = []
    for name in ("all", *names):
        some = seen if name == "all" else seen[seen["category"] == name]
        lengths, ended = some["length"].to_numpy(), ~some["right_censored"].to_numpy(dtype=bool)
        rows += [{"category": name, **row} for row in kaplan_meier(lengths, ended)]
    columns = ["category", "length", "at_risk", "ended", "censored", "survival", "low", "high"]
    out = pd.DataFrame(rows, columns=columns)
    out.attrs["method"] = (
        "Kaplan-Meier over spells whose first year is seen (the agency lists items on the year before without it); "
        "log-log Greenwood intervals, which take the spells of one agency for independent."
    )
    return out


def kaplan_meier(lengths: NDArray[Any], ended: NDArray[np.bool_]) -> list[dict[str, Any]]:
    """The survival after each length that occurs; ``ended`` tells the ends that are seen from those that are not.

    >>> rows = kaplan_meier(np.array([1, 1, 2, 3]), np.array([True, False, True, True]))
    >>> [(r["length"], r["at_risk"], r["ended"], round(r["survival"], 3)) for r in rows]
    [(1, 4, 1, 0.75), (2, 2, 1, 0.375), (3, 1, 1, 0.0)]
    """
    rows: list[dict[str, Any]] = []
    survival, greenwood = 1.0, 0.0
    for length in np.unique(lengths):
        at_risk = int((lengths >= length).sum())
        ends = int(((lengths == length) & ended).sum())
        survival *= 1 - ends / at_risk
        greenwood += ends / (at_risk * (at_risk - ends)) if at_risk > ends else 0.0
        low, high = survival, survival
        if 0 < survival < 1:
            half = Z * np.sqrt(greenwood) / abs(np.log(survival))
            low, high = survival ** np.exp(half), survival ** np.exp(-half)
        rows.append({
            "length": int(length), "at_risk": at_risk, "ended": ends, "censored": int((lengths == length).sum()) - ends,
            "survival": survival, "low": float(low), "high": float(high),
        })  # fmt: skip
    return rows
