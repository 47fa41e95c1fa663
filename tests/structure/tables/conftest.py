"""Made-up tables with consistent numbers, printed in the layouts that real reports come in.

Everything is invented; only the forms' own words are real. ``LAYOUTS`` maps a layout's name to a function
(random, Truth) -> Document, with the truth adjusted to what is left to read.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from gia_nlp.records import Document, Grid, GridCell
from gia_nlp.vocabulary.forms import outcome_rows, proactive_form, requests_form, review_form

Key = tuple[str, str]
GROUPS = {
    "granted": "三、本年度办理结果",
    "refused.state_secret": "（三）不予公开",
    "unavailable.not_held": "（四）无法提供",
    "not_processed.petition": "（五）不予处理",
    "other.not_corrected": "（六）其他处理",
}
RELATION = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
HEADS = ["二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "四、政府信息公开行政复议、行政诉讼情况"]
ARTICLES = {
    "regulations": ("第二十条第（一）项", ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"]),
    "licensing": ("第二十条第（五）项", ["信息内容", "本年处理决定数量"]),
    "punishment": ("第二十条第（六）项", ["信息内容", "本年处理决定数量"]),
    "fees": ("第二十条第（八）项", ["信息内容", "本年收费金额（单位：万元）"]),
}
ARTICLES_2019 = {
    "regulations": ("第二十条第（一）项", ["信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量"]),
    "licensing": ("第二十条第（五）项", ["信息内容", "上一年项目数量", "本年增/减", "处理决定数量"]),
    "punishment": ("第二十条第（六）项", ["信息内容", "上一年项目数量", "本年增/减", "处理决定数量"]),
    "fees": ("第二十条第（八）项", ["信息内容", "上一年项目数量", "本年增/减"]),
    "procurement": ("第二十条第（九）项", ["信息内容", "采购项目数量", "采购总金额"]),
}
INTRO = "汐口区2023年政府信息公开工作年度报告\n一、总体情况\n2023年，全区共召开会议3次，培训120人次。\n"
OUTRO = "五、存在的主要问题及改进情况\n一是更新不够及时。2024年将开展2次检查。\n六、其他需要报告的事项\n无。\n"


@dataclass
class Truth:
    """The right answers: by (table, key), as printed; ``None`` for a blank or lost cell."""

    generation: str
    requests: dict[str, list[int]]
    proactive: dict[str, list[str]]
    review: list[list[int]]
    cells: dict[Key, float | None] = field(default_factory=dict)
    blanks: bool = False
    subtotal: bool = False

    def row(self, row: str) -> list[str]:
        values = [str(v) for v in self.requests[row]]
        if self.subtotal:
            values.insert(6, str(sum(self.requests[row][1:6])))
        return [("" if v == "0" else v) for v in values] if self.blanks else values

    def fifteen(self) -> list[str]:
        values = [str(v) for block in self.review for v in block]
        return [("" if v == "0" else v) for v in values] if self.blanks else values

    def settle(self) -> None:
        columns = [c.id for c in requests_form(self.generation).columns]

        def shown(v: float | str) -> float | None:
            return None if self.blanks and float(v) == 0 else float(v)

        for row, values in self.requests.items():
            self.cells |= {("requests", f"{row}.{c}"): shown(v) for c, v in zip(columns, values, strict=True)}
        form = proactive_form(self.generation)
        for row, texts in self.proactive.items():
            self.cells |= {("proactive", f"{row}.{c}"): shown(v) for c, v in zip(form.cells[row], texts, strict=True)}
        form = review_form(self.generation)
        for (row, column), value in zip(form.keys, (v for b in self.review for v in b), strict=True):
            self.cells["review_litigation", f"{row}.{column}"] = shown(value)

    def lose(self, table: str, row: str) -> None:
        for key in self.cells:
            if key[0] == table and key[1].rpartition(".")[0] == row:
                self.cells[key] = None


def truth(rng: random.Random, generation: str = "2021", size: int = 60) -> Truth:
    """Consistent numbers: most leaves zero, natural persons in front."""

    def leaf(share: float) -> int:
        return rng.choice([rng.randint(1, 5), rng.randint(1, size)]) if rng.random() < share else 0

    rows: dict[str, list[int]] = {}
    shares = [0.5, 0.15, 0.05, 0.04, 0.06, 0.08]
    for row in outcome_rows(generation):
        rows[row] = [leaf(s) for s in shares]
    rows["processed"] = [sum(rows[r][i] for r in outcome_rows(generation)) for i in range(6)]
    rows["carried_out"] = [leaf(0.3 * s) for s in shares]
    together = [a + b for a, b in zip(rows["processed"], rows["carried_out"], strict=True)]
    rows["carried_in"] = [rng.randint(0, min(t, 4)) if t and rng.random() < 0.4 else 0 for t in together]
    rows["received"] = [t - c for t, c in zip(together, rows["carried_in"], strict=True)]
    ordered = {r.id: [*rows[r.id], sum(rows[r.id])] for r in requests_form(generation).rows}
    number = lambda: str(rng.choice([0, rng.randint(1, 9), rng.randint(10, 999), rng.randint(1000, 99999)]))  # noqa: E731
    proactive = {row: [number() for _ in columns] for row, columns in proactive_form(generation).cells.items()}
    if generation == "2021":
        proactive["fees"] = [rng.choice(["0", "12.5", "1843.0267", "37"])]
    review = []
    for _ in range(3):
        block = [leaf(0.35) for _ in range(4)]
        review.append([*block, sum(block)])
    return Truth(generation, ordered, proactive, review)


# ------------------------------------------------------------------------------------------------ rows of labels


def articles(t: Truth) -> dict[str, tuple[str, list[str]]]:
    return ARTICLES if t.generation == "2021" else ARTICLES_2019


def proactive_rows(t: Truth) -> list[list[str]]:
    """The table's rows as cells, headers included."""
    rows: list[list[str]] = []
    for r in proactive_form(t.generation).rows:
        if r.id in articles(t):
            article, header = articles(t)[r.id]
            rows += [[article], header]
        values = [("" if t.blanks and v == "0" else v) for v in t.proactive[r.id]]
        rows.append([r.label, *values])
    return rows


