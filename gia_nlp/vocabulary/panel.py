"""The cells that the panel carries, and what tables parsed elsewhere call their columns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from gia_nlp.vocabulary.forms import form, statistics_form
from gia_nlp.vocabulary.loader import load_yaml

_YEARS = ("2019", "2021")


@dataclass(frozen=True, slots=True)
class MainCell:
    """A cell of a statutory form that has a column in the panel. ``money``: its values are converted to 元."""

    table: str
    row: str
    column: str
    money: bool = False
    unit: str | None = None

    @property
    def key(self) -> str:
        """``table.row.column``, the cell's full id."""
        return f"{self.table}.{self.row}.{self.column}"

    @property
    def name(self) -> str:
        """The id with underscores for dots, as in the name of a column."""
        return self.key.replace(".", "_")


@cache
def main_cells() -> dict[str, MainCell]:
    """All cells of the panel by their full id, in the order of the forms.

    >>> main_cells()["requests.refused.state_secret.total"].name
    'requests_refused_state_secret_total'
    """
    data = load_yaml("panel")
    cells = (
        MainCell(table, row, column, key in data["money"], data["money"].get(key))
        for table, rows in data["cells"].items()
        for row, columns in rows.items()
        for column in columns
        for key in [f"{table}.{row}.{column}"]
    )
    return {cell.key: cell for cell in cells}


@cache
def all_cell_keys() -> frozenset[str]:
    """Full ids of every cell of every form, which a file from elsewhere may bring.

    >>> {"requests.granted.business", "statistics.staff.cumulative", "proactive.fees.amount"} <= all_cell_keys()
    True
    """
    papers = [(table, form(table, year)) for table in ("proactive", "requests", "review_litigation") for year in _YEARS]
    cells = {f"{table}.{row}.{column}" for table, paper in papers for row, column in paper.keys}
    rows = [indicator.id for indicator in statistics_form().indicators]
    return frozenset(main_cells()) | cells | {f"statistics.{row}.{c}" for row in rows for c in ("year", "cumulative")}


@dataclass(frozen=True, slots=True)
class Jumps:
    """Which counts are held against last year's, and from which factor on (at least of ``floor``) it is told."""

    factor: float
    floor: float
    cells: tuple[str, ...]

    def is_jump(self, one: float, other: float) -> bool:
        """Whether two numbers lie that far apart.

        >>> jumps().is_jump(2, 60), jumps().is_jump(40, 4000), jumps().is_jump(150, 0)
        (False, True, True)
        """
        return max(one, other) > self.factor * max(min(one, other), self.floor)


@cache
def jumps() -> Jumps:
    """The rule for jumps from year to year."""
    data = load_yaml("panel")["jumps"]
    return Jumps(data["factor"], data["floor"], tuple(data["cells"]))


def to_yuan(value: float, unit: str | None) -> float | None:
    """An amount in 元; ``None`` where the unit is missing or no unit of money.

    >>> to_yuan(0.57, "万元")
    5700.0
    """
    factor = load_yaml("panel")["yuan"].get(unit)
    return None if factor is None else round(value * factor, 4)


@cache
def external_names() -> dict[str, str]:
    """What a column of a foreign table is, by the name it goes by there.

    >>> external_names()["年份"]
    'year'
    """
    return {alias: role for role, aliases in load_yaml("panel")["external"].items() for alias in aliases}
