"""Parts glued digits: every way in which a run of digits can be the cells of a row, and which ways agree with the sums.

Exact: nothing is weighed or guessed. A reading is a tuple with each cell's number as printed, ``None`` for a blank cell.

>>> row_readings("640020470", 7)
[('64', '0', '0', '2', '0', '4', '70')]
>>> len(free_readings("6233440", 3))
15
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

Reading = tuple[str | None, ...]

_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")
LIMIT = 2000  # readings of one run that are kept
_STATES = 20000  # partial sums that the joint search keeps before it gives up


def number(text: str | None) -> float:
    """A printed number's value; a blank counts nothing."""
    return float(text.replace(",", "")) if text else 0.0


def _pieces(run: str, start: int, borders: frozenset[int]) -> Iterator[tuple[str, int]]:
    """Numbers that can begin at ``start``: no leading zero, no border inside."""
    if run.isascii() and run.isdecimal():
        for stop in range(start + 1, start + 2 if run[start] == "0" else len(run) + 1):
            yield run[start:stop], stop
            if stop in borders:
                return
        return
    for stop in range(start + 1, len(run) + 1):
        piece = run[start:stop]
        if _NUMBER.fullmatch(piece) and not (stop < len(run) and run[stop] == "."):
            yield piece, stop
        elif piece[0] == "0" and stop > start + 1 and run[start + 1] != ".":
            return
        if stop in borders:
            return


def free_readings(run: str, cells: int, borders: Iterable[int] = (), limit: int = LIMIT) -> list[Reading]:
    """All ways to part a run into ``cells`` numbers with no sum to help; at most ``limit + 1`` of them."""
    fixed = frozenset(borders)
    found: list[Reading] = []

    def walk(at: int, left: int, parts: Reading) -> None:
        if len(found) > limit or len(run) - at < left:
            return
        if not left:
            if at == len(run):
                found.append(parts)
            return
        for piece, stop in _pieces(run, at, fixed):
            walk(stop, left - 1, (*parts, piece))

    walk(0, cells, ())
    return found


def block_readings(
    run: str, at: int, cells: int, borders: frozenset[int] = frozenset(), blanks: bool = False
) -> list[tuple[int, Reading]]:
    """Numbers from ``at`` on whose last is the sum of the others: (end, parts). With ``blanks`` a cell may be empty."""
    found: list[tuple[int, Reading]] = []

    def walk(at: int, left: int, total: int, parts: Reading) -> None:
        if len(found) > LIMIT:
            return
        if left == 1:
            target = str(total)
            if run.startswith(target, at) and not any(at < b < at + len(target) for b in borders):
                found.append((at + len(target), (*parts, target)))
            if blanks and total == 0:
                found.append((at, (*parts, None)))
            return
        if not blanks and len(run) - at < left:
            return
        if blanks:
            walk(at, left - 1, total, (*parts, None))
        for piece, stop in _pieces(run, at, borders):
            if "." in piece or piece.startswith("-"):
                continue
            sum_ = total + int(piece)
            # Of the digits behind, each cell before the sum's takes one.
            if len(str(sum_)) > len(run) - stop - (0 if blanks else left - 2) and not (blanks and sum_ == 0):
                break
            walk(stop, left - 1, sum_, (*parts, piece))

    walk(at, cells, 0, ())
    return found


def row_readings(run: str, cells: int, borders: Iterable[int] = (), blanks: bool = False) -> list[Reading]:
    """Ways to part a run so that the last number is the sum of the others."""
    fixed = frozenset(borders)
    return [parts for end, parts in block_readings(run, 0, cells, fixed, blanks) if end == len(run)]


def chain_readings(
    run: str, blocks: int, cells: int, borders: Iterable[int] = (), blanks: bool = False
) -> list[Reading]:
    """Ways to part a run into ``blocks`` groups of ``cells`` numbers, each group closed by its sum.

    >>> chain_readings("10203120001200000", 3, 5)[0][:5]
    ('1', '0', '2', '0', '3')
    """
    fixed = frozenset(borders)
    ways: dict[int, list[Reading]] = {0: [()]}
    for _ in range(blocks):
        after: dict[int, list[Reading]] = {}
        for at, heads in ways.items():
            for end, parts in block_readings(run, at, cells, fixed, blanks):
                into = after.setdefault(end, [])
                for head in heads:
                    if len(into) <= LIMIT:
                        into.append(head + parts)
        ways = after
    return ways.get(len(run), [])


def viable(domains: Sequence[Sequence[Reading]], coefficients: Sequence[Sequence[int]]) -> list[list[Reading]] | None:
    """The readings of each row that occur in some joint solution of column sums.

    ``coefficients[k][i]`` is row i's factor in constraint k; each constraint says that, in every column, the weighted sum of
    the rows is 0. ``None`` when there are too many partial sums to follow; empty lists when nothing satisfies them.
    """
    width = len(domains[0][0]) if domains and domains[0] else 0
    vectors = [
        [tuple(int(number(r[c])) * k[i] for k in coefficients for c in range(width)) for r in d]
        for i, d in enumerate(domains)
    ]
    zero = (0,) * (width * len(coefficients))

    def add(a: tuple[int, ...], b: tuple[int, ...], sign: int = 1) -> tuple[int, ...]:
        return tuple(x + sign * y for x, y in zip(a, b, strict=True))

    forward = [{zero}]
    for options in vectors:
        step = {add(state, v) for state in forward[-1] for v in set(options)}
        if len(step) > _STATES:
            return None
        forward.append(step)
    alive = {zero}
    kept: list[list[Reading]] = []
    for i in range(len(domains) - 1, -1, -1):
        before: set[tuple[int, ...]] = set()
        good = []
        for reading, vector in zip(domains[i], vectors[i], strict=True):
            reached = {state for s in alive if (state := add(s, vector, -1)) in forward[i]}
            if reached:
                good.append(reading)
                before |= reached
        kept.append(good)
        alive = before
    return kept[::-1]


def agreed(readings: Sequence[Reading]) -> list[bool]:
    """For each cell, whether all readings give it the same number."""
    if len(readings) < 2:
        return [True] * len(readings[0]) if readings else []
    return [len({r[i] for r in readings}) == 1 for i in range(len(readings[0]))]
