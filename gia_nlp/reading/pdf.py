"""PDF files: lines in reading order, tables from their ruling lines, torn tables joined again."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from gia_nlp.reading.blocks import Block, Paragraph, Table, assemble_marked, digest
from gia_nlp.reading.errors import ReadingError
from gia_nlp.reading.limits import limits, more
from gia_nlp.reading.ocr import OCR_HINT, OCR_NOTE
from gia_nlp.reading.registry import Reader
from gia_nlp.records import Document, Issue

_DAMAGED_HINT = "Download it again."
_LOST_SHARE = 0.2
_one_at_a_time = threading.RLock()  # pdfium must not be called by two threads, not even with two files


def accepts(data: bytes, name: str) -> bool:
    """PDF by its mark, which may stand behind some other bytes.

    >>> accepts(b"%PDF-1.7", "report.txt")
    True
    """
    return b"%PDF-" in data[:1024]


def read(data: bytes, name: str) -> Document:
    """The document in a PDF. Pages without a text layer are recognised where the extra ``ocr`` is installed.

    Raises ``ReadingError`` for encrypted files, and for scans without that extra.
    """
    with _one_at_a_time:
        pages, title, behind, most = _opened(data)
    contents = [page.content for page in pages if page.content is not None]
    if not any(_legible(page) for page in pages):
        if any(page.picture for page in pages):
            raise ReadingError("The PDF has no text layer: its pages are images.", hint=_scan_hint(pages))
        raise ReadingError("The PDF holds no text.", hint=OCR_HINT)
    text, grids, recognised = assemble_marked(blocks(contents), "pdf")
    return Document(
        text=text,
        path=name,
        format="pdf",
        sha256=digest(data),
        grids=grids,
        title=title,
        warnings=(*_warnings(pages), *_left_out(behind, most)),
        recognised=recognised,
    )


def _opened(data: bytes) -> tuple[list[_Page], str | None, int, int]:
    """The pages, the title that the file names, how many pages lie behind the limit, and the limit."""
    import pypdfium2 as pdfium

    try:
        pdf = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise ReadingError("The PDF is encrypted.", hint="Save it without a password.") from None
        raise ReadingError(f"The PDF is damaged: {error}", hint=_DAMAGED_HINT) from None
    try:
        most, behind = limits().pages, max(0, len(pdf) - limits().pages)
        pages = _pages(pdf, most)
        title = _title(pdf)
    finally:
        pdf.close()
    _recognise(data, pages)
    return pages, title, behind, most


@dataclass(slots=True)
class _Page:
    """A page; ``picture`` says what of it is a picture to recognise: "page", "part" or nothing."""

    number: int
    content: Any = None
    picture: str = ""
    recognised: bool = False
    unread: int = 0
    lost: int = 0
    visible: int = 0


def _pages(pdf: Any, most: int) -> list[_Page]:
    import pypdfium2 as pdfium

    from gia_nlp.reading.pdf_fonts import plain_fonts
    from gia_nlp.reading.pdf_page import read_page
    from gia_nlp.reading.pdf_scan import picture_kind

    found = []
    with plain_fonts():
        for i in range(min(len(pdf), most)):
            page = _Page(i + 1)
            found.append(page)
            try:
                handle = pdf[i]
            except pdfium.PdfiumError:
                continue
            try:
                page.content = read_page(handle)
            finally:
                handle.close()
            chars = page.content.chars
            page.visible = len(chars) - int(chars.blank.sum())
            page.lost = sum(1 for c in chars.text if c == "\ufffd" or "\ue000" <= c <= "\uf8ff")
            page.picture = picture_kind(page.content, mapped=page.lost <= _LOST_SHARE * max(page.visible, 1))
    return found


def _recognise(data: bytes, pages: Iterable[_Page]) -> None:
    """Reads the pictures on pages; the file is opened anew, as what is drawn is to be drawn in the machine's fonts."""
    import pypdfium2 as pdfium

    from gia_nlp.reading.ocr import available
    from gia_nlp.reading.pdf_scan import MOST_PAGES, recognise_page

    chosen = [page for page in pages if page.picture]
    if not chosen or not available():
        return
    pdf = pdfium.PdfDocument(data)
    try:
        for page in chosen[:MOST_PAGES]:
            handle = pdf[page.number - 1]
            try:
                page.content, page.unread = recognise_page(handle, page.content, page.picture)
            finally:
                handle.close()
            page.recognised = True
            page.lost = 0
    finally:
        pdf.close()


