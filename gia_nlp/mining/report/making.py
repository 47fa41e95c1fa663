"""What every part of the page is made with: the corpus, the words, the book of evidence, where results go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gia_nlp.mining.corpus import Corpus, MiningError
from gia_nlp.mining.report.blocks import Block, Column, Figure, Note, Part, Table, table_of
from gia_nlp.mining.report.evidence import Book
from gia_nlp.mining.report.results import Results
from gia_nlp.mining.report.words import Words

if TYPE_CHECKING:
    import pandas as pd


@dataclass(slots=True)
class Making:
    """One page in the making. ``rows`` is the most rows that a table shows, ``pairs`` the most texts set side by side."""

    corpus: Corpus
    words: Words
    book: Book
    results: Sequence[Results]
    rows: int = 100
    pairs: int = 5
    reasons: dict[str, str] = field(default_factory=dict)

    def frame(self, name: str, make: Callable[[], pd.DataFrame]) -> pd.DataFrame | None:
        """A result, kept under ``name``; None where it cannot be made, and then ``reasons`` says why."""
        try:
            frame = make()
        except MiningError as error:
            self.reasons[name] = str(error)
            for results in self.results:
                results.keep_missing(name, str(error))
            return None
        self.keep(name, frame)
        return frame

    def keep(self, name: str, frame: pd.DataFrame) -> None:
        """Keeps a frame as CSV and JSON."""
        for results in self.results:
            results.keep(name, frame)

    def keep_query(self, name: str, query: str) -> None:
        """Keeps the rows of a query as CSV."""
        for results in self.results:
            results.keep_query(name, self.corpus, query)

    def one(self, query: str) -> tuple[Any, ...]:
        """The only row of a query."""
        row = self.corpus.connection.execute(query).fetchone()
        assert row is not None
        return row

    def part(self, id: str, blocks: Sequence[Block | None], *, missing: str | None = None) -> Part:
        """A part with the blocks that could be made; without any it says why."""
        made = [b for b in blocks if b is not None]
        shown = any(not isinstance(b, Note) for b in made)
        why = missing or (None if shown else self.why(id))
        return Part(id, self.words(f"parts.{id}"), self.words(f"leads.{id}"), made, why)

    def why(self, *names: str) -> str:
        """Why results could not be made: the reason that was given, else that nothing was found."""
        given = [self.reasons[n] for n in names if n in self.reasons]
        return " ".join(given) if given else self.words("page.nothing_found")

    def lacking(self, name: str) -> Note | None:
        """A note that a result could not be made, or nothing."""
        if name not in self.reasons:
            return None
        title = self.words(f"tables.{name}") if name in _titled(self.words) else name
        return Note(self.words("page.not_made", what=title, why=self.reasons[name]))

    def table(
        self,
        name: str,
        frame: pd.DataFrame | None,
        columns: Sequence[Column],
        *,
        note: str = "",
        total: int | None = None,
    ) -> Block | None:
        """The table of a result by its name; a note where it is empty or could not be made."""
        if frame is None:
            return self.lacking(name)
        title = self.words(f"tables.{name}")
        if frame.empty:
            return Note(self.words("page.empty", what=title))
        csv = f"{name}.csv"
        return table_of(self.words, f"t-{name}", title, frame, columns, most=self.rows, csv=csv, note=note, total=total)

    def figure(self, name: str, csv: str, draw: Callable[[str, str, str], str], *, note: str | None = None) -> Figure:
        """A figure: ``draw(id, title, description)`` returns its SVG."""
        title = self.words(f"figures.{name}")
        text = self.words(f"notes.{name}") if note is None else note
        return Figure(f"f-{name}", title, draw(f"f-{name}-svg", title, text), f"{csv}.csv", text)


def _titled(words: Words) -> Any:
    from gia_nlp.mining.report.words import all_words

    return all_words()["tables"]


__all__ = ["Column", "Making", "Table"]
