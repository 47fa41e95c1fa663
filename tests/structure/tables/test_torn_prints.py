"""What wrapping, lost labels, blank cells and words beside numbers do to tables in running text."""

from __future__ import annotations

import pytest

from gia_nlp.records import Cell, Document
from gia_nlp.structure.tables import read_tables


def cells(text: str, table: str) -> dict[str, Cell]:
    return {c.key: c for c in read_tables(Document(text=text)).cells if c.table == table}


def row(text: str, name: str, table: str = "requests") -> list[float | None]:
    return [c.value for key, c in cells(text, table).items() if key.rpartition(".")[0] == name]


HEAD = "自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计\n一、本年新收政府信息公开申请数量 3 0 0 0 0 0 3\n二、上年结转政府信息公开申请数量 0 0 0 0 0 0 0\n"
FOOT = "（七）总计 3 0 0 0 0 0 3\n四、结转下年度继续办理 0 0 0 0 0 0 0\n"


@pytest.mark.parametrize(("front", "back"), [("1", "."), ("1", "、"), ("(1", ")"), ("１", "．"), ("（1", "）")])
@pytest.mark.parametrize("numbers", ["2 1 0 0 0 0 3", "0 0 0 0 0 1 1", "1 0 0 0 0 0 1", "0 0 0 0 0 0 0"])
def test_a_leaf_number_torn_from_its_point_is_no_cell(front: str, back: str, numbers: str) -> None:
    text = f"{HEAD}（三）不予公开{front}\n{numbers}\n{back}属于国家秘密\n2.其他法律行政\n0 0 0 0 0 0 0\n法规禁止公开\n{FOOT}"
    assert row(text, "refused.state_secret") == [float(n) for n in numbers.split()]
    assert row(text, "refused.prohibited_by_law") == [0] * 7


def test_a_row_of_the_statistics_table_goes_on_with_a_mark() -> None:
    rows = [
        "主动公开政府信息数 条 40",
        "涉及国家秘密 件 0",
        "危及国家安全、公共安全\n5\n、经济安全和社会稳定 件",
        "涉及个人隐私 件 1",
    ]
    found = cells("统计指标 单位 统计数\n" + "\n".join(rows) + "\n", "statistics")
    assert found["refused_security_stability.year"].value == 5 and found["refused_privacy.year"].value == 1


@pytest.mark.parametrize("separator", [" | ", "\t"])
def test_blank_rows_whose_labels_are_lost_keep_the_order(separator: str) -> None:
    rows = [
        ["一、本年新收政府信息公开申请数量", "9", "", "", "", "", "", "9"],
        ["（四）无法提供1.本机关不掌握相关政府信息", "4", "", "", "", "", "", "4"],
        ["", "5", "", "", "", "", "", "5"],
        ["", "", "", "", "", "", "", ""],
        ["（五）不予处理1.信访举报投诉类申请", "", "", "", "", "", "", ""],
        ["（七）总计", "9", "", "", "", "", "", "9"],
        ["四、结转下年度继续办理", "", "", "", "", "", "", ""],
    ]
    text = "\n".join(separator.join(r) for r in rows) + "\n"
    assert row(text, "unavailable.must_be_created") == [5, None, None, None, None, None, 5]
    assert row(text, "unavailable.unclear") == [None] * 7
    assert {c.kind for k, c in cells(text, "requests").items() if k.startswith("unavailable.unclear")} == {"empty"}


def test_two_blank_cells_around_a_number_are_no_page_mark() -> None:
    text = "\n".join(
        [
            "- 1 - - - - 1 （五）不予处理 1.信访举报投诉类申请",
            "- - - - - - - 2.重复申请",
            "- - - - - - - 3.要求提供公开出版物",
            "- 1 - - - 1 2 （七）总计",
            "1 - - - - - 1 四、结转下年度继续办理\n",
        ]
    )
    assert row(text, "not_processed.petition") == [None, 1, None, None, None, None, 1]
    assert row(text, "processed") == [None, 1, None, None, None, 1, 2]


@pytest.mark.parametrize("words", ["2件", "2（其中补正1件）", "2件；其他8件"])
def test_words_behind_a_number_do_not_part_a_row(words: str) -> None:
    text = f"{HEAD}（一）予以公开 0 {words} 0 0 0 1 3\n（二）部分公开 0 0 0 0 0 0 0件\n{FOOT}"
    found = cells(text, "requests")
    assert row(text, "granted") == [0, 2, 0, 0, 0, 1, 3]
    assert found["granted.business"].raw == words and "words beside" in (found["granted.business"].note or "")
    assert found["partly_granted.total"].raw == "0件"


