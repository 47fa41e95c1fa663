"""The passages of tagged reports that a person could annotate: a section on problems whole, other prose in paragraphs.

Reports are read from the Parquet tables one after the other, so that memory does not grow with their number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from gia_nlp.annotation.convert import fact_from_row, item_from_row
from gia_nlp.annotation.records import GoldDocument, GoldError, GoldFact, GoldItem

LONGEST = 400  # characters of a passage with counts; a longer sentence is one all the same
SHORTEST = 24
_PIECE = re.compile(r"[^。！？!?\n]*[。！？!?\n]*")
_TABLE_LINE = re.compile(r"[\t|]|^[\d\s.,，、一二三四五六七八九十（）()]*$")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a report with what the pipeline found in it; offsets of marks count from the passage's start.

    ``kind`` is ``facts`` or ``items``; ``rows`` are the table rows of its marks, in the order of the marks.
    """

    report: Row
    kind: str
    section: str
    start: int
    text: str
    facts: tuple[GoldFact, ...]
    items: tuple[GoldItem, ...]
    rows: tuple[Row, ...]

    @property
    def id(self) -> str:
        """``<report_id>@<start>-<end>``."""
        return f"{self.report['report_id']}@{self.start}-{self.start + len(self.text)}"

    def to_document(self, **more: Any) -> GoldDocument:
        """The passage as a gold document of predictions, with what training wants to know beside it."""
        report = self.report
        found: dict[str, Any] = {"facts": self.facts} if self.kind == "facts" else {"items": self.items}
        return GoldDocument(
            self.id,
            self.text,
            none_reported=bool(report["none_reported"]) and not self.items if self.kind == "items" else None,
            meta={"issuer": report["issuer"], "year": report["year"], "form": report["form"]},
            predicted=True,
            more={
                "report_id": report["report_id"],
                "section": self.section,
                "start_char": self.start,
                "split": "train",
                "style": report["issuer"] or report["report_id"],
                "year": report["year"],
                **more,
            },
            **found,
        )


def read_passages(folder: Path, kinds: tuple[str, ...] = ("facts", "items")) -> Iterator[Passage]:
    """The passages of all reports of an output folder, in order. Raises :class:`GoldError` if it lacks tables."""
    from gia_nlp.frames.store import Grouped, read_rows, table_files

    names = ("reports", "texts", "sections", "cells", "facts", "items")
    missing = [name for name in names if not table_files(folder, name)]
    if missing:
        raise GoldError(
            f"{folder} lacks the tables {', '.join(missing)}",
            hint="give a folder that gia-nlp tag wrote with --format parquet",
        )
    columns = ["report_id", "issuer", "year", "form", "agency_kind", "level", "none_reported", "is_report"]
    groups = {name: Grouped(read_rows(folder, name), name) for name in ("sections", "facts", "items")}
    cells = _CellPlaces(folder)
    for report, text in zip(read_rows(folder, "reports", columns), read_rows(folder, "texts"), strict=True):
        own = {name: group.take(report["report_id"]) for name, group in groups.items()}
        yield from _of_report(report, text["text"], own, cells.take(report["report_id"]), kinds)


class _CellPlaces:
    """Where the cells of each report stand, batch by batch: the table `cells` is by far the longest."""

    def __init__(self, folder: Path) -> None:
        self._runs = self._read(folder)
        self._next = next(self._runs, None)

    @staticmethod
    def _read(folder: Path) -> Iterator[tuple[str, list[tuple[int, int]]]]:
        import pyarrow.compute as pc

        from gia_nlp.frames.store import read_batches

        for batch in read_batches(folder, "cells", ["report_id", "start_char", "end_char"]):
            runs = pc.run_end_encode(batch.column("report_id"))
            begin = 0
            for report_id, end in zip(runs.values.to_pylist(), runs.run_ends.to_pylist(), strict=True):
                part = batch.slice(begin, end - begin)
                starts, ends = part.column("start_char").to_pylist(), part.column("end_char").to_pylist()
                yield report_id, [(s, e) for s, e in zip(starts, ends, strict=True) if s is not None]
                begin = end

    def take(self, report_id: str) -> list[tuple[int, int]]:
        places: list[tuple[int, int]] = []
        while self._next is not None and self._next[0] == report_id:
            places += self._next[1]
            self._next = next(self._runs, None)
        return sorted(places)


def _of_report(
    report: Row, text: str, own: dict[str, list[Row]], cells: list[tuple[int, int]], kinds: tuple[str, ...]
) -> Iterator[Passage]:
    made = partial(_passage, report, text, own)
    for section in own["sections"]:
        start, end = section["start_char"], section["end_char"]
        if section["section"] == "problems" and "items" in kinds:
            first, last = _trimmed(text, start, end)
            if last - first >= SHORTEST:
                yield made("items", "problems", first, last)
        if "facts" in kinds:
            for first, last in paragraphs(text, start, end, cells):
                yield made("facts", section["section"], first, last)


def _passage(
    report: Row, text: str, own: dict[str, list[Row]], kind: str, section: str, start: int, end: int
) -> Passage:
    facts, items = [], []
    if kind == "facts":
        facts = [r for r in own["facts"] if start <= r["start_char"] and r["end_char"] <= end]
    else:
        items = [r for r in own["items"] if start <= r["start_char"] and r["end_char"] <= end]
    places = {row["item_id"]: i for i, row in enumerate(items)}
    return Passage(
        report,
        kind,
        section,
        start,
        text[start:end],
        tuple(_moved(fact_from_row(r), start) for r in facts),
        tuple(_moved(item_from_row(r, places), start) for r in items),
        tuple(facts or items),
    )


def _moved(mark: Any, by: int) -> Any:
    return replace(mark, start=mark.start - by, end=mark.end - by)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), end - (len(part) - len(part.rstrip()))


def paragraphs(text: str, start: int, end: int, cells: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Stretches of prose between ``start`` and ``end`` without cells of tables, cut at line ends and ends of sentences.

    >>> text = "一、总体情况\\n全年公开信息39条，其中网站20条，微信公众号19条，比上年增加3条。\\n1\\t2\\t3\\n收到申请4件。"
    >>> [text[a:b] for a, b in paragraphs(text, 0, len(text), [])]
    ['全年公开信息39条，其中网站20条，微信公众号19条，比上年增加3条。']
    """
    first: int | None = None
    last = start
    position = 0  # in cells
    for match in _PIECE.finditer(text, start, end):
        a, b = match.span()
        if a == b:
            continue
        while position < len(cells) and cells[position][1] <= a:
            position += 1
        inside = position < len(cells) and cells[position][0] < b
        line = match.group().strip()
        if inside or not line or _TABLE_LINE.search(line):
            if first is not None:
                yield from _long_enough(text, first, last)
            first = None
            continue
        if first is not None and b - first > LONGEST:
            yield from _long_enough(text, first, last)
            first = None
        if first is None:
            if "。" not in match.group() and "，" not in match.group():
                continue  # a heading
            first = a
        last = b
        if match.group().endswith("\n") and last - first >= LONGEST // 4:
            yield from _long_enough(text, first, last)
            first = None
    if first is not None:
        yield from _long_enough(text, first, last)


def _long_enough(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    start, end = _trimmed(text, start, end)
    if end - start >= SHORTEST:
        yield start, end
