"""Traces of another agency: its business, its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gia_nlp.mining.corpus import Corpus

if TYPE_CHECKING:
    import pandas as pd


def leftovers(corpus: Corpus, *, limit: int | None = None) -> pd.DataFrame:
    """Problems and remedies that speak of another agency's business, and sentences with another agency's name in the place of one's own.

    Columns: ``report_id, agency_id, issuer, agency_kind, region, year, kind ('business', 'name'), term, belongs_to (the kind of agency, or the agency), item_id (null for a name
    outside items), quote, start_char, end_char, confidence (0 to 1)``.
    """
    raise NotImplementedError
