"""Tables as text, in the ways that exporters, PDF readers and OCR leave them.

Each base takes a table and gives its lines; what a base cannot show it notes in the table's ``undecidable``.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from gia_nlp.synthesis.boxes import Box, Printed
from gia_nlp.synthesis.cuts import open_cells
from gia_nlp.synthesis.seeds import chance


@dataclass(frozen=True)
class Wear:
    """What happened to a table on its way: options that most bases understand."""

    bookmarks: bool = False
    lost_leaves: bool = False
    torn_cell: bool = False
    page_marks: bool = False
    torn_page: bool = False
    page_mark: str = "— 4 —"
    review: str = "grid"
    rule: bool = False


Base = Callable[[Printed, random.Random, Wear], list[str]]


def _labels_and_values(row: list[Box]) -> tuple[list[Box], list[Box]]:
    return [b for b in row if not b.is_value], [b for b in row if b.is_value]


def _torn_row(table: Printed, rng: random.Random, wear: Wear) -> tuple[int, int]:
    """Row and place of the cell that is torn off; (-1, -1) for none. All of the row's columns become doubtful."""
    if not wear.torn_cell:
        return -1, -1
    able = [r for r, row in enumerate(table.grid) if 3 <= sum(b.is_value for b in row) < 15]
    if not able:
        return -1, -1
    r = rng.choice(able)
    values = [b for b in table.grid[r] if b.is_value]
    table.undecidable |= {b.key for b in values if b.key}
    return r, rng.randrange(len(values))


def _lost(table: Printed, rng: random.Random, wear: Wear) -> set[int]:
    """Rows whose leaf label is lost; their numbers stay."""
    if not wear.lost_leaves or table.name != "requests":
        return set()
    leaves = [r for r, row in enumerate(table.grid) if any(b.role == "leaf" and b.columns == 1 for b in row)]
    return set(rng.sample(leaves, min(len(leaves), rng.randint(2, 7))))


def _half(label: str) -> tuple[str, str]:
    cut = max(1, len(label) - 2)
    return label[:cut], label[cut:]


# --------------------------------------------------------------------------- bases


def one_cell_a_line(table: Printed, rng: random.Random, wear: Wear) -> list[str]:
    """Word's text export: each cell a line behind a tab, an empty line after a row (layouts 1, 4, 5, 9, 14)."""
    lines: list[str] = []
    lost, (torn, place) = _lost(table, rng, wear), _torn_row(table, rng, wear)
    number = rng.randint(60000000, 70000000)
    blank = rng.choice(("", "", "\u3000", "\u3000\u3000", " \u3000"))
    for r, row in enumerate(table.matrix()):
        values = [p for p in row if isinstance(p, Box) and p.is_value]
        if r == torn:
            lines += [values[place].text, ""]
        if r in lost:
            lines.append(f" \t{values[0].text}")
            lines += [f"\t{v.text}" for v in values[1:]]
            lines.append("")
            continue
        for p in row:
            if p == "left" or (isinstance(p, Box) and r == torn and p is values[place]):
                continue
            text = p.text if isinstance(p, Box) else ""
            if isinstance(p, Box) and p.is_value and text and table.name == "proactive":
                text = blank + text
            if wear.bookmarks and isinstance(p, Box) and chance(rng, 0.12):
                number += rng.randint(1, 400)
                text = rng.choice((f"[bookmark: _Hlk{number}]", "[bookmark: _GoBack]")) + text
            if isinstance(p, Box) and p.role == "header" and len(text) > 20:
                text = text.replace("，", "，\n", 1)
            lines.append(f"\t{text}")
        lines.append("")
    return lines


def _delimited(table: Printed, rng: random.Random, wear: Wear, mark: str) -> list[list[str]]:
    """Rows of cells; a torn-off cell stands alone in a row before its own."""
    rows: list[list[str]] = []
    lost, (torn, place) = _lost(table, rng, wear), _torn_row(table, rng, wear)
    for r, row in enumerate(table.matrix()):
        values = [p for p in row if isinstance(p, Box) and p.is_value]
        if r == torn:
            rows.append([values[place].text])
        cells: list[str] = []
        for p in row:
            if not isinstance(p, Box):
                cells.append(mark)
            elif r == torn and p is values[place]:
                continue
            elif r in lost and p.role == "leaf":
                cells.append("")
            else:
                cells.append(p.text)
        rows.append(cells)
    return rows


