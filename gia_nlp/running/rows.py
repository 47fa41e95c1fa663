"""Texts in tables: the rows of a Parquet or JSON Lines file, or of a DataFrame, as sources.

The id of a row is its ``report_id`` as it stands, else ``<file>#<id>`` with the first of :data:`ID_COLUMNS` that there is, else
``<file>#<number of the row>``. Its content is the first of :data:`CONTENT_COLUMNS`: a text, or the bytes of a file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from gia_nlp.reading.limits import limits, megabytes, more
from gia_nlp.running.source import SourceError, open_file

if TYPE_CHECKING:
    import pandas as pd

ID_COLUMNS = ("report_id", "id", "doc_id", "path", "file", "filename", "url")
CONTENT_COLUMNS = ("text", "content", "bytes", "data", "html", "body")
_BATCH = 64
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class TextSource:
    """A source that holds its content, for tables in memory and small tests."""

    report_id: str
    content: str | bytes | None
    path: str = ""

    @property
    def reader_name(self) -> str:
        """A name whose ending tells the format; a text is a text, whatever it was made from."""
        return f"{self.report_id}.txt" if isinstance(self.content, str) else self.path or self.report_id

    @property
    def size(self) -> int:
        """How long the content is."""
        return len(self.content or "")

    @property
    def stamp(self) -> str:
        """A digest of the content."""
        return _digest(_bytes(self.content, self.report_id)) if self.content is not None else ""

    def read_bytes(self) -> bytes:
        """The content; raises ``SourceError`` if there is none."""
        return _bytes(self.content, self.report_id)


@dataclass(frozen=True, slots=True)
class RowSource:
    """A row of a table on disk. ``place`` is the row's number in Parquet, its first byte in JSON Lines."""

    report_id: str
    path: str
    file: str
    place: int
    column: str
    is_text: bool
    size: int = 0
    stamp: str = ""
    fault: str | None = None

    @property
    def reader_name(self) -> str:
        """A name whose ending tells the format; a text is a text, whatever it was made from."""
        return f"{self.report_id}.txt" if self.is_text else self.path

    def read_bytes(self) -> bytes:
        """The content; raises ``SourceError`` if there is none."""
        if self.fault is not None:
            raise SourceError(self.fault, hint="Mend the row, or leave it out.")
        try:
            if _is_parquet(self.file):
                return _bytes(_parquet_value(self.file, self.column, self.place), self.path)
            with open_file(self.file) as file:
                file.seek(self.place)
                return _bytes(json.loads(file.readline()).get(self.column), self.path)
        except OSError as error:
            raise SourceError(f"Cannot open {self.file}: {error.strerror or error}.", passing=True) from error
        except (ValueError, AttributeError, IndexError, RecursionError) as error:
            raise SourceError(f"{self.path} changed while it was read: {error}.", passing=True) from error


def _bytes(content: Any, name: str) -> bytes:
    if content is None or content != content:
        raise SourceError(f"{name} has no content.")
    if isinstance(content, str):
        return _SURROGATE.sub("\ufffd", content).encode()
    return bytes(content)


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=8).hexdigest()


def _is_parquet(file: str) -> bool:
    return file.lower().endswith(".parquet")


# --------------------------------------------------------------------------- tables


def sources_of_frame(frame: pd.DataFrame) -> list[TextSource]:
    """The rows of a DataFrame. Raises ``SourceError`` if its columns say nothing."""
    _, content, path = _columns(list(frame.columns), "the frame")
    if "report_id" not in frame.columns:
        raise SourceError("The frame has no column report_id.")
    paths = frame[path] if path else frame["report_id"]
    return [
        TextSource(str(report_id), None if value is None or value != value else value, str(place))
        for report_id, value, place in zip(frame["report_id"], frame[content], paths, strict=True)
    ]


def sources_of_table(file: str, report_id: str) -> Iterator[RowSource]:
    """The rows of a Parquet or JSON Lines file. Raises ``SourceError`` for one that cannot be used.

    A row that is none is a source that fails; what a damaged file holds before the damage is given first.
    """
    try:
        rows = _parquet_rows(file) if _is_parquet(file) else _json_rows(file)
        for number, (place, row) in enumerate(rows):
            if isinstance(row, str):
                yield _bad_row(file, report_id, number, place, row)
                continue
            try:
                source = _source(file, report_id, number, place, row)
            except SourceError as error:
                if not number:
                    raise  # a table of something else
                source = _bad_row(file, report_id, number, place, str(error))
            yield source
    except (SourceError, MemoryError):
        raise
    except Exception as error:  # Arrow has errors of its own for damaged files
        raise SourceError(
            f"Cannot read {file}: {error}.", hint="See whether it opens; if not, write it again."
        ) from error


