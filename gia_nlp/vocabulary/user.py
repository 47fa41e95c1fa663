"""A user's own vocabulary: indicators, categories, units and section titles added by a YAML file, without code.

Everything in the file is checked when it is read; an error names the file and the key.

>>> overlay = parse_vocabulary('''
... indicators:
...   open_days: {zh: 政府开放日, units: [场, 次], cues: [{words: 开放日, weight: 5}]}
... ''')
>>> from gia_nlp.vocabulary.active import using
>>> from gia_nlp.vocabulary.indicators import indicators
>>> with using(overlay):
...     indicators()["open_days"].units
('场', '次')
>>> "open_days" in indicators()
False
"""

from __future__ import annotations

import difflib
import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from gia_nlp.vocabulary.active import ENVIRONMENT, OWN, Overlay, active, of_process, set_for_process, using
from gia_nlp.vocabulary.loader import load_yaml

FORMAT = 1
DUTIES = ("proactive", "requests", "management", "platform", "supervision", "other")
SECTIONS = ("overview", "proactive", "requests", "review_litigation", "problems", "other")
_ID = re.compile(r"[a-z][a-z0-9_]{0,60}")
_CUE_KEYS = {"words", "weight", "where", "units", "when", "not", "unless_sentence", "far", "id"}
_WHERE = ("any", "label", "label_end", "tail")
_WHEN = ("requests", "training", "opinions", "documents", "proposals", "outcomes")
_LISTS = ("strong", "weak", "generic", "mask", "fallback")
_FILE = "vocabulary.yaml"  # in the folder of a part that remembers
_LAST = "other"  # the category that stands for no other, and stays the last one


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
    """The file as typed records."""

    indicators: tuple[UserIndicator, ...] = ()
    categories: tuple[UserCategory, ...] = ()
    units: tuple[str, ...] = ()
    sections: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


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


def read_vocabulary(path: str | Path) -> Overlay:
    """The additions of a user's file. Raises :class:`VocabularyError`, naming file and key."""
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise VocabularyError(f"{path} cannot be read: {error}", hint="give a YAML file in UTF-8") from error
    return parse_vocabulary(text, path.name)


@cache
def parse_vocabulary(text: str, name: str = "vocabulary") -> Overlay:
    """The additions of a vocabulary given as YAML. Raises :class:`VocabularyError`, naming ``name`` and key."""
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise VocabularyError(f"{name}: no YAML: {error}", hint="put regular expressions in single quotes") from error
    with using(OWN):  # what is new is measured against the package's own
        vocabulary = _vocabulary(data if data is not None else {}, name)
        changes = _changes(vocabulary)
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()[:16] if changes else ""
    return Overlay(name, text, digest, changes)


def _vocabulary(data: Any, name: str) -> UserVocabulary:
    top = _Node(data, name, "", ("format", "indicators", "categories", "units", "sections"))
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
    )
    new = {i.id for i in made.indicators if i.zh} & {c.id for c in made.categories if c.zh}
    if new and indicators:
        raise indicators.error(min(new), "is also the id of a category: spans could not be told apart")
    return made


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


# --------------------------------------------------------------------------- additions to the package's data


def _changes(vocabulary: UserVocabulary) -> dict[str, Any]:
    """A function for each data file that gets additions. The content that it is given stays as it is."""
    changes: dict[str, Any] = {}
    units = [*vocabulary.units, *(u for i in vocabulary.indicators for u in i.units)]
    if vocabulary.indicators:
        changes["indicators"] = lambda base: _with_indicators(base, vocabulary.indicators)
        changes["fact_cues"] = lambda base: _with_cues(base, vocabulary.indicators)
        changes["denials"] = lambda base: _with_denials(base, vocabulary.indicators)
    if units:
        changes["quantities"] = lambda base: {**base, "units": list(dict.fromkeys([*base["units"], *units]))}
    if vocabulary.categories:
        changes["categories"] = lambda base: _with_categories(base, vocabulary.categories)
    if vocabulary.sections:
        changes["headings"] = lambda base: _with_titles(base, vocabulary.sections)
    return changes


