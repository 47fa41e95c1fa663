"""Web archives (MHTML): the page in the mail message that browsers and Word save it as."""

from __future__ import annotations

import re
from dataclasses import replace

from gia_nlp.reading.blocks import digest
from gia_nlp.reading.errors import ReadingError
from gia_nlp.reading.registry import Reader
from gia_nlp.records import Document

_HEADER = re.compile(rb"\s*(?:[A-Za-z-]+:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){1,30}", re.I)


def accepts(data: bytes, name: str) -> bool:
    """A mail header that announces parts or a page in transfer encoding.

    >>> accepts(b"MIME-Version: 1.0\\r\\nContent-Type: multipart/related\\r\\n\\r\\n", "a.doc")
    True
    """
    header = _HEADER.match(data[:8192])
    if not header:
        return False
    found = header.group().lower()
    return b"mime-version:" in found and b"content-type:" in found


def read(data: bytes, name: str) -> Document:
    """The report in the largest page of a web archive."""
    from email import message_from_bytes, policy

    from gia_nlp.reading import html

    message = message_from_bytes(data.lstrip(), policy=policy.compat32)
    pages: list[bytes] = []
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes) and payload.strip():
                pages.append(payload)
    if not pages:
        raise ReadingError("The web archive holds no page.", hint="Save the page as .html.")
    # A page of frames is small beside the frame that holds the text.
    document = html.read(max(pages, key=len), name)
    return replace(document, format="mht", sha256=digest(data))


READER = Reader("mht", 30.0, accepts, read)
