"""The tables as Parquet files in a folder: written as a stream, read back in batches.

Every output starts as such a folder; finishing works on it, the other formats are made from it. A table is
``<folder>/<table>.parquet``, one file or a directory of parts that are read in the order of their names. Within every
table the rows stand in the order of the reports.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from gia_nlp.frames.convert import SeenIds, error_row, report_rows, to_arrow
from gia_nlp.frames.schema import arrow_schema, base_tables, tables, to_pandas
from gia_nlp.records import Report

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

FLUSH_REPORTS = 256
FLUSH_CHARACTERS = 8_000_000


class SchemaError(ValueError):
    """Rows that do not fit the schema of their table."""


def arrow_rows(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    """Rows as an Arrow table; raises :class:`SchemaError` for a wrong type or a null where none may be."""
    import pyarrow as pa

    try:
        data = to_arrow(name, rows)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError, UnicodeError) as error:
        raise SchemaError(f"table {name}: {error}") from error
    for field in data.schema:
        if not field.nullable and data.column(field.name).null_count:
            raise SchemaError(f"table {name}: column {field.name} is never null, but a row has no value for it")
    return data


class TableStream:
    """Writes one table to a Parquet file, rows buffered up to a row group; with ``parts`` to a directory of files."""

    def __init__(self, path: Path, schema: pa.Schema, *, parts: bool = False) -> None:
        self._path, self._schema = path, schema
        self._part: int | None = 0 if parts else None
        if parts:
            path.mkdir()
        self._writer = self._open()
        self._pending: list[pa.Table] = []
        self.rows = 0

    def _open(self) -> pq.ParquetWriter:
        import pyarrow.parquet as pq

        path = self._path if self._part is None else self._path / f"part-{self._part:05}.parquet"
        return pq.ParquetWriter(path, self._schema, compression="zstd")

    def add(self, data: pa.Table) -> None:
        """Takes rows; they are on disk after the next :meth:`flush`."""
        if data.num_rows:
            self._pending.append(data)
            self.rows += data.num_rows

    def flush(self) -> None:
        """Writes what is pending as one row group."""
        import pyarrow as pa

        if self._pending:
            self._writer.write_table(pa.concat_tables(self._pending).combine_chunks())
            self._pending = []

    def next_part(self) -> None:
        """Ends the part and begins the next one."""
        assert self._part is not None, "a table in one file has no parts"
        self.close()
        self._part += 1
        self._writer = self._open()

    def close(self) -> None:
        """Ends the file; one without rows is a valid table too."""
        self.flush()
        self._writer.close()


class Store:
    """Writes reports to the Parquet tables of a folder, in bounded memory. Use as a context manager.

    With ``partition`` each table is a directory of files, a new one after about so many reports.
    ``reports`` counts the rows of the table `reports`, ``rejected`` the reports whose records did not fit the schema.
    Every table is there after closing, those without rows too; the panel is left to finishing.
    """

    def __init__(self, folder: Path, *, partition: int | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._partition, self._full_at = partition, partition
        self.reports = 0
        self.rejected = 0
        self._seen = SeenIds()
        self._characters = 0
        self._since_flush = 0
        self._streams = {
            name: TableStream(folder / f"{name}.parquet", arrow_schema(tables()[name]), parts=partition is not None)
            for name in base_tables()
        }

    def add(self, report: Report) -> None:
        """Writes one report. One whose records do not fit the schema leaves a row in `errors` and nothing else.

        Raises :class:`gia_nlp.frames.convert.DuplicateReportError` for the second report of one id.
        """
        self._seen.add(report)
        try:
            data = {name: arrow_rows(name, rows) for name, rows in report_rows(report).items()}
        except SchemaError as error:
            self.rejected += 1
            hint = "please report this with the file: the records found in it contradict the schema"
            self.add_error(error_row(report.report_id, report.path, "writing", "SchemaError", str(error), hint))
            return
        for name, found in data.items():
            self._streams[name].add(found)
        self.reports += data["reports"].num_rows
        self._characters += len(report.text)
        self._since_flush += 1
        if self._since_flush >= FLUSH_REPORTS or self._characters >= FLUSH_CHARACTERS:
            self.flush()

    def add_error(self, row: dict[str, Any]) -> None:
        """Writes a row of `errors` (see :func:`gia_nlp.frames.convert.error_row`)."""
        self._streams["errors"].add(arrow_rows("errors", [row]))

    def add_rows(self, name: str, data: pa.Table) -> None:
        """Writes rows of one table (see :func:`arrow_rows`), which must come in the order of the reports."""
        self._streams[name].add(data)

    def flush(self) -> None:
        """Writes what is pending in every table."""
        full = self._full_at is not None and self._streams["reports"].rows >= self._full_at
        for stream in self._streams.values():
            if full:
                stream.next_part()
            else:
                stream.flush()
        if full and self._partition:
            self._full_at = self._streams["reports"].rows + self._partition
        self._characters = self._since_flush = 0

    def close(self) -> None:
        """Ends all files; closing twice does no harm."""
        for stream in self._streams.values():
            stream.close()
        self._streams = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


# --------------------------------------------------------------------------- reading


def table_files(folder: Path, name: str) -> list[Path]:
    """The files of a table in the order of their rows; empty if the folder has no such table."""
    path = folder / f"{name}.parquet"
    if path.is_dir():
        return sorted(path.glob("*.parquet"))
    return [path] if path.is_file() else []


def read_batches(folder: Path, name: str, columns: list[str] | None = None) -> Iterator[pa.RecordBatch]:
    """The rows of a table, some thousand at a time."""
    import pyarrow.parquet as pq

    for path in table_files(folder, name):
        with pq.ParquetFile(path) as file:
            yield from file.iter_batches(batch_size=4096, columns=columns)


def read_rows(folder: Path, name: str, columns: list[str] | None = None) -> Iterator[dict[str, Any]]:
    """The rows of a table as dicts, in order."""
    for batch in read_batches(folder, name, columns):
        yield from batch.to_pylist()


def count_rows(folder: Path, name: str) -> int:
    """How many rows a table has, from the files' footers."""
    import pyarrow.parquet as pq

    return sum(pq.read_metadata(path).num_rows for path in table_files(folder, name))


