"""One character at a time: which other it is folded to, whether it carries nothing, whether it is a traditional one.

Each answer is kept as a table over all code points, so that a long text is asked about all its characters at once.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from gia_nlp.vocabulary.loader import load_yaml

if TYPE_CHECKING:
    import numpy as np

#: Texts as long as this are asked at once, which takes a quarter of the time of a search; short ones are searched.
LONG = 500
_MANY = 0.02  # traditional characters by which a text is converted whole
_BLANK = " \t\u00a0\u3000\u2002\u2003\u2009\u202f"


def codes(text: str) -> np.ndarray:
    """The code points of a text."""
    import numpy as np

    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


@cache
def _character_map() -> dict[str, str]:
    data = load_yaml("characters")
    table = dict.fromkeys(data["invisible"], "")
    table.update(data["radicals"])
    table.update(data["punctuation"])
    return table


@cache
def _simplifier():  # type: ignore[no-untyped-def]
    import opencc

    return opencc.OpenCC("t2s")


def fold_character(char: str) -> str:
    """One character in normal form: the same, another one, or "" if it carries nothing."""
    table = _character_map()
    if char in table:
        return table[char]
    if char < "\u00a0" or "\u4e00" <= char <= "\u9fff":
        return char
    if "\ud800" <= char <= "\udfff":
        return "\ufffd"  # half of a surrogate pair, at which segmenters and converters stop
    if "\u2460" <= char <= "\u249b":  # ① ⑴ ⒈: marks of a list, not digits of the number that may follow
        return char
    folded = unicodedata.normalize("NFKC", char)
    if len(folded) != 1:
        return char
    return table.get(folded, folded)


DROPPED = "\ufdd0"  # stands for a character that carries nothing while places still count one for one


class _Folding(dict[int, str]):
    """What ``str.translate`` looks up: each character is folded once in the life of the process."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = " " if char in _BLANK else "\n" if char in "\r\u2028\u2029\x0b\x0c\x85" else fold_character(char)
        self[code] = folded or DROPPED
        return self[code]


_folding = _Folding({ord(DROPPED): DROPPED})


def traditional_characters(text: str) -> int:
    """How many characters :func:`simplify` would change or change with those beside them; where there is none it changes nothing.

    >>> traditional_characters("政府信息公開")
    1
    """
    return int(_is_traditional().take(codes(text)).sum())


def simplify(text: str) -> str:
    """Traditional characters as simplified ones, one for one; the text itself where it has none.

    >>> simplify("政府信息公開")
    '政府信息公开'
    """
    if len(text) < LONG:
        return _converted(text) if _traditional().search(text) else text
    places = _is_traditional().take(codes(text)).nonzero()[0].tolist()
    if not places:
        return text
    if len(places) > len(text) * _MANY:
        return _converted(text)
    # 覆盖 is a word of reports like another: only sentences that have such a character are converted, no word goes past their ends.
    pieces, done = [], 0
    for place in places:
        if place < done:
            continue
        first = max(done, text.rfind("。", done, place) + 1, text.rfind("\n", done, place) + 1)
        end = _SENTENCE_END.search(text, place)
        stop = end.start() if end else len(text)
        sentence = _one_for_one(text[first:stop])
        if sentence is None:
            return _converted(text)
        pieces += [text[done:first], sentence]
        done = stop
    return "".join([*pieces, text[done:]])


_SENTENCE_END = re.compile("[。\n]")


def _one_for_one(text: str) -> str | None:
    """The converter's answer, where it is as long as the text and the text is one that it takes."""
    try:
        converted: str = _simplifier().convert(text)
    except UnicodeError:  # half of a surrogate pair, which the converter refuses
        return None
    return converted if len(converted) == len(text) else None


def _converted(text: str) -> str:
    """The whole text converted, character by character where its words would change their lengths."""
    converted = _one_for_one(text)
    if converted is not None:
        return converted
    return "".join(_one_for_one(c) or c for c in text)


# Characters that a simplified text uses too, and that change only beside another: 答覆, 深沈, 藉口, 土坏, 英哩 …
_CHANGED_IN_WORDS = "覆沈藉坏哩瞭衹甦"


@cache
def _changing() -> str:
    """Characters without which the converter changes nothing: its own answers for single ones, and those of its words."""
    ranges = ((0x2E80, 0x2FE0), (0x3400, 0xA000), (0xF900, 0xFB00))
    chars = [chr(code) for first, end in ranges for code in range(first, end)]
    changed = [c for c, s in zip(chars, _simplifier().convert("\n".join(chars)).split("\n"), strict=True) if c != s]
    return "".join(changed) + _CHANGED_IN_WORDS


_ASKED_WHOLE = (0x20000, 0x40000)  # the planes beyond: the converter is asked about a text that has any of them


@cache
def _traditional() -> re.Pattern[str]:
    """Finds one of these characters."""
    first, end = map(chr, (_ASKED_WHOLE[0], _ASKED_WHOLE[1] - 1))
    return re.compile(f"[{re.escape(_changing())}{first}-{end}]")


@cache
def _is_traditional() -> np.ndarray:
    """For every code point whether it is one of these characters."""
    import numpy as np

    found = np.zeros(sys.maxunicode + 1, dtype=bool)
    found[codes(_changing())] = True
    found[slice(*_ASKED_WHOLE)] = True
    return found


@cache
def _usual() -> str:
    """Characters that folding leaves as they are; most characters of most texts are among them."""
    usual = [
        *map(chr, range(0x20, 0x7F)),
        "\n",
        *map(chr, range(0x4E00, 0xA000)),
        *"，。、；：？！（）《》〈〉〔〕“”…·—",
    ]
    return "".join(c for c in usual if _folding[ord(c)] == c)


@cache
def _unusual() -> re.Pattern[str]:
    """Finds stretches that folding may change."""
    return re.compile(f"[^{re.escape(_usual())}]+")


def _fold(match: re.Match[str]) -> str:
    return match.group().translate(_folding)


@cache
def _replacements() -> list[tuple[str, str]]:
    """Blanks between the cells of a table and ASCII punctuation: by far the most of what is folded."""
    often = [*"\t\r\u3000\u00a0", *map(chr, range(0x20, 0x7F))]
    return [(c, _folding[ord(c)]) for c in often if _folding[ord(c)] not in (c, DROPPED)]


def _often_folded(text: str) -> str:
    for char, other in _replacements():
        if char in text:
            text = text.replace(char, other)
    return text


def fold(text: str) -> tuple[str, bool]:
    """A text with each character folded, one for one, and whether all of it is known to be usual characters and simplified.

    ``DROPPED`` stands for a character that carries nothing.

    >>> fold("共９件,另一件。")
    ('共9件，另一件。', False)
    """
    folded = _often_folded(text)
    if len(folded) >= LONG and not _is_peculiar().take(codes(folded)).any():
        return folded, True
    return _unusual().sub(_fold, folded), False


@cache
def _is_peculiar() -> np.ndarray:
    """For every code point whether folding or simplifying may change it."""
    import numpy as np

    found = np.ones(sys.maxunicode + 1, dtype=bool)
    found[codes(_usual())] = False
    return found | _is_traditional()
