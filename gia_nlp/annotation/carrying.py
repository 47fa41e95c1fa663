"""What every exchange with another tool shares: what travels beside the marks, and how marks become a document again.

Tools hold a text with labelled spans. All else of a document (metadata, sections, tables, answers without a place …) is
*carried*: plain data that the tool keeps untouched and hands back.

Characters that tools show or count in ways of their own (carriage returns and other control characters) are veiled: one
blank stands for each, so that no offset moves, and what stood there is carried.

>>> shown, hidden = veil("一。\\r\\n二。")
>>> shown, hidden
('一。 \\n二。', [[2, 13]])
>>> unveil(shown, hidden)
'一。\\r\\n二。'
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Any, Protocol, TypeVar

from gia_nlp.annotation.plain import document_from_dict, document_to_dict, fact_to_dict, item_to_dict
from gia_nlp.annotation.records import GoldDocument, GoldError, GoldFact, GoldItem

Mark = TypeVar("Mark", GoldFact, GoldItem)
# Control characters but the line feed and the tab, Unicode's own line and paragraph ends, lone surrogates, a byte order mark.
_VEILED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")


def veil(text: str) -> tuple[str, list[list[int]]]:
    """The text as tools get it, and ``[offset, code point]`` of every character that a blank stands for."""
    hidden = [[m.start(), ord(m.group())] for m in _VEILED.finditer(text)]
    return (_VEILED.sub(" ", text) if hidden else text), hidden


def unveil(text: str, hidden: Iterable[Sequence[int]]) -> str:
    """The text that :func:`veil` was given; raises :class:`GoldError` if the tool changed the text since."""
    characters = list(text)
    for offset, code in hidden:
        if offset >= len(characters) or characters[offset] != " ":
            raise GoldError(f"the text was changed: no blank at {offset}", hint="edit the marks, not the text")
        characters[offset] = chr(code)
    return "".join(characters)


class Utf16:
    """Offsets of one text in UTF-16 code units, as JavaScript counts, and back.

    >>> units = Utf16("𠮷田3名")
    >>> units.to_units(2), units.to_points(3)
    (3, 2)
    """

    def __init__(self, text: str) -> None:
        wide = any(c > "\uffff" for c in text)
        self._units = [0, *accumulate(2 if c > "\uffff" else 1 for c in text)] if wide else None
        self._points = {u: p for p, u in enumerate(self._units)} if self._units else None

    def to_units(self, offset: int) -> int:
        """A code point offset in UTF-16 code units."""
        return offset if self._units is None else self._units[offset]

    def to_points(self, offset: int) -> int:
        """An offset in UTF-16 code units in code points; one inside a character is that character's."""
        if self._points is None:
            return offset
        return self._points[offset] if offset in self._points else self._points.get(offset - 1, offset)


# --------------------------------------------------------------------------- what travels beside the marks


@dataclass(slots=True)
class Notes:
    """What an exchange could not hold or had to decide, counted by reason."""

    counts: dict[str, int] = field(default_factory=dict)

    def add(self, reason: str, number: int = 1) -> None:
        """Counts one more of a kind."""
        if number:
            self.counts[reason] = self.counts.get(reason, 0) + number

    def lines(self) -> list[str]:
        """``<number> <reason>``, in the order in which they came up."""
        return [f"{number} {reason}" for reason, number in self.counts.items()]


def place(document: GoldDocument) -> GoldDocument:
    """Finds the place of quotes without offsets, where it is sure: a quote stands in the text as often as it was marked.

    White space makes no difference (a PDF breaks lines inside a quote); the quote then becomes what is printed. Facts of
    different indicators may share a place.

    >>> lost = GoldFact("staff", 3.0, None, None, "3名")
    >>> place(GoldDocument("a", "专职3\\n名。", facts=(lost,))).facts[0].quote
    '3\\n名'
    """

    def placed(marks: tuple[Mark, ...] | None) -> tuple[Mark, ...] | None:
        if marks is None or all(m.start is not None for m in marks):
            return marks
        same: dict[str, list[int]] = {}
        for i, mark in enumerate(marks):
            same.setdefault("".join(mark.quote.split()), []).append(i)
        made = list(marks)
        for words, places in same.items():
            if not words or any(marks[i].start is not None for i in places):
                continue
            found = [m.span() for m in re.finditer(r"\s*".join(map(re.escape, words)), document.text)]
            if len(found) == 1 and len({getattr(marks[i], "indicator", None) for i in places}) == len(places):
                found *= len(places)
            if len(found) == len(places):
                for i, (start, end) in zip(places, found, strict=True):
                    made[i] = replace(marks[i], start=start, end=end, quote=document.text[start:end])
        return tuple(made)

    return replace(document, facts=placed(document.facts), items=placed(document.items))


