"""A jieba-compatible tokenizer for spaCy's ``zh`` with a dictionary of its own.

spaCy's own jieba option keeps user words in a process-wide dictionary, does not save them and cannot be pickled. Here the
dictionary belongs to the instance: two pipelines do not disturb each other, ``to_disk`` writes it, and a pickled
tokenizer takes it along into a spawned process. The segmenter underneath is rjieba, or jieba where rjieba is missing
(or asked for: ``segmenter="jieba"``).

>>> import spacy
>>> nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"@tokenizers": "gia_nlp.JiebaTokenizer.v1"}}})
>>> nlp.tokenizer.add_words(["溪岭发布"])
>>> [t.text for t in nlp("“溪岭发布”主动公开 39条")]
['“', '溪岭发布', '”', '主动公开', ' ', '39', '条']
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import spacy
import srsly
from spacy.tokens import Doc
from spacy.util import DummyTokenizer
from spacy.vocab import Vocab

from gia_nlp.language.words import cutter
from gia_nlp.vocabulary.loader import load_yaml

_BLANKS = re.compile(r"\s+")


class JiebaTokenizer(DummyTokenizer):
    """Cuts text as jieba does; blanks become tokens of their own, so that ``doc.text`` is the text, character for character."""

    def __init__(self, vocab: Vocab, words: Iterable[str] = (), segmenter: str = "rjieba") -> None:
        if segmenter not in ("rjieba", "jieba"):
            raise ValueError(f"segmenter must be 'rjieba' or 'jieba', not {segmenter!r}")
        self.vocab = vocab
        self.segmenter = segmenter
        self.words: list[str] = sorted(set(words))
        self._cut: Callable[[str], list[str]] | None = None

    def add_words(self, words: Iterable[str]) -> None:
        """Adds words to this instance's dictionary."""
        self.words = sorted(set(self.words) | set(words))
        self._cut = None

    def __call__(self, text: str) -> Doc:
        """The tokens of a text."""
        if self._cut is None:
            self._cut = cutter(self.segmenter, tuple(self.words))
        pieces: list[str] = []
        position = 0
        for match in _BLANKS.finditer(text):
            if match.start() > position:
                pieces += self._cut(text[position : match.start()])
            pieces.append(match.group())
            position = match.end()
        if position < len(text):
            pieces += self._cut(text[position:])
        return Doc(self.vocab, words=pieces, spaces=[False] * len(pieces))

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.vocab, self.words, self.segmenter))

    def _state(self) -> dict[str, Any]:
        return {"segmenter": self.segmenter, "words": self.words}

    def _restore(self, state: dict[str, Any]) -> JiebaTokenizer:
        self.segmenter, self.words, self._cut = state["segmenter"], list(state["words"]), None
        return self

    def to_bytes(self, **kwargs: Any) -> bytes:
        """The dictionary as bytes."""
        data: bytes = srsly.msgpack_dumps(self._state())
        return data

    def from_bytes(self, data: bytes, **kwargs: Any) -> JiebaTokenizer:
        """Takes over what :meth:`to_bytes` wrote."""
        return self._restore(srsly.msgpack_loads(data))

    def to_disk(self, path: str | Path, **kwargs: Any) -> None:
        """Writes the dictionary as readable JSON."""
        Path(path).write_text(srsly.json_dumps(self._state(), indent=1), encoding="utf-8")

    def from_disk(self, path: str | Path, **kwargs: Any) -> JiebaTokenizer:
        """Takes over what :meth:`to_disk` wrote."""
        return self._restore(srsly.json_loads(Path(path).read_text(encoding="utf-8")))


@spacy.registry.tokenizers("gia_nlp.JiebaTokenizer.v1")
def make_tokenizer(segmenter: str = "rjieba", domain: bool = True) -> Callable[[Any], JiebaTokenizer]:
    """The tokenizer's factory for spaCy configs; ``domain=False`` starts without the genre's words."""

    def create(nlp: Any) -> JiebaTokenizer:
        return JiebaTokenizer(nlp.vocab, load_yaml("dictionary")["words"] if domain else (), segmenter)

    return create
