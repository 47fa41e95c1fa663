"""Text as a browser shows it."""

from __future__ import annotations

import re

_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’—…·"
_SOURCE_BREAK = re.compile(rf"(?<=[{_WIDE}])[ \t\f]*[\r\n][ \t\r\n\f]*(?=[{_WIDE}])")
_SOURCE_BLANK = re.compile(r"[ \t\r\n\f]+")
_SHOWN = re.compile(r"[^\s\u200b-\u200f\u202a-\u202e\u2060\ufeff]")


def flow_text(pieces: list[str]) -> str:
    """Text of an inline run as a browser shows it; a line end of the source between two wide characters is none.

    >>> flow_text(["\\n  主动公开\\n", "政府信息 ", " 12\\xa0条 "])
    '主动公开政府信息 12 条'
    """
    source = "".join(pieces)
    text = source.strip(" \t\r\n\f\u3000\xa0")
    if " " not in text and text.isprintable():
        return text  # nothing else in it: three of four cells and most paragraphs
    text = _SOURCE_BREAK.sub("", source)
    text = _SOURCE_BLANK.sub(" ", text).replace("\xa0", " ").strip(" \u3000\t")
    return text if _SHOWN.search(text) else ""
