"""Checks between the reports of one agency on two years, over the written tables.

The cells of two reports are compared in :mod:`gia_nlp.frames.year_rules`; here are the pairs, and the checks of whole reports:
`years.same_text` and `years.duplicate_report`, which leave a row only where there is something to tell.

DuckDB joins the tables and spills to disk; in memory are the cells of two reports at a time.
"""

from __future__ import annotations

import heapq
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from gia_nlp.frames.similarity import Sketch, share, sketch
from gia_nlp.frames.year_rules import Reading, Row, check_row, compare_years
from gia_nlp.vocabulary.panel import jumps

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_SIMILAR = 0.9
_FEW_SENTENCES = 5
_MEMORY = "128MB"  # what DuckDB holds before it spills
_BATCH = 4096


class Link(NamedTuple):
    """A report that can be held against others: by which agency, on which year."""

    report_id: str
    agency_id: str
    year: int


def link(report: Mapping[str, Any], agency_id: str | None) -> Link | None:
    """The report's link if its row (``report_id``, ``year``, ``is_report``) and its agency allow one."""
    if agency_id is None or report["year"] is None or not report["is_report"]:
        return None
    return Link(report["report_id"], agency_id, report["year"])


# --------------------------------------------------------------------------- the corpus


@dataclass(slots=True)
class YearChecks:
    """What became of the checks between years."""

    checks: int = 0
    failed: int = 0

    def counted(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows, counted as they pass."""
        for row in rows:
            self.checks += 1
            self.failed += row["status"] == "fails"
            yield row


def year_checks(
    links: Iterable[Link], cells: pa.Table | list[Path], texts: pa.Table | list[Path], scratch: Path | None = None
) -> Generator[Row, None, None]:
    """The rows of `checks` between the reports ``links``, in their order; where one agency has several reports on a year,
    those on the next year are held against the first.

    ``cells`` and ``texts`` are the tables of these names, or their Parquet files; ``scratch`` is where DuckDB may spill. Raises
    ``OSError`` if the disk or the memory is full.
    """
    with _database(scratch) as (database, folder):
        if not _add_links(database, links):
            return
        _add_source(database, "cells", cells)
        _add_source(database, "texts", texts)
        _add_needed_cells(database)
        _add_sketches(database)
        found = (_cell_checks(database, folder), _text_checks(database, folder), _duplicates(database, folder))
        for _, row in heapq.merge(*found, key=lambda pair: pair[0]):
            yield row


@contextmanager
def _database(scratch: Path | None) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    import duckdb

    with TemporaryDirectory(prefix=".gia-nlp-", dir=scratch) as folder:
        settings: dict[str, Any] = {
            "memory_limit": _MEMORY,
            "threads": 2,
            "temp_directory": folder,
            "preserve_insertion_order": False,
        }
        try:
            with duckdb.connect(str(Path(folder) / "years.duckdb"), config=settings) as connection:
                yield connection, Path(folder)
        except duckdb.Error as error:  # the disk is full, or memory
            raise OSError(f"checks between years: {error}") from error


def _add_links(database: duckdb.DuckDBPyConnection, links: Iterable[Link]) -> bool:
    """Tables of the reports, of the first by each agency on each year, and of each with the one on the year before."""
    database.execute("CREATE TABLE links (n BIGINT, report_id VARCHAR, agency VARCHAR, year BIGINT)")
    _insert(database, "links", ("n", "report_id", "agency", "year"), ((n, *link) for n, link in enumerate(links)))
    database.execute(
        """CREATE TABLE firsts AS SELECT agency, year, min(n) AS n, arg_min(report_id, n) AS report_id, count(*) AS many
        FROM links GROUP BY agency, year"""
    )
    database.execute(
        """CREATE TABLE pairs AS SELECT l.n, l.report_id, l.year, f.n AS other, f.report_id AS other_id, f.many
        FROM links l JOIN firsts f ON f.agency = l.agency AND f.year = l.year - 1"""
    )
    database.execute(
        """CREATE TABLE several AS SELECT l.* FROM links l JOIN
        (SELECT agency FROM links GROUP BY agency HAVING count(*) > 1) USING (agency)"""
    )
    return database.execute("SELECT count(*) FROM several").fetchall()[0][0] > 0


def _add_needed_cells(database: duckdb.DuckDBPyConnection) -> None:
    """The cells of the rules above, of every report that has one to be held against."""
    counts = ", ".join(f"'{key}'" for key in jumps().cells)
    database.execute(
        f"""CREATE TABLE needed AS SELECT l.n, c.form_table || '.' || c.form_row || '.' || c.form_column AS key,
        c.value, c.kind, c.unit
        FROM cells c JOIN several l ON l.report_id = c.report_id
        WHERE (c.form_table = 'requests' AND c.form_row IN ('carried_in', 'carried_out'))
        OR (c.form_table = 'proactive' AND c.form_row IN ('regulations', 'normative_documents')
            AND c.form_column IN ('issued', 'repealed', 'in_force'))
        OR c.form_table = 'statistics'
        OR c.form_table || '.' || c.form_row || '.' || c.form_column IN ({counts})"""
    )


def _cell_checks(database: duckdb.DuckDBPyConnection, folder: Path) -> Iterator[tuple[int, Row]]:
    pairs = _sorted(database, folder / "pairs", "SELECT n, report_id, year, other_id, many FROM pairs ORDER BY n")
    cells = groupby(
        _sorted(
            database,
            folder / "cells",
            """SELECT p.n AS n, true AS own, key, value, kind, unit FROM pairs p JOIN needed c ON c.n = p.n
            UNION ALL SELECT p.n AS n, false AS own, key, value, kind, unit FROM pairs p JOIN needed c ON c.n = p.other
            ORDER BY n, own, key""",
        ),
        key=lambda row: row[0],
    )
    head = next(pairs, None)
    for n, rows in cells:
        while head is not None and head[0] != n:
            head = next(pairs, None)
        if head is None:
            return
        sides: dict[bool, dict[str, Reading]] = {True: {}, False: {}}
        for _, own, key, *reading in rows:
            _add_reading(sides[own], key, Reading(*reading))
        _, report_id, year, other_id, many = head
        for row in compare_years(sides[True], sides[False], year):
            if many > 1:
                row["note"] = "; ".join(filter(None, (row["note"], f"the first of {many} reports on {year - 1}")))
            yield n, {"report_id": report_id, "other_report_id": other_id, **row}


def _add_reading(side: dict[str, Reading], key: str, reading: Reading) -> None:
    """A cell that stands twice with different numbers is known in neither."""
    first = side.setdefault(key, reading)
    if first.value is None and reading.value is not None:
        side[key] = reading
    elif reading.value not in (None, first.value):
        side[key] = Reading(None, "ambiguous", None)


# --------------------------------------------------------------------------- texts


def _add_sketches(database: duckdb.DuckDBPyConnection) -> None:
    """Sketches of the texts of all agencies that have several reports."""
    database.execute("CREATE TABLE sketches (n BIGINT, digest BIGINT, sentences BIGINT, hashes BIGINT[])")
    texts = database.execute("SELECT l.n, t.text FROM texts t JOIN several l USING (report_id)")
    rows = ((n, *sketch(text)) for n, text in _stream(texts, 32))
    _insert(database.cursor(), "sketches", ("n", "digest", "sentences", "hashes"), rows)


def _text_checks(database: duckdb.DuckDBPyConnection, folder: Path) -> Iterator[tuple[int, Row]]:
    """Texts that an agency published on two years: the same sentences in any two, nearly the same in two that follow."""
    query = f"""
        WITH long AS (SELECT l.*, s.digest, s.sentences, s.hashes FROM several l JOIN sketches s ON s.n = l.n
            WHERE s.sentences >= {_FEW_SENTENCES}),
        origins AS (SELECT agency, digest, min(year) AS year, arg_min(n, (year, n)) AS n,
            arg_min(report_id, (year, n)) AS report_id FROM long GROUP BY agency, digest)
        SELECT l.n AS n, l.report_id AS report_id, o.report_id AS other_id, o.year AS other_year, NULL AS one, NULL AS other
        FROM long l JOIN origins o ON o.agency = l.agency AND o.digest = l.digest AND o.year < l.year
        UNION ALL
        SELECT p.n, p.report_id, p.other_id, p.year - 1, l.hashes, o.hashes
        FROM pairs p JOIN long l ON l.n = p.n JOIN long o ON o.n = p.other AND o.digest <> l.digest
        ORDER BY n, other_year"""
    for n, report_id, other_id, year, one, other in _sorted(database, folder / "texts", query):
        ids = {"report_id": report_id, "other_report_id": other_id}
        if one is None:
            note = f"the sentences, numbers aside, are those of the report on {year}"
            yield n, {**ids, **check_row("same_text", "text", 1.0, None, "fails", note)}
            continue
        common = share(Sketch(0, 0, one), Sketch(0, 0, other))
        if common >= _SIMILAR:
            note = f"about this share of the sentences of both, numbers aside, stands in the report on {year} too"
            yield n, {**ids, **check_row("same_text", "text", common, None, "not_assessable", note)}


def _duplicates(database: duckdb.DuckDBPyConnection, folder: Path) -> Iterator[tuple[int, Row]]:
    query = """SELECT l.n, l.report_id, l.year, f.report_id, f.many, s.digest, s.sentences, s.hashes, o.digest, o.sentences, o.hashes
        FROM several l JOIN firsts f ON f.agency = l.agency AND f.year = l.year AND f.n <> l.n
        JOIN sketches s ON s.n = l.n JOIN sketches o ON o.n = f.n ORDER BY l.n"""
    for n, report_id, year, other_id, many, *sketches in _sorted(database, folder / "duplicates", query):
        one, other = Sketch(*sketches[:3]), Sketch(*sketches[3:])
        common = "all" if one.digest == other.digest else f"{share(one, other):.0%}"
        note = f"{many} reports of this agency on {year}; {common} of the sentences, numbers aside, stand in both"
        row = check_row("duplicate_report", str(year), float(many), 1.0, "fails", note)
        yield n, {"report_id": report_id, "other_report_id": other_id, **row}


# --------------------------------------------------------------------------- DuckDB


def _sorted(database: duckdb.DuckDBPyConnection, path: Path, query: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a sorted query by way of a file: as an open result it would keep its memory while others are made."""
    import pyarrow.parquet as pq

    target = str(path).replace("'", "''")
    database.execute(f"COPY ({query}) TO '{target}' (FORMAT parquet, ROW_GROUP_SIZE 8192)")
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=_BATCH):
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _stream(result: duckdb.DuckDBPyConnection, size: int) -> Iterator[tuple[Any, ...]]:
    while rows := result.fetchmany(size):
        yield from rows


def _add_source(database: duckdb.DuckDBPyConnection, name: str, source: pa.Table | list[Path]) -> None:
    if isinstance(source, list):
        files = ", ".join("'" + str(path).replace("'", "''") + "'" for path in source)
        database.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet([{files}])")
    else:
        database.register(name, source)


def _insert(
    database: duckdb.DuckDBPyConnection, table: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]
) -> None:
    import pyarrow as pa

    def write(batch: list[tuple[Any, ...]]) -> None:
        data = pa.table(dict(zip(columns, map(list, zip(*batch, strict=True)), strict=True)))
        database.register("batch", data)
        database.execute(f"INSERT INTO {table} SELECT {', '.join(columns)} FROM batch")
        database.unregister("batch")

    batch: list[tuple[Any, ...]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            write(batch)
            batch = []
    if batch:
        write(batch)
