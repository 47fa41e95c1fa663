"""Cells from ruling lines: which lines belong to one table, and which regions they part it into."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from gia_nlp.reading.pdf_glyphs import Numbers
from gia_nlp.reading.pdf_page import Rule

_SNAP = 2.5  # lines as near as this are one
_TOUCH = 4.0  # ends as near as this meet
_OPEN = 10.0  # lines that run on this far past the last crossing mean an open side
_MOST_LINES = 300


@dataclass(frozen=True, slots=True)
class Region:
    """A cell of a ruled table: its first row and column and how many of each it covers."""

    row: int
    column: int
    row_span: int
    column_span: int


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruled table: column edges from left to right, row edges from top to bottom, and its cells."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    regions: tuple[Region, ...]

    def regions_at(self, x: Numbers, y: Numbers) -> Numbers:
        """The regions that hold points, by their numbers; -1 for points outside.

        >>> Ruled((0, 10, 20), (10, 0), (Region(0, 0, 1, 2),)).regions_at(np.array([5, 25]), np.array([5, 5])).tolist()
        [0, -1]
        """
        rows, columns = len(self.ys) - 1, len(self.xs) - 1
        owners = np.full((rows + 2, columns + 2), -1)  # a margin around
        for i, r in enumerate(self.regions, start=0):
            owners[r.row + 1 : r.row + r.row_span + 1, r.column + 1 : r.column + r.column_span + 1] = i
        return owners[np.searchsorted(-np.array(self.ys), -y, "right"), np.searchsorted(self.xs, x, "right")]


def find_tables(rules: Iterable[Rule]) -> list[Ruled]:
    """Tables of at least two columns that the lines of a page draw, from top to bottom.

    >>> h = [Rule(True, y, 0, 100) for y in (0, 20, 40)]
    >>> v = [Rule(False, 0, 0, 40), Rule(False, 50, 0, 20), Rule(False, 100, 0, 40)]
    >>> [(r.row, r.column, r.column_span) for r in find_tables(h + v)[0].regions]
    [(0, 0, 2), (1, 0, 1), (1, 1, 1)]
    """
    lines = list(rules)
    across = _merged([r for r in lines if r.horizontal])
    down = _merged([r for r in lines if not r.horizontal])
    if len(across) > _MOST_LINES or len(down) > _MOST_LINES:
        return []
    tables = [t for t in (_table(h, v) for h, v in _components(across, down)) if t is not None]
    return sorted(tables, key=lambda t: -t.ys[0])


def _merged(rules: list[Rule]) -> list[Rule]:
    """Lines at one height, or one x, as the stretches that they cover together."""
    merged: list[Rule] = []
    group: list[Rule] = []
    for rule in [*sorted(rules, key=lambda r: r.at), None]:
        if rule is not None and (not group or rule.at - group[-1].at <= _SNAP):
            group.append(rule)
            continue
        at = sum(r.at for r in group) / len(group) if group else 0.0
        low = high = None
        for part in sorted(group, key=lambda r: r.low):
            if low is None or high is None:
                low, high = part.low, part.high
            elif part.low <= high + _TOUCH:
                high = max(high, part.high)
            else:
                merged.append(Rule(part.horizontal, at, low, high))
                low, high = part.low, part.high
        if low is not None and high is not None:
            merged.append(Rule(group[0].horizontal, at, low, high))
        group = [rule] if rule is not None else []
    return merged


def _components(across: list[Rule], down: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Lines that meet, directly or through others."""
    parent = list(range(len(across) + len(down)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, j in np.argwhere(_meet(across, down)).tolist():
        parent[root(i)] = root(len(across) + j)
    found: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, rule in enumerate([*across, *down]):
        found.setdefault(root(i), ([], []))[i >= len(across)].append(rule)
    return list(found.values())


def _meet(across: list[Rule], down: list[Rule]) -> Numbers:
    """Which lines across meet which lines down."""
    _, at, low, high = np.array(across, float).reshape(-1, 4).T[:, :, None]
    _, place, bottom, top = np.array(down, float).reshape(-1, 4).T
    reaches = (low - _TOUCH <= place) & (place <= high + _TOUCH)
    return reaches & (bottom - _TOUCH <= at) & (at <= top + _TOUCH)


def _edges(values: Iterable[float]) -> list[float]:
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > _SNAP:
            edges.append(value)
    return edges


def _table(across: list[Rule], down: list[Rule]) -> Ruled | None:
    if len(across) < 2 or not down:
        return None
    across, down = list(across), list(down)
    xs, ys = _edges(r.at for r in down), _edges(r.at for r in across)
    # Tables without outer borders, and tables that a page's end cuts open: the lines' own ends close them.
    for edge, sign in ((xs[0], -1), (xs[-1], 1)):
        if (end := _runs_on(across, edge, sign)) is not None:
            xs.append(end)
            down.append(Rule(False, end, ys[0], ys[-1]))
    xs.sort()
    for edge, sign in ((ys[0], -1), (ys[-1], 1)):
        if (end := _runs_on(down, edge, sign)) is not None:
            ys.append(end)
            across.append(Rule(True, end, xs[0], xs[-1]))
    ys.sort()
    if len(xs) < 3 or len(ys) < 2:
        return None
    tops = ys[::-1]
    return Ruled(tuple(xs), tuple(tops), tuple(_regions(xs, tops, across, down)))


def _runs_on(rules: Sequence[Rule], edge: float, sign: int) -> float | None:
    """Where lines end that run on past the last line across them; a few that do are strokes of letters, no open side."""
    ends = [r.low if sign < 0 else r.high for r in rules]
    reaching = [end for end in ends if (end - edge) * sign >= -_TOUCH]
    past = [end for end in reaching if (end - edge) * sign > _OPEN]
    if not past or 2 * len(past) < len(reaching):
        return None
    return max(past, key=lambda end: end * sign)


def _regions(xs: list[float], ys: list[float], across: list[Rule], down: list[Rule]) -> list[Region]:
    """Rectangles of positions that no line parts; every position lies in exactly one."""
    rows, columns = len(ys) - 1, len(xs) - 1
    # For each line between columns, the rows where it does not stand; for each line between rows, the columns.
    open_right = [_gaps(rules, ys[1:], ys) for rules in _by_edge(xs, down)[1:-1]]
    open_below = [_gaps(rules, xs, xs[1:]) for rules in _by_edge(ys, across)[1:-1]]
    regions: list[Region] = []
    taken = [[False] * columns for _ in range(rows)]
    for r in range(rows):
        for c in range(columns):
            if taken[r][c]:
                continue
            width = 1
            while c + width < columns and open_right[c + width - 1][r] and not taken[r][c + width]:
                width += 1
            height = 1
            while r + height < rows and all(
                open_below[r + height - 1][k] and not taken[r + height][k] for k in range(c, c + width)
            ):
                height += 1
            for i in range(r, r + height):
                taken[i][c : c + width] = [True] * width
            regions.append(Region(r, c, height, width))
    return regions


def _by_edge(edges: Sequence[float], rules: Iterable[Rule]) -> list[list[Rule]]:
    """The lines at each edge."""
    found: list[list[Rule]] = [[] for _ in edges]
    rules = list(rules)
    nearest = abs(np.array(edges)[:, None] - np.array([rule.at for rule in rules])).argmin(axis=0)
    for i, rule in zip(nearest.tolist(), rules, strict=True):
        found[i].append(rule)
    return found


def _gaps(rules: Sequence[Rule], lows: Sequence[float], highs: Sequence[float]) -> list[bool]:
    """Which stretches lines stand along half or less."""
    stretches = list(zip(lows, highs, strict=False))
    covered = [0.0] * len(stretches)
    for rule in rules:
        for i, (low, high) in enumerate(stretches):
            if rule.low < high and low < rule.high:
                covered[i] += (rule.high if rule.high < high else high) - (rule.low if rule.low > low else low)
    return [not cover > (high - low) / 2 for cover, (low, high) in zip(covered, stretches, strict=True)]
