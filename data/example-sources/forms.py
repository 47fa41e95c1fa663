"""The statutory forms as grids of printed cells, with the right answer of every cell.

A grid is a list of rows of :class:`Box`; a box that covers several rows or columns stands once, at its upper left.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

APPLICANTS = ("natural_person", "business", "research", "public_interest", "legal_service", "other_organisation")
APPLICANT_LABELS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")
OUTCOMES = ("upheld", "corrected", "other", "pending")

# Group label -> leaves; a leaf without group stands in the column of the groups.
LEAVES_2021: tuple[tuple[str | None, tuple[tuple[str, str], ...]], ...] = (
    (None, (("granted", "（一）予以公开"),)),
    (None, (("partly_granted", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"),)),
    (
        "（三）不予公开",
        (
            ("refused.state_secret", "1.属于国家秘密"),
            ("refused.prohibited_by_law", "2.其他法律行政法规禁止公开"),
            ("refused.security_stability", "3.危及“三安全一稳定”"),
            ("refused.third_party", "4.保护第三方合法权益"),
            ("refused.internal_affairs", "5.属于三类内部事务信息"),
            ("refused.deliberative", "6.属于四类过程性信息"),
            ("refused.enforcement_file", "7.属于行政执法案卷"),
            ("refused.administrative_query", "8.属于行政查询事项"),
        ),
    ),
    (
        "（四）无法提供",
        (
            ("unavailable.not_held", "1.本机关不掌握相关政府信息"),
            ("unavailable.must_be_created", "2.没有现成信息需要另行制作"),
            ("unavailable.unclear", "3.补正后申请内容仍不明确"),
        ),
    ),
    (
        "（五）不予处理",
        (
            ("not_processed.petition", "1.信访举报投诉类申请"),
            ("not_processed.repeated", "2.重复申请"),
            ("not_processed.publication", "3.要求提供公开出版物"),
            ("not_processed.excessive", "4.无正当理由大量反复申请"),
            ("not_processed.reconfirmation", "5.要求行政机关确认或重新出具已获取信息"),
        ),
    ),
    (
        "（六）其他处理",
        (
            ("other.not_corrected", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"),
            ("other.fee_unpaid", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"),
            ("other.other", "3.其他"),
        ),
    ),
)
LEAVES_2019 = (*LEAVES_2021[:-1], (None, (("other", "（六）其他处理"),)))


@dataclass
class Box:
    """A printed cell. ``key`` is the cell's id in the form, ``None`` for labels."""

    text: str
    rows: int = 1
    columns: int = 1
    key: str | None = None


@dataclass
class Table:
    """A table as printed and as it is right to read it."""

    name: str
    grid: list[list[Box]]
    answers: dict[str, float | None] = field(default_factory=dict)
    width: int = 0


class Numbers:
    """What the source says of a table: sums are filled in, ``= key printed [value]`` overrides what is printed."""

    def __init__(self, lines: list[str]) -> None:
        self.rows: dict[str, list[int]] = {}
        self.override: dict[str, str] = {}
        self.blank_zero = False
        self.lines: list[str] = []
        for line in lines:
            if line.startswith("= "):
                _, key, printed = line.split(maxsplit=2)
                self.override[key] = "" if printed == "_" else printed
            elif line == "blank zeros":
                self.blank_zero = True
            elif "|" in line:
                self.lines.append(line)
            else:
                key, *numbers = line.split()
                self.rows[key] = [int(n) for n in numbers]

    def box(self, table: Table, key: str, value: int) -> Box:
        printed = self.override.get(key, "" if self.blank_zero and value == 0 else str(value))
        found = re.search(r"[\d,]+(?:\.\d+)?", printed)
        table.answers[key] = float(found.group().replace(",", "")) if found else None
        return Box(printed, key=key)

    def row(self, key: str, width: int) -> list[int]:
        numbers = self.rows.get(key, [])
        return numbers + [0] * (width - len(numbers))


def requests(form: str, numbers: Numbers) -> Table:
    table = Table("requests", [], width=10)
    hint = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    table.grid += [
        [Box(hint, rows=3, columns=3), Box("申请人情况", columns=7)],
        [Box("自然人", rows=2), Box("法人或其他组织", columns=5), Box("总计", rows=2)],
        [Box(label) for label in APPLICANT_LABELS[1:]],
    ]

    def add(boxes: list[Box], key: str, six: list[int]) -> None:
        seven = [*six, sum(six)]
        cells = [numbers.box(table, f"{key}.{c}", n) for c, n in zip((*APPLICANTS, "total"), seven, strict=True)]
        table.grid.append(boxes + cells)

    for key, label in (
        ("received", "一、本年新收政府信息公开申请数量"),
        ("carried_in", "二、上年结转政府信息公开申请数量"),
    ):
        add([Box(label, columns=3)], key, numbers.row(key, 6))
    groups = LEAVES_2021 if form == "2021" else LEAVES_2019
    leaves = [key for _, group in groups for key, _ in group]
    result = Box("三、本年度办理结果", rows=len(leaves) + 1)
    first = [result]
    for group, members in groups:
        for i, (key, label) in enumerate(members):
            boxes = first
            first = []
            if group is None:
                boxes = [*boxes, Box(label, columns=2)]
            else:
                boxes = [*boxes, *([Box(group, rows=len(members))] if i == 0 else []), Box(label)]
            add(boxes, key, numbers.row(key, 6))
    sums = [sum(column) for column in zip(*(numbers.row(k, 6) for k in leaves), strict=True)]
    add([Box("（七）总计", columns=2)], "processed", sums)
    add([Box("四、结转下年度继续办理", columns=3)], "carried_out", numbers.row("carried_out", 6))
    return table


