"""Drawings as text: SVG elements with everything escaped, links, titles for those who hear the page."""

from __future__ import annotations

import math
import unicodedata
from html import escape

FONT = 12  # the size that page.css gives to the drawings' text


def width_of(text: str, size: float = FONT) -> float:
    """About how wide a text is drawn: Chinese takes a square, Latin a little more than half of one.

    >>> width_of("公开"), width_of("ab")
    (24.0, 14.16)
    """
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return wide * size + (len(text) - wide) * size * 0.59


def fit(text: str, room: float, size: float = FONT) -> str:
    """The text, cut with … where it is wider than the room."""
    if width_of(text, size) <= room:
        return text
    while text and width_of(text + "…", size) > room:
        text = text[:-1]
    return text + "…"


class Svg:
    """A drawing that grows by calls. Colours are classes of page.css, so that it follows light and dark."""

    def __init__(self, name: str, width: float, height: float, title: str, description: str) -> None:
        self.size = (width, height)
        self._linked = False
        # No xmlns: inside HTML it is not needed, and the page names no address at all.
        self._parts = [
            f'<svg class="chart" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}" '
            f'role="group" aria-labelledby="{name}-t {name}-d">'
            f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(description)}</desc>'
        ]

    def rect(self, x: float, y: float, width: float, height: float, kind: str) -> None:
        """A filled rectangle."""
        self._parts.append(
            f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{max(height, 0):.1f}"/>'
        )

    def line(self, x1: float, y1: float, x2: float, y2: float, kind: str) -> None:
        """A straight line."""
        self._parts.append(f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>')

    def path(self, points: list[tuple[float, float]], kind: str, *, close: bool = False) -> None:
        """A line through points, closed to an area if asked."""
        if points:
            data = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + ("Z" if close else "")
            self._parts.append(f'<path class="{kind}" d="{data}"/>')

    def circle(self, x: float, y: float, radius: float, kind: str) -> None:
        """A dot."""
        self._parts.append(f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>')

    def text(self, x: float, y: float, text: str, kind: str = "", *, anchor: str = "start") -> None:
        """Words; ``anchor`` is start, middle or end."""
        named = f' class="{kind}"' if kind else ""
        at = "" if anchor == "start" else f' text-anchor="{anchor}"'
        self._parts.append(f'<text{named} x="{x:.1f}" y="{y:.1f}"{at}>{escape(text)}</text>')

    def turned(self, x: float, y: float, text: str) -> None:
        """Words that rise to the right, for narrow columns."""
        self._parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" transform="rotate(-48 {x:.1f} {y:.1f})">{escape(text)}</text>'
        )

    def open_mark(self, hint: str, target: str | None) -> None:
        """What is drawn until :meth:`close_mark` tells ``hint`` and leads to the evidence ``target``."""
        if target:
            self._parts.append(f'<a href="#{escape(target)}" aria-label="{escape(hint)}"><title>{escape(hint)}</title>')
        else:
            self._parts.append(f"<g><title>{escape(hint)}</title>")
        self._linked = bool(target)

    def close_mark(self) -> None:
        """Ends what :meth:`open_mark` began."""
        self._parts.append("</a>" if self._linked else "</g>")

    def __str__(self) -> str:
        return "".join([*self._parts, "</svg>"])


def ticks(top: float, count: int = 4) -> list[float]:
    """Round numbers from 0 up to at least ``top``.

    >>> ticks(87), ticks(0.32), ticks(0)
    ([0.0, 25.0, 50.0, 75.0, 100.0], [0.0, 0.1, 0.2, 0.3, 0.4], [0.0, 1.0])
    """
    if not top > 1e-9:
        return [0.0, 1.0]
    power = 10.0 ** math.floor(math.log10(top / count))
    step = next(s * power for s in (1, 2, 2.5, 5, 10) if s * power * count >= top * (1 - 1e-9))
    many = int(-(-top * (1 - 1e-9) // step))
    return [round(i * step, 12) for i in range(many + 1)]
