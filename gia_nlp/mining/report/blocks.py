"""What a part of the page is made of: figures, tables, texts side by side, notes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from gia_nlp.mining.report.words import Words, cut, missing, number, p_text, percent

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: its text, what it sorts by, where it leads."""

    text: str
    sort: float | str = ""
    target: str | None = None
    kind: str = ""


@dataclass(slots=True)
class Figure:
    """A drawing with its title; ``csv`` is the file with its data, ``note`` tells units, n and intervals."""

    id: str
    title: str
    svg: str
    csv: str
    note: str = ""


@dataclass(slots=True)
class Table:
    """A table of which ``rows`` are shown, of ``total``; ``csv`` has them all."""

    id: str
    title: str
    headers: list[tuple[str, str]]
    rows: list[list[Cell]]
    total: int
    csv: str
    note: str = ""


@dataclass(slots=True)
class Side:
    """A row of two texts: pieces of each, those in common with the number of their pair."""

    left: list[tuple[str, int | None]]
    right: list[tuple[str, int | None]]
    note: str = ""


@dataclass(slots=True)
class SideBySide:
    """Two texts beside each other, what they share marked."""

    id: str
    title: str
    heads: tuple[str, str]
    rows: list[Side]
    note: str = ""


@dataclass(slots=True)
class Note:
    """A paragraph; ``strong`` for what must not be overlooked."""

    text: str
    strong: bool = False


Block = Figure | Table | SideBySide | Note


@dataclass(slots=True)
class Part:
    """A part of the page. ``missing`` says why it could not be made; its title stands all the same."""

    id: str
    title: str
    lead: str
    blocks: list[Block] = field(default_factory=list)
    missing: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """How a table shows a column of a frame: ``kind`` is text, value, category, indicator, count, number, share, p, quote, ids or report."""

    name: str
    kind: str = "text"
    evidence: Callable[[Any], str | None] | None = None


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame by column."""
    return cast("list[dict[str, Any]]", frame.to_dict("records"))


def table_of(
    words: Words,
    id: str,
    title: str,
    frame: pd.DataFrame,
    columns: Sequence[Column],
    *,
    most: int,
    csv: str,
    total: int | None = None,
    note: str = "",
) -> Table:
    """The first ``most`` rows of a frame as a table. A share is shown with ``low`` and ``high`` of its row where ``interval`` names them."""
    rows = []
    for row in records(frame.head(most)):
        rows.append([_cell(words, column, row) for column in columns])
    headers = [
        (words.column(c.name), "n" if c.kind in ("count", "number", "share", "p", "year") else "t") for c in columns
    ]
    return Table(id, title, headers, rows, len(frame) if total is None else total, csv, note)


# Which columns hold the interval of a share or another number.
_INTERVALS = {
    "share": ("low", "high"),
    "begun_share": ("begun_low", "begun_high"),
    "share_by_category": ("low_by_category", "high_by_category"),
    "survival": ("low", "high"),
    "odds_ratio": ("low", "high"),
    "effect": ("low", "high"),
}


def _cell(words: Words, column: Column, row: dict[str, Any]) -> Cell:
    value = row[column.name]
    target = column.evidence(row) if column.evidence else None
    kind = column.kind
    if kind in ("count", "number", "share", "p", "year"):
        if missing(value):
            return Cell("–", "", target, "n")
        shown = {"share": percent, "p": p_text, "year": lambda v: str(int(v))}.get(kind, number)(value)
        ends = _INTERVALS.get(column.name)
        if ends and not missing(row.get(ends[0])):
            form = percent if kind == "share" else number
            shown += f" [{form(row[ends[0]])}–{form(row[ends[1]])}]"
        return Cell(shown, float(value), target, "n")
    if missing(value):
        return Cell("–", "", target)
    if kind in ("category", "categories"):
        names = [value] if isinstance(value, str) else list(value)
        text = words.comma.join(words.category(n) for n in names)
    elif kind == "indicator":
        text = words.indicator(str(value))
    elif kind == "rule":
        text = words.rule(str(value))
    elif kind == "value":
        text = words.value(str(value).lower() if isinstance(value, bool) else str(value))
    elif kind == "list":
        text = words.comma.join(str(v) for v in value)
    elif kind == "quote":
        return Cell(cut(str(value), 300), "", target, "quote")
    elif kind == "report":
        return Cell(str(value), "", target, "id")
    else:
        text = str(value)
    return Cell(text, "", target, "v" if kind == "value" else "")
