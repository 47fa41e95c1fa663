"""Running text of a report, and the assembly of a layout."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gia_nlp.records import Document, Grid, GridCell
from gia_nlp.structure import layout as layout_module
from gia_nlp.structure.compact import compact
from gia_nlp.structure.metadata import title_span
from gia_nlp.structure.prose import find_prose
from gia_nlp.structure.sections import find_sections

TITLE = "青垄县民政局2023年政府信息公开工作年度报告"


def prose(text: str, tables: tuple[tuple[int, int], ...] = (), **more: object) -> list[tuple[str, str]]:
    document = Document(text, **more)  # type: ignore[arg-type]
    sections = find_sections(document)
    found = find_prose(document, sections, tables, title_span(document, sections, compact(text)))
    return [(p.section, document.text[p.start : p.end]) for p in found]


def test_bodies_without_title_and_headings() -> None:
    text = f"{TITLE}\n\n根据条例，编制本报告。\n一、总体情况\n　　全年平稳。\n（一）主动公开\n公布9条。\n二、主动公开政府信息情况\n无\n"
    assert prose(text) == [
        ("preamble", "根据条例，编制本报告。"),
        ("overview", "全年平稳。\n（一）主动公开\n公布9条。"),
        ("proactive", "无"),
    ]


def test_prose_glued_to_its_heading() -> None:
    text = f"{TITLE} 根据条例，编制本报告。一、总体情况2023年，公布9条。二、主动公开政府信息情况规章000"
    table = (text.index("规章"), len(text))
    assert prose(text, (table,)) == [("preamble", "根据条例，编制本报告。"), ("overview", "2023年，公布9条。")]


@pytest.mark.parametrize(
    "furniture",
    [
        "附件：",
        "　附件下载　\n　",
        " 相关附件 附件",
        "打印本页 关闭窗口",
        "返回顶部上一篇：某县年报",
        "附件下载\n下一篇：附件的目录\n",
    ],
)
def test_furniture_behind_the_text(furniture: str) -> None:
    text = "一、总体情况\n全年公布9条，附件格式已统一。"
    assert prose(text + furniture) == [("overview", "全年公布9条，附件格式已统一。")]


@pytest.mark.parametrize("words", ["附件中有说明。", "打印本页 关闭窗口按钮已更换。", "返回顶部上一篇，逐篇核对。"])
def test_words_of_furniture_inside_the_text(words: str) -> None:
    text = f"全年公布9条，附件格式已统一。{words}"
    assert prose(f"一、总体情况\n{text}") == [("overview", text)]


def test_sentences_around_a_table() -> None:
    text = "二、主动公开政府信息情况\n2023年，我局公布9条。\n规章\t0\t0\t0\n行政许可\t3\n注：含延续许可2件。\n三、收到和处理政府信息公开申请情况\n收到2件。"
    assert prose(text) == [
        ("proactive", "2023年，我局公布9条。"),
        ("proactive", "注：含延续许可2件。"),
        ("requests", "收到2件。"),
    ]
    table = (text.index("规章"), text.index("注："))
    assert prose(text, (table,)) == prose(text)


def test_table_in_the_middle_of_a_line() -> None:
    text = "二、主动公开政府信息情况 公布9条。 规章 0 0 0 行政许可 3 注：含延续许可2件。"
    table = (text.index("规章"), text.index("注："))
    assert prose(text, (table,)) == [("proactive", "公布9条。"), ("proactive", "注：含延续许可2件。")]


@pytest.mark.parametrize(
    "noise",
    [
        "| 规章 | 0 | 0 | 0 |",
        "|---|---|---|",
        "规章\t0\t0",
        "\t行政许可\n\t　0",
        "附件1：青垄县民政局2023年政府信息公开情况统计表",
        "表2 收到和处理政府信息公开申请情况",
        "## 表二：主动公开政府信息情况",
        "（单位：万元）",
        "（文字描述，相关做法在此处报告。）",
        "— 5 —",
        "上一篇：青垄县2022年年报",
        "附件下载",
    ],
)
def test_what_is_left_out(noise: str) -> None:
    text = f"二、主动公开政府信息情况\n公布9条。\n{noise}\n"
    assert prose(text) == [("proactive", "公布9条。")]


@pytest.mark.parametrize(
    "line",
    [
        "件，无法提供的10件，不予处理0件，转下一年度1件。",
        "表示感谢的来信有3封。",
        "注：表二含延续许可2件。",
        "附件已在网站公布，共3件。",
        "来源：各单位报送12条，科室报送3条。",
    ],
)
def test_sentences_that_look_like_furniture(line: str) -> None:
    assert prose(f"二、主动公开政府信息情况\n公布9条。\n{line}") == [("proactive", f"公布9条。\n{line}")]


def test_navigation_before_and_behind() -> None:
    text = f"当前位置： 首页 政务公开 年报 {TITLE} 来源：青垄县 时间：2024-01-02 08:00 微信 打印 根据条例，编制本报告。 一、总体情况 公布9条。 附件下载"
    found = prose(text)
    assert found[-1] == ("overview", "公布9条。")
    assert found[0] == ("preamble", "根据条例，编制本报告。")
    assert not any("当前位置" in words for _, words in found)


@pytest.mark.parametrize("head", ["行政复议行政诉讼", "行政复议 行政诉讼", "信息内容\n本年制发件数", "申请人情况"])
def test_column_heads_that_a_table_left_over(head: str) -> None:
    text = f"四、政府信息公开行政复议、行政诉讼情况 {head} 结果维持结果纠正000 共2件。"
    table = (text.index("本年制发件数") if "本年" in head else text.index("结果维持"), text.index(" 共2件"))
    assert prose(text, (table,)) == [("review_litigation", "共2件。")]


def test_a_page_mark_inside_a_sentence_does_not_part_it() -> None:
    assert prose("一、总体情况\n全年共公布信息\n— 2 —\n9条。") == [("overview", "全年共公布信息\n— 2 —\n9条。")]


def test_grids_are_no_prose_unless_they_lay_out_the_page() -> None:
    head = "一、总体情况\n公布9条。\n\n"
    rows = "规章\t0\n许可\t3\n\n"
    text = head + rows + "另有2件。"
    start = len(head)
    cells = (GridCell(0, 0, "规章", start, start + 2), GridCell(0, 1, "0", start + 3, start + 4))
    grid = Grid(cells, start, start + len(rows), "html")
    assert prose(text, grids=(grid,)) == [("overview", "公布9条。"), ("overview", "另有2件。")]
    long = "全年公布信息。" * 20
    page = "一、总体情况\n" + long
    layout = Grid((GridCell(0, 0, page, 0, len(page)),), 0, len(page), "html")
    assert prose(page, grids=(layout,)) == [("overview", long)]


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["一、总体情况", "\n", "规章\t0", "公布9条。", "附件下载", "（文字描述，在此处报告。）", "|", " "]
        ),
        max_size=40,
    ).map("".join),
    st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), max_size=4),
)
def test_prose_stays_in_its_section_and_out_of_tables(text: str, spans: list[tuple[int, int]]) -> None:
    document = Document(text)
    sections = find_sections(document)
    tables = [(min(s), min(max(s), len(text))) for s in spans if min(s) < len(text)]
    found = find_prose(document, sections, tables)
    assert [p.start for p in found] == sorted(p.start for p in found)
    for p in found:
        assert any(s.id == p.section and s.body_start <= p.start < p.end <= s.end for s in sections)
        assert not any(a < p.end and p.start < b for a, b in tables if b > a)
        assert re.search(r"\w", text[p.start : p.end])


# --------------------------------------------------------------------------- the layout


@pytest.fixture
def no_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """The assembly alone: the reading of tables has tests of its own."""
    import sys

    empty = SimpleNamespace(cells=(), glued=(), spans=(), forms={}, warnings=())
    monkeypatch.setitem(sys.modules, "gia_nlp.structure.tables", SimpleNamespace(read_tables=lambda *_: empty))


@pytest.mark.usefixtures("no_tables")
def test_layout_and_its_warnings() -> None:
    found = layout_module.analyse(
        Document(f"{TITLE}\n一、工作机制保障\n略。\n二、主动公开政府信息情况\n略。\n三、存在的主要问题\n略。")
    )
    assert [s.id for s in found.sections] == ["preamble", "other", "proactive", "problems"]
    assert [(w.stage, w.error) for w in found.warnings] == [("structure", "unknown_heading")]
    assert found.metadata.form == "free"
    slip = layout_module.analyse(Document(f"{TITLE}\n统计期限自2022年1月1日起至2022年12月31日止。\n一、总体情况\n略。"))
    assert [w.error for w in slip.warnings] == ["year_conflict"]
    nothing = layout_module.analyse(Document("全年公布9条。"))
    assert [w.error for w in nothing.warnings] == ["no_section"]
    assert layout_module.analyse(Document("")).sections == ()


@pytest.mark.usefixtures("no_tables")
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(
        alphabet="一二、总体情况主动公开\n\t |。：（）青垄县局2023年政府信息公开工作年度报告[]#*\u200b\ud7ff𠀀—",
        max_size=250,
    )
)
def test_no_text_makes_it_fail(text: str) -> None:
    found = layout_module.analyse(Document(text))
    assert "".join(text[s.start : s.end] for s in found.sections) == text


@pytest.mark.skipif(not os.environ.get("GIA_NLP_GOLD_DIR"), reason="GIA_NLP_GOLD_DIR is not set")
def test_prose_holds_the_facts_and_items_of_the_gold() -> None:
    outside = []
    seen = 0
    for path in sorted(Path(os.environ["GIA_NLP_GOLD_DIR"]).glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        source = next(path.parent.parent.glob(f"*/{gold['source']}"))
        marked = [(m, k) for k in ("facts", "items") for m in gold.get(k) or [] if m["start"] is not None]
        if not marked or source.suffix == ".html":
            continue
        found = layout_module.analyse(Document(source.read_bytes().decode("utf-8-sig"))).prose
        for mark, kind in marked:
            seen += 1
            holds = any(
                p.start <= mark["start"] and mark["end"] <= p.end
                for p in found
                if kind == "facts" or p.section == "problems"
            )
            if not holds:
                outside.append((gold["id"], mark["quote"]))
    assert seen and outside == []
