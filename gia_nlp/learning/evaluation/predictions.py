"""Predictions as plain rows by report, from a folder of output tables, from DataFrames or from reports in memory."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from gia_nlp.frames.convert import is_failed, report_rows
from gia_nlp.frames.panel import panel_row
from gia_nlp.frames.store import read_rows, table_files
from gia_nlp.learning.evaluation.gold import GoldDocument
from gia_nlp.learning.evaluation.matching import plain
from gia_nlp.records import Report

if TYPE_CHECKING:
    import pandas as pd

SCORED = ("texts", "reports", "sections", "cells", "facts", "items", "panel")
Rows = list[dict[str, Any]]
_LISTS = ("categories", "category_scores", "remedies")


class PredictionsError(Exception):
    """Predictions that cannot be read. ``hint`` says what to do."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


class Predictions:
    """The rows of the output tables, by report. Rows have ``start`` and ``end`` beside the tables' columns."""

    def __init__(self, tables: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
        self._tables: dict[str, dict[str, Rows]] = {}
        ids: set[str] = set()
        for name in SCORED:
            groups: dict[str, Rows] = defaultdict(list)
            for row in tables.get(name, ()):
                groups[str(row.get("report_id"))].append(_row(row))
            self._tables[name] = dict(groups)
            ids |= set(groups)
        self.report_ids = sorted(ids)
        self._by_name: dict[str, list[str]] = defaultdict(list)
        self._by_stem: dict[str, list[str]] = defaultdict(list)
        for report_id in self.report_ids:
            self._by_name[PurePosixPath(report_id).name].append(report_id)
            self._by_stem[PurePosixPath(report_id).stem].append(report_id)

    def candidates(self, gold: GoldDocument) -> list[str]:
        """Ids of the reports that may be the document: those of its file name, else those of its name; the first is taken."""
        return self._by_name.get(gold.source) or self._by_stem.get(gold.name) or []

    def rows(self, table: str, report_id: str | None) -> Rows:
        """The rows of a report in a table."""
        return self._tables[table].get(report_id, []) if report_id is not None else []

    def text(self, report_id: str | None) -> str | None:
        """The report's text, where the table `texts` has it."""
        rows = self.rows("texts", report_id)
        return rows[0].get("text") if rows else None

    @classmethod
    def from_folder(cls, folder: str | Path) -> Predictions:
        """The Parquet tables that ``gia-nlp tag`` wrote. Raises :class:`PredictionsError` if there are none."""
        folder = Path(folder)
        if not any(table_files(folder, name) for name in ("facts", "items", "cells")):
            what = "holds no Parquet tables" if folder.is_dir() else "does not exist"
            raise PredictionsError(f"{folder} {what}", hint="write them with: gia-nlp tag REPORTS --out DIR")
        try:
            return cls({name: read_rows(folder, name) for name in SCORED})
        except (OSError, ValueError) as error:
            raise PredictionsError(f"{folder}: {error}", hint="write the tables anew with: gia-nlp tag") from error

    @classmethod
    def from_frames(cls, frames: Mapping[str, pd.DataFrame]) -> Predictions:
        """The tables of :func:`gia_nlp.to_frames` or :func:`gia_nlp.read_frames`."""
        tables: dict[str, Any] = {name: frames[name].to_dict("records") for name in SCORED if name in frames}
        return cls(tables)

    @classmethod
    def from_reports(cls, reports: Iterable[Report]) -> Predictions:
        """Reports as :func:`gia_nlp.tag` gives them."""
        tables: dict[str, Rows] = {name: [] for name in SCORED}
        for report in reports:
            own = report_rows(report)
            if is_failed(report):
                continue
            for row in own["reports"]:
                own["panel"] = [panel_row(row, **{k: own[k] for k in ("facts", "cells", "items", "checks")})]
            for name in SCORED:
                tables[name].extend(own[name])
        return cls(tables)

    @classmethod
    def of(cls, given: Predictions | str | Path | Mapping[str, Any] | Iterable[Report]) -> Predictions:
        """Predictions from whatever form they have."""
        if isinstance(given, Predictions):
            return given
        if isinstance(given, (str, Path)):
            return cls.from_folder(given)
        return cls.from_frames(given) if isinstance(given, Mapping) else cls.from_reports(given)


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    made = {k: v if isinstance(v, (list, dict)) or hasattr(v, "tolist") else plain(v) for k, v in row.items()}
    for name in _LISTS:
        if name in made:
            made[name] = _listed(made[name])
    made["start"], made["end"] = made.get("start_char"), made.get("end_char")
    return made


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(json.loads(value)) if isinstance(value, str) else list(value)