def carry(document: GoldDocument, hidden: list[list[int]]) -> dict[str, Any]:
    """All of a document but its text and the marks that have a place in it."""
    items = document.items or ()
    lost = {i for i, item in enumerate(items) if not _placed(item)}
    return {
        "document": document_to_dict(replace(document, facts=None, items=None, predicted=False), text=False),
        "annotated": [n for n, marks in (("facts", document.facts), ("items", document.items)) if marks is not None],
        "hidden": hidden,
        "facts_without_place": [[i, fact_to_dict(f)] for i, f in enumerate(document.facts or ()) if not _placed(f)],
        "items_without_place": [[i, item_to_dict(items[i])] for i in sorted(lost)],
        "remedies_without_place": [
            [i, r] for i, item in enumerate(items) if i not in lost for r in item.remedies if r in lost
        ],
    }


class _Placed(Protocol):
    @property
    def start(self) -> int | None: ...


def _placed(mark: _Placed) -> bool:
    return mark.start is not None


# --------------------------------------------------------------------------- marks to a document


@dataclass(slots=True)
class Returned:
    """What came back from a tool: marks with the index that they went out with (``None``: new), and pairs of items.

    ``remedies`` are pairs of positions in ``items``: a problem and the remedy that answers it.
    """

    facts: list[tuple[int | None, GoldFact]] = field(default_factory=list)
    items: list[tuple[int | None, GoldItem]] = field(default_factory=list)
    remedies: list[tuple[int, int]] = field(default_factory=list)


def _in_order(marks: list[tuple[int | None, Mark]]) -> list[int]:
    """Positions in order: known marks as they were, new ones where they stand in the text."""
    order = sorted((p for p, (index, _) in enumerate(marks) if index is not None), key=lambda p: (marks[p][0], p))
    new = [p for p, (index, _) in enumerate(marks) if index is None]
    for p in sorted(new, key=lambda p: (marks[p][1].start or 0, marks[p][1].end or 0)):
        start = marks[p][1].start or 0
        at = next((i for i, o in enumerate(order) if (s := marks[o][1].start) is not None and s > start), len(order))
        order.insert(at, p)
    return order


def restore(text: str, carried: Any, returned: Returned, where: str) -> GoldDocument:
    """The document again, from the text as shown, what was carried and the marks that came back.

    Without carried data (a task that was made elsewhere) the text and the marks are all there is; ``where`` is then its id.
    """
    from gia_nlp.annotation.plain import fact_from_dict, item_from_dict

    if carried is not None and not isinstance(carried, dict):
        raise GoldError(f"{where}: the data carried along was changed", hint="leave the field gia_nlp as it is")
    carried = carried or {"document": {"id": where}}
    for i, data in carried.get("facts_without_place", ()):
        returned.facts.append((i, fact_from_dict(data, f"{where}.facts[{i}]")))
    places = {index: p for p, (index, _) in enumerate(returned.items) if index is not None}
    for i, data in carried.get("items_without_place", ()):
        places[i] = len(returned.items)
        returned.items.append((i, item_from_dict(data, f"{where}.items[{i}]")))
    pairs = list(returned.remedies)
    pairs += [
        (places[i], places[r]) for i, r in carried.get("remedies_without_place", ()) if i in places and r in places
    ]
    for _, (index, item) in zip(range(len(returned.items)), returned.items, strict=True):
        if index is not None and item.start is None:
            pairs += [(places[index], places[r]) for r in item.remedies if r in places]
    order = _in_order(returned.items)
    new = {p: i for i, p in enumerate(order)}
    answers: dict[int, list[int]] = {}
    for problem, remedy in dict.fromkeys(pairs):
        answers.setdefault(problem, []).append(new[remedy])
    items = tuple(replace(returned.items[p][1], remedies=tuple(sorted(answers.get(p, ())))) for p in order)
    facts = tuple(returned.facts[p][1] for p in _in_order(returned.facts))
    annotated = carried.get("annotated", [])
    base = document_from_dict(carried["document"], where, text=unveil(text, carried.get("hidden", ())))
    return replace(
        base,
        facts=facts if facts or "facts" in annotated else None,
        items=items if items or "items" in annotated else None,
    )
