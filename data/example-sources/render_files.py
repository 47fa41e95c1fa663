"""Reports as web pages, Word files and PDFs, the same bytes each time."""

from __future__ import annotations

import datetime
import html
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forms import Box, Table
from render_text import places

if TYPE_CHECKING:
    from build import Block

_ORDINAL = re.compile(r"^(?:[一二三四五六七八九]、|（[一二三四五六七八九]）)")


# --------------------------------------------------------------------------- web page


def _html_cell(box: Box, number: int) -> str:
    spans = "".join(f' {n}="{v}"' for n, v in (("rowspan", box.rows), ("colspan", box.columns)) if v > 1)
    text = html.escape(box.text)
    if not text:
        inner = "&nbsp;"
    elif box.key is None and len(text) > 8 and number % 2:
        half = len(text) // 2
        inner = "".join(f'<p class="MsoNormal"><span>{t}</span></p>' for t in (text[:half], text[half:]))
    elif box.key is None and len(text) == 4 and number % 3 == 0:
        inner = f"{text[:2]}<br/>{text[2:]}"
    else:
        inner = f'<span lang="EN-US"><font>{text}</font></span>'
    return f"<td{spans}>{inner}</td>"


def _html_table(table: Table) -> str:
    rows = []
    for r, row in enumerate(table.grid):
        cells = "".join(_html_cell(box, r + i) for i, box in enumerate(row))
        rows.append(f"<tr>{cells}</tr>")
    return '<div class="tablewrap"><table border="1"><tbody>\n' + "\n".join(rows) + "\n</tbody></table></div>"


def write_html(meta: dict[str, Any], blocks: list[Block], target: Path) -> None:
    """A page of a government site: navigation, breadcrumb and a table of metadata before the text, links behind it."""
    encoding = meta.get("encoding", "utf-8")
    title = next(b.marked.text for b in blocks if b.kind == "title")
    body = []
    for block in blocks:
        if block.table is not None:
            body.append(_html_table(block.table))
        elif block.kind == "title":
            body.append(f"<h1>{html.escape(block.marked.text)}</h1>")
        elif block.kind in ("heading", "subheading"):
            body.append(f"<p><strong><span>{html.escape(block.marked.text)}</span></strong></p>")
        elif block.marked.text:
            body.append(f"<p>\u3000\u3000{html.escape(block.marked.text)}</p>")
    site = meta["site"]
    page = f"""<!DOCTYPE html>
<html><head>
<meta http-equiv="Content-Type" content="text/html; charset={encoding}">
<meta name="SiteName" content="{site}">
<meta name="ArticleTitle" content="{title}">
<meta name="PubDate" content="{meta["published"]} 09:30">
<meta name="ContentSource" content="{meta["meta"]["issuer"]}">
<title>{title}_{site}</title>
<style>td {{ padding: 2px }}</style>
<script>var hits = 2048;</script>
</head><body>
<div class="header"><ul class="nav"><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li>
<li><a href="/zwfw/">政务服务</a></li><li><a href="/hdjl/">互动交流</a></li></ul>
<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt;
政府信息公开年报</div></div>
<table class="info"><tr><td>索引号</td><td>YT-{meta["published"][:4]}-00017</td>
<td>发布机构</td><td>{meta["meta"]["issuer"]}</td></tr>
<tr><td>发布日期</td><td>{meta["published"]}</td><td>浏览次数</td><td>326</td></tr></table>
<div class="TRS_Editor">
{chr(10).join(body)}
</div>
<div class="share">分享到：<a href="#">微信</a> <a href="#">打印本页</a></div>
<div class="footer"><p>主办：{site} 网站标识码：0000000017</p><p>上一篇：<a href="#">关于召开座谈会的通知</a></p></div>
</body></html>
"""
    target.write_bytes(page.encode(encoding))


# --------------------------------------------------------------------------- Word


