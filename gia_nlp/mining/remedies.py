"""Problems without a remedy, and remedies promised and reported done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from gia_nlp.mining.corpus import Corpus, groups
from gia_nlp.mining.intervals import wilson_bounds
from gia_nlp.mining.recurring import EXAMPLES, add_flags, categories_table

if TYPE_CHECKING:
    import pandas as pd

#: From this share of common character pairs on two remedies are told in like words, and without a category in common from that.
SIMILAR, SAME_WORDS = 0.3, 0.6
_METHOD = (
    f"A promise is kept if a remedy that the agency's next report tells as done shares a category with it and {SIMILAR:.0%} of the "
    f"character pairs of both (Jaccard, letters only), or {SAME_WORDS:.0%} of them whatever the categories. kept_by_category asks for the "
    "category alone: the truth lies between the two, as a promise can be told in other words and another measure can share its category. "
    "Only what the next report says counts; a kept promise that nobody reports looks broken. Intervals: Wilson, 95 %."
)


def add_unanswered(corpus: Corpus) -> None:
    """Makes the table ``current_problems`` (n, report_id, item_id, categories, unanswered, remedies_in_report, same_category) once."""
    if "current_problems" in corpus.made:
        return
    corpus.connection.execute(
        """CREATE TABLE current_problems AS
        WITH r AS (SELECT report_id, count(*) AS many, list_distinct(flatten(list(categories))) AS covered
            FROM items WHERE kind = 'remedy' GROUP BY report_id)
        SELECT b.n, i.report_id, i.item_id, i.categories, len(i.remedies) = 0 AS unanswered, coalesce(r.many, 0) AS remedies_in_report,
            coalesce(list_has_any(i.categories, r.covered), false) AS same_category
        FROM items i JOIN base b USING (report_id) LEFT JOIN r USING (report_id) WHERE i.kind = 'problem' AND i.status = 'current'"""
    )
    corpus.made.add("current_problems")


def unanswered_problems(corpus: Corpus, *, limit: int | None = None) -> pd.DataFrame:
    """Current problems that no remedy of the report is paired with.

    Columns: ``report_id, item_id, agency_id, issuer, region, year, quote, start_char, end_char, categories, remedies_in_report, same_category (a
    remedy of the report shares a category with it, though none is paired)``.
    """
    add_unanswered(corpus)
    return corpus.sql(
        f"""SELECT u.report_id, u.item_id, b.agency_id, b.issuer, b.region, b.year, i.quote, i.start_char, i.end_char, u.categories,
        u.remedies_in_report, u.same_category
        FROM current_problems u JOIN base b USING (n) JOIN items i ON i.item_id = u.item_id
        WHERE u.unanswered ORDER BY b.year DESC, u.n, i.start_char {_limit(limit)}"""
    )


def _limit(limit: int | None) -> str:
    return "" if limit is None else f"LIMIT {int(limit)}"


def unanswered_rates(corpus: Corpus, *, by: str | Sequence[str] = ()) -> pd.DataFrame:
    """The share of current problems without a remedy, by category and ``by``.

    Columns: ``<by…>, category ('all' for all), problems, unanswered, share, low, high, without_category (nor a remedy of the category in the report),
    item_ids (up to five)``.
    """
    add_unanswered(corpus)
    names, over = add_flags(corpus), groups(by)
    lead = "".join(f"{k}, " for k in over)
    counts = f"""count(*) AS problems, count(*) FILTER (WHERE unanswered) AS unanswered,
        count(*) FILTER (WHERE unanswered AND NOT same_category) AS without_category,
        coalesce(min(item_id, {EXAMPLES}) FILTER (WHERE unanswered), []) AS item_ids"""
    frame = corpus.sql(
        f"""WITH x AS (SELECT u.*, {lead}1 AS one FROM current_problems u JOIN base b USING (n)),
        f AS (SELECT {lead}'all' AS category, {counts} FROM x GROUP BY ALL
            UNION ALL SELECT {lead}category, {counts} FROM (SELECT * EXCLUDE (categories), unnest(categories) AS category FROM x) GROUP BY ALL)
        SELECT f.* FROM f LEFT JOIN {categories_table(names)} USING (category) ORDER BY {lead}coalesce(c.place, -1), category"""
    )
    low, high = wilson_bounds(frame["unanswered"], frame["problems"])
    frame["share"], frame["low"], frame["high"] = frame["unanswered"] / frame["problems"], low, high
    frame.attrs["method"] = "Current problems whose list of remedies is empty. Intervals: Wilson, 95 %."
    counted = ["problems", "unanswered", "share", "low", "high", "without_category", "item_ids"]
    return frame[[*over, "category", *counted]]


# --------------------------------------------------------------------------- promises


def add_promises(corpus: Corpus) -> None:
    """Makes the table ``promised`` once: each planned remedy with the done one of the next report that is most like it."""
    if "promised" in corpus.made:
        return
    run = corpus.connection.execute
    run(
        f"""CREATE OR REPLACE TEMP MACRO grams(quote) AS list_distinct(list_transform(
            range(1, length({_letters("quote")})), lambda i: hash(substring({_letters("quote")}, i, 2))))"""
    )
    run(
        """CREATE TEMP TABLE plans AS SELECT b.n, f.n AS next_n, i.report_id, i.item_id, i.categories, i.quote
        FROM items i JOIN base b USING (report_id) LEFT JOIN following f ON f.previous_n = b.n
        WHERE b.first AND i.kind = 'remedy' AND i.status = 'planned'"""
    )
    run(
        """CREATE TEMP TABLE deeds AS SELECT b.n, i.item_id, i.categories, grams(i.quote) AS grams
        FROM items i JOIN base b USING (report_id) JOIN following f ON f.n = b.n WHERE i.kind = 'remedy' AND i.status = 'done'"""
    )
    run(
        f"""CREATE TABLE promised AS
        WITH told AS (SELECT DISTINCT n FROM deeds),
        checked AS (SELECT n, next_n, item_id, categories, grams(quote) AS grams FROM plans WHERE next_n IN (SELECT n FROM told)),
        pairs AS (SELECT p.item_id, d.item_id AS next_item_id, list_intersect(p.categories, d.categories) AS shared,
            len(list_intersect(p.grams, d.grams)) AS common, len(p.grams) + len(d.grams) AS sizes
            FROM checked p JOIN deeds d ON d.n = p.next_n),
        scored AS (SELECT item_id, next_item_id, shared, CASE WHEN sizes > common THEN common / (sizes - common) ELSE 0 END AS similarity FROM pairs),
        ranked AS (SELECT *, len(shared) > 0 AS same,
            (len(shared) > 0 AND similarity >= {SIMILAR}) OR similarity >= {SAME_WORDS} AS kept FROM scored),
        best AS (SELECT item_id, arg_max({{'id': next_item_id, 'shared': shared, 'similarity': similarity, 'kept': kept, 'same': same}},
            [kept::INT, same::INT, similarity]) AS b, bool_or(kept) AS kept, bool_or(same) AS same FROM ranked GROUP BY item_id)
        SELECT p.n, p.next_n, p.item_id, p.categories, CASE WHEN best.kept OR best.same THEN best.b.id END AS next_item_id,
            coalesce(best.b.shared, []) AS shared, best.b.similarity AS similarity,
            CASE WHEN p.next_n IS NULL THEN 'no_report' WHEN t.n IS NULL THEN 'nothing_told' WHEN best.kept THEN 'kept'
                WHEN best.same THEN 'kept_by_category' ELSE 'not_told' END AS verdict
        FROM plans p LEFT JOIN told t ON t.n = p.next_n LEFT JOIN best USING (item_id)"""
    )
    run("DROP TABLE plans")
    run("DROP TABLE deeds")
    corpus.made.add("promised")


def _letters(column: str) -> str:
    return f"regexp_replace({column}, '[^\\p{{Han}}A-Za-z]|^(?:一是|二是|三是|四是|五是|六是)', '', 'g')"


def promises(corpus: Corpus, *, limit: int | None = None) -> pd.DataFrame:
    """Each planned remedy with the remedy that the agency's next report tells as done, if there is one.

    Columns: ``agency_id, issuer, region, year, report_id, item_id, quote, categories, next_report_id, next_item_id, next_quote, shared (categories in common), similarity
    (0 to 1, of character pairs), verdict``: ``kept`` (a category in common and similar words), ``kept_by_category`` (a category in common alone),
    ``not_told`` (the next report tells of done remedies, none of them this), ``nothing_told`` (it tells of none), ``no_report``. Kept ones first, then by agency.
    """
    add_promises(corpus)
    frame = corpus.sql(
        f"""SELECT b.agency_id, b.issuer, b.region, b.year, b.report_id, p.item_id, i.quote, p.categories, a.report_id AS next_report_id,
        p.next_item_id, j.quote AS next_quote, p.shared, p.similarity, p.verdict
        FROM (SELECT * FROM promised ORDER BY list_position(['kept', 'kept_by_category', 'not_told', 'nothing_told', 'no_report'], verdict), n, item_id
            {_limit(limit)}) p
        JOIN base b USING (n) JOIN items i ON i.item_id = p.item_id LEFT JOIN base a ON a.n = p.next_n LEFT JOIN items j ON j.item_id = p.next_item_id
        ORDER BY list_position(['kept', 'kept_by_category', 'not_told', 'nothing_told', 'no_report'], verdict), p.n, i.start_char"""
    )
    frame.attrs["method"] = _METHOD
    return frame


def promise_rates(corpus: Corpus, *, by: str | Sequence[str] = ()) -> pd.DataFrame:
    """How many promises are reported kept.

    Columns: ``<by…>, category ('all' for all), promised (with a report on the next year), kept, share, low, high, kept_by_category (kept or a category in common), share_by_category,
    low_by_category, high_by_category, told (whose next report tells of done remedies at all), item_ids (up to five kept)``.
    """
    add_promises(corpus)
    names, over = add_flags(corpus), groups(by)
    lead = "".join(f"{k}, " for k in over)
    counts = f"""count(*) AS promised, count(*) FILTER (WHERE verdict = 'kept') AS kept,
        count(*) FILTER (WHERE verdict IN ('kept', 'kept_by_category')) AS kept_by_category,
        count(*) FILTER (WHERE verdict <> 'nothing_told') AS told,
        coalesce(min(item_id, {EXAMPLES}) FILTER (WHERE verdict = 'kept'), []) AS item_ids"""
    frame = corpus.sql(
        f"""WITH x AS (SELECT p.verdict, p.item_id, p.categories, {lead}1 AS one FROM promised p JOIN base b USING (n) WHERE verdict <> 'no_report'),
        f AS (SELECT {lead}'all' AS category, {counts} FROM x GROUP BY ALL
            UNION ALL SELECT {lead}category, {counts} FROM (SELECT * EXCLUDE (categories), unnest(categories) AS category FROM x) GROUP BY ALL)
        SELECT f.* FROM f LEFT JOIN {categories_table(names)} USING (category) ORDER BY {lead}coalesce(c.place, -1), category"""
    )
    for count, ends in (("kept", ""), ("kept_by_category", "_by_category")):
        low, high = wilson_bounds(frame[count], frame["promised"])
        frame[f"share{ends}"] = frame[count] / frame["promised"].replace(0, np.nan)
        frame[f"low{ends}"], frame[f"high{ends}"] = low, high
    shown = ["promised", "kept", "share", "low", "high", "kept_by_category", "share_by_category", "low_by_category", "high_by_category", "told", "item_ids"]  # fmt: skip
    out = frame[[*over, "category", *shown]]
    out.attrs["method"] = _METHOD
    return out