def _left_out(behind: int, most: int) -> list[Issue]:
    if not behind:
        return []
    message = f"{behind:,} pages behind the first {most:,} were not read."
    return [Issue("reading", "TooManyPages", message, more("pages", str(most + behind)))]


def _legible(page: _Page) -> bool:
    """Whether a page gives text beyond the number stamped on a scan."""
    if page.content is None:
        return False
    if page.recognised:
        return len(page.content.chars) > 0
    return (page.visible > 0 and page.picture != "page") or page.lost > 0


def _scan_hint(pages: Iterable[_Page]) -> str:
    if any(page.recognised for page in pages):
        return "Text recognition found no letters on them: scan it anew, larger or darker."
    return OCR_HINT


def _warnings(pages: Sequence[_Page]) -> list[Issue]:
    def numbers(chosen: Iterable[_Page]) -> str:
        return ", ".join(str(p.number) for p in chosen)

    def issue(error: str, message: str, chosen: list[_Page], hint: str) -> None:
        if chosen:
            issues.append(Issue("reading", error, message.format(numbers(chosen)), hint))

    issues: list[Issue] = []
    damaged = [p for p in pages if p.content is None]
    issue("DamagedPage", "Pages that are damaged were not read: {}.", damaged, _DAMAGED_HINT)
    unseen = [p for p in pages if p.picture and not p.recognised]
    # Where some pages were recognised, the others are beyond the number of pages that are.
    hint = "Give the file in parts." if any(p.recognised for p in pages) else OCR_HINT
    whole = [p for p in unseen if p.picture == "page" and not p.lost]
    issue("PageWithoutText", "Pages that are images were not read: {}.", whole, hint)
    parts = [p for p in unseen if p.picture == "part"]
    issue("PictureOnPage", "Large pictures on these pages were not read: {}.", parts, hint)
    issue("TextRecognition", "Pages read by text recognition: {}.", [p for p in pages if p.recognised], OCR_NOTE)
    marks = [p for p in pages if p.unread]
    issue("UnreadMarks", "Text recognition saw marks that it could not read on pages: {}.", marks, OCR_NOTE)
    lost, visible = sum(p.lost for p in pages), sum(p.visible for p in pages)
    if lost > _LOST_SHARE * visible:
        message = f"{lost} of {visible} characters have no Unicode value in the file."
        issues.append(Issue("reading", "UnmappedCharacters", message, OCR_HINT))
    return issues


def _title(pdf: Any) -> str | None:
    """The title property, where it names a report."""
    from gia_nlp.vocabulary.web_pages import web_pages

    try:
        # Not all properties at once: one that is no Unicode would cost the others, and the text.
        title = " ".join((pdf.get_metadata_value("Title") or "").split())
    except UnicodeDecodeError:
        return None
    return title if any(w in title for w in web_pages().title_words) else None


@dataclass(slots=True)
class _Item:
    """A line or a table on a page."""

    top: float
    text: str = ""
    recognised: bool = False
    table: Any = None


def blocks(pages: Sequence[Any]) -> list[Block]:
    """Paragraphs and tables of pages in reading order, without the pages' marks."""
    from gia_nlp.reading.pdf_lines import page_marks
    from gia_nlp.reading.pdf_table import fill, join

    filled = [fill(page) for page in pages]
    lines = [rest for _, rest in filled]
    marks = page_marks(lines, [(p.bottom, p.top) for p in pages])
    items: list[_Item] = []
    for (tables, _), page_lines, dropped in zip(filled, lines, marks, strict=True):
        here = [_Item(line.top, line.text, line.recognised) for i, line in enumerate(page_lines) if i not in dropped]
        here += [_Item(table.top, table=table) for table in tables]
        here.sort(key=lambda item: -item.top)
        if items and here and items[-1].table is not None and here[0].table is not None:
            joined = join(items[-1].table, here[0].table)
            if joined is not None:
                items[-1].table = joined
                here = here[1:]
        items.extend(here)
    found: list[Block] = []
    for item in items:
        if item.table is None:
            found.append(Paragraph(item.text, item.recognised))
        elif item.table.is_table:
            found.append(Table(item.table.placed(), item.table.recognised))
        else:
            found.extend(Paragraph(line, item.table.recognised) for line in item.table.lines())
    return found


READER = Reader("pdf", 5.0, accepts, read)
