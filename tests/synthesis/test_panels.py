"""Panels: one agency year after year, with what must hold across years."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from typing import Any

import pytest

from gia_nlp.synthesis import make_report, make_reports
from gia_nlp.synthesis.content import PANEL_YEARS


@pytest.fixture(scope="module")
def panel() -> dict[str, list[dict[str, Any]]]:
    """Right answers of twenty agencies by issuer, in the order of their years."""
    out: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for report in make_reports(20 * PANEL_YEARS, seed=3, layouts=["tabs"], panel=True):
        out[report.gold["meta"]["issuer"]].append(report.gold)
    return out


def test_agencies_report_every_year_in_the_form_of_the_year(panel: dict[str, list[dict[str, Any]]]) -> None:
    assert len(panel) == 20
    for reports in panel.values():
        years = [g["meta"]["year"] for g in reports]
        assert years == list(range(years[0], years[0] + PANEL_YEARS))
        for g in reports:
            year = g["meta"]["year"]
            expected = "free" if year < 2014 else "statistics" if year < 2019 else "2019" if year < 2021 else "2021"
            assert g["meta"]["form"] == expected


@pytest.mark.parametrize(
    ("table", "ahead", "behind"),
    [
        ("requests", {"carried_in.natural_person": 1}, {"carried_out.natural_person": 1}),
        (
            "proactive",
            {"normative_documents.in_force": 1, "normative_documents.issued": -1, "normative_documents.repealed": 1},
            {"normative_documents.in_force": 1},
        ),
        ("statistics", {"published.cumulative": 1, "published.year": -1}, {"published.cumulative": 1}),
    ],
)
def test_years_go_on_from_years(
    panel: dict[str, list[dict[str, Any]]], table: str, ahead: dict[str, int], behind: dict[str, int]
) -> None:
    """They mostly do: one year in ten is drawn afresh, so that there is something to find."""
    holds: Counter[bool] = Counter()
    for reports in panel.values():
        for last, this in itertools.pairwise(reports):
            old, new = last["tables"].get(table, {}), this["tables"].get(table, {})
            if set(ahead) <= set(new) and set(behind) <= set(old):
                right = sum(new[k] * sign for k, sign in ahead.items())
                holds[right == sum(old[k] * sign for k, sign in behind.items())] += 1
    assert holds[True] > 10
    assert holds[False] < 0.35 * holds[True]


def test_problems_come_again(panel: dict[str, list[dict[str, Any]]]) -> None:
    again = Counter[bool]()
    for reports in panel.values():
        for last, this in itertools.pairwise(reports):
            old, new = ({i["quote"] for i in g["items"]} for g in (last, this))
            again[bool(old & new)] += 1
    assert 0.25 < again[True] / (again[True] + again[False]) < 0.8


def test_a_year_can_be_made_alone() -> None:
    whole = list(make_reports(8, seed=4, panel=True))
    assert make_report(4, 7, panel=True).data == whole[7].data
