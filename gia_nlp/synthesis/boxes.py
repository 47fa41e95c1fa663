"""A statutory table as it is printed: boxes with spans, and the right answer of every cell of the form."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Box:
    """A printed cell. ``key`` is the cell's id in the form (``row.column``), ``""`` for a number the form has not, ``None`` for labels."""

    text: str
    rows: int = 1
    columns: int = 1
    key: str | None = None
    role: str = "label"

    @property
    def is_value(self) -> bool:
        """A number's place, not a label."""
        return self.key is not None


@dataclass
class Printed:
    """A table as printed. ``answers``: ``None`` is a blank or lost cell; ``undecidable``: keys that the print leaves open."""

    name: str
    form: str
    grid: list[list[Box]]
    width: int
    answers: dict[str, float | None]
    undecidable: set[str] = field(default_factory=set)
    header_rows: int = 0

    def matrix(self) -> list[list[Box | str]]:
        """All places: a box at its upper left, ``"above"`` and ``"left"`` where it covers others."""
        taken: dict[tuple[int, int], str] = {}
        rows: list[list[Box | str]] = []
        for r, boxes in enumerate(self.grid):
            row: list[Box | str] = []
            queue = list(boxes)
            while queue or (r, len(row)) in taken:
                c = len(row)
                if (r, c) in taken:
                    row.append(taken[r, c])
                    continue
                box = queue.pop(0)
                row.append(box)
                for i in range(box.rows):
                    for j in range(box.columns):
                        if (i, j) != (0, 0):
                            taken[r + i, c + j] = "left" if i == 0 or j else "above"
            rows.append(row)
        return rows

    def hide_blanks(self) -> None:
        """For prints that cannot show a blank: where some cells of a row are blank, none has a sure place."""
        for row in self.grid:
            values = [b for b in row if b.is_value]
            if any(b.text for b in values) and not all(b.text for b in values):
                self.undecidable |= {b.key for b in values if b.key}