def test_a_torn_row_of_marks_is_left_open() -> None:
    whole = ["", "", *["—"] * 6, "—"]
    rows = [
        ["一、本年新收政府信息公开申请数量", "", "6", *["—"] * 5, "6"],
        ["三、本年度办理结果", "（一）予以公开", *["—"] * 7],
        ["—"],
        ["", "（二）部分公开", "6", "—", "—", "—", "—", "6"],
        ["", "（七）总计", "6", *["—"] * 5, "6"],
        ["四、结转下年度继续办理", *whole[1:]],
    ]
    text = "\n".join("\t".join(r) for r in rows) + "\n"
    assert row(text, "partly_granted") == [None] * 7
    assert row(text, "processed") == [6, None, None, None, None, None, 6]


def test_either_of_two_places_can_hold_the_number_in_two_cells() -> None:
    text = f"{HEAD.replace(' ', chr(9))}（一）予以公开\t1\t1\t6\t0\t0\t0\t17\n{FOOT.replace(' ', chr(9))}"
    assert row(text, "granted") == [None, None, None, 0, 0, 0, 17]


def test_columns_with_rows_missing_take_the_labels_listed_before_them() -> None:
    ids = ["received", "carried_in", "granted", "partly_granted", "refused.third_party", "unavailable.not_held", "unavailable.unclear",
           "not_processed.repeated", "other.other", "processed", "carried_out"]  # fmt: skip
    labels = ["一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量", "三、本年度办理结果\n（一）予以公开", "（二）部分公开", "（三）不予公开\n4.保护第三方合法权益",
              "（四）无法提供\n1.本机关不掌握相关政府信息", "3.补正后申请内容仍不明确", "（五）不予处理\n2.重复申请", "（六）其他处理\n3.其他", "（七）总计", "四、结转下年度继续办理"]  # fmt: skip
    columns = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    grid = [[(r * 3 + c) % 4 for c in range(6)] for r in range(len(ids))]
    grid = [[*values, sum(values)] for values in grid]
    text = (
        "\n".join([*labels, *("\n".join([name, *(str(v[c]) for v in grid)]) for c, name in enumerate(columns))]) + "\n"
    )
    for id, values in zip(ids, grid, strict=True):
        assert row(text, id) == values
    assert row(text, "not_processed.petition") == [None] * 7


def test_numbers_of_reviews_fill_no_row_of_applications() -> None:
    text = (
        "一、本年新收政府信息公开申请数量 7 1 0 0 0 0 8\n（一）予以公开 6 0 0 0 0 0 6\n（七）总计 7 1 0 0 0 0 8\n四、结转下年度继续办理\n"
        "四、行政复议、行政诉讼情况\n行政复议 行政诉讼\n结果维持 结果纠正 其他结果 尚未审结 总计 未经复议直接起诉 复议后起诉\n"
        "结果维持 结果纠正 其他结果 尚未审结 总计 结果维持 结果纠正 其他结果 尚未审结 总计\n3 4 1 5 13 5 5\n五、存在的主要问题\n"
    )
    assert row(text, "carried_out") == [None] * 7


@pytest.mark.parametrize(
    ("printed", "values"), [("- 4", (None, 4)), ("0 /", (0, None)), ("无 12", (None, 12)), ("3 不适用", (3, None))]
)
def test_a_mark_beside_the_only_number_tells_its_column(
    printed: str, values: tuple[float | None, float | None]
) -> None:
    text = f"指标名称 计量单位 2016年度 历年累计\n主动公开文件数 条 66 89\n其中：1.政府网站公开数 条 {printed}\n2.政府公报公开数 条 5 6\n行政复议数 件 0 0\n"
    found = cells(text, "statistics")
    assert (found["published_website.year"].value, found["published_website.cumulative"].value) == values


def test_the_group_of_a_row_is_told_by_a_row_without_a_number() -> None:
    text = "统计指标 单位 统计数\n申请答复数 件 1\n四、行政复议数量 件 -\n（三）其他情形数 件 0\n五、行政诉讼数量 件 1\n（三）其他情形数 件 1\n"
    found = cells(text, "statistics")
    assert found["reviews_other.year"].value == 0 and found["litigations_other.year"].value == 1


def test_zeros_cannot_be_one_number_even_where_cells_are_blank() -> None:
    text = (
        "第二十条第（一）项信息内容本年制发件数本年废止件数现行有效件数规章000行政规范性文件第二十条第（五）项信息内容本年处理决定数量行政许可12"
        "第二十条第（六）项信息内容本年处理决定数量行政处罚40行政强制第二十条第（八）项信息内容本年收费金额（单位：万元）行政事业性收费0\n"
    )
    assert row(text, "regulations", "proactive") == [0, 0, 0]


