"""Normal form of a text, with a map back to the characters it came from.

Rules and models read the normal form; evidence points at the original. The normal form

- folds full-width letters and digits, compatibility characters, CJK radicals and traditional characters,
- writes punctuation the Chinese way, except inside numbers,
- leaves out characters that carry nothing (zero width, Word's bookmarks and field residue),
- heals what a PDF broke: blanks inside words and numbers, line ends inside a sentence, page marks between two lines.

>>> view = normalise("收到申请２ 14\\n6 件")
>>> view.text
'收到申请2146件'
>>> view.span(4, 9)
(4, 12)
"""

from __future__ import annotations

import re
import sys
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from gia_nlp.text.lines import is_page_mark, starts_unit
from gia_nlp.vocabulary.loader import load_yaml

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, slots=True)
class Normalised:
    """A normal form. ``origin[i]`` is the place in the original of the i-th character of ``text`` (strictly increasing)."""

    text: str
    origin: Sequence[int]
    source_end: int

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the original of ``text[start:end]``; an empty span maps to an empty one."""
        if start >= len(self.text):
            return self.source_end, self.source_end
        first = self.origin[start]
        return (first, first) if end <= start else (first, self.origin[end - 1] + 1)

    def locate(self, offset: int) -> int:
        """The index in ``text`` of the first character that stands at or behind an offset of the original."""
        return bisect_left(self.origin, offset)


# Residue that Word's and Markdown's exporters leave in the text.
_RESIDUE = re.compile(r"\[bookmark:[^\[\]\n]{0,200}\]|\*\*|<br\s*/?>")
_BLANK = " \t\u00a0\u3000\u2002\u2003\u2009\u202f"


@cache
def _character_map() -> dict[str, str]:
    data = load_yaml("characters")
    table = dict.fromkeys(data["invisible"], "")
    table.update(data["radicals"])
    table.update(data["punctuation"])
    return table


@cache
def _simplifier():  # type: ignore[no-untyped-def]
    import opencc

    return opencc.OpenCC("t2s")


def fold_character(char: str) -> str:
    """One character in normal form: the same, another one, or "" if it carries nothing."""
    table = _character_map()
    if char in table:
        return table[char]
    if char < "\u00a0" or "\u4e00" <= char <= "\u9fff":
        return char
    if "\ud800" <= char <= "\udfff":
        return "\ufffd"  # half of a surrogate pair, at which segmenters and converters stop
    if "\u2460" <= char <= "\u249b":  # ① ⑴ ⒈: marks of a list, not digits of the number that may follow
        return char
    folded = unicodedata.normalize("NFKC", char)
    if len(folded) != 1:
        return char
    return table.get(folded, folded)


_DROPPED = "\ufdd0"  # stands for a character that carries nothing while places still count one for one


class _Folding(dict[int, str]):
    """What ``str.translate`` looks up: each character is folded once in the life of the process."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = " " if char in _BLANK else "\n" if char in "\r\u2028\u2029\x0b\x0c\x85" else fold_character(char)
        self[code] = folded or _DROPPED
        return self[code]


_folding = _Folding({ord(_DROPPED): _DROPPED})


def simplify(text: str) -> str:
    """Traditional characters as simplified ones, one for one.

    >>> simplify("政府信息公開")
    '政府信息公开'
    """
    if _traditional().search(text) is None:
        return text
    try:
        converted: str = _simplifier().convert(text)
    except UnicodeError:  # half of a surrogate pair, which the converter refuses
        return "".join(simplify(c) if not "\ud800" <= c <= "\udfff" else c for c in text)
    if len(converted) == len(text):
        return converted
    return "".join(c if len(s := _simplifier().convert(c)) != 1 else s for c in text)


# Characters that a simplified text uses too, and that change only beside another: 答覆, 深沈, 藉口, 土坏, 英哩 …
_CHANGED_IN_WORDS = "覆沈藉坏哩瞭衹甦"


