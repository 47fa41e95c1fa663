"""What to read: files, folders, globs and zip archives as a lazy stream of sources with ids that stay.

A source's id is ``<name of the input root>/<relative path>`` in POSIX style, for a file given by itself the name of its
folder and its own; a member of an archive follows the archive's id behind ``!/``.
"""

from __future__ import annotations

import glob
import io
import logging
import os
import posixpath
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

_TEXT = (".txt", ".text", ".md", ".markdown")
_PAGES = (".html", ".htm", ".shtml", ".xhtml", ".mht", ".mhtml")
_PAPERS = (".pdf", ".docx", ".docm", ".doc", ".wps", ".rtf")
READABLE = frozenset((*_TEXT, *_PAGES, *_PAPERS))
ARCHIVES = frozenset({".zip"})
LARGEST_MEMBER = 256 << 20
LARGEST_ARCHIVE = 4 << 30
MOST_MEMBERS = 200_000
_NESTED = 1  # archives inside an archive are opened, archives inside those are not
_LITTER = ("__MACOSX", "Thumbs.db", "desktop.ini", "~$")

log = logging.getLogger(__name__)


class SourceError(Exception):
    """An input that is missing, cannot be opened or is too large."""


class DuplicateIdError(SourceError):
    """Two inputs that would write rows under one id."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read, inside an archive or not; small and picklable, as it holds no content.

    ``path`` is for people (an archive's member stands behind ``!/``), ``file`` and ``members`` say where the bytes are:
    the file on disk and the raw names of the archive members that lead to it. ``fault`` is what finding it already met:
    reading it then fails with those words, and the run goes on.
    """

    report_id: str
    path: str
    file: str
    members: tuple[str, ...] = ()
    fault: str | None = None

    @property
    def name(self) -> str:
        """The file's own name, for readers that go by its ending."""
        return posixpath.basename(self.path.replace(os.sep, "/"))

    def read_bytes(self) -> bytes:
        """The content. Raises ``SourceError`` where the file is gone, the archive damaged or a member too large."""
        if self.fault is not None:
            raise SourceError(self.fault)
        try:
            if not self.members:
                return Path(self.file).read_bytes()
            data: bytes | None = None
            for member in self.members:
                with zipfile.ZipFile(self.file if data is None else io.BytesIO(data)) as archive:
                    data = _member_bytes(archive, archive.getinfo(member), self.path)
            return data or b""
        except OSError as error:
            raise SourceError(f"Cannot open {self.path}: {error.strerror or error}.") from error
        except (zipfile.BadZipFile, KeyError, NotImplementedError, EOFError, zipfile.LargeZipFile) as error:
            raise SourceError(f"Cannot unpack {self.path}: {error}.") from error
        except Exception as error:  # zlib and lzma have errors of their own
            if isinstance(error, SourceError):
                raise
            raise SourceError(f"Cannot unpack {self.path}: {error}.") from error


def find_sources(inputs: Iterable[str | Path]) -> Iterator[Source]:
    """Sources of files, folders (with all below, sorted), globs (``**`` too) and zip archives, one after the other.

    In folders and archives, files without a readable ending are passed over with a message in the debug log, as are
    hidden files and Office's lock files; a file that is named itself is always taken. Raises ``SourceError`` for an
    input that does not exist and ``DuplicateIdError`` for a second source of one id, when the stream gets there.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "2024").mkdir(), Path(folder, "2024", "某局.txt").write_text("无", encoding="utf-8")
    ...     [source.report_id for source in find_sources([Path(folder, "2024")])]
    ['2024/某局.txt']
    """
    seen: dict[str, str] = {}
    for given in inputs:
        for source in _of_input(given):
            if source.report_id in seen:
                raise DuplicateIdError(
                    f"Two inputs have the id {source.report_id!r}: {seen[source.report_id]} and {source.path}. "
                    "Give a folder above both, or rename one."
                )
            seen[source.report_id] = source.path
            yield source


def _of_input(given: str | Path) -> Iterator[Source]:
    text = os.fspath(given)
    if not text:
        raise SourceError("An input is empty.")
    path = Path(text).expanduser()
    try:
        if path.is_dir():
            yield from _of_folder(path)
            return
        if path.exists():
            yield from _of_file(path, f"{_folder_name(path.parent)}/{path.name}", named=True)
            return
    except OSError as error:
        raise SourceError(f"Cannot open {text}: {error.strerror or error}.") from error
    if glob.has_magic(text):
        yield from _of_glob(str(path), text)
        return
    raise SourceError(f"No such file or folder: {text}.")


def _folder_name(folder: Path) -> str:
    """A folder's own name, also for ``.`` and the like; the file system's root has none."""
    return folder.name if folder.name not in ("", "..") else (folder.absolute().resolve().name or "root")


def _of_glob(pattern: str, text: str) -> Iterator[Source]:
    """Matches of a pattern; ids count from the folder before the first wildcard, so they stay apart."""
    parts = PurePath(pattern).parts
    first = next(i for i, part in enumerate(parts) if glob.has_magic(part))
    root = Path(*parts[:first]) if first else Path()
    # A pattern that spells an ending out asks for such files by name.
    named = not glob.has_magic(PurePath(pattern).suffix or "*")
    found = False
    for match in sorted(glob.iglob(pattern, recursive=True)):  # noqa: PTH207 - Path.glob takes no absolute pattern
        path = Path(match)
        if not path.is_file() or _is_litter(path.name):
            continue
        found = True
        relative = path.relative_to(root) if first else path
        yield from _of_file(path, posixpath.join(_folder_name(root), relative.as_posix()), named=named)
    if not found:
        raise SourceError(f"No file matches {text}.")


