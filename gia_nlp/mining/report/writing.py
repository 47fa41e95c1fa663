"""All analyses of a corpus, written as a page with its data, as JSON, or both from one run."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from gia_nlp.mining.corpus import Corpus
from gia_nlp.mining.report.evidence import Book
from gia_nlp.mining.report.making import Making
from gia_nlp.mining.report.page import render
from gia_nlp.mining.report.parts import all_parts
from gia_nlp.mining.report.results import CsvResults, JsonResults, Results
from gia_nlp.mining.report.words import Words


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the page, the folder of its data, the names of the CSV files in it, the parts that could not be made."""

    page: Path
    data: Path
    csv: tuple[str, ...]
    missing: tuple[str, ...]


def write_report(
    corpus: Corpus,
    path: str | Path,
    *,
    lang: str = "zh",
    data: str | Path | None = None,
    json_to: TextIO | None = None,
    examples: int = 5,
    rows: int = 100,
    pairs: int = 5,
) -> Written:
    """Writes the page ``path`` and its data, ``<name of the page>_data/*.csv`` beside it or in the folder ``data``.

    ``lang``: zh or en. ``json_to`` takes all results as JSON from the same run. ``examples`` is the most examples behind a number,
    ``rows`` the most rows of a table, ``pairs`` the most texts set side by side: they bound the page, the CSV files have all rows. The
    same tables give the same bytes. Raises ``ValueError`` for another language, ``OSError`` where nothing can be written.
    """
    words = Words(lang)
    page = Path(path)
    folder = page.with_name(f"{page.stem}_data") if data is None else Path(data)
    page.parent.mkdir(parents=True, exist_ok=True)
    csv = CsvResults(folder)
    sinks: list[Results] = [csv]
    stream = None if json_to is None else JsonResults(json_to)
    if stream is not None:
        sinks.append(stream)
    book = Book(examples)
    making = Making(corpus, words, book, sinks, rows=rows, pairs=pairs)
    parts = [make(making) for make in all_parts().values()]
    book.fetch(corpus)
    if stream is not None:
        stream.close()
    beside = Path(os.path.relpath(folder, page.parent)).as_posix()
    html = render(corpus.folder.resolve().name, words, parts, book.entries, beside)
    page.write_text(html, encoding="utf-8", newline="\n")
    return Written(page, folder, tuple(csv.names), tuple(p.id for p in parts if p.missing))


def write_json(corpus: Corpus, stream: TextIO, *, lang: str = "zh") -> None:
    """Writes all results as one JSON object: name → ``{"rows": [...], "method": ...}``, or ``{"missing": "why"}``."""
    results = JsonResults(stream)
    making = Making(corpus, Words(lang), Book(), [results], pairs=0)
    for make in all_parts().values():
        make(making)
    results.close()
