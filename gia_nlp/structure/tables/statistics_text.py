"""统计表 in running text: rows that no border parts, with numbers behind blanks or glued to their labels."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gia_nlp.structure.tables.freetext import Scan
from gia_nlp.structure.tables.reading import Source
from gia_nlp.structure.tables.statistics_names import Entry, Namer, printed
from gia_nlp.vocabulary.forms import statistics_form

_FAR = 260  # characters between two rows of a table in running text
_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?(?:[ \n]+\d[\d,]*(?:\.\d+)?)*")
_LEAF_BEHIND = re.compile(r"\s*[.．、](?!\d)")


def text_tables(source: Source) -> Iterator[list[Entry]]:
    for place, part in enumerate(source.parts):
        if isinstance(part, Scan):
            yield from _glued_part(part, place)


def _glued_part(scan: Scan, place: int) -> Iterator[list[Entry]]:
    """Tables in one free text: places where an indicator, its unit and digits follow each other."""
    text = scan.free.view.text
    form = statistics_form()
    units = re.compile(rf"(?:{'|'.join(form.units)})\s*$")
    table: list[Entry] = []
    namer = Namer()
    columns: tuple[str, ...] = ("year",)
    before, leaf = 0, 0
    for match in _DIGITS.finditer(text):
        start, end = match.span()
        head = text[max(before, start - 160) : start]
        if head.count("（") + head.count("(") > head.count("）") + head.count(")") or (
            _LEAF_BEHIND.match(text, end) and not units.search(head)
        ):
            continue  # inside brackets, or a leaf's number
        unit = units.search(head)
        line_end = text.find("\n", end)
        alone = head[-1:] in (" ", "\n") and (line_end >= 0 and not text[end:line_end].strip())
        if not unit and not alone:
            before_reset = len(table) > 0 and start - before > _FAR
            if before_reset:
                yield table
                table, namer = [], Namer()
            continue
        label = head[: unit.start()] if unit else head
        found = namer.name(label, True)
        if not found and (not table or start - before > _FAR or re.search(r"[。；，]", head)):
            continue
        if (table and start - before > _FAR) or (
            found and found[0] == "published" and any(e.id == "published" for e in table)
        ):
            yield table
            table, leaf = [], 0
        if not table:
            columns = _columns_before(text, start)
        digits, note = match.group(), None
        label_leaf = re.search(r"(?:^|\D)(\d{1,2})\s*[.．、]", label[-60:])
        if label_leaf:
            leaf = int(label_leaf.group(1))
        behind = _LEAF_BEHIND.match(text, end)
        if behind and re.match(r"\s*[\u4e00-\u9fff]", text[behind.end() : behind.end() + 2]):
            expected = str(leaf + 1) if leaf else "1"
            if digits.endswith(expected) and len(digits) > len(expected):
                digits, leaf = digits[: -len(expected)].rstrip(), leaf + 1
            else:
                note = f"the last digits may be the number of the next label: {digits}"
        else:
            leaf = 0
        id, known = found or (printed(label), False)
        a, b = scan.free.view.span(start, start + len(digits))
        run, borders = "", []
        for part in digits.replace(",", "").split():
            if run:
                borders.append(len(run))
            run += part
        entry = Entry(
            id, known, a, b, unit.group().strip() if unit else None, place, None, run, tuple(borders), columns, note
        )
        if id:
            table.append(entry)
        before = start + len(digits)
    if table:
        yield table


def _columns_before(text: str, start: int) -> tuple[str, ...]:
    head = text[max(0, start - 120) : start]
    return ("year", "cumulative") if any(w in head for w in statistics_form().cumulative_words) else ("year",)