def _with_indicators(base: dict[str, Any], added: tuple[UserIndicator, ...]) -> dict[str, Any]:
    merged = dict(base)
    for one in added:
        if one.zh is None:
            row = merged[one.id]
            merged[one.id] = {**row, "units": list(dict.fromkeys([*row["units"], *one.units]))}
        else:
            row = {"zh": one.zh, "units": list(one.units), "channelled": one.channelled, "money": one.money}
            merged[one.id] = row
    return merged


def _with_cues(base: dict[str, Any], added: tuple[UserIndicator, ...]) -> dict[str, Any]:
    merged = dict(base)
    for one in added:
        merged[one.id] = [*merged.get(one.id, ()), *one.cues]
    return merged


def _with_denials(base: dict[str, Any], added: tuple[UserIndicator, ...]) -> dict[str, Any]:
    objects = dict(base["objects"])
    for one in added:
        if one.denials:
            own = [objects[one.id]] if one.id in objects else []
            objects[one.id] = "|".join((*own, *(f"(?:{d})" for d in one.denials)))
    return {**base, "objects": objects}


def _with_categories(base: dict[str, Any], added: tuple[UserCategory, ...]) -> dict[str, Any]:
    merged = dict(base["categories"])
    last = {_LAST: merged.pop(_LAST)} if _LAST in merged else {}
    for one in added:
        row = dict(last[_LAST] if one.id == _LAST and last else merged.get(one.id, {}))
        if one.zh is not None:
            row.update(zh=one.zh, duty=one.duty)
        for key, patterns in one.patterns.items():
            if patterns:
                row[key] = [*row.get(key, ()), *patterns]
        if one.topic:
            row["topic"] = f"{row['topic']}|{one.topic}" if row.get("topic") else one.topic
        (last if one.id == _LAST else merged)[one.id] = row
    return {**base, "categories": {**merged, **last}}


def _with_titles(base: dict[str, Any], added: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    titles = {kind: [*listed, *added.get(kind, ())] for kind, listed in base["titles"].items()}
    return {**base, "titles": {**{kind: list(listed) for kind, listed in added.items()}, **titles}}


# --------------------------------------------------------------------------- use


def use_vocabulary(source: str | Path | Overlay | None) -> Overlay:
    """From now on a user's vocabulary holds in this process and in the worker processes that it starts; ``None`` ends that.

    ``source`` is a YAML file, or additions that were read before (which worker processes do not see). Raises
    :class:`VocabularyError`.
    """
    if isinstance(source, (str, Path)):
        overlay = replace(read_vocabulary(source), name=str(source))
        os.environ[ENVIRONMENT] = str(Path(source).absolute())
    else:
        overlay = source if source is not None else OWN
        os.environ.pop(ENVIRONMENT, None)
    set_for_process(overlay)
    return overlay


def adopt_vocabulary(pipeline: str | Path) -> None:
    """Lets the vocabulary that a pipeline's folder remembers hold for the process, unless it has one already.

    For who makes tables of what other processes found; a name or a folder without a vocabulary changes nothing.
    """
    found = sorted(Path(pipeline).glob(f"*/{_FILE}")) if Path(pipeline).is_dir() else []
    if found and not of_process():
        set_for_process(read_vocabulary(found[0]))


class Remembers:
    """A part of a pipeline that keeps the vocabulary which it was made with, on disk too.

    ``vocabulary`` is ``None`` where it goes by whatever holds for the process.
    """

    vocabulary: Overlay | None = None

    def keep_vocabulary(self) -> None:
        """Takes what holds now, if anything was added to the package's own."""
        self.vocabulary = active() or None

    def write_vocabulary(self, folder: str | Path) -> None:
        """Writes ``vocabulary.yaml`` into a folder; removes one that is there if nothing was added."""
        path = Path(folder) / _FILE
        if self.vocabulary:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.vocabulary.text, encoding="utf-8")
        else:
            path.unlink(missing_ok=True)

    def read_vocabulary(self, folder: str | Path) -> None:
        """Takes over what :meth:`write_vocabulary` wrote."""
        path = Path(folder) / _FILE
        self.vocabulary = read_vocabulary(path) if path.is_file() else None
