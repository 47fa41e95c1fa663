"""The kinds of figures: heat map, points with intervals, stacked columns. Each takes plain values and returns SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gia_nlp.mining.report.svg import Svg, fit, ticks, width_of
from gia_nlp.mining.report.words import number, percent, short

LABELS = 190.0  # the most room for labels of rows


@dataclass(frozen=True, slots=True)
class Heat:
    """A cell of a heat map: ``level`` 0 to 1 is its colour (below 0 for the other end), ``low`` and ``high`` 0 to 1 its interval."""

    level: float
    text: str
    hint: str
    target: str | None = None
    low: float | None = None
    high: float | None = None
    marked: bool = False


def heat_map(
    name: str,
    title: str,
    description: str,
    rows: Sequence[str],
    columns: Sequence[str],
    cells: dict[tuple[int, int], Heat],
) -> str:
    """Rows and columns by label; the bar below a cell's number is its interval on the scale of 0 to 1."""
    left = min(LABELS, max((width_of(r) for r in rows), default=0)) + 12
    tall = any(width_of(c) > 44 for c in columns)
    size, height = (46.0, 30.0)
    top = 22.0 + (min(130.0, max(width_of(c) for c in columns)) * 0.75 if tall else 0)
    svg = Svg(name, left + size * len(columns) + (100 if tall else 8), top + height * len(rows) + 8, title, description)
    for j, label in enumerate(columns):
        x = left + j * size + size / 2
        if tall:
            svg.turned(x, top - 8, fit(label, 130))
        else:
            svg.text(x, top - 8, label, anchor="middle")
    for i, label in enumerate(rows):
        svg.text(left - 8, top + i * height + height / 2 + 4, fit(label, LABELS), anchor="end")
        for j in range(len(columns)):
            cell = cells.get((i, j))
            if cell is not None:
                _heat_cell(svg, left + j * size, top + i * height, size, height, cell)
    return str(svg)


def _heat_cell(svg: Svg, x: float, y: float, width: float, height: float, cell: Heat) -> None:
    shade = min(9, int(abs(cell.level) * 10))
    kind = f"h{shade}" if cell.level >= 0 else f"c{shade}"
    svg.open_mark(cell.hint, cell.target)
    svg.rect(x + 1, y + 1, width - 2, height - 2, f"heat {kind}{' marked' if cell.marked else ''}")
    svg.text(
        x + width / 2,
        y + (16 if cell.low is not None else 19),
        cell.text,
        "on" if shade >= 6 else "off",
        anchor="middle",
    )
    if cell.low is not None and cell.high is not None:
        inner = width - 10
        svg.line(x + 5, y + height - 7, x + 5 + inner, y + height - 7, "scale on" if shade >= 6 else "scale")
        svg.line(
            x + 5 + inner * cell.low,
            y + height - 7,
            x + 5 + inner * cell.high,
            y + height - 7,
            "range on" if shade >= 6 else "range",
        )
    svg.close_mark()


