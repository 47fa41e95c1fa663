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


def test_documents_looked_through_are_compared_with_no_cell() -> None:
    rows = [
        "第二十条第（一）项",
        "信息内容|本年制发件数|本年废止件数|现行有效件数",
        "规章|0|0|0",
        "行政规范性文件|2|1|12",
    ]
    rows += ["第二十条第（五）项", "信息内容|本年处理决定数量", "行政许可|0"]
    table = "\n".join(f"|{row}|" for row in rows) + "\n"
    for sentence, number, compared in (
        ("全年清理规范性文件18件，其中继续有效12件。", "18件", []),
        ("全年清理规范性文件18件，其中继续有效12件。", "12件", ["holds"]),
        ("制发规范性文件3件。", "3件", ["fails"]),
    ):
        text = f"{sentence}\n{table}"
        reading = read_tables(Document(text=text))
        start = text.index(number)
        fact = Fact("normative_documents", float(number[:-1]), start, start + len(number), number, unit="件")
        _, checks = check(text, Layout((), (), reading.cells, Metadata(), reading.glued), (fact,))
        assert [c.status for c in checks if c.rule.startswith("prose")] == compared, sentence
