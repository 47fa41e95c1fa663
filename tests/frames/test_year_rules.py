from __future__ import annotations

import pytest

from gia_nlp.frames.similarity import share, sketch
from gia_nlp.frames.year_rules import Reading, compare_years

Cells = dict[str, Reading]


def cells(table: str, **values: float | str | None) -> Cells:
    """Cells by ``row__column``; a word is the kind of a cell without a number."""
    made = {}
    for name, value in values.items():
        key = f"{table}.{name.replace('__', '.')}"
        if isinstance(value, str):
            made[key] = Reading(None, value, None)
        else:
            made[key] = Reading(value, "number" if value else "empty" if value is None else "zero", None)
    return made


def found(now: Cells, before: Cells) -> list[tuple[str, str, float | None, float | None, str]]:
    return [
        (row["rule"].removeprefix("years."), row["scope"], row["left_value"], row["right_value"], row["status"])
        for row in compare_years(now, before, 2022)
    ]


def carried(now: float | str | None, before: float | str | None) -> str:
    rows = found(cells("requests", carried_in__total=now), cells("requests", carried_out__total=before))
    [(rule, scope, _, _, status)] = rows
    assert (rule, scope) == ("carry_over", "carried_in.total")
    return status


@pytest.mark.parametrize(
    ("now", "before", "status"),
    [
        (3.0, 3.0, "holds"),
        (0.0, 0.0, "holds"),
        (3.0, 2.0, "fails"),
        (0.0, 1.0, "fails"),
        (None, 0.0, "holds_if_blank_is_zero"),
        (0.0, None, "holds_if_blank_is_zero"),
        (None, 2.0, "not_assessable"),
        (None, None, "not_assessable"),
        ("lost", 2.0, "not_assessable"),
        (2.0, "ambiguous", "not_assessable"),
    ],
)
def test_carry_over(now: float | str | None, before: float | str | None, status: str) -> None:
    assert carried(now, before) == status


def test_carry_over_of_every_column() -> None:
    now = cells("requests", carried_in__natural_person=1.0, carried_in__business=2.0, carried_in__total=3.0)
    before = cells("requests", carried_out__natural_person=1.0, carried_out__business=1.0, carried_out__total=2.0)
    assert found(now, before) == [
        ("carry_over", "carried_in.natural_person", 1.0, 1.0, "holds"),
        ("carry_over", "carried_in.business", 2.0, 1.0, "fails"),
        ("carry_over", "carried_in.total", 3.0, 2.0, "fails"),
    ]


def test_another_form_before_leaves_one_open_row() -> None:
    now = cells("requests", carried_in__natural_person=1.0, carried_in__total=1.0)
    now |= cells("proactive", normative_documents__in_force=4.0, normative_documents__issued=1.0)
    before = cells("statistics", published__year=12.0)
    assert found(now, before) == [
        ("carry_over", "carried_in.total", None, None, "not_assessable"),
        ("stock", "normative_documents.in_force", None, None, "not_assessable"),
    ]
    assert all("2021" in row["note"] for row in compare_years(now, before, 2022))
    assert found(before, now) == []


@pytest.mark.parametrize(
    ("now", "before", "row"),
    [
        ((5.0, 2.0, 1.0), 4.0, (5.0, 5.0, "holds")),
        ((5.0, 2.0, 0.0), 4.0, (5.0, 6.0, "fails")),
        ((5.0, None, 0.0), 5.0, (5.0, 5.0, "holds_if_blank_is_zero")),
        ((5.0, None, 0.0), 4.0, (5.0, 4.0, "not_assessable")),
        ((5.0, "lost", 0.0), 4.0, (None, None, "not_assessable")),
        ((None, None, None), None, (None, None, "not_assessable")),
    ],
)
def test_stock(now: tuple, before: float | None, row: tuple) -> None:  # type: ignore[type-arg]
    in_force, issued, repealed = now
    own = cells("proactive", regulations__in_force=in_force, regulations__issued=issued, regulations__repealed=repealed)
    assert found(own, cells("proactive", regulations__in_force=before)) == [("stock", "regulations.in_force", *row)]


