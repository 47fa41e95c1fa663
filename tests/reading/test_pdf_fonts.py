"""Text in fonts that a PDF names and does not hold: the same on every machine, whatever fonts it has."""

import io

import pypdfium2 as pdfium
import pytest

from gia_nlp.reading import read_bytes
from gia_nlp.reading.pdf_fonts import _fonts, plain_fonts
from gia_nlp.reading.pdf_page import read_page

pytest.importorskip("reportlab")

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas


@pytest.fixture
def drawn():
    """A page with a line of prose and a ruled table, none of whose letters are in the file."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842), invariant=1)
    canvas.setFont("STSong-Light", 12)
    canvas.drawString(72, 780, "一、青垄县2023年政府信息公开，Total 12件")
    for row, cells in enumerate([("项目", "单位", "无"), ("规章", "条", "7"), ("受理", "件", "—")]):
        for column, text in enumerate(cells):
            canvas.rect(72 + 90 * column, 700 - 20 * row, 90, 20)
            canvas.drawString(80 + 90 * column, 705 - 20 * row, text)
    canvas.save()
    return buffer.getvalue()


@pytest.fixture
def asked(monkeypatch):
    """What the machine is asked for fonts."""
    calls = []
    original = _fonts()._machine
    monkeypatch.setattr(_fonts(), "_machine", lambda name, *args: (calls.append(name), original(name, *args))[1])
    return calls


def test_cells_of_one_character_are_read_without_any_font_of_the_machine(drawn, asked):
    document = read_bytes(drawn, "report.pdf")
    assert [c.text for c in document.grids[0].cells] == ["项目", "单位", "无", "规章", "条", "7", "受理", "件", "—"]
    assert not {"MapFont", "GetFont", "GetFontData"} & set(asked)


def test_letters_of_one_size_have_one_height(drawn):
    with plain_fonts():
        pdf = pdfium.PdfDocument(drawn)
        page = read_page(pdf[0])
    assert len(set((page.chars.top - page.chars.bottom).round(3).tolist())) == 1
    pdf.close()


def test_what_is_rendered_uses_the_fonts_of_the_machine(drawn, asked):
    read_bytes(drawn, "report.pdf")
    assert _fonts().plain == 0
    pdf = pdfium.PdfDocument(drawn)
    pdf[0].render(scale=0.2)
    pdf.close()
    assert "MapFont" in asked


def test_fonts_of_the_machine_return_after_an_error():
    with pytest.raises(ValueError, match="stop"), plain_fonts():
        raise ValueError("stop")
    assert _fonts().plain == 0
