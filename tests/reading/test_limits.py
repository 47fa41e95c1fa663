"""Limits and guards of the readers, where hostile files meet them."""

from __future__ import annotations

import re
import shutil
import time

import pytest

from gia_nlp.reading import ReadingError, read_bytes
from gia_nlp.reading.limits import Limits, LimitsError, limited, limits, parse_limits
from gia_nlp.reading.table import SpanCell, arrange

TEXT = "青垄县水务局2023年政府信息公开工作年度报告\n一、总体情况\n主动公开信息126条，收到申请3件。\n"


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("", {}),
        ("file=1GB", {"file": 1 << 30}),
        (" file = 1.5 MB ,pages=7;cells=10 ", {"file": 3 << 19, "pages": 7, "cells": 10}),
        ("ratio=10 nesting=0", {"ratio": 10, "nesting": 0}),
    ],
)
def test_settings(setting, expected):
    parsed = parse_limits(setting)
    assert {name: getattr(parsed, name) for name in expected} == expected
    assert parse_limits("") == Limits()


@pytest.mark.parametrize("setting", ["file", "file=", "file=-1", "fil=3", "file=1XB", "file=1GB pages", "=3"])
def test_settings_that_say_nothing(setting):
    with pytest.raises(LimitsError, match="GIA_NLP_LIMITS"):
        parse_limits(setting)


def test_limits_hold_inside_a_block_only(monkeypatch):
    monkeypatch.setenv("GIA_NLP_LIMITS", "text=30")
    with pytest.raises(ReadingError, match="up to 30 are read"):
        read_bytes(TEXT.encode(), "a.txt")
    with limited(text=1000):
        assert read_bytes(TEXT.encode(), "a.txt").text == TEXT
    assert limits().text == 30


def test_spans_cost_no_more_than_the_limit():
    rows = [[[SpanCell("1", 65534, 1000), SpanCell("2", 65534, 1000), SpanCell("3")]] * 30_000]
    began = time.process_time()
    cells, believed = arrange(rows)
    assert time.process_time() - began < 8
    assert not believed and len(cells) == 90_000
    assert {c.column for c in cells} == {0, 1, 2} and cells[-1].row == 29_999


def test_a_table_in_a_page_whose_spans_are_not_believed_is_noted():
    page = f"<table>{'<tr><td rowspan=65534 colspan=1000>规章<td>2' * 500}</table>"
    document = read_bytes(page.encode(), "a.html")
    assert [w.error for w in document.warnings] == ["SpansNotBelieved"]
    assert document.grids[0].shape == (500, 2) and len(document.text) < 10_000


def test_pages_behind_the_limit_are_noted():
    canvas = pytest.importorskip("reportlab.pdfgen.canvas")
    import io

    buffer = io.BytesIO()
    drawing = canvas.Canvas(buffer)
    for n in range(5):
        drawing.drawString(100, 400 - 20 * n, f"page {n} of the annual report")
        drawing.showPage()
    drawing.save()
    with limited(pages=3):
        document = read_bytes(buffer.getvalue(), "a.pdf")
    assert "page2" in document.text and "page3" not in document.text
    assert [w.message for w in document.warnings] == ["2 pages behind the first 3 were not read."]
    assert read_bytes(buffer.getvalue(), "a.pdf").text.count("page") == 5


@pytest.mark.parametrize("key", [b"Title", b"Author", b"Producer"])
def test_a_property_that_is_no_unicode_costs_the_text_nothing(key):
    """Found by fuzzing."""
    canvas = pytest.importorskip("reportlab.pdfgen.canvas")
    import io

    buffer = io.BytesIO()
    drawing = canvas.Canvas(buffer)
    drawing.drawString(100, 400, "annual report")
    drawing.save()
    data, found = re.subn(rb"/%s \([^)]*\)" % key, rb"/%s <FEFFD8000041>" % key, buffer.getvalue())
    assert found == 1
    assert "annual" in read_bytes(data, "a.pdf").text


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\x00\x00"])
def test_a_wrong_mark_before_utf8(mark):
    document = read_bytes(mark.rstrip(b"\x00") + TEXT.encode(), "a.txt")
    assert document.text == TEXT and document.encoding == "utf-8"
    assert [w.error for w in document.warnings] == ["WrongMark"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("text", [TEXT, "主动公开", "总总总", TEXT.replace("\n", "").replace("126", "")])
def test_a_right_mark_is_trusted(encoding, text):
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    assert read_bytes((mark + text).encode(encoding), "a.txt").text == text


@pytest.mark.slow
def test_damaged_word_binaries_are_no_text():
    if not (shutil.which("soffice") or shutil.which("libreoffice")):
        pytest.skip("LibreOffice is not installed")
    magic, body = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "WordDocument".encode("utf-16-le") + TEXT.encode() * 50
    for data in (magic + body, magic + bytes(16) + b"\x3e\0\3\0\xfe\xff\t\0" + bytes(480) + body):
        with pytest.raises(ReadingError, match=r"damaged|could not read"):
            read_bytes(data, "a.doc")
