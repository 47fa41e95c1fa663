"""The corpus: which reports there are, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from gia_nlp.mining.report.blocks import Block, Column, Note, Part, records
from gia_nlp.mining.report.charts import Bar, column_chart
from gia_nlp.mining.report.evidence import Example
from gia_nlp.mining.report.making import Making
from gia_nlp.mining.report.words import cut, missing

if TYPE_CHECKING:
    import pandas as pd

_LEVELS: list[str | None] = ["国家", "省", "市", "县", "乡街", None]


def overview(making: Making) -> Part:
    """Counts, reports by year and level, regions, errors."""
    corpus = making.corpus
    years = corpus.sql(
        f"""SELECT year, level, count(*) AS reports, min(report_id, {making.book.most}) AS report_ids FROM base
        GROUP BY ALL ORDER BY year, level"""
    )
    years["year"] = years["year"].astype("Int64")
    making.keep("overview_years", years)
    making.keep_query("reports", "SELECT * FROM reports ORDER BY report_id")
    blocks: list[Block | None] = [_counts(making), _years(making, years), *_groups(making), _errors(making)]
    if "adcode" in corpus.columns("reports") and not making.one("SELECT count(adcode) FROM reports")[0]:
        blocks.append(Note(making.words("page.no_adcodes")))
    if not making.one("SELECT count(*) FROM following")[0]:
        blocks.append(Note(making.words("page.one_year"), strong=True))
    return making.part("overview", blocks)


def _counts(making: Making) -> Block | None:
    import pandas as pd

    counts = {
        "documents": "SELECT count(*) FROM reports",
        "reports": "SELECT count(*) FROM base",
        "agencies": "SELECT count(DISTINCT agency_id) FROM base",
        "without_agency": "SELECT count(*) FROM base WHERE agency_id IS NULL",
        "without_year": "SELECT count(*) FROM base WHERE year IS NULL",
        "further_of_year": "SELECT count(*) FROM base WHERE agency_id IS NOT NULL AND year IS NOT NULL AND NOT first",
        "year_pairs": "SELECT count(*) FROM following",
        "lists_items": "SELECT count(*) FROM base WHERE lists AND NOT none_reported",
        "says_none": "SELECT count(*) FROM base WHERE none_reported",
        "problems": "SELECT count(*) FROM items WHERE kind = 'problem'",
        "remedies": "SELECT count(*) FROM items WHERE kind = 'remedy'",
    }
    if "facts" in making.corpus.tables:
        counts["facts"] = "SELECT count(*) FROM facts"
    rows = [(making.words(f"counts.{name}"), making.one(query)[0], name) for name, query in counts.items()]
    frame = pd.DataFrame(rows, columns=["what", "count", "name"])
    making.keep("overview_counts", frame)
    examples = {
        "without_agency": "agency_id IS NULL",
        "without_year": "year IS NULL",
        "further_of_year": "agency_id IS NOT NULL AND year IS NOT NULL AND NOT first",
        "says_none": "none_reported",
        "reports": "true",
        "lists_items": "lists AND NOT none_reported",
    }

    def behind(row: dict[str, Any]) -> str | None:
        name = str(row["name"])
        if name not in examples or not row["count"]:
            return None
        ids = making.one(f"SELECT min(report_id, {making.book.most}) FROM base WHERE {examples[name]}")[0] or []
        return making.book.of_reports(str(row["what"]), row["count"], "reports.csv", ids, kind=None)

    return making.table("overview_counts", frame, [Column("what"), Column("count", "count", behind)])


def _years(making: Making, years: pd.DataFrame) -> Block:
    words = making.words
    labels = list(dict.fromkeys(years["year"].tolist()))
    levels = in_order(years["level"])
    names = [words("page.unknown") if x is None else words.value(x) for x in levels]
    cells = {}
    for row in records(years):
        year = words("page.unknown") if missing(row["year"]) else str(row["year"])
        level = None if missing(row["level"]) else row["level"]
        name = names[levels.index(level)]
        hint = words("hints.reports", what=f"{year} · {name}", n=row["reports"])
        target = making.book.of_reports(hint, row["reports"], "reports.csv", row["report_ids"], kind=None)
        cells[(year, level)] = Bar(row["reports"], hint, target)
    texts = [words("page.unknown") if missing(y) else str(y) for y in labels]
    stacks = [[cells.get((t, x), Bar(0, "")) for x in levels] for t in texts]
    return making.figure(
        "overview_years",
        "overview_years",
        lambda id, title, text: column_chart(
            id, title, text, texts, stacks, legend=names, axis=words("axes.year_reports")
        ),
    )


def in_order(levels: Iterable[Any]) -> list[str | None]:
    """The levels that occur, from the state down; unknown last.

    >>> in_order(["县", None, "省", "县"])
    ['省', '县', None]
    """
    found = {None if missing(x) else str(x) for x in levels}
    known = [x for x in _LEVELS if x in found]
    return (
        known[: len(known) - (None in found)]
        + sorted(x for x in found if x not in _LEVELS and x)
        + [None] * (None in found)
    )


def _groups(making: Making) -> list[Block | None]:
    blocks: list[Block | None] = []
    for name in ("region", "agency_kind", "form"):
        frame = making.corpus.sql(
            f"""SELECT {name}, count(*) AS reports, count(DISTINCT agency_id) AS agencies, min(year) AS first_year, max(year) AS last_year,
            count(*) FILTER (WHERE lists) AS listing, min(report_id, {making.book.most}) AS report_ids
            FROM base GROUP BY {name} ORDER BY reports DESC, {name}"""
        )
        making.keep(f"overview_{name}", frame)

        def behind(row: dict[str, Any], name: str = name) -> str | None:
            title = making.words("hints.reports", what=row[name] or making.words("page.unknown"), n=row["reports"])
            ids = row["report_ids"]
            return making.book.of_reports(
                title, row["reports"], "reports.csv", list(ids) if ids is not None else [], kind=None
            )

        columns = [
            Column(name, "value"), Column("reports", "count", behind), Column("agencies", "count"),
            Column("first_year", "year"), Column("last_year", "year"), Column("listing", "count"),
        ]  # fmt: skip
        blocks.append(making.table(f"overview_{name}", frame, columns))
    return blocks


def _errors(making: Making) -> Block | None:
    if "errors" not in making.corpus.tables:
        return Note(making.words("page.no_errors_table"))
    frame = making.corpus.sql(
        f"""SELECT stage, error, count(*) AS files, min({{'path': coalesce(report_id, path), 'message': message}}, {making.book.most}) AS examples
        FROM errors GROUP BY ALL ORDER BY files DESC, stage, error"""
    )
    making.keep("overview_errors", frame.drop(columns="examples"))
    making.keep_query("errors", "SELECT * FROM errors ORDER BY report_id, path, stage, message")

    def behind(row: dict[str, Any]) -> str | None:
        some = row["examples"]
        examples = [Example(x["path"] or "", cut(x["message"] or "")) for x in some]
        return making.book.of_examples(f"{row['stage']} · {row['error']}", row["files"], "errors.csv", examples)

    return making.table(
        "overview_errors", frame, [Column("stage", "value"), Column("error"), Column("files", "count", behind)]
    )
