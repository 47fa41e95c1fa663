"""Which cells a count in the prose speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from gia_nlp.records import Cell, Fact
from gia_nlp.vocabulary.loader import load_yaml

_MARK = re.compile(r"[，。；：、（(]")
_NEAR = 18  # characters beside a count in which its narrowing words stand


@dataclass(frozen=True, slots=True)
class Target:
    """Cells whose sum a count names. ``reading`` says in which sense, where there are two."""

    table: str
    cells: tuple[str, ...]
    reading: str | None = None
    words: tuple[str, ...] = ()
    channel: str | None = None
    money: bool = False


@cache
def _targets() -> dict[str, tuple[Target, ...]]:
    return {
        indicator: tuple(
            Target(
                a["table"], tuple(a["cells"]), a.get("reading"), tuple(a.get("words", ())), a.get("channel"), bool(a.get("money"))
            )
            for a in alternatives
        )
        for indicator, alternatives in load_yaml("witnesses").items()
    }  # fmt: skip


def speaks_of_total(fact: Fact) -> bool:
    """Whether a fact is a whole count of the year (or of all years) that a cell could hold."""
    return fact.topic is None and fact.period in ("current", "cumulative") and fact.value_max is None


def _clause(text: str, fact: Fact) -> str:
    """The words beside a count up to the next marks: what stands behind one narrows another count."""
    before = _MARK.split(text[max(0, fact.start - _NEAR) : fact.start])[-1]
    return before + text[fact.start : fact.end] + _MARK.split(text[fact.end : fact.end + _NEAR])[0]


def targets(text: str, fact: Fact, cells: Mapping[tuple[str, str, str], Cell]) -> Iterator[tuple[Target, list[Cell]]]:
    """The cells that a fact may repeat, in the order in which they are to be tried."""
    near: str | None = None
    narrowed = False
    for target in _targets().get(fact.indicator, ()):
        if target.words:
            near = _clause(text, fact) if near is None else near
            if not any(w in near for w in target.words):
                continue
            narrowed = True  # what is narrowed speaks of no other cell, also where the form has not this one
        elif narrowed:
            continue
        if (target.channel or "all") != fact.channel:
            continue
        found = _cells(target, fact, cells)
        if found:
            yield target, found


def _cells(target: Target, fact: Fact, cells: Mapping[tuple[str, str, str], Cell]) -> list[Cell]:
    found: list[Cell] = []
    for key in target.cells:
        row, _, column = key.rpartition(".")
        if fact.period == "cumulative":
            if target.table != "statistics":
                return []
            column = "cumulative"
        if row.endswith(".*"):
            leaves = [
                c for (t, r, k), c in cells.items() if t == target.table and r.startswith(row[:-1]) and k == column
            ]
            found += leaves
            continue
        cell = cells.get((target.table, row, column))
        if cell is None:
            return []
        found.append(cell)
    return found


def amount(cell: Cell, target: Target) -> float | None:
    """A cell's number in the unit of facts: money in 元."""
    if cell.value is None:
        return None
    return cell.value * 10000 if target.money and (cell.unit or "") == "万元" else cell.value


def scope(target: Target, cells: Sequence[Cell]) -> str:
    """The keys of the cells that a check is about; all leaves of a group as one."""
    if any(".*." in key for key in target.cells):
        return "+".join(target.cells)
    return "+".join(c.key for c in cells)
