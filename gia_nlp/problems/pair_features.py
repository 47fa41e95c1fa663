"""What speaks for and against a remedy answering a problem: place, marks, words in common, common subjects, rivals.

Everything is an array over all pairs of a report (problems, remedies), so that a report costs a few array operations.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gia_nlp.problems.drafts import Draft
from gia_nlp.problems.pairing import word_pairs

FIRST = (
    "one",
    "same_round",
    "next_round",
    "before",
    "follows",
    "near",
    "same_place",
    "same_place_equal",
    "place_gap",
    "same_ordinal",
    "other_ordinal",
    "only_remedy",
    "only_problem",
    "few_remedies",
    "subject",
    "subject_best_of_row",
    "subject_best_of_column",
    "subject_mutual",
    "subject_clash",
    "words",
    "words_best_of_row",
    "words_best_of_column",
    "words_mutual",
    "heading",
    "named",
    "named_other",
    "previous_done",
    "previous_planned",
    "current_done_beside_previous",
    "place_and_subject",
    "place_and_clash",
)
SECOND = (
    "one",
    "score",
    "score_over_row",
    "score_over_column",
    "first_of_row",
    "first_of_column",
    "only_remedy",
    "only_problem",
)
_SPACE = re.compile(r"\s+")


def pair_table(
    drafts: Sequence[Draft], subjects: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Indexes of problems, of remedies, and what speaks for each pair, shape (problems, remedies, :data:`FIRST`).

    ``subjects`` holds the probabilities of categories, shape (drafts, labels); ``other`` is the last label and says nothing.
    """
    problems = np.array([i for i, d in enumerate(drafts) if d.kind == "problem"], np.int64)
    remedies = np.array([i for i, d in enumerate(drafts) if d.kind == "remedy"], np.int64)
    shape = (len(problems), len(remedies))
    if not shape[0] or not shape[1]:
        return problems, remedies, np.zeros((*shape, len(FIRST)))
    told: dict[str, NDArray[np.float64]] = {"one": np.ones(shape)}
    _places(told, drafts, problems, remedies)
    _subjects(told, subjects[problems, :-1], subjects[remedies, :-1])
    _words(told, drafts, problems, remedies)
    _status(told, drafts, problems, remedies)
    told["place_and_subject"] = told["same_place_equal"] * told["subject"]
    told["place_and_clash"] = told["same_place_equal"] * told["subject_clash"]
    return problems, remedies, np.stack([told[name] for name in FIRST], axis=-1)


def rivals(scores: NDArray[np.float64], told: NDArray[np.float64]) -> NDArray[np.float64]:
    """How each pair stands among the rivals of its problem and of its remedy, shape (problems, remedies, :data:`SECOND`)."""
    row, column = _over(scores, 1), _over(scores, 0)
    only = [told[:, :, FIRST.index(name)] for name in ("only_remedy", "only_problem")]
    return np.stack([np.ones_like(scores), scores, row, column, row >= 0, column >= 0, *only], axis=-1).astype(
        np.float64
    )


