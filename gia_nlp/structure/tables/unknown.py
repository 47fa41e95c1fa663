"""Tables of no known form: their numbers with row and column as printed, so that nothing is lost in silence."""

from __future__ import annotations

from gia_nlp.records import Cell
from gia_nlp.structure.tables.labels import is_number_like
from gia_nlp.structure.tables.reading import Result, Source
from gia_nlp.structure.tables.rows import Row
from gia_nlp.vocabulary.forms import letters

_MOST = 2000  # cells of unknown tables that a document may yield
_LONGEST_LABEL = 60


def read_unknown(source: Source, used: set[int]) -> Result | None:
    """Cells of tables that no other reader took; ``None`` when there are none."""
    blocks: dict[int, list[tuple[int, Row]]] = {}
    for place, part in enumerate(source.parts):
        if isinstance(part, Row):
            blocks.setdefault(part.block, []).append((place, part))
    result = Result("unknown")
    keys: set[tuple[str, str]] = set()
    for rows in blocks.values():
        if any(place in used for place, _ in rows) or len(rows) < 2:
            continue
        _read(source, [row for _, row in rows], result, keys)
        if len(result.cells) > _MOST:
            result.warn("unknown", f"more than {_MOST} cells in tables of no known form; the rest is left out")
            break
    return result if result.cells else None


def _read(source: Source, rows: list[Row], result: Result, keys: set[tuple[str, str]]) -> None:
    header = rows[0]
    names = {p.column: "".join(p.text.split()) for p in (header.cells[i] for i in header.words)}
    if len(names) < 2:
        return
    cells: list[Cell] = []
    for row in rows[1:]:
        label = next(("".join(p.text.split()) for p in row.cells if letters(p.text)), "")
        if not label or len(label) > _LONGEST_LABEL:
            continue
        for piece in row.cells:
            value = source.value(piece)
            if (
                value.value is None
                or not is_number_like(piece.text)
                or len(piece.text) > _LONGEST_LABEL
                or (letters(piece.text) and len(letters(piece.text)) > 6)
            ):
                continue
            column = names.get(piece.column, f"column_{piece.column + 1}")
            key, n = (label, column), 1
            while key in keys:
                n += 1
                key = (f"{label}#{n}", column)
            keys.add(key)
            cells.append(
                Cell(
                    "unknown",
                    "unknown",
                    key[0],
                    key[1],
                    value.value,
                    value.unit,
                    value.kind,
                    value.raw,
                    value.note,
                    value.start,
                    value.end,
                )
            )
    if len(cells) >= 2:
        result.cells += cells
        result.spans.append((rows[0].start, rows[-1].end))
        result.warn(
            "unknown",
            f"a table of no known form at {rows[0].start}-{rows[-1].end}: {len(cells)} numbers kept as printed",
        )
