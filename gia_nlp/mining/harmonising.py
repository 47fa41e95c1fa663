"""The panel over the years: one series an indicator across the generations of the form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from gia_nlp.mining.corpus import Corpus, MiningError, literal
from gia_nlp.vocabulary.series import Series, Source
from gia_nlp.vocabulary.series import series as all_series

if TYPE_CHECKING:
    import pandas as pd

_WHO = "agency_id, issuer, region, level, agency_kind"


def add_harmonised(corpus: Corpus) -> list[str]:
    """Makes the table ``harmonised`` (``n``, each indicator and ``<indicator>_source``) once; returns the indicators."""
    known = _known(corpus)
    if "harmonised" not in corpus.made:
        columns = []
        for name, (_, sources) in known.items():
            values = [_value(s) for s in sources]
            columns.append(f"coalesce({', '.join(values)}) AS {name}")
            cases = " ".join(f"WHEN {v} IS NOT NULL THEN '{s.name}'" for v, s in zip(values, sources, strict=True))
            columns.append(f"CASE {cases} END AS {name}_source")
        corpus.connection.execute(
            f"CREATE TABLE harmonised AS SELECT b.n, {', '.join(columns)} FROM panel p JOIN base b USING (report_id)"
        )
        corpus.made.add("harmonised")
    return list(known)


def _known(corpus: Corpus) -> dict[str, tuple[Series, list[Source]]]:
    """The series of which the panel has a source, with the sources that it has."""
    columns = set(corpus.columns("panel"))
    out = {}
    for name, one in all_series().items():
        sources = [s for s in one.sources if set(s.columns) <= columns]
        if sources:
            out[name] = (one, sources)
    return out


def _value(source: Source) -> str:
    """A source's number in SQL: the sum of what is printed, null where nothing is."""
    if len(source.columns) == 1:
        return f"p.{source.columns[0]}"
    every = ", ".join(f"p.{c}" for c in source.columns)
    return (
        f"CASE WHEN coalesce({every}) IS NOT NULL THEN {' + '.join(f'coalesce(p.{c}, 0)' for c in source.columns)} END"
    )


def _complete(source: Source) -> str:
    return " AND ".join(f"p.{c} IS NOT NULL" for c in source.columns)


def panel(corpus: Corpus, *, gaps: bool = True) -> pd.DataFrame:
    """One row per agency and year.

    Columns: ``agency_id, year (Int64), issuer, region, level, agency_kind, form, report_id, reports_in_year, gap (bool)``, then for each
    indicator of ``gia_nlp.vocabulary.series`` ``<indicator> (float64)`` and ``<indicator>_source`` (category: the panel's column or columns
    that it was taken from, joined by `` + ``; null where nothing is printed). A year without a report between an agency's first and last is a
    row with ``gap`` and nulls (left out with ``gaps=False``). Of several reports on one year the first by its id stands here.
    """
    names = add_harmonised(corpus)
    both = ", ".join(f"h.{n}, h.{n}_source" for n in names)
    frame = corpus.sql(
        f"""SELECT y.agency_id, y.year, b.issuer, b.region, b.level, b.agency_kind, b.form, b.report_id,
        coalesce(b.same_year, 0) AS reports_in_year, b.n IS NULL AS gap, {both}
        FROM ({_years(gaps)}) y LEFT JOIN base b ON b.agency_id = y.agency_id AND b.year = y.year AND b.first
        LEFT JOIN harmonised h USING (n) ORDER BY y.agency_id, y.year"""
    )
    frame["year"] = frame["year"].astype("Int64")
    for name in names:
        frame[f"{name}_source"] = frame[f"{name}_source"].astype("category")
    frame.attrs["method"] = (
        "The first source that prints a number counts, in the order of gia_nlp.vocabulary.series: the form's cell, the 统计表, the prose. "
        "A sum of cells takes what is printed; where all are blank it is null. Nothing is filled in."
    )
    return frame


def _years(gaps: bool) -> str:
    """Agencies and the years to show."""
    if not gaps:
        return "SELECT agency_id, year FROM base WHERE first"
    return """SELECT agency_id, unnest(generate_series(min(year), max(year)))::INTEGER AS year FROM base WHERE first
        GROUP BY agency_id"""


