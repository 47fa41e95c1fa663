"""What page and terminal show alike of one report. Rendering needs records alone, so it lives beside the tables."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache

from gia_nlp.frames.export import number_text
from gia_nlp.records import Cell, Check, Fact, Item, Report
from gia_nlp.vocabulary.forms import form, statistics_form


@dataclass(frozen=True, slots=True)
class TableGrid:
    """A statutory table as a grid: names of columns, and per row its name and a cell (or none) a column."""

    name: str
    form: str
    columns: list[str]
    rows: list[tuple[str, list[Cell | None]]]


def grids(report: Report) -> list[TableGrid]:
    """The report's tables, rows and columns in the order of their cells. A cell that stands twice has a second row."""
    result = []
    for name, generation in dict.fromkeys((c.table, c.form) for c in report.cells):
        cells = [c for c in report.cells if (c.table, c.form) == (name, generation)]
        columns = list(dict.fromkeys(c.column for c in cells))
        seen: Counter[str] = Counter()
        places: dict[tuple[str, int], dict[str, Cell]] = {}
        for cell in cells:
            places.setdefault((cell.row, seen[cell.key]), {})[cell.column] = cell
            seen[cell.key] += 1
        order = {row: n for n, row in enumerate(dict.fromkeys(c.row for c in cells))}
        keys = sorted(places, key=lambda key: (order[key[0]], key[1]))
        rows = [(row, [places[row, again].get(c) for c in columns]) for row, again in keys]
        result.append(TableGrid(name, generation, columns, rows))
    return result


@cache
def form_labels(table: str, generation: str) -> dict[str, str]:
    """What the form calls its rows and columns, by id; empty for a table that is no form's.

    >>> form_labels("requests", "2021")["refused.state_secret"], form_labels("unknown", "2021")
    ('不予公开 1.属于国家秘密', {})
    """
    if table == "statistics":
        return {indicator.id: indicator.keys[0] for indicator in statistics_form().indicators}
    if table not in ("proactive", "requests", "review_litigation"):
        return {}
    paper = form(table, generation if generation in ("2019", "2021") else "2021")
    columns = {column.id: column.label for column in paper.columns}
    return columns | {row.id: f"{row.group or ''} {row.label}".strip() for row in paper.rows}


def cell_text(cell: Cell | None) -> str:
    """What a cell shows: its number, else what it is."""
    if cell is None:
        return ""
    if cell.value is not None:
        return number_text(cell.value)
    return {"empty": "·", "lost": "lost", "ambiguous": "?"}.get(cell.kind, cell.raw)


def fact_value(fact: Fact) -> str:
    """The count with its unit, bound and range.

    >>> fact_value(Fact("items_published", 450000.0, 0, 6, "45万余次", bound="at_least", unit="次"))
    '≥ 450000 次'
    """
    bound = {"at_least": "≥ ", "about": "≈ "}.get(fact.bound, "")
    upper = f"–{number_text(fact.value_max)}" if fact.value_max is not None else ""
    return f"{bound}{number_text(fact.value)}{upper} {fact.unit or ''}".strip()


def fact_details(fact: Fact) -> str:
    """What narrows the count: channel, period, topic, change; empty for a plain total of the year."""
    parts = [fact.channel if fact.channel != "all" else "", fact.period if fact.period != "current" else ""]
    parts.append(f"「{fact.topic}」" if fact.topic else "")
    if fact.change:
        arrow = {"up": "↑", "down": "↓"}.get(fact.change.direction, "")
        amount = "" if fact.change.value is None else number_text(fact.change.value)
        parts.append(f"{arrow}{amount}{fact.change.unit or ''}")
    return " ".join(p for p in parts if p)


def in_text_order(report: Report) -> tuple[list[Fact], list[Item]]:
    """Facts and items in the order that their ids count."""
    return sorted(report.facts, key=lambda f: (f.start, f.end)), sorted(report.items, key=lambda i: (i.start, i.end))


def remedy_numbers(report: Report, item: Item) -> list[int]:
    """The numbers (``i<n>``) of the remedies that answer a problem."""
    order = sorted(range(len(report.items)), key=lambda k: (report.items[k].start, report.items[k].end))
    numbers = {index: n for n, index in enumerate(order, 1)}
    return sorted(numbers[r] for r in item.remedies)


def notable_checks(report: Report) -> list[Check]:
    """Checks that do not simply hold, failing ones first."""
    order = {"fails": 0, "holds_if_blank_is_zero": 1}
    return sorted((c for c in report.checks if c.status != "holds"), key=lambda c: order.get(c.status, 2))


def number_or_blank(value: float | None) -> str:
    """A number of a check, or nothing."""
    return "" if value is None else number_text(value)
