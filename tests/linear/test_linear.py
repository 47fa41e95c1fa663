"""Linear classifiers: their sums against plain arithmetic, and the same model after a round trip to disk."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gia_nlp.linear import FeatureIndex, LinearClassifier

NAMES = ("甲", "b", "c 1", "d")
_rows = st.lists(st.dictionaries(st.sampled_from([*NAMES, "unseen"]), st.floats(-4, 4, width=32)), max_size=6)
_weights = st.lists(st.lists(st.floats(-4, 4, width=32), min_size=3, max_size=3), min_size=4, max_size=4)


def model(weights: list[list[float]], link: str = "softmax") -> LinearClassifier:
    return LinearClassifier(
        FeatureIndex(NAMES), ("x", "y", "z"), np.array(weights), np.array([0.5, 0.0, -0.5]), link=link
    )  # type: ignore[arg-type]


@given(_rows, _weights)
def test_logits_are_the_sum_of_weighted_features(rows: list[dict[str, float]], weights: list[list[float]]) -> None:
    logits = model(weights).logits(rows)
    assert logits.shape == (len(rows), 3)
    for row, got in zip(rows, logits, strict=True):
        for label, intercept in enumerate((0.5, 0.0, -0.5)):
            want = intercept + sum(v * weights[NAMES.index(n)][label] for n, v in row.items() if n in NAMES)
            assert got[label] == pytest.approx(want, abs=1e-3)


@given(_rows, _weights)
def test_all_rows_at_once_are_the_rows_one_by_one(rows: list[dict[str, float]], weights: list[list[float]]) -> None:
    together = model(weights).probabilities(rows)
    for i, row in enumerate(rows):
        assert np.allclose(together[i], model(weights).probabilities([row])[0], atol=1e-6)


def test_softmax_sums_to_one_and_sigmoid_judges_each_label() -> None:
    weights = [[1.0, 0.0, 0.0], [0.0, 40.0, 0.0], [0, 0, 0], [0, 0, 0]]
    assert model(weights).probabilities([["b"]]).sum() == pytest.approx(1.0)
    got = model(weights, "sigmoid").probabilities([["甲", "b"]])[0]
    assert got == pytest.approx([1 / (1 + math.exp(-1.5)), 1.0, 1 / (1 + math.exp(0.5))], abs=1e-6)


def test_calibration_scales_and_shifts_the_logits() -> None:
    plain = model([[1.0, 0, 0]] * 4, "sigmoid")
    tuned = LinearClassifier(
        plain.index,
        plain.labels,
        plain.weights,
        plain.intercepts,
        link="sigmoid",
        scale=np.full(3, 2.0),
        offset=np.ones(3),
    )
    logits = plain.logits([["甲"]])
    assert tuned.probabilities([["甲"]]) == pytest.approx(1 / (1 + np.exp(-(2 * logits + 1))), abs=1e-6)


def test_index_keeps_what_occurs_often_enough_whatever_the_order() -> None:
    rows = [["a", "a", "b"], {"b": 0.5}, ["c"]]
    assert FeatureIndex.fit(rows).names == FeatureIndex.fit(rows[::-1]).names == ("b",)
    with pytest.raises(ValueError, match="twice"):
        FeatureIndex(["a", "a"])


def test_round_trip_to_disk_gives_the_same_bytes_and_no_pickle(tmp_path: Path) -> None:
    first = model([[0.1, 0.2, 0.3]] * 4, "sigmoid")
    first.to_disk(tmp_path / "a")
    LinearClassifier.from_disk(tmp_path / "a").to_disk(tmp_path / "b")
    files = sorted(p.name for p in (tmp_path / "a").iterdir())
    assert files == ["classifier.json", "features.json", "intercepts.npy", "offset.npy", "scale.npy", "weights.npy"]
    assert all((tmp_path / "a" / f).read_bytes() == (tmp_path / "b" / f).read_bytes() for f in files)
    np.save(tmp_path / "a" / "weights.npy", np.array([{}]), allow_pickle=True)
    with pytest.raises(ValueError, match="pickle"):
        LinearClassifier.from_disk(tmp_path / "a")


@pytest.mark.parametrize("shape", [(3, 3), (4, 2)])
def test_weights_of_another_shape_are_refused(shape: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="shape"):
        LinearClassifier(FeatureIndex(NAMES), ("x", "y", "z"), np.zeros(shape), np.zeros(3))
