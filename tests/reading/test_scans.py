"""Scans and images: what is recognised, what is said when recognition is missing, and the recognition itself."""

import io

import numpy as np
import pytest

from gia_nlp.reading import ReadingError, image, ocr, pdf_scan, read_bytes
from gia_nlp.reading.ocr import Recognised
from gia_nlp.reading.pdf_lines import Line, page_marks
from gia_nlp.reading.pdf_page import Char, PageContent, Rule
from gia_nlp.reading.pdf_scan import picture_kind
from gia_nlp.reading.pdf_table import FilledTable, join
from gia_nlp.reading.table import PlacedCell

WIDTH, HEIGHT = 595, 842
SENTENCE = "2023年，青垄县水务局坚持以公开为常态，全年主动公开信息126条。"
PRINT = tuple(
    Char("字", 80 + 12 * (i % 20), 700 - 20 * (i // 20), 92 + 12 * (i % 20), 712 - 20 * (i // 20)) for i in range(60)
)


def page(*pictures, chars=()):
    return PageContent(tuple(chars), (), 0, HEIGHT, 0, WIDTH, pictures)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (page((0, 0, WIDTH, HEIGHT)), "page"),
        (page((0, 0, WIDTH, HEIGHT), chars=PRINT[:5]), "page"),  # a number stamped on the scan
        (page(*[(0, y, WIDTH, y + 85) for y in range(0, 840, 85)]), "page"),  # a scan in strips
        (page((0, 0, WIDTH, HEIGHT), chars=PRINT), ""),  # a background
        (page((50, 100, 550, 400), chars=PRINT), "part"),  # a table pasted as a picture
        (page((400, 100, 500, 200), chars=PRINT), ""),  # a seal
        (page(chars=PRINT), ""),
        (page(), ""),
    ],
)
def test_which_pictures_hold_text(content, kind):
    assert picture_kind(content, mapped=True) == kind
    assert picture_kind(content, mapped=False) == "page"


def test_a_head_that_recognition_reads_in_two_ways_is_one_head():
    heads = ["青垄县水务局年度报告", "青垄县水务局年度報告", "青垒县水务局年度报告"]
    pages = [
        [Line(h, 815 - 7 * i, 800 - 7 * i, recognised=True), Line("正文" * 9, 600, 585, recognised=True)]
        for i, h in enumerate(heads)
    ]
    assert page_marks(pages, [(0, 842)] * 3) == [{0}] * 3


def test_parts_of_a_scanned_table_join_however_the_sheets_lay():
    head = (PlacedCell("规章", 0, 0), PlacedCell("3", 0, 1))
    above = FilledTable((70.0, 200.0, 500.0), 300, head, recognised=True)
    below = FilledTable(
        (91.0, 223.0, 530.0), 800, (PlacedCell("行政许可", 0, 0), PlacedCell("5", 0, 1)), recognised=True
    )
    joined = join(above, below)
    assert joined is not None and joined.recognised and [c.row for c in joined.cells] == [0, 0, 1, 1]
    other = FilledTable((91.0, 400.0, 530.0), 800, below.cells, recognised=True)
    assert join(above, other) is None


# --------------------------------------------------------------------------- without and with a stand-in for the engine


@pytest.fixture
def scan_pdf():
    """A PDF whose pages are text (a string) or a picture (None)."""
    pytest.importorskip("reportlab")
    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    def make(*pages, picture=(0, 0, WIDTH, HEIGHT)):
        pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
        buffer = io.BytesIO()
        canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT))
        for text in pages:
            canvas.setFont("STSong-Light", 12)
            if text is None or "图" in text:
                canvas.drawImage(ImageReader(Image.new("L", (60, 80), 200)), *picture)
            if text:
                canvas.drawString(72, 780 if len(text) < 9 else 640, text)
            canvas.showPage()
        canvas.save()
        return buffer.getvalue()

    return make


@pytest.fixture
def without_engine(monkeypatch):
    monkeypatch.setattr(ocr, "available", lambda: False)


def test_scans_name_the_extra(scan_pdf, without_engine):
    for pages in ((None,), (None, None), ("- 1 -图", "- 2 -图")):
        with pytest.raises(ReadingError, match="no text layer") as caught:
            read_bytes(scan_pdf(*pages), "a.pdf")
        assert "rapidocr" in caught.value.hint and "ocr" in caught.value.hint


