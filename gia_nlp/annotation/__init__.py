"""Annotation: the gold format of the guide, exchange with annotation tools, suggestions for what to annotate next.

>>> from gia_nlp import annotation
>>> sorted(annotation.FORMATS)
['doccano', 'labelstudio', 'spacy']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gia_nlp.annotation.convert import from_report as from_report
    from gia_nlp.annotation.convert import read_output as read_output
    from gia_nlp.annotation.convert import to_report as to_report
    from gia_nlp.annotation.exchange import FORMATS as FORMATS
    from gia_nlp.annotation.exchange import export_to as export_to
    from gia_nlp.annotation.exchange import import_from as import_from
    from gia_nlp.annotation.exchange import read_from as read_from
    from gia_nlp.annotation.exchange import read_source as read_source
    from gia_nlp.annotation.files import load_gold as load_gold
    from gia_nlp.annotation.files import save_gold as save_gold
    from gia_nlp.annotation.records import GoldDocument as GoldDocument
    from gia_nlp.annotation.records import GoldError as GoldError
    from gia_nlp.annotation.records import GoldFact as GoldFact
    from gia_nlp.annotation.records import GoldItem as GoldItem
    from gia_nlp.annotation.records import GoldSection as GoldSection
    from gia_nlp.annotation.spacy_docs import from_doc as from_doc
    from gia_nlp.annotation.spacy_docs import to_doc as to_doc
    from gia_nlp.annotation.spacy_docs import to_example as to_example
    from gia_nlp.annotation.suggesting import suggest as suggest

_HOMES = {
    "FORMATS": "exchange",
    "GoldDocument": "records",
    "GoldError": "records",
    "GoldFact": "records",
    "GoldItem": "records",
    "GoldSection": "records",
    "export_to": "exchange",
    "from_doc": "spacy_docs",
    "from_report": "convert",
    "import_from": "exchange",
    "load_gold": "files",
    "read_from": "exchange",
    "read_output": "convert",
    "read_source": "exchange",
    "save_gold": "files",
    "suggest": "suggesting",
    "to_doc": "spacy_docs",
    "to_example": "spacy_docs",
    "to_report": "convert",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    """Imports a public name when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