def series(
    corpus: Corpus, *, indicators: Sequence[str] = (), agencies: Sequence[str] = (), gaps: bool = True
) -> pd.DataFrame:
    """The panel as one row per agency, year and indicator.

    Columns: ``agency_id, issuer, region, level, agency_kind, year, form, indicator, value, source_column, complete (False: some of the cells
    that are summed are blank), other_value, other_source_column (the next source that prints the count, where two do), report_id, fact_id (where prose
    is the source), gap (null, 'no_report', 'not_stated')``. Name ``indicators`` or ``agencies`` in a large corpus. Raises
    :class:`MiningError` for an unknown indicator.
    """
    known = _known(corpus)
    if unknown := [i for i in indicators if i not in known]:
        raise MiningError(f"no series is called {', '.join(unknown)}", hint=f"there are {', '.join(known)}")
    where = f"WHERE y.agency_id IN (SELECT unnest({literal(agencies)}))" if agencies else ""
    parts = [
        f"""SELECT y.agency_id, {place} AS place, '{name}' AS indicator, y.year, y.n, p.report_id, b.issuer, b.region, b.level, b.agency_kind,
        b.form, {expressions} FROM ({_numbered(gaps)}) y LEFT JOIN base b ON b.n = y.n LEFT JOIN panel p ON p.report_id = b.report_id {where}"""
        for place, (name, expressions) in enumerate(_long(known, indicators))
    ]
    frame = corpus.sql(
        f"""SELECT agency_id, issuer, region, level, agency_kind, year, form, indicator, value, source_column, complete,
        other_value, other_source_column, report_id, fact_id,
        CASE WHEN n IS NULL THEN 'no_report' WHEN value IS NULL THEN 'not_stated' END AS gap
        FROM ({" UNION ALL ".join(parts)}) ORDER BY agency_id, place, year"""
    )
    frame["year"] = frame["year"].astype("Int64")
    return frame


def _numbered(gaps: bool) -> str:
    return f"""SELECT y.agency_id, y.year, b.n FROM ({_years(gaps)}) y
        LEFT JOIN base b ON b.agency_id = y.agency_id AND b.year = y.year AND b.first"""


def _long(known: dict[str, tuple[Series, list[Source]]], indicators: Sequence[str]) -> Iterator[tuple[str, str]]:
    """For each indicator its value, source, whether it is complete, the next source and the fact, in SQL."""
    for name in indicators or known:
        sources = known[name][1]
        values = [_value(s) for s in sources]

        def case(results: Sequence[str], values: Sequence[str] = values) -> str:
            rows = " ".join(f"WHEN {v} IS NOT NULL THEN {r}" for v, r in zip(values, results, strict=True))
            return f"CASE {rows} END"

        following = [_next(sources, values, i) for i in range(len(sources))]
        facts = [f"p.{s.columns[0]}_fact_id" if s.from_prose else "NULL::VARCHAR" for s in sources]
        yield (
            name,
            f"""coalesce({", ".join(values)}) AS value, {case([f"'{s.name}'" for s in sources])} AS source_column,
            {case([_complete(s) for s in sources])} AS complete, {case([f[0] for f in following])} AS other_value,
            {case([f[1] for f in following])} AS other_source_column, {case(facts)} AS fact_id""",
        )


def _next(sources: Sequence[Source], values: Sequence[str], i: int) -> tuple[str, str]:
    rest = list(zip(sources[i + 1 :], values[i + 1 :], strict=True))
    if not rest:
        return "NULL::DOUBLE", "NULL::VARCHAR"
    names = " ".join(f"WHEN {v} IS NOT NULL THEN '{s.name}'" for s, v in rest)
    return f"coalesce({', '.join(v for _, v in rest)})", f"CASE {names} END"


def series_coverage(corpus: Corpus) -> pd.DataFrame:
    """How the indicators fare year by year, over all agencies.

    Columns: ``year, indicator, reports, stated, share, total, median, mean, from_cells, from_prose`` (how many values come from each).
    """
    names = add_harmonised(corpus)
    parts = [
        f"""SELECT b.year, {place} AS place, '{name}' AS indicator, count(*) AS reports, count({name}) AS stated,
        sum({name}) AS total, median({name}) AS median, avg({name}) AS mean,
        count(*) FILTER (WHERE {name}_source LIKE 'cell_%') AS from_cells,
        count(*) FILTER (WHERE {name}_source LIKE 'answer_%') AS from_prose
        FROM harmonised h JOIN base b USING (n) WHERE b.first GROUP BY b.year"""
        for place, name in enumerate(names)
    ]
    return corpus.sql(
        f"""SELECT year, indicator, reports, stated, stated / reports AS share, total, median, mean, from_cells, from_prose
        FROM ({" UNION ALL ".join(parts)}) ORDER BY place, year"""
    )
