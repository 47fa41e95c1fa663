"""One report out of the written tables: its rows as records, so that what renders reports can render it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gia_nlp.records import Cell, Change, Check, Fact, Issue, Item, Metadata, Report, Section
from gia_nlp.web.index import Index

Row = dict[str, Any]
_META = (
    "title",
    "issuer",
    "region",
    "adcode",
    "level",
    "agency_kind",
    "year",
    "published_on",
    "form",
    "is_report",
    "none_reported",
    "language_note",
)


@dataclass(frozen=True, slots=True)
class Stored:
    """A report of the tables. ``sha256`` is that of its text; ``other_ids`` are those that its checks compare it with."""

    report: Report
    sha256: str


def read_stored(index: Index, report_id: str) -> Stored | None:
    """The report, or ``None`` if the tables have none of this id."""

    def rows(table: str, order: str = "") -> list[Row]:
        return index.rows(f"SELECT * FROM {table} WHERE report_id = ? {order}", [report_id])

    found, texts = rows("reports"), rows("texts")
    if not found or not texts:
        return None
    row, text = found[0], texts[0]["text"]
    placed = "ORDER BY start_char, end_char"
    items = rows("items", placed)
    places = {item["item_id"]: n for n, item in enumerate(items)}
    sections = [
        Section(s["section"], s["heading"], s["start_char"], _body(s, text), s["end_char"])
        for s in rows("sections", placed)
    ]
    report = Report(
        report_id=report_id,
        text=text,
        path=row["path"] or "",
        format=row["format"] or "",
        sha256=row["sha256"] or "",
        meta=Metadata(**{name: row[name] for name in _META}),
        sections=tuple(sections),
        cells=tuple(
            Cell(
                c["form"] or "", c["form_table"], c["form_row"], c["form_column"], c["value"], c["unit"], c["kind"],
                c["raw"] or "", c["note"], c["start_char"], c["end_char"],
            )
            for c in rows("cells")
        ),
        checks=tuple(
            Check(
                c["rule"], c["scope"], c["left_value"], c["right_value"], c["difference"], c["status"], c["note"],
                c["other_report_id"],
            )
            for c in rows("checks")
        ),
        facts=tuple(_fact(f) for f in rows("facts", placed)),
        items=tuple(_item(i, places) for i in items),
        errors=tuple(Issue(e["stage"], e["error"], e["message"], e["hint"]) for e in rows("errors")),
        pipeline_version=row["pipeline_version"] or "",
    )  # fmt: skip
    return Stored(report, texts[0]["text_sha256"])


def _body(section: Row, text: str) -> int:
    """Where the heading ends: the table keeps its words, not its length in the text."""
    heading, start = section["heading"], section["start_char"]
    if not heading:
        return int(start)
    at = text.find(heading, start, section["end_char"])
    return int(at + len(heading) if at >= 0 else min(start + len(heading), section["end_char"]))


def _fact(f: Row) -> Fact:
    change = f["change_direction"] and Change(f["change_value"], f["change_unit"], f["change_direction"])
    return Fact(
        f["indicator"], f["value"], f["start_char"], f["end_char"], f["quote"], f["value_max"], f["bound"], f["unit"],
        f["channel"], f["period"], f["topic"], change or None, f["section"], f["decided_by"], f["rule_id"], f["score"],
    )  # fmt: skip


def _item(i: Row, places: dict[str, int]) -> Item:
    return Item(
        i["kind"], i["status"], i["start_char"], i["end_char"], i["quote"], tuple(i["categories"]),
        tuple(i["category_scores"]), tuple(places[r] for r in i["remedies"] if r in places), i["decided_by"], i["score"],
    )  # fmt: skip
