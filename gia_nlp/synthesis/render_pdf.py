"""PDFs: hard line ends, ruled tables torn over pages, paragraphs with a background, running heads and page marks."""

from __future__ import annotations

import io
import random

from gia_nlp.synthesis.boxes import Box, Printed
from gia_nlp.synthesis.content import Content
from gia_nlp.synthesis.document import Block
from gia_nlp.synthesis.options import LayoutName
from gia_nlp.synthesis.seeds import chance

_FONT = "STSong-Light"
_NO_START = "，。；：、）”》％%"


class _Sheet:
    """Lines and ruled tables on pages; a table goes on overleaf without its header."""

    left, right, top, bottom = 60.0, 535.0, 775.0, 70.0

    def __init__(self, content: Content, layout: LayoutName, rng: random.Random) -> None:
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.cidfonts import UnicodeCIDFont
        from reportlab.pdfgen.canvas import Canvas

        pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
        self.buffer = io.BytesIO()
        self.canvas = Canvas(self.buffer, invariant=1)
        self.rng = rng
        self.y, self.page = self.top, 1
        named = "no_title" not in layout.options
        self.head = (
            f"{content.agency.name}{content.year}年政府信息公开工作年度报告" if named and chance(rng, 0.4) else ""
        )
        self.foot = rng.choice(("- {} -", "— {} —", "{}", "第{}页", ""))

    def turn(self) -> None:
        self.canvas.setFont(_FONT, 9)
        if self.head:
            self.canvas.drawCentredString(297, 805, self.head)
        if self.foot:
            self.canvas.drawCentredString(297, 40, self.foot.format(self.page))
        self.canvas.showPage()
        self.y, self.page = self.top, self.page + 1

    def line(self, text: str, size: float, *, centre: bool = False, shade: bool = False) -> None:
        if self.y - size * 1.6 < self.bottom:
            self.turn()
        self.y -= size * 1.6
        if shade:
            self.canvas.setFillGray(0.9)
            self.canvas.rect(
                self.left - 4, self.y - size * 0.4, self.right - self.left + 8, size * 1.6, stroke=0, fill=1
            )
            self.canvas.setFillGray(0)
        self.canvas.setFont(_FONT, size)
        if centre:
            self.canvas.drawCentredString(297, self.y, text)
        else:
            self.canvas.drawString(self.left, self.y, text)

    def paragraph(self, text: str, size: float = 12.0, *, shade: bool = False) -> None:
        from reportlab.pdfbase.pdfmetrics import stringWidth

        text = f"\u3000\u3000{text}"
        while text:
            stop, width = 0, 0.0
            while stop < len(text) and width + stringWidth(text[stop], _FONT, size) <= self.right - self.left:
                width += stringWidth(text[stop], _FONT, size)
                stop += 1
            while text[stop : stop + 1] and text[stop] in _NO_START:  # no mark opens a line
                stop += 1
            self.line(text[:stop], size, shade=shade)
            text = text[stop:]

    def table(self, table: Printed) -> None:
        matrix = table.matrix()
        self.y -= 8  # no typesetter rules a table through the feet of the line above
        if table.name == "requests":
            share = [0.09, 0.12, 0.27] + [0.52 / (table.width - 3)] * (table.width - 3)
        elif table.name == "statistics":
            share = [0.58] + [0.42 / (table.width - 1)] * (table.width - 1)
        else:
            share = [1 / table.width] * table.width
        xs = [self.left]
        for part in share:
            xs.append(xs[-1] + part * (self.right - self.left))
        size, lead = 8.0, 10.0
        heights = []
        for row in matrix:
            need = [
                len(_wrapped(p.text, xs[c + p.columns] - xs[c], size))
                for c, p in enumerate(row)
                if isinstance(p, Box) and p.rows == 1
            ]
            heights.append(max(need, default=1) * lead + 6)
        r = 0
        while r < len(matrix):
            stop, height = r, 0.0
            while stop < len(matrix) and self.y - height - heights[stop] > self.bottom:
                height += heights[stop]
                stop += 1
            if stop > r:
                self._part(matrix, r, stop, xs, heights, size, lead)
            r = stop
            if r < len(matrix):
                self.turn()
        self.y -= 10

    def _part(
        self, matrix: list[list[Box | str]], begin: int, stop: int, xs: list[float], heights: list[float], size: float, lead: float
    ) -> None:  # fmt: skip
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
                lines = _wrapped(place.text, xs[c + place.columns] - xs[c], size)
                y = (upper + lower) / 2 + (len(lines) * lead) / 2 - size
                self.canvas.setFont(_FONT, size)
                for text in lines:
                    self.canvas.drawCentredString((xs[c] + xs[c + place.columns]) / 2, y, text)
                    y -= lead
        self.y = ys[-1]


def _wrapped(text: str, width: float, size: float) -> list[str]:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    lines, line = [], ""
    for char in text:
        if line and stringWidth(line + char, _FONT, size) > width - 3:
            lines.append(line)
            line = ""
        line += char
    return [*lines, line] if line else lines


def render_pdf(content: Content, blocks: list[Block], layout: LayoutName, rng: random.Random) -> bytes:
    """The file's bytes. Needs reportlab (extra ``synth``), else raises ``ModuleNotFoundError``."""
    sheet = _Sheet(content, layout, rng)
    title = next((b.body.text.replace("\n", "") for b in blocks if b.kind == "title"), "")
    sheet.canvas.setTitle(title)
    for block in blocks:
        if block.table is not None:
            sheet.table(block.table)
        elif block.kind == "title":
            for line in block.body.text.split("\n"):
                sheet.line(line, 16, centre=True)
            sheet.y -= 12
        else:
            sheet.paragraph(
                block.body.text,
                14.0 if block.kind == "heading" else 12.0,
                shade=block.kind == "para" and chance(rng, 0.06),
            )
    sheet.turn()
    sheet.canvas.save()
    return sheet.buffer.getvalue()