def test_a_cell_that_is_not_there_leaves_the_sum_open() -> None:
    own = cells("proactive", regulations__in_force=3.0, regulations__issued=1.0)
    assert found(own, cells("proactive", regulations__in_force=2.0))[0][-1] == "not_assessable"


def test_cumulative() -> None:
    now = cells(
        "statistics", published__year=10.0, published__cumulative=110.0, meetings__year=1.0, meetings__cumulative=5.0
    )
    now |= cells("statistics", staff__cumulative=3.0, 街道公开数__year=1.0, 街道公开数__cumulative=2.0)
    before = cells("statistics", published__cumulative=100.0, meetings__cumulative=3.0, staff__cumulative=3.0)
    before |= cells("statistics", 街道公开数__cumulative=1.0)
    assert found(now, before) == [
        ("cumulative", "published.cumulative", 110.0, 110.0, "holds"),
        ("cumulative", "meetings.cumulative", 5.0, 4.0, "fails"),
        ("cumulative", "街道公开数.cumulative", 2.0, 2.0, "holds"),
    ]
    assert found(now, cells("statistics", published__year=100.0)) == [
        ("cumulative", "cumulative", None, None, "not_assessable")
    ]


def test_units_that_differ_are_not_added() -> None:
    now = {
        "statistics.funds.year": Reading(2.0, "number", "万元"),
        "statistics.funds.cumulative": Reading(5.0, "number", "万元"),
    }
    assert found(now, {"statistics.funds.cumulative": Reading(30000.0, "number", "元")})[0][-1] == "not_assessable"
    assert found(now, {"statistics.funds.cumulative": Reading(3.0, "number", None)})[0][-1] == "holds"


@pytest.mark.parametrize(
    ("now", "before", "jump"),
    [
        (480.0, 12.0, True),
        (12.0, 480.0, True),
        (0.0, 150.0, True),
        (60.0, 2.0, False),
        (100.0, 10.0, False),
        (None, 500.0, False),
    ],
)
def test_jump(now: float | None, before: float | None, jump: bool) -> None:
    rows = found(cells("requests", received__total=now), cells("requests", received__total=before))
    assert rows == ([("jump", "requests.received.total", now, before, "not_assessable")] if jump else [])


# --------------------------------------------------------------------------- texts

SENTENCES = [
    f"本单位{what}工作按照年初的安排有序推进并按时完成。"
    for what in ("公开", "解读", "回应", "申请", "平台", "培训", "考核", "审查", "目录", "专栏")
]


def test_numbers_blanks_and_lines_do_not_count() -> None:
    one = sketch("全年共收到申请12件并全部答复。\n" + "".join(SENTENCES))
    other = sketch("全年共收到申请3 件并全部答复。" + "\n\n".join(SENTENCES))
    assert one == other and one.sentences == 11


def test_share_of_sentences() -> None:
    whole = sketch("".join(SENTENCES))
    assert share(whole, sketch("".join(SENTENCES[:5]))) == 0.5
    assert share(whole, sketch("别的一段话与上面的任何一句都不相同。")) == 0.0
    assert share(sketch(""), sketch("")) == 0.0


def test_cells_and_headings_are_no_sentences() -> None:
    assert sketch("一、政府信息公开工作总体情况\n本年新收政府信息公开申请数量\t3\t0\n").sentences == 0


def test_the_share_of_long_texts_is_an_estimate() -> None:
    words = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
    lines = [f"本单位推进{a}{b}事项公开并按时完成。" for a in words for b in words]
    one, other = sketch("".join(lines[:400])), sketch("".join(lines[20:420]))
    assert share(one, other) == pytest.approx(380 / 420, abs=0.12)
