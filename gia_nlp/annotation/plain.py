"""Gold records as plain data and back, every value checked: an error names the document and the key."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, TypeVar

from gia_nlp.annotation.records import (
    BOUNDS,
    PERIODS,
    STATUSES,
    GoldDocument,
    GoldError,
    GoldFact,
    GoldItem,
    GoldSection,
)
from gia_nlp.records import Change

T = TypeVar("T")
_FACT_KEYS = (
    "indicator",
    "value",
    "value_max",
    "bound",
    "unit",
    "channel",
    "period",
    "topic",
    "change",
    "start",
    "end",
)
_ITEM_KEYS = ("kind", "when", "categories", "start", "end", "quote", "remedies")
_DOCUMENT_KEYS = tuple(f.name for f in dataclasses.fields(GoldDocument) if f.name != "more")


# --------------------------------------------------------------------------- to plain data


def fact_to_dict(fact: GoldFact) -> dict[str, Any]:
    """A fact as the annotation guide writes it; a score only if it has one."""
    data: dict[str, Any] = {key: getattr(fact, key) for key in _FACT_KEYS}
    data["change"] = fact.change.to_dict() if fact.change else None
    data["quote"] = fact.quote
    if fact.score is not None:
        data["score"] = fact.score
    return {**data, **fact.more}


def item_to_dict(item: GoldItem) -> dict[str, Any]:
    """A problem or remedy as the annotation guide writes it; a score only if it has one."""
    data: dict[str, Any] = {key: getattr(item, key) for key in _ITEM_KEYS}
    data["categories"], data["remedies"] = list(item.categories), list(item.remedies)
    if item.score is not None:
        data["score"] = item.score
    return {**data, **item.more}


def document_to_dict(document: GoldDocument, *, text: bool = True) -> dict[str, Any]:
    """A document as plain data: only what was annotated, ``text`` only where it shall be carried along.

    >>> document_to_dict(GoldDocument("a", "无。", items=(), none_reported=True))
    {'id': 'a', 'text': '无。', 'items': [], 'none_reported': True}
    """
    data: dict[str, Any] = {"id": document.id}
    if document.source is not None:
        data["source"] = document.source
    if document.text_sha256 is not None:
        data["text_sha256"] = document.text_sha256
    if text:
        data["text"] = document.text
    for key in ("meta", "sections", "tables", "undecidable"):
        value = getattr(document, key)
        if value is not None:
            data[key] = value
    if document.sections is not None:
        data["sections"] = [{"id": s.id, "start": s.start, "end": s.end} for s in document.sections]
    if document.scope is not None:
        data["scope"] = {"start": document.scope[0], "end": document.scope[1]}
    if document.facts is not None:
        data["facts"] = [fact_to_dict(f) for f in document.facts]
    if document.items is not None:
        data["items"] = [item_to_dict(i) for i in document.items]
    if document.none_reported is not None:
        data["none_reported"] = document.none_reported
    if document.predicted:
        data["predicted"] = True
    return {**data, **document.more}


# --------------------------------------------------------------------------- from plain data


class _Reader:
    """Takes values out of one mapping; what is wrong is told with the place where it stands."""

    def __init__(self, data: Any, where: str) -> None:
        if not isinstance(data, dict):
            raise GoldError(f"{where} is {_kind(data)}, not an object")
        self.data, self.where = data, where

    def fail(self, key: str, expected: str) -> GoldError:
        return GoldError(f"{self.where}.{key} is {_kind(self.data.get(key))}, not {expected}")

    def text(self, key: str, default: str | None = None, *, null: bool = False) -> Any:
        value = self.data.get(key, default)
        if value is None and null:
            return None
        if not isinstance(value, str):
            raise self.fail(key, "a text")
        return value

    def number(self, key: str, *, null: bool = False) -> Any:
        value = self.data.get(key)
        if value is None and null:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.fail(key, "a number")
        return float(value)

    def whole(self, key: str) -> int | None:
        value = self.data.get(key)
        if value is None:
            return None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self.fail(key, "an offset")
        return value

    def one_of(self, key: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        value = self.data.get(key)
        value = default if value is None else value
        if value not in allowed:
            raise self.fail(key, "one of " + ", ".join(allowed))
        return str(value)

    def listed(self, key: str, make: Callable[[Any, str], T]) -> tuple[T, ...] | None:
        value = self.data.get(key)
        if value is None:
            return None
        if not isinstance(value, list):
            raise self.fail(key, "a list")
        return tuple(make(one, f"{self.where}.{key}[{i}]") for i, one in enumerate(value))

    def mapping(self, key: str) -> dict[str, Any] | None:
        value = self.data.get(key)
        if value is not None and not isinstance(value, dict):
            raise self.fail(key, "an object")
        return value

    def flag(self, key: str) -> bool | None:
        value = self.data.get(key)
        if value is not None and not isinstance(value, bool):
            raise self.fail(key, "true or false")
        return value

    def rest(self, known: tuple[str, ...] | list[str]) -> dict[str, Any]:
        return {k: v for k, v in self.data.items() if k not in known}

    def span(self) -> tuple[int | None, int | None]:
        start, end = self.whole("start"), self.whole("end")
        if (start is None) != (end is None) or (start is not None and end is not None and start > end):
            raise GoldError(f"{self.where}: start {start} and end {end} are no span")
        return start, end


def _kind(value: Any) -> str:
    return "missing" if value is None else repr(value)[:60]


def _name(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise GoldError(f"{where} is {_kind(value)}, not a text")
    return value


def _index(value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise GoldError(f"{where} is {_kind(value)}, not the index of an item")
    return value


def fact_from_dict(data: Any, where: str = "fact") -> GoldFact:
    """A fact from plain data; raises :class:`GoldError` naming the key that is wrong."""
    read = _Reader(data, where)
    start, end = read.span()
    change = read.mapping("change")
    return GoldFact(
        indicator=read.text("indicator"),
        value=read.number("value"),
        start=start,
        end=end,
        quote=read.text("quote", ""),
        value_max=read.number("value_max", null=True),
        bound=read.one_of("bound", BOUNDS, "exact"),
        unit=read.text("unit", null=True),
        channel=read.text("channel", "all"),
        period=read.one_of("period", PERIODS, "current"),
        topic=read.text("topic", null=True),
        change=_change(change, f"{where}.change") if change is not None else None,
        score=read.number("score", null=True),
        more=read.rest([*_FACT_KEYS, "quote", "score"]),
    )


def _change(data: dict[str, Any], where: str) -> Change:
    read = _Reader(data, where)
    return Change(
        read.number("value", null=True), read.text("unit", null=True), read.one_of("direction", ("up", "down"))
    )


def item_from_dict(data: Any, where: str = "item") -> GoldItem:
    """A problem or remedy from plain data; raises :class:`GoldError` naming the key that is wrong."""
    read = _Reader(data, where)
    kind = read.one_of("kind", tuple(STATUSES))
    start, end = read.span()
    return GoldItem(
        kind=kind,
        when=read.one_of("when", STATUSES[kind], STATUSES[kind][0]),
        start=start,
        end=end,
        quote=read.text("quote", ""),
        categories=read.listed("categories", _name) or (),
        remedies=read.listed("remedies", _index) or (),
        score=read.number("score", null=True),
        more=read.rest([*_ITEM_KEYS, "score"]),
    )


def _section(data: Any, where: str) -> GoldSection:
    read = _Reader(data, where)
    return GoldSection(read.text("id"), *read.span())


def _tables(read: _Reader) -> dict[str, dict[str, float | None]] | None:
    tables = read.mapping("tables")
    if tables is None:
        return None
    made: dict[str, dict[str, float | None]] = {}
    for name in tables:
        inner = _Reader(tables[name], f"{read.where}.tables.{name}")
        made[name] = {key: inner.number(key, null=True) for key in inner.data}
    return made


def _undecidable(read: _Reader) -> dict[str, list[str]] | None:
    found = read.mapping("undecidable")
    if found is None:
        return None
    inner = _Reader(found, f"{read.where}.undecidable")
    return {name: list(inner.listed(name, _name) or ()) for name in found}


def document_from_dict(data: Any, where: str, *, text: str | None = None) -> GoldDocument:
    """A document from plain data; ``text`` where the data itself does not carry it.

    Raises :class:`GoldError` naming the document and the key that is wrong: a type, an index of no item, a span outside the
    text, or a quote that does not stand at its span.
    """
    read = _Reader(data, where)
    scope = read.mapping("scope")
    bounds = _Reader(scope, f"{where}.scope").span() if scope is not None else None
    document = GoldDocument(
        id=read.text("id"),
        text=read.text("text", text),
        facts=read.listed("facts", fact_from_dict),
        items=read.listed("items", item_from_dict),
        none_reported=read.flag("none_reported"),
        source=read.text("source", null=True),
        text_sha256=read.text("text_sha256", null=True),
        meta=read.mapping("meta"),
        sections=read.listed("sections", _section),
        tables=_tables(read),
        undecidable=_undecidable(read),
        scope=(bounds[0], bounds[1]) if bounds and bounds[0] is not None and bounds[1] is not None else None,
        predicted=bool(read.flag("predicted")),
        more=read.rest(_DOCUMENT_KEYS),
    )
    check(document, where)
    return document


def check(document: GoldDocument, where: str | None = None) -> None:
    """Raises :class:`GoldError` if a span or an index of the document points nowhere, or a quote is not at its span."""
    where = document.id if where is None else where
    for name in ("facts", "items"):
        marks: tuple[GoldFact | GoldItem, ...] = getattr(document, name) or ()
        for i, mark in enumerate(marks):
            if mark.start is None or mark.end is None:
                continue
            if mark.end > len(document.text):
                raise GoldError(
                    f"{where}.{name}[{i}].end is {mark.end}, but the text has {len(document.text)} characters"
                )
            printed = document.text[mark.start : mark.end]
            if mark.quote != printed:
                raise GoldError(
                    f"{where}.{name}[{i}]: the quote is {mark.quote[:40]!r}, but at {mark.start}-{mark.end} stands {printed[:40]!r}",
                    hint="offsets count code points of the text; was another version of the document annotated?",
                )
    count = len(document.items or ())
    for i, item in enumerate(document.items or ()):
        if any(r >= count for r in item.remedies):
            raise GoldError(f"{where}.items[{i}].remedies is {list(item.remedies)}, but there are {count} items")
