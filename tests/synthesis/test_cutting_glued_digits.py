"""The judge of glued tables: what the sums decide and what they leave open."""

from __future__ import annotations

import random

import pytest

from gia_nlp.synthesis.boxes import Box, Printed
from gia_nlp.synthesis.cuts import cuts, open_cells
from gia_nlp.synthesis.forms import Style, requests
from gia_nlp.vocabulary.forms import requests_form


@pytest.mark.parametrize(
    ("digits", "parts", "count"),
    [
        ("000", 3, 1),
        ("12", 2, 1),
        ("123", 2, 2),
        ("1234", 2, 3),
        ("100", 2, 1),
        ("7-17", 3, 1),
        ("01", 1, 0),
        ("3251.5", 2, 3),
        ("5", 2, 0),
    ],
)
def test_ways_to_cut(digits: str, parts: int, count: int) -> None:
    found = list(cuts(digits, parts))
    assert len(found) == count
    for reading in found:
        assert len(reading) == parts


def _row_table(rows: dict[str, list[int]]) -> Printed:
    numbers = {f"{r.id}.{c.id}": "0" for r in requests_form("2021").rows for c in requests_form("2021").columns}
    for row, six in rows.items():
        for column, n in zip(requests_form("2021").columns, [*six, sum(six)], strict=True):
            numbers[f"{row}.{column.id}"] = str(n)
    return requests(random.Random(1), "2021", numbers, Style())


def test_a_row_that_its_sum_parts_is_closed() -> None:
    table = _row_table(
        {"received": [64, 0, 0, 2, 0, 4], "granted": [64, 0, 0, 2, 0, 4], "processed": [64, 0, 0, 2, 0, 4]}
    )
    assert open_cells(table) == set()


def test_columns_decide_what_a_row_leaves_open() -> None:
    """1 110000 | 12 … and 11 10000 | 12 … print the same digits where the row alone is asked."""
    six = [1, 11, 0, 0, 0, 0]
    alone = _row_table({"received": six, "granted": six, "processed": six})
    assert open_cells(alone) >= {"received.natural_person", "received.business"}
    helped = _row_table(
        {
            "received": six,
            "granted": [1, 0, 0, 0, 0, 0],
            "partly_granted": [0, 9, 0, 0, 0, 0],
            "other.other": [0, 2, 0, 0, 0, 0],
            "processed": six,
        }
    )
    assert open_cells(helped) == set()


def test_blocks_of_five() -> None:
    def table(numbers: list[int]) -> Printed:
        keys = [
            f"{r}.{c}"
            for r in ("review", "litigation_direct", "litigation_after_review")
            for c in ("upheld", "corrected", "other", "pending", "total")
        ]
        boxes = [Box(str(n), key=k, role="value") for n, k in zip(numbers, keys, strict=True)]
        return Printed(
            "review_litigation", "2021", [boxes], 15, {k: float(n) for n, k in zip(numbers, keys, strict=True)}
        )

    assert open_cells(table([10, 2, 0, 3, 15, 0, 0, 0, 2, 2, 0, 0, 0, 0, 0])) == set()
    assert open_cells(table([0] * 15)) == set()


def test_numbers_without_a_sum_stay_open() -> None:
    boxes = [
        Box("规章"),
        *(
            Box(t, key=f"normative_documents.{c}", role="value")
            for t, c in (("62", "issued"), ("33", "repealed"), ("440", "in_force"))
        ),
    ]
    table = Printed("proactive", "2021", [boxes], 4, {})
    assert len(open_cells(table)) == 3


def test_where_blanks_leave_no_trace_no_row_is_sure() -> None:
    def row(label: str, texts: list[str]) -> list[Box]:
        cells = [Box(t, key=f"{label}.{i}", role="value") for i, t in enumerate(texts)]
        return [Box(label), *cells]

    table = Printed("proactive", "2021", [row("a", ["1", "1", "1"]), row("b", ["", "", ""]), row("c", ["12"])], 4, {})
    assert open_cells(table) == {"a.0", "a.1", "a.2"}
    table.grid[1] = row("b", ["0", "0", "0"])
    assert open_cells(table) == set()
