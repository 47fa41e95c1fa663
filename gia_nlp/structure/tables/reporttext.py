"""A report's text with its normal form, from which cells and free text are cut."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import chain

from gia_nlp.structure.tables.rows import Free, Piece
from gia_nlp.text.lines import is_page_mark
from gia_nlp.text.normalise import Normalised, normalise

_RUNNING_HEAD = re.compile(r"[-—–\s]*\d{1,3}(?:\s*/\s*\d{1,3})?[-—–\s]*\S{2,40}(?:年度报告|工作报告|年报)\s*$")
_CIRCLED = re.compile("[①-⑳]")


class ReportText:
    """The report's text and its normal form, blanks and line ends kept."""

    def __init__(self, text: str, view: Normalised | None = None) -> None:
        self.raw = text
        view = view or normalise(text, heal=False)
        shown, origin = view.text, view.origin
        if not view.plain:
            shown = _CIRCLED.sub("·", shown)  # else it would fold into a digit and run into the number before it
        if "\ue5e5" in shown:
            kept = [i for i, c in enumerate(shown) if c != "\ue5e5"]
            shown, origin = "".join([shown[i] for i in kept]), tuple([origin[i] for i in kept])
        self.shown, self.origin = shown, origin
        # Where nothing was left out, places of the text and of its normal form differ by a constant.
        self.shift = origin.start if isinstance(origin, range) and origin.step == 1 else None
        self.digits_stay = "[bookmark:" not in text  # of what is left out only a bookmark can hold a cell

    def locate(self, offset: int) -> int:
        """The place in the normal form of an offset of the text."""
        if self.shift is not None:
            return min(max(offset - self.shift, 0), len(self.shown))
        return bisect_left(self.origin, offset)

    def piece(self, start: int, end: int, column: int) -> Piece:
        """A stretch of the text as a cell."""
        printed = self.raw[start:end]
        if printed.isdigit() and printed.isascii() and self.digits_stay:
            return Piece(printed, start, end, column)  # most cells: plain digits are the same in the normal form
        shift = self.shift
        if shift is not None and start >= shift:
            a, b = start - shift, end - shift
        else:
            a = self.locate(start)
            b = bisect_left(self.origin, end, a, min(a + end - start, len(self.shown)))
        content = self.shown[a:b]
        words = content.strip()
        if not words:
            return Piece("", start, start, column)
        if words is not content:
            a += len(content) - len(content.lstrip())
        b = a + len(words)  # what carries nothing may stand behind
        if shift is not None:
            return Piece(words, a + shift, b + shift, column)
        return Piece(words, self.origin[a], self.origin[b - 1] + 1, column)

    def free(self, lines: Sequence[tuple[int, int, str]]) -> Free:
        """Lines as free text. Most are taken as they are, and those that follow each other as one stretch."""
        shown, places = self.shown, self.origin
        chars: list[str] = []
        origins: list[Sequence[int]] = []

        def take(first: int, stop: int) -> None:
            if first < stop:
                chars.append(shown[first:stop])
                origins.append(places[first:stop])

        last = -1
        b, behind = self.locate(lines[0][0]), lines[0][0]
        open_ = b  # lines from here to ``b`` are taken as they are
        for start, end, _ in lines:
            a = b if start == behind else self.locate(start)
            if a != b:
                take(open_, b)
                open_ = a
            b, behind = self.locate(end), end
            line = shown[a:b]
            marked = _is_mark(line.strip())
            if not marked and line[-1:] == "\n" and line[-2:] != "\n\n" and places[b - 1] == end - 1:
                last = end - 1
                continue
            take(open_, a)
            open_ = b
            if marked:
                continue
            content = line.rstrip("\n")
            last = max(end - 1, places[a + len(content) - 1] if content else last if last >= 0 else start)
            chars += (content, "\n")
            origins += (places[a : a + len(content)], (last,))
        take(open_, b)
        origin = origins[0] if len(origins) == 1 else tuple(chain.from_iterable(origins))
        return Free(Normalised("".join(chars), origin, lines[-1][1]), lines[0][0], lines[-1][1])


def _is_mark(line: str) -> bool:
    """Whether a line without blanks at its ends is a page's number or running head."""
    if not line or not (line[0] in "-—–―~·•|第Pp" or line[0].isdecimal()):
        return False  # no such mark begins otherwise
    return is_page_mark(line) or bool(_RUNNING_HEAD.match(line))
