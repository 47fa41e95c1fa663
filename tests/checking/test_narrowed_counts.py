"""A count that its words narrow speaks of no other cell, also where the form has no cell for it."""

from __future__ import annotations

from gia_nlp.checking import check
from gia_nlp.records import Document, Fact, Layout, Metadata
from gia_nlp.structure.tables import read_tables

TABLE = (
    "信息内容本年新制作数量本年新公开数量对外公开总数量规章000行政规范性文件33105第二十条第（五）项信息内容上一年项目数量本年增/减本年处理决定数量"
    "行政许可000其他对外管理服务事项000第二十条第（六）项信息内容上一年项目数量本年增/减本年处理决定数量行政处罚000行政强制000\n"
)


def test_documents_still_in_force_part_no_digits_of_documents_made() -> None:
    for sentence, value in (
        ("清理行政规范性文件10件，继续有效的集中公布。", None),
        ("全年制定行政规范性文件10件。", 10.0),
    ):
        text = f"{sentence}\n{TABLE}"
        reading = read_tables(Document(text=text))
        start = text.index("10件")
        fact = Fact("normative_documents", 10.0, start, start + 3, "10件", unit="件")
        cells, _ = check(text, Layout((), (), reading.cells, Metadata(), reading.glued), (fact,))
        found = {c.key: c.value for c in cells}
        assert found["normative_documents.newly_disclosed"] == value
