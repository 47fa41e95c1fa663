"""What must add up in the forms adds up in drawn numbers, and does not where a misprint is asked for."""

from __future__ import annotations

import random

import pytest

from gia_nlp.synthesis import numbers as draw
from gia_nlp.synthesis.forms import statistics_rows
from gia_nlp.vocabulary.forms import outcome_rows, requests_form, statistics_form

COLUMNS = [c.id for c in requests_form("2021").columns]


def _requests_problems(cells: dict[str, str], form: str) -> list[str]:
    n = {k: int(v) for k, v in cells.items()}
    wrong = [
        r.id for r in requests_form(form).rows if sum(n[f"{r.id}.{c}"] for c in COLUMNS[:-1]) != n[f"{r.id}.total"]
    ]
    for c in COLUMNS:
        if sum(n[f"{o}.{c}"] for o in outcome_rows(form)) != n[f"processed.{c}"]:
            wrong.append(f"processed.{c}")
        if n[f"received.{c}"] + n[f"carried_in.{c}"] != n[f"processed.{c}"] + n[f"carried_out.{c}"]:
            wrong.append(f"balance.{c}")
    return wrong


@pytest.mark.parametrize(("form", "cells"), [("2021", 175), ("2019", 161)])
@pytest.mark.parametrize("scale", [0.5, 8.0, 5000.0])
def test_requests_add_up(form: str, cells: int, scale: float) -> None:
    for seed in range(25):
        table = draw.requests(random.Random(seed), form, scale)
        assert len(table) == cells
        assert _requests_problems(table, form) == []


def test_most_cells_are_zero_and_some_are_large() -> None:
    tables = [draw.requests(random.Random(seed), "2021", 8.0) for seed in range(150)]
    values = [int(v) for t in tables for v in t.values()]
    assert sum(v == 0 for v in values) > 0.8 * len(values)
    assert max(values) > 60
    assert any(int(t["carried_out.total"]) for t in tables)
    assert any(int(t["received.total"]) == 0 for t in tables)


def test_blocks_of_reviews_add_up() -> None:
    for seed in range(60):
        n = draw.review_litigation(random.Random(seed), 200)
        assert len(n) == 15
        for block in ("review", "litigation_direct", "litigation_after_review"):
            parts = sum(int(n[f"{block}.{c}"]) for c in ("upheld", "corrected", "other", "pending"))
            assert parts == int(n[f"{block}.total"])


@pytest.mark.parametrize(("form", "cells"), [("2021", 10), ("2019", 22)])
def test_proactive_has_its_cells(form: str, cells: int) -> None:
    seen = [draw.proactive(random.Random(s), form, 30, "市") for s in range(80)]
    assert all(len(t) == cells for t in seen)
    if form == "2021":
        assert all(int(t["normative_documents.in_force"]) >= int(t["normative_documents.issued"]) for t in seen)
        assert any("." in t["fees.amount"] for t in seen)
    else:
        assert any(t["licensing.change"].startswith("-") for t in seen)


@pytest.mark.parametrize("kind", ["national", "provincial"])
def test_statistics_add_up(kind: str) -> None:
    rows = statistics_rows(kind)
    assert len(rows) == len(set(rows)), "no indicator stands twice"
    for seed in range(40):
        cells = draw.statistics(random.Random(seed), rows, 30, kind == "provincial")
        for column in ("year", "cumulative") if kind == "provincial" else ("year",):
            n = {r: float(cells[f"{r}.{column}"]) for r in rows}
            for total in statistics_form().sums:
                parts = [p for p in total.parts if p in n]
                if total.whole in n and parts:
                    assert sum(n[p] for p in parts) == n[total.whole], (total.id, column)
        if kind == "provincial":
            assert all(float(cells[f"{r}.cumulative"]) >= float(cells[f"{r}.year"]) for r in rows)


def test_a_misprint_breaks_a_sum() -> None:
    for seed in range(40):
        tables = {"requests": draw.requests(random.Random(seed), "2021", 30)}
        wrong = draw.misprints(random.Random(seed), tables)
        assert wrong["requests"]
        assert _requests_problems(tables["requests"] | wrong["requests"], "2021") != []
