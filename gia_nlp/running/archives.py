"""The members of zip archives as sources; nothing is ever unpacked to disk."""

from __future__ import annotations

import io
import logging
import stat
import zipfile
from collections.abc import Callable, Iterator
from typing import IO, Literal

from gia_nlp.reading.limits import limits, megabytes, more
from gia_nlp.running.source import Source, SourceError, is_bomb, member_bytes, open_file

_ENTRY = 640  # bytes of an archive's list of contents for a member, rather more than it needs

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
        with open_file(file, anywhere=True) as handle, _opened(handle) as archive:
            if "word/document.xml" in archive.NameToInfo:  # a Word file that is only named .zip
                yield Source(report_id, path, file, size=size, stamp=stamp)
                return
            yield from finder.members(archive, (), report_id, path, size, stamp)
    except SourceError as error:
        yield Source(report_id, path, file, fault=f"{path}: {error}", size=size, stamp=stamp, hint=error.hint)
    except OSError as error:
        # No stamp: the cause may be gone the next time.
        yield Source(report_id, path, file, fault=f"Cannot open {path}: {error.strerror or error}.", size=size)
    except (
        Exception
    ) as error:  # zipfile is no fortress: a damaged archive may raise struct.error, ValueError and others
        fault = f"Cannot unpack {path}: {error}."
        yield Source(report_id, path, file, fault=fault, size=size, stamp=stamp, hint=_REPACK)


_REPACK = "See whether it opens with another program, and pack it again."


def _opened(handle: IO[bytes]) -> zipfile.ZipFile:
    """An archive, if its list of contents is not too long to be held in memory."""
    start = handle.tell()
    size = handle.seek(0, io.SEEK_END)
    handle.seek(max(0, size - (1 << 16) - 22 - 20 - 56))
    tail = handle.read()
    handle.seek(start)
    at = tail.rfind(b"PK\x05\x06")
    listed = int.from_bytes(tail[at + 12 : at + 16], "little") if at >= 0 else 0
    if listed == 0xFFFFFFFF and (big := tail.rfind(b"PK\x06\x06")) >= 0:
        listed = int.from_bytes(tail[big + 40 : big + 48], "little")
    most = limits().members
    if listed > most * _ENTRY:
        raise SourceError(f"The archive has far more than {most:,} members.", hint=more("members", str(10 * most)))
    return zipfile.ZipFile(handle)


class _Finder:
    def __init__(self, file: str, kind_of: Callable[[str], Kind | None]) -> None:
        self._file, self._kind_of = file, kind_of

    def members(
        self, archive: zipfile.ZipFile, outer: tuple[str, ...], report_id: str, path: str, size: int, stamp: str
    ) -> Iterator[Source]:
        infos = archive.infolist()
        if found := _too_much(infos, size):
            fault, hint = found
            yield Source(report_id, path, self._file, outer, fault=f"{path} {fault}", size=size, stamp=stamp, hint=hint)
            return
        given: set[str] = set()
        for name, info in sorted(((member_name(i), i) for i in infos if not i.is_dir()), key=lambda pair: pair[0]):
            kind = self._kind_of(name)
            # Two of one name, or of names that are one without what would climb out of the archive.
            name = _distinct(name, given)
            given.add(name)
            members = (*outer, info.filename)
            inner_id, inner_path = f"{report_id}!/{name}", f"{path}!/{name}"
            if kind is not None and archive.NameToInfo.get(info.filename) is not info:
                fault = f"{inner_path} has a double of the same name, which is read in its place."
                yield Source(
                    inner_id, inner_path, self._file, members, fault=fault, size=info.file_size,
                    stamp=f"crc {info.CRC:08x}", hint="Unpack the archive and give the folder.",
                )  # fmt: skip
            elif kind is not None and stat.S_ISLNK(info.external_attr >> 16):
                yield Source(
                    inner_id, inner_path, self._file, members, fault=f"{inner_path} is a link, which is not followed.",
                    size=info.file_size, stamp=f"crc {info.CRC:08x}", hint="Give the file that it leads to.",
                )  # fmt: skip
            elif kind == "archive" and len(outer) < limits().nesting:
                yield from self._nested(archive, info, members, inner_id, inner_path)
            elif kind == "archive":
                deep = limits().nesting + 1
                yield Source(
                    inner_id, inner_path, self._file, members, fault=f"{inner_path} is an archive {deep} archives deep.",
                    size=info.file_size, stamp=f"crc {info.CRC:08x}",
                    hint=f"Unpack the archives around it. {more('nesting', str(deep))}",
                )  # fmt: skip
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

        def fault(message: str, hint: str | None) -> Source:
            return Source(report_id, path, self._file, members, fault=message, size=size, stamp=stamp, hint=hint)

        try:
            with _opened(io.BytesIO(member_bytes(archive, info, path))) as inner:
                yield from self.members(inner, members, report_id, path, size, stamp)
        except SourceError as error:
            yield fault(str(error), error.hint)
        except Exception as error:  # zlib and lzma have errors of their own
            yield fault(f"Cannot unpack {path}: {error}.", _REPACK)


def _too_much(infos: list[zipfile.ZipInfo], size: int) -> tuple[str, str] | None:
    """What is wrong with an archive of these members and ``size`` bytes, and what would help."""
    allowed = limits()
    unpacked = sum(i.file_size for i in infos)
    if len(infos) > allowed.members:
        return f"has {len(infos):,} members, more than {allowed.members:,}.", more("members", str(2 * len(infos)))
    # Members that are refused by themselves cost the others nothing; many that share their packed bytes do.
    likely = sum(i.file_size for i in infos if not is_bomb(i, allowed))
    if size and likely > max(allowed.ratio_from, allowed.ratio * size):
        times = likely // size
        return f"would be {times:,} times as large unpacked: {megabytes(likely)}.", more("ratio", str(2 * times))
    if unpacked > allowed.archive:
        said = f"would be {megabytes(unpacked)} unpacked, more than {megabytes(allowed.archive)}."
        return said, more("archive", megabytes(2 * unpacked).replace(" ", ""))
    return None


def _distinct(name: str, given: set[str]) -> str:
    found, number = name, 2
    while found in given:
        found, number = f"{name}~{number}", number + 1
    return found


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
    # "!/" is the mark of an archive's members.
    return "!_/".join("/".join(parts).split("!/")) or "unnamed"
