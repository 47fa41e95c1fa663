"""doccano: JSONL for sequence labelling with relations.

Spans are labelled with the indicator, with ``problem:<status>`` or ``remedy:<status>``, and once more with each
``category:<id>`` of the item; relations ``remedied_by`` lead from a problem to its remedies. doccano's page counts UTF-16
code units (a project's setting "count grapheme clusters as one character" must stay off), so that is what the file has.

>>> from gia_nlp.annotation.records import GoldFact
>>> document = GoldDocument("one", "𠮷田专职人员3名。", facts=(GoldFact("staff", 3.0, 6, 8, "3名", unit="名"),))
>>> line = to_line(document)
>>> line["entities"]
[{'id': 0, 'label': 'staff', 'start_offset': 7, 'end_offset': 9}]
>>> from_line(line) == document
True
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from gia_nlp.annotation.carrying import Notes, Returned, Utf16, carry, restore, unveil, veil
from gia_nlp.annotation.plain import fact_from_dict, fact_to_dict, item_from_dict, item_to_dict
from gia_nlp.annotation.reading import read_fact
from gia_nlp.annotation.records import STATUSES, GoldDocument, GoldError, GoldFact, GoldItem

CANNOT_HOLD = (
    "doccano holds spans, labels and relations: value, unit, bound, channel, period, topic and change of a fact travel along "
    "unseen and cannot be edited there; a fact drawn or moved there gets value, unit and bound from its words, channel all, "
    "period current and no topic. That no problem was reported, sections, table cells, and what has no place in the text "
    "travel along unseen. Scores are left out. The project must allow overlapping entities and use relations."
)
REMEDIED_BY = "remedied_by"
_CATEGORY = "category:"


def to_line(document: GoldDocument) -> dict[str, Any]:
    """The line (an object) of a document."""
    shown, hidden = veil(document.text)
    units = Utf16(shown)
    entities: list[dict[str, Any]] = []

    def add(label: str, start: int, end: int) -> int:
        place = {"start_offset": units.to_units(start), "end_offset": units.to_units(end)}
        entities.append({"id": len(entities), "label": label, **place})
        return len(entities) - 1

    for fact in document.facts or ():
        if fact.start is not None and fact.end is not None:
            add(fact.indicator, fact.start, fact.end)
    ids: dict[int, int] = {}
    items = document.items or ()
    for i, item in enumerate(items):
        if item.start is not None and item.end is not None:
            ids[i] = add(f"{item.kind}:{item.when}", item.start, item.end)
    for item in items:
        if item.start is not None and item.end is not None:
            for category in item.categories:
                add(_CATEGORY + category, item.start, item.end)
    pairs = [(ids[i], ids[r]) for i in ids for r in items[i].remedies if r in ids]
    carried = {
        **carry(document, hidden),
        "facts": [fact_to_dict(replace(f, score=None)) for f in document.facts or ()],
        "items": [item_to_dict(replace(i, score=None)) for i in items],
    }
    return {
        "text": shown,
        "entities": entities,
        "relations": [{"id": n, "from_id": a, "to_id": b, "type": REMEDIED_BY} for n, (a, b) in enumerate(pairs)],
        "document": document.id,
        # A text: doccano's tables of numbers would round what is in an object.
        "gia_nlp": json.dumps(carried, ensure_ascii=False),
    }


class _Known:
    """The marks that went out, each to be recognised once by label and place."""

    def __init__(self, carried: Any, where: str) -> None:
        self._facts = [fact_from_dict(d, f"{where}.facts[{i}]") for i, d in enumerate(carried.get("facts", ()))]
        self._items = [item_from_dict(d, f"{where}.items[{i}]") for i, d in enumerate(carried.get("items", ()))]
        self._taken: set[tuple[str, int]] = set()

    def fact(self, indicator: str, start: int, end: int) -> tuple[int, GoldFact] | None:
        for i, fact in enumerate(self._facts):
            if ("f", i) not in self._taken and (fact.indicator, fact.start, fact.end) == (indicator, start, end):
                self._taken.add(("f", i))
                return i, fact
        return None

    def item(self, kind: str, start: int, end: int) -> tuple[int, GoldItem] | None:
        for i, item in enumerate(self._items):
            if ("i", i) not in self._taken and (item.kind, item.start, item.end) == (kind, start, end):
                self._taken.add(("i", i))
                return i, item
        return None


def from_line(line: Any, *, notes: Notes | None = None, where: str = "line") -> GoldDocument:
    """The document of an exported line (JSONL, with or without relations).

    Raises :class:`GoldError`, naming the line, for a label that the vocabulary does not have or data that was changed.
    """
    notes = notes if notes is not None else Notes()
    if not isinstance(line, dict) or not isinstance(line.get("text"), str):
        raise GoldError(f"{where}: no line of doccano with a text", hint="export as JSONL with relations")
    shown, carried = line["text"], line.get("gia_nlp")
    if isinstance(carried, str):
        try:
            carried = json.loads(carried)
        except json.JSONDecodeError as error:
            raise GoldError(f"{where}: the data carried along was changed", hint="leave gia_nlp as it is") from error
    where = str(line.get("document") or where)
    text = unveil(shown, (carried or {}).get("hidden", ()))
    known = _Known(carried or {}, where)
    returned = Returned()
    position: dict[int, int] = {}
    categories: list[tuple[str, int, int]] = []
    for id, label, start, end in _spans(line, shown, where):
        kind, _, status = label.partition(":")
        if label.startswith(_CATEGORY):
            categories.append((label.removeprefix(_CATEGORY), start, end))
        elif kind in STATUSES:
            if status not in STATUSES[kind]:
                raise GoldError(f"{where}: {label} is no label", hint="statuses are " + ", ".join(STATUSES[kind]))
            before = known.item(kind, start, end)
            position[id] = len(returned.items)
            order = before[1].categories if before else ()
            more = before[1].more if before else {}
            item = GoldItem(kind, status, start, end, text[start:end], order, more=more)
            returned.items.append((before[0] if before else None, item))
        else:
            _add_fact(returned, known, label, text, start, end, where, notes)
    _set_categories(returned, categories, notes)
    for relation in line.get("relations") or ():
        one, other = relation.get("from_id"), relation.get("to_id")
        if one in position and other in position:
            pair = (position[one], position[other])
            returned.remedies.append(pair if returned.items[pair[0]][1].kind == "problem" else (pair[1], pair[0]))
        else:
            notes.add("relations between other things than problems and remedies, left out")
    return restore(shown, carried, returned, where)


def _spans(line: dict[str, Any], text: str, where: str) -> Iterator[tuple[int, str, int, int]]:
    units = Utf16(text)
    found = line.get("entities")
    if found is None:
        found = [
            {"id": -1 - n, "start_offset": s, "end_offset": e, "label": label}
            for n, (s, e, label) in enumerate(line.get("label") or line.get("labels") or ())
        ]
    for entity in found:
        start, end = units.to_points(int(entity["start_offset"])), units.to_points(int(entity["end_offset"]))
        if not 0 <= start < end <= len(text):
            raise GoldError(f"{where}: a span reaches from {start} to {end}, the text has {len(text)} characters")
        yield entity["id"], str(entity["label"]), start, end


def _add_fact(
    returned: Returned, known: _Known, label: str, text: str, start: int, end: int, where: str, notes: Notes
) -> None:
    from gia_nlp.vocabulary.indicators import indicators

    if label not in indicators():
        raise GoldError(
            f"{where}: no indicator is called {label}",
            hint="if it is yours, give the vocabulary that has it with --vocabulary",
        )
    before = known.fact(label, start, end)
    if before is not None:
        returned.facts.append(before)
        return
    fact = read_fact(label, text, start, end)
    if fact is None:
        notes.add("new facts without a number in their words, left out")
        return
    notes.add("new facts: value, unit and bound were read from their words")
    returned.facts.append((None, fact))


def _set_categories(returned: Returned, categories: list[tuple[str, int, int]], notes: Notes) -> None:
    """Gives every category to the item that it lies on; the order that an item had before is kept."""
    given: dict[int, list[str]] = {p: [] for p in range(len(returned.items))}
    for name, start, end in categories:
        overlap = [
            (p, min(end, item.end or 0) - max(start, item.start or 0), (item.start, item.end) == (start, end))
            for p, (_, item) in enumerate(returned.items)
        ]
        # Two items on one span: the category is that of the one that had it, else of the first without it.
        best = max(
            overlap,
            key=lambda o: (o[2], o[1], name in returned.items[o[0]][1].categories, name not in given[o[0]]),
            default=None,
        )
        same = [o for o in overlap if o[2] and name not in given[o[0]] and name in returned.items[o[0]][1].categories]
        chosen = same[0] if same else best
        if chosen is None or chosen[1] <= 0:
            notes.add("categories that lie on no problem or remedy, left out")
        elif name not in given[chosen[0]]:
            given[chosen[0]].append(name)
    for p, (index, item) in enumerate(returned.items):
        kept = [c for c in item.categories if c in given[p]]
        kept += [c for c in given[p] if c not in kept]
        returned.items[p] = (index, replace(item, categories=tuple(kept)))


def label_config() -> list[dict[str, Any]]:
    """The span labels of the project, for doccano's label import (JSON)."""
    from gia_nlp.vocabulary.categories import categories
    from gia_nlp.vocabulary.colours import colours
    from gia_nlp.vocabulary.indicators import indicators

    colour = colours()
    named = [(name, colour[name]) for name in indicators()]
    named += [(f"{kind}:{status}", colour[kind]) for kind, statuses in STATUSES.items() for status in statuses]
    named += [(_CATEGORY + name, colour[name]) for name in categories()]
    return [{"text": text, "background_color": c, "text_color": "#000000"} for text, c in named]
