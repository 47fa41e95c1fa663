"""Text that knows where its answers stand, and keeps knowing it through every change made to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of text that is an answer. ``kind``: fact, item, section, line."""

    start: int
    end: int
    kind: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Edit:
    """``delete`` characters at ``start`` are replaced by ``insert``."""

    start: int
    delete: int
    insert: str


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with marks on it.

    >>> made = Marked("公开9条。", (Mark(2, 4, "fact"),))
    >>> made = made.edited([Edit(0, 0, "全年"), Edit(3, 0, " ")])
    >>> made.text, made.text[made.marks[0].start : made.marks[0].end]
    ('全年公开9 条。', '9 条')
    """

    text: str = ""
    marks: tuple[Mark, ...] = ()

    def __add__(self, other: Marked | str) -> Marked:
        return concat([self, other])

    def edited(self, edits: Iterable[Edit]) -> Marked:
        """With edits made, given in ascending order without overlap; marks follow their characters.

        Raises ``ValueError`` for edits that overlap or run out of the text.
        """
        pieces: list[str] = []
        place: list[int] = []  # new offset of every old character
        at = length = 0
        for edit in edits:
            if edit.start < at or edit.start + edit.delete > len(self.text):
                raise ValueError(f"edits overlap or leave the text at {edit.start}")
            kept = self.text[at : edit.start]
            place.extend(range(length, length + len(kept)))
            length += len(kept)
            pieces += [kept, edit.insert]
            place.extend([length] * edit.delete)
            length += len(edit.insert)
            at = edit.start + edit.delete
        rest = self.text[at:]
        place.extend(range(length, length + len(rest)))
        pieces.append(rest)
        text = "".join(pieces)
        place.append(len(text))
        marks = tuple(
            Mark(
                place[m.start],
                place[m.start] if m.end <= m.start else min(len(text), place[m.end - 1] + 1),
                m.kind,
                m.data,
            )
            for m in self.marks
        )
        return Marked(text, marks)

    def mapped(self, table: dict[str, str]) -> Marked:
        """With characters replaced one by one (the table's values are single characters)."""
        return Marked("".join(table.get(c, c) for c in self.text), self.marks)


def concat(parts: Sequence[Marked | str]) -> Marked:
    """Parts one behind the other."""
    texts: list[str] = []
    marks: list[Mark] = []
    length = 0
    for part in parts:
        text = part if isinstance(part, str) else part.text
        if isinstance(part, Marked):
            marks += [Mark(m.start + length, m.end + length, m.kind, m.data) for m in part.marks]
        texts.append(text)
        length += len(text)
    return Marked("".join(texts), tuple(marks))


def join(parts: Sequence[Marked | str], separator: str) -> Marked:
    """Parts with a separator between them.

    >>> join(["甲", Marked("乙", (Mark(0, 1, "fact"),))], "\\n").marks[0].start
    2
    """
    out: list[Marked | str] = []
    for i, part in enumerate(parts):
        if i:
            out.append(separator)
        out.append(part)
    return concat(out)
