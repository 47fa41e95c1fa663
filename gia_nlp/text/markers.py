"""Marks that open a listed point: 一、 （一） 1. （1） ① - 一是 一要 首先 第一， 一方面.

>>> [(m.style, m.ordinal) for m in find_markers("存在不足：一是内容少；二是更新慢。措施：（一）补内容。")]
[('clause', 1), ('clause', 2), ('parenthesis', 1)]
>>> find_markers("做到一是一、二是二，第一时间统一是目标，投入1.5万元")
()
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from gia_nlp.vocabulary.heads import headed
from gia_nlp.vocabulary.loader import load_yaml

BULLETS = ("block", "bullet")  # marks without an ordinal


@dataclass(frozen=True, slots=True)
class Marker:
    """A mark at ``text[start:end]``. ``rank``: 0 is the highest level; ``floating`` marks stand at any level."""

    start: int
    end: int
    style: str
    rank: int
    ordinal: int
    floating: bool = False
    own_line: bool = False


@dataclass(frozen=True, slots=True)
class _Style:
    """``value``: the group that holds the ordinal, ``reads``: what its words count; without either for marks that do not count."""

    name: str
    rank: int
    floating: bool
    value: str | None
    reads: Mapping[str, int]


_OPENERS = '，。；：！？、,.;:!?\n “”"‘’》）)】*#|\t'


@cache
def _grammar() -> tuple[re.Pattern[str], dict[str, _Style]]:
    data = load_yaml("markers")
    cn = "|".join(sorted(data["numerals"], key=len, reverse=True))
    numerals = {word: number for number, word in enumerate(data["numerals"], start=1)}
    reads = {"cn": numerals, "ar": {}, "circled": _circled(), "word": data["words"]}
    styles, parts = {}, []
    for name, row in data["styles"].items():
        pattern, value = row["pattern"].replace("{cn}", cn), None
        for group in reads:
            if f"?P<{group}>" in pattern:
                value = group
                pattern = pattern.replace(f"?P<{group}>", f"?P<{name}_{group}>")
        parts.append(f"(?P<{name}>{pattern})")
        styles[name] = _Style(
            name,
            row["rank"],
            row.get("floating", False),
            f"{name}_{value}" if value else None,
            reads[value] if value else {},
        )
    return headed("|".join(parts)), styles


def _circled() -> dict[str, int]:
    """Numbers that are one character: ① ⑴ ⒈ ㈠."""
    return {
        chr(ord(first) + n): n + 1
        for first, last in ("①⑳", "⑴⒇", "⒈⒛", "㈠㈩")
        for n in range(ord(last) - ord(first) + 1)
    }


@cache
def _refusals() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    data = load_yaml("markers")
    before = re.compile(f"(?:{'|'.join(data['not_after'])})$")
    ahead = re.compile("|".join(data["not_followed"]))
    label = re.compile(f"(?:{'|'.join(data['label_ends'])})$")
    return before, ahead, label


def _ordinal(match: re.Match[str], style: _Style) -> int:
    word = match.group(style.value) if style.value else None
    if not word:
        return 0
    return int(word) if word.isdecimal() else style.reads[word]


def find_markers(text: str) -> tuple[Marker, ...]:
    """All list marks in text order. ``text`` is best in normal form (gia_nlp.text.normalise).

    A mark is taken where a unit can begin: at the start of a line, behind punctuation, behind another mark, or glued to
    the end of a heading. Numbers of dates, decimals, articles and documents are no marks.
    """
    pattern, styles = _grammar()
    found: list[Marker] = []
    last_of: dict[str, int] = {}
    position = 0
    while match := pattern.search(text, position):
        name = str(match.lastgroup)  # the style's: it closes behind the group inside
        style = styles[name]
        ordinal = _ordinal(match, style)
        behind_mark = bool(found) and found[-1].end == match.start()
        if not _accepts(text, match, style, ordinal, last_of.get(name, 0), behind_mark):
            position = match.start() + 1
            continue
        line_start = text.rfind("\n", 0, match.start()) + 1
        own_line = not text[line_start : match.start()].strip(" #") or (behind_mark and found[-1].own_line)
        found.append(Marker(match.start(), match.end(), name, style.rank, ordinal, style.floating, own_line))
        last_of[name] = ordinal
        position = match.end()
    return tuple(_without_strays(found))


def _accepts(text: str, match: re.Match[str], style: _Style, ordinal: int, last: int, behind_mark: bool) -> bool:
    start = match.start()
    before, ahead, label = _refusals()
    head = text[max(0, start - 4) : start]
    at_line = start == 0 or text[start - 1] == "\n" or behind_mark or not text[max(0, start - 1) : start].strip(" #")
    name = style.name
    if name in BULLETS:
        return at_line
    if head and (head[-1].isdigit() or (head[-1].isascii() and head[-1].isalpha())):
        # A number behind a number is a count or a date, unless a new line or a mark parts them.
        if name in ("number", "heading") and not behind_mark:
            return False
        if name == "clause":
            return False
    if name in ("parenthesis", "parenthesis_number"):
        if re.search(r"(?:第|条|款|号|发|办|函|字)$", head) or re.match(
            r"[项款目条至]", text[match.end() : match.end() + 1]
        ):
            return False
        follows = last and ordinal == last + 1
        return at_line or not head or head[-1] in _OPENERS or bool(label.search(head)) or ordinal == 1 or bool(follows)
    if name == "heading":
        if text[match.end() : match.end() + 1] in "一二三四五六七八九十":  # 二、三季度
            return False
        # Glued to the words before it, a number goes on with its list.
        return at_line or head[-1] in "。；：！？\n " or (last > 0 and ordinal == last + 1 and _is_word(head[-1]))
    if name == "circled":
        return True
    if name == "number":
        if ordinal > 30:
            return False
        if at_line or head[-1] in "。；：！？:;，":
            return True
        # Glued to the heading before it: the first of a list, or the next one.
        return (ordinal == 1 and bool(label.search(head))) or (last > 0 and ordinal == last + 1 and _is_word(head[-1]))
    if name == "part":
        return at_line
    if name == "sides":
        return at_line or head[-1] in _OPENERS or bool(label.search(head))
    if before.search(head) or ahead.match(text, start):
        return False
    opens = at_line or head[-1] in _OPENERS
    if name == "clause":
        verb = match.group()[len(match.group("clause_cn")) :]
        if verb[0] in "则来":  # 一则, 一来: words more often than marks
            return opens and (last == ordinal - 1 if ordinal > 1 else "二" + verb[0] in text[start : start + 400])
        if text[start - 1 : start] == "、" and ordinal != last + 1:
            return False
        return opens or (ordinal == 1 and bool(label.search(head))) or (ordinal > 1 and ordinal == last + 1)
    if name == "first_second":
        word = match.group("first_second_word")
        return opens and (word == "首先" or last > 0)
    if name in ("issue", "measure") and match.group()[-1] not in ":：、.．":
        return at_line
    if name == "one_other":
        return opens or bool(label.search(head))
    return opens


def _is_word(char: str) -> bool:
    """Whether a list can go on behind the character without punctuation: not behind 第2, 约2, 至2 or a unit of time."""
    return (char.isalnum() or char in "）”》") and char not in "第共约年月日至到和及与或近达为是有了在"


def _without_strays(markers: list[Marker]) -> list[Marker]:
    """Leaves out marks of the wordy styles that stand alone (首先 without 其次, 一方面 alone)."""
    count = Counter(m.style for m in markers)
    return [
        m
        for m in markers
        if m.style not in ("first_second", "sides", "its", "ordinal", "one_other") or count[m.style] > 1
    ]
