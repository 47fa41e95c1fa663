"""Web pages in the styles of government sites: clean, Word's markup, unclosed tags, nested and layout tables."""

from __future__ import annotations

import html
import random

from gia_nlp.synthesis.boxes import Box, Printed
from gia_nlp.synthesis.content import Content
from gia_nlp.synthesis.document import Block
from gia_nlp.synthesis.grammar import expand
from gia_nlp.synthesis.options import LayoutName
from gia_nlp.synthesis.seeds import chance
from gia_nlp.vocabulary.loader import load_yaml

_BLANKS = ("&nbsp;", "", "&#160;", "<br/>", "<p>&nbsp;</p>")


class _Page:
    def __init__(self, style: str, rng: random.Random) -> None:
        self.style, self.rng = style, rng
        self.mso = style == "html_mso"
        self.unclosed = style == "html_unclosed"
        self.blank = rng.choice(_BLANKS)

    def close(self, tag: str) -> str:
        return "" if self.unclosed and tag in ("td", "tr", "p", "li") else f"</{tag}>"

    def cell(self, box: Box) -> str:
        spans = "".join(f' {n}="{v}"' for n, v in (("rowspan", box.rows), ("colspan", box.columns)) if v > 1)
        text = html.escape(box.text)
        if self.mso:
            width = self.rng.randint(40, 160)
            inner = f'<p class="MsoNormal" align="center" style="text-align:center"><span lang="EN-US" style="font-size:9.0pt">{text or "&nbsp;"}<o:p></o:p></span></p>'
            if box.key is None and len(text) > 8:
                half = len(text) // 2
                inner = f'<p class="MsoNormal"><span>{text[:half]}</span></p><p class="MsoNormal"><span>{text[half:]}</span></p>'
            return f'<td{spans} width="{width}" style="width:{width}.0pt;border:solid windowtext 1.0pt">{inner}</td>'
        if not text:
            inner = self.blank
        elif box.key is None and len(text) in (4, 6) and chance(self.rng, 0.3):
            inner = f"{text[: len(text) // 2]}<br/>{text[len(text) // 2 :]}"
        elif box.key is not None and self.style == "html_nested":
            inner = (
                f'<table cellpadding="0"><tr><td>{text}</td></tr></table>'
                if chance(self.rng, 0.2)
                else f"<div><span>{text}</span></div>"
            )
        else:
            inner = f"<p>{text}{self.close('p')}" if self.unclosed else text
        tag = "th" if box.role == "header" and self.style == "html" and chance(self.rng, 0.5) else "td"
        return f"<{tag}{spans}>{inner}{self.close(tag)}"

    def table(self, table: Printed) -> str:
        rows = "\n".join(f"<tr>{''.join(self.cell(b) for b in row)}{self.close('tr')}" for row in table.grid)
        body = rows if self.unclosed else f"<tbody>{rows}</tbody>"
        out = f'<table border="1" cellspacing="0">{body}</table>'
        if self.style == "html_nested":
            out = f'<table width="100%"><tr><td align="center">{out}</td></tr></table>'
        return f'<div class="table-wrap">{out}</div>' if chance(self.rng, 0.5) else out

    def paragraph(self, block: Block) -> str:
        text = html.escape(block.body.text).replace("\n", "<br/>")
        if block.kind == "title":
            return f"<h1>{text}</h1>"
        if block.kind in ("heading", "subheading"):
            if self.mso:
                return f'<p class="MsoNormal" style="text-indent:32.0pt"><b><span style="font-family:黑体">{text}</span></b></p>'
            return self.rng.choice((f"<p><strong>{text}</strong>{self.close('p')}", f"<h3>{text}</h3>"))
        if self.mso:
            cut = self.rng.randint(1, max(1, len(block.body.text) - 1))
            a, b = html.escape(block.body.text[:cut]), html.escape(block.body.text[cut:])
            return f'<p class="MsoNormal" style="text-indent:32.0pt"><span>{a}</span><span lang="EN-US">{b}<o:p></o:p></span></p>'
        return f"<p>\u3000\u3000{text}{self.close('p')}"


def render_html(content: Content, blocks: list[Block], layout: LayoutName, rng: random.Random) -> bytes:
    """A page's bytes, in UTF-8 or GBK as its head says."""
    page = _Page(layout.base, rng)
    named = "no_title" not in layout.options
    encoding = rng.choice(("utf-8", "utf-8", "gbk", "gb2312"))
    words = load_yaml("synthesis/layout")
    body = "\n".join(page.table(b.table) if b.table else page.paragraph(b) for b in blocks)
    title = next((b.body.text.replace("\n", "") for b in blocks if b.kind == "title"), "年度报告")
    site = f"{content.agency.place or '全国'}门户网站" if named else "门户网站"
    published = f"{content.year + 1}-01-{rng.randint(10, 28)}"
    lines = [expand(x, rng, content.scope) for x in rng.choice(words["navigation"]) if named or "{" not in x]
    navigation = "".join(f'<li><a href="/c{i}/">{html.escape(x)}</a>{page.close("li")}' for i, x in enumerate(lines))
    last = [expand(x, rng, content.scope) for x in rng.choice(words["footer"]) if named or "{" not in x]
    footer = "".join(f"<p>{html.escape(x)}</p>" for x in last)
    info = f"<table class='xxgk'><tr><td>索引号</td><td>{content.year}-00{rng.randint(10, 99)}</td><td>发布日期</td><td>{published}</td></tr></table>"
    if layout.base == "html_layout":
        main = f'<table width="1000"><tr><td width="200" valign="top"><ul>{navigation}</ul></td><td><div class="con">{body}</div></td></tr></table>'
    elif layout.base == "html" and chance(rng, 0.5):
        main = f'<article class="content">{body}</article>'
        navigation = ""
    else:
        main = f'<div class="TRS_Editor">{body}</div>'
    nav = f'<div class="nav"><ul>{navigation}</ul></div>' if navigation and layout.base != "html_layout" else ""
    conditional = "<!--[if gte mso 9]><xml><w:WordDocument></w:WordDocument></xml><![endif]-->" if page.mso else ""
    text = (
        f'<!DOCTYPE html>\n<html><head><meta http-equiv="Content-Type" content="text/html; charset={encoding}">\n'
        f'<meta name="ArticleTitle" content="{html.escape(title)}"><meta name="PubDate" content="{published} 10:02">\n'
        f"<title>{html.escape(title)}</title><style>td {{ padding: 2px }} p.n9 {{ color: #333 }}</style>{conditional}</head>\n"
        f"<body><script>var total = 2048;</script>{nav}\n{info if chance(rng, 0.5) else ''}\n{main}\n"
        f'<div class="footer"><p>{html.escape(site)}</p>{footer}</div></body></html>\n'
    )
    return text.encode("gbk" if encoding == "gb2312" else encoding, errors="xmlcharrefreplace")
