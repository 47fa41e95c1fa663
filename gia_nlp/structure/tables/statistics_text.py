"""统计表 in running text: rows that no border parts, with numbers behind, between or before their labels, or glued to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from gia_nlp.structure.tables.freetext import Scan
from gia_nlp.structure.tables.reading import Source
from gia_nlp.structure.tables.rows import Piece
from gia_nlp.structure.tables.statistics_names import Entry, Namer, printed
from gia_nlp.vocabulary.forms import statistics_form

_FAR = 260  # characters between two rows of a table in running text
_HEAD = 160  # characters that a label with what stands before it may take
_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?(?:[ \n]+\d[\d,]*(?:\.\d+)?)*")
_LEAF_BEHIND = re.compile(r"\s*[.．、](?!\d)\s*(?=[\u4e00-\u9fff《])")
_LEAF = re.compile(r"(?:^|\D)(\d{1,2})\s*[.．、]")
_CHAPTER = re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]|[一二三四五六七八九十]{1,3}、")
_NEXT_LINE = re.compile(r"\s*(\S[^\n]*?)[ ]*(?=\n|$)")
_MOST_LEAVES = 20
_FARTHEST = 3000  # the same where rows without numbers stand between
_FOOTNOTE = re.compile(r"(?:^|\n)\s*(?:备注|附注|说明|注)\s*[:：][^\n]*$")
_MARK = r"([-—–/]{1,2}|无|不适用)"
_MARK_ENDS = "-—–/无用"
_MARK_BEFORE = re.compile(rf"(?<=\s){_MARK}[ ]+$")
_MARK_BEHIND = re.compile(rf"[ ]+{_MARK}[ ]*(?=\n|$)")
_OPENERS = "-—–/无不"  # with which such a line begins, unless with a digit
_ROW_AHEAD = re.compile(r"[ \t]*((?:(?:\d[\d,]*(?:\.\d+)?|[-—–/]{1,2}|无|不适用)[ ]+)+)(\S.*)$")


def text_tables(source: Source) -> Iterator[list[Entry]]:
    """Tables in free text, each a list of rows in order."""
    for place, part in enumerate(source.parts):
        if isinstance(part, Scan):
            text = part.page.unmarked.replace("\x00", " ")
            yield from _ahead(source, part, text, place) if _stands_ahead(text) else _behind(source, part, text, place)


@cache
def _units() -> tuple[re.Pattern[str], frozenset[str], int]:
    """Finds a unit at the end of a text; the last characters of units, and how many characters one takes with blanks inside."""
    units = statistics_form().units
    words = "|".join(r"\s?".join(unit) for unit in units)
    return re.compile(rf"(?:{words})\s*$"), frozenset(unit[-1] for unit in units), 2 * max(map(len, units))


def _unit(text: str) -> re.Match[str] | None:
    """The unit with which a text ends."""
    pattern, last, longest = _units()
    stop = len(text.rstrip())
    return pattern.search(text, max(0, stop - longest)) if stop and text[stop - 1] in last else None


def _without_unit(text: str) -> str:
    unit = _unit(text)
    return text[: unit.start()] if unit else text


def _entry(
    scan: Scan, place: int, found: tuple[str, bool], span: tuple[int, int], digits: str, unit: str | None,
    columns: tuple[str, ...], note: str | None,
) -> Entry:  # fmt: skip
    a, b = scan.free.view.span(*span)
    run, borders = "", []
    for part in digits.replace(",", "").split():
        if run:
            borders.append(len(run))
        run += part
    return Entry(*found, a, b, unit, place, None, run, tuple(borders), columns, note)


def _settled(table: list[Entry], gaps: bool = False) -> list[Entry]:
    """The rows, those that have fewer numbers than columns left open where a blank leaves no trace (``gaps``: some do)."""
    glued = {
        e.id for e in table if e.digits[:1] == "0" and e.digits[1:2].isdigit()
    }  # no single number begins like that
    spaced = not glued and any(len(e.borders) + 1 == len(e.columns) > 1 for e in table)
    blanks = gaps or any(e.blank or len(e.digits) < len(e.columns) for e in table)
    for e in table:
        if (
            not e.note
            and e.id not in glued
            and len(e.columns) > 1
            and len(e.borders) + 1 < len(e.columns)
            and (spaced or blanks)
        ):
            e.note = f"fewer numbers than columns, blank cells leave no trace: {e.digits}"
    return [e for e in table if not e.blank]


def _far(text: str, start: int, end: int) -> bool:
    """Whether more stands between two rows than rows without numbers."""
    return end - start > _FAR and (end - start > _FARTHEST or bool(re.search(r"[。；，！？]", text[start:end])))


# ---------------------------------------------------------------------------------------- numbers before their labels


def _stands_ahead(text: str) -> bool:
    """Whether numbers open their lines: told by how many lines with a known row begin or end with digits."""
    lines = [line for line in map(str.strip, text.split("\n")) if line and len(line) <= 120]
    opened = [line for line in lines if line[0] in _OPENERS or line[0].isdecimal()]
    rows = [(line, row.group(2)) for line in opened if (row := _ROW_AHEAD.match(line))]
    if len(rows) < 3:
        return False
    namer = Namer()
    known = {line for line, label in rows if namer.knows(_without_unit(label))}
    ahead = sum(line in known for line, _ in rows)
    closed = (line for line in lines if line[-1].isdigit() and line not in known)
    behind = sum(namer.knows(_without_unit(line.rstrip("0123456789., "))) for line in closed) if ahead >= 3 else 0
    return ahead >= 3 and ahead > behind


def _ahead(source: Source, scan: Scan, text: str, place: int) -> Iterator[list[Entry]]:
    """Tables whose lines open with their numbers."""
    table: list[Entry] = []
    namer, at, last, published = Namer(), 0, 0, False
    columns: tuple[str, ...] = ("year",)
    for line in text.split("\n"):
        start, at = at, at + len(line) + 1
        row = _ROW_AHEAD.match(line)
        if not row:
            if len(line) <= 120 and table and not line.strip()[-1:].isdigit():
                namer.name(_without_unit(line), True)  # a group, or the rest of a label
            continue
        label = row.group(2)
        unit = _unit(label)
        found = namer.name(label[: unit.start()] if unit else label, True)
        if not found and (not unit or not table):
            continue
        if (table and _far(text, last, start)) or (found and found[0] == "published" and published):
            yield _settled(table)
            table, published = [], False
        if not table:
            columns = _columns_before(text, start)
        digits = row.group(1).rstrip()
        span = start + row.start(1), start + row.start(1) + len(digits)
        entry = _entry(
            scan, place, found or (printed(label), False), span, digits, "".join(unit.group().split()) if unit else None,
            columns, None,
        )  # fmt: skip
        tokens = list(re.finditer(r"\S+", digits))
        if len(tokens) == len(columns):
            pieces = [Piece(t.group(), *scan.free.view.span(span[0] + t.start(), span[0] + t.end()), 0) for t in tokens]
            entry.values, entry.note = [source.value(p) for p in pieces], "numbers printed before their label"
        else:
            entry.note = f"numbers before their label, {len(tokens)} for {len(columns)} columns: {digits}"
        table.append(entry)
        published = published or entry.id == "published"
        last = at
    if table:
        yield _settled(table)


# ---------------------------------------------------------------------------------------- numbers behind their labels


def _behind(source: Source, scan: Scan, text: str, place: int) -> Iterator[list[Entry]]:
    """Tables in which an indicator, its unit and digits follow each other."""
    table: list[Entry] = []
    namer = Namer()
    columns: tuple[str, ...] = ("year",)
    before, leaf, gaps, published = 0, 0, False, False
    end = 0
    while match := _DIGITS.search(text, end) if table else _next_row(text, end):
        start, end = match.span()
        head = text[max(before, start - _HEAD) : start]
        marks = _marks(text, head, match, columns if table else None)
        if marks:
            head = head[: marks[0] - start] if marks[0] < start else head
        unit = _unit(head)
        leads = _LEAF_BEHIND.match(text, end)
        line_end = text.find("\n", end, end + 40)
        alone = head[-1:] in (" ", "\n") and (line_end >= 0 and not text[end:line_end].strip())
        bracket = head.count("（") + head.count("(") > head.count("）") + head.count(")")
        torn = (
            alone and leads is not None and "\n" in leads.group()
        )  # a mark that opens a line may go on with the label
        if (bracket and not alone) or (leads and not unit and not torn):
            continue  # inside brackets, or a leaf's number
        if not unit and not alone:
            if table and _far(text, before, start):
                yield _settled(table, gaps)
                table, namer, gaps, published = [], Namer(), False, False
            continue
        label = head[: unit.start()] if unit else head
        stop = start + len(match.group())
        found = None
        if alone:
            # The label may go on behind its numbers, and what looks like a known label or a unit be part of it.
            behind = _NEXT_LINE.match(text, line_end, line_end + 90)
            tail = behind.group(1) if behind else ""
            rest = _unit(tail)
            found = namer.joined(head, tail[: rest.start()] if rest else tail)
            if found:
                unit, label, before = rest, head, behind.end() if behind else before
                leads = None if torn else leads
            elif torn and not unit:
                continue
        found = found or (None if bracket else namer.name(label, True))
        if not found and (bracket or not unit or _FOOTNOTE.search(head)):
            continue
        if not found and (not table or _far(text, before, start) or re.search(r"[。；，]", head)):
            continue
        if (table and _far(text, before, start)) or (found and found[0] == "published" and published):
            yield _settled(table, gaps)
            table, leaf, gaps, published = [], 0, False, False
        if not table:
            columns = _columns_before(text, start)
        own = _LEAF.findall(label[-60:])
        if own and not _CHAPTER.search(label[-60:], label[-60:].rindex(own[-1])):
            leaf = int(own[-1])
        elif _CHAPTER.search(label):
            leaf = 0
        digits, note = match.group(), None
        if leads:
            digits, note = _without_leaf(digits, text[start - 1 : start], leaf + 1, len(columns))
        entry = _entry(
            scan, place, found or (printed(label), False), (start, start + len(digits)), digits,
            "".join(unit.group().split()) if unit else None, columns, note,
        )  # fmt: skip
        if marks:
            entry.values = [source.value(Piece(text[a:b], *scan.free.view.span(a, b), 0)) for a, b in marks[1]]
        entry.blank = not digits
        gaps = gaps or (len(columns) > 1 and namer.follows_blank(label, _unit))
        if entry.id:
            table.append(entry)
            published = published or entry.id == "published"
        before = max(before, stop if not leads else start + len(digits))
    if table:
        yield _settled(table, gaps)


@cache
def _after_unit() -> re.Pattern[str]:
    """Finds a digit behind a blank, the last character of a unit or of a mark for none, or at the beginning of a text."""
    ends = re.escape("".join(sorted(_units()[1].union(_MARK_ENDS))))
    return re.compile(rf"\d(?:(?<=[\s{ends}]\d)|(?<=\A\d))")


def _next_row(text: str, at: int) -> re.Match[str] | None:
    """The first digits behind ``at``, where digits end, that may be a row's; most of the prose is passed over unread."""
    while key := _after_unit().search(text, at):
        start = key.start()
        before = text[max(0, start - _HEAD) : start].rstrip()[-1:]
        if before.isdecimal() or before in ("", ","):  # the digits may begin further up
            match = _DIGITS.search(text, at)
            while match and match.end() <= start:
                match = _DIGITS.search(text, match.end())
        else:
            match = _DIGITS.match(text, start)
        if match is None or _may_be_row(text, *match.span()):
            return match
        at = match.end()
    return None


