"""What converters do to a report's text: line ends, blanks, page numbers, other characters. Marks follow their text."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache

from gia_nlp.synthesis.marked import Edit, Mark, Marked
from gia_nlp.synthesis.seeds import chance
from gia_nlp.vocabulary.loader import load_yaml

_FULL = dict(zip("0123456789", "０１２３４５６７８９", strict=True))
#: A page number before one of these would be a count, behind one of these a date or an ordinal.
_NOT_BEFORE = set("条件次个篇份项宗起场期人名元万亿千百余多年月日号时分%％家轮位户台处版号")
_NOT_BEHIND = set("第至约近超达共计了")
_NUMERALS = set("0123456789０１２３４５６７８９零一二两三四五六七八九十百千万亿.,，")


def _is_han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


def _prose(text: Marked) -> list[Mark]:
    return sorted((m for m in text.marks if m.kind == "prose"), key=lambda m: m.start)


def hard_wraps(text: Marked, rng: random.Random) -> Marked:
    """Paragraphs cut at a width, in the middle of words and numbers."""
    width = rng.randint(18, 40)
    edits = [Edit(at, 0, "\n") for m in _prose(text) for at in range(m.start + width, m.end, width)]
    return text.edited(edits)


def blanks(text: Marked, rng: random.Random) -> Marked:
    """Blanks inside words, and inside numbers and before their units."""
    edits = []
    for m in _prose(text):
        for at in range(m.start + 1, m.end):
            here, before = text.text[at], text.text[at - 1]
            if before.isdigit() and (here.isdigit() or _is_han(here)):
                probability = 0.12
            elif _is_han(before) and (_is_han(here) or here.isdigit()):
                probability = 0.03
            else:
                continue
            if chance(rng, probability):
                edits.append(Edit(at, 0, " "))
    return text.edited(edits)


def fused_pages(text: Marked, rng: random.Random) -> Marked:
    """Page numbers that stand in the middle of the prose, never where they would read as a count or part of one."""
    facts = [m for m in text.marks if m.kind == "fact"]
    able = []
    for m in _prose(text):
        for at in range(m.start + 4, m.end - 4):
            around = text.text[at - 3 : at + 3]
            if not all(_is_han(c) for c in around) or any(c in _NUMERALS for c in around):
                continue
            if (
                text.text[at] in _NOT_BEFORE
                or text.text[at - 1] in _NOT_BEHIND
                or any(f.start < at < f.end for f in facts)
            ):
                continue
            able.append(at)
    places = sorted(rng.sample(able, min(len(able), rng.randint(1, 3))))
    first = rng.randint(2, 20)
    return text.edited([Edit(at, 0, str(first + i)) for i, at in enumerate(places)])


def zero_width(text: Marked, rng: random.Random) -> Marked:
    """Characters that nobody sees, and glyphs of private fonts."""
    places = sorted(rng.sample(range(1, len(text.text)), min(len(text.text) - 1, rng.randint(3, 25))))
    return text.edited([Edit(at, 0, rng.choice(("\u200b", "\ufeff", "\u200c", "\u00ad", "\ue5e5"))) for at in places])


def one_line(text: Marked, rng: random.Random) -> Marked:
    """No line ends; between two paragraphs nothing or one blank is left."""
    edits = []
    at = 0
    while at < len(text.text):
        if text.text[at] not in "\n\t":
            at += 1
            continue
        stop = at
        while stop < len(text.text) and text.text[stop] in "\n\t":
            stop += 1
        edits.append(Edit(at, stop - at, " " if chance(rng, 0.2) else ""))
        at = stop
    return text.edited(edits)


def crlf(text: Marked, rng: random.Random) -> Marked:
    """Line ends of Windows."""
    return text.edited([Edit(i, 0, "\r") for i, c in enumerate(text.text) if c == "\n"])


@cache
def traditional_map(text: str) -> dict[str, str]:
    """Simplified to traditional for the characters of a text, one for one."""
    import opencc

    converter = opencc.OpenCC("s2t")
    pairs = ((c, converter.convert(c)) for c in sorted(set(text)) if _is_han(c))
    return {c: t for c, t in pairs if len(t) == 1 and t != c}


@cache
def _radical_map() -> dict[str, str]:
    import unicodedata

    table = {han: radical for radical, han in load_yaml("characters")["radicals"].items()}
    for code in range(0x2F00, 0x2FD6):
        table[unicodedata.normalize("NFKC", chr(code))] = chr(code)
    return {han: radical for han, radical in table.items() if len(han) == 1 and _is_han(han)}


def radicals_map(rng: random.Random) -> dict[str, str]:
    """CJK radicals for about half of the characters that have one."""
    table = _radical_map()
    return {han: table[han] for han in sorted(table) if chance(rng, 0.5)}


def character_map(options: frozenset[str], text: str, rng: random.Random) -> dict[str, str]:
    """The characters that a layout prints in another form."""
    table: dict[str, str] = {}
    if "traditional" in options:
        table |= traditional_map("".join(sorted(set(text))))
    if "radicals" in options:
        table |= radicals_map(rng)
    if "full_width" in options:
        table |= _FULL
    return table


def in_characters(text: Marked, table: dict[str, str]) -> Marked:
    """The text in other characters, one for one; the topics of its facts go along, since they are as printed."""
    marks = []
    for mark in text.marks:
        topic = mark.data.get("topic")
        if topic:
            mark = replace(mark, data=mark.data | {"topic": "".join(table.get(c, c) for c in topic)})
        marks.append(mark)
    return Marked(text.mapped(table).text, tuple(marks))


#: In the order in which a text meets them.
STEPS = {
    "fused_pages": fused_pages, "blanks": blanks, "hard_wraps": hard_wraps, "one_line": one_line, "zero_width": zero_width, "crlf": crlf,
}  # fmt: skip
