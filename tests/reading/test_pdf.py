"""PDF files as Word, WPS and printers to PDF make them: ruled tables, page marks, torn tables."""

import io

import pytest

from gia_nlp.reading import ReadingError, read_bytes
from gia_nlp.reading.pdf_grid import find_tables
from gia_nlp.reading.pdf_page import Rule

pytest.importorskip("reportlab")

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"
WIDTH, HEIGHT = 595, 842
SENTENCE = "2023年，青垄县水务局坚持以公开为常态，全年主动公开信息126条。"
ROWS = [["信息内容", "制发件数", "废止件数"], ["规章", "0", ""], ["行政规范性文件", "12", "3"]]
ROWS_TEXT = "信息内容\t制发件数\t废止件数\n规章\t0\t\n行政规范性文件\t12\t3"


@pytest.fixture
def pdf():
    """Draws pages by functions of a canvas and reads the file."""

    def make(*pages, **options):
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
        buffer = io.BytesIO()
        canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT), **options)
        for draw in pages:
            canvas.setFont(FONT, 12)
            draw(canvas)
            canvas.showPage()
        canvas.save()
        return buffer.getvalue()

    return make


@pytest.fixture
def read(pdf):
    return lambda *pages: read_bytes(pdf(*pages), "report.pdf")


def prose(canvas, *lines, top=780, left=72):
    for i, line in enumerate(lines):
        canvas.drawString(left, top - 22 * i, line)


def line(canvas, style, x1, y1, x2, y2):
    if style == "stroke":
        canvas.line(x1, y1, x2, y2)
    elif style == "fill":
        canvas.rect(x1 - 0.25, y1 - 0.25, x2 - x1 + 0.5, y2 - y1 + 0.5, stroke=0, fill=1)
    elif style == "dots":
        # Word ends each border with a dot where borders cross.
        for x, y in ((x1, y1), (x2, y2)):
            canvas.rect(x - 0.25, y - 0.25, 0.5, 0.5, stroke=0, fill=1)
        line(canvas, "fill", x1, y1, x2, y2)


def table(canvas, rows, *, top=700, left=72, widths=(120, 80, 80), height=24, style="stroke", skip=(), outer=True):
    """Rows of texts with borders around each cell. ``skip`` borders: ("right" or "below", row, column)."""
    xs = [left + sum(widths[:i]) for i in range(len(widths) + 1)]
    ys = [top - height * i for i in range(len(rows) + 1)]
    for r in range(len(rows)):
        for c in range(len(widths)):
            if ("below", r, c) not in skip:
                line(canvas, style, xs[c], ys[r + 1], xs[c + 1], ys[r + 1])
            if r == 0:
                line(canvas, style, xs[c], ys[0], xs[c + 1], ys[0])
            if ("right", r, c) not in skip and (outer or c + 1 < len(widths)):
                line(canvas, style, xs[c + 1], ys[r + 1], xs[c + 1], ys[r])
            if c == 0 and outer:
                line(canvas, style, xs[0], ys[r + 1], xs[0], ys[r])
            for k, text in enumerate(rows[r][c].split("\n")):
                canvas.drawString(xs[c] + 3, ys[r] - 12 - 11 * k, text)


@pytest.mark.parametrize("style", ["stroke", "fill", "dots"])
@pytest.mark.parametrize("outer", [True, False])
def test_a_ruled_table_between_paragraphs(read, style, outer):
    def draw(canvas):
        prose(canvas, "一、总体情况", SENTENCE)
        table(canvas, ROWS, style=style, outer=outer)
        prose(canvas, "二、其他", top=560)

    document = read(draw)
    assert document.text == f"一、总体情况\n{SENTENCE}\n\n{ROWS_TEXT}\n\n二、其他\n"
    assert document.grids[0].shape == (3, 3)
    assert all(document.text[c.start : c.end] == c.text for c in document.grids[0].cells)


def test_merged_cells(read):
    rows = [["结果", "申请人", ""], ["", "自然人", "总计"], ["予以公开", "3", "4"], ["", "", "5"]]
    skip = {("below", 0, 0), ("right", 0, 1), ("below", 2, 0), ("below", 2, 1)}
    (grid,) = read(lambda c: table(c, rows, skip=skip)).grids
    assert [(c.text, c.row, c.column, c.row_span, c.column_span) for c in grid.cells] == [
        ("结果", 0, 0, 2, 1), ("申请人", 0, 1, 1, 2), ("自然人", 1, 1, 1, 1), ("总计", 1, 2, 1, 1),
        ("予以公开", 2, 0, 2, 1), ("3", 2, 1, 2, 1), ("4", 2, 2, 1, 1), ("5", 3, 2, 1, 1),
    ]  # fmt: skip


