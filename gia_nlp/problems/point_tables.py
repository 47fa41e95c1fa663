"""Problems and remedies told in a table: a head with 存在问题 and 改进措施, one pair of points a row."""

from __future__ import annotations

import re

from gia_nlp.problems.context import Context, read_label, remedy_status
from gia_nlp.problems.drafts import Draft
from gia_nlp.text.normalise import normalise

_LINE = re.compile(r"[^\r\n]+")
_CELL = re.compile(r"[^|\t\r\n]+")
_RULE = re.compile(r"[\s:\-—=|+]*")


def table_points(
    text: str, start: int, end: int, year: int | None, first_round: int
) -> list[tuple[Draft, tuple[int, int]]]:
    """The points of the tables in ``text[start:end]`` with their spans; every row is a round of its own.

    >>> text = "| 序号 | 存在问题 | 改进措施 |\\n| 1 | 更新慢 | 按月更新 |\\n"
    >>> [(d.kind, d.status, text[s:e]) for d, (s, e) in table_points(text, 0, len(text), 2023, 0)]
    [('problem', 'current', '更新慢'), ('remedy', 'planned', '按月更新')]
    """
    found: list[tuple[Draft, tuple[int, int]]] = []
    columns: dict[int, Context] = {}
    number = first_round
    for line in _LINE.finditer(text, start, end):
        if "|" not in line.group() and "\t" not in line.group():
            columns = {}  # other text ends a table
            continue
        cells = [
            (m.start() + len(m.group()) - len(m.group().lstrip()), m.start() + len(m.group().rstrip()))
            for m in _CELL.finditer(text, *line.span())
        ]
        if heads := _heads([text[s:e] for s, e in cells], year):
            columns = heads
            continue
        if not columns or _RULE.fullmatch(line.group()):
            continue
        number += 1
        for column, context in columns.items():
            if column >= len(cells):
                continue
            s, e = cells[column]
            while e > s and text[e - 1] in "。；;，":
                e -= 1
            words = normalise(text[s:e]).text
            if len(words) < 2 or words in ("无", "暂无"):
                continue
            status = context.status if context.kind == "problem" else remedy_status(words, context, year)
            found.append((Draft(str(context.kind), status or "current", s, e, words, number), (s, e)))
    return found


def _heads(cells: list[str], year: int | None) -> dict[int, Context]:
    """The columns of problems and remedies where the row is a head that has both."""
    heads = {}
    for column, cell in enumerate(cells):
        context = read_label(normalise(cell).text, year) if 2 <= len(cell) <= 20 else None
        if context and context.kind in ("problem", "remedy"):
            heads[column] = context
    return heads if {c.kind for c in heads.values()} == {"problem", "remedy"} else {}
