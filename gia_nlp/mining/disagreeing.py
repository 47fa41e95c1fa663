"""What does not agree: prose and tables, sums, years."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gia_nlp.mining.corpus import Corpus

if TYPE_CHECKING:
    import pandas as pd


def contradictions(corpus: Corpus, *, limit: int | None = None) -> pd.DataFrame:
    """Counts of the prose that the report's own table contradicts, with both quotes.

    Columns: ``report_id, agency_id, issuer, region, year, indicator, scope, prose_value, table_value, difference, fact_id, prose_quote (the count), prose_sentence, prose_start_char, prose_end_char, cells (ids
    ``table.row.column``), table_quote (what they print), table_start_char, table_end_char, note``.
    """
    raise NotImplementedError


def failed_sums(corpus: Corpus, *, limit: int | None = None) -> pd.DataFrame:
    """Sums of the form that do not add up.

    Columns: ``report_id, agency_id, issuer, region, year, rule, scope, left_value, right_value, difference, note``.
    """
    raise NotImplementedError


def breaks(corpus: Corpus, *, limit: int | None = None) -> pd.DataFrame:
    """Where a year does not go on from the year before: carried over, in force, cumulative, jumps, the same text again.

    Columns: ``report_id, other_report_id, agency_id, issuer, region, year, rule, scope, left_value, right_value, difference, status, note``.
    """
    raise NotImplementedError
