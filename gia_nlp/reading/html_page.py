"""A page's tree without what no reader sees, and the measures of its elements that later steps go by."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from gia_nlp.reading.encoding import Decoded, decode
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
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.I)
_BLANK = re.compile(r"\s+")
_LONG_CELL = 1000
_LAYOUT_CELL = 300
_LAYOUT_BLOCKS = 3
_PROSE_ROW = 60

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


def tag_of(element: Any) -> str:
    """The name of an element in lower case; namespaces of office markup stay as a prefix (``o:p``)."""
    tag = element.tag
    return tag.lower() if isinstance(tag, str) else ""


@dataclass(slots=True)
class TableShape:
    """What kind of table an element is. ``rows``: the row, how many cells are filled, whether one is heavy."""

    rows: list[tuple[Any, int, bool]] = field(default_factory=list)
    filled: int = 0
    cells: int = 0
    prose: bool = False
    row_heavy: bool = False
    row: Any = None

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
    """Lengths of text (white space not counted) by element, hidden elements, and the shapes of tables."""

    length: dict[Any, int]
    linked: dict[Any, int]
    hidden: set[Any]
    tables: dict[Any, TableShape]
    around_tables: set[Any]


def measure(root: Any) -> Measures:
    """Takes what is never shown out of the tree, and measures the rest in one pass."""
    etree.strip_elements(root, *_UNSEEN, with_tail=False)
    length: dict[Any, int] = {}
    linked: dict[Any, int] = {}
    blocks: dict[Any, int] = {}
    sentences: dict[Any, int] = {}
    nested: set[Any] = set()  # elements around a table that is more than a frame
    hidden: set[Any] = set()
    tables: dict[Any, TableShape] = {}
    open_tables: list[TableShape] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = tag_of(element)
        if event == "start":
            length[element] = _visible(element.text)
            sentences[element] = (element.text or "").count("。")
            linked[element] = blocks[element] = 0
            if tag == "table":
                open_tables.append(TableShape())
                tables[element] = open_tables[-1]
            elif tag == "tr" and open_tables:
                open_tables[-1].close_row()
                open_tables[-1].row = element
            continue
        if tag == "a":
            linked[element] = length[element]
        if tag in ("td", "th") and open_tables:
            size = length[element]
            open_tables[-1].filled += size > 0
            open_tables[-1].cells += 1
            open_tables[-1].prose = size >= _PROSE_ROW and sentences[element] > 0
            open_tables[-1].row_heavy |= (
                element in nested or size >= _LONG_CELL or (size >= _LAYOUT_CELL and blocks[element] >= _LAYOUT_BLOCKS)
            )
        elif tag == "table" and open_tables:
            shape = open_tables.pop()
            shape.close_row()
            if shape.real or shape.heavy:
                nested.add(element)
        if _is_hidden(element):
            hidden.add(element)
        parent = element.getparent()
        if parent is not None:
            length[parent] += length[element] + _visible(element.tail)
            linked[parent] += linked[element]
            sentences[parent] += sentences[element] + (element.tail or "").count("。")
            blocks[parent] += blocks[element] + (tag in ("p", "br", "div", "li"))
            if element in nested and parent is not None:
                nested.add(parent)
    total = length[root]
    # Sites hide the body of an article until a script shows it: what holds much of the page's text is no extra.
    hidden = {e for e in hidden if length[e] * 3 < total}
    return Measures(length, linked, hidden, tables, nested)


def _visible(text: str | None) -> int:
    return len(_BLANK.sub("", text)) if text else 0


def _is_hidden(element: Any) -> bool:
    style = element.get("style")
    return (style is not None and bool(_HIDDEN.search(style))) or element.get("hidden") is not None