@cache
def _traditional() -> re.Pattern[str]:
    """Finds a character without which the converter changes nothing: its own answers for single ones, and those of its words."""
    ranges = ((0x2E80, 0x2FE0), (0x3400, 0xA000), (0xF900, 0xFB00))  # the planes beyond are asked about whole
    chars = [chr(code) for first, end in ranges for code in range(first, end)]
    changed = [c for c, s in zip(chars, _simplifier().convert("\n".join(chars)).split("\n"), strict=True) if c != s]
    return re.compile(f"[{re.escape(''.join(changed) + _CHANGED_IN_WORDS)}\U00020000-\U0003ffff]")


def normalise(text: str, *, start: int = 0, end: int | None = None, heal: bool = True) -> Normalised:
    """The normal form of ``text[start:end]``; ``origin`` counts from the start of ``text``.

    ``heal=False`` keeps blanks (as a space) and line ends, for text whose layout still means something. A line end that
    ends a paragraph stays as ``"\\n"`` in either case.
    """
    end = len(text) if end is None else end
    folded = _often_folded(text[start:end])
    plain = len(folded) >= _LONG and not _is_peculiar()[codes(folded)].any()
    if not plain:
        folded = _unusual().sub(_fold, folded)
    origin: Sequence[int] = range(start, end)
    stretches = _carrying(text, folded, start, end)
    if len(stretches) != 1 or stretches[0] != (0, len(folded)):
        folded, origin = _picked(folded, origin, stretches)
    if not plain:
        folded = simplify(folded)
    if heal:
        folded, origin = _picked(folded, origin, _healed(folded))
    return Normalised(_numeric_punctuation(folded), origin, end)


@lru_cache(maxsize=8192)
def normal_line(line: str) -> str:
    """The normal form of a short text with its blanks; labels and headings come again from report to report.

    >>> normal_line("总 计：１２")
    '总 计：12'
    """
    return normalise(line, heal=False).text


def _fold(match: re.Match[str]) -> str:
    return match.group().translate(_folding)


# Long texts are asked at once whether they have anything to fold or to simplify: a quarter of the time of searching for it.
_LONG = 500


def codes(text: str) -> np.ndarray:
    """The code points of a text."""
    import numpy as np

    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


@cache
def _usual() -> str:
    """Characters that folding leaves as they are; most characters of most texts are among them."""
    usual = [
        *map(chr, range(0x20, 0x7F)),
        "\n",
        *map(chr, range(0x4E00, 0xA000)),
        *"，。、；：？！（）《》〈〉〔〕“”…·—",
    ]
    return "".join(c for c in usual if _folding[ord(c)] == c)


@cache
def _unusual() -> re.Pattern[str]:
    """Finds stretches that folding may change."""
    return re.compile(f"[^{re.escape(_usual())}]+")


@cache
def _is_peculiar() -> np.ndarray:
    """For every code point whether folding or simplifying may change it."""
    import numpy as np

    found = np.ones(sys.maxunicode + 1, dtype=bool)
    found[codes(_usual())] = False
    found[codes("".join(_traditional().findall(_usual())))] = True
    return found


@cache
def _replacements() -> list[tuple[str, str]]:
    """Blanks between the cells of a table and ASCII punctuation: by far the most of what is folded."""
    often = [*"\t\r\u3000\u00a0", *map(chr, range(0x20, 0x7F))]
    return [(c, _folding[ord(c)]) for c in often if _folding[ord(c)] not in (c, _DROPPED)]


def _often_folded(text: str) -> str:
    for char, other in _replacements():
        if char in text:
            text = text.replace(char, other)
    return text


def _picked(text: str, origin: Sequence[int], stretches: list[tuple[int, int]]) -> tuple[str, Sequence[int]]:
    """A text with its origins cut down to some stretches."""
    if len(stretches) == 1:
        first, stop = stretches[0]
        return text[first:stop], origin[first:stop]
    words = "".join([text[a:b] for a, b in stretches])
    if isinstance(origin, range) and len(words) >= _LONG:
        return words, _places(origin, stretches)
    kept: Iterable[int] = chain.from_iterable([origin[a:b] for a, b in stretches])
    return words, tuple(kept)


