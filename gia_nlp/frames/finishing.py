"""The finishing stage: what needs all written tables. Makes the panel, tells which reports are by one agency, holds its
years against each other, and joins tables parsed elsewhere.

It works over a folder of Parquet tables, in one pass and in bounded memory, and may be run again at any time: what an
earlier run added is replaced.

A number from elsewhere never overwrites ours. The panel gets a column ``external_<table>_<row>_<column>`` for each cell
that the file has; where both have the cell and disagree, `checks` gets a row with the rule ``external.<cell>``; what
finds no report gets a row in `errors`.

The agency of a report depends on the reports beside it (names that follow one another, places that share a name), so
`agency_id` stands in the panel, which is made anew each time, and not in `reports`, whose rows depend on one file alone.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gia_nlp.frames.agencies import COLUMNS, agency_ids
from gia_nlp.frames.convert import error_row
from gia_nlp.frames.external import ExternalTables, ExternalValue
from gia_nlp.frames.panel import EXTERNAL_RULE, cell_amount, is_own, panel_row
from gia_nlp.frames.schema import Column, Table, arrow_schema, tables
from gia_nlp.frames.store import Grouped, TableStream, read_rows, table_files
from gia_nlp.frames.years import Link, YearChecks, link, year_checks

STAGE = "finishing"
_BATCH = 256


@dataclass(slots=True)
class Joined:
    """What became of an external file: how many of its values met a report, agreed, differed; rows without partner."""

    file: str = ""
    matched: int = 0
    reports: int = 0
    agree: int = 0
    differ: int = 0
    without_partner: list[str] = field(default_factory=list)
    unusable: list[str] = field(default_factory=list)
    ignored_columns: tuple[str, ...] = ()


@dataclass(slots=True)
class Finished:
    """What finishing found: the checks between years, and what became of an external file if there was one."""

    years: YearChecks = field(default_factory=YearChecks)
    joined: Joined | None = None


def finish(folder: Path, external: ExternalTables | None = None) -> Finished:
    """Makes `panel` and the checks between years anew from the tables of the folder and joins ``external``."""
    finished = Finished()
    joined = finished.joined = (
        Joined(external.path.name, ignored_columns=external.ignored_columns) if external else None
    )
    errors: list[dict[str, Any]] = []
    matches: dict[str, dict[str, ExternalValue]] = {}
    if external and joined:
        matches = _match(folder, external, joined, errors)
    panel = _panel_table(matches)
    agencies = agency_ids(read_rows(folder, "reports", list(COLUMNS)))
    with (
        closing(_year_checks(folder, agencies)) as between_years,
        _Replaced(folder, panel) as new_panel,
        _Replaced(folder, tables()["checks"]) as new_checks,
    ):
        counted = finished.years.counted(between_years)
        for rows, checks in _batches(_finished_reports(folder, panel, agencies, counted, matches, joined)):
            new_panel.write(rows)
            new_checks.write(checks)
    kept = (row for row in read_rows(folder, "errors") if row["stage"] != STAGE)
    with _Replaced(folder, tables()["errors"]) as new_errors:
        for start in _chunks(kept):
            new_errors.write(start)
        new_errors.write(errors)
    return finished


def _year_checks(folder: Path, agencies: list[str | None]) -> Generator[dict[str, Any], None, None]:
    def links() -> Iterator[Link]:
        rows = read_rows(folder, "reports", ["report_id", "year", "is_report"])
        for row, agency_id in zip(rows, agencies, strict=True):
            if found := link(row, agency_id):
                yield found

    cells, texts = (table_files(folder, n) or arrow_schema(tables()[n]).empty_table() for n in ("cells", "texts"))
    return year_checks(links(), cells, texts, folder)


class _Replaced:
    """A table that is written beside the old one and takes its place when it is complete."""

    def __init__(self, folder: Path, table: Table) -> None:
        self._target = folder / f"{table.name}.parquet"
        self._path = folder / f".{table.name}.{os.getpid()}.new"
        self._table = table

    def __enter__(self) -> _Replaced:
        self._stream = TableStream(self._path, arrow_schema(self._table))
        return self

    def write(self, rows: list[dict[str, Any]]) -> None:
        import pyarrow as pa

        if rows:
            self._stream.add(pa.Table.from_pylist(rows, schema=arrow_schema(self._table)))
            self._stream.flush()

    def __exit__(self, kind: object, *_: object) -> None:
        self._stream.close()
        if kind is not None:
            self._path.unlink()
            return
        if self._target.is_dir():
            import shutil

            old = self._target.with_name(f".{self._target.name}.{os.getpid()}.old")
            self._target.rename(old)
            self._path.replace(self._target)
            shutil.rmtree(old)
        else:
            self._path.replace(self._target)


# --------------------------------------------------------------------------- the panel


def external_column(cell: str) -> str:
    """The panel's column for a cell that came from elsewhere.

    >>> external_column("requests.received.total")
    'external_requests_received_total'
    """
    return f"external_{cell.replace('.', '_')}"


def _panel_table(matches: dict[str, dict[str, ExternalValue]]) -> Table:
    cells = sorted({cell for values in matches.values() for cell in values})
    return tables()["panel"].with_columns(
        *(Column(external_column(c), "number", f"cell `{c}` as the external table has it") for c in cells)
    )


def _finished_reports(
    folder: Path,
    panel: Table,
    agencies: list[str | None],
    between_years: Iterator[dict[str, Any]],
    matches: dict[str, dict[str, ExternalValue]],
    joined: Joined | None,
) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """For each report its row of the panel and its rows of `checks`."""
    rows = {name: Grouped(read_rows(folder, name), name) for name in ("facts", "cells", "items", "checks")}
    rows["years"] = Grouped(between_years, "checks between years")
    for report, agency_id in zip(read_rows(folder, "reports"), agencies, strict=True):
        report_id = report["report_id"]
        own = {name: group.take(report_id) for name, group in rows.items()}
        checks = [c for c in own["checks"] if is_own(c)]
        row = panel_row(report, facts=own["facts"], cells=own["cells"], items=own["items"], checks=checks)
        row["agency_id"] = agency_id
        checks += own["years"]
        for name in panel.names[len(row) :]:
            row[name] = None
        for key, value in matches.get(report_id, {}).items():
            row[external_column(key)] = _external_amount(value)
        if joined:
            checks += list(_comparisons(report_id, own["cells"], matches.get(report_id, {}), joined))
        yield row, checks
    for group in rows.values():
        group.finish()


def _batches(
    finished: Iterable[tuple[dict[str, Any], list[dict[str, Any]]]],
) -> Iterator[tuple[list[dict[str, Any]], list[dict[str, Any]]]]:
    rows: list[dict[str, Any]] = []
    checks: list[dict[str, Any]] = []
    for row, own in finished:
        rows.append(row)
        checks.extend(own)
        if len(rows) == _BATCH:
            yield rows, checks
            rows, checks = [], []
    yield rows, checks


def _chunks(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    chunk: list[dict[str, Any]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == 4096:
            yield chunk
            chunk = []
    yield chunk


# --------------------------------------------------------------------------- tables from elsewhere


def _external_amount(value: ExternalValue) -> float | None:
    return value.value if value.in_yuan else cell_amount(value.cell, value.value, value.unit)


def _comparisons(
    report_id: str, cells: list[dict[str, Any]], values: dict[str, ExternalValue], joined: Joined
) -> Iterator[dict[str, Any]]:
    """Rows of `checks` for the cells in which both sources do not agree; agreement leaves no row."""
    ours: dict[str, list[dict[str, Any]]] = {}
    for cell in cells:
        ours.setdefault(f"{cell['form_table']}.{cell['form_row']}.{cell['form_column']}", []).append(cell)
    for key, external in values.items():
        found = ours.get(key, [])
        readings = [(cell_amount(key, c["value"], c["unit"]), c["value"]) for c in found if c["value"] is not None]
        if len(readings) == 1:
            left, printed = readings[0]
        else:
            left = printed = None
        right = _external_amount(external)
        if left is None or right is None:  # a unit is unknown: compare the numbers as printed
            left, right = printed, external.value
        if left == right or (left is not None and right is not None and abs(left - right) < 1e-6):
            joined.agree += 1
            continue
        joined.differ += 1
        note = f"right: {joined.file}, line {external.line}"
        if left is None:
            kinds = ", ".join(sorted({c["kind"] for c in found})) or "absent"
            note += f"; left: the cell is {kinds if len(readings) < 2 else 'there twice'} here"
        elif right is None:
            note += ", where the cell is blank"
        blank_is_zero = {left, right} == {None, 0.0}
        both = left is not None and right is not None
        yield {
            "report_id": report_id,
            "other_report_id": None,
            "rule": EXTERNAL_RULE + key,
            "scope": key.split(".")[0],
            "left_value": left,
            "right_value": right,
            "difference": None if left is None or right is None else round(left - right, 6),
            "status": "fails" if both else "holds_if_blank_is_zero" if blank_is_zero else "not_assessable",
            "note": note,
        }


def _match(
    folder: Path, external: ExternalTables, joined: Joined, errors: list[dict[str, Any]]
) -> dict[str, dict[str, ExternalValue]]:
    """The file's values by report and cell; what finds no report, or several, goes to ``errors``."""
    path = str(external.path)
    reports = _Reports(folder)
    matches: dict[str, dict[str, ExternalValue]] = {}
    seen: set[tuple[str, int]] = set()
    for value in external.values:
        report_id, reason = reports.find(value)
        if report_id is None:
            if (value.owner, value.line) not in seen:
                seen.add((value.owner, value.line))
                joined.without_partner.append(value.owner)
                message = f"{joined.file}, line {value.line}: {value.owner}: {reason}"
                hint = "name the report by the report_id of the table reports"
                errors.append(error_row(value.report_id, path, STAGE, "NoPartner", message, hint))
            continue
        own = matches.setdefault(report_id, {})
        if value.cell in own:
            if own[value.cell].value != value.value:
                message = f"{joined.file}: {value.cell} stands in lines {own[value.cell].line} and {value.line}"
                hint = "the first one is taken; leave one row for each report and cell"
                errors.append(error_row(report_id, path, STAGE, "ContradictoryValues", message, hint))
                joined.unusable.append(message)
            continue
        own[value.cell] = value
        joined.matched += 1
    for line, reason in external.unusable:
        message = f"{joined.file}, line {line}: {reason}"
        joined.unusable.append(message)
        errors.append(error_row(None, path, STAGE, "UnusableRow", message, None))
    if external.ignored_columns:
        message = f"{joined.file}: columns not used: {', '.join(external.ignored_columns)}"
        hint = "a column of cells is named like requests.received.total"
        errors.append(error_row(None, path, STAGE, "UnknownColumns", message, hint))
    joined.reports = len(matches)
    return matches


