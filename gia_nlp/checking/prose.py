"""What the prose says against what the tables say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gia_nlp.checking.sums import Cells
from gia_nlp.checking.targets import Target, amount, scope, speaks_of_total, targets
from gia_nlp.records import Cell, Check, Fact

# Counts that a report gives in many parts without saying so: a mention that differs from the table is most often a part.
_IN_PARTS = frozenset(
    {
        "items_published", "policy_interpretations", "press_conferences", "training_sessions", "training_attendance",
        "meetings", "staff", "normative_documents", "licensing_decisions", "complaints", "fees_charged",
    }
)  # fmt: skip


def prose_checks(text: str, cells: Cells, facts: Sequence[Fact], used: set[tuple[int, str]]) -> Iterator[Check]:
    """One check for each count of the prose that a table repeats.

    ``cells`` are by (table, row, column). ``used`` holds (fact's start, cell key) of the counts by which glued digits were parted: they prove nothing more. Of a count that
    reports give in parts (items published, meetings) the mentions that agree are checks, and the first one if none does.
    """
    made: dict[tuple[str, str], list[Check]] = {}
    seen: set[tuple[str, float, str]] = set()
    for fact in facts:
        if not speaks_of_total(fact):
            continue
        found = list(targets(text, fact, cells))
        for table in dict.fromkeys(t.table for t, _ in found):
            options = [(t, c) for t, c in found if t.table == table]
            where = scope(*options[0])
            if (fact.indicator, fact.value, where) in seen:
                continue
            seen.add((fact.indicator, fact.value, where))
            made.setdefault((fact.indicator, where), []).append(_check(fact, options, used))
    for (indicator, _), checks in made.items():
        if indicator in _IN_PARTS:
            yield from [c for c in checks if c.status != "fails"] or checks[:1]
        else:
            yield from checks


def _check(fact: Fact, options: list[tuple[Target, list[Cell]]], used: set[tuple[int, str]]) -> Check:
    """The first alternative that agrees, else the first of all."""
    rule = f"prose.{fact.indicator}"
    said = f"prose “{fact.quote}” at {fact.start}"
    checks = []
    for target, cells in options:
        note = said + (f"; read as {target.reading}" if target.reading else "")
        where = scope(target, cells)
        if any((fact.start, c.key) in used for c in cells):
            note = f"{said} decided how the digits of {where} part"
            return Check(rule, where, fact.value, amount(cells[0], target), 0.0, "not_assessable", note)
        checks.append(_compared(rule, where, fact, target, cells, note))
    agreeing = [c for c in checks if c.status in ("holds", "holds_if_blank_is_zero")]
    if agreeing:
        return agreeing[0]
    return checks[0]


def _compared(rule: str, where: str, fact: Fact, target: Target, cells: list[Cell], note: str) -> Check:
    if any(c.kind in ("lost", "ambiguous") for c in cells):
        return Check(rule, where, fact.value, None, None, "not_assessable", f"{note}; a cell is {cells[0].kind}")
    value = sum(amount(c, target) or 0.0 for c in cells)
    blank = any(c.value is None for c in cells)
    difference = round(fact.value - value, 6)
    agrees = difference == 0 or (fact.bound == "at_least" and difference < 0)
    if fact.bound == "about":
        return Check(rule, where, fact.value, value, difference, "not_assessable", f"{note}; the prose rounds")
    if blank:
        status = "holds_if_blank_is_zero" if agrees else "not_assessable"
        return Check(rule, where, fact.value, value, difference, status, f"{note}; a cell is blank")
    return Check(rule, where, fact.value, value, difference, "holds" if agrees else "fails", note)
