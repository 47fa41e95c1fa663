"""A document as a sequence of table rows whose cells are parted by the layout, and of free text between them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import wraps
from itertools import accumulate, chain, pairwise
from typing import Any, TypeVar

from gia_nlp.records import Document, Grid
from gia_nlp.structure.tables.labels import is_number_like
from gia_nlp.text.lines import is_page_mark
from gia_nlp.text.normalise import Normalised, normalise
from gia_nlp.vocabulary.active import recent_per_vocabulary

T = TypeVar("T")
_BLANK_ROW = 7  # tabs of a line without words that is a row of blank cells
_LONG_CELL = 400  # characters; a grid cell longer than this is a page's layout, not a table's cell
_RULE = re.compile(r"[\s|:+=\-—]*-{2,}[\s|:+=\-—]*$")
_RUNNING_HEAD = re.compile(r"[-—–\s]*\d{1,3}(?:\s*/\s*\d{1,3})?[-—–\s]*\S{2,40}(?:年度报告|工作报告|年报)\s*$")
_CIRCLED = re.compile("[①-⑳]")
_NUMERIC = re.compile(r"[\d\s.,，]+$")
# What may stand before a tab without being seen; U+E5E5 is what a blank of GBK becomes.
_UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufffc\ue5e5"
_BLANK = " \u3000\u00a0"
_BORDER = re.compile("[|｜\t]")
_OTHER_ENDS = re.compile("[\x1c-\x1e]")  # which end a line for Python alone
_LINE = re.compile(r"[^\r\n\x0b\x0c\x85\u2028\u2029]*(?:\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]|$)")


# Pieces and rows never change, but are not declared frozen: they are made by the hundred, and a frozen one takes four times as long.
@dataclass(slots=True)
class Piece:
    """A cell as printed; ``text`` in normal form without blanks at its ends. No span for a cell that only a merge covers."""

    text: str
    start: int | None
    end: int | None
    column: int
    covered: bool = False


@dataclass(slots=True)
class Row:
    """Cells between which the layout draws borders. Rows of one ``block`` follow each other without other text.

    What every reader asks of a row is told once: ``filled`` are the places of the cells with something in them, ``other`` of those
    that hold no plain number, ``words`` of those that hold words rather than a value. ``head`` are the texts of the cells up to the
    last one that is no plain number: the words of a form are the same in report after report, and readers remember what they say in
    ``told`` (:func:`of_head`).
    """

    cells: tuple[Piece, ...]
    start: int
    end: int
    source: str
    block: int
    filled: list[int] = field(init=False)
    head: tuple[str, ...] = field(init=False)
    told: dict[Any, Any] = field(init=False, repr=False, compare=False)
    other: tuple[int, ...] = field(init=False)
    words: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        texts = [p.text for p in self.cells]
        self.filled = [i for i, text in enumerate(texts) if text]
        stop = len(texts)
        while stop and (not (text := texts[stop - 1]) or text.isdigit()):
            stop -= 1
        self.head = tuple(texts[:stop])
        self.told = _told(self.head)
        self.other, self.words = _kinds(self)


@recent_per_vocabulary(8192)
def _told(head: tuple[str, ...]) -> dict[Any, Any]:
    """What readers have told of a row's head so far."""
    return {}


def of_head(function: Callable[[tuple[str, ...]], T]) -> Callable[[Row], T]:
    """Makes what a reader tells of a row's head into what it tells of the row, remembered as long as the head is.

    >>> @of_head
    ... def width(head):
    ...     return len(head)
    >>> width(Row((Piece("规章", 0, 2, 0), Piece("3", 3, 4, 1)), 0, 4, "tab", 0))
    1
    """

    @wraps(function)
    def of_row(row: Row) -> T:
        told = row.told
        if function in told:
            found: T = told[function]
            return found
        result = told[function] = function(row.head)
        return result

    return of_row


