"""Intervals, significance, calibration, files of results."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gia_nlp.learning.evaluation import Evaluation, GoldDocument, Predictions, evaluate
from gia_nlp.learning.evaluation.bootstrap import draws, percentile_interval
from gia_nlp.learning.evaluation.measures import Counts
from gia_nlp.learning.evaluation.results import Result, ResultsError, read_results, write_results
from gia_nlp.learning.evaluation.significance import compare_counts, holm


def counts(rows: list[tuple[int, int, int]]) -> Counts:
    """Counts of facts a document: right, predicted, gold."""
    return Counts([{"facts_tp": a, "facts_pred": b, "facts_gold": c} for a, b, c in rows])


def test_intervals_are_those_of_plain_resampling() -> None:
    rows = [(i % 4, 4, 5) for i in range(30)]
    rng = random.Random(7)
    plain = []
    for _ in range(400):
        tp, predicted, gold = (sum(column) for column in zip(*(rng.choice(rows) for _ in rows), strict=True))
        plain.append(2 * (tp / predicted) * (tp / gold) / (tp / predicted + tp / gold))
    plain.sort()
    from gia_nlp.learning.evaluation.measures import measure_table

    table = measure_table(counts(rows), draws(len(rows), 400, seed=7))
    assert table.loc[0, ["low", "high"]].tolist() == [plain[10], plain[389]]


def test_intervals_hold_what_they_promise() -> None:
    """Of intervals over samples from a known source, about 95 in 100 hold the true share."""
    from gia_nlp.learning.evaluation.measures import measure_table

    rng = np.random.default_rng(0)
    held = 0
    for trial in range(200):
        right = rng.binomial(10, 0.8, size=40)
        rows = Counts([{"cells_right": int(r), "cells_n": 10} for r in right])
        low, high = measure_table(rows, draws(40, 200, seed=trial)).loc[0, ["low", "high"]]
        held += low <= 0.8 <= high
    assert 178 <= held <= 199


def test_an_interval_leaves_resamples_without_a_value_out() -> None:
    assert percentile_interval(np.array([np.nan, 0.5, 0.7, np.nan])) == (0.5, 0.7)
    assert all(math.isnan(x) for x in percentile_interval(np.array([np.nan])))


def test_a_system_does_not_differ_from_itself() -> None:
    one = counts([(3, 4, 5), (1, 2, 2), (0, 1, 0)])
    table = compare_counts(one, one, seed=1)
    assert table.loc[0, ["difference", "low", "high", "p"]].tolist() == [0, 0, 0, 1]


def test_few_documents_are_swapped_in_every_way() -> None:
    better, worse = counts([(5, 5, 5)] * 6), counts([(2, 5, 5)] * 6)
    table = compare_counts(better, worse)
    assert table.loc[0, "p"] == pytest.approx(2 / 2**6)  # only all or none swapped is as large
    assert table.loc[0, "difference"] == pytest.approx(0.6)


def test_many_documents_tell_a_small_difference_and_chance_is_told_from_it() -> None:
    rng = np.random.default_rng(3)
    base = rng.binomial(10, 0.7, size=300)
    noise = rng.permutation(base)
    better = np.minimum(base + rng.binomial(1, 0.3, size=300), 10)
    as_counts = lambda right: counts([(int(r), 10, 10) for r in right])  # noqa: E731
    same = compare_counts(as_counts(noise), as_counts(base), swaps=2000)
    real = compare_counts(as_counts(better), as_counts(base), swaps=2000)
    assert same.loc[0, "p"] > 0.5 and real.loc[0, "p"] < 0.01
    assert real.loc[0, "low"] > 0 and same.loc[0, "low"] < 0 < same.loc[0, "high"]


def test_p_values_are_spread_evenly_where_nothing_differs() -> None:
    """Under no difference a p-value below 0.1 comes about one time in ten."""
    rng = np.random.default_rng(5)
    below = 0
    for trial in range(200):
        a, b = rng.binomial(10, 0.7, size=(2, 25))
        rows = [counts([(int(r), 10, 10) for r in x]) for x in (a, b)]
        below += compare_counts(rows[0], rows[1], resamples=0, swaps=200, seed=trial).loc[0, "p"] <= 0.1
    assert 8 <= below <= 34


def test_documents_must_be_the_same() -> None:
    with pytest.raises(ValueError, match="3 documents against 2"):
        compare_counts(counts([(1, 1, 1)] * 3), counts([(1, 1, 1)] * 2))


def test_holm_never_lowers_a_p_value_nor_changes_their_order() -> None:
    assert holm([0.5, 0.01, 0.02, 0.9]) == [1.0, 0.04, 0.06, 1.0]
    assert holm([]) == []


def scored(scores: list[tuple[float, bool]]) -> Evaluation:
    """An evaluation of facts with given scores that are right or not."""
    gold = [
        {"indicator": "meetings", "value": n, "start": 10 * n, "end": 10 * n + 2}
        for n, (_, r) in enumerate(scores)
        if r
    ]
    base: dict[str, Any] = {"report_id": "x/a.txt", "indicator": "meetings"}
    facts = [
        base | {"value": n, "start_char": 10 * n, "end_char": 10 * n + 2, "score": s} for n, (s, _) in enumerate(scores)
    ]
    return evaluate([GoldDocument("a", "a.txt", {"facts": gold})], Predictions({"facts": facts}))


def test_calibration_compares_scores_with_shares() -> None:
    found = scored([(0.95, True)] * 9 + [(0.95, False)] + [(0.25, False)] * 10)
    row = found.calibration.iloc[0]
    assert (row["what"], row["n"]) == ("facts", 20)
    assert row["ece"] == pytest.approx((10 * 0.05 + 10 * 0.25) / 20, abs=1e-4)
    assert found.reliability[["score", "right", "n"]].to_numpy().tolist() == [[0.25, 0, 10], [0.95, 0.9, 10]]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"measure": "facts"}, "facts.f1"),
        ({"value": float("nan")}, "finite"),
        ({"value": "0.9"}, "finite"),
        ({"low": 0.1}, "both ends"),
        ({"low": 0.9, "high": 0.1}, "empty"),
        ({"system": " "}, "system"),
        ({"better": "more"}, "higher or lower"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_results_that_break_the_schema_are_refused(tmp_path: Path, row: dict[str, Any], message: str) -> None:
    base = {"system": "rules", "data": "examples", "split": "all", "measure": "facts.f1", "value": 0.9}
    body = {"study": "s", "question": "q", "command": "c", "rows": [base, base | row]}
    (tmp_path / "results.json").write_text(json.dumps(body), encoding="utf-8")
    with pytest.raises(ResultsError, match=rf"row 2: .*{message}"):
        read_results(tmp_path / "results.json")


def test_results_come_back_as_they_were_written(tmp_path: Path) -> None:
    rows = [Result("a", "d", "dev", "facts.f1", 0.123456, 0.1, 0.2, 5, 1.5), Result("b", "d", "dev", "facts.ece", 0.25, better="lower")]  # fmt: skip
    path = write_results(tmp_path, study="s", question="问", command="c", rows=rows)
    assert read_results(path).rows == tuple(rows)
    assert path.read_text(encoding="utf-8").count("\n  {") == 2  # a row a line, so that changes can be read
