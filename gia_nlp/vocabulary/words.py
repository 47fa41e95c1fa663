"""A list of words asked for at one place of a text after the other: by their first characters, longest first.

An alternation of a hundred words tries every one of them at every place; most places hold none.
"""

from __future__ import annotations

from collections.abc import Iterable


class Words:
    """Literal words, looked up at a place of a text.

    >>> words = Words(["情况", "情况报告", "及"])
    >>> words.at("总体情况报告", 2), words.at("总体情况报告", 0)
    ('情况报告', '')
    """

    __slots__ = ("_by_first",)

    def __init__(self, words: Iterable[str]) -> None:
        self._by_first: dict[str, list[str]] = {}
        for word in sorted({w for w in words if w}, key=len, reverse=True):
            self._by_first.setdefault(word[0], []).append(word)

    def at(self, text: str, place: int) -> str:
        """The longest word that stands at a place, or the empty string."""
        for word in self._by_first.get(text[place : place + 1], ()):
            if text.startswith(word, place):
                return word
        return ""
