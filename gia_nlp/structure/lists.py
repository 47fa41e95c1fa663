"""Headings that head nothing: tables of contents, lead-ins that list the parts, numbered rows of a 统计表."""

from __future__ import annotations

import re

from gia_nlp.structure.compact import Compact
from gia_nlp.structure.headings import Candidate
from gia_nlp.vocabulary.headings import headings

_GAP = re.compile(r"(?:[、，,；;。.．…·:：\-—_~\s\d/（）()页第\"”“]|以及|和|及|与)*$")
_MAX_GAP = 60
_MAX_PARTS = 40
_HEADER = 20  # characters of a header of a 统计表 at most, before its key word and behind it
_SENTENCE = re.compile(r"[。！？]")


def without_lists(view: Compact, found: list[Candidate]) -> list[Candidate]:
    """The candidates that stand before a text of their own."""
    kept = _without_contents(view, found)
    return _without_statistics_rows(view, kept)


def _without_contents(view: Compact, found: list[Candidate]) -> list[Candidate]:
    """Drops runs of titles with nothing between them that are listed again further on, or that a sentence lists."""
    dropped: set[int] = set()
    last_title = {c.title: n for n, c in enumerate(found)}
    last_formal: dict[str | None, int] = {c.kind: n for n, c in enumerate(found) if c.kind and c.formal}
    begin = 0
    while begin < len(found):
        end = _end_of_run(view, found, begin)
        run = found[begin : end + 1]
        if len(run) >= 3 and _is_contents(view, run, end, last_title, last_formal):
            dropped.update(range(begin, end + 1))
        begin = end + 1
    return [c for n, c in enumerate(found) if n not in dropped]


def _listed(view: Compact, a: Candidate, b: Candidate) -> bool:
    return b.start - a.end <= _MAX_GAP and bool(_GAP.match(view.text[a.end : b.start]))


def _end_of_run(view: Compact, found: list[Candidate], begin: int) -> int:
    """The last candidate of the list that one of them begins: until something stands between, or a title or a number starts again."""
    end = begin
    titles: set[str] = set()
    firsts: dict[str, int] = {}  # the first number of each style
    while end + 1 < len(found) and end - begin < _MAX_PARTS and _listed(view, found[end], found[end + 1]):
        last, following = found[end], found[end + 1]
        titles.add(last.title)
        if last.number is not None:
            firsts.setdefault(last.style, last.number)
        first = firsts.get(following.style)
        if following.title in titles or (
            following.number is not None and first is not None and following.number <= first
        ):
            break
        end += 1
    return end


def _is_contents(
    view: Compact, run: list[Candidate], end: int, last_title: dict[str, int], last_formal: dict[str | None, int]
) -> bool:
    kinds = {c.kind for c in run if c.kind}
    if len(kinds) < 2:
        return False
    tail = view.text[run[-1].end : run[-1].end + 24]
    listed = headings().list_of_parts.match(tail)
    if listed and listed.group() and re.search(r"部分|方面|内容|组成|构成", listed.group()):
        return True
    again = {c.title for c in run if last_title[c.title] > end}
    if len(again) >= 2 or sum(last_formal.get(kind, 0) > end for kind in kinds) >= 3:
        return run[0].number in (1, None) or run[0].kind == "overview"
    # All in one line, one after the other: a sentence or a navigation bar.
    return (
        not any(c.own_line for c in run)
        and view.line_start(run[0].start) == view.line_start(run[-1].start)
        and not _SENTENCE.search(tail)
    )


def _without_statistics_rows(view: Compact, found: list[Candidate]) -> list[Candidate]:
    """Drops numbered rows of a 统计表: behind its header, with no sentence before the next of them."""
    header = _statistics_header(view.text)
    if header is None:
        return found
    kept = []
    for n, c in enumerate(found):
        if c.start < header:
            kept.append(c)
            continue
        stop = found[n + 1].start if n + 1 < len(found) else len(view.text)
        if _SENTENCE.search(view.text[c.end : min(stop, c.end + 600)]) or (c.kind == "problems" and c.own_line):
            kept.append(c)
    return kept


def _statistics_header(text: str) -> int | None:
    """Where the header of a 统计表 begins: looked for around the word that each of them has, fifty times as fast as everywhere."""
    vocabulary = headings()
    for key in vocabulary.statistics_key.finditer(text):
        header = vocabulary.statistics_header.search(text, max(0, key.start() - _HEADER), key.end() + _HEADER)
        if header is not None:
            return header.start()
    return None
