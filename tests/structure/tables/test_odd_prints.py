"""Prints that hide, join or misplace what a cell says."""

from __future__ import annotations

import pytest

from gia_nlp.records import Cell, Document
from gia_nlp.structure.tables import read_tables
from gia_nlp.structure.tables.bordered import is_number_like


def cells(text: str, table: str = "requests") -> dict[str, Cell]:
    return {c.key: c for c in read_tables(Document(text=text)).cells if c.table == table}


def row(text: str, name: str) -> list[float | None]:
    return [c.value for key, c in cells(text).items() if key.rpartition(".")[0] == name]


ZEROS = ["0"] * 7
LEAVES = [
    ("（三）不予公开", "1.属于国家秘密", ZEROS),
    ("", "2.其他法律行政法规禁止公开", ZEROS),
    ("", "3.危及“三安全一稳定”", ["2", "0", "0", "0", "0", "0", "2"]),
    ("", "4.保护第三方合法权益", ZEROS),
    ("（四）无法提供", "1.本机关不掌握相关政府信息", ["1", "3", "0", "0", "0", "0", "4"]),
    ("", "2.没有现成信息需要另行制作", ZEROS),
]


@pytest.mark.parametrize("unseen", ["\u200b", "\ufeff", "\u00ad", "\ue5e5"])
def test_unseen_character_before_a_tab(unseen: str) -> None:
    lines = []
    for group, leaf, values in LEAVES:
        lines += [f"\t{group}", f"\t{leaf}", *(f"\t{v}" for v in values), ""]
    lines[lines.index("\t3.危及“三安全一稳定”") + 1] = f"{unseen}\t2"
    lines[lines.index("\t1.本机关不掌握相关政府信息")] = f"{unseen}\t1.本机关不掌握相关政府信息"
    text = "\n".join(lines)
    assert row(text, "refused.security_stability") == [2, 0, 0, 0, 0, 0, 2]
    assert row(text, "unavailable.not_held") == [1, 3, 0, 0, 0, 0, 4]


def test_character_of_a_private_font_beside_digits_leaves_the_cell_open() -> None:
    text = "\n".join("\t".join([group, leaf, *values]) for group, leaf, values in LEAVES).replace(
        "\t3\t", "\t3\ue05a\t"
    )
    assert cells(text)["unavailable.not_held.business"].kind == "ambiguous"


def test_group_and_leaf_in_one_cell() -> None:
    lines = []
    for group, leaf, values in LEAVES:
        lines += [
            "| 类别 | 数据1 | 数据2 | 数据3 | 数据4 | 数据5 | 数据6 | 总计 |",
            "|---|---|---|---|---|---|---|---|",
        ]
        lines += [f"| {group}{leaf} | {' | '.join(values)} |", ""]
    text = "\n".join(lines)
    assert row(text, "unavailable.not_held") == [1, 3, 0, 0, 0, 0, 4]
    assert row(text, "refused.state_secret") == [0] * 7


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("（三）不予公开1.属于国家秘密", False),
        ("22（修订16件）", True),
        ("5件；其他2件", True),
        ("2.重复申请", False),
        ("7", True),
    ],
)
def test_is_number_like(text: str, number: bool) -> None:
    assert is_number_like(text) is number


BLANK = [""] * 7
SPARSE = [
    ("一、本年新收政府信息公开申请数量", ["", "26", "", "", "", "1", "27"]),
    ("二、上年结转政府信息公开申请数量", BLANK),
    ("（一）予以公开", ["", "26", "", "", "", "", "26"]),
    ("（二）部分公开", BLANK),
    ("（七）总计", ["", "27", "", "", "", "", "27"]),
    ("四、结转下年度继续办理", ["", "", "", "", "", "1", "1"]),
]


@pytest.mark.parametrize("ends", ["", " | |", " | |||"])
def test_rows_with_blanks_are_placed_by_their_totals(ends: str) -> None:
    text = "\n".join(f"{label} | {' | '.join(values)}{ends}" for label, values in SPARSE)
    assert row(text, "received") == [None, 26, None, None, None, 1, 27]
    assert row(text, "carried_out") == [None, None, None, None, None, 1, 1]
    assert row(text, "carried_in") == [None] * 7


def test_labels_over_several_cells_move_the_numbers_of_their_rows() -> None:
    lines = [f"{label}\t\t\t" + "\t".join(values) for label, values in SPARSE[:2]]
    lines += [f"三、本年度办理结果\t{label}\t\t" + "\t".join(values) for label, values in SPARSE[2:5]]
    text = "\n".join([*lines, "四、结转下年度继续办理\t\t\t" + "\t".join(SPARSE[5][1])])
    assert row(text, "granted") == [None, 26, None, None, None, None, 26]
    assert row(text, "carried_out") == [None, None, None, None, None, 1, 1]


