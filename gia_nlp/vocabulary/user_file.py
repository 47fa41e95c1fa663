"""The file of a user's vocabulary as typed records, every key checked; :mod:`gia_nlp.vocabulary.user` is what uses it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gia_nlp.vocabulary.forms import letters
from gia_nlp.vocabulary.loader import load_yaml

FORMAT = 1
DUTIES = ("proactive", "requests", "management", "platform", "safeguards", "other")
SECTIONS = ("overview", "proactive", "requests", "review_litigation", "problems", "other")
TABLES = ("requests", "proactive", "review_litigation", "statistics")
_ID = re.compile(r"[a-z][a-z0-9_]{0,60}")
_CUE_KEYS = {"words", "weight", "where", "units", "when", "not", "unless_sentence", "far", "id"}
_WHERE = ("any", "label", "label_end", "tail")
_WHEN = ("requests", "training", "opinions", "documents", "proposals", "outcomes")
_LISTS = ("strong", "weak", "generic", "mask", "fallback")
LAST = "other"  # the category that stands for no other, and stays the last one


class VocabularyError(ValueError):
    """A user's vocabulary that is not in the format. The message names file and key, ``hint`` says what to do."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


# --------------------------------------------------------------------------- records


@dataclass(frozen=True, slots=True)
class UserIndicator:
    """An indicator of the file: a new one, or more units and cues for one that is there (``zh`` is then ``None``)."""

    id: str
    zh: str | None
    units: tuple[str, ...]
    channelled: bool
    money: bool
    cues: tuple[Mapping[str, Any], ...]
    denials: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UserCategory:
    """A category of the file: a new one, or more patterns for one that is there (``zh`` is then ``None``)."""

    id: str
    zh: str | None
    duty: str | None
    patterns: Mapping[str, tuple[str, ...]]
    topic: str | None


@dataclass(frozen=True, slots=True)
class UserVocabulary:
    """The file as typed records. ``labels`` maps a form's table and the id of a row or column to more words for it."""

    indicators: tuple[UserIndicator, ...] = ()
    categories: tuple[UserCategory, ...] = ()
    units: tuple[str, ...] = ()
    sections: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)


# --------------------------------------------------------------------------- reading and checking


class _Node:
    """A mapping of the file with its place in it, for messages."""

    def __init__(self, data: Any, file: str, place: str, known: Iterable[str] | None) -> None:
        self.file, self.place = file, place
        if not isinstance(data, dict):
            raise self.error("", f"is {_shown(data)}, not a mapping")
        self.data: dict[Any, Any] = data
        for key in data:
            if not isinstance(key, str):
                raise self.error("", f"has the key {key!r}, which is no text: put it in quotes")
            if known is not None and key not in known:
                near = difflib.get_close_matches(key, list(known), 1)
                hint = f"did you mean {near[0]}?" if near else "known keys: " + ", ".join(sorted(known))
                raise self.error(key, "is not known", hint=hint)

    def error(self, key: str | int, message: str, *, hint: str | None = None) -> VocabularyError:
        place = ".".join(str(p) for p in (self.place, key) if p != "")
        return VocabularyError(f"{self.file}: {place or 'the file'} {message}", hint=hint)

    def text(self, key: str) -> str | None:
        value = self.data.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip():
            raise self.error(key, f"is {_shown(value)}, not a text")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.data.get(key)
        if value is None:
            return ()
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not all(isinstance(v, str) and v.strip() for v in listed):
            raise self.error(key, f"is {_shown(value)}, not a list of texts")
        return tuple(listed)

    def flag(self, key: str) -> bool:
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            raise self.error(key, f"is {_shown(value)}, not true or false")
        return value

    def number(self, key: str, low: float, high: float) -> float | None:
        value = self.data.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
            raise self.error(key, f"is {_shown(value)}, not a number from {low:g} to {high:g}")
        return float(value)

    def choice(self, key: str, allowed: tuple[str, ...]) -> str | None:
        value = self.data.get(key)
        if value is not None and value not in allowed:
            raise self.error(key, f"is {_shown(value)}, not one of {', '.join(allowed)}")
        return value

    def pattern(self, key: str, text: str | None = None) -> str | None:
        """A regular expression that compiles and does not match the empty text."""
        value = self.text(key) if text is None else text
        if value is None:
            return None
        try:
            compiled = re.compile(value)
        except re.error as error:
            raise self.error(key, f"is no regular expression: {error}") from error
        if compiled.search(""):
            raise self.error(key, "matches the empty text: it would match everywhere")
        return value

    def patterns(self, key: str) -> tuple[str, ...]:
        values = self.texts(key)
        for i, value in enumerate(values):
            self.pattern(f"{key}[{i}]", value)
        return values

    def mapping(self, key: str, known: Iterable[str] | None = None) -> _Node | None:
        if self.data.get(key) is None:
            return None
        return _Node(self.data[key], self.file, f"{self.place}.{key}".lstrip("."), known)


def _shown(value: Any) -> str:
    return "empty" if value is None else repr(value)[:50]


