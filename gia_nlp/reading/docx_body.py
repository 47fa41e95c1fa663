"""The body of a Word document as blocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gia_nlp.reading.blocks import Block, Paragraph
from gia_nlp.reading.docx_numbering import Numbering, attribute, child, children, local, value
from gia_nlp.reading.docx_table import RowCell, as_table, is_running_text, on_true_columns

_TRANSPARENT = {
    "sdt",
    "sdtContent",
    "ins",
    "moveTo",
    "customXml",
    "smartTag",
    "hyperlink",
    "fldSimple",
    "bdo",
    "dir",
    "ruby",
    "rubyBase",
    "r",
    "oMath",
    "oMathPara",
}
_SKIPPED = {
    "del",
    "moveFrom",
    "rt",
    "instrText",
    "delText",
    "delInstrText",
    "rPr",
    "pPr",
    "sdtPr",
    "footnoteReference",
    "endnoteReference",
    "commentReference",
    "annotationRef",
    "separator",
    "continuationSeparator",
}
_SYMBOLS = {
    0xFE: "☑",
    0x52: "☑",
    0xFC: "✓",
    0xFD: "☒",
    0xA8: "□",
    0x6F: "□",
    0x6C: "●",
    0x6E: "■",
    0xD8: "➢",
    0x75: "◆",
}


class Body:
    """Reads a document part; remembers embedded documents (``chunks``) that it could not read.

    ``doubtful``: tables whose spans were not believed.
    """

    def __init__(self, numbering: Numbering, styles: Any) -> None:
        self.numbering = numbering
        self.chunks: list[str] = []
        self.doubtful = 0
        self._field: list[bool] = []  # for each open field: still in its code
        self._carry = ""
        self._contents = (
            set()
            if styles is None
            else {
                attribute(s, "styleId")
                for s in children(styles, "style")
                if (value(child(s, "name")) or "").lower().startswith("toc ")
            }
        )

    def read(self, root: Any) -> list[Block]:
        """All blocks of the main part."""
        body = child(root, "body") if local(root) == "document" else root
        if body is None:
            body = next((e for e in root.iter() if local(e) == "body"), root)
        blocks = self._blocks(body)
        if self._carry:
            blocks.append(Paragraph(self._carry))
        return blocks

    def read_notes(self, root: Any) -> list[Block]:
        """The text of footnotes or endnotes, without Word's separators."""
        blocks: list[Block] = []
        for note in root:
            if local(note) in ("footnote", "endnote") and attribute(note, "type") in (None, "normal"):
                blocks.extend(self._blocks(note))
        return blocks

    def _blocks(self, parent: Any) -> list[Block]:
        blocks: list[Block] = []
        for element in parent:
            name = local(element)
            if name == "p":
                blocks.extend(self._paragraph(element))
            elif name == "tbl":
                blocks.extend(self._table(element))
            elif name == "AlternateContent":
                blocks.extend(self._alternative(element))
            elif name == "altChunk":
                self.chunks.append(attribute(element, "id") or "")
            elif name == "sdt":
                if not _is_contents(element):
                    blocks.extend(self._blocks(element))
            elif name in _TRANSPARENT or name in ("txbxContent", "Choice", "Fallback"):
                blocks.extend(self._blocks(element))
        return blocks

    def _alternative(self, element: Any) -> list[Block]:
        for name in ("Choice", "Fallback"):
            for option in children(element, name):
                if blocks := self._blocks(option):
                    return blocks
        return []

    def _paragraph(self, element: Any) -> list[Block]:
        properties = child(element, "pPr")
        label = self.numbering.label(element)
        boxes: list[Block] = []
        pieces: list[str] = []
        self._inline(element, pieces, boxes)
        text = "".join(pieces)
        if properties is not None and value(child(properties, "pStyle")) in self._contents and self._contents:
            return boxes
        mark = child(child(properties, "rPr"), "del") if properties is not None else None
        if mark is not None:
            # The paragraph's end is deleted: its text, if any is left, runs on into the next paragraph.
            self._carry += text
            return boxes
        text, self._carry = self._carry + text, ""
        text = text.replace("\xa0", " ").strip(" \u3000\t")
        if not any(c.isprintable() and not c.isspace() for c in text):
            return boxes
        lines = [line.strip(" \u3000") for line in text.split("\n")]
        lines[0] = label + lines[0]
        return [*(Paragraph(line) for line in lines if line.strip()), *boxes]

    def _inline(self, parent: Any, pieces: list[str], boxes: list[Block]) -> None:
        for element in parent:
            name = local(element)
            if name in _SKIPPED:
                continue
            in_code = any(self._field)
            if name == "t":
                if not in_code:
                    pieces.append(element.text or "")
            elif name == "fldChar":
                self._field_mark(attribute(element, "fldCharType"))
            elif name == "tab" and not in_code:
                pieces.append("\t")
            elif name in ("br", "cr") and not in_code:
                pieces.append("\n")
            elif name == "noBreakHyphen":
                pieces.append("-")
            elif name == "sym" and not in_code:
                pieces.append(_symbol(element))
            elif name in ("drawing", "pict", "object"):
                for content in _text_boxes(element):
                    boxes.extend(self._apart(content))
            elif name == "AlternateContent":
                self._inline_alternative(element, pieces, boxes)
            elif name == "r":
                if not _is_hidden(element):
                    self._inline(element, pieces, boxes)
            elif name in _TRANSPARENT:
                self._inline(element, pieces, boxes)

    def _apart(self, content: Any) -> list[Block]:
        """Blocks of a text box, whose fields and deleted marks are its own."""
        field, carry = self._field, self._carry
        self._field, self._carry = [], ""
        blocks = self._blocks(content)
        if self._carry:
            blocks.append(Paragraph(self._carry))
        self._field, self._carry = field, carry
        return blocks

    def _inline_alternative(self, element: Any, pieces: list[str], boxes: list[Block]) -> None:
        """A drawing in the new markup or the old: the first that says anything, never both."""
        for name in ("Choice", "Fallback"):
            for option in children(element, name):
                before = len(pieces), len(boxes)
                self._inline(option, pieces, boxes)
                if (len(pieces), len(boxes)) != before:
                    return

    def _field_mark(self, kind: str | None) -> None:
        if kind == "begin":
            self._field.append(True)
        elif self._field and kind == "separate":
            self._field[-1] = False
        elif self._field and kind == "end":
            self._field.pop()

    # ----------------------------------------------------------------------- tables

    def _table(self, element: Any) -> list[Block]:
        rows = [self._row(row) for row in _unwrapped(element, "tr")]
        rows = on_true_columns([row for row in rows if row], element)
        blocks: list[Block] = []
        run: list[list[RowCell]] = []
        for row in rows:
            if is_running_text(row):
                blocks.extend(self._as_table(run))
                run = []
                blocks.extend(b for cell in row for b in cell.blocks)
            else:
                run.append(row)
        blocks.extend(self._as_table(run))
        return blocks

    def _as_table(self, rows: list[list[RowCell]]) -> list[Block]:
        blocks, believed = as_table(rows)
        self.doubtful += not believed
        return blocks

    def _row(self, element: Any) -> list[RowCell]:
        properties = child(element, "trPr")
        if properties is not None and child(properties, "del") is not None:
            return []
        column = _count(child(properties, "gridBefore"), 0) if properties is not None else 0
        cells: list[RowCell] = []
        for tc in _unwrapped(element, "tc"):
            own = child(tc, "tcPr")
            width = _count(child(own, "gridSpan"), 1) if own is not None else 1
            vertical = child(own, "vMerge") if own is not None else None
            horizontal = child(own, "hMerge") if own is not None else None
            blocks = self._apart(tc)
            cells.append(
                RowCell(
                    column,
                    width,
                    blocks,
                    vertical is not None and value(vertical) != "restart",
                    horizontal is not None and value(horizontal) != "restart",
                )
            )
            column += width
        return cells