@dataclass(frozen=True, slots=True)
class Point:
    """A value with its interval; ``series`` numbers its colour from 0."""

    value: float
    low: float | None
    high: float | None
    hint: str
    target: str | None = None
    series: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A row of points: its label, what stands at the right (n), its points."""

    label: str
    note: str
    points: tuple[Point, ...]


def point_chart(
    name: str,
    title: str,
    description: str,
    rows: Sequence[Row],
    *,
    legend: Sequence[str] = (),
    axis: str = "",
    ends: tuple[float, float] | None = None,
    middle: float | None = None,
    share: bool = True,
) -> str:
    """Points with intervals over one axis; ``middle`` draws the line of no difference."""
    highest = max((max(p.value, p.high or 0) for r in rows for p in r.points), default=1.0)
    marks = ticks(highest) if ends is None else [ends[0] + (ends[1] - ends[0]) * i / 4 for i in range(5)]
    low, high = marks[0], marks[-1]
    left = min(LABELS * 1.6, max((width_of(r.label) for r in rows), default=0)) + 14
    right = max((width_of(r.note) for r in rows), default=0) + 18
    step = 16.0 + 8 * max((len(r.points) for r in rows), default=1)
    top = 14.0 + (20 if legend else 0)
    inner = 400.0
    legends = left + sum(width_of(x) + 34 for x in legend)
    svg = Svg(name, max(left + inner + right, legends), top + step * len(rows) + 40, title, description)
    at = left
    for i, text in enumerate(legend):
        svg.circle(at + 5, 11, 4.5, f"dot s{i}")
        svg.text(at + 14, 15, text)
        at += width_of(text) + 34

    def across(value: float) -> float:
        return left + inner * (min(max(value, low), high) - low) / (high - low)

    bottom = top + step * len(rows)
    for mark in marks:
        svg.line(across(mark), top - 4, across(mark), bottom, "grid")
        svg.text(across(mark), bottom + 16, percent(mark) if share else short(mark), "dim", anchor="middle")
    if middle is not None:
        svg.line(across(middle), top - 4, across(middle), bottom, "middle")
    svg.text(left + inner / 2, bottom + 33, fit(axis, inner), "dim", anchor="middle")
    for i, row in enumerate(rows):
        y = top + step * i + step / 2
        svg.text(left - 8, y + 4, fit(row.label, LABELS * 1.6), anchor="end")
        svg.text(left + inner + 10, y + 4, row.note, "dim")
        for k, point in enumerate(row.points):
            height = y + (k - (len(row.points) - 1) / 2) * 10
            svg.open_mark(point.hint, point.target)
            if point.low is not None and point.high is not None:
                svg.line(across(point.low), height, across(point.high), height, f"whisker s{point.series}")
            svg.circle(across(point.value), height, 4.5, f"dot s{point.series}")
            svg.close_mark()
    return str(svg)


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a column."""

    value: float
    hint: str
    target: str | None = None


def column_chart(
    name: str,
    title: str,
    description: str,
    labels: Sequence[str],
    stacks: Sequence[Sequence[Bar]],
    *,
    legend: Sequence[str] = (),
    axis: str = "",
) -> str:
    """Columns of stacked parts, one a label; the parts of each stack in the order of the legend."""
    tops = [sum(b.value for b in s) for s in stacks]
    marks = ticks(max(tops, default=0))
    left = max(width_of(short(m)) for m in marks) + 14
    wide = max(38.0, max((width_of(x) for x in labels), default=0) + 10)
    inner, top = 180.0, 20.0 + (22 if legend else 0)
    width = max(
        left + wide * len(labels) + 10, left + sum(width_of(x) + 34 for x in legend) + 10, left + width_of(axis) + 10
    )
    svg = Svg(name, width, top + inner + 44, title, description)
    at = left
    for i, text in enumerate(legend):
        svg.rect(at, 6, 10, 10, f"bar s{i}")
        svg.text(at + 15, 15, text)
        at += width_of(text) + 34
    for mark in marks:
        y = top + inner * (1 - mark / marks[-1])
        svg.line(left, y, left + wide * len(labels), y, "grid")
        svg.text(left - 6, y + 4, short(mark), "dim", anchor="end")
    for j, (label, stack) in enumerate(zip(labels, stacks, strict=True)):
        y = top + inner
        for i, bar in enumerate(stack):
            height = inner * bar.value / marks[-1]
            y -= height
            if bar.value:
                svg.open_mark(bar.hint, bar.target)
                svg.rect(left + wide * j + 4, y, wide - 8, height, f"bar s{i}")
                svg.close_mark()
        svg.text(left + wide * j + wide / 2, top + inner + 16, label, anchor="middle")
        if tops[j]:
            svg.text(left + wide * j + wide / 2, y - 4, number(tops[j]), "dim", anchor="middle")
    svg.text(left, top + inner + 36, axis, "dim")
    return str(svg)
