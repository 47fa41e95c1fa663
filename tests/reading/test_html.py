"""Web pages: the report whole, the site around it not, tables with their spans."""

import os
from pathlib import Path

import pytest

from gia_nlp.reading import ReadingError, read, read_bytes

ONE = "2023年，青垄县水务局坚持以公开为常态，全年主动公开各类信息126条，其中动态类88条。"
TWO = "全年收到依申请公开6件，均在期限内答复，没有因此引起行政复议。"
TABLE = (
    "<table border=1><tr><td colspan=4>第二十条第（一）项</td></tr><tr><td>信息内容</td><td>本年制发件数</td>"
    "<td>本年废止件数</td><td>现行有效件数</td></tr><tr><td>规章</td><td>0</td><td>&nbsp;</td><td>0</td></tr></table>"
)
GRID_TEXT = "第二十条第（一）项\t\t\t\n信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n规章\t0\t\t0"
ARTICLE = f"<p>一、总体情况</p><p>{ONE}</p><p>二、主动公开政府信息情况</p>{TABLE}<p>三、其他</p><p>{TWO}</p>"
TEXT = f"一、总体情况\n{ONE}\n二、主动公开政府信息情况\n\n{GRID_TEXT}\n\n三、其他\n{TWO}\n"
SIGNED = "<p>青垄县水务局</p><p>2024年1月22日</p>"
LINKS = "".join(f"<li><a href='/{i}.htm'>青垄县关于第{i}号公告的通知</a></li>" for i in range(12))
TITLE = "青垄县水务局2023年政府信息公开工作年度报告"


def page(html, name="report.html"):
    return read_bytes(html.encode(), name)


FRAMES = {
    "TRS_Editor in a site": f"""<body><div class="header"><a href="/">首页</a><form><input value="x">站内搜索</form></div>
        <div class="crumbs">当前位置：<a>首页</a> &gt; <a>年报</a></div><h1>{TITLE}</h1>
        <div class="info">发布日期：2024-01-25 来源：青垄县水务局 【字体：大 中 小】 打印</div>
        <div class="con"><div class="TRS_Editor"><style>p{{x}}</style>@@</div></div>
        <div class="share">分享到：<a>微信</a></div><ul class="related">{LINKS}</ul>
        <div class="footer">版权所有：青垄县人民政府 主办：青垄县人民政府办公室，云ICP备00000000号</div></body>""",
    "UCAP": f'<body><nav>{LINKS}</nav><div class="pages_content"><div id="UCAP-CONTENT">@@</div></div>'
    "<footer>网站标识码：0000000000</footer></body>",
    "no known names": f'<body><div class="a1"><ul>{LINKS}</ul></div><div class="b7"><div class="x">{TITLE}</div>'
    f'<div class="y">发布时间：2024-01-25 浏览次数：12</div><div class="z">@@</div></div><div>上一篇：没有了</div>'
    f"<div>主办单位：青垄县人民政府办公室 地址：青垄县东路1号</div></body>",
    "nested layout tables": f"<body><table width=1000><tr><td colspan=2><a>首页</a></td></tr><tr><td width=200>{LINKS}</td>"
    f"<td><table><tr><td>{TITLE}</td></tr><tr><td>@@</td></tr></table></td></tr>"
    "<tr><td colspan=2>版权所有 青垄县人民政府</td></tr></table></body>",
    "body only": "<body>@@</body>",
    "no body at all": "@@",
    "hidden until a script shows it": '<body><div id="zoom" style="display: none">@@</div>'
    '<div style="display:none">浏览器版本过低，请升级。</div></body>',
    "class name that sounds like chrome": '<body><div class="print_area nav-content">@@</div></body>',
    "teasers of other articles beside it": '<body><div class="wrap"><div class="left">'
    + "<div><a href=x>某县召开会议</a><p>近日，某县召开专题会议，部署重点工作。</p></div>" * 3
    + '</div><div class="right"><div class="txt">@@</div></div></div></body>',
    "contact lines below": '<body><div class="a"><div class="b">@@</div></div><div class="bt">'
    "地址：青垄县东路1号，邮编：000000。电话：0000-0000000，传真：0000-000。</div></body>",
    "unclosed elements": "<body><div><p><font size=3>@@",
}


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("frame", FRAMES)
def test_the_report_and_nothing_else(frame, signed):
    document = page(FRAMES[frame].replace("@@", ARTICLE + SIGNED * signed))
    assert document.text == TEXT + "青垄县水务局\n2024年1月22日\n" * signed
    assert [g.shape for g in document.grids] == [(3, 4)]
    assert all(document.text[c.start : c.end] == c.text for c in document.grids[0].cells)


