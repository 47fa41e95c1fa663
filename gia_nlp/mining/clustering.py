"""Themes among the points that no category fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gia_nlp.mining.corpus import Corpus

if TYPE_CHECKING:
    import pandas as pd


def themes(
    corpus: Corpus, *, kind: str | None = None, count: int | None = None, seed: int = 0, most: int = 20_000
) -> pd.DataFrame:
    """Groups of items whose only category is ``other``, or that have none.

    ``kind``: problem, remedy or both. ``count``: how many groups (chosen by the number of different quotes if not given). At most ``most`` different quotes are clustered, drawn by
    ``seed``. Columns: ``theme, terms (what sets it apart), items, reports, agencies, first_year, last_year, cohesion (mean cosine to the centre), quotes (up to five, the most typical
    first), item_ids (of these quotes)``. Largest first.
    """
    raise NotImplementedError
