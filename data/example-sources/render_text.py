"""Tables as text, in the ways that exporters and OCR leave them."""

from __future__ import annotations

from collections.abc import Callable

from forms import Box, Table


def places(table: Table) -> list[list[Box | str]]:
    """The full matrix: a box at its upper left, ``"above"`` and ``"left"`` where it covers other places."""
    taken: dict[tuple[int, int], str] = {}
    rows: list[list[Box | str]] = []
    for r, boxes in enumerate(table.grid):
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
                        taken[r + i, c + j] = "left" if i == 0 else "above" if j == 0 else "left"
        rows.append(row)
    return rows


def one_cell_a_line(table: Table) -> str:
    """Word's text export: each cell a line behind a tab, an empty line after a row, bookmarks inside cells."""
    lines, marks = [], 66973400
    for r, row in enumerate(places(table)):
        for place in row:
            if isinstance(place, Box):
                text = place.text
                if r % 7 == 3 and place is table.grid[r][0]:
                    marks += 37
                    text = f"[bookmark: _Hlk{marks}]{text}"
                elif place.key and r % 5 == 2:
                    text = f"\u3000{text}" if text else text
                lines.append(f"\t{text}")
            elif place == "above":
                lines.append("\t")
        lines.append("")
    return "\n".join(lines)


def pipes(table: Table) -> str:
    """HTML to text: cells joined by pipes, the places of merged cells dropped or left as empty pipes at the end."""
    lines = []
    for row in places(table):
        cells = [p.text for p in row if isinstance(p, Box)]
        lines.append(" | ".join(cells) + " | " + "|" * (len(row) - len(cells)))
    return "\n".join(lines)


def markdown(table: Table) -> str:
    """A markdown table: covered places are empty cells."""
    lines = []
    for r, row in enumerate(places(table)):
        lines.append("| " + " | ".join(p.text if isinstance(p, Box) else "" for p in row) + " |")
        if r == 0:
            lines.append("|" + " --- |" * len(row))
    return "\n".join(lines)


def tabs(table: Table) -> str:
    """One row a line, one tab between places."""
    return "\n".join("\t".join(p.text if isinstance(p, Box) else "" for p in row) for row in places(table))


def glued(table: Table) -> str:
    """No separator at all."""
    return "".join(box.text for row in table.grid for box in row)


def ocr(table: Table) -> str:
    """Rows behind tabs from an OCR of the print: a group's label stands, torn in two, beside leaves in its middle."""
    if table.name != "requests":
        return "\n".join("\t".join([*(p.text if isinstance(p, Box) else "" for p in row), ""]) for row in places(table))
    rows = places(table)
    tail = "\t" * 3
    lines = [
        f"\t申请人情况{tail}",
        "(本列数据的勾稽关系为:第一项加第二项之和,等于第三项加第四项之和)\t\t\t法人或其他组织" + tail,
        "\t自然人\t商业企业\t科研机构\t社会公益 组织\t法律服务 机构\t其他\t总计\t",
    ]
    groups: dict[int, str] = {}
    for r, row in enumerate(rows):
        box = row[1] if len(row) > 1 else None
        if isinstance(box, Box) and box.rows > 1:
            middle = r + (box.rows - 1) // 2
            groups[middle] = f"{box.text[:3]} {box.text[3:5]}"
            groups[middle + 1] = box.text[5:]
    for r, row in enumerate(rows[3:], 3):
        numbers = "\t".join(p.text for p in row if isinstance(p, Box) and p.key)
        labels = [p for p in row if isinstance(p, Box) and not p.key]
        leaf = labels[-1].text
        first = row[0]
        if isinstance(first, Box) and first.columns == 3:
            line = f"\t{leaf}\t{numbers}" if leaf.startswith(("一", "二")) else f"{leaf}{tail}{numbers}"
        elif leaf.startswith("（"):
            head = {"（一）予以公开": "三、本年度办理"}.get(leaf, "")
            line = f"{head}\t{leaf[:3]} {leaf[3:]}\t{numbers}"
        else:
            line = f"\t{groups.get(r, '')}\t{leaf}\t{numbers}"
        lines.append(line + tail)
        if leaf == "（一）予以公开":
            lines += ["", f"1/12{tail}", ""]
    return "\n".join(lines)


def hard_wrapped(table: Table) -> str:
    """A PDF's text: labels cut after ten characters, the row's numbers behind the last part, blanks between."""
    lines: list[str] = []
    for row in table.grid:
        label = "".join(box.text for box in row if not box.key)
        numbers = " ".join(box.text for box in row if box.key)
        parts = [label[i : i + 14] for i in range(0, len(label), 14)] or [""]
        parts[-1] = f"{parts[-1]} {numbers}".strip()
        lines += parts
        if label.startswith("（四）"):
            lines += ["— 3 —"]
    return "\n".join(lines)


STYLES: dict[str, Callable[[Table], str]] = {
    "one-cell-a-line": one_cell_a_line,
    "pipes": pipes,
    "markdown": markdown,
    "tabs": tabs,
    "glued": glued,
    "ocr": ocr,
    "hard-wrapped": hard_wrapped,
}


def _splits(digits: str, parts: int) -> list[tuple[int, ...]]:
    if parts == 0:
        return [()] if not digits else []
    found = []
    for length in range(1, len(digits) - parts + 2):
        if length > 1 and digits[0] == "0":
            break
        found += [(int(digits[:length]), *rest) for rest in _splits(digits[length:], parts - 1)]
    return found


def undecidable(table: Table) -> list[str]:
    """Keys of the cells of a glued table that the sum of their own row or block does not part."""
    open_keys: list[str] = []
    for row in table.grid:
        cells = [box for box in row if box.key]
        size = {"requests": 7, "review_litigation": 15}.get(table.name, len(cells))
        if len(cells) != size or not cells:
            continue
        digits = "".join(box.text for box in cells)
        if len(digits) == len(cells):
            continue
        if not digits.isdigit():
            open_keys += [box.key for box in cells if box.key]
            continue
        block = {"requests": 7, "review_litigation": 5}.get(table.name, 0)
        readings = [
            s
            for s in _splits(digits, len(cells))
            if not block or all(sum(s[i : i + block - 1]) == s[i + block - 1] for i in range(0, len(s), block))
        ]
        if len(readings) != 1:
            open_keys += [
                box.key for i, box in enumerate(cells) if box.key and len({reading[i] for reading in readings}) != 1
            ]
    return open_keys
