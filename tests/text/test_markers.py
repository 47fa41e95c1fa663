"""Marks of lists: what opens a point and what only looks so."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gia_nlp.text.markers import find_markers


def shown(text: str) -> list[tuple[str, int]]:
    return [(m.style, m.ordinal) for m in find_markers(text)]


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("一是内容少；二是更新慢。", [("clause", 1), ("clause", 2)]),
        ("十是培训少；十一是经费少。", [("clause", 10), ("clause", 11)]),
        ("（一）少；（二）慢。", [("parenthesis", 1), ("parenthesis", 2)]),
        ("(一)少；(二)慢。", [("parenthesis", 1), ("parenthesis", 2)]),
        ("1.少。2.慢。", [("number", 1), ("number", 2)]),
        ("1、少。2、慢。", [("number", 1), ("number", 2)]),
        ("1．少\n2．慢", [("number", 1), ("number", 2)]),
        ("1)少;2)慢", [("number", 1), ("number", 2)]),
        ("（1）少；（2）慢", [("parenthesis_number", 1), ("parenthesis_number", 2)]),
        ("①少；②慢", [("circled", 1), ("circled", 2)]),
        ("⑴少；⑵慢", [("circled", 1), ("circled", 2)]),
        ("首先，少；其次，慢；最后，散。", [("first_second", 1), ("first_second", 2), ("first_second", 9)]),
        ("第一，少。第二，慢。", [("ordinal", 1), ("ordinal", 2)]),
        ("一方面，少；另一方面，慢。", [("sides", 1), ("sides", 2)]),
        ("一要补内容；二要快更新。", [("clause", 1), ("clause", 2)]),
        ("其一，少；其二，慢。", [("its", 1), ("its", 2)]),
        ("- 少\n- 慢", [("bullet", 0), ("bullet", 0)]),
        ("问题一：少；问题二：慢。", [("issue", 1), ("issue", 2)]),
        ("改进措施一是补内容。二是快更新。", [("clause", 1), ("clause", 2)]),
        ("（二）改进措施一是补内容。", [("parenthesis", 2), ("clause", 1)]),
        ("规范公开行为1、加强培训。2、加强检查。", [("number", 1), ("number", 2)]),
        ("一是少；三是慢；三是散。", [("clause", 1), ("clause", 3), ("clause", 3)]),
        ("2025年，我们一要抓培训；二要抓检查。", [("clause", 1), ("clause", 2)]),
    ],
)
def test_marks(text: str, want: list[tuple[str, int]]) -> None:
    assert shown(text) == want


@pytest.mark.parametrize(
    "text",
    [
        "做到一是一、二是二",
        "统一是关键",
        "唯一是不足",
        "第一时间公开，第一平台作用",
        "国庆十一是高峰",
        "投入1.5万元，同比增长2.3%",
        "依据第二十条第（一）项公开",
        "国办发〔2019〕60号",
        "首先公开",
        "一方面要看到成绩",
        "最后一年",
        "2024年1月15日",
        "全年共收到12、13件",
        "之一是培训",
    ],
)
def test_no_marks(text: str) -> None:
    assert shown(text) == []


@given(st.text(alphabet="一二三四五是要（）()、.12，。；：公开\n-①问题首先其次第", max_size=80))
def test_marks_are_ordered_and_inside(text: str) -> None:
    marks = find_markers(text)
    assert all(0 <= m.start < m.end <= len(text) for m in marks)
    assert all(a.end <= b.start for a, b in itertools.pairwise(marks))
