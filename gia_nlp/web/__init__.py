"""The local page: browse, search, compare and correct the reports of one output folder.

Rendered on the server, so that it works without scripts and can be tested route by route; the script that there is makes marks
answer to clicks and takes a selection over into a form. Needs the extra ``web``.

>>> from gia_nlp.web import Filters
>>> Filters.read({"year": "2024", "category": "timeliness"}).query()
'year=2024&category=timeliness'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gia_nlp.web.app import make_app as make_app
    from gia_nlp.web.app import serve as serve
    from gia_nlp.web.corrections import Corrections as Corrections
    from gia_nlp.web.filters import Filters as Filters
    from gia_nlp.web.index import Index as Index
    from gia_nlp.web.training import training_rows as training_rows
    from gia_nlp.web.training import write_training as write_training

_HOMES = {
    "Corrections": "corrections",
    "Filters": "filters",
    "Index": "index",
    "make_app": "app",
    "serve": "app",
    "training_rows": "training",
    "write_training": "training",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    """Imports a public name when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
