"""Numbers as reports write them: Arabic, Chinese, mixed with 万 and 亿.

>>> parse_number("4.5万"), parse_number("一百二十三"), parse_number("1,234")
(45000.0, 123.0, 1234.0)
"""

from __future__ import annotations

import re

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "○": 0, "Ｏ": 0, "壹": 1, "贰": 2}
_DIGITS |= {"叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9}
_SMALL = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}

CHINESE_NUMERAL = "〇零一二两三四五六七八九十百千万亿"


def parse_chinese(text: str) -> float | None:
    """The value of a Chinese numeral, or ``None`` if the characters form none.

    >>> parse_chinese("两千零三十"), parse_chinese("十二"), parse_chinese("二〇二四"), parse_chinese("千百")
    (2030.0, 12.0, 2024.0, None)
    """
    if not text:
        return None
    if len(text) > 1 and all(c in _DIGITS for c in text):  # read digit by digit: 二〇二四
        return float("".join(str(_DIGITS[c]) for c in text))
    total = section = 0
    digit: int | None = None
    last_small = 10**4
    for char in text:
        if char in _DIGITS:
            if digit not in (None, 0):
                return None
            digit = _DIGITS[char]
        elif char in _SMALL:
            scale = _SMALL[char]
            if scale >= last_small or (digit is None and section):
                return None
            section += (1 if digit is None else digit) * scale
            last_small, digit = scale, None
        elif char in _LARGE:
            section += digit or 0
            total = (total + (section or 1)) * _LARGE[char] if char == "亿" else total + (section or 1) * _LARGE[char]
            section, digit, last_small = 0, None, 10**4
        else:
            return None
    return float(total + section + (digit or 0))


_ARABIC = re.compile(r"(\d[\d,]*(?:\.\d+)?)([十百千万亿]*)")


def parse_number(text: str) -> float | None:
    """The value of one number in normal form (``normalise``), or ``None``.

    Thousand's marks are dropped; a number may carry 百, 千, 万 or 亿 behind its digits (3.2万, 5千万).
    """
    if text.isascii() and text.isdigit():
        return float(text)
    match = _ARABIC.fullmatch(text)
    if not match:
        return parse_chinese(text)
    value = float(match[1].replace(",", ""))
    for scale in match[2]:
        value *= {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}[scale]
    return round(value, 6)
