"""The 统计表 in running text: numbers behind, between and before their labels, glued, with blanks that leave no trace."""

from __future__ import annotations

import pytest

from gia_nlp.records import Cell, Document
from gia_nlp.structure.tables import read_tables

HEAD = "青垄县政府信息公开情况统计表\n统计指标 单位 统计数\n"
ROWS = [
    ("一、主动公开情况", "—", "——"),
    ("（一）主动公开政府信息数", "条", "764"),
    ("　　其中：主动公开规范性文件数", "条", "66"),
    ("（二）通过不同渠道和方式回应解读的情况", "—", "——"),
    ("　　1.参加或举办新闻发布会总次数", "次", "12"),
    ("　　　其中：主要负责同志参加新闻发布会次数", "次", "2"),
    ("　　2.政府网站在线访谈次数", "次", "5"),
    ("　　　其中：主要负责同志参加政府网站在线访谈次数", "次", "2"),
    ("　　3.政策解读稿件发布数", "篇", "31"),
    ("　　4.微博微信回应事件数", "次", "0"),
    ("三、依申请公开情况", "—", "——"),
    ("（一）收到申请数", "件", "1"),
    ("　　1.当面申请数", "件", "1"),
]
TRUTH = {
    "published.year": 764, "published_normative.year": 66, "press_conferences.year": 12, "press_conferences_by_leader.year": 2,
    "interviews.year": 5, "interviews_by_leader.year": 2, "interpretations.year": 31, "responses_weibo_wechat.year": 0,
    "applications_received.year": 1, "applications_in_person.year": 1,
}  # fmt: skip


def cells(text: str) -> dict[str, Cell]:
    return {c.key: c for c in read_tables(Document(text=text)).cells if c.table == "statistics"}


def values(text: str) -> dict[str, float | None]:
    return {key: c.value for key, c in cells(text).items()}


PRINTS = {
    "spaced": "\n".join(" ".join(r) for r in ROWS),
    "one line, spaces": " ".join(" ".join(r) for r in ROWS),
    "glued": "".join("".join(r).replace("　", "") for r in ROWS),
    "numbers first": "\n".join(f"{v} {label} {u}" if v != "——" else f"{label} {u}" for label, u, v in ROWS),
    "number between two lines of its label": "\n".join(
        f"{label[:-2]}\n{v}\n{label[-2:]} {u}" if v != "——" else label for label, u, v in ROWS
    ),
    "number on its own line": "\n".join(
        f"{label[:6]}\n{label[6:]} {u}\n{v}" if v != "——" else label for label, u, v in ROWS
    ),
}


@pytest.mark.parametrize("name", PRINTS)
def test_print(name: str) -> None:
    found = cells(HEAD + PRINTS[name])
    assert {key: c.value for key, c in found.items()} == TRUTH
    for cell in found.values():
        assert "764" not in cell.raw or cell.key == "published.year"


def test_blank_cells_leave_the_number_of_the_next_label_alone() -> None:
    rows = "条\n".join(
        ["1.政府公报公开政府信息数", "2.政府网站公开政府信息数", "3.政务微博公开政府信息数", "4.政务微信公开政府信息数"]
    )
    text = f"{HEAD}（一）主动公开政府信息数 条 764\n{rows}条 31\n（一）收到申请数 件 9\n"
    assert values(text) == {"published.year": 764, "published_wechat.year": 31, "applications_received.year": 9}


@pytest.mark.parametrize("separator", [" ", ""])
def test_two_columns_with_blanks_stay_open(separator: str) -> None:
    rows = [
        ["主动公开文件数", "条", "7", "112"],
        ["受理依申请公开信息总数", "条", "45"],
        ["对申请的答复总数", "条", "3", "8"],
        ["行政复议数", "条"],
        ["行政诉讼数", "条", "14"],
    ]
    text = "指标名称 计量单位 2016年度 历年累计\n" + "\n".join(separator.join(r) for r in rows)
    found = cells(text)
    assert {found[f"applications_received.{c}"].kind for c in ("year", "cumulative")} == {"ambiguous"}
    assert {found[f"litigations.{c}"].value for c in ("year", "cumulative")} == {None}
    if separator:
        assert found["answers.cumulative"].value == 8


def test_page_mark_against_a_number() -> None:
    text = HEAD + "（一）主动公开政府信息数\n条\n764\n（一）收到申请数\n件\n- 7 -0\n（二）申请办结数\n件\n3\n"
    assert values(text) == {"published.year": 764, "applications_received.year": 0, "applications_closed.year": 3}


def test_number_without_a_known_label_or_unit_is_no_cell() -> None:
    text = HEAD + PRINTS["spaced"] + "\n汐口区\n2017\n"
    assert values(text) == TRUTH
