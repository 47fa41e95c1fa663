"""spaCy: docs with spans, for ``spacy train`` and for :class:`spacy.training.Example`.

``doc.spans["facts"]`` (label: the indicator), ``doc.spans["items"]`` (the kind) and ``doc.spans["categories"]`` (the category,
over its item) are aligned outwards to tokens; ``doc.cats`` says which categories the text has. Every span's id (``f0``, ``i3``) leads
to its record in ``doc.user_data["gia_nlp"]``, where the exact offsets and all attributes are.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gia_nlp.annotation.carrying import Notes, Returned, carry, restore
from gia_nlp.annotation.plain import fact_from_dict, fact_to_dict, item_from_dict, item_to_dict
from gia_nlp.annotation.reading import read_fact
from gia_nlp.annotation.records import STATUSES, GoldDocument, GoldError, GoldFact, GoldItem

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Span
    from spacy.training import Example
    from spacy.vocab import Vocab

CANNOT_HOLD = (
    "A spaCy doc holds spans of whole tokens: their exact ends, the attributes of facts, the status of items and which remedy "
    "answers which problem stand in doc.user_data['gia_nlp'] under the spans' ids. Sections, table cells, metadata and what has "
    "no place in the text travel there too. Scores are left out."
)
KEY = "gia_nlp"


def to_doc(document: GoldDocument, nlp: Language | None = None) -> Doc:
    """A document as a doc of ``nlp`` (the default pipeline's tokenizer if ``None``), nothing but the annotation on it.

    >>> document = GoldDocument("one", "专职人员3名。", facts=(GoldFact("staff", 3.0, 4, 6, "3名", unit="名"),))
    >>> doc = to_doc(document)
    >>> [(span.text, span.label_, span.id_) for span in doc.spans["facts"]], from_doc(doc) == document
    ([('3名', 'staff', 'f0')], True)
    """
    if nlp is None:
        from gia_nlp.pipeline import load

        nlp = load()
    doc = nlp.make_doc(document.text)
    facts, items = document.facts or (), document.items or ()
    doc.spans["facts"] = _spans(doc, ((f, f.indicator, f"f{i}") for i, f in enumerate(facts)))
    doc.spans["items"] = _spans(doc, ((item, item.kind, f"i{i}") for i, item in enumerate(items)))
    named = ((item, category, f"i{i}") for i, item in enumerate(items) for category in item.categories)
    doc.spans["categories"] = _spans(doc, named)
    if document.items is not None:
        from gia_nlp.vocabulary.categories import categories

        stated = {c for item in items for c in item.categories}
        doc.cats = {name: float(name in stated) for name in (*categories(), *sorted(stated - set(categories())))}
    carried = {
        **carry(document, []),
        "facts": [fact_to_dict(replace(f, score=None)) for f in facts],
        "items": [item_to_dict(replace(i, score=None)) for i in items],
    }
    doc.user_data[KEY] = json.dumps(carried, ensure_ascii=False)
    return doc


def _spans(doc: Doc, marks: Iterable[tuple[GoldFact | GoldItem, str, str]]) -> list[Span]:
    spans = []
    for mark, label, id in marks:
        if mark.start is not None and mark.end is not None:
            span = doc.char_span(mark.start, mark.end, label=label, span_id=id, alignment_mode="expand")
            if span is not None:
                spans.append(span)
    return spans


def to_example(document: GoldDocument, nlp: Language) -> Example:
    """An example for ``nlp.evaluate`` and ``nlp.update``: an empty doc to predict on, the annotation as reference."""
    from spacy.training import Example

    return Example(nlp.make_doc(document.text), to_doc(document, nlp))


def from_doc(doc: Doc, *, notes: Notes | None = None, where: str = "doc") -> GoldDocument:
    """The document of a doc; spans that were added or moved since count with the ends of their tokens.

    Raises :class:`GoldError` for a label that the vocabulary does not have.
    """
    notes = notes if notes is not None else Notes()
    written = doc.user_data.get(KEY)
    carried: dict[str, Any] = json.loads(written) if written else {}
    facts = [fact_from_dict(d, f"{where}.facts[{i}]") for i, d in enumerate(carried.get("facts", ()))]
    items = [item_from_dict(d, f"{where}.items[{i}]") for i, d in enumerate(carried.get("items", ()))]
    returned = Returned()
    for span in doc.spans.get("facts", ()):
        index = _known(span, "f", facts)
        record = facts[index] if index is not None else None
        if record is not None and _unmoved(doc, span, record):
            returned.facts.append((index, replace(record, indicator=_indicator(span.label_, where))))
            continue
        fact = read_fact(_indicator(span.label_, where), doc.text, span.start_char, span.end_char)
        if fact is None:
            notes.add("new facts without a number in their words, left out")
        else:
            notes.add("new or moved facts: value, unit and bound were read from their words")
            returned.facts.append((index, fact))
    groups = _categories(doc)
    for span in doc.spans.get("items", ()):
        if span.label_ not in STATUSES:
            raise GoldError(f"{where}: {span.label_} is neither problem nor remedy")
        index = _known(span, "i", items)
        given = groups.get((span.id_ or "", span.start, span.end)) or groups.get(("", span.start, span.end), [])
        returned.items.append((index, _item(doc, span, items[index] if index is not None else None, given)))
    places = {index: p for p, (index, _) in enumerate(returned.items) if index is not None}
    returned.remedies = [(places[i], places[r]) for i in places for r in items[i].remedies if r in places]
    return restore(doc.text, carried if written else None, returned, where)


def _categories(doc: Doc) -> dict[tuple[str, int, int], list[str]]:
    """The categories by id and tokens of their item."""
    groups: dict[tuple[str, int, int], list[str]] = {}
    for span in doc.spans.get("categories", ()):
        groups.setdefault((span.id_ or "", span.start, span.end), []).append(span.label_)
    return groups


def _known(span: Span, letter: str, records: list[Any]) -> int | None:
    id = span.id_
    if id[:1] == letter and id[1:].isdigit() and int(id[1:]) < len(records):
        return int(id[1:])
    return None


def _unmoved(doc: Doc, span: Span, record: GoldFact | GoldItem) -> bool:
    if record.start is None or record.end is None:
        return False
    whole = doc.char_span(record.start, record.end, alignment_mode="expand")
    return whole is not None and (whole.start, whole.end) == (span.start, span.end)


def _item(doc: Doc, span: Span, record: GoldItem | None, given: list[str]) -> GoldItem:
    order = [c for c in (record.categories if record else ()) if c in given]
    categories = tuple(order + [c for c in given if c not in order])
    if record is not None and record.kind == span.label_ and _unmoved(doc, span, record):
        return replace(record, categories=categories)
    when = record.when if record and record.kind == span.label_ else STATUSES[span.label_][0]
    return GoldItem(span.label_, when, span.start_char, span.end_char, span.text, categories)


def _indicator(label: str, where: str) -> str:
    from gia_nlp.vocabulary.indicators import indicators

    if label not in indicators():
        raise GoldError(f"{where}: no indicator is called {label}", hint="give the vocabulary that has it")
    return label


def write_docs(documents: Iterable[GoldDocument], path: Path, nlp: Language | None = None) -> int:
    """Writes a DocBin (``.spacy``) and returns how many documents it has; all of them are held in memory."""
    from spacy.tokens import DocBin

    made = DocBin(attrs=["ORTH", "SPACY"], store_user_data=True)
    for document in documents:
        made.add(to_doc(document, nlp))
    made.to_disk(path)
    return len(made)


def read_docs(path: Path, vocab: Vocab | None = None) -> Iterator[Doc]:
    """The docs of a DocBin file."""
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    yield from DocBin().from_disk(path).get_docs(vocab if vocab is not None else Vocab())
