"""Rows in a text: cells between pipes or tabs, or one cell a line behind a tab; what is none is free text."""

from __future__ import annotations

import re
from itertools import accumulate, pairwise

from gia_nlp.structure.tables.reporttext import ReportText
from gia_nlp.structure.tables.rows import Free, Piece, Row

Line = tuple[int, int, str]

_BLANK_ROW = 7  # tabs of a line without words that is a row of blank cells
_RULE = re.compile(r"[\s|:+=\-—]*-{2,}[\s|:+=\-—]*$")
_NUMERIC = re.compile(r"[\d\s.,，]+$")
# What may stand before a tab without being seen; U+E5E5 is what a blank of GBK becomes.
_UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufffc\ue5e5"
_BLANK = " \u3000\u00a0"
_MARGIN = _BLANK + _UNSEEN
_BORDER = re.compile("[|｜\t]")
_PIPE = re.compile("[|｜]")
_TAB = re.compile("\t")
_OTHER_ENDS = "\x1c\x1d\x1e"  # which end a line for Python alone
_LINE = re.compile(r"[^\r\n\x0b\x0c\x85\u2028\u2029]*(?:\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]|$)")


def split_lines(raw: str, start: int, end: int) -> list[Line]:
    """Lines: their spans with their ends, and what they hold without them."""
    stretch = raw[start:end]
    if any(mark in stretch for mark in _OTHER_ENDS):
        lines = _LINE.findall(stretch)
    else:
        lines = stretch.splitlines(keepends=True)
    ends = list(accumulate(map(len, lines), initial=start))
    spans = zip(pairwise(ends), lines, strict=True)
    return [(a, b, line.rstrip("\r\n")) for (a, b), line in spans if a < b]


def text_parts(text: ReportText, start: int, end: int, number: int) -> list[Row | Free]:
    """Rows and free text of a stretch of the text; ``number`` is how many grids stand before it."""
    parts: list[Row | Free] = []
    free: list[Line] = []
    lines = split_lines(text.raw, start, end)
    block, i = number * 100000, 0
    if lines and not _BORDER.search(text.raw, start, end):
        return [text.free(lines)]

    def flush() -> None:
        if free:
            parts.append(text.free(free))
            free.clear()

    while i < len(lines):
        line = lines[i][2]
        if not ("\t" in line or "|" in line or "｜" in line):
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
        stop = _blank_cells(lines, i)
        if stop > i and stop < len(lines) and lines[stop][2].strip(_BLANK)[:1] == "\t":
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


def _blank_cells(lines: list[Line], i: int) -> int:
    """Behind the lines from ``i`` on that hold a tab and nothing else: blank cells that open a row."""
    while i < len(lines) and lines[i][2].strip(_MARGIN) == "\t":
        i += 1
    return i


def _bordered(text: ReportText, lines: list[Line], i: int, block: int) -> tuple[list[Row], int]:
    """Rows from line ``i`` on, while borders go on; the next line."""
    content = lines[i][2]
    if "|" in content or "｜" in content:
        return _pipe_rows(text, lines, i, block)
    j, lead_only, tabbed = i, 0, 0
    while j < len(lines):
        line = lines[j][2]
        if "|" in line:
            break
        if "\t" in line:
            tabbed += 1
            lead_only += (line[0] == "\t" or line.lstrip(_MARGIN)[0] == "\t") and line.count("\t") == 1
        elif line.strip(_MARGIN) and not (j > i and "\t" in lines[j - 1][2]):
            break
        j += 1
    if lead_only * 2 > tabbed:
        return _cell_lines(text, lines, i, block)
    return _tab_rows(text, lines, i, block)


def _pipe_rows(text: ReportText, lines: list[Line], i: int, block: int) -> tuple[list[Row], int]:
    found: list[tuple[int, str]] = []
    while i < len(lines):
        start, _, line = lines[i]
        if not ("|" in line or "｜" in line):
            break
        i += 1
        if not _RULE.match(line):
            found.append((start, line))
    # A pipe in front is a frame where most rows have one, else it closes a blank cell.
    # Behind blanks, and without one at the end, it closes a blank cell too.
    framed = 2 * sum(_framed(line) for _, line in found) >= len(found)
    return [
        _split_line(text, line, start, _PIPE, "frame" if framed else "pipe", block, framed) for start, line in found
    ], i


def _framed(line: str) -> bool:
    bare = line.strip()
    return bare[0] in "|｜" and (line[0] in "|｜" or bare[-1] in "|｜")


def _split_line(
    text: ReportText, line: str, start: int, mark: re.Pattern[str], source: str, block: int, framed: bool = False
) -> Row:
    """The cells of one line. A frame of pipes around the row is no cell."""
    body_start, body_end = 0, len(line)
    if framed and (stripped := line.strip())[0] in "|｜":
        body_start = line.index(stripped[0]) + 1
        if len(stripped) > 1 and stripped[-1] in "|｜":
            body_end = line.rindex(stripped[-1])
    cells: list[Piece] = []
    at, plain = start + body_start, text.digits_stay
    for k, content in enumerate(mark.split(line[body_start:body_end])):
        stop = at + len(content)
        if not content or (plain and content.isdigit() and content.isascii()):  # most cells: as they stand
            cells.append(Piece(content, at, stop, k))
        else:
            cells.append(text.piece(at, stop, k))
        at = stop + 1
    return Row(tuple(cells), start, start + len(line), source, block)


def _tab_rows(text: ReportText, lines: list[Line], i: int, block: int) -> tuple[list[Row], int]:
    rows = []
    while i < len(lines):
        start, _, line = lines[i]
        if "\t" not in line or "|" in line:
            break
        i += 1
        if line.strip() or line.count("\t") >= _BLANK_ROW:
            rows.append(_split_line(text, line, start, _TAB, "tab", block))
    return rows, i


def _cell_lines(text: ReportText, lines: list[Line], i: int, block: int) -> tuple[list[Row], int]:
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
        start, _, line = lines[i]
        lead = 0 if line[:1] == "\t" else len(line) - len(line.lstrip(_MARGIN))
        if lead == len(line):
            close()
            blank_lines += 1
        elif line[lead] == "\t":
            if lead and cells and line[:lead].strip(_UNSEEN):
                close()
            cells.append(text.piece(start + lead + 1, start + len(line), len(cells)))
            blank_lines = 0
        elif cells and not blank_lines and cells[-1].text and not _NUMERIC.match(cells[-1].text) and "|" not in line:
            cells[-1] = text.piece(cells[-1].start or start, start + len(line), cells[-1].column)
        else:
            break
        i += 1
    close()
    return rows, i
