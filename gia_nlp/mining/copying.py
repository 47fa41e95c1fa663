"""Sections on problems that several agencies share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gia_nlp.mining.corpus import Corpus

if TYPE_CHECKING:
    import pandas as pd


def copies(corpus: Corpus, *, threshold: float = 0.6, limit: int | None = 500) -> pd.DataFrame:
    """Pairs of reports by different agencies whose sections on problems are alike, most alike first.

    Columns: ``report_id, other_report_id (the earlier or equal year), agency_id, other_agency_id, issuer, other_issuer, region, other_region, same_region, year, other_year,
    similarity (Jaccard of character 4-grams), aligned (share of the report's section in common blocks, difflib), longest (the longest common block), sentences,
    shared_sentences (of the whole report), report_characters``. Sections shared by many reports are compared with the first of them only.
    """
    raise NotImplementedError


def families(corpus: Corpus, *, threshold: float = 0.6, least: int = 3) -> pd.DataFrame:
    """Template families: connected groups of like sections on problems, by at least ``least`` agencies.

    Columns: ``family, reports, agencies, regions, region (the most common), region_share, first_year, last_year, example_report_id, example (its section, 400
    characters), report_ids (up to 50)``.
    """
    raise NotImplementedError


def alignment(corpus: Corpus, report_id: str, other_report_id: str, *, least: int = 6) -> pd.DataFrame:
    """The common blocks of two reports' sections on problems, in text order.

    Columns: ``start_char, end_char, quote, other_start_char, other_end_char, characters``; offsets of the texts, blocks of at least ``least`` characters.
    """
    raise NotImplementedError
