import pytest
from hypothesis import given
from hypothesis import strategies as st

from gia_nlp.text.normalise import normalise
from gia_nlp.text.quantities import find_quantities

# (sentence, [(quantity as printed, value, value_max, bound, unit), …])
CASES = [
    ("发布信息39条", [("39条", 39, None, "exact", "条")]),
    ("访问量45万余次", [("45万余次", 450000, None, "at_least", "次")]),
    ("推送1600多份", [("1600多份", 1600, None, "at_least", "份")]),
    ("近万人", [("近万人", 10000, None, "about", "人")]),
    ("接待千余次", [("千余次", 1000, None, "at_least", "次")]),
    ("约4900人次", [("4900人次", 4900, None, "about", "人次")]),
    ("超过30件", [("30件", 30, None, "at_least", "件")]),
    ("不少于2次", [("2次", 2, None, "at_least", "次")]),
    ("30件以上", [("30件以上", 30, None, "at_least", "件")]),
    ("60个左右", [("60个", 60, None, "about", "个")]),
    ("每月3至5篇", [("3至5篇", 3, 5, "exact", "篇")]),
    ("每月3-5次", [("3-5次", 3, 5, "exact", "次")]),
    ("三到五次", [("三到五次", 3, 5, "exact", "次")]),
    ("五至六万人", [("五至六万人", 50000, 60000, "exact", "人")]),
    ("收费3万元", [("3万元", 30000, None, "exact", "元")]),
    ("复制费126.5元", [("126.5元", 126.5, None, "exact", "元")]),
    ("开会三场", [("三场", 3, None, "exact", "场")]),
    ("共一百二十三件", [("一百二十三件", 123, None, "exact", "件")]),
    ("用稿11篇（条）", [("11篇（条）", 11, None, "exact", "篇（条）")]),
    ("浏览1,284,530人次", [("1,284,530人次", 1284530, None, "exact", "人次")]),
    ("粉丝突破21.4万", [("21.4万", 214000, None, "at_least", None)]),
    ("申请数18件", [("18件", 18, None, "exact", "件")]),
    ("网上3条", [("3条", 3, None, "exact", "条")]),
    ("上百条留言", [("上百条", 100, None, "about", "条")]),
    ("国令第711号", []),
    ("收费金额（单位：万元）", []),
    ("青政办〔2021〕30号", []),
    ("自2024年1月1日起至12月31日", []),
    ("占比32.65%，上升5个百分点", []),
    ("第三次会议，第9期简报", []),
    ("20个工作日内办结", []),
    ("《2023年十件实事》", []),
    ("数百条、几十件", []),
    ("“12345”热线", []),
    ("电话：0599-23162606", []),
    ("用时30分钟、2个月", []),
]

CASES += [
    ("政务APP80条", [("80条", 80.0, None, "exact", "条")]),
    ("A4纸张，G20会议", []),
    ("IPTV平台推送IPTV30条", [("30条", 30.0, None, "exact", "条")]),
    ("点击突破千万次", [("千万次", 1e7, None, "at_least", "次")]),
    ("（单位：千万元）", []),
]


@pytest.mark.parametrize(("sentence", "expected"), CASES, ids=[c[0] for c in CASES])
def test_forms(sentence: str, expected: list[tuple[object, ...]]) -> None:
    found = [(q.text, q.value, q.value_max, q.bound, q.unit) for q in find_quantities(sentence)]
    assert found == expected


@given(st.integers(0, 10**7), st.sampled_from("条件篇次项"), st.booleans(), st.integers(0, 3))
def test_broken_numbers_are_healed(value: int, unit: str, marks: bool, gap: int) -> None:
    digits = f"{value:,}" if marks else str(value)
    cut = min(gap, len(digits) - 1)
    broken = digits[:cut] + "\n" + digits[cut:] if cut else digits
    text = f"共发布{broken} {unit}。"
    view = normalise(text)
    (quantity,) = find_quantities(view.text)
    assert (quantity.value, quantity.unit) == (value, unit)
    start, end = view.span(quantity.start, quantity.end)
    assert text[start:end] == f"{broken} {unit}"


@given(st.text(alphabet="0123456789万亿余多近约条件次年月日%.,（）第一二三百千至-", max_size=60))
def test_offsets_always_quote(text: str) -> None:
    for quantity in find_quantities(text):
        assert text[quantity.start : quantity.end] == quantity.text
        assert quantity.value_max is None or quantity.value_max > 0
