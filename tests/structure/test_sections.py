"""Sections by heading, in the forms that reports give them."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gia_nlp.records import Document, Section
from gia_nlp.structure.sections import find_sections
from gia_nlp.vocabulary.headings import classify_title

BODY = "全年工作平稳有序,共公布信息9条。"
FORM = (
    "总体情况",
    "主动公开政府信息情况",
    "收到和处理政府信息公开申请情况",
    "政府信息公开行政复议、行政诉讼情况",
    "存在的主要问题及改进情况",
    "其他需要报告的事项",
)
IDS = ["overview", "proactive", "requests", "review_litigation", "problems", "other"]
NUMERALS = "一二三四五六七八九十"


def ids(text: str) -> list[str]:
    return [s.id for s in find_sections(Document(text)) if s.id != "preamble"]


def parts(text: str) -> list[tuple[str, str | None]]:
    return [(s.id, s.heading) for s in find_sections(Document(text)) if s.id != "preamble"]


def report(pattern: str = "{cn}、{title}\n{body}\n", titles: tuple[str, ...] = FORM, body: str = BODY) -> str:
    return "青垄县民政局2023年政府信息公开工作年度报告\n" + "".join(
        pattern.format(cn=NUMERALS[n], n=n + 1, title=title, body=body) for n, title in enumerate(titles)
    )


# --------------------------------------------------------------------------- titles


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("总体情况", "overview"),
        ("概述", "overview"),
        ("2016年政府信息公开工作概况", "overview"),
        ("基本情况", "overview"),
        ("总体工作情况", "overview"),
        ("主动公开政府信息的情况", "proactive"),
        ("政府信息主动公开情况", "proactive"),
        ("行政机关主动公开政府信息情况", "proactive"),
        ("主动公开", "proactive"),
        ("行政机关收到和处理政府信息公开申请的情况", "requests"),
        ("政府信息依申请公开办理情况", "requests"),
        ("依申请公开、不予公开及咨询政府信息情况", "requests"),
        ("受理申请情况", "requests"),
        ("因政府信息公开工作被申请行政复议、提起行政诉讼的情况", "review_litigation"),
        ("政府信息公开行政法复议、行政诉讼情况", "review_litigation"),
        ("复议、诉讼和申诉情况", "review_litigation"),
        ("存在问题和下一步工作打算", "problems"),
        ("当前存在的主要问题及下步改进措施", "problems"),
        ("主要问题和改进措施", "problems"),
        ("下一步工作安排", "problems"),
        ("改进措施", "problems"),
        ("存在的不足", "problems"),
        ("其他需要报告的事项", "other"),
        ("其它需要说明的情况", "other"),
        ("需要报告的其他事项", "other"),
        ("依申请公开收费及减免情况", "other"),
        ("政府信息公开的收费及减免情况", "other"),
        ("政府信息公开情况统计表", "other"),
        ("附表", "other"),
        ("机构建设和人员培训情况", "other"),
        ("政府信息公开平台建设", None),
        ("工作机制保障", None),
        ("具体情况", None),
        ("", None),
    ],
)
def test_words_of_a_title(title: str, kind: str | None) -> None:
    assert classify_title(title)[0] == kind


@pytest.mark.parametrize(
    ("slip", "kind"),
    [
        ("总休情况", "overview"),
        ("总体情兄", "overview"),
        ("主动公开政府信息情兄", "proactive"),
        ("收到和处理政府信息公幵申清情况", "requests"),
        ("存在的主问题及改进情况", "problems"),
        ("其他需要报告事顼", "other"),
        ("政府信息公开行政复仪、行政诉讼情况", "review_litigation"),
    ],
)
def test_slips_of_the_pen(slip: str, kind: str | None) -> None:
    assert classify_title(slip)[0] == kind


# --------------------------------------------------------------------------- forms of heading


@pytest.mark.parametrize(
    "pattern",
    [
        "{cn}、{title}\n{body}\n",
        "{cn}、 {title}\n{body}\n",
        "　　{cn}、{title}\n　　{body}\n",
        "{cn}.{title}\n{body}\n",
        "{cn}．{title}\n{body}\n",
        "{cn}，{title}\n{body}\n",
        "{cn}：{title}\n{body}\n",
        "{cn} {title}\n{body}\n",
        "{n}、{title}\n{body}\n",
        "{n}.{title}\n{body}\n",
        "{n}． {title}\n{body}\n",
        "{n} {title}\n{body}\n",
        "（{cn}）{title}\n{body}\n",
        "({cn}) {title}\n{body}\n",
        "第{cn}部分 {title}\n{body}\n",
        "第{cn}部分：{title}\n{body}\n",
        "第{cn}章　{title}\n{body}\n",
        "## {cn}、{title}\n\n{body}\n\n",
        "### {title}\n\n{body}\n\n",
        "- {cn}、{title}\n\n{body}\n\n",
        "l{cn}、{title}\n{body}\n",
        "**{cn}、{title}**\n{body}\n",
        "**{cn}、**{title}\n{body}\n",
        "【{title}】\n{body}\n",
        "{cn}、【{title}】\n{body}\n",
        "★{cn}、{title}\n{body}\n",
        "[bookmark: _GoBack]{cn}、{title}\n{body}\n",
        "{title}\n{body}\n",
        "{cn}、{title}：\n{body}\n",
        "{cn}、{title}。\n{body}\n",
        "{cn}、{title}。{body}\n",
        "{cn}、{title}{body}\n",
        "{cn}、{title}2023年，{body}\n",
        "{cn}、{title}（一）具体做法{body}\n",
        "{cn}、{title} {body} ",
        "{cn}、{title}{body}",
        "{cn}、{title}2023年，{body}",
        "{cn}、{title} 2023年,我局{body} ",
        "\t{cn}、{title}\n\t{body}\n",
        "{cn}、{title}\r\n{body}\r\n",
        "{cn}、\n{title}\n{body}\n",
        "{cn}）{title}\n{body}\n",
        "{n}）{title}\n{body}\n",
        "（{n}）{title}\n{body}\n",
        "{cn}丶{title}\n{body}\n",
        "、{title}\n{body}\n",
        "| {cn}、{title} |\n{body}\n",
        "<b>{cn}、{title}</b>\n{body}\n",
    ],
)
def test_forms_of_heading(pattern: str) -> None:
    assert ids(report(pattern)) == IDS


def test_blanks_inside_and_line_ends_inside() -> None:
    text = report().replace("总体情况", "总 体 情 况").replace("行政复议、行政诉讼情况", "行政复议、\n行政诉讼情况")
    text = text.replace("存在的主要问题及改进情况", "存在的主要问\n题及改进情况").replace("三、收到", "三 、 收到")
    assert ids(text) == IDS


def test_traditional_characters_and_radicals() -> None:
    text = report().replace("总体情况", "總體情況").replace("主动公开政府信息情况", "主動公開政府信息情況")
    assert ids(text.replace("二、", "⼆、")) == IDS


def test_one_of_them_numbered_otherwise() -> None:
    text = report().replace("一、总体情况", "1、 总体情况").replace("四、", "")
    assert ids(text) == IDS


def test_ordinals_shifted_and_doubled() -> None:
    doubled = report().replace("三、", "二、").replace("四、", "三、").replace("五、", "四、").replace("六、", "五、")
    assert ids(doubled) == IDS
    skipped = report().replace("四、", "五、").replace("五、存在", "六、存在").replace("六、其他", "七、其他")
    assert ids(skipped) == IDS


def test_same_heading_twice() -> None:
    text = report() + "六、其他需要报告的事项\n未收取信息处理费。\n"
    assert ids(text) == [*IDS, "other"]


def test_two_series_in_one_document() -> None:
    summary = ("总体情况", "工作机制", "主动公开工作情况", "政府信息公开申请情况", "信息管理", "平台建设情况")
    text = report(titles=summary) + "".join(f"{NUMERALS[n]}、{t}\n{BODY}\n" for n, t in enumerate(FORM[1:]))
    assert ids(text) == ["overview", "other", "proactive", "requests", "other", "other", *IDS[1:]]


def test_problems_in_two_sections() -> None:
    titles = (*FORM[:4], "存在问题", "改进措施", "其他需要报告的事项")
    assert ids(report(titles=titles)) == [*IDS[:4], "problems", "problems", "other"]


def test_heading_lost_where_only_its_sub_heading_shows() -> None:
    text = report().replace("五、存在的主要问题及改进情况\n", "（一）主要问题\n更新偏慢。\n（二）改进情况\n")
    found = parts(text)
    assert [i for i, _ in found] == IDS
    assert found[4] == ("problems", "（一）主要问题")


@pytest.mark.parametrize("end", ["\n", ""])
def test_problems_whose_heading_is_lost(end: str) -> None:
    opening = "2023年，我局工作虽有进步，但仍存在一些不足：一是更新偏慢。2024年，将加快更新。"
    text = report().replace("五、存在的主要问题及改进情况\n", opening + end).replace("\n", end or "")
    found = find_sections(Document(text))
    assert [s.id for s in found] == ["preamble", *IDS]
    assert found[5].heading is None and text[found[5].start :].startswith(opening)
    denied = report(titles=FORM[:4], body="全年不存在行政复议被纠错的问题。")
    assert ids(denied) == IDS[:4]


def test_whole_report_without_headings() -> None:
    text = f"青垄县民政局2023年政府信息公开工作年度报告\n{BODY * 6}\n工作中还存在以下问题：一是更新偏慢。下一步将加快更新。\n"
    assert [s.id for s in find_sections(Document(text))] == ["preamble", "unknown", "problems"]


def test_report_printed_twice() -> None:
    assert ids(report() + report()) == IDS + IDS


@pytest.mark.parametrize(
    "titles",
    [
        ("总体概述", *FORM[1:]),
        ("2023年度政府信息公开工作总体情况", *FORM[1:]),
        ("青垄县民政局政府信息公开总体情况", *FORM[1:]),
        (*FORM[:4], "政府信息公开工作存在的主要问题及改进情况（2023年）", FORM[5]),
        (*FORM[:4], "存在的困难、不足及下一步打算", "其他事项"),
        (*FORM[:2], "政府信息公开申请的收到和处理情况", "因信息公开引发的复议、诉讼情况", *FORM[4:]),
    ],
)
@pytest.mark.parametrize("pattern", ["{cn}、{title}\n{body}\n", "（{cn}）{title}\n{body}\n", "{n}.{title}\n{body}\n"])
def test_other_words(titles: tuple[str, ...], pattern: str) -> None:
    assert ids(report(pattern, titles)) == IDS


def test_old_generation() -> None:
    titles = (
        "概述",
        "主动公开政府信息的情况",
        "回应解读情况",
        "政府信息依申请公开办理情况",
        "政府信息公开收费及减免情况",
        "因政府信息公开申请行政复议、提起行政诉讼的情况",
        "机构建设和培训情况",
        "主要问题和改进措施",
        "附表",
    )
    for pattern in ("{cn}、{title}\n{body}\n", "{cn}、{title}{body}", "{cn}、{title} {body} "):
        assert ids(report(pattern, titles)) == [
            "overview", "proactive", "other", "requests", "other", "review_litigation", "other", "problems", "other"
        ]  # fmt: skip


def test_unknown_words_behind_a_number_of_the_top_level() -> None:
    titles = ("工作机制保障", *FORM[1:3], "审批事项及处理情况", "人员及经费支出情况")
    assert parts(report(titles=titles)) == [
        ("other", "一、工作机制保障"),
        ("proactive", "二、主动公开政府信息情况"),
        ("requests", "三、收到和处理政府信息公开申请情况"),
        ("other", "四、审批事项及处理情况"),
        ("other", "五、人员及经费支出情况"),
    ]


def test_first_section_that_only_says_work() -> None:
    assert ids(report(titles=("2023年工作开展情况", *FORM[1:]))) == IDS


def test_misread_number_of_the_first() -> None:
    assert ids(report().replace("一、", "—、", 1)) == IDS
    assert ids(report().replace("一、", "-、", 1)) == IDS


def test_annex_before_the_report_is_a_link() -> None:
    title, _, rest = report().partition("\n")
    assert ids(f"{title}\n附件：政府信息公开情况统计表.xls\n{rest}") == IDS


def test_one_style_slips_within_another() -> None:
    text = report("（{cn}）{title}\n{body}\n").replace("（一）", "一、").replace("（四）", "四、")
    assert ids(text) == IDS


def test_formal_words_below_a_top_level_of_other_words() -> None:
    text = (
        "一、概述\n略。\n二、主动公开情况\n（一）基本情况\n略。\n三、依申请公开工作\n（一）总体情况\n略。\n四、复议诉讼\n略。\n"
        "五、问题与打算\n（一）存在的主要问题\n略。\n（二）改进措施\n略。\n（三）其他需要报告的事项\n略。\n"
    )
    assert ids(text) == IDS[:5]


def test_annex_and_signature() -> None:
    text = report() + "青垄县民政局\n2024年1月9日\n附件1：青垄县民政局2023年政府信息公开情况统计表\n指标 单位 数量\n"
    found = find_sections(Document(text))
    assert [s.id for s in found] == ["preamble", *IDS, "other"]
    assert "2024年1月9日" in text[found[-2].start : found[-2].end]


# --------------------------------------------------------------------------- what is no heading


@pytest.mark.parametrize(
    "lead",
    [
        "本报告由总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况等六部分组成。\n",
        "本报告包括：一、总体情况；二、主动公开政府信息情况；三、收到和处理政府信息公开申请情况；四、政府信息公开行政复议、行政诉讼情况；"
        "五、存在的主要问题及改进情况；六、其他需要报告的事项。\n",
        "目录\n一、总体情况\n二、主动公开政府信息情况\n三、收到和处理政府信息公开申请情况\n四、政府信息公开行政复议、行政诉讼情况\n"
        "五、存在的主要问题及改进情况\n六、其他需要报告的事项\n",
        "目 录\n一、总体情况……………1\n二、主动公开政府信息情况……3\n三、收到和处理政府信息公开申请情况…4\n四、政府信息公开行政复议、行政诉讼情况…5\n"
        "五、存在的主要问题及改进情况…6\n六、其他需要报告的事项…7\n",
        "全文由以下内容组成：\n总体情况\n主动公开政府信息情况\n收到和处理政府信息公开申请情况\n政府信息公开行政复议、行政诉讼情况\n"
        "存在的主要问题及改进情况\n其他需要报告的事项\n",
        "本报告由(一)总体情况，(二)主动公开政府信息情况，(三)收到和处理政府信息公开申请情况组成。\n",
    ],
)
@pytest.mark.parametrize("pattern", ["{cn}、{title}\n{body}\n", "{cn}、{title}{body}", "（{cn}）{title}\n{body}\n"])
def test_lists_of_the_parts(lead: str, pattern: str) -> None:
    title, _, rest = report(pattern).partition("\n")
    found = find_sections(Document(f"{title}\n{lead}{rest}"))
    assert [s.id for s in found] == ["preamble", *IDS]
    assert found[0].end >= len(title) + len(lead)


TABLE = (
    "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）\n一、本年新收政府信息公开申请数量\t3\t0\t3\n"
    "二、上年结转政府信息公开申请数量\t0\t0\t0\n三、本年度办理结果\t（一）予以公开\t3\t0\t3\n三、本年度办理\n结果\n三、\n本\n年\n度\n"
    "（二）部分公开\t0\t0\t0\n（七）总计\t3\t0\t3\n四、结转下年度继续办理\t0\t0\t0\n"
)


@pytest.mark.parametrize("glued", [False, True])
def test_rows_of_table_three(glued: bool) -> None:
    table = TABLE.replace("\t", "").replace("\n", "") if glued else TABLE
    text = report().replace("三、收到和处理政府信息公开申请情况\n", f"三、收到和处理政府信息公开申请情况\n{table}")
    assert ids(text.replace("\n", "") if glued else text) == IDS


LEAVES = (
    "（一）予以公开\t3\n（三）不予公开\n1.属于国家秘密\t0\n8.属于行政查询事项\t0\n（五）不予处理\n1.信访举报投诉类申请\t0\n2.重复申请\n0\n"
    "4.无正当理由大量反复申请\n5.要求行政机关确认或重新出具已获取信息\n（六）其他处理\n3.其他\n0\n（七）总计\n3\n"
)


@pytest.mark.parametrize(
    "pattern", ["{n}.{title}\n{body}\n", "（{cn}）{title}\n{body}\n", "{cn}、{title}\n{body}\n", "{title}\n{body}\n"]
)
def test_leaves_of_table_three(pattern: str) -> None:
    text = report(pattern)
    place = text.index("政府信息公开申请情况\n") + len("政府信息公开申请情况\n")
    assert ids(text[:place] + LEAVES + text[place:]) == IDS


@pytest.mark.parametrize("width", [7, 11, 20, 34])
def test_hard_wrapped_one_line_text(width: int) -> None:
    flat = (
        report("{cn}、{title} 2023年，{body}")
        .replace("\n", " ")
        .replace("主动公开政府信息情况 ", "主动公开政府信息情况 第二十条第（八）项信息内容 ")
    )
    text = "\n".join(flat[i : i + width] for i in range(0, len(flat), width))
    assert ids(text) == IDS


def test_glued_exceptions() -> None:
    flat = report("{cn}、{title}{body}").replace("\n", "")
    assert ids(flat.replace("一、总体", "根据条例编制。1、总体")) == IDS
    assert ids(flat + "青垄县民政局2024年1月9日附件1：青垄县民政局2023年政府信息公开情况统计表指标单位") == [
        *IDS,
        "other",
    ]
    assert ids(flat.replace("五、存在的主要问题及改进情况", "总计0000（一）主要问题")) == IDS


STATISTICS = (
    "统计指标\t单位\t统计数\n一、主动公开情况\t——\t\n（一）主动公开政府信息数\t条\t320\n二、回应解读情况\t——\t\n（一）回应公众关注热点数\t次\t2\n"
    "三、依申请公开情况\t——\t\n（一）收到申请数\t件\t4\n四、行政复议数量\t件\t0\n五、行政诉讼数量\t件\t0\n六、举报投诉数量\t件\t0\n"
    "七、依申请公开信息收取的费用\t万元\t0\n八、机构建设和保障经费情况\t——\t\n（一）政府信息公开工作专门机构数\t个\t1\n"
    "九、政府信息公开会议和培训情况\t——\t\n（三）接受培训人员数\t人次\t30\n"
)


@pytest.mark.parametrize("glued", [False, True])
def test_rows_of_the_statistics_table(glued: bool) -> None:
    titles = ("概述", "主动公开政府信息情况", "依申请公开政府信息情况", "主要问题和改进措施", "附表")
    table = STATISTICS.replace("\t", "").replace("\n", "") if glued else STATISTICS
    assert ids(report(titles=titles) + table) == ["overview", "proactive", "requests", "problems", "other"]


@pytest.mark.parametrize(
    "overview",
    [
        "（一）主动公开情况\n{b}\n（二）依申请公开情况\n{b}\n（三）政府信息管理情况\n{b}\n（四）平台建设情况\n{b}\n（五）监督保障情况\n{b}\n",
        "1.主动公开。{b}\n2.依申请公开。{b}\n3.政府信息管理。{b}\n4.平台建设。{b}\n5.监督保障。{b}\n",
        "1、主动公开情况\n{b}\n2、依申请公开情况\n{b}\n3、政府信息管理\n{b}\n",
        "一、主动公开情况\n{b}\n二、依申请公开情况\n{b}\n三、政府信息管理情况\n{b}\n四、平台建设情况\n{b}\n五、监督保障情况\n{b}\n",
        "一是主动公开。{b}二是依申请公开。{b}三是政府信息管理。{b}\n",
        "一、2023年工作开展情况\n（一）强化领导\n{b}\n（二）强化公开\n{b}\n",
        "主动公开方面：{b}\n依申请公开方面：{b}\n",
        "**（一）主动公开情况。**{b}\n- 2、依申请公开办理情况。{b}\n",
        "（一）主动公开情况{b}（二）依申请公开情况{b}（三）存在的困难{b}\n",
    ],
)
def test_sub_headings_of_the_overview(overview: str) -> None:
    text = report().replace(f"一、总体情况\n{BODY}\n", f"一、总体情况\n{overview.format(b=BODY)}")
    assert ids(text) == IDS


@pytest.mark.parametrize(
    ("section", "inside"),
    [
        ("五、存在的主要问题及改进情况\n", "（一）存在的主要问题\n更新偏慢。\n（二）改进情况\n加快更新。\n"),
        ("五、存在的主要问题及改进情况\n", "一、存在问题\n更新偏慢。\n二、改进措施\n加快更新。\n"),
        ("五、存在的主要问题及改进情况\n", "存在问题：\n更新偏慢。\n改进措施：\n加快更新。\n"),
        ("六、其他需要报告的事项\n", "一、信息处理费收取情况\n未收取。\n二、建议提案办理情况\n办理3件。\n"),
        ("六、其他需要报告的事项\n", "（一）收费情况\n未收取。\n（二）存在的问题\n无。\n"),
        ("六、其他需要报告的事项\n", "1.主动公开工作要点落实情况\n已落实。\n2.依申请公开收费情况\n未收取。\n"),
        ("二、主动公开政府信息情况\n", "详见“一、总体情况”与《附件一、主动公开目录》。\n"),
    ],
)
def test_lists_inside_a_section(section: str, inside: str) -> None:
    assert ids(report().replace(section, section + inside)) == IDS


def test_sentences_that_use_the_words() -> None:
    body = "主动公开政府信息情况较好。根据要求,对存在的主要问题及改进情况进行通报,并按照二、主动公开政府信息情况的口径统计。"
    assert ids(report(body=body)) == IDS


# --------------------------------------------------------------------------- passages


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023年，我局存在以下问题：一是公开不够及时；二是队伍不稳定。下一步，将加强培训。", ["problems"]),
        ("存在问题：内容不全面。改进措施：完善目录。", ["problems"]),
        ("本年度青垄县公布信息312条，其中网站98条。", ["unknown"]),
        (
            "（一）主动公开情况。公布9条。（二）依申请公开情况。收到2件。（三）政府信息管理情况。规范。（四）平台建设情况。良好。",
            ["overview"],
        ),
        ("五、存在的主要问题及改进情况\n更新偏慢。", ["problems"]),
        ("（一）存在的主要问题\n更新偏慢。\n（二）改进情况\n加快更新。", ["problems"]),
        ("五、存在问题\n更新偏慢。\n六、改进措施\n加快更新。", ["problems", "problems"]),
        (
            "三、收到和处理政府信息公开申请情况\n收到2件。\n四、政府信息公开行政复议、行政诉讼情况\n无。",
            ["requests", "review_litigation"],
        ),
        ("", []),
        ("  \n\n ", ["unknown"]),
    ],
)
def test_passages(text: str, expected: list[str]) -> None:
    assert ids(text) == expected


# --------------------------------------------------------------------------- what always holds


def covers(text: str, sections: tuple[Section, ...]) -> None:
    assert [s.start for s in sections[1:]] == [s.end for s in sections[:-1]]
    if text:
        assert sections[0].start == 0
        assert sections[-1].end == len(text)
    assert all(s.start <= s.body_start <= s.end for s in sections)


PIECES = st.sampled_from(
    ["一、", "二、", "（一）", "1.", "第二部分", "总体情况", "主动公开", "依申请公开情况", "存在问题", "其他", "附件1：", "统计表", "\n", " ", "\t", "|",
     "2023年", "，", "。", "[bookmark: _x]", "**", "#", "、", "“", "政府信息公开工作年度报告", "9", "—", "十", "组成"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join))
def test_sections_cover_the_text(text: str) -> None:
    covers(text, find_sections(Document(text)))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_covered(text: str) -> None:
    covers(text, find_sections(Document(text)))


@pytest.mark.parametrize(
    "unit",
    [
        "一、",
        "一、总体情况",
        "（一）",
        "主动公开、",
        "附件1：",
        "第一部分",
        "\n1.",
        "\n总体情况\n",
        "工作",
        "2023年政府信息公开",
        "[[",
        "# ",
    ],
)
def test_time_grows_with_length(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    begin = time.process_time()
    covers(text, find_sections(Document(text)))
    assert time.process_time() - begin < 8


# --------------------------------------------------------------------------- real reports


def _gold() -> list[Path]:
    folder = os.environ.get("GIA_NLP_GOLD_DIR")
    return sorted(Path(folder).glob("*.json")) if folder else []


@pytest.mark.skipif(not os.environ.get("GIA_NLP_GOLD_DIR"), reason="GIA_NLP_GOLD_DIR is not set")
def test_sections_of_the_gold() -> None:
    wrong = []
    seen = 0
    for path in _gold():
        gold = json.loads(path.read_text(encoding="utf-8"))
        if not gold.get("sections") or gold["sections"][0]["start"] is None:
            continue
        source = next(path.parent.parent.glob(f"*/{gold['source']}"))
        text = source.read_bytes().decode("utf-8-sig")
        found = [(s.id, s.start) for s in find_sections(Document(text)) if s.id != "preamble"]
        seen += len(gold["sections"])
        for want in gold["sections"]:
            if not any(i == want["id"] and abs(start - want["start"]) <= 4 for i, start in found):
                wrong.append((gold["id"], want["id"]))
        if len(found) != len(gold["sections"]):
            wrong.append((gold["id"], f"{len(found)} sections"))
    assert seen and wrong == []
