"""Made-up tables in every layout: what the layout tells is read, what it does not tell is never invented."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from gia_nlp.records import Document
from gia_nlp.structure.tables import TableReading, read_tables

READ_WHOLE = (
    "one_cell_a_line", "lost_labels", "pipes", "markdown", "scanned", "spaced", "one_plain_cell_a_line", "hard_wrapped",
    "page_mark_in_row", "numbers_first", "numbers_inside_label", "column_major", "numbers_alone", "missing_rows",
    "missing_numbers", "traditional", "subtotal", "blank_zeros", "word_cells", "twice", "grids",
)  # fmt: skip
LEFT_OPEN_IN_PART = ("glued", "glued_with_blanks", "leaf_marks", "split_number")


def read(
    layouts: dict[str, Callable[..., Document]], make_truth: Callable[..., Any], name: str, seed: int
) -> tuple[Any, Document, TableReading]:
    rng = random.Random(seed)
    truth = make_truth(rng, "2019" if seed % 4 == 3 else "2021")
    document = layouts[name](rng, truth)
    return truth, document, read_tables(document)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", (*READ_WHOLE, *LEFT_OPEN_IN_PART))
def test_layout(
    layouts: dict[str, Callable[..., Document]], make_truth: Callable[..., Any], name: str, seed: int
) -> None:
    truth, document, reading = read(layouts, make_truth, name, seed)
    found = {(c.table, c.key): c for c in reading.cells}
    assert len(found) == len(reading.cells), "a cell twice"
    for cell in reading.cells:
        assert cell.start is None or document.text[cell.start : cell.end] == cell.raw
        assert (cell.value is not None) == (cell.kind in ("number", "zero"))
    values = {key: found[key].value if key in found else None for key in truth.cells}
    wrong = {k: v for k, v in values.items() if v is not None and v != truth.cells[k]}
    assert not wrong
    if name in READ_WHOLE:
        assert values == truth.cells
    assert reading.forms["requests"] == truth.generation


@pytest.mark.parametrize("seed", range(3))
def test_glued_requests_are_parted_by_their_sums(layouts: Any, make_truth: Any, seed: int) -> None:
    truth, _, reading = read(layouts, make_truth, "glued", seed)
    values = {c.key: c.value for c in reading.cells if c.table == "requests"}
    assert values == {k: v for (t, k), v in truth.cells.items() if t == "requests"}
    open_cells = {f"{c.key}" for c in reading.cells if c.kind == "ambiguous"}
    assert open_cells <= {key for run in reading.glued for key in run.cells}


def damaged(rng: random.Random, text: str) -> str:
    """One line lost, put in or joined to the next."""
    lines = text.split("\n")
    i = rng.randrange(8, max(9, len(lines) - 5))
    kind = rng.choice(["lose", "number", "mark", "join"])
    if kind == "lose":
        del lines[i]
    elif kind == "join" and i + 1 < len(lines):
        lines[i : i + 2] = [lines[i] + lines[i + 1]]
    else:
        lines.insert(i, str(rng.randint(1, 30)) if kind == "number" else "— 7 —")
    return "\n".join(lines)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(
    "name", ["one_cell_a_line", "pipes", "scanned", "spaced", "one_plain_cell_a_line", "numbers_first", "hard_wrapped"]
)
def test_damage_never_gives_a_wrong_number(layouts: Any, make_truth: Any, name: str, seed: int) -> None:
    rng = random.Random(seed)
    truth = make_truth(rng, "2021")
    document = layouts[name](rng, truth)
    reading = read_tables(Document(text=damaged(rng, document.text)))
    wrong = [(c.key, c.value) for c in reading.cells if c.value is not None and c.value != truth.cells[c.table, c.key]]
    assert not wrong


def test_second_table_is_named_in_a_warning(layouts: Any, make_truth: Any) -> None:
    _, _, reading = read(layouts, make_truth, "twice", 1)
    assert {w.error for w in reading.warnings} >= {"table_requests", "table_proactive", "table_review_litigation"}