def pipes(table: Printed, rng: random.Random, wear: Wear) -> list[str]:
    """HTML to text: cells joined by pipes, merged cells dropped, ragged empty pipes at the end (layouts 2, 14)."""
    lines = []
    for row in _delimited(table, rng, wear, "\0"):
        kept = [c for c in row if c != "\0"]
        lines.append(" | ".join(kept) + (" | " + "|" * rng.randint(0, 3) if len(kept) > 1 or chance(rng, 0.5) else ""))
    return lines


def tabs(table: Printed, rng: random.Random, wear: Wear) -> list[str]:
    """One row a line, a tab between places, merged places empty."""
    return ["\t".join("" if c == "\0" else c for c in row) for row in _delimited(table, rng, wear, "\0")]


def markdown(table: Printed, rng: random.Random, wear: Wear) -> list[str]:
    """A markdown table with its rule, which looks like data (layout 23)."""
    lines = []
    repeat = chance(rng, 0.3)  # some converters repeat a merged cell's words in every place
    for r, row in enumerate(table.matrix()):
        cells, last = [], ""
        for p in row:
            last = p.text if isinstance(p, Box) else (last if repeat and p == "left" else "")
            cells.append(last)
        lines.append("| " + " | ".join(cells) + " |")
        if r == 0:
            lines.append("|" + rng.choice((" --- |", "---|", ":---:|")) * len(row))
    return lines


def ocr(table: Printed, rng: random.Random, wear: Wear) -> list[str]:
    """Rows behind tabs from an OCR: a group's label is torn in two beside leaves in its middle (layout 3)."""
    if table.name != "requests":
        end = "\t" * rng.randint(0, 6)
        return ["\t".join(p.text if isinstance(p, Box) else "" for p in row) + end for row in table.matrix()]
    end = "\t" * rng.randint(0, 3)
    lines = []
    for r, row in enumerate(table.grid):
        texts = [b.text for b in row]
        if r < table.header_rows:
            lines.append("\t" * rng.randint(0, 1) + "\t".join(texts[:1] if r == 0 else texts) + end)
        if r == 0:
            lines.insert(0, f"\t{texts[1]}{end}")
    groups: dict[int, str] = {}
    for r, row in enumerate(table.grid):
        for b in row:
            if b.role == "group" and b.rows > 1 and b.text.startswith("（"):
                middle = r + (b.rows - 1) // 2
                first, second = _half(b.text)
                groups[middle], groups[middle + 1] = first[:3] + " " + first[3:], second
    outer = {table.header_rows + 2: "三、本年度办理", table.header_rows + 3: "结果"}
    for r, row in enumerate(table.grid):
        if r < table.header_rows:
            continue
        labels, values = _labels_and_values(row)
        numbers = "\t".join(v.text for v in values)
        leaf = labels[-1].text
        if labels[-1].columns == 3:
            lines.append(f"\t{leaf}\t{numbers}{end}" if leaf[0] in "一二" else f"{leaf}\t\t\t{numbers}{end}")
        else:
            lines.append(f"{outer.get(r, '')}\t{groups.get(r, '')}\t{leaf}\t{numbers}{end}")
    return lines


def spaces(table: Printed, rng: random.Random, wear: Wear) -> list[str]:
    """A PDF's text: a row's label and numbers with blanks between; what is blank leaves no trace."""
    table.hide_blanks()
    return [" ".join(b.text for b in row if b.text) for row in table.grid]


def numbers_first(table: Printed, rng: random.Random, wear: Wear) -> list[str]:
    """A PDF reader that puts a row's numbers before its label."""
    table.hide_blanks()
    lines = []
    for row in table.grid:
        labels, values = _labels_and_values(row)
        lines.append(" ".join([*(v.text for v in values if v.text), *(b.text for b in labels)]))
    return lines


