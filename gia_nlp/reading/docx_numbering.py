"""Numbers that Word generates before headings and list points: they are no text of the file, yet readers see them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from gia_nlp.reading.docx_styles import Styles, StyleTree

_DIGITS = "〇一二三四五六七八九"
_LEGAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_PARENTHESISED = "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"
_FULL_STOP = "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛"
_IDEOGRAPH_CIRCLED = "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉"
_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
_PLACEHOLDER = re.compile(r"%([1-9])")
_LEVELS = 9


def chinese_number(number: int, digits: str = _DIGITS, units: str = "十百千", *, ten: str | None = None) -> str:
    """A number up to 9999 in Chinese numerals.

    >>> [chinese_number(n) for n in (1, 10, 12, 20, 105, 110)]
    ['一', '十', '十二', '二十', '一百〇五', '一百一十']
    """
    if not 0 < number < 10000:
        return str(number)
    if number < 20 and ten is None:
        return (units[0] if number >= 10 else "") + (digits[number % 10] if number % 10 else "")
    result, gap = "", False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit == 0:
            gap = bool(result)
            continue
        result += (digits[0] if gap else "") + digits[digit] + (units[power - 1] if power else "")
        gap = False
    return result


def format_number(number: int, style: str) -> str:
    """A number in one of Word's number formats (``w:numFmt``); unknown ones are decimal.

    >>> format_number(12, "chineseCounting"), format_number(3, "ideographTraditional"), format_number(4, "upperRoman")
    ('十二', '丙', 'IV')
    """
    lists = {
        "decimalEnclosedCircle": _CIRCLED,
        "decimalEnclosedCircleChinese": _CIRCLED,
        "decimalEnclosedParen": _PARENTHESISED,
        "decimalEnclosedFullstop": _FULL_STOP,
        "ideographEnclosedCircle": _IDEOGRAPH_CIRCLED,
    }
    if style in ("none", "bullet"):
        return ""
    if style in (
        "chineseCounting",
        "chineseCountingThousand",
        "japaneseCounting",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
        "koreanCounting",
    ):
        return chinese_number(number)
    if style in ("chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"):
        return chinese_number(number, _LEGAL_DIGITS, "拾佰仟", ten="壹拾")
    if style in ("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"):
        return "".join(_DIGITS[int(d)] for d in str(number))
    if style == "ideographTraditional":
        return _STEMS[number - 1] if 0 < number <= 10 else str(number)
    if style == "ideographZodiac":
        return _BRANCHES[number - 1] if 0 < number <= 12 else str(number)
    if style in lists and 0 < number <= len(lists[style]):
        return lists[style][number - 1]
    if style in ("upperLetter", "lowerLetter") and number > 0:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter.upper() if style == "upperLetter" else letter
    if style in ("upperRoman", "lowerRoman") and 0 < number < 4000:
        roman, rest = "", number
        for value, mark in _ROMAN:
            roman += mark * (rest // value)
            rest %= value
        return roman.upper() if style == "upperRoman" else roman
    if style == "decimalFullWidth":
        return "".join(chr(ord("０") + int(d)) for d in str(number))
    if style == "decimalZero":
        return f"{number:02d}"
    return str(number)


@dataclass(slots=True)
class Level:
    """One level of a list: how its number looks and when it starts anew."""

    start: int = 1
    style: str = "decimal"
    pattern: str = "%1."
    legal: bool = False
    restart: int | None = None  # the level whose number makes this one start anew; 0 never, None any higher one
    paragraph_style: str | None = None


@dataclass(slots=True)
class _List:
    abstract: str
    levels: dict[int, Level]
    overrides: dict[int, int] = field(default_factory=dict)


class Numbering:
    """The lists and styles of a document, and how far the lists have counted.

    Only what paragraphs refer to is looked up: styles are the largest part of many files.
    """

    def __init__(self, numbering: Any, styles: Styles | StyleTree) -> None:
        self._numbering = numbering
        self._styles = styles
        self._contents: dict[str, bool] = {}
        self._of_styles: dict[str, tuple[str | None, int | None]] = {}
        self._counters: dict[str, list[int | None]] = {}
        self._started: set[str] = set()

    def label(self, style: str | None, number: str | None, level: int | None) -> str:
        """The number before a paragraph, with its punctuation; counts on. "" if it has none.

        ``number`` and ``level`` are what the paragraph says of its list; else its style's count.
        """
        if number is None and style:
            if style not in self._of_styles:
                self._of_styles[style] = self._of_style(style)
            number, style_level = self._of_styles[style]
            level = style_level if level is None else level
        if not number or number == "0" or number not in self._lists:
            return ""
        return self._count(number, self._level_of(number, style) if level is None else level)

    def is_contents(self, style: str) -> bool:
        """Whether a style is one of generated tables of contents."""
        if style not in self._contents:
            names = [value(child(s, "name")) or "" for s in self._styles.named(style)]
            self._contents[style] = any(name.lower().startswith("toc ") for name in names)
        return self._contents[style]

    def _level_of(self, number: str, style: str | None) -> int:
        levels = self._lists[number].levels
        return next((i for i, lv in levels.items() if style and lv.paragraph_style == style), 0)

    def _count(self, number: str, level: int) -> str:
        found = self._lists[number]
        level = min(max(level, 0), _LEVELS - 1)
        counters = self._counters.setdefault(found.abstract, [None] * _LEVELS)
        if number not in self._started:
            self._started.add(number)
            for i, start in found.overrides.items():
                counters[i] = start - 1
        definition = found.levels.get(level, Level(pattern=f"%{level + 1}."))
        current = counters[level]
        counters[level] = definition.start if current is None else current + 1
        for deeper in range(level + 1, _LEVELS):
            restart = found.levels.get(deeper, Level()).restart
            if restart is None or level + 1 <= restart:
                counters[deeper] = None
        if definition.style == "bullet":
            return ""

        def shown(match: re.Match[str]) -> str:
            i = int(match.group(1)) - 1
            other = found.levels.get(i, Level())
            count = counters[i] if counters[i] is not None else other.start
            return format_number(int(count or 0), "decimal" if definition.legal else other.style)

        text = _PLACEHOLDER.sub(shown, definition.pattern)
        return text + " " if text and text[-1].isascii() and not text.endswith((" ", ")")) else text

    def _of_style(self, style: str) -> tuple[str | None, int | None]:
        number: str | None = None
        level: int | None = None
        seen: set[str] = set()
        current: str | None = style
        while current and current not in seen:
            seen.add(current)
            parent, own_number, own_level = self._style(current)
            number = own_number if number is None else number
            level = own_level if level is None else level
            current = parent
        return number, level

    def _style(self, name: str) -> tuple[str | None, str | None, int | None]:
        """The style that a style builds on, and the list and the level that it gives its paragraphs."""
        found = self._styles.named(name)
        if not found:
            return None, None, None
        style = found[-1]  # of those that share an id
        own = child(child(style, "pPr"), "numPr")
        return value(child(style, "basedOn")), value(child(own, "numId")), integer(value(child(own, "ilvl")))

    @cached_property
    def _lists(self) -> dict[str, _List]:
        lists: dict[str, _List] = {}
        if self._numbering is None:
            return lists
        numbering = self._numbering
        abstracts = {attribute(a, "abstractNumId") or "": a for a in children(numbering, "abstractNum")}
        by_link = {value(child(a, "styleLink")): i for i, a in abstracts.items() if child(a, "styleLink") is not None}
        for num in children(numbering, "num"):
            abstract = value(child(num, "abstractNumId")) or ""
            element = abstracts.get(abstract)
            link = value(child(element, "numStyleLink")) if element is not None else None
            if link in by_link:
                abstract = by_link[link]
                element = abstracts[abstract]
            if element is None:
                continue
            levels = dict(_levels(element))
            overrides: dict[int, int] = {}
            for override in children(num, "lvlOverride"):
                i = integer(attribute(override, "ilvl")) or 0
                start = integer(value(child(override, "startOverride")))
                levels.update(_levels(override))
                if start is not None:
                    overrides[i] = start
            lists[attribute(num, "numId") or ""] = _List(abstract, levels, overrides)
        return lists


def _levels(element: Any) -> list[tuple[int, Level]]:
    found = []
    for lvl in children(element, "lvl"):
        i = integer(attribute(lvl, "ilvl")) or 0
        start = integer(value(child(lvl, "start")))
        legal = child(lvl, "isLgl")
        found.append(
            (
                i,
                Level(
                    start=1 if start is None else start,
                    style=_style(lvl),
                    pattern=value(child(lvl, "lvlText")) or "",
                    legal=legal is not None and value(legal) not in ("0", "false"),
                    restart=integer(value(child(lvl, "lvlRestart"))),
                    paragraph_style=value(child(lvl, "pStyle")),
                ),
            )
        )
    return found


def _style(lvl: Any) -> str:
    # Newer formats stand in mc:AlternateContent with a plain one to fall back on.
    for element in lvl.iter():
        if local(element) == "numFmt":
            return value(element) or "decimal"
    return "decimal"


def local(element: Any) -> str:
    """An element's name without namespace; "" for comments."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def child(element: Any, name: str) -> Any:
    """The first child of a local name, or None."""
    return next((c for c in element if local(c) == name), None) if element is not None else None


def children(element: Any, name: str) -> list[Any]:
    """All children of a local name."""
    return [c for c in element if local(c) == name]


def attribute(element: Any, name: str) -> str | None:
    """An attribute by local name (transitional and strict files differ in the namespace)."""
    for key, content in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(content)
    return None


def value(element: Any) -> str | None:
    """The ``val`` attribute of a property element; None if there is no element."""
    return attribute(element, "val") if element is not None else None


def integer(text: str | None) -> int | None:
    """A number of up to six digits, None for what is none."""
    return int(text) if text is not None and re.fullmatch(r"-?\d{1,6}", text.strip()) else None
