"""Traces of another agency: its business, its name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from gia_nlp.mining.corpus import Corpus
from gia_nlp.vocabulary.agencies import agencies
from gia_nlp.vocabulary.business import business

if TYPE_CHECKING:
    import pandas as pd

_OPENING = 800  # characters at the beginning of a report in which its own name is expected
_COMMON = 0.02  # share of a kind's other agencies from which a term counts as their business after all
_COLUMNS = [
    "report_id", "agency_id", "issuer", "agency_kind", "region", "year", "kind", "term", "belongs_to", "item_id", "quote", "start_char", "end_char",
    "confidence",
]  # fmt: skip
_METHOD = (
    "business: a point of the report has a term of another kind of agency's business (gia_nlp.vocabulary.business); confidence 0.8, less the more agencies of "
    f"the report's own kind use the term, none from {_COMMON:.0%} of at least 20 such agencies on. Governments, their offices and zones speak of everything and are left out. "
    f"name: in the first {_OPENING} characters or in the section on problems stands, before what an agency is said to do, the name of another agency that reports in this corpus; "
    "confidence 0.9 for an agency of another place, 0.6 for one of the same place, whose government and its office are not counted. "
    "Terms that nobody listed, and agencies without a report here, are not found; a point may speak of another agency for a reason."
)


def leftovers(corpus: Corpus, *, limit: int | None = None) -> pd.DataFrame:
    """Problems and remedies that speak of another agency's business, and sentences with another agency's name in the place of one's own.

    Columns: ``report_id, agency_id, issuer, agency_kind, region, year, kind ('business', 'name'), term, belongs_to (the kind of agency, or the agency), item_id (null for a name),
    quote, start_char, end_char, confidence (0 to 1)``. Surest first.
    """
    import pandas as pd

    found = pd.concat([_business(corpus), _names(corpus)], ignore_index=True)
    found = found.sort_values(["confidence", "report_id"], ascending=[False, True], kind="stable", ignore_index=True)
    out = found[_COLUMNS] if limit is None else found[_COLUMNS].head(limit)
    out.attrs.update(method=_METHOD, found=len(found))
    return out


def _business(corpus: Corpus) -> pd.DataFrame:
    import pandas as pd

    terms = business().kinds
    pattern = "|".join(sorted(map(re.escape, terms), key=len, reverse=True))
    rules = pd.DataFrame(
        [
            (term, kind, owner)
            for term, owner in terms.items()
            for kind, _ in agencies().kinds
            if business().is_foreign(term, kind)
        ],
        columns=["term", "agency_kind", "belongs_to"],
    )
    corpus.connection.register("foreign_rules", rules)
    frame = corpus.sql(
        f"""WITH x AS (SELECT report_id, item_id, unnest(list_distinct(regexp_extract_all(quote, '{pattern}'))) AS term FROM items),
        f AS (SELECT b.n, b.report_id, b.agency_id, b.issuer, b.agency_kind, b.region, b.year, x.item_id, x.term, r.belongs_to
            FROM x JOIN base b USING (report_id) JOIN foreign_rules r ON r.term = x.term AND r.agency_kind = b.agency_kind),
        kinds AS (SELECT agency_kind, count(DISTINCT agency_id) AS agencies FROM base GROUP BY agency_kind),
        users AS (SELECT agency_kind, term, count(DISTINCT agency_id) AS users FROM f GROUP BY ALL)
        SELECT f.*, 'business' AS kind, i.quote, i.start_char, i.end_char,
            0.8 * CASE WHEN k.agencies < 20 THEN 1 ELSE greatest(0, 1 - greatest(u.users - 1, 0) / k.agencies / {_COMMON}) END AS confidence
        FROM f JOIN items i ON i.item_id = f.item_id JOIN kinds k ON k.agency_kind = f.agency_kind
        JOIN users u ON u.agency_kind = f.agency_kind AND u.term = f.term"""
    )
    corpus.connection.unregister("foreign_rules")
    return frame[frame["confidence"] > 0]


def _names(corpus: Corpus) -> pd.DataFrame:
    """Names of other agencies of the corpus where a report speaks of itself."""
    import pandas as pd

    corpus.need("texts", "sections")
    verbs = agencies().verbs.pattern
    name = r"(\p{Han}{2,20}(?:局|厅|委员会|办公室|办公厅|人民政府|中心|办事处))(?:政府信息公开工作|政务公开工作)?"
    mentions = corpus.sql(
        f"""WITH parts AS (SELECT b.n, substring(t.text, 1, {_OPENING}) || '\n' || coalesce(substring(t.text, p.start_char + 1, p.end_char - p.start_char), '') AS part
            FROM texts t JOIN base b USING (report_id) LEFT JOIN
            (SELECT report_id, min(start_char) AS start_char, max(end_char) AS end_char FROM sections WHERE section = 'problems' GROUP BY report_id) p USING (report_id))
        SELECT n, unnest(list_distinct(regexp_extract_all(part, '{name}(?:{verbs}|将|于)', 1))) AS words FROM parts"""
    )
    who = corpus.sql(
        "SELECT issuer, min(agency_id) AS other_id, min(area) AS other_area, min(region) AS other_region, min(agency_kind) AS other_kind FROM base WHERE issuer IS NOT NULL GROUP BY issuer"
    ).set_index("issuer")
    known = set(who.index)
    named = {words: _known_name(words, known) for words in mentions["words"].unique()}
    mentions["belongs_to"] = mentions["words"].map(named)
    mentions = mentions[mentions["belongs_to"].notna()]
    mentions = mentions.astype({"words": "string", "belongs_to": "string"})
    corpus.connection.register("mentions", mentions.join(who, on="belongs_to"))
    frame = corpus.sql(
        """SELECT b.n, b.report_id, b.agency_id, b.issuer, b.agency_kind, b.region, b.year, m.belongs_to, m.belongs_to AS term, NULL::VARCHAR AS item_id,
            'name' AS kind, CASE WHEN b.area = m.other_area THEN 0.6 ELSE 0.9 END AS confidence, strpos(t.text, m.belongs_to) - 1 AS at, t.text
        FROM mentions m JOIN base b USING (n) JOIN texts t USING (report_id)
        WHERE b.issuer IS NOT NULL AND b.agency_id IS NOT NULL AND m.belongs_to <> b.issuer AND m.other_id IS DISTINCT FROM b.agency_id
            AND NOT (b.area = m.other_region AND m.other_kind IN ('人民政府', '办公室')) AND NOT contains(m.belongs_to, b.issuer) AND NOT ends_with(b.issuer, m.belongs_to)"""
    )
    corpus.connection.unregister("mentions")
    spans = [_sentence(text, int(at)) for text, at in zip(frame.pop("text"), frame.pop("at"), strict=True)]
    return frame.assign(
        start_char=pd.Series([s[0] for s in spans], dtype="int64"), end_char=pd.Series([s[1] for s in spans], dtype="int64"), quote=[s[2] for s in spans]
    )  # fmt: skip


def _known_name(words: str, known: set[Any]) -> str | None:
    """The longest end of some words that is the name of an agency."""
    return next((words[i:] for i in range(len(words) - 3) if words[i:] in known), None)


def _sentence(text: str, at: int) -> tuple[int, int, str]:
    start = max(text.rfind(mark, 0, at) for mark in "。；\n") + 1
    end = min((e for mark in "。；\n" if (e := text.find(mark, at)) >= 0), default=len(text))
    return start, end, text[start:end]