def wrapped(table: Printed, rng: random.Random, wear: Wear) -> list[str]:
    """Labels wrap; the numbers stand behind the last part, on a line of their own or between the two (layout 10)."""
    table.hide_blanks()
    width, way = rng.randint(8, 16), rng.choice(("behind", "own line", "between"))
    lines: list[str] = []
    for row in table.grid:
        labels, values = _labels_and_values(row)
        glue = "" if table.name == "requests" and values else " "
        label = glue.join(b.text for b in labels)
        numbers = " ".join(v.text for v in values if v.text)
        parts = [label[i : i + width] for i in range(0, len(label), width)] if values else [label]
        if not numbers:
            lines += parts
        elif len(parts) < 2 or way == "behind":
            lines += [*parts[:-1], f"{parts[-1]} {numbers}" if parts else numbers]
        elif way == "own line":
            page = "".join(c for c in wear.page_mark if c.isdigit())[:1]
            mark = f"- {page} -" if wear.page_marks and chance(rng, 0.08) else ""
            lines += [*parts, mark + numbers]
        else:
            lines += [*parts[:-1], numbers, parts[-1]]
    return lines


def vertical(table: Printed, rng: random.Random, wear: Wear) -> list[str]:
    """The merged label of 办理结果 and the groups are set upright, a character or two a line (layout 11)."""
    table.hide_blanks()
    lines: list[str] = []
    step = rng.choice((1, 1, 2))
    for row in table.grid:
        labels, values = _labels_and_values(row)
        for b in labels:
            if b.role == "group" and b.rows > 1 and values:
                lines += [b.text[i : i + step] for i in range(0, len(b.text), step)]
        rest = [b.text for b in labels if not (b.role == "group" and b.rows > 1 and values)]
        lines.append(" ".join([*rest, *(v.text for v in values if v.text)]))
    return lines


def columns(table: Printed, rng: random.Random, wear: Wear) -> list[str]:
    """Column after column: all labels, then all of 自然人, … then all of 总计 (layout 12)."""
    if table.name != "requests":
        return spaces(table, rng, wear)
    rows = [row for row in table.grid if any(b.is_value for b in row)]
    header = [b.text for b in table.grid[1][:1]] + [b.text for b in table.grid[2]] + ["总计"]
    lines = [b.text for row in rows for b in row if not b.is_value]
    for i, name in enumerate(header):
        boxes = [[b for b in row if b.is_value][i] for row in rows]
        if not all(b.text for b in boxes):
            table.undecidable |= {b.key for b in boxes if b.key}
        lines += [name, *(b.text for b in boxes)]
    return lines


def glued(table: Printed, rng: random.Random, wear: Wear) -> list[str]:
    """No separator at all (layout 24)."""
    table.undecidable |= open_cells(table)
    return ["".join(b.text.strip("\u3000") for row in table.grid for b in row)]


def loosely_glued(table: Printed, rng: random.Random, wear: Wear) -> list[str]:
    """A PDF's text with blanks that mean nothing: missing between cells, standing inside numbers (layout 9)."""
    table.undecidable |= open_cells(table)
    lines = []
    for row in table.grid:
        labels, values = _labels_and_values(row)
        label = " ".join(_blanks_inside(b.text, rng) for b in labels)
        lines.append(f"{label} {_loose([v.text for v in values], rng)}".strip())
    return lines


def _loose(texts: list[str], rng: random.Random) -> str:
    """Digits with blanks anywhere, but never so that they pass for other numbers of the same count."""
    digits = "".join(texts)
    for _ in range(8):
        pairs = zip(digits, [*digits[1:], " "], strict=False)
        loose = "".join(a + (" " if a.isdigit() and b.isdigit() and chance(rng, 0.35) else "") for a, b in pairs)
        if len(loose.split()) != len(texts) or loose.split() == texts:
            return loose
    return " ".join(texts)


def _blanks_inside(text: str, rng: random.Random) -> str:
    return "".join(c + (" " if "\u4e00" <= c <= "\u9fff" and chance(rng, 0.15) else "") for c in text).strip()


