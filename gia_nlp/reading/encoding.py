"""Which encoding a text file has, told from its content.

The reliable tests come first: a byte order mark, strict UTF-8. Then the encodings of Chinese files compete: decoded in
the wrong one, a text turns into rare characters, kana and box drawings, so the share of everyday characters decides.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from gia_nlp.reading.errors import ReadingError
from gia_nlp.records import Issue

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CANDIDATES = ("utf-8", "gb18030", "big5hkscs", "utf-16-le", "utf-16-be")
# What pages and editors call them; GB18030 holds GBK and GB2312, and files named gb2312 use characters beyond it.
_ALIASES = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "cp936": "gb18030",
    "x-gbk": "gb18030",
    "ansi": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "cp950": "big5hkscs",
    "utf8": "utf-8",
    "unicode": "utf-16-le",
    "utf-16": "utf-16-le",
}
_SAMPLE = 1 << 18
_PLAUSIBLE = 0.7
_CLOSE = 0.02
_HINT = "Give a report as text, HTML, docx or PDF."
_CHECK = "See whether the text is whole; save it again as UTF-8."


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text without its byte order mark; ``encoding`` is Python's name of the codec."""

    text: str
    encoding: str
    warnings: tuple[Issue, ...] = ()


def decode(data: bytes, *, declared: str | None = None) -> Decoded:
    """Decodes a text file. ``declared`` (a page's own word) decides only where the content leaves a doubt.

    Bytes that fit no character become U+FFFD, with a warning; a file that is no text at all raises ``ReadingError``.

    >>> decode("青垄县政府信息公开".encode("gb18030")).encoding
    'gb18030'
    >>> broken = decode("全年收到申请".encode()[:-1])
    >>> broken.text, len(broken.warnings)
    ('全年收到申\\ufffd', 1)
    """
    if not data.strip(b" \t\r\n\x00"):
        raise ReadingError("The file is empty or blank.", hint="Download or export it again.")
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _checked(_mislabelled(data[len(mark) :], name) or _decoded(data[len(mark) :], name))
    if 0 not in data:
        try:
            return _checked(Decoded(data.decode("utf-8"), "utf-8"))
        except UnicodeDecodeError:
            pass
    found = _best(data[:_SAMPLE], _codec(declared)) or _last_resort(data[:_SAMPLE])
    if found is None:
        raise ReadingError("The file is binary or damaged: it decodes to no text.", hint=_HINT)
    return _checked(_decoded(data, found))


def _mislabelled(data: bytes, name: str) -> Decoded | None:
    """Text in UTF-8 behind the mark of UTF-16, as joined files have it."""
    if name == "utf-8" or 0 in data[:_SAMPLE]:
        return None
    sample = codecs.getincrementaldecoder("utf-8")("replace").decode(data[:_SAMPLE])
    if plausibility(sample) <= plausibility(data[:_SAMPLE].decode(name, "replace")):
        return None
    note = Issue("reading", "WrongMark", f"The file begins with the mark of {name}, its text is UTF-8.", _CHECK)
    decoded = _decoded(data, "utf-8")
    return Decoded(decoded.text, decoded.encoding, (note, *decoded.warnings))


def _codec(declared: str | None) -> str | None:
    if not declared:
        return None
    name = declared.strip().strip("\"'").lower()
    name = _ALIASES.get(name, name)
    try:
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        return None


def _best(sample: bytes, declared: str | None) -> str | None:
    """The candidate with the most plausible text; the declared one wins when it is close."""
    names = _CANDIDATES if declared is None or declared in _CANDIDATES else (*_CANDIDATES, declared)
    scores: dict[str, float] = {}
    # The declared one first: mostly no other can be better by enough, and need not be tried.
    for name in sorted(names, key=lambda n: n != declared):
        if name.startswith("utf-16") and not _may_be_utf16(sample):
            continue
        try:
            # Not final: a character that the end of the sample cuts speaks against no encoding.
            scores[name] = plausibility(codecs.getincrementaldecoder(name)("replace").decode(sample))
        except (UnicodeError, LookupError):
            continue
        if name == declared and scores[name] >= 1 - _CLOSE:
            return name
    scores = {name: scores[name] for name in names if name in scores}
    best = max(scores, key=lambda n: scores[n])  # the first of equals: the order of candidates is one of trust
    if declared in scores and scores[declared] >= scores[best] - _CLOSE:
        best = declared
    return best if scores[best] >= _PLAUSIBLE else None


def _may_be_utf16(sample: bytes) -> bool:
    # Blanks, digits and line ends give a UTF-16 text its NULs; one without any can only be very short.
    return 0 in sample or len(sample) < 400


