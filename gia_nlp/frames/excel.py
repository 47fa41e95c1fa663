"""The tables as an Excel workbook, a sheet each, within what Excel can hold.

A table with more rows than a sheet holds goes on in ``<table>_2`` …; a text too long for a cell is cut, noted in the
sheet `errors` and kept whole in ``long_texts.csv`` beside the workbook. Text is stored as text, never as a formula.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gia_nlp.frames.convert import error_row
from gia_nlp.frames.escape import cut_for_excel, escape_formula, excel_text
from gia_nlp.frames.schema import tables
from gia_nlp.frames.store import read_rows, stored_schema, table_files

WORKBOOK = "tables.xlsx"
LONG_TEXTS = "long_texts.csv"
SHEET_ROWS = 1_048_576


class _LongTexts:
    """Keeps what was cut: the whole texts in a CSV file, a note for the sheet `errors`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notes: list[dict[str, Any]] = []
        self._rows: list[list[Any]] = []

    def fit(self, text: str, table: str, column: str, report_id: str | None, row: int) -> str:
        """The text, cut where it must be."""
        short = cut_for_excel(text)
        if short is None:
            return text
        with self.path.open("a", encoding="utf-8" if self.notes else "utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            if not self.notes:
                writer.writerow(["report_id", "table", "row", "column", "text"])
            writer.writerow([escape_formula(report_id or ""), table, row, column, escape_formula(text)])
        message = f"sheet {table}, row {row}: column {column} is cut at the 32,767 characters that a cell holds"
        hint = f"the whole text stands in {LONG_TEXTS}"
        self.notes.append(error_row(report_id, None, "writing", "TextCut", message, hint))
        return short


def write_workbook(source: Path, target: Path, *, sheet_rows: int = SHEET_ROWS) -> list[str]:
    """Writes the workbook from the Parquet tables in ``source``; returns the names of the files written."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    long_texts = _LongTexts(target / LONG_TEXTS)
    for name in tables():  # the last one is `errors`, so that it can hold the notes
        if not table_files(source, name):
            continue
        columns = stored_schema(source, name).names
        _write_sheets(book, name, columns, _rows(source, name, long_texts), long_texts, sheet_rows)
    book.save(target / WORKBOOK)
    return [WORKBOOK, *([LONG_TEXTS] if long_texts.notes else [])]


def _rows(source: Path, name: str, long_texts: _LongTexts) -> Iterator[dict[str, Any]]:
    yield from read_rows(source, name)
    if name == "errors":
        yield from long_texts.notes


def _write_sheets(
    book: Any, name: str, columns: list[str], rows: Iterator[dict[str, Any]], long_texts: _LongTexts, sheet_rows: int
) -> None:
    sheet = _new_sheet(book, name, columns)
    written, sheets = 1, 1
    for number, row in enumerate(rows, 1):
        if written == sheet_rows:
            sheets += 1
            sheet = _new_sheet(book, f"{name}_{sheets}", columns)
            written = 1
        sheet.append([_cell(sheet, row[c], name, c, row.get("report_id"), number, long_texts) for c in columns])
        written += 1


def _new_sheet(book: Any, title: str, columns: list[str]) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    header = [WriteOnlyCell(sheet, value=column) for column in columns]
    for cell in header:
        cell.font = Font(bold=True)
    sheet.append(header)
    return sheet


def _cell(
    sheet: Any, value: Any, table: str, column: str, report_id: str | None, row: int, long_texts: _LongTexts
) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list):
        value = json.dumps(value, ensure_ascii=False)
    text = long_texts.fit(excel_text(value), table, column, report_id, row)
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"  # whatever openpyxl guessed: a formula for "=…", an error value for "#N/A"
    return cell