def _bad_row(file: str, report_id: str, number: int, place: int, fault: str) -> RowSource:
    return RowSource(f"{report_id}#{number}", f"{file}#{number}", file, place, "", False, fault=fault)


def _source(file: str, report_id: str, number: int, place: int, row: Mapping[str, Any]) -> RowSource:
    name, column, path = _columns(list(row), file)
    value, own = row[column], row[name] if name else None
    if own is None:
        own_id = f"{report_id}#{number}"
    else:
        own_id = str(own) if name == "report_id" else f"{report_id}#{own}"
    content = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value or b""
    fault = None
    if not isinstance(content, bytes):
        content, fault = b"", f"{file}: row {number}: {column} is neither text nor bytes."
    return RowSource(
        own_id,
        str(row[path]) if path and row[path] is not None else f"{file}#{number if own is None else own}",
        file,
        place,
        column,
        isinstance(value, str),
        len(content),
        _digest(content),
        fault,
    )


def _columns(names: list[str], file: str) -> tuple[str | None, str, str | None]:
    """The columns of the id, the content and the path."""
    content = next((c for c in CONTENT_COLUMNS if c in names), None)
    if content is None:
        raise SourceError(
            f"{file} has no column of texts.",
            hint=f"needed: one of {', '.join(CONTENT_COLUMNS)}; it has {', '.join(names[:12]) or 'none'}",
        )
    return (
        next((c for c in ID_COLUMNS if c in names), None),
        content,
        next((c for c in ID_COLUMNS[3:] if c in names), None),
    )


def _json_rows(file: str) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    """Places and rows; for a line that is no row, what is wrong with it."""
    place = number = 0
    most = limits().file
    with open_file(file) as lines:
        while line := lines.readline(most + 1):
            number += 1
            if len(line) > most:
                raise SourceError(
                    f"{file}, line {number}: longer than {megabytes(most)}.",
                    hint=more("file", megabytes(2 * most).replace(" ", "")),
                )
            if line.strip():
                yield place, _json_row(line, f"{file}, line {number}")
            place += len(line)


def _json_row(line: bytes, where: str) -> Mapping[str, Any] | str:
    try:
        row = json.loads(line)
    except ValueError as error:
        return f"{where}: {error}."
    except RecursionError:
        return f"{where}: nested too deep."
    if not isinstance(row, dict):
        return f"{where}: no object."
    return row


def _parquet_rows(file: str) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    import pyarrow.parquet as pq

    with open_file(file) as handle, pq.ParquetFile(handle) as table:
        names = table.schema_arrow.names
        wanted = list(dict.fromkeys(c for c in _columns(names, file) if c))
        place = 0
        for batch in table.iter_batches(batch_size=_BATCH, columns=wanted):
            for row in batch.to_pylist():
                yield place, row
                place += 1


class _Reader:
    """Reads a column from front to back; rows that are asked for in order are decoded once."""

    def __init__(self, file: str, column: str) -> None:
        import pyarrow.parquet as pq

        self.key = (file, column)
        self._table = pq.ParquetFile(open_file(file))
        self._column = column
        self._group, self._start = -1, 0
        self._values: Iterator[Any] = iter(())
        self._batch: list[Any] = []
        self._batch_start = self._end = 0

    def value(self, place: int) -> Any:
        if not self._batch_start <= place < self._end:
            if place < self._batch_start or not self._within(place):
                self._open_group(place)
            while place >= self._end:
                self._batch_start = self._end
                batch = next(self._values, None)
                if batch is None:
                    raise IndexError(f"no row {place}")
                self._batch = batch.column(0).to_pylist()
                self._end += len(self._batch)
        return self._batch[place - self._batch_start]

    def _within(self, place: int) -> bool:
        return self._group >= 0 and place < self._start + self._table.metadata.row_group(self._group).num_rows

    def _open_group(self, place: int) -> None:
        start = 0
        for group in range(self._table.num_row_groups):
            rows = self._table.metadata.row_group(group).num_rows
            if place < start + rows:
                self._group, self._start = group, start
                self._values = self._table.iter_batches(batch_size=_BATCH, row_groups=[group], columns=[self._column])
                self._batch, self._batch_start, self._end = [], start, start
                return
            start += rows
        raise IndexError(f"no row {place}")


_readers: list[_Reader] = []


def _parquet_value(file: str, column: str, place: int) -> Any:
    if not _readers or _readers[0].key != (file, column):
        _readers[:] = [_Reader(file, column)]
    return _readers[0].value(place)
