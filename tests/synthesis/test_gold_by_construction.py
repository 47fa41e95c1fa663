"""The right answers stand where the gold says, in every layout."""

from __future__ import annotations

import itertools
import re
from unicodedata import normalize

import pytest

from gia_nlp.synthesis import Synthetic, make_report
from gia_nlp.synthesis.content import FORMS
from gia_nlp.synthesis.options import FILES, OPTIONS, VARIANTS, LayoutName, _conflict, parse_layout
from gia_nlp.synthesis.tables_text import BASES
from gia_nlp.vocabulary.categories import categories
from gia_nlp.vocabulary.indicators import indicators

LAYOUTS = [*map(str, VARIANTS), *BASES]


def _single_options() -> list[str]:
    """Every option on the first base that can carry it."""
    out = []
    for option in OPTIONS:
        base = next(b for b in (*BASES, *FILES) if _conflict(LayoutName(b, frozenset({option}))) is None)
        out.append(f"{base}+{option}")
    return out


def _check(report: Synthetic) -> None:
    text = report.text
    assert text is not None
    encoding = "gb18030" if "gb18030" in report.gold["layout"] else "utf-8-sig"
    assert report.data.decode(encoding) == text
    gold = report.gold
    for found in gold["facts"] + gold["items"]:
        assert text[found["start"] : found["end"]] == found["quote"]
        assert found["quote"].strip()
    for fact in gold["facts"]:
        assert fact["indicator"] in indicators()
        assert re.search("[0-9一二两兩三四五六七八九十百]", normalize("NFKC", fact["quote"])) or fact["value"] == 0
    for i, item in enumerate(gold["items"]):
        assert set(item["categories"]) <= set(categories()) and item["categories"]
        assert all(gold["items"][r]["kind"] == "remedy" for r in item["remedies"]), i
    sections = gold["sections"]
    assert [s["start"] for s in sections] == sorted(s["start"] for s in sections)
    assert all(a["end"] == b["start"] for a, b in itertools.pairwise(sections))
    assert sections[-1]["end"] == len(text)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_offsets_hold_in_every_text_layout(layout: str, form: str) -> None:
    _check(make_report(3, LAYOUTS.index(layout), layout, form))


@pytest.mark.parametrize("layout", _single_options())
def test_every_option_renders(layout: str) -> None:
    for index in range(3):
        report = make_report(4, index, layout, "2021")
        if report.text is not None:
            _check(report)


def test_drawn_layouts_hold(drawn: list[Synthetic]) -> None:
    for report in drawn:
        if report.text is not None:
            _check(report)
        else:
            assert all(f["start"] is None for f in report.gold["facts"] + report.gold["sections"])
    assert len({r.gold["layout"] for r in drawn}) > 60
    assert {r.gold["meta"]["form"] for r in drawn} >= set(FORMS)


def test_content_is_the_same_in_every_layout() -> None:
    plain = make_report(6, 1, "tabs", "2021").gold
    for layout in ("pipes", "cells+bookmarks", "html", "spaces+hard_wraps"):
        other = make_report(6, 1, layout, "2021").gold
        assert other["tables"] == plain["tables"]
        key = ("indicator", "value", "unit", "channel", "period", "bound")
        assert [[f[k] for k in key] for f in other["facts"]] == [[f[k] for k in key] for f in plain["facts"]]


@pytest.mark.parametrize(
    ("layout", "expected"),
    [("tabs", 0), ("tabs+blank_zeros", None), ("tabs+mark_zeros", None)],
)
def test_a_zero_is_zero_and_a_blank_is_not(layout: str, expected: int | None) -> None:
    cells = make_report(2, 0, layout, "2021").gold["tables"]["requests"]
    assert cells["refused.state_secret.research"] == expected


def test_words_beside_a_number_leave_the_number() -> None:
    plain, worded = (make_report(8, 3, x, "2021").gold["tables"]["proactive"] for x in ("tabs", "tabs+words_in_cells"))
    for key, value in plain.items():
        assert worded[key] == value or (key == "fees.amount" and worded[key] == pytest.approx(value * 10000))


def test_missing_rows_are_lost_cells() -> None:
    report = make_report(5, 2, "tabs+missing_rows", "2021")
    lost = {k.rsplit(".", 1)[0] for k, v in report.gold["tables"]["requests"].items() if v is None}
    assert lost
    assert len(report.gold["tables"]["requests"]) == 175
    names = {
        "unavailable.must_be_created": "没有现成信息",
        "not_processed.repeated": "重复申请",
        "refused.state_secret": "属于国家秘密",
    }
    assert report.text is not None
    for row, words in names.items():
        assert (words in report.text) == (row not in lost)


def test_prose_agrees_with_the_tables(drawn: list[Synthetic]) -> None:
    seen = 0
    for report in drawn:
        table = report.gold["tables"].get("requests")
        if not table or "blank" in report.gold["layout"] or "_zeros" in report.gold["layout"]:
            continue
        if any(x in report.gold["layout"] for x in ("misprints", "split")):
            continue
        for fact in report.gold["facts"]:
            if fact["indicator"] == "requests_received" and fact["period"] == "current" and fact["topic"] is None:
                assert fact["value"] == table["received.total"]
                seen += 1
    assert seen > 20


@pytest.mark.parametrize(
    "name",
    [
        "nothing",
        "tabs+nothing",
        "tabs+blank_zeros+mark_zeros",
        "html+hard_wraps",
        "glued+misprints",
        "99",
        "tabs+lost_leaves+missing_rows",
    ],
)
def test_wrong_layouts_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_layout(name)


@pytest.mark.parametrize("base", ["html", "docx"])
def test_quotes_of_a_file_are_in_its_characters(base: str) -> None:
    for index in range(12):
        report = make_report(5, index, f"{base}+traditional", "2021")
        quotes = "".join(i["quote"] for i in report.gold["items"])
        assert not set(quotes) & set("开为对发务"), "traditional characters only"


def test_text_of_a_web_page_holds_every_quote() -> None:
    for index in range(8):
        report = make_report(5, index, "html_layout", "2021")
        page = re.sub(r"<[^>]+>", "", report.data.decode("gbk" if b"charset=gb" in report.data else "utf-8"))
        for found in report.gold["facts"] + report.gold["items"]:
            assert found["quote"] in page


def test_odd_ordinals_go_wrong_once() -> None:
    seen = set()
    for index in range(40):
        report = make_report(6, index, "tabs+ordinals_odd", "2021")
        assert report.text is not None
        heads = [report.text[s["start"]] for s in report.gold["sections"]]
        numbers = ["一二三四五六七八九".index(c) for c in heads]
        jumps = [b - a for a, b in itertools.pairwise(numbers) if b - a != 1]
        assert len(jumps) == 1
        seen.add(0 if jumps == [0] else 1 if jumps == [2] else -1)
    assert seen == {0, 1, -1}
