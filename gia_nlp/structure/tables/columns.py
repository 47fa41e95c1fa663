"""Which cell of a bordered row stands in which column of ``requests``: by the header, by complete rows, by count."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, replace

from gia_nlp.structure.tables.labels import label_key
from gia_nlp.structure.tables.reading import Source
from gia_nlp.structure.tables.rows import Piece, Row
from gia_nlp.structure.tables.values import LOST, Value
from gia_nlp.vocabulary.active import per_vocabulary
from gia_nlp.vocabulary.forms import blank_words, requests_form, subtotal_words

_BLANK = Value(None, "empty")


@dataclass(slots=True)
class Placed:
    """A row's values in the form's columns, what is unusual about them, and whether blanks alone parted them."""

    values: list[Value]
    note: str | None
    spaced: bool = False


def place(
    source: Source, rows: dict[str, tuple[Row, int]], header: list[Row], width: int, subtotal: bool
) -> dict[str, Placed]:
    """Values by row. ``rows`` gives each row's cells and the place of its label (-1 without one)."""
    wide = width + subtotal
    rows = {row: (_opened(r, at, wide), at) for row, (r, at) in rows.items()}
    cores = {row: _core(r, at) for row, (r, at) in rows.items()}
    if not subtotal and _all_wider(cores, width):
        subtotal, wide = True, width + 1
    extra = _subtotal_place(source, rows, cores, wide, header) if subtotal else None
    whole = {row: core for row, core in cores.items() if core and core[1] - core[0] == wide}
    open_ = any(core and core[1] - core[0] < wide for core in cores.values())
    totals = _by_totals(rows, cores, whole, wide, extra) if open_ else {}
    placed: dict[str, Placed] = {}
    heads = (
        [(line, [label_key(p.text) for p in line.cells]) for line in header if not _has_number(line)] if open_ else []
    )
    for row, (r, at) in rows.items():
        core = cores[row]
        if core is None:
            cells = list(r.cells[at + 1 :])
            blank = len(cells) >= wide or any(p.covered for p in cells)
            note = None if blank else "label without numbers"
            placed[row] = Placed(
                [_blank(source, cells[k] if k < len(cells) else None) if blank else LOST for k in range(width)], note
            )
            continue
        if core[1] - core[0] > wide:
            placed[row] = _too_many(source, r, core, width, wide)
            continue
        first: int | None = core[0]
        if core[1] - core[0] < wide:
            first = _header_start(r, at, heads, wide, {c[0] for k, c in whole.items() if rows[k][0].block == r.block})
            first = _start(row, r, at, core, rows, whole, wide, first)
            if first is None or not whole or not r.cells[min(first + wide, len(r.cells)) - 1].text:
                first = totals.get(row, first)
        if first is None or first + wide > len(r.cells) or core[0] < first or core[1] > first + wide:
            seen = " | ".join(p.text for p in r.cells[at + 1 :])
            placed[row] = Placed([LOST] * width, f"{core[1] - core[0]} cells for {wide} columns: {seen}"[:300])
            continue
        values = [source.value(p) for p in r.cells[first : first + wide]]
        if extra is not None:
            del values[extra]
        placed[row] = _checked(values)
    return placed


def _opened(row: Row, at: int, wide: int) -> Row:
    """A row of too few cells in which blanks part several numbers in one cell, one number a cell."""
    behind = row.filled[bisect_right(row.filled, at) :]
    if len(behind) >= wide or not behind:
        return row
    filled = [row.cells[i] for i in behind]
    if sum(len(p.text.split()) for p in filled) != wide:
        return row
    cells = list(row.cells[: at + 1])
    for piece in filled:
        if piece.start is None or piece.end is None or len(piece.text) != piece.end - piece.start:
            return row
        for number in re.finditer(r"\S+", piece.text):
            if not number.group().isdigit():
                return row
            cells.append(Piece(number.group(), piece.start + number.start(), piece.start + number.end(), len(cells)))
    return replace(row, cells=tuple(cells))


def _blank(source: Source, piece: Piece | None) -> Value:
    return source.value(piece) if piece is not None and piece.start is not None else _BLANK


