"""The spaCy components ``gia_facts``, ``gia_items`` and ``gia_categories``.

On a plain text (``nlp(text)``) they take all of it as prose and find its sections by heading. They can be saved, scored
(``nlp.evaluate``) and sent to other processes; models and a user's vocabulary go along. Importing this module makes their
factories known to spaCy, as the package's entry points do for ``spacy.load``.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import srsly
from spacy.language import Language
from spacy.scorer import Scorer
from spacy.tokens import Doc
from spacy.util import registry

import gia_nlp.language.tokenizer  # noqa: F401
from gia_nlp import records
from gia_nlp.records import Document, Fact, Item, Layout, Record
from gia_nlp.vocabulary.active import using
from gia_nlp.vocabulary.colours import colours
from gia_nlp.vocabulary.user import Remembers

if TYPE_CHECKING:
    from spacy.training import Example

    from gia_nlp.facts.model import FactModel
    from gia_nlp.problems.models import ItemModels

_LAYOUT, _TEXT = "gia_layout", "gia_text"
_FACTS, _ITEMS, _NONE, _POINTS = "gia_facts", "gia_items", "gia_none_reported", "gia_points"


# --------------------------------------------------------------------------- what a doc holds


def _layout(doc: Doc) -> Layout:
    """The layout of the doc's text, made once."""
    layout: Layout | None = doc.user_data.get(_LAYOUT)
    if layout is None:
        from gia_nlp.structure import analyse

        layout = doc.user_data[_LAYOUT] = analyse(Document(text=_text(doc)))
    return layout


def _text(doc: Doc) -> str:
    """The doc's text, which spaCy puts together from its tokens at every call."""
    text: str | None = doc.user_data.get(_TEXT)
    if text is None:
        text = doc.user_data[_TEXT] = doc.text
    return text


def _set_spans(doc: Doc, key: str, marks: Iterable[Fact | Item], label: str) -> None:
    """Records as spans, aligned outwards to tokens; the exact offsets stay in the records."""
    spans = (doc.char_span(r.start, r.end, label=getattr(r, label), alignment_mode="expand") for r in marks)
    doc.spans[key] = [s for s in spans if s is not None]


def _get(doc: Doc, key: str, default: Any, made: Callable[[Any], Any]) -> Any:
    return made(doc.user_data.get(key, default))


def _set(doc: Doc, value: Any, key: str) -> None:
    doc.user_data[key] = value


# doc._.facts and the like live in user_data under plain keys, so that they go wherever the doc goes.
for _name, _key, _default, _made in (
    ("facts", _FACTS, (), tuple),
    ("items", _ITEMS, (), tuple),
    ("none_reported", _NONE, False, bool),
):
    if not Doc.has_extension(_name):
        Doc.set_extension(
            _name, getter=partial(_get, key=_key, default=_default, made=_made), setter=partial(_set, key=_key)
        )


@srsly.msgpack_encoders("gia_nlp.records")
def _encode(value: Any, chain: Callable[[Any], Any] | None = None) -> Any:
    """Records as plain data where spaCy writes a doc's user data (to other processes, to a DocBin)."""
    if isinstance(value, Record):
        return {"__gia_nlp__": type(value).__name__, "data": value.to_dict()}
    return value if chain is None else chain(value)


@srsly.msgpack_decoders("gia_nlp.records")
def _decode(value: Any, chain: Callable[[Any], Any] | None = None) -> Any:
    if isinstance(value, dict) and "__gia_nlp__" in value:
        kind = getattr(records, str(value["__gia_nlp__"]), None)
        if isinstance(kind, type) and issubclass(kind, Record):
            return kind.from_dict(value["data"])
    return value if chain is None else chain(value)


# --------------------------------------------------------------------------- components


