"""Reports as files: web pages, Word documents, PDFs."""

from __future__ import annotations

import random

from gia_nlp.synthesis.content import Content
from gia_nlp.synthesis.document import Block
from gia_nlp.synthesis.options import LayoutName


def render_file(
    name: str, content: Content, blocks: list[Block], layout: LayoutName, rng: random.Random
) -> tuple[str, bytes]:
    """The file's name and its bytes. Raises ``ModuleNotFoundError`` where the format needs the extra ``synth``."""
    if layout.base == "docx":
        from gia_nlp.synthesis.render_docx import render_docx

        return f"{name}.docx", render_docx(content, blocks, layout, rng)
    if layout.base == "pdf":
        from gia_nlp.synthesis.render_pdf import render_pdf

        return f"{name}.pdf", render_pdf(content, blocks, layout, rng)
    from gia_nlp.synthesis.render_html import render_html

    return f"{name}.html", render_html(content, blocks, layout, rng)


def traditional(blocks: list[Block]) -> list[Block]:
    """Prose in traditional characters; the tables stay as the form prints them."""
    from gia_nlp.synthesis.noise import in_characters, traditional_map

    table = traditional_map("".join(sorted({c for b in blocks for c in b.body.text})))
    return [b if b.table else Block(b.kind, in_characters(b.body, table)) for b in blocks]
