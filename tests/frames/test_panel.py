from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gia_nlp.facts import answers as answers_of_records
from gia_nlp.frames.convert import to_frames
from gia_nlp.frames.panel import answers, cell_amount
from gia_nlp.records import Cell, Check, Fact, Metadata


def fact(value: float, **changes: Any) -> dict[str, Any]:
    plain = {"indicator": "x", "channel": "all", "bound": "exact", "topic": None, "period": "current"}
    return {**plain, "value": value, **changes}


@pytest.mark.parametrize(
    ("mentions", "answer"),
    [
        ([], None),
        ([fact(7)], 7),
        ([fact(7), fact(8)], 7),
        ([fact(7, bound="about"), fact(8)], 8),
        ([fact(7, bound="at_least"), fact(8, bound="about")], 7),
        ([fact(3, channel="website"), fact(9)], 9),
        ([fact(3, channel="website"), fact(4, channel="website")], 3),
        ([fact(3, channel="website"), fact(4, channel="wechat")], None),
        ([fact(3, channel="website"), fact(4, channel="wechat", topic="动态")], 3),
        ([fact(5, topic="当面")], None),
        ([fact(5, period="previous"), fact(6, period="cumulative"), fact(7, period="planned")], None),
        ([fact(5, period="previous"), fact(6)], 6),
        ([fact(0), fact(2)], 0),
        ([fact(9, channel="all", topic="动态"), fact(3, channel="weibo", bound="about")], 3),
    ],
)
def test_the_documents_answer(mentions: list[dict[str, Any]], answer: float | None) -> None:
    found = answers(mentions).get("x")
    assert (None if found is None else found["value"]) == answer


MENTION = st.fixed_dictionaries(
    {
        "indicator": st.sampled_from(["staff", "reviews"]),
        "value": st.integers(0, 5).map(float),
        "channel": st.sampled_from(["all", "website", "wechat"]),
        "bound": st.sampled_from(["exact", "at_least", "about"]),
        "period": st.sampled_from(["current", "previous"]),
        "topic": st.sampled_from([None, "当面"]),
    }
)


@given(st.lists(MENTION, max_size=8))
def test_tables_and_records_give_the_same_answer(mentions: list[dict[str, Any]]) -> None:
    records = [Fact(start=n, end=n + 1, quote="x", **mention) for n, mention in enumerate(mentions)]
    rows = [{**mention, "n": n} for n, mention in enumerate(mentions)]
    expected = {name: fact.start for name, fact in answers_of_records(records).items()}
    assert {name: row["n"] for name, row in answers(rows).items()} == expected


def test_answers_name_the_fact(make_report) -> None:
    panel = to_frames([make_report("a/x.txt")])["panel"].iloc[0]
    assert panel["answer_items_published"] == 39.0
    assert panel["answer_items_published_fact_id"] == "a/x.txt#f1"
    assert pd.isna(panel["answer_staff"]) and panel["answer_staff_fact_id"] is pd.NA


def test_cells_money_and_flags(make_report) -> None:
    panel = to_frames([make_report()])["panel"].iloc[0]
    assert panel["cell_proactive_fees_amount"] == 15000.0
    assert panel["cell_proactive_regulations_issued"] == 0.0
    assert pd.isna(panel["cell_proactive_regulations_repealed"])
    assert pd.isna(panel["cell_requests_refused_state_secret_total"])
    assert panel["problem_timeliness"] and panel["problem_capacity"] and not panel["problem_platform"]
    assert panel["remedy_capacity"] and not panel["remedy_timeliness"]
    assert (panel["checks_failed"], panel["year"], panel["issuer"]) == (1, 2023, "青垄县水务局")


def test_flags_are_null_where_no_items_are_listed(make_report) -> None:
    unknown = to_frames([make_report(items=())])["panel"].iloc[0]
    assert unknown["problem_coverage"] is pd.NA
    none = to_frames([make_report(items=(), meta=Metadata(none_reported=True))])["panel"].iloc[0]
    assert none["problem_coverage"] is not pd.NA and not none["problem_coverage"]


def test_a_problem_of_an_earlier_year_raises_no_flag(make_report) -> None:
    from dataclasses import replace

    report = make_report()
    items = tuple(replace(i, status="previous") if i.kind == "problem" else i for i in report.items)
    panel = to_frames([replace(report, items=items)])["panel"].iloc[0]
    assert not panel["problem_timeliness"] and panel["remedy_capacity"]


def test_a_cell_that_stands_twice_counts_only_when_both_agree(make_report) -> None:
    def cell(value: float | None) -> Cell:
        return Cell("2021", "requests", "received", "total", value, None, "number", "")

    for values, expected in (((4.0, 4.0), 4.0), ((4.0, None), 4.0), ((4.0, 5.0), None)):
        panel = to_frames([make_report(cells=tuple(map(cell, values)))])["panel"].iloc[0]
        found = panel["cell_requests_received_total"]
        assert (None if pd.isna(found) else found) == expected


def test_external_checks_do_not_count_as_failed(make_report) -> None:
    check = Check("external.requests.received.total", "requests", 1.0, 2.0, -1.0, "fails")
    assert to_frames([make_report(checks=(check,))])["panel"]["checks_failed"][0] == 0


@pytest.mark.parametrize(
    ("key", "value", "unit", "amount"),
    [
        ("proactive.fees.amount", 0.57, "万元", 5700.0),
        ("proactive.fees.amount", 251000.0, "元", 251000.0),
        ("proactive.fees.amount", 2.0, None, 20000.0),
        ("proactive.procurement.amount", 2.0, None, None),
        ("proactive.procurement.amount", 2.0, "亿元", 2e8),
        ("statistics.funds.year", 3.0, "件", None),
        ("requests.received.total", 3.0, None, 3.0),
    ],
)
def test_money_is_in_yuan(key: str, value: float, unit: str | None, amount: float | None) -> None:
    assert cell_amount(key, value, unit) == amount


def test_every_main_cell_is_a_cell_of_a_form() -> None:
    from gia_nlp.vocabulary.forms import form, statistics_form
    from gia_nlp.vocabulary.panel import main_cells

    known = {f"statistics.{i.id}.{c}" for i in statistics_form().indicators for c in ("year", "cumulative")}
    for table in ("proactive", "requests", "review_litigation"):
        for year in ("2019", "2021"):
            known |= {f"{table}.{row}.{column}" for row, column in form(table, year).keys}
    assert set(main_cells()) <= known
    assert {k for k in known if k.startswith(("proactive.", "review_litigation."))} <= set(main_cells())
