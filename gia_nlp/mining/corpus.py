"""The written tables of `gia-nlp tag` as views of an embedded database."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from gia_nlp.vocabulary.categories import categories

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

_NEEDED = ("reports", "panel", "items")
_KNOWN = ("reports", "panel", "facts", "items", "cells", "checks", "sections", "texts", "errors")
#: What reports can be grouped by.
GROUPS = ("year", "region", "area", "level", "agency_kind", "form", "issuer")

# The region without its town: 青垄县石塘镇 and 青垄县 are of one area.
_AREA = "regexp_replace(region, '([县区市旗州])[^县区市旗州]{1,6}(?:镇|乡|街道|苏木)$', '\\1')"


class MiningError(ValueError):
    """A folder without the tables, or a wrong argument; ``hint`` says what to do."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


class Corpus:
    """The tables of one output folder. Use as a context manager, or :meth:`close` it.

    ``connection`` is a DuckDB connection with a view for every table of docs/tables.md and the table ``base``: a row a report
    (``is_report``), with ``n`` (a number), ``area`` (the region without its town), ``first`` (the first report by its agency on its year: analyses over years take
    these) and ``lists`` (it lists items or says that there are none). Not for several threads at once: give each ``connection.cursor()``.
    """

    def __init__(self, folder: Path, *, memory: str = "1500MB", threads: int = 2, scratch: Path | None = None) -> None:
        self.folder = folder
        self._scratch = TemporaryDirectory(prefix=".gia-nlp-mining-", dir=scratch)
        self.made: set[str] = set()
        try:
            self.connection = self._connect(memory, threads)
            self._add_views()
            self._add_base()
        except BaseException:
            self._scratch.cleanup()
            raise

    def _connect(self, memory: str, threads: int) -> duckdb.DuckDBPyConnection:
        import duckdb

        place = Path(self._scratch.name)
        settings: dict[str, Any] = {
            "memory_limit": memory,
            "threads": threads,
            "temp_directory": str(place),
            "preserve_insertion_order": False,
        }
        return duckdb.connect(str(place / "mining.duckdb"), config=settings)

    def _add_views(self) -> None:
        base = self.folder / "tables.duckdb"
        if base.is_file():
            self.connection.execute(f"ATTACH '{_quoted(base)}' AS written (READ_ONLY)")
            names = {row[0] for row in self.connection.execute(
                "SELECT table_name FROM duckdb_tables() WHERE database_name = 'written'").fetchall()}  # fmt: skip
            sources = {name: f"written.{name}" for name in _KNOWN if name in names}
        else:
            sources = {name: source for name in _KNOWN if (source := _parquet(self.folder, name))}
        if missing := [name for name in _NEEDED if name not in sources]:
            raise MiningError(
                f"{self.folder} has no table {', '.join(missing)}",
                hint="name a folder that `gia-nlp tag … --out DIR` wrote in Parquet (the default) or with --format duckdb",
            )
        for name, source in sources.items():
            self.connection.execute(f"CREATE VIEW {name} AS SELECT * FROM {source}")
        self.tables = frozenset(sources)

    def _add_base(self) -> None:
        """``base``; several reports by one agency on one year: the first by its id stands for the agency."""
        flags = self.columns("panel")
        known = [f"problem_{c}" for c in categories() if f"problem_{c}" in flags]
        lists = f"{known[0]} IS NOT NULL" if known else "false"
        self.connection.execute(
            f"""CREATE TABLE base AS SELECT (row_number() OVER (ORDER BY report_id))::INTEGER AS n, report_id, agency_id, issuer,
            region, {_AREA} AS area, level, agency_kind, year::INTEGER AS year, form, none_reported, {lists} AS lists,
            agency_id IS NOT NULL AND year IS NOT NULL
              AND row_number() OVER (PARTITION BY agency_id, year ORDER BY report_id) = 1 AS first,
            count(*) OVER (PARTITION BY agency_id, year) AS same_year
            FROM panel WHERE is_report ORDER BY n"""
        )
        # Each report with the one on the year before, of one agency.
        self.connection.execute(
            """CREATE TABLE following AS SELECT b.n, b.report_id, p.n AS previous_n, p.report_id AS previous_report_id
            FROM base b JOIN base p ON p.agency_id = b.agency_id AND p.year = b.year - 1 WHERE b.first AND p.first"""
        )

    def need(self, *tables: str) -> None:
        """Raises :class:`MiningError` if a table was not written."""
        if missing := [name for name in tables if name not in self.tables]:
            raise MiningError(f"{self.folder} has no table {', '.join(missing)}", hint="run `gia-nlp tag` again")

    def columns(self, table: str) -> list[str]:
        """Names of a table's columns, as written."""
        return [row[0] for row in self.connection.execute(f"DESCRIBE {table}").fetchall()]

    def sql(self, query: str, parameters: Sequence[Any] = ()) -> pd.DataFrame:
        """The rows of a query over the tables, as a DataFrame."""
        return self.connection.execute(query, list(parameters)).df()

    def close(self) -> None:
        """Ends the database and removes its scratch files."""
        self.connection.close()
        self._scratch.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        reports, agencies = self.connection.execute("SELECT count(*), count(DISTINCT agency_id) FROM base").fetchall()[
            0
        ]
        return f"<Corpus {self.folder}: {reports} reports, {agencies} agencies>"


def open(out: str | Path, *, memory: str = "1500MB", threads: int = 2, scratch: str | Path | None = None) -> Corpus:
    """The corpus in a folder that `gia-nlp tag` wrote (Parquet files, directories of parts, or ``tables.duckdb``).

    ``memory`` limits what DuckDB holds before it spills into a folder below ``scratch`` (the system's temporary folder if not
    given), removed on closing. Raises :class:`MiningError` for a folder without the tables.
    """
    folder = Path(out)
    if not folder.is_dir():
        raise MiningError(f"{folder} is no folder", hint="name the folder given to `gia-nlp tag --out`")
    return Corpus(folder, memory=memory, threads=threads, scratch=None if scratch is None else Path(scratch))


def groups(by: str | Sequence[str]) -> list[str]:
    """The names to group by, checked; raises :class:`MiningError` for another than :data:`GROUPS`.

    >>> groups("year"), groups(("level", "year"))
    (['year'], ['level', 'year'])
    """
    names = [by] if isinstance(by, str) else list(by)
    if wrong := [name for name in names if name not in GROUPS]:
        raise MiningError(f"cannot group by {', '.join(wrong)}", hint=f"group by {', '.join(GROUPS)}")
    return names


def literal(words: Sequence[str]) -> str:
    """A list of strings as SQL."""
    return "[" + ", ".join("'" + w.replace("'", "''") + "'" for w in words) + "]"


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _parquet(folder: Path, name: str) -> str | None:
    """A table's source: the file, or the directory of parts."""
    one = folder / f"{name}.parquet"
    if one.is_dir():
        parts = sorted(one.rglob("*.parquet"))
        return f"read_parquet([{', '.join(chr(39) + _quoted(p) + chr(39) for p in parts)}])" if parts else None
    return f"read_parquet('{_quoted(one)}')" if one.is_file() else None
