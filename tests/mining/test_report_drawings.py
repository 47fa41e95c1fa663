"""The drawings: nothing lies outside, values stand where the axis says, text is escaped."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gia_nlp.mining.report.charts import Bar, Heat, Point, Row, column_chart, heat_map, point_chart
from gia_nlp.mining.report.line_charts import Panel, Spot, small_multiples
from gia_nlp.mining.report.svg import fit, ticks, width_of

texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=40
)


@given(texts, texts, st.floats(0, 1), st.floats(0, 1))
def test_any_text_gives_well_formed_drawings(label: str, hint: str, one: float, two: float) -> None:
    low, high = min(one, two), max(one, two)
    drawn = [
        heat_map("n", label, hint, [label], [label], {(0, 0): Heat(low, label, hint, "e1", low, high)}),
        point_chart("n", label, hint, [Row(label, hint, (Point(low, low, high, hint, None),))], legend=[label], axis=hint),
        column_chart("n", label, hint, [label], [[Bar(low, hint, "e1")]], legend=[label]),
        small_multiples("n", label, hint, [Panel(label, (Spot(2020, low, low, high, hint), Spot(2022, high, None, None, hint)))]),
    ]  # fmt: skip
    for svg in drawn:
        root = ET.fromstring(svg)
        assert any(e.text == hint or e.get("aria-label") == hint for e in root.iter())
        _inside(root)


def _inside(root: ET.Element) -> None:
    width, height = (float(x) for x in root.attrib["viewBox"].split()[2:])
    for e in root.iter():
        if e.tag == "rect":
            assert float(e.attrib["x"]) >= 0 and float(e.attrib["x"]) + float(e.attrib["width"]) <= width + 0.6
            assert float(e.attrib["y"]) >= 0 and float(e.attrib["y"]) + float(e.attrib["height"]) <= height + 0.6
        if e.tag == "circle":
            assert 0 <= float(e.attrib["cx"]) <= width and 0 <= float(e.attrib["cy"]) <= height
        if e.tag == "text" and "transform" not in e.attrib:
            wide, x = width_of(e.text or ""), float(e.attrib["x"])
            left = x - {"end": wide, "middle": wide / 2}.get(e.get("text-anchor", ""), 0)
            assert left >= -8 and left + wide <= width + 8


def test_points_stand_where_the_axis_says() -> None:
    rows = [Row("公开时效", "n = 5", (Point(0.25, 0.0, 0.5, "一"), Point(0.75, 0.5, 1.0, "二", series=1)))]
    root = ET.fromstring(point_chart("n", "t", "d", rows, ends=(0, 1)))
    grid = [float(e.attrib["x1"]) for e in root.iter("line") if e.get("class") == "grid"]
    dots = [float(e.attrib["cx"]) for e in root.iter("circle")]
    assert dots == [grid[1], grid[3]]
    whiskers = [e for e in root.iter("line") if str(e.get("class")).startswith("whisker")]
    assert [(float(w.attrib["x1"]), float(w.attrib["x2"])) for w in whiskers] == [
        (grid[0], grid[2]),
        (grid[2], grid[4]),
    ]


def test_columns_are_as_high_as_their_values() -> None:
    root = ET.fromstring(
        column_chart("n", "t", "d", ["2021", "2022"], [[Bar(10, "a"), Bar(30, "b")], [Bar(20, "c"), Bar(0, "d")]])
    )
    heights = [float(e.attrib["height"]) for e in root.iter("rect")]
    assert heights[0] * 3 == pytest.approx(heights[1], abs=0.2) and heights[0] * 2 == pytest.approx(heights[2], abs=0.2)
    assert len(heights) == 3, "nothing is drawn for 0"


def test_a_missing_year_breaks_the_line_but_not_a_survival_curve() -> None:
    spots = tuple(Spot(x, 1 / x, None, None, str(x)) for x in (1, 2, 4, 5))
    broken = small_multiples("n", "t", "d", [Panel("甲", spots)])
    whole = small_multiples("n", "t", "d", [Panel("甲", spots)], steps=True)
    assert broken.count('class="curve"') == 2 and whole.count('class="curve"') == 1


@given(st.floats(1e-6, 1e12))
def test_ticks_reach_the_top_with_round_steps(top: float) -> None:
    marks = ticks(top)
    assert marks[0] == 0 and marks[-1] >= top * 0.999999 and 2 <= len(marks) <= 6
    assert marks[-1] <= top * 5


def test_labels_are_cut_to_their_room() -> None:
    assert fit("政府信息管理", 200) == "政府信息管理"
    cut = fit("政府信息管理", 50)
    assert cut.endswith("…") and width_of(cut) <= 50 and re.match("政府", cut)