def test_wrapped_and_stacked_text_of_a_cell_is_one_line(read):
    rows = [["商业\n企业", "科研\n机构"], ["1", "2"]]
    document = read(lambda c: table(c, rows, widths=(60, 60), height=30))
    assert document.text == "商业 企业\t科研 机构\n1\t2\n"


@pytest.mark.parametrize("how", ["page", "text", "form"])
def test_turned_pages_and_drawings_inside_forms(read, how):
    def draw(canvas):
        if how == "page":  # drawn sideways, shown upright
            canvas.setPageRotation(90)
        if how in ("page", "text"):
            canvas.translate(WIDTH, 0)
            canvas.rotate(90)
            table(canvas, ROWS, top=400)
        else:
            canvas.beginForm("f")
            canvas.setFont(FONT, 12)
            table(canvas, ROWS, top=300)
            canvas.endForm()
            canvas.translate(30, 250)
            canvas.doForm("f")

    assert read(draw).text == f"{ROWS_TEXT}\n"


def test_frames_and_backgrounds_are_no_tables(read):
    def draw(canvas):
        canvas.rect(60, 690, 460, 110)
        canvas.setFillGray(0.9)
        canvas.rect(65, 745, 450, 50, stroke=0, fill=1)
        canvas.setFillGray(0)
        prose(canvas, "一、总体情况", SENTENCE)
        canvas.line(72, 755, 200, 755)

    document = read(draw)
    assert document.grids == ()
    assert document.text == f"一、总体情况\n{SENTENCE}\n"


def test_a_row_that_frames_a_paragraph_is_text(read):
    other = "全年收到依申请公开6件，均在期限内答复，没有因此引起行政复议。"
    rows = [["一、总体情况", "", ""], [f"{SENTENCE}\n{other}", "", ""], *ROWS]
    skip = {("right", r, c) for r in (0, 1) for c in (0, 1)}
    document = read(lambda canvas: table(canvas, rows, widths=(200, 100, 100), height=50, skip=skip))
    assert document.text == f"一、总体情况\n{SENTENCE}\n{other}\n\n{ROWS_TEXT}\n"
    assert [g.shape for g in document.grids] == [(3, 3)]


@pytest.mark.parametrize("mark", ["— {} —", "- {} -", "第 {} 页 共 3 页", "{}/3", "{}"])
def test_page_marks_and_running_heads_are_left_out(read, mark):
    def draw(number):
        def page(canvas):
            canvas.drawCentredString(WIDTH / 2, 30, mark.format(number))
            canvas.drawString(72, 815, "青垄县水务局年报")
            prose(canvas, f"第{'一二三'[number - 1]}段。{SENTENCE}", "青垄县水务局年报", top=700)

        return page

    text = read(draw(1), draw(2), draw(3)).text
    assert text == "".join(f"第{n}段。{SENTENCE}\n青垄县水务局年报\n" for n in "一二三")


def test_numbers_that_are_no_page_marks_stay(read):
    def one(canvas):
        prose(canvas, "收到申请", "14", "件。")

    assert read(one).text == "收到申请\n14\n件。\n"


@pytest.mark.parametrize("repeat", [True, False])
@pytest.mark.parametrize("numbered", [True, False])
def test_a_table_torn_over_pages_is_joined(read, repeat, numbered):
    def mark(canvas, n):
        if numbered:
            canvas.drawCentredString(WIDTH / 2, 30, f"- {n} -")

    def first(canvas):
        prose(canvas, "二、主动公开")
        table(canvas, ROWS, top=140)
        mark(canvas, 1)

    def second(canvas):
        rest = [["行政许可", "88", ""], ["行政处罚", "5", "1"]]
        table(canvas, ROWS[:1] + rest if repeat else rest, top=800)
        prose(canvas, "三、其他", top=600)
        mark(canvas, 2)

    document = read(first, second)
    assert document.text == f"二、主动公开\n\n{ROWS_TEXT}\n行政许可\t88\t\n行政处罚\t5\t1\n\n三、其他\n"
    assert len(document.grids) == 1


