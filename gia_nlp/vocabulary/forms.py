"""The statutory tables as data: rows, columns, labels and what must add up.

>>> form = requests_form("2021")
>>> len(form.rows), [c.id for c in form.columns][:2]
(25, ['natural_person', 'business'])
>>> proactive_form("2019").cells["fees"]
('previous_items', 'change')
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from gia_nlp.vocabulary.active import per_vocabulary
from gia_nlp.vocabulary.loader import load_yaml

_NO_LETTER = re.compile(r"[^\u3400-\u4dbf\u4e00-\u9fffA-Za-z]+")


@lru_cache(maxsize=8192)
def letters(text: str) -> str:
    """Only the characters that make up a label's words: no digits, blanks or marks.

    >>> letters("3.危及 “三安全一稳定”")
    '危及三安全一稳定'
    """
    return _NO_LETTER.sub("", text)


@dataclass(frozen=True, slots=True, eq=False)
class Label:
    """A row or a column: ``cores`` identify it in running text, ``key`` is the whole label, letters only.

    Labels are compared by identity: a form is made once, and its labels are asked for all the time.
    """

    id: str
    label: str
    cores: tuple[str, ...]
    leaf: str | None = None
    group: str | None = None
    weak: bool = False
    unit: str | None = None
    only: str | None = None
    key: str = field(init=False)  # the label's letters without its ordinal

    def __post_init__(self) -> None:
        key = letters(re.sub(r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）)", "", self.label))
        object.__setattr__(self, "key", key)


@dataclass(frozen=True, slots=True)
class Form:
    """One statutory table of one generation. ``cells`` gives each row's columns in printed order."""

    table: str
    generation: str
    rows: tuple[Label, ...]
    columns: tuple[Label, ...]
    cells: dict[str, tuple[str, ...]]
    headers: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    unit: str | None = None

    def row_index(self, row: str) -> int:
        """The place of a row in the form; raises ``ValueError`` for a row that it has not."""
        return [r.id for r in self.rows].index(row)

    def column(self, column: str) -> Label:
        """A column by id; raises ``StopIteration`` for an unknown one."""
        for label in self.columns:
            if label.id == column:
                return label
        raise StopIteration(column)

    def unit_of(self, row: str, column: str) -> str | None:
        """The unit that the form prints for a cell."""
        if self.table == "proactive" and column == "amount":
            return "万元"
        return self.column(column).unit or self.unit

    @property
    def keys(self) -> tuple[tuple[str, str], ...]:
        """Every cell as (row, column), in the form's order."""
        return tuple((r.id, c) for r in self.rows for c in self.cells[r.id])


@dataclass(frozen=True, slots=True)
class Indicator:
    """A row of a 统计表. ``keys`` are its labels, letters only; ``context`` the indicator that must stand above it."""

    id: str
    keys: tuple[str, ...]
    unit: str
    part_of: str | None = None
    context: str | None = None


@dataclass(frozen=True, slots=True)
class Sum:
    """Parts that add up to a whole."""

    id: str
    whole: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StatisticsForm:
    """The words of the 统计表."""

    indicators: tuple[Indicator, ...]
    sums: tuple[Sum, ...]
    headers: tuple[str, ...]
    groups: tuple[str, ...]
    units: tuple[str, ...]
    year_words: tuple[str, ...]
    cumulative_words: tuple[str, ...]

    def indicator(self, id: str) -> Indicator | None:
        """An indicator by id, ``None`` for a label kept as printed."""
        return next((i for i in self.indicators if i.id == id), None)


def _label(data: dict[str, Any]) -> Label:
    return Label(
        data["id"], data["label"], tuple(data["cores"]), None if data.get("leaf") is None else str(data["leaf"]),
        data.get("group"), bool(data.get("weak")), data.get("unit"), data.get("only"),
    )  # fmt: skip


def _labels(items: list[dict[str, Any]], generation: str) -> tuple[Label, ...]:
    return tuple(_label(i) for i in items if i.get("only") in (None, generation))


@per_vocabulary
def requests_form(generation: str) -> Form:
    """Table ``requests`` of "2019" or "2021"."""
    data = load_yaml("forms")["requests"]
    rows, columns = _labels(data["rows"], generation), _labels(data["columns"], generation)
    cells = {r.id: tuple(c.id for c in columns) for r in rows}
    return Form(
        "requests", generation, rows, columns, cells, tuple(data["headers"]), tuple(data["groups"]), data["unit"]
    )


@cache
def subtotal_words() -> tuple[str, ...]:
    """Header words of the eighth value column that some reports insert."""
    return tuple(load_yaml("forms")["requests"]["subtotal"])


@per_vocabulary
def proactive_form(generation: str) -> Form:
    """Table ``proactive`` of "2019" or "2021"."""
    data = load_yaml("forms")["proactive"]
    cells = {row: tuple(columns) for row, columns in data["cells"][generation].items()}
    rows, columns = _labels(data["rows"], generation), _labels(data["columns"], generation)
    return Form("proactive", generation, rows, columns, cells, tuple(data["headers"]))


@per_vocabulary
def review_form(generation: str) -> Form:
    """Table ``review_litigation``, the same in both generations."""
    data = load_yaml("forms")["review_litigation"]
    rows, columns = _labels(data["rows"], generation), _labels(data["columns"], generation)
    cells = {r.id: tuple(c.id for c in columns) for r in rows}
    return Form("review_litigation", generation, rows, columns, cells, tuple(data["headers"]), (), data["unit"])


def form(table: str, generation: str) -> Form:
    """A statutory form by table and generation; raises ``KeyError`` for another table."""
    return {"requests": requests_form, "proactive": proactive_form, "review_litigation": review_form}[table](generation)


def outcome_rows(generation: str) -> tuple[str, ...]:
    """The rows of ``requests`` that add up to ``processed``."""
    ids = [r.id for r in requests_form(generation).rows]
    return tuple(ids[ids.index("granted") : ids.index("processed")])


@per_vocabulary
def statistics_form() -> StatisticsForm:
    """The 统计表 of 2014 to 2018 and its provincial relatives."""
    data = load_yaml("forms")["statistics"]
    indicators = tuple(
        Indicator(i["id"], tuple(i["labels"]), i["unit"], i.get("part_of"), i.get("context"))
        for i in data["indicators"]
    )
    sums = tuple(Sum(s["id"], s["whole"], tuple(s["parts"])) for s in data["sums"])
    return StatisticsForm(
        indicators, sums, tuple(data["headers"]), tuple(data["groups"]),
        tuple(sorted(data["units"], key=len, reverse=True)), tuple(data["year"]), tuple(data["cumulative"]),
    )  # fmt: skip


@cache
def measure_words() -> tuple[str, ...]:
    """Class words that can follow a number, longest first."""
    return tuple(sorted(load_yaml("forms")["measure_words"], key=len, reverse=True))


@cache
def blank_words() -> frozenset[str]:
    """What people write into a cell that has no number."""
    return frozenset(load_yaml("forms")["blank_words"])
