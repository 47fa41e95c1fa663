"""Word files, built as the XML that Word and WPS write."""

import io
import zipfile

import pytest

from gia_nlp.reading import ReadingError, read_bytes
from gia_nlp.reading.docx_numbering import chinese_number, format_number

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
NAMESPACES = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wps="urn:wps" xmlns:v="urn:v" xmlns:r="urn:r"'


def docx(body, *, ns=W, **parts):
    """A Word file with a body; further parts by name, as ``numbering="<w:num …"``."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "word/document.xml", f'<w:document xmlns:w="{ns}" {NAMESPACES}><w:body>{body}</w:body></w:document>'
        )
        for name, content in parts.items():
            archive.writestr(f"word/{name}.xml", f'<w:{name} xmlns:w="{ns}" {NAMESPACES}>{content}</w:{name}>')
    return buffer.getvalue()


def p(text, properties=""):
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def tc(text, properties=""):
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"


def tbl(*rows):
    return "<w:tbl>" + "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in rows) + "</w:tbl>"


def read(body, **parts):
    return read_bytes(docx(body, **parts), "report.docx")


def span(n):
    return f'<w:gridSpan w:val="{n}"/>'


START, ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def grid(table):
    (found,) = read(p("前") + table + p("后")).grids
    return [(c.text, c.row, c.column, c.row_span, c.column_span) for c in found.cells]


def test_paragraphs_and_tables_in_order():
    document = read(p("一、总体情况") + tbl([tc("规章"), tc("2")], [tc("文件"), tc("")]) + p("二、其他"))
    assert document.text == "一、总体情况\n\n规章\t2\n文件\t\n\n二、其他\n"
    assert all(document.text[c.start : c.end] == c.text for c in document.grids[0].cells)
    assert (document.format, document.published_on) == ("docx", None)


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (tbl([tc("头", span(2)), tc("尾")], [tc("a"), tc("b"), tc("c")]),
         [("头", 0, 0, 1, 2), ("尾", 0, 2, 1, 1), ("a", 1, 0, 1, 1), ("b", 1, 1, 1, 1), ("c", 1, 2, 1, 1)]),
        (tbl([tc("组", START), tc("a")], [tc("", ON), tc("b")], [tc("", ON), tc("c")]),
         [("组", 0, 0, 3, 1), ("a", 0, 1, 1, 1), ("b", 1, 1, 1, 1), ("c", 2, 1, 1, 1)]),
        (tbl([tc("组", START), tc("a")], [tc("又", START), tc("b")], [tc("", ON), tc("c")]),
         [("组", 0, 0, 1, 1), ("a", 0, 1, 1, 1), ("又", 1, 0, 2, 1), ("b", 1, 1, 1, 1), ("c", 2, 1, 1, 1)]),
        (tbl([tc("块", span(2) + START), tc("a")], [tc("", span(2) + ON), tc("b")], [tc("x"), tc("y"), tc("z")]),
         [("块", 0, 0, 2, 2), ("a", 0, 2, 1, 1), ("b", 1, 2, 1, 1), ("x", 2, 0, 1, 1), ("y", 2, 1, 1, 1), ("z", 2, 2, 1, 1)]),
        (tbl([tc("块", '<w:hMerge w:val="restart"/>'), tc("", "<w:hMerge/>"), tc("a")], [tc("x"), tc("y"), tc("z")]),
         [("块", 0, 0, 1, 2), ("a", 0, 2, 1, 1), ("x", 1, 0, 1, 1), ("y", 1, 1, 1, 1), ("z", 1, 2, 1, 1)]),
        # A merge that continues nothing stands for itself.
        (tbl([tc("孤", ON), tc("a")], [tc("x"), tc("y")]),
         [("孤", 0, 0, 1, 1), ("a", 0, 1, 1, 1), ("x", 1, 0, 1, 1), ("y", 1, 1, 1, 1)]),
        (tbl([tc("a"), tc("b")], ['<w:trPr><w:gridBefore w:val="1"/></w:trPr>', tc("c")]),
         [("a", 0, 0, 1, 1), ("b", 0, 1, 1, 1), ("c", 1, 1, 1, 1)]),
        (tbl([tc("宽", span(7)), tc("1")], [tc("宽", span(7)), tc("2")]),
         [("宽", 0, 0, 1, 1), ("1", 0, 1, 1, 1), ("宽", 1, 0, 1, 1), ("2", 1, 1, 1, 1)]),
        ("<w:tbl><w:sdt><w:sdtContent><w:tr><w:sdt><w:sdtContent>" + tc("a") + "</w:sdtContent></w:sdt>" + tc("b")
         + "</w:tr></w:sdtContent></w:sdt></w:tbl>", [("a", 0, 0, 1, 1), ("b", 0, 1, 1, 1)]),
        (tbl([tc("留"), tc("1")], ["<w:trPr><w:del/></w:trPr>", tc("删"), tc("2")]),
         [("留", 0, 0, 1, 1), ("1", 0, 1, 1, 1)]),
    ],
)  # fmt: skip
def test_tables(table, expected):
    assert grid(table) == expected


def test_a_table_inside_a_frame_is_its_own():
    inner = tbl([tc("规章"), tc("1")], [tc("文件"), tc("2")])
    document = read(f"<w:tbl><w:tr><w:tc>{p('一、总体情况')}{inner}{p('二、其他')}</w:tc></w:tr></w:tbl>")
    assert document.text == "一、总体情况\n\n规章\t1\n文件\t2\n\n二、其他\n"


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        ("<w:r><w:t>收到</w:t></w:r><w:ins><w:r><w:t>14</w:t></w:r></w:ins><w:del><w:r><w:delText>12</w:delText></w:r></w:del>"
         "<w:r><w:t>件</w:t></w:r>", "收到14件"),
        ('<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> SUM(A1) </w:instrText></w:r>'
         '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>14</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>', "14"),
        ('<w:fldSimple w:instr="REF x"><w:r><w:t>共5件</w:t></w:r></w:fldSimple>', "共5件"),
        ('<w:bookmarkStart w:name="_GoBack"/><w:r><w:t>四、</w:t></w:r><w:hyperlink><w:r><w:t>网站</w:t></w:r></w:hyperlink>', "四、网站"),
        ("<w:r><w:t>左</w:t><w:tab/><w:t>右</w:t><w:br/><w:t>下</w:t></w:r>", "左\t右\n下"),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>暗</w:t></w:r><w:r><w:t>明</w:t></w:r>", "明"),
        ('<w:r><w:t>是</w:t><w:sym w:font="Wingdings 2" w:char="F052"/><w:noBreakHyphen/></w:r>', "是☑-"),
        ("<w:smartTag><w:r><w:t>2024</w:t></w:r></w:smartTag><w:r><w:t xml:space='preserve'> 年 </w:t></w:r>", "2024 年"),
        ("<w:r><w:ruby><w:rt><w:r><w:t>pin</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>拼</w:t></w:r></w:rubyBase></w:ruby></w:r>", "拼"),
        ("<w:sdt><w:sdtContent><w:r><w:t>控件</w:t></w:r></w:sdtContent></w:sdt>", "控件"),
        ("<w:moveFrom><w:r><w:t>旧</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>新</w:t></w:r></w:moveTo>", "新"),
    ],
)  # fmt: skip
def test_runs(runs, text):
    assert read(f"<w:p>{runs}</w:p>").text == f"{text}\n"


def test_a_text_box_counts_once():
    box = f"<w:txbxContent>{p('青垄县水务局')}</w:txbxContent>"
    both = (
        f"<mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
    )
    assert read(f"<w:p><w:r><w:t>一</w:t></w:r><w:r>{both}</w:r></w:p>").text == "一\n青垄县水务局\n"


def test_a_deleted_paragraph_end_joins_two_lines():
    first = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>收到申请</w:t></w:r></w:p>"
    assert read(first + p("14件。")).text == "收到申请14件。\n"


def test_contents_and_hidden_parts_are_left_out():
    toc = f"<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj></w:sdtPr><w:sdtContent>{p('一、总体情况 1')}</w:sdtContent></w:sdt>"
    styled = p("二、其他 2", '<w:pStyle w:val="12"/>')
    styles = '<w:style w:styleId="12"><w:name w:val="toc 1"/></w:style>'
    assert read(toc + styled + p("正文"), styles=styles).text == "正文\n"


def test_footnotes_come_last():
    notes = f'<w:footnote w:type="separator">{p("x")}</w:footnote><w:footnote w:id="2">{p("含上年结转。")}</w:footnote>'
    assert read(p("正文"), footnotes=notes).text == "正文\n含上年结转。\n"


def level(i, style, text, **more):
    extra = "".join(f'<w:{k} w:val="{v}"/>' for k, v in more.items())
    return (
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{style}"/>{extra}<w:lvlText w:val="{text}"/></w:lvl>'
    )


LISTS = (
    '<w:abstractNum w:abstractNumId="0">' + level(0, "chineseCounting", "%1、") + level(1, "japaneseCounting", "（%2）")
    + level(2, "decimal", "%3.") + '</w:abstractNum><w:abstractNum w:abstractNumId="1">' + level(0, "bullet", "\uf06c")
    + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
)  # fmt: skip


def numbered(text, number, i):
    return p(text, f'<w:numPr><w:ilvl w:val="{i}"/><w:numId w:val="{number}"/></w:numPr>')


def test_generated_numbers_stand_before_their_paragraphs():
    body = (
        numbered("总体情况", 1, 0) + numbered("主动公开", 1, 1) + numbered("解读", 1, 2) + numbered("回应", 1, 2)
        + numbered("平台", 1, 1) + numbered("其中", 1, 2) + numbered("依申请", 1, 0) + numbered("受理", 1, 1)
        + numbered("点", 2, 0) + numbered("问题", 3, 0) + numbered("无号", 0, 0)
    )  # fmt: skip
    assert read(body, numbering=LISTS).text.splitlines() == [
        "一、总体情况", "（一）主动公开", "1. 解读", "2. 回应", "（二）平台", "1. 其中", "二、依申请", "（一）受理", "点", "五、问题", "无号",
    ]  # fmt: skip


def test_numbers_of_styles():
    styles = (
        '<w:style w:styleId="a"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="b"><w:basedOn w:val="a"/><w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    body = p("甲", '<w:pStyle w:val="a"/>') + p("乙", '<w:pStyle w:val="b"/>') + p("丙", '<w:pStyle w:val="a"/>')
    assert read(body, numbering=LISTS, styles=styles).text.splitlines() == ["一、甲", "（一）乙", "二、丙"]


@pytest.mark.parametrize(
    ("style", "number", "text"),
    [("chineseCounting", 21, "二十一"), ("chineseCountingThousand", 110, "一百一十"), ("ideographDigital", 10, "一〇"),
     ("ideographTraditional", 10, "癸"), ("ideographZodiac", 3, "寅"), ("chineseLegalSimplified", 3, "叁"), ("lowerRoman", 14, "xiv"),
     ("upperLetter", 27, "AA"), ("decimalEnclosedCircle", 20, "⑳"), ("decimalEnclosedCircle", 21, "21"), ("decimalFullWidth", 12, "１２"),
     ("decimalZero", 7, "07"), ("hex", 9, "9"), ("none", 3, "")],
)  # fmt: skip
def test_number_formats(style, number, text):
    assert format_number(number, style) == text


def test_chinese_numbers_are_all_different():
    assert len({chinese_number(n) for n in range(1, 10000)}) == 9999


def test_strict_files_and_files_without_ending_are_read():
    assert read_bytes(docx(p("一、总体情况"), ns=STRICT), "报告").text == "一、总体情况\n"


@pytest.mark.parametrize(
    "data",
    [
        docx("")[:200],
        docx(p("总"))[:-30],
        docx(""),
        docx("<w:p><w:r><w:drawing/></w:r></w:p>"),
        b"PK\x03\x04" + bytes(99),
    ],
)
def test_damaged_and_blank_files(data):
    with pytest.raises(ReadingError) as caught:
        read_bytes(data, "a.docx")
    assert caught.value.hint


def test_a_file_by_python_docx():
    library = pytest.importorskip("docx")
    document = library.Document()
    document.add_paragraph("一、总体情况")
    table = document.add_table(3, 3)
    table.cell(0, 0).merge(table.cell(1, 1)).text = "合"
    table.cell(2, 2).text = "9"
    buffer = io.BytesIO()
    document.save(buffer)
    (found,) = read_bytes(buffer.getvalue(), "x.docx").grids
    merged = found.rows()
    assert merged[0][0] is merged[1][1]
    assert (merged[0][0].text, merged[2][2].text, found.shape) == ("合", "9", (3, 3))
