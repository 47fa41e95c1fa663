"""The statutory tables laid out as boxes, in every way that the print itself can differ."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from gia_nlp.synthesis.boxes import Box, Printed
from gia_nlp.synthesis.seeds import chance
from gia_nlp.vocabulary.forms import Label, proactive_form, requests_form, review_form
from gia_nlp.vocabulary.loader import load_yaml

_HINT = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
_GROUP_ORDINAL = {"不予公开": "（三）", "无法提供": "（四）", "不予处理": "（五）", "其他处理": "（六）"}
_FULL = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True)
class Style:
    """How the numbers and labels of a report's tables are printed.

    ``blanks``: how zeros are printed: as they are, left blank (``blank``), as one mark everywhere (``mark``), now so now
    so (``mixed``). ``words``: words in some cells. ``leaf``: the style of leaf numbers. ``missing``: leaf rows left out.
    ``eight``: a column 小计. ``split``: a number cut in two cells. ``swapped``: no row is swapped, ever (labels lead).
    """

    blanks: str = "as_is"
    words: bool = False
    leaf: str = "dot"
    missing: bool = False
    eight: bool = False
    split: bool = False
    thousands: bool = False
    misprint: bool = False


class Values:
    """Prints cells of one table and notes the right answers."""

    def __init__(
        self, rng: random.Random, style: Style, table: str, numbers: dict[str, str], units: Callable[[str], str | None]
    ):
        self.rng, self.style, self.table, self.numbers, self.units = rng, style, table, numbers, units
        self.answers: dict[str, float | None] = {}
        self.mark = rng.choice(("/", "-", "—", "无", "不适用", "——"))

    def box(self, key: str, columns: int = 1) -> Box:
        """The box of a cell of the form."""
        number = self.numbers[key]
        text = self._printed(key, number)
        found = re.match(r"[-+]?\d[\d,]*(?:\.\d+)?|行政许可(\d+)", text)
        value = (found.group(1) or found.group()).replace(",", "") if found else None
        self.answers[key] = None if value is None else float(value)
        return Box(text, columns=columns, key=key, role="value")

    def _printed(self, key: str, number: str) -> str:
        if number == "0":
            way = self.style.blanks
            if way == "blank" or (way == "mixed" and chance(self.rng, 0.3)):
                return ""
            if way == "mark":
                return self.mark
            if way == "mixed" and chance(self.rng, 0.3):
                return self.rng.choice(("/", "-", "无"))
            return number
        if self.style.words and self.table in ("proactive", "requests") and chance(self.rng, 0.25):
            return self._with_words(key, number)
        if self.style.thousands and number.isdigit() and len(number) > 3:
            return f"{int(number):,}"
        return number

    def _with_words(self, key: str, number: str) -> str:
        if key.endswith(".amount"):
            return self.rng.choice((f"{number}万元", f"{float(number) * 10000:.2f}元", f"{number}（含代收）"))
        if self.table == "requests":
            return f"{number}件"
        part = self.rng.randint(1, 300)
        ways = [f"{number}件", f"{number}（其中修订{part % 9 + 1}件）", f"{number}件；其他{part}件"]
        if key == "licensing.decisions":
            ways.append(f"行政许可{number}件；其他备案{part}件")
        return self.rng.choice(ways)


def leaf_text(label: Label, style: str) -> str:
    """A leaf's label with its number in the style asked for."""
    if label.leaf is None or not label.leaf.isdigit():
        return label.label
    words = label.label.split(".", 1)[1]
    n = int(label.leaf)
    marks = {
        "dot": f"{n}.",
        "comma": f"{n}、",
        "full": f"{str(n).translate(_FULL)}．",
        "bracket": f"({n})",
        "ring": "①②③④⑤⑥⑦⑧⑨"[n - 1],
    }
    return marks.get(style, "") + words