def test_parts_in_two_editors_stay_together():
    html = f'<div class="main"><div class="TRS_Editor">{ARTICLE * 4}</div><div class="TRS_Editor"><p>六、其他事项</p><p>无</p></div></div>'
    assert page(html).text == TEXT * 4 + "六、其他事项\n无\n"


def test_an_annex_with_figures_is_kept_and_a_list_of_files_is_not():
    files = "<div class='fujian'><p>附件下载</p><span>1.公开年报正式版.pdf</span></div>"
    annex = f"<div class='fujian'>{TABLE}</div>"
    assert page(f"<body><div class=a><div class=b>{ARTICLE}</div>{files}</div></body>").text == TEXT
    assert len(page(f"<body><div class=a><div class=b>{ARTICLE}</div>{annex}</div></body>").grids) == 2


def test_a_signature_outside_the_editor_is_kept():
    html = f'<body><div class="hd">{LINKS}</div><div class="c"><div class="nr">{ARTICLE}</div>{SIGNED}</div></body>'
    assert page(html).text == TEXT + "青垄县水务局\n2024年1月22日\n"


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        (f'<meta name="ArticleTitle" content="{TITLE}"><meta name="PubDate" content="2024-01-25 08:30">'
         '<meta name="ContentSource" content="青垄县水务局">', "", (TITLE, "2024-01-25", "青垄县水务局")),
        (f"<title>{TITLE}_年报_青垄县人民政府门户网站</title>", "<p>发布时间：2024年1月5日  来源：县水务局  浏览：3</p>",
         (TITLE, "2024-01-05", "县水务局")),
        (f"<title>青垄县人民政府-{TITLE}</title>", "<table><tr><td>索引号：</td><td>QL-7</td><td>发布机构：</td><td>县水务局</td></tr>"
         "<tr><td>信息名称：</td><td>x</td><td>公开日期：</td><td>2024/1/9</td></tr></table>", (TITLE, "2024-01-09", "县水务局")),
        ("", "<ul class=xxgk><li><label>发布机构：</label><div>县水务局</div></li><li><label>发布日期：</label><div>2024-01-07</div></ul>",
         (None, "2024-01-07", "县水务局")),
        ("", "<p>截至时间2023年12月31日的公告</p>", (None, None, None)),
        ("<title>青垄县人民政府</title>", f"<h1>{TITLE}</h1><div>日期:2024.1.8</div>", (TITLE, "2024-01-08", None)),
        ("", "", (None, None, None)),
    ],
)  # fmt: skip
def test_metadata(head, body, expected):
    html = f"<html><head>{head}</head><body>{body}<div class='TRS_Editor'>{ARTICLE}</div></body></html>"
    document = page(html)
    assert (document.title, document.published_on, document.publisher) == expected
    assert document.text == TEXT


def test_dates_of_the_report_are_no_date_of_publication():
    assert page(f"<body><div>{ARTICLE}{SIGNED}</div></body>").published_on is None


