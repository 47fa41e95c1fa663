"""The digit solver against brute force."""

from __future__ import annotations

from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from gia_nlp.structure.tables.solver import agreed, chain_readings, free_readings, row_readings, viable


def brute(run: str, cells: int, borders: frozenset[int] = frozenset()) -> set[tuple[str, ...]]:
    """Every way to cut a run into numbers without leading zeros."""
    found = set()
    for cuts in combinations(range(1, len(run)), cells - 1):
        if not borders <= set(cuts):
            continue
        parts = tuple(run[a:b] for a, b in zip((0, *cuts), (*cuts, len(run)), strict=True))
        if all(p == "0" or p[0] != "0" for p in parts):
            found.add(parts)
    return found


small = st.lists(st.integers(0, 30), min_size=2, max_size=4)


@given(st.text("0123456789", min_size=1, max_size=9), st.integers(1, 4))
def test_free_readings_are_all_partings(run: str, cells: int) -> None:
    assert set(free_readings(run, cells)) == brute(run, cells)


@given(small)
def test_row_readings_are_the_partings_that_add_up(numbers: list[int]) -> None:
    printed = [*map(str, numbers), str(sum(numbers))]
    run = "".join(printed)
    right = {p for p in brute(run, len(printed)) if sum(map(int, p[:-1])) == int(p[-1])}
    assert set(row_readings(run, len(printed))) == right
    assert tuple(printed) in right


@given(small, st.data())
def test_a_border_stands_between_cells(numbers: list[int], data: st.DataObject) -> None:
    printed = [*map(str, numbers), str(sum(numbers))]
    ends = [len("".join(printed[: i + 1])) for i in range(len(printed) - 1)]
    borders = frozenset(data.draw(st.sets(st.sampled_from(ends))))
    found = set(row_readings("".join(printed), len(printed), borders))
    assert tuple(printed) in found
    assert found == {
        r for r in row_readings("".join(printed), len(printed)) if r in brute("".join(printed), len(printed), borders)
    }


@settings(deadline=None)  # what a busy machine takes says nothing about the solver
@given(st.lists(st.lists(st.integers(0, 12), min_size=2, max_size=2), min_size=1, max_size=3))
def test_chains_close_every_block(blocks: list[list[int]]) -> None:
    printed = [str(n) for b in blocks for n in (*b, sum(b))]
    found = chain_readings("".join(printed), len(blocks), 3)
    right = {
        p for p in brute("".join(printed), len(printed))
        if all(int(p[i]) + int(p[i + 1]) == int(p[i + 2]) for i in range(0, len(p), 3))
    }  # fmt: skip
    assert set(found) == right


@settings(max_examples=60)
@given(
    st.lists(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=3), min_size=2, max_size=4)
)
def test_viable_is_what_occurs_in_some_joint_solution(rows: list[list[tuple[int, int]]]) -> None:
    domains = [[tuple(map(str, r)) for r in row] for row in rows]
    factors = [1] * (len(rows) - 1) + [-1]
    solutions = [
        choice for choice in product(*domains)
        if all(sum(f * int(r[c]) for f, r in zip(factors, choice, strict=True)) == 0 for c in range(2))
    ]  # fmt: skip
    kept = viable(domains, [factors])
    assert kept is not None
    assert [set(k) for k in kept] == [{s[i] for s in solutions} for i in range(len(rows))]


def test_a_run_can_have_several_readings_that_agree_in_part() -> None:
    readings = row_readings("220000325", 7)
    assert len(readings) == 2
    assert agreed(readings) == [False, False, True, True, True, True, True]
