"""Groups of features that a model is trained without."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from gia_nlp.learning import categories
from gia_nlp.learning.fact_settings import Data, FactSettings, Fit, Training
from gia_nlp.learning.facts import fit_facts
from gia_nlp.learning.splits import read_annotated
from gia_nlp.problems.category_features import group_of


def test_facts_without_a_group_have_none_of_its_features_alone_or_joined(root: Path) -> None:
    data = Data((root / "data" / "annotated" / "passages.jsonl",), splits=("train",), limit=60)
    settings = FactSettings(data, Fit(max_iterations=10), training=Training(folds=2))
    whole = fit_facts(settings).model.quantities.index.names
    fewer = fit_facts(replace(settings, fit=replace(settings.fit, without=("u", "l")))).model.quantities.index.names
    assert any(n.startswith("l:") for n in whole) and any(" l1:" in n for n in whole)
    assert not [n for n in fewer if n.startswith(("l:", "u:"))]
    assert not [n for n in fewer if " u:" in n]
    assert {n for n in whole if n.startswith(("t:", "l1:"))} <= set(fewer)


def test_categories_without_cues_and_the_weights_of_the_rules(root: Path) -> None:
    path = root / "data" / "annotated" / "problems" / "problems.jsonl"
    points = categories.examples(read_annotated(path, ("train",))[:60])
    settings = categories.CategorySettings(categories.DataSettings(path), categories.FitSettings(folds=2))
    left = replace(settings, fit=replace(settings.fit, without=("n1", "cue", "weight", "given")))
    whole, fewer = categories.fit_categories(points, settings)[0], categories.fit_categories(points, left)[0]
    assert {group_of(n) for n in whole.words.index.names} == {"n1", "n2", "n3", "cue"}
    assert {group_of(n) for n in fewer.words.index.names} == {"n2", "n3"}
    assert whole.pool.weights["weight"] != 0.0
    assert fewer.pool.weights["weight"] == fewer.pool.weights["given"] == 0.0
    assert fewer.pool.weights["own"] > 0.0
