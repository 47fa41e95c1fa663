"""Table ``proactive`` in prints that put numbers, blanks, signs and sentences where a reader does not expect them."""

from __future__ import annotations

import pytest

from gia_nlp.records import Cell, Document
from gia_nlp.structure.tables import read_tables


def cells(text: str) -> dict[str, Cell]:
    return {c.key: c for c in read_tables(Document(text=text)).cells if c.table == "proactive"}


def values(text: str, row: str) -> list[float | None]:
    return [c.value for key, c in cells(text).items() if key.startswith(f"{row}.")]


HEAD = "信息内容 本年制发件数 本年废止件数 现行有效件数"
OLD = "信息内容 上一年项目数量 本年增/减 本年处理决定数量"


def test_numbers_before_their_labels() -> None:
    text = (
        f"{HEAD}\n3 0 14 规章\n1 2 9 行政规范性文件\n第二十条第（五）项\n信息内容 本年处理决定数量\n45 行政许可\n"
        "第二十条第（六）项\n信息内容 本年处理决定数量\n7 行政处罚\n0 行政强制\n1.5 行政事业性收费\n"
    )
    found = cells(text)
    assert [c.value for c in found.values()] == [3, 0, 14, 1, 2, 9, 45, 7, 0, 1.5]
    assert found["licensing.decisions"].note == "numbers printed before their label"
    behind = {
        c.key: c.value for c in cells(text.replace("\n3 0 14 规章\n1 2 9 行政", "\n规章 3 0 14\n1 2 9 行政")).values()
    }
    assert behind["licensing.decisions"] == 45  # the most labels decide


def test_numbers_between_two_labels_that_may_belong_to_either_stay_open() -> None:
    rows = "行政许可\n45\n行政处罚\n7\n行政强制\n"
    assert {c.kind for c in cells(rows).values() if c.start is not None} <= {"ambiguous"}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("行政处罚 7 -1 7", [7, -1, 7]),
        ("行政处罚7-17", [7, -1, 7]),
        ("行政处罚 12 -3 0", [12, -3, 0]),
        ("行政处罚5-455", [5, None, None]),
        ("行政处罚 60 +2 118", [60, 2, 118]),
    ],
)
def test_negative_change_without_borders(row: str, expected: list[float | None]) -> None:
    text = f"{OLD}\n行政许可 4 0 18\n其他对外管理服务事项 3 1 6\n{row}\n行政强制 2 0 5\n"
    assert values(text, "punishment") == expected
    assert values(text, "coercion") == [2, 0, 5]


def test_torn_cell_leaves_its_row_open() -> None:
    rows = [
        "信息内容 | 上一年项目数量 | 本年增/减 | 本年处理决定数量 | |",
        "2 |",
        "行政许可 | 14 | 127 | ||",
        "其他对外管理服务事项 | 3 | 1 | 6 | |",
        "行政处罚 |  |  | 31 | |",
        "行政强制 | 2 | 0 | 5 |",
    ]
    found = cells("\n".join(rows))
    assert {found[f"licensing.{c}"].kind for c in ("previous_items", "change", "decisions")} == {"ambiguous"}
    assert [found[f"punishment.{c}"].value for c in ("previous_items", "change", "decisions")] == [None, None, 31]


def test_blank_cells_between_borders_keep_their_columns() -> None:
    rows = [
        "信息内容\t上一年项目数量\t本年增/减\t本年处理决定数量\t\t",
        "行政许可\t14\t2\t127\t\t",
        "7/12",
        "行政处罚\t167\t\t2644\t\t",
        "行政强制\t\t\t\t\t",
    ]
    assert values("\n".join(rows), "punishment") == [167, None, 2644]


def test_merged_cells_that_a_converter_repeats() -> None:
    rows = [
        "| 信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数 |",
        "| 规章 | 0 | 0 | 1 |",
        "| 行政规范性文件 | 2 | 0 | 9 |",
        "| 第二十条第（五）项 | 第二十条第（五）项 | 第二十条第（五）项 | 第二十条第（五）项 |",
        "| 信息内容 | 本年处理决定数量 | 本年处理决定数量 | 本年处理决定数量 |",
        "| 行政许可 | 1303 | 1303 | 1303 |",
        "| 行政处罚 | 7 | 8 | 7 |",
    ]
    assert values("\n".join(rows), "licensing") == [1303]
    assert values("\n".join(rows), "punishment") == [None]


@pytest.mark.parametrize("row", ["规章 7 35", "规章735"])
def test_blanks_that_leave_no_trace_leave_a_row_open(row: str) -> None:
    gap = " " if " " in row else ""
    text = f"{HEAD}\n{row}\n行政规范性文件{gap}32\n行政许可{gap}3070\n行政处罚\n行政强制{gap}4\n"
    assert values(text, "regulations") == [None] * 3
    assert cells(text)["regulations.issued"].kind == "ambiguous"
    assert values(text, "licensing") == [3070]


def test_sentence_before_the_table_is_no_row() -> None:
    text = f"本年度制发行政规范性文件14件。\n{HEAD}\n规章 0 0 0\n行政规范性文件 4 1 22\n行政许可 3\n行政处罚 1\n"
    assert values(text, "normative_documents") == [4, 1, 22]


@pytest.mark.parametrize("separator", [" ", "\t"])
def test_one_misread_character_in_a_short_label(separator: str) -> None:
    rows = [
        ["规章", "0", "0", "0"],
        ["行政规范性文件", "2", "0", "9"],
        ["行政许可", "3"],
        ["行政外罚", "11"],
        ["行政强制", "5"],
    ]
    text = HEAD.replace(" ", separator) + "\n" + "\n".join(separator.join(r) for r in rows)
    assert values(text, "punishment") == [11]
    assert "行政外罚" in (cells(text)["punishment.decisions"].note or "")
