"""The body of a Word document as blocks."""

from __future__ import annotations

from collections.abc import Iterator

from gia_nlp.reading.blocks import Block, Paragraph
from gia_nlp.reading.docx_numbering import Numbering, integer
from gia_nlp.reading.docx_part import Part
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

    def __init__(self, numbering: Numbering) -> None:
        self.numbering = numbering
        self.chunks: list[str] = []
        self.doubtful = 0
        self._field: list[bool] = []  # for each open field: still in its code
        self._carry = ""

    def read(self, part: Part) -> list[Block]:
        """All blocks of the main part."""
        self.part = part
        body = part.child(0, "body") if part.tags[0] == "document" else 0
        if body is None:
            body = part.below(0, "body") or 0
        blocks = self._blocks(body)
        if self._carry:
            blocks.append(Paragraph(self._carry))
        return blocks

    def read_notes(self, part: Part) -> list[Block]:
        """The text of footnotes or endnotes, without Word's separators."""
        self.part = part
        blocks: list[Block] = []
        for note in part.children(0):
            if part.tags[note] in ("footnote", "endnote") and part.attribute(note, "type") in (None, "normal"):
                blocks.extend(self._blocks(note))
        return blocks

    def _blocks(self, parent: int) -> list[Block]:
        blocks: list[Block] = []
        for element in self.part.children(parent):
            name = self.part.tags[element]
            if name == "p":
                blocks.extend(self._paragraph(element))
            elif name == "tbl":
                blocks.extend(self._table(element))
            elif name == "AlternateContent":
                blocks.extend(self._alternative(element))
            elif name == "altChunk":
                self.chunks.append(self.part.attribute(element, "id") or "")
            elif name == "sdt":
                if not _is_contents(self.part, element):
                    blocks.extend(self._blocks(element))
            elif name in _TRANSPARENT or name in ("txbxContent", "Choice", "Fallback"):
                blocks.extend(self._blocks(element))
        return blocks

    def _alternative(self, element: int) -> list[Block]:
        for name in ("Choice", "Fallback"):
            for option in self.part.named(element, name):
                if blocks := self._blocks(option):
                    return blocks
        return []

    def _paragraph(self, element: int) -> list[Block]:
        part = self.part
        properties = part.child(element, "pPr")
        label, style, mark = "", None, None
        if properties is not None:
            style = part.value(part.child(properties, "pStyle"))
            numbered = part.child(properties, "numPr")
            number = part.value(part.child(numbered, "numId"))
            label = self.numbering.label(style, number, integer(part.value(part.child(numbered, "ilvl"))))
            mark = part.child(part.child(properties, "rPr"), "del")
        boxes: list[Block] = []
        pieces: list[str] = []
        self._inline(element, pieces, boxes)
        text = "".join(pieces)
        if style is not None and self.numbering.is_contents(style):
            return boxes
        if mark is not None:
            # The paragraph's end is deleted: its text, if any is left, runs on into the next paragraph.
            self._carry += text
            return boxes
        text, self._carry = self._carry + text, ""
        text = text.replace("\xa0", " ").strip(" \u3000\t")
        plain = text.isprintable() and text  # stripped: its first character is no blank
        if not plain and not any(c.isprintable() and not c.isspace() for c in text):
            return boxes
        if "\n" not in text:
            return [Paragraph(label + text), *boxes]
        lines = [line.strip(" \u3000") for line in text.split("\n")]
        lines[0] = label + lines[0]
        return [*(Paragraph(line) for line in lines if line.strip()), *boxes]

    def _inline(self, parent: int, pieces: list[str], boxes: list[Block]) -> None:
        part = self.part
        for element in part.children(parent):
            name = part.tags[element]
            if name in _SKIPPED:
                continue
            in_code = any(self._field) if self._field else False
            if name == "t":
                if not in_code and not part.empty[element]:
                    pieces.append(part.texts[element])
            elif name == "r":
                if not self._is_hidden(element):
                    self._inline(element, pieces, boxes)
            elif name == "fldChar":
                self._field_mark(part.attribute(element, "fldCharType"))
            elif name == "tab" and not in_code:
                pieces.append("\t")
            elif name in ("br", "cr") and not in_code:
                pieces.append("\n")
            elif name == "noBreakHyphen":
                pieces.append("-")
            elif name == "sym" and not in_code:
                pieces.append(_symbol(part.attribute(element, "char") or ""))
            elif name in ("drawing", "pict", "object"):
                for content in _text_boxes(part, element):
                    boxes.extend(self._apart(content))
            elif name == "AlternateContent":
                self._inline_alternative(element, pieces, boxes)
            elif name in _TRANSPARENT:
                self._inline(element, pieces, boxes)

    def _is_hidden(self, run: int) -> bool:
        properties = self.part.child(run, "rPr")
        vanish = None if properties is None else self.part.child(properties, "vanish")
        return vanish is not None and self.part.value(vanish) not in ("0", "false", "off")

    def _apart(self, content: int) -> list[Block]:
        """Blocks of a text box, whose fields and deleted marks are its own."""
        field, carry = self._field, self._carry
        self._field, self._carry = [], ""
        blocks = self._blocks(content)
        if self._carry:
            blocks.append(Paragraph(self._carry))
        self._field, self._carry = field, carry
        return blocks

    def _inline_alternative(self, element: int, pieces: list[str], boxes: list[Block]) -> None:
        """A drawing in the new markup or the old: the first that says anything, never both."""
        for name in ("Choice", "Fallback"):
            for option in self.part.named(element, name):
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

    def _table(self, element: int) -> list[Block]:
        part = self.part
        rows = [self._row(row) for row in _unwrapped(part, element, "tr")]
        grid = part.child(element, "tblGrid")
        widths = [part.attribute(c, "w") or "" for c in part.named(grid, "gridCol")] if grid is not None else []
        rows = on_true_columns([row for row in rows if row], widths)
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

    def _row(self, element: int) -> list[RowCell]:
        part = self.part
        properties = part.child(element, "trPr")
        if properties is not None and part.child(properties, "del") is not None:
            return []
        column = self._count(properties, "gridBefore", 0)
        cells: list[RowCell] = []
        for tc in _unwrapped(part, element, "tc"):
            own = part.child(tc, "tcPr")
            width = self._count(own, "gridSpan", 1)
            above, left = self._continues(own, "vMerge"), self._continues(own, "hMerge")
            cells.append(RowCell(column, width, self._apart(tc), above, left))
            column += width
        return cells

    def _continues(self, properties: int | None, name: str) -> bool:
        """Whether a cell's property says that it continues another cell."""
        merge = self.part.child(properties, name)
        return merge is not None and self.part.value(merge) != "restart"

    def _count(self, properties: int | None, name: str, default: int) -> int:
        text = self.part.value(self.part.child(properties, name)) or ""
        return min(max(int(text), 1), 1000) if text.isdigit() and len(text) < 7 and int(text) else default


