"""The panel over the years: one series an indicator across the generations of the form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gia_nlp.mining.corpus import Corpus

if TYPE_CHECKING:
    import pandas as pd


def panel(corpus: Corpus, *, gaps: bool = True) -> pd.DataFrame:
    """One row per agency and year.

    Columns: ``agency_id, year (Int64), issuer, region, level, agency_kind, form, report_id, reports_in_year, gap (bool)``, then for each
    indicator of ``gia_nlp.vocabulary.series`` ``<indicator> (float64)`` and ``<indicator>_source`` (category: the panel's column or columns
    that it was taken from, joined by `` + ``; null where nothing is printed). A year without a report between an agency's first and last is a
    row with ``gap`` and nulls (left out with ``gaps=False``). Of several reports on one year the first by its id stands here.
    """
    raise NotImplementedError


def series(
    corpus: Corpus, *, indicators: Sequence[str] = (), agencies: Sequence[str] = (), gaps: bool = True
) -> pd.DataFrame:
    """The panel as one row per agency, year and indicator.

    Columns: ``agency_id, issuer, region, level, agency_kind, year, form, indicator, value, source_column, complete (False: some of the cells
    that are summed are blank), other_value, other_source_column (the next source that prints the count, where two do), report_id, fact_id (where prose
    is the source), gap (null, 'no_report', 'not_stated')``. Name ``indicators`` or ``agencies`` in a large corpus.
    """
    raise NotImplementedError


def series_coverage(corpus: Corpus) -> pd.DataFrame:
    """How the indicators fare year by year, over all agencies.

    Columns: ``year, indicator, reports, stated, share, total, median, mean, from_cells, from_prose`` (how many values come from each).
    """
    raise NotImplementedError
