"""The index of one output folder: what the search and the overview ask, made once at the start.

The tables are read through :class:`gia_nlp.mining.Corpus`; beside them a row a report (``listing``), which categories and
indicators each has, and the texts to search (:mod:`gia_nlp.web.texts`). All of it lies in a scratch folder that closing
removes; memory holds what DuckDB is allowed and 8 bytes a report.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Self

from gia_nlp.mining.corpus import Corpus, MiningError
from gia_nlp.mining.corpus import open as open_corpus
from gia_nlp.web.filters import PAGE, Filters
from gia_nlp.web.texts import TextFile

if TYPE_CHECKING:
    import duckdb

Row = dict[str, Any]
TABLES = ("reports", "panel", "facts", "items", "cells", "checks")  # what can be downloaded
_ORDER = "year DESC NULLS LAST, issuer NULLS LAST, n"
_NEEDED = ("facts", "items", "cells", "checks", "sections", "texts", "errors")

_LISTING = """
CREATE TABLE listing AS
SELECT (row_number() OVER (ORDER BY r.report_id) - 1)::INTEGER AS n, r.report_id, r.title, r.issuer, r.region, r.level, r.form,
    r.year::INTEGER AS year, r.is_report, r.characters, p.agency_id, coalesce(p.checks_failed, 0)::INTEGER AS failed,
    coalesce(f.facts, 0)::INTEGER AS facts, coalesce(i.problems, 0)::INTEGER AS problems, coalesce(i.remedies, 0)::INTEGER AS remedies
FROM reports r LEFT JOIN panel p USING (report_id)
LEFT JOIN (SELECT report_id, count(*) AS facts FROM facts GROUP BY 1) f USING (report_id)
LEFT JOIN (SELECT report_id, count(*) FILTER (kind = 'problem') AS problems, count(*) FILTER (kind = 'remedy') AS remedies
    FROM items GROUP BY 1) i USING (report_id)
ORDER BY n
"""
_CATEGORIES = """
CREATE TABLE of_category AS SELECT DISTINCT category, kind, n
FROM (SELECT report_id, kind, unnest(categories) AS category FROM items) JOIN listing USING (report_id) ORDER BY ALL
"""
_INDICATORS = """
CREATE TABLE of_indicator AS SELECT DISTINCT indicator, n FROM facts JOIN listing USING (report_id) ORDER BY ALL
"""
# The report by the same agency on the year before; of several the first, as in mining.
_BEFORE = """
SELECT o.report_id FROM listing t JOIN listing o ON o.agency_id = t.agency_id AND o.year = t.year - 1
WHERE t.report_id = ? ORDER BY o.is_report DESC, o.n LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of reports that match: ``total`` of them in all, of which ``rows`` are shown."""

    total: int
    page: int
    pages: int
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts over all reports. ``groups`` maps year, level, region, form to (value, reports); the largest regions only."""

    totals: dict[str, int]
    groups: dict[str, list[tuple[Any, int]]]
    categories: list[tuple[str, int, int]]
    regions: int


