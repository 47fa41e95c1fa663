"""Which cells of a glued table the digits and the sums of the form leave open, by trying every way to cut them.

This stands apart from the reader's solver on purpose: it is the judge of it. It knows the form's sums and nothing else (no
prose, no order of magnitude, no 累计 ≥ 本年), so it calls open what a cleverer reader may decide; a reader that decides
rightly loses nothing by that.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from gia_nlp.synthesis.boxes import Printed
from gia_nlp.vocabulary.forms import outcome_rows, requests_form, statistics_form

_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?\Z")
_MOST_READINGS = 5_000
_MOST_PRODUCTS = 200_000

Reading = tuple[float, ...]


def cuts(digits: str, parts: int) -> Iterator[Reading]:
    """Every way to cut a run into numbers without leading zeros.

    >>> list(cuts("102", 2)), list(cuts("123", 2))
    ([(10.0, 2.0)], [(1.0, 23.0), (12.0, 3.0)])
    """
    if parts == 1:
        if _NUMBER.match(digits):
            yield (float(digits),)
        return
    for length in range(1, len(digits) - parts + 2):
        if _NUMBER.match(digits[:length]):
            for rest in cuts(digits[length:], parts - 1):
                yield (float(digits[:length]), *rest)


def _summed(digits: str, parts: int) -> list[Reading] | None:
    """Readings whose last number is the sum of the others; ``None`` when there are too many to try."""
    out: list[Reading] = []

    def walk(rest: str, left: int, so_far: Reading, total: float) -> bool:
        if left == 1:
            if _NUMBER.match(rest) and float(rest) == total:
                out.append((*so_far, total))
            return len(out) <= _MOST_READINGS
        for length in range(1, len(rest) - left + 2):
            if length > 1 and rest[0] == "0":
                break
            value = float(rest[:length])
            if not walk(rest[length:], left - 1, (*so_far, value), total + value):
                return False
        return True

    if not digits.isdigit():
        return None
    return out if walk(digits, parts, (), 0.0) else None


def open_cells(table: Printed) -> set[str]:
    """Keys of the cells that a print without separators leaves open (besides those that its answers leave out).

    Where blanks leave no trace, ``111`` can be one number beside two blanks: rows of several cells are then all open.
    """
    if any(b.key and not b.text for row in table.grid for b in row):
        rows = [[b for b in row if b.is_value] for row in table.grid]
        return {b.key for row in rows if len(row) > 1 and any(c.text for c in row) for b in row if b.key}
    if table.name == "requests":
        return _open_requests(table)
    if table.name == "review_litigation":
        return _open_review(table)
    if table.name == "statistics":
        return _open_statistics(table)
    return {k for row in table.grid for k in _open_row([b.text for b in row if b.key], [b.key for b in row if b.key])}


def _open_row(texts: list[str], keys: list[str | None]) -> set[str]:
    named = {k for k in keys if k}
    if len(texts) < 2:
        return set()
    if not all(texts):
        return set() if not any(texts) else named
    readings = list(itertools.islice(cuts("".join(texts), len(texts)), _MOST_READINGS))
    return _differing(readings, keys) if 0 < len(readings) < _MOST_READINGS else named


def _differing(readings: list[Reading], keys: list[str | None]) -> set[str]:
    return {k for i, k in enumerate(keys) if k and len({r[i] for r in readings}) > 1}


def _truth(table: Printed, keys: list[str]) -> Reading | None:
    values = [table.answers.get(k) for k in keys]
    return None if any(v is None for v in values) else tuple(float(v) for v in values if v is not None)


def _open_requests(table: Printed) -> set[str]:
    """Rows by their own sum, then the rows that are left together by the sums of the columns."""
    rows: dict[str, list[Reading]] = {}
    keys: dict[str, list[str]] = {}
    opened: set[str] = set()
    for row in table.grid:
        boxes = [b for b in row if b.is_value]
        if not boxes:
            continue
        named = [b.key for b in boxes if b.key]
        name = named[0].rsplit(".", 1)[0]
        texts = [b.text for b in boxes]
        readings = _summed("".join(texts), 7) if len(boxes) == 7 and all(texts) else None
        if readings is None or _truth(table, named) not in readings:
            if any(texts) and not all(len(t) == 1 and t.isdigit() for t in texts):
                opened |= set(named)
            continue
        rows[name], keys[name] = readings, named
    several = [name for name, readings in rows.items() if len(readings) > 1]
    size = 1
    for name in several:
        size *= len(rows[name])
    complete = set(rows) == {r.id for r in requests_form(table.form).rows}
    if several and complete and size <= _MOST_PRODUCTS:
        fitting = [
            c for c in itertools.product(*(rows[n] for n in several)) if _columns_add_up(table.form, rows, several, c)
        ]
        if fitting:
            for i, name in enumerate(several):
                rows[name] = sorted({c[i] for c in fitting})
    for name in several:
        opened |= _differing(rows[name], list(keys[name]))
    return opened


def _columns_add_up(form: str, rows: dict[str, list[Reading]], names: list[str], chosen: tuple[Reading, ...]) -> bool:
    picked = dict(zip(names, chosen, strict=True))
    get = lambda name: picked.get(name) or rows[name][0]  # noqa: E731
    for i in range(7):
        processed = get("processed")[i]
        if sum(get(o)[i] for o in outcome_rows(form)) != processed:
            return False
        if get("received")[i] + get("carried_in")[i] != processed + get("carried_out")[i]:
            return False
    return True


def _open_review(table: Printed) -> set[str]:
    boxes = [b for row in table.grid for b in row if b.key]
    keys: list[str | None] = [b.key for b in boxes]
    texts = [b.text for b in boxes]
    if not any(texts) or all(len(t) == 1 and t.isdigit() for t in texts):
        return set()
    named = {k for k in keys if k}
    if not all(t.isdigit() for t in texts):
        return named
    digits = "".join(texts)
    readings: list[Reading] = []

    def walk(at: int, left: int, so_far: Reading) -> None:
        if left == 0:
            if at == len(digits):
                readings.append(so_far)
            return
        for stop in range(at + 5, len(digits) - 5 * (left - 1) + 1):
            if len(readings) > _MOST_READINGS:
                return
            for block in _summed(digits[at:stop], 5) or []:
                walk(stop, left - 1, so_far + block)

    walk(0, 3, ())
    truth = _truth(table, [k for k in keys if k])
    if truth not in readings or len(readings) > _MOST_READINGS:
        return named
    return _differing(readings, keys)


def _open_statistics(table: Printed) -> set[str]:
    """Two numbers a row: what the sums of the parts leave of the ways to cut each."""
    rows: dict[str, list[Reading]] = {}
    keys: dict[str, list[str | None]] = {}
    opened: set[str] = set()
    for row in table.grid:
        boxes = [b for b in row if b.key]
        if len(boxes) < 2:
            continue
        names: list[str | None] = [b.key for b in boxes]
        texts = [b.text for b in boxes]
        if not all(texts):
            opened |= {k for k in names if k} if any(texts) else set()
            continue
        indicator = str(names[0]).rsplit(".", 1)[0]
        rows[indicator], keys[indicator] = list(cuts("".join(texts), len(texts))), names
    for total in statistics_form().sums:
        group = [p for p in (total.whole, *total.parts) if p in rows]
        size = 1
        for name in group:
            size *= len(rows[name])
        if total.whole not in rows or len(group) < 2 or size > _MOST_PRODUCTS:
            continue
        fitting = [
            c for c in itertools.product(*(rows[n] for n in group))
            if all(c[0][i] == sum(part[i] for part in c[1:]) for i in range(len(c[0])))
        ]  # fmt: skip
        if fitting:
            for i, name in enumerate(group):
                rows[name] = sorted({c[i] for c in fitting})
    for name, readings in rows.items():
        opened |= _differing(readings, keys[name])
    return opened
