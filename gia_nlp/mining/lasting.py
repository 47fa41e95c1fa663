"""Spells: how long an agency goes on naming a category."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gia_nlp.mining.corpus import Corpus

if TYPE_CHECKING:
    import pandas as pd


def spells(corpus: Corpus, *, category: str | None = None) -> pd.DataFrame:
    """Runs of consecutive years in which an agency names a category.

    Columns: ``agency_id, issuer, region, level, agency_kind, category, first_year, last_year, length, left_censored (nothing is known of the year before),
    right_censored (nothing is known of the year after), report_ids``. Years without a report, and reports that list no items, break a
    spell and censor it.
    """
    raise NotImplementedError


def spell_survival(corpus: Corpus) -> pd.DataFrame:
    """Kaplan-Meier estimates of how long spells last, from those whose beginning is seen.

    Columns: ``category ('all' for all), length (years), at_risk, ended, censored, survival (P(longer than length)), low, high (log-log
    Greenwood, 95 %)``.
    """
    raise NotImplementedError
