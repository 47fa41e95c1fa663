"""Reports as rows of the output tables, and as DataFrames."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from gia_nlp.frames.agencies import agency_ids
from gia_nlp.frames.panel import panel_row
from gia_nlp.frames.schema import arrow_schema, base_tables, tables, to_pandas
from gia_nlp.frames.years import link, year_checks
from gia_nlp.records import Cell, Fact, Item, Report

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Rows = dict[str, list[dict[str, Any]]]
_SURROGATE = re.compile("[\ud800-\udfff]")


class DuplicateReportError(ValueError):
    """Two reports of one id: their rows could not be told apart."""


class SeenIds:
    """Remembers the ids of reports and refuses the second of one id."""

    def __init__(self) -> None:
        self._paths: dict[str, str] = {}

    def add(self, report: Report) -> None:
        """Raises :class:`DuplicateReportError` if a report of this id came before."""
        if report.report_id in self._paths:
            first = self._paths[report.report_id]
            raise DuplicateReportError(
                f"two reports have the id {report.report_id} ({first} and {report.path}): "
                "give each an id of its own with tag(..., report_id=...)"
            )
        self._paths[report.report_id] = report.path


def is_failed(report: Report) -> bool:
    """Whether nothing could be read: the report then has rows in `errors` alone."""
    return bool(report.errors) and not report.text and not report.format


def printable_name(name: str) -> str:
    """A file name that any table can hold: bytes that are no UTF-8 are written out, so that names stay distinct.

    >>> printable_name("年报" + chr(0xDCFF) + ".txt")
    '年报\\\\udcff.txt'
    """
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _text(value: str | None) -> str | None:
    """Missing is null, never an empty string. A lone surrogate has no UTF-8: one U+FFFD stands for it, offsets stay."""
    return _SURROGATE.sub("\ufffd", value) if value else None


def _words(value: str | None) -> str:
    return _SURROGATE.sub("\ufffd", value or "")


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)


def report_rows(report: Report) -> Rows:
    """The rows of one report in every table but the panel, by table.

    Facts and items get their ids in text order, whichever order the report holds them in.
    """
    report_id = printable_name(report.report_id)
    rows: Rows = {name: [] for name in base_tables()}
    rows["errors"] = [error_row(report_id, report.path, i.stage, i.error, i.message, i.hint) for i in report.errors]
    if is_failed(report):
        return rows
    meta, text = report.meta, _words(report.text)
    sha256 = hashlib.sha256(text.encode("utf-8")).hexdigest()
    rows["texts"].append({"report_id": report_id, "text": text, "text_sha256": sha256})
    rows["reports"].append({
        "report_id": report_id,
        "path": printable_name(report.path) or None,
        "format": _text(report.format),
        "sha256": _text(report.sha256),
        "title": _text(meta.title),
        "issuer": _text(meta.issuer),
        "region": _text(meta.region),
        "adcode": _text(meta.adcode),
        "level": _text(meta.level),
        "agency_kind": _text(meta.agency_kind),
        "year": meta.year,
        "published_on": _text(meta.published_on),
        "form": _text(meta.form),
        "is_report": bool(meta.is_report),
        "none_reported": bool(meta.none_reported),
        "characters": len(text),
        "language_note": _text(meta.language_note),
        "pipeline_version": _text(report.pipeline_version),
    })  # fmt: skip
    rows["sections"] = [
        {"report_id": report_id, "section": s.id, "heading": _text(s.heading), "start_char": s.start, "end_char": s.end}
        for s in report.sections
    ]
    rows["cells"] = [_cell_row(report_id, cell) for cell in report.cells]
    rows["checks"] = [
        {
            "report_id": report_id,
            "other_report_id": _text(c.other_report_id),
            "rule": c.rule,
            "scope": _words(c.scope),
            "left_value": _number(c.left_value),
            "right_value": _number(c.right_value),
            "difference": _number(c.difference),
            "status": c.status,
            "note": _text(c.note),
        }
        for c in report.checks
    ]
    facts = sorted(report.facts, key=lambda f: (f.start, f.end))
    rows["facts"] = [_fact_row(report_id, n, fact) for n, fact in enumerate(facts, 1)]
    rows["items"] = _item_rows(report_id, report.items)
    return rows


def _cell_row(report_id: str, cell: Cell) -> dict[str, Any]:
    # A span without characters is no evidence: a blank cell has neither words nor a place.
    printed = bool(cell.raw)
    return {
        "report_id": report_id,
        "form": _text(cell.form),
        "form_table": cell.table,
        "form_row": _words(cell.row),
        "form_column": _words(cell.column),
        "value": _number(cell.value),
        "unit": _text(cell.unit),
        "kind": cell.kind,
        "raw": _text(cell.raw),
        "note": _text(cell.note),
        "start_char": cell.start if printed else None,
        "end_char": cell.end if printed else None,
    }


def _fact_row(report_id: str, n: int, fact: Fact) -> dict[str, Any]:
    change = fact.change
    return {
        "report_id": report_id,
        "fact_id": f"{report_id}#f{n}",
        "indicator": fact.indicator,
        "value": _number(fact.value),
        "value_max": _number(fact.value_max),
        "bound": fact.bound,
        "unit": _text(fact.unit),
        "channel": fact.channel,
        "period": fact.period,
        "topic": _text(fact.topic),
        "change_value": _number(change.value) if change else None,
        "change_unit": _text(change.unit) if change else None,
        "change_direction": change.direction if change else None,
        "section": fact.section,
        "start_char": fact.start,
        "end_char": fact.end,
        "quote": _words(fact.quote),
        "decided_by": fact.decided_by,
        "rule_id": _text(fact.rule_id),
        "score": float(fact.score),
    }


def _item_rows(report_id: str, items: tuple[Item, ...]) -> list[dict[str, Any]]:
    order = sorted(range(len(items)), key=lambda i: (items[i].start, items[i].end, i))
    ids = {index: f"{report_id}#i{n}" for n, index in enumerate(order, 1)}
    return [
        {
            "report_id": report_id,
            "item_id": ids[index],
            "kind": item.kind,
            "status": item.status,
            "start_char": item.start,
            "end_char": item.end,
            "quote": _words(item.quote),
            "categories": list(item.categories),
            "category_scores": [float(s) for s in item.category_scores],
            "remedies": [ids[r] for r in item.remedies],
            "decided_by": item.decided_by,
            "score": float(item.score),
        }
        for index in order
        for item in [items[index]]
    ]


def error_row(
    report_id: str | None, path: str | None, stage: str, error: str, message: str, hint: str | None = None
) -> dict[str, Any]:
    """A row of the table `errors`."""
    return {
        "report_id": printable_name(report_id) if report_id else None,
        "path": printable_name(path) if path else None,
        "stage": stage,
        "error": error,
        "message": _words(message) or error,
        "hint": _text(hint),
    }


def to_arrow(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    """Rows as an Arrow table with their table's schema; raises ``pyarrow.ArrowInvalid`` for a value of a wrong type."""
    import pyarrow as pa

    return pa.Table.from_pylist(rows, schema=arrow_schema(tables()[name]))