def _may_be_row(text: str, start: int, end: int) -> bool:
    """Whether digits stand behind a unit or a mark for none, or at the end of a line: others, most of the prose, begin no table."""
    words = text[max(0, start - _HEAD) : start].rstrip()
    last = words[-1:]
    if start and text[start - 1] in " \n":
        line_end = text.find("\n", end, end + 40)
        if (last and last in _MARK_ENDS) or (line_end >= 0 and not text[end:line_end].strip()):
            return True
    return last in _units()[1] and _unit(words) is not None


def _marks(
    text: str, head: str, match: re.Match[str], columns: tuple[str, ...] | None
) -> tuple[int, list[tuple[int, int]]] | None:
    """A row's only number beside a mark for none, ``条 0 /``: where the two begin, and their places.

    ``columns`` are the table's; ``None`` where it begins here, and they are to be told from the words before.
    """
    start, first_line = match.start(), match.group().split("\n")[0]
    end = start + len(first_line.rstrip())
    if (columns is not None and len(columns) != 2) or len(first_line.split()) != 1:
        return None
    before = _MARK_BEFORE.search(head) if head.rstrip(" ")[-1:] in _MARK_ENDS else None
    behind = _MARK_BEHIND.match(text, end, end + 12)
    if bool(before) == bool(behind) or (columns is None and len(_columns_before(text, start)) != 2):
        return None
    if before and not behind:
        first = start - len(head) + before.start(1)
        return first, [(first, first + len(before.group(1))), (start, end)]
    if behind and not before:
        return start, [(start, end), behind.span(1)]
    return None