class Component(Remembers):
    """What the components share: saving (:meth:`to_disk` is the one place that says what) and the score of their spans."""

    key: str

    def to_disk(self, path: str | Path, **kwargs: Any) -> None:
        """Writes the vocabulary, if it is the user's."""
        self.write_vocabulary(path)

    def from_disk(self, path: str | Path, **kwargs: Any) -> Self:
        """Takes over what :meth:`to_disk` wrote."""
        self.read_vocabulary(path)
        return self

    def to_bytes(self, **kwargs: Any) -> bytes:
        """What :meth:`to_disk` writes, as bytes."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            self.to_disk(folder)
            files = {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
        data: bytes = srsly.msgpack_dumps(files)
        return data

    def from_bytes(self, data: bytes, **kwargs: Any) -> Self:
        """Takes over what :meth:`to_bytes` gave."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name).resolve()
            for file, content in srsly.msgpack_loads(data).items():
                path = (folder / file).resolve()
                if not path.is_relative_to(folder):
                    raise ValueError(f"{file} lies outside the component's folder")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            return self.from_disk(folder)

    def score(self, examples: Iterable[Example], **kwargs: Any) -> dict[str, Any]:
        """Precision, recall and F1 of the spans, by exact tokens and label: ``spans_<key>_p``, ``_r``, ``_f``, ``_per_type``."""
        return spans_score(examples, self.key)


def spans_score(examples: Iterable[Example], key: str) -> dict[str, Any]:
    """Precision, recall and F1 of ``doc.spans[key]``; spans may overlap. References without that key are left out."""
    scores: dict[str, Any] = Scorer.score_spans(
        list(examples),
        f"spans_{key}",
        getter=lambda doc, attr: doc.spans.get(attr.removeprefix("spans_"), []),
        has_annotation=lambda doc: key in doc.spans,
        allow_overlap=True,
        labeled=True,
    )
    return scores


class FactFinder(Component):
    """Finds counts and denials: ``doc.spans["facts"]``, with the records in ``doc._.facts``.

    ``model`` decides together with the rules; without one the rules decide alone.
    """

    key = "facts"

    def __init__(self, model: FactModel | None = None) -> None:
        self.model = model

    def find(self, text: str, layout: Layout) -> tuple[Fact, ...]:
        """The facts of a text whose structure is known."""
        from gia_nlp.facts import find_facts

        with using(self.vocabulary):
            return find_facts(text, layout, self.model)

    def to_disk(self, path: str | Path, **kwargs: Any) -> None:
        """Writes the model, if there is one, and the vocabulary, if it is the user's."""
        if self.model is not None:
            self.model.to_disk(path)
        super().to_disk(path)

    def from_disk(self, path: str | Path, **kwargs: Any) -> Self:
        """Takes over what :meth:`to_disk` wrote: the model, or none."""
        from gia_nlp.facts.model import FactModel

        super().from_disk(path)
        with using(self.vocabulary):
            self.model = FactModel.from_disk(path) if (Path(path) / "facts.json").is_file() else None
        return self

    def __call__(self, doc: Doc) -> Doc:
        """Sets the facts of a doc."""
        with using(self.vocabulary):
            doc._.facts = self.find(_text(doc), _layout(doc))
        _set_spans(doc, "facts", doc._.facts, "indicator")
        return doc


class _WithItemModels(Component):
    """A component that asks models of problems and remedies; ``models`` holds those that are its own."""

    def __init__(self, models: ItemModels | None = None) -> None:
        self.models = models

    def to_disk(self, path: str | Path, **kwargs: Any) -> None:
        """Writes the models, if there are any, and the vocabulary, if it is the user's."""
        if self.models is not None:
            self.models.to_disk(path)
        super().to_disk(path)

    def from_disk(self, path: str | Path, **kwargs: Any) -> Self:
        """Takes over what :meth:`to_disk` wrote: the models, or none."""
        from gia_nlp.problems.models import ItemModels

        super().from_disk(path)
        with using(self.vocabulary):
            found = ItemModels.from_disk(path)
        self.models = found if found else None
        return self


