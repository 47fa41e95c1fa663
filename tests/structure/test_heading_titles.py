"""What is ruled out quickly as a title is none when it is looked at closely."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gia_nlp.structure import headings
from gia_nlp.structure.compact import compact
from gia_nlp.structure.heading_titles import may_be_title
from gia_nlp.structure.headings import candidates
from gia_nlp.vocabulary import headings as vocabulary

_MARKS = [
    "\n",
    "\n",
    "\n",
    " ",
    "、",
    "，",
    "。",
    "：",
    "|",
    "#",
    "**",
    ".",
    "一、",
    "2.",
    "（三）",
    "0",
    "12",
    "2023年",
    "20",
    "甲",
    "许可",
]


@st.composite
def _texts(draw: st.DrawFn) -> str:
    known = vocabulary.headings()
    words = [word for listed in known.title_words.values() for word, _, _ in listed]
    pieces = st.one_of(st.sampled_from(words), st.sampled_from(sorted(known.titles)), st.sampled_from(_MARKS))
    return "".join(draw(st.lists(pieces, max_size=25)))


@settings(deadline=None)  # the first call makes the tables
@given(_texts())
def test_lines_ruled_out_head_nothing(text: str) -> None:
    view = compact(text)
    found = candidates(view)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(headings, "may_be_title", lambda view, at, end: True)
        assert candidates(view) == found


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["总体情况"], True),
        (["总休情况"], True),  # a slip of the pen
        (["政府信息公开行政", "复议情况"], True),  # goes on in the next line
        (["政府信息公开行政", "处罚情况", "见附件"], False),
        (["总体情况__"], True),
        (["3472", "行政处罚"], False),
        (["规章|0|0|0"], False),
        (["溪岭市汐口区的每一处政务服务大厅都在门口贴出了申请公开信息的流程图和所需的材料"], False),
        (["申请由专人登记，当天转办，三天答复。"], False),
    ],
)
def test_may_be_title(lines: list[str], expected: bool) -> None:
    assert may_be_title(compact("\n".join(lines)), 0, len(lines[0])) is expected