class Index:
    """An output folder of ``gia-nlp tag``, ready to be asked. Use as a context manager, or :meth:`close` it.

    Raises :class:`gia_nlp.mining.MiningError` for a folder without the tables. Safe for several threads.
    """

    def __init__(self, out: str | Path, *, memory: str = "1GB", threads: int = 2, scratch: Path | None = None) -> None:
        self.corpus: Corpus = open_corpus(out, memory=memory, threads=threads, scratch=scratch)
        self._scratch = TemporaryDirectory(prefix=".gia-nlp-serve-", dir=scratch)
        try:
            self.corpus.need(*_NEEDED)
            run = self.corpus.connection.execute
            run(_LISTING)
            run(_CATEGORIES)
            run(_INDICATORS)
            self._texts = TextFile(Path(self._scratch.name) / "texts", self._read_texts())
        except BaseException:
            self._scratch.cleanup()
            self.corpus.close()
            raise
        self._lock = threading.Lock()
        self.overview = self._overview()
        self.levels = [v for v, _ in self.overview.groups["level"] if v is not None]
        self.forms = [v for v, _ in self.overview.groups["form"] if v is not None]
        self.years = sorted((v for v, _ in self.overview.groups["year"] if v is not None), reverse=True)
        self.search(Filters())  # so that the first question does not wait for libraries

    def __len__(self) -> int:
        return len(self._texts)

    def _read_texts(self) -> Iterator[str]:
        cursor = self.cursor()
        cursor.execute(
            """SELECT coalesce(t.text, '') || chr(10) || concat_ws(chr(10), l.issuer, l.region, l.report_id)
            FROM listing l LEFT JOIN texts t USING (report_id) ORDER BY l.n"""
        )
        while rows := cursor.fetchmany(512):
            for (text,) in rows:
                yield text

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection of its own for one thread."""
        return self.corpus.connection.cursor()

    def rows(self, query: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """The rows of a query over the tables."""
        cursor = self.cursor()
        cursor.execute(query, list(parameters))
        names = [c[0] for c in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    # ------------------------------------------------------------------- search

    def search(self, filters: Filters, *, annotated: Iterable[str] = (), size: int = PAGE) -> Found:
        """The page of reports that the filters ask for; ``annotated`` are the ids of those with corrections."""
        cursor = self.cursor()
        source = self._hits(cursor, filters, annotated)
        total = cursor.execute(f"SELECT count(*) FROM {source}").fetchall()[0][0]
        pages = max(1, -(-total // size))
        page = min(filters.page, pages)
        cursor.execute(
            f"SELECT listing.* FROM listing JOIN {source} USING (n) ORDER BY {_ORDER} LIMIT ? OFFSET ?",
            [size, (page - 1) * size],
        )
        names = [c[0] for c in cursor.description or ()]
        return Found(total, page, pages, [dict(zip(names, row, strict=True)) for row in cursor.fetchall()])

    def _hits(self, cursor: duckdb.DuckDBPyConnection, filters: Filters, annotated: Iterable[str]) -> str:
        """The name of a table ``n`` of the matching reports, made for the cursor."""
        clauses: list[str] = ["true"]
        parameters: list[Any] = []

        def where(clause: str, *values: Any) -> None:
            clauses.append(clause)
            parameters.extend(values)

        for name in ("year", "level", "form"):
            if value := getattr(filters, name):
                where(f"{name} = ?", value)
        if filters.region:
            where("(contains(region, ?) OR contains(issuer, ?))", filters.region, filters.region)
        if filters.category:
            kind = ("AND kind = ?", filters.kind) if filters.kind else ("",)
            where(f"n IN (SELECT n FROM of_category WHERE category = ? {kind[0]})", filters.category, *kind[1:])
        elif filters.kind:
            where("problems > 0" if filters.kind == "problem" else "remedies > 0")
        if filters.indicator:
            where("n IN (SELECT n FROM of_indicator WHERE indicator = ?)", filters.indicator)
        if filters.only == "failed":
            where("failed > 0")
        elif filters.only == "annotated":
            where("report_id IN (SELECT unnest(?::VARCHAR[]))", list(annotated))
        query = f"SELECT n FROM listing WHERE {' AND '.join(clauses)} ORDER BY n"
        numbers = cursor.execute(query, parameters).fetchnumpy()["n"]
        if filters.terms:
            import numpy as np

            among = None if len(clauses) == 1 else [int(n) for n in numbers]
            numbers = np.asarray(self._texts.having(filters.terms, among), dtype=np.int32)
        import pyarrow as pa

        cursor.register("hits", pa.table({"n": numbers}))
        return "hits"

    # ------------------------------------------------------------------- downloads

    def select(self, table: str, filters: Filters, annotated: Iterable[str] = ()) -> duckdb.DuckDBPyConnection:
        """A cursor over the rows of a table of the reports that the filters ask for, in the order of the reports."""
        cursor, query = self._selection(table, filters, annotated)
        cursor.execute(query)
        return cursor

    def write_parquet(self, table: str, filters: Filters, path: Path, annotated: Iterable[str] = ()) -> None:
        """Writes what :meth:`select` gives as a Parquet file, in bounded memory."""
        cursor, query = self._selection(table, filters, annotated)
        place = str(path).replace("'", "''")
        cursor.execute(f"COPY ({query}) TO '{place}' (FORMAT parquet, COMPRESSION zstd)")

    def _selection(
        self, table: str, filters: Filters, annotated: Iterable[str]
    ) -> tuple[duckdb.DuckDBPyConnection, str]:
        if table not in TABLES:
            raise MiningError(f"no table is called {table}", hint=f"one of {', '.join(TABLES)}")
        cursor = self.cursor()
        source = self._hits(cursor, filters, annotated)
        order = {"facts": ", t.start_char", "items": ", t.start_char", "cells": ", t.form_table, t.start_char"}
        return cursor, (
            f"SELECT t.* FROM {table} t JOIN listing l USING (report_id) JOIN {source} h ON h.n = l.n "
            f"ORDER BY l.n{order.get(table, '')}"
        )

    # ------------------------------------------------------------------- single reports

    def before(self, report_id: str) -> str | None:
        """The report by the same agency on the year before."""
        found = self.cursor().execute(_BEFORE, [report_id]).fetchall()
        return found[0][0] if found else None

    def errors(self, page: int, size: int = 100) -> Found:
        """A page of the table `errors`."""
        total = self.rows("SELECT count(*) AS n FROM errors")[0]["n"]
        pages = max(1, -(-total // size))
        page = min(page, pages)
        query = """SELECT e.*, l.n IS NOT NULL AS listed FROM errors e LEFT JOIN listing l USING (report_id)
            ORDER BY e.path, e.stage, e.message LIMIT ? OFFSET ?"""
        return Found(total, page, pages, self.rows(query, [size, (page - 1) * size]))

    def _overview(self, regions: int = 20) -> Overview:
        def grouped(name: str, order: str = "reports DESC, v") -> list[tuple[Any, int]]:
            query = f"SELECT {name} AS v, count(*) AS reports FROM listing GROUP BY 1 ORDER BY {order}"
            return [(r["v"], r["reports"]) for r in self.rows(query)]

        totals = self.rows(
            """SELECT count(*) AS reports, count(DISTINCT agency_id) AS agencies, coalesce(sum(facts), 0)::BIGINT AS facts,
            coalesce(sum(problems + remedies), 0)::BIGINT AS items, count(*) FILTER (failed > 0) AS failed,
            (SELECT count(*) FROM errors) AS errors FROM listing"""
        )[0]
        by_region = grouped("region")
        by_category = self.rows(
            """SELECT category, count(*) FILTER (kind = 'problem') AS problems, count(*) FILTER (kind = 'remedy') AS remedies
            FROM of_category GROUP BY 1 ORDER BY count(*) DESC, category"""
        )
        groups = {"year": grouped("year", "v DESC NULLS LAST"), "level": grouped("level"), "form": grouped("form")}
        return Overview(
            totals,
            {**groups, "region": [(v, n) for v, n in by_region if v is not None][:regions]},
            [(r["category"], r["problems"], r["remedies"]) for r in by_category],
            sum(v is not None for v, _ in by_region),
        )

    def close(self) -> None:
        """Removes the index."""
        self._texts.close()
        self.corpus.close()
        self._scratch.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