def stored_schema(folder: Path, name: str) -> pa.Schema:
    """The schema of a table on disk: the table's own, with the columns that finishing added."""
    import pyarrow.parquet as pq

    files = table_files(folder, name)
    return pq.read_schema(files[0]) if files else arrow_schema(tables()[name])


def read_frames(folder: str | Path) -> dict[str, pd.DataFrame]:
    """The Parquet tables of a folder that ``gia-nlp tag`` wrote, as DataFrames with the schema's dtypes.

    Raises ``FileNotFoundError`` if the folder holds none of them.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = Path(folder)
    found = {name: files for name in tables() if (files := table_files(folder, name))}
    if not found:
        raise FileNotFoundError(f"{folder} holds no tables (expected reports.parquet and others)")
    return {
        name: to_pandas(tables()[name], pa.concat_tables([pq.ParquetFile(f).read() for f in files]))
        for name, files in found.items()
    }


class Grouped:
    """Rows of a table, one report at a time, for reports that come in the order in which they were written."""

    def __init__(self, rows: Iterator[dict[str, Any]], name: str) -> None:
        self._rows = rows
        self._next = next(rows, None)
        self._name = name

    def take(self, report_id: str) -> list[dict[str, Any]]:
        """The rows of the next report."""
        taken = []
        while self._next is not None and self._next["report_id"] == report_id:
            taken.append(self._next)
            self._next = next(self._rows, None)
        return taken

    def finish(self) -> None:
        """Raises ``ValueError`` if rows are left: their report is missing or the tables differ in order."""
        if self._next is not None:
            raise ValueError(
                f"table {self._name}: the rows of {self._next['report_id']} are out of order or have no report; "
                "write the tables anew"
            )
