"""A part: the rows of some reports with a list of what became of each, as one file.

The file is a plain zip archive that holds ``manifest.json`` and a Parquet file for each table that has rows. It is made by
workers as bytes and committed by the run's parent with one renaming, so that a part is there whole or not at all.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from gia_nlp.running.identity import Identity

if TYPE_CHECKING:
    import pyarrow as pa

VERSION = 1
MANIFEST = "manifest.json"
OutcomeKind = Literal["read", "partly", "failed"]


class PartError(ValueError):
    """A file that is no part, or was damaged."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of one source.

    ``size`` and ``stamp`` are what the search for sources saw, ``sha256`` is that of the content where it was read.
    ``rows`` counts rows by table; in each table they follow those of the entry before. ``passing``: the failure may be gone next time (a
    disk or a network that did not answer). ``limit``: the file failed at this many seconds (``timeout``) or bytes (``memory``).
    """

    report_id: str
    path: str
    outcome: OutcomeKind
    size: int = 0
    stamp: str = ""
    sha256: str | None = None
    rows: Mapping[str, int] = field(default_factory=dict)
    characters: int = 0
    checks_failed: int = 0
    passing: bool = False
    limit: Mapping[str, float] = field(default_factory=dict)
    problems: tuple[tuple[str, str | None], ...] = ()

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Entry:
        """The entry that ``asdict`` described."""
        return cls(**{**data, "problems": tuple((message, hint) for message, hint in data.get("problems", ()))})


@dataclass(frozen=True, slots=True)
class Manifest:
    """The entries of a part in the order of their rows, and what their rows depend on."""

    identity: Identity
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part as it comes from a worker: the bytes of its file, and its manifest."""

    data: bytes
    manifest: Manifest

    @classmethod
    def of(cls, data: bytes) -> Part:
        """The part that the bytes hold; raises :class:`PartError`."""
        return cls(data, read_manifest(data))


def encode(manifest: Manifest, tables: Mapping[str, pa.Table]) -> bytes:
    """The bytes of a part."""
    import pyarrow.parquet as pq

    content = {
        "version": VERSION,
        **manifest.identity.to_dict(),
        "entries": [{k: v for k, v in asdict(e).items() if v or k == "rows"} for e in manifest.entries],
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        _write(archive, MANIFEST, json.dumps(content).encode())
        for name, table in tables.items():
            if table.num_rows:
                data = io.BytesIO()
                pq.write_table(table, data, compression="zstd", write_statistics=False)
                _write(archive, f"{name}.parquet", data.getvalue())
    return buffer.getvalue()


def _write(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name), data)  # without a date, so that the same rows are the same bytes


def read_manifest(source: Path | bytes) -> Manifest:
    """The manifest of a part; raises :class:`PartError` for a damaged one."""
    try:
        with zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source) as archive:
            content = json.loads(archive.read(MANIFEST))
        if content["version"] != VERSION:
            raise PartError(f"written by another version of the ledger ({content['version']})")
        entries = tuple(Entry.from_dict(e) for e in content["entries"])
        return Manifest(Identity.from_dict(content), entries)
    except (zipfile.BadZipFile, OSError, ValueError, KeyError, TypeError, EOFError, AttributeError) as error:
        if isinstance(error, PartError):
            raise
        raise PartError(f"damaged: {error}") from error


def read_table(source: Path | bytes, name: str) -> pa.Table | None:
    """A table of a part, ``None`` if it has no rows there; raises :class:`PartError` for a damaged one."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source) as archive:
            if f"{name}.parquet" not in archive.NameToInfo:
                return None
            return pq.ParquetFile(pa.BufferReader(archive.read(f"{name}.parquet"))).read()
    except (zipfile.BadZipFile, OSError, EOFError, pa.ArrowInvalid) as error:
        raise PartError(f"damaged: {error}") from error
