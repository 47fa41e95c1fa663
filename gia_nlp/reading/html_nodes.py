"""A page's elements as columns, in the order of the source: Python walks lists many times faster than a tree of lxml's proxies.

lxml writes the tree out in C and one pattern takes the writing apart. Where that cannot be exact (names with quotes in them,
control characters), the tree is walked instead; both give the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from gia_nlp.vocabulary.web_pages import WebPages, plain_name

_NAME = r"""[^\s<>/"'=]+"""
_TAG = re.compile(rf"""<(/?)({_NAME})((?: {_NAME}="[^"]*")*)(/?)>([^<]*)""")
_ATTRIBUTE = re.compile(rf"""({_NAME})="([^"]*)\"""")
_LOST = "&#xFFFD;"  # what is written for characters that XML does not have
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.I)
_ENTITIES = (
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", '"'),
    ("&#9;", "\t"),
    ("&#10;", "\n"),
    ("&#13;", "\r"),
    ("&amp;", "&"),
)


@dataclass(frozen=True, slots=True)
class Attributes:
    """An element's attributes, and what they say of it: hidden, a container of an article, chrome of the site."""

    values: dict[str, str]
    hidden: bool
    container: bool
    chrome: bool
    chrome_without_table: bool


class Nodes:
    """Tags of a page. An element is known by the number of its start tag.

    ``texts`` are what follows each tag up to the next; ``ends`` gives the end tag of each start tag, itself if it is ``empty``.

    >>> from gia_nlp.vocabulary.web_pages import web_pages
    >>> nodes = Nodes(etree.fromstring("<div>收<br/>到<p hidden=''>&lt;</p></div>"), web_pages())
    >>> nodes.tags, nodes.texts, nodes.ends[0], list(nodes.children(0)), nodes.attributes(2).hidden
    (['div', 'br', 'p', 'p', 'div'], ['收', '到', '<', '', ''], 4, [1, 2], True)
    """

    def __init__(self, root: Any, words: WebPages) -> None:
        self._words = words
        self._known: dict[str, Attributes] = {}
        written = etree.tostring(root, encoding="unicode", with_tail=False)
        found = _TAG.findall(written)
        if len(found) != written.count("<") or _LOST in written:
            found = list(_walked(root))
        elif "&" in written:
            found = [(*f[:4], _unescaped(f[4])) if "&" in f[4] else f for f in found]
        self.closing: list[str]
        self.tags: list[str]
        self.empty: list[str]
        self.texts: list[str]
        self.written: list[str]  # attributes, "" if there are none
        self.closing, self.tags, self.written, self.empty, self.texts = map(list, zip(*found, strict=True))
        if not all(map(str.isascii, set(self.tags))):
            self.tags = [tag.lower() for tag in self.tags]
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

    def attributes(self, element: int) -> Attributes:
        """The attributes of an element."""
        written = self.written[element]
        known = self._known.get(written)
        if known is None:
            known = self._known[written] = self._described(written)
        return known

    def _described(self, written: str) -> Attributes:
        values = dict(_ATTRIBUTE.findall(written))
        if "&" in written:
            values = {name: _unescaped(value) for name, value in values.items()}
        names = [plain_name(n) for n in f"{values.get('class', '')} {values.get('id', '')}".split()]
        words = self._words
        return Attributes(
            values,
            "hidden" in values or bool(_HIDDEN.search(values.get("style", ""))),
            any(n in words.containers for n in names),
            values.get("role", "").lower() in words.chrome_roles
            or any(_is_chrome_name(n, words.chrome) for n in names),
            any(_is_chrome_name(n, words.chrome_without_table) for n in names),
        )

    def children(self, element: int) -> Iterator[int]:
        """The elements right below an element."""
        i, end = element + 1, self.ends[element]
        while i < end:
            yield i
            i = self.ends[i] + 1


def _walked(root: Any) -> Iterator[tuple[str, str, str, str, str]]:
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            # Names that the pattern does not know carry no meaning for reading.
            values = "".join(f' {k}="{_escaped(v)}"' for k, v in element.attrib.items() if re.fullmatch(_NAME, k))
            yield "", element.tag, values, "", element.text or ""
        else:
            yield "/", element.tag, "", "", (element.tail or "") if element is not root else ""


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;")


def _unescaped(text: str) -> str:
    for entity, char in _ENTITIES:
        text = text.replace(entity, char)
    return text


def _is_chrome_name(name: str, chrome: frozenset[str]) -> bool:
    if name in chrome:
        return True
    parts = name.split("_")
    return len(parts) > 1 and (parts[0] in chrome or parts[-1] in chrome or "_".join(parts[-2:]) in chrome)
