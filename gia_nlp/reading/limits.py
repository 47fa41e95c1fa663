"""How large and how deep a file may be before it is refused: what no report needs, and what files made to harm live from.

Defaults hold unless the environment variable ``GIA_NLP_LIMITS`` says otherwise, such as ``GIA_NLP_LIMITS="file=1GB, pages=5000"``;
worker processes inherit it. :func:`limited` changes them for a block of Python. Time and memory are limited elsewhere, by the
process that reads (``--timeout``, ``--memory``).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields, replace
from functools import cache

VARIABLE = "GIA_NLP_LIMITS"
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?", re.IGNORECASE)


class LimitsError(ValueError):
    """A setting of limits that says nothing."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may have. Sizes are bytes, the others counts.

    >>> Limits().file >> 20, Limits().nesting
    (256, 1)
    """

    file: int = 256 << 20
    """Bytes of a file, and of a member of an archive unpacked."""
    part: int = 32 << 20
    """Bytes of one part (XML) of a Word file unpacked. The longest reports have 3 MB."""
    archive: int = 64 << 30
    """Bytes of all members of an archive unpacked, as its list of contents claims."""
    ratio: int = 200
    """How many times its packed size an archive, or a member of more than ``ratio_from`` bytes, may have unpacked."""
    ratio_from: int = 16 << 20
    """From how many unpacked bytes on ``ratio`` counts."""
    members: int = 200_000
    """Members of an archive."""
    nesting: int = 1
    """How many archives deep inside an archive are opened."""
    text: int = 20_000_000
    """Characters of a document's text. The longest reports have 100,000."""
    cells: int = 200_000
    """Cells of one table."""
    positions: int = 5_000_000
    """Positions of one table that spans cover; beyond, the spans are not believed and each cell counts once."""
    pages: int = 2_000
    """Pages of a PDF that are read; those behind are left with a note."""
    pixels: int = 120_000_000
    """Pixels of an image."""
    frames: int = 200
    """Pages of an image (TIFF)."""


def _parsed(text: str) -> Limits:
    names = {field.name for field in fields(Limits)}
    wanted: dict[str, int] = {}
    for part in re.split(r"[,;\s]+(?=[a-z_]+\s*=)", text.strip().strip(",;")):
        name, _, value = (p.strip() for p in part.partition("="))
        match = _SIZE.fullmatch(value)
        if name not in names or not match:
            what = f"{part!r} in {VARIABLE} is no limit"
            raise LimitsError(f"{what}; write name=number or name=256MB, with a name of {', '.join(sorted(names))}")
        wanted[name] = int(float(match[1]) * 1024 ** " KMGT".index(match[2].upper() or " "))
    return replace(Limits(), **wanted)


@cache
def parse_limits(text: str) -> Limits:
    """The limits that a setting names, the others as they are by default. Raises ``LimitsError``.

    >>> parse_limits("file=1GB, pages=5000").pages
    5000
    >>> parse_limits("pages=many")
    Traceback (most recent call last):
    gia_nlp.reading.limits.LimitsError: 'pages=many' in GIA_NLP_LIMITS is no limit; write name=number or name=256MB, with a name of archive, cells, file, frames, members, nesting, pages, part, pixels, positions, ratio, ratio_from, text
    """
    return _parsed(text) if text.strip() else Limits()


_here: ContextVar[Limits | None] = ContextVar("gia_nlp_limits", default=None)


def limits() -> Limits:
    """The limits that hold now. Raises ``LimitsError`` if the environment's are none."""
    return _here.get() or parse_limits(os.environ.get(VARIABLE, ""))


@contextmanager
def limited(**changes: int) -> Iterator[Limits]:
    """Other limits inside a ``with`` block, in this thread.

    >>> with limited(pages=3) as changed:
    ...     limits().pages, changed.file == Limits().file
    (3, True)
    """
    changed = replace(limits(), **changes)
    token = _here.set(changed)
    try:
        yield changed
    finally:
        _here.reset(token)


def more(name: str, example: str) -> str:
    """The hint how to allow more.

    >>> more("file", "1GB")
    'If it is a report all the same, allow more with GIA_NLP_LIMITS="file=1GB" and --retry-failed.'
    """
    return f'If it is a report all the same, allow more with {VARIABLE}="{name}={example}" and --retry-failed.'


def megabytes(size: int) -> str:
    """A size for people.

    >>> megabytes(256 << 20), megabytes(3 << 30), megabytes(1000)
    ('256 MB', '3 GB', '1000 bytes')
    """
    if size >= 1 << 30:
        return f"{size / (1 << 30):.3g} GB"
    return f"{size / (1 << 20):.3g} MB" if size >= 1 << 20 else f"{size} bytes"
