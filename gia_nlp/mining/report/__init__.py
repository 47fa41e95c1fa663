"""The page of a corpus: every analysis of :mod:`gia_nlp.mining` as one HTML file, its data as CSV beside it.

``write_report(corpus, path, lang="zh")`` makes both; ``write_json(corpus, stream)`` all results as JSON.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gia_nlp.mining.report.writing import Written as Written
    from gia_nlp.mining.report.writing import write_json as write_json
    from gia_nlp.mining.report.writing import write_report as write_report

__all__ = ["Written", "write_json", "write_report"]


def __getattr__(name: str) -> Any:
    """Imports a public name when it is first used."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("gia_nlp.mining.report.writing"), name)
