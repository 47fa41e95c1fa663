import pytest
from hypothesis import given
from hypothesis import strategies as st

from gia_nlp.text.normalise import normalise

CASES = [
    ("收到申请２ 14\n6 件", "收到申请2146件"),
    ("公开信息１，２８４，\n５３０条", "公开信息1,284,530条"),
    ("主動公開信息", "主动公开信息"),
    ("县⻓⻢上⻅", "县长马上见"),
    ("网站,公众号;微博:3条(含转发)", "网站，公众号；微博：3条（含转发）"),
    ("商 业 企\n业", "商业企业"),
    ("[bookmark: _GoBack]六、其他", "六、其他"),
    ("零\u200b宽\ufeff字符", "零宽字符"),
    ("公开\ue5e5信息12\ue5e5条", "公开信息12条"),
    ("全年办结\n- 3 -\n有105件", "全年办结有105件"),
    ("一、总体情况\n2024年，我局开展工作。", "一、总体情况\n2024年，我局开展工作。"),
    ("第一段。\n第二段", "第一段。\n第二段"),
    ("达 10.\n3 万条", "达10.3万条"),
    ("用 Word 打开 PDF file", "用Word打开PDF file"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_normal_form(text: str, expected: str) -> None:
    assert normalise(text).text == expected


@given(st.text(alphabet="一二公开信息０１２3 4\n\u3000，,。.（(-—\u200b⻓開", max_size=80), st.booleans())
def test_map_back(text: str, heal: bool) -> None:
    view = normalise(text, heal=heal)
    assert len(view.origin) == len(view.text)
    assert all(a < b for a, b in zip(view.origin, view.origin[1:], strict=False))
    assert all(0 <= o < len(text) for o in view.origin)
    for i in range(len(view.text)):
        start, end = view.span(i, i + 1)
        assert end - start == 1
        assert view.locate(start) == i


@given(st.text(max_size=60))
def test_never_fails(text: str) -> None:
    normalise(text)


def test_half_a_surrogate_pair_stops_nothing() -> None:
    view = normalise("收到申請\ud80012件")
    assert view.text == "收到申请\ufffd12件"
    assert view.span(5, 8) == (5, 8)