def _unwrapped(part: Part, parent: int, name: str) -> Iterator[int]:
    """Rows of a table or cells of a row, also inside content controls and tracked insertions."""
    for element in part.children(parent):
        found = part.tags[element]
        if found == name:
            yield element
        elif found in _TRANSPARENT:
            yield from _unwrapped(part, element, name)


def _text_boxes(part: Part, element: int) -> Iterator[int]:
    """The outermost text boxes of a drawing; alternatives inside it count once."""
    for inner in part.children(element):
        name = part.tags[inner]
        if name == "txbxContent":
            yield inner
        elif name == "AlternateContent":
            for option in ("Choice", "Fallback"):
                found = [box for o in part.named(inner, option) for box in _text_boxes(part, o)]
                if found:
                    yield from found
                    break
        else:
            yield from _text_boxes(part, inner)


def _is_contents(part: Part, sdt: int) -> bool:
    """A generated table of contents: it repeats the headings."""
    properties = part.child(sdt, "sdtPr")
    gallery = None if properties is None else part.below(properties, "docPartGallery")
    return part.value(gallery) == "Table of Contents"


def _symbol(code: str) -> str:
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    if 0xF000 <= number <= 0xF0FF:
        return _SYMBOLS.get(number - 0xF000, chr(number))
    return chr(number) if 0 < number < 0x110000 and not 0xD800 <= number < 0xE000 else ""
