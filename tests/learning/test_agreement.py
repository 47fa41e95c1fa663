"""Agreement measures against hand-computed values, a second implementation, and their properties."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gia_nlp.learning.agreement import (
    assign,
    bootstrap_interval,
    cohen_kappa,
    f1_score,
    krippendorff_alpha,
    links,
    masi_distance,
    match_facts,
    match_items,
    overlap,
    shared_links,
)

LABELS = st.sampled_from("abc")
SETS = st.frozensets(LABELS, min_size=0, max_size=3)


def fact(start: int, end: int, indicator: str = "reviews", value: float = 1.0, period: str = "current") -> dict:
    return {"start": start, "end": end, "indicator": indicator, "value": value, "period": period}


def item(start: int, end: int, kind: str = "problem", remedies: tuple[int, ...] = ()) -> dict:
    return {"start": start, "end": end, "kind": kind, "remedies": list(remedies)}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("", "", 0.0),
        ("a", "a", 0.0),
        ("a", "", 1.0),
        ("a", "b", 1.0),
        ("ab", "a", 1 - 1 / 2 * 2 / 3),
        ("ab", "bc", 1 - 1 / 3 * 1 / 3),
        ("abc", "a", 1 - 1 / 3 * 2 / 3),
    ],
)
def test_masi_distance(first: str, second: str, expected: float) -> None:
    assert masi_distance(frozenset(first), frozenset(second)) == pytest.approx(expected)


@given(SETS, SETS)
def test_masi_is_symmetric_and_bounded(first: frozenset[str], second: frozenset[str]) -> None:
    distance = masi_distance(first, second)
    assert distance == masi_distance(second, first)
    assert 0.0 <= distance <= 1.0
    assert (distance == 0.0) == (first == second)


def test_alpha_of_krippendorffs_own_example() -> None:
    # Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", section D: four observers, nominal 0.743.
    rows = ["111", "2232", "3333", "3333", "2222", "1234", "4444", "1121", "2222", "555", "11", "3"]
    units = [tuple(row) for row in rows]
    assert krippendorff_alpha(units) == pytest.approx(0.743, abs=0.0005)


@given(st.lists(st.tuples(LABELS, LABELS), min_size=1, max_size=12))
def test_alpha_agrees_with_the_reference_package(pairs: list[tuple[str, str]]) -> None:
    reference = pytest.importorskip("krippendorff")
    ours = krippendorff_alpha(pairs)
    if len({label for pair in pairs for label in pair}) < 2:
        assert ours is None
        return
    theirs = reference.alpha(
        reliability_data=[[ord(a) for a, _ in pairs], [ord(b) for _, b in pairs]], level_of_measurement="nominal"
    )
    assert ours == pytest.approx(theirs)


def test_alpha_of_sets_gives_credit_for_overlap() -> None:
    near = [(frozenset("a"), frozenset("ab")), (frozenset("c"), frozenset("c")), (frozenset("b"), frozenset("b"))]
    far = [(frozenset("a"), frozenset("c")), *near[1:]]
    close, distant = krippendorff_alpha(near, masi_distance), krippendorff_alpha(far, masi_distance)
    assert close is not None and distant is not None and 1 > close > distant


def test_alpha_ignores_units_with_one_label() -> None:
    pairs = [("a", "a"), ("a", "b"), ("b", "b")]
    assert krippendorff_alpha([*pairs, ("c",), ()]) == krippendorff_alpha(pairs)


def test_kappa_by_hand() -> None:
    pairs = [("a", "a")] * 20 + [("a", "b")] * 5 + [("b", "a")] * 10 + [("b", "b")] * 15
    assert cohen_kappa(pairs) == pytest.approx(0.4)


@pytest.mark.parametrize("pairs", [[], [("a", "a"), ("a", "a")]])
def test_kappa_without_variation_is_undefined(pairs: list[tuple[str, str]]) -> None:
    assert cohen_kappa(pairs) is None


def test_f1() -> None:
    assert f1_score(3, 4, 6) == pytest.approx(0.6)
    assert f1_score(0, 0, 0) is None


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [((0, 4), (4, 8), 0.0), ((0, 4), (0, 4), 1.0), ((0, 10), (3, 10), 0.7), ((0, 2), (5, 9), 0.0)],
)
def test_overlap(first: tuple[int, int], second: tuple[int, int], expected: float) -> None:
    assert overlap(fact(*first), fact(*second)) == pytest.approx(expected)


def test_assign_takes_every_side_once() -> None:
    assert assign([(0.9, 0, 0), (0.9, 0, 1), (0.8, 1, 0), (0.1, 1, 1)]) == [(0, 0), (1, 1)]


@pytest.mark.parametrize(
    "change", [{"indicator": "litigations"}, {"value": 2.0}, {"period": "previous"}, {"start": 5, "end": 7}]
)
def test_facts_match_by_indicator_value_period_and_place(change: dict) -> None:
    assert match_facts([fact(0, 2)], [fact(0, 2)]) == [(0, 0)]
    assert match_facts([fact(0, 2)], [fact(0, 2) | change]) == []


def test_facts_on_one_span_find_their_own_indicator() -> None:
    first = [fact(0, 4, "reviews", 0.0), fact(0, 4, "litigations", 0.0)]
    assert match_facts(first, first[::-1]) == [(0, 1), (1, 0)]
    assert match_facts(first, first[::-1], strict=False) == [(0, 1), (1, 0)]


def test_items_match_at_seven_tenths_and_by_kind() -> None:
    assert match_items([item(0, 10)], [item(3, 10)]) == [(0, 0)]
    assert match_items([item(0, 10)], [item(4, 10)]) == []
    assert match_items([item(0, 10)], [item(0, 10, "remedy")]) == []
    assert match_items([item(0, 10)], [item(0, 10, "remedy")], same_kind=False) == [(0, 0)]


def test_links_are_compared_through_matched_items() -> None:
    first = [item(0, 4, remedies=(2,)), item(5, 9, remedies=(2, 3)), item(10, 14, "remedy"), item(15, 19, "remedy")]
    second = [item(5, 9, remedies=(1, 2)), item(10, 14, "remedy"), item(25, 29, "remedy")]
    assert links(first) == {(0, 2), (1, 2), (1, 3)}
    assert shared_links(first, second, match_items(first, second)) == 1


def test_bootstrap_is_deterministic_and_brackets_the_mean() -> None:
    rows = [0.0, 1.0] * 20

    def mean(sample: object) -> float:
        return sum(sample) / len(sample)  # type: ignore[arg-type, call-overload]

    interval = bootstrap_interval(rows, mean, seed=3)
    assert interval == bootstrap_interval(rows, mean, seed=3)
    assert interval is not None and interval[0] < 0.5 < interval[1]
    assert bootstrap_interval(rows[:1], mean) is None
    assert bootstrap_interval(rows, lambda _: None) is None