def _without_leaf(digits: str, before: str, expected: int, width: int) -> tuple[str, str | None]:
    """A run without the number of the label behind it; a note where nobody can tell which digits that is.

    >>> _without_leaf("23", "次", 3, 1), _without_leaf("2 3", " ", 3, 1), _without_leaf("3", "条", 3, 1)
    (('2', None), ('2', None), ('', None))
    """
    parts = digits.split()
    last = parts[-1]
    plausible = last.isdigit() and last[0] != "0" and int(last) <= _MOST_LEAVES
    own_line = "\n" in digits[: len(digits) - len(last)][len(digits[: len(digits) - len(last)].rstrip()) :]
    if len(parts) > 1 and plausible and (own_line or last == str(expected) or len(parts) == width + 1):
        return digits[: -len(last)].rstrip(), None
    if len(digits) == 1 or (before in (" ", "\n") and digits == str(expected)):
        return "", None  # the label's number alone: the cell is blank
    for leaf in dict.fromkeys((str(expected), "1")):
        if digits.endswith(leaf) and len(last) > len(leaf):
            return digits[: -len(leaf)].rstrip(), None
    return digits, f"the last digits may be the number of the next label: {digits}"


def _columns_before(text: str, start: int) -> tuple[str, ...]:
    head = "".join(text[max(0, start - 120) : start].split())
    return ("year", "cumulative") if any(w in head for w in statistics_form().cumulative_words) else ("year",)
