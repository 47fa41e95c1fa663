"""What to read: files, folders, globs, zip archives, URLs and tables of texts as a lazy stream of sources with ids that stay.

A source's id is ``<name of the input root>/<relative path>`` in POSIX style, for a file given by itself the name of its
folder and its own; a member of an archive follows the archive's id behind ``!/``. Rows of a table bring their ids
(:mod:`gia_nlp.running.rows`).
"""

from __future__ import annotations

import glob
import logging
import os
import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path, PurePath

from gia_nlp.reading.limits import limits
from gia_nlp.running.archives import Kind, sources_of_archive
from gia_nlp.running.source import DuplicateIdError, Readable, Source, SourceError, duplicate, is_url

__all__ = ["DuplicateIdError", "Readable", "Source", "SourceError", "find_sources"]

_TEXT = (".txt", ".text", ".md", ".markdown")
_PAGES = (".html", ".htm", ".shtml", ".xhtml", ".mht", ".mhtml")
_PAPERS = (".pdf", ".docx", ".docm", ".doc", ".wps", ".rtf")
READABLE = frozenset((*_TEXT, *_PAGES, *_PAPERS))
ARCHIVE = ".zip"
_OTHER_ARCHIVES = frozenset(
    {".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst"}
)  # not opened, never passed over
TABLES = frozenset({".parquet", ".jsonl", ".ndjson"})
_MOST_VISITS = 16  # of one folder, by ways that lead over links
_LITTER = ("__MACOSX", "Thumbs.db", "desktop.ini", "~$")

log = logging.getLogger(__name__)


def find_sources(inputs: Iterable[str | Path], *, unique: bool = True) -> Iterator[Readable]:
    """Sources of files, folders (with all below, sorted), globs (``**`` too), zip archives and URLs, one after the other.

    A Parquet or JSON Lines file that is named gives its rows, a source each. In folders and archives, files without a readable
    ending are passed over with a message in the debug log, as are hidden files and Office's lock files; a file that is named itself
    is always taken. What cannot be had (a folder without access, a link to nowhere, a damaged archive or table) is a source that
    fails. Raises ``SourceError`` for an input that does not exist and ``DuplicateIdError`` for a second source of one id, when
    the stream gets there (not with ``unique=False``, for a caller who looks to that), and ``LimitsError`` for limits that are none.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "2024").mkdir(), Path(folder, "2024", "某局.txt").write_text("无", encoding="utf-8")
    ...     [source.report_id for source in find_sources([Path(folder, "2024")])]
    ['2024/某局.txt']
    """
    limits()  # a setting that says nothing is told before anything is done
    seen: set[bytes] = set()  # a digest a source: the ids of a million reports would fill the memory
    for given in inputs:
        for source in _of_input(given):
            if unique:
                key = blake2b(source.report_id.encode("utf-8", "surrogatepass"), digest_size=12).digest()
                if key in seen:
                    raise duplicate(source)
                seen.add(key)
            yield source


def _of_input(given: str | Path) -> Iterator[Readable]:
    text = os.fspath(given)
    if not text:
        raise SourceError("An input is empty.")
    if is_url(text):
        yield from _of_url(text)
        return
    path = Path(text).expanduser()
    try:
        if path.is_dir():
            if _suffix(path.name) in TABLES:  # a table as a directory of parts
                yield from _of_parts(path)
            else:
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


def _of_glob(pattern: str, text: str) -> Iterator[Readable]:
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


def _of_folder(root: Path) -> Iterator[Readable]:
    name = _folder_name(root)
    for path, problem in _walk(root):
        report_id = posixpath.join(name, path.relative_to(root).as_posix())
        if problem is None:
            yield from _of_file(path, report_id, named=False)
        else:
            fault, hint = problem
            # Without a stamp: the next run looks again.
            yield Source(report_id, str(path), str(path), fault=f"{fault}: {path}.", hint=hint)


_Problem = tuple[str, str]  # what is wrong, what would help
_NO_ACCESS = "Give yourself read access."


