"""The parts of the page, one function each, in the order in which they stand."""

from __future__ import annotations

from collections.abc import Callable

from gia_nlp.mining.report.blocks import Part
from gia_nlp.mining.report.making import Making


def all_parts() -> dict[str, Callable[[Making], Part]]:
    """The parts by id."""
    from gia_nlp.mining.report.parts import checks, judging, naming, overview, remedies, series, texts

    return {
        "overview": overview.overview,
        "series": series.series,
        "recurrence": naming.recurrence,
        "persistence": naming.persistence,
        "spells": naming.spells,
        "cooccurrence": naming.cooccurrence,
        "unanswered": remedies.unanswered,
        "promises": remedies.promises,
        "repetition": texts.repetition,
        "copies": texts.copies,
        "families": texts.families,
        "leftovers": texts.leftovers,
        "contradictions": checks.contradictions,
        "sums": checks.sums,
        "quality": judging.quality,
        "association": judging.association,
        "themes": texts.themes,
    }