def _core(row: Row, at: int) -> tuple[int, int] | None:
    """From the first cell with something in it behind the label to behind the last."""
    first = bisect_right(row.filled, at)
    return (row.filled[first], row.filled[-1] + 1) if first < len(row.filled) else None


def _all_wider(cores: dict[str, tuple[int, int] | None], width: int) -> bool:
    sizes = Counter(c[1] - c[0] for c in cores.values() if c)
    return sizes[width + 1] >= 3 and sizes[width + 1] >= 0.8 * sum(sizes.values()) and not sizes[width]


def _subtotal_place(
    source: Source,
    rows: dict[str, tuple[Row, int]],
    cores: dict[str, tuple[int, int] | None],
    wide: int,
    header: list[Row],
) -> int:
    """Where the subtotal stands: behind the five kinds of organisation, or before them, by the sums, else by the header."""
    votes: Counter[int] = Counter()
    for row, (r, _) in rows.items():
        core = cores[row]
        if core and core[1] - core[0] == wide:
            n = [source.value(p).value or 0 for p in r.cells[core[0] : core[1]]]
            votes[6] += any(n) and n[6] == sum(n[1:6]) and n[7] == n[0] + n[6]
            votes[1] += any(n) and n[1] == sum(n[2:7]) and n[7] == n[0] + n[1]
    if votes[1] == votes[6]:
        words, first = subtotal_words(), set(requests_form("2021").columns[1].cores)
        for line in header:
            keys = [label_key(p.text) for p in line.cells]
            places = [[i for i, key in enumerate(keys) if key in names] for names in (words, first)]
            if all(places):
                return 1 if places[0][0] < places[1][0] else 6
    return 1 if votes[1] > votes[6] else 6


def _has_number(row: Row) -> bool:
    return len(row.other) < len(row.filled)


@per_vocabulary
def _applicants() -> frozenset[str]:
    return frozenset(core for column in requests_form("2021").columns for core in column.cores)


def _header_start(row: Row, at: int, header: list[tuple[Row, list[str]]], wide: int, starts: set[int]) -> int | None:
    """The column of the first applicant by the header of the same table, if the table's complete rows do not contradict it.

    A scanned header is often shifted against its rows by a label that fell into two cells.
    """
    if row.source not in ("grid", "tab"):
        return None
    applicants = _applicants()
    places: dict[str, int] = {}
    for line, keys in header:
        if line.block != row.block or line.start > row.start or len(line.cells) != len(row.cells):
            continue
        for piece, key in zip(line.cells, keys, strict=True):
            if key in applicants:
                places.setdefault(key, piece.column)
    first, last = places.get("自然人"), places.get("总计", places.get("合计"))
    if first is None or last is None or last - first != wide - 1 or first <= at or starts - {first}:
        return None
    return first if row.source == "grid" or starts else None


def _start(
    row: str, r: Row, at: int, core: tuple[int, int], rows: dict[str, tuple[Row, int]],
    whole: dict[str, tuple[int, int]], wide: int, first: int | None,
) -> int | None:  # fmt: skip
    """The first value's cell of a row with blanks at its ends; ``None`` where the layout leaves it open."""
    if first is not None:
        return first
    near = {k: c for k, c in whole.items() if rows[k][0].block == r.block}
    same_width = {k: c for k, c in whole.items() if len(rows[k][0].cells) == len(r.cells)}
    options: set[int] = set()
    if r.source == "tab" and near:
        alike = {c[0] for k, c in near.items() if len(rows[k][0].cells) == len(r.cells)}
        return alike.pop() if len(alike) == 1 else None  # else a cell is missing
    absolute = {c[0] for c in near.values()} | ({c[0] for c in same_width.values()} if not near else set())
    relative = {c[0] - rows[k][1] for k, c in whole.items()}
    if r.source == "grid" and len(absolute) == 1:
        return absolute.pop()
    if len(absolute) == 1 and r.source == "tab":
        options |= absolute
    if len(relative) == 1 and at >= 0:
        options.add(at + relative.pop())
    if not whole:
        options |= _extent(rows, at, wide, r)
    if not options and len(r.cells) - at - 1 == wide:
        options.add(at + 1)
    if r.source == "pipe":
        # A pipe at a ragged end is no blank cell: the row must be as long as complete ones.
        like = [len(rows[k][0].cells) - rows[k][1] for k in whole if rows[k][1] == at]
        like = like or [len(rows[k][0].cells) - rows[k][1] for k in whole]
        if like and len(r.cells) - at < max(like):
            return None
    fits = {o for o in options if o <= core[0] and core[1] <= o + wide}
    return fits.pop() if len(fits) == 1 else None


