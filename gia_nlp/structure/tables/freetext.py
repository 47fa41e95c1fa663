"""Labels and runs of numbers in text whose cells no border parts: glued, blank-separated, wrapped anywhere."""

from __future__ import annotations

from dataclasses import dataclass

from gia_nlp.structure.tables.hits import Hit, find_hits, loose
from gia_nlp.structure.tables.page import Page, open_page
from gia_nlp.structure.tables.rows import Free
from gia_nlp.structure.tables.runs import Run, find_runs


@dataclass(slots=True)
class Scan:
    """Labels and runs of a free text, in order; ``loose`` where blanks stand inside words of labels (:func:`is_loose`)."""

    free: Free
    page: Page
    hits: tuple[Hit, ...]
    runs: tuple[Run, ...]
    loose: bool


def scan(free: Free) -> Scan:
    """Finds labels and runs. Linear in the text's length."""
    page = open_page(free.view.text)
    hits = find_hits(page)
    return Scan(free, page, hits, tuple(find_runs(page, hits)), loose(free.view.text, hits))


def is_loose(scanned: Scan) -> bool:
    """Whether blanks stand inside words of a table's labels, so that blanks inside numbers part nothing either."""
    return scanned.loose
