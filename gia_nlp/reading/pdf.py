"""PDF files: lines in reading order, tables from their ruling lines, torn tables joined again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gia_nlp.reading.blocks import Block, Paragraph, Table, assemble, digest
from gia_nlp.reading.errors import ReadingError
from gia_nlp.reading.registry import Reader
from gia_nlp.records import Document, Issue

_OCR_HINT = 'Install the extra for text recognition: pip install "gia-nlp[ocr]".'
_DAMAGED_HINT = "Download it again."
_FEWEST_CHARS = 10
_LOST_SHARE = 0.2


def accepts(data: bytes, name: str) -> bool:
    """PDF by its mark, which may stand behind some other bytes.

    >>> accepts(b"%PDF-1.7", "report.txt")
    True
    """
    return b"%PDF-" in data[:1024]


def read(data: bytes, name: str) -> Document:
    """The document in a PDF. Raises ``ReadingError`` for encrypted files and for scans without a text layer."""
    import pypdfium2 as pdfium

    from gia_nlp.reading.pdf_page import read_page

    try:
        pdf = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise ReadingError("The PDF is encrypted.", hint="Save it without a password.") from None
        raise ReadingError(f"The PDF is damaged: {error}", hint=_DAMAGED_HINT) from None
    try:
        pages = []
        lost = []
        for i in range(len(pdf)):
            try:
                page = pdf[i]
            except pdfium.PdfiumError:
                lost.append(str(i + 1))
                continue
            try:
                pages.append(read_page(page))
            finally:
                page.close()
        title = _title(pdf)
    finally:
        pdf.close()
    visible = [sum(1 for c in p.chars if not c.text.isspace()) for p in pages]
    if sum(visible) == 0 or (sum(visible) < _FEWEST_CHARS and any(p.images for p in pages)):
        if any(p.images for p in pages):
            raise ReadingError("The PDF has no text layer: its pages are images.", hint=_OCR_HINT)
        raise ReadingError("The PDF holds no text.", hint=_OCR_HINT)
    text, grids = assemble(_blocks(pages), "pdf")
    return Document(
        text=text,
        path=name,
        format="pdf",
        sha256=digest(data),
        grids=grids,
        title=title,
        warnings=(*_lost_pages(lost), *_warnings(pages, visible, lost)),
    )


def _lost_pages(numbers: Sequence[str]) -> list[Issue]:
    if not numbers:
        return []
    return [
        Issue("reading", "DamagedPage", f"Pages that are damaged were not read: {', '.join(numbers)}.", _DAMAGED_HINT)
    ]


def _warnings(pages: Sequence[Any], visible: Sequence[int], lost_pages: Sequence[str]) -> list[Issue]:
    warnings = []
    numbers = [n for n in map(str, range(1, len(pages) + len(lost_pages) + 1)) if n not in lost_pages]
    blank = [n for n, page, size in zip(numbers, pages, visible, strict=True) if size == 0 and page.images]
    if blank:
        message = f"Pages that are images were not read: {', '.join(blank)}."
        warnings.append(Issue("reading", "PageWithoutText", message, _OCR_HINT))
    lost = sum(1 for p in pages for c in p.chars if c.text == "\ufffd" or "\ue000" <= c.text <= "\uf8ff")
    if lost > _LOST_SHARE * sum(visible):
        message = f"{lost} of {sum(visible)} characters have no Unicode value in the file."
        warnings.append(Issue("reading", "UnmappedCharacters", message, _OCR_HINT))
    return warnings


def _title(pdf: Any) -> str | None:
    """The title property, where it names a report."""
    from gia_nlp.vocabulary.web_pages import web_pages

    title = " ".join((pdf.get_metadata_dict().get("Title") or "").split())
    return title if any(w in title for w in web_pages().title_words) else None


@dataclass(slots=True)
class _Item:
    """A line or a table on a page."""

    top: float
    text: str = ""
    table: Any = None


def _blocks(pages: Sequence[Any]) -> list[Block]:
    from gia_nlp.reading.pdf_lines import build_lines, page_marks
    from gia_nlp.reading.pdf_table import fill, join

    filled = [fill(page) for page in pages]
    lines = [build_lines(rest) for _, rest in filled]
    marks = page_marks(lines, [(p.bottom, p.top) for p in pages])
    items: list[_Item] = []
    for (tables, _), page_lines, dropped in zip(filled, lines, marks, strict=True):
        here = [_Item(line.top, line.text) for i, line in enumerate(page_lines) if i not in dropped]
        here += [_Item(table.top, table=table) for table in tables]
        here.sort(key=lambda item: -item.top)
        if items and here and items[-1].table is not None and here[0].table is not None:
            joined = join(items[-1].table, here[0].table)
            if joined is not None:
                items[-1].table = joined
                here = here[1:]
        items.extend(here)
    blocks: list[Block] = []
    for item in items:
        if item.table is None:
            blocks.append(Paragraph(item.text))
        elif item.table.is_table:
            blocks.append(Table(item.table.placed()))
        else:
            blocks.extend(Paragraph(line) for line in item.table.lines())
    return blocks


READER = Reader("pdf", 5.0, accepts, read)