def requests(rng: random.Random, form: str, numbers: dict[str, str], style: Style) -> Printed:
    """Table 三 as boxes; missing rows and split numbers are noted in its answers."""
    spec = requests_form(form)
    values = Values(rng, style, "requests", numbers, lambda _: "件")
    applicants = 8 if style.eight else 7
    legal = [c.label for c in spec.columns[1:-1]] + (["小计"] if style.eight else [])
    grid = [
        [Box(_HINT, rows=3, columns=3, role="header"), Box("申请人情况", columns=applicants, role="header")],
        [
            Box("自然人", rows=2, role="header"),
            Box("法人或其他组织", columns=len(legal), role="header"),
            Box("总计", rows=2, role="header"),
        ],
        [Box(label, role="header") for label in legal],
    ]
    leaves = [r for r in spec.rows if r.id not in ("received", "carried_in", "processed", "carried_out")]
    lost: set[str] = set()
    if style.missing:
        empty = [r.id for r in leaves if r.group and all(numbers[f"{r.id}.{c.id}"] == "0" for c in spec.columns)]
        lost = set(rng.sample(empty, min(len(empty), rng.randint(1, 4))))
    sizes: dict[str, int] = {}
    for r in leaves:
        if r.group and r.id not in lost:
            sizes[r.group] = sizes.get(r.group, 0) + 1
    height = sum(r.id not in lost for r in leaves) + 1
    opened: set[str] = set()
    undecidable: set[str] = set()
    for row in spec.rows:
        keys = [f"{row.id}.{c.id}" for c in spec.columns]
        if row.id in lost:
            values.answers.update(dict.fromkeys(keys))
            continue
        boxes: list[Box] = []
        if row.id == "granted":
            boxes.append(Box("三、本年度办理结果", rows=height, role="group"))
        if row.id in ("received", "carried_in", "carried_out"):
            boxes.append(Box(row.label, columns=3, role="leaf"))
        elif row.group is None:
            boxes.append(Box(row.label, columns=2, role="leaf"))
        else:
            if row.group not in opened:
                opened.add(row.group)
                boxes.append(Box(_GROUP_ORDINAL[row.group] + row.group, rows=sizes[row.group], role="group"))
            boxes.append(Box(leaf_text(row, style.leaf), role="leaf"))
        cells = [values.box(k) for k in keys]
        if style.split:
            undecidable |= _split(rng, cells, values.answers)
        if style.eight:
            between = sum(int(numbers[k]) for k in keys[1:-1])
            shown = "" if style.blanks == "blank" and between == 0 else str(between)
            cells.insert(6, Box(shown, key="", role="value"))
        grid.append(boxes + cells)
    return Printed("requests", form, grid, 3 + applicants, values.answers, undecidable, 3)


def _split(rng: random.Random, cells: list[Box], answers: dict[str, float | None]) -> set[str]:
    """A number of two figures falls into its own cell and the zero or blank one behind it; both stay open."""
    for i in range(len(cells) - 2):
        here, there = cells[i], cells[i + 1]
        if here.text.isdigit() and len(here.text) >= 2 and there.text in ("", "0") and chance(rng, 0.6):
            cut = rng.randint(1, len(here.text) - 1)
            cells[i], cells[i + 1] = replace(here, text=here.text[:cut]), replace(there, text=here.text[cut:])
            keys = {c.key for c in (here, there) if c.key}
            answers.update(dict.fromkeys(keys))
            return keys | _equally_split(cells)
    return set()


def _equally_split(cells: list[Box]) -> set[str]:
    """All neighbours of a row that would give its total if they were one number: no reader can tell which were."""
    texts = [c.text or "0" for c in cells]
    if not all(t.isdigit() for t in texts):
        return {c.key for c in cells if c.key}
    out: set[str] = set()
    for i in range(len(cells) - 2):
        merged = [*texts[:i], texts[i] + texts[i + 1], *texts[i + 2 : -1]]
        if cells[i].text and cells[i + 1].text and sum(map(int, merged)) == int(texts[-1]):
            out |= {c.key for c in cells[i : i + 2] if c.key}
    return out


