"""What the digits of a 统计表 in running text can be: every parting that the form's sums and parts allow, and the cells told by them."""

from __future__ import annotations

from dataclasses import replace
from operator import le

from gia_nlp.structure.tables.reading import Source
from gia_nlp.structure.tables.solver import Reading, agreed, free_readings, number, viable
from gia_nlp.structure.tables.statistics_names import Entry, indicators
from gia_nlp.structure.tables.values import Value
from gia_nlp.vocabulary.forms import statistics_form


def read_digits(entries: list[Entry]) -> dict[str, list[Reading]]:
    """Readings of the rows in running text, narrowed by what the form demands."""
    domains: dict[str, list[Reading]] = {}
    for e in entries:
        if e.values is not None or e.note:
            continue
        width = len(e.columns)
        found = free_readings(e.digits, width, e.borders) if e.borders else []
        found = found or free_readings(e.digits, width)
        if width == 2 and len(e.borders) != 1:
            found = [r for r in found if number(r[0]) <= number(r[1])] or []
        domains[e.id] = found
    if not domains:
        return domains
    worth = {reading: tuple(map(number, reading)) for readings in domains.values() for reading in readings}
    pairs = [(e.id, i.part_of) for e in entries if (i := indicators().get(e.id)) and i.part_of]
    pairs = [(part, whole) for part, whole in pairs if domains.get(part) and domains.get(whole)]
    for _ in range(3):
        before = sum(map(len, domains.values()))
        for part, whole in pairs:
            least, most = [worth[r] for r in domains[part]], [worth[w] for w in domains[whole]]
            parts = [r for r, x in zip(domains[part], least, strict=True) if any(_within(x, y) for y in most)]
            wholes = [w for w, y in zip(domains[whole], most, strict=True) if any(_within(x, y) for x in least)]
            if parts and wholes:
                domains[part], domains[whole] = parts, wholes
        if sum(map(len, domains.values())) == before:
            break
    for rule in statistics_form().sums:
        parts_ = [p for p in rule.parts if domains.get(p)]
        rows = [*parts_, rule.whole]
        if (
            len(parts_) < 2
            or not domains.get(rule.whole)
            or all(len(domains[r]) == 1 for r in rows)
            or sum(len(domains[r]) for r in rows) > 400
        ):
            continue
        kept = viable([domains[r] for r in rows], [[1] * len(parts_) + [-1]])
        if kept and all(kept):
            domains.update(zip(rows, kept, strict=True))
    return domains


def _within(part: tuple[float, ...], whole: tuple[float, ...]) -> bool:
    return all(map(le, part, whole))


def digit_values(source: Source, entry: Entry, readings: list[Reading]) -> list[Value]:
    """The values of a row's cells, open where its readings differ."""
    raw = source.text[entry.start : entry.end]
    blank = Value(
        None, "lost", raw, None, entry.note or f"digits for {len(entry.columns)} columns: {raw}", entry.start, entry.end
    )
    if not readings:
        return [replace(blank, kind="ambiguous" if entry.note else "lost")] * len(entry.columns)
    fixed = agreed(readings)
    glued = len(entry.columns) > 1 and not entry.borders
    values = []
    for i in range(len(entry.columns)):
        options = list(dict.fromkeys(str(r[i]) for r in readings))
        if not fixed[i]:
            values.append(
                Value(
                    None,
                    "ambiguous",
                    raw,
                    None,
                    f"glued digits {raw}: may be {', '.join(options[:8])}",
                    entry.start,
                    entry.end,
                )
            )
            continue
        found = number(options[0])
        how = "one digit a cell" if len(entry.digits) == len(entry.columns) else "only one reading"
        note = f"glued digits {raw}, {how}" if glued else None
        values.append(Value(found, "zero" if found == 0 else "number", raw, None, note, entry.start, entry.end))
    return values
