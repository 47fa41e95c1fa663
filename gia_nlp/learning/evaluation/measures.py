"""From counts a document to measures with intervals.

A measure is an F1 (from right, predicted and gold), an accuracy (from right and all), a macro F1 (mean F1 of the classes that
gold has) or a bare count (of errors). Each is computed for the total and for every resample by the same arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from gia_nlp.learning.evaluation.matching import ATTRIBUTES

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["f1", "macro f1", "accuracy", "count"]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure: its name, its kind, and the counts it comes from. Of a ``count`` fewer is better."""

    name: str
    kind: Kind
    counts: str

    @property
    def key(self) -> str:
        """The measure's name in results files, ``facts.f1``."""
        return f"{self.name.removesuffix('_macro')}_macro.f1" if self.kind == "macro f1" else f"{self.name}.{self.kind}"


MEASURES: tuple[Measure, ...] = (
    Measure("cells", "accuracy", "cells"),
    Measure("nonzero", "accuracy", "nonzero"),
    Measure("all_tables_right", "accuracy", "all_tables_right"),
    Measure("silent_numbers", "count", "silent_numbers"),
    Measure("invented_numbers", "count", "invented_numbers"),
    Measure("duplicate_cells", "count", "duplicate_cells"),
    Measure("facts", "f1", "facts"),
    Measure("facts_macro", "macro f1", "indicator:"),
    *(Measure(f"fact_{name}", "accuracy", f"fact_{name}") for name in (*ATTRIBUTES, "period", "indicator")),
    Measure("answers", "f1", "answers"),
    Measure("items", "f1", "items"),
    Measure("item_status", "accuracy", "item_status"),
    Measure("cat", "f1", "cat"),
    Measure("cat_given", "f1", "given"),
    Measure("cat_macro", "macro f1", "category:"),
    Measure("pair", "f1", "pair"),
    Measure("sections", "accuracy", "sections"),
    *(Measure(f"meta_{name}", "accuracy", f"meta_{name}") for name in ("year", "form", "none")),
    Measure("wrong_quotes", "count", "quotes_wrong"),
)
# What a count is out of: a measure is left out where nothing of the kind was scored.
_OUT_OF = {
    "silent_numbers": "cells_n",
    "invented_numbers": "cells_n",
    "duplicate_cells": "cells_n",
    "quotes_wrong": "quotes",
}


def f1_parts(right: Floats, predicted: Floats, gold: Floats) -> tuple[Floats, Floats, Floats]:
    """Precision, recall and F1, each 0 where it has no denominator.

    >>> [float(x) for x in f1_parts(np.array(3.0), np.array(4.0), np.array(6.0))]
    [0.75, 0.5, 0.6]
    """
    precision, recall = _divided(right, predicted), _divided(right, gold)
    return precision, recall, _divided(2 * precision * recall, precision + recall)


def _divided(a: Floats, b: Floats) -> Floats:
    return np.divide(a, b, out=np.zeros(np.broadcast(a, b).shape), where=np.asarray(b) != 0)


class Counts:
    """Counts of documents as a matrix: one row a document, one column a count."""

    def __init__(self, rows: Sequence[dict[str, int]]) -> None:
        self.names = sorted({name for row in rows for name in row})
        self.column = {name: i for i, name in enumerate(self.names)}
        self.matrix = np.array([[row.get(name, 0) for name in self.names] for row in rows], np.float64)
        self.matrix = self.matrix.reshape(len(rows), len(self.names))

    def __len__(self) -> int:
        return len(self.matrix)

    def aligned(self, names: Sequence[str]) -> Floats:
        """The matrix with just these columns, zeros where a count never occurred."""
        made = np.zeros((len(self.matrix), len(names)))
        for i, name in enumerate(names):
            if name in self.column:
                made[:, i] = self.matrix[:, self.column[name]]
        return made