def review_litigation(numbers: Numbers) -> Table:
    table = Table("review_litigation", [], width=15)
    heads = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    table.grid += [
        [Box("行政复议", columns=5), Box("行政诉讼", columns=10)],
        [Box(h, rows=2) for h in heads] + [Box("未经复议直接起诉", columns=5), Box("复议后起诉", columns=5)],
        [Box(h) for h in heads * 2],
        [],
    ]
    for block in ("review", "litigation_direct", "litigation_after_review"):
        four = numbers.row(block, 4)
        for column, n in zip((*OUTCOMES, "total"), [*four, sum(four)], strict=True):
            table.grid[-1].append(numbers.box(table, f"{block}.{column}", n))
    return table


def proactive(form: str, numbers: Numbers) -> Table:
    table = Table("proactive", [], width=4)

    def head(article: str, *labels: str) -> None:
        table.grid.append([Box(f"第二十条第（{article}）项", columns=4)])
        spans = (1,) * (len(labels) - 1) + (5 - len(labels),)
        table.grid.append([Box(label, columns=span) for label, span in zip(labels, spans, strict=True)])

    def row(label: str, key: str, *columns: str) -> None:
        cells = [numbers.box(table, f"{key}.{c}", n) for c, n in zip(columns, numbers.row(key, 3), strict=False)]
        cells[-1].columns = 4 - len(cells)
        table.grid.append([Box(label), *cells])

    if form == "2021":
        head("一", "信息内容", "本年制发件数", "本年废止件数", "现行有效件数")
        for label, key in (("规章", "regulations"), ("行政规范性文件", "normative_documents")):
            row(label, key, "issued", "repealed", "in_force")
        head("五", "信息内容", "本年处理决定数量")
        row("行政许可", "licensing", "decisions")
        head("六", "信息内容", "本年处理决定数量")
        row("行政处罚", "punishment", "decisions")
        row("行政强制", "coercion", "decisions")
        head("八", "信息内容", "本年收费金额（单位：万元）")
        row("行政事业性收费", "fees", "amount")
        return table
    head("一", "信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量")
    for label, key in (("规章", "regulations"), ("规范性文件", "normative_documents")):
        row(label, key, "newly_made", "newly_disclosed", "total_disclosed")
    head("五", "信息内容", "上一年项目数量", "本年增/减", "处理决定数量")
    row("行政许可", "licensing", "previous_items", "change", "decisions")
    row("其他对外管理服务事项", "other_services", "previous_items", "change", "decisions")
    head("六", "信息内容", "上一年项目数量", "本年增/减", "处理决定数量")
    row("行政处罚", "punishment", "previous_items", "change", "decisions")
    row("行政强制", "coercion", "previous_items", "change", "decisions")
    head("八", "信息内容", "上一年项目数量", "本年增/减")
    row("行政事业性收费", "fees", "previous_items", "change")
    head("九", "信息内容", "采购项目数量", "采购总金额")
    row("政府集中采购", "procurement", "items", "amount")
    return table


def statistics(numbers: Numbers) -> Table:
    """Rows ``label|unit|id|year[|cumulative]`` of the source; a row without id is a group's heading."""
    rows = [[part.strip() for part in line.split("|")] for line in numbers.lines]
    two = any(len(r) > 4 for r in rows)
    table = Table("statistics", [], width=4 if two else 3)
    heads = ["指标", "单位", "本年度", "历年累计"] if two else ["统计指标", "单位", "统计数"]
    table.grid.append([Box(h) for h in heads])
    for label, unit, *rest in rows:
        boxes = [Box(label), Box(unit)]
        if not rest or not rest[0]:
            table.grid.append([*boxes, *(Box("") for _ in heads[2:])])
            continue
        for column, printed in zip(("year", "cumulative"), rest[1:], strict=False):
            key = f"{rest[0]}.{column}"
            table.answers[key] = float(printed) if printed else None
            boxes.append(Box(printed, key=key))
        table.grid.append(boxes)
    return table


def build(name: str, form: str, lines: list[str]) -> Table:
    numbers = Numbers(lines)
    if name == "requests":
        return requests(form, numbers)
    if name == "review_litigation":
        return review_litigation(numbers)
    if name == "statistics":
        return statistics(numbers)
    return proactive(form, numbers)