def _by_totals(
    rows: dict[str, tuple[Row, int]],
    cores: dict[str, tuple[int, int] | None],
    whole: dict[str, tuple[int, int]],
    wide: int,
    extra: int | None,
) -> dict[str, int]:
    """The first value's cell of rows with blanks: a row's last number closes it if it is the sum of those before it.

    ``extra`` is the place of a subtotal, which must be the sum of the organisations.

    Such rows and complete ones speak for rows without a total that are built alike.
    """
    own: dict[str, int] = {}
    for row, (r, at) in rows.items():
        core = cores[row]
        if core is None or core[1] - wide <= at or _torn(r, rows, whole):
            continue
        texts = ["0" if p.text in ("", *blank_words()) else p.text for p in r.cells[core[0] : core[1]]]
        if not all(t.isdigit() for t in texts) or int(texts[-1]) == 0:
            continue
        numbers = [0] * (wide - len(texts)) + [int(t) for t in texts]
        subtotal = 0 if extra is None else numbers.pop(extra)
        if sum(numbers[:-1]) == numbers[-1] and (extra is None or subtotal == sum(numbers[1:-1])):
            own[row] = core[1] - wide
    starts = own | {row: core[0] for row, core in whole.items() if rows[row][1] >= 0}
    alike: dict[tuple[str, int], Counter[int]] = {}
    for row, first in starts.items():
        group, base = _group(*rows[row])
        alike.setdefault(group, Counter())[first - base] += 1
    found: dict[str, int] = {}
    for row, (r, at) in rows.items():
        group, base = _group(r, at)
        votes = alike.get(group, Counter())
        if row in own and (own[row] == at + 1 or len(votes) == 1 or len(starts) > 2):
            found[row] = own[row]
        elif (
            len(votes) == 1
            and base + next(iter(votes)) > at
            and (votes.total() > 1 or base + next(iter(votes)) == at + 1)
        ):
            found[row] = base + next(iter(votes))
    return found


def _torn(row: Row, rows: dict[str, tuple[Row, int]], whole: dict[str, tuple[int, int]]) -> bool:
    """Whether a cell is missing: between tabs the rows of a table are of one length."""
    return row.source == "tab" and bool(whole) and len(row.cells) not in {len(rows[k][0].cells) for k in whole}


def _group(row: Row, at: int) -> tuple[tuple[str, int], int]:
    """What rows that begin alike have in common, and from where their beginning counts.

    Between tabs or a frame rows of one length begin in one cell; behind ragged pipes as far behind their labels.
    """
    return (("label", at), at) if row.source == "pipe" else (("length", len(row.cells)), 0)


def _extent(rows: dict[str, tuple[Row, int]], at: int, wide: int, r: Row) -> set[int]:
    """Without a complete row: the cells that any row fills, when they are as many as the columns."""
    found: set[int] = set()
    for base in (False, True):
        marks = [
            i - (label if base else 0)
            for row, label in rows.values()
            if label >= 0
            for i in range(label + 1, len(row.cells))
            if row.cells[i].text
        ]
        if marks and max(marks) - min(marks) + 1 == wide:
            found.add(min(marks) + (at if base else 0))
    exact = {len(row.cells) - label - 1 for row, label in rows.values() if label >= 0}
    if not found and exact == {wide}:
        found.add(at + 1)
    return found


def _full(values: list[Value]) -> bool:
    for value in values:  # noqa: SIM110 (a generator takes twice as long)
        if value.value is None:
            return False
    return True