def group_of(t: Truth, row: str) -> str | None:
    if t.generation == "2019" and row == "other":
        return None
    return GROUPS.get(row)


HEADER = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]
RESULTS = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]


def glue(t: Truth, rows: Callable[[str, str], str]) -> str:
    """All of the tables without any separator but what ``rows`` puts between label and numbers."""
    text = HEADS[0] + "".join("".join(r) for r in proactive_rows(t))
    text += HEADS[1] + RELATION + "申请人情况自然人法人或其他组织总计" + "".join(HEADER[1:])
    for r in requests_form(t.generation).rows:
        text += (group_of(t, r.id) or "") + rows(r.label, r.id)
    text += HEADS[2] + "行政复议行政诉讼" + "".join(RESULTS) + "未经复议直接起诉复议后起诉" + "".join(RESULTS) * 2
    return text + "".join(t.fifteen())


# ---------------------------------------------------------------------------------------------------- layouts


def settled(t: Truth) -> Truth:
    t.settle()
    return t


def one_cell_a_line(rng: random.Random, t: Truth, lost: tuple[str, ...] = ()) -> Document:
    t.settle()
    out = [INTRO, HEADS[0], "\n"]

    def row(cells: list[str]) -> None:
        for cell in cells:
            mark = f"[bookmark: _Hlk{rng.randint(1, 99999)}]" if rng.random() < 0.05 else ""
            out.append(f"\t{mark}{cell}\n")
        out.append("\n")

    for cells in proactive_rows(t):
        row(cells)
    out.append("\n" + HEADS[1] + "\n\n")
    row([RELATION, "申请人情况"])
    row(["", "自然人", "法人或其他组织", "总计"])
    row(["", "", *HEADER[1:], ""])
    for r in requests_form(t.generation).rows:
        group = group_of(t, r.id)
        if r.id in lost:
            while out[-1] == "\n":
                out.pop()
            out.append(" ")
            row(t.row(r.id))
            continue
        label = r.label
        if len(label) > 12 and rng.random() < 0.3:
            label = label[:8] + "\n" + label[8:]
        row(
            [*([group] if group else ["", ""]), label, *t.row(r.id)]
            if r.id not in ("received", "carried_in", "carried_out")
            else [label, *t.row(r.id)]
        )
    out.append("\n" + HEADS[2] + "\n\n")
    row(["行政复议", "行政诉讼"])
    row([*RESULTS, "未经复议直接起诉", "复议后起诉"])
    row(["", "", "", "", "", *RESULTS, *RESULTS])
    row(t.fifteen())
    return Document(text="".join(out) + "\n" + OUTRO)


