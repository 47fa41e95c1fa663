"""The model of facts beside the rules: who decides what, what is kept, and that all at once is as one by one."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gia_nlp.components import FactFinder
from gia_nlp.facts import find_facts
from gia_nlp.facts.combining import Combination
from gia_nlp.facts.features import (
    Columns,
    DenialRows,
    QuantityRows,
    SentenceWords,
    denial_features,
    quantity_features,
)
from gia_nlp.facts.find import read_candidates, report_year
from gia_nlp.facts.model import DENIAL, INDICATOR, PERIOD, FactModel
from gia_nlp.linear import FeatureIndex, LinearClassifier
from gia_nlp.records import Fact, Layout, Metadata, Prose

LABELS = {
    INDICATOR: ("items_published", "meetings", "none", "training_sessions"),
    PERIOD: ("current", "planned", "previous"),
    DENIAL: ("complaints", "none", "reviews", "litigations+reviews"),
}
VOTES = {
    "decoy": 2.0,
    "silent": 2.0,
    "faint": 1.0,
    "scope": 2.0,
    "rule": 4.0,
    "cue:beside": 3.0,
    "cue:names": 3.0,
    "cue:tells": 2.0,
}


def classifier(weights: dict[str, dict[str, float]], labels: tuple[str, ...]) -> LinearClassifier:
    """A classifier by hand: feature → label → weight."""
    table = np.zeros((len(weights), len(labels)))
    for row, of in enumerate(weights.values()):
        for label, weight in of.items():
            table[row, labels.index(label)] = weight
    return LinearClassifier(FeatureIndex(list(weights)), labels, table, np.zeros(len(labels)))


def make(
    quantities: dict[str, dict[str, float]], denials: dict[str, dict[str, float]] | None = None, **thresholds: float
) -> FactModel:
    """A model whose only opinions are those given; ``threshold`` by kind of decision."""
    names = tuple(f"{kind}:{label}" for kind in (INDICATOR, PERIOD) for label in LABELS[kind])
    combinations = {
        kind: Combination(1.0, {**VOTES, **{f"rule:{p}": 2.0 for p in LABELS[PERIOD]}}, thresholds.get(kind, 0.5))
        for kind in LABELS
    }  # fmt: skip
    return FactModel(
        classifier(quantities or {"unused": {}}, names),
        classifier(denials or {"unused": {}}, LABELS[DENIAL]),
        combinations,
    )


def tag(text: str, model: FactModel | None, section: str = "overview") -> tuple[Fact, ...]:
    return find_facts(text, Layout((), (Prose(section, 0, len(text)),), (), Metadata(year=2024)), model)


@pytest.mark.parametrize(
    ("weight", "expected"),
    [
        (0.0, [("meetings", "rule")]),
        (2.0, [("meetings", "both")]),
        (-9.0, []),
    ],
)
def test_words_confirm_or_veto_what_a_rule_says(weight: float, expected: list[tuple[str, str]]) -> None:
    found = tag(
        "全年召开会议3次。", make({"l:会议": {"indicator:meetings": weight}, "h:全年": {"indicator:none": 1.0}})
    )
    assert [(f.indicator, f.decided_by) for f in found] == expected


def test_rules_alone_without_a_model() -> None:
    assert {f.decided_by for f in tag("全年召开会议3次，办班5期。", None)} == {"rule"}


def test_words_add_a_fact_where_no_rule_speaks() -> None:
    text = "全年请老师讲3堂。"
    assert tag(text, None) == ()
    model = make({"u:堂": {"indicator:training_sessions": 8.0}})
    (fact,) = tag(text, model)
    assert (fact.indicator, fact.value, fact.quote, fact.decided_by) == ("training_sessions", 3.0, "3堂", "model")
    assert fact.rule_id is None
    assert 0.5 < fact.score < 1


def test_words_change_what_a_rule_says() -> None:
    (fact,) = tag("全年召开会议3次。", make({"l:会议": {"indicator:training_sessions": 9.0}}))
    assert (fact.indicator, fact.decided_by, fact.rule_id) == ("training_sessions", "model", None)


def test_unsure_means_no_fact() -> None:
    text = "全年请老师讲3堂。"
    opinion = {"u:堂": {"indicator:training_sessions": 3.0}}  # 3 against the two votes for none: likely, not certain
    assert tag(text, make(opinion, indicator=0.4))
    assert not tag(text, make(opinion, indicator=0.9))


def test_an_indicator_that_the_model_never_saw_stays_with_the_rules() -> None:
    model = make({"u:人": {"indicator:none": 50.0}, "l:粉丝": {"indicator:none": 50.0}})
    (fact,) = tag("公众号粉丝8200人。", model)
    assert (fact.indicator, fact.decided_by) == ("followers", "rule")
    assert fact.rule_id is not None


def test_period_by_words() -> None:
    (fact,) = tag("网站公开信息12条。", make({"h:网站": {"period:previous": 9.0}}))
    assert (fact.indicator, fact.channel, fact.period) == ("items_published", "website", "previous")


@pytest.mark.parametrize(
    ("text", "weights", "expected"),
    [
        ("没人上门要信息。", {"o:人": {"complaints": 9.0}}, [("complaints", "model", "没人上门要信息")]),
        ("没有发生行政复议。", {"o:发生": {"none": 12.0}}, []),
        ("没有发生行政复议。", {"o:发生": {"reviews": 2.0}}, [("reviews", "both", "没有发生行政复议")]),
        ("没有发生行政复议。", {"o:发生": {"none": 1.0}}, [("reviews", "rule", "没有发生行政复议")]),
        (
            "没有人上告。",
            {"o:上告": {"litigations+reviews": 9.0}},
            [("reviews", "model", "没有人上告"), ("litigations", "model", "没有人上告")],
        ),
    ],
)
def test_denials(text: str, weights: dict[str, dict[str, float]], expected: list[tuple[str, str, str]]) -> None:
    found = tag(text, make({}, weights))
    assert [(f.indicator, f.decided_by, f.quote) for f in found] == expected
    assert all(f.value == 0 and f.unit is None for f in found)


def test_denials_of_problem_sections_are_none() -> None:
    assert tag("没人上门要信息。", make({}, {"o:人": {"complaints": 9.0}}), section="problems") == ()


def test_evidence_is_a_sum() -> None:
    both = Combination(0.5, {"rule": 2.0, "margin": -1.0}, 0.0)
    words = [math.log(p) for p in (0.7, 0.2, 0.1)]
    votes = [("b", "rule", 1.0), ("b", "margin", 0.5), ("unknown", "rule", 9.0), ("c", "unheard", 9.0)]
    outcome = both.decide({"a": 0, "b": 1, "c": 2}, words, votes)
    evidence = [0.5 * words[0], 0.5 * words[1] + 2.0 - 0.5, 0.5 * words[2]]
    assert (outcome.label, outcome.alone) == ("b", "a")
    assert outcome.probability == pytest.approx(math.exp(evidence[1]) / sum(map(math.exp, evidence)))


TEXT = (
    "一、总体情况\n2024年，我局主动公开信息120条，其中网站80条、微信公众号40条，比上年增加12条。全年召开会议3次，培训2场。\n"
    "二、依申请公开\n2023年收到申请5件，本年收到7件；未发生行政复议、行政诉讼。2025年计划办班2期。\n"
)


def test_all_at_once_is_as_one_by_one() -> None:
    quantities = {
        "u:条": {"indicator:items_published": 2.0},
        "l:会议": {"indicator:meetings": 3.0},
        "yl:-1": {"period:previous": 4.0},
    }
    model = make(quantities, {"n:未": {"reviews": 1.0}})
    layout = Layout((), (Prose("overview", 0, len(TEXT)),), (), Metadata(year=2024))
    reads, year = read_candidates(TEXT, layout), report_year(TEXT, layout)
    together = model.opinions([r.candidates for r in reads], [r.denials for r in reads], year)
    single = [model.opinions([r.candidates], [r.denials], year) for r in reads]
    for kind in LABELS:
        alone = [row for opinions in single for row in opinions.words[kind]]
        assert len(together.words[kind]) > 0
        assert np.allclose(together.words[kind], alone)
        assert np.allclose(np.exp(together.words[kind]).sum(axis=1), 1)


def test_no_candidate_no_harm() -> None:
    assert tag("工作平稳。", make({})) == ()
    assert find_facts("", Layout((), (), (), Metadata()), make({})) == ()


def test_from_disk_as_it_was(tmp_path: Path) -> None:
    model = make({"u:堂": {"indicator:training_sessions": 8.0}}, {"o:人": {"complaints": 9.0}})
    FactFinder(model).to_disk(tmp_path / "gia_facts")
    loaded = FactFinder().from_disk(tmp_path / "gia_facts")
    text = "全年请老师讲3堂，没人上门要信息。"
    layout = Layout((), (Prose("overview", 0, len(text)),), (), Metadata(year=2024))
    assert loaded.find(text, layout) == FactFinder(model).find(text, layout)
    assert len(loaded.find(text, layout)) == 2
    assert not [p for p in tmp_path.rglob("*") if p.is_file() and p.suffix not in (".json", ".npy")]


def test_a_finder_without_model_saves_none(tmp_path: Path) -> None:
    FactFinder().to_disk(tmp_path / "gia_facts")
    assert FactFinder(make({})).from_disk(tmp_path / "gia_facts").model is None


def test_what_does_not_fit_is_refused(tmp_path: Path) -> None:
    model = make({})
    with pytest.raises(ValueError, match="no block"):
        FactModel(model.denials, model.denials, model.combinations)
    with pytest.raises(ValueError, match="no weights for: period"):
        FactModel(model.quantities, model.denials, {k: c for k, c in model.combinations.items() if k != PERIOD})
    model.to_disk(tmp_path)
    content = json.loads((tmp_path / "facts.json").read_text())
    (tmp_path / "facts.json").write_text(json.dumps({**content, "format": 99}))
    with pytest.raises(ValueError, match="train it again"):
        FactModel.from_disk(tmp_path)


_LABELS = ("a", "b", "none")
_votes = st.lists(
    st.tuples(st.sampled_from([*_LABELS, "unseen"]), st.sampled_from(["for", "against", "weightless"]), st.floats(0, 2))
)


@given(st.lists(st.tuples(*[st.floats(-9, 9)] * 3), min_size=1, max_size=4), _votes, st.floats(0.2, 3))
def test_candidates_made_ready_are_decided_as_one_by_one(
    logits: list[tuple[float, float, float]], votes: list[tuple[str, str, float]], trust: float
) -> None:
    combination = Combination(trust, {"for": 3.0, "against": -4.0})
    columns = {label: i for i, label in enumerate(_LABELS)}
    table = np.array(logits)
    words = table - np.log(np.exp(table).sum(axis=1, keepdims=True))
    ready = combination.ready(columns, words)
    for i, row in enumerate(words.tolist()):
        one, together = combination.decide(columns, row, votes), ready.decide(i, votes)
        assert (together.label, together.alone) == (one.label, one.alone)
        assert together.probability == pytest.approx(one.probability, abs=1e-9)


def test_columns_are_those_of_the_names() -> None:
    layout = Layout((), (Prose("overview", 0, len(TEXT)),), (), Metadata(year=2024))
    reads = read_candidates(TEXT, layout)
    rows = [f for r in reads for f in quantity_features(r.candidates, 2024)]
    rows += [f for r in reads for f in denial_features(r.denials)]
    names = sorted({name for row in rows for name in row})[::2]  # the others are unknown to the index
    index = FeatureIndex(names)
    columns = Columns(index)
    written: list[list[int | None]] = []
    for read in reads:
        if read.candidates:
            written += QuantityRows(columns).of(read.candidates, 2024, SentenceWords(read.sentence))
    for read in reads:
        if read.denials:
            written += DenialRows(columns).of(read.denials, SentenceWords(read.sentence))
    place = {name: i for i, name in enumerate(names)}
    assert written == [[place.get(name) for name in row] for row in rows]
    assert any(column is not None for row in written for column in row)
