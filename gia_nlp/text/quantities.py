"""Every number with a unit that a stretch of text counts with, in all the written forms of the annotation guide.

The text must be in normal form (:func:`gia_nlp.text.normalise.normalise`): then a number is never cut by blanks or line ends.

>>> [(q.value, q.value_max, q.bound, q.unit, q.text) for q in find_quantities("访问45万余次，办班3至5期，收近千条，计0.6万元")]
[(450000.0, None, 'at_least', '次', '45万余次'), (3.0, 5.0, 'exact', '期', '3至5期'), (1000.0, None, 'about', '条', '近千条'), (6000.0, None, 'exact', '元', '0.6万元')]
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from gia_nlp.text.numerals import CHINESE_NUMERAL, parse_number
from gia_nlp.vocabulary.active import per_vocabulary
from gia_nlp.vocabulary.loader import load_yaml


class Quantity(NamedTuple):
    """A number with what it counts in. ``unit`` is ``None`` for a bare number; ``arabic`` tells how it is written."""

    value: float
    value_max: float | None
    bound: str
    unit: str | None
    start: int
    end: int
    text: str
    arabic: bool


@dataclass(frozen=True, slots=True)
class _Grammar:
    number: re.Pattern[str]
    before: dict[str, str]
    before_ends: frozenset[str]
    units: frozenset[str]
    signs: dict[bool, re.Pattern[str]]
    begins: re.Pattern[str]  # where a number may begin that is no date: looked for before all of the pattern is


def _alternatives(words: list[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))


@per_vocabulary
def _grammar() -> _Grammar:
    data = load_yaml("quantities")
    bounds = data["bounds"]
    inside = "".join(bounds["inside"]["at_least"])
    arabic = r"\d[\d,]*(?:\.\d+)?[十百千]?[万亿]?"
    chinese = f"[{CHINESE_NUMERAL}]+"
    after = _alternatives([w for words in bounds["after"].values() for w in words])
    units = _alternatives(data["units"])  # one may stand in brackets or behind a stroke: 篇（条）, 人/次
    measures = _alternatives([*data["units"], *data["other_measures"]])
    pattern = rf"""
        (?P<near>近|上|数|几)?(?P<first>{arabic}|{chinese})
        (?:(?P<range>[-~—至到]|[－]{{1,2}})(?P<second>{arabic}|{chinese}))?
        (?P<inside>[{inside}])?(?P<scale>万|亿)?(?P<inside2>[{inside}])?
        (?P<measure>(?:{measures}|%|‰)(?:（(?:{units})(?:、(?:{units}))?）|/(?:{units}))?)?
        (?P<after>{after})?
    """
    dates = "".join(c for c in "年月日" if not any(unit.startswith(c) for unit in data["units"]))
    firsts = "".join(sorted({unit[0] for unit in data["units"]}))
    no_date = rf"(?<!\d\d)(?!\d*[{dates}])" if dates else ""  # behind the first digit of a number
    before = {word: bound for bound, words in bounds["before"].items() for word in words}
    return _Grammar(
        re.compile(pattern, re.X),
        before,
        frozenset(word[-1] for word in before),
        frozenset(data["units"]),
        {
            bare: re.compile(rf"[\d{CHINESE_NUMERAL}](?:(?<=\d){no_date}{small}|[{inside}万亿]{{0,3}}[{firsts}])")
            for bare, small in ((True, ""), (False, r"(?!(?<=[1-9])\d?(?:[、，；：。）（\n]|\.(?!\d)))"))
        },
        re.compile(rf"[近上数几\d{CHINESE_NUMERAL}](?:(?<!\d)|{no_date})"),
    )


def quantity_sign(*, small_bare: bool = True) -> re.Pattern[str]:
    """What every text with a quantity holds: digits that are no date, or a numeral before a unit's first character.

    >>> [bool(quantity_sign().search(s)) for s in ("办班三期", "共17", "2024年进一步统一口径")]
    [True, True, False]

    ``small_bare=False`` is for who takes no bare number below a hundred: list numbers, notes, halves of dates.

    >>> [bool(quantity_sign(small_bare=False).search(s)) for s in ("3.其他（2）", "其他2件")]
    [False, True]
    """
    return _grammar().signs[small_bare]


_NOT_BEFORE = frozenset("第〔[.")
_UNCERTAIN = ("数", "几")
_NAME_BEFORE = re.compile(r"(?:[A-Z]{3}|App|app)$")  # 手机APP80条: the name of a carrier, not a code such as A4 or G20
_LEADS_UP = re.compile("(?:突破|超过?|逾|破|达到?|约)$")
_MONEY = {"元": 1.0, "千元": 1e3, "万元": 1e4, "亿元": 1e8}
_BOUND_AFTER = {"以上": "at_least", "之多": "at_least", "有余": "at_least", "左右": "about", "上下": "about"}


def find_quantities(text: str) -> Iterator[Quantity]:
    """All quantities in text order. Dates, ordinals, percentages, document numbers and other measures are left out.

    Bare numbers (no unit) are included only in Arabic digits; whoever asks decides whether they count anything.
    """
    grammar = _grammar()
    search, number = grammar.begins.search, grammar.number.match
    protected: list[tuple[int, int]] | None = None
    place = 0
    while begin := search(text, place):
        match = number(text, begin.start())
        if match is None:
            place = begin.end()
            continue
        place = match.end()
        if match["measure"] is None and not match["first"][0].isdigit():
            continue  # 一 in 进一步: the commonest case by far
        quantity = _quantity(match, text, grammar)
        if quantity is None:
            continue
        if protected is None:
            protected = _protected(text)
        if not protected or not any(a <= quantity.start < b for a, b in _near(protected, quantity.start)):
            yield quantity


def _near(spans: list[tuple[int, int]], offset: int) -> list[tuple[int, int]]:
    i = bisect_right(spans, (offset, 10**9))
    return spans[max(0, i - 1) : i]


# Names that hold digits: titles of documents, hotlines and slogans in quotation marks, addresses of the net, telephones.
_NAMES = (
    r"《[^《》]{1,120}》|“[^“”]{1,14}”|〔\d{4}〕\d*号?|https?[：:]//[\w./?=&%-]+|"
    r"(?:电话|传真|邮编|邮政编码|热线)[/\w（）]{0,4}[：:]?[\d-]{5,}|\d{3,4}-\d{7,8}"
)
_PROTECTED = re.compile(_NAMES)
_PROTECTED_WITH_MAIL = re.compile(rf"{_NAMES}|(?<![A-Za-z0-9.])[A-Za-z0-9_.-]{{1,64}}@[A-Za-z0-9.-]{{1,64}}")


_MAY_HOLD_NAME = re.compile("[《“〔@-]|http|电话|传真|邮|热线")  # what each of these names holds


def _protected(text: str) -> list[tuple[int, int]]:
    if not _MAY_HOLD_NAME.search(text):
        return []
    pattern = _PROTECTED_WITH_MAIL if "@" in text else _PROTECTED
    return [m.span() for m in pattern.finditer(text)]


def _quantity(match: re.Match[str], text: str, grammar: _Grammar) -> Quantity | None:
    near, first, _, second, inside, scale, inside2, unit, after = match.groups()
    if unit and unit not in grammar.units and unit.partition("（")[0].partition("/")[0] not in grammar.units:
        return None  # a date, a share, a length of time
    if near in _UNCERTAIN and first[0] in "十百千万亿":
        return None  # 数百条 names no number
    arabic = first[0].isdigit()
    if unit is None and not arabic:
        return None
    begin = match.start("first")
    before = text[begin - 1 : begin]
    if before == "\n":
        before = text[begin - 2 : begin - 1]
    if _is_code(before) and not (unit and arabic and _NAME_BEFORE.search(text[max(0, begin - 4) : begin])):
        return None
    # （单位：万元） names a unit; 千余次 and 突破千万次 are numbers
    counted = near or inside or inside2
    if (
        first in "百千万亿"
        and not counted
        and (len(first) == 1 or not _LEADS_UP.search(text[max(0, begin - 4) : begin]))
    ):
        return None
    value = parse_number(first)
    if value is None:
        return None
    maximum = parse_number(second) if second else None
    if second and (maximum is None or (maximum <= value and not scale)):
        return None
    if scale:
        factor = 1e4 if scale == "万" else 1e8
        value, maximum = value * factor, maximum * factor if maximum is not None else None
    elif second and second[-1] in "万亿" and first[-1] not in "万亿":  # 3-5万 is thirty to fifty thousand
        value *= 1e4 if second[-1] == "万" else 1e8
    if near and not (first[0] in "十百千万亿" and len(first) <= 2):
        near = None  # 申请数18件, 网上3条: the character before is another word's; 近万人: it belongs to the number
    start = begin - 1 if near else begin
    bound = _bound_before(text, start, grammar)
    if near in ("近", "上"):
        bound = "about"
    if inside or inside2:
        bound = "at_least"
    end = match.end()
    if after:
        bound = _BOUND_AFTER[after]
        if after in ("左右", "上下"):
            end = match.start("after")
    money = _MONEY.get(unit) if unit else None
    if money:
        value, maximum, unit = value * money, maximum * money if maximum is not None else None, "元"
    return Quantity(round(value, 6), maximum, bound, unit, start, end, text[start:end], arabic)


def _is_code(before: str) -> bool:
    """Whether the character before a number makes it a part of something else: 第3, 〔2024, A4, 1.5."""
    return before.isdecimal() or before in _NOT_BEFORE or (before.isascii() and before.isalpha())


def _bound_before(text: str, start: int, grammar: _Grammar) -> str:
    """What the words right before a number make of it; of several the longest (大约, 不少于)."""
    stop = start - 1 if text[start - 1 : start] == "\n" else start
    if text[stop - 1 : stop] not in grammar.before_ends:
        return "exact"
    for begin in range(max(0, start - 3), stop):
        bound = grammar.before.get(text[begin:stop])
        if bound:
            return bound
    return "exact"
