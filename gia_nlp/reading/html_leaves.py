"""A page as leaves in reading order: lines of text and tables, each with the elements that it stands in."""

from __future__ import annotations

from dataclasses import dataclass, field

from gia_nlp.reading.html_nodes import Nodes
from gia_nlp.reading.html_page import BLOCKS, Measures, TableShape
from gia_nlp.reading.html_rows import read_rows
from gia_nlp.reading.html_text import flow_text
from gia_nlp.reading.table import PlacedCell, arrange, is_table
from gia_nlp.vocabulary.web_pages import WebPages


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
    ranges: dict[int, tuple[int, int]] = field(default_factory=dict)
    doubtful: int = 0


def collect(nodes: Nodes, body: int, measures: Measures, words: WebPages) -> Leaves:
    """Walks a page once, in the order of the source."""
    return _Walk(nodes, measures, words).run(body)


class _Walk:
    def __init__(self, nodes: Nodes, measures: Measures, words: WebPages) -> None:
        self.nodes = nodes
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
        self.counters: dict[int, int] = {}
        self.total = 0

    def run(self, body: int) -> Leaves:
        nodes, measures, leaves, ranges = self.nodes, self.measures, self.out.leaves, self.out.ranges
        tags, texts, ends, closing, empty = nodes.tags, nodes.texts, nodes.ends, nodes.closing, nodes.empty
        self.total = measures.length[body]
        begun: list[tuple[int, int, bool, bool]] = []
        runs: dict[int, list[int] | None] = {}  # rows of layout tables that are tables of their own
        i, last = body, ends[body]
        while i <= last:
            tag = tags[i]
            if not closing[i]:
                if i in measures.hidden or self._is_grid(i, tag, runs):
                    i = ends[i]
                else:
                    chrome, container = self._enter(i, tag, begun[-1][0] if begun else None)
                    begun.append((i, len(leaves), chrome, container))
                    if not empty[i]:
                        self._text(texts[i])
                        i += 1
                        continue
            if begun and ends[begun[-1][0]] == i:
                element, before, chrome, container = begun.pop()
                self._leave(tag, chrome, container)
                ranges[element] = (before, len(leaves))
            if i != last:
                self._text(texts[i])
            i += 1
        self.flush()
        return self.out

    def _is_grid(self, element: int, tag: str, runs: dict[int, list[int] | None]) -> bool:
        """Whether an element is a table, or of a run of rows that is one; adds it then."""
        if element in runs:
            rows = runs[element]
            if rows is not None:
                self.flush()
                self._grid(rows)
            return True
        if tag == "table":
            shape = self.measures.tables[element]
            if shape.heavy:
                runs.update(_row_runs(shape))
            elif any(filled >= 2 for _, filled, _ in shape.rows):
                self.flush()
                before = len(self.out.leaves)
                if self._grid([element]):
                    self.out.ranges[element] = (before, len(self.out.leaves))
                    return True
        return False

    def _enter(self, element: int, tag: str, parent: int | None) -> tuple[bool, bool]:
        if tag in BLOCKS or tag == "br":
            self.flush()
        if tag == "a":
            self.links += 1
        elif tag == "pre":
            self.preformatted += 1
        elif tag == "li":
            self.marker = self._list_marker(element, parent)
        own = self.nodes.attributes(element)
        chrome = not own.container and self._is_chrome(element, tag)
        self.chrome += chrome
        self.containers += own.container
        return chrome, own.container

    def _leave(self, tag: str, chrome: bool, container: bool) -> None:
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

    def _is_chrome(self, element: int, tag: str) -> bool:
        own = self.nodes.attributes(element)
        named = own.chrome or tag in self.words.chrome_elements
        if not named and (not own.chrome_without_table or element in self.measures.around_tables):
            return False
        # A name alone never costs the report: what holds a good part of the page's running text is no chrome.
        return (self.measures.length[element] - self.measures.linked[element]) * 4 < self.total

    def _list_marker(self, element: int, parent: int | None) -> str:
        if parent is None or self.nodes.tags[parent] != "ol":
            return ""
        around, own = self.nodes.attributes(parent).values, self.nodes.attributes(element).values
        style = f"{around.get('style', '')};{own.get('style', '')}".lower()
        if "list-style-type:none" in style.replace(" ", "") or "list-style:none" in style.replace(" ", ""):
            return ""
        start = around.get("start", "")
        number = self.counters.get(parent, int(start) - 1 if start.isdigit() and len(start) < 5 else 0) + 1
        self.counters[parent] = number
        if (around.get("type") or "1") != "1" and "decimal" not in style:
            return ""
        return f"{number}. " if 0 < number < 1000 else ""

    def _text(self, text: str) -> None:
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

    def _grid(self, elements: list[int]) -> bool:
        """Adds the table that elements (a table, or rows) hold; False if they hold none."""
        loose, groups, linked = read_rows(self.nodes, elements, self.measures.hidden)
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


def _row_runs(shape: TableShape) -> dict[int, list[int] | None]:
    """Runs of tabular rows in a table for layout: the first row leads to all of its run, the others to nothing."""
    runs: dict[int, list[int] | None] = {}

    def keep(run: list[tuple[int, int]]) -> None:
        if sum(1 for _, filled in run if filled >= 2) >= 2:
            elements = [row for row, _ in run]
            runs.update(dict.fromkeys(elements[1:]))
            runs[elements[0]] = elements

    run: list[tuple[int, int]] = []
    for row, filled, heavy in shape.rows:
        if row is None or heavy or not (filled >= 2 or (filled and run)):
            keep(run)
            run = []
        else:
            run.append((row, filled))
    keep(run)
    return runs