def lost_labels(rng: random.Random, t: Truth) -> Document:
    leaves = [r.id for r in requests_form(t.generation).rows if "." in r.id and r.id != "other.other"]
    return one_cell_a_line(rng, t, tuple(rng.sample(leaves, rng.randint(1, 5))))


def pipes(rng: random.Random, t: Truth) -> Document:
    t.settle()
    lines = [INTRO.strip(), HEADS[0], "2023年，本机关公开信息145条。"]
    tail = " |" * rng.randint(0, 2)
    lines += [" | ".join(r) + tail for r in proactive_rows(t)]
    lines += [HEADS[1], "2023年，收到申请5件，其中予以公开3件。", RELATION + " | 申请人情况 | |||||||"]
    last = ["小计"] if t.subtotal else []
    lines += ["自然人 | 法人或其他组织 | 总计 | ||||", " | ".join([*HEADER[1:], *last]) + " | ||||"]
    for r in requests_form(t.generation).rows:
        group = group_of(t, r.id)
        lines.append(
            " | ".join([*([group] if group else []), r.label, *t.row(r.id)])
            + " |" * (0 if t.blanks else rng.randint(0, 2))
        )
    lines += ["注：以上含上年结转2件。", HEADS[2], "2023年，发生行政复议1件。", "行政复议 | 行政诉讼 | ||||||||||||"]
    lines += [
        " | ".join([*RESULTS, "未经复议直接起诉", "复议后起诉"]) + " | |||||||",
        " | ".join(RESULTS * 2) + " | ||||",
    ]
    lines += [" | ".join(t.fifteen()), OUTRO]
    return Document(text="\n".join(lines))


def markdown(rng: random.Random, t: Truth) -> Document:
    t.settle()
    lines = [INTRO.strip(), "## " + HEADS[0]]

    def table(rows: list[list[str]]) -> None:
        for i, r in enumerate(rows):
            lines.append("| " + " | ".join(r) + " |")
            if i == 0:
                lines.append("|" + "---|" * len(r))
        lines.append("")

    start = 0
    rows = proactive_rows(t)
    for i in [*[i for i, r in enumerate(rows) if r[0].startswith("第二十条")][1:], len(rows)]:
        table([r + [""] * (4 - len(r)) for r in rows[start:i]])
        start = i
    lines.append("## " + HEADS[1])
    body = [["", "", *HEADER, *(["小计"] if t.subtotal else []), "总计"]]
    for r in requests_form(t.generation).rows:
        body.append([group_of(t, r.id) or "", r.label, *t.row(r.id)])
    cut = rng.randint(5, 20)
    table(body[:cut])
    lines += ["— 5 —", ""]
    table(body[cut:])
    lines.append("## " + HEADS[2])
    for name, block in zip(
        ("行政复议", "未经复议直接起诉", "复议后起诉"), (t.fifteen()[i : i + 5] for i in (0, 5, 10)), strict=True
    ):
        lines.append(name)
        table([RESULTS, block])
    return Document(text="\n".join(lines) + OUTRO)


def slip(rng: random.Random, text: str) -> str:
    """An OCR slip in a long label."""
    if len(text) < 8 or rng.random() > 0.3:
        return text
    i = rng.randrange(3, len(text))
    return text[:i] + rng.choice("问末己犬夏") + text[i + 1 :]


def scanned(rng: random.Random, t: Truth) -> Document:
    t.settle()
    lines = [INTRO.strip(), HEADS[0], ""]
    lines += ["\t".join(r + [""] * (11 - len(r))) for r in proactive_rows(t)]
    lines += ["", HEADS[1], "", "\t申请人情况" + "\t" * 7, RELATION + "\t\t\t法人或其他组织" + "\t" * 5]
    lines.append("\t".join(["", *HEADER, "总计", ""]))
    for i, r in enumerate(requests_form(t.generation).rows):
        if i == 9:
            lines += ["", "3/29\t\t溪岭市2023年政府信息公开工作年度报告" + "\t" * 9]
        label, group = slip(rng, r.label), group_of(t, r.id) or ""
        values = t.row(r.id)
        cells = ["", label, *values] if i < 9 else ["", group[:5], label, *values, "", "", ""]
        if r.id == "carried_out":
            cells = [label, "", "", *values, "", "", ""]
        lines.append("\t".join(cells))
    lines += ["", HEADS[2], "", "\t".join(["行政复议", "", "", "", "行政诉讼"] + [""] * 10)]
    lines += [
        "\t".join([*RESULTS, "未经复", "议直接起诉", "", "复议后起诉"] + [""] * 6),
        "\t".join([""] * 4 + RESULTS * 2 + [""]),
    ]
    lines += ["\t".join(t.fifteen()), "", OUTRO]
    return Document(text="\n".join(lines))