class _Reports:
    """Finds our report for a foreign row: by its id, by the end of its id, by issuer and year; never by a guess."""

    def __init__(self, folder: Path) -> None:
        self._ids: set[str] = set()
        self._by_name: dict[str, list[str]] = {}
        self._by_issuer: dict[tuple[str, int], list[str]] = {}
        for row in read_rows(folder, "reports", ["report_id", "issuer", "year"]):
            report_id = row["report_id"]
            self._ids.add(report_id)
            self._by_name.setdefault(report_id.rsplit("/", 1)[-1], []).append(report_id)
            if row["issuer"] and row["year"]:
                self._by_issuer.setdefault(("".join(row["issuer"].split()), row["year"]), []).append(report_id)

    def find(self, value: ExternalValue) -> tuple[str | None, str]:
        """The report's id, or ``None`` and the reason why there is none."""
        if value.report_id:
            if value.report_id in self._ids:
                return value.report_id, ""
            named = self._by_name.get(value.report_id.rsplit("/", 1)[-1], [])
            candidates = [i for i in named if i.endswith("/" + value.report_id)]
            if len(candidates) == 1:
                return candidates[0], ""
            if candidates:
                return None, f"{len(candidates)} reports have this name"
        if value.issuer and value.year:
            candidates = self._by_issuer.get(("".join(value.issuer.split()), value.year), [])
            if len(candidates) == 1:
                return candidates[0], ""
            if candidates:
                return None, f"{len(candidates)} reports are by this issuer on this year"
        return None, "no such report was read"
