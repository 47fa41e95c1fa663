"""Tables parsed elsewhere: what a file of them holds, and which report each of its numbers belongs to.

A file is CSV or Parquet and either long (a row a cell: columns for the table, row and column or one for the cell's id,
and the value) or wide (a row a report: a column a cell, ``requests.received.total`` or
``cell_requests_received_total``). Reports are named by ``report_id`` or by ``issuer`` and ``year``. Numbers count as
printed, with the unit of a column ``unit`` if there is one; columns named ``cell_…`` are in the panel's units (money in
元).
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gia_nlp.vocabulary.panel import all_cell_keys, external_names


class ExternalTableError(ValueError):
    """A file of external tables that cannot be used. ``hint`` says what to do."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class ExternalValue:
    """A number that another program read: whose, which cell (``table.row.column``), from which row of the file."""

    line: int
    report_id: str | None
    issuer: str | None
    year: int | None
    cell: str
    value: float | None
    unit: str | None = None
    in_yuan: bool = False

    @property
    def owner(self) -> str:
        """How the file names the report."""
        return self.report_id or f"{self.issuer} {self.year}"


@dataclass(frozen=True, slots=True)
class ExternalTables:
    """All numbers of a file, and what in it could not be used: (line, reason)."""

    path: Path
    values: tuple[ExternalValue, ...]
    unusable: tuple[tuple[int, str], ...] = ()
    ignored_columns: tuple[str, ...] = ()


_HINT = (
    "needed: report_id, or issuer and year; and either value with form_table, form_row, form_column (or cell), "
    "or one column a cell, such as requests.received.total"
)


def read_external(path: str | Path) -> ExternalTables:
    """Reads a file of tables parsed elsewhere. Raises :class:`ExternalTableError` if its columns say nothing."""
    path = Path(path)
    header, rows = _read_file(path)
    names = external_names()
    roles: dict[str, str] = {}
    for column in header:
        role = names.get(re.sub(r"\s", "", column).lower())
        if role and role not in roles:
            roles[role] = column
    if "report_id" not in roles and not {"issuer", "year"} <= roles.keys():
        raise ExternalTableError(f"{path}: no column says which report a row belongs to", hint=_HINT)
    long = "value" in roles and ("cell" in roles or {"table", "row", "column"} <= roles.keys())
    wide = {} if long else {c: key for c in header if c not in roles.values() and (key := cell_key(c))}
    if not long and not wide:
        raise ExternalTableError(f"{path}: no column holds cells of a form", hint=_HINT)
    used = set(roles.values()) | set(wide)
    reader = _Reader(roles, wide)
    for line, row in enumerate(rows, 2):
        reader.add(line, row)
    return ExternalTables(path, tuple(reader.values), tuple(reader.unusable), tuple(c for c in header if c not in used))


@dataclass(slots=True)
class _Reader:
    roles: dict[str, str]
    wide: dict[str, str]
    values: list[ExternalValue] = field(default_factory=list)
    unusable: list[tuple[int, str]] = field(default_factory=list)

    def add(self, line: int, row: dict[str, Any]) -> None:
        def get(role: str) -> str | None:
            return _string(row.get(self.roles.get(role, "")))

        report_id, issuer, year = get("report_id"), get("issuer"), _year(get("year"))
        if not report_id and not (issuer and year):
            self.unusable.append((line, "names no report: report_id is empty, or issuer or year"))
            return
        owner = (line, report_id, issuer, year)
        if self.wide:
            for column, key in self.wide.items():
                self._number(owner, key, row.get(column), None, column.strip().lower().startswith("cell_"))
            return
        name = get("cell") or ".".join(get(role) or "" for role in ("table", "row", "column"))
        found = cell_key(name)
        if found is None:
            self.unusable.append((line, f"{name} is no cell of a form"))
            return
        self._number(owner, found, row.get(self.roles["value"]), get("unit"), False)

    def _number(
        self, owner: tuple[int, str | None, str | None, int | None], key: str, raw: Any, unit: str | None, yuan: bool
    ) -> None:
        try:
            value = parse_number(raw)
        except ValueError:
            self.unusable.append((owner[0], f"{key}: {raw!s} is no number"))
            return
        self.values.append(ExternalValue(*owner, key, value, unit, yuan))


_BY_NAME: dict[str, str] = {}


def cell_key(name: str) -> str | None:
    """The full id of the cell that a foreign name means; ``None`` if it is none.

    >>> cell_key("cell_requests_received_total"), cell_key("requests.received.total"), cell_key("remarks")
    ('requests.received.total', 'requests.received.total', None)
    """
    if not _BY_NAME:
        _BY_NAME.update({key.replace(".", "_"): key for key in all_cell_keys()})
    return _BY_NAME.get(name.strip().lower().removeprefix("cell_").replace(".", "_"))


_BLANK = {"", "-", "—", "--", "/", "na", "n/a", "nan", "null", "none", "无"}


def parse_number(raw: Any) -> float | None:
    """A number as tables write it; ``None`` for a blank. Raises ``ValueError`` for words.

    >>> parse_number("１,234"), parse_number("—"), parse_number(7)
    (1234.0, None, 7.0)
    """
    text = _string(raw)
    if text is None or text.lower() in _BLANK:
        return None
    number = float(text.replace(",", "").replace(" ", ""))
    if number != number or number in (float("inf"), float("-inf")):
        raise ValueError(text)
    return number


def _string(raw: Any) -> str | None:
    if raw is None or raw != raw:
        return None
    return unicodedata.normalize("NFKC", str(raw)).strip() or None


def _year(text: str | None) -> int | None:
    match = re.match(r"((?:19|20)\d\d)(?!\d)", text or "")
    return int(match.group(1)) if match else None


def _read_file(path: Path) -> tuple[list[str], Iterable[dict[str, Any]]]:
    if not path.is_file():
        raise ExternalTableError(f"{path}: no such file", hint="give a CSV or Parquet file with --tables")
    with path.open("rb") as file:
        magic = file.read(4)
    if magic == b"PAR1":
        return _read_parquet(path)
    if magic[:2] == b"PK":
        raise ExternalTableError(f"{path}: a spreadsheet or archive", hint="save it as CSV (UTF-8) and try again")
    return _read_csv(path)


def _read_parquet(path: Path) -> tuple[list[str], Iterable[dict[str, Any]]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise ExternalTableError(f"{path}: {error}", hint="the Parquet file is damaged; write it again") from error
    rows: Iterator[dict[str, Any]] = (row for batch in file.iter_batches() for row in batch.to_pylist())
    return list(file.schema_arrow.names), rows


def _read_csv(path: Path) -> tuple[list[str], Iterable[dict[str, Any]]]:
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise ExternalTableError(f"{path}: neither UTF-8 nor GB 18030", hint="save it as CSV in UTF-8")
    first = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        header = [name.strip() for name in reader.fieldnames or []]
        reader.fieldnames = header
        return header, list(reader)
    except csv.Error as error:
        raise ExternalTableError(f"{path}: {error}", hint="save it as CSV in UTF-8") from error