def glued(rng: random.Random, t: Truth) -> Document:
    t.settle()
    return Document(
        text=INTRO.replace("\n", " ") + glue(t, lambda label, row: label + "".join(t.row(row))) + " " + OUTRO
    )


def glued_with_blanks(rng: random.Random, t: Truth) -> Document:
    t.settle()

    def row(label: str, id: str) -> str:
        text = ""
        for value in t.row(id):
            text += value + (" " if rng.random() < 0.2 else "")
        return label + (" " if rng.random() < 0.5 else "") + text

    return Document(text=INTRO.replace("\n", " ") + glue(t, row) + " " + OUTRO)


def spaced_lines(t: Truth, label: Callable[[str], str] = str, sep: str = " ") -> list[str]:
    lines = [HEADS[0]] + [sep.join(r) for r in proactive_rows(t)]
    lines += [HEADS[1], RELATION, "申请人情况", sep.join(["自然人 法人或其他组织 总计"]), sep.join(HEADER[1:])]
    for r in requests_form(t.generation).rows:
        group = group_of(t, r.id)
        lines.append(sep.join([*([group] if group else []), label(r.label), *t.row(r.id)]))
    lines += [
        HEADS[2],
        "行政复议 行政诉讼",
        sep.join([*RESULTS, "未经复议直接起诉", "复议后起诉"]),
        sep.join(RESULTS * 2),
    ]
    return [*lines, sep.join(t.fifteen())]


def spaced(rng: random.Random, t: Truth) -> Document:
    t.settle()
    return Document(text=INTRO + "\n".join(spaced_lines(t)) + "\n" + OUTRO)


def one_plain_cell_a_line(rng: random.Random, t: Truth) -> Document:
    t.settle()
    return Document(text=INTRO + "\n".join(spaced_lines(t, sep="\n")) + "\n" + OUTRO)


def hard_wrapped(rng: random.Random, t: Truth) -> Document:
    """Words cut by line ends; numbers stay whole, page marks between lines."""
    t.settle()
    out: list[str] = []
    for line in spaced_lines(t):
        words, row = line.split(" "), ""
        for word in words:
            while not word[:1].isdigit() and len(row) + len(word) > 22:
                cut = max(1, 22 - len(row))
                out.append(row + word[:cut])
                row, word = "", word[cut:]
            row += word + " "
        out.append(row.strip())
    for _ in range(3):
        out.insert(rng.randint(12, len(out) - 4), rng.choice(["— 5 —", "- 3 -", "第 4 页 共 9 页", "7/12"]))
    return Document(text=INTRO + "\n".join(out) + "\n" + OUTRO)


def page_mark_in_row(rng: random.Random, t: Truth) -> Document:
    t.settle()
    lines = spaced_lines(t)
    rows = [i for i, line in enumerate(lines) if len(line.split()) >= 8]
    for i in rng.sample(rows, 2):
        words = lines[i].split(" ")
        lines[i] = " ".join(words[:-7]) + "\n- 3 -" + " ".join(words[-7:])
    return Document(text=INTRO + "\n".join(lines) + "\n" + OUTRO)


def numbers_first(rng: random.Random, t: Truth) -> Document:
    t.settle()
    lines = [HEADS[1], RELATION, "申请人情况", "自然人 法人或其他组织 总计", " ".join(HEADER[1:])]
    for r in requests_form(t.generation).rows:
        lines += [" ".join(t.row(r.id)), r.label]
    t.cells = {k: v for k, v in t.cells.items() if k[0] == "requests"}
    return Document(text=INTRO + "\n".join(lines) + "\n" + OUTRO)


