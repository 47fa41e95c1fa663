"""Our reports and output tables as gold documents, and gold documents as reports.

A report holds more than the gold format (checks, cells as printed, headings): that way it is lost. What is made from
gold has neither checks nor places of cells, but the same facts, items, sections, numbers and metadata.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gia_nlp.annotation.records import GoldDocument, GoldError, GoldFact, GoldItem, GoldSection
from gia_nlp.records import Cell, Change, Fact, Item, Metadata, Report, Section

_META = ("issuer", "region", "year", "form")
Row = dict[str, Any]


def from_report(report: Report) -> GoldDocument:
    """A report that was tagged as a gold document of predictions.

    >>> from gia_nlp import tag_text
    >>> document = from_report(tag_text("一、总体情况\\n全年收到申请12件。"))
    >>> document.predicted, document.facts[0].quote, document.facts[0].score is not None
    (True, '12件', True)
    """
    from gia_nlp.frames.convert import report_rows

    rows = report_rows(report)
    if not rows["reports"]:
        raise GoldError(f"{report.report_id} could not be read: there is nothing to annotate")
    return _from_rows(rows["reports"][0], rows["texts"][0]["text"], rows)


def read_output(folder: str | Path) -> Iterator[GoldDocument]:
    """The reports of a folder that ``gia-nlp tag`` wrote (Parquet) as gold documents of predictions, one at a time.

    Raises :class:`GoldError` if the folder has no such tables.
    """
    from gia_nlp.frames.store import Grouped, read_rows, table_files

    folder = Path(folder)
    parts = ("sections", "cells", "facts", "items")
    missing = [name for name in ("reports", "texts", *parts) if not table_files(folder, name)]
    if missing:
        raise GoldError(
            f"{folder} lacks the tables {', '.join(missing)}",
            hint="give a folder that gia-nlp tag wrote with --format parquet",
        )
    groups = {name: Grouped(read_rows(folder, name), name) for name in parts}
    for report, text in zip(read_rows(folder, "reports"), read_rows(folder, "texts"), strict=True):
        if report["report_id"] != text["report_id"]:
            raise GoldError(f"{folder}: the tables reports and texts differ in order", hint="write the tables anew")
        yield _from_rows(report, text["text"], {name: g.take(report["report_id"]) for name, g in groups.items()})


def is_output(folder: Path) -> bool:
    """Whether a folder holds the Parquet tables of ``gia-nlp tag``."""
    from gia_nlp.frames.store import table_files

    return bool(table_files(folder, "reports"))


def _from_rows(report: Row, text: str, rows: dict[str, list[Row]]) -> GoldDocument:
    places = {row["item_id"]: i for i, row in enumerate(rows["items"])}
    tables: dict[str, dict[str, float | None]] = {}
    open_cells: dict[str, list[str]] = {}
    for cell in rows["cells"]:
        if cell["form_table"] == "unknown":
            continue
        key = f"{cell['form_row']}.{cell['form_column']}"
        if tables.setdefault(cell["form_table"], {}).get(key) is None:
            tables[cell["form_table"]][key] = cell["value"]
        if cell["kind"] == "ambiguous":
            open_cells.setdefault(cell["form_table"], []).append(key)
    return GoldDocument(
        id=report["report_id"],
        text=text,
        facts=tuple(fact_from_row(row) for row in rows["facts"]),
        items=tuple(item_from_row(row, places) for row in rows["items"]),
        none_reported=bool(report["none_reported"]),
        source=report["path"],
        meta={name: report[name] for name in _META},
        sections=tuple(GoldSection(s["section"], s["start_char"], s["end_char"]) for s in rows["sections"]),
        tables=tables,
        undecidable=open_cells or None,
        predicted=True,
    )


def fact_from_row(row: Row) -> GoldFact:
    """A row of the table `facts` as a gold fact with its score."""
    direction = row["change_direction"]
    return GoldFact(
        row["indicator"], row["value"], row["start_char"], row["end_char"], row["quote"], row["value_max"], row["bound"],
        row["unit"], row["channel"], row["period"], row["topic"],
        Change(row["change_value"], row["change_unit"], direction) if direction else None, row["score"],
    )  # fmt: skip


def item_from_row(row: Row, places: dict[str, int]) -> GoldItem:
    """A row of the table `items`; ``places`` tells the index of each item_id among the document's items."""
    return GoldItem(
        row["kind"],
        row["status"],
        row["start_char"],
        row["end_char"],
        row["quote"],
        tuple(row["categories"]),
        tuple(places[r] for r in row["remedies"] if r in places),
        row["score"],
    )


# --------------------------------------------------------------------------- back


def to_report(document: GoldDocument) -> Report:
    """A gold document as a report, for the tables (``gia_nlp.to_frames``), the page and whatever else reads reports.

    Facts and items without a place in the text are left out: a report's evidence always has one.
    """
    meta = document.meta or {}
    items = document.items or ()
    placed = [i for i, item in enumerate(items) if item.start is not None]
    index = {old: new for new, old in enumerate(placed)}
    form = meta.get("form")
    return Report(
        report_id=document.id,
        text=document.text,
        path=document.source or "",
        format="gold",
        sha256="",
        meta=Metadata(
            issuer=meta.get("issuer"),
            region=meta.get("region"),
            year=meta.get("year"),
            form=form,
            is_report=document.tables is not None,
            none_reported=bool(document.none_reported),
        ),
        sections=tuple(
            Section(s.id, None, s.start, s.start, s.end)
            for s in document.sections or ()
            if s.start is not None and s.end is not None
        ),
        cells=_cells(document, form or ""),
        facts=tuple(
            _fact(document, f, f.start, f.end)
            for f in document.facts or ()
            if f.start is not None and f.end is not None
        ),
        items=tuple(_item(items[i], index) for i in placed),
        pipeline_version="gold" if not document.predicted else "",
    )


def _fact(document: GoldDocument, fact: GoldFact, start: int, end: int) -> Fact:
    section = next((s.id for s in document.sections or () if (s.start or 0) <= start < (s.end or 0)), "unknown")
    return Fact(
        fact.indicator, fact.value, start, end, fact.quote, fact.value_max, fact.bound, fact.unit, fact.channel,
        fact.period, fact.topic, fact.change, section, score=1.0 if fact.score is None else fact.score,
    )  # fmt: skip


def _item(item: GoldItem, index: dict[int, int]) -> Item:
    assert item.start is not None and item.end is not None
    return Item(
        item.kind,
        item.when,
        item.start,
        item.end,
        item.quote,
        item.categories,
        (1.0,) * len(item.categories),
        tuple(index[r] for r in item.remedies if r in index),
        score=1.0 if item.score is None else item.score,
    )


def _cells(document: GoldDocument, form: str) -> tuple[Cell, ...]:
    made = []
    for table, cells in (document.tables or {}).items():
        unsure = set((document.undecidable or {}).get(table, ()))
        for key, value in cells.items():
            row, _, column = key.rpartition(".")
            kind = "number" if value else "zero" if value == 0 else "ambiguous" if key in unsure else "empty"
            made.append(Cell(form, table, row, column, value, None, kind, ""))
    return tuple(made)
