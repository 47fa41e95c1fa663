"""What many reports say together: recurrence, persistence, repetition, promises, contradictions, association, themes.

Works on the written tables of ``gia-nlp tag`` through DuckDB; every function takes a :class:`Corpus` and returns a DataFrame whose
rows name the reports, items or facts that they rest on. How a figure is made stands in ``frame.attrs["method"]``.

>>> from gia_nlp import mining
>>> mining.wilson(3, 10)
(0.1078, 0.6032)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gia_nlp.mining.associating import association as association
    from gia_nlp.mining.associating import regression_frame as regression_frame
    from gia_nlp.mining.clustering import themes as themes
    from gia_nlp.mining.copying import alignment as alignment
    from gia_nlp.mining.copying import copies as copies
    from gia_nlp.mining.copying import families as families
    from gia_nlp.mining.corpus import Corpus as Corpus
    from gia_nlp.mining.corpus import MiningError as MiningError
    from gia_nlp.mining.corpus import open as open
    from gia_nlp.mining.disagreeing import breaks as breaks
    from gia_nlp.mining.disagreeing import contradictions as contradictions
    from gia_nlp.mining.disagreeing import failed_sums as failed_sums
    from gia_nlp.mining.foreign import leftovers as leftovers
    from gia_nlp.mining.harmonising import panel as panel
    from gia_nlp.mining.harmonising import series as series
    from gia_nlp.mining.harmonising import series_coverage as series_coverage
    from gia_nlp.mining.intervals import wilson as wilson
    from gia_nlp.mining.lasting import spell_survival as spell_survival
    from gia_nlp.mining.lasting import spells as spells
    from gia_nlp.mining.recurring import cooccurrence as cooccurrence
    from gia_nlp.mining.recurring import persistence as persistence
    from gia_nlp.mining.recurring import recurrence as recurrence
    from gia_nlp.mining.remedies import promise_rates as promise_rates
    from gia_nlp.mining.remedies import promises as promises
    from gia_nlp.mining.remedies import unanswered_problems as unanswered_problems
    from gia_nlp.mining.remedies import unanswered_rates as unanswered_rates
    from gia_nlp.mining.repeating import repeated_sentences as repeated_sentences
    from gia_nlp.mining.repeating import repetition as repetition
    from gia_nlp.mining.scoring import quality as quality

_HOMES = {
    "Corpus": "corpus",
    "MiningError": "corpus",
    "alignment": "copying",
    "association": "associating",
    "breaks": "disagreeing",
    "contradictions": "disagreeing",
    "cooccurrence": "recurring",
    "copies": "copying",
    "failed_sums": "disagreeing",
    "families": "copying",
    "leftovers": "foreign",
    "open": "corpus",
    "panel": "harmonising",
    "persistence": "recurring",
    "promise_rates": "remedies",
    "promises": "remedies",
    "quality": "scoring",
    "recurrence": "recurring",
    "regression_frame": "associating",
    "repeated_sentences": "repeating",
    "repetition": "repeating",
    "series": "harmonising",
    "series_coverage": "harmonising",
    "spell_survival": "lasting",
    "spells": "lasting",
    "themes": "clustering",
    "unanswered_problems": "remedies",
    "unanswered_rates": "remedies",
    "wilson": "intervals",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    """Imports a public name when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
