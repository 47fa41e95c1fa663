"""Sums, prose against table, and glued digits parted by a count in the prose."""

from __future__ import annotations

from gia_nlp.checking import check
from gia_nlp.records import Cell, Check, Document, Fact, Layout, Metadata
from gia_nlp.structure.tables import read_tables
from gia_nlp.vocabulary.forms import requests_form


def layout_of(text: str) -> Layout:
    reading = read_tables(Document(text=text))
    return Layout((), (), reading.cells, Metadata(), reading.glued)


def fact(text: str, indicator: str, quote: str, value: float, **more: object) -> Fact:
    start = text.index(quote)
    return Fact(indicator, value, start, start + len(quote), quote, unit="件", **more)  # type: ignore[arg-type]


def by_rule(checks: tuple[Check, ...], rule: str) -> dict[str, Check]:
    return {c.scope: c for c in checks if c.rule == rule}


def requests_table(**rows: list[object]) -> str:
    lines = []
    for row in requests_form("2021").rows:
        values = rows.get(row.id.replace(".", "_"), [0] * 7)
        lines.append("\t".join([row.label, *(("" if v is None else str(v)) for v in values)]))
    return "\n".join(lines)


CONSISTENT = requests_table(
    received=[4, 1, 0, 0, 0, 0, 5], carried_in=[1, 0, 0, 0, 0, 0, 1], granted=[3, 1, 0, 0, 0, 0, 4],
    refused_third_party=[1, 0, 0, 0, 0, 0, 1], processed=[4, 1, 0, 0, 0, 0, 5], carried_out=[1, 0, 0, 0, 0, 0, 1],
)  # fmt: skip


def test_consistent_table_holds() -> None:
    _, checks = check(CONSISTENT, layout_of(CONSISTENT), ())
    assert len(checks) == 25 + 7 + 7
    assert {c.status for c in checks} == {"holds"}


def test_failed_sum_keeps_both_sides() -> None:
    text = CONSISTENT.replace("（一）予以公开\t3", "（一）予以公开\t2")
    cells, checks = check(text, layout_of(text), ())
    assert next(c for c in cells if c.key == "granted.natural_person").value == 2
    row = by_rule(checks, "requests.row_total")["granted.total"]
    assert (row.left_value, row.right_value, row.difference, row.status) == (3, 4, -1, "fails")
    assert by_rule(checks, "requests.processed_sum")["natural_person"].status == "fails"
    assert by_rule(checks, "requests.column_balance")["natural_person"].status == "holds"


def test_blank_is_not_zero() -> None:
    text = requests_table(received=[2, None, None, None, None, None, 2], processed=[1, 0, 0, 0, 0, 0, None])
    _, checks = check(text, layout_of(text), ())
    rows = by_rule(checks, "requests.row_total")
    assert rows["received.total"].status == "holds_if_blank_is_zero"
    assert rows["processed.total"].status == "not_assessable"


def test_received_in_prose_may_include_what_was_carried_in() -> None:
    text = "全年共受理申请6件。\n" + CONSISTENT
    _, checks = check(text, layout_of(text), (fact(text, "requests_received", "6件", 6),))
    found = next(c for c in checks if c.rule == "prose.requests_received")
    assert (found.status, found.scope) == ("holds", "received.total+carried_in.total")
    assert "本年新收加上年结转" in (found.note or "")


def test_prose_that_contradicts_the_table_is_a_finding() -> None:
    text = "全年收到申请9件，不予公开1件。\n" + CONSISTENT
    facts = (fact(text, "requests_received", "9件", 9), fact(text, "requests_refused", "1件", 1))
    _, checks = check(text, layout_of(text), facts)
    assert by_rule(checks, "prose.requests_received")["received.total"].status == "fails"
    assert by_rule(checks, "prose.requests_refused")["refused.*.total"].status == "holds"


def test_a_narrowed_count_is_no_witness() -> None:
    text = "其中网上申请9件。\n" + CONSISTENT
    _, checks = check(text, layout_of(text), (fact(text, "requests_received", "9件", 9, topic="网上"),))
    assert not [c for c in checks if c.rule.startswith("prose")]


GLUED = (
    "2013年主动公开信息950条。 指标名称计量单位2013年度历年累计主动公开信息数条9501200其中：1.政府网站公开条9501200"
    "受理依申请公开信息总数条78其中：1.当面申请数条45行政复议数条00行政诉讼数条00"
)


def test_a_count_in_the_prose_parts_glued_digits() -> None:
    witness = Fact("items_published", 950, GLUED.index("950条"), GLUED.index("950条") + 4, "950条", unit="条")
    cells, checks = check(GLUED, layout_of(GLUED), (witness,))
    values = {c.key: c for c in cells}
    assert values["published.year"].value == 950 and values["published.cumulative"].value == 1200
    assert "950条" in (values["published.year"].note or "")
    # The whole decides its part, and says so.
    assert values["published_website.cumulative"].value == 1200
    assert "published" in (values["published_website.year"].note or "")
    assert by_rule(checks, "prose.items_published")["published.year"].status == "not_assessable"


def test_without_witness_glued_digits_stay_open() -> None:
    cells, _ = check(GLUED, layout_of(GLUED), ())
    assert {c.kind for c in cells if c.row == "published"} == {"ambiguous"}


def test_witnesses_that_contradict_each_other_decide_nothing() -> None:
    text = "主动公开950条，后又称9501条。 " + GLUED
    run = "9501200"
    facts = (
        Fact("items_published", 950, text.index("950条"), text.index("950条") + 4, "950条"),
        Fact("items_published", 9501, text.index("9501条"), text.index("9501条") + 5, "9501条"),
    )
    cell = Cell("statistics", "statistics", "published", "year", None, "条", "ambiguous", run)
    other = Cell("statistics", "statistics", "published", "cumulative", None, "条", "ambiguous", run)
    from gia_nlp.records import GluedRun

    glued = GluedRun(
        "statistics",
        "statistics",
        ("published.year", "published.cumulative"),
        run,
        0,
        7,
        (("950", "1200"), ("9501", "200")),
    )
    cells, _ = check(text, Layout((), (), (cell, other), Metadata(), (glued,)), facts)
    assert {c.kind for c in cells} == {"ambiguous"}
