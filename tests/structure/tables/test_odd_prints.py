"""Prints that hide, join or misplace what a cell says."""

from __future__ import annotations

import pytest

from gia_nlp.records import Cell, Document
from gia_nlp.structure.tables import read_tables
from gia_nlp.structure.tables.lines import is_number_like


def cells(text: str, table: str = "requests") -> dict[str, Cell]:
    return {c.key: c for c in read_tables(Document(text=text)).cells if c.table == table}


def row(text: str, name: str) -> list[float | None]:
    return [c.value for key, c in cells(text).items() if key.rpartition(".")[0] == name]


ZEROS = ["0"] * 7
LEAVES = [
    ("（三）不予公开", "1.属于国家秘密", ZEROS),
    ("", "2.其他法律行政法规禁止公开", ZEROS),
    ("", "3.危及“三安全一稳定”", ["2", "0", "0", "0", "0", "0", "2"]),
    ("", "4.保护第三方合法权益", ZEROS),
    ("（四）无法提供", "1.本机关不掌握相关政府信息", ["1", "3", "0", "0", "0", "0", "4"]),
    ("", "2.没有现成信息需要另行制作", ZEROS),
]


@pytest.mark.parametrize("unseen", ["\u200b", "\ufeff", "\u00ad", "\ue5e5"])
def test_unseen_character_before_a_tab(unseen: str) -> None:
    lines = []
    for group, leaf, values in LEAVES:
        lines += [f"\t{group}", f"\t{leaf}", *(f"\t{v}" for v in values), ""]
    lines[lines.index("\t3.危及“三安全一稳定”") + 1] = f"{unseen}\t2"
    lines[lines.index("\t1.本机关不掌握相关政府信息")] = f"{unseen}\t1.本机关不掌握相关政府信息"
    text = "\n".join(lines)
    assert row(text, "refused.security_stability") == [2, 0, 0, 0, 0, 0, 2]
    assert row(text, "unavailable.not_held") == [1, 3, 0, 0, 0, 0, 4]


def test_character_of_a_private_font_beside_digits_leaves_the_cell_open() -> None:
    text = "\n".join("\t".join([group, leaf, *values]) for group, leaf, values in LEAVES).replace(
        "\t3\t", "\t3\ue05a\t"
    )
    assert cells(text)["unavailable.not_held.business"].kind == "ambiguous"


def test_group_and_leaf_in_one_cell() -> None:
    lines = []
    for group, leaf, values in LEAVES:
        lines += [
            "| 类别 | 数据1 | 数据2 | 数据3 | 数据4 | 数据5 | 数据6 | 总计 |",
            "|---|---|---|---|---|---|---|---|",
        ]
        lines += [f"| {group}{leaf} | {' | '.join(values)} |", ""]
    text = "\n".join(lines)
    assert row(text, "unavailable.not_held") == [1, 3, 0, 0, 0, 0, 4]
    assert row(text, "refused.state_secret") == [0] * 7


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("（三）不予公开1.属于国家秘密", False),
        ("22（修订16件）", True),
        ("5件；其他2件", True),
        ("2.重复申请", False),
        ("7", True),
    ],
)
def test_is_number_like(text: str, number: bool) -> None:
    assert is_number_like(text) is number
