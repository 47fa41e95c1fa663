"""What must add up within a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gia_nlp.records import Cell, Check
from gia_nlp.vocabulary.forms import outcome_rows, requests_form, review_form, statistics_form

Cells = Mapping[tuple[str, str, str], Cell]

_BY_SUM = {
    "requests.row_total": ("parted by the row's sum",),
    "requests.column_balance": ("the columns' sums",),
    "requests.processed_sum": ("the columns' sums",),
    "review_litigation.block_total": ("parted by the blocks' sums",),
}


def index(cells: Sequence[Cell]) -> dict[tuple[str, str, str], Cell]:
    """Cells by (table, row, column)."""
    return {(c.table, c.row, c.column): c for c in cells}


def total(cells: Sequence[Cell | None]) -> tuple[float | None, bool]:
    """Sum of cells, and whether a blank one counts as zero in it; ``None`` where a number is not known."""
    blank = False
    value = 0.0
    for cell in cells:
        if cell is None or cell.kind in ("lost", "ambiguous"):
            return None, blank
        if cell.value is None:
            blank = True
        value += cell.value or 0.0
    return value, blank


def compare(
    rule: str, scope: str, left: Sequence[Cell | None], right: Sequence[Cell | None], note: str | None = None
) -> Check:
    """A sum of cells against another."""
    a, left_blank = total(left)
    b, right_blank = total(right)
    if a is None or b is None:
        return Check(rule, scope, a, b, None, "not_assessable", note or "a number is lost or ambiguous")
    difference = round(a - b, 6)
    circular = any(word in (c.note or "") for c in (*left, *right) if c for word in _BY_SUM.get(rule, ()))
    if circular:
        return Check(rule, scope, a, b, difference, "not_assessable", note or "this sum parted the glued digits")
    if not (left_blank or right_blank):
        return Check(rule, scope, a, b, difference, "fails" if difference else "holds", note)
    if all(c is not None and c.value is None for c in (*left, *right)):
        return Check(rule, scope, None, None, None, "not_assessable", note or "all cells are blank")
    status = "not_assessable" if difference else "holds_if_blank_is_zero"
    return Check(rule, scope, a, b, difference, status, note or "a cell is blank")


def sum_checks(cells: Sequence[Cell]) -> Iterator[Check]:
    """Every sum of the forms that the document has."""
    by_key = index(cells)
    forms = {c.table: c.form for c in cells}
    if "requests" in forms:
        yield from _requests(by_key, forms["requests"])
    if "review_litigation" in forms:
        yield from _review(by_key)
    if "statistics" in forms:
        yield from _statistics(by_key)


def _requests(cells: Cells, generation: str) -> Iterator[Check]:
    shape = requests_form(generation)
    columns = [c.id for c in shape.columns]

    def at(row: str, column: str) -> Cell | None:
        return cells.get(("requests", row, column))

    for row in shape.rows:
        parts = [at(row.id, c) for c in columns[:-1]]
        yield compare("requests.row_total", f"{row.id}.total", parts, [at(row.id, "total")])
    for column in columns:
        received = [at("received", column), at("carried_in", column)]
        closed = [at("processed", column), at("carried_out", column)]
        yield compare("requests.column_balance", column, received, closed)
    for column in columns:
        outcomes = [at(row, column) for row in outcome_rows(generation)]
        yield compare("requests.processed_sum", column, outcomes, [at("processed", column)])


def _review(cells: Cells) -> Iterator[Check]:
    shape = review_form("2021")
    for row in shape.rows:
        columns = shape.cells[row.id]
        block = [cells.get(("review_litigation", row.id, c)) for c in columns]
        if any(block):
            yield compare("review_litigation.block_total", f"{row.id}.total", block[:-1], block[-1:])


def _statistics(cells: Cells) -> Iterator[Check]:
    for column in ("year", "cumulative"):
        for rule in statistics_form().sums:
            whole = cells.get(("statistics", rule.whole, column))
            parts = [c for p in rule.parts if (c := cells.get(("statistics", p, column)))]
            if whole is not None and len(parts) >= 2:
                yield compare(f"statistics.{rule.id}", f"{rule.whole}.{column}", parts, [whole])
    for indicator in statistics_form().indicators:
        for column in ("year", "cumulative") if indicator.part_of else ():
            part = cells.get(("statistics", indicator.id, column))
            whole = cells.get(("statistics", indicator.part_of or "", column))
            if part and whole:
                yield _at_most("statistics.part_of", part, whole)
    for (table, row, column), cell in cells.items():
        if table == "statistics" and column == "year" and (cumulative := cells.get((table, row, "cumulative"))):
            yield _at_most("statistics.year_within_cumulative", cell, cumulative)


def _at_most(rule: str, part: Cell, whole: Cell) -> Check:
    """That one number does not exceed another."""
    if part.value is None or whole.value is None:
        return Check(rule, part.key, part.value, whole.value, None, "not_assessable", f"at most {whole.key}")
    difference = part.value - whole.value
    if any("only one reading" in (c.note or "") for c in (part, whole)) and difference <= 0:
        return Check(
            rule, part.key, part.value, whole.value, difference, "not_assessable", "this rule parted the digits"
        )
    status = "fails" if difference > 0 else "holds"
    return Check(rule, part.key, part.value, whole.value, difference, status, f"at most {whole.key}")