def cells(html):
    (grid,) = page(html).grids
    return [(c.text, c.row, c.column, c.row_span, c.column_span) for c in grid.cells]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("<tr><td rowspan=2>规章<td>1<tr><td>2", [("规章", 0, 0, 2, 1), ("1", 0, 1, 1, 1), ("2", 1, 1, 1, 1)]),
        ("<tr><td rowspan=0>规章<td>1<tr><td>2<tr><td>3",
         [("规章", 0, 0, 3, 1), ("1", 0, 1, 1, 1), ("2", 1, 1, 1, 1), ("3", 2, 1, 1, 1)]),
        ("<td>规章</td><td>1</td>", [("规章", 0, 0, 1, 1), ("1", 0, 1, 1, 1)]),
        ("<tr><td>规<br>章<td><p>1</p><p>2</p>", [("规 章", 0, 0, 1, 1), ("1 2", 0, 1, 1, 1)]),
        ("<tr><td><p>规章<td><p>&nbsp;<o:p></o:p><td>0", [("规章", 0, 0, 1, 1), ("", 0, 1, 1, 1), ("0", 0, 2, 1, 1)]) ,
        ("<tr><td>商业\n企业<td>a\nb", [("商业企业", 0, 0, 1, 1), ("a b", 0, 1, 1, 1)]),
        ("<tr><td colspan=5>规章<td>1<tr><td colspan=5>文件<td>2",
         [("规章", 0, 0, 1, 1), ("1", 0, 1, 1, 1), ("文件", 1, 0, 1, 1), ("2", 1, 1, 1, 1)]),
        ("<tr><td>规章<td><table><tr><td>1</td></tr></table><td>2",
         [("规章", 0, 0, 1, 1), ("1", 0, 1, 1, 1), ("2", 0, 2, 1, 1)]),
        ("<tr><td><font>规章<tr><td>文件</font><td>2", [("规章", 0, 0, 1, 1), ("文件", 1, 0, 1, 1), ("2", 1, 1, 1, 1)]),
        ("<tr style='display:none'><td>x<td>y</tr><tr><th>规章<th>1",
         [("规章", 0, 0, 1, 1), ("1", 0, 1, 1, 1)]),
        ("<thead><tr><td rowspan=3>规章<td>1</thead><tbody><tr><td>文件<td>2",
         [("规章", 0, 0, 1, 1), ("1", 0, 1, 1, 1), ("文件", 1, 0, 1, 1), ("2", 1, 1, 1, 1)]),
        ("<tr><td rowspan='2px' colspan='x'>规章<td>1<tr><td>2",
         [("规章", 0, 0, 2, 1), ("1", 0, 1, 1, 1), ("2", 1, 1, 1, 1)]),
    ],
)  # fmt: skip
def test_tables(table, expected):
    assert cells(f"<p>{ONE}</p><table>{table}</table><p>{TWO}</p>") == expected


def test_tables_one_after_the_other_stay_apart():
    document = page(f"<div>{TABLE}{TABLE}<p>{ONE}</p></div>")
    assert document.text == f"{GRID_TEXT}\n\n{GRID_TEXT}\n\n{ONE}\n"
    assert len(document.grids) == 2


def test_a_report_inside_one_table():
    rows = "<tr><td>规章</td><td>2</td></tr><tr><td>规范性文件</td><td>9</td></tr>"
    html = f"<table border=1><tr><td colspan=2>{ONE}<br>{TWO * 2}</td></tr>{rows}<tr><td colspan=2>{TWO * 3}</td></tr></table>"
    document = page(html)
    assert document.text == f"{ONE}\n{TWO * 2}\n\n规章\t2\n规范性文件\t9\n\n{TWO * 3}\n"
    assert [g.shape for g in document.grids] == [(2, 2)]


