"""Who reports, on what year: from titles, prose, signatures and pages."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gia_nlp.records import Document, Metadata
from gia_nlp.structure.metadata import find_metadata
from gia_nlp.structure.region import level_of, region_in, region_of
from gia_nlp.structure.sections import find_sections
from gia_nlp.vocabulary.agencies import agency_kind

BODY = "\n一、总体情况\n全年工作平稳。\n二、主动公开政府信息情况\n共公布9条。\n"


def metadata(text: str, **page: str) -> Metadata:
    document = Document(text, **page)
    return find_metadata(document, find_sections(document))


@pytest.mark.parametrize(
    ("head", "issuer", "year"),
    [
        ("青垄县民政局2023年政府信息公开工作年度报告", "青垄县民政局", 2023),
        ("青垄县民政局2023年度政府信息公开年度报告", "青垄县民政局", 2023),
        ("青垄县民政局\n2023年政府信息公开工作年度报告", "青垄县民政局", 2023),
        ("青垄县民政局2023年\n政府信息公开工作年度报告", "青垄县民政局", 2023),
        ("青垄县民政局\n2023年政府信息公开工作\n年度报告", "青垄县民政局", 2023),
        ("2023 年汐口区教育局政府信息公开工作\n年度报告", "汐口区教育局", 2023),
        ("汐口区教育局关于2018年度政府信息公开工作的报告", "汐口区教育局", 2018),
        ("2009年溪岭市人民政府政府信息公开工作年度报告", "溪岭市人民政府", 2009),
        ("溪岭市人民政府办公室政府信息公开工作年度报告（2022年度）", "溪岭市人民政府办公室", 2022),
        ("潼湖区卫生健康局政府信息公开2020年度报告", "潼湖区卫生健康局", 2020),
        ("云汀省水利厅二〇一五年政府信息公开工作年度报告", "云汀省水利厅", 2015),
        ("# 青垄县信访局2021年政府信息公开工作年度报告", "青垄县信访局", 2021),
        ("  青 垄 县 财 政 局 2021 年 政府信息公开工作年度报告", "青垄县财政局", 2021),
        ("溪 岭 市2019年 政 府 信 息 公 开 工 作 年 度 报 告", "溪岭市", 2019),
        ("青垄县2016年政府信息公开工作情况报告", "青垄县", 2016),
        ("桂川镇人民政府2019年政务公开工作总结", "桂川镇人民政府", 2019),
        ("2024年政府信息公开工作年度报告\n根据条例，编制本报告。\n2024年，区信访局坚持公开为常态。", "区信访局", 2024),
        ("2024年政府信息公开工作年度报告\n2024年，我局坚持公开为常态，全区工作平稳。", None, 2024),
        ("本机关2022年政府信息公开工作年度报告", None, 2022),
        ("首页 > 政务公开 > 年报\n青垄县民政局2023年政府信息公开工作年度报告\n来源：青垄县人民政府\n根据条例，公布2022年度政府信息公开年度报告。",
         "青垄县民政局", 2023),
        ("当前位置： 首页政务公开政府信息公开年报 青垄县税务局2013年信息公开年度报告 来源：青垄县人民政府 时间：2014-02-25 青垄县税务局2013年 "
         "信息公开年度报告 根据条例，特公布本报告。", "青垄县税务局", 2013),
        ("本报告所列数据的统计期限自2020年1月1日起至2020年12月31日止。\n2020年，潼湖区认真执行条例。", "潼湖区", 2020),
        ("潼湖区农业局2021年政府信息公开工作年度报告\n现将潼湖区农业局2021年政府信息公开工作情况报告如下：", "潼湖区农业局", 2021),
        ("根据要求，现将本局2021年政府信息公开工作情况报告如下。", None, 2021),
        ("青垄县民政局关于2023年度政府信息公开工作情况的报告", "青垄县民政局", 2023),
        ("青垄县民政局政府信息公开工作年度报告\n（2023年度）", "青垄县民政局", 2023),
        ("依照条例编制了2021年度政府信息公开年度报告。统计期限为2021年1月1日至12月31日。", None, 2021),
    ],
)  # fmt: skip
def test_title_issuer_and_year(head: str, issuer: str | None, year: int) -> None:
    found = metadata(head + BODY)
    assert (found.issuer, found.year) == (issuer, year)
    assert found.is_report or issuer is None


def test_title_is_kept() -> None:
    assert (
        metadata("青垄县民政局\n2023年政府信息公开工作\n年度报告" + BODY).title
        == "青垄县民政局2023年政府信息公开工作年度报告"
    )
    assert metadata("根据条例，编制2023年政府信息公开工作年度报告。" + BODY).title is None


def test_title_of_the_page() -> None:
    found = metadata(
        "一、总体情况\n全年平稳。\n二、主动公开政府信息情况\n略",
        title="青垄县水务局2020年政府信息公开工作年度报告_青垄县人民政府",
    )
    assert (found.issuer, found.year, found.title) == (
        "青垄县水务局",
        2020,
        "青垄县水务局2020年政府信息公开工作年度报告",
    )


def test_signature_and_publisher() -> None:
    signed = "政府信息公开工作年度报告" + BODY + "六、其他需要报告的事项\n无\n汐口区审计局\n2021年1月18日\n"
    found = metadata(signed)
    assert (found.issuer, found.published_on) == ("汐口区审计局", "2021-01-18")
    assert metadata("2020年我局平稳。" + BODY, publisher="汐口区审计局").issuer == "汐口区审计局"
    assert metadata("2020年我局平稳。" + BODY, publisher="本站").issuer is None


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("发布日期：2022-01-28\n", "2022-01-28"),
        ("发布于2022-01-28 成文日期：2022-01-20\n", "2022-01-28"),  # the first of several
        ("成文日期：2022-01-20 发布时间：2022-01-28\n", "2022-01-20"),
        ("生成日期：2022-13-40 发布于 2022/1/28\n", "2022-01-28"),  # the first that is a date
        ("发布时间： 2022年1月28日 09:15\n", "2022-01-28"),
        ("时间：2022/1/28\n", "2022-01-28"),
        ("", None),
    ],
)
def test_date_of_publication(text: str, date: str | None) -> None:
    assert metadata("青垄县民政局2021年政府信息公开工作年度报告\n" + text + BODY).published_on == date


def test_a_date_within_the_year_is_no_publication() -> None:
    assert (
        metadata("青垄县民政局2021年政府信息公开工作年度报告" + BODY + "\n2021年5月6日 召开会议。").published_on is None
    )


def test_date_of_publication_does_not_make_the_year() -> None:
    text = "发布日期：2022-01-28\n2021年共公布9条，2021年培训2次。2022年，将加强培训。" + BODY
    assert metadata(text).year == 2021
    assert metadata("全年公布9条。" + BODY, published_on="2022-01-28").year == 2021


@pytest.mark.parametrize(
    ("name", "region", "level", "kind"),
    [
        ("川汇区信访局", "川汇区", "县", "信访"),
        ("卧龙区人民政府", "卧龙区", "县", "人民政府"),
        ("重庆市綦江区民政局", "重庆市綦江区", "县", "民政"),
        ("上海市科委", "上海市", "省", "科技"),
        ("平潭综合实验区", "平潭综合实验区", "县", "管委会"),
        ("平潭综合实验区地方税务局", "平潭综合实验区", "县", "税务"),
        ("云汀省教育厅", "云汀省", "省", "教育"),
        ("溪岭市城市管理局", "溪岭市", "市", "城市管理"),
        ("云汀省溪岭市汐口区住房和城乡建设局", "云汀省溪岭市汐口区", "县", "住房城乡建设"),
        ("青垄县桂川镇人民政府", "青垄县桂川镇", "乡街", "人民政府"),
        ("汐口区望湖街道办事处", "汐口区望湖街道", "乡街", "街道办事处"),
        ("国家税务总局青垄县税务局", "青垄县", "县", "税务"),
        ("青垄县人民政府办公室", "青垄县", "县", "办公室"),
        ("昆山市财政局", "昆山市", "县", "财政"),
        ("杭州市财政局", "杭州市", "市", "财政"),
        ("黔东南苗族侗族自治州文化和旅游局", "黔东南苗族侗族自治州", "市", "文化旅游"),
        ("区信访局", None, "县", "信访"),
        ("市市场监督管理局", None, "市", "市场监管"),
        ("区城市管理局", None, "县", "城市管理"),
        ("县住房和城乡建设局", None, "县", "住房城乡建设"),
        ("财政部", None, "国家", "财政"),
        ("海关总署", None, "国家", "海关"),
        ("文化市场综合执法大队", None, None, "城市管理"),
    ],
)
def test_place_level_and_kind(name: str, region: str | None, level: str | None, kind: str) -> None:
    assert (region_of(name), level_of(name, region_of(name)), agency_kind(name)) == (region, level, kind)


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("通过东宝区人民政府门户网公开,东宝区政务大厅同步公示。", "东宝区"),
        ("依托青垄县人民政府网站公开，并在青垄县人民政府公报刊载。", "青垄县"),
        ("我区各社区、全区各单位、园区企业，城区道路。", None),
        ("赴苏州市学习一次。", None),
    ],
)
def test_place_in_the_text(text: str, region: str | None) -> None:
    assert region_in(text) == region


def test_a_bureau_of_a_city_belongs_to_no_district_that_it_names() -> None:
    text = "东宝区先行试点，东宝区人民政府和荆门市人民政府支持，荆门市推广。"
    assert region_in(text) == "东宝区"
    assert region_in(text, "市") == "荆门市"
    assert metadata("2024年，市科委坚持公开为常态。" + text + BODY).region == "荆门市"


def test_form_is_that_of_table_two() -> None:
    document = Document("青垄县民政局2023年政府信息公开工作年度报告" + BODY)
    sections = find_sections(document)

    def form(forms: dict[str, str]) -> str | None:
        return find_metadata(document, sections, forms=forms).form

    assert form({"proactive": "2019", "requests": "2021"}) == "2019"
    assert form({"statistics": "statistics"}) == "statistics"
    assert form({}) == "free"


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("本年度青垄县公布信息312条。", False),
        ("五、存在的主要问题及改进情况\n更新偏慢。", False),
        ("一、总体情况\n略。\n二、主动公开政府信息情况\n略。\n三、收到和处理政府信息公开申请情况\n略。", True),
        ("青垄县民政局2023年政府信息公开工作年度报告" + BODY, True),
    ],
)
def test_whole_reports_and_passages(text: str, whole: bool) -> None:
    assert metadata(text).is_report is whole


def test_what_is_unusual_about_the_text() -> None:
    assert "traditional" in (metadata("青壟縣民政局2023年政府信息公開工作年度報告" + BODY).language_note or "")
    wrapped = "\n".join(["全年工作平稳有序并且按照要求逐项"] * 20)
    assert "hard line breaks" in (
        metadata("青垄县民政局2023年政府信息公开工作年度报告" + BODY + wrapped).language_note or ""
    )
    assert metadata("青垄县民政局2023年政府信息公开工作年度报告" + BODY).language_note is None


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="青垄县民政局2023年政府信息公开工作度报告。，：\n 一、总体情况发布日期-1二〇", max_size=200))
def test_any_text_has_metadata(text: str) -> None:
    found = metadata(text)
    assert found.year is None or 1900 <= found.year <= 2099


@pytest.mark.skipif(not os.environ.get("GIA_NLP_GOLD_DIR"), reason="GIA_NLP_GOLD_DIR is not set")
def test_metadata_of_the_gold() -> None:
    wrong = []
    for path in sorted(Path(os.environ["GIA_NLP_GOLD_DIR"]).glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        if not gold.get("meta") or gold["source"].endswith("html"):
            continue
        source = next(path.parent.parent.glob(f"*/{gold['source']}"))
        found = metadata(source.read_bytes().decode("utf-8-sig")).to_dict()
        wrong += [(gold["id"], k, found[k]) for k in ("issuer", "region", "year") if found[k] != gold["meta"][k]]
    assert wrong == []


def test_compatibility_ideographs_alone() -> None:
    assert metadata("\uf900\uf901\u2f00" * 40).language_note is None
