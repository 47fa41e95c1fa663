"""An evaluation: predictions against gold answers, as DataFrames."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gia_nlp.learning.evaluation.bootstrap import draws
from gia_nlp.learning.evaluation.breakdowns import breakdown_tables, confusion_table, rule_table
from gia_nlp.learning.evaluation.counting import DocumentResult, score_document
from gia_nlp.learning.evaluation.gold import GoldDocument, read_gold
from gia_nlp.learning.evaluation.measures import MEASURES, Counts, measure_table
from gia_nlp.learning.evaluation.predictions import Predictions
from gia_nlp.learning.evaluation.reliability import reliability_tables
from gia_nlp.learning.evaluation.results import Result
from gia_nlp.learning.evaluation.significance import compare_counts
from gia_nlp.records import Report

if TYPE_CHECKING:
    import pandas as pd

_BY_NAME = {m.name: m for m in MEASURES}
_WHICH = ("facts", "items", "links", "cells", "answers")


class Evaluation:
    """How predictions agree with gold, measured as the annotation guide says (section 5).

    Everything is a DataFrame: :attr:`measures`, :attr:`documents`, :attr:`breakdowns`, :attr:`rules`, :attr:`confusions`,
    :attr:`calibration`, :attr:`reliability`, :attr:`errors`. Made by :func:`evaluate`.
    """

    def __init__(self, results: list[DocumentResult], *, resamples: int = 1000, seed: int = 0) -> None:
        self.results, self.resamples, self.seed = results, resamples, seed
        self.counts = Counts([r.counts for r in results])

    @cached_property
    def _weights(self) -> Any:
        return draws(len(self.results), self.resamples, self.seed) if self.resamples and len(self.results) > 1 else None

    @cached_property
    def mentions(self) -> dict[str, list[dict[str, Any]]]:
        """Every fact, item, link, cell and answer with its ``outcome``, as rows: what everything else is made from."""
        return {name: [row for r in self.results for row in getattr(r, name)] for name in _WHICH}

    @property
    def absent(self) -> list[str]:
        """Gold documents for which there is no report; all that they hold counts as missed."""
        return [r.gold.name for r in self.results if r.report_id is None]

    @cached_property
    def measures(self) -> pd.DataFrame:
        """A row a measure: measure, kind, value, low, high, precision, recall, n, documents."""
        return measure_table(self.counts, self._weights)

    @cached_property
    def documents(self) -> pd.DataFrame:
        """A row a document: document, report_id, form and the counts that the measures are made of."""
        import pandas as pd

        names = [n for n in self.counts.names if ":" not in n]
        rows = [
            {"document": r.gold.name, "report_id": r.report_id, "form": r.form, **r.gold.groups}
            | {name: r.counts.get(name, 0) for name in names}
            for r in self.results
        ]
        return pd.DataFrame(rows)

    @cached_property
    def breakdowns(self) -> dict[str, pd.DataFrame]:
        """Tables by name: facts by indicator, channel, period, bound, section, form, style; items; categories; cells."""
        return breakdown_tables(self.mentions, [r.gold.name for r in self.results], self._weights)

    @cached_property
    def rules(self) -> pd.DataFrame:
        """A row a rule: rule_id, decided_by, fired, right, wrong, precision, attributes_wrong, indicators."""
        return rule_table(self.mentions["facts"])

    @cached_property
    def confusions(self) -> pd.DataFrame:
        """Counts taken for another indicator or period: gold, predicted, n."""
        return confusion_table(self.mentions["facts"])

    @cached_property
    def _reliability(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        return reliability_tables(self.mentions)

    @property
    def calibration(self) -> pd.DataFrame:
        """A row for facts, items, categories: what, ece, brier, n, score, right."""
        return self._reliability[0]

    @property
    def reliability(self) -> pd.DataFrame:
        """A row a bin of scores: what, score, right, n."""
        return self._reliability[1]

    @cached_property
    def errors(self) -> pd.DataFrame:
        """Every miss, invention and disagreement in its context (:func:`~.errors.error_table`)."""
        from gia_nlp.learning.evaluation.errors import error_table

        return error_table(self.results)

    def value(self, measure: str) -> float:
        """One measure's value; raises ``KeyError`` if nothing of the kind was scored."""
        found = self.measures.loc[self.measures["measure"] == measure, "value"]
        if not len(found):
            raise KeyError(measure)
        return float(found.iloc[0])

    def compare(self, baseline: Evaluation, *, swaps: int = 10_000) -> pd.DataFrame:
        """This system against another on the same gold (:func:`~.significance.compare_counts`).

        Raises ``ValueError`` if the two were not scored on the same documents.
        """
        if [r.gold.name for r in self.results] != [r.gold.name for r in baseline.results]:
            raise ValueError("the two were scored on different documents")
        return compare_counts(self.counts, baseline.counts, resamples=self.resamples, swaps=swaps, seed=self.seed)

    def to_dict(self) -> dict[str, Any]:
        """The measures as plain data for JSON: a key a measure; missing numbers are ``None``."""
        made: dict[str, Any] = {"documents": len(self.results), "absent": self.absent}
        for row in self.measures.to_dict("records"):
            kind = str(row["kind"])
            entry = {"f1": row["value"], "precision": row["precision"], "recall": row["recall"]} if kind == "f1" else {}
            name = {"macro f1": "f1"}.get(kind, kind)
            entry |= {
                name: row["value"],
                "n": row["n"],
                "interval": [row["low"], row["high"]],
                "documents": row["documents"],
            }
            made[str(row["measure"])] = {k: _finite(v) for k, v in entry.items()}
        made["calibration"] = {
            str(r["what"]): {k: _finite(v) for k, v in r.items() if k != "what"}
            for r in self.calibration.to_dict("records")
        }
        return made

    def results_rows(
        self, *, system: str, data: str, split: str, seconds: float | None = None, only: Iterable[str] | None = None
    ) -> list[Result]:
        """The measures as rows of a study's results file; ``only`` names the measures to give."""
        wanted = set(only) if only is not None else None
        rows = []
        for row in self.measures.to_dict("records"):
            measure = _BY_NAME[str(row["measure"])]
            if wanted is not None and measure.name not in wanted:
                continue
            low, high = _finite(row["low"]), _finite(row["high"])
            better = "lower" if measure.kind == "count" else "higher"
            rows.append(Result(system, data, split, measure.key, float(row["value"]), low, high, int(row["n"]), seconds, better))  # type: ignore[arg-type]  # fmt: skip
        return rows

    def __str__(self) -> str:
        """The measures as a table for people."""
        from gia_nlp.learning.evaluation.show import measures_text

        return measures_text(self)


