"""How far a table reaches, and what it holds that no cell took."""

from __future__ import annotations

import pytest

from gia_nlp.records import Document
from gia_nlp.structure.tables import read_tables

TABLE = [
    ["第二十条第（五）项"],
    ["信息内容", "本年处理决定数量"],
    ["行政许可", "45"],
    ["第二十条第（六）项"],
    ["行政处罚", "7"],
    ["行政检查", "318"],
    ["行政强制", "2"],
    ["行政事业性收费", "1.5"],
]


@pytest.mark.parametrize("separator", [" ", " | ", "\t"])
def test_a_row_without_a_known_name_leaves_a_warning(separator: str) -> None:
    reading = read_tables(Document(text="\n".join(separator.join(r) for r in TABLE)))
    assert [c.value for c in reading.cells if c.value is not None] == [45, 7, 2, 1.5]
    assert (
        len(reading.warnings) == 1
        and "行政检查" in reading.warnings[0].message
        and "318" in reading.warnings[0].message
    )
    whole = [r for r in TABLE if r[0] != "行政检查"]
    assert not read_tables(Document(text="\n".join(separator.join(r) for r in whole))).warnings


def test_labels_torn_around_their_numbers_belong_to_the_table() -> None:
    text = (
        "三、收到和处理政府信息公开申请情况\n2023年，收到申请4件。\n一、本年新收政府信息\n4 0 0 0 0 0 4\n公开申请数量\n"
        "（六）其他处理1.申请人无正当理\n3 0 0 0 0 0 3\n由逾期不补正、行政机关不再处理\n其政府信息公开申请\n"
        "2.申请人逾期未按收费通知\n0 0 0 0 0 0 0\n要求缴纳费用\n四、结转下年\n1 0 0 0 0 0 1\n度继续办理\n五、存在的主要问题及改进情况\n无正当理由。\n"
    )
    reading = read_tables(Document(text=text))
    start, end = reading.spans[0]
    assert len(reading.spans) == 1
    assert text[start:end].startswith("一、本年新收政府信息\n4") and text[start:end].endswith("1\n度继续办理")


def test_columns_one_after_the_other_are_one_table() -> None:
    rows = [
        ["行政复议 行政诉讼"],
        ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"],
        ["0 1 0 0 1 0 0 0 0 0 0 0 0 0 0"],
    ]
    text = "有关情况如下。\n" + "\n".join(" ".join(r) for r in rows) + "\n五、存在的主要问题\n"
    reading = read_tables(Document(text=text))
    assert [text[a:b] for a, b in reading.spans] == ["\n".join(" ".join(r) for r in rows)]
