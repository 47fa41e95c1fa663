"""How often which weaknesses are named, whether they are named again, and which go together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gia_nlp.mining.corpus import Corpus

if TYPE_CHECKING:
    import pandas as pd


def recurrence(corpus: Corpus, *, by: str | Sequence[str] = (), kind: str = "problem") -> pd.DataFrame:
    """The share of reports that name each category.

    ``by``: any of year, region, level, agency_kind, form, issuer. ``kind``: problem or remedy. Columns: ``<by…>, category, named, reports (that list
    items or say that there are none), share, low, high (Wilson, 95 %), report_ids (up to five that name it)``. Sorted by ``by`` and share.
    """
    raise NotImplementedError


def persistence(corpus: Corpus, *, by: str | Sequence[str] = ()) -> pd.DataFrame:
    """Whether a category named in one year is named again in the next, by the same agency.

    Columns: ``<by…> (of the earlier report), category ('all' for any), named (reports that name it and have a report on the next year), again, share, low, high,
    not_named, begun, begun_share, begun_low, begun_high (named after a year without), ratio (share / begun_share), report_ids (up to five
    pairs 'earlier > later' of named again)``.
    """
    raise NotImplementedError


def cooccurrence(corpus: Corpus) -> pd.DataFrame:
    """Which categories are named in the same report more often than by chance.

    Columns: ``category_a, category_b, both, a, b, reports, lift, odds_ratio, low, high, p_value (chi-square), q_value (Benjamini-Hochberg),
    report_ids (up to five with both)``. One row a pair of categories, ``a`` before ``b`` in the order of the guide.
    """
    raise NotImplementedError
