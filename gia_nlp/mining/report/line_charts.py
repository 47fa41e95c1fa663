"""Lines over years or lengths, many small ones side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gia_nlp.mining.report.svg import Svg, fit, ticks
from gia_nlp.mining.report.words import percent, short

WIDTH, HEIGHT = 250.0, 150.0


@dataclass(frozen=True, slots=True)
class Spot:
    """A point of a line at ``x`` with its band."""

    x: float
    value: float
    low: float | None
    high: float | None
    hint: str
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """One small chart."""

    title: str
    spots: tuple[Spot, ...]


def small_multiples(
    name: str,
    title: str,
    description: str,
    panels: Sequence[Panel],
    *,
    columns: int = 4,
    share: bool = False,
    steps: bool = False,
) -> str:
    """A line with its band a panel, all over the same x axis, each with its own y axis from 0. A gap of an x breaks the line."""
    columns = min(columns, max(len(panels), 1))
    rows = -(-len(panels) // columns)
    svg = Svg(name, WIDTH * columns, HEIGHT * rows + 4, title, description)
    places = sorted({s.x for p in panels for s in p.spots})
    ends = (places[0], places[-1]) if places else (0.0, 1.0)
    for i, panel in enumerate(panels):
        _panel(svg, WIDTH * (i % columns), HEIGHT * (i // columns), panel, ends, share, steps)
    return str(svg)


def _panel(svg: Svg, x0: float, y0: float, panel: Panel, ends: tuple[float, float], share: bool, steps: bool) -> None:
    text = percent if share else short
    left, top, inner, height = x0 + 52, y0 + 26, WIDTH - 74, HEIGHT - 52
    highest = max((max(s.value, s.high if s.high is not None else s.value) for s in panel.spots), default=1.0)
    marks = [0.0, 0.5, 1.0] if share else ticks(highest, 2)
    span = max(ends[1] - ends[0], 1)

    def across(x: float) -> float:
        return left + (inner * (x - ends[0]) / span if ends[1] > ends[0] else inner / 2)

    def up(value: float) -> float:
        return top + height * (1 - min(value, marks[-1]) / marks[-1])

    svg.text(x0 + 6, y0 + 15, fit(panel.title, WIDTH - 12), "strong")
    for mark in marks:
        svg.line(left, up(mark), left + inner, up(mark), "grid")
        svg.text(left - 5, up(mark) + 4, text(mark), "dim", anchor="end")
    for x in dict.fromkeys(ends):
        svg.text(across(x), top + height + 15, f"{x:.0f}", "dim", anchor="middle")
    for run in _runs(panel.spots, steps):
        line = [(s.x, s.value) for s in run]
        banded = [s for s in run if s.low is not None and s.high is not None]
        upper, lower = [(s.x, s.high or 0.0) for s in banded], [(s.x, s.low or 0.0) for s in banded]
        if steps:
            line, upper, lower = _steps(line), _steps(upper), _steps(lower)
        if len(banded) > 1:
            svg.path([(across(x), up(y)) for x, y in upper + lower[::-1]], "band", close=True)
        elif banded:
            svg.line(
                across(banded[0].x), up(banded[0].low or 0), across(banded[0].x), up(banded[0].high or 0), "whisker s0"
            )
        if len(line) > 1:
            svg.path([(across(x), up(y)) for x, y in line], "curve")
    for spot in panel.spots:
        svg.open_mark(spot.hint, spot.target)
        svg.circle(across(spot.x), up(spot.value), 3.2, "dot s0")
        svg.close_mark()


def _runs(spots: Sequence[Spot], steps: bool) -> list[list[Spot]]:
    """The spots whose x follow each other without a gap; survival has no gaps, it only changes at its steps."""
    runs: list[list[Spot]] = []
    for spot in spots:
        if runs and (steps or spot.x - runs[-1][-1].x <= 1):
            runs[-1].append(spot)
        else:
            runs.append([spot])
    return runs


def _steps(line: list[tuple[float, float]]) -> list[tuple[float, float]]:
    out: list[tuple[float, float]] = []
    for x, y in line:
        if out:
            out.append((x, out[-1][1]))
        out.append((x, y))
    return out
