from __future__ import annotations

import io
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gia_nlp.frames.marks import Mark, marked_up, walk
from gia_nlp.frames.render_common import grids
from gia_nlp.frames.render_html import render_page
from gia_nlp.frames.render_terminal import print_report
from gia_nlp.records import Cell, Issue, Metadata


def marked(page: str) -> dict[str, str]:
    """The text of each mark, its pieces joined, as a browser would see them."""
    from lxml import html

    found: dict[str, str] = defaultdict(str)
    article = html.fromstring(page).get_element_by_id("text")
    for element in article.iter("mark"):
        found[element.get("data-id")] += element.text_content()
    return found


def test_every_fact_and_item_is_marked_in_the_text(make_report) -> None:
    report = make_report()
    found = marked(render_page(report))
    facts = sorted(report.facts, key=lambda f: f.start)
    items = sorted(report.items, key=lambda i: i.start)
    assert [found[f"f{n}"] for n in range(1, len(facts) + 1)] == [f.quote for f in facts]
    assert [found[f"i{n}"] for n in range(1, len(items) + 1)] == [i.quote for i in items]
    assert {k for k in found if k[0] == "f"} == {f"f{n}" for n in range(1, 6)}


def test_the_text_is_whole_and_every_link_leads_somewhere(make_report) -> None:
    from lxml import html

    report = make_report()
    tree = html.fromstring(render_page(report))
    assert tree.get_element_by_id("text").text_content() == report.text
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    targets = {href[1:] for href in tree.xpath("//a/@href")}
    assert targets <= set(ids) and {"f1", "f5", "i1", "i3"} <= targets


def test_the_page_loads_nothing_and_runs_nothing(make_report) -> None:
    from lxml import html

    tree = html.fromstring(render_page(make_report()))
    assert not tree.xpath("//script | //link | //img | //iframe | //@src | //*[@onclick]")
    assert all(href.startswith("#") for href in tree.xpath("//@href"))


def test_a_cell_that_stands_twice_is_shown_twice(make_report) -> None:
    def cell(row: str, value: float) -> Cell:
        return Cell("2021", "requests", row, "total", value, None, "number", "")

    (grid,) = grids(make_report(cells=(cell("received", 1), cell("granted", 2), cell("received", 3))))
    assert [(row, [c and c.value for c in cells]) for row, cells in grid.rows] == [
        ("received", [1]),
        ("received", [3]),
        ("granted", [2]),
    ]


def test_the_page_names_rows_and_columns_as_the_form_does(make_report) -> None:
    page = render_page(make_report())
    assert "一、本年新收政府信息公开申请数量" in page and "不予公开 1.属于国家秘密" in page


def test_everything_from_the_report_is_escaped(make_report) -> None:
    evil = "<script>alert(1)</script>\"'&"
    text = make_report().text + evil
    report = make_report(
        evil,
        text=text,
        meta=Metadata(title=evil, issuer=evil, is_report=True),
        cells=(Cell(evil, evil, evil, evil, None, None, "text", evil, evil),),
        errors=(Issue(evil, evil, evil, evil),),
    )
    page = render_page(report)
    assert "<script" not in page
    from lxml import html

    assert html.fromstring(page).get_element_by_id("text").text_content() == text


SPANS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)).map(sorted), max_size=7)


@given(st.text(alphabet="ab<&", max_size=10), SPANS)
def test_marks_survive_any_nesting(text: str, spans: list[list[int]]) -> None:
    from lxml import html

    marks = [Mark(f"m{n}", start, end, "fact", "") for n, (start, end) in enumerate(spans)]
    open_marks: list[str] = []
    firsts: list[str] = []
    pieces: dict[str, str] = defaultdict(str)
    for what, content, first in walk(text, marks):
        if isinstance(content, str):
            assert content
            for identifier in open_marks:
                pieces[identifier] += content
        elif what == "open":
            open_marks.append(content.id)
            firsts += [content.id] * first
        else:
            assert open_marks.pop() == content.id
    assert not open_marks
    assert sorted(firsts) == sorted(m.id for m in marks)
    assert {m.id: text[m.start : m.end] for m in marks} == {m.id: pieces[m.id] for m in marks}
    page = marked_up(text, marks, lambda s: s.replace("&", "&amp;").replace("<", "&lt;"))
    assert html.fromstring(f"<div>{page}</div>").text_content() == text


def test_many_marks_take_linear_time() -> None:
    text = "全年公开信息39条。" * 20_000
    marks = [Mark(f"f{n}", n * 10 + 6, n * 10 + 9, "fact", "") for n in range(20_000)]
    page = marked_up(text, marks, str)
    assert page.count('<mark class="fact"') == 20_000


@pytest.mark.parametrize("width", [60, 160])
def test_the_terminal_shows_what_was_found(make_report, width: int) -> None:
    from rich.console import Console

    file = io.StringIO()
    print_report(make_report(), Console(file=file, width=width, force_terminal=True, color_system=None))
    shown = "".join(file.getvalue().split())
    for expected in ("青垄县水务局", "39条", "f1", "i3", "人手不足", "proactive(2021)", "fails", "UnknownHeading"):
        assert expected in shown


def test_the_terminal_takes_no_markup_from_a_report(make_report) -> None:
    from rich.console import Console

    file = io.StringIO()
    print_report(make_report(meta=Metadata(title="[red]题[/red]")), Console(file=file, width=120))
    assert "[red]题[/red]" in file.getvalue()


def test_without_anything_found(make_report) -> None:
    report = make_report(
        facts=(), items=(), cells=(), checks=(), sections=(), errors=(), meta=Metadata(none_reported=True)
    )
    assert "no problem to report" in render_page(report)
    print_report(report)
