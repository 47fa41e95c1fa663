"""Numbers that stand in a recognised table and in none of its cells: each leaves a warning."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

from gia_nlp.records import Cell, Issue
from gia_nlp.structure.tables.reading import Source
from gia_nlp.structure.tables.rows import Row
from gia_nlp.vocabulary.forms import letters

_NUMBER = re.compile(r"-?\d")
_MOST = 20  # warnings of a document
_LONGEST = 100


def unread(
    source: Source, cells: Iterable[Cell], tables: dict[str, tuple[tuple[int, int], ...]], used: set[int]
) -> list[Issue]:
    """One warning for each row of numbers that no cell took. ``tables`` gives the tables' spans, ``used`` the parts taken."""
    covered = sorted([(c.start, c.end) for c in cells if c.start is not None and c.end is not None])
    starts = [start for start, _ in covered]

    def taken(start: int, end: int) -> bool:
        i = bisect_right(starts, end - 1)
        return any(b > start for _, b in reversed(covered[max(0, i - 16) : i]))

    found: list[Issue] = []
    spans = [(a, b, name) for name, places in tables.items() for a, b in places]
    for place, part in enumerate(source.parts):
        if isinstance(part, Row):
            if place in used or not part.words or (table := _table(spans, part.start)) is None:
                continue
            numbers = [part.cells[i] for i in part.filled if i not in part.words and _NUMBER.match(part.cells[i].text)]
            if any(p.start is not None and p.end is not None and not taken(p.start, p.end) for p in numbers):
                texts = [p.text for p in part.cells if p.text]
                found.append(_issue(table, part.start, " | ".join(texts)))
            continue
        view, seen = part.free.view, -1
        text = view.text
        inside = [(view.locate(a), view.locate(b), name) for a, b, name in spans]
        for run in part.runs if inside else ():
            if run.unit or (table := _table(inside, run.start)) is None:
                continue
            line_start = text.rfind("\n", max(0, run.start - _LONGEST), run.start) + 1
            line_end = text.find("\n", run.end, run.end + _LONGEST)
            if run.own_line or line_end < 0 or line_start <= seen or run.start - line_start >= _LONGEST:
                continue
            line = text[line_start:line_end].strip()
            start, end = view.span(run.start, run.end)
            if taken(start, end) or re.search(r"[。；，]|^注", line) or not letters(line):
                continue
            found.append(_issue(table, start, line))
            seen = line_start
    if len(found) > _MOST:
        more = f"{len(found) - _MOST} more rows of numbers are in none of the cells"
        return [*found[:_MOST], Issue("structure", "table", more)]
    return found


def _table(spans: list[tuple[int, int, str]], at: int) -> str | None:
    return next((name for a, b, name in spans if a <= at < b), None)


def _issue(table: str, at: int, seen: str) -> Issue:
    return Issue("structure", f"table_{table}", f"numbers at {at} are in none of the cells: {seen}"[:300])
