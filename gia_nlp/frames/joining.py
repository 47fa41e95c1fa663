"""Tables parsed elsewhere: which report each of their numbers belongs to, and where they differ from ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gia_nlp.frames.convert import error_row
from gia_nlp.frames.external import ExternalTables, ExternalValue
from gia_nlp.frames.panel import EXTERNAL_RULE, cell_amount
from gia_nlp.frames.store import read_rows

STAGE = "finishing"


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


def external_amount(value: ExternalValue) -> float | None:
    """A foreign number as the panel has it: money in 元."""
    return value.value if value.in_yuan else cell_amount(value.cell, value.value, value.unit)


def comparisons(
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
        right = external_amount(external)
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


def match_values(
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
