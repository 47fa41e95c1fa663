"""A source: where the bytes of one report are. Small and picklable, as it holds no content."""

from __future__ import annotations

import io
import os
import posixpath
import stat
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from gia_nlp.reading.limits import Limits, limits, megabytes, more


class SourceError(Exception):
    """An input that is missing, cannot be opened or is too large. ``passing``: it may be there the next time."""

    def __init__(self, message: str, *, hint: str | None = None, passing: bool = False) -> None:
        super().__init__(message)
        self.hint = hint
        self.passing = passing


class DuplicateIdError(SourceError):
    """Two inputs that would write rows under one id."""


class Readable(Protocol):
    """What can be read: a file (:class:`Source`), a row of a table, a text in memory."""

    @property
    def report_id(self) -> str:
        """The id of the report that it becomes."""
        ...

    @property
    def path(self) -> str:
        """Where it lies, for people."""
        ...

    @property
    def reader_name(self) -> str:
        """A name whose ending tells the format, where the content does not."""
        ...

    @property
    def size(self) -> int:
        """Bytes, as far as they are known before reading."""
        ...

    @property
    def stamp(self) -> str:
        """A date, a version or a digest: the same size and stamp, the same content. Empty where there is none."""
        ...

    def read_bytes(self) -> bytes:
        """The content. Raises :class:`SourceError` where it cannot be had."""
        ...


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read, inside an archive or not.

    ``path`` is for people (an archive's member stands behind ``!/``), ``file`` and ``members`` say where the bytes are:
    the file on disk (or a URL) and the raw names of the archive members that lead to it. ``fault`` is what finding it already met:
    reading it then fails with those words and ``hint``, and the run goes on. ``size`` (bytes) and ``stamp`` tell whether it changed
    since another run.
    """

    report_id: str
    path: str
    file: str
    members: tuple[str, ...] = ()
    fault: str | None = None
    size: int = 0
    stamp: str = ""
    hint: str | None = None

    @property
    def name(self) -> str:
        """The file's own name."""
        return posixpath.basename(self.path.replace(os.sep, "/"))

    @property
    def reader_name(self) -> str:
        """The path, for readers that go by its ending."""
        return self.path

    def read_bytes(self) -> bytes:
        """The content. Raises ``SourceError`` where the file is gone, the archive damaged or a member too large."""
        if self.fault is not None:
            raise SourceError(self.fault, hint=self.hint)
        try:
            if not self.members:
                if not is_url(self.file):
                    check_file(Path(self.file), self.path)
                with open_file(self.file) as file:
                    return _within_limit(file, self.path)
            archive = _opened(self.file, self.members[:-1], self.path)
            return member_bytes(archive, archive.getinfo(self.members[-1]), self.path)
        except SourceError:
            raise
        except OSError as error:
            raise SourceError(f"Cannot open {self.path}: {error.strerror or error}.", passing=True) from error
        except MemoryError:
            raise
        except Exception as error:  # zlib, lzma and remote file systems have errors of their own
            if not self.members and is_url(self.file):
                raise SourceError(f"Cannot open {self.path}: {error}.", passing=True) from error
            raise SourceError(f"Cannot unpack {self.path}: {error}.") from error


def duplicate(source: Readable) -> DuplicateIdError:
    """The error for the second source of one id."""
    return DuplicateIdError(
        f"Two inputs have the id {source.report_id!r}; the second is {source.path}.",
        hint="give a folder above both, or rename one",
    )


def is_url(file: str) -> bool:
    """Whether a name is a URL that fsspec opens: ``s3://bucket/a.zip``; a drive letter is none."""
    scheme, colon, _ = file.partition("://")
    return bool(colon) and len(scheme) > 1 and scheme.replace("+", "").replace("-", "").isalnum()


def open_file(file: str, *, anywhere: bool = False) -> IO[bytes]:
    """Opens a file or a URL for reading; ``anywhere`` if not only from its beginning on."""
    if is_url(file):
        from gia_nlp.running.remote import open_url

        return open_url(file, anywhere=anywhere)
    return Path(file).open("rb")


# --------------------------------------------------------------------------- members of archives

_last: dict[tuple[str, tuple[str, ...]], zipfile.ZipFile] = {}


def _opened(file: str, outer: tuple[str, ...], path: str) -> zipfile.ZipFile:
    """The archive that holds a member. The last one stays open: its list of contents is read once, not once a member."""
    key = (file, outer)
    if key not in _last:
        if outer:
            around = _opened(file, outer[:-1], path)
            handle: IO[bytes] = io.BytesIO(member_bytes(around, around.getinfo(outer[-1]), path))
        else:
            handle = open_file(file, anywhere=True)
        for archive in _last.values():
            archive.close()
            if archive.fp is not None:
                archive.fp.close()
        _last.clear()
        try:
            _last[key] = zipfile.ZipFile(handle)
        except BaseException:
            handle.close()
            raise
    return _last[key]


def member_bytes(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: str) -> bytes:
    """A member's content, never more than the limit, whatever its header claims."""
    if info.flag_bits & 1:
        raise SourceError(f"{path} is encrypted. Unpack it with its password first.")
    allowed = limits()
    if is_bomb(info, allowed):
        times = info.file_size // max(1, info.compress_size)
        raise SourceError(
            f"{path} would be {times:,} times as large unpacked: {megabytes(info.file_size)}.",
            hint=f"It may be made to fill the memory. {more('ratio', str(2 * times))}",
        )
    with archive.open(info) as member:
        return _within_limit(member, path)


def is_bomb(info: zipfile.ZipInfo, allowed: Limits) -> bool:
    """Whether a member would grow as no report does."""
    return info.file_size > max(allowed.ratio_from, allowed.ratio * info.compress_size)


def _within_limit(file: IO[bytes], path: str) -> bytes:
    """What a file holds, never more than the limit, whatever its size was said to be."""
    most = limits().file
    data = file.read(most + 1)
    if len(data) > most:
        raise SourceError(
            f"{path} is larger than {megabytes(most)}.", hint=more("file", megabytes(2 * most).replace(" ", ""))
        )
    return data


def check_file(path: Path, name: str) -> None:
    """Raises ``SourceError`` for a pipe or a device, which may never end, and for a file over the limit before it is read."""
    status = path.stat()
    if stat.S_ISFIFO(status.st_mode) or stat.S_ISSOCK(status.st_mode):
        raise SourceError(f"{name} is a pipe, no file.", hint="Save what it gives to a file.")
    if stat.S_ISCHR(status.st_mode) or stat.S_ISBLK(status.st_mode):
        raise SourceError(f"{name} is a device, no file.", hint="Give files of reports.")
    allowed = limits().file
    if status.st_size > allowed:
        raise SourceError(
            f"{name} is larger than {megabytes(allowed)}: {megabytes(status.st_size)}.",
            hint=more("file", megabytes(2 * status.st_size).replace(" ", "")),
        )
