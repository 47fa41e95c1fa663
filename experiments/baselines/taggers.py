"""Taggers of facts that know nothing but words: a conditional random field (CRFsuite), and spaCy's entity recogniser.

Both read sentences in normal form, cut by the package's segmenter, and mark the words of a count with its indicator. The value of what they
mark is read by the package's own grammar of numbers (a mark without a number states a zero); the period is a second field's, or part of
the entity's name. Channel and topic are not told.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gia_nlp.facts.context import Sentence, sentences
from gia_nlp.language.words import domain_cutter
from gia_nlp.pipeline import analyse_text
from gia_nlp.records import Fact, Layout
from gia_nlp.text.quantities import find_quantities

CURRENT = "current"


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence as words with their offsets in it."""

    sentence: Sentence
    words: list[str]
    starts: list[int]


@dataclass(frozen=True, slots=True)
class Span:
    """Words ``[first, last)`` that count something."""

    first: int
    last: int
    indicator: str
    period: str


def cut(sentence: Sentence) -> Words:
    """The words of a sentence."""
    words = domain_cutter()(sentence.text)
    starts, place = [], 0
    for word in words:
        starts.append(place)
        place += len(word)
    return Words(sentence, words, starts)


def annotated(row: Mapping[str, Any]) -> Iterator[tuple[Words, list[Span]]]:
    """The sentences of a passage with its facts as spans of words; of two facts on one place the first is kept."""
    for sentence in sentences(row["text"], analyse_text(row["text"], year=row.get("year"))):
        made, spans, taken = cut(sentence), [], -1
        ends = [*made.starts[1:], len(sentence.text)]
        for fact in sorted(row["facts"], key=lambda f: (f["start"], f["end"])):
            begin, end = sentence.view.locate(fact["start"]) - sentence.start, sentence.view.locate(fact["end"]) - sentence.start  # fmt: skip
            inside = [k for k, (s, e) in enumerate(zip(made.starts, ends, strict=True)) if s < end and e > begin and s < len(sentence.text)]  # fmt: skip
            if end <= 0 or begin >= len(sentence.text) or not inside or inside[0] <= taken:
                continue
            spans.append(Span(inside[0], inside[-1] + 1, fact["indicator"], fact["period"]))
            taken = inside[-1]
        yield made, spans


def fact_of(text: str, made: Words, span: Span, decided_by: str) -> Fact | None:
    """A span of words as a fact: the number in it, or zero where it holds none."""
    sentence = made.sentence
    begin = made.starts[span.first]
    end = made.starts[span.last] if span.last < len(made.starts) else len(sentence.text)
    held = [q for q in find_quantities(sentence.text) if q.start < end and q.end > begin]
    if held:
        best = max(held, key=lambda q: min(q.end, end) - max(q.start, begin))
        start, stop = sentence.span(best.start, best.end)
        return Fact(span.indicator, best.value, start, stop, text[start:stop], best.value_max, best.bound, best.unit, "all", span.period, section=sentence.section, decided_by=decided_by)  # fmt: skip
    start, stop = sentence.span(begin, end)
    return Fact(span.indicator, 0.0, start, stop, text[start:stop], period=span.period, section=sentence.section, decided_by=decided_by)  # fmt: skip


class Tagger:
    """What a study asks in the place of ``gia_facts``."""

    name = "model"

    def spans(self, made: Words) -> list[Span]:
        """The counts of a sentence."""
        raise NotImplementedError

    def find(self, text: str, layout: Layout) -> tuple[Fact, ...]:
        """The facts of a text."""
        found = []
        for sentence in sentences(text, layout):
            made = cut(sentence)
            if made.words:
                found += [f for s in self.spans(made) if (f := fact_of(text, made, s, self.name)) is not None]
        return tuple(sorted(found, key=lambda f: (f.start, f.end)))


# --------------------------------------------------------------------------- conditional random field


class Field(Tagger):
    """Two conditional random fields: one says what is counted, one of which period it is."""

    def __init__(self, data: Sequence[tuple[Words, list[Span]]], **options: Any) -> None:
        import pycrfsuite

        # A tagger reads from the bytes that it was opened with, and does not hold them itself.
        self.models = {name: _train_field(data, name, options) for name in ("indicator", "period")}
        self.fields = {name: pycrfsuite.Tagger() for name in self.models}
        for name, tagger in self.fields.items():
            tagger.open_inmemory(self.models[name])

    def spans(self, made: Words) -> list[Span]:
        """Runs of B and I; the period is that of the run's first word that has one."""
        rows = field_rows(made)
        indicators, periods = (self.fields[name].tag(rows) for name in ("indicator", "period"))
        found: list[Span] = []
        for k, label in enumerate(indicators):
            if label == "O":
                continue
            kind = label[2:]
            if label[0] == "I" and found and found[-1].last == k and found[-1].indicator == kind:
                found[-1] = Span(found[-1].first, k + 1, kind, found[-1].period)
            else:
                found.append(Span(k, k + 1, kind, CURRENT))
        return [
            Span(s.first, s.last, s.indicator, next((p[2:] for p in periods[s.first : s.last] if p != "O"), CURRENT))
            for s in found
        ]


