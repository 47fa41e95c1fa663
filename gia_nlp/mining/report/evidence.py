"""What stands behind each number of the page: a few reports and their words, all of them in a CSV file.

Numbers name what they rest on while the page is made; the words are then fetched for all of them at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from gia_nlp.mining.corpus import Corpus
from gia_nlp.mining.report.words import cut, missing

QUOTES_A_REPORT = 2


@dataclass(slots=True)
class Example:
    """A report with words of it. ``who`` is its agency, year and region."""

    report_id: str
    quote: str = ""
    note: str = ""
    who: str = ""


@dataclass(slots=True)
class Evidence:
    """The examples behind one number: ``total`` is how many there are, ``source`` the CSV that has them all."""

    id: str
    title: str
    total: int
    source: str
    examples: list[Example] = field(default_factory=list)


class Book:
    """The evidence of a page, by number; at most ``most`` examples each."""

    def __init__(self, most: int = 5) -> None:
        self.most = most
        self.entries: list[Evidence] = []
        self._reports: list[tuple[int, int, str, str | None, str | None]] = []
        self._items: list[tuple[int, int, str]] = []

    def _add(self, title: str, total: Any, source: str) -> Evidence:
        entry = Evidence(f"e{len(self.entries) + 1}", title, 0 if missing(total) else int(total), source)
        self.entries.append(entry)
        return entry

    def of_reports(
        self,
        title: str,
        total: Any,
        source: str,
        report_ids: Iterable[str],
        *,
        kind: str | None = "problem",
        categories: Sequence[str] = (),
        pairs: bool = False,
    ) -> str | None:
        """Reports with their items of ``kind`` and of each of ``categories``; no item where ``kind`` is None. Returns the id to link to.

        ``pairs``: the ids are pairs ``earlier > later``.
        """
        ids = list(report_ids)[: self.most]
        if not ids:
            return None
        entry = self._add(title, total, source)
        for place, one in enumerate(ids):
            halves = one.split(" > ") if pairs and one.count(" > ") == 1 else [one]
            for half, report_id in enumerate(halves):
                for category in categories or (None,):
                    self._reports.append((len(self.entries) - 1, place * 2 + half, report_id, kind, category))
        return entry.id

    def of_items(self, title: str, total: Any, source: str, item_ids: Iterable[str]) -> str | None:
        """Items by their ids."""
        ids = list(item_ids)[: self.most]
        if not ids:
            return None
        entry = self._add(title, total, source)
        self._items += [(len(self.entries) - 1, place, item_id) for place, item_id in enumerate(ids)]
        return entry.id

    def of_examples(self, title: str, total: Any, source: str, examples: Iterable[Example]) -> str | None:
        """Examples whose words are at hand."""
        some = list(examples)[: self.most]
        if not some:
            return None
        entry = self._add(title, total, source)
        entry.examples += some
        return entry.id

    def fetch(self, corpus: Corpus) -> None:
        """Fills in the words and who wrote them."""
        self._fetch_reports(corpus)
        self._fetch_items(corpus)
        wanted = sorted({x.report_id for e in self.entries for x in e.examples})
        who = _who(corpus, wanted)
        for entry in self.entries:
            for example in entry.examples:
                example.who = who.get(example.report_id, "")

    def _fetch_reports(self, corpus: Corpus) -> None:
        rows = _join(
            corpus,
            self._reports,
            ("entry", "place", "report_id", "kind", "category"),
            f"""SELECT w.entry, w.place, w.report_id, i.quote FROM wanted w LEFT JOIN items i ON i.report_id = w.report_id AND i.kind = w.kind
            AND (i.kind = 'remedy' OR i.status = 'current') AND (w.category IS NULL OR list_contains(i.categories, w.category))
            QUALIFY row_number() OVER (PARTITION BY w.entry, w.place, w.category ORDER BY i.start_char) <= {QUOTES_A_REPORT}
            ORDER BY w.entry, w.place, i.start_char""",
        )
        for entry, _, report_id, quote in rows:
            example = Example(report_id, cut(quote or ""))
            if example not in self.entries[entry].examples:  # an item of both categories
                self.entries[entry].examples.append(example)

    def _fetch_items(self, corpus: Corpus) -> None:
        rows = _join(
            corpus,
            self._items,
            ("entry", "place", "item_id"),
            """SELECT w.entry, w.place, i.report_id, i.quote FROM wanted w JOIN items i ON i.item_id = w.item_id
            ORDER BY w.entry, w.place""",
        )
        for entry, _, report_id, quote in rows:
            self.entries[entry].examples.append(Example(report_id, cut(quote)))


def _join(corpus: Corpus, wanted: Sequence[tuple[Any, ...]], names: Sequence[str], query: str) -> list[tuple[Any, ...]]:
    """The rows of a query over the table ``wanted``."""
    import pyarrow as pa

    if not wanted:
        return []
    types = [pa.int64() if n in ("entry", "place") else pa.string() for n in names]
    columns = [pa.array(list(c), t) for c, t in zip(zip(*wanted, strict=True), types, strict=True)]
    corpus.connection.register("wanted", pa.table(columns, names=list(names)))
    try:
        return corpus.connection.execute(query).fetchall()
    finally:
        corpus.connection.unregister("wanted")


def _who(corpus: Corpus, report_ids: Sequence[str]) -> dict[str, str]:
    query = "SELECT report_id, issuer, year, region FROM wanted JOIN base USING (report_id)"
    rows = _join(corpus, [(r,) for r in report_ids], ("report_id",), query)
    return {r: " · ".join(str(x) for x in (issuer, year, region) if x is not None) for r, issuer, year, region in rows}