def test_a_merged_label_goes_on_over_the_page(read):
    top = [["三、结果", "（一）", "1"], ["", "（二）", ""]]
    rest = [["", "（三）", ""], ["", "（四）", "4"]]
    skip = {("below", 0, 0)}
    (grid,) = read(lambda c: table(c, top, top=120, skip=skip), lambda c: table(c, rest, top=800, skip=skip)).grids
    assert [(c.text, c.row, c.row_span) for c in grid.cells if c.column == 0] == [("三、结果", 0, 4)]
    assert [c.text for c in grid.cells if c.column == 2] == ["1", "", "", "4"]


def test_different_tables_on_two_pages_stay_apart(read):
    def second(canvas):
        table(canvas, [["维持", "纠正"], ["0", "1"]], top=800, widths=(50, 70))

    assert len(read(lambda c: table(c, ROWS, top=140), second).grids) == 2


def test_bold_print_by_drawing_twice_counts_once(read):
    def draw(canvas):
        prose(canvas, "一、总体情况", SENTENCE)
        canvas.drawString(72.3, 780, "一、总体情况")

    assert read(draw).text == f"一、总体情况\n{SENTENCE}\n"


def test_wide_gaps_between_words_are_tabs_and_small_ones_blanks(read):
    def draw(canvas):
        prose(canvas, "自然人")
        prose(canvas, "总计", left=200)
        prose(canvas, "青垄县水务局关于公开的说明", top=740)

    assert read(draw).text == "自然人\t总计\n青垄县水务局关于公开的说明\n"


def test_encrypted_files_are_refused(pdf):
    data = pdf(lambda c: prose(c, SENTENCE), encrypt=StandardEncryption("secret"))
    with pytest.raises(ReadingError, match="encrypted") as caught:
        read_bytes(data, "a.pdf")
    assert "password" in caught.value.hint


@pytest.mark.parametrize("data", [b"%PDF-1.4\n%%EOF", b"%PDF-1.7\n" + bytes(range(256)) * 20])
def test_damaged_files_are_refused(data):
    with pytest.raises(ReadingError) as caught:
        read_bytes(data, "a.txt")
    assert caught.value.hint


def test_a_damaged_page_costs_itself_only(pdf):
    data = pdf(lambda c: prose(c, SENTENCE), lambda c: prose(c, "二、其他"))
    at = data.rindex(b"/Type /Page\n") if b"/Type /Page\n" in data else data.rindex(b"/Type /Page ")
    document = read_bytes(data[:at] + b"/Type /Pagx" + data[at + 11 :], "a.pdf")
    assert document.text == f"{SENTENCE}\n"
    assert [w.error for w in document.warnings] == ["DamagedPage"]


def test_a_cut_file_is_read_as_far_as_it_goes_or_refused(pdf):
    data = pdf(lambda c: prose(c, SENTENCE))
    for end in range(200, len(data), 400):
        try:
            assert read_bytes(data[:end], "a.pdf").text
        except ReadingError as error:
            assert error.hint


def test_lines_that_nearly_meet_make_one_table():
    across = [Rule(True, y + wobble, 1.5, 99) for y, wobble in ((0, 0.4), (20, -0.6), (40, 0))]
    down = [Rule(False, x, 1, 38.5) for x in (0, 50, 100)]
    (found,) = find_tables(across + down)
    assert len(found.regions) == 4


def test_a_drawing_of_many_lines_is_no_table():
    hatch = [Rule(True, y * 3.0, 0, 500) for y in range(700)] + [Rule(False, x * 3.0, 0, 2100) for x in range(700)]
    assert find_tables(hatch) == []


def test_open_sides_are_closed_and_a_single_stroke_opens_none():
    across = [Rule(True, y, 0, 150) for y in (0, 20, 40)]
    walls = [Rule(False, x, 0, 40) for x in (0, 50, 100, 150)]
    assert len(find_tables(across + walls)[0].ys) == 3
    assert len(find_tables([*across, *walls[:2], Rule(False, 100, 0, 58), walls[3]])[0].ys) == 3
    assert len(find_tables(across + [Rule(False, x, 0, 60) for x in (0, 50, 100, 150)])[0].ys) == 4
    assert len(find_tables([*across, Rule(False, 50, 0, 60)])[0].xs) == 3


def test_threads_may_read_at_the_same_time() -> None:
    """pdfium itself may not be called by two of them."""
    from concurrent.futures import ThreadPoolExecutor

    from gia_nlp.synthesis import make_report

    reports = [make_report(5, n, "pdf", "2021") for n in range(4)]
    expected = [read_bytes(r.data, r.file) for r in reports]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda r: read_bytes(r.data, r.file), reports * 5))
    assert found == expected * 5
