"""Which reader takes a file: readers are asked in order of priority, and look at the content before the name."""

from __future__ import annotations

import importlib
import stat
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from gia_nlp.reading.errors import ReadingError
from gia_nlp.reading.limits import LimitsError, limits, megabytes, more
from gia_nlp.records import Document

# Modules with a READER each. They are imported at the first read, their libraries when one of them is used.
_BUILT_IN = ("pdf", "docx", "office", "mht", "image", "other", "html", "text")


@dataclass(frozen=True, slots=True)
class Reader:
    """A format: ``accepts(data, name)`` says whether a file is one, ``read(data, name)`` makes the document of it.

    The lowest ``priority`` is asked first; a reader that takes whatever is left has the highest.
    """

    name: str
    priority: float
    accepts: Callable[[bytes, str], bool]
    read: Callable[[bytes, str], Document]


_registered: dict[str, Reader] = {}


def register(reader: Reader) -> None:
    """Adds a reader, or replaces the one of that name.

    >>> register(Reader("ofd", 10.0, lambda data, name: name.endswith(".ofd"), lambda data, name: Document("…")))
    >>> "ofd" in [r.name for r in readers()]
    True
    >>> unregister("ofd")
    """
    readers()
    _registered[reader.name] = reader


def unregister(name: str) -> None:
    """Takes a reader away; unknown names raise ``KeyError``."""
    del _registered[name]


def readers() -> list[Reader]:
    """All readers in the order in which they are asked."""
    if not _registered:
        for module in _BUILT_IN:
            reader: Reader = importlib.import_module(f"gia_nlp.reading.{module}").READER
            _registered[reader.name] = reader
    return sorted(_registered.values(), key=lambda r: r.priority)


def reader_for(data: bytes, name: str) -> Reader:
    """The first reader that accepts a file."""
    for reader in readers():
        if reader.accepts(data, name):
            return reader
    raise ReadingError(f"No reader takes {name}.", hint="Give a report as text, HTML, docx or PDF.")


def read_bytes(data: bytes, name: str) -> Document:
    """The document in a file's bytes. ``name`` helps only where the content does not say what it is.

    Raises ``ReadingError`` and nothing else, however damaged the file is.

    >>> read_bytes("一、总体情况".encode("utf-16"), "report.txt").text
    '一、总体情况'
    """
    try:
        allowed = limits()
    except LimitsError as error:
        raise ReadingError(f"{error}.", hint="Correct the environment variable.") from None
    _check_size(len(data), allowed.file)
    if not data.strip(b"\x00 \t\r\n"):
        raise ReadingError("The file is empty or blank.", hint="Download or export it again.")
    reader = reader_for(data, name)
    try:
        document = reader.read(data, name)
    except ReadingError:
        raise
    except MemoryError:
        raise ReadingError(
            f"The {reader.name} file needs more memory than there is.", hint="Read it alone, or with more memory."
        ) from None
    except RecursionError:
        message = f"The {reader.name} file nests its elements too deep."
        raise ReadingError(message, hint="Open it with its own program and save it as PDF.") from None
    except Exception as error:
        # Libraries raise what they like on damaged files; for the caller it is one thing: this file is lost.
        message = f"The {reader.name} file is damaged: {type(error).__name__}: {error}"
        raise ReadingError(message, hint="Open it with its own program and save it again.") from error
    if not document.text.strip():
        raise ReadingError(f"The {reader.name} file holds no text.", hint="Its content may be in images or frames.")
    if len(document.text) > allowed.text:
        message = f"The text has {len(document.text):,} characters; up to {allowed.text:,} are read."
        raise ReadingError(message, hint=more("text", str(2 * len(document.text))))
    return replace(document, path=document.path or name)


def _check_size(size: int, most: int) -> None:
    if size > most:
        message = f"The file is larger than {megabytes(most)}: {megabytes(size)}."
        raise ReadingError(message, hint=more("file", megabytes(2 * size).replace(" ", "")))


def read(source: str | Path) -> Document:
    """The document in a file. Raises ``ReadingError``, also when the file cannot be opened."""
    path = Path(source)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) and not stat.S_ISDIR(status.st_mode):
            raise ReadingError(f"{path} is a pipe or a device, no file.", hint="Save what it gives to a file.")
        _check_size(status.st_size, limits().file)
        data = path.read_bytes()
    except LimitsError as error:
        raise ReadingError(f"{error}.", hint="Correct the environment variable.") from None
    except IsADirectoryError:
        raise ReadingError(f"{path} is a folder.", hint="Give a file in it; `gia-nlp tag` takes folders.") from None
    except PermissionError as error:
        raise ReadingError(
            f"Cannot open {path}: {error.strerror or error}.", hint="Give yourself read access."
        ) from error
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        what = getattr(error, "strerror", None) or error
        raise ReadingError(f"Cannot open {path}: {what}.", hint="Check the path; a link may lead nowhere.") from error
    return replace(read_bytes(data, path.name), path=str(path))
