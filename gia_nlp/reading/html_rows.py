"""The rows of a page's tables as their source lists them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from gia_nlp.reading.html_nodes import Nodes
from gia_nlp.reading.html_page import BLOCKS
from gia_nlp.reading.html_text import flow_text
from gia_nlp.reading.table import SpanCell, cell_text

_GROUPS = frozenset(["thead", "tbody", "tfoot"])
_CELLS = frozenset(["td", "th"])
_SPAN = re.compile(r"\s*\+?(\d{1,6})")
_BREAKS = BLOCKS - _CELLS


def read_rows(
    nodes: Nodes, elements: Sequence[int], hidden: set[int]
) -> tuple[list[str], list[list[list[SpanCell]]], int]:
    """Rows of cells in groups, lines that stand in no cell, and how many characters are linked.

    Goes by the order of the source, so cells without a row and cells inside an unclosed cell come out right; tables
    inside a cell count as its text.
    """
    rows = _Rows()
    for element in elements:
        rows.read(nodes, element, hidden)
    rows.close_cell()
    groups = [[r for r in g if r] if not _spans_reach(g) else g for g in rows.groups if g]
    return rows.loose, groups, rows.linked


class _Rows:
    def __init__(self) -> None:
        self.groups: list[list[list[SpanCell]]] = [[]]
        self.loose: list[str] = []
        self.linked = 0
        self.pieces: list[str] = []
        self.spans: tuple[int, int] | None = None
        self.row: list[SpanCell] | None = None

    def close_cell(self) -> None:
        text = cell_text(flow_text(self.pieces)) if self.pieces else ""
        self.pieces.clear()
        if self.spans is not None:
            if self.row is None:
                self.open_row()
            self.row.append(SpanCell(text, *self.spans))  # type: ignore[union-attr]
            self.spans = None
        elif text:
            self.loose.append(text)

    def open_row(self) -> None:
        self.row = []
        self.groups[-1].append(self.row)

    def read(self, nodes: Nodes, table: int, hidden: set[int]) -> None:
        tags, texts, ends, closing, empty = nodes.tags, nodes.texts, nodes.ends, nodes.closing, nodes.empty
        pieces, written = self.pieces, nodes.written
        depth = links = 0  # of tables in this one, and of links
        i, last = table, ends[table]
        while i <= last:
            tag = tags[i]
            if not closing[i]:
                skipped = i in hidden
                if tag == "table" and (skipped or i != table):
                    depth += 1
                elif tag == "a":
                    links += 1
                if skipped:
                    i = ends[i]
                else:
                    if tag in BLOCKS:
                        if depth:
                            pieces.append(" ")
                        elif tag in _CELLS:
                            self.close_cell()
                            self.spans = _spans(nodes.attributes(i).values) if "span=" in written[i] else (1, 1)
                        elif tag == "tr":
                            self.close_cell()
                            self.open_row()
                        elif tag in _GROUPS:
                            self.close_cell()
                            self.row = None
                            if self.groups[-1]:
                                self.groups.append([])
                        else:
                            pieces.append(" ")
                    elif tag == "br":
                        pieces.append(" ")
                    if not empty[i]:
                        if text := texts[i]:
                            pieces.append(text)
                            if links:
                                self.linked += len("".join(text.split()))
                        i += 1
                        continue
            if tag == "table":
                depth -= i != last
            elif tag == "a":
                links -= 1
            if not depth and tag == "tr":
                self.close_cell()
                self.row = None
            elif depth or tag in _BREAKS:
                pieces.append(" ")
            if i != last and (text := texts[i]):
                pieces.append(text)
                if links:
                    self.linked += len("".join(text.split()))
            i += 1


def _spans_reach(group: list[list[SpanCell]]) -> bool:
    """Whether a rowspan makes the empty rows of a group count."""
    return any(c.row_span != 1 for row in group for c in row)


def _spans(values: Mapping[str, str]) -> tuple[int, int]:
    return _span(values.get("rowspan", ""), 0), _span(values.get("colspan", ""), 1)


def _span(value: str, least: int) -> int:
    """A span attribute as browsers read it: digits in front count, what is none is 1."""
    match = _SPAN.match(value)
    number = int(match.group(1)) if match else 1
    return number if number >= least else 1
