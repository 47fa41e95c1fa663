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
import shutil
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any

from gia_nlp.frames.agencies import COLUMNS, agency_ids
from gia_nlp.frames.external import ExternalTables, ExternalValue
from gia_nlp.frames.joining import STAGE, Joined, comparisons, external_amount, match_values
from gia_nlp.frames.panel import NEEDED, is_own, panel_row
from gia_nlp.frames.schema import Column, Table, arrow_schema, tables
from gia_nlp.frames.store import Grouped, TableStream, read_batches, read_rows, table_files
from gia_nlp.frames.years import Link, YearChecks, link, year_checks
from gia_nlp.vocabulary.panel import main_cells

_BATCH = 256


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
        matches = match_values(folder, external, joined, errors)
    panel = _panel_table(matches)
    agencies = agency_ids(read_rows(folder, "reports", list(COLUMNS)))
    with (
        closing(_year_checks(folder, agencies)) as between_years,
        _Replaced(folder, panel) as new_panel,
        _Replaced(folder, tables()["checks"]) as new_checks,
    ):
        counted = finished.years.counted(between_years)
        finished_reports = _finished_reports(folder, panel, agencies, counted, matches, joined)
        for rows, checks, part_ends in _batches(finished_reports, _part_sizes(folder)):
            new_panel.write(rows, end_part=part_ends)
            new_checks.write(checks, end_part=part_ends)
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


def _part_sizes(folder: Path) -> list[int]:
    """How many reports each part of the tables holds; the last one takes what comes."""
    import pyarrow.parquet as pq

    return [pq.read_metadata(path).num_rows for path in table_files(folder, "reports")[:-1]]


class _Replaced:
    """A table that is written beside the old one and takes its place when it is complete: a file, or parts as `reports` has."""

    def __init__(self, folder: Path, table: Table) -> None:
        self._target = folder / f"{table.name}.parquet"
        self._path = folder / f".{table.name}.{os.getpid()}.new"
        self._table = table
        self._parts = (folder / "reports.parquet").is_dir()

    def __enter__(self) -> _Replaced:
        self._stream = TableStream(self._path, arrow_schema(self._table), parts=self._parts)
        return self

    def write(self, rows: list[dict[str, Any]], *, end_part: bool = False) -> None:
        import pyarrow as pa

        if rows:
            self._stream.add(pa.Table.from_pylist(rows, schema=arrow_schema(self._table)))
            self._stream.flush()
        if end_part:
            self._stream.next_part()

    def __exit__(self, kind: object, *_: object) -> None:
        self._stream.close()
        if kind is not None:
            _remove(self._path)
            return
        old = self._target.with_name(f".{self._target.name}.{os.getpid()}.old")
        if self._target.exists() and (self._parts or self._target.is_dir()):  # no folder is replaced in one step
            self._target.rename(old)
        self._path.replace(self._target)
        _remove(old)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


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
    rows = {name: Grouped(read_rows(folder, name, NEEDED[name]), name) for name in ("facts", "items")}
    rows["cells"] = Grouped(read_rows(folder, "cells") if matches else _main_cells(folder), "cells")
    rows["checks"] = Grouped(read_rows(folder, "checks"), "checks")
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
            row[external_column(key)] = external_amount(value)
        if joined:
            checks += list(comparisons(report_id, own["cells"], matches.get(report_id, {}), joined))
        yield row, checks
    for group in rows.values():
        group.finish()


def _main_cells(folder: Path) -> Iterator[dict[str, Any]]:
    """The cells that the panel has columns for. They are sifted before they become Python objects: most are not needed."""
    import pyarrow as pa
    import pyarrow.compute as pc

    wanted = pa.array(main_cells())
    for batch in read_batches(folder, "cells", NEEDED["cells"]):
        keys = pc.binary_join_element_wise(*(batch[name] for name in ("form_table", "form_row", "form_column")), ".")
        yield from batch.filter(pc.is_in(keys, value_set=wanted)).to_pylist()


def _batches(
    finished: Iterable[tuple[dict[str, Any], list[dict[str, Any]]]], parts: list[int]
) -> Iterator[tuple[list[dict[str, Any]], list[dict[str, Any]], bool]]:
    """Rows of the panel and of `checks` of some reports, and whether a part of the tables ends with them."""
    rows: list[dict[str, Any]] = []
    checks: list[dict[str, Any]] = []
    ends = set(accumulate(parts))
    for n, (row, own) in enumerate(finished, 1):
        rows.append(row)
        checks.extend(own)
        if len(rows) == _BATCH or n in ends:
            yield rows, checks, n in ends
            rows, checks = [], []
    yield rows, checks, False


def _chunks(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    chunk: list[dict[str, Any]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == 4096:
            yield chunk
            chunk = []
    yield chunk