def plausibility(text: str) -> float:
    """How much of a text is what Chinese reports are written in, from 1 down to below 0 for garbage.

    >>> plausibility("政府信息公开") > 0.9 > plausibility("淇℃伅鍏紑") > plausibility("\\ufffd\\x00")
    True
    """
    kinds, values = _kinds()
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    counts = np.bincount(kinds[codes], minlength=len(values)).tolist()
    ascii_good, *others = counts
    total = sum(others)
    if total == 0:
        return 1.0 if ascii_good else 0.0
    good = sum(count * value for count, value in zip(others, values[1:], strict=True))
    # ASCII is the same in every candidate but UTF-16, so it says little; without it, a stray byte in an English
    # text would decide alone.
    weight = 0.1 * ascii_good
    return float((good + weight) / (total + weight))


@cache
def _kinds() -> tuple[np.ndarray[Any, np.dtype[np.uint8]], tuple[float, ...]]:
    """The kind of every character, and what a character of each kind counts: ASCII, control, everyday, lost, common, rare."""
    values = (0.0, -1.0, 1.0, -2.0, 0.5, 0.0)
    kinds = np.full(0x110000, 5, np.uint8)
    # Rare is what a wrong decoding yields: private use, unassigned, rare ideographs, foreign scripts.
    for first, last in ((0xA0, 0xFF), (0x2000, 0x27BF), (0x4E00, 0x9FFF)):
        kinds[first : last + 1] = 4
    kinds[0xFFFD] = 3
    kinds[[ord(c) for c in _everyday()]] = 2
    kinds[:0x20] = 1
    kinds[0x20:0x80] = 0
    kinds[[ord(c) for c in "\t\n\r\f\v"]] = 0
    return kinds, values


@cache
def _everyday() -> frozenset[str]:
    """Ideographs of the first levels of GB 2312 and Big5 (sorted by use), and the punctuation beside them."""
    chars: set[str] = set("　、。〃々〈〉《》「」『』【】〔〕〖〗·—…‘’“”①②③④⑤⑥⑦⑧⑨⑩％×÷±￥°■●◆□○※→\u00a0")
    chars.update(chr(c) for c in range(0xFF01, 0xFF5F))
    for lead in range(0xB0, 0xD8):
        for trail in range(0xA1, 0xFF):
            chars.update(bytes((lead, trail)).decode("gb2312", errors="ignore"))
    for lead in range(0xA4, 0xC7):
        for trail in (*range(0x40, 0x7F), *range(0xA1, 0xFF)):
            decoded = bytes((lead, trail)).decode("big5", errors="ignore")
            chars.update(c for c in decoded if "\u4e00" <= c <= "\u9fff")
    return frozenset(chars)


def _last_resort(sample: bytes) -> str | None:
    if sample.count(0) * 20 > len(sample):
        return None
    from charset_normalizer import from_bytes

    match = from_bytes(sample).best()
    if match is None:
        return None
    return match.encoding if plausibility(str(match)) >= _PLAUSIBLE else None


_ODD = [c for c in map(chr, range(32)) if c not in "\t\n\r\f\v\x1a\x1b"] + ["\ufffd"]
_INCOMPLETE = re.compile("\ufffd+")


def _decoded(data: bytes, name: str) -> Decoded:
    try:
        return Decoded(data.decode(name), name)
    except UnicodeDecodeError:
        text = data.decode(name, errors="replace")
    places = [m.start() for m in _INCOMPLETE.finditer(text)]
    where = f"at character {places[0]}" if len(places) == 1 else f"in {len(places)} places, first at {places[0]}"
    message = f"Bytes that are no {name} {where} were replaced by U+FFFD."
    return Decoded(text, name, (Issue("reading", "UndecodableBytes", message, "The file may be cut off or damaged."),))


def _checked(decoded: Decoded) -> Decoded:
    """Refuses what decodes but says nothing: blank texts and NUL-filled ones."""
    text = decoded.text
    if not any(c.isprintable() and not c.isspace() for c in text):
        raise ReadingError("The file is empty or blank.", hint="Download or export it again.")
    odd = sum(text.count(c) for c in _ODD if c in text)
    if odd * 5 > len(text) and odd > 2:
        raise ReadingError("The file is binary or damaged: it decodes to no text.", hint=_HINT)
    if "\x00" in text:
        note = Issue("reading", "NulCharacters", f"The text holds {text.count(chr(0))} NUL characters.", _CHECK)
        return Decoded(text, decoded.encoding, (*decoded.warnings, note))
    return decoded
