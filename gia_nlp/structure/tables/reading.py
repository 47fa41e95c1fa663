"""What the readers of the single tables share."""

from __future__ import annotations

from dataclasses import dataclass, field

from gia_nlp.records import Cell, GluedRun, Issue
from gia_nlp.structure.tables.freetext import Scan, scan
from gia_nlp.structure.tables.masks import REMARK
from gia_nlp.structure.tables.rows import Free, Piece, Row
from gia_nlp.structure.tables.values import Value, read_value


@dataclass(frozen=True, slots=True)
class TableReading:
    """All that the tables of a document say. ``forms`` gives each recognised table's generation, ``spans`` what they cover."""

    cells: tuple[Cell, ...] = ()
    glued: tuple[GluedRun, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    forms: dict[str, str] = field(default_factory=dict)
    warnings: tuple[Issue, ...] = ()


@dataclass(slots=True)
class Result:
    """One table while it is read."""

    generation: str
    cells: list[Cell] = field(default_factory=list)
    glued: list[GluedRun] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    warnings: list[Issue] = field(default_factory=list)
    rows: set[int] = field(default_factory=set)

    def warn(self, table: str, message: str) -> None:
        """Records something that was seen and not used."""
        self.warnings.append(Issue("structure", f"table_{table}", message))


class Source:
    """A document's rows and scanned free text in order, and its text for raw quotes."""

    def __init__(self, text: str, parts: list[Row | Free]) -> None:
        self.text = text
        self.parts: list[Row | Scan] = [scan(p) if isinstance(p, Free) else p for p in parts]

    def raw(self, piece: Piece) -> str:
        """The text of a cell as it stands in the document; the cell's own text where it has no place there."""
        if piece.start is None or piece.end is None:
            return piece.text
        return self.text[piece.start : piece.end]

    def value(self, piece: Piece, label: str = "") -> Value:
        """A cell's value with its evidence."""
        text, start, end = piece.text, piece.start, piece.end
        if text.isdigit() and text.isascii() and start is not None and end is not None:  # nine of ten cells
            number = float(text)
            return Value(number, "number" if number else "zero", self.text[start:end], None, None, start, end)
        return read_value(piece, self.raw(piece), label)

    def cell(self, scanned: Scan, start: int, end: int) -> Piece:
        """A number of a scanned text as a cell, with the words right behind it."""
        view = scanned.free.view
        words = REMARK.match(view.text, end) if view.text[end : end + 1] not in " \n" else None
        stop = words.end() if words and not view.text[words.end() : words.end() + 1].strip() else end
        return Piece(view.text[start:stop], *view.span(start, stop), 0)

    def span(self, scanned: Scan, start: int, end: int) -> tuple[int, int]:
        """Places of the document for places of a scanned text."""
        return scanned.free.view.span(start, end)


def leaves_blanks(source: Source) -> bool:
    """Whether some row of the document has a blank cell between its numbers."""
    for part in source.parts:
        if isinstance(part, Row) and part.source != "grid":
            filled = part.filled
            numbers = [i for i in filled if i not in part.other]
            if len(numbers) > 2 and sum(numbers[0] < i <= numbers[-1] for i in filled) < numbers[-1] - numbers[0]:
                return True
    return False
