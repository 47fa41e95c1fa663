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
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from gia_nlp.text.characters import DROPPED, LONG, fold, simplify
from gia_nlp.text.lines import is_page_mark, starts_unit


@dataclass(frozen=True, slots=True)
class Normalised:
    """A normal form. ``origin[i]`` is the place in the original of the i-th character of ``text`` (strictly increasing).

    ``plain``: all characters are usual ones; none is a traditional one or a blank other than ``" "`` and ``"\\n"``.
    """

    text: str
    origin: Sequence[int]
    source_end: int
    plain: bool = False

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


def normalise(text: str, *, start: int = 0, end: int | None = None, heal: bool = True) -> Normalised:
    """The normal form of ``text[start:end]``; ``origin`` counts from the start of ``text``.

    ``heal=False`` keeps blanks (as a space) and line ends, for text whose layout still means something. A line end that
    ends a paragraph stays as ``"\\n"`` in either case.
    """
    end = len(text) if end is None else end
    folded, plain = fold(text[start:end])
    origin: Sequence[int] = range(start, end)
    stretches = _carrying(text, folded, start, end)
    if len(stretches) != 1 or stretches[0] != (0, len(folded)):
        folded, origin = _picked(folded, origin, stretches)
    if not plain:
        folded = simplify(folded)
    if heal:
        folded, origin = _picked(folded, origin, _healed(folded))
    return Normalised(_numeric_punctuation(folded), origin, end, plain)


def _picked(text: str, origin: Sequence[int], stretches: list[tuple[int, int]]) -> tuple[str, Sequence[int]]:
    """A text with its origins cut down to some stretches."""
    if len(stretches) == 1:
        first, stop = stretches[0]
        return text[first:stop], origin[first:stop]
    words = "".join([text[a:b] for a, b in stretches])
    if isinstance(origin, range) and len(words) >= LONG:
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
    place = folded.find(DROPPED)
    if place < 0 and not dropped:
        return [(0, len(folded))] if folded else []
    while place >= 0:
        dropped.append((place, place + 1))
        place = folded.find(DROPPED, place + 1)
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


def _healed(text: str) -> list[tuple[int, int]]:
    """The stretches of the text that stay when broken lines and words are healed; lines that follow each other are one."""
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
        opens = starts_unit(stripped)
        if kept:
            torn = tail[-1] == "." and tail[:-1].isdigit() and stripped[0].isdigit()  # 10.⏎3万条
            joins = open_line and not blank and (torn or tail[-1] not in _ENDS_SENTENCE) and not opens
            if not joins:
                _keep(kept, begin - 1, begin)
        left = begin if content is stripped else begin + len(content) - len(content.lstrip())
        right = left + len(stripped)
        if " " in stripped:
            kept.extend(_without_blanks(text, left, right))
        else:
            _keep(kept, left, right)
        first, last = kept[-1]
        tail = text[last - 2 : last] if last - first > 1 else "".join([text[a:b] for a, b in kept[-2:]])[-2:]
        open_line = not (opens and _is_short(stripped))
        blank = False
    return kept


def _keep(kept: list[tuple[int, int]], begin: int, end: int) -> None:
    if kept and kept[-1][1] == begin:
        begin = kept.pop()[0]
    kept.append((begin, end))


def is_heading_like(line: str) -> bool:
    """A short line that stands for itself: it opens with a number and does not end like a sentence."""
    return starts_unit(line) and _is_short(line)


def _is_short(line: str) -> bool:
    return len(line) <= 30 and line[-1] not in "，、。；" and not _MARKS.search(line)


_MARKS = re.compile("[。；，]")
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