def _numbering(document: Any) -> str:
    """Adds the list that numbers headings 一、 and （一） by itself; returns its id."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    numbering = document.part.numbering_part.element
    level = (
        '<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:suff w:val="nothing"/>'
        '<w:lvlText w:val="{text}"/></w:lvl>'
    )
    abstract = parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77"><w:multiLevelType w:val="multilevel"/>'
        + level.format(i=0, text="%1、")
        + level.format(i=1, text="（%2）")
        + "</w:abstractNum>"
    )
    numbering.insert(0, abstract)
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    return "77"


def write_docx(meta: dict[str, Any], blocks: list[Block], target: Path) -> None:
    """A Word file: merged cells, headings whose numbers Word makes, a list whose marks are typed."""
    import docx
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    document = docx.Document()
    number_id = _numbering(document)
    for block in blocks:
        if block.table is not None:
            height, width = len(block.table.grid), block.table.width
            table = document.add_table(rows=height, cols=width, style="Table Grid")
            for r, row in enumerate(places(block.table)):
                for c, place in enumerate(row):
                    if isinstance(place, Box):
                        cell = table.cell(r, c)
                        if place.rows > 1 or place.columns > 1:
                            cell = cell.merge(table.cell(r + place.rows - 1, c + place.columns - 1))
                        cell.text = place.text
            continue
        style = {"title": "Title", "heading": "Heading 1", "subheading": "Heading 2"}.get(block.kind, "Normal")
        text = block.marked.text
        numbered = block.kind in ("heading", "subheading") and _ORDINAL.match(text)
        paragraph = document.add_paragraph("", style=style)
        if numbered:
            text = _ORDINAL.sub("", text)
            level = 0 if block.kind == "heading" else 1
            paragraph._p.get_or_add_pPr().append(
                parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{number_id}"/></w:numPr>')
            )
        for i in range(0, len(text), 40):  # Word tears sentences into runs at every edit
            paragraph.add_run(text[i : i + 40])
    stamp = datetime.datetime(2022, 1, 20, 9, 0)
    properties = document.core_properties
    properties.created = properties.modified = stamp
    properties.title = next(b.marked.text for b in blocks if b.kind == "title")
    properties.author = meta["meta"]["issuer"]
    buffer = io.BytesIO()
    document.save(buffer)
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            info = zipfile.ZipInfo(name, (2022, 1, 20, 9, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(info, source.read(name))


# --------------------------------------------------------------------------- PDF


class _Pages:
    """Lines and ruled tables on pages; a table goes on overleaf without its header."""

    left, right, top, bottom = 60.0, 535.0, 780.0, 70.0

    def __init__(self, target: Path) -> None:
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.cidfonts import UnicodeCIDFont
        from reportlab.pdfgen.canvas import Canvas

        pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
        self.canvas = Canvas(str(target), invariant=1)
        self.y, self.page = self.top, 1

    def turn(self) -> None:
        self.canvas.setFont("STSong-Light", 9)
        self.canvas.drawCentredString(297, 40, f"- {self.page} -")
        self.canvas.showPage()
        self.y, self.page = self.top, self.page + 1

    def line(self, text: str, size: float, *, centre: bool = False) -> None:
        if self.y - size * 1.6 < self.bottom:
            self.turn()
        self.y -= size * 1.6
        self.canvas.setFont("STSong-Light", size)
        if centre:
            self.canvas.drawCentredString(297, self.y, text)
        else:
            self.canvas.drawString(self.left, self.y, text)

    def paragraph(self, text: str, size: float = 12.0) -> None:
        text = f"\u3000\u3000{text}"
        width = int((self.right - self.left) // size)
        while text:
            stop = width
            while text[stop : stop + 1] in tuple("，。；：、）”》"):  # no mark opens a line
                stop += 1
            self.line(text[:stop], size)
            text = text[stop:]

    def table(self, table: Table) -> None:
        matrix = places(table)
        if table.name == "requests":
            widths = [45.0, 60.0, 130.0, *[34.0] * 7]
        else:
            widths = [(self.right - self.left) / table.width] * table.width
        xs = [self.left]
        for w in widths:
            xs.append(xs[-1] + w)
        size, lead = 8.0, 10.0

        def wrapped(text: str, c: int, columns: int) -> list[str]:
            room = max(1, int((xs[c + columns] - xs[c] - 4) // size))
            return [text[i : i + room] for i in range(0, len(text), room)]

        heights = []
        for row in matrix:
            need = [len(wrapped(p.text, c, p.columns)) for c, p in enumerate(row) if isinstance(p, Box) and p.rows == 1]
            heights.append(max(need, default=1) * lead + 6)
        r = 0
        while r < len(matrix):
            stop, height = r, 0.0
            while stop < len(matrix) and self.y - height - heights[stop] > self.bottom:
                height += heights[stop]
                stop += 1
            if stop == r:
                self.turn()
                continue
            self._part(matrix, r, stop, xs, heights, wrapped, size, lead)
            r = stop
            if r < len(matrix):
                self.turn()
        self.y -= 10

    def _part(
        self,
        matrix: list[list[Box | str]],
        begin: int,
        stop: int,
        xs: list[float],
        heights: list[float],
        wrapped: Callable[[str, int, int], list[str]],
        size: float,
        lead: float,
    ) -> None:
        """Rows ``begin`` to ``stop`` on this page; a cell merged over the break is closed here and open overleaf."""
        ys = [self.y]
        for h in heights[begin:stop]:
            ys.append(ys[-1] - h)
        self.canvas.setLineWidth(0.5)
        for r, row in enumerate(matrix):
            for c, place in enumerate(row):
                if not isinstance(place, Box):
                    continue
                first, last = max(r, begin), min(r + place.rows, stop)
                if first >= last:
                    continue
                upper, lower = ys[first - begin], ys[last - begin]
                self.canvas.rect(xs[c], lower, xs[c + place.columns] - xs[c], upper - lower)
                if r < begin:
                    continue
                lines = wrapped(place.text, c, place.columns)
                y = (upper + lower) / 2 + (len(lines) * lead) / 2 - size
                self.canvas.setFont("STSong-Light", size)
                for text in lines:
                    self.canvas.drawCentredString((xs[c] + xs[c + place.columns]) / 2, y, text)
                    y -= lead
        self.y = ys[-1]


def write_pdf(meta: dict[str, Any], blocks: list[Block], target: Path) -> None:
    """A print: hard line ends, page numbers, ruled tables that break over pages."""
    pages = _Pages(target)
    pages.canvas.setTitle(next(b.marked.text for b in blocks if b.kind == "title"))
    for block in blocks:
        if block.table is not None:
            pages.table(block.table)
        elif block.kind == "title":
            pages.line(block.marked.text, 16, centre=True)
            pages.y -= 12
        elif block.marked.text:
            pages.paragraph(block.marked.text)
    pages.turn()
    pages.canvas.save()


WRITERS: dict[str, Callable[[dict[str, Any], list[Block], Path], None]] = {
    "html": write_html,
    "docx": write_docx,
    "pdf": write_pdf,
}
