"""Plain text and markdown: the decoded file as it is; tables in it are the business of structure."""

from __future__ import annotations

from pathlib import PurePosixPath

from gia_nlp.reading.blocks import digest
from gia_nlp.reading.encoding import decode
from gia_nlp.reading.registry import Reader
from gia_nlp.records import Document

_MARKDOWN = {".md", ".markdown", ".mdown"}


def accepts(data: bytes, name: str) -> bool:
    """Text is what is left when no other format claims the content; ``decode`` refuses what is none."""
    return True


def read(data: bytes, name: str) -> Document:
    """A text or markdown file as a document without grids.

    >>> read("\\ufeff一、总体情况\\r\\n".encode(), "a.txt").text
    '一、总体情况\\r\\n'
    """
    decoded = decode(data)
    suffix = PurePosixPath(name.lower()).suffix
    return Document(
        text=decoded.text,
        path=name,
        format="markdown" if suffix in _MARKDOWN else "text",
        sha256=digest(data),
        encoding=decoded.encoding,
        warnings=decoded.warnings,
    )


READER = Reader("text", 100.0, accepts, read)