def proactive(rng: random.Random, form: str, numbers: dict[str, str], style: Style) -> Printed:
    """Table 二 as boxes, four columns wide."""
    spec = proactive_form(form)
    values = Values(rng, style, "proactive", numbers, lambda _: None)
    labels = {r.id: r.label for r in spec.rows}
    heads = {c.id: c.label for c in spec.columns}
    if chance(rng, 0.3):
        heads["amount"] = "本年收费金额（单位：万元，保留4位小数）"
    parts = [("第二十条第（一）项", ["regulations", "normative_documents"])]
    if form == "2021":
        parts += [
            ("第二十条第（五）项", ["licensing"]),
            ("第二十条第（六）项", ["punishment", "coercion"]),
            ("第二十条第（八）项", ["fees"]),
        ]
    else:
        parts += [
            ("第二十条第（五）项", ["licensing", "other_services"]), ("第二十条第（六）项", ["punishment", "coercion"]),
            ("第二十条第（八）项", ["fees"]), ("第二十条第（九）项", ["procurement"]),
        ]  # fmt: skip
    grid: list[list[Box]] = []
    for title, rows in parts:
        grid.append([Box(title, columns=4, role="section")])
        columns = spec.cells[rows[0]]
        spans = {1: [3], 2: [1, 2], 3: [1, 1, 1]}[len(columns)]
        head = [heads[c] for c in columns]
        if rows == ["procurement"]:
            head[-1] = "采购总金额"
        grid.append(
            [Box("信息内容", role="header")]
            + [Box(h, columns=s, role="header") for h, s in zip(head, spans, strict=True)]
        )
        for row in rows:
            cells = [values.box(f"{row}.{c}", s) for c, s in zip(columns, spans, strict=True)]
            grid.append([Box(labels[row], role="leaf"), *cells])
    return Printed("proactive", form, grid, 4, values.answers)


def review_litigation(rng: random.Random, form: str, numbers: dict[str, str], style: Style) -> Printed:
    """Table 四 as boxes: three blocks of five."""
    spec = review_form(form)
    values = Values(rng, style, "review_litigation", numbers, lambda _: "件")
    outcomes = [c.label for c in spec.columns]
    direct, after = spec.rows[1].label, spec.rows[2].label
    grid = [
        [Box("行政复议", columns=5, role="header"), Box("行政诉讼", columns=10, role="header")],
        [
            *(Box(o, rows=2, role="header") for o in outcomes),
            Box(direct, columns=5, role="header"),
            Box(after, columns=5, role="header"),
        ],
        [Box(o, role="header") for _ in range(2) for o in outcomes],
        [values.box(f"{r.id}.{c.id}") for r in spec.rows for c in spec.columns],
    ]
    return Printed("review_litigation", form, grid, 15, values.answers, header_rows=3)


def statistics_rows(kind: str) -> list[str]:
    """The indicators of a 统计表, ``national`` or ``provincial``, in printed order."""
    return [row[3] for row in load_yaml("synthesis/statistics")[kind]["rows"] if row[3]]


def statistics(rng: random.Random, kind: str, numbers: dict[str, str], style: Style, year: int) -> Printed:
    """A 统计表 as boxes; rows that head a group have a blank or a dash for a number."""
    spec = load_yaml("synthesis/statistics")[kind]
    values = Values(rng, style, "statistics", numbers, lambda _: None)
    head = [h.replace("{year}", str(year)) for h in spec["header"]]
    grid = [[Box(h, role="header") for h in head]]
    columns = ("year", "cumulative")[: len(head) - 2]
    for level, label, unit, indicator in spec["rows"]:
        text = ("\u3000" * level if kind == "national" and style.leaf != "bracket" else "") + label
        if indicator is None:
            grid.append([Box(text, role="group"), Box(unit), *(Box(rng.choice(("", "——"))) for _ in columns)])
        else:
            grid.append([Box(text, role="leaf"), Box(unit), *(values.box(f"{indicator}.{c}") for c in columns)])
    return Printed("statistics", "statistics", grid, len(head), values.answers, header_rows=1)