def numbers_inside_label(rng: random.Random, t: Truth) -> Document:
    t.settle()
    lines: list[str] = []
    for line, r in zip(spaced_lines(t)[-(len(t.requests) + 5) : -5], requests_form(t.generation).rows, strict=False):
        del line
        group = (group_of(t, r.id) or "") + " "
        if len(r.label) > 12:
            cut = rng.randint(7, len(r.label) - 3)
            lines += [(group + r.label[:cut]).strip(), " ".join(t.row(r.id)), r.label[cut:]]
        else:
            lines.append((group + r.label + " " + " ".join(t.row(r.id))).strip())
    t.cells = {k: v for k, v in t.cells.items() if k[0] == "requests"}
    return Document(text=INTRO + HEADS[1] + "\n" + RELATION + "\n" + "\n".join(lines) + "\n" + OUTRO)


def column_major(rng: random.Random, t: Truth) -> Document:
    t.settle()
    form = requests_form(t.generation)
    lines = [HEADS[1], RELATION, *(r.label for r in form.rows)]
    for i, name in enumerate([*HEADER, "总计"]):
        lines += [name, *(t.row(r.id)[i] for r in form.rows)]
    t.cells = {k: v for k, v in t.cells.items() if k[0] == "requests"}
    return Document(text=INTRO + "\n".join(lines) + "\n" + OUTRO)


def numbers_alone(rng: random.Random, t: Truth) -> Document:
    t.settle()
    lines = [
        HEADS[1],
        *(" ".join(t.row(r.id)) for r in requests_form(t.generation).rows),
        HEADS[2],
        " ".join(t.fifteen()),
    ]
    t.cells = {k: v for k, v in t.cells.items() if k[0] != "proactive"}
    return Document(text=INTRO + "\n".join(lines) + "\n" + OUTRO)


def missing_rows(rng: random.Random, t: Truth) -> Document:
    t.settle()
    lines = spaced_lines(t)
    leaves = [r for r in requests_form(t.generation).rows if "." in r.id and r.id not in GROUPS]
    for r in rng.sample(leaves, rng.randint(1, 3)):
        at = next(i for i, line in enumerate(lines) if r.label in line and len(line.split()) >= 8)
        del lines[at]
        t.lose("requests", r.id)
    return Document(text=INTRO + "\n".join(lines) + "\n" + OUTRO)


def missing_numbers(rng: random.Random, t: Truth) -> Document:
    """Rows that kept their label and lost one number: nobody can tell which."""
    t.settle()
    lines = spaced_lines(t)
    for r in rng.sample([r for r in requests_form(t.generation).rows if "." in r.id], 2):
        at = next(i for i, line in enumerate(lines) if r.label in line and len(line.split()) >= 8)
        words = lines[at].split(" ")
        del words[rng.randint(len(words) - 7, len(words) - 1)]
        lines[at] = " ".join(words)
        t.lose("requests", r.id)
    return Document(text=INTRO + "\n".join(lines) + "\n" + OUTRO)


def leaf_marks(rng: random.Random, t: Truth) -> Document:
    t.settle()
    style = rng.choice(["{}、", "{}．", "({})", "（{}）", "circle", "full"])

    def relabel(label: str) -> str:
        if not label[0].isdigit():
            return label
        n = int(label[0])
        mark = (
            "①②③④⑤⑥⑦⑧"[n - 1]
            if style == "circle"
            else "１２３４５６７８"[n - 1] + "．"
            if style == "full"
            else style.format(n)
        )
        return mark + label[2:]

    if rng.random() < 0.5:
        return Document(text=INTRO + "\n".join(spaced_lines(t, relabel)) + "\n" + OUTRO)
    return Document(text=INTRO + glue(t, lambda label, row: relabel(label) + "".join(t.row(row))) + " " + OUTRO)


def traditional(rng: random.Random, t: Truth) -> Document:
    t.settle()
    import opencc

    return Document(text=opencc.OpenCC("s2t").convert(pipes(rng, t).text))


def subtotal(rng: random.Random, t: Truth) -> Document:
    t.subtotal = True
    return rng.choice([pipes, markdown, grids])(rng, t)


def blank_zeros(rng: random.Random, t: Truth) -> Document:
    t.blanks = True
    return rng.choice([pipes, scanned, one_cell_a_line, grids, markdown])(rng, t)


def word_cells(rng: random.Random, t: Truth) -> Document:
    document = pipes(rng, t)
    n = t.proactive["normative_documents"][0]
    text = document.text.replace(f"行政规范性文件 | {n} |", f"行政规范性文件 | {n}（修订2件） |", 1)
    value = t.proactive["licensing"][0]
    if t.generation == "2021":
        text = text.replace(f"行政许可 | {value}", f"行政许可 | 行政许可{value}件；其他权力31件", 1)
    return Document(text=text)


