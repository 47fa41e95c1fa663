"""Everything in a text that could head a section: a number or a line of its own, and a title behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gia_nlp.structure.compact import Compact
from gia_nlp.vocabulary.headings import classify_title, headings
from gia_nlp.vocabulary.words import Words

MAX_TITLE = 45
_MAX_SKIPPED = 2  # characters inside a glued title that no word of the vocabulary covers: slips of the pen

_DIGITS = {c: i for i, c in enumerate("一二三四五六七八九", 1)} | {c: i for i, c in enumerate("壹贰叁肆伍陆柒捌玖", 1)}
_NUMERAL = r"[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九壹贰叁肆伍陆柒捌玖拾]"
_DECORATION = re.compile(r"(?:#{1,6}|-(?!、)|[*+•●·◆■★▲□>_]|l(?=[一二三四五六七八九十]、))*[【\[《〔]?")
_PART = re.compile(rf"第({_NUMERAL}|\d{{1,2}})(?:部分|章|部份)[、，：:．.]?")
_CHINESE = re.compile(rf"({_NUMERAL}|(?<![—－-])[—－-](?=[、丶]))(?:[、丶）)]|[．.，：:](?!\d))")
_CHINESE_BARE = re.compile(rf"({_NUMERAL})(?![、丶．.，：:是要年月日个条项次件份部大级类])")
_PAREN = re.compile(rf"[（(]({_NUMERAL}|\d{{1,2}})[）)][、．.]?")
_ARABIC = re.compile(r"(\d{1,2})(?:[、丶）)]|[．.](?!\d))|(\d{1,2})(?=[一-鿿])")
_ANNEX = re.compile(r"附(?:件|表|录)?[一二三四五六七八九\d]{0,2}[：:、.]?")
_INLINE = re.compile(
    rf"(?P<cn>(?:{_NUMERAL})[、丶])|(?P<part>第(?:{_NUMERAL})(?:部分|章|部份))|(?P<first>1、)"
    rf"|(?P<annex>附(?:件|表)[一二三四五六七八九\d]{{0,2}}[：:])"
)
_YEAR_WORD = re.compile(r"\d{4}年度?")
# Where a line can begin with markup or a number at all, and what numbers in running text go with.
_DECORATES = frozenset("#-*+•●·◆■★▲□>_l【[《〔")
_NUMBERS = frozenset("第一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾—－-（(附")
_INLINE_KEY = re.compile("[、丶第附]")
_NUMERALS = frozenset("一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾1")
_LONE_NUMBER = re.compile(r"\d{1,3}$")
_GOES_ON = re.compile(r"\d{1,3}(?:[、丶)）．.]|[一-鿿])")  # on the next line
_TABLE_NAME = re.compile(r"[^。，；：！？|]{0,40}?(?:统计表|情况表|一览表|汇总表)")
_BEHIND_TITLE = re.compile(r"[（(。：:]|\d{4}年")
_SENTENCE_MARK = re.compile(r"[。；！？;!?]")
_CLOSING = re.compile(r"[】\]》〕*#_：:。.]*")
_SENTENCE_END = "。；！？;!?：:）)>"


_NUMBERED = (("part", _PART), ("chinese", _CHINESE), ("paren", _PAREN), ("arabic", _ARABIC), ("annex", _ANNEX))


@dataclass(frozen=True, slots=True)
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
    for index in view.lines:
        if (candidate := _at_line(view, index)) is not None:
            found[candidate.title_start] = candidate
    for candidate in _inline(view):
        found.setdefault(candidate.title_start, candidate)
    return [found[i] for i in sorted(found)]


def _at_line(view: Compact, index: int) -> Candidate | None:
    text = view.text
    decorated = _DECORATION.match(text, index) if text[index] in _DECORATES else None
    at = decorated.end() if decorated else index
    first = text[at : at + 1]
    if first.isdecimal() and _LONE_NUMBER.match(text, at, view.line_end(index)) and not _GOES_ON.match(text, at):
        return None  # a cell
    if first in _NUMBERS or first.isdecimal():
        for style, pattern in _NUMBERED:
            if match := pattern.match(text, at):
                digits = next((g for g in match.groups() if g), None)
                number = None if digits is None else numeral(digits)
                place = match.end()
                while place < len(text) and text[place] in "【[《〔*、":
                    place += 1
                needs_formal = style == "arabic" and match.group(1) is None
                return _titled(view, style, number, index, place, formal_only=needs_formal, at_line=True)
        if match := _CHINESE_BARE.match(text, at):
            bare = _titled(view, "chinese", numeral(match.group(1)), index, match.end(), formal_only=True, at_line=True)
            if bare is not None:
                return bare
    if text[at : at + 1] in ("、", "."):
        at += 1  # the number is lost
    return _titled(view, "bare", None, index, at, formal_only=False, at_line=True)


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
                first = _titled(view, "arabic", 1, start, match.end(), formal_only=True, at_line=False)
                if first is not None and first.kind == "overview":
                    yield first
            continue
        digits = re.sub(r"[^一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾]", "", match.group())
        number = None if style == "annex" else numeral(digits)
        candidate = _titled(view, style, number, start, match.end(), formal_only=False, at_line=False)
        if candidate is not None:
            yield candidate


def _inline_numbers(text: str) -> Iterator[re.Match[str]]:
    """All matches of ``_INLINE``: looked for where one of its characters stands, most places have none."""
    for key in _INLINE_KEY.finditer(text):
        place = key.start()
        if key.group() in "第附":
            if match := _INLINE.match(text, place):
                yield match
        elif place and text[place - 1] in _NUMERALS:
            for start in range(max(0, place - 3), place):
                match = _INLINE.match(text, start)
                if match and match.end() == place + 1:
                    yield match
                    break


def _titled(
    view: Compact, style: str, number: int | None, start: int, at: int, *, formal_only: bool, at_line: bool
) -> Candidate | None:
    """The candidate whose title begins at ``at``, or ``None`` where no title does."""
    text = view.text
    if at >= len(text):
        return None
    line_end = view.line_end(start)
    if line_end <= at:
        line_end = view.line_end(at)  # the number alone, its title on the next line
    found = _title_at(view, style, number, start, at, line_end, formal_only=formal_only, at_line=at_line)
    if found is None:
        return None
    vocabulary = headings()
    if vocabulary.torn_row.match(text[at : min(line_end, at + 8)] if at < line_end else ""):
        return None
    return None if vocabulary.row_label.match(text[at : at + 24]) else found


def _title_at(
    view: Compact,
    style: str,
    number: int | None,
    start: int,
    at: int,
    line_end: int,
    *,
    formal_only: bool,
    at_line: bool,
) -> Candidate | None:
    """What goes by its words for a title at ``at``: a row of a table's form may do so too."""
    text = view.text

    def make(end: int, own_line: bool, closed: bool = True) -> Candidate | None:
        title = text[at:end]
        kind, formal = classify_title(title)
        if style == "annex" and kind != "other":
            return None
        if style == "bare" and (kind is None or not own_line or len(title) > 30):
            return None
        if formal_only and not formal:
            return None
        if style in ("arabic", "paren") and title in ("其他", "其它"):
            return None  # the last row of a group in table three
        return Candidate(style, number, start, at, end, title, kind, formal, own_line, closed)

    run = _title_run(view, at, line_end if at_line else None)
    if run is not None and (_CLOSING.match(text, run).end() == line_end or run > line_end):  # type: ignore[union-attr]
        own = at_line and view.starts_line(_CLOSING.match(text, run).end())  # type: ignore[union-attr]
        if own or not at_line or run > line_end:
            return make(run, own)
    if at_line and at < line_end <= at + MAX_TITLE + 4:
        end = line_end
        while end > at and text[end - 1] in "】]》〕*#_：:。.":
            end -= 1
        line = text[at:end]
        glued = run is not None and classify_title(text[at:run])[1]
        if end > at and not glued and not _SENTENCE_MARK.search(line) and line.count("，") < 2 and "|" not in line:
            return make(end, True)
    if style == "bare":
        return None
    if run is not None:
        return make(run, False)
    if table := _TABLE_NAME.match(text, at):
        return make(table.end(), False)
    blank = next(
        (i for i in range(at + 2, min(at + 31, len(text))) if i in view.blanks or _SENTENCE_MARK.match(text[i])), None
    )
    if blank is not None and blank in view.blanks and not re.search(r"[，。；：]", text[at:blank]):
        words = text[at:blank]
        closed = words.endswith((*headings().closers, *headings().weak_closers))
        return make(blank, False, closed)
    return None


