"""A tree of elements as columns, in the order of the source: Python walks lists many times faster than lxml's proxies.

lxml writes the tree out in C, and one pattern takes the writing apart. Where that cannot be exact (names with quotes in them,
control characters), the tree is walked instead; both give the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

_NAME = r"""[^\s<>/"'=]+"""
_TAG = re.compile(rf"<(/?)({_NAME})([^<>]*)>([^<]*)")
_ATTRIBUTES = re.compile(rf"""(?: {_NAME}="[^"]*")*/?""")
_NO_CHARACTER = re.compile(
    "&(?!(?:lt|gt|amp|quot|#9|#10|#13);)"
)  # what is written for characters that XML does not have
_ENTITIES = (
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", '"'),
    ("&#9;", "\t"),
    ("&#10;", "\n"),
    ("&#13;", "\r"),
    ("&amp;", "&"),
)


class Columns:
    """The tags of a tree. An element is known by the number of its start tag.

    ``texts`` are what follows each tag up to the next, ``written`` are the attributes of start tags; ``ends`` gives the end tag
    of each start tag, which is itself if it is ``empty``.

    >>> found = Columns(etree.fromstring("<div>收<br/>到<p id='1'>&lt;</p></div>"))
    >>> found.tags, found.texts, found.ends[0], list(found.children(0))
    (['div', 'br', 'p', 'p', 'div'], ['收', '到', '<', '', ''], 4, [1, 2])
    """

    def __init__(self, root: Any) -> None:
        written = etree.tostring(root, encoding="unicode", with_tail=False)
        parts = _TAG.split(written)  # what stands between tags, then the four groups of a tag, and so on
        attributes = {w: w.removesuffix("/") for w in set(parts[3::5])}
        if (
            any(parts[::5])
            or ("&" in written and _NO_CHARACTER.search(written))
            or not all(map(_ATTRIBUTES.fullmatch, attributes))
        ):
            parts = _walked(root)
            attributes = {w: w for w in set(parts[3::5])}
        elif "&" in written:
            parts[4::5] = [unescaped(text) if "&" in text else text for text in parts[4::5]]
        self.closing: list[str] = parts[1::5]
        self.tags: list[str] = parts[2::5]
        self.empty: list[bool] = [w[-1:] == "/" for w in parts[3::5]]
        self.written: list[str] = [attributes[w] for w in parts[3::5]]
        self.texts: list[str] = parts[4::5]
        self.ends = self._ends()

    def _ends(self) -> list[int]:
        ends = list(range(len(self.tags)))
        open_: list[int] = []
        for i, (closing, empty) in enumerate(zip(self.closing, self.empty, strict=True)):
            if closing:
                ends[open_.pop()] = i
            elif not empty:
                open_.append(i)
        return ends

    def children(self, element: int) -> Iterator[int]:
        """The elements right below an element."""
        i, end = element + 1, self.ends[element]
        while i < end:
            yield i
            i = self.ends[i] + 1


def _walked(root: Any) -> list[str]:
    """As the pattern would split the writing. Attributes of names that it does not know carry no meaning for reading."""
    parts = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        name = element.tag.rpartition("}")[2]
        if event == "start":
            values = [(k.rpartition("}")[2], v) for k, v in element.attrib.items()]
            known = "".join([f' {k}="{_escaped(v)}"' for k, v in values if re.fullmatch(_NAME, k)])
            parts += ["", "", name, known, element.text or ""]
        else:
            parts += ["", "/", name, "", (element.tail or "") if element is not root else ""]
    return parts


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;")


def unescaped(text: str) -> str:
    """Written text as it was read."""
    for entity, char in _ENTITIES:
        text = text.replace(entity, char)
    return text
