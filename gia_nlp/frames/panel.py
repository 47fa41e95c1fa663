"""The panel: one row a report, made from the rows of the other tables.

Works on plain rows (dicts by column name), so that reports in memory and tables on disk give the same panel.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from gia_nlp.frames.schema import tables
from gia_nlp.frames.year_rules import YEARS_RULE
from gia_nlp.vocabulary.categories import categories
from gia_nlp.vocabulary.indicators import indicators
from gia_nlp.vocabulary.panel import main_cells, to_yuan

Row = Mapping[str, Any]
EXTERNAL_RULE = "external."
# What panel_row looks at, by table: the rest of the rows need not be read.
NEEDED = {
    "facts": ["report_id", "fact_id", "indicator", "value", "period", "topic", "channel", "bound"],
    "cells": ["report_id", "form_table", "form_row", "form_column", "value", "unit"],
    "items": ["report_id", "kind", "status", "categories"],
}


def is_own(check: Row) -> bool:
    """Whether a check is about its report alone, not one that finishing added.

    >>> is_own({"rule": "requests.row_total"}), is_own({"rule": "years.stock"})
    (True, False)
    """
    return not check["rule"].startswith((EXTERNAL_RULE, YEARS_RULE))


def answers(facts: Iterable[Row]) -> dict[str, Row]:
    """The document's answer per indicator: the fact that answers, among the facts of one report in text order.

    Only `current` mentions without a topic count; those of channel `all`, else, if only one channel occurs, those; of
    several, exact before bounded, then the first. Parts are never summed.

    >>> about = {"indicator": "staff", "period": "current", "topic": None, "channel": "all", "bound": "about"}
    >>> answers([{**about, "value": 5.0}, {**about, "bound": "exact", "value": 6.0}])["staff"]["value"]
    6.0
    """
    mentions: dict[str, list[Row]] = {}
    for fact in facts:
        if fact["period"] == "current" and not fact["topic"]:
            mentions.setdefault(fact["indicator"], []).append(fact)
    result = {}
    for indicator, found in mentions.items():
        total = [f for f in found if f["channel"] == "all"]
        if not total and len({f["channel"] for f in found}) == 1:
            total = found
        if total:
            result[indicator] = min(total, key=lambda f: f["bound"] != "exact")
    return result


def cell_amount(key: str, value: float | None, unit: str | None) -> float | None:
    """The value of a cell as the panel has it: money in 元 (null if its unit is unknown), all else as printed.

    >>> cell_amount("proactive.fees.amount", 1.5, None), cell_amount("requests.received.total", 7.0, "件")
    (15000.0, 7.0)
    """
    cell = main_cells().get(key)
    if value is None or cell is None or not cell.money:
        return value
    return to_yuan(value, unit or cell.unit)


def _cell_columns(cells: Iterable[Row]) -> dict[str, float | None]:
    """Columns of the main cells; one that stands twice with different numbers has none, as neither is sure."""
    columns = _columns_of_cells()
    found: dict[str, float | None] = {}
    for cell in cells:
        key = f"{cell['form_table']}.{cell['form_row']}.{cell['form_column']}"
        name = columns.get(key)
        if name is not None:
            amount = cell_amount(key, cell["value"], cell["unit"])
            if amount is not None and found.setdefault(name, amount) != amount:
                found[name] = None
    return found


@cache
def _columns_of_cells() -> dict[str, str]:
    return {key: f"cell_{cell.name}" for key, cell in main_cells().items()}


def _flags(items: list[Row], none_reported: bool) -> dict[str, bool | None]:
    known = bool(items) or none_reported
    problems = {c for i in items if i["kind"] == "problem" and i["status"] == "current" for c in i["categories"]}
    remedies = {c for i in items if i["kind"] == "remedy" for c in i["categories"]}
    flags: dict[str, bool | None] = {}
    for kind, stated in (("problem", problems), ("remedy", remedies)):
        flags.update({f"{kind}_{c}": (c in stated) if known else None for c in categories()})
    return flags


def panel_row(
    report: Row, *, facts: Iterable[Row], cells: Iterable[Row], items: Iterable[Row], checks: Iterable[Row]
) -> dict[str, Any]:
    """The panel's row of one report, from its row in `reports` and its rows in the other tables.

    ``agency_id`` is left to the caller, as it takes all reports; ``checks_failed`` counts the report's own checks alone: which other
    reports were read with it says nothing about this one.
    """
    row: dict[str, Any] = dict.fromkeys(tables()["panel"].names)
    row.update({name: report[name] for name in row if name in report})
    for indicator, fact in answers(facts).items():
        if indicator in indicators():
            row[f"answer_{indicator}"] = fact["value"]
            row[f"answer_{indicator}_fact_id"] = fact["fact_id"]
    row.update(_cell_columns(cells))
    row.update(_flags(list(items), report["none_reported"]))
    row["checks_failed"] = sum(c["status"] == "fails" and is_own(c) for c in checks)
    return row
