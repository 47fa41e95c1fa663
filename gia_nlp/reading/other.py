"""Files that are known for what they are, and hold no report that could be read: a clear word instead of garbage."""

from __future__ import annotations

from gia_nlp.reading.errors import ReadingError
from gia_nlp.reading.registry import Reader
from gia_nlp.records import Document

_KINDS: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "a zip archive, no Word file", "Give the archive as an input: its members are read one by one."),
    (b"PK\x05\x06", "an empty zip archive", "Download it again."),
    (b"Rar!\x1a", "a RAR archive", "Unpack it first."),
    (b"7z\xbc\xaf", "a 7z archive", "Unpack it first."),
    (b"\x1f\x8b", "a gzip file", "Unpack it first."),
    *((b"BZh%d" % level, "a bzip2 file", "Unpack it first.") for level in range(1, 10)),
    (b"\xfd7zXZ\x00", "an xz file", "Unpack it first."),
    (b"\x28\xb5\x2f\xfd", "a zstd file", "Unpack it first."),
    (b"SQLite format 3", "a database", "Give the reports themselves."),
    (b"\x7fELF", "a program", "Give the reports themselves."),
    (b"PAR1", "a Parquet table", "Give it as an input by its name: its rows are read one by one."),
)
_TAR = (b"ustar\x00", b"ustar ")  # of POSIX and of GNU, in the first header


def accepts(data: bytes, name: str) -> bool:
    """Archives, programs and the like, by their first bytes.

    >>> accepts(b"Rar!\\x1a\\x07", "report.txt")
    True
    """
    return any(data.startswith(magic) for magic, _, _ in _KINDS) or _is_tar(data)


def _is_tar(data: bytes) -> bool:
    return data[257:263] in _TAR


def read(data: bytes, name: str) -> Document:
    """Always raises ``ReadingError``, with what the file is and what would help."""
    for part, what in (
        (b"xl/workbook", "an Excel file"),
        (b"ppt/slides", "a PowerPoint file"),
        (b"OFD.xml", "an OFD file"),
    ):
        if data.startswith(b"PK") and part in data:
            raise ReadingError(f"The file is {what}.", hint="Save it as PDF or docx.")
    for magic, what, hint in _KINDS:
        if data.startswith(magic):
            raise ReadingError(f"The file is {what}.", hint=hint)
    if _is_tar(data):
        raise ReadingError("The file is a tar archive.", hint="Unpack it first.")
    raise ReadingError("The file is no report.")


READER = Reader("other", 40.0, accepts, read)
