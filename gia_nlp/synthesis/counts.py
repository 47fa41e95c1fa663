"""Numbers as prose prints them: 1,234 · 一百二十三 · 1200余 · 近4.5万 · 3至5."""

from __future__ import annotations

import random
from dataclasses import dataclass

from gia_nlp.synthesis.seeds import chance

_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Count:
    """``before`` and ``after`` stand outside the span (约, 近, 超; 左右), ``text`` is the span with its unit."""

    before: str
    text: str
    value: float
    value_max: float | None
    bound: str
    after: str = ""


def chinese(n: int, *, measure: bool = True) -> str:
    """A number below 10,000 in Chinese numerals, 两 before a measure word.

    >>> chinese(2), chinese(12), chinese(20), chinese(105), chinese(260)
    ('两', '十二', '二十', '一百零五', '二百六十')
    """
    if n == 2 and measure:
        return "两"
    if n < 10:
        return _DIGITS[n]
    out, zero = "", False
    for size, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, n = divmod(n, size)
        if digit:
            out += ("零" if zero and out else "") + _DIGITS[digit] + word
            zero = False
        elif out:
            zero = True
    return out[1:] if out.startswith("一十") else out


def printed_count(
    rng: random.Random,
    value: int,
    unit: str,
    *,
    approx: bool = False,
    chinese: bool = False,
    ranged: bool = False,
    few: bool = False,
    bare: bool = False,
    thousands: bool = False,
) -> Count:
    """A count in one of its forms; money (元) may be in 万元, and the value is then in 元."""
    if bare and value >= 10000:
        number = f"{value / 10000:.1f}"
        return Count("", f"{number}万", float(number) * 10000, None, "exact")
    if few:
        return Count("", f"{value}余{unit}", value, None, "at_least")
    if ranged and value < 20:
        return Count("", f"{value}{rng.choice(('至', '-', '—'))}{value + 2}{unit}", value, value + 2.0, "exact")
    if unit == "元" and value >= 10000 and value % 100 == 0 and chance(rng, 0.5):
        return Count("", f"{value / 10000:g}万元", value, None, "exact")
    if approx and value >= 30 and chance(rng, 0.6):
        return _approximate(rng, value, unit)
    if chinese and value < 200 and chance(rng, 0.35):
        return Count("", _numeral(value) + unit, value, None, "exact")
    if thousands and value >= 1000:
        return Count("", f"{value:,}{unit}", value, None, "exact")
    return Count("", f"{value}{unit}", value, None, "exact")


_numeral = chinese


def _approximate(rng: random.Random, value: int, unit: str) -> Count:
    if value >= 10000:
        places = rng.choice((0, 1))
        number = f"{value / 10000:.{places}f}"
        number, size, base = (number.rstrip("0").rstrip(".") if "." in number else number), "万", 10000
        rounded = float(number) * base
    else:
        step = 10 ** (len(str(value)) - 2 if value >= 100 else 1)
        rounded = value // step * step
        number, size = str(rounded), ""
    way = rng.choice(("余", "余", "多", "约", "近", "超", "突破", "以上", "左右"))
    if way in ("余", "多"):
        return Count("", f"{number}{size}{way}{unit}", rounded, None, "at_least")
    if way == "以上":
        return Count("", f"{number}{size}{unit}以上", rounded, None, "at_least")
    if way == "左右":
        return Count("", f"{number}{size}{unit}", rounded, None, "about", "左右")
    return Count(way, f"{number}{size}{unit}", rounded, None, "about" if way in ("约", "近") else "at_least")