def _finite(value: Any) -> Any:
    if isinstance(value, list):
        return [_finite(v) for v in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def evaluate(
    gold: str | Path | Iterable[GoldDocument],
    predictions: Predictions | str | Path | Mapping[str, Any] | Iterable[Report],
    *,
    resamples: int = 1000,
    seed: int = 0,
) -> Evaluation:
    """Scores predictions against gold answers.

    ``gold`` is a folder of gold JSON files, a JSONL file of annotated passages, or documents from :func:`read_gold`;
    ``predictions`` a folder that ``gia-nlp tag`` wrote, DataFrames by table, or reports. ``resamples`` is the number of bootstrap
    resamples for the 95% intervals (0: none).

    Raises :class:`~.gold.GoldError` and :class:`~.predictions.PredictionsError` for what cannot be read.

    >>> from gia_nlp import tag_text
    >>> gold = GoldDocument("a", "a.txt", {"facts": [{"indicator": "requests_received", "value": 3.0, "start": 4, "end": 6}]})
    >>> found = evaluate([gold], [tag_text("收到申请3件。", report_id="reports/a.txt")])
    >>> found.value("facts")
    1.0
    """
    documents = read_gold(gold) if isinstance(gold, (str, Path)) else list(gold)
    found = Predictions.of(predictions)
    return Evaluation([score_document(d, found) for d in documents], resamples=resamples, seed=seed)
