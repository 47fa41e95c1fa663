"""Which weaknesses go with which figures. Observational: no row says what causes what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gia_nlp.mining.corpus import Corpus, MiningError
from gia_nlp.mining.harmonising import add_harmonised
from gia_nlp.mining.intervals import Z
from gia_nlp.mining.recurring import add_flags

if TYPE_CHECKING:
    import pandas as pd

_LEAST = 10  # reports with and without a problem, below which nothing is said
_EXAMPLES = 5
_METHOD = (
    "effect: the chance that a report that names the problem has the higher figure than one that does not, ties counting half (area under the ROC curve, Mann-Whitney). The interval and "
    "the test take all reports of an agency as one cluster (Obuchowski's variance, but no less than Mann-Whitney's under no difference, as rare figures vary too little to tell). q_value: Benjamini-Hochberg over all rows. Reports that state no figure are left out. The figures are observed, not assigned: large agencies "
    "have more of everything and name more problems; a difference says nothing on causes. For models with controls use regression_frame."
)
_SHARE = "refusal_share"


def _figures(corpus: Corpus) -> dict[str, str]:
    """The figures that can be held against categories, as SQL over ``harmonised`` h and ``panel`` p."""
    names = add_harmonised(corpus)
    out = {name: f"h.{name}" for name in names}
    if {"applications_refused", "applications_processed"} <= set(names):
        out[_SHARE] = "h.applications_refused / nullif(h.applications_processed, 0)"
    out["checks_failed"] = "p.checks_failed::DOUBLE"
    return out


def association(corpus: Corpus, *, figures: Sequence[str] = ()) -> pd.DataFrame:
    """Each category against each figure of the panel.

    ``figures``: indicators of the panel, ``refusal_share``, ``checks_failed``; all of them if not given. Columns: ``category, figure, reports_with, reports_without, agencies, median_with,
    median_without, effect (the chance that a report with the problem has the higher figure, ties half; 0.5: no difference), low, high (95 %, agencies as clusters), p_value, q_value
    (Benjamini-Hochberg over all rows), report_ids (the up to five with the problem that have the highest figures)``. Smallest p first. Raises :class:`MiningError` for an unknown figure.
    """
    import pandas as pd
    from scipy.stats import false_discovery_control

    known, names = _figures(corpus), add_flags(corpus)
    if unknown := [f for f in figures if f not in known]:
        raise MiningError(f"no figure is called {', '.join(unknown)}", hint=f"there are {', '.join(known)}")
    chosen = list(figures) or list(known)
    data = corpus.connection.execute(
        f"""SELECT b.report_id, coalesce(b.agency_id, b.report_id) AS agency, {", ".join(f"p.problem_{c} AS problem_{c}" for c in names)},
        {", ".join(f"{known[f]} AS figure_{f}" for f in chosen)}
        FROM base b JOIN harmonised h USING (n) JOIN panel p ON p.report_id = b.report_id WHERE b.lists ORDER BY b.n"""
    ).df()
    _, clusters = np.unique(data["agency"].to_numpy(dtype=object).astype(str), return_inverse=True)
    ids = data["report_id"].to_numpy()
    flags = {c: data[f"problem_{c}"].to_numpy(dtype=bool) for c in names}
    rows: list[dict[str, Any]] = []
    for figure in chosen:
        values = data[f"figure_{figure}"].to_numpy(dtype=float)
        there = ~np.isnan(values)
        if there.sum() < 2 * _LEAST:
            continue
        levels, codes = np.unique(values[there], return_inverse=True)
        order = np.argsort(-codes, kind="stable")
        own, own_ids = clusters[there], ids[there]
        for category in names:
            named = flags[category][there]
            if min(named.sum(), (~named).sum()) < _LEAST:
                continue
            found = superiority(codes, named, own)
            examples = own_ids[order[np.flatnonzero(named[order])[:_EXAMPLES]]].tolist()
            rows.append({
                "category": category, "figure": figure, "reports_with": int(named.sum()), "reports_without": int((~named).sum()),
                "agencies": len(np.unique(own)), "median_with": _median(levels, codes[named]), "median_without": _median(levels, codes[~named]),
                **found, "report_ids": examples,
            })  # fmt: skip
    columns = ["category", "figure", "reports_with", "reports_without", "agencies", "median_with", "median_without", "effect", "low", "high", "p_value", "q_value", "report_ids"]  # fmt: skip
    frame = pd.DataFrame(rows, columns=[c for c in columns if c != "q_value"])
    frame.insert(len(columns) - 2, "q_value", false_discovery_control(frame["p_value"].astype(float)) if rows else [])
    frame = frame.sort_values("p_value", kind="stable", ignore_index=True)
    frame.attrs["method"] = _METHOD
    return frame


def _median(levels: NDArray[np.float64], codes: NDArray[np.intp]) -> float:
    return float(np.median(levels[codes]))


def superiority(codes: NDArray[Any], named: NDArray[np.bool_], clusters: NDArray[Any]) -> dict[str, float]:
    """The chance that one of the ``named`` has the higher code than one of the rest, with its interval and test.

    ``codes`` are dense ranks from 0, ``clusters`` numbers of what depends on one another.

    >>> found = superiority(np.array([0, 1, 2, 3]), np.array([False, False, True, True]), np.arange(4))
    >>> found["effect"], round(found["p_value"], 3)
    (1.0, 0.121)
    """
    size = int(codes.max()) + 1
    with_, without = np.bincount(codes[named], minlength=size), np.bincount(codes[~named], minlength=size)
    n1, n0 = with_.sum(), without.sum()
    below = (np.cumsum(without) - without / 2) / n0  # of those without, how many a code beats
    above = (n1 - np.cumsum(with_) + with_ / 2) / n1  # of those with, how many beat a code
    effect = float((with_ * below).sum() / n1)
    influence = np.where(named, (below[codes] - effect) / n1, (above[codes] - effect) / n0)
    by_cluster = np.bincount(clusters, influence)
    many = len(np.unique(clusters))
    variance = float((by_cluster**2).sum()) * many / max(many - 1, 1)
    total, ties = n1 + n0, with_ + without
    chance = (total + 1 - float((ties**3.0 - ties).sum()) / (total * (total - 1))) / (12 * n1 * n0)
    error = max(variance, chance) ** 0.5
    if error == 0:  # nothing varies
        return {"effect": effect, "low": 0.0, "high": 1.0, "p_value": 1.0}
    from scipy.special import ndtr

    p = float(2 * ndtr(-abs(effect - 0.5) / error))
    return {
        "effect": effect,
        "low": max(0.0, effect - Z * error),
        "high": min(1.0, effect + Z * error),
        "p_value": p,
    }


def regression_frame(corpus: Corpus) -> pd.DataFrame:
    """A row per agency and year, ready for regression.

    Columns: ``report_id, agency_id, issuer, region, level, agency_kind, year, form``, ``problem_<category>`` (0/1, null where the report lists no items), ``last_problem_<category>`` (the year before, null without a report),
    ``problems`` (how many categories), the indicators of the panel and ``log_<indicator>`` = log(1 + x), ``refusal_share`` (refused / processed), ``checks_failed``. Several reports on one year: the first.
    """
    names, known = add_flags(corpus), _figures(corpus)
    indicators = [f for f in known if f not in (_SHARE, "checks_failed")]
    now = ", ".join(f"CASE WHEN b.lists THEN p.problem_{c}::TINYINT END AS problem_{c}" for c in names)
    last = ", ".join(f"CASE WHEN l.lists THEN q.problem_{c}::TINYINT END AS last_problem_{c}" for c in names)
    many = " + ".join(f"p.problem_{c}::TINYINT" for c in names)
    counts = ", ".join(f"h.{f}, ln(1 + greatest(h.{f}, 0)) AS log_{f}" for f in indicators)
    share = f"{known[_SHARE]} AS {_SHARE}, " if _SHARE in known else ""
    frame = corpus.sql(
        f"""SELECT b.report_id, b.agency_id, b.issuer, b.region, b.level, b.agency_kind, b.year, b.form, {now}, {last},
        CASE WHEN b.lists THEN {many} END AS problems, {counts}, {share}p.checks_failed
        FROM base b JOIN panel p ON p.report_id = b.report_id JOIN harmonised h USING (n)
        LEFT JOIN following f ON f.n = b.n LEFT JOIN base l ON l.n = f.previous_n LEFT JOIN panel q ON q.report_id = l.report_id
        WHERE b.first ORDER BY b.agency_id, b.year"""
    )
    frame.attrs["method"] = (
        "Observational data. Reports of one agency are not independent: cluster standard errors by agency_id or use fixed effects. A null is not "
        "stated, never 0; categories are what was found in the text, with the errors of finding it."
    )
    return frame