def mini_tables(table: Printed, rng: random.Random, wear: Wear) -> list[str]:
    """A table a row with invented headers (layout 22)."""
    if table.name != "requests":
        return markdown(table, rng, wear)
    lines: list[str] = []
    for row in table.grid[table.header_rows :]:
        labels, values = _labels_and_values(row)
        heads = [f"数据{i + 1}" for i in range(len(values) - 1)] + ["总计"]
        lines += [
            "| 类别 | " + " | ".join(heads) + " |",
            "|" + "---|" * (len(values) + 1),
            f"| {''.join(b.text for b in labels)} | " + " | ".join(v.text for v in values) + " |",
            "",
        ]
    return lines


BASES: dict[str, Base] = {
    "cells": one_cell_a_line, "pipes": pipes, "tabs": tabs, "markdown": markdown, "ocr": ocr, "spaces": spaces,
    "numbers_first": numbers_first, "wrapped": wrapped, "vertical": vertical, "columns": columns, "glued": glued,
    "loosely_glued": loosely_glued, "mini_tables": mini_tables,
}  # fmt: skip

#: Bases whose lines are rows, where a page can turn between any two lines.
_ROWS = {"pipes", "tabs", "ocr", "spaces", "numbers_first", "wrapped", "vertical", "loosely_glued", "cells"}


def review_row(table: Printed, rng: random.Random, wear: Wear, separator: str) -> list[str]:
    """Table four with its fifteen numbers in one row behind header words that lost their order (layout 23)."""
    if not separator.strip() and separator != "\t":
        table.hide_blanks()
    header = ["行政复议", "行政诉讼", *[b.text for b in table.grid[1]], *[b.text for b in table.grid[2]]]
    return [" ".join(header), separator.join(b.text for b in table.grid[3])]


def review_blocks(table: Printed, rng: random.Random, wear: Wear, separator: str) -> list[str]:
    """Table four as three small tables, one below the other (layout 23)."""
    lines: list[str] = []
    values = table.grid[3]
    heads = [b.text for b in table.grid[2][:5]]
    for i, name in enumerate(("行政复议", "未经复议直接起诉", "复议后起诉")):
        block = values[5 * i : 5 * i + 5]
        if separator == " " and any(b.text for b in block) and not all(b.text for b in block):
            table.undecidable |= {b.key for b in block if b.key}
        if i == 1:
            lines.append("行政诉讼")
        lines += [name, separator.join(heads), separator.join(b.text for b in block)]
    return lines


def text_table(base: str, table: Printed, rng: random.Random, wear: Wear) -> list[str]:
    """A table's lines in a base, worn as ``wear`` says. Raises ``KeyError`` for an unknown base."""
    separator = {"pipes": " | ", "markdown": " | ", "mini_tables": " | ", "tabs": "\t", "ocr": "\t"}.get(base, " ")
    if table.name == "review_litigation" and wear.review != "grid" and base not in ("glued", "loosely_glued", "cells"):
        return (review_row if wear.review == "row" else review_blocks)(table, rng, wear, separator)
    lines = BASES[base](table, rng, wear)
    if base in _ROWS and len(lines) > 8 and (wear.page_marks or wear.torn_page):
        lines = _over_a_page(base, lines, table, rng, wear)
    return lines


def _over_a_page(base: str, lines: list[str], table: Printed, rng: random.Random, wear: Wear) -> list[str]:
    """The page turns between two rows: a page mark, and (torn) a label that goes on overleaf (layouts 6, 13)."""
    ends = [i for i in range(5, len(lines) - 2) if base != "cells" or lines[i - 1] == ""]
    if not ends:
        return lines
    at = rng.choice(ends)
    head, rest = lines[:at], lines[at:]
    if wear.torn_page and base not in ("cells", "numbers_first"):
        for i, line in enumerate(rest):
            cut = line.find("（四）无法提供")
            if cut >= 0:  # the group's label is cut in two by the page, its first leaf stands overleaf
                stop = cut + 4
                head, rest = [*head, *rest[:i], line[:stop]], [line[stop:], *rest[i + 1 :]]
                break
    between = ["", wear.page_mark, ""] if chance(rng, 0.5) else [wear.page_mark]
    return [*head, *(between if wear.page_marks else [""]), *rest]
