"""Word files (OOXML): paragraphs and tables in the order of the document, as a reader sees them.

Insertions of tracked changes are kept, deletions are not; field codes are not text, their results are; numbers that
Word generates stand before their paragraphs. Headers, footers, hidden text and tables of contents are left out.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from gia_nlp.reading.blocks import assemble, digest
from gia_nlp.reading.errors import ReadingError
from gia_nlp.reading.limits import limits, megabytes, more
from gia_nlp.reading.registry import Reader
from gia_nlp.records import Document, Issue

if TYPE_CHECKING:
    from gia_nlp.reading.docx_part import Part
    from gia_nlp.reading.docx_styles import Styles, StyleTree

_DAMAGED = "The Word file is cut off or damaged."
_HINT = "Open it in Word or LibreOffice and save it again as .docx."


def accepts(data: bytes, name: str) -> bool:
    """A zip archive with Word's main part in it, whatever its name."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    if name.lower().endswith((".docx", ".docm", ".dotx")):
        return True
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(n.replace("\\", "/").lower() == "word/document.xml" for n in archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def read(data: bytes, name: str) -> Document:
    """The document in a Word file."""
    from gia_nlp.reading.docx_body import Body
    from gia_nlp.reading.docx_numbering import Numbering
    from gia_nlp.reading.table import spans_not_believed

    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise ReadingError(_DAMAGED, hint="Download it again.") from None
    with archive:
        parts = _Parts(archive)
        main = parts.main()
        document = parts.body(main)
        if document is None:
            raise ReadingError("The Word file has no main document.", hint=_HINT)
        folder = posixpath.dirname(main)
        numbering = parts.side(f"{folder}/numbering.xml")
        styles = parts.styles(f"{folder}/styles.xml")
        notes = [parts.side(f"{folder}/{part}.xml", text=True) for part in ("footnotes", "endnotes")]
        body = Body(Numbering(numbering, styles))
        blocks = body.read(document)
        for part in notes:
            if part is not None:
                blocks.extend(body.read_notes(part))
        text, grids = assemble(blocks, "docx")
        title = _title(parts)
        warnings = [
            Issue(
                "reading",
                "DamagedPart",
                f"A part of the Word file is damaged and was not read to its end: {part}.",
                _HINT,
            )
            for part in parts.damaged
        ]
        if body.doubtful:
            warnings.append(spans_not_believed(body.doubtful))
        if body.chunks:
            embedded = _embedded(parts, main, body.chunks, name)
            if embedded is not None and not text.strip():
                return replace(embedded, format="docx", sha256=digest(data), encoding=None)
            message = "The file embeds another document whose text was not read."
            warnings.append(Issue("reading", "EmbeddedDocument", message, _HINT))
    if not text.strip():
        raise ReadingError("The Word file holds no text.", hint="Its content may be images of a scan.")
    return Document(
        text=text, path=name, format="docx", sha256=digest(data), grids=grids, title=title, warnings=tuple(warnings)
    )


class _Parts:
    """The parts of a package, read with a limit on their size."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.damaged: list[str] = []
        self.names = {i.filename.replace("\\", "/").lower(): i for i in archive.infolist()}

    def unpacked(self, name: str) -> bytes | None:
        info = self.names.get(name.lstrip("/").lower())
        if info is None:
            return None
        if info.flag_bits & 1:
            raise ReadingError("The Word file is encrypted.", hint="Save it without a password.")
        with self.archive.open(info) as part:
            most = limits().part
            content = part.read(most + 1)
        if len(content) > most:
            message = f"A part of the Word file ({posixpath.basename(name)}) is larger than {megabytes(most)} unpacked."
            raise ReadingError(message, hint=more("part", megabytes(4 * most).replace(" ", "")))
        return content

    def xml(self, name: str) -> Any:
        return self._tree(name, self._content(name))

    def body(self, name: str) -> Part | None:
        """A part that holds text."""
        from gia_nlp.reading.docx_part import Part, without_print

        content = self._content(name)
        root = self._tree(name, content)
        return None if root is None or content is None else Part(without_print(root, content))

    def _tree(self, name: str, content: bytes | None) -> Any:
        from lxml import etree

        if content is None or not content.strip():
            return None
        # Not huge_tree: it would lift the parser's own guard against entities that grow in attributes.
        parser = etree.XMLParser(
            recover=True, resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True
        )
        try:
            root = etree.fromstring(content, parser)
        except etree.XMLSyntaxError:
            raise ReadingError(_DAMAGED, hint="Download it again.") from None
        if root is None:
            return None
        if root.getroottree().docinfo.internalDTD is not None:
            raise ReadingError("The Word file declares entities of its own, as none that Word writes.", hint=_HINT)
        if any(entry.level == etree.ErrorLevels.FATAL for entry in parser.error_log):
            self.damaged.append(posixpath.basename(name))
        return root

    def _content(self, name: str) -> bytes | None:
        try:
            return self.unpacked(name)
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, OSError):
            raise ReadingError(_DAMAGED, hint="Download it again.") from None

    def side(self, name: str, *, text: bool = False) -> Any:
        """A part that the text can do without; a damaged one is only noted."""
        try:
            return self.body(name) if text else self.xml(name)
        except ReadingError:
            self.damaged.append(posixpath.basename(name))
            return None

    def styles(self, name: str) -> Styles | StyleTree:
        """The styles, without a tree of them where they are sound."""
        from gia_nlp.reading.docx_styles import Styles, StyleTree

        try:
            content = self._content(name)
        except ReadingError:
            content = None  # noted below
        styles = Styles.of(content) if content else None
        return StyleTree(self.side(name)) if styles is None else styles

    def main(self) -> str:
        for kind, target, _ in self.relations("_rels/.rels"):
            if kind.endswith("/officeDocument"):
                return target.lstrip("/")
        return "word/document.xml"

    def relations(self, name: str) -> list[tuple[str, str, str]]:
        root = self.side(name)
        if root is None:
            return []
        return [(r.get("Type") or "", r.get("Target") or "", r.get("Id") or "") for r in root if isinstance(r.tag, str)]


def _embedded(parts: _Parts, main: str, chunks: list[str], name: str) -> Document | None:
    """The first page that the file embeds (``altChunk``), as converters of web pages to Word leave it."""
    from gia_nlp.reading.registry import read_bytes

    folder, file = posixpath.split(main)
    targets = {i: t for _, t, i in parts.relations(f"{folder}/_rels/{file}.rels")}
    for chunk in chunks:
        target = targets.get(chunk, "")
        content = parts.unpacked(target if target.startswith("/") else f"{folder}/{target}") if target else None
        if content and not content.startswith(b"PK"):
            document = read_bytes(content, posixpath.basename(target))
            return replace(document, path=name)
    return None


def _title(parts: _Parts) -> str | None:
    """The title property, where it names a report; mostly it is a template's."""
    from gia_nlp.vocabulary.web_pages import web_pages

    core = parts.side("docProps/core.xml")
    if core is None:
        return None
    for element in core:
        if isinstance(element.tag, str) and element.tag.endswith("}title"):
            text = " ".join((element.text or "").split())
            return text if any(w in text for w in web_pages().title_words) else None
    return None


READER = Reader("docx", 10.0, accepts, read)
