"""Everything in a text that could head a section: a number or a line of its own, and a title behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from gia_nlp.structure.compact import Compact
from gia_nlp.structure.heading_titles import LONGEST_BARE, may_be_title, title_extent
from gia_nlp.vocabulary.headings import classify_title, headings

_DIGITS = {c: i for i, c in enumerate("一二三四五六七八九", 1)} | {c: i for i, c in enumerate("壹贰叁肆伍陆柒捌玖", 1)}
_NUMERAL_CHARS = "一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾"
_NUMERAL = r"[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九壹贰叁肆伍陆柒捌玖拾]"
_DECORATION = re.compile(r"(?:#{1,6}|-(?!、)|[*+•●·◆■★▲□>_]|l(?=[一二三四五六七八九十]、))*[【\[《〔]?")
_PART = re.compile(rf"第({_NUMERAL}|\d{{1,2}})(?:部分|章|部份)[、，：:．.]?")
_CHINESE = re.compile(rf"({_NUMERAL}|(?<![—－-])[—－-](?=[、丶]))(?:[、丶）)]|[．.，：:](?!\d))")
_CHINESE_BARE = re.compile(rf"({_NUMERAL})(?![、丶．.，：:是要年月日个条项次件份部大级类])")
_PAREN = re.compile(rf"[（(]({_NUMERAL}|\d{{1,2}})[）)][、．.]?")
_ARABIC = re.compile(r"(\d{1,2})(?:[、丶）)]|[．.](?!\d))|(\d{1,2})(?=[一-鿿])")
_ANNEX = re.compile(r"附(?:件|表|录)?[一二三四五六七八九\d]{0,2}[：:、.]?")
# Which number a line can begin with, by its first character; a digit begins an Arabic one.
_NUMBERED = {
    "第": ("part", _PART),
    **dict.fromkeys(f"{_NUMERAL_CHARS}—－-", ("chinese", _CHINESE)),
    **dict.fromkeys("（(", ("paren", _PAREN)),
    "附": ("annex", _ANNEX),
}
_BY_DIGITS = ("arabic", _ARABIC)
_DECORATES = frozenset("#-*+•●·◆■★▲□>_l【[《〔")  # where a line can begin with markup at all
_OPENS = _DECORATES.union(_NUMBERED, "、.")
_INLINE = re.compile(
    rf"(?P<cn>(?:{_NUMERAL})[、丶])|(?P<part>第(?:{_NUMERAL})(?:部分|章|部份))|(?P<first>1、)"
    rf"|(?P<annex>附(?:件|表)[一二三四五六七八九\d]{{0,2}}[：:])"
)
# What such a number goes with: looked for before all of the pattern is. A search for one character is several times as fast as one
# for any of a few.
_BEHIND_NUMERAL = tuple(re.compile(f"{mark}(?<=[{_NUMERAL_CHARS}1]{mark})") for mark in "、丶")
_BEFORE_NUMERAL = (re.compile(f"第(?=[{_NUMERAL_CHARS}])"), re.compile("附(?=[件表])"))
_ROW = 7  # digits of a line that is a row of cells: neither a number nor, with two slips of the pen, a year can end with it
_GOES_ON = re.compile(r"\d{1,3}(?:[、丶)）．.]|[一-鿿])")  # on the next line
_SENTENCE_END = "。；！？;!?：:）)>"


@dataclass(slots=True)  # not frozen: many are made, and that takes a fifth of the time
class Candidate:
    """A possible heading; ``start``, ``title_start`` and ``end`` are indexes into the compact text.

    ``style``: part (第一部分), chinese (一、), paren (（一）), arabic (1.), bare (no number), annex (附件1).
    ``own_line``: nothing but the heading on its line(s). ``formal``: one of the form's own titles. ``kind`` is ``None``
    where the words are unknown, ``closed`` whether they end like a title.
    """

    style: str
    number: int | None
    start: int
    title_start: int
    end: int
    title: str
    kind: str | None
    formal: bool
    own_line: bool
    closed: bool = True


def numeral(text: str) -> int:
    """The value of a Chinese or Arabic ordinal up to 99; a dash is 一 that OCR took for a rule.

    >>> [numeral(s) for s in ("三", "十", "十二", "二十", "7", "叁", "—")]
    [3, 10, 12, 20, 7, 3, 1]
    """
    if text.isdigit():
        return int(text)
    text = text.replace("拾", "十")
    if "十" in text:
        left, _, right = text.partition("十")
        return 10 * _DIGITS.get(left, 1) + _DIGITS.get(right, 0)
    return _DIGITS.get(text, 1)


def candidates(view: Compact) -> list[Candidate]:
    """All candidates in text order, each place once."""
    found: dict[int, Candidate] = {}
    text, goes_on = view.text, _GOES_ON.match
    for index, end in pairwise((*view.lines, len(text))):
        first = text[index]
        if first.isdecimal():
            size = end - index
            if (
                (size <= 3 or size >= _ROW)
                and text[index:end].isdecimal()
                and (size >= _ROW or not goes_on(text, index))
            ):
                continue  # a cell, as most lines are where each of them has one, or a row of them
            candidate = _opened(view, index, end)
        elif first in _OPENS:
            candidate = _opened(view, index, end)
        elif may_be_title(view, index, end):
            candidate = _titled(view, "bare", None, index, index, end)
        else:
            continue  # most cells and sentences
        if candidate is not None:
            found[candidate.title_start] = candidate
    for candidate in _inline(view):
        found.setdefault(candidate.title_start, candidate)
    return [found[i] for i in sorted(found)]


def _opened(view: Compact, index: int, end: int) -> Candidate | None:
    """The candidate that the line ``text[index:end]`` begins with, where it begins with markup or a number."""
    text = view.text
    at = index
    first = text[index]
    if first in _DECORATES:
        at = _DECORATION.match(text, index).end()  # type: ignore[union-attr]
        first = text[at : at + 1]
    digits = first.isdecimal()
    if digits and at > index and end - at <= 3 and text[at:end].isdecimal() and not _GOES_ON.match(text, at):
        return None  # a cell
    numbered = _BY_DIGITS if digits else _NUMBERED.get(first)
    if numbered is not None:
        style, pattern = numbered
        if match := pattern.match(text, at):
            if match.end() > end and digits and _is_of_next_line(match, end):
                return None
            number = numeral(match[match.lastindex]) if match.lastindex else None
            place = match.end()
            while place < len(text) and text[place] in "【[《〔*、":
                place += 1
            needs_formal = match.lastindex == 2  # digits that no mark parts from the words
            return _titled(view, style, number, index, place, end, formal_only=needs_formal)
        if match := _CHINESE_BARE.match(text, at):
            bare = _titled(view, "chinese", numeral(match.group(1)), index, match.end(), end, formal_only=True)
            if bare is not None:
                return bare
    if first in ("、", "."):
        at += 1  # the number is lost
    if at < end and not may_be_title(view, at, end):
        return None
    return _titled(view, "bare", None, index, at, end)


def _is_of_next_line(match: re.Match[str], end: int) -> bool:
    """Whether a number that goes on behind its line is a cell before a number: the line of that heads the same title."""
    following = _ARABIC.match(match.string, end)
    return following is not None and (following.end(), following.lastindex) == (match.end(), match.lastindex)


def _inline(view: Compact) -> Iterator[Candidate]:
    """Numbers in running text, where a heading is glued to what stands before it."""
    before = headings().reference_before
    for match in _inline_numbers(view.text):
        start = match.start()
        if view.starts_line(start):
            continue
        if before.search(view.text[max(0, start - 2) : start]):
            continue
        style = "chinese" if match.group("cn") else "part" if match.group("part") else "annex"
        if style == "annex" and start not in view.blanks and view.text[start - 1] in "（(的各填":
            continue
        if match.group("first"):
            # One heading of the top level may be numbered otherwise: 1、总体情况。
            if start in view.blanks or view.text[start - 1] in _SENTENCE_END:
                first = _titled(view, "arabic", 1, start, match.end(), formal_only=True)
                if first is not None and first.kind == "overview":
                    yield first
            continue
        digits = re.sub(r"[^一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾]", "", match.group())
        number = None if style == "annex" else numeral(digits)
        candidate = _titled(view, style, number, start, match.end())
        if candidate is not None:
            yield candidate


def _inline_numbers(text: str) -> Iterator[re.Match[str]]:
    """All matches of ``_INLINE``, those of one kind in text order."""
    for pattern in _BEFORE_NUMERAL:
        for key in pattern.finditer(text):
            if match := _INLINE.match(text, key.start()):
                yield match
    for pattern in _BEHIND_NUMERAL:
        for key in pattern.finditer(text):
            for start in range(max(0, key.start() - 3), key.start()):
                match = _INLINE.match(text, start)
                if match and match.end() == key.end():
                    yield match
                    break


def _titled(
    view: Compact,
    style: str,
    number: int | None,
    start: int,
    at: int,
    end: int | None = None,
    *,
    formal_only: bool = False,
) -> Candidate | None:
    """The candidate whose title begins at ``at``, or ``None`` where no title does; ``end`` of the line that ``start`` begins."""
    text = view.text
    if at >= len(text):
        return None
    vocabulary = headings()
    # A row of a table's form may go by its words for a title.
    if vocabulary.row_label.match(text[at : at + 24]):
        return None
    line_end = view.line_end(start) if end is None else end
    if line_end <= at:
        line_end = view.line_end(at)  # the number alone, its title on the next line
    if vocabulary.torn_row.match(text[at : min(line_end, at + 8)] if at < line_end else ""):
        return None
    extent = title_extent(view, at, line_end, at_line=end is not None, bare=style == "bare")
    if extent is None:
        return None
    stop, own_line, closed = extent
    title = text[at:stop]
    kind, formal = classify_title(title)
    if style == "annex" and kind != "other":
        return None
    if style == "bare" and (kind is None or not own_line or len(title) > LONGEST_BARE):
        return None
    if formal_only and not formal:
        return None
    if style in ("arabic", "paren") and title in ("其他", "其它"):
        return None  # the last row of a group in table three
    return Candidate(style, number, start, at, stop, title, kind, formal, own_line, closed)
