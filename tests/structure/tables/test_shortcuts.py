"""What is told in a quick way against the plain way that it stands for."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gia_nlp.records import Cell, Document, Grid, GridCell
from gia_nlp.structure.tables import masks, statistics_text
from gia_nlp.structure.tables.labels import Choice, _score, is_number_like
from gia_nlp.structure.tables.lookalikes import Lookalikes, similarity
from gia_nlp.structure.tables.page import open_page
from gia_nlp.structure.tables.reporttext import ReportText
from gia_nlp.structure.tables.rows import Free, Piece, Row, of_head
from gia_nlp.structure.tables.split import split
from gia_nlp.structure.tables.textrows import split_lines
from gia_nlp.structure.tables.values import Value, make_cells
from gia_nlp.vocabulary.forms import proactive_form, requests_form, review_form

FORMS = (requests_form("2021"), requests_form("2019"), proactive_form("2019"), review_form("2021"))
WORDS = sorted({word for form in FORMS for label in form.rows for word in (label.key, *label.cores)})
LETTERS = "".join(sorted(set("".join(WORDS)))[:60]) + "青垄县年"


@st.composite
def misread(draw: st.DrawFn) -> str:
    """A label's words with some of them changed, lost, or joined by others."""
    chars = list(draw(st.sampled_from(WORDS)))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(chars)))
        chars[at : at + draw(st.integers(0, 2))] = draw(st.text(LETTERS, max_size=2))
    return "".join(chars)


@given(st.one_of(misread(), st.text(LETTERS, max_size=40)))
@settings(max_examples=300)
def test_no_word_that_is_like_another_is_left_out(word: str) -> None:
    known = Lookalikes(WORDS)
    assert {w for w in WORDS if similarity(word, w)} <= {known.words[i] for i in known.near(word)}


@given(misread(), st.sampled_from(FORMS))
@settings(max_examples=300)
def test_the_best_label_is_the_best_of_all(key: str, form: object) -> None:
    rows = form.rows  # type: ignore[attr-defined]
    ranked = sorted(((_score(key, label), label.id) for label in rows), reverse=True)
    clear = key and ranked[0][0] >= 0.6 and ranked[0][0] - ranked[1][0] >= 0.05
    assert Choice(rows).best(key) == ((ranked[0][1], ranked[0][0]) if clear else None)


@pytest.mark.parametrize("least", [0.6, 0.7, 0.9])
def test_a_label_must_fit_well_enough(least: float) -> None:
    found = Choice(requests_form("2021").rows).best("信访举报投拆类申请", least)
    assert (found is not None) == (least < 0.85)


PLAIN_TOKEN = r"(?:\d[\d,]*(?:\.\d+)?|(?<![^\s])(?:[-—–/]{1,2}|无|不适用)(?![^\s]))"
PATTERNS = [
    (masks.TOKEN, PLAIN_TOKEN),
    (masks._WORDED, rf"(?m)(?<![^\s\x00])([-+]?\d[\d,]*(?:\.\d+)?)({masks._REMARK})(?=\s|$)"),
    (masks._PAGE_MARKS[1], r"(?m)(?<=\d)[ ]+[-—–]{1,2}[ ]*\d{1,3}[ ]*[-—–]{1,2}[ ]*$"),
    (masks._PAGE_MARKS[2], r"(?<![\d\-—–])[—–]{1,2}[ ]*\d{1,3}[ ]*[—–]{1,2}(?![\d\-—–]\d)"),
    (masks._PAGE_MARKS[3], r"(?<=[\s\u4e00-\u9fff）)])-[ ]*\d{1,3}[ ]*-(?=[\s\u4e00-\u9fff（(])"),
]


@given(st.text("12,. -—/+无不适用件（）\n\x00", max_size=40))
@settings(max_examples=400)
def test_patterns_that_begin_with_a_set_find_what_plain_ones_find(text: str) -> None:
    for pattern, plain in PATTERNS:
        assert [m.span() for m in pattern.finditer(text)] == [m.span() for m in re.finditer(plain, text)], plain


@given(st.text("12 -—第页.、）规章\n\x00", max_size=40))
@settings(max_examples=400)
def test_texts_without_marks_are_told_from_those_with_marks(text: str) -> None:
    if any(p.search(text) for p in masks._PAGE_MARKS):
        assert masks.may_hold_marks(text)
    if masks._TORN_ORDINAL.search(text):
        assert masks._MARK_OPENS.search(text)


PLAIN_LABELLED = rf"(\d[ ])([\u4e00-\u9fff]{{2,8}})(\d[\d,]*(?:{masks._REMARK})[ ]*)(?=\n|$)"
PLAIN_MARKED_LINE = rf"(?m)^[ ]*{masks.TOKEN_PATTERN}(?:[ ]+{masks.TOKEN_PATTERN})+[ ]*$"


@given(st.text("12 行政许可件条无-\n\x00", max_size=40))
@settings(max_examples=400)
def test_patterns_that_begin_with_one_character_find_what_plain_ones_find(text: str) -> None:
    plain = [(m.start(2), m.group(2), m.group(3)) for m in re.finditer(PLAIN_LABELLED, text)]
    assert [(m.start(2), m.group(2), m.group(3)) for m in masks._LABELLED.finditer(text)] == plain
    page = open_page(text)
    assert page.worded == re.sub(PLAIN_MARKED_LINE, lambda m: "\x00" * len(m.group()), page.text)


@given(st.text("12 .,件/年\n\t", max_size=40))
@settings(max_examples=400)
def test_digits_that_may_begin_a_statistics_table_are_found_without_the_others(text: str) -> None:
    digits = [m.span() for m in statistics_text._DIGITS.finditer(text)]
    found, at = [], 0
    while match := statistics_text._next_row(text, at):
        found.append(match.span())
        at = match.end()
    assert found == [span for span in digits if statistics_text._may_be_row(text, *span)]


