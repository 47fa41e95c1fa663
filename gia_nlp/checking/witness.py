"""Chooses between readings of glued digits where a count in the prose, named in the note, leaves only one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gia_nlp.checking.sums import index
from gia_nlp.checking.targets import speaks_of_total, targets
from gia_nlp.records import Cell, Fact, GluedRun, Layout
from gia_nlp.structure.tables.recognised import NOTE, with_ocr
from gia_nlp.vocabulary.forms import statistics_form

Reading = tuple[str | None, ...]
ByKey = dict[tuple[str, str, str], Cell]
_APART = 3  # digits by which a year and all years may differ before a count in the prose is taken for a chance


def _value(text: str | None) -> float | None:
    return None if text is None else float(text.replace(",", ""))


def decide(text: str, layout: Layout, facts: Sequence[Fact]) -> tuple[tuple[Cell, ...], ByKey, set[tuple[int, str]]]:
    """The cells with glued digits parted where the prose decides, the same by (table, row, column), and which facts decided.

    A fact is named by its start and the key of the cell.
    """
    cells = index(layout.cells)
    if not layout.glued and len(cells) == len(layout.cells):
        return layout.cells, cells, set()
    open_runs = {(run.table, run.cells): list(run.readings) for run in layout.glued if not run.truncated}
    why: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    used: set[tuple[int, str]] = set()
    for run in layout.glued:
        place = (run.table, run.cells)
        if place not in open_runs:
            continue
        kept, reasons, facts_used = _by_facts(text, run, open_runs[place], facts, cells)
        if reasons:
            open_runs[place], why[place] = kept, reasons
            used |= facts_used
    _by_wholes(layout.glued, open_runs, why, cells)
    for run in layout.glued:
        place = (run.table, run.cells)
        for i, key in enumerate(run.cells) if place in why else ():
            options = {r[i] for r in open_runs[place]}
            row, _, column = key.rpartition(".")
            cell = cells.get((run.table, row, column))
            if len(options) == 1 and cell is not None and cell.kind == "ambiguous":
                value = _value(options.pop())
                kind = "empty" if value is None else "zero" if value == 0 else "number"
                note = f"glued digits {run.raw}, parted by {'; '.join(why[place])}"
                if NOTE in (cell.note or "").split("; "):
                    note = with_ocr(note)
                cells[run.table, row, column] = replace(cell, value=value, kind=kind, note=note)
    return tuple(cells[c.table, c.row, c.column] for c in layout.cells), cells, used


def _by_facts(
    text: str, run: GluedRun, readings: list[Reading], facts: Sequence[Fact], cells: ByKey
) -> tuple[list[Reading], list[str], set[tuple[int, str]]]:
    """The readings that all speaking counts of the prose allow; none is dropped where counts contradict each other."""
    kept = readings
    reasons: list[str] = []
    used: set[tuple[int, str]] = set()
    for fact in facts:
        if not speaks_of_total(fact) or fact.bound != "exact" or fact.value == 0:
            continue
        for target, found in targets(text, fact, cells):
            if target.table != run.table or len(found) != 1 or found[0].key not in run.cells or target.money:
                continue
            at = run.cells.index(found[0].key)
            fitting = [r for r in readings if _value(r[at]) == fact.value]
            # A single digit is too easily the beginning of a longer number.
            if not fitting or len(fitting) == len(readings) or (fact.value < 10 and len(fitting) > 1):
                continue
            if len(run.cells) == 2 and all(abs(len(r[0] or "") - len(r[1] or "")) > _APART for r in fitting):
                continue
            both = [r for r in kept if r in fitting]
            if not both:
                return readings, [], set()
            kept = both
            reasons.append(f"the prose, {fact.indicator} “{fact.quote}” at {fact.start}-{fact.end}")
            used.add((fact.start, found[0].key))
            break
    return kept, reasons, used


def _by_wholes(
    runs: Sequence[GluedRun],
    open_runs: dict[tuple[str, tuple[str, ...]], list[Reading]],
    why: dict[tuple[str, tuple[str, ...]], list[str]],
    cells: ByKey,
) -> None:
    """A part of the 统计表 is never more than its whole: a whole that the prose decided can decide its parts."""
    for run in runs:
        place = (run.table, run.cells)
        row = run.cells[0].rpartition(".")[0]
        indicator = statistics_form().indicator(row)
        if run.table != "statistics" or place not in open_runs or not indicator or not indicator.part_of:
            continue
        whole = next((p for p in why if p[1][0].rpartition(".")[0] == indicator.part_of and p[0] == "statistics"), None)
        if whole is None or len(open_runs[whole]) != 1 or len(whole[1]) != len(run.cells):
            continue
        most = [_value(v) or 0.0 for v in open_runs[whole][0]]
        fitting = [r for r in open_runs[place] if all((_value(v) or 0.0) <= m for v, m in zip(r, most, strict=True))]
        if fitting and len(fitting) < len(open_runs[place]):
            open_runs[place] = fitting
            why.setdefault(place, []).append(
                f"{indicator.part_of}, whose digits were parted by {'; '.join(why[whole])}"
            )
