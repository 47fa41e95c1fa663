"""Inputs behind URLs, by fsspec: ``s3://bucket/reports/``, ``https://…/2024.zip``. The network is used for these alone."""

from __future__ import annotations

import posixpath
import tempfile
from collections.abc import Iterator
from typing import IO, Any

from gia_nlp.reading.limits import limits, megabytes
from gia_nlp.running.source import SourceError

_IN_MEMORY = 16 << 20  # bytes of a copy that are kept without a file
_ENDLESS = "Fetch it with another program and give the file."


def file_system(url: str) -> tuple[Any, str]:
    """The file system of a URL and the path in it. Raises ``SourceError`` if a library for it is missing."""
    try:
        import fsspec
    except ImportError:
        raise SourceError(
            f"{url} is a URL, and reading those needs fsspec.", hint='install it with: pip install "gia-nlp[cluster]"'
        ) from None
    try:
        return fsspec.core.url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise SourceError(f"Cannot open {url}: {error}.", hint="install the library that it names with pip") from error


def open_url(url: str, *, anywhere: bool = False) -> IO[bytes]:
    """Opens a URL for reading, from its beginning on or, as archives need it, ``anywhere``.

    What a web server gives only as a whole is then copied to a temporary file first. Raises ``SourceError`` if that would never end.
    """
    system, path = file_system(url)
    if anywhere and is_web(url) and not system.info(path).get("partial"):
        return _copied(system, path, url)
    return system.open(path, "rb")


def _copied(system: Any, path: str, url: str) -> IO[bytes]:
    left = limits().archive
    copy = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the caller closes it
    with system.open(path, "rb", block_size=0) as source:
        while data := source.read(1 << 20):
            left -= len(data)
            if left < 0:
                copy.close()
                raise SourceError(f"{url} is larger than {megabytes(limits().archive)}.", hint=_ENDLESS)
            copy.write(data)
    copy.seek(0)
    return copy


def list_url(url: str) -> tuple[str, Iterator[tuple[str, str, int, str]]]:
    """The name of a URL's last folder, and the files at or below it: path relative to that folder, URL, size, stamp.

    Raises ``SourceError`` where there is nothing, or the server does not answer.
    """
    system, path = file_system(url)
    try:
        if any(mark in path for mark in "*[") or (not is_web(url) and "?" in path):
            root = path[: min(path.find(mark) for mark in "*?[" if mark in path)].rpartition("/")[0]
            found = system.glob(path, detail=True)
        elif is_web(url) or system.isfile(path):
            root = path.rstrip("/").rpartition("/")[0]
            found = {path: system.info(path)}
        else:
            root = path.rstrip("/")
            found = system.find(path, detail=True)
    except FileNotFoundError as error:
        raise SourceError(f"No such file or folder: {url}.", passing=True) from error
    except Exception as error:  # each file system has errors of its own
        raise SourceError(f"Cannot open {url}: {error or type(error).__name__}.", passing=True) from error
    files = {p: info for p, info in found.items() if info.get("type", "file") == "file"}
    if not files:
        raise SourceError(f"No such file or folder: {url}.")
    name = posixpath.basename(root.rstrip("/")) or "root"
    return name, _files(system, root, files)


def is_web(url: str) -> bool:
    """Whether a URL is of the web, where nothing can be listed and ``?`` is no wildcard."""
    return url.startswith(("http://", "https://"))


def _files(system: Any, root: str, files: dict[str, Any]) -> Iterator[tuple[str, str, int, str]]:
    for path in sorted(files):
        info = files[path]
        stamp = next((str(info[k]) for k in ("ETag", "etag", "mtime", "LastModified", "created") if info.get(k)), "")
        yield path.removeprefix(root).lstrip("/"), system.unstrip_protocol(path), int(info.get("size") or 0), stamp