def twice(rng: random.Random, t: Truth) -> Document:
    first = pipes(rng, t).text
    other = truth(rng, t.generation)
    return Document(text=first + "\n附件：潼湖街道办事处情况\n" + pipes(rng, other).text)


def split_number(rng: random.Random, t: Truth) -> Document:
    document = pipes(rng, t)
    text = document.text
    for row in rng.sample(list(t.requests), 25 if t.generation == "2021" else 23):
        first = t.requests[row][0]
        label = next(r.label for r in requests_form(t.generation).rows if r.id == row)
        if first >= 10 and f"{label} | {first} |" in text:
            text = text.replace(f"{label} | {first} |", f"{label} | {first // 10} | {first % 10} |", 1)
            t.cells["requests", f"{row}.natural_person"] = None
            break
    return Document(text=text)


def grids(rng: random.Random, t: Truth) -> Document:
    """Tables with spans, as HTML, docx and PDF give them."""
    t.settle()
    text, made = INTRO, []

    def add(rows: list[list[tuple[str, int, int]]]) -> None:
        nonlocal text
        text += "\n"
        taken: set[tuple[int, int]] = set()
        cells, start = [], len(text)
        for r, row in enumerate(rows):
            c = 0
            for i, (content, down, across) in enumerate(row):
                while (r, c) in taken:
                    c += 1
                taken |= {(r + y, c + x) for y in range(down) for x in range(across)}
                if i:
                    text += "\t"
                cells.append(GridCell(r, c, content, len(text), len(text) + len(content), down, across))
                text += content
                c += across
            text += "\n"
        made.append(Grid(tuple(cells), start, len(text), "html"))
        text += "\n"

    plain = lambda cells: [(c, 1, 1) for c in cells]  # noqa: E731
    text += HEADS[0] + "\n"
    width = 4
    add(
        [
            [(r[0], 1, width)] if len(r) == 1 else [*plain(r[:-1]), (r[-1], 1, width - len(r) + 1)]
            for r in proactive_rows(t)
        ]
    )
    text += HEADS[1] + "\n"
    n = 8 if t.subtotal else 7
    last = ["小计"] if t.subtotal else []
    rows = [
        [(RELATION, 3, 3), ("申请人情况", 1, n)],
        [("自然人", 2, 1), ("法人或其他组织", 1, n - 2), ("总计", 2, 1)],
        plain([*HEADER[1:], *last]),
    ]
    sizes = {
        "granted": len(outcome_rows(t.generation)) + 1,
        "refused.state_secret": 8,
        "unavailable.not_held": 3,
        "not_processed.petition": 5,
        "other.not_corrected": 3,
    }
    for r in requests_form(t.generation).rows:
        values = plain(t.row(r.id))
        group = group_of(t, r.id)
        head = [(group, sizes[r.id], 1)] if group else []
        across = (
            3
            if r.id in ("received", "carried_in", "carried_out")
            else 2
            if r.id in ("granted", "partly_granted", "processed", "other")
            else 1
        )
        rows.append([*head, (r.label, 1, across), *values])
    add(rows)
    text += HEADS[2] + "\n"
    add(
        [
            [("行政复议", 1, 5), ("行政诉讼", 1, 10)],
            [*((r, 2, 1) for r in RESULTS), ("未经复议直接起诉", 1, 5), ("复议后起诉", 1, 5)],
            plain(RESULTS * 2),
            plain(t.fifteen()),
        ]
    )
    text += OUTRO
    return Document(text=text, format="html", grids=tuple(made))


LAYOUTS: dict[str, Callable[[random.Random, Truth], Document]] = {
    f.__name__: f
    for f in (
        one_cell_a_line, lost_labels, pipes, markdown, scanned, glued, glued_with_blanks, spaced, one_plain_cell_a_line, hard_wrapped,
        page_mark_in_row, numbers_first, numbers_inside_label, column_major, numbers_alone, missing_rows, missing_numbers, leaf_marks,
        traditional, subtotal, blank_zeros, word_cells, twice, split_number, grids,
    )
}  # fmt: skip


@pytest.fixture
def layouts() -> dict[str, Callable[[random.Random, Truth], Document]]:
    return LAYOUTS


@pytest.fixture
def make_truth() -> Callable[..., Truth]:
    return truth
