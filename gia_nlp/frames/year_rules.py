"""What the cells of two reports of one agency, on years that follow, have to agree in.

`years.carry_over`, `years.stock` and `years.cumulative` hold what a report says of last year against what the report on
last year said, cell by cell, as the sums within a report do; `years.jump` is a note.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from gia_nlp.vocabulary.forms import requests_form
from gia_nlp.vocabulary.panel import jumps

#: How the names of the rules between years begin.
YEARS_RULE = "years."

Row = dict[str, Any]


class Reading(NamedTuple):
    """What a report has in a cell of a form."""

    value: float | None
    kind: str
    unit: str | None


Cells = Mapping[str, Reading]


def compare_years(now: Cells, before: Cells, year: int) -> Iterator[Row]:
    """The checks of a report on ``year`` against the one on the year before; cells by ``table.row.column``.

    Rows hold rule, scope, values, difference, status and note.

    >>> number = lambda value: Reading(value, "number", None)
    >>> now = {"requests.carried_in.total": number(3.0)}
    >>> [row] = compare_years(now, {"requests.carried_out.total": number(2.0)}, 2023)
    >>> row["rule"], row["scope"], row["difference"], row["status"]
    ('years.carry_over', 'carried_in.total', 1.0, 'fails')
    """
    yield from _carry_over(now, before, year)
    yield from _stock(now, before, year)
    yield from _cumulative(now, before, year)
    yield from _jumps(now, before)


def _carry_over(now: Cells, before: Cells, year: int) -> Iterator[Row]:
    columns = [c.id for c in requests_form("2021").columns]
    pairs = [(c, now.get(f"requests.carried_in.{c}"), before.get(f"requests.carried_out.{c}")) for c in columns]
    if not any(cell for _, cell, _ in pairs):
        return
    if not any(cell for _, _, cell in pairs):
        yield _open("carry_over", "carried_in.total", f"the report on {year - 1} has no cells carried_out")
        return
    for column, carried_in, carried_out in pairs:
        if carried_in or carried_out:
            yield _compared("carry_over", f"carried_in.{column}", [carried_in], [carried_out])


def _stock(now: Cells, before: Cells, year: int) -> Iterator[Row]:
    for row in ("regulations", "normative_documents"):
        in_force, issued, repealed = (now.get(f"proactive.{row}.{c}") for c in ("in_force", "issued", "repealed"))
        if in_force is None:
            continue
        last = before.get(f"proactive.{row}.in_force")
        if last is None:
            yield _open("stock", f"{row}.in_force", f"the report on {year - 1} has no cell in_force")
        else:
            yield _compared("stock", f"{row}.in_force", [in_force], [last, issued], minus=[repealed])


def _cumulative(now: Cells, before: Cells, year: int) -> Iterator[Row]:
    rows = [
        key.removesuffix(".cumulative") for key in now if key.startswith("statistics.") and key.endswith(".cumulative")
    ]
    both = [row for row in rows if f"{row}.cumulative" in before and f"{row}.year" in now]
    if rows and not both:
        yield _open("cumulative", "cumulative", f"the report on {year - 1} has none of these cells")
    for row in both:
        whole, own, last = now[f"{row}.cumulative"], now[f"{row}.year"], before[f"{row}.cumulative"]
        scope = f"{row.removeprefix('statistics.')}.cumulative"
        units = {cell.unit for cell in (whole, own, last) if cell.unit}
        if len(units) > 1:
            yield _open("cumulative", scope, f"the units differ: {', '.join(sorted(units))}")
        else:
            yield _compared("cumulative", scope, [whole], [last, own])


def _jumps(now: Cells, before: Cells) -> Iterator[Row]:
    for key in jumps().cells:
        new, old = now.get(key), before.get(key)
        if new is None or old is None or new.value is None or old.value is None:
            continue
        if jumps().is_jump(new.value, old.value):
            note = (
                f"more than {jumps().factor} times as many, or as few, as the year before: a note, not a contradiction"
            )
            yield check_row("jump", key, new.value, old.value, "not_assessable", note)


def _compared(
    rule: str,
    scope: str,
    left: list[Reading | None],
    right: list[Reading | None],
    *,
    minus: Iterable[Reading | None] = (),
) -> Row:
    """A sum against another, as the sums within a report: a blank counts as zero only where they then agree."""
    signed = [(1, cell) for cell in right] + [(-1, cell) for cell in minus]
    cells = [*left, *(cell for _, cell in signed)]
    if any(cell is None for cell in cells):
        return _open(rule, scope, "a cell is missing")
    known = [cell for cell in cells if cell]
    if odd := [cell.kind for cell in known if cell.kind in ("lost", "ambiguous")]:
        return _open(rule, scope, f"a number is {odd[0]}")
    if all(cell.value is None for cell in known):
        return _open(rule, scope, "all cells are blank")
    a = sum(cell.value or 0.0 for cell in left if cell)
    b = sum(sign * (cell.value or 0.0) for sign, cell in signed if cell)
    difference = round(a - b, 6)
    if any(cell.value is None for cell in known):
        return check_row(
            rule, scope, a, b, "not_assessable" if difference else "holds_if_blank_is_zero", "a cell is blank"
        )
    return check_row(rule, scope, a, b, "fails" if difference else "holds", None)


def _open(rule: str, scope: str, note: str) -> Row:
    return check_row(rule, scope, None, None, "not_assessable", note)


def check_row(rule: str, scope: str, left: float | None, right: float | None, status: str, note: str | None) -> Row:
    """A row of `checks` but for the reports' ids; ``rule`` without its beginning."""
    return {
        "rule": YEARS_RULE + rule,
        "scope": scope,
        "left_value": left,
        "right_value": right,
        "difference": None if left is None or right is None else round(left - right, 6),
        "status": status,
        "note": note,
    }
