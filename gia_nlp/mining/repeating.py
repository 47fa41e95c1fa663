"""How much of a report stood in the agency's report on the year before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gia_nlp.mining.corpus import Corpus

if TYPE_CHECKING:
    import pandas as pd


def repetition(corpus: Corpus) -> pd.DataFrame:
    """A row a report that has one by the same agency on the year before.

    Columns: ``report_id, previous_report_id, agency_id, issuer, region, level, agency_kind, year, sentences, repeated, near, share (repeated / sentences), share_near ((repeated + near) /
    sentences), problem_sentences, problem_repeated, problem_near, problem_share, problem_share_near`` (of the section on problems alone). Sentences are compared by
    their letters: numbers, marks and list markers aside.
    """
    raise NotImplementedError


def repeated_sentences(corpus: Corpus, report_id: str) -> pd.DataFrame:
    """The sentences of a report beside those of the year before that they repeat, in text order.

    Columns: ``kind ('exact', 'near', 'new'), section, quote, start_char, end_char, previous_report_id, previous_quote, previous_start_char, previous_end_char, similarity``.
    """
    raise NotImplementedError
