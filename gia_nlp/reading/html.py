"""Web pages: the article without the site around it, tables with their spans."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from gia_nlp.reading.blocks import Block, Paragraph, Table, assemble, digest
from gia_nlp.reading.errors import ReadingError
from gia_nlp.reading.registry import Reader
from gia_nlp.records import Document, Issue

_SUFFIXES = {".html", ".htm", ".xhtml", ".shtml", ".jhtml", ".mht", ".asp", ".aspx", ".jsp", ".php"}
_START = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|title|table|frameset)\b",
    re.I | re.S,
)
_ANY_TAG = re.compile(rb"<\x00?[a-zA-Z!/]")
_FAR = 1 << 20
_TAGS = re.compile(rb"</(?:p|div|td|tr|table|body|html|span)\s*>", re.I)


def accepts(data: bytes, name: str) -> bool:
    """A page by its beginning, else text full of closing tags, else by its name.

    >>> accepts(b"<!DOCTYPE html><p>x", "report.txt"), accepts("总体情况".encode(), "report.txt")
    (True, False)
    """
    head = data[:4096]
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.replace(b"\x00", b"")[2:]
    if _START.match(head.removeprefix(b"\xef\xbb\xbf")):
        return True
    suffix = PurePosixPath(name.lower()).suffix
    if suffix in _SUFFIXES:
        return _ANY_TAG.search(data[:_FAR]) is not None
    # Markdown may hold a table in HTML: it stays text, as its offsets are those of the file.
    return suffix not in {".md", ".markdown"} and len(_TAGS.findall(data[:65536])) >= 5


def read(data: bytes, name: str) -> Document:
    """The report in a page. Raises ``ReadingError`` when the page shows no text, as pages of frames do."""
    from gia_nlp.reading.html_page import page_text

    decoded = page_text(data)
    document = read_source(decoded.text, name, decoded.warnings)
    from dataclasses import replace

    return replace(document, sha256=digest(data), encoding=decoded.encoding)


def read_source(source: str, name: str, warnings: tuple[Issue, ...] = ()) -> Document:
    """The report in a page's decoded source."""
    from gia_nlp.reading import html_article, html_leaves, html_metadata, html_page
    from gia_nlp.reading.html_nodes import Nodes
    from gia_nlp.reading.table import spans_not_believed
    from gia_nlp.vocabulary.web_pages import web_pages

    words = web_pages()
    root, notes = html_page.parse(source)
    if root is None:
        raise ReadingError("The page is empty.", hint="Save it again from a browser.")
    meta, head = html_metadata.metas(root), html_metadata.head_title(root)
    frames = [f.get("src") for f in root.iter("frame", "iframe") if f.get("src")]
    html_page.strip_unseen(root)
    nodes = Nodes(root, words)
    measures = html_page.measure(nodes)
    body = next((e for e in nodes.children(0) if nodes.tags[e] == "body"), 0)
    page = html_leaves.collect(nodes, body, measures, words)
    title = html_metadata.page_title(root, head, meta, words)
    article = html_article.find_article(nodes, page, body, words, title)
    if not article:
        hint: str | None = (
            f"The text may be in the frame {frames[0]}: save that page." if frames else "Scripts may load its text."
        )
        if notes:
            hint = notes[0].hint
        raise ReadingError("The page shows no text.", hint=hint)
    if page.doubtful:
        notes = (*notes, spans_not_believed(page.doubtful))
    inside = set(map(id, article))
    around = html_metadata.with_values([x for x in page.leaves if id(x) not in inside])
    blocks: list[Block] = [Table(x.cells) if x.cells else Paragraph(x.text) for x in article]
    text, grids = assemble(blocks, "html")
    return Document(
        text=text,
        path=name,
        format="html",
        grids=grids,
        title=title,
        published_on=html_metadata.published_on(meta, around, words),
        publisher=html_metadata.publisher(meta, around, words),
        warnings=(*warnings, *notes),
    )


READER = Reader("html", 60.0, accepts, read)
