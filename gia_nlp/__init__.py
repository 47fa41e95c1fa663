"""Reads China's annual government disclosure reports into tidy, traceable tables.

>>> import gia_nlp
>>> report = gia_nlp.tag_text("三、依申请公开\\n全年收到申请12件。")
>>> frames = gia_nlp.to_frames([report])
>>> len(frames["reports"])
1

Everything public is imported when it is first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from gia_nlp.frames.convert import to_frames as to_frames
    from gia_nlp.frames.output import write_frames as write_frames
    from gia_nlp.frames.output import write_reports as write_reports
    from gia_nlp.frames.store import read_frames as read_frames
    from gia_nlp.pipeline import load as load
    from gia_nlp.pipeline import tag as tag
    from gia_nlp.pipeline import tag_many as tag_many
    from gia_nlp.pipeline import tag_text as tag_text
    from gia_nlp.reading import ReadingError as ReadingError
    from gia_nlp.reading import read as read
    from gia_nlp.records import Cell as Cell
    from gia_nlp.records import Change as Change
    from gia_nlp.records import Check as Check
    from gia_nlp.records import Document as Document
    from gia_nlp.records import Fact as Fact
    from gia_nlp.records import Issue as Issue
    from gia_nlp.records import Item as Item
    from gia_nlp.records import Report as Report
    from gia_nlp.records import Section as Section

_HOMES = {
    "Cell": "records",
    "Change": "records",
    "Check": "records",
    "Document": "records",
    "Fact": "records",
    "Issue": "records",
    "Item": "records",
    "ReadingError": "reading",
    "Report": "records",
    "Section": "records",
    "load": "pipeline",
    "read": "reading",
    "read_frames": "frames.store",
    "tag": "pipeline",
    "tag_many": "pipeline",
    "tag_text": "pipeline",
    "to_frames": "frames.convert",
    "write_frames": "frames.output",
    "write_reports": "frames.output",
}
__all__ = ["__version__", *sorted(_HOMES)]


def __getattr__(name: str) -> Any:
    """Imports a public name when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