def field_rows(made: Words) -> list[list[str]]:
    """The features of words: the words around, their ends, and the sentence's section and theme."""
    shapes = ["#" if w[0].isdigit() else w for w in made.words]
    said = len(shapes)
    rows = []
    for k in range(said):
        row = [f"s:{made.sentence.section}", f"th:{made.sentence.theme}", f"first:{shapes[0]}"]
        for d in range(-6, 5):
            word = shapes[k + d] if 0 <= k + d < said else "-"
            row.append(f"{d}:{word}")
            if -2 <= d <= 2:
                row.append(f"{d}e:{word[-1]}")
        row += [f"{d}{d + 1}:{shapes[k + d] if k + d >= 0 else '-'} {shapes[k + d + 1] if k + d + 1 < said else '-'}" for d in (-2, -1, 0) if k + d + 1 >= 0]  # fmt: skip
        rows.append(row)
    return rows


def _train_field(data: Sequence[tuple[Words, list[Span]]], attribute: str, options: Mapping[str, Any]) -> bytes:
    import pycrfsuite

    trainer = pycrfsuite.Trainer(verbose=False)
    trainer.set_params({"c1": options["c1"], "c2": options["c2"], "max_iterations": options["max_iterations"], "feature.minfreq": options["minfreq"]})  # fmt: skip
    for made, spans in data:
        if not made.words:
            continue
        labels = ["O"] * len(made.words)
        for span in spans:
            for k in range(span.first, span.last):
                labels[k] = f"{'B' if k == span.first else 'I'}-{getattr(span, attribute)}"
        trainer.append(field_rows(made), labels)
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "field")
        trainer.train(path)
        return Path(path).read_bytes()


# --------------------------------------------------------------------------- spaCy


class Recogniser(Tagger):
    """spaCy's transition-based entity recogniser over a small convolutional network."""

    def __init__(self, data: Sequence[tuple[Words, list[Span]]], *, seed: int, epochs: int, batch: int, dropout: float, width: int, depth: int, embed_size: int) -> None:  # fmt: skip
        import spacy
        from spacy.tokens import Doc
        from spacy.tokens import Span as Entity
        from spacy.training import Example
        from spacy.util import fix_random_seed, minibatch

        fix_random_seed(seed)
        self.nlp = spacy.blank("zh")
        network = {"@architectures": "spacy.HashEmbedCNN.v2", "pretrained_vectors": None, "width": width, "depth": depth, "embed_size": embed_size,
                   "window_size": 1, "maxout_pieces": 2, "subword_features": True}  # fmt: skip
        model = {"@architectures": "spacy.TransitionBasedParser.v2", "state_type": "ner", "extra_state_tokens": False, "hidden_width": 64,
                 "maxout_pieces": 2, "use_upper": True, "nO": None, "tok2vec": network}  # fmt: skip
        self.nlp.add_pipe("ner", config={"model": model})
        examples = []
        for made, spans in data:
            if not made.words:
                continue
            asked, right = (Doc(self.nlp.vocab, words=made.words, spaces=[False] * len(made.words)) for _ in range(2))
            names = [s.indicator if s.period == CURRENT else f"{s.indicator}|{s.period}" for s in spans]
            right.ents = [Entity(right, s.first, s.last, label=name) for s, name in zip(spans, names, strict=True)]
            examples.append(Example(asked, right))
        optimizer = self.nlp.initialize(lambda: examples)
        order = random.Random(seed)
        for _ in range(epochs):
            order.shuffle(examples)
            for chosen in minibatch(examples, batch):
                self.nlp.update(chosen, sgd=optimizer, drop=dropout)

    def spans(self, made: Words) -> list[Span]:
        """The entities of a sentence."""
        from spacy.tokens import Doc

        doc = self.nlp.get_pipe("ner")(Doc(self.nlp.vocab, words=made.words, spaces=[False] * len(made.words)))
        found = []
        for entity in doc.ents:
            indicator, _, period = entity.label_.partition("|")
            found.append(Span(entity.start, entity.end, indicator, period or CURRENT))
        return found
