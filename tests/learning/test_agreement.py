"""Agreement measures against hand-computed values, a second implementation, and their properties."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gia_nlp.learning.agreement import (
    bootstrap_interval,
    cohen_kappa,
    f1_score,
    krippendorff_alpha,
    links,
    masi_distance,
    match_places,
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


def test_places_match_whatever_is_said_there() -> None:
    assert match_places([fact(0, 2)], [fact(0, 2, "litigations", 3.0, "previous")]) == [(0, 0)]
    assert match_places([fact(0, 2)], [fact(2, 4)]) == []
    assert match_places([item(0, 10)], [item(0, 4, "remedy")], least=0.5) == []


def test_of_marks_on_one_span_those_that_agree_are_paired() -> None:
    first = [fact(0, 4, "reviews", 0.0), fact(0, 4, "litigations", 0.0)]
    assert match_places(first, first[::-1], prefer=("indicator",)) == [(0, 1), (1, 0)]
    assert match_places(first, first[:1], prefer=("indicator",)) == [(0, 0)]


def test_links_are_compared_through_matched_items() -> None:
    first = [item(0, 4, remedies=(2,)), item(5, 9, remedies=(2, 3)), item(10, 14, "remedy"), item(15, 19, "remedy")]
    second = [item(5, 9, remedies=(1, 2)), item(10, 14, "remedy"), item(25, 29, "remedy")]
    assert links(first) == {(0, 2), (1, 2), (1, 3)}
    assert shared_links(first, second, match_places(first, second)) == 1


def test_bootstrap_is_deterministic_and_brackets_the_mean() -> None:
    rows = [0.0, 1.0] * 20

    def mean(sample: object) -> float:
        return sum(sample) / len(sample)  # type: ignore[arg-type, call-overload]

    interval = bootstrap_interval(rows, mean, seed=3)
    assert interval == bootstrap_interval(rows, mean, seed=3)
    assert interval is not None and interval[0] < 0.5 < interval[1]
    assert bootstrap_interval(rows[:1], mean) is None
    assert bootstrap_interval(rows, lambda _: None) is None
