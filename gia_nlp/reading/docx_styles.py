"""The styles of a Word file, looked up by id: they are the largest part of many files, and a report uses three or four."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

_HEAD = re.compile(r"""\ufeff?\s*(?:<\?xml[^<>]*\?>)?\s*(<([^\s<>/"'=]+)[^<>]*>)""")
_STYLE = re.compile(r"<((?:[^\s<>/:]+:)?style)\s[^<>]*>")
_OTHER_ENCODING = re.compile(r"""<\?xml[^<>]*encoding\s*=\s*["'](?!utf-8["'])""", re.I)
_MOST_LOOKS = 40
_PLAIN = re.compile(r"[\w .-]+")


class _Nothing:
    """What a parser builds that only checks. It has no methods for what is found: none is called, nothing is made."""

    def close(self) -> None:
        return None


class Styles:
    """Styles by their id, in the order of the file.

    >>> styles = Styles.of(b'<w:styles xmlns:w="x"><w:style w:styleId="1"><w:name w:val="toc 1"/></w:style></w:styles>')
    >>> [style[0].values() for style in styles.named("1")], styles.named("2")
    ([['toc 1']], [])
    """

    def __init__(self, text: str, head: re.Match[str]) -> None:
        self._text = text
        self._head, self._name = head[1], head[2]
        self._known: dict[str, list[Any]] = {}
        self._tree: StyleTree | None = None

    @classmethod
    def of(cls, content: bytes) -> Styles | None:
        """The styles in a part; None where only a tree of all of it can be exact, or can tell what is wrong with it."""
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            return None
        head = _HEAD.match(text)
        if head is None or head[1].endswith("/>") or _OTHER_ENCODING.match(text):
            return None
        if "!" in text or text.count("?") > 2 or text.find("'", head.start(1)) >= 0 or "styleId =" in text:
            return None  # declarations, instructions, other quotes: as good as never
        target: Any = _Nothing()
        parser = etree.XMLParser(target=target, recover=True, resolve_entities=False, load_dtd=False, no_network=True)
        try:
            etree.fromstring(content, parser)
        except etree.XMLSyntaxError:
            return None
        if any(entry.level == etree.ErrorLevels.FATAL for entry in parser.error_log):
            return None
        return cls(text, head)

    def named(self, name: str) -> list[Any]:
        """The elements of an id; mostly one, none if it is unknown."""
        if name not in self._known:
            self._known[name] = self._found(name)
        return self._known[name]

    def _found(self, name: str) -> list[Any]:
        # Each look goes through the whole text: for many, a tree is made once.
        if self._tree is None and (len(self._known) >= _MOST_LOOKS or not _PLAIN.fullmatch(name)):
            self._tree = self._as_tree()
        if self._tree is not None:
            return self._tree.named(name)
        styles = []
        place = self._text.find(f'styleId="{name}"')
        while place >= 0:
            start = _STYLE.match(self._text, self._text.rfind("<", 0, place))
            if start:
                stop = start.end()
                if not start[0].endswith("/>"):
                    closing = f"</{start[1]}>"
                    stop = self._text.find(closing, stop) + len(closing)
                    if stop < len(closing):
                        self._tree = self._as_tree()
                        return self._tree.named(name)
                block = f"{self._head}{self._text[start.start() : stop]}</{self._name}>"
                styles += [s for s in etree.fromstring(block) if _is_named(s, name)]
            place = self._text.find(f'styleId="{name}"', place + 1)
        return styles

    def _as_tree(self) -> StyleTree:
        return StyleTree(etree.fromstring(self._text.encode()))


class StyleTree:
    """As :class:`Styles`, from a tree of all styles."""

    def __init__(self, root: Any) -> None:
        self._known: dict[str, list[Any]] = {}
        for style in root if root is not None else ():
            if isinstance(style.tag, str) and style.tag.rpartition("}")[2] == "style":
                self._known.setdefault(_id(style), []).append(style)

    def named(self, name: str) -> list[Any]:
        """The elements of an id."""
        return self._known.get(name, [])


def _id(style: Any) -> str:
    return next((str(v) for k, v in style.attrib.items() if k.rpartition("}")[2] == "styleId"), "")


def _is_named(style: Any, name: str) -> bool:
    return bool(style.tag.rpartition("}")[2] == "style" and _id(style) == name)
