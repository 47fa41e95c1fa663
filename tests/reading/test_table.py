"""Spans become places: every position at most once, and nothing is lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gia_nlp.reading.blocks import Paragraph, Table, assemble
from gia_nlp.reading.table import PlacedCell, SpanCell, arrange, cell_text, compact, is_table, place, shape

span_cells = st.builds(SpanCell, st.sampled_from(["", "0", "规章", "总计"]), st.integers(0, 5), st.integers(0, 6))
groups = st.lists(st.lists(st.lists(span_cells, max_size=5), max_size=5), max_size=3)


def covered(cells):
    return [
        (r, c)
        for x in cells
        for r in range(x.row, x.row + x.row_span)
        for c in range(x.column, x.column + x.column_span)
    ]


@given(groups)
def test_every_position_is_covered_at_most_once_and_every_cell_is_kept(table):
    for cells in (place(table), arrange(table)[0]):
        positions = covered(cells)
        assert len(positions) == len(set(positions))
        assert [c.text for c in cells] == [c.text for rows in table for row in rows for c in row]
        assert all(c.row_span >= 1 and c.column_span >= 1 for c in cells)


@given(groups)
def test_spans_stay_inside_their_group_of_rows(table):
    cells = place(table)
    bounds, top = [], 0
    for rows in table:
        bounds += [top + len(rows)] * len(rows)
        top += len(rows)
    assert all(c.row + c.row_span <= bounds[c.row] for c in cells)


@st.composite
def tilings(draw):
    """A full table, cut into rectangles without gap or overlap."""
    rows, columns = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    taken = [[False] * columns for _ in range(rows)]
    cells = []
    for r in range(rows):
        for c in range(columns):
            if taken[r][c]:
                continue
            free = 1
            while c + free < columns and not taken[r][c + free]:
                free += 1
            width, height = draw(st.integers(1, free)), draw(st.integers(1, rows - r))
            for i in range(r, r + height):
                for k in range(c, c + width):
                    taken[i][k] = True
            cells.append(PlacedCell(f"{r},{c}", r, c, height, width))
    return rows, cells


@given(tilings())
def test_a_table_written_as_spans_comes_back_as_it_was(tiling):
    rows, cells = tiling
    written = [[SpanCell(c.text, c.row_span, c.column_span) for c in cells if c.row == r] for r in range(rows)]
    assert list(place([written])) == cells


@given(tilings())
def test_compact_leaves_no_row_or_column_without_a_beginning(tiling):
    cells = compact(tiling[1])
    height, width = shape(cells)
    assert {c.row for c in cells} == set(range(height))
    assert {c.column for c in cells} == set(range(width))
    assert len(covered(cells)) == height * width


@given(
    st.lists(
        st.one_of(tilings().map(lambda t: Table(tuple(t[1]))), st.text("总体情况 \n。", max_size=20).map(Paragraph))
    )
)
@settings(max_examples=60)
def test_offsets_of_grids_point_at_their_text(blocks):
    text, grids = assemble(blocks, "html")
    assert len(grids) == sum(isinstance(b, Table) for b in blocks)
    for grid in grids:
        assert all(text[c.start : c.end] == c.text for c in grid.cells)
        assert all(grid.start <= c.start <= c.end <= grid.end for c in grid.cells)
        assert text[grid.start : grid.end].count("\n") == grid.shape[0] - 1
        assert grid.start == 0 or text[grid.start - 2 : grid.start] in ("\n\n", "\n")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([[SpanCell("a", 0), SpanCell("b")], [SpanCell("c")]], [(0, 0, 2, 1), (0, 1, 1, 1), (1, 1, 1, 1)]),
        ([[SpanCell("a", 9, 2)], []], [(0, 0, 2, 2)]),
        # b's span would reach under a: it ends before it.
        (
            [[SpanCell("x"), SpanCell("y"), SpanCell("a", 2)], [SpanCell("b", 1, 3), SpanCell("c")]],
            [(0, 0, 1, 1), (0, 1, 1, 1), (0, 2, 2, 1), (1, 0, 1, 2), (1, 3, 1, 1)],
        ),
    ],
)
def test_broken_spans(rows, expected):
    assert [(c.row, c.column, c.row_span, c.column_span) for c in place([rows])] == expected


def test_a_page_that_claims_huge_spans_costs_nothing():
    bomb = [[SpanCell("1", 60000, 1000), SpanCell("2")]] * 300
    cells, believed = arrange([bomb])
    height, width = shape(cells)
    assert len(cells) == 600 and not believed
    assert height * width <= 50 * 600


@pytest.mark.parametrize(
    ("raw", "text"),
    [("\xa0", ""), ("　 \u200b", ""), ("2 \n 024", "2 024"), ("商业<br", "商业<br"), ("0", "0"), ("/", "/")],
)
def test_cell_text(raw, text):
    assert cell_text(raw) == text


def test_a_frame_or_a_column_is_no_table():
    assert not is_table((PlacedCell("只有一格", 0, 0),))
    assert not is_table((PlacedCell("一", 0, 0), PlacedCell("二", 1, 0)))
    assert is_table((PlacedCell("规章", 0, 0), PlacedCell("0", 0, 1)))
