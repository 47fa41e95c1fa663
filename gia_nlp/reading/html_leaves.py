"""A page as leaves in reading order: lines of text and tables, each with the elements that it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from gia_nlp.reading.html_page import BLOCKS, Measures, TableShape, tag_of
from gia_nlp.reading.table import PlacedCell, SpanCell, arrange, cell_text, is_table
from gia_nlp.vocabulary.web_pages import WebPages, plain_name

_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’—…·"
_SOURCE_BREAK = re.compile(rf"(?<=[{_WIDE}])[ \t\f]*[\r\n][ \t\r\n\f]*(?=[{_WIDE}])")
_SOURCE_BLANK = re.compile(r"[ \t\r\n\f]+")
_SHOWN = re.compile(r"[^\s\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_GROUPS = ("thead", "tbody", "tfoot")


@dataclass(slots=True)
class Leaf:
    """A line of text, or a table (``cells``). ``linked`` counts its characters inside links."""

    text: str
    linked: int
    chrome: bool
    contained: bool
    cells: tuple[PlacedCell, ...] = ()


@dataclass(slots=True)
class Leaves:
    """All leaves of a page; ``ranges`` gives each element's leaves as a half-open range.

    ``doubtful``: tables whose spans were not believed.
    """

    leaves: list[Leaf] = field(default_factory=list)
    ranges: dict[Any, tuple[int, int]] = field(default_factory=dict)
    doubtful: int = 0


def flow_text(pieces: list[str]) -> str:
    """Text of an inline run as a browser shows it; a line end of the source between two wide characters is none.

    >>> flow_text(["\\n  主动公开\\n", "政府信息 ", " 12\\xa0条 "])
    '主动公开政府信息 12 条'
    """
    text = _SOURCE_BREAK.sub("", "".join(pieces))
    text = _SOURCE_BLANK.sub(" ", text).replace("\xa0", " ").strip(" \u3000\t")
    return text if _SHOWN.search(text) else ""


def collect(body: Any, measures: Measures, words: WebPages) -> Leaves:
    """Walks a page once, in the order of the source."""
    return _Walk(measures, words).run(body)


class _Walk:
    def __init__(self, measures: Measures, words: WebPages) -> None:
        self.measures = measures
        self.words = words
        self.out = Leaves()
        self.pieces: list[str] = []
        self.linked = 0
        self.links = 0
        self.chrome = 0
        self.containers = 0
        self.preformatted = 0
        self.marker = ""
        self.counters: dict[Any, int] = {}
        self.total = 0

    def run(self, body: Any) -> Leaves:
        self.total = self.measures.length[body]
        begun: dict[Any, int] = {}
        marks: dict[Any, tuple[bool, bool]] = {}
        runs: dict[Any, list[Any] | None] = {}  # rows of layout tables that are tables of their own
        walker = etree.iterwalk(body, events=("start", "end"))
        for event, element in walker:
            tag = tag_of(element)
            if event == "end":
                if element in begun:
                    self._leave(element, tag, *marks.pop(element))
                    self.out.ranges[element] = (begun.pop(element), len(self.out.leaves))
                if element is not body:
                    self._text(element.tail)
                continue
            if element in self.measures.hidden or tag.startswith(("v:", "w:", "m:")):
                walker.skip_subtree()
                continue
            if element in runs:
                rows = runs[element]
                if rows is not None:
                    self.flush()
                    self._grid(rows)
                walker.skip_subtree()
                continue
            if tag == "table":
                shape = self.measures.tables[element]
                if not shape.heavy and any(filled >= 2 for _, filled, _ in shape.rows):
                    self.flush()
                    before = len(self.out.leaves)
                    if self._grid([element]):
                        self.out.ranges[element] = (before, len(self.out.leaves))
                        walker.skip_subtree()
                        continue
                elif shape.heavy:
                    runs.update(_row_runs(shape))
            marks[element] = self._enter(element, tag)
            begun[element] = len(self.out.leaves)
            self._text(element.text)
        self.flush()
        return self.out

    def _enter(self, element: Any, tag: str) -> tuple[bool, bool]:
        if tag in BLOCKS:
            self.flush()
        if tag == "br":
            self.flush()
        elif tag == "a":
            self.links += 1
        elif tag == "pre":
            self.preformatted += 1
        elif tag == "li":
            self.marker = self._list_marker(element)
        names = _names(element)
        container = any(n in self.words.containers for n in names)
        chrome = not container and self._is_chrome(element, tag, names)
        self.chrome += chrome
        self.containers += container
        return chrome, container

    def _leave(self, element: Any, tag: str, chrome: bool, container: bool) -> None:
        if tag in BLOCKS:
            self.flush()
        if tag == "a":
            self.links -= 1
        elif tag == "pre":
            self.preformatted -= 1
        elif tag == "li":
            self.marker = ""
        self.chrome -= chrome
        self.containers -= container

    def _is_chrome(self, element: Any, tag: str, names: list[str]) -> bool:
        words = self.words
        named = (
            tag in words.chrome_elements
            or (element.get("role") or "").lower() in words.chrome_roles
            or any(_is_chrome_name(n, words.chrome) for n in names)
            or (
                element not in self.measures.around_tables
                and any(_is_chrome_name(n, words.chrome_without_table) for n in names)
            )
        )
        # A name alone never costs the report: what holds a good part of the page's running text is no chrome.
        own = self.measures.length[element] - self.measures.linked[element]
        return named and own * 4 < self.total

    def _list_marker(self, element: Any) -> str:
        parent = element.getparent()
        if parent is None or tag_of(parent) != "ol":
            return ""
        style = f"{parent.get('style') or ''};{element.get('style') or ''}".lower()
        if "list-style-type:none" in style.replace(" ", "") or "list-style:none" in style.replace(" ", ""):
            return ""
        start = parent.get("start") or ""
        number = self.counters.get(parent, int(start) - 1 if start.isdigit() and len(start) < 5 else 0) + 1
        self.counters[parent] = number
        if (parent.get("type") or "1") != "1" and "decimal" not in style:
            return ""
        return f"{number}. " if 0 < number < 1000 else ""

    def _text(self, text: str | None) -> None:
        if not text:
            return
        if self.preformatted and "\n" in text:
            *lines, text = text.split("\n")
            for line in lines:
                self.pieces.append(line)
                self.flush()
        self.pieces.append(text)
        if self.links:
            self.linked += len("".join(text.split()))

    def flush(self) -> None:
        """Ends the line that is open."""
        if self.pieces:
            text = flow_text(self.pieces)
            self.pieces.clear()
            if text:
                self._add(self.marker + text, ())
                self.marker = ""
        self.linked = 0

    def _add(self, text: str, cells: tuple[PlacedCell, ...]) -> None:
        self.out.leaves.append(Leaf(text, self.linked, self.chrome > 0, self.containers > 0, cells))

    def _grid(self, elements: list[Any]) -> bool:
        """Adds the table that elements (a table, or rows) hold; False if they hold none."""
        loose, groups, linked = _rows(elements, self.measures.hidden)
        cells, believed = arrange(groups)
        if not is_table(cells):
            return False
        self.out.doubtful += not believed
        for line in loose:
            self._add(line, ())
        self.linked = linked
        self._add("", cells)
        self.linked = 0
        return True


def _names(element: Any) -> list[str]:
    return [plain_name(n) for n in f"{element.get('class') or ''} {element.get('id') or ''}".split()]


def _is_chrome_name(name: str, chrome: frozenset[str]) -> bool:
    if name in chrome:
        return True
    parts = name.split("_")
    return len(parts) > 1 and (parts[0] in chrome or parts[-1] in chrome or "_".join(parts[-2:]) in chrome)


def _row_runs(shape: TableShape) -> dict[Any, list[Any] | None]:
    """Runs of tabular rows in a table for layout: the first row leads to all of its run, the others to nothing."""
    runs: dict[Any, list[Any] | None] = {}

    def keep(run: list[tuple[Any, int]]) -> None:
        if sum(1 for _, filled in run if filled >= 2) >= 2:
            elements = [row for row, _ in run]
            runs.update(dict.fromkeys(elements[1:]))
            runs[elements[0]] = elements

    run: list[tuple[Any, int]] = []
    for row, filled, heavy in shape.rows:
        if row is None or heavy or not (filled >= 2 or (filled and run)):
            keep(run)
            run = []
        else:
            run.append((row, filled))
    keep(run)
    return runs


def _rows(elements: list[Any], hidden: set[Any]) -> tuple[list[str], list[list[list[SpanCell]]], int]:
    """Rows of cells in groups, lines that stand in no cell, and how many characters are linked.

    Goes by the order of the source, so cells without a row and cells inside an unclosed cell come out right; tables
    inside a cell count as its text.
    """
    groups: list[list[list[SpanCell]]] = [[]]
    loose: list[str] = []
    linked = 0
    pieces: list[str] = []
    spans: tuple[int, int] | None = None
    row: list[SpanCell] | None = None

    def close_cell() -> None:
        nonlocal spans, row
        text = cell_text(flow_text(pieces))
        pieces.clear()
        if spans is not None:
            if row is None:
                row = []
                groups[-1].append(row)
            row.append(SpanCell(text, *spans))
            spans = None
        elif text:
            loose.append(text)

    for kind, element in _events(elements, hidden):
        if kind == "text":
            pieces.append(element)
        elif kind == "linked":
            linked += len("".join(element.split()))
            pieces.append(element)
        elif kind == "row":
            close_cell()
            row = []
            groups[-1].append(row)
        elif kind == "end row":
            close_cell()
            row = None
        elif kind == "group":
            close_cell()
            row = None
            if groups[-1]:
                groups.append([])
        else:
            close_cell()
            spans = (_span(element.get("rowspan"), 0), _span(element.get("colspan"), 1))
    close_cell()
    return loose, [[r for r in g if r] if not _spans_reach(g) else g for g in groups if g], linked


def _spans_reach(group: list[list[SpanCell]]) -> bool:
    """Whether a rowspan makes the empty rows of a group count."""
    return any(c.row_span != 1 for row in group for c in row)


def _events(elements: list[Any], hidden: set[Any]) -> Iterator[tuple[str, Any]]:
    for root in elements:
        depth = 0
        links = 0
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            tag = tag_of(element)
            if event == "end":
                depth -= tag == "table" and element is not root
                links -= tag == "a"
                if depth == 0 and tag == "tr":
                    yield "end row", None
                elif (tag in BLOCKS and tag not in ("td", "th")) or depth:
                    yield "text", " "
                if element is not root and element.tail:
                    yield ("linked" if links else "text"), element.tail
                continue
            if element in hidden or tag.startswith(("v:", "w:", "m:")):
                walker.skip_subtree()
                depth += tag == "table"
                links += tag == "a"
                continue
            if tag == "table" and element is not root:
                depth += 1
            links += tag == "a"
            if depth == 0 and tag == "tr":
                yield "row", None
            elif depth == 0 and tag in _GROUPS:
                yield "group", None
            elif depth == 0 and tag in ("td", "th"):
                yield "cell", element
            elif tag in BLOCKS or tag == "br":
                yield "text", " "
            if element.text:
                yield ("linked" if links else "text"), element.text


def _span(value: str | None, least: int) -> int:
    """A span attribute as browsers read it: digits in front count, what is none is 1."""
    match = re.match(r"\s*\+?(\d{1,6})", value or "")
    number = int(match.group(1)) if match else 1
    return number if number >= least else 1
