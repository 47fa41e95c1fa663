"""Reads inline-marked sections: ``⟦p categories >remedies|text⟧``.

``p`` problem, ``P`` a previous year's problem, ``r`` planned remedy, ``d`` done remedy; categories joined by ``+``; ``>1,2``
the remedies that answer, counted among the case's remedies. ``§id heading`` opens a section; ``=== name`` a case;
``@2023`` in a case's name line is the report's year, ``@form=free`` its form.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gia_nlp.records import Item, Layout, Metadata, Prose, Section


@dataclass
class Case:
    name: str
    text: str
    layout: Layout
    items: list[Item] = field(default_factory=list)


_OPEN = re.compile(r"⟦([pPrd]) ?([a-z+]*) ?(?:>([\d,]+))?\|")
_STATUS = {
    "p": ("problem", "current"),
    "P": ("problem", "previous"),
    "r": ("remedy", "planned"),
    "d": ("remedy", "done"),
}


def parse_case(name: str, body: str) -> Case:
    year = re.search(r"@(20\d\d)", name)
    form = re.search(r"@form=(\w+)", name)
    chars: list[str] = []
    sections: list[tuple[str, str, int, int]] = []
    raw: list[tuple[str, str, str | None, int, int]] = []
    opened: list[tuple[str, str, str | None, int]] = []
    i = 0
    while i < len(body):
        if body[i] == "§" and (not chars or chars[-1] == "\n"):
            line = body[i + 1 : body.index("\n", i)] if "\n" in body[i:] else body[i + 1 :]
            ident, heading = line.split(" ", 1)
            sections.append((ident, heading, len(chars), len(chars) + len(heading)))
            chars.extend(heading)
            i += len(line) + 1
        elif match := _OPEN.match(body, i):
            opened.append((match[1], match[2], match[3], len(chars)))
            i = match.end()
        elif body[i] == "⟧":
            kind, cats, links, start = opened.pop()
            raw.append((kind, cats, links, start, len(chars)))
            i += 1
        else:
            chars.append(body[i])
            i += 1
    assert not opened, name
    text = "".join(chars)
    sections = sections or [("problems", "", 0, 0)]
    ends = [s[2] for s in sections[1:]] + [len(text)]
    found = tuple(Section(s[0], s[1] or None, s[2], s[3], e) for s, e in zip(sections, ends, strict=True))
    prose = tuple(Prose(s.id, s.body_start, s.end) for s in found)
    meta = Metadata(year=int(year[1]) if year else _guess_year(text), form=form[1] if form else "2021")
    raw.sort(key=lambda r: r[3])
    remedies = [n for n, r in enumerate(raw) if r[0] in "rd"]
    items = [
        Item(
            *_STATUS[k],
            s,
            e,
            text[s:e],
            tuple(sorted(filter(None, c.split("+")))),
            (),
            tuple(remedies[int(n) - 1] for n in links.split(",")) if links else (),
        )
        for k, c, links, s, e in raw
    ]
    return Case(name, text, Layout(found, prose, (), meta), items)


def _guess_year(text: str) -> int | None:
    """The lowest year after which only plans come: cases state it, or have a single year before their remedies."""
    years = [int(y) for y in re.findall(r"(20\d\d) ?年", text)]
    return None if not years else years[0]


def read_cases(path: Path) -> list[Case]:
    parts = re.split(r"^=== (.*)\n", path.read_text(encoding="utf-8"), flags=re.M)[1:]
    return [parse_case(n, b.rstrip("\n")) for n, b in zip(parts[::2], parts[1::2], strict=True)]


@dataclass
class Score:
    """Counts summed over cases; F1 of spans with kind, categories, pairing; accuracy of status."""

    items: list[int] = field(default_factory=lambda: [0, 0, 0])
    categories: list[int] = field(default_factory=lambda: [0, 0, 0])
    pairs: list[int] = field(default_factory=lambda: [0, 0, 0])
    status: list[int] = field(default_factory=lambda: [0, 0])
    notes: list[str] = field(default_factory=list)

    def f1(self, name: str) -> float:
        right, got, want = getattr(self, name)
        return 2 * right / (got + want) if got + want else 1.0

    def add(self, name: str, want: list[Item], got: tuple[Item, ...]) -> None:
        matched: dict[int, int] = {}
        options = sorted(
            ((_iou(w, g), i, j) for i, w in enumerate(want) for j, g in enumerate(got) if w.kind == g.kind),
            reverse=True,
        )
        for overlap, i, j in options:
            if overlap >= 0.7 and i not in matched.values() and j not in matched:
                matched[j] = i
        _sum(self.items, len(matched), len(got), len(want))
        _sum(
            self.categories,
            sum(len(set(want[i].categories) & set(got[j].categories)) for j, i in matched.items()),
            sum(len(g.categories) for g in got),
            sum(len(w.categories) for w in want),
        )
        links = [(matched.get(j), matched.get(r)) for j, g in enumerate(got) for r in g.remedies]
        right = {(i, r) for i, w in enumerate(want) for r in w.remedies}
        _sum(self.pairs, sum(link in right for link in links), len(links), len(right))
        for j, i in matched.items():
            same = want[i].status == got[j].status
            self.status[0] += same
            self.status[1] += 1
            if not same:
                self.notes.append(f"{name}: status {got[j].status} {got[j].quote}")
            if set(want[i].categories) != set(got[j].categories):
                self.notes.append(f"{name}: categories {got[j].categories} not {want[i].categories} {got[j].quote}")
            theirs = {matched.get(r) for r in got[j].remedies}
            if theirs != set(want[i].remedies):
                self.notes.append(f"{name}: remedies {got[j].remedies} not {want[i].remedies} {got[j].quote}")
        self.notes += [f"{name}: invented {g.kind} {g.quote}" for j, g in enumerate(got) if j not in matched]
        self.notes += [f"{name}: missed {w.kind} {w.quote}" for i, w in enumerate(want) if i not in matched.values()]

    def __str__(self) -> str:
        names = ("items", "categories", "pairs")
        return "  ".join(f"{n} {self.f1(n):.3f}" for n in names) + f"  status {self.status[0]}/{self.status[1]}"


def _iou(a: Item, b: Item) -> float:
    inter = max(0, min(a.end, b.end) - max(a.start, b.start))
    return inter / ((a.end - a.start) + (b.end - b.start) - inter)


def _sum(total: list[int], *more: int) -> None:
    for k, value in enumerate(more):
        total[k] += value


@pytest.fixture(scope="session")
def cases() -> Callable[[str], list[Case]]:
    return lambda name: read_cases(Path(__file__).parent / "data" / f"{name}.txt")


@pytest.fixture
def score() -> Score:
    return Score()