class Sums:
    """Sums of counts over documents, for one set of documents or many resamples at once (last axis: counts)."""

    def __init__(self, names: Sequence[str], values: Floats) -> None:
        self._column = {name: i for i, name in enumerate(names)}
        self._values = values

    def get(self, name: str) -> Floats:
        """The sum of one count, zero where it never occurred."""
        if name not in self._column:
            return np.zeros(self._values.shape[:-1])
        return self._values[..., self._column[name]]

    def classes(self, prefix: str) -> list[str]:
        """Classes with counts of the form ``<prefix><class>_gold``."""
        return sorted(
            n[len(prefix) : -len("_gold")] for n in self._column if n.startswith(prefix) and n.endswith("_gold")
        )

    def f1(self, counts: str) -> tuple[Floats, Floats, Floats]:
        """Precision, recall, F1 of the counts ``<counts>_tp``, ``_pred`` and ``_gold``."""
        return f1_parts(self.get(f"{counts}_tp"), self.get(f"{counts}_pred"), self.get(f"{counts}_gold"))

    def value(self, measure: Measure) -> Floats:
        """The measure; NaN for an accuracy of nothing and a macro mean of no class."""
        if measure.kind == "f1":
            return self.f1(measure.counts)[2]
        if measure.kind == "count":
            return self.get(measure.counts)
        if measure.kind == "accuracy":
            n = self.get(f"{measure.counts}_n")
            return np.where(n > 0, _divided(self.get(f"{measure.counts}_right"), n), np.nan)
        names = [f"{measure.counts}{c}" for c in self.classes(measure.counts)]
        if not names:
            return np.full(self._values.shape[:-1], np.nan)
        present = np.stack([self.get(f"{name}_gold") > 0 for name in names])
        # Summed class by class, as one would by hand: numpy's own sum pairs the terms and differs in the last digit.
        total = np.zeros(self._values.shape[:-1])
        for name, there in zip(names, present, strict=True):
            total = total + np.where(there, self.f1(name)[2], 0.0)
        n = present.sum(axis=0)
        return np.where(n > 0, _divided(total, n.astype(float)), np.nan)

    def n(self, measure: Measure) -> int:
        """What the measure rests on: gold things, classes, or things counted."""
        if measure.kind == "f1":
            return int(self.get(f"{measure.counts}_gold"))
        if measure.kind == "macro f1":
            return sum(bool(self.get(f"{measure.counts}{c}_gold") > 0) for c in self.classes(measure.counts))
        return int(self.get(_OUT_OF[measure.counts] if measure.kind == "count" else f"{measure.counts}_n"))


def measured(counts: Counts) -> list[Measure]:
    """The measures for which gold has anything."""
    total = Sums(counts.names, counts.matrix.sum(axis=0))
    return [m for m in MEASURES if total.n(m) > 0]


def measure_table(counts: Counts, weights: Floats | None) -> pd.DataFrame:
    """A row a measure: measure, kind, value, low, high, precision, recall, n, documents.

    ``weights`` (resamples, documents) say how often each resample holds each document (:func:`~.bootstrap.draws`); ``None``
    or a single document gives no interval. ``documents`` are those in which anything of the kind stands.
    """
    import pandas as pd

    from gia_nlp.learning.evaluation.bootstrap import percentile_interval

    total = Sums(counts.names, counts.matrix.sum(axis=0))
    each = Sums(counts.names, counts.matrix)
    drawn = Sums(counts.names, weights @ counts.matrix) if weights is not None and len(counts) > 1 else None
    rows = []
    for measure in measured(counts):
        low, high = percentile_interval(drawn.value(measure)) if drawn is not None else (np.nan, np.nan)
        precision, recall = (
            (float(x) for x in total.f1(measure.counts)[:2]) if measure.kind == "f1" else (np.nan, np.nan)
        )
        rows.append({
            "measure": measure.name,
            "kind": measure.kind,
            "value": float(total.value(measure)),
            "low": low,
            "high": high,
            "precision": precision,
            "recall": recall,
            "n": total.n(measure),
            "documents": _documents(each, measure),
        })  # fmt: skip
    columns = ["measure", "kind", "value", "low", "high", "precision", "recall", "n", "documents"]
    return pd.DataFrame(rows, columns=columns)


def _documents(each: Sums, measure: Measure) -> int:
    if measure.kind == "f1":
        return int(((each.get(f"{measure.counts}_gold") > 0) | (each.get(f"{measure.counts}_pred") > 0)).sum())
    if measure.kind == "macro f1":
        held = sum(each.get(f"{measure.counts}{c}_gold") for c in each.classes(measure.counts))
        return int((np.asarray(held) > 0).sum())
    return int((each.get(_OUT_OF[measure.counts] if measure.kind == "count" else f"{measure.counts}_n") > 0).sum())
