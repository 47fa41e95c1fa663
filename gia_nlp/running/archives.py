"""The members of zip archives as sources; nothing is ever unpacked to disk."""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import Callable, Iterator
from typing import Literal

from gia_nlp.running.source import Source, SourceError, member_bytes, open_file

LARGEST_ARCHIVE = 4 << 30
MOST_MEMBERS = 200_000
_NESTED = 1  # archives inside an archive are opened, archives inside those are not

Kind = Literal["file", "archive"]

log = logging.getLogger(__name__)


def sources_of_archive(
    file: str, path: str, report_id: str, size: int, stamp: str, kind_of: Callable[[str], Kind | None]
) -> Iterator[Source]:
    """The members of an archive; ``kind_of`` says of a member's name what it is, ``None`` for what is of no use.

    An archive that cannot be opened is one source that fails.
    """
    finder = _Finder(file, kind_of)
    try:
        with open_file(file) as handle, zipfile.ZipFile(handle) as archive:
            if "word/document.xml" in archive.NameToInfo:  # a Word file that is only named .zip
                yield Source(report_id, path, file, size=size, stamp=stamp)
                return
            yield from finder.members(archive, (), report_id, path, size, stamp)
    except (zipfile.BadZipFile, NotImplementedError, OSError) as error:
        yield Source(report_id, path, file, fault=f"Cannot unpack {path}: {error}.", size=size, stamp=stamp)


class _Finder:
    def __init__(self, file: str, kind_of: Callable[[str], Kind | None]) -> None:
        self._file, self._kind_of = file, kind_of

    def members(
        self, archive: zipfile.ZipFile, outer: tuple[str, ...], report_id: str, path: str, size: int, stamp: str
    ) -> Iterator[Source]:
        infos = archive.infolist()
        if len(infos) > MOST_MEMBERS or sum(i.file_size for i in infos) > LARGEST_ARCHIVE:
            unpacked = f"{len(infos)} members, {sum(i.file_size for i in infos) >> 20} MB unpacked"
            yield Source(
                report_id, path, self._file, outer, fault=f"{path} is too large: {unpacked}.", size=size, stamp=stamp
            )
            return
        before = ""
        for name, info in sorted(((member_name(i), i) for i in infos if not i.is_dir()), key=lambda pair: pair[0]):
            members = (*outer, info.filename)
            inner_id, inner_path = f"{report_id}!/{name}", f"{path}!/{name}"
            if name == before:
                log.warning("%s stands twice in its archive; one of them is read.", inner_path)
                continue
            before = name
            kind = self._kind_of(name)
            if kind == "archive" and len(outer) < _NESTED:
                yield from self._nested(archive, info, members, inner_id, inner_path)
            elif kind == "file":
                # The checksum stands in the archive: a member is known again whenever the archive was written.
                yield Source(
                    inner_id, inner_path, self._file, members, size=info.file_size, stamp=f"crc {info.CRC:08x}"
                )
            else:
                log.debug("Passed over %s: no readable ending.", inner_path)

    def _nested(
        self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, members: tuple[str, ...], report_id: str, path: str
    ) -> Iterator[Source]:
        size, stamp = info.file_size, f"crc {info.CRC:08x}"

        def fault(message: str) -> Source:
            return Source(report_id, path, self._file, members, fault=message, size=size, stamp=stamp)

        try:
            with zipfile.ZipFile(io.BytesIO(member_bytes(archive, info, path))) as inner:
                yield from self.members(inner, members, report_id, path, size, stamp)
        except SourceError as error:
            yield fault(str(error))
        except Exception as error:  # zlib and lzma have errors of their own
            yield fault(f"Cannot unpack {path}: {error}.")


def member_name(info: zipfile.ZipInfo) -> str:
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
