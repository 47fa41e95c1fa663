"""Glued rows of ``requests``: their readings, narrowed by row sums, then by the columns' sums together."""

from __future__ import annotations

from dataclasses import dataclass, field

from gia_nlp.records import GluedRun
from gia_nlp.structure.tables.columns import Placed
from gia_nlp.structure.tables.freetext import Scan, is_loose
from gia_nlp.structure.tables.reading import Source
from gia_nlp.structure.tables.runs import Run
from gia_nlp.structure.tables.solver import LIMIT, Reading, agreed, block_readings, number, row_readings, viable
from gia_nlp.structure.tables.values import Value
from gia_nlp.vocabulary.forms import Form, outcome_rows

MOST_LISTED = 200  # readings that a GluedRun lists


@dataclass(frozen=True, slots=True)
class Glued:
    """A row whose digits no border parts; ``start`` and ``end`` count in the document."""

    row: str
    run: Run
    scan: Scan
    start: int
    end: int


@dataclass(slots=True)
class Parted:
    """Values of the glued rows, and the runs that stay open."""

    values: dict[str, list[Value]] = field(default_factory=dict)
    runs: list[GluedRun] = field(default_factory=list)


def fragments(text: str) -> tuple[str, set[int]]:
    """Digits without blanks, and the places where blanks stood.

    >>> fragments("230 000023")
    ('230000023', {3})
    """
    run, borders = "", set()
    for part in text.replace(",", "").split():
        if run:
            borders.add(len(run))
        run += part
    return run, borders


def read_run(run: Run, width: int, blanks: bool, subtotal: bool, loose: bool = False) -> tuple[list[Reading], str]:
    """A row's readings, and by what right. ``loose``: blanks part nothing in this table."""
    texts = [run.text] + ([run.alternative] if run.alternative else [])
    found: list[Reading] = []
    how = ""
    for soft in (True,) if loose else (False, True):
        for text in texts:
            digits, borders = fragments(text)
            if not digits.replace(".", "").isdigit():
                continue
            marks = set() if soft else borders
            if len(digits) == width and not blanks and not subtotal:
                # Without a blank there is no other way; with one, a number may be missing.
                if loose or not borders or sum(map(int, digits[:-1])) == int(digits[-1]):
                    found.append(tuple(digits))
                    how = "one digit a cell"
            elif subtotal:
                found += _with_subtotal(digits, marks)
                how = "parted by the row's sums"
            else:
                found += row_readings(digits, width, marks, blanks) if len(digits) >= width else []
                how = "parted by the row's sum"
        if found:
            return list(dict.fromkeys(found)), how + ("; a blank stands inside a number" if soft else "")
    return [], ""


def _with_subtotal(digits: str, borders: set[int]) -> list[Reading]:
    """Readings of eight columns, the subtotal left out."""
    found: list[Reading] = []
    fixed = frozenset(borders)
    for stop in range(1, len(digits) - 6):
        first = digits[:stop]
        if (len(first) > 1 and first[0] == "0") or any(0 < b < stop for b in fixed):
            continue
        for end, parts in block_readings(digits, stop, 6, fixed):
            total = str(int(first) + int(number(parts[-1])))
            if digits[end:] == total and not any(end < b < len(digits) for b in fixed):
                found.append((first, *parts[:-1], total))
    return found


def _proves_glue(run: Run) -> bool:
    """Whether a run holds what no single number can be: digits behind a leading zero."""
    return any(len(token) > 1 and token[0] == "0" and token[1].isdigit() for token in run.tokens)