def _of_folder(root: Path) -> Iterator[Source]:
    name = _folder_name(root)
    for path in _walk(root, frozenset()):
        yield from _of_file(path, posixpath.join(name, path.relative_to(root).as_posix()), named=False)


def _walk(folder: Path, above: frozenset[tuple[int, int]]) -> Iterator[Path]:
    """Files below a folder, sorted by name. A link to a folder that it lies in is passed over."""
    status = folder.stat()
    key = (status.st_dev, status.st_ino)
    if key in above:
        log.debug("Passed over %s: it leads back to a folder above.", folder)
        return
    try:
        entries = sorted(os.scandir(folder), key=lambda e: e.name)
    except OSError as error:
        log.warning("Cannot open %s: %s", folder, error.strerror or error)
        return
    for entry in entries:
        if _is_litter(entry.name):
            continue
        path = folder / entry.name
        try:
            if entry.is_dir():
                yield from _walk(path, above | {key})
            elif entry.is_file():
                yield path
        except OSError as error:  # a link that leads to itself
            log.warning("Cannot open %s: %s", path, error.strerror or error)


def _is_litter(name: str) -> bool:
    return name.startswith((".", *_LITTER))


def _suffix(name: str) -> str:
    """The ending of a file's name; what is longer than an ending or holds no Latin letter is part of the name."""
    suffix = PurePath(name).suffix.lower()
    return suffix if 1 < len(suffix) <= 6 and suffix[1:].isascii() and not suffix[1:].isdigit() else ""


def _is_wanted(name: str) -> bool:
    return _suffix(name) in READABLE or not _suffix(name)


def _of_file(path: Path, report_id: str, *, named: bool) -> Iterator[Source]:
    if _suffix(path.name) in ARCHIVES:
        yield from _of_archive(str(path), report_id)
    elif named or _is_wanted(path.name):
        yield Source(report_id, str(path), str(path))
    else:
        log.debug("Passed over %s: no readable ending.", path)


# --------------------------------------------------------------------------- archives


def _of_archive(file: str, report_id: str) -> Iterator[Source]:
    try:
        with zipfile.ZipFile(file) as archive:
            if "word/document.xml" in archive.NameToInfo:  # a Word file that is only named .zip
                yield Source(report_id, file, file)
                return
            yield from _of_members(archive, file, (), report_id, file)
    except (zipfile.BadZipFile, NotImplementedError, OSError) as error:
        yield Source(report_id, file, file, fault=f"Cannot unpack {file}: {error}.")


def _of_members(
    archive: zipfile.ZipFile, file: str, outer: tuple[str, ...], report_id: str, path: str
) -> Iterator[Source]:
    infos = archive.infolist()
    if len(infos) > MOST_MEMBERS or sum(i.file_size for i in infos) > LARGEST_ARCHIVE:
        size = f"{len(infos)} members, {sum(i.file_size for i in infos) >> 20} MB unpacked"
        yield Source(report_id, path, file, outer, fault=f"{path} is too large: {size}.")
        return
    for name, info in sorted(((_member_name(i), i) for i in infos if not i.is_dir()), key=lambda pair: pair[0]):
        if any(_is_litter(part) for part in name.split("/")):
            continue
        members = (*outer, info.filename)
        inner_id, inner_path = f"{report_id}!/{name}", f"{path}!/{name}"
        if _suffix(name) in ARCHIVES and len(outer) < _NESTED:
            yield from _of_nested(archive, info, file, members, inner_id, inner_path)
        elif _is_wanted(name):
            yield Source(inner_id, inner_path, file, members)
        else:
            log.debug("Passed over %s: no readable ending.", inner_path)


def _of_nested(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, file: str, members: tuple[str, ...], report_id: str, path: str
) -> Iterator[Source]:
    try:
        with zipfile.ZipFile(io.BytesIO(_member_bytes(archive, info, path))) as inner:
            yield from _of_members(inner, file, members, report_id, path)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        yield Source(report_id, path, file, members, fault=f"Cannot unpack {path}: {error}.")
    except SourceError as error:
        yield Source(report_id, path, file, members, fault=str(error))


def _member_bytes(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: str) -> bytes:
    """A member's content, never more than the limit, whatever its header claims."""
    if info.flag_bits & 1:
        raise SourceError(f"{path} is encrypted. Unpack it with its password first.")
    with archive.open(info) as member:
        data = member.read(LARGEST_MEMBER + 1)
    if len(data) > LARGEST_MEMBER:
        raise SourceError(f"{path} is larger than {LARGEST_MEMBER >> 20} MB unpacked.")
    return data


def _member_name(info: zipfile.ZipInfo) -> str:
    """A member's name as a clean relative path.

    Archives made under Chinese Windows hold names in GBK without saying so; Python then decodes them as cp437.
    """
    name = info.filename
    if not info.flag_bits & 0x800:
        try:
            raw = name.encode("cp437")
        except UnicodeEncodeError:
            raw = b""
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding) if raw else name
                break
            except UnicodeDecodeError:
                continue
    # Nothing is ever unpacked to disk; still, an id must not climb out of its archive.
    parts = [p for p in name.replace("\\", "/").split("/") if p not in ("", ".", "..")]
    return "/".join(parts) or "unnamed"
