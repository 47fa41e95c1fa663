"""Single cells, sentences that are no tables, and the 统计表."""

from __future__ import annotations

import pytest

from gia_nlp.records import Document, Grid, GridCell
from gia_nlp.structure.tables import read_tables
from gia_nlp.structure.tables.rows import Piece
from gia_nlp.structure.tables.values import read_value


@pytest.mark.parametrize(
    ("text", "value", "kind", "unit"),
    [
        ("0", 0, "zero", None),
        ("1,234", 1234, "number", None),
        ("12.50", 12.5, "number", None),
        ("５８", 58, "number", None),
        ("251000元", 251000, "number", "元"),
        ("5件；其他2件", 5, "number", "件"),
        ("22（修订16件）", 22, "number", None),
        ("2023年新增7件", 7, "number", "件"),
        ("减3", -3, "number", None),
        ("", None, "empty", None),
        ("/", None, "text", None),
        ("—", None, "text", None),
        ("不适用", None, "text", None),
        ("1 2", None, "ambiguous", None),
        ("O", None, "ambiguous", None),
    ],
)
def test_value(text: str, value: float | None, kind: str, unit: str | None) -> None:
    folded = text.translate(str.maketrans("０１２３４５６７８９", "0123456789"))
    found = read_value(Piece(folded, 0, len(text), 0), text)
    assert (found.value, found.kind, found.unit) == (value, kind, unit)


@pytest.mark.parametrize(
    "text",
    [
        "2023年，全区收到政府信息公开申请5件，其中予以公开3件，部分公开1件，不予公开1件，结转下年度继续办理0件。",
        "本年制发规范性文件5件，办理行政许可20件、行政处罚3件、行政强制0件，行政事业性收费2.5万元。",
        "行政复议结果维持1件，结果纠正0件，其他结果2件，尚未审结1件，总计4件。",
        "全年主动公开政府信息数1200条，收到申请数5件，举办各类培训班数3次。会议室电话2336243、2336240。",
    ],
)
def test_sentences_with_numbers_are_no_table(text: str) -> None:
    assert read_tables(Document(text=text)).cells == ()


def test_torn_row_is_lost_with_its_numbers_in_the_note() -> None:
    rows = [
        "信息内容|本年制发件数|本年废止件数|现行有效件数",
        "规章|2|9",
        "行政规范性文件|3|1|12",
        "行政许可|45",
        "行政处罚|7",
        "行政强制|0",
    ]
    cells = {c.key: c for c in read_tables(Document(text="\n".join(rows))).cells}
    assert [cells[f"regulations.{c}"].kind for c in ("issued", "repealed", "in_force")] == ["lost"] * 3
    assert "2 | 9" in (cells["regulations.issued"].note or "")
    assert cells["fees.amount"].note == "row not found"


GLUED = (
    "附件：青垄县政府信息公开情况统计表 指标名称计量单位2013年度历年累计主动公开信息数条9501200其中：1.政府网站公开条"
    "8009902.政府公报公开条210受理依申请公开信息总数条78其中：1.当面申请数条452.网上申请数条33对申请的答复数条78"
    "其中：1.同意公开答复数条67行政复议数条00行政诉讼数条01"
)


def test_glued_statistics() -> None:
    reading = read_tables(Document(text=GLUED))
    values = {c.key: c.value for c in reading.cells}
    assert reading.forms == {"statistics": "statistics"}
    assert values["applications_received.year"] == 7 and values["applications_received.cumulative"] == 8
    assert values["applications_in_person.cumulative"] == 5
    assert values["litigations.cumulative"] == 1
    # 9501200 alone may be 9 and 501200 too, but the whole is never less than its part (800 and 990).
    assert values["published.year"] == 950 and values["published.cumulative"] == 1200
    assert not reading.glued


def test_glued_statistics_that_nothing_parts() -> None:
    reading = read_tables(Document(text=GLUED.replace("8009902.", "9501200" + "2.")))
    run = next(run for run in reading.glued if run.cells[0] == "published.year")
    assert set(run.readings) == {("950", "1200"), ("9", "501200")}
    cell = next(c for c in reading.cells if c.key == "published.year")
    assert (cell.value, cell.kind, cell.raw) == (None, "ambiguous", "9501200")


@pytest.mark.parametrize("separator", ["\t", " | ", " "])
def test_national_statistics(separator: str) -> None:
    rows = [
        ["统计指标", "单位", "统计数"],
        ["一、主动公开情况", "——", "——"],
        ["（一）主动公开政府信息数（不同渠道和方式公开相同信息计1条）", "条", "1830"],
        ["其中：主动公开规范性文件数", "条", "12"],
        ["（二）通过不同渠道和方式公开政府信息的情况", "——", "——"],
        ["2.政府网站公开政府信息数", "条", "1500"],
        ["（一）收到申请数", "件", "9"],
        ["四、行政复议数量", "件", "3"],
        ["（一）维持具体行政行为数", "件", "2"],
        ["（三）其他情形数", "件", "1"],
        ["五、行政诉讼数量", "件", "1"],
        ["（二）被依法纠错数", "件", "1"],
        ["（二）举办各类培训班数", "次", "4"],
        ["（三）接受培训人员数", "人次", "230"],
        ["（四）本地特有的指标数", "个", "6"],
    ]
    reading = read_tables(Document(text="\n".join(separator.join(r) for r in rows)))
    values = {c.key: c.value for c in reading.cells if c.value is not None}
    assert values == {
        "published.year": 1830, "published_normative.year": 12, "published_website.year": 1500, "applications_received.year": 9,
        "reviews.year": 3, "reviews_upheld.year": 2, "reviews_other.year": 1, "litigations.year": 1, "litigations_corrected.year": 1,
        "training_sessions.year": 4, "training_attendance.year": 230, "本地特有的指标数.year": 6,
    }  # fmt: skip


def test_unknown_table_keeps_its_numbers() -> None:
    lines = [["镇街", "信息数", "栏目数"], ["甲镇", "12", "3"], ["乙镇", "45", "6"]]
    text, cells = "各镇街情况\n", []
    start = len(text)
    for r, line in enumerate(lines):
        for c, word in enumerate(line):
            cells.append(GridCell(r, c, word, len(text), len(text) + len(word)))
            text += word + ("\t" if c < 2 else "\n")
    reading = read_tables(Document(text=text, grids=(Grid(tuple(cells), start, len(text), "html"),)))
    assert {(c.table, c.row, c.column, c.value) for c in reading.cells} == {
        ("unknown", "甲镇", "信息数", 12.0), ("unknown", "甲镇", "栏目数", 3.0),
        ("unknown", "乙镇", "信息数", 45.0), ("unknown", "乙镇", "栏目数", 6.0),
    }  # fmt: skip


def test_garbage_is_read_in_linear_time() -> None:
    import time

    begin = time.process_time()
    for piece in ("12 ", "予以公开", "其他 0 ", "|", "\t1\n", "条1", "（", "- 3 - "):
        read_tables(Document(text=piece * (60_000 // len(piece))))
    assert time.process_time() - begin < 10
