"""The lists of a text: which marks are siblings, which are children, where a list begins and ends.

A mark of a known rank (（一）, 1., ①) finds its level by its rank; a floating mark (一是, 首先) opens a level below
whatever stands above it. A numbered mark that comes in the middle of a floating list goes below it only if that list
goes on afterwards; otherwise the floating list has ended.
"""

from __future__ import annotations

from dataclasses import dataclass

from gia_nlp.text.markers import BULLETS, Marker

_PAIR = ("issue", "measure")


@dataclass(frozen=True, slots=True)
class Entry:
    """A mark in its list. ``parent`` is the index of the enclosing entry; ``list_id`` is common to siblings."""

    marker: Marker
    depth: int
    list_id: int
    parent: int | None
    first: bool


@dataclass(slots=True)
class _Level:
    marker: Marker
    list_id: int
    index: int


def outline(markers: tuple[Marker, ...]) -> tuple[Entry, ...]:
    """Levels and lists of the marks, in text order.

    >>> from gia_nlp.text.markers import find_markers
    >>> [e.depth for e in outline(find_markers("（一）问题：1.少；2.慢。（二）措施：一是补；二是快。"))]
    [0, 1, 1, 0, 1, 1]
    """
    levels: list[_Level] = []
    entries: list[Entry] = []
    lists = 0
    following = _next_of_style(markers)
    inner = _inner_lists(markers)
    for i, marker in enumerate(markers):
        if marker.style in BULLETS and i + 1 < len(markers) and markers[i + 1].start == marker.end:
            continue  # "- 一是": the bullet is the layout of the mark behind it
        _close(levels, marker, following, i)
        first = True
        if i in inner and levels and levels[-1].marker.style == marker.style:
            lists += 1
            entries.append(Entry(marker, len(levels), lists, levels[-1].index, True))
            levels.append(_Level(marker, lists, len(entries) - 1))
            continue
        nested = len(levels) > 1 and levels[-2].marker.style == levels[-1].marker.style == marker.style
        if nested and marker.ordinal <= levels[-1].marker.ordinal:
            levels.pop()  # back in the outer list of one style
        if levels and levels[-1].marker.style == marker.style:
            top = levels.pop()
            if (marker.ordinal > 1 and marker.ordinal >= top.marker.ordinal) or marker.style in BULLETS:
                first = False
                list_id = top.list_id
            else:
                lists += 1
                list_id = lists
        else:
            lists += 1
            list_id = lists
        parent = levels[-1].index if levels else None
        entries.append(Entry(marker, len(levels), list_id, parent, first))
        levels.append(_Level(marker, list_id, len(entries) - 1))
    return tuple(entries)


def _inner_lists(markers: tuple[Marker, ...]) -> set[int]:
    """Floating marks that open a list inside a list of their own style: 一是…。一是…，二是…。二是…."""
    inner: set[int] = set()
    of_style: dict[str, list[int]] = {}
    for i, marker in enumerate(markers):
        if marker.floating:
            of_style.setdefault(marker.style, []).append(i)
    for places in of_style.values():
        for k in range(1, len(places)):
            if markers[places[k]].ordinal != 1 or markers[places[k - 1]].ordinal != 1:
                continue
            run = []
            for place in places[k + 1 : k + 20]:
                if markers[place].ordinal == 1:
                    break
                run.append(markers[place].ordinal)
            if run.count(2) == 2:
                inner.add(places[k])
    return inner


def _next_of_style(markers: tuple[Marker, ...]) -> dict[tuple[int, str], Marker]:
    """For every mark and floating style, the next mark of that style."""
    following: dict[tuple[int, str], Marker] = {}
    ahead: dict[str, Marker] = {}
    for i in range(len(markers) - 1, -1, -1):
        for style, marker in ahead.items():
            following[i, style] = marker
        if markers[i].floating:
            ahead[markers[i].style] = markers[i]
    return following


def _close(levels: list[_Level], marker: Marker, following: dict[tuple[int, str], Marker], i: int) -> None:
    """Drops the levels that end before the mark."""
    if (
        marker.style in _PAIR
        and levels
        and levels[-1].marker.style in _PAIR
        and levels[-1].marker.style != marker.style
    ):
        levels.pop()  # 改进1 stands beside 问题3, not below it
    if marker.floating:
        for depth in range(len(levels) - 1, -1, -1):
            if levels[depth].marker.style == marker.style:
                del levels[depth + 1 :]
                return  # the innermost list of its style
        return
    while levels:
        top = levels[-1].marker
        if top.style == marker.style:
            return
        if top.floating:
            ahead = following.get((i, top.style))
            goes_on = marker.ordinal == 1 and ahead is not None and ahead.ordinal == top.ordinal + 1
            if goes_on and not any(level.marker.style == marker.style for level in levels):
                return
        elif top.rank < marker.rank:
            return
        levels.pop()
