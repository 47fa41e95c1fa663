from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gia_nlp.frames.agencies import COLUMNS, agency_ids


def row(issuer: str | None, year: int | None = 2023, **more: Any) -> dict[str, Any]:
    return {**dict.fromkeys(COLUMNS), "issuer": issuer, "year": year, **more}


def ids(*names: str | tuple[str, int] | dict[str, Any]) -> list[str | None]:
    rows = [n if isinstance(n, dict) else row(*n) if isinstance(n, tuple) else row(n) for n in names]
    return agency_ids(rows)


@pytest.mark.parametrize(
    "names",
    [
        ("青垄县人民政府", "平州市青垄县人民政府", "云汀省平州市青垄县", "青垄县政府"),
        ("上海市科委", "上海市科学技术委员会"),
        ("重庆市綦江区民政局", "綦江县民政局", "綦江区民政局"),
        ("平州市经开区管委会", "平州市经济技术开发区管理委员会", "平州市经济技术开发区"),
        ("汐口综合实验区", "汐口综合实验区管委会"),
        ("青垄县石塘街道办事处", "青垄县人民政府石塘街道办事处", "平州市青垄县石塘街道"),
        ("国家税务总局青垄县税务局", "青垄县税务局"),
        ("溪岭市人民政府办公室", "溪岭市政府办", "溪岭市府办"),
        ("青垄县 教育局", "青垄县教育局（本级）"),
    ],
)
def test_spellings_of_one_agency(names: tuple[str, ...]) -> None:
    found = ids(*names)
    assert len(set(found)) == 1 and found[0] is not None


@pytest.mark.parametrize(
    "names",
    [
        ("青垄县人民政府", "青垄县人民政府办公室", "青垄县教育局", "汐口区教育局"),
        ("平州市青垄县民政局", "海州市青垄县民政局"),
        ("青垄县石塘镇人民政府", "潼湖县石塘镇人民政府", "青垄县石塘街道办事处", "青垄县人民政府"),
        ("青垄县国家税务局", "青垄县地方税务局"),
        ("财政部", "云汀省财政厅", "溪岭市财政局"),
        ("北京市朝阳区教委", "长春市朝阳区教育局", "朝阳市教育局"),
        ("宣化区民政局", "宣化县民政局"),
        ("平州市高新区管委会", "海州市高新区管委会", "平州市人民政府"),
    ],
)
def test_agencies_that_are_not_one(names: tuple[str, ...]) -> None:
    found = ids(*names)
    assert None not in found and len(set(found)) == len(names)


@pytest.mark.parametrize(
    "name",
    [
        "区信访局",
        "县教育局",
        "教育局",
        "城关镇人民政府",
        "高新区管委会",
        "经济技术开发区",
        "朝阳区教育局",
        "人民政府办公室",
        "市人民医院",
        None,
        "",
    ],
)
def test_names_that_leave_the_agency_open(name: str | None) -> None:
    assert ids(row(name), row(name, 2022)) == [None, None]


def test_the_region_tells_which_place_a_word_stands_for() -> None:
    found = ids(
        row("区信访局", region="东宝区"),
        row("东宝区信访局"),
        row("市信访局", region="东宝区"),
        row("信访局", region="东宝区"),
        row("县信访局", region="云汀省青垄县"),
        "青垄县信访局",
    )
    assert found == ["420802:信访", "420802:信访", None, None, "青垄县:信访", "青垄县:信访"]


def test_the_code_tells_places_of_one_name_apart() -> None:
    name = "朝阳区教育局"
    assert ids(row(name, adcode="110105"), row(name, adcode="220104"), row(name)) == [
        "110105:教育",
        "220104:教育",
        None,
    ]


def test_an_unlisted_name_that_two_places_share_is_open_without_the_place_above() -> None:
    assert ids("平州市青垄县民政局", "青垄县民政局") == ["青垄县:民政"] * 2
    found = ids("平州市青垄县民政局", "青垄县民政局", "海州市青垄县民政局", "云汀省平州市青垄县民政局")
    assert found == ["平州市青垄县:民政", None, "海州市青垄县:民政", "平州市青垄县:民政"]
    assert ids("云汀省青垄县民政局", "平州市青垄县民政局", "海州市青垄县民政局")[0] is None


def test_a_reorganised_agency_is_one_unless_a_year_has_both() -> None:
    assert len(set(ids(("青垄县教育局", 2018), ("青垄县教育和体育局", 2019), ("青垄县教体局", 2020)))) == 1
    apart = ids(("青垄县教育局", 2018), ("青垄县教育局", 2019), ("青垄县教育和体育局", 2019))
    assert apart == ["青垄县:教育局", "青垄县:教育局", "青垄县:教育体育局"]
    # elsewhere nothing changes by that
    assert (
        ids(("青垄县教育局", 2019), ("青垄县教体局", 2019), ("汐口区教育局", 2018), ("汐口区教体局", 2019))[2:]
        == ["汐口区:教育"] * 2
    )


@pytest.mark.parametrize(
    ("names", "one"),
    [
        ([("青垄县石塘乡人民政府", 2015), ("青垄县石塘镇人民政府", 2016)], True),
        ([("青垄县石塘侗族乡人民政府", 2015), ("青垄县石塘镇人民政府", 2016)], True),
        ([("青垄县石塘镇人民政府", 2015), ("青垄县石塘乡人民政府", 2016)], False),
        ([("青垄县石塘乡人民政府", 2016), ("青垄县石塘镇人民政府", 2016)], False),
        ([("青垄县城关乡人民政府", 2015), ("青垄县城关镇人民政府", 2016)], False),
        ([("青垄县石塘镇人民政府", 2015), ("青垄县石塘街道办事处", 2016)], False),
        ([("石塘乡人民政府", 2015), ("石塘镇人民政府", 2016)], False),
    ],
)
def test_a_township_that_becomes_a_town(names: list[tuple[str, int]], one: bool) -> None:
    first, second = ids(*names)
    assert (first == second and first is not None) is one


def test_ids_are_readable() -> None:
    assert ids("重庆市綦江区民政局", "青垄县石塘乡人民政府", "平州市高新区管委会", row("财政部", level="国家")) == [
        "500110:民政", "青垄县/石塘:人民政府", "平州市/高新技术产业开发区:管理", "国家:财政部",
    ]  # fmt: skip


NAMES = [
    "青垄县教育局",
    "青垄县教体局",
    "平州市青垄县教育局",
    "海州市青垄县教育局",
    "区教育局",
    "綦江县教育局",
    "綦江区教育局",
]


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.integers(2018, 2021)), min_size=1, max_size=6))
def test_the_order_of_reports_does_not_matter(names: list[tuple[str, int]]) -> None:
    found = dict(zip(names, ids(*names), strict=True))
    for order in list(permutations(names))[:10]:
        assert dict(zip(order, ids(*order), strict=True)) == found


def test_reports_without_year_have_an_agency_too() -> None:
    assert ids(row("青垄县教育局", None), ("青垄县教育局", 2020)) == ["青垄县:教育"] * 2
