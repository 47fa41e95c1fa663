"""How good a report is, by a formula that can be read and recomputed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gia_nlp.mining.corpus import Corpus

if TYPE_CHECKING:
    import pandas as pd


def quality(corpus: Corpus, *, repetition: pd.DataFrame | None = None) -> pd.DataFrame:
    """A score a report, 0 to 100, with all it is made of.

    Columns: ``report_id, agency_id, issuer, region, level, agency_kind, year, form``, the components, each 0 to 1 or null where there is nothing to judge, the counts they are made of, and
    ``score`` = 100 x the mean of the components that are not null, weighted by ``frame.attrs["weights"]``. ``frame.attrs["formula"]`` says it in words.
    ``repetition``: the frame of :func:`gia_nlp.mining.repetition`, if it is at hand.
    """
    raise NotImplementedError