def test_row_beside_a_lone_number_stays_open_unless_it_is_whole() -> None:
    lines = [f"{label} | {' | '.join(values)}" for label, values in SPARSE]
    lines[2] = "1 |\n（一）予以公开 |  | 26 |  |  | 0 | 26 | ||"
    found = cells("\n".join(lines))
    assert {c.value for key, c in found.items() if key.startswith("granted.")} == {None}
    assert found["received.business"].value == 26


@pytest.mark.parametrize("separator", [" | ", "\t"])
def test_fifteen_cells_with_blanks(separator: str) -> None:
    head = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    values = ["", "", "", "1", "1", *[""] * 5, "2", "", "", "", "2"]
    lines = [
        separator.join(["行政复议", "", "行政诉讼"]),
        separator.join(head * 3),
        separator.join([*values, "", "", ""]),
    ]
    found = cells("\n".join(lines), "review_litigation")
    assert {key: c.value for key, c in found.items() if c.value} == {
        "review.pending": 1, "review.total": 1, "litigation_after_review.upheld": 2, "litigation_after_review.total": 2,
    }  # fmt: skip


def test_two_columns_of_a_statistics_table_with_blanks() -> None:
    lines = [
        "指标名称 | 计量单位 | 2016年度 | 历年累计 | |",
        "主动公开文件数 | 条 | 7 | 112 | |",
        "传真申请数 | 条 |  | 12 | ||",
    ]
    lines += ["当面申请数 | 条 | 3 |  | |", "信函申请数 | 条 |  |  | |||"]
    found = {key: c.value for key, c in cells("\n".join(lines), "statistics").items()}
    assert found["applications_fax.cumulative"] == 12 and found["applications_fax.year"] is None
    assert found["applications_in_person.year"] == 3 and found["applications_in_person.cumulative"] is None


def test_blanks_inside_words_and_numbers() -> None:
    text = (
        "行政 复议 行政诉讼\n结果 维持 结果纠正 其他 结果 尚未审结 总 计 未经复议直接起诉 复议后起诉\n"
        "00 00 0 0 0 00 0 0 5 207\n"
    )
    found = cells(text, "review_litigation")
    assert found["litigation_after_review.total"].value == 7 and found["litigation_after_review.other"].value == 2
    labels = [
        "（三） 不予公 开 1.属于 国家秘密",
        "2.其他法律 行政 法规禁止公开",
        "3.危 及“三安全 一稳定”",
        "（七 ）总 计",
    ]
    rows = ["2 200000 22", "0 0 000 0 0", "2 3 030000 0 2303", "313 0 007"]
    text = "\n".join(f"{label} {numbers}" for label, numbers in zip(labels, rows, strict=True))
    assert row(text, "refused.state_secret")[0] is None  # 2 and 20, or 22 and 0
    assert row(text, "refused.prohibited_by_law") == [0] * 7


def test_a_blank_around_a_letter_of_a_label_is_no_cell() -> None:
    lines = ["（四） 无 法提供 1.本机关 不掌握相关政府信息 0 0 0 0 0 0 0", "2.没有 现成信息需要另行制作 1 0 0 0 0 0 1"]
    lines += [
        "（六）其他处理 1.申 请人 无 正当理由逾期不补正、行政机关不再处理其政府信息公开申请 3 0 0 0 0 0 3",
        "3.其他 0 0 0 0 0 0 0",
    ]
    assert row("\n".join(lines), "other.not_corrected") == [3, 0, 0, 0, 0, 0, 3]
    assert row("\n".join(lines), "unavailable.not_held") == [0] * 7


@pytest.mark.parametrize("mark", ["- 5 -", "— 5 —", "第 5 页", "5/12"])
def test_page_mark_behind_the_fifteen_numbers(mark: str) -> None:
    text = (
        "行政复议 行政诉讼\n结果维持 结果纠正 其他结果 尚未审结 总计 未经复议直接起诉 复议后起诉\n"
        f"0 1 0 0 1 0 0 0 0 0 2 0 0 0 2\n\n{mark}\n\n五、存在的主要问题及改进情况\n"
    )
    found = cells(text, "review_litigation")
    assert found["review.corrected"].value == 1 and found["litigation_after_review.total"].value == 2
    assert all(c.value is not None for c in found.values())
