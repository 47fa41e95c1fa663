"""Names for the rows of a 统计表: by the vocabulary, with the group that stands above; else by what is printed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from gia_nlp.structure.tables.labels import ORDINAL, label_key
from gia_nlp.structure.tables.lookalikes import Lookalikes, similarity
from gia_nlp.structure.tables.values import Value
from gia_nlp.vocabulary.active import per_vocabulary, recent_per_vocabulary
from gia_nlp.vocabulary.forms import Indicator, letters, statistics_form

_INNER_ORDINAL = re.compile(
    r"[—–]+|[（(][一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|\d{1,2}[.．、]|其中[:：]?"
)
Options = tuple[tuple[str, str | None], ...]  # ids with the rows above them that they need
_AMONG = re.compile(r"^\s*其中[:：]?")
_BRACKET = re.compile("[（）()]")
_CLOSED = re.compile(r"[^（(）)]*[)）]")
REMARK = re.compile(r"[（(][^（）()]{3,60}[)）]")


def _bare(text: str) -> str:
    """A label without the remarks in brackets behind its words."""
    return REMARK.sub("", text) if "（" in text or "(" in text else text


@dataclass(slots=True)
class Entry:
    """A row: the indicator's id or its printed label, its unit, its cells or its digits."""

    id: str
    known: bool
    start: int
    end: int
    unit: str | None
    part: int
    values: list[Value] | None = None
    digits: str = ""
    borders: tuple[int, ...] = ()
    columns: tuple[str, ...] = ("year",)
    note: str | None = None
    blank: bool = False  # a row in running text without a number


class Namer:
    """Names rows: by the vocabulary, with the group that stands above; else by what is printed."""

    def __init__(self) -> None:
        self.context: str | None = None
        self._keys, self._endings, self._groups = _keys(), _endings(), tuple(_groups().items())

    def name(self, text: str, suffix: bool) -> tuple[str, bool] | None:
        """Id and whether it is known. With ``suffix`` other words may stand before the label."""
        bare = _bare(text)
        key = (letters(bare) if suffix else label_key(bare)).removeprefix("其中")
        if suffix:
            self._enter(key)
        found = self._known(key, suffix)
        if found is None and suffix:
            # A slip in a label that other rows stand before.
            whole, inner = _of_line(bare.strip().rsplit("\n", 1)[-1])
            found = self._fitting(whole) or self._fitting(inner)
        if found:
            if found in ("reviews", "litigations"):
                self.context = found
            elif not found.startswith(("reviews", "litigations")):
                self.context = None
            return found, True
        return None

    def _enter(self, key: str) -> None:
        """Takes the group from a row without a number that stands before a label."""
        last = -1
        for label, id in self._groups:
            at = key.rfind(label, 0, len(key) - 1)
            if at > last:
                last, self.context = at, id

    def knows(self, text: str) -> bool:
        """Whether a text ends with a known label."""
        return self._known(letters(_bare(text)).removeprefix("其中"), True) is not None

    def follows_blank(self, text: str, unit_of: Callable[[str], re.Match[str] | None]) -> bool:
        """Whether another known label and its unit stand right before the label with which a text ends."""
        key = letters(_bare(text))
        ends = (n for n in self._endings.get(key[-2:], ()) if 4 <= n <= len(key) and key[-n:] in self._keys)
        above = key[:-n] if (n := next(ends, 0)) else ""
        above = above.removesuffix("其中")
        unit = unit_of(above)
        return unit is not None and self.knows(above[: unit.start()])

    def joined(self, first: str, second: str) -> tuple[str, bool] | None:
        """The row whose label begins in one text and ends in another."""
        closed = _CLOSED.match(second)  # a remark that the first text opens
        tail = letters(_bare(second[closed.end() :] if closed else second))
        if not (tail or closed) or len(tail) > 40 or second.lstrip().startswith("其中") or ORDINAL.match(second):
            return None
        plain = not closed and not _BRACKET.search(first) and not _BRACKET.search(second)
        if plain and len(tail) > 1 and tail[-2:] not in self._endings:
            return None  # the same letters end both texts together
        key = letters(_bare(first + second))
        if any(len(tail) < n <= len(key) and key[-n:] in self._keys for n in self._endings.get(key[-2:], ())):
            return self.name(first + second, True)
        return None

    def _known(self, key: str, suffix: bool) -> str | None:
        if not key:
            return None
        table = self._keys
        options = table.get(key)
        if options is None and suffix and (lengths := self._endings.get(key[-2:])):
            options = next((table[tail] for n in lengths if 4 <= n <= len(key) and (tail := key[-n:]) in table), None)
        if options is None and 4 <= len(key) <= 45:
            options = _fuzzy(key)
        return self._fitting(options)

    def _fitting(self, options: Options | None) -> str | None:
        return next((id for id, context in options or () if context is None or context == self.context), None)


