"""Output tables: their schema, reports as DataFrames, files in five formats, finishing, one report to look at.

>>> from gia_nlp import frames
>>> sorted(frames.to_frames([]))[:3]
['cells', 'checks', 'errors']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gia_nlp.frames.convert import to_frames as to_frames
    from gia_nlp.frames.external import ExternalTableError as ExternalTableError
    from gia_nlp.frames.external import read_external as read_external
    from gia_nlp.frames.finishing import finish as finish
    from gia_nlp.frames.output import FORMATS as FORMATS
    from gia_nlp.frames.output import OutputError as OutputError
    from gia_nlp.frames.output import write_frames as write_frames
    from gia_nlp.frames.output import write_reports as write_reports
    from gia_nlp.frames.schema import tables as tables
    from gia_nlp.frames.store import read_frames as read_frames

_HOMES = {
    "ExternalTableError": "external",
    "FORMATS": "output",
    "OutputError": "output",
    "finish": "finishing",
    "read_external": "external",
    "read_frames": "store",
    "tables": "schema",
    "to_frames": "convert",
    "write_frames": "output",
    "write_reports": "output",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    """Imports a public name when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
