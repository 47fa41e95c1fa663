"""What speaks for and against a remedy answering a problem: place, marks, words in common, common subjects, rivals.

A report has some seven pairs: they are walked one by one, for arrays of that size would cost more to call than to fill.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gia_nlp.problems.drafts import Draft
from gia_nlp.problems.pairing import rarity, word_pairs

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
) -> tuple[list[int], list[int], NDArray[np.float64]]:
    """Indexes of problems, of remedies, and what speaks for each pair, shape (problems, remedies, :data:`FIRST`).

    ``subjects`` holds the probabilities of categories, shape (drafts, labels); ``other`` is the last label and says nothing.
    """
    problems = [i for i, d in enumerate(drafts) if d.kind == "problem"]
    remedies = [i for i, d in enumerate(drafts) if d.kind == "remedy"]
    if not problems or not remedies:
        return problems, remedies, np.zeros((len(problems), len(remedies), len(FIRST)))
    alike, clash = _subjects(subjects[problems, :-1], subjects[remedies, :-1])
    share = _words(drafts, problems, remedies)
    heading = _headings(drafts, problems, remedies)
    subject_row, subject_column = _best(alike)
    words_row, words_column = _best(share)
    own_places, own_sizes = _in_round([drafts[i].round for i in problems])
    its_places, its_sizes = _in_round([drafts[i].round for i in remedies])
    two_years = any(drafts[i].status == "previous" for i in problems)
    rows: list[list[float]] = []
    for i, a in enumerate(problems):
        problem, place, size = drafts[a], own_places[i], own_sizes[drafts[a].round]
        previous = problem.status == "previous"
        for k, b in enumerate(remedies):
            remedy, gap = drafts[b], b - a
            same = problem.round == remedy.round
            others = its_sizes[remedy.round]  # the remedies of its round
            same_place = same and place == its_places[k]
            beside = same_place and size == others > 1
            counted = same and problem.ordinal > 0 and remedy.ordinal > 0
            done = remedy.status == "done"
            by_subject, to_subject = alike[i][k] >= subject_row[i], alike[i][k] >= subject_column[k]
            by_words, to_words = share[i][k] >= words_row[i], share[i][k] >= words_column[k]
            rows.append(
                [
                    1.0,
                    same,
                    remedy.round == problem.round + 1,
                    gap < 0,
                    gap == 1,
                    1.0 / gap if gap > 0 else 0.0,
                    same_place,
                    beside,
                    abs(place / size - its_places[k] / others) if same else 0.0,
                    counted and problem.ordinal == remedy.ordinal,
                    counted and problem.ordinal != remedy.ordinal,
                    same and others == 1,
                    same and size == 1,
                    same and 1 < others < size,
                    alike[i][k],
                    by_subject,
                    to_subject,
                    by_subject and to_subject,
                    clash[i][k],
                    share[i][k],
                    by_words,
                    to_words,
                    by_words and to_words,
                    heading[i][k],
                    remedy.answers > 0 and remedy.answers == problem.ordinal,
                    remedy.answers > 0 and remedy.answers != problem.ordinal,
                    previous and done,
                    previous and not done,
                    two_years and done and not previous,
                    alike[i][k] if beside else 0.0,
                    beside and clash[i][k],
                ]
            )
    return problems, remedies, np.array(rows, np.float64).reshape(len(problems), len(remedies), len(FIRST))


def rivals(scores: NDArray[np.float64], told: NDArray[np.float64]) -> NDArray[np.float64]:
    """How each pair stands among the rivals of its problem and of its remedy, shape (problems, remedies, :data:`SECOND`)."""
    rows = scores.tolist()
    own_best = [sorted(row)[-2:] for row in rows]
    its_best = [sorted(column)[-2:] for column in zip(*rows, strict=True)]
    found = []
    for row, own in zip(rows, own_best, strict=True):
        for score, its in zip(row, its_best, strict=True):
            over_own, over_its = _over(score, own), _over(score, its)
            found.append([1.0, score, over_own, over_its, over_own >= 0, over_its >= 0])
    standing = np.array(found, np.float64).reshape(*scores.shape, -1)
    return np.concatenate((standing, told[:, :, _ONLY]), axis=2)


_ONLY = [FIRST.index(name) for name in SECOND[6:]]


def _over(score: float, best: list[float]) -> float:
    """By how much a score exceeds the best of its rivals, of which and itself the two best are given; bounded."""
    if len(best) == 1:
        return 3.0
    return min(max(score - best[-2] if score >= best[-1] else score - best[-1], -6.0), 6.0)


def _in_round(rounds: Sequence[int]) -> tuple[list[int], dict[int, int]]:
    """The place of each within its round, and the rounds' sizes."""
    sizes: dict[int, int] = {}
    places = []
    for number in rounds:
        places.append(sizes.get(number, 0))
        sizes[number] = places[-1] + 1
    return places, sizes


def _subjects(a: NDArray[np.float64], b: NDArray[np.float64]) -> tuple[list[list[float]], list[list[bool]]]:
    """How alike the subjects of problems and remedies are, and which pairs have clear subjects and none in common."""
    common = a @ b.T
    length = np.sqrt((a * a).sum(axis=1))[:, None] * np.sqrt((b * b).sum(axis=1))
    clear = (a.max(axis=1) > 0.5)[:, None] & (b.max(axis=1) > 0.5)
    return (common / np.maximum(length, 1e-6)).tolist(), ((common < 0.1) & clear).tolist()


def _words(drafts: Sequence[Draft], problems: Sequence[int], remedies: Sequence[int]) -> list[list[float]]:
    """The share of each problem's rare words that each remedy takes up."""
    grams = [word_pairs(d.text) for d in drafts]
    rare = rarity(grams)
    found = []
    for a in problems:
        weights = {gram: rare[gram] for gram in grams[a]}
        total = max(sum(weights.values()), 1e-6)
        found.append([sum([w for gram, w in weights.items() if gram in grams[b]]) / total for b in remedies])
    return found


def _headings(drafts: Sequence[Draft], problems: Sequence[int], remedies: Sequence[int]) -> list[list[float]]:
    """The share of the words of a remedy's heading (针对更新慢的问题) that a problem holds."""
    found = [[0.0] * len(remedies) for _ in problems]
    for k, b in enumerate(remedies):
        if heading := drafts[b].heading:
            own = word_pairs(heading)
            for i, a in enumerate(problems):
                words = _SPACE.sub("", f"{drafts[a].heading}{drafts[a].text}")
                found[i][k] = sum(g in words for g in own) / max(len(own), 1)
    return found


def _best(values: list[list[float]]) -> tuple[list[float], list[float]]:
    """The best of each row and column, above everything where there is none above nothing."""
    rows, columns = map(max, values), map(max, zip(*values, strict=True))
    return [v if v > 0 else math.inf for v in rows], [v if v > 0 else math.inf for v in columns]
