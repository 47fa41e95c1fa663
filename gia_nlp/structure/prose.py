"""Running text: the bodies of the sections without tables, titles, captions and what a page puts around a report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from gia_nlp.records import Document, Prose, Section
from gia_nlp.structure.compact import Compact, compact
from gia_nlp.text.lines import is_page_mark
from gia_nlp.vocabulary.headings import headings

_LINE = re.compile(r"[^\r\n]+")
_LINE_WITHOUT_RETURNS = re.compile(".+")  # the same in half the time
_CELLS = re.compile(r"\t|\s*\|\s*")
_WORD = re.compile(r"[一-鿿0-9A-Za-z０-９]")
_RULE = re.compile(r"^[\s|:\-—–]+$")
_MARKUP = " \t\r\n　\u200b\ufeff\xa0"
_TOKEN = re.compile(r"\S+")
_LONGEST_HEAD = 200
_LONGEST_CAPTION = 60
_LONGEST_LINE = 400  # of what is no sentence
_TAIL = 150
_LONGEST_PAGE_HEAD = 600
_SENTENCE = re.compile(r"[。；！？]")


def find_prose(
    document: Document,
    sections: Sequence[Section],
    tables: Iterable[tuple[int, int]],
    title: tuple[int, int] | None = None,
    view: Compact | None = None,
) -> tuple[Prose, ...]:
    """Stretches of running text in text order, trimmed of blanks; ``tables`` and ``title`` are stretches to leave out.

    ``view`` is the text without blanks, where it is known.

    >>> from gia_nlp.structure.sections import find_sections
    >>> document = Document("一、总体情况\\n全年平稳。\\n二、主动公开政府信息情况\\n规章\\t0\\t0\\t0\\n注：含修订。")
    >>> [document.text[p.start:p.end] for p in find_prose(document, find_sections(document), ())]
    ['全年平稳。', '注：含修订。']
    """
    text = document.text
    page = _Page(text, view or compact(text))
    holes = [*tables, *_grids(document)]
    if title is not None:
        holes.append(title)
    found: list[Prose] = []
    cuts = _merged(holes)
    first_cut = 0
    for section in sections:
        while first_cut < len(cuts) and cuts[first_cut][1] <= section.body_start:
            first_cut += 1
        at, cut = section.body_start, first_cut
        while at < section.end:
            while cut < len(cuts) and cuts[cut][1] <= at:
                cut += 1
            hole = cuts[cut] if cut < len(cuts) and cuts[cut][0] < section.end else (section.end, section.end)
            if hole[0] > at:
                stretches = page.running_text(at, hole[0], section.id == "preamble")
                found.extend([Prose(section.id, a, b) for a, b in stretches])
            at = max(hole[1], at + 1) if hole[0] <= at else hole[1] if hole[0] < section.end else section.end
    return tuple(found)


def _grids(document: Document) -> list[tuple[int, int]]:
    """Tables of the file; a table that only lays out a page holds sentences and is none."""
    spans = []
    for grid in document.grids:
        if not any(len(c.text) > 80 and "。" in c.text for c in grid.cells):
            spans.append((grid.start, grid.end))
    return spans


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(s for s in spans if s[0] is not None and s[1] > s[0]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


class _Page:
    """A text of which stretches are read."""

    def __init__(self, text: str, view: Compact) -> None:
        self.text, self.view, self.vocabulary = text, view, headings()
        self.lines = _LINE if "\r" in text else _LINE_WITHOUT_RETURNS
        self.has_placeholders = any(key.search(text) for key in self.vocabulary.placeholder_keys)

    def running_text(self, start: int, end: int, preamble: bool) -> Iterator[tuple[int, int]]:
        """The prose between two offsets: without lines that are cells, captions or page furniture, without placeholders."""
        text = self.text
        begin: int | None = None
        stop = start
        for match in self.lines.finditer(text, start, end):
            line = match.group()
            # A page mark between two lines of one sentence goes with the normal form; at the rim it is cut off below.
            if _is_cells(line) or (len(line) <= _LONGEST_LINE and self._is_furniture(match.start(), match.end())):
                if begin is not None:
                    yield from self._without_placeholders(begin, stop)
                    begin = None
                continue
            if is_page_mark(line) or not _WORD.search(line):
                continue
            if begin is None:
                begin = _behind_page_head(text, match.start(), match.end()) if preamble else match.start()
                if begin >= match.end():
                    begin = None
                    continue
            stop = match.end()
        if begin is not None:
            yield from self._without_placeholders(begin, stop)

    def _words(self, start: int, end: int) -> str:
        """What stands between two offsets in normal form without blanks."""
        view = self.view
        first = view.locate(start)
        stop = first + end - start  # unless something between is left out, which the place of the last character tells
        if first == stop or stop > len(view.text) or view.origin[stop - 1] != end - 1:
            stop = view.locate(end)
        return view.text[first:stop]

    def _is_furniture(self, start: int, end: int) -> bool:
        """Whether a line is a caption or a part of the page around the report."""
        words = self._words(start, end)
        if len(words) <= _LONGEST_CAPTION and self.vocabulary.captions.match(words):
            return True
        return (
            len(words) <= _LONGEST_HEAD
            and not _SENTENCE.search(words)
            and bool(self.vocabulary.page_noise.match(words))
        )

    def _without_placeholders(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        at = start
        for match in self.vocabulary.placeholder.finditer(self.text, start, end) if self.has_placeholders else ():
            yield from self._trimmed(at, match.start())
            at = match.end()
        yield from self._trimmed(at, end)

    def _trimmed(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The stretch without blanks and page furniture at its rims, unless nothing of it is running text."""
        text = self.text
        end = self._before_furniture(max(start, end - _TAIL), end)
        while start < end and (text[start] in _MARKUP or text[start].isspace()):
            start += 1
        while end > start and (text[end - 1] in _MARKUP or text[end - 1].isspace()):
            end -= 1
        if end <= start or not _WORD.search(text, start, end):
            return
        # Column heads that a table's stretch left over; a year alone may be prose torn by a table, it is short of words.
        if end - start <= _LONGEST_HEAD and self.vocabulary.table_words.fullmatch(self._words(start, end)):
            return
        yield start, end

    def _before_furniture(self, start: int, end: int) -> int:
        """Where the furniture of the page begins that ends a stretch, or the end of the stretch."""
        noise = self.vocabulary.page_noise_behind
        key = self.vocabulary.page_noise_key.search(self.text, start, end)
        while key is not None:
            if noise.fullmatch(self.text, key.start(), end):
                return key.start()
            key = self.vocabulary.page_noise_key.search(self.text, key.start() + 1, end)
        return end


def _is_cells(line: str) -> bool:
    """A row of a table: several short cells, or one cell behind a tab."""
    if _RULE.match(line):
        return True
    if "\t" not in line and "|" not in line:
        return False
    cells = [c for c in _CELLS.split(line) if c.strip()]
    if any(len(c) > 60 and _SENTENCE.search(c) for c in cells):
        return False
    parted = "\t" in line.rstrip() or "|" in line
    if len(cells) >= 2:
        return parted
    return (line.startswith("\t") and not _SENTENCE.search(line) and len(line) < 60) or (
        "|" in line and not _SENTENCE.search(line)
    )


def _behind_page_head(text: str, start: int, end: int) -> int:
    """Where the words begin behind a page's head line (source, time, buttons)."""
    place = start
    for token in _TOKEN.finditer(text, start, min(end, start + _LONGEST_PAGE_HEAD)):
        if not headings().page_tokens.match(token.group()):
            return token.start() if place > start else start
        place = token.end()
    return place if place > start else start
