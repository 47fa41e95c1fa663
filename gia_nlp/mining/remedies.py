"""Problems without a remedy, and remedies promised and reported done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gia_nlp.mining.corpus import Corpus

if TYPE_CHECKING:
    import pandas as pd


def unanswered_problems(corpus: Corpus, *, limit: int | None = None) -> pd.DataFrame:
    """Current problems that no remedy of the report is paired with.

    Columns: ``report_id, item_id, agency_id, issuer, region, year, quote, start_char, end_char, categories, remedies_in_report, same_category (a
    remedy of the report shares a category with it, though none is paired)``.
    """
    raise NotImplementedError


def unanswered_rates(corpus: Corpus, *, by: str | Sequence[str] = ()) -> pd.DataFrame:
    """The share of current problems without a remedy, by category and ``by``.

    Columns: ``<by…>, category ('all' for all), problems, unanswered, share, low, high, without_category (nor a remedy of the category in the report),
    item_ids (up to five)``.
    """
    raise NotImplementedError


def promises(corpus: Corpus, *, limit: int | None = None) -> pd.DataFrame:
    """Each planned remedy with the remedy that the agency's next report tells as done, if there is one.

    Columns: ``agency_id, issuer, region, year, report_id, item_id, quote, categories, next_report_id, next_item_id, next_quote, shared (categories in common), similarity
    (0 to 1, of character pairs), verdict``: ``kept`` (a category in common and similar words), ``kept_by_category`` (a category in common alone),
    ``not_told`` (the next report tells of done remedies, none of them this), ``nothing_told`` (it tells of none), ``no_report``.
    """
    raise NotImplementedError


def promise_rates(corpus: Corpus, *, by: str | Sequence[str] = ()) -> pd.DataFrame:
    """How many promises are reported kept.

    Columns: ``<by…>, category ('all' for all), promised (with a report on the next year), kept, share, low, high, kept_by_category (kept or a category in common), share_by_category,
    low_by_category, high_by_category, told (whose next report tells of done remedies at all), item_ids (up to five kept)``.
    """
    raise NotImplementedError
