"""Labelling functions over candidates of facts and over points: each says what it should on sentences written for it."""

from __future__ import annotations

import pytest

from gia_nlp.learning.weak import (
    category_functions,
    category_names,
    collect,
    denial_cases,
    denial_functions,
    denial_labels,
    fact_cases,
    fact_functions,
    fact_labels,
    item_cases,
    kind_functions,
    right_denials,
    right_indicators,
)
from gia_nlp.learning.weak.data import KINDS, functions_of, parse_functions
from gia_nlp.vocabulary.facts import NO_FACT
from gia_nlp.vocabulary.indicators import indicators


def said(text: str, quantity: str) -> dict[str, str]:
    """What each function that speaks says of a quantity."""
    cases = fact_cases([{"id": "a", "text": text, "style": "s", "year": 2024}])
    case = next(c for c in cases if c.candidate.quantity.text == quantity)
    return {f.name: label for f in fact_functions() if (label := f.vote(case)) is not None}


@pytest.mark.parametrize(
    ("text", "quantity", "function", "label"),
    [
        ("门户网站发布信息39条。", "39条", "words.items_published", "items_published"),
        ("门户网站发布信息39条。", "39条", "channels.items", "items_published"),
        ("门户网站发布信息39条。", "39条", "rules.cue", "items_published"),
        ("门户网站发布信息39条。", "39条", "cues.items_published", "items_published"),
        ("全年发布政策解读12篇。", "12篇", "words.policy_interpretations", "policy_interpretations"),
        ("公众号粉丝数达到3200人。", "3200人", "words.followers", "followers"),
        ("三、依申请公开情况\n全年收到政府信息公开申请8件。", "8件", "words.requests_received", "requests_received"),
        ("全年收到政府信息公开申请8件，予以公开3件。", "3件", "words.requests_granted", "requests_granted"),
        ("全年收取信息处理费120元。", "120元", "words.fees_charged", "fees_charged"),
        ("全年收取信息处理费120元。", "120元", "units.元", "fees_charged"),
        ("举办业务培训4期，参训150人次。", "150人次", "words.training_attendance", "training_attendance"),
        ("办理人大代表建议6件。", "6件", "words.npc_proposals", "npc_proposals"),
        ("发生行政诉讼2起。", "2起", "words.litigations", "litigations"),
        ("向7个部门印发通知。", "7个", "shape.bodies", NO_FACT),
        ("问卷收到意见46条。", "46条", "shape.opinions", NO_FACT),
        ("发布信息50条，其中工作动态30条。", "30条", "frame.part", "items_published"),
    ],
)
def test_speaks(text: str, quantity: str, function: str, label: str) -> None:
    assert said(text, quantity)[function] == label


@pytest.mark.parametrize(
    ("text", "quantity", "function"),
    [
        ("不予公开3件。", "3件", "words.requests_granted"),
        ("收到申请3件。", "3件", "words.items_published"),
        ("参加培训的工作人员30人。", "30人", "words.staff"),
        ("通过热线受理投诉举报5件。", "5件", "words.complaints"),
    ],
)
def test_keeps_silent(text: str, quantity: str, function: str) -> None:
    assert function not in said(text, quantity)


def test_exactly_one_reason_of_the_rules_speaks_of_each_candidate() -> None:
    cases = fact_cases([{"id": "a", "text": "发布信息50条，其中动态30条。向7个部门印发8份。排名第3名。", "style": "s"}])
    votes = collect(fact_functions(), cases, fact_labels())
    rules = [j for j, family in enumerate(votes.families) if family == "rules"]
    assert ((votes.matrix[:, rules] >= 0).sum(axis=1) == 1).all()


def test_every_indicator_has_functions_of_the_data_file() -> None:
    assert {f.says for f in functions_of("facts")} == {NO_FACT, *indicators()}
    assert {f.says for f in functions_of("categories")} == set(category_names()) - {"other"}
    assert {f.says for f in functions_of("denials")} <= set(denial_labels())
    for kind in KINDS:
        names = [f.name for f in functions_of(kind)]
        assert len(set(names)) == len(names)