def _over(scores: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    """By how much a score exceeds the best of the others along an axis; bounded."""
    if scores.shape[axis] == 1:
        return np.full_like(scores, 3.0)
    ranked = np.sort(scores, axis=axis)
    best, second = np.take(ranked, [-1], axis), np.take(ranked, [-2], axis)
    return np.clip(np.where(scores >= best, scores - second, scores - best), -6, 6)


def _places(
    told: dict[str, NDArray[np.float64]],
    drafts: Sequence[Draft],
    problems: NDArray[np.int64],
    remedies: NDArray[np.int64],
) -> None:
    rounds = np.array([d.round for d in drafts])
    a, b = rounds[problems][:, None], rounds[remedies][None, :]
    same = a == b
    told["same_round"] = same.astype(float)
    told["next_round"] = (b == a + 1).astype(float)
    gap = remedies[None, :] - problems[:, None]
    told["before"] = (gap < 0).astype(float)
    told["follows"] = (gap == 1).astype(float)
    told["near"] = np.where(gap > 0, 1.0 / np.maximum(gap, 1), 0.0)
    place_a, size_a = _in_round(rounds[problems])
    place_b, size_b = _in_round(rounds[remedies])
    counts_b = np.array([(rounds[remedies] == r).sum() for r in rounds[problems]])[:, None]
    counts_a = np.array([(rounds[problems] == r).sum() for r in rounds[remedies]])[None, :]
    equal = same & (size_a[:, None] == size_b[None, :])
    place = same & (place_a[:, None] == place_b[None, :])
    told["same_place"] = place.astype(float)
    told["same_place_equal"] = (place & equal & (size_a[:, None] > 1)).astype(float)
    told["place_gap"] = np.where(same, np.abs((place_a / size_a)[:, None] - (place_b / size_b)[None, :]), 0.0)
    told["only_remedy"] = (same & (counts_b == 1)).astype(float)
    told["only_problem"] = (same & (counts_a == 1)).astype(float)
    told["few_remedies"] = (same & (counts_b > 1) & (counts_b < size_a[:, None])).astype(float)
    ordinals = np.array([d.ordinal for d in drafts])
    x, y = ordinals[problems][:, None], ordinals[remedies][None, :]
    both = same & (x > 0) & (y > 0)
    told["same_ordinal"] = (both & (x == y)).astype(float)
    told["other_ordinal"] = (both & (x != y)).astype(float)


def _in_round(rounds: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The place of each within its round, and the round's size."""
    seen: dict[int, int] = {}
    places = []
    for r in rounds.tolist():
        places.append(seen.get(r, 0))
        seen[r] = places[-1] + 1
    return np.array(places), np.array([seen[r] for r in rounds.tolist()])


def _subjects(told: dict[str, NDArray[np.float64]], a: NDArray[np.float64], b: NDArray[np.float64]) -> None:
    common = a @ b.T
    length = np.sqrt((a**2).sum(axis=1))[:, None] * np.sqrt((b**2).sum(axis=1))[None, :]
    alike = common / np.maximum(length, 1e-6)
    told["subject"] = alike
    told["subject_best_of_row"], told["subject_best_of_column"], told["subject_mutual"] = _best(alike)
    told["subject_clash"] = ((common < 0.1) & (a.max(axis=1)[:, None] > 0.5) & (b.max(axis=1)[None, :] > 0.5)).astype(
        float
    )


def _words(
    told: dict[str, NDArray[np.float64]],
    drafts: Sequence[Draft],
    problems: NDArray[np.int64],
    remedies: NDArray[np.int64],
) -> None:
    grams = [word_pairs(d.text) for d in drafts]
    index: dict[str, int] = {}
    for found in grams:
        for gram in found:
            index.setdefault(gram, len(index))
    table = np.zeros((len(drafts), max(len(index), 1)))
    for i, found in enumerate(grams):
        table[i, [index[g] for g in found]] = 1.0
    rarity = np.log(1 + len(drafts) / np.maximum(table.sum(axis=0), 1))
    weighted = table * rarity
    share = weighted[problems] @ table[remedies].T / np.maximum(weighted[problems].sum(axis=1), 1e-6)[:, None]
    told["words"] = share
    told["words_best_of_row"], told["words_best_of_column"], told["words_mutual"] = _best(share)
    told["heading"] = _headings(drafts, problems, remedies)


def _headings(drafts: Sequence[Draft], problems: NDArray[np.int64], remedies: NDArray[np.int64]) -> NDArray[np.float64]:
    """The share of the words of a remedy's heading (针对更新慢的问题) that a problem holds."""
    found = np.zeros((len(problems), len(remedies)))
    for k, b in enumerate(remedies.tolist()):
        if heading := drafts[b].heading:
            own = word_pairs(heading)
            for i, a in enumerate(problems.tolist()):
                words = _SPACE.sub("", f"{drafts[a].heading}{drafts[a].text}")
                found[i, k] = sum(g in words for g in own) / max(len(own), 1)
    return found


def _best(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    row = (values >= values.max(axis=1, keepdims=True)) & (values > 0)
    column = (values >= values.max(axis=0, keepdims=True)) & (values > 0)
    return row.astype(float), column.astype(float), (row & column).astype(float)


def _status(
    told: dict[str, NDArray[np.float64]],
    drafts: Sequence[Draft],
    problems: NDArray[np.int64],
    remedies: NDArray[np.int64],
) -> None:
    previous = np.array([drafts[i].status == "previous" for i in problems])[:, None]
    done = np.array([drafts[i].status == "done" for i in remedies])[None, :]
    told["previous_done"] = (previous & done).astype(float)
    told["previous_planned"] = (previous & ~done).astype(float)
    told["current_done_beside_previous"] = (~previous & done & previous.any()).astype(float)
    named = np.array([drafts[i].answers for i in remedies])[None, :]
    ordinals = np.array([drafts[i].ordinal for i in problems])[:, None]
    told["named"] = ((named > 0) & (named == ordinals)).astype(float)
    told["named_other"] = ((named > 0) & (named != ordinals)).astype(float)