def test_a_page_saved_by_word():
    html = (
        "<html xmlns:o='urn:x'><head><meta http-equiv=Content-Type content='text/html; charset=gb2312'><!--[if gte mso 9]><xml>"
        "<w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]--></head><body lang=ZH-CN><div class=WordSection1>"
        "<p class=MsoNormal><![if !supportLists]><span style='mso-list:Ignore'>一、</span><![endif]><b>总体情况</b><o:p></o:p></p>"
        f"<p class=MsoNormal>{ONE[:17]}\r\n{ONE[17:]}<span style='mso-hide:all;display:none'>暗</span><o:p>&nbsp;</o:p></p>"
        f"<p><v:shape><v:textbox>图形</v:textbox></v:shape><st1:chsdate>{TWO}</st1:chsdate></p></div></body></html>"
    )
    document = read_bytes(html.encode("gb18030"), "report.doc")
    assert document.text == f"一、总体情况\n{ONE}\n{TWO}\n"
    assert (document.format, document.encoding) == ("html", "gb18030")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5hkscs", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "x-unknown", ""])
def test_charset_is_believed_only_where_the_content_is_in_doubt(encoding, declared):
    body = "一、公開資訊；溪嶺市在年度內公開資料十二件，回覆申請三件。" if encoding == "big5hkscs" else ONE
    html = f'<html><head><meta charset="{declared}"></head><body><p>{body}</p></body></html>'
    assert read_bytes(html.encode(encoding), "x.html").text == f"{body}\n"


def test_numbers_of_ordered_lists_are_text():
    assert page(f"<ol start=2><li><p>{ONE}</p><li>{TWO}</ol>").text == f"2. {ONE}\n3. {TWO}\n"
    assert page(f"<ol style='list-style: none'><li>{ONE}</ol>").text == f"{ONE}\n"


def test_frames_are_named_in_the_hint():
    with pytest.raises(ReadingError) as caught:
        page("<html><frameset><frame src='nb/content.htm'></frameset></html>")
    assert "nb/content.htm" in str(caught.value.hint)


@pytest.mark.parametrize(
    "html",
    ["<p>有" + "<div><span>" * 20000 + "深", "<table><tr><td>1<td>2" * 3000, "<p>无" * 30000, "<td>字" * 20000, "<li><a>字" * 20000,
     "<table><tr><td>" * 600 + "字", "<table>" + "<tr><td rowspan=9999 colspan=900>1<td>2" * 800],
)  # fmt: skip
def test_garbage_costs_little(html):
    assert page(html).text


def test_what_is_nested_too_deep_is_told():
    assert [w.error for w in page("<p>有</p>" + "<div><span>" * 5000 + "深").warnings] == ["PageTooDeep"]


def test_a_web_archive():
    mht = (
        "From: <Saved by a browser>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary=\"b\"\r\n\r\n--b\r\n"
        "Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--b\r\n"
        "Content-Type: text/html; charset=\"gb2312\"\r\nContent-Transfer-Encoding: base64\r\n\r\n@@\r\n--b--\r\n"
    )  # fmt: skip
    import base64

    payload = base64.encodebytes(f"<html><body>{ARTICLE}</body></html>".encode("gb18030")).decode()
    document = read_bytes(mht.replace("@@", payload).encode(), "report.mht")
    assert (document.text, document.format) == (TEXT, "mht")


def test_a_page_as_archived():
    """A stored page against its right answers: sections stand as lines, tables have the form's shape."""
    gold = os.environ.get("GIA_NLP_GOLD_DIR")
    if not gold:
        pytest.skip("GIA_NLP_GOLD_DIR is not set")
    document = read(next((Path(gold).parent / "reports").glob("*-html.html")))
    lines = document.text.splitlines()
    assert [line[0] for line in lines if line[1:2] == "、" and len(line) < 40 and "\t" not in line] == list(
        "一二三四五六"
    )
    assert [g.shape for g in document.grids] == [(14, 4), (28, 10), (4, 15)]
    assert lines[0].startswith("本报告")
    assert lines[-1].endswith("。")
    for grid in document.grids:
        assert all(cell is not None for row in grid.rows() for cell in row)
