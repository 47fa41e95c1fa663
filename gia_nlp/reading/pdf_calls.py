"""Calls to pdfium for thousands of characters and strokes: each costs half as much as through the library's own wrappers.

What is passed is prepared once (pointers into buffers, handles), so that ctypes has nothing to convert: 0.11 µs a call
instead of 0.27. The functions must not run Python code: they keep the interpreter's lock.
"""

from __future__ import annotations

import ctypes
import threading
from functools import cache
from typing import Any

BUFFER = 4096


class Handle(ctypes.c_void_p):
    """A pointer that pdfium gave; as a class of its own, ctypes leaves it as it is instead of making it a number."""


class Calls:
    """Functions of pdfium that take what ctypes passes on unchanged."""

    def __init__(self) -> None:
        import pypdfium2.raw as raw

        def call(name: str, result: Any) -> Any:
            function = ctypes.PYFUNCTYPE(result)(ctypes.cast(getattr(raw, name), ctypes.c_void_p).value or 0)
            function.argtypes = None  # type: ignore[assignment]
            return function

        self.MOVE, self.CURVE = raw.FPDF_SEGMENT_MOVETO, raw.FPDF_SEGMENT_BEZIERTO
        self.is_generated = call("FPDFText_IsGenerated", ctypes.c_int)
        self.unicode = call("FPDFText_GetUnicode", ctypes.c_uint)
        self.box = call("FPDFText_GetLooseCharBox", ctypes.c_int)
        self.angle = call("FPDFText_GetCharAngle", ctypes.c_float)
        self.object = call("FPDFPage_GetObject", Handle)
        self.objects_in_form = call("FPDFFormObj_CountObjects", ctypes.c_int)
        self.object_in_form = call("FPDFFormObj_GetObject", Handle)
        self.kind = call("FPDFPageObj_GetType", ctypes.c_int)
        self.matrix = call("FPDFPageObj_GetMatrix", ctypes.c_int)
        self.draw_mode = call("FPDFPath_GetDrawMode", ctypes.c_int)
        self.segments = call("FPDFPath_CountSegments", ctypes.c_int)
        self.segment = call("FPDFPath_GetPathSegment", Handle)
        self.segment_kind = call("FPDFPathSegment_GetType", ctypes.c_int)
        self.point = call("FPDFPathSegment_GetPoint", ctypes.c_int)
        self.closes = call("FPDFPathSegment_GetClose", ctypes.c_int)


@cache
def calls() -> Calls:
    """The functions, bound once in a process."""
    return Calls()


class Buffers(threading.local):
    """Memory that calls write to, and pointers to each place in it. A thread has its own."""

    def __init__(self) -> None:
        self.floats = (ctypes.c_float * (4 * BUFFER))()
        self.boxes = [ctypes.byref(self.floats, 16 * i) for i in range(BUFFER)]
        self.xs = [ctypes.byref(self.floats, 8 * i) for i in range(BUFFER)]
        self.ys = [ctypes.byref(self.floats, 8 * i + 4) for i in range(BUFFER)]
        self.ints = (ctypes.c_int * 2)()
        self.int_pointers = ctypes.byref(self.ints), ctypes.byref(self.ints, 4)


@cache
def buffers() -> Buffers:
    return Buffers()


def handle(pointer: Any) -> Handle:
    """The handle that an object of pypdfium2 holds."""
    return Handle(ctypes.cast(pointer, ctypes.c_void_p).value)
