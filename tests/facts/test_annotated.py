"""Floors on the development styles of the annotated passages: a change of a rule must not lose what was won."""

import json
from pathlib import Path
from typing import Any

import pytest

from gia_nlp.facts import find_facts
from gia_nlp.records import Fact, Layout, Metadata, Prose

PASSAGES = Path(__file__).parents[2] / "data" / "annotated" / "passages.jsonl"


def _matches(want: dict[str, Any], have: Fact) -> bool:
    same = (
        want["indicator"] == have.indicator and abs(want["value"] - have.value) < 1e-6 and want["period"] == have.period
    )
    return same and min(want["end"], have.end) > max(want["start"], have.start)


@pytest.mark.skipif(not PASSAGES.exists(), reason="a source checkout holds the annotated passages")
def test_development_styles() -> None:
    right = found = gold = 0
    for line in PASSAGES.read_text(encoding="utf-8").splitlines():
        passage = json.loads(line)
        if passage["split"] != "dev":
            continue
        text = passage["text"]
        facts = find_facts(text, Layout((), (Prose("unknown", 0, len(text)),), (), Metadata(year=passage["year"])))
        assert all(text[f.start : f.end] == f.quote for f in facts)
        left = list(facts)
        for want in passage["facts"]:
            hit = next((f for f in left if _matches(want, f)), None)
            if hit:
                left.remove(hit)
                right += 1
        found, gold = found + len(facts), gold + len(passage["facts"])
    assert gold > 400
    assert 2 * right / (found + gold) > 0.89
