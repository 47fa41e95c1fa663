"""How far the title of a section goes: by the words that titles are made of, or to the end of its line."""

from __future__ import annotations

import re

from gia_nlp.structure.compact import Compact
from gia_nlp.vocabulary.active import recent_per_vocabulary
from gia_nlp.vocabulary.headings import TitleWords, classify_title, headings

LONGEST_BARE = 30  # characters of a title without a number
_MAX_TITLE = 45
_MAX_SKIPPED = 2  # characters inside a glued title that no word of the vocabulary covers: slips of the pen
_YEAR_LENGTH = 5  # 2023年

_YEAR_WORD = re.compile(r"\d{4}年度?")
_TABLE_NAME = re.compile(r"[^。，；：！？|]{0,40}?(?:统计表|情况表|一览表|汇总表)")
_BEHIND_TITLE = re.compile(r"[（(。：:]|\d{4}年")
_SENTENCE_MARK = re.compile(r"[。；！？;!?]")
_MARK = re.compile(r"[，。；：]")
_CLOSERS = "】]》〕*#_：:。."
_CLOSING = re.compile(f"[{re.escape(_CLOSERS)}]*")

Extent = tuple[int, bool, bool]


def may_be_title(view: Compact, at: int, end: int) -> bool:
    """Whether a line without a number, ``text[at:end]``, may be a title or the beginning of one.

    A title is short, and either the line has the words of one, or all of it may be words of a title that goes on in the
    next line. Most cells and sentences are ruled out before :func:`title_extent` looks at them (a tenth of the time).
    """
    text = view.text
    while True:
        line = text[at:end].rstrip(_CLOSERS)
        if len(line) > LONGEST_BARE:
            return False
        is_title, may_go_on = _told_of(line)
        if is_title or not may_go_on or len(line) < end - at:
            return is_title
        if headings().run_on.match(text, at, end + _YEAR_LENGTH).end() <= end:  # type: ignore[union-attr]
            return False
        end = view.line_end(end)


@recent_per_vocabulary(8192)
def _told_of(line: str) -> tuple[bool, bool]:
    """Whether a line has the words of a title, and whether :func:`_title_run` may pass its end, whatever follows.

    Remembered, since it is asked of the labels of tables, which come again from report to report.
    """
    reach = headings().run_on.match(line).end()  # type: ignore[union-attr]
    is_title = (reach == len(line) or not _is_sentence(line)) and classify_title(line)[0] is not None
    return is_title, (reach == len(line) or line[reach:].isdecimal()) and _may_go_on(line)


def _may_go_on(line: str) -> bool:
    """Whether words of titles, a slip of the pen or a year can end behind a line."""
    place, skipped = 0, 0
    while place < len(line):
        length = _length_at(line, place)
        while not length and skipped < _MAX_SKIPPED and place < len(line):
            place, skipped = place + 1, skipped + 1
            length = _length_at(line, place) if place < len(line) else _OPEN
        if not length:
            return False
        place += length
    return True


_OPEN = 100  # the length of a word that may end behind the line


def _length_at(line: str, place: int) -> int:
    """The length of the word of titles or the year at a place of a line; ``_OPEN`` where it may end behind the line, 0 for none."""
    rest = line[place:]
    if rest[0].isdecimal():
        year = _YEAR_WORD.match(rest)
        return year.end() if year else _OPEN if len(rest) < _YEAR_LENGTH else 0
    for word, _, length in headings().title_words.get(rest[0], ()):
        if rest.startswith(word):
            return length
        if length > len(rest) and word.startswith(rest):
            return _OPEN
    return 0


def _is_sentence(line: str) -> bool:
    """Whether a line is a sentence or a row of cells rather than a title."""
    return "|" in line or line.count("，") >= 2 or _SENTENCE_MARK.search(line) is not None


def title_extent(view: Compact, at: int, line_end: int, *, at_line: bool, bare: bool) -> Extent | None:
    """Where the title ends that begins at ``at``, whether it has its line(s) for itself, and whether it ends like a title.

    ``at_line``: its number begins the line that ends at ``line_end``. ``bare``: it has no number, and so must be all of a line.
    """
    text = view.text
    run = _title_run(view, at, line_end if at_line else None)
    if run is not None:
        closed = _CLOSING.match(text, run).end()  # type: ignore[union-attr]
        if closed == line_end or run > line_end:
            own = at_line and view.starts_line(closed)
            if own or not at_line or run > line_end:
                return run, own, True
    if at_line and at < line_end <= at + _MAX_TITLE + 4:
        line = text[at:line_end].rstrip(_CLOSERS)
        glued = run is not None and classify_title(text[at:run])[1]
        if line and not glued and not _is_sentence(line):
            return at + len(line), True, True
    if bare:
        return None
    if run is not None:
        return run, False, True
    if table := _TABLE_NAME.match(text, at):
        return table.end(), False, True
    return _to_blank(view, at)


def _to_blank(view: Compact, at: int) -> Extent | None:
    """Unknown words up to a blank, with no mark between."""
    text = view.text
    stop = min(at + 31, len(text))
    mark = _SENTENCE_MARK.search(text, at + 2, stop)
    places = range(at + 2, mark.start() + 1 if mark else stop)
    blank = next((i for i in places if i in view.blanks), None)
    if blank is None or _MARK.search(text, at, blank):
        return None
    vocabulary = headings()
    return blank, False, text[at:blank].endswith((*vocabulary.closers, *vocabulary.weak_closers))


def _title_run(view: Compact, at: int, line_end: int | None) -> int | None:
    """Where the title ends that begins at ``at``, going by the words that titles are made of."""
    text, vocabulary = view.text, headings()
    by_first = vocabulary.title_words
    place, skipped = at, 0
    limit = min(len(text), at + _MAX_TITLE)
    strong: int | None = None  # end of a closer
    weak: int | None = None
    connected = True  # whether the next word may go on behind a closer
    while place < limit:
        first = text[place]
        # A look-up of its own, no call for every word: all lines with a number come through here.
        for known in by_first.get(first, ()):
            if text.startswith(known[0], place):
                word, role, length = known
                break
        else:
            if first.isdecimal() and (year := _YEAR_WORD.match(text, place)):
                word, role, length = year.group(), "word", year.end() - place
            elif connected and (ahead := _slip(text, place, by_first, _MAX_SKIPPED - skipped)):
                skipped += ahead
                place += ahead
                continue
            else:
                break
        if not connected and role != "connector":  # behind a closer
            tail = vocabulary.tail.match(text, place)
            if tail and place == strong:
                strong = place = tail.end()
                continue
            break
        place += length
        if role == "connector":
            connected = True
            if strong is not None and place - length == line_end and word not in "、和及与":
                break
        elif role == "closer":
            strong, connected = place, False
        elif role == "weak":
            weak = place
    if strong is not None:
        return strong
    if weak is not None and (weak in view.blanks or weak >= len(text) or _BEHIND_TITLE.match(text, weak)):
        return weak
    return None


def _slip(text: str, place: int, by_first: TitleWords, most: int) -> int:
    """How many characters at a place are a slip of the pen, behind which words of titles go on; 0 where none go on."""
    for length in range(1, most + 1):
        if not "一" <= text[place + length - 1 : place + length] <= "鿿":
            return 0
        behind = place + length
        for word, _, size in by_first.get(text[behind : behind + 1], ()):
            if text.startswith(word, behind):
                if size > 1:
                    return length
                break
        else:
            if _YEAR_WORD.match(text, behind):
                return length
    return 0
