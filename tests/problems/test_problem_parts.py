"""The parts of finding problems one by one: labels, openings, splitting, kinds, denials, pairing, robustness."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gia_nlp.problems import find_items
from gia_nlp.problems.classifying import classify
from gia_nlp.problems.context import Context, read_label, remedy_status
from gia_nlp.problems.segmenting import read_points
from gia_nlp.problems.sentences import shortfall
from gia_nlp.problems.splitting import split_problems, strip_remedy_opening
from gia_nlp.records import Layout, Metadata, Prose, Section
from gia_nlp.vocabulary.categories import categories


def layout(text: str, year: int | None = 2024, heading: str = "五、存在的主要问题及改进情况") -> Layout:
    section = Section("problems", heading, 0, 0, len(text))
    return Layout((section,), (Prose("problems", 0, len(text)),), (), Metadata(year=year, form="2021"))


@pytest.mark.parametrize(
    ("phrase", "kind", "status"),
    [
        ("存在的主要问题", "problem", "current"),
        ("2023年度存在问题", "problem", "previous"),
        ("存在的问题与不足", "problem", "current"),
        ("改进措施", "remedy", None),
        ("改进情况", "remedy", "done"),
        ("2024年度改进情况", "remedy", "done"),
        ("2025年改进举措", "remedy", "planned"),
        ("下一步工作打算", "remedy", "planned"),
        ("针对存在问题采取的整改措施", "remedy", None),
        ("针对上述问题，本局将", "remedy", "planned"),
        ("存在的主要问题及改进措施", None, None),
    ],
)
def test_labels(phrase: str, kind: str | None, status: str | None) -> None:
    label = read_label(phrase, 2024)
    assert label is not None
    assert (label.kind, label.status) == (kind, status)


@pytest.mark.parametrize("phrase", ["公开内容不全", "加强培训", "政策解读", "信息更新不及时的问题", "一、总体情况"])
def test_no_labels(phrase: str) -> None:
    assert read_label(phrase, 2024) is None


@pytest.mark.parametrize(
    ("sentence", "want"),
    [
        ("存在公开不及时、缺乏专人管理等问题", ["公开不及时", "缺乏专人管理"]),
        ("政策解读内容较为简单，形式单一", ["政策解读内容较为简单，形式单一"]),
        ("公开的广度、深度不够", ["公开的广度、深度不够"]),
        ("公开不及时、不全面", ["公开不及时、不全面"]),
        ("目录更新不及时；解读数量偏少", ["目录更新不及时", "解读数量偏少"]),
        ("由于编制紧张，专职人员配备不足", ["专职人员配备不足"]),
        ("公开渠道不够“多、广”", ["公开渠道不够“多、广”"]),
    ],
)
def test_splitting(sentence: str, want: list[str]) -> None:
    assert [sentence[s:e] for s, e in split_problems(sentence)] == want


@pytest.mark.parametrize(
    ("sentence", "rest"),
    [
        ("下一步，我局将加强培训", "加强培训"),
        ("针对解读少的问题，丰富解读形式", "丰富解读形式"),
        ("2025年，将继续加大公开力度", "继续加大公开力度"),
        ("今后我们要抓紧更新", "抓紧更新"),
        ("加强培训", "加强培训"),
    ],
)
def test_openings_lie_outside(sentence: str, rest: str) -> None:
    assert sentence[strip_remedy_opening(sentence) :] == rest


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ("公开内容不够全面", True),
        ("信息员队伍还需进一步充实", True),
        ("更新间隔偏长", True),
        ("不断丰富公开内容", False),
        ("坚持不公开为例外", False),
        ("补齐公开短板", False),
        ("打破数据壁垒", False),
    ],
)
def test_shortfalls(text: str, lacks: bool) -> None:
    assert (shortfall(text) is not None) is lacks


@pytest.mark.parametrize(
    ("text", "label", "status"),
    [
        ("加强培训", None, "planned"),
        ("已补充公开文件47件", None, "done"),
        ("升级了检索功能", None, "done"),
        ("将加强培训", "done", "planned"),
        ("将信息报送纳入考核", "done", "done"),
        ("将信息报送纳入考核", None, "planned"),
        ("2024年，举办培训班2期", None, "done"),
        ("为了方便群众，增设专区", None, "planned"),
    ],
)
def test_status(text: str, label: str | None, status: str) -> None:
    assert remedy_status(text, Context("remedy", label, True), 2024) == status


@pytest.mark.parametrize(
    "text",
    [
        "无",
        "无。",
        "暂无。",
        "/",
        "本年度无此类情况。",
        "我局暂未发现存在的问题。",
        "不存在突出问题。",
        "（在此处报告）",
        "经自查，未发现明显问题。",
        "",
    ],
)
def test_nothing_reported(text: str) -> None:
    assert find_items(text, layout(text)) == ((), True)


@pytest.mark.parametrize("text", ["没有建立更新机制。", "全年工作平稳有序，取得明显成效。"])
def test_silence_is_no_denial(text: str) -> None:
    assert find_items(text, layout(text))[1] is False


def test_no_section_is_no_denial() -> None:
    text = "一、总体情况\n全年平稳。"
    section = Section("overview", "一、总体情况", 0, 6, len(text))
    assert find_items(text, Layout((section,), (Prose("overview", 7, len(text)),), (), Metadata())) == ((), False)


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("信息公开不及时、不全面", "coverage timeliness"),
        ("通过培训提高答复质量", "requests capacity"),
        ("提升政务公开水平", "other"),
        ("确保信息公开及时、准确", "timeliness quality"),
        ("推进基层政务公开标准化规范化", "balance"),
        ("政策解读不够及时、形式单一", "interpretation"),
        ("及时发布培训信息", "other"),
        ("网站互动功能不完善", "interaction"),
        ("各部门公开水平参差不齐", "balance"),
        ("督促指导各单位按时更新栏目", "timeliness supervision"),
        ("群众对信息公开知晓度不高", "publicity"),
        ("健全部门协调联动机制", "mechanism"),
        ("公开属性源头认定不准", "management"),
        ("政务新媒体账号长期不更新", "timeliness platform"),
        ("数据开放程度低", "digital"),
        ("工作人员身兼数职", "capacity"),
        ("个别领导对公开工作重视不够", "awareness"),
    ],
)
def test_categories(text: str, want: str) -> None:
    assert set(classify(text)[0]) == set(want.split())


def test_scores_are_parallel_and_rise() -> None:
    names, scores = classify("加强业务培训，充实专职人员，提高业务水平")
    assert names == ("capacity",)
    assert scores[0] > classify("加强业务培训")[1][0]
    assert all(0 < s <= 1 for s in scores)


def test_named_problem_is_answered() -> None:
    text = (
        "问题一：更新慢，时有滞后；问题二：解读形式单一。改进情况：针对问题一，实行周检查。针对问题二，增加了视频解读。"
    )
    items, _ = find_items(text, layout(text))
    assert [i.kind for i in items] == ["problem", "problem", "remedy", "remedy"]
    assert [i.remedies for i in items[:2]] == [(2,), (3,)]
    assert {i.status for i in items[2:]} == {"done"}


@settings(max_examples=60, deadline=None)
@given(
    st.text(alphabet="一二三是（）、，。；：1.公开不够问题改进措施下步将针对存在等年2024\n“”①-的我局无", max_size=160)
)
def test_any_text_gives_sound_items(text: str) -> None:
    items, _ = find_items(text, layout(text))
    known = set(categories())
    for item in items:
        assert text[item.start : item.end] == item.quote and item.quote
        assert item.kind in ("problem", "remedy")
        assert item.status in (("current", "previous") if item.kind == "problem" else ("done", "planned"))
        assert item.categories and set(item.categories) <= known and len(item.categories) == len(item.category_scores)
        assert all(items[r].kind == "remedy" for r in item.remedies)
        assert item.kind == "problem" or not item.remedies


@pytest.mark.parametrize(
    "unit", ["一是公开内容不够；", "问题：", "针对上年度公开不够的问题，已整改：", "没有问题，下一步", "“", "存在"]
)
def test_work_is_linear(unit: str) -> None:
    def seconds(n: int) -> float:
        text = unit * n
        start = time.process_time()
        find_items(text, layout(text))
        return time.process_time() - start

    seconds(100)
    short, long = seconds(500), seconds(4000)
    assert long < 8 * 4 * short + 0.5


@pytest.mark.parametrize(
    "motif", ["不足，", "内容少、", "更新慢；", "公开不及时，", "一是慢，二是少，", "“不足”、", "针对不足，"]
)
def test_a_sentence_of_a_thousand_parts_costs_no_squares(motif: str) -> None:
    begin = time.process_time()
    read_points(motif * (6000 // len(motif)))
    assert time.process_time() - begin < 5  # squares took 15 s and more
