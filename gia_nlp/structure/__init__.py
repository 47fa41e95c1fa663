"""From a document to its structure: sections, prose, cells of tables, metadata.

>>> from gia_nlp.records import Document
>>> analyse(Document("一、总体情况\\n全年公开9条。")).sections[0].id
'overview'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gia_nlp.records import Document, Layout


def analyse(document: Document) -> Layout:
    """The structure of a document; see :func:`gia_nlp.structure.layout.analyse`."""
    from gia_nlp.structure import layout

    return layout.analyse(document)