def to_frames(reports: Iterable[Report]) -> dict[str, pd.DataFrame]:
    """All output tables as DataFrames, finished as the written ones are: with the panel, agencies and checks between years.

    Dtypes are those of the schema. Raises :class:`DuplicateReportError` for two reports of one id.

    >>> frames = to_frames([])
    >>> list(frames)
    ['reports', 'panel', 'facts', 'items', 'cells', 'checks', 'sections', 'texts', 'errors']
    >>> str(frames["reports"]["year"].dtype)
    'Int64'
    """
    rows: Rows = {name: [] for name in tables()}
    seen = SeenIds()
    checks: dict[str, list[dict[str, Any]]] = {}
    for report in reports:
        seen.add(report)
        own = report_rows(report)
        for name, found in own.items():
            rows[name].extend(found)
        for row in own["reports"]:
            checks[row["report_id"]] = own["checks"]
            rows["panel"].append(
                panel_row(row, facts=own["facts"], cells=own["cells"], items=own["items"], checks=own["checks"])
            )
    for row, agency_id in zip(rows["panel"], agency_ids(rows["reports"]), strict=True):
        row["agency_id"] = agency_id
    made = {name: to_arrow(name, rows[name]) for name in tables() if name != "checks"}
    links = [tied for row in rows["panel"] if (tied := link(row, row["agency_id"]))]
    if len({tied.agency_id for tied in links}) < len(links):  # else there is nothing to hold against another
        for check in year_checks(links, made["cells"], made["texts"]):
            checks[check["report_id"]].append(check)
    made["checks"] = to_arrow("checks", [check for own in checks.values() for check in own])
    return {name: to_pandas(table, made[name]) for name, table in tables().items()}
