"""Texts that come again: a year later, at another agency, from another agency; and what no category fits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gia_nlp import mining
from gia_nlp.mining.report.blocks import Block, Column, Part, Side, SideBySide, records
from gia_nlp.mining.report.charts import Bar, column_chart
from gia_nlp.mining.report.evidence import Example
from gia_nlp.mining.report.line_charts import Panel, Spot, small_multiples
from gia_nlp.mining.report.making import Making
from gia_nlp.mining.report.words import cut, missing, number, percent

if TYPE_CHECKING:
    import pandas as pd

SENTENCES = 30
CHARACTERS = 1500


def repetition(making: Making) -> Part:
    """How much of the reports stood in those of the year before; the most repetitive ones beside them."""
    words, corpus = making.words, making.corpus
    frame = making.frame("repetition", lambda: mining.repetition(corpus))
    if frame is None or frame.empty:
        return making.part("repetition", [], missing=making.reasons.get("repetition", words("page.needs_years")))
    ordered = frame.sort_values(
        ["share_near", "sentences", "report_id"], ascending=[False, False, True], kind="stable", ignore_index=True
    )
    columns = [
        Column("issuer"), Column("year", "year"), Column("sentences", "count"), Column("repeated", "count"), Column("near", "count"),
        Column("share_near", "share"), Column("problem_sentences", "count"), Column("problem_share_near", "share"), Column("report_id", "report"),
        Column("previous_report_id", "report"),
    ]  # fmt: skip
    blocks: list[Block | None] = [_repetition_years(making, frame), making.table("repetition", ordered, columns)]
    for place, row in enumerate(records(ordered[ordered["share_near"] > 0].head(making.pairs)), 1):
        sentences = mining.repeated_sentences(corpus, row["report_id"])
        blocks.append(_sentences(making, place, row, sentences))
    return making.part("repetition", blocks)


def _repetition_years(making: Making, frame: pd.DataFrame) -> Block:
    import pandas as pd

    words = making.words
    panels, rows = [], []
    for name in ("share_near", "problem_share_near"):
        spots = []
        for year, some in frame[frame[name].notna()].groupby("year", sort=True):
            low, median, high = (float(x) for x in some[name].quantile([0.25, 0.5, 0.75]))
            rows.append((name, year, len(some), median, low, high))
            hint = words("hints.quartiles", what=f"{words.column(name)} {year}", median=percent(median), low=percent(low), high=percent(high), n=len(some))  # fmt: skip
            most = some.sort_values([name, "report_id"], ascending=[False, True], kind="stable").head(making.book.most)
            examples = [
                Example(r["report_id"], "", f"{percent(r[name])} ← {r['previous_report_id']}") for r in records(most)
            ]
            target = making.book.of_examples(hint, len(some), "repetition.csv", examples)
            spots.append(Spot(int(str(year)), median, low, high, hint, target))
        panels.append(Panel(words.column(name), tuple(spots)))
    making.keep(
        "repetition_years",
        pd.DataFrame(rows, columns=["what", "year", "reports", "median", "lower_quartile", "upper_quartile"]),
    )
    return making.figure(
        "repetition_years", "repetition_years", lambda i, t, d: small_multiples(i, t, d, panels, share=True)
    )


def _sentences(making: Making, place: int, row: dict[str, Any], sentences: pd.DataFrame) -> Block:
    words = making.words
    rows, pair = [], 0
    for one in records(sentences.head(SENTENCES)):
        common = one["kind"] != "new"
        pair += common
        number_or_none = pair if common else None
        right = [] if missing(one["previous_quote"]) else [(cut(one["previous_quote"], 400), number_or_none)]
        note = words.value(one["kind"])
        if one["kind"] == "near" and not missing(one["similarity"]):
            note += f" {number(one['similarity'], 2)}"
        rows.append(Side([(cut(one["quote"], 400), number_or_none)], right, note))
    title = words(
        "page.repeats", issuer=_known(making, row["issuer"]), year=row["year"], share=percent(row["share_near"])
    )
    shown = words("page.of", shown=min(SENTENCES, len(sentences)), total=number(len(sentences)))
    return SideBySide(f"r-{place}", title, (row["report_id"], row["previous_report_id"]), rows, shown)


def copies(making: Making) -> Part:
    """Sections on problems that two agencies share, the most alike beside each other."""
    words, corpus = making.words, making.corpus
    frame = making.frame("copies", lambda: mining.copies(corpus))
    if frame is None or frame.empty:
        return making.part("copies", [], missing=making.why("copies"))
    columns = [
        Column("issuer"), Column("year", "year"), Column("other_issuer"), Column("other_year", "year"), Column("similarity", "share"),
        Column("aligned", "share"), Column("longest", "quote"), Column("shared_sentences", "count"), Column("sentences", "count"),
        Column("report_id", "report"), Column("other_report_id", "report"),
    ]  # fmt: skip
    blocks: list[Block | None] = [making.table("copies", frame, columns)]
    for place, row in enumerate(records(frame.head(making.pairs)), 1):
        common = mining.alignment(corpus, row["report_id"], row["other_report_id"])
        if common.empty:
            continue
        blocks_left = [(int(s), int(e)) for s, e in zip(common["start_char"], common["end_char"], strict=True)]
        blocks_right = [
            (int(s), int(s) + e - b) for s, (b, e) in zip(common["other_start_char"], blocks_left, strict=True)
        ]
        side = Side(
            _marked(making, row["report_id"], blocks_left), _marked(making, row["other_report_id"], blocks_right)
        )
        title = words(
            "page.copied",
            a=_known(making, row["issuer"]),
            b=_known(making, row["other_issuer"]),
            share=percent(row["similarity"]),
        )
        blocks.append(SideBySide(f"c-{place}", title, (row["report_id"], row["other_report_id"]), [side]))
    return making.part("copies", blocks)


def _known(making: Making, name: Any) -> str:
    return making.words("page.unknown") if missing(name) else str(name)


def _marked(making: Making, report_id: str, common: list[tuple[int, int]]) -> list[tuple[str, int | None]]:
    """The section around the common blocks, in pieces; blocks carry their number in the order given."""
    start, end = min(s for s, _ in common), max(e for _, e in common)
    found = making.corpus.connection.execute(
        """SELECT start_char, end_char FROM sections WHERE report_id = ? AND start_char <= ? AND end_char >= ?
        ORDER BY end_char - start_char LIMIT 1""",
        [report_id, start, end],
    ).fetchone()
    first, last = found or (start, end)
    (text,) = making.corpus.connection.execute(
        "SELECT text FROM texts WHERE report_id = ?", [report_id]
    ).fetchone() or ("",)
    last = min(last, first + CHARACTERS) if end <= first + CHARACTERS else min(end, first + 4 * CHARACTERS)
    pieces: list[tuple[str, int | None]] = []
    at = first
    for s, e, pair in sorted((s, e, i) for i, (s, e) in enumerate(common, 1)):
        if s < at or e > last:
            continue
        if s > at:
            pieces.append((text[at:s], None))
        pieces.append((text[s:e], pair))
        at = e
    if at < last:
        pieces.append((text[at:last], None))
    return pieces


def families(making: Making) -> Part:
    """Templates that many agencies fill in."""
    frame = making.frame("families", lambda: mining.families(making.corpus))
    if frame is None or frame.empty:
        return making.part("families", [], missing=making.why("families"))

    def behind(row: dict[str, Any]) -> str | None:
        examples = [Example(r) for r in list(row["report_ids"])[: making.book.most]]
        return making.book.of_examples(
            making.words("hints.family", n=row["family"]), row["reports"], "families.csv", examples
        )

    columns = [
        Column("family"), Column("reports", "count", behind), Column("agencies", "count"), Column("areas", "count"), Column("area"),
        Column("area_share", "share"), Column("first_year", "year"), Column("last_year", "year"), Column("example", "quote"),
        Column("example_report_id", "report"),
    ]  # fmt: skip
    top = records(frame.sort_values(["agencies", "family"], ascending=[False, True], kind="stable").head(20))
    labels = [str(r["family"]) for r in top]
    stacks = [
        [
            Bar(
                r["agencies"],
                making.words("hints.family_size", n=r["family"], agencies=r["agencies"], reports=r["reports"]),
                behind(r),
            )
        ]
        for r in top
    ]
    return making.part("families", [
        making.figure("families", "families", lambda i, t, d: column_chart(i, t, d, labels, stacks, axis=making.words("axes.family_agencies"))),
        making.table("families", frame, columns),
    ])  # fmt: skip


def leftovers(making: Making) -> Part:
    """Traces of another agency."""
    frame = making.frame("leftovers", lambda: mining.leftovers(making.corpus))
    return making.part("leftovers", [making.table("leftovers", frame, [
        Column("issuer"), Column("agency_kind"), Column("year", "year"), Column("kind", "value"), Column("term"), Column("belongs_to"),
        Column("quote", "quote"), Column("confidence", "number"), Column("report_id", "report"),
    ])])  # fmt: skip


def themes(making: Making) -> Part:
    """Groups of what no category fits."""
    frame = making.frame("themes", lambda: mining.themes(making.corpus))
    if frame is None or frame.empty:
        return making.part("themes", [], missing=making.why("themes"))

    def behind(row: dict[str, Any]) -> str | None:
        return making.book.of_items(
            making.words("hints.theme", n=row["theme"]), row["items"], "themes.csv", row["item_ids"]
        )

    columns = [
        Column("theme"), Column("terms", "list"), Column("items", "count", behind), Column("reports", "count"), Column("agencies", "count"),
        Column("first_year", "year"), Column("last_year", "year"), Column("cohesion", "number"), Column("example", "quote"),
    ]  # fmt: skip
    shown = frame.assign(example=frame["quotes"].str[0])
    return making.part("themes", [making.table("themes", shown, columns)])
