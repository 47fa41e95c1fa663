"""What a cell says: a number, a zero, nothing, or words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, make_dataclass
from functools import cache
from typing import Any

from gia_nlp.records import Cell, Record
from gia_nlp.structure.tables.rows import Piece
from gia_nlp.text.normalise import normalise
from gia_nlp.vocabulary.active import per_vocabulary
from gia_nlp.vocabulary.forms import Form, blank_words, form, letters, measure_words

_PLAIN = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?$")
_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?")
_SPLIT = re.compile(r"\d[ \n]+\d")
_STRANGE = re.compile("[\ue000-\uf8ff]")
_YEAR_BEFORE = re.compile(r"\s*[年月日号]")
_SIGN = {"减": -1, "减少": -1, "下降": -1, "增": 1, "增加": 1}


@dataclass(slots=True)
class Value:
    """A cell's content: ``kind`` as in :class:`~gia_nlp.records.Cell`, with the span of what was read. It never changes."""

    value: float | None
    kind: str
    raw: str = ""
    unit: str | None = None
    note: str | None = None
    start: int | None = None
    end: int | None = None


def read_value(piece: Piece, raw: str, label: str = "") -> Value:
    """Reads one cell. ``label`` helps to choose among several numbers beside words.

    >>> read_value(Piece("22（修订16件）", 0, 9, 0), "22（修订16件）").value
    22.0
    >>> read_value(Piece("—", 0, 1, 0), "—").kind
    'text'
    """
    read = _read(piece.text, label)
    start, end = (piece.start, piece.end) if raw else (None, None)
    return Value(read.value, read.kind, raw, read.unit, read.note, start, end)


def _number(digits: str) -> float:
    return float(digits.replace(",", "").replace("+", ""))


def _of(number: float, unit: str | None = None, note: str | None = None) -> Value:
    return Value(number, "zero" if number == 0 else "number", unit=unit, note=note)


@cache
def _unit_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    units = "|".join(map(re.escape, measure_words()))
    return re.compile(units), re.compile(rf"(增加?|减少?|下降)?({_NUMBER.pattern})\s*({units})?[。；;]?")


def _read(text: str, label: str) -> Value:
    text = text.strip()
    if not text:
        return Value(None, "empty")
    if _STRANGE.search(text) and re.search(r"\d", text):
        return Value(None, "ambiguous", note=f"a character of a private font beside digits: {text!r}")
    if _PLAIN.match(text):
        return _of(_number(text))
    if "".join(text.split()) in blank_words():
        return Value(None, "text")
    if _SPLIT.search(text) and not letters(text):
        return Value(None, "ambiguous", note=f"blank inside the number: {text!r}")
    content = normalise(text).text.replace("\n", "")
    unit_pattern, whole_pattern = _unit_patterns()
    whole = whole_pattern.fullmatch(content)
    if whole:
        sign = _SIGN.get(whole.group(1) or "", 1)
        return _of(
            sign * _number(whole.group(2)),
            whole.group(3),
            f"words beside the number: {text}" if whole.group(1) or whole.group(3) else None,
        )
    if any(c.isascii() and c.isalpha() for c in content) and not letters(re.sub(r"[A-Za-z]", "", content)):
        return Value(None, "ambiguous", note=f"letters for digits: {text}")
    numbers = [m for m in _NUMBER.finditer(content) if not _YEAR_BEFORE.match(content, m.end())]
    if not numbers:
        return Value(None, "text")
    chosen = numbers[0]
    if label and (at := content.find(label)) >= 0:
        chosen = next((m for m in numbers if m.start() >= at), chosen)
    unit = unit_pattern.match(content, chosen.end())
    return _of(_number(chosen.group()), unit.group() if unit else None, f"words beside the number: {text}")


@per_vocabulary
def _units(table: str, generation: str, row: str, columns: tuple[str, ...]) -> tuple[str | None, ...]:
    """The units that the form prints for some cells of a row."""
    return tuple(form(table, generation).unit_of(row, column) for column in columns)


# A report has two hundred cells, and a frozen record takes four times as long to fill (0.83 us) as one that is frozen when it is full.
_Cell = make_dataclass("_Cell", [(f.name, f.type) for f in fields(Cell)], bases=(Record,), slots=True)


def new_cell(*content: Any) -> Cell:
    """A cell with all its fields in order."""
    cell = _Cell(*content)
    cell.__class__ = Cell
    return cell


def make_cells(
    of: Form, row: str, columns: tuple[str, ...], values: Sequence[Value], note: str | None = None
) -> list[Cell]:
    """The records of cells of one row; their unit is the printed one, else the form's."""
    table, generation = of.table, of.generation
    return [
        new_cell(
            generation, table, row, column, v.value, v.unit or unit, v.kind, v.raw,
            f"{v.note}; {note}" if v.note and note else v.note or note or None, v.start, v.end,
        )
        for column, unit, v in zip(columns, _units(table, generation, row, columns), values, strict=True)
    ]  # fmt: skip


LOST = Value(None, "lost")
