"""Panels: one agency year after year, with what must hold across years."""

from __future__ import annotations

import itertools
import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gia_nlp.cli.main import app
from gia_nlp.synthesis import make_report, make_reports, panel_truth
from gia_nlp.synthesis.panel_plan import CHANCES, PANEL_YEARS, PLACE_AGENCIES, place_members, points

AGENCIES = 40


@pytest.fixture(scope="module")
def panel() -> dict[str, list[dict[str, Any]]]:
    """Gold of some agencies by their key, in the order of their years."""
    out: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for report in make_reports(AGENCIES * PANEL_YEARS, seed=3, layouts=["tabs"], panel=True):
        out[report.gold["panel"]["agency"]].append(report.gold)
    return out


def test_agencies_report_every_year_in_the_form_of_the_year(panel: dict[str, list[dict[str, Any]]]) -> None:
    new = sum(key.endswith("+") for key in panel)
    assert len(panel) == AGENCIES + new
    for reports in panel.values():
        years = [g["meta"]["year"] for g in reports]
        assert years == list(range(years[0], years[0] + len(years)))
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
    assert 0.5 < again[True] / (again[True] + again[False]) < 0.95


def _share(hits: int, total: int) -> tuple[float, float]:
    """Where the true chance may lie, four standard errors around a share."""
    p = hits / total
    error = 4 * (p * (1 - p) / total) ** 0.5
    return p - error, p + error


def test_problems_and_promises_follow_the_stated_chances() -> None:
    named: Counter[str] = Counter()
    for group in range(150):
        told = [points(5, group, turn) for turn in range(PANEL_YEARS)]
        for last, this in itertools.pairwise(told):
            named["again"] += len(set(last.problems) & set(this.problems))
            named["before"] += len(last.problems)
            named["begun"] += len(set(this.problems) - set(last.problems))
            named["not before"] += 16 - len(last.problems)
            named["kept"] += sum(this.kept.values())
            named["promised"] += len(last.planned)
            assert set(this.kept) == set(last.planned)
            assert {c for c, kept in this.kept.items() if kept} <= set(this.done)
        named["first"] += len(told[0].problems)
    truth = panel_truth()
    for hits, total, chance in (
        ("again", "before", CHANCES.named_again),
        ("begun", "not before", CHANCES.begun),
        ("kept", "promised", truth["chances"]["promise_kept"]),
    ):
        low, high = _share(named[hits], named[total])
        assert low < chance < high, hits
    low, high = _share(named["first"], 150 * 16)
    assert low < truth["implied"]["category_named"] < high, "the chain starts where it stays"


def test_places_hold_copiers_templates_and_reforms() -> None:
    members = [m for place in range(60) for m in place_members(5, place)]
    assert len(members) == 60 * PLACE_AGENCIES
    copiers = [m for m in members if m.source is not None]
    able = [m for i, m in enumerate(members) if 0 < i % PLACE_AGENCIES < 6]
    low, high = _share(len(copiers), len(able))
    assert low < CHANCES.copier < high
    kinds = Counter(m.reform["kind"] for m in members if m.reform)
    assert kinds["merged"] >= 8 and kinds["merged"] % 2 == 0 and kinds["renamed"] >= 2
    names = [{a.name for a in m.agencies} for m in members]
    assert all(
        len(n) == (2 if m.reform and len(set(m.agencies)) == 2 else 1) for n, m in zip(names, members, strict=True)
    )
    everyone = Counter(name for n in names for name in n)
    assert everyone.most_common(1)[0][1] == 1, "no two agencies have one name"


def test_what_is_planted_stands_in_the_report() -> None:
    seen: Counter[str] = Counter()
    for report in make_reports(60 * PANEL_YEARS, seed=6, layouts=["tabs"], panel=True):
        told, text = report.gold["panel"], report.text
        assert text is not None
        if leftover := told["leftover"]:
            assert leftover["quote"] in text
            assert not text.startswith(leftover["of"])
            seen[f"leftover {leftover['kind']}"] += 1
        if wrong := told["contradiction"]:
            said = [
                f["value"] for f in report.gold["facts"] if f["indicator"] == "requests_received" and not f["topic"]
            ]
            assert wrong["prose"] in said and wrong["prose"] != wrong["table"]
            tables = report.gold["tables"]
            table = tables.get("requests", {}).get(
                "received.total", tables.get("statistics", {}).get("applications_received.year")
            )
            assert wrong["table"] == table
            seen["contradiction"] += 1
        current = {
            c
            for i in report.gold["items"]
            if i["kind"] == "problem" and i["when"] == "current"
            for c in i["categories"]
        }
        assert current == set(told["categories"])
        done = {c for i in report.gold["items"] if i["when"] == "done" for c in i["categories"]}
        assert done == set(told["done"])
        seen["repeated"] += told["repeated"]
        seen["sentences"] += told["sentences"] if told["turn"] else 0
        seen["reports"] += 1
    assert min(seen["leftover business"], seen["leftover name"], seen["contradiction"]) >= 2
    # Copied sentences are repeated where the other agency keeps them; a sentence alone can come up twice by chance.
    assert 0.42 < seen["repeated"] / seen["sentences"] < 0.62


def test_copiers_say_what_their_source_says() -> None:
    copied = 0
    for group in range(80):
        report = make_report(5, group * PANEL_YEARS + 2, "tabs", panel=True).gold
        if report["panel"]["copied_from"]:
            source = make_report(5, (group - group % PLACE_AGENCIES) * PANEL_YEARS + 2, "tabs", panel=True).gold
            own = [i["quote"] for i in report["items"]]
            others = {i["quote"] for i in source["items"]}
            assert sum(quote in others for quote in own) >= len(own) - 1  # one may be a leftover
            copied += 1
    assert copied > 3


def test_a_year_can_be_made_alone() -> None:
    whole = list(make_reports(8, seed=4, panel=True))
    assert make_report(4, 7, panel=True).data == whole[7].data


def test_the_parameters_are_written_beside_the_reports(tmp_path: Path) -> None:
    arguments = ["synth", "--count", "7", "--panel", "--seed", "4", "--layout", "tabs", "--out", str(tmp_path)]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    truth = json.loads((tmp_path / "truth.json").read_text("utf-8"))
    assert truth["seed"] == 4 and truth["chances"]["named_again"] == CHANCES.named_again
    gold = json.loads((tmp_path / "gold" / "r0000006.json").read_text("utf-8"))
    assert gold["panel"]["agency"] == "0.1" and gold["panel"]["turn"] == 0
