"""The words of the domain as frozen, typed records.

Everything the package finds is one of these; they print well, pickle, and convert with :meth:`Record.to_dict` and
``from_dict``. All offsets are half-open ``[start, end)`` and count code points of the report's text; ``None`` where the
words do not stand in the text.

>>> Change(value=2.0, unit="项", direction="up").to_dict()
{'value': 2.0, 'unit': '项', 'direction': 'up'}
"""

from __future__ import annotations

import dataclasses
import sys
import types
import typing
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Self, TypeVar

R = TypeVar("R")


class Record:
    """Base of all records: conversion to plain data and back."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain data (dicts, lists, strings, numbers, ``None``), ready for JSON."""
        return {f.name: _plain(getattr(self, f.name)) for f in dataclasses.fields(self)}  # type: ignore[arg-type]

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """The record that :meth:`to_dict` described; unknown keys raise ``TypeError``."""
        hints = _hints(cls.__name__, cls.__module__)
        return cls(**{name: _record(hints[name], value) if name in hints else value for name, value in data.items()})


def _made_quickly(cls: type[R]) -> type[R]:
    """Gives a record of which a report has hundreds an ``__init__`` that takes half the time.

    That of a frozen dataclass has ``object.__setattr__`` look each field up by its name; this one sets the slots themselves.
    """
    fields = dataclasses.fields(cls)  # type: ignore[arg-type]
    known: dict[str, Any] = {f"set_{f.name}": vars(cls)[f.name].__set__ for f in fields}
    known |= {f"default_{f.name}": f.default for f in fields}
    required = [f.name for f in fields if f.default is dataclasses.MISSING]
    optional = [f"{f.name}=default_{f.name}" for f in fields if f.default is not dataclasses.MISSING]
    body = "\n".join(f"    set_{f.name}(self, {f.name})" for f in fields)
    exec(f"def __init__(self, {', '.join(required + optional)}):\n{body}", known)  # as dataclasses make theirs
    known["__init__"].__annotations__ = cls.__init__.__annotations__
    cls.__init__ = known["__init__"]  # type: ignore[method-assign]
    return cls


@cache
def _hints(name: str, module: str) -> dict[str, Any]:
    return typing.get_type_hints(getattr(sys.modules[module], name))


def _plain(value: Any) -> Any:
    if isinstance(value, Record):
        return value.to_dict()
    if isinstance(value, (tuple, list)):
        return [_plain(v) for v in value]
    return value