@per_vocabulary
def indicators() -> dict[str, Indicator]:
    """The rows of the form by their ids."""
    return {i.id: i for i in reversed(statistics_form().indicators)}


@per_vocabulary
def _keys() -> dict[str, Options]:
    table: dict[str, Options] = {}
    for indicator in statistics_form().indicators:
        for key in indicator.keys:
            table[letters(key)] = (*table.get(letters(key), ()), (indicator.id, indicator.context))
    return table


@per_vocabulary
def _groups() -> dict[str, str]:
    """The labels of rows to which others lean that are called alike: of reviews and of lawsuits."""
    contexts = {i.context for i in statistics_form().indicators if i.context}
    return {letters(key): i.id for i in statistics_form().indicators if i.id in contexts for key in i.keys}


@per_vocabulary
def _endings() -> dict[str, tuple[int, ...]]:
    """By their last two characters, how long labels are that other words may stand before, the longest first."""
    found: dict[str, set[int]] = {}
    for key in _keys():
        if len(key) <= 40:
            found.setdefault(key[-2:], set()).add(len(key))
    return {ending: tuple(sorted(lengths, reverse=True)) for ending, lengths in found.items()}


_LEAST, _TIE = 0.8, 0.04  # how alike a misread label is, and by how much it must be more so than others


@per_vocabulary
def _alike() -> Lookalikes:
    """The labels; what is less alike than this decides nothing."""
    return Lookalikes(tuple(_keys()), lambda longest: int((1 - _LEAST + _TIE) * longest + 1e-9))


@recent_per_vocabulary(4096)
def _fuzzy(key: str) -> Options | None:
    labels = _alike()
    near = [labels.words[i] for i in labels.near(key)]
    ranked = sorted(((similarity(key, k), k) for k in near if abs(len(k) - len(key)) <= 3), reverse=True)
    if not ranked or ranked[0][0] < _LEAST:
        return None
    best = [k for s, k in ranked if s >= ranked[0][0] - _TIE]
    owners = {_keys()[k] for k in best}
    return owners.pop() if len(owners) == 1 else None


@recent_per_vocabulary(8192)
def _of_line(line: str) -> tuple[Options | None, Options | None]:
    """The labels that a line may be as a whole, and those that it may be behind its last ordinal."""
    key = label_key(_AMONG.sub("", line) if "其中" in line else line)
    inner = _INNER_ORDINAL.split(line)[-1]
    found = [_keys().get(k) or (_fuzzy(k) if 4 <= len(k) <= 45 else None) for k in (key, letters(inner))]
    return found[0], found[1] if inner != line else None


def printed(label: str) -> str:
    """A label as printed, without its ordinals and what stands before it on other lines."""
    last = label.strip().split("\n")[-1]
    last = re.sub(r"^\s*(?:[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]\s*)+", "", last)
    return "".join(re.sub(r"^其中[:：]?\s*(?:\d{1,2}[.．、])?", "", last).split())
