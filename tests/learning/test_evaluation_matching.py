"""Which prediction answers which gold mention."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gia_nlp.learning.evaluation import matching

Row = dict[str, Any]


def fact(indicator: str, value: float, start: int | None, end: int | None, **more: Any) -> Row:
    return {"indicator": indicator, "value": value, "start": start, "end": end, "period": "current", **more}


@pytest.mark.parametrize(
    ("gold", "predicted", "pairs"),
    [
        pytest.param([fact("meetings", 3, 0, 2)], [fact("meetings", 3, 1, 3)], [(0, 0)], id="spans overlap"),
        pytest.param([fact("meetings", 3, 0, 2)], [fact("meetings", 3, 2, 4)], [], id="spans touch only"),
        pytest.param([fact("meetings", 3, 0, 2)], [fact("staff", 3, 0, 2)], [], id="another indicator"),
        pytest.param([fact("meetings", 3, 0, 2)], [fact("meetings", 4, 0, 2)], [], id="another value"),
        pytest.param(
            [fact("meetings", 3, 0, 2)], [fact("meetings", 3, 0, 2, period="planned")], [], id="another period"
        ),
        pytest.param(
            [fact("meetings", 3, 0, 2, period=None)], [fact("meetings", 3, 0, 2)], [(0, 0)], id="no period is current"
        ),
        pytest.param([fact("meetings", 3, 5, 7)], [fact("meetings", 3, 0, 10)], [(0, 0)], id="span of 3 times plus 4"),
        pytest.param([fact("meetings", 3, 5, 7)], [fact("meetings", 3, 0, 11)], [], id="span that swallows too much"),
        pytest.param(
            [fact("meetings", 3, 0, 2), fact("meetings", 3, 5, 7)],
            [fact("meetings", 3, 5, 7)],
            [(1, 0)],
            id="each prediction once, at the best place",
        ),
        pytest.param(
            [fact("meetings", 3, None, None, quote="3次", topic="专题")],
            [fact("meetings", 3, 0, 2, quote="3次", topic=None), fact("meetings", 3, 9, 11, quote="3次", topic="专题")],
            [(0, 1)],
            id="without spans the topic decides between equals",
        ),
    ],
)
def test_facts(gold: list[Row], predicted: list[Row], pairs: list[tuple[int, int]]) -> None:
    assert matching.match_facts(gold, predicted) == pairs


def test_the_period_itself_is_measured_on_mentions_that_agree_otherwise() -> None:
    gold = [fact("meetings", 3, 0, 2), fact("meetings", 3, 5, 7, period="planned")]
    predicted = [fact("meetings", 3, 5, 7), fact("meetings", 3, 0, 2)]
    assert matching.match_facts_any_period(gold, predicted) == [(0, 1), (1, 0)]


def test_the_indicator_itself_is_measured_on_quantities_at_one_place() -> None:
    gold = [fact("npc_proposals", 0, 0, 2), fact("cppcc_proposals", 0, 0, 2)]
    predicted = [fact("cppcc_proposals", 0, 0, 2), fact("meetings", 0, 0, 2)]
    assert sorted(matching.match_quantities(gold, predicted)) == [(0, 1), (1, 0)]


def item(kind: str, start: int | None, end: int | None, quote: str = "") -> Row:
    return {"kind": kind, "start": start, "end": end, "quote": quote, "categories": []}


@pytest.mark.parametrize(
    ("gold", "predicted", "matched"),
    [
        pytest.param(item("problem", 0, 10), item("problem", 0, 7), True, id="seven of ten characters"),
        pytest.param(item("problem", 0, 10), item("problem", 0, 6), False, id="six of ten characters"),
        pytest.param(item("problem", 0, 10), item("remedy", 0, 10), False, id="another kind"),
        pytest.param(
            item("problem", None, None, "更新 不及时"), item("problem", 3, 8, "更新不及时"), True, id="by words"
        ),
        pytest.param(
            item("problem", None, None, "更新不及时"), item("problem", 3, 8, "缺少专人"), False, id="other words"
        ),
    ],
)
def test_items(gold: Row, predicted: Row, matched: bool) -> None:
    assert matching.match_items([gold], [predicted]) == ([(0, 0)] if matched else [])


@pytest.mark.parametrize(
    ("name", "gold", "predicted", "agrees"),
    [
        ("channel", {"channel": "website"}, {"channel": "website"}, True),
        ("channel", {"channel": "website"}, {"channel": "all"}, False),
        ("unit", {"unit": None}, {"unit": float("nan")}, True),
        ("topic", {"topic": "工作动态信息"}, {"topic": "工作动态"}, True),
        ("topic", {"topic": "类"}, {"topic": "概况类"}, False),
        ("topic", {"topic": None}, {"topic": "概况类"}, False),
        ("value_max", {"value_max": 5.0}, {"value_max": 5.0000001}, True),
        ("value_max", {"value_max": None}, {"value_max": 5.0}, False),
        ("change", {"change": None}, {"change_value": None}, True),
        ("change", {"change": {"value": 12.3, "unit": "%", "direction": "up"}}, {"change_value": 12.3, "change_unit": "%", "change_direction": "up"}, True),
        ("change", {"change": {"value": 12.3, "unit": "%", "direction": "up"}}, {"change_value": 12.3, "change_unit": "%", "change_direction": "down"}, False),
        ("period", {"period": None}, {"period": "current"}, True),
    ],
)  # fmt: skip
def test_attributes(name: str, gold: Row, predicted: Row, agrees: bool) -> None:
    assert matching.attribute_agrees(name, gold, predicted) is agrees


@pytest.mark.parametrize(
    ("facts", "answer"),
    [
        pytest.param([("all", None, "about", 5), ("all", None, "exact", 6)], 6, id="exact before bounded"),
        pytest.param([("all", "概况类", "exact", 5)], None, id="a narrowed count never answers"),
        pytest.param([("website", None, "exact", 5), ("wechat", None, "exact", 6)], None, id="parts are never summed"),
        pytest.param([("website", None, "exact", 5), ("website", None, "exact", 6)], 5, id="the only channel"),
        pytest.param([("website", None, "exact", 5), ("all", None, "at_least", 9)], 9, id="all before a channel"),
    ],
)
def test_document_answers(facts: list[tuple[str, str | None, str, float]], answer: float | None) -> None:
    rows = [
        {"indicator": "items_published", "channel": c, "topic": t, "bound": b, "value": v, "period": "current"}
        for c, t, b, v in facts
    ]
    assert matching.document_answers(rows) == {"items_published": answer}


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 5), st.integers(0, 5)), max_size=30))
def test_assignment_uses_each_side_once_and_leaves_nothing_that_fits(candidates: list[tuple[float, int, int]]) -> None:
    pairs = matching.assign(candidates)
    gold, predicted = [g for g, _ in pairs], [p for _, p in pairs]
    assert len(set(gold)) == len(gold) and len(set(predicted)) == len(predicted)
    assert all(g in gold or p in predicted for _, g, p in candidates)
