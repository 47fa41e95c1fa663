"""How much a passage would teach: where the pipeline was in two minds, and where it may have missed something."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from gia_nlp.annotation.passages import Passage, Row
from gia_nlp.vocabulary.active import per_vocabulary
from gia_nlp.vocabulary.loader import load_yaml

# How much one sign of doubt weighs; signs add up as independent chances that something is wrong. Chosen by how well the doubt
# tells annotated passages (train and dev) with an error from those without.
_NEAR = (
    0.45,
    0.2,
    0.1,
)  # the nearest score, the next …: many marks of one doubtful kind are no more doubtful than a few
_CATEGORY, _DISAGREE, _UNDECIDED, _NOTHING, _UNPAIRED, _OTHER = 0.4, 0.5, 0.3, 0.5, 0.15, 0.25
_MOST = 6  # of one kind of sign count
_CLOSE = 0.6  # from here on a score is named among the reasons


@dataclass(frozen=True, slots=True)
class Doubt:
    """``value`` from 0 (nothing to learn) to 1; ``reasons`` in words, the weightiest signs first."""

    value: float
    reasons: tuple[str, ...]


def doubt(passage: Passage, *, has_model: bool) -> Doubt:
    """The doubt about a passage. ``has_model``: a model had a say, so that a lone rule or model is a disagreement."""
    signs = list(_of_scores(passage.rows))
    if has_model:
        alone = [r for r in passage.rows if r["decided_by"] != "both"]
        signs.append(_Sign(_DISAGREE, len(alone), f"{_many(len(alone), 'mark')} on which rules and model do not agree"))
    signs += _of_facts(passage) if passage.kind == "facts" else _of_items(passage)
    sure = 1.0
    for sign in signs:
        sure *= (1 - sign.weight) ** min(sign.number, _MOST)
    told = sorted((s for s in signs if s.number and s.reason), key=lambda s: -s.weight * min(s.number, _MOST))
    return Doubt(round(1 - sure, 4), tuple(s.reason for s in told))


@dataclass(frozen=True, slots=True)
class _Sign:
    weight: float
    number: int
    reason: str


def _many(count: int, one: str) -> str:
    return f"{count} {one}{'' if count == 1 else 's'}"


def nearness(score: float) -> float:
    """1 for a score of ½, 0 for one of 0 or 1.

    >>> nearness(0.5), nearness(1.0), round(nearness(0.6), 2)
    (1.0, 0.0, 0.8)
    """
    return 1 - abs(2 * min(max(score, 0.0), 1.0) - 1)


def _of_scores(rows: Iterable[Row]) -> Iterable[_Sign]:
    nearest = sorted((r["score"] for r in rows), key=lambda s: -nearness(s))
    close = [s for s in nearest if nearness(s) >= _CLOSE]
    reason = f"{_many(len(close), 'mark')} with a score near ½ ({', '.join(f'{s:.2f}' for s in close[:3])})"
    for n, (weight, score) in enumerate(zip(_NEAR, nearest, strict=False)):
        yield _Sign(weight * nearness(score), 1, reason if close and not n else "")


@per_vocabulary
def _quantity() -> re.Pattern[str]:
    """A quick look for counts, without normal form: digits and a unit."""
    units = "|".join(sorted(map(re.escape, load_yaml("quantities")["units"]), key=len, reverse=True))
    return re.compile(rf"(?<![\d.年第])\d[\d,，.]*[十百千万亿]{{0,2}}[余多]?(?:{units})")


def _of_facts(passage: Passage) -> list[_Sign]:
    taken = [(f.start or 0, f.end or 0) for f in passage.facts]
    changes = {f"{f.change.value:g}{f.change.unit}" for f in passage.facts if f.change and f.change.value is not None}
    undecided = [
        m.group()
        for m in _quantity().finditer(passage.text)
        if not any(a < m.end() and m.start() < b for a, b in taken) and m.group().replace(",", "") not in changes
    ]
    named = ", ".join(undecided[:3])
    return [_Sign(_UNDECIDED, len(undecided), f"{_many(len(undecided), 'count')} that became no fact ({named})")]


def _of_items(passage: Passage) -> list[_Sign]:
    items = passage.items
    if not items:
        silent = not passage.report["none_reported"]
        return [_Sign(_NOTHING, int(silent), "a section on problems in which nothing was found")]
    problems, remedies = ([i for i in items if i.kind == kind] for kind in ("problem", "remedy"))
    unpaired = sum(not i.remedies for i in problems) if remedies else 0
    scores = [s for row in passage.rows for s in row["category_scores"]]
    close = sum(nearness(s) >= _CLOSE for s in scores)
    other = sum(i.categories == ("other",) for i in items)
    return [
        _Sign(_UNPAIRED, unpaired, f"{_many(unpaired, 'problem')} without a remedy where there are remedies"),
        _Sign(_CATEGORY, close, f"{close} {'category' if close == 1 else 'categories'} with a score near ½"),
        _Sign(_OTHER, other, f"{_many(other, 'point')} that fit no category"),
    ]