def check_vocabulary(data: Any, name: str) -> UserVocabulary:
    top = _Node(data, name, "", ("format", "indicators", "categories", "units", "sections", "labels"))
    if top.data.get("format", FORMAT) != FORMAT:
        raise top.error("format", f"is {_shown(top.data['format'])}; this version reads format {FORMAT}")
    indicators, categories, sections = (
        top.mapping("indicators"),
        top.mapping("categories"),
        top.mapping("sections", SECTIONS),
    )
    made = UserVocabulary(
        tuple(_indicator(indicators, id) for id in (indicators.data if indicators else ())),
        tuple(_category(categories, id) for id in (categories.data if categories else ())),
        top.texts("units"),
        {id: sections.texts(id) for id in sections.data} if sections else {},
        _labels(top.mapping("labels", TABLES)),
    )
    new = {i.id for i in made.indicators if i.zh} & {c.id for c in made.categories if c.zh}
    if new and indicators:
        raise indicators.error(min(new), "is also the id of a category: spans could not be told apart")
    return made


def _labels(tables: _Node | None) -> dict[str, dict[str, tuple[str, ...]]]:
    """Labels of rows and columns: letters alone, of an id that the form has, and no other's words."""
    made: dict[str, dict[str, tuple[str, ...]]] = {}
    for table in tables.data if tables else ():
        assert tables is not None
        owners = _owners(table)
        node = tables.mapping(table, {id for ids in owners.values() for id in ids})
        if node is None:
            raise tables.error(table, "is empty")
        for id in node.data:
            words = tuple(letters(text) for text in node.texts(id))
            for text, plain in zip(node.texts(id), words, strict=True):
                if len(plain) < 2:
                    raise node.error(id, f"has the label {text!r}, which is no word")
                if owners.get(plain, {id}) != {id}:
                    raise node.error(id, f"has the label {text!r}, which is that of {', '.join(sorted(owners[plain]))}")
            made.setdefault(table, {})[id] = words
    return made


def _owners(table: str) -> dict[str, set[str]]:
    """Which rows and columns of a table go by each label already."""
    owners: dict[str, set[str]] = {}
    data = load_yaml("forms")[table]
    for row in [*data.get("rows", ()), *data.get("columns", ()), *data.get("indicators", ())]:
        for label in [*row.get("cores", ()), *row.get("labels", ())]:
            owners.setdefault(letters(label), set()).add(row["id"])
    return owners


def _entry(parent: _Node, id: str, keys: Iterable[str]) -> _Node:
    if not _ID.fullmatch(id):
        raise parent.error(id, "is no id", hint="an id is lower-case Latin letters, digits and _: it names columns")
    node = parent.mapping(id, keys)
    if node is None:
        raise parent.error(id, "is empty")
    return node


def _indicator(parent: _Node | None, id: str) -> UserIndicator:
    assert parent is not None
    node = _entry(parent, id, ("zh", "units", "channelled", "money", "cues", "denials"))
    known = id in load_yaml("indicators")
    units, zh = node.texts("units"), node.text("zh")
    cues = node.data.get("cues") or []
    if not isinstance(cues, list):
        raise node.error("cues", f"is {_shown(cues)}, not a list")
    made = tuple(_cue(node, i, cue, units) for i, cue in enumerate(cues))
    denials = node.patterns("denials")
    if known:
        for key in ("zh", "channelled", "money"):
            if key in node.data:
                raise node.error(
                    key, "cannot be changed: the package has this indicator", hint="leave it out, or take another id"
                )
        zh = None
    else:
        for key, there in (("zh", zh), ("units", units), ("cues", made)):
            if not there:
                raise node.error(key, "is missing", hint="a new indicator needs zh, units and at least one cue")
        if id == "none":
            raise node.error("", "is taken: cues of none mark what is no fact")
    return UserIndicator(id, zh, units, node.flag("channelled"), node.flag("money"), made, denials)


def _cue(parent: _Node, i: int, data: Any, units: tuple[str, ...]) -> Mapping[str, Any]:
    """A cue as the package's own data has it."""
    node = _Node(data, parent.file, f"{parent.place}.cues[{i}]", _CUE_KEYS)
    words, weight = node.pattern("words"), node.number("weight", 0.1, 10)
    if words is None or weight is None:
        raise node.error("words" if words is None else "weight", "is missing")
    own = node.texts("units") or units
    row: dict[str, Any] = {"t": words, "w": weight, "id": node.text("id") or f"user{i + 1}"}
    if own:
        row["units"] = "|".join(own)
    for key, name, value in (
        ("where", "in", node.choice("where", _WHERE)),
        ("when", "when", node.choice("when", _WHEN)),
        ("not", "not", node.pattern("not")),
        ("unless_sentence", "unless_sentence", node.pattern("unless_sentence")),
        ("far", "far", node.number("far", 0, 5)),
    ):
        if key in node.data:
            row[name] = value
    return row


def _category(parent: _Node | None, id: str) -> UserCategory:
    assert parent is not None
    node = _entry(parent, id, ("zh", "duty", "topic", *_LISTS))
    known = id in load_yaml("categories")["categories"]
    zh, duty, topic = node.text("zh"), node.choice("duty", DUTIES), node.pattern("topic")
    patterns = {key: node.patterns(key) for key in _LISTS}
    if known:
        for key in ("zh", "duty"):
            if key in node.data:
                raise node.error(
                    key, "cannot be changed: the package has this category", hint="leave it out, or take another id"
                )
        zh = duty = None
    else:
        for key, there in (("zh", zh), ("duty", duty)):
            if not there:
                raise node.error(key, "is missing", hint="a new category needs zh, duty and at least one cue")
        if not any(patterns[key] for key in ("strong", "weak", "generic", "fallback")):
            raise node.error("strong", "is missing", hint="a new category needs at least one cue")
    return UserCategory(id, zh, duty, patterns, topic)