@given(st.text("规12１② \u200b*", max_size=12), st.data())
def test_plain_digits_are_a_cell_as_the_normal_form_has_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    report, slow = ReportText(text), ReportText(text)
    slow.digits_stay = False
    assert report.piece(start, end, 0) == slow.piece(start, end, 0)


@given(st.text("规章aZ𠮷\ud800㐀 12\n\t（", max_size=30))
def test_letters_of_a_page_are_those_of_the_pattern(text: str) -> None:
    page = open_page(text)
    expected = [i for i, c in enumerate(page.worded) if re.match(r"[\u3400-\u4dbf\u4e00-\u9fffA-Za-z]", c)]
    assert page.places == expected
    assert page.stream == "".join(page.worded[i] for i in expected)
    for start in range(len(text)):
        for end in range(start, len(text) + 1):
            assert page.parted(start, end) == bool(page.between(start, end))


def test_cells_are_the_records_that_they_seem_to_be() -> None:
    form = proactive_form("2021")
    cells = make_cells(form, "fees", form.cells["fees"], [Value(1.5, "number", "1.5", None, "a", 3, 6)], "b")
    assert cells == [Cell("2021", "proactive", "fees", "amount", 1.5, "万元", "number", "1.5", "a; b", 3, 6)]
    assert type(cells[0]) is Cell and len(set(cells)) == 1
    with pytest.raises(FrozenInstanceError):
        cells[0].value = 2.0  # type: ignore[misc]


def test_what_a_head_says_is_told_once() -> None:
    asked: list[tuple[str, ...]] = []

    @of_head
    def words(head: tuple[str, ...]) -> int:
        asked.append(head)
        return len(head)

    first, again, other = (
        Row(tuple(Piece(t, i, i + len(t), i) for i, t in enumerate(texts)), 0, 9, "tab", 0)
        for texts in (("青垄县", "规章", "3", "", "4"), ("青垄县", "规章", "", "17"), ("汐口区", "5件", "6"))
    )
    assert [words(first), words(again), words(other)] == [2, 2, 2]
    assert asked == [("青垄县", "规章"), ("汐口区", "5件")]
    assert (first.filled, first.other, first.words) == ([0, 1, 2, 4], (0, 1), (0, 1))
    assert other.words == (0,) and is_number_like("5件")


INVISIBLE = "\u200b"


@given(st.text("规章 1\u30002\n", max_size=25), st.data())
def test_places_are_the_same_where_characters_carry_nothing(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    plain, dotted = ReportText(text), ReportText("".join(c + INVISIBLE for c in text) + INVISIBLE)
    piece, same = plain.piece(start, end, 0), dotted.piece(2 * start, 2 * end, 0)
    assert plain.shift == (0 if text else None)
    assert same.text == piece.text
    assert same.start == 2 * (piece.start or 0)
    assert not piece.text or same.end == 2 * (piece.end or 0) - 1
    led = ReportText(INVISIBLE + text + INVISIBLE)
    behind = led.piece(start + 1, end + 1, 0)
    assert (behind.text, behind.start, behind.end) == (piece.text, (piece.start or 0) + 1, (piece.end or 0) + 1)
    assert led.piece(0, end + 1, 0).text == plain.piece(0, end, 0).text


LINES = st.lists(
    st.sampled_from(["规章\n", "- 3 -\n", "\n", "5\r\n", "  \n", "第 3 页\n", "行政许可 7\r\n", "汐口区\u2028"]),
    max_size=8,
)


@given(LINES)
def test_free_text_leaves_out_page_marks_alone(lines: list[str]) -> None:
    text = "".join(lines)
    free = [part for part in split(Document(text=text)) if isinstance(part, Free)]
    if not text:
        assert not free
        return
    (part,) = free
    kept = [line.rstrip("\r\n\u2028") for line in lines if line not in ("- 3 -\n", "第 3 页\n")]
    assert part.view.text == "".join(line + "\n" for line in kept)
    assert len(part.view.origin) == len(part.view.text)
    assert list(part.view.origin) == sorted(part.view.origin)
    assert all(part.view.text[i] in (text[at], "\n") for i, at in enumerate(part.view.origin))


@given(st.text("a\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028 ", max_size=20), st.integers(0, 5))
def test_lines_end_where_a_text_breaks(text: str, start: int) -> None:
    lines = split_lines(text, min(start, len(text)), len(text))
    assert "".join(text[a:b] for a, b, _ in lines) == text[start:]
    assert all(content == text[a:b].rstrip("\r\n") for a, b, content in lines)
    inner = [text[a:b].removesuffix("\r\n") if text[a:b].endswith("\r\n") else text[a : b - 1] for a, b, _ in lines]
    assert not any(re.search(r"[\r\n\x0b\x0c\x85\u2028]", line) for line in inner)


def test_a_merged_cell_covers_its_other_places() -> None:
    text = "规章 3 4"
    cells = (GridCell(0, 0, "规章", 0, 2, row_span=2), GridCell(0, 1, "3", 3, 4), GridCell(1, 1, "4", 5, 6))
    rows = split(Document(text=text, grids=(Grid(cells, 0, 6, "html"),)))
    assert [[(p.text, p.covered) for p in row.cells] for row in rows if isinstance(row, Row)] == [
        [("规章", False), ("3", False)],
        [("", True), ("4", False)],
    ]
    assert [(row.start, row.end) for row in rows] == [(0, 4), (5, 6)]