def resolve(source: Source, form: Form, known: dict[str, Placed], glued: dict[str, Glued], subtotal: bool) -> Parted:
    """Parts every glued row as far as the form's sums allow.

    Where most rows have a blank between any two numbers, a row with fewer numbers has lost one, unless its digits prove otherwise.
    """
    parted = Parted()
    if not glued:
        return parted
    width = len(form.columns)
    proofs = sum(_proves_glue(g.run) for g in glued.values())
    spaced = sum(placed.spaced for placed in known.values()) >= max(3, len(glued)) and proofs < 2
    short = [g for g in glued.values() if len(fragments(g.run.text)[0]) < width]
    blanks = len(short) >= 2 and len(short) >= 0.1 * len(glued)
    domains: dict[str, list[Reading]] = {}
    how: dict[str, str] = {}
    for row, g in glued.items():
        domains[row], how[row] = [], ""
        if not spaced or _proves_glue(g.run):
            domains[row], how[row] = read_run(g.run, width, blanks, subtotal, is_loose(g.scan))
    if any("a blank stands inside" in how[row] for row in glued):
        for row, g in glued.items():
            if how[row] and len(g.run.text.split()) > 1:
                domains[row], how[row] = read_run(g.run, width, blanks, subtotal, True)
    for row, done in known.items():
        if all(v.value is not None or v.kind in ("empty", "text") for v in done.values) and all(
            float(v.value or 0).is_integer() for v in done.values
        ):
            domains[row] = [tuple(None if v.value is None else str(int(v.value)) for v in done.values)]
    before = {row: agreed(domains[row]) for row in glued}
    if any(len(domains[row]) > 1 for row in glued):
        narrowed = _by_columns(form, domains)
        for row in glued:
            if narrowed and len(narrowed.get(row, domains[row])) < len(domains[row]):
                domains[row] = narrowed[row]
    for row, g in glued.items():
        parted.values[row] = _values(source, g, domains[row], how[row], before[row], width)
        if len(domains[row]) > 1:
            keys = tuple(f"{row}.{c.id}" for c in form.columns)
            kept = tuple(domains[row][:MOST_LISTED])
            parted.runs.append(
                GluedRun(
                    form.generation,
                    form.table,
                    keys,
                    source.text[g.start : g.end],
                    g.start,
                    g.end,
                    kept,
                    len(domains[row]) > MOST_LISTED,
                )
            )
    return parted


def _by_columns(form: Form, domains: dict[str, list[Reading]]) -> dict[str, list[Reading]] | None:
    """Readings that fit the columns' sums, both together if they can be met, else the one that can."""
    sums: list[dict[str, int]] = [
        {**dict.fromkeys(outcome_rows(form.generation), 1), "processed": -1},
        {"received": 1, "carried_in": 1, "processed": -1, "carried_out": -1},
    ]
    usable = [s for s in sums if all(0 < len(domains.get(row, [])) <= LIMIT for row in s)]
    if not usable:
        return None
    met = _joint(domains, usable)
    if met or len(usable) == 1:
        return met
    single = [m for s in usable if (m := _joint(domains, [s]))]
    return single[0] if len(single) == 1 else None


def _joint(domains: dict[str, list[Reading]], sums: list[dict[str, int]]) -> dict[str, list[Reading]] | None:
    rows = sorted({row for s in sums for row in s}, key=lambda row: len(domains[row]))
    kept = viable([domains[row] for row in rows], [[s.get(row, 0) for row in rows] for s in sums])
    if kept is None or not all(kept):
        return None
    return dict(zip(rows, kept, strict=True))


def _values(source: Source, g: Glued, readings: list[Reading], how: str, before: list[bool], width: int) -> list[Value]:
    raw = source.text[g.start : g.end]
    if not readings:
        note = f"glued digits that no reading of {width} cells explains: {raw}"
        return [Value(None, "lost", raw, None, note, g.start, g.end)] * width
    fixed = agreed(readings)
    values = []
    for i in range(width):
        options = [readings[0][i]] if fixed[i] else list(dict.fromkeys(r[i] for r in readings))
        if not fixed[i]:
            listed = ", ".join("blank" if o is None else o for o in options[:8])
            values.append(Value(None, "ambiguous", raw, None, f"glued digits {raw}: may be {listed}", g.start, g.end))
            continue
        why = how if before[i] else f"{how} and the columns' sums"
        if options[0] is None:
            values.append(Value(None, "empty", raw, None, f"glued digits {raw}, {why}", g.start, g.end))
        else:
            found = number(options[0])
            values.append(
                Value(
                    found, "zero" if found == 0 else "number", raw, None, f"glued digits {raw}, {how}", g.start, g.end
                )
            )
    return values
