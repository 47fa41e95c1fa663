"""A part of a Word file as columns; names are local names, as transitional and strict files differ in the namespace."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from lxml import etree

from gia_nlp.reading.columns import Columns, unescaped

# Print that says nothing of the text: in many files it is most of the part. Few names, as each costs a look at each element.
_PRINT = ("{*}tblPr", "{*}tcBorders", "{*}tcMar", "{*}spacing", "{*}ind")
_TELLING = (b"vanish", b":del", b"<del", b"\x00")  # NUL: an encoding in which the others look different


def without_print(root: Any, content: bytes) -> Any:
    """A tree without the elements that only say how the text is printed. ``content`` is what it was read from."""
    names = _PRINT if any(mark in content for mark in _TELLING) else ("{*}rPr", *_PRINT)
    etree.strip_elements(root, *names, with_tail=False)
    return root


class Part(Columns):
    """The tags of a part.

    >>> from lxml import etree
    >>> part = Part(etree.fromstring('<w:p xmlns:w="x"><w:pPr><w:pStyle w:val="1"/></w:pPr><w:r/></w:p>'))
    >>> part.value(part.child(part.child(0, "pPr"), "pStyle")), part.child(0, "tbl")
    ('1', None)
    """

    def __init__(self, root: Any) -> None:
        super().__init__(root)
        local = {tag: tag.rpartition(":")[2] for tag in set(self.tags)}
        self.tags = [local[tag] for tag in self.tags]
        self.names = set(local.values())

    def child(self, element: int | None, name: str) -> int | None:
        """The first child of a name, or None."""
        if element is None or name not in self.names:
            return None
        tags, ends = self.tags, self.ends
        i, end = element + 1, ends[element]
        while i < end:
            if tags[i] == name:
                return i
            i = ends[i] + 1
        return None

    def named(self, element: int, name: str) -> list[int]:
        """All children of a name."""
        return [i for i in self.children(element) if self.tags[i] == name]

    def below(self, element: int, name: str) -> int | None:
        """The first element of a name at any depth, the element itself included."""
        for i in range(element, self.ends[element] + 1):
            if self.tags[i] == name and not self.closing[i]:
                return i
        return None

    def attribute(self, element: int, name: str) -> str | None:
        """An attribute of an element."""
        match = _attribute(name).search(self.written[element])
        return None if match is None else unescaped(match[1]) if "&" in match[1] else match[1]

    def value(self, element: int | None) -> str | None:
        """The ``val`` attribute of a property element; None if there is no element."""
        return None if element is None else self.attribute(element, "val")


@cache
def _attribute(name: str) -> re.Pattern[str]:
    return re.compile(rf'(?<!xmlns)[ :]{name}="([^"]*)"')