def _record(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        inner = [a for a in typing.get_args(hint) if a is not type(None)]
        return _record(inner[0], value) if len(inner) == 1 else value
    if typing.get_origin(hint) is tuple:
        return tuple(_record(typing.get_args(hint)[0], v) for v in value)
    if isinstance(hint, type) and issubclass(hint, Record) and isinstance(value, dict):
        return hint.from_dict(value)
    return value


# --------------------------------------------------------------------------- what reading makes


@_made_quickly
@dataclass(frozen=True, slots=True)
class GridCell(Record):
    """A cell of a table as the file holds it, at the upper left of the rows and columns that it covers."""

    row: int
    column: int
    text: str
    start: int | None = None
    end: int | None = None
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class Grid(Record):
    """A table with resolved spans. ``start``/``end`` enclose all of it in the text; ``source`` says how it was found."""

    cells: tuple[GridCell, ...]
    start: int
    end: int
    source: str

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows = max((c.row + c.row_span for c in self.cells), default=0)
        return rows, max((c.column + c.column_span for c in self.cells), default=0)

    def rows(self) -> list[list[GridCell | None]]:
        """The full matrix: a merged cell stands in every place that it covers, ``None`` where there is no cell."""
        height, width = self.shape
        matrix: list[list[GridCell | None]] = [[None] * width for _ in range(height)]
        for cell in self.cells:
            for r in range(cell.row, cell.row + cell.row_span):
                for c in range(cell.column, cell.column + cell.column_span):
                    matrix[r][c] = cell
        return matrix


@dataclass(frozen=True, slots=True)
class Issue(Record):
    """Something that went wrong with a file, for the table ``errors``. ``stage`` is reading, structure, facts …"""

    stage: str
    error: str
    message: str
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Document(Record):
    """A file as text and grids. ``title``, ``published_on`` (ISO date) and ``publisher`` come from the file's metadata.

    ``recognised`` are the stretches of the text that text recognition (OCR) read from pictures.
    """

    text: str
    path: str = ""
    format: str = "text"
    sha256: str = ""
    encoding: str | None = None
    grids: tuple[Grid, ...] = ()
    title: str | None = None
    published_on: str | None = None
    publisher: str | None = None
    warnings: tuple[Issue, ...] = ()
    recognised: tuple[tuple[int, int], ...] = ()


# --------------------------------------------------------------------------- what structure makes


@dataclass(frozen=True, slots=True)
class Section(Record):
    """A part of the report. ``start`` is the heading's first character, ``body_start`` the first one behind it."""

    id: str
    heading: str | None
    start: int
    body_start: int
    end: int


@dataclass(frozen=True, slots=True)
class Prose(Record):
    """A stretch of running text: no table, no heading of a section."""

    section: str
    start: int
    end: int


@_made_quickly
@dataclass(frozen=True, slots=True)
class Cell(Record):
    """A cell of a statutory table. ``kind``: number, zero, empty, text, lost, ambiguous. ``raw`` is text[start:end]."""

    form: str
    table: str
    row: str
    column: str
    value: float | None
    unit: str | None
    kind: str
    raw: str
    note: str | None = None
    start: int | None = None
    end: int | None = None

    @property
    def key(self) -> str:
        """``row.column``, the id of the cell in the form."""
        return f"{self.row}.{self.column}"


@dataclass(frozen=True, slots=True)
class Metadata(Record):
    """Who reports, on what year, in which form. ``none_reported``: the report says that it has no problem to report."""

    title: str | None = None
    issuer: str | None = None
    region: str | None = None
    adcode: str | None = None
    level: str | None = None
    agency_kind: str | None = None
    year: int | None = None
    published_on: str | None = None
    form: str | None = None
    is_report: bool = False
    none_reported: bool = False
    language_note: str | None = None


@dataclass(frozen=True, slots=True)
class GluedRun(Record):
    """Digits of several cells printed without separator, with every reading that the form's sums allow.

    ``cells`` are the cells' keys (``row.column``) in printed order; each of ``readings`` gives their numbers as printed, or ``None``
    where a reading leaves the cell blank. ``truncated`` when there were too many readings to list.
    """

    form: str
    table: str
    cells: tuple[str, ...]
    raw: str
    start: int
    end: int
    readings: tuple[tuple[str | None, ...], ...]
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class Layout(Record):
    """The structure of a document: sections in text order, prose outside tables, cells, metadata."""

    sections: tuple[Section, ...]
    prose: tuple[Prose, ...]
    cells: tuple[Cell, ...]
    metadata: Metadata
    glued: tuple[GluedRun, ...] = ()
    warnings: tuple[Issue, ...] = ()


@_made_quickly
@dataclass(frozen=True, slots=True)
class Check(Record):
    """A sum of the form or a cross-check. ``status``: holds, fails, holds_if_blank_is_zero, not_assessable."""

    rule: str
    scope: str
    left_value: float | None
    right_value: float | None
    difference: float | None
    status: str
    note: str | None = None
    other_report_id: str | None = None


# --------------------------------------------------------------------------- what the prose says


@dataclass(frozen=True, slots=True)
class Change(Record):
    """A change on last year: how much, in which unit (% or a count's), up or down."""

    value: float | None
    unit: str | None
    direction: str


@dataclass(frozen=True, slots=True)
class Fact(Record):
    """One count, or one statement of zero, that prose makes about one indicator (annotation guide, section 1)."""

    indicator: str
    value: float
    start: int
    end: int
    quote: str
    value_max: float | None = None
    bound: str = "exact"
    unit: str | None = None
    channel: str = "all"
    period: str = "current"
    topic: str | None = None
    change: Change | None = None
    section: str = "unknown"
    decided_by: str = "rule"
    rule_id: str | None = None
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Item(Record):
    """A problem or a remedy. ``remedies`` of a problem are indexes into the report's items."""

    kind: str
    status: str
    start: int
    end: int
    quote: str
    categories: tuple[str, ...] = ()
    category_scores: tuple[float, ...] = ()
    remedies: tuple[int, ...] = ()
    decided_by: str = "rule"
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Report(Record):
    """All that was read from one file. ``errors`` holds what was lost or read in part, in the table ``errors``."""

    report_id: str
    text: str
    path: str
    format: str
    sha256: str
    meta: Metadata
    sections: tuple[Section, ...] = ()
    cells: tuple[Cell, ...] = ()
    checks: tuple[Check, ...] = ()
    facts: tuple[Fact, ...] = ()
    items: tuple[Item, ...] = ()
    errors: tuple[Issue, ...] = ()
    pipeline_version: str = field(default="")

    def __str__(self) -> str:
        """One line: what it is and how much was found."""
        who = self.meta.issuer or self.path or self.report_id
        return (
            f"<Report {who} {self.meta.year or '?'} ({self.meta.form or 'no form'}): {len(self.sections)} sections, "
            f"{len(self.cells)} cells, {len(self.facts)} facts, {len(self.items)} items>"
        )
