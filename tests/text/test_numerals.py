import pytest
from hypothesis import given
from hypothesis import strategies as st

from gia_nlp.text.numerals import parse_chinese, parse_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三", 3), ("两", 2), ("十", 10), ("十五", 15), ("二十", 20), ("一百零五", 105), ("一百二十三", 123), ("两千零三十", 2030),
        ("三万五千", 35000), ("一亿二千万", 120000000), ("二〇二四", 2024), ("千", 1000), ("1,234", 1234), ("4.5万", 45000), ("1.2亿", 120000000),
        ("5千", 5000), ("5千万", 50000000), ("0", 0), ("0.6", 0.6),
    ],
)  # fmt: skip
def test_values(text: str, value: float) -> None:
    assert parse_number(text) == value


@pytest.mark.parametrize("text", ["千百", "三五个", "", "十十", "一二三万条", "abc", "1.2.3"])
def test_no_number(text: str) -> None:
    assert parse_number(text) is None


def _written(n: int) -> str:
    """The textbook spelling of a number below ten thousand."""
    digits, units = "零一二三四五六七八九", ["", "十", "百", "千"]
    out, zero = "", False
    text = str(n)
    for i, d in enumerate(text):
        power = len(text) - 1 - i
        if d == "0":
            zero = bool(out)
            continue
        out += ("零" if zero else "") + digits[int(d)] + units[power]
        zero = False
    return out


@given(st.integers(1, 9999), st.integers(0, 9999))
def test_round_trip(low: int, high: int) -> None:
    assert parse_chinese(_written(low)) == low
    if high and low >= 1000:
        assert parse_chinese(_written(high) + "万" + _written(low)) == high * 10_000 + low
