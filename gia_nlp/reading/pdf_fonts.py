"""One font of plain boxes for all fonts that a PDF names and does not hold, so that its text is the same on every machine.

pdfium measures such letters with whatever the machine has installed. That costs much (it reads all of a system font, 26 MB for
Noto Serif CJK, anew for each file, and traces the outline of every letter: 14 of 30 ms of a report), and the text comes to
depend on the machine: with no Chinese font installed, table cells of one character are lost. Reading needs no outlines; the
file itself says how wide its letters are. Rendering does need them, so the fonts of the machine stay in use outside of
:func:`plain_fonts`.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

_WHOLE_COLLECTION = int.from_bytes(b"ttcf", "big")
_HEADER = 16  # of a collection of one font
_UNITS, _ASCENT, _DESCENT = 1000, 880, -120
_STANDARD = (b"Arial", b"Courier", b"Helvetica", b"Symbol", b"Times", b"ZapfDingbats")
_BOX = (100, 0, 900, 700)  # of every letter; inside the line's height, so that it never widens a letter's own box


@cache
def box_font() -> bytes:
    """A TrueType collection of one font, in which every character is the same box."""
    left, bottom, right, top = _BOX
    outline = struct.pack(">5h2H4B", 1, *_BOX, 3, 0, 1, 1, 1, 1)
    outline += struct.pack(">8h", left, 0, right - left, 0, bottom, top - bottom, 0, bottom - top)
    outline += bytes(-len(outline) % 4)
    size = len(outline)
    every_character = struct.pack(">2H3L3L", 13, 0, 28, 0, 1, 0x20, 0x10FFFF, 1)
    tables = {
        b"OS/2": struct.pack(">HhHHH11h10s4L4s3H3h2H", 0, _UNITS, 400, 5, 0, *[0] * 11, b"", 0, 0, 0, 0, b"none", 64, 32,
                             0xFFFF, _ASCENT, _DESCENT, 0, _ASCENT, -_DESCENT),
        b"cmap": struct.pack(">4HL", 0, 1, 3, 10, 12) + every_character,
        b"glyf": outline + outline,
        b"head": struct.pack(">4L2H2q4h2H3h", 0x10000, 0x10000, 0, 0x5F0F3CF5, 0, _UNITS, 0, 0, *_BOX, 0, 8, 2, 1, 0),
        b"hhea": struct.pack(">L3hH11hH", 0x10000, _ASCENT, _DESCENT, 0, _UNITS, 0, 0, right, 1, *[0] * 7, 1),
        b"hmtx": struct.pack(">HhH", _UNITS, left, left),
        b"loca": struct.pack(">3L", 0, size, 2 * size),
        b"maxp": struct.pack(">L14H", 0x10000, 2, 4, 1, 0, 0, 2, *[0] * 8),
        b"post": struct.pack(">2L2h5L", 0x30000, 0, 0, 0, *[0] * 5),
    }  # fmt: skip
    directory = struct.pack(">L4H", 0x10000, len(tables), 128, 3, 16 * len(tables) - 128)
    start = _HEADER + len(directory) + 16 * len(tables)
    body = b""
    for name, table in tables.items():
        directory += name + struct.pack(">3L", 0, start + len(body), len(table))
        body += table + bytes(-len(table) % 4)
    return b"ttcf" + struct.pack(">3L", 0x10000, 1, _HEADER) + directory + body


class _Fonts:
    """pdfium's source of fonts: the box font while it is ``plain``, else the machine's fonts."""

    def __init__(self, raw: Any) -> None:
        self.plain = 0
        self.data = box_font()
        self.default = raw.FPDF_GetDefaultSystemFontInfo()
        # pdfium keeps pointers to all of this until the process ends.
        self.info = raw.FPDF_SYSFONTINFO()
        self.box = ctypes.addressof(self.info)  # a handle that no other font has
        self.info.version = 1
        types = dict(raw.FPDF_SYSFONTINFO._fields_)
        for name in ("EnumFonts", "MapFont", "GetFont", "GetFontData", "GetFaceName", "GetFontCharset", "DeleteFont"):
            setattr(self.info, name, types[name](getattr(self, name)))
        raw.FPDF_SetSystemFontInfo(self.info)

    def _machine(self, function: str, *args: Any) -> Any:
        return getattr(self.default.contents, function)(self.default, *args) if self.default else None

    def EnumFonts(self, this: Any, mapper: Any) -> None:
        self._machine("EnumFonts", mapper)

    def MapFont(self, this: Any, *wanted: Any) -> int | None:
        *_, face, _ = wanted
        return self._plain(face) if self.plain else self._machine("MapFont", *wanted)

    def GetFont(self, this: Any, face: Any) -> int | None:
        return self._plain(face) if self.plain else self._machine("GetFont", face)

    def _plain(self, face: Any) -> int | None:
        """Nothing for the fonts whose widths a file may leave out: pdfium has its own of these."""
        name = ctypes.string_at(face) if face else b""
        return None if name.startswith(_STANDARD) else self.box

    def GetFontData(self, this: Any, font: int, table: int, buffer: Any, size: int) -> int:
        if font != self.box:
            return self._machine("GetFontData", font, table, buffer, size) or 0
        if table not in (0, _WHOLE_COLLECTION):
            return 0
        # pdfium keeps fonts of collections by their content, others by the name that was asked for: as a collection,
        # this font never stands in for the machine's in a document that is rendered meanwhile.
        data = self.data if table else self.data[_HEADER:]
        if buffer and size >= len(data):
            ctypes.memmove(buffer, data, len(data))
        return len(data)

    def GetFaceName(self, this: Any, font: int, buffer: Any, size: int) -> int:
        if font != self.box:
            return self._machine("GetFaceName", font, buffer, size) or 0
        if buffer and size >= 4:
            ctypes.memmove(buffer, b"box\0", 4)
        return 4

    def GetFontCharset(self, this: Any, font: int) -> int:
        return 1 if font == self.box else self._machine("GetFontCharset", font) or 0  # 1: any

    def DeleteFont(self, this: Any, font: int) -> None:
        if font != self.box:
            self._machine("DeleteFont", font)


@cache
def _fonts() -> _Fonts:
    import pypdfium2.raw as raw

    return _Fonts(raw)


@contextmanager
def plain_fonts() -> Iterator[None]:
    """Pages that are loaded in a ``with`` block measure fonts that the file does not hold by the box font."""
    fonts = _fonts()
    fonts.plain += 1
    try:
        yield
    finally:
        fonts.plain -= 1