def _walk(root: Path) -> Iterator[tuple[Path, _Problem | None]]:
    """Files below a folder, sorted by name, and what is wrong with what cannot be read.

    A link to a folder that it lies in is passed over: what it leads to is read where it lies. So is one to a folder that was read
    by many links before: a few links can make a million ways.
    """
    visits: Counter[tuple[int, int]] = Counter()
    above: set[tuple[int, int]] = set()
    # Folders that are open, so that no depth of folders is too deep for Python, and whether a link leads there.
    open_folders: list[tuple[tuple[int, int], Iterator[os.DirEntry[str]], bool]] = []

    def enter(folder: Path, linked: bool) -> _Problem | None:
        try:
            status = folder.stat()
            key = (status.st_dev, status.st_ino)
            if key in above:
                log.debug("Passed over %s: it leads back to a folder above.", folder)
                return None
            visits[key] += linked
            if linked and visits[key] > _MOST_VISITS:
                if visits[key] == _MOST_VISITS + 1:
                    log.warning("Passed over %s: links led there %d times before.", folder, _MOST_VISITS)
                return None
            entries = sorted(os.scandir(folder), key=lambda e: e.name)
        except OSError as error:
            return f"Cannot open the folder ({error.strerror or error})", _NO_ACCESS
        above.add(key)
        open_folders.append((key, iter(entries), linked))
        return None

    if problem := enter(root, False):
        yield root, problem
    while open_folders:
        key, entries, linked = open_folders[-1]
        entry = next(entries, None)
        if entry is None:
            above.discard(key)
            open_folders.pop()
        elif not _is_litter(entry.name):
            path = Path(entry.path)
            try:
                if entry.is_dir():
                    if problem := enter(path, linked or entry.is_symlink()):
                        yield path, problem
                elif entry.is_file():
                    yield path, None
                elif _is_expected(entry.name):
                    yield path, _no_file(entry)
            except OSError as error:  # a link that leads to itself
                if _is_expected(entry.name):
                    yield path, (f"Cannot open it ({error.strerror or error})", "Remove the link, or mend it.")


def _no_file(entry: os.DirEntry[str]) -> _Problem:
    if entry.is_symlink() and not Path(entry.path).exists():
        return "The link leads nowhere", "Remove the link, or mend it."
    return "A pipe or a device, no file", "Save what it gives to a file."


def _is_expected(name: str) -> bool:
    """Whether a name promises a report or an archive."""
    return _is_wanted(name) or _suffix(name) == ARCHIVE


def _is_litter(name: str) -> bool:
    return name.startswith((".", *_LITTER))


def _suffix(name: str) -> str:
    """The ending of a file's name; what is longer than an ending or holds no Latin letter is part of the name."""
    suffix = PurePath(name).suffix.lower()
    if suffix in TABLES or (1 < len(suffix) <= 6 and suffix[1:].isascii() and not suffix[1:].isdigit()):
        return suffix
    return ""


def _is_wanted(name: str) -> bool:
    suffix = _suffix(name)
    return suffix in READABLE or suffix in _OTHER_ARCHIVES or not suffix


def _kind_of(name: str) -> Kind | None:
    """What a member of an archive is, as its name tells."""
    if any(_is_litter(part) for part in name.split("/")):
        return None
    return "archive" if _suffix(name) == ARCHIVE else "file" if _is_wanted(name) else None


def _of_file(path: Path, report_id: str, *, named: bool) -> Iterator[Readable]:
    suffix = _suffix(path.name)
    if not (named or suffix == ARCHIVE or _is_wanted(path.name)):
        log.debug("Passed over %s: no readable ending.", path)
        return
    try:
        status = path.stat()
        size, stamp = status.st_size, f"{status.st_mtime_ns}"
    except OSError:  # gone meanwhile: reading will say so
        size, stamp = 0, ""
    yield from _of_content(
        str(path), str(path), report_id, size, stamp, suffix if named else suffix * (suffix == ARCHIVE)
    )


def _of_content(file: str, path: str, report_id: str, size: int, stamp: str, suffix: str) -> Iterator[Readable]:
    if suffix == ARCHIVE:
        yield from sources_of_archive(file, path, report_id, size, stamp, _kind_of)
    elif suffix in TABLES:
        from gia_nlp.running.rows import sources_of_table

        try:
            yield from sources_of_table(file, report_id)
        except SourceError as error:  # what stands behind the place is lost, other inputs are not
            yield Source(f"{report_id}#damage", path, file, fault=str(error), hint=error.hint, size=size)
    else:
        yield Source(report_id, path, file, size=size, stamp=stamp)


def _of_parts(folder: Path) -> Iterator[Readable]:
    for path in sorted(folder.rglob(f"*{_suffix(folder.name)}")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.startswith((".", "_")):
            yield from _of_file(path, f"{folder.name}/{name}", named=True)


def _of_url(url: str) -> Iterator[Readable]:
    from gia_nlp.running.remote import list_url

    name, files = list_url(url)
    for relative, file, size, stamp in files:
        base = posixpath.basename(relative)
        suffix = _suffix(base)
        # What is given by itself is always taken; of a folder, what can be read.
        named = file.rstrip("/").endswith(url.rstrip("/")) or suffix == _suffix(url) != ""
        if any(_is_litter(part) for part in relative.split("/")):
            continue
        if named or suffix == ARCHIVE or _is_wanted(base):
            kind = suffix if named or suffix == ARCHIVE else ""
            yield from _of_content(file, file, f"{name}/{relative}", size, stamp, kind)
        else:
            log.debug("Passed over %s: no readable ending.", file)