def test_images_name_the_extra(without_engine):
    from PIL import Image

    for kind in ("PNG", "JPEG", "TIFF", "BMP", "GIF"):
        buffer = io.BytesIO()
        Image.new("L", (60, 80), 200).save(buffer, kind)
        with pytest.raises(ReadingError, match=kind) as caught:
            read_bytes(buffer.getvalue(), "a.txt")
        assert "rapidocr" in caught.value.hint


def test_without_the_extra_mixed_files_name_the_pages(scan_pdf, without_engine):
    document = read_bytes(scan_pdf(SENTENCE, None, SENTENCE, None), "a.pdf")
    assert document.text.count(SENTENCE) == 2
    (warning,) = document.warnings
    assert (warning.error, warning.message.endswith(": 2, 4.")) == ("PageWithoutText", True)
    part = read_bytes(scan_pdf(SENTENCE + "图", picture=(50, 50, 500, 450)), "a.pdf")
    assert [(w.error, w.message.endswith(": 1.")) for w in part.warnings] == [("PictureOnPage", True)]


@pytest.fixture
def engine(monkeypatch):
    """A stand-in that reads the same line and table on every page."""

    def recognise(picture, points_per_pixel=None):
        chars = [
            Char(c, left + 12 * i, y, left + 12 * i + 12, y + 12, True)
            for text, left, y in (
                ("一、其他", 80, 300),
                ("规章", 80, 250),
                ("3", 220, 250),
                ("许可", 80, 220),
                ("5", 220, 220),
            )
            for i, c in enumerate(text)
        ]
        rules = [Rule(True, y, 70, 300) for y in (210, 240, 270)] + [Rule(False, x, 210, 270) for x in (70, 200, 300)]
        return Recognised(PageContent(tuple(chars), tuple(rules), 0, HEIGHT), 1)

    monkeypatch.setattr(ocr, "available", lambda: True)
    monkeypatch.setattr(ocr, "recognise", recognise)
    monkeypatch.setattr(pdf_scan, "recognise", recognise)


SEEN = "一、其他\n\n规章\t3\n许可\t5\n"


def test_scanned_pages_between_others(scan_pdf, engine):
    document = read_bytes(scan_pdf(SENTENCE, None, SENTENCE), "a.pdf")
    assert document.text == f"{SENTENCE}\n{SEEN}\n{SENTENCE}\n"
    assert [document.text[a:b] for a, b in document.recognised] == [SEEN]
    assert [g.source for g in document.grids] == ["ocr"]
    assert [(w.error, "2" in w.message) for w in document.warnings] == [
        ("TextRecognition", True),
        ("UnreadMarks", True),
    ]


def test_pages_beyond_the_limit_are_named(scan_pdf, engine, monkeypatch):
    monkeypatch.setattr(pdf_scan, "MOST_PAGES", 2)
    document = read_bytes(scan_pdf(SENTENCE, None, None, None, None), "a.pdf")
    (left,) = [w for w in document.warnings if w.error == "PageWithoutText"]
    assert left.message.endswith(": 4, 5.") and "parts" in left.hint


def test_a_picture_on_a_page_of_text(scan_pdf, engine):
    document = read_bytes(scan_pdf(SENTENCE + "图", picture=(50, 50, 500, 450)), "a.pdf")
    assert document.text == f"{SENTENCE}图\n{SEEN}"
    elsewhere = read_bytes(scan_pdf(SENTENCE + "图", picture=(320, 100, 250, 400)), "a.pdf")
    assert elsewhere.text == f"{SENTENCE}图\n"


def test_images_of_several_pages(engine):
    from PIL import Image

    frames = [Image.new("L", (600, 800), 255)] * 2
    buffer = io.BytesIO()
    frames[0].save(buffer, "TIFF", save_all=True, append_images=frames[1:])
    document = read_bytes(buffer.getvalue(), "某局.tif")
    assert document.text == f"{SEEN}\n{SEEN}"
    assert (document.format, document.recognised) == ("image", ((0, len(document.text)),))


@pytest.mark.parametrize("size", [(1, 1), (3000, 3), (3, 3000)])
def test_images_of_no_use(engine, size):
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("1", size).save(buffer, "PNG")
    assert read_bytes(buffer.getvalue(), "a.png").text


