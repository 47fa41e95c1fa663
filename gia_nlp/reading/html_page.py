"""A page's tree without what no reader sees, and the measures of its elements that later steps go by."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from gia_nlp.reading.encoding import Decoded, decode
from gia_nlp.reading.html_nodes import Nodes
from gia_nlp.records import Issue

_UNSEEN = [
    "script",
    "style",
    "noscript",
    "template",
    "xml",
    "svg",
    "math",
    "object",
    "embed",
    "applet",
    "audio",
    "video",
    "canvas",
    "map",
    "area",
    "select",
    "option",
    "datalist",
    "button",
    "input",
    "textarea",
    "iframe",
    "head",
]
_META_CHARSET = re.compile(rb"""<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,20})""", re.I)
_LONG_CELL = 1000
_LAYOUT_CELL = 300
_LAYOUT_BLOCKS = 3
_PROSE_ROW = 60
_FOREIGN = "vwm"  # prefixes of office markup that draws, or repeats what the page says itself
_COUNTED = frozenset(["p", "br", "div", "li"])

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "frameset",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "caption",
    ]
)


def page_text(data: bytes) -> Decoded:
    """The page's source; what its ``meta`` says of the charset counts where the content leaves a doubt."""
    declared = _META_CHARSET.search(data[:8192])
    return decode(data, declared=declared.group(1).decode("ascii") if declared else None)


def parse(source: str) -> tuple[Any, tuple[Issue, ...]]:
    """The root element of a page, and a warning where the parser had to give something up."""
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(source.replace("\x00", "").encode("utf-8", "replace"), parser)
    lost = any("xcessive depth" in e.message or "too large" in e.message for e in parser.error_log)
    note = Issue("reading", "PageTooDeep", "Elements nested too deep were lost.", "Save the page from a browser again.")
    return root, ((note,) if lost else ())


@dataclass(slots=True)
class TableShape:
    """What kind of table an element is. ``rows``: the row, how many cells are filled, whether one is heavy."""

    rows: list[tuple[int | None, int, bool]] = field(default_factory=list)
    filled: int = 0
    cells: int = 0
    prose: bool = False
    row_heavy: bool = False
    row: int | None = None

    def close_cell(self, size: int, prose: bool, blocks: int, nested: bool) -> None:
        self.filled += size > 0
        self.cells += 1
        self.prose = size >= _PROSE_ROW and prose
        self.row_heavy |= nested or size >= _LONG_CELL or (size >= _LAYOUT_CELL and blocks >= _LAYOUT_BLOCKS)

    def close_row(self) -> None:
        if self.row is not None or self.filled or self.row_heavy:
            # A row that is one cell with sentences is a paragraph in a frame, not a row of figures.
            self.rows.append((self.row, self.filled, self.row_heavy or (self.prose and self.cells == 1)))
        self.filled, self.cells, self.prose, self.row_heavy, self.row = 0, 0, False, False, None

    @property
    def heavy(self) -> bool:
        """Some cell holds running text or a table of its own: the table is for layout."""
        return any(heavy for _, _, heavy in self.rows)

    @property
    def real(self) -> bool:
        """Rows of several filled cells."""
        return sum(1 for _, filled, _ in self.rows if filled >= 2) >= 2


@dataclass(slots=True)
class Measures:
    """Lengths of text (white space not counted) by element, elements that are not shown, and the shapes of tables."""

    length: list[int]
    linked: list[int]
    hidden: set[int]
    tables: dict[int, TableShape]
    around_tables: set[int]


def strip_unseen(root: Any) -> None:
    """Takes what is never shown out of a tree."""
    etree.strip_elements(root, *_UNSEEN, with_tail=False)


def measure(nodes: Nodes) -> Measures:
    """Measures a page in one pass."""
    size, written = len(nodes.tags), nodes.written
    length, linked = [0] * size, [0] * size
    # What was counted when an element began; the counts only grow.
    begun: list[tuple[int, int, int, int]] = []
    links = [0]  # characters in links, for each open element
    counted = sentences = blocks = 0
    nested: set[int] = set()  # elements around a table that is more than a frame
    hidden: set[int] = set()
    tables: dict[int, TableShape] = {}
    open_tables: list[TableShape] = []
    for i, (closing, tag, empty, text) in enumerate(
        zip(nodes.closing, nodes.tags, nodes.empty, nodes.texts, strict=True)
    ):
        if not closing:
            begun.append((i, counted, sentences, blocks))
            links.append(0)
            if tag == "table":
                open_tables.append(TableShape())
                tables[i] = open_tables[-1]
            elif tag == "tr" and open_tables:
                open_tables[-1].close_row()
                open_tables[-1].row = i
        if closing or empty:
            element, counted_before, sentences_before, blocks_before = begun.pop()
            own = length[element] = counted - counted_before
            inside = links.pop()
            if tag == "a":
                inside = own
            linked[element] = inside
            links[-1] += inside
            if (tag == "td" or tag == "th") and open_tables:
                open_tables[-1].close_cell(own, sentences > sentences_before, blocks - blocks_before, element in nested)
            elif tag == "table" and open_tables:
                shape = open_tables.pop()
                shape.close_row()
                if shape.real or shape.heavy:
                    nested.add(element)
            blocks += tag in _COUNTED
            if begun and element in nested:
                nested.add(begun[-1][0])
            if written[element] and nodes.attributes(element).hidden:
                hidden.add(element)
            if not begun:
                continue
        if text:
            counted += len("".join(text.split()))
            sentences += text.count("。")
    # Sites hide the body of an article until a script shows it: what holds much of the page's text is no extra.
    hidden = {e for e in hidden if length[e] * 3 < length[0]}
    if foreign := {tag for tag in set(nodes.tags) if tag[1:2] == ":" and tag[0] in _FOREIGN}:
        hidden.update(i for i, tag in enumerate(nodes.tags) if tag in foreign and not nodes.closing[i])
    return Measures(length, linked, hidden, tables, nested)
