"""Labelling functions and their votes: who says what of which case, how often they agree, how often they are right.

A labelling function looks at one case and gives a label or abstains (``None``). None of them needs to be right everywhere; what
several of them say together is worked out by :mod:`gia_nlp.learning.weak.label_model`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Case = TypeVar("Case")
ABSTAIN = -1


@dataclass(frozen=True, slots=True)
class LabellingFunction(Generic[Case]):
    """A named function from a case to a label or ``None``. ``family`` groups functions that look at the same kind of thing."""

    name: str
    family: str
    vote: Callable[[Case], str | None]


@dataclass(frozen=True, slots=True)
class Votes:
    """Votes as places in ``labels``, shape (cases, functions); :data:`ABSTAIN` where a function said nothing.

    >>> short = LabellingFunction("short", "length", lambda word: "noun" if len(word) < 4 else None)
    >>> ends = LabellingFunction("ly", "ending", lambda word: "adverb" if word.endswith("ly") else None)
    >>> votes = collect([short, ends], ["cat", "fly", "slowly", "garden"], ("noun", "adverb"))
    >>> votes.matrix.tolist()
    [[0, -1], [0, 1], [-1, 1], [-1, -1]]
    """

    functions: tuple[str, ...]
    families: tuple[str, ...]
    labels: tuple[str, ...]
    matrix: NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.matrix)

    @property
    def covered(self) -> NDArray[np.bool_]:
        """The cases of which any function says something."""
        return np.asarray((self.matrix != ABSTAIN).any(axis=1))

    def only(self, cases: Sequence[int] | NDArray[np.int64]) -> Votes:
        """The votes on some of the cases."""
        return Votes(self.functions, self.families, self.labels, self.matrix[np.asarray(cases, np.int64)])

    def without(self, *names: str) -> Votes:
        """The votes without some functions, named by themselves or by their family."""
        kept = [
            j
            for j, (name, family) in enumerate(zip(self.functions, self.families, strict=True))
            if not {name, family} & set(names)
        ]
        functions, families = tuple(self.functions[j] for j in kept), tuple(self.families[j] for j in kept)
        return Votes(functions, families, self.labels, self.matrix[:, kept])

    def analysis(self, truth: Sequence[str] | None = None) -> pd.DataFrame:
        """A row a function: function, family, labels, coverage, overlap, conflict; with ``truth`` also accuracy, low, high, right, wrong.

        ``coverage``: share of cases it votes on; ``overlap``: share on which another function votes too; ``conflict``: share on which
        another votes otherwise. ``accuracy`` is over the cases it votes on (NaN for none), with Wilson's 95% interval.
        """
        import pandas as pd

        voted = self.matrix != ABSTAIN
        others = voted.sum(axis=1, keepdims=True) - voted
        right = None
        if truth is not None:
            if len(truth) != len(self):
                raise ValueError(f"{len(truth)} answers for {len(self)} cases")
            place = {label: k for k, label in enumerate(self.labels)}
            answers = np.array([place.get(t, len(place)) for t in truth])
            right = self.matrix == answers[:, None]
        rows = []
        n = max(1, len(self))
        for j, name in enumerate(self.functions):
            mine = voted[:, j]
            same = (self.matrix == self.matrix[:, [j]]).sum(axis=1) - 1
            row = {
                "function": name,
                "family": self.families[j],
                "labels": ", ".join(self.labels[k] for k in sorted(set(self.matrix[mine, j].tolist()))),
                "coverage": float(mine.sum() / n),
                "overlap": float((mine & (others[:, j] > 0)).sum() / n),
                "conflict": float((mine & (others[:, j] > same)).sum() / n),
            }
            if right is not None:
                k, m = int((mine & right[:, j]).sum()), int(mine.sum())
                low, high = wilson(k, m)
                row |= {"accuracy": k / m if m else float("nan"), "low": low, "high": high, "right": k, "wrong": m - k}
            rows.append(row)
        return pd.DataFrame(rows)


def collect(functions: Iterable[LabellingFunction[Case]], cases: Iterable[Case], labels: Sequence[str]) -> Votes:
    """Asks every function about every case. Raises ``ValueError`` for a label that is not among ``labels``."""
    asked = list(functions)
    names = [f.name for f in asked]
    if len(set(names)) < len(names):
        raise ValueError("two labelling functions have one name")
    place = {label: k for k, label in enumerate(labels)}
    rows = []
    for case in cases:
        row = []
        for function in asked:
            said = function.vote(case)
            if said is not None and said not in place:
                raise ValueError(f"{function.name} says {said!r}, which is no label")
            row.append(ABSTAIN if said is None else place[said])
        rows.append(row)
    matrix = np.array(rows, np.int16).reshape(len(rows), len(asked))
    return Votes(tuple(names), tuple(f.family for f in asked), tuple(labels), matrix)


def wilson(right: int, n: int) -> tuple[float, float]:
    """Wilson's 95% interval of a share.

    >>> [round(x, 3) for x in wilson(9, 10)]
    [0.596, 0.982]
    """
    if not n:
        return float("nan"), float("nan")
    z, p = 1.959964, right / n
    middle, spread = p + z * z / (2 * n), z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    return (middle - spread) / (1 + z * z / n), (middle + spread) / (1 + z * z / n)
