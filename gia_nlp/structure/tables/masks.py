"""What is no part of a table's labels and numbers, overwritten so that every place stays where it is: page marks, ordinals
torn from their points, words beside numbers."""

from __future__ import annotations

import re

# Patterns that look at what stands before them do so behind their first character: a search for a pattern that begins with a
# character, or a set of them, leaps over all others, which takes half the time.
# A token is a number, or one of - — / 无 不适用 between blanks.
TOKEN_PATTERN = r"(?:[\d\-—–/无不](?:(?<=\d)[\d,]*(?:\.\d+)?|(?<!\S.)(?:(?<=[-—–/])[-—–/]?|(?<=无)|(?<=不)适用)(?!\S)))"
TOKEN = re.compile(TOKEN_PATTERN)
SIGNED_TOKEN = re.compile(rf"[-+]\d[\d,]*(?:\.\d+)?|{TOKEN_PATTERN}")
_REMARK = (
    r"(?:万元|[件元条次人个项份宗起])?(?:[（(][^（）()\s]{1,20}[)）]|[；;][^\s；;\d]{1,8}\d{1,6}(?:万元|[件元条次人个项份宗起])?)"
    r"|万元|[件元条次人个项份宗起]"
)
REMARK = re.compile(_REMARK)  # words behind a cell's number
_WORDED = re.compile(rf"(?m)([-+\d](?<![^\s\x00].)(?:(?<=\d)|\d)[\d,]*(?:\.\d+)?)({_REMARK})(?=\s|$)")
_LABELLED = re.compile(
    rf"([ ])(?<=\d[ ])([\u4e00-\u9fff]{{2,8}})(\d[\d,]*(?:{_REMARK})[ ]*)(?=\n|$)"
)  # 25 1 行政许可88件
_CELL = re.compile(rf"[-+]?{TOKEN_PATTERN}(?:{_REMARK})?")
_CELLS_BEFORE = re.compile(rf"(?:{_CELL.pattern}[ ]+)+$")
_CELLS_BEHIND = re.compile(rf"(?:[ ]+{_CELL.pattern})+(?![^\s])")
_LINE = 100  # characters before and behind a number that are looked at
_ROW_SIZES = (7, 8, 15)  # cells of a row of applications without and with a subtotal, and of table four
_PAGE_MARKS = (
    re.compile(r"(?m)^[ ]*[-—–]{1,2}[ ]*\d{1,3}[ ]*[-—–]{1,2}(?=[ ]*\d)"),
    re.compile(r"(?m)[ ](?<=\d[ ])[ ]*[-—–]{1,2}[ ]*\d{1,3}[ ]*[-—–]{1,2}[ ]*$"),
    re.compile(r"[—–](?<![\d\-—–].)[—–]?[ ]*\d{1,3}[ ]*[—–]{1,2}(?![\d\-—–]\d)"),
    re.compile(r"-(?<=[\s\u4e00-\u9fff）)]-)[ ]*\d{1,3}[ ]*-(?=[\s\u4e00-\u9fff（(])"),
    re.compile(r"第[ ]*\d{1,3}[ ]*页(?:[ ]*[，,/]?[ ]*共[ ]*\d{1,3}[ ]*页)?"),
)
# What each of them holds, sought by one character at a time.
_OF_MARKS = tuple(map(re.compile, (*(rf"{dash}[ ]*\d{{1,3}}[ ]*[-—–]" for dash in "-—–"), r"页(?<=[\d ]页)")))
# The number of a label at the end of a line, lines of numbers, and the mark behind the number with the label itself.
_TORN_ORDINAL = re.compile(
    r"(?<=[\u4e00-\u9fff）)”\"])[ ]*([（(]?[1-9]\d?)[ ]*\n(?:[ \x00]*\d[\d ,.\x00]*\n){1,2}[ ]*([.．、)）])(?=[ ]*[\u4e00-\u9fff])"
)
_MARK_OPENS = re.compile(r"\n(?<=[\d ,.\x00]\n)[ ]*[.．、)）][ ]*[\u4e00-\u9fff]")


def may_hold_marks(text: str) -> bool:
    """Whether a text can hold a page mark; most can not."""
    return any(key.search(text) for key in _OF_MARKS)


def without_page_marks(text: str) -> str:
    """Page marks overwritten with a character that is neither blank nor number; every place stays where it is."""

    def mask(match: re.Match[str]) -> str:
        # Two blank cells around a number look like a page's mark; with it the line has as many as a row.
        before = _CELLS_BEFORE.search(text, max(0, match.start() - 80), match.start())
        behind = _CELLS_BEHIND.match(text, match.end(), match.end() + 80)
        cells = f"{before.group() if before else ''}{match.group()}{behind.group() if behind else ''}".split()
        block = len(cells) == 5 and sum(not t[0].isdigit() for t in cells) > 2  # of table four
        if (len(cells) in _ROW_SIZES or block) and all(_CELL.fullmatch(t) for t in cells):
            return match.group()
        return "\x00" * len(match.group())

    if may_hold_marks(text):
        for pattern in _PAGE_MARKS:
            text = pattern.sub(mask, text)
    return _without_torn_ordinals(text)


def without_remarks(text: str) -> str:
    """Words behind a number of a row overwritten like page marks, so that the row's numbers stand together.

    >>> without_remarks("规章 13（其中修订8件） 0 16件").replace("\\0", "_")
    '规章 13________ 0 16_'
    """

    def mask(match: re.Match[str]) -> str:
        before = text[max(0, match.start() - _LINE) : match.start()].rpartition("\n")[2]
        behind = text[match.end() : match.end() + _LINE].partition("\n")[0]
        cells = [bool(_CELL.fullmatch(part)) for part in f"{before}{match.group()}{behind}".split()]
        if (not all(cells[-2:]) and not all(cells[:2])) or len(cells) < 2:
            return match.group()  # no line of cells behind or before a label
        return match.group(1) + "\x00" * len(match.group(2))

    text = _LABELLED.sub(lambda m: m.group(1) + "\x00" * len(m.group(2)) + m.group(3), text)
    return _WORDED.sub(mask, text)


def _without_torn_ordinals(text: str) -> str:
    """Labels' numbers that a line end tears from their marks overwritten like page marks, so that they join no row.

    No line of print opens with such a mark unless what it belongs to stands further up, here with numbers between.

    >>> _without_torn_ordinals("不予公开1\\n0 0 0\\n.属于").replace("\\0", "_")
    '不予公开_\\n0 0 0\\n_属于'
    """

    def mask(match: re.Match[str]) -> str:
        chars = list(match.group())
        for group in (1, 2):
            for i in range(match.start(group), match.end(group)):
                chars[i - match.start()] = "\x00"
        return "".join(chars)

    return _TORN_ORDINAL.sub(mask, text) if _MARK_OPENS.search(text) else text
