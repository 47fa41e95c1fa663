"""Where the results go as they are made: CSV files beside the page, one JSON object on a stream."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TextIO

from gia_nlp.frames.escape import escape_formula
from gia_nlp.frames.export import CSV_ENCODING
from gia_nlp.mining.corpus import Corpus

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

CHUNK = 20_000
_TRIGGER = "^('*[=+\\-@\\t\\r\\n＝＋－＠])"  # as gia_nlp.frames.escape has it


class Results(Protocol):
    """What takes the results."""

    def keep(self, name: str, frame: pd.DataFrame) -> None:
        """Takes a result."""

    def keep_missing(self, name: str, reason: str) -> None:
        """Takes that a result could not be made."""

    def keep_query(self, name: str, corpus: Corpus, query: str) -> None:
        """Takes the rows of a query that may be large."""


class CsvResults:
    """A file ``<name>.csv`` a result, as the package writes CSV: null is empty, lists are JSON, formulas are escaped."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: list[str] = []

    def keep(self, name: str, frame: pd.DataFrame) -> None:
        """Writes a frame."""
        # Piece by piece: all columns of a large frame as text at once would take much memory.
        pieces = (_arrow(frame.iloc[start : start + CHUNK]) for start in range(0, len(frame), CHUNK))
        self._write(name, [str(c) for c in frame.columns], pieces)

    def keep_missing(self, name: str, reason: str) -> None:
        """Nothing: the page says it."""

    def keep_query(self, name: str, corpus: Corpus, query: str) -> None:
        """Writes the rows as they come."""
        import pyarrow as pa

        # DuckDB names its reader of batches differently over its versions.
        result = corpus.connection.sql(query)
        named = hasattr(result, "to_arrow_reader")
        reader = result.to_arrow_reader(CHUNK) if named else result.fetch_record_batch(CHUNK)
        self._write(name, reader.schema.names, (pa.Table.from_batches([batch]) for batch in reader))

    def _write(self, name: str, columns: list[str], pieces: Iterable[pa.Table]) -> None:
        import pyarrow.csv as pa_csv

        self.folder.mkdir(parents=True, exist_ok=True)
        options = pa_csv.WriteOptions(include_header=False, quoting_style="needed")
        with (self.folder / f"{name}.csv").open("wb") as file:
            file.write((",".join(columns) + "\n").encode(CSV_ENCODING))
            for piece in pieces:
                pa_csv.write_csv(_safe(piece), file, options)
        self.names.append(f"{name}.csv")


class JsonResults:
    """One object: result → ``{"rows": [...]}`` with ``method`` where it has one, or ``{"missing": "why"}``."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._first = True
        stream.write("{")

    def keep(self, name: str, frame: pd.DataFrame) -> None:
        """Writes a frame's rows."""
        self._begin(name)
        about = {k: v for k, v in frame.attrs.items() if isinstance(v, (str, dict))}
        for key, value in about.items():
            self._stream.write(f"{json.dumps(key)}:{json.dumps(value, ensure_ascii=False)},")
        self._stream.write('"rows":[')
        for start in range(0, len(frame), CHUNK):
            # Lines end at ends of rows alone: those within texts are escaped.
            lines = frame.iloc[start : start + CHUNK].to_json(
                orient="records", lines=True, force_ascii=False, double_precision=12
            )
            self._stream.write((",\n" if start else "") + lines.rstrip("\n").replace("\n", ",\n"))
        self._stream.write("]}")

    def keep_missing(self, name: str, reason: str) -> None:
        """Writes why there is no result."""
        self._begin(name)
        self._stream.write(f'"missing":{json.dumps(reason, ensure_ascii=False)}}}')

    def keep_query(self, name: str, corpus: Corpus, query: str) -> None:
        """Nothing: these are rows of the written tables, put together for readers of CSV."""

    def close(self) -> None:
        """Ends the object."""
        self._stream.write("}\n")

    def _begin(self, name: str) -> None:
        self._stream.write(("" if self._first else ",") + f"\n{json.dumps(name)}:{{")
        self._first = False


def _arrow(frame: pd.DataFrame) -> pa.Table:
    import pyarrow as pa

    columns = {}
    for name in frame.columns:
        values = frame[name]
        if values.dtype == "object" and any(hasattr(v, "__len__") and not isinstance(v, str) for v in values.head(50)):
            columns[str(name)] = pa.array([_json(v) for v in values], pa.string())
        else:
            array = pa.array(values, from_pandas=True)
            columns[str(name)] = (
                array.cast(pa.string()) if pa.types.is_dictionary(array.type) or pa.types.is_null(array.type) else array
            )
    return pa.table(columns)


def _json(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if not hasattr(value, "__len__"):
        return None  # NaN
    return json.dumps(value if isinstance(value, dict) else list(value), ensure_ascii=False)


def _safe(table: pa.Table) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    columns = []
    for column in table.columns:
        if pa.types.is_list(column.type):
            column = pa.chunked_array([pa.array([_json(v) for v in column.to_pylist()], pa.string())])
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            column = pc.replace_substring_regex(column, _TRIGGER, r"'\1")
        columns.append(column)
    return pa.table(columns, names=table.column_names)


def csv_text(value: str) -> str:
    """A text as these files hold it, to compare with.

    >>> csv_text("=1")
    "'=1"
    """
    return escape_formula(value)
