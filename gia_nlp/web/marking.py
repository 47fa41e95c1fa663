"""A report's text as HTML with its marks. Everything of the report is escaped; offsets survive the browser's parser."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup, escape

from gia_nlp.frames.marks import Mark, walk


def shown(text: str) -> str:
    """Text as HTML in which a browser finds as many characters: a bare CR would become a line end, a NUL vanish.

    >>> shown("a<b\\r")
    'a&lt;b&#13;'
    """
    return str(escape(text)).replace("\r", "&#13;").replace("\0", "\ufffd")


def marked_text(text: str, marks: list[Mark], titles: Mapping[str, str], *, anchors: bool = True) -> Markup:
    """The text with a ``<mark>`` for each piece of a mark, shown with its title on hovering.

    With ``anchors`` the first piece of each has the mark's ``id``, and all have it as ``data-id``.
    """
    pieces: list[str] = []
    for what, content, first in walk(text, marks):
        if isinstance(content, str):
            pieces.append(shown(content))
        elif what == "close":
            pieces.append("</mark>")
        else:
            id, title = escape(content.id), escape(titles.get(content.id, content.label))
            names = f' data-id="{id}"' + (f' id="{id}"' if first else "") if anchors else ""
            pieces.append(f'<mark class="{escape(content.kind)}"{names} title="{title}">')
    return Markup("".join(pieces))
