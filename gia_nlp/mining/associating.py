"""Which weaknesses go with which figures. Observational: no row says what causes what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gia_nlp.mining.corpus import Corpus

if TYPE_CHECKING:
    import pandas as pd


def association(corpus: Corpus, *, figures: Sequence[str] = ()) -> pd.DataFrame:
    """Each category against each figure of the panel.

    Columns: ``category, figure, reports_with, reports_without, agencies, median_with, median_without, effect (the chance that a report with the problem has the higher figure, ties half; 0.5: no
    difference), low, high (95 %, agencies as clusters), p_value, q_value (Benjamini-Hochberg over all rows), report_ids (up to five with the problem)``.
    """
    raise NotImplementedError


def regression_frame(corpus: Corpus) -> pd.DataFrame:
    """A row per agency and year, ready for regression.

    Columns: ``report_id, agency_id, issuer, region, level, agency_kind, year, form``, ``problem_<category>`` (0/1), ``last_problem_<category>`` (the year before, null without a report),
    ``problems`` (how many categories), the indicators of the panel and ``log_<indicator>`` = log(1 + x), ``refusal_share``, ``checks_failed``.
    """
    raise NotImplementedError