def _unwrapped(parent: Any, name: str) -> Iterator[Any]:
    """Rows of a table or cells of a row, also inside content controls and tracked insertions."""
    for element in parent:
        found = local(element)
        if found == name:
            yield element
        elif found in _TRANSPARENT:
            yield from _unwrapped(element, name)


def _text_boxes(element: Any) -> Iterator[Any]:
    """The outermost text boxes of a drawing; alternatives inside it count once."""
    for inner in element:
        name = local(inner)
        if name == "txbxContent":
            yield inner
        elif name == "AlternateContent":
            for option in ("Choice", "Fallback"):
                found = [box for o in children(inner, option) for box in _text_boxes(o)]
                if found:
                    yield from found
                    break
        else:
            yield from _text_boxes(inner)


def _is_hidden(run: Any) -> bool:
    vanish = child(child(run, "rPr"), "vanish")
    return vanish is not None and value(vanish) not in ("0", "false", "off")


def _is_contents(sdt: Any) -> bool:
    """A generated table of contents: it repeats the headings."""
    properties = child(sdt, "sdtPr")
    gallery = (
        next((e for e in properties.iter() if local(e) == "docPartGallery"), None) if properties is not None else None
    )
    return value(gallery) == "Table of Contents"


def _symbol(element: Any) -> str:
    code = attribute(element, "char") or ""
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    if 0xF000 <= number <= 0xF0FF:
        return _SYMBOLS.get(number - 0xF000, chr(number))
    return chr(number) if 0 < number < 0x110000 and not 0xD800 <= number < 0xE000 else ""


def _count(element: Any, default: int) -> int:
    text = value(element) or ""
    return min(max(int(text), 1), 1000) if text.isdigit() and len(text) < 7 and int(text) else default
