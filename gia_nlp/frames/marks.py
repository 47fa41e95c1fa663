"""Findings marked in the running text, however their spans lie in or across each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from gia_nlp.records import Report


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding at characters of the text. ``id`` is ``f1``, ``i1`` …, as in the output's ids; ``s1`` is a heading."""

    id: str
    start: int
    end: int
    kind: Literal["heading", "problem", "remedy", "fact"]
    label: str


def marks_of(report: Report) -> list[Mark]:
    """All marks of a report: headings, items and facts, numbered in text order."""
    headings = (
        Mark(f"s{n}", s.start, s.body_start, "heading", s.id) for n, s in enumerate(report.sections, 1) if s.heading
    )
    items = sorted(report.items, key=lambda i: (i.start, i.end))
    facts = sorted(report.facts, key=lambda f: (f.start, f.end))
    return [
        *headings,
        *(
            Mark(f"i{n}", i.start, i.end, "problem" if i.kind == "problem" else "remedy", ", ".join(i.categories))
            for n, i in enumerate(items, 1)
        ),
        *(Mark(f"f{n}", f.start, f.end, "fact", f.indicator) for n, f in enumerate(facts, 1)),
    ]


Event = tuple[Literal["open", "close", "text"], "Mark | str", bool]


def walk(text: str, marks: Iterable[Mark]) -> Iterator[Event]:
    """The text with its marks as properly nested events ``(what, mark or text, first)``.

    A mark that crosses another's end is closed and opened again, so that what comes out is a tree; ``first`` is true
    for the first piece of a mark. Longer marks lie outside; every mark opens at least once.

    >>> marks = [Mark("i1", 0, 4, "problem", ""), Mark("f1", 2, 6, "fact", "")]
    >>> [w if what == "text" else f"{what} {w.id}" for what, w, _ in walk("abcdefg", marks)]
    ['open i1', 'ab', 'open f1', 'cd', 'close f1', 'close i1', 'open f1', 'ef', 'close f1', 'g']
    """
    inside = (m if 0 <= m.start <= m.end <= len(text) else _clipped(m, len(text)) for m in marks)
    order = sorted(enumerate(inside), key=lambda pair: (pair[1].start, -pair[1].end, pair[0]))
    waiting = [mark for _, mark in order]
    waiting.reverse()
    open_marks: list[Mark] = []
    position = 0
    while waiting or open_marks:
        starts = waiting[-1].start if waiting else len(text)
        ends = min((m.end for m in open_marks), default=len(text))
        place = max(position, min(starts, ends, len(text)))
        if place > position:
            yield "text", text[position:place], True
            position = place
        ending = [k for k, m in enumerate(open_marks) if m.end <= position or position == len(text)]
        if ending:
            cut = ending[0]
            reopened = [m for m in open_marks[cut:] if m.end > position and position < len(text)]
            for mark in reversed(open_marks[cut:]):
                yield "close", mark, True
            del open_marks[cut:]
            for mark in reopened:
                yield "open", mark, False
                open_marks.append(mark)
        while waiting and waiting[-1].start <= position:
            mark = waiting.pop()
            yield "open", mark, True
            if mark.end <= position:
                yield "close", mark, True
            else:
                open_marks.append(mark)
    if position < len(text):
        yield "text", text[position:], True


def _clipped(mark: Mark, length: int) -> Mark:
    start = min(max(mark.start, 0), length)
    return replace(mark, start=start, end=min(max(mark.end, start), length))


def marked_up(text: str, marks: Iterable[Mark], escape: Callable[[str], str]) -> str:
    """The text as HTML, each piece of a mark in a ``<mark>`` with ``data-id``, its first piece with ``id``."""
    pieces = []
    for what, content, first in walk(text, marks):
        if isinstance(content, str):
            pieces.append(escape(content))
        elif what == "close":
            pieces.append("</mark>")
        else:
            anchor = f' id="{content.id}"' if first else ""
            title = f"{content.id} {content.label}".strip()
            pieces.append(f'<mark class="{content.kind}" data-id="{content.id}"{anchor} title="{escape(title)}">')
    return "".join(pieces)