def _total(values: list[Value]) -> bool:
    """Whether the last value is the sum of the others."""
    total = 0.0
    for value in values[:-1]:
        total += value.value or 0
    return total == (values[-1].value or 0)


def _checked(values: list[Value]) -> Placed:
    """A row with one value a column; numbers that stand in two cells are marked."""
    if _full(values) and _total(values):
        return Placed(values, None)
    broken = [
        i for i, v in enumerate(values) if v.kind == "ambiguous" and v.raw.replace(" ", "").replace("\n", "").isdigit()
    ]
    for i in broken:
        joined = float("".join(values[i].raw.split()))
        trial = [replace(v, value=joined) if k == i else v for k, v in enumerate(values)]
        if len(broken) == 1 and _total(trial):
            values = [
                replace(v, value=joined, kind="number", note="blank inside the number, joined: the row's sum agrees")
                if k == i
                else v
                for k, v in enumerate(values)
            ]
    if values[-1].value is None and values[-2].value and _total(values[:-1]):
        # The row adds up one cell further left: a cell may be missing.
        seen = " | ".join(v.raw.strip() for v in values)
        open_ = [replace(v, value=None, kind="ambiguous", note="may stand one column further left") for v in values]
        return Placed(open_, f"last cell blank, the number before it is the sum: {seen}")
    if any(v.value is None and v.kind not in ("empty", "text") for v in values) or _total(values):
        return Placed(values, None)
    total, split = values[-1].value, {}
    for i in range(5):
        left, right = values[i], values[i + 1]
        if left.value and left.value == int(left.value) and left.raw.strip().isdigit() and right.raw.strip().isdigit():
            joined = float(left.raw.strip() + right.raw.strip())
            rest = sum(v.value or 0 for k, v in enumerate(values[:-1]) if k not in (i, i + 1))
            if joined + rest == total:
                split[i] = f"{left.raw.strip()} | {right.raw.strip()}"
    if split:
        note = "perhaps one number in two cells: " + " or ".join(split.values())
        either = {k for i in split for k in (i, i + 1)}
        values = [
            replace(v, value=None, kind="ambiguous", note=note) if k in either else v for k, v in enumerate(values)
        ]
        return Placed(values, note)
    return Placed(values, None)


def open_beside_lone(placed: Placed) -> Placed:
    """A row beside a lone number, which may be torn off it: left open unless it adds up all the same."""
    values = placed.values
    whole = all(v.value is not None for v in values)
    if all(v.value is None for v in values) or (whole and _total(values)):
        return placed
    note = "a number stands alone above, perhaps torn off this row"
    opened = [replace(v, value=None, kind="ambiguous", note=note) if v.value is not None else v for v in values]
    return Placed(opened, placed.note)


def _too_many(source: Source, row: Row, core: tuple[int, int], width: int, wide: int) -> Placed:
    """More cells than columns: one number over two cells, if the row's sum names exactly one such place."""
    cells = list(row.cells[core[0] : core[1]])
    seen = " | ".join(p.text for p in cells)
    if wide == width and len(cells) == width + 1 and all(p.text.isdigit() for p in cells):
        ways: list[tuple[int, list[Value]]] = []
        texts = [p.text for p in cells]
        for i in range(width):
            joined = [*texts[:i], texts[i] + texts[i + 1], *texts[i + 2 :]]
            if (len(joined[i]) == 1 or joined[i][0] != "0") and sum(map(int, joined[:-1])) == int(joined[-1]):
                ways.append((i, [source.value(p) for p in cells[:i] + cells[i + 1 :]]))
        if ways:
            note = "one number in two cells: " + " or ".join(f"{texts[i]} | {texts[i + 1]}" for i, _ in ways)
            values = list(ways[0][1])
            for k in range(width):
                if any(i == k for i, _ in ways) or len({way[k].value for _, way in ways}) > 1:
                    values[k] = replace(values[k], value=None, kind="ambiguous", note=note)
            return Placed(values, f"{len(cells)} cells for {width} columns: {seen}")
    return Placed([LOST] * width, f"{len(cells)} cells for {wide} columns: {seen}"[:300])
