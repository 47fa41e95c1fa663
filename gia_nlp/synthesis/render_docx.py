"""Word files with merged cells; the same bytes each time."""

from __future__ import annotations

import datetime
import io
import random
import zipfile

from gia_nlp.synthesis.boxes import Box, Printed
from gia_nlp.synthesis.content import Content
from gia_nlp.synthesis.document import Block
from gia_nlp.synthesis.options import LayoutName
from gia_nlp.synthesis.seeds import chance

_STAMP = datetime.datetime(2022, 1, 20, 9, 0)


def render_docx(content: Content, blocks: list[Block], layout: LayoutName, rng: random.Random) -> bytes:
    """The file's bytes. Needs python-docx (extra ``synth``), else raises ``ModuleNotFoundError``."""
    import docx

    document = docx.Document()
    styled = chance(rng, 0.5)
    for block in blocks:
        if block.table is not None:
            _table(document, block.table)
            continue
        style = (
            {"title": "Title", "heading": "Heading 1", "subheading": "Heading 2"}.get(block.kind, "Normal")
            if styled
            else "Normal"
        )
        paragraph = document.add_paragraph("", style=style)
        text = block.body.text
        at = 0
        while at < len(text):  # Word tears sentences into runs at every edit
            step = rng.randint(5, 60)
            run = paragraph.add_run(text[at : at + step])
            run.bold = True if block.kind == "heading" and not styled else None
            at += step
    properties = document.core_properties
    properties.created = properties.modified = _STAMP
    properties.title = next((b.body.text.replace("\n", "") for b in blocks if b.kind == "title"), "")
    properties.author = ""
    buffer = io.BytesIO()
    document.save(buffer)
    return _repacked(buffer)


def _table(document: object, table: Printed) -> None:
    made = document.add_table(rows=len(table.grid), cols=table.width, style="Table Grid")  # type: ignore[attr-defined]
    places = made._cells  # one look-up for all: table.cell() walks the whole table each time
    for r, row in enumerate(table.matrix()):
        for c, place in enumerate(row):
            if not isinstance(place, Box):
                continue
            cell = places[r * table.width + c]
            if place.rows > 1 or place.columns > 1:
                cell = cell.merge(places[(r + place.rows - 1) * table.width + c + place.columns - 1])
            cell.text = place.text


def _repacked(buffer: io.BytesIO) -> bytes:
    """The archive with fixed dates, so that the bytes do not depend on the clock."""
    out = io.BytesIO()
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            info = zipfile.ZipInfo(name, (2022, 1, 20, 9, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, source.read(name))
    return out.getvalue()
