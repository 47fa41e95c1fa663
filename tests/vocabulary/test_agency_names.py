from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gia_nlp.vocabulary.agencies import places
from gia_nlp.vocabulary.agency_names import agency_names, department, find_place, level_word, place_lines, plain_name
from gia_nlp.vocabulary.loader import load_yaml
from gia_nlp.vocabulary.place_names import split_name


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("云汀省溪岭市汐口区教育局", ("", ("云汀省", "溪岭市", "汐口区"), "教育局")),
        ("上海市浦东新区财政局", ("", ("上海市", "浦东新区"), "财政局")),
        ("溪岭市民政局", ("", ("溪岭市",), "民政局")),
        ("溪岭市市政管理局", ("", ("溪岭市",), "市政管理局")),
        ("溪岭市政府办公室", ("", ("溪岭市",), "政府办公室")),
        ("溪岭市市场监督管理局", ("", ("溪岭市",), "市场监督管理局")),
        ("青垄县石塘镇人民政府", ("", ("青垄县", "石塘镇"), "人民政府")),
        ("国家税务总局青垄县税务局", ("国家税务总局", ("青垄县",), "税务局")),
        ("市民服务中心", ("", (), "市民服务中心")),
        ("区信访局", ("", (), "区信访局")),
        ("", ("", (), "")),
    ],
)
def test_names_taken_apart(name: str, split: tuple[str, tuple[str, ...], str]) -> None:
    assert split_name(name) == split


@given(st.text("云汀省溪岭市青垄县区镇街道民政局国家税务总局人新", max_size=20))
def test_nothing_of_a_name_is_lost(name: str) -> None:
    prefix, parts, rest = split_name(name)
    assert prefix + "".join(parts) + rest == name


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("科委", "科学技术委员会"),
        ("教体局", "教育和体育局"),
        ("发改委", "发展和改革委员会"),
        ("人社局", "人力资源和社会保障局"),
        ("住建局", "住房与城乡建设局"),
        ("市监局", "市场监督管理局"),
        ("市场监管局", "市场监督管理局"),
        ("卫健委", "卫生健康委员会"),
        ("信访办", "信访办公室"),
        ("管委会", "管理委员会"),
        ("府办", "人民政府办公室"),
        ("人民政府办公厅", "政府办公室"),
        ("政府", "人民政府"),
        ("", "人民政府"),
        ("行政公署", "人民政府"),
        ("人民政府信访局", "信访局"),
        ("国家税务总局税务局", "税务局"),
        ("本级", "人民政府"),
        ("教育局本级", "教育局"),
    ],
)
def test_short_and_full_names_are_one(short: str, full: str) -> None:
    assert department(short) == department(full)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("教育局", "教育体育局"),
        ("教育体育局", "教育和科技局"),
        ("卫生局", "卫生和计划生育局"),
        ("卫生和计划生育委员会", "卫生健康局"),
        ("环境保护局", "生态环境局"),
        ("国土资源局", "自然资源和规划局"),
        ("文化广电新闻出版局", "文化广电旅游局"),
        ("水务局", "水利局"),
        ("信访办", "信访局"),
        ("扶贫开发办公室", "乡村振兴局"),
    ],
)
def test_a_reorganised_department_keeps_its_line(before: str, after: str) -> None:
    assert department(before).line == department(after).line
    assert department(before).name != department(after).name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("人民政府", "人民政府办公室"),
        ("国家税务局", "地方税务局"),
        ("工商行政管理局", "市场监督管理局"),
        ("教育局", "教育考试院"),
        ("公安局", "公安局交通警察支队"),
        ("水利局", "水文局"),
        ("生态环境局", "生态环境局青垄分局"),
    ],
)
def test_other_departments_have_other_lines(one: str, other: str) -> None:
    assert department(one).line != department(other).line


def test_every_pattern_of_a_line_knows_itself() -> None:
    listed = load_yaml("agency_names")["short"]
    for short, full in listed.items():
        if full != "人民政府":
            assert department(f"{short}局").name == f"{full}局"
    assert len({line for line, _ in agency_names().lines}) == len(agency_names().lines)


@pytest.mark.parametrize(
    ("rest", "place", "behind"),
    [
        ("区信访局", "汐口区", "信访局"),
        ("县人民政府办公室", "青垄县", "人民政府办公室"),
        ("市市场监督管理局", "溪岭市", "市场监督管理局"),
        ("市民政局", "溪岭市", "民政局"),
        ("县教育局", "青垄自治县", "教育局"),
        ("市场监督管理局", "溪岭市", None),
        ("市教育局", "汐口区", None),
        ("教育局", "汐口区", None),
        ("乡村振兴局", "石塘乡", None),
    ],
)
def test_a_word_for_the_place(rest: str, place: str, behind: str | None) -> None:
    assert level_word(rest, place) == behind


def test_brackets_and_blanks_do_not_count() -> None:
    assert plain_name("青垄县 教育局（本级）") == "青垄县教育局本级"
    assert plain_name("平州经开区管委会") == "平州经济技术开发区管委会"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("密云县",), ("北京市", "密云区")),
        (("重庆市", "开县"), ("开州区",)),
        (("襄樊市",), ("襄阳市",)),
        (("毕节地区", "大方县"), ("大方县",)),
        (("海东地区", "平安县"), ("平安区",)),
        (("寿县",), ("安徽省", "淮南市", "寿县")),
        (("崇川区",), ("南通市", "崇川区")),
        (("昌都地区",), ("西藏自治区", "昌都市")),
    ],
)
def test_places_keep_their_line(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    assert find_place(before) == find_place(after) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("临夏市",), ("临夏县",)),
        (("宣化区",), ("宣化县",)),
        (("北京市", "朝阳区"), ("长春市", "朝阳区")),
        (("邯郸市",), ("邯郸县",)),
        (("万盛区",), ("綦江区",)),
        (("濂溪区",), ("庐山市",)),
        (("伊宁市",), ("伊宁县",)),
        (("郑州市",), ("郑州市", "金水区")),
    ],
)
def test_other_places(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert None not in (find_place(one), find_place(other))
    assert find_place(one) != find_place(other)


def test_ambiguous_and_unknown_places_are_open() -> None:
    assert [
        find_place(names) for names in (("朝阳区",), ("鼓楼区",), ("毕节市",), ("青垄县",), ("云汀省", "朝阳区"))
    ] == [None] * 5
    assert find_place(("朝阳区",), "110105") == "110105"
    assert find_place(("密云区",), "999999") == "110118"


def test_lines_of_places_hold_together() -> None:
    data = load_yaml("agency_names")
    codes = {code for code, _ in place_lines()}
    for pair in data["renamed"].split():
        before, after = pair.split("-")
        assert {before, after} <= codes, pair
        assert {c for (code, _), c in place_lines().items() if code in (before, after)} == {after}, pair
    for word in data["apart"].split():
        assert word[:6] in codes and (len(word) == 6 or word[:6] in places()[word[6:]]), word
    for name in data["moved"].split():
        assert len({code for (_, n), code in place_lines().items() if n == name}) == 1, name
    lines: dict[str, set[str]] = {}
    for (code, name), line in place_lines().items():
        lines.setdefault(line, set()).add(code)
        assert code[:2] == line[:2], name  # no line leaves its province
    assert max(map(len, lines.values())) <= 4