def test_images_too_large_or_damaged(engine, monkeypatch):
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("L", (300, 200)).save(buffer, "PNG")
    with pytest.raises(ReadingError, match="damaged"):
        read_bytes(buffer.getvalue()[:60], "a.png")
    monkeypatch.setenv("GIA_NLP_LIMITS", "pixels=1000")
    with pytest.raises(ReadingError, match="300 x 200"):
        read_bytes(buffer.getvalue(), "a.png")


def test_long_screenshots_are_cut_where_they_are_empty():
    picture = np.full((3000, 600, 3), 255, np.uint8)
    for top in range(0, 3000, 40):
        picture[top : top + 25, 50:500] = 0
    pieces = list(image._cut(picture))
    assert len(pieces) > 3 and sum(p.shape[0] for p in pieces) == 3000
    assert all(p[-1].min() == 255 for p in pieces[:-1])


# --------------------------------------------------------------------------- the engine itself


def _font(size, chinese):
    from PIL import ImageFont

    if not chinese:
        return ImageFont.load_default(size)
    for name in ("NotoSansCJK-Regular.ttc", "NotoSerifCJK-Regular.ttc", "wqy-zenhei.ttc", "simsun.ttc"):
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return pytest.skip("no font with Chinese characters")


ROWS = [
    ["Item", "Made", "Ended", "Total"],
    ["Rules", "0", "", "7"],
    ["Permits", "1208", "3", "15"],
    ["Fees", "64.5", "0", "0"],
]


def _sheet(*, chinese=False, shade=False):
    """A printed page: a line of text, a ruled table, a seal over it."""
    from PIL import Image, ImageChops, ImageDraw

    sheet = Image.new("RGB", (1240, 1000), "white")
    draw = ImageDraw.Draw(sheet)
    font = _font(28, chinese)
    text = "一、青垄县水务局主动公开信息126条。" if chinese else "Report of the year 2023: 126 pages."
    draw.text((120, 80), text, "black", font)
    xs, ys = [120, 420, 640, 860, 1080], [200, 256, 312, 368, 424]
    if shade:
        draw.rectangle((120, 140, 1080, 190), "#dddddd")
    for y in ys:
        draw.line((xs[0], y, xs[-1], y), "black", 2)
    for x in xs:
        draw.line((x, ys[0], x, ys[-1]), "black", 2)
    for r, row in enumerate(ROWS):
        for c, cell in enumerate(row):
            draw.text((xs[c] + 60, ys[r] + 10), cell, "black", font)
    seal = Image.new("RGB", sheet.size, "white")
    ImageDraw.Draw(seal).ellipse((700, 300, 900, 500), outline="#ee2222", width=6)
    return ImageChops.multiply(sheet, seal)  # print shows through a seal


@pytest.fixture
def recognised():
    pytest.importorskip("rapidocr", reason="the extra ocr is not installed")
    pytest.importorskip("onnxruntime", reason="the extra ocr is not installed")

    def read(sheet):
        buffer = io.BytesIO()
        sheet.save(buffer, "PNG")
        return read_bytes(buffer.getvalue(), "scan.png")

    return read


@pytest.mark.slow
@pytest.mark.parametrize("how", ["plain", "shaded", "slanted", "turned", "upside down", "noisy"])
def test_a_scanned_table_keeps_its_cells(recognised, how):
    sheet = _sheet(shade=how == "shaded")
    if how == "slanted":
        sheet = sheet.rotate(0.8, fillcolor="white", resample=2)
    elif how in ("turned", "upside down"):
        sheet = sheet.rotate(90 if how == "turned" else 180, expand=True)
    elif how == "noisy":
        from PIL import Image

        noise = np.random.default_rng(1).normal(0, 12, (sheet.height, sheet.width, 3))
        sheet = Image.fromarray(np.clip(np.asarray(sheet) * 0.85 + 20 + noise, 0, 255).astype(np.uint8))
    document = recognised(sheet)
    (grid,) = document.grids
    assert [[c.text if c else "" for c in row] for row in grid.rows()] == ROWS
    assert grid.source == "ocr"
    assert document.text.startswith("Report")
    assert [document.text[c.start : c.end] for c in grid.cells] == [c.text for c in grid.cells]


@pytest.mark.slow
def test_chinese_print_and_its_numbers(recognised):
    assert recognised(_sheet(chinese=True)).text.startswith("一、青垄县水务局主动公开信息126条。")


@pytest.mark.slow
def test_a_picture_without_letters(recognised):
    from PIL import Image

    with pytest.raises(ReadingError, match="no text"):
        recognised(Image.new("RGB", (800, 600), "white"))
