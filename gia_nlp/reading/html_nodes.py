"""A page's elements as columns, and what their attributes say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from gia_nlp.reading.columns import Columns, unescaped
from gia_nlp.vocabulary.web_pages import WebPages, plain_name

_ATTRIBUTE = re.compile(r""" ([^\s<>/"'=]+)="([^"]*)\"""")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all")


@dataclass(frozen=True, slots=True)
class Attributes:
    """An element's attributes, and what they say of it: hidden, a container of an article, chrome of the site."""

    values: dict[str, str]
    hidden: bool
    container: bool
    chrome: bool
    chrome_without_table: bool


class Nodes(Columns):
    """The tags of a page.

    >>> from lxml import etree
    >>> from gia_nlp.vocabulary.web_pages import web_pages
    >>> nodes = Nodes(etree.fromstring("<div>收<p class='x' hidden=''>到</p></div>"), web_pages())
    >>> nodes.attributes(1).hidden, nodes.attributes(1).values["class"]
    (True, 'x')
    """

    def __init__(self, root: Any, words: WebPages) -> None:
        super().__init__(root)
        if not all(map(str.isascii, set(self.tags))):
            self.tags = [tag.lower() for tag in self.tags]
        self._words = words
        self._known: dict[str, Attributes] = {}

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
            values = {name: unescaped(value) for name, value in values.items()}
        names = [plain_name(n) for n in f"{values.get('class', '')} {values.get('id', '')}".split()]
        words = self._words
        style = values.get("style", "").lower()
        may_hide = "none" in style or "hid" in style  # one look at a hundred styles of Word's, each of them long
        return Attributes(
            values,
            "hidden" in values or (may_hide and bool(_HIDDEN.search(style))),
            any(n in words.containers for n in names),
            values.get("role", "").lower() in words.chrome_roles
            or any(_is_chrome_name(n, words.chrome) for n in names),
            any(_is_chrome_name(n, words.chrome_without_table) for n in names),
        )


def _is_chrome_name(name: str, chrome: frozenset[str]) -> bool:
    if name in chrome:
        return True
    parts = name.split("_")
    return len(parts) > 1 and (parts[0] in chrome or parts[-1] in chrome or "_".join(parts[-2:]) in chrome)
