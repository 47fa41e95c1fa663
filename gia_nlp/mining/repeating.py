"""How much of a report stood in the agency's report on the year before."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from gia_nlp.mining.corpus import Corpus, MiningError
from gia_nlp.mining.sentences import EDGE, SHORT, add_sentences, letters, split

if TYPE_CHECKING:
    import pandas as pd

_CLOSE = 0.3  # by how much the lengths of near duplicates may differ
_LIKE = 0.6  # from which ratio (difflib) a sentence of one report is shown as a changed one of the other
METHOD = (
    f"Sentences are what 。！？； end, of at least {SHORT} letters; compared are their letters, without numbers, marks and list markers. repeated: the "
    f"same letters stand in the agency's report on the year before. near: not the same, but the first {EDGE} or the last {EDGE} letters of a sentence there, and "
    f"lengths within {_CLOSE:.0%}. Cells and headings are left out."
)


def add_repetition(corpus: Corpus) -> None:
    """Makes the table ``repetition`` (n, previous_n and counts of sentences) once."""
    if "repetition" in corpus.made:
        return
    add_sentences(corpus)
    run = corpus.connection.execute
    run(
        """CREATE TEMP TABLE own AS SELECT s.rowid AS id, s.n, f.previous_n, s.problems, s.head, s.tail, s.size, o.n IS NOT NULL AS repeated
        FROM sentences s JOIN following f USING (n)
        LEFT JOIN (SELECT DISTINCT n, hash FROM sentences) o ON o.n = f.previous_n AND o.hash = s.hash"""
    )
    near = " UNION ".join(
        f"""SELECT e.id FROM (SELECT * FROM own WHERE NOT repeated) e SEMI JOIN sentences o ON o.n = e.previous_n AND o.{edge} = e.{edge}
        AND abs(o.size::INTEGER - e.size::INTEGER) <= {_CLOSE} * greatest(o.size, e.size)"""
        for edge in ("head", "tail")
    )
    run(
        f"""CREATE TABLE repetition AS SELECT n, any_value(previous_n) AS previous_n, count(*) AS sentences,
        count(*) FILTER (WHERE repeated) AS repeated, count(x.id) AS near,
        count(*) FILTER (WHERE problems) AS problem_sentences, count(*) FILTER (WHERE problems AND repeated) AS problem_repeated,
        count(x.id) FILTER (WHERE problems) AS problem_near
        FROM own LEFT JOIN ({near}) x USING (id) GROUP BY n"""
    )
    run("DROP TABLE own")
    corpus.made.add("repetition")


def repetition(corpus: Corpus) -> pd.DataFrame:
    """A row a report that has one by the same agency on the year before.

    Columns: ``report_id, previous_report_id, agency_id, issuer, region, level, agency_kind, year, sentences, repeated, near, share (repeated / sentences), share_near ((repeated + near) /
    sentences), problem_sentences, problem_repeated, problem_near, problem_share, problem_share_near`` (of the section on problems alone). Sentences are compared by
    their letters: numbers, marks and list markers aside. Shares are null where there is no sentence.
    """
    add_repetition(corpus)
    frame = corpus.sql(
        """SELECT b.report_id, o.report_id AS previous_report_id, b.agency_id, b.issuer, b.region, b.level, b.agency_kind, b.year,
        sentences, repeated, near, repeated / nullif(sentences, 0) AS share, (repeated + near) / nullif(sentences, 0) AS share_near,
        problem_sentences, problem_repeated, problem_near, problem_repeated / nullif(problem_sentences, 0) AS problem_share,
        (problem_repeated + problem_near) / nullif(problem_sentences, 0) AS problem_share_near
        FROM repetition r JOIN base b USING (n) JOIN base o ON o.n = r.previous_n ORDER BY b.n"""
    )
    frame.attrs["method"] = METHOD
    return frame


def report_text(corpus: Corpus, report_id: str) -> str:
    """The text of a report; raises :class:`MiningError` for an unknown one."""
    corpus.need("texts")
    found = corpus.connection.execute("SELECT text FROM texts WHERE report_id = ?", [report_id]).fetchall()
    if not found:
        raise MiningError(f"no report is called {report_id}")
    return str(found[0][0])


def repeated_sentences(corpus: Corpus, report_id: str) -> pd.DataFrame:
    """The sentences of a report beside those of the year before that they repeat, in text order.

    Columns: ``kind ('exact', 'near', 'new'), section, quote, start_char, end_char, previous_report_id, previous_quote, previous_start_char, previous_end_char, similarity``
    (difflib, of the letters; ``near`` from 0.6). Empty where there is no report on the year before. Raises :class:`MiningError` for an unknown report.
    """
    import pandas as pd

    text = report_text(corpus, report_id)
    columns = ["kind", "section", "quote", "start_char", "end_char", "previous_report_id", "previous_quote", "previous_start_char", "previous_end_char", "similarity"]  # fmt: skip
    before = corpus.connection.execute(
        "SELECT previous_report_id FROM following WHERE report_id = ?", [report_id]
    ).fetchall()
    if not before:
        return pd.DataFrame([], columns=columns)
    other_id = str(before[0][0])
    sections = corpus.connection.execute(
        "SELECT start_char, end_char, section FROM sections WHERE report_id = ? ORDER BY start_char", [report_id]
    ).fetchall()
    rows = [
        {"section": _section(sections, row["start_char"]), "previous_report_id": other_id, **row}
        for row in compare(text, report_text(corpus, other_id))
    ]
    return pd.DataFrame(rows, columns=columns)


def _section(sections: list[tuple[int, int, str]], at: int) -> str:
    return next((name for start, end, name in sections if start <= at < end), "unknown")


def compare(text: str, other: str) -> list[dict[str, Any]]:
    """Each sentence of a text with the most like one of another, as rows without the reports' ids.

    >>> [(r["kind"], r["previous_quote"]) for r in compare("全年组织业务培训3次。", "全年组织业务培训12次。无其他事项。")]
    [('exact', '全年组织业务培训12次')]
    """
    olds = [(letters(other[a:b]), a, b) for a, b in split(other)]
    exact: dict[str, tuple[int, int]] = {}
    edges: dict[tuple[str, bool], list[int]] = {}
    for i, (words, a, b) in enumerate(olds):
        exact.setdefault(words, (a, b))
        edges.setdefault((words[:EDGE], True), []).append(i)
        edges.setdefault((words[-EDGE:], False), []).append(i)
    rows = []
    for a, b in split(text):
        words = letters(text[a:b])
        kind, found, ratio = "new", exact.get(words), 1.0
        if found:
            kind = "exact"
        else:
            near = [*edges.get((words[:EDGE], True), ()), *edges.get((words[-EDGE:], False), ())]
            ratios = [(SequenceMatcher(None, words, olds[i][0], autojunk=False).ratio(), i) for i in near]
            ratio, best = max(ratios, default=(0.0, -1))
            if ratio >= _LIKE:
                kind, found = "near", olds[best][1:]
        old = found or (None, None)
        rows.append({
            "kind": kind, "quote": text[a:b], "start_char": a, "end_char": b, "previous_quote": other[old[0] : old[1]] if found else None,
            "previous_start_char": old[0], "previous_end_char": old[1], "similarity": ratio if found else None,
        })  # fmt: skip
    return rows
