"""What must add up within a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gia_nlp.records import Cell, Check
from gia_nlp.vocabulary.forms import outcome_rows, requests_form, review_form, statistics_form

Cells = Mapping[tuple[str, str, str], Cell]
Maybe = Sequence[Cell | None]

Parted = Mapping[str, frozenset[str]]  # by a rule the notes that say that it parted the digits of a cell

_BY_SUM = {
    "requests.row_total": ("parted by the row's sum",),
    "requests.column_balance": ("the columns' sums",),
    "requests.processed_sum": ("the columns' sums",),
    "review_litigation.block_total": ("parted by the blocks' sums",),
}


def index(cells: Sequence[Cell]) -> dict[tuple[str, str, str], Cell]:
    """Cells by (table, row, column)."""
    return {(c.table, c.row, c.column): c for c in cells}


def total(cells: Maybe) -> tuple[float | None, bool]:
    """Sum of cells, and whether a blank one counts as zero in it; ``None`` where a number is not known."""
    blank = False
    whole = 0.0
    for cell in cells:
        if cell is None or cell.kind in ("lost", "ambiguous"):
            return None, blank
        value = cell.value
        if value is None:
            blank = True
        else:
            whole += value
    return whole, blank


def compare(rule: str, scope: str, left: Maybe, right: Maybe, parted: Parted) -> Check:
    """A sum of cells against another; it proves nothing where it parted the digits of one of them."""
    a, left_blank = total(left)
    b, right_blank = total(right)
    if a is None or b is None:
        return Check(rule, scope, a, b, None, "not_assessable", "a number is lost or ambiguous")
    difference = round(a - b, 6)
    if notes := parted.get(rule):
        for cell in (*left, *right):
            if cell is not None and cell.note in notes:
                return Check(rule, scope, a, b, difference, "not_assessable", "this sum parted the glued digits")
    if not (left_blank or right_blank):
        return Check(rule, scope, a, b, difference, "fails" if difference else "holds")
    if all(c is not None and c.value is None for c in (*left, *right)):
        return Check(rule, scope, None, None, None, "not_assessable", "all cells are blank")
    status = "not_assessable" if difference else "holds_if_blank_is_zero"
    return Check(rule, scope, a, b, difference, status, "a cell is blank")


def sum_checks(cells: Sequence[Cell], by_key: Cells) -> Iterator[Check]:
    """Every sum of the forms that the document has; ``by_key`` is the :func:`index` of its cells."""
    forms = {c.table: c.form for c in cells}
    notes = {c.note for c in cells if c.note}
    parted = {rule: frozenset(n for n in notes if any(w in n for w in words)) for rule, words in _BY_SUM.items()}
    if "requests" in forms:
        yield from _requests(by_key, forms["requests"], parted)
    if "review_litigation" in forms:
        yield from _review(by_key, parted)
    if "statistics" in forms:
        yield from _statistics(by_key, parted)


def _requests(cells: Cells, generation: str, parted: Parted) -> Iterator[Check]:
    shape = requests_form(generation)
    columns = [c.id for c in shape.columns]
    rows = {row.id: [cells.get(("requests", row.id, column)) for column in columns] for row in shape.rows}
    whole = columns.index("total")
    for row, found in rows.items():
        yield compare("requests.row_total", f"{row}.total", found[:-1], (found[whole],), parted)
    received, carried_in, processed, carried_out = (
        rows[r] for r in ("received", "carried_in", "processed", "carried_out")
    )
    for n, column in enumerate(columns):
        left, right = (received[n], carried_in[n]), (processed[n], carried_out[n])
        yield compare("requests.column_balance", column, left, right, parted)
    outcomes = [rows[row] for row in outcome_rows(generation)]
    for n, column in enumerate(columns):
        yield compare("requests.processed_sum", column, [row[n] for row in outcomes], (processed[n],), parted)


def _review(cells: Cells, parted: Parted) -> Iterator[Check]:
    shape = review_form("2021")
    for row in shape.rows:
        columns = shape.cells[row.id]
        block = [cells.get(("review_litigation", row.id, c)) for c in columns]
        if any(block):
            yield compare("review_litigation.block_total", f"{row.id}.total", block[:-1], block[-1:], parted)


def _statistics(cells: Cells, parted: Parted) -> Iterator[Check]:
    for column in ("year", "cumulative"):
        for rule in statistics_form().sums:
            whole = cells.get(("statistics", rule.whole, column))
            parts = [c for p in rule.parts if (c := cells.get(("statistics", p, column)))]
            if whole is not None and len(parts) >= 2:
                yield compare(f"statistics.{rule.id}", f"{rule.whole}.{column}", parts, [whole], parted)
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
