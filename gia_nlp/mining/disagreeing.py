"""What does not agree: prose and tables, sums, years."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gia_nlp.mining.corpus import Corpus

if TYPE_CHECKING:
    import pandas as pd

_WHO = "b.report_id, b.agency_id, b.issuer, b.region, b.year"


def _limit(limit: int | None) -> str:
    return "" if limit is None else f"LIMIT {int(limit)}"


def contradictions(corpus: Corpus, *, limit: int | None = None) -> pd.DataFrame:
    """Counts of the prose that the report's own table contradicts, with both quotes.

    Columns: ``report_id, agency_id, issuer, region, year, indicator, scope, prose_value, table_value, difference, fact_id, prose_quote (the count), prose_sentence, prose_start_char, prose_end_char, cells (ids
    ``table.row.column``), table_quote (what they print), table_start_char, table_end_char (of the first of them), note``. Largest relative difference first.
    """
    corpus.need("checks", "facts", "cells", "texts")
    frame = corpus.sql(
        f"""WITH c AS (SELECT b.n, {_WHO}, substring(c.rule, 7) AS indicator, c.scope, c.left_value, c.right_value, c.difference, c.note,
            TRY_CAST(regexp_extract(c.note, ' at (\\d+)', 1) AS BIGINT) AS at
            FROM checks c JOIN base b USING (report_id) WHERE c.status = 'fails' AND starts_with(c.rule, 'prose.')
            ORDER BY abs(c.difference) / greatest(abs(c.left_value), abs(c.right_value), 1) DESC, b.n, c.rule {_limit(limit)}),
        keys AS (SELECT DISTINCT report_id, scope, unnest(string_split(scope, '+')) AS key FROM c),
        own AS (SELECT * FROM cells WHERE report_id IN (SELECT report_id FROM c)),
        printed AS (SELECT k.report_id, k.scope, list(o.form_table || '.' || o.form_row || '.' || o.form_column ORDER BY o.start_char) AS cells,
                string_agg(o.raw, ' ' ORDER BY o.start_char) AS table_quote, min(o.start_char) AS table_start_char, arg_min(o.end_char, o.start_char) AS table_end_char
            FROM keys k JOIN own o ON o.report_id = k.report_id AND (o.form_row || '.' || o.form_column = k.key
                OR (contains(k.key, '*') AND o.form_row || '.' || o.form_column LIKE replace(k.key, '*', '%'))) GROUP BY ALL),
        said AS (SELECT c.report_id, c.scope, c.at, c.left_value, any_value(f.fact_id) AS fact_id, any_value(f.quote) AS quote, any_value(f.end_char) AS end_char
            FROM c JOIN facts f ON f.report_id = c.report_id AND f.start_char = c.at AND f.indicator = c.indicator GROUP BY ALL)
        SELECT c.report_id, c.agency_id, c.issuer, c.region, c.year, c.indicator, c.scope, c.left_value AS prose_value, c.right_value AS table_value, c.difference,
            s.fact_id, s.quote AS prose_quote, t.text, c.at AS prose_start_char, s.end_char AS prose_end_char, coalesce(p.cells, []) AS cells, p.table_quote,
            p.table_start_char, p.table_end_char, c.note
        FROM c JOIN texts t USING (report_id) LEFT JOIN said s ON s.report_id = c.report_id AND s.scope = c.scope AND s.at = c.at AND s.left_value = c.left_value
        LEFT JOIN printed p ON p.report_id = c.report_id AND p.scope = c.scope
        ORDER BY abs(c.difference) / greatest(abs(c.left_value), abs(c.right_value), 1) DESC, c.n, c.indicator, c.at"""
    )
    sentences = [
        _around(text, None if at != at else int(at)) for text, at in zip(frame["text"], frame["prose_start_char"], strict=True)
    ]  # fmt: skip
    frame["text"] = sentences
    frame = frame.rename(columns={"text": "prose_sentence"})
    frame.attrs["method"] = (
        "Checks of the rule prose.* that fail (docs/tables.md): a count of the prose without a topic against the cells that hold the same count. "
        "A count that covers something else than the table (with what was carried in, say) is a contradiction to a reader, too."
    )
    return frame


def _around(text: str, at: int | None) -> str | None:
    """The sentence around a character."""
    if at is None:
        return None
    start = max(text.rfind(mark, 0, at) for mark in "。；\n\t") + 1
    end = min((e for mark in "。；\n\t" if (e := text.find(mark, at)) >= 0), default=len(text))
    return text[start:end]


def failed_sums(corpus: Corpus, *, limit: int | None = None) -> pd.DataFrame:
    """Sums of the form that do not add up.

    Columns: ``report_id, agency_id, issuer, region, year, rule, scope, left_value, right_value, difference, note``.
    """
    corpus.need("checks")
    return corpus.sql(
        f"""SELECT {_WHO}, c.rule, c.scope, c.left_value, c.right_value, c.difference, c.note FROM checks c JOIN base b USING (report_id)
        WHERE c.status = 'fails' AND NOT starts_with(c.rule, 'prose.') AND NOT starts_with(c.rule, 'years.') AND NOT starts_with(c.rule, 'external.')
        ORDER BY b.n, c.rule, c.scope {_limit(limit)}"""
    )


def breaks(corpus: Corpus, *, limit: int | None = None) -> pd.DataFrame:
    """Where a year does not go on from the year before: carried over, in force, cumulative, jumps, the same text again.

    Columns: ``report_id, other_report_id, agency_id, issuer, region, year, rule, scope, left_value, right_value, difference, status, note``. Rows that fail, and the notes
    ``years.jump`` and ``years.same_text`` (``not_assessable``); see docs/tables.md for the rules.
    """
    corpus.need("checks")
    return corpus.sql(
        f"""SELECT b.report_id, c.other_report_id, b.agency_id, b.issuer, b.region, b.year, c.rule, c.scope, c.left_value, c.right_value, c.difference, c.status, c.note
        FROM checks c JOIN base b USING (report_id) WHERE starts_with(c.rule, 'years.')
        AND (c.status = 'fails' OR c.rule IN ('years.jump', 'years.same_text')) ORDER BY b.n, c.rule, c.scope {_limit(limit)}"""
    )