class ItemFinder(_WithItemModels):
    """Finds problems and remedies: ``doc.spans["items"]``, with the records in ``doc._.items``.

    ``models``: where points begin and end. Categories and pairs are those of the rules until ``gia_categories`` has been there.
    """

    key = "items"

    def find(
        self, text: str, layout: Layout, categories: CategorySetter | None = None
    ) -> tuple[tuple[Item, ...], bool]:
        """The items of a text whose structure is known, and whether it says that there is no problem.

        ``categories`` is the component that sets categories and pairs, if there is one.
        """
        from gia_nlp.problems import describe, find_points

        with using(self.vocabulary):
            points = find_points(text, layout, self.models)
            return describe(points, categories.models if categories else None), points.none_reported

    def __call__(self, doc: Doc) -> Doc:
        """Sets the items of a doc."""
        from gia_nlp.problems import describe, find_points

        with using(self.vocabulary):
            points = find_points(_text(doc), _layout(doc), self.models)
            doc._.items, doc._.none_reported = describe(points), points.none_reported
        doc.user_data[_POINTS] = points.to_dict()
        _set_spans(doc, "items", doc._.items, "kind")
        return doc


class CategorySetter(_WithItemModels):
    """Sets the items' categories and pairs, and shows the categories the spaCy way: ``doc.spans["categories"]`` and ``doc.cats``.

    ``models``: of categories, and of pairs. Without them the items keep what the rules say.
    """

    key = "categories"

    def __call__(self, doc: Doc) -> Doc:
        """Sets the categories of a doc whose items were found."""
        from gia_nlp.problems import Points, describe
        from gia_nlp.vocabulary.categories import categories

        told = doc.user_data.pop(_POINTS, None)
        spans = []
        with using(self.vocabulary):
            if told is not None and self.models is not None:
                doc._.items = describe(Points.from_dict(_text(doc), told), self.models)
            doc.cats = dict.fromkeys(categories(), 0.0)
        for item in doc._.items:
            for name, score in zip(item.categories, item.category_scores, strict=True):
                doc.cats[name] = max(doc.cats.get(name, 0.0), score)
                span = doc.char_span(item.start, item.end, label=name, alignment_mode="expand")
                spans.append(span)
        doc.spans["categories"] = [s for s in spans if s is not None]
        return doc

    def score(self, examples: Iterable[Example], **kwargs: Any) -> dict[str, Any]:
        """The score of the categories' spans and, for whole texts, ``cats_micro_f``, ``cats_macro_f`` and the like."""
        examples = list(examples)
        labels = sorted({name for e in examples for name in (*e.reference.cats, *e.predicted.cats)})
        told = [e for e in examples if e.reference.cats]
        cats = Scorer.score_cats(told, "cats", labels=labels, multi_label=True, threshold=0.4) if told else {}
        return {**super().score(examples), **cats}


# --------------------------------------------------------------------------- factories


def _weights(key: str, share: float) -> dict[str, float | None]:
    return {f"spans_{key}_f": share, f"spans_{key}_p": 0.0, f"spans_{key}_r": 0.0, f"spans_{key}_per_type": None}


@Language.factory("gia_facts", assigns=["doc._.facts", "doc.spans"], default_score_weights=_weights("facts", 1.0))
def make_facts(nlp: Language, name: str) -> FactFinder:
    """Factory of the component ``gia_facts``."""
    return FactFinder()


@Language.factory(
    "gia_items",
    assigns=["doc._.items", "doc._.none_reported", "doc.spans"],
    default_score_weights=_weights("items", 1.0),
)
def make_items(nlp: Language, name: str) -> ItemFinder:
    """Factory of the component ``gia_items``."""
    return ItemFinder()


@Language.factory(
    "gia_categories",
    assigns=["doc.cats", "doc.spans"],
    requires=["doc._.items"],
    default_score_weights=_weights("categories", 1.0),
)
def make_categories(nlp: Language, name: str) -> CategorySetter:
    """Factory of the component ``gia_categories``; it needs ``gia_items`` before it."""
    return CategorySetter()


registry.displacy_colors("gia_nlp", func=colours)  # displaCy asks for them when it renders

FACTORIES = ("gia_facts", "gia_items", "gia_categories")
