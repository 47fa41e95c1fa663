"""Votes and the label model, on votes whose truth is known because it was drawn first."""

from __future__ import annotations

import numpy as np
import pytest

from gia_nlp.learning.weak.label_model import LabelModel, best, majority
from gia_nlp.learning.weak.votes import ABSTAIN, LabellingFunction, Votes, collect, wilson

LABELS = ("none", "a", "b", "c")


def drawn(
    speakers: list[tuple[tuple[int, ...], float, float]],
    n: int = 1500,
    seed: int = 0,
    prior: tuple[float, ...] = (0.55, 0.2, 0.15, 0.1),
) -> tuple[Votes, list[str]]:
    """Votes of functions given as (labels they say, hit rate, false alarms a label)."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(len(prior), size=n, p=prior)
    matrix = np.full((n, len(speakers)), ABSTAIN, np.int16)
    for j, (labels, hit, alarm) in enumerate(speakers):
        for i, t in enumerate(truth):
            chances = [hit if label == t else alarm for label in labels]
            roll = rng.random()
            for label, chance in zip(labels, chances, strict=True):
                if roll < chance:
                    matrix[i, j] = label
                    break
                roll -= chance
    names = tuple(f"f{j}" for j in range(len(speakers)))
    return Votes(names, ("x",) * len(names), LABELS[: len(prior)], matrix), [LABELS[t] for t in truth]


def accuracy(found: list[str], truth: list[str]) -> float:
    return sum(a == b for a, b in zip(found, truth, strict=True)) / len(truth)


GOOD, WEAK = (0.8, 0.02), (0.5, 0.25)
# One good function for each label and a crowd that calls label 3 at random, more often than not wrongly.
CROWD = [((1,), *GOOD), ((2,), *GOOD), ((3,), *GOOD), ((1, 2), 0.6, 0.05), ((3,), *WEAK), ((3,), *WEAK), ((3,), *WEAK)]


def test_the_model_learns_whom_to_believe() -> None:
    votes, truth = drawn(CROWD)
    counted = accuracy(best(majority(votes, default="none"), LABELS), truth)
    model = LabelModel.fit(votes, default="none")
    learned = accuracy(best(model.probabilities(votes), LABELS), truth)
    assert counted < 0.7 and learned > 0.8


def test_its_rates_are_those_that_the_votes_were_drawn_with() -> None:
    speakers = [((1,), 0.8, 0.03), ((1,), 0.7, 0.05), ((2,), 0.8, 0.03), ((2,), 0.7, 0.05), ((3,), 0.8, 0.03), ((3,), 0.7, 0.05), ((1, 2, 3), 0.75, 0.02)]  # fmt: skip
    votes, _ = drawn(speakers, n=4000, seed=2)
    model = LabelModel.fit(votes, default="none")
    for j, (labels, hit, alarm) in enumerate(speakers):
        for k in labels:
            assert model.hits[j, k] == pytest.approx(hit, abs=0.06)
            assert model.alarms[j, k] == pytest.approx(alarm, abs=0.03)
    assert model.prior.tolist() == pytest.approx([0.55, 0.2, 0.15, 0.1], abs=0.03)


def test_probabilities_of_independent_functions_can_be_believed() -> None:
    votes, truth = drawn([((1,), 0.8, 0.05), ((1,), 0.6, 0.1), ((2,), 0.8, 0.05), ((2,), 0.6, 0.1), ((3,), 0.8, 0.05)], n=4000, seed=3)  # fmt: skip
    q = LabelModel.fit(votes, default="none").probabilities(votes)
    top, right = q.max(axis=1), np.array([a == b for a, b in zip(best(q, LABELS), truth, strict=True)])
    for low, high in ((0.5, 0.75), (0.75, 0.95), (0.95, 1.01)):
        inside = (top >= low) & (top < high)
        if inside.sum() > 100:
            assert right[inside].mean() == pytest.approx(top[inside].mean(), abs=0.06)


def test_silence_speaks() -> None:
    """Nobody says anything: then what is usually said where it holds is unlikely, and the label that no one speaks for is left."""
    speakers = [((k,), hit, 0.01) for k in (1, 2, 3) for hit in (0.9, 0.8)]
    votes, _ = drawn(speakers, prior=(0.25, 0.25, 0.25, 0.25))
    model = LabelModel.fit(votes, default="none")
    quiet = Votes(votes.functions, votes.families, votes.labels, np.full((1, 6), ABSTAIN, np.int16))
    assert model.probabilities(quiet)[0, 0] > 0.8


def test_two_labels_yes_and_no() -> None:
    speakers = [((0, 1), 0.8, 0.1), ((1,), 0.6, 0.05), ((0,), 0.5, 0.1), ((0, 1), 0.55, 0.4)]
    votes, truth = drawn(speakers, prior=(0.7, 0.3), seed=4)
    model = LabelModel.fit(votes)
    assert accuracy(best(model.probabilities(votes), votes.labels), truth) > 0.85
    assert model.precision().set_index(["function", "label"])["precision"].loc["f1", "a"] > 0.75


def test_known_cases_help_where_the_majority_misleads() -> None:
    speakers = [((1,), 0.3, 0.3), ((1,), 0.3, 0.3), ((1,), 0.3, 0.3), ((2,), 0.7, 0.05), ((3,), 0.7, 0.05), ((1,), 0.5, 0.02)]  # fmt: skip
    votes, truth = drawn(speakers, seed=5)
    known: list[str | None] = [t if i < 150 else None for i, t in enumerate(truth)]
    alone = LabelModel.fit(votes, default="none").probabilities(votes)
    helped = LabelModel.fit(votes, default="none", known=known).probabilities(votes)
    rest = slice(150, None)
    assert accuracy(best(helped[rest], LABELS), truth[rest]) >= accuracy(best(alone[rest], LABELS), truth[rest])


def test_temper_softens_what_copies_of_one_function_say() -> None:
    votes, truth = drawn([((1,), 0.7, 0.1), ((2,), 0.7, 0.1), ((3,), 0.7, 0.1)], seed=6)
    copies = Votes(tuple(f"f{j}" for j in range(12)), ("x",) * 12, votes.labels, np.tile(votes.matrix, (1, 4)))
    model = LabelModel.fit(copies, default="none")
    right = np.array([a == b for a, b in zip(best(model.probabilities(copies), LABELS), truth, strict=True)])
    sure = model.probabilities(copies).max(axis=1).mean()
    softer = model.probabilities(copies, temper=4.0).max(axis=1).mean()
    assert sure > softer and abs(softer - right.mean()) < abs(sure - right.mean())


def test_an_anchor_keeps_the_model_near_the_majority() -> None:
    votes, _ = drawn(CROWD)
    vote = majority(votes, default="none")
    moved = [
        float(np.abs(LabelModel.fit(votes, default="none", strength=s).probabilities(votes) - vote).mean())
        for s in (0.0, 10.0)
    ]
    assert moved[1] < moved[0]


def test_votes_of_other_functions_are_refused() -> None:
    votes, _ = drawn(CROWD, n=50)
    model = LabelModel.fit(votes)
    with pytest.raises(ValueError, match="not of the functions"):
        model.probabilities(votes.without("f0"))


def test_no_case_gives_no_probability() -> None:
    votes, _ = drawn(CROWD, n=20)
    assert LabelModel.fit(votes).probabilities(votes.only([])).shape == (0, 4)


def test_analysis_counts_coverage_overlap_conflict_and_accuracy() -> None:
    matrix = np.array([[0, 0, -1], [0, 1, -1], [-1, 1, -1], [-1, -1, -1]], np.int16)
    votes = Votes(("p", "q", "r"), ("x", "y", "y"), ("a", "b"), matrix)
    table = votes.analysis(["a", "b", "b", "a"]).set_index("function")
    assert table.loc["p", ["coverage", "overlap", "conflict", "accuracy"]].tolist() == [0.5, 0.5, 0.25, 0.5]
    assert table.loc["q", ["coverage", "overlap", "conflict", "accuracy"]].tolist() == [0.75, 0.5, 0.25, 1.0]
    assert table.loc["r", "coverage"] == 0 and np.isnan(table.loc["r", "accuracy"])
    assert table.loc["q", "labels"] == "a, b"
    assert votes.without("y").functions == ("p",) and votes.covered.tolist() == [True, True, True, False]
    with pytest.raises(ValueError, match="3 answers for 4 cases"):
        votes.analysis(["a", "b", "b"])


def test_functions_must_have_names_of_their_own_and_say_labels() -> None:
    one = LabellingFunction("one", "x", lambda case: "zebra")
    with pytest.raises(ValueError, match="'zebra', which is no label"):
        collect([one], [1], ("a",))
    with pytest.raises(ValueError, match="one name"):
        collect([one, one], [1], ("zebra",))


def test_wilson_of_nothing_and_of_all() -> None:
    assert all(np.isnan(x) for x in wilson(0, 0))
    assert wilson(10, 10)[1] == pytest.approx(1) and 0.6 < wilson(10, 10)[0] < 0.8