@of_head
def _kinds(head: tuple[str, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The places in a row's head that hold no plain number, and those that hold words."""
    other = tuple(i for i, text in enumerate(head) if text and not text.isdigit())
    return other, tuple(i for i in other if not is_number_like(head[i]))


@dataclass(frozen=True, slots=True)
class Free:
    """Text without borders. ``view`` is its normal form with blanks and line ends kept and page marks left out."""

    view: Normalised
    start: int
    end: int


class _Text:
    """The report's text and its normal form, blanks and line ends kept."""

    def __init__(self, text: str, view: Normalised | None = None) -> None:
        self.raw = text
        view = view or normalise(text, heal=False)
        shown = _CIRCLED.sub("·", view.text)  # else it would fold into a digit and run into the number before it
        origin = view.origin
        if "\ue5e5" in shown:
            kept = [i for i, c in enumerate(shown) if c != "\ue5e5"]
            shown, origin = "".join([shown[i] for i in kept]), tuple([origin[i] for i in kept])
        self.view = Normalised(shown, origin, view.source_end)
        # Where nothing was left out, places of the text and of its normal form differ by a constant.
        self.shift = origin.start if isinstance(origin, range) and origin.step == 1 else None

    def locate(self, offset: int) -> int:
        if self.shift is not None:
            return min(max(offset - self.shift, 0), len(self.view.text))
        return bisect_left(self.view.origin, offset)

    def piece(self, start: int, end: int, column: int) -> Piece:
        if self.shift is not None and start >= self.shift:
            a, b = start - self.shift, end - self.shift
        else:
            a, b = self.locate(start), self.locate(end)
        content = self.view.text[a:b]
        words = content.strip()
        if not words:
            return Piece("", start, start, column)
        if words is not content:
            a += len(content) - len(content.lstrip())
            b = a + len(words)
        if self.shift is not None:
            return Piece(words, a + self.shift, b + self.shift, column)
        return Piece(words, self.view.origin[a], self.view.origin[b - 1] + 1, column)

    def free(self, lines: list[tuple[int, int]]) -> Free:
        shown, places = self.view.text, self.view.origin
        chars: list[str] = []
        origins: list[Sequence[int]] = []
        last = -1
        b, behind = self.locate(lines[0][0]), lines[0][0]
        open_ = b  # lines from here to ``a`` are taken as they are
        for start, end in lines:
            a = b if start == behind else self.locate(start)
            if open_ < b != a:
                chars.append(shown[open_:b])
                origins.append(places[open_:b])
            if b != a:
                open_ = a
            b, behind = self.locate(end), end
            line = shown[a:b]
            whole = line.endswith("\n") and places[b - 1] == end - 1 and line[-2:] != "\n\n"
            marked = _is_mark(line.strip())
            if whole and not marked:
                last = end - 1
                continue
            if open_ < a:
                chars.append(shown[open_:a])
                origins.append(places[open_:a])
            open_ = b
            if marked:
                continue
            content = line.rstrip("\n")
            last = max(end - 1, places[a + len(content) - 1] if content else last if last >= 0 else start)
            chars += (content, "\n")
            origins += (places[a : a + len(content)], (last,))
        if open_ < b:
            chars.append(shown[open_:b])
            origins.append(places[open_:b])
        origin = origins[0] if len(origins) == 1 else tuple(chain.from_iterable(origins))
        return Free(Normalised("".join(chars), origin, lines[-1][1]), lines[0][0], lines[-1][1])


def _is_mark(line: str) -> bool:
    """Whether a line without blanks at its ends is a page's number or running head."""
    if not line or not (line[0] in "-—–―~·•|第Pp" or line[0].isdecimal()):
        return False  # no such mark begins otherwise
    return is_page_mark(line) or bool(_RUNNING_HEAD.match(line))


def split(document: Document, view: Normalised | None = None) -> list[Row | Free]:
    """Rows and free text in text order; ``view`` is the text's normal form with blanks, where it is known."""
    text = _Text(document.text, view)
    parts: list[Row | Free] = []
    at = 0
    for number, grid in enumerate(sorted(_outermost(document.grids), key=lambda g: g.start)):
        if max([len(c.text) for c in grid.cells]) > _LONG_CELL:
            continue
        parts += _text_parts(text, at, grid.start, number)
        parts += _grid_rows(text, grid, number)
        at = max(at, grid.end)
    return parts + _text_parts(text, at, len(document.text), len(document.grids))


def _outermost(grids: tuple[Grid, ...]) -> list[Grid]:
    """Grids that do not overlap; of a table in a table's cell the inner one."""
    kept: list[Grid] = []
    for grid in sorted(grids, key=lambda g: g.end - g.start):
        if grid.cells and all(grid.end <= k.start or grid.start >= k.end for k in kept):
            kept.append(grid)
    return kept


def _grid_rows(text: _Text, grid: Grid, number: int) -> list[Row]:
    height = max([cell.row + cell.row_span for cell in grid.cells])
    width = max([cell.column + cell.column_span for cell in grid.cells])
    matrix: list[list[Piece | None]] = [[None] * width for _ in range(height)]
    for cell in grid.cells:
        r, c, start, end = cell.row, cell.column, cell.start, cell.end
        if cell.row_span != 1 or cell.column_span != 1:
            for column in range(c, c + cell.column_span):
                under = Piece("", None, None, column, covered=True)
                for row in range(r, r + cell.row_span):
                    matrix[row][column] = under
        if start is None or end is None:
            matrix[r][c] = Piece(" ".join(normalise(cell.text).text.split()), None, None, c)
        else:
            matrix[r][c] = text.piece(start, end, c)
    none = [Piece("", None, None, c) for c in range(width)]
    rows = []
    position = grid.start
    for line in matrix:
        cells = tuple([piece or none[c] for c, piece in enumerate(line)])
        start = min([p.start for p in cells if p.start is not None], default=position)
        end = max([p.end for p in cells if p.end is not None], default=position)
        position = max(position, end)
        rows.append(Row(cells, start, end, "grid", number * 2 + 1))
    return rows


def _lines(raw: str, start: int, end: int) -> list[tuple[int, int]]:
    """Lines with their ends, as spans."""
    stretch = raw[start:end]
    if _OTHER_ENDS.search(stretch):
        lines = _LINE.findall(stretch)
    else:
        lines = stretch.splitlines(keepends=True)
    ends = list(accumulate(map(len, lines), initial=start))
    return [line for line in pairwise(ends) if line[0] < line[1]]


def _text_parts(text: _Text, start: int, end: int, number: int) -> list[Row | Free]:
    parts: list[Row | Free] = []
    free: list[tuple[int, int]] = []
    lines = _lines(text.raw, start, end)
    block, i = number * 100000, 0
    if lines and not _BORDER.search(text.raw, start, end):
        return [text.free(lines)]

    def flush() -> None:
        if free:
            parts.append(text.free(free))
            free.clear()

    while i < len(lines):
        line = text.raw[lines[i][0] : lines[i][1]].rstrip("\r\n")
        if not _BORDER.search(line):
            free.append(lines[i])
            i += 1
            continue
        if "|" in line or "｜" in line or "\t" in line.rstrip():
            if _RULE.match(line):
                i += 1
                continue
            rows, i_next = _bordered(text, lines, i, block)
            if rows:
                flush()
                block += 2 if i_next < len(lines) else 0
                parts += rows
                i = i_next
                continue
        stop = _blank_cells(text, lines, i)
        if stop > i and stop < len(lines) and text.raw[lines[stop][0] : lines[stop][1]].strip(_BLANK)[:1] == "\t":
            rows, i_next = _bordered(text, lines, i, block)
            if rows and i_next > stop:
                flush()
                block += 2 if i_next < len(lines) else 0
                parts += rows
                i = i_next
                continue
        free += lines[i : max(stop, i + 1)]
        i = max(stop, i + 1)
    flush()
    return parts


def _blank_cells(text: _Text, lines: list[tuple[int, int]], i: int) -> int:
    """Behind the lines from ``i`` on that hold a tab and nothing else: blank cells that open a row."""
    while i < len(lines) and text.raw[lines[i][0] : lines[i][1]].strip(_BLANK + _UNSEEN + "\r\n") == "\t":
        i += 1
    return i


def _bordered(text: _Text, lines: list[tuple[int, int]], i: int, block: int) -> tuple[list[Row], int]:
    """Rows from line ``i`` on, while borders go on; the next line."""
    content = text.raw[lines[i][0] : lines[i][1]].rstrip("\r\n")
    if "|" in content or "｜" in content:
        return _pipe_rows(text, lines, i, block)
    j, lead_only, tabbed = i, 0, 0
    while j < len(lines):
        line = text.raw[lines[j][0] : lines[j][1]].rstrip("\r\n")
        if "|" in line:
            break
        if "\t" in line:
            tabbed += 1
            bare = line.strip(_BLANK + _UNSEEN)
            lead_only += bare.startswith("\t") and line.count("\t") == 1
        elif line.strip(_BLANK + _UNSEEN) and not (j > i and "\t" in text.raw[lines[j - 1][0] : lines[j - 1][1]]):
            break
        j += 1
    if lead_only * 2 > tabbed:
        return _cell_lines(text, lines, i, block)
    return _tab_rows(text, lines, i, block)


def _pipe_rows(text: _Text, lines: list[tuple[int, int]], i: int, block: int) -> tuple[list[Row], int]:
    found: list[tuple[int, str]] = []
    while i < len(lines):
        start, end = lines[i]
        line = text.raw[start:end].rstrip("\r\n")
        if not ("|" in line or "｜" in line):
            break
        i += 1
        if not _RULE.match(line):
            found.append((start, line))
    # A pipe in front is a frame where most rows have one, else it closes a blank cell.
    # Behind blanks, and without one at the end, it closes a blank cell too.
    framed = 2 * sum(_framed(line) for _, line in found) >= len(found)
    mark = re.compile(r"[|｜]")
    return [
        _split_line(text, line, start, mark, "frame" if framed else "pipe", block, framed) for start, line in found
    ], i


def _framed(line: str) -> bool:
    bare = line.strip()
    return bare[0] in "|｜" and (line[0] in "|｜" or bare[-1] in "|｜")


def _split_line(
    text: _Text, line: str, start: int, mark: re.Pattern[str], source: str, block: int, framed: bool = False
) -> Row:
    """The cells of one line. A frame of pipes around the row is no cell."""
    body_start, body_end = 0, len(line)
    if framed and (stripped := line.strip())[0] in "|｜":
        body_start = line.index(stripped[0]) + 1
        if len(stripped) > 1 and stripped[-1] in "|｜":
            body_end = line.rindex(stripped[-1])
    cells: list[Piece] = []
    at = start + body_start
    for content in mark.split(line[body_start:body_end]):
        stop = at + len(content)
        cells.append(text.piece(at, stop, len(cells)) if content else Piece("", at, at, len(cells)))
        at = stop + 1
    return Row(tuple(cells), start, start + len(line), source, block)


def _tab_rows(text: _Text, lines: list[tuple[int, int]], i: int, block: int) -> tuple[list[Row], int]:
    rows = []
    while i < len(lines):
        start, end = lines[i]
        line = text.raw[start:end].rstrip("\r\n")
        if "\t" not in line or "|" in line:
            break
        i += 1
        if line.strip() or line.count("\t") >= _BLANK_ROW:
            rows.append(_split_line(text, line, start, re.compile("\t"), "tab", block))
    return rows, i


def _cell_lines(text: _Text, lines: list[tuple[int, int]], i: int, block: int) -> tuple[list[Row], int]:
    """One cell a line behind a tab; an empty line, or a blank before the tab, ends the row; words go on without a tab."""
    rows: list[Row] = []
    cells: list[Piece] = []

    def close() -> None:
        if cells:
            found = [c for c in cells if c.start is not None and c.end is not None]
            rows.append(Row(tuple(cells), found[0].start or 0, found[-1].end or 0, "cells", block))
            cells.clear()

    blank_lines = 0
    while i < len(lines):
        start, end = lines[i]
        line = text.raw[start:end].rstrip("\r\n")
        bare = line.lstrip(_BLANK + _UNSEEN)
        if not bare:
            close()
            blank_lines += 1
        elif bare.startswith("\t"):
            if line[: len(line) - len(bare)].strip(_UNSEEN) and cells:
                close()
            inner = start + len(line) - len(bare) + 1
            cells.append(text.piece(inner, start + len(line), len(cells)))
            blank_lines = 0
        elif cells and not blank_lines and cells[-1].text and not _NUMERIC.match(cells[-1].text) and "|" not in line:
            cells[-1] = text.piece(cells[-1].start or start, start + len(line), cells[-1].column)
        else:
            break
        i += 1
    close()
    return rows, i
