"""Sections on problems that several agencies share."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

import numpy as np

from gia_nlp.mining import sketches
from gia_nlp.mining.corpus import Corpus
from gia_nlp.mining.repeating import report_text
from gia_nlp.mining.sentences import add_sentences, folded

if TYPE_CHECKING:
    import pandas as pd

_LEAST = 40  # letters of a section that can be told to be copied
_CROWD = 40  # texts in one band: from there on each is held against the first alone
_LOOSE = 0.1  # how far an estimate may fall short of the threshold
_EXAMPLE = 400
_METHOD = (
    f"Sections on problems of at least {_LEAST} letters (numbers and marks aside), compared by character 4-grams: MinHash sketches of {sketches.SIZE} numbers in "
    f"{sketches.SIZE // sketches.BAND} bands find candidates; similarity is then computed exactly. Who wrote first is not known where the years are the same."
)


def _add_sections(corpus: Corpus) -> None:
    """The tables ``section_texts`` (one row a different text: t, n of the first report, letters) and ``section_of`` (n, t)."""
    if "section_of" in corpus.made:
        return
    add_sentences(corpus)
    run = corpus.connection.execute
    run(
        f"""CREATE TEMP TABLE section_letters AS SELECT n, hash(letters) AS hash, letters FROM (
            SELECT p.n, regexp_replace({folded("substring(t.text, p.start_char + 1, p.end_char - p.start_char)")}, '[。\n]', '', 'g') AS letters
            FROM texts t JOIN base b USING (report_id) JOIN problem_parts p USING (n)) WHERE length(letters) >= {_LEAST}"""
    )
    run(
        """CREATE TABLE section_texts AS SELECT (row_number() OVER (ORDER BY min(n)) - 1)::INTEGER AS t, hash, min(n) AS n, arg_min(letters, n) AS letters
        FROM section_letters GROUP BY hash"""
    )
    run("CREATE TABLE section_of AS SELECT l.n, s.t FROM section_letters l JOIN section_texts s USING (hash)")
    run("DROP TABLE section_letters")
    corpus.made.add("section_of")


def _add_pairs(corpus: Corpus) -> None:
    """The table ``like_texts`` (a, b, estimate): pairs of different texts that are likely to be alike."""
    if "like_texts" in corpus.made:
        return
    import pyarrow as pa

    _add_sections(corpus)
    run = corpus.connection.execute
    parts = []
    cursor = corpus.connection.cursor()
    result = cursor.execute("SELECT letters FROM section_texts ORDER BY t")
    while rows := result.fetchmany(4000):
        parts.append(sketches.sketches([r[0] for r in rows]))
    found = np.concatenate(parts) if parts else np.zeros((0, sketches.SIZE), dtype=np.uint32)
    keys = sketches.bands(found)
    rows_of = np.repeat(np.arange(len(found), dtype=np.int32), keys.shape[1])
    corpus.connection.register("band_rows", pa.table({"t": rows_of, "key": keys.ravel()}))
    run(
        """CREATE TEMP TABLE crowded AS SELECT t, key, count(*) OVER (PARTITION BY key) AS many, min(t) OVER (PARTITION BY key) AS first_t
        FROM band_rows QUALIFY many > 1"""
    )
    corpus.connection.unregister("band_rows")
    pairs = run(
        f"""SELECT DISTINCT a, b FROM (
            SELECT x.t AS a, y.t AS b FROM crowded x JOIN crowded y ON x.key = y.key AND x.t < y.t WHERE x.many <= {_CROWD}
            UNION ALL SELECT first_t AS a, t AS b FROM crowded WHERE many > {_CROWD} AND t > first_t)"""
    ).fetchnumpy()
    run("DROP TABLE crowded")
    left, right = (np.asarray(pairs[k], dtype=np.int64) for k in ("a", "b"))
    alike = sketches.estimates(found, left, right)
    keep = alike >= 0.4
    table = pa.table({"a": left[keep].astype(np.int32), "b": right[keep].astype(np.int32), "estimate": alike[keep]})
    corpus.connection.register("like_rows", table)
    run("CREATE TABLE like_texts AS SELECT * FROM like_rows")
    corpus.connection.unregister("like_rows")
    corpus.made.add("like_texts")


def copies(corpus: Corpus, *, threshold: float = 0.6, limit: int | None = 500) -> pd.DataFrame:
    """Pairs of reports by different agencies whose sections on problems are alike, most alike first.

    Columns: ``report_id, other_report_id (the earlier or equal year), agency_id, other_agency_id, issuer, other_issuer, region, other_region, same_region (the same area), year, other_year,
    similarity (Jaccard of character 4-grams), aligned (share of the report's section in common blocks, difflib), longest (the longest common block), sentences,
    shared_sentences (of the whole report), section_letters``. A text that many reports share is held against the first of them; a report stands beside the one most
    like it of each other agency. ``frame.attrs["pairs"]``: how many there are without the limit.
    """
    _add_pairs(corpus)
    run = corpus.connection.execute
    run(
        f"""CREATE OR REPLACE TEMP TABLE chosen AS WITH who AS (SELECT s.n, s.t, coalesce(agency_id, issuer, report_id) AS who, year
            FROM section_of s JOIN base b USING (n)),
        firsts AS (SELECT t, who, min(n) AS n, min(year) AS year FROM who GROUP BY ALL),
        origins AS (SELECT t, arg_min(n, [coalesce(year, 9999), n]) AS n, arg_min(who, [coalesce(year, 9999), n]) AS who FROM firsts GROUP BY t),
        same AS (SELECT w.n AS x, o.n AS y, 1.0 AS estimate FROM who w JOIN origins o USING (t) WHERE w.who <> o.who),
        other AS (SELECT w.n AS x, o.n AS y, estimate FROM like_texts l JOIN who w ON w.t = l.b JOIN origins o ON o.t = l.a
            WHERE w.who <> o.who AND estimate >= {threshold - _LOOSE}
            UNION ALL SELECT w.n, o.n, estimate FROM like_texts l JOIN who w ON w.t = l.a JOIN origins o ON o.t = l.b
            WHERE w.who <> o.who AND o.n <> l.a AND estimate >= {threshold - _LOOSE}),
        pairs AS (SELECT DISTINCT greatest(x, y) AS x, least(x, y) AS y, estimate FROM (SELECT * FROM same UNION ALL SELECT * FROM other))
        SELECT CASE WHEN b.year < c.year THEN y ELSE x END AS n, CASE WHEN b.year < c.year THEN x ELSE y END AS other_n, estimate
        FROM pairs JOIN base b ON b.n = x JOIN base c ON c.n = y
        QUALIFY row_number() OVER (PARTITION BY least(b.agency_id, c.agency_id), greatest(b.agency_id, c.agency_id), b.year ORDER BY estimate DESC, x, y) = 1"""
    )
    total = run("SELECT count(*) FROM chosen").fetchall()[0][0]
    frame = corpus.sql(
        f"""WITH top AS (SELECT * FROM chosen ORDER BY estimate DESC, n, other_n {"" if limit is None else f"LIMIT {int(limit * 1.2) + 20}"})
        SELECT b.report_id, o.report_id AS other_report_id, b.agency_id, o.agency_id AS other_agency_id, b.issuer, o.issuer AS other_issuer, b.region,
        o.region AS other_region, b.area IS NOT NULL AND b.area = o.area AS same_region, b.year, o.year AS other_year, n, other_n, s.letters, r.letters AS other_letters
        FROM top JOIN base b USING (n) JOIN base o ON o.n = other_n JOIN section_of x ON x.n = top.n JOIN section_texts s ON s.t = x.t
        JOIN section_of z ON z.n = top.other_n JOIN section_texts r ON r.t = z.t ORDER BY estimate DESC, n, other_n"""
    )
    return _finished(corpus, frame, threshold, limit, total)


def _finished(corpus: Corpus, frame: pd.DataFrame, threshold: float, limit: int | None, total: int) -> pd.DataFrame:
    """Exact similarities, common blocks and shared sentences of the pairs that are shown."""
    texts = list(zip(frame.pop("letters"), frame.pop("other_letters"), strict=True))
    frame["similarity"] = [sketches.jaccard(*pair) for pair in texts]
    frame["_place"] = range(len(frame))
    frame = frame[frame["similarity"] >= threshold].sort_values("similarity", ascending=False, kind="stable")
    frame = frame.head(limit) if limit is not None else frame
    matched = [_matched(*texts[i]) for i in frame.pop("_place")]
    frame["aligned"] = [m[0] for m in matched]
    frame["longest"] = [m[1] for m in matched]
    corpus.connection.register("shown", frame[["n", "other_n"]])
    shared = corpus.sql(
        """SELECT p.n, p.other_n, count(*) AS sentences, count(o.n) AS shared_sentences FROM shown p JOIN sentences s ON s.n = p.n
        LEFT JOIN (SELECT DISTINCT n, hash FROM sentences WHERE n IN (SELECT other_n FROM shown)) o ON o.n = p.other_n AND o.hash = s.hash GROUP BY ALL"""
    )
    corpus.connection.unregister("shown")
    frame = frame.merge(shared, on=["n", "other_n"], how="left").drop(columns=["n", "other_n"])
    frame["section_letters"] = [m[2] for m in matched]
    frame.attrs.update(method=_METHOD, pairs=total)
    return frame.reset_index(drop=True)


def _matched(one: str, other: str) -> tuple[float, str, int]:
    """The share of a text in common blocks of at least four letters, the longest of them, the text's letters."""
    blocks = [
        b for b in SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks() if b.size >= sketches.GRAM
    ]
    longest = max(blocks, key=lambda b: b.size, default=None)
    covered = sum(b.size for b in blocks) / len(one) if one else 0.0
    return covered, one[longest.a : longest.a + longest.size] if longest else "", len(one)


def families(corpus: Corpus, *, threshold: float = 0.7, least: int = 3) -> pd.DataFrame:
    """Template families: connected groups of like sections on problems, by at least ``least`` agencies.

    Columns: ``family, reports, agencies, areas, area (the most common; a region without its town), area_share, first_year, last_year, example_report_id, example (its section, 400
    characters), report_ids (up to 50)``. Largest first. Members need not be like each other, only each like some other: a template that changed over the years is one family.
    """
    import pandas as pd
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    _add_pairs(corpus)
    many = int(corpus.connection.execute("SELECT count(*) FROM section_texts").fetchall()[0][0])
    edges = corpus.connection.execute("SELECT a, b FROM like_texts WHERE estimate >= ?", [threshold]).fetchnumpy()
    a, b = np.asarray(edges["a"]), np.asarray(edges["b"])
    _, component = connected_components(coo_matrix((np.ones(len(a)), (a, b)), shape=(many, many)), directed=False)
    corpus.connection.register("components", pd.DataFrame({"t": np.arange(many), "component": component}))
    frame = corpus.sql(
        f"""WITH m AS (SELECT c.component, s.n, b.report_id, coalesce(b.agency_id, b.issuer, b.report_id) AS who, b.area, b.year
            FROM components c JOIN section_of s ON s.t = c.t JOIN base b ON b.n = s.n),
        f AS (SELECT component, count(*) AS reports, count(DISTINCT who) AS agencies, count(DISTINCT area) AS areas, mode(area) AS area,
            min(year) AS first_year, max(year) AS last_year, min(n) AS n, min(report_id, 50) AS report_ids
            FROM m GROUP BY component HAVING count(DISTINCT who) >= {int(least)}),
        a AS (SELECT m.component, count(*) FILTER (WHERE m.area = f.area) AS inside FROM m JOIN f USING (component) GROUP BY m.component)
        SELECT (row_number() OVER (ORDER BY agencies DESC, reports DESC, f.n))::INTEGER AS family, reports, agencies, areas, f.area, inside / reports AS area_share,
            first_year, last_year, b.report_id AS example_report_id,
            substring(t.text, p.start_char + 1, least(p.end_char - p.start_char, {_EXAMPLE})) AS example, report_ids
        FROM f JOIN a USING (component) JOIN base b ON b.n = f.n JOIN texts t ON t.report_id = b.report_id JOIN problem_parts p ON p.n = f.n
        ORDER BY family"""
    )
    corpus.connection.unregister("components")
    frame.attrs["method"] = (
        f"Connected groups of sections whose estimated similarity is at least {threshold}. " + _METHOD
    )
    return frame


def alignment(corpus: Corpus, report_id: str, other_report_id: str, *, least: int = 6) -> pd.DataFrame:
    """The common blocks of two reports' sections on problems, in text order.

    Columns: ``start_char, end_char, quote, other_start_char, other_end_char, characters``; offsets of the texts, blocks of at least ``least`` characters. Raises
    :class:`gia_nlp.mining.MiningError` for an unknown report.
    """
    import pandas as pd

    one, at = _section(corpus, report_id)
    other, other_at = _section(corpus, other_report_id)
    rows: list[dict[str, Any]] = [
        {
            "start_char": at + b.a, "end_char": at + b.a + b.size, "quote": one[b.a : b.a + b.size],
            "other_start_char": other_at + b.b, "other_end_char": other_at + b.b + b.size, "characters": b.size,
        }
        for b in SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
        if b.size >= max(1, least)
    ]  # fmt: skip
    columns = ["start_char", "end_char", "quote", "other_start_char", "other_end_char", "characters"]
    return pd.DataFrame(rows, columns=columns)


def _section(corpus: Corpus, report_id: str) -> tuple[str, int]:
    """The section on problems (the whole text where there is none) and where it begins."""
    text = report_text(corpus, report_id)
    corpus.need("sections")
    found = corpus.connection.execute(
        "SELECT min(start_char), max(end_char) FROM sections WHERE report_id = ? AND section = 'problems'", [report_id]
    ).fetchall()
    start, end = found[0]
    return (text, 0) if start is None else (text[start:end], int(start))