def test_the_number_of_a_heading_fills_no_blank_cell() -> None:
    rows = ["行政许可 4", "第二十条第（六）项", "行政处罚 2", "行政强制 0", "第二十条第（八）项", "行政事业性收费"]
    text = "信息内容 本年处理决定数量\n" + "\n".join(rows) + "\n3、其他工作\n无。\n"
    assert row(text, "fees", "proactive") == [None]


def test_a_group_beside_the_blank_cell_of_its_lost_leaf() -> None:
    rows = [
        ["一、本年新收政府信息公开申请数量", "4", "", "", "0", "", "", "4"],
        ["8.属于行政查询事项", "", "", "", "", "", "", ""],
        ["（四）无法提供", "", "-", "0", "0", "-", "", "", "无"],
        ["2.没有现成信息需要另行制作", "", "3", "", "", "1", "", "4"],
        ["3.补正后申请内容仍不明确", "0", "0", "0", "0", "0", "0", "0"],
        ["（七）总计", "4", "", "", "0", "", "", "4"],
        ["四、结转下年度继续办理", "", "", "", "0", "", "", ""],
    ]
    text = "\n".join(" | ".join(r) for r in rows) + "\n"
    assert row(text, "unavailable.not_held") == [None, 0, 0, None, None, None, None]
    assert row(text, "unavailable.must_be_created") == [None, 3, None, None, 1, None, 4]
    assert row(text, "carried_out") == [None, None, None, 0, None, None, None]


def test_a_mark_that_closes_a_column_is_not_cut_off() -> None:
    text = "三、收到和处理政府信息公开申请情况\n主动公开信息 12\n规章 1 - -\n行政规范性文件 3 1 -\n行政许可 -\n行政处罚 6\n"
    assert row(text, "regulations", "proactive") == [1, None, None]
    assert row(text, "normative_documents", "proactive") == [3, 1, None]


def test_blank_cells_that_open_a_row_behind_a_page_mark_are_cells() -> None:
    heads = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    lines = ["\t行政复议", "\t行政诉讼", "", *(f"\t{h}" for h in heads), "\t未经复议直接起诉", "\t复议后起诉", ""]
    lines += [*["\t"] * 5, *(f"\t{h}" for h in heads * 2), "", "第4页"]
    numbers = ["", "", "", "", "", "", "", "1", "2", "3", "2", "1", "", "", "3"]
    text = (
        "四、行政复议、行政诉讼情况\n" + "\n".join([*lines, *(f"\t{n}" for n in numbers)]) + "\n\n五、存在的主要问题\n"
    )
    assert row(text, "review", "review_litigation") == [None] * 5
    assert row(text, "litigation_direct", "review_litigation") == [None, None, 1, 2, 3]
    assert row(text, "litigation_after_review", "review_litigation") == [2, 1, None, None, 3]


def test_ten_numbers_that_are_no_blocks_are_parted_by_their_sums() -> None:
    text = (
        "行政复议 行政诉 讼\n结果维持 结果纠正 其他结果 尚未审结 总计 未经复议直接起诉 复议后起诉\n"
        "结果维持 结果纠正 其他结果 尚未审结 总计 结果维持 结果纠正 其他结果 尚未审结 总计\n100 0 10 0 0 0 0 11 5 18\n五、存在的主要问题\n"
    )
    assert row(text, "review", "review_litigation") == [1, 0, 0, 0, 1]
    assert row(text, "litigation_after_review", "review_litigation") == [1, 1, 5, 1, 8]


def test_columns_of_as_many_rows_as_another_form_go_by_their_labels() -> None:
    from gia_nlp.vocabulary.forms import requests_form

    rows = [
        r for r in requests_form("2021").rows if r.id not in ("refused.prohibited_by_law", "not_processed.repeated")
    ]
    assert len(rows) == len(requests_form("2019").rows)
    columns = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    grid = [[(r * 5 + c) % 3 for c in range(6)] for r in range(len(rows))]
    grid = [[*values, sum(values)] for values in grid]
    parts = [
        *(r.label for r in rows),
        *("\n".join([name, *(str(v[c]) for v in grid)]) for c, name in enumerate(columns)),
    ]
    text = "\n".join(parts) + "\n"
    assert [row(text, r.id) for r in rows] == grid
    assert row(text, "refused.prohibited_by_law") == [None] * 7


def test_a_count_of_the_prose_torn_behind_its_thousands_is_no_cell() -> None:
    text = "2021年，办理行政许可5,6 0 9件，具体情况见下表。\n第二十条第（五）项\n信息内容 本年处理决定数量\n行政许可 5609\n第二十条第（六）项\n信息内容 本年处理决定数量\n行政处罚 319\n行政强制 0\n"
    assert cells(text, "proactive")["licensing.decisions"].value == 5609