def test_a_condition_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="x: unknown colour"):
        parse_functions("facts", {"x": {"says": "staff", "colour": "red"}})
    with pytest.raises(ValueError, match="x: says nothing"):
        parse_functions("facts", {"x": {"label": "a"}})


def test_gold_answers_by_place_and_value() -> None:
    text = "发布信息50条，收到申请5件。"
    rows = [{"id": "a", "text": text, "facts": [{"indicator": "items_published", "value": 50.0, "start": 4, "end": 7}]}]
    assert right_indicators(rows, fact_cases(rows)) == ["items_published", NO_FACT]


@pytest.mark.parametrize(
    ("text", "function", "label"),
    [
        ("全年未收到政府信息公开申请。", "words.requests_received", "requests_received"),
        ("全年未收到政府信息公开申请。", "rules.denial", "requests_received"),
        ("本年没有发生行政诉讼。", "words.litigations", "litigations"),
        ("没有发生行政复议、行政诉讼。", "words.both", "litigations+reviews"),
        ("没有发生行政复议、行政诉讼。", "rules.denial", "litigations+reviews"),
        ("检索费用均未收取。", "words.fees_charged.before", "fees_charged"),
        ("部分信息未及时更新。", "shape.quality", NO_FACT),
        ("部分信息未及时更新。", "rules.none", NO_FACT),
    ],
)
def test_denials(text: str, function: str, label: str) -> None:
    (case,) = denial_cases([{"id": "a", "text": text}])
    assert {f.name: f.vote(case) for f in denial_functions()}[function] == label


def test_one_denial_of_two_things_answers_both() -> None:
    text = "没有发生行政复议、行政诉讼。另有0件投诉。"
    zero = {"value": 0.0, "unit": None, "start": 0, "end": 13}
    facts = [zero | {"indicator": "reviews"}, zero | {"indicator": "litigations"}]
    facts.append({"indicator": "complaints", "value": 0.0, "unit": "件", "start": 16, "end": 18})
    rows = [{"id": "a", "text": text, "facts": facts}]
    assert right_denials(rows, denial_cases(rows)) == [frozenset({"reviews", "litigations"})]


SECTION = (
    "五、存在的主要问题及改进情况\n一是政策解读形式单一。二是信息更新不及时。下一步，我局将丰富解读形式，加强业务培训。"
)


def points(*quotes: str) -> list[dict[str, object]]:
    items = [{"quote": q, "start": SECTION.index(q), "end": SECTION.index(q) + len(q)} for q in quotes]
    return [{"id": "a", "text": SECTION, "style": "s", "items": items, "meta": {"year": 2024}}]


@pytest.mark.parametrize(
    ("quote", "function", "kind"),
    [
        ("信息更新不及时", "rules.kind", "problem"),
        ("信息更新不及时", "words.lack", "problem"),
        ("政策解读形式单一", "place.heading_problem", "problem"),
        ("丰富解读形式，加强业务培训", "rules.kind", "remedy"),
        ("丰富解读形式，加强业务培训", "words.acts", "remedy"),
        ("丰富解读形式，加强业务培训", "place.heading_remedy", "remedy"),
    ],
)
def test_kinds(quote: str, function: str, kind: str) -> None:
    (case,) = item_cases(points(quote))
    assert {f.name: f.vote(case) for f in kind_functions()}[function] == kind


def test_the_heading_of_problems_ends_where_that_of_remedies_begins() -> None:
    (case,) = item_cases(points("丰富解读形式，加强业务培训"))
    assert {f.name: f.vote(case) for f in kind_functions()}["place.heading_problem"] is None


@pytest.mark.parametrize(
    ("category", "function", "answer"),
    [
        ("timeliness", "rules.given", "yes"),
        ("timeliness", "words.timeliness", "yes"),
        ("timeliness", "cues.any", "yes"),
        ("timeliness", "against.timeliness", None),
        ("interpretation", "rules.given", "no"),
        ("interpretation", "against.interpretation", "no"),
        ("interpretation", "words.interpretation", None),
    ],
)
def test_categories(category: str, function: str, answer: str | None) -> None:
    (case,) = item_cases(points("信息更新不及时"))
    assert {f.name: f.vote(case) for f in category_functions(category)}[function] == answer