def _title_run(view: Compact, at: int, line_end: int | None) -> int | None:
    """Where the title ends that begins at ``at``, going by the words that titles are made of."""
    vocabulary = headings()
    words = vocabulary.words
    text, place, skipped = view.text, at, 0
    limit = min(len(text), at + MAX_TITLE)
    strong: int | None = None  # end of a closer
    weak: int | None = None
    connected = True  # whether the next word may go on behind a closer
    while place < limit:
        word = _word_at(text, place, words)
        if not word:
            ahead = next(
                (n for n in (1, 2) if skipped + n <= _MAX_SKIPPED and len(_word_at(text, place + n, words)) > 1), None
            )
            if ahead is None or not connected or not all("一" <= c <= "鿿" for c in text[place : place + ahead]):
                break
            skipped += ahead
            place += ahead
            continue
        if strong is not None and not connected and word not in vocabulary.connectors:
            tail = vocabulary.tail.match(text, place)
            if tail and place == strong:
                strong = place = tail.end()
                continue
            break
        place += len(word)
        if word in vocabulary.connectors:
            connected = True
            if strong is not None and place - len(word) == line_end and word not in "、和及与":
                break
        elif word in vocabulary.closers:
            strong, connected = place, False
        else:
            connected = strong is None or connected
            if word in vocabulary.weak_closers:
                weak = place
    if strong is not None:
        return strong
    if weak is not None and (weak in view.blanks or weak >= len(text) or _BEHIND_TITLE.match(text, weak)):
        return weak
    return None


def _word_at(text: str, place: int, words: Words) -> str:
    """The word of titles that stands at a place, or a year."""
    if text[place : place + 1].isdecimal() and (year := _YEAR_WORD.match(text, place)):
        return year.group()
    return words.at(text, place)
