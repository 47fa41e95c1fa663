"""An indicator that only a user's file names is learned from a user's annotations, and a saved pipeline keeps both."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import spacy

import gia_nlp
from gia_nlp.components import FactFinder
from gia_nlp.learning.facts import Combine, Data, FactSettings, Fit, Training, fit_facts
from gia_nlp.vocabulary.user import use_vocabulary

OWN_WORDS = """
indicators:
  open_days:
    zh: 政府开放日
    units: [场, 次]
    cues: [{words: 政府开放日, weight: 5}]
"""
# The file's cue knows 政府开放日 alone; that 走进机关 is one too, only the annotations say.
PHRASES = (
    ("组织走进机关体验{}场", "open_days"),
    ("开展走进机关体验{}场", "open_days"),
    ("举办政府开放日{}场", "open_days"),
    ("召开推进会{}场", "meetings"),
    ("举办业务培训{}场", "training_sessions"),
    ("收到信息公开申请{}件", "requests_received"),
)
STYLES = {"plain": "全年{}。", "region": "我县{}，效果较好。", "summary": "据统计，本年度共{}。"}


def passages() -> Iterator[dict[str, Any]]:
    for style, frame in STYLES.items():
        for n, (phrase, indicator) in enumerate(PHRASES * 4, 3):
            text = frame.format(phrase.format(n))
            quote = f"{n}{phrase[-1]}"
            start = text.index(quote)
            fact = {"indicator": indicator, "value": n, "unit": phrase[-1], "channel": "all", "period": "current",
                    "bound": "exact", "topic": None, "start": start, "end": start + len(quote), "quote": quote}  # fmt: skip
            yield {"id": f"{style}-{n}", "text": text, "year": 2023, "style": style, "split": "train", "facts": [fact]}


@pytest.fixture(autouse=True)
def _nothing_added() -> Iterator[None]:
    yield
    use_vocabulary(None)


def test_a_model_learns_an_indicator_of_the_users(tmp_path: Path) -> None:
    words, data = tmp_path / "own.yaml", tmp_path / "passages.jsonl"
    words.write_text(OWN_WORDS, encoding="utf-8")
    data.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in passages()), encoding="utf-8")
    unseen_wording = "一、总体情况\n全年组织走进机关体验6场。"

    nlp = gia_nlp.load(vocabulary=words)
    assert "open_days" not in {f.indicator for f in nlp(unseen_wording)._.facts}
    trained = fit_facts(FactSettings(Data(passages=(data,)), Fit(), Combine(), Training(folds=3)))

    finder = nlp.get_pipe("gia_facts")
    assert isinstance(finder, FactFinder)
    before, finder.model = finder.model, trained.model
    try:
        nlp.to_disk(tmp_path / "model")
    finally:
        finder.model = before
    use_vocabulary(None)
    (fact,) = spacy.load(tmp_path / "model")(unseen_wording)._.facts
    assert (fact.indicator, fact.value, fact.quote, fact.decided_by) == ("open_days", 6.0, "6场", "model")
