"""The formats beside Parquet, each made from the Parquet tables of a folder in bounded memory.

CSV and JSON Lines give a file a table; Excel and DuckDB one file with all of them.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gia_nlp.frames.escape import escape_formula
from gia_nlp.frames.schema import tables
from gia_nlp.frames.store import read_rows, stored_schema, table_files

CSV_ENCODING = "utf-8-sig"  # with a mark, without which Excel takes Chinese for another encoding


def csv_value(value: Any) -> Any:
    """A value as a cell of CSV: null is empty, lists are JSON, whole numbers have no point, formulas are escaped.

    >>> csv_value(None), csv_value(39.0), csv_value(["coverage"]), csv_value(-0.5), csv_value("-")
    ('', '39', '["coverage"]', '-0.5', "'-")
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return number_text(value)
    if isinstance(value, (list, tuple)):
        return json.dumps(list(value), ensure_ascii=False)
    return escape_formula(str(value))


def number_text(value: int | float) -> str:
    """The shortest text that reads back as the same number."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return repr(value)


def export_csv(source: Path, target: Path) -> list[str]:
    """Writes ``<table>.csv`` for each table; returns the names of the files."""
    names = []
    for name in tables():
        if not table_files(source, name):
            continue
        columns = stored_schema(source, name).names
        with (target / f"{name}.csv").open("w", encoding=CSV_ENCODING, newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            for row in read_rows(source, name):
                writer.writerow([csv_value(row[c]) for c in columns])
        names.append(f"{name}.csv")
    return names


def export_jsonl(source: Path, target: Path) -> list[str]:
    """Writes ``<table>.jsonl`` for each table, an object a line with every column; returns the names of the files."""
    names = []
    for name in tables():
        if not table_files(source, name):
            continue
        with (target / f"{name}.jsonl").open("w", encoding="utf-8", newline="\n") as file:
            for row in read_rows(source, name):
                plain = {k: None if isinstance(v, float) and not math.isfinite(v) else v for k, v in row.items()}
                file.write(json.dumps(plain, ensure_ascii=False, allow_nan=False) + "\n")
        names.append(f"{name}.jsonl")
    return names


def export_duckdb(source: Path, target: Path) -> list[str]:
    """Writes ``tables.duckdb`` with a commented table each; returns the name of the file."""
    import duckdb

    path = target / "tables.duckdb"
    with duckdb.connect(str(path)) as database:
        for name, table in tables().items():
            files = [str(f) for f in table_files(source, name)]
            if not files:
                continue
            database.execute(f"CREATE TABLE {name} AS SELECT * FROM read_parquet(?)", [files])
            database.execute(f"COMMENT ON TABLE {name} IS {_literal('a row is ' + table.row)}")
            for column in table.columns:
                database.execute(f'COMMENT ON COLUMN {name}."{column.name}" IS {_literal(column.meaning)}')
                if not column.nullable:
                    database.execute(f'ALTER TABLE {name} ALTER COLUMN "{column.name}" SET NOT NULL')
    return [path.name]


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def export_xlsx(source: Path, target: Path) -> list[str]:
    """Writes ``tables.xlsx``, and ``long_texts.csv`` where a text does not fit; returns the names of the files."""
    from gia_nlp.frames.excel import write_workbook

    return write_workbook(source, target)


EXPORTERS: dict[str, Callable[[Path, Path], list[str]]] = {
    "csv": export_csv,
    "jsonl": export_jsonl,
    "xlsx": export_xlsx,
    "duckdb": export_duckdb,
}