def _places(origin: range, stretches: list[tuple[int, int]]) -> Sequence[int]:
    """The origins of some stretches, as numbers that stand side by side in memory."""
    import numpy as np

    kept = np.concatenate([np.arange(a, b) for a, b in stretches]) + origin.start
    return memoryview(kept.data)


def _carrying(text: str, folded: str, start: int, end: int) -> list[tuple[int, int]]:
    """The stretches of ``folded`` between what carries nothing: invisible characters and exporters' residue."""
    dropped: list[tuple[int, int]] = []
    if "*" in folded or "[" in folded or "<" in folded:
        dropped = [(m.start() - start, m.end() - start) for m in _RESIDUE.finditer(text, start, end)]
    place = folded.find(_DROPPED)
    if place < 0 and not dropped:
        return [(0, len(folded))] if folded else []
    while place >= 0:
        dropped.append((place, place + 1))
        place = folded.find(_DROPPED, place + 1)
    stretches = []
    position = 0
    for a, b in sorted(dropped):
        if a > position:
            stretches.append((position, a))
        position = max(position, b)
    if position < len(folded):
        stretches.append((position, len(folded)))
    return stretches


# Each mark for itself and before what stands before it: a pattern that begins with one character is looked for ten times as fast.
_COMMA_BETWEEN_DIGITS = re.compile(r"，(?<=\d，)(?=\d{3}(?!\d))")
_COLON_BETWEEN_DIGITS = re.compile(r"：(?<=\d：)(?=\d)")


def _numeric_punctuation(text: str) -> str:
    """Marks inside numbers the ASCII way, so that a thousand's mark is no clause's end."""
    return _COLON_BETWEEN_DIGITS.sub(":", _COMMA_BETWEEN_DIGITS.sub(",", text))


_ENDS_SENTENCE = "。！？；：.!?;:"


def _is_word(char: str) -> bool:
    return char.isalnum() or char in "%、，（）《》“”〔〕·"


def _healed(text: str) -> list[tuple[int, int]]:
    """The stretches of the text that stay when broken lines and words are healed."""
    kept: list[tuple[int, int]] = []
    tail = ""  # the last two characters that were kept
    open_line = False  # the last kept character ends a line that may go on
    blank = False
    stop = -1
    for content in text.split("\n"):
        begin, stop = stop + 1, stop + 1 + len(content)
        stripped = content.strip()
        if not stripped:
            blank = True
            continue
        if is_page_mark(stripped):
            continue
        if kept:
            torn = tail[-1] == "." and tail[:-1].isdigit() and stripped[0].isdigit()  # 10.⏎3万条
            joins = open_line and not blank and (torn or tail[-1] not in _ENDS_SENTENCE) and not starts_unit(stripped)
            if not joins:
                kept.append((begin - 1, begin))
        left = begin + len(content) - len(content.lstrip())
        kept.extend(_without_blanks(text, left, left + len(stripped)))
        tail = "".join(text[a:b] for a, b in kept[-2:])[-2:]
        open_line = not is_heading_like(stripped)
        blank = False
    return kept


def is_heading_like(line: str) -> bool:
    """A short line that stands for itself: it opens with a number and does not end like a sentence."""
    return starts_unit(line) and len(line) <= 30 and line[-1] not in "，、。；" and not re.search(r"[。；，]", line)


_BLANKS = re.compile(" +")


def _without_blanks(text: str, begin: int, stop: int) -> list[tuple[int, int]]:
    """Leaves out blanks between two characters of words or numbers; one blank stays between Latin words."""
    kept: list[tuple[int, int]] = []
    position = begin
    for match in _BLANKS.finditer(text, begin, stop):
        i, j = match.span()
        before, after = text[i - 1], text[j]
        latin = before.isascii() and after.isascii() and before.isalpha() and after.isalpha()
        kept.append((position, i + latin))
        position = j
    kept.append((position, stop))
    return kept
