"""The models of problems and remedies by themselves: sums against brute force, decisions, pairs, what goes to disk."""

from __future__ import annotations

from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gia_nlp.linear import FeatureIndex, LinearClassifier
from gia_nlp.pipeline import analyse_text
from gia_nlp.problems import Points, describe, find_items, find_points
from gia_nlp.problems.boundaries import BoundaryModel, chain_labels, project
from gia_nlp.problems.category_features import category_row
from gia_nlp.problems.category_model import _WITNESSES, CategoryModel, Pool, decide
from gia_nlp.problems.chains import _FIRST, LABELS, OFFSETS, Chain, gather, label_pieces, runs
from gia_nlp.problems.classifying import evidence
from gia_nlp.problems.context import Context
from gia_nlp.problems.drafts import Draft
from gia_nlp.problems.edges import point_spans
from gia_nlp.problems.models import ItemModels
from gia_nlp.problems.pair_features import FIRST, SECOND, pair_table
from gia_nlp.problems.pair_model import PairModel
from gia_nlp.problems.pieces import cut_pieces, piece_rows
from gia_nlp.problems.segmenting import read_points
from gia_nlp.vocabulary.categories import categories

TEXT = (
    "五、存在的主要问题及改进情况\n存在问题：一是公示栏更新慢；二是解读图表少。\n"
    "下一步，我局将：一是每周更换公示栏；二是给每份文件配图表解读。"
)


def chain(feature: str = "c:lack", label: str = "BP", weight: float = 0.0, vote: float = 1.0) -> BoundaryModel:
    """A chain that knows one feature of a piece itself."""
    table = np.zeros((1, len(chain_labels())))
    table[0, OFFSETS.index(0) * len(LABELS) + LABELS.index(label)] = weight
    words = LinearClassifier(FeatureIndex([feature]), chain_labels(), table, np.zeros(len(chain_labels())))
    return BoundaryModel(words, np.zeros((len(LABELS), len(LABELS))), vote)


def category_model(**weights: dict[str, float]) -> CategoryModel:
    """A model of given words' weights, ``{"n:口": {"coverage": 2.0}}``, whose pool believes words and partners."""
    labels = tuple(categories())
    index = FeatureIndex(sorted(weights))
    table = np.array([[weights[name].get(label, 0.0) for label in labels] for name in index.names]).reshape(
        -1, len(labels)
    )
    words = LinearClassifier(index, labels, table, np.full(len(labels), -3.0), link="sigmoid")
    pool = Pool({**dict.fromkeys(_WITNESSES, 0.0), "own": 1.0, "given": 2.0, "partner": 0.5}, 0.0)
    return CategoryModel(words, pool, dict.fromkeys(labels, 0.4))


# --------------------------------------------------------------------------- categories


@pytest.mark.parametrize(
    ("row", "names"),
    [
        ({"coverage": 0.9, "timeliness": 0.5, "other": 0.9}, ("coverage", "timeliness")),  # other only alone
        ({"other": 0.3, "capacity": 0.2}, ("other",)),
        ({"capacity": 0.3, "coverage": 0.25, "timeliness": 0.25, "quality": 0.2}, ("coverage",)),  # 主动公开 as a whole
        ({"capacity": 0.3, "awareness": 0.3, "requests": 0.35, "other": 0.1}, ("capacity",)),
    ],
)
def test_decision_follows_duties(row: dict[str, float], names: tuple[str, ...]) -> None:
    labels = tuple(categories())
    given_row = np.array([row.get(name, 0.01) for name in labels])
    found, scores = decide(given_row.tolist(), labels, [0.4] * len(labels))
    assert found == names
    assert scores == tuple(round(given_row[labels.index(n)], 4) for n in names)


@given(st.lists(st.floats(0, 1), min_size=16, max_size=16))
def test_every_decision_is_lawful(values: list[float]) -> None:
    labels = tuple(categories())
    names, scores = decide(values, labels, [0.4] * 16)
    assert names and len(names) == len(scores)
    assert "other" not in names or names == ("other",)
    assert list(names) == [n for n in labels if n in names]


def test_a_report_at_once_is_each_point_by_itself() -> None:
    model = category_model(**{"n:栏": {"platform": 4.0}, "n:图": {"interpretation": 5.0}, "n:训": {"capacity": 3.0}})
    texts = ["公示栏坏了", "图表少", "组织轮训", "别的什么"]
    seen = [evidence(t) for t in texts]
    together = model.probabilities(model.own(texts, seen), seen)
    apart = [model.probabilities(model.own([t], [e]), [e])[0] for t, e in zip(texts, seen, strict=True)]
    assert np.allclose(together, np.array(apart), atol=1e-6)


def test_words_by_column_are_words_by_name() -> None:
    texts = ["公示栏坏了，公示栏小", "解读图表少", "12%", ""]
    seen = [evidence(t) for t in texts]
    names = sorted({name for t, e in zip(texts, seen, strict=True) for name in category_row(t, e)})
    weights = np.random.default_rng(0).normal(size=(len(names) - 3, 2))  # some are not known
    words = LinearClassifier(FeatureIndex(names[3:]), ("platform", "other"), weights, np.array([1.0, -1.0]))
    model = CategoryModel(words, Pool(dict.fromkeys(_WITNESSES, 0.0), 0.0), {})
    named = words.logits(category_row(t, e) for t, e in zip(texts, seen, strict=True))
    assert np.allclose(model.own(texts, seen), named, atol=1e-5)


def test_a_partner_speaks_for_its_subjects() -> None:
    model = category_model(**{"n:图": {"interpretation": 8.0}})
    texts = ["图表少", "请人来做"]
    seen = [evidence(t) for t in texts]
    own = model.own(texts, seen)
    k = model.labels.index("interpretation")
    assert model.probabilities(own, seen, [(0, 1)])[1, k] > model.probabilities(own, seen)[1, k]


def test_a_label_beyond_the_vocabulary_comes_before_other() -> None:
    words = LinearClassifier(
        FeatureIndex(["n:港"]), ("harbour", "other"), np.array([[9.0, 0.0]]), np.array([-4.0, -2.0])
    )
    pool = Pool({**dict.fromkeys(_WITNESSES, 0.0), "own": 1.0, "unlearned": -6.0}, 0.0)
    model = CategoryModel(words, pool, {})
    assert model.labels[-2:] == ("harbour", "other")
    seen = [evidence("港口")]
    assert model.decide(model.probabilities(model.own(["港口"], seen), seen))[0][0] == ("harbour",)


# --------------------------------------------------------------------------- boundaries

tables = st.integers(1, 4).flatmap(
    lambda n: st.lists(st.lists(st.floats(-3, 3), min_size=7, max_size=7), min_size=n, max_size=n)
)
steps = st.lists(st.lists(st.floats(-2, 2), min_size=7, max_size=7), min_size=7, max_size=7)


def weigh(path: tuple[int, ...], table: np.ndarray, transitions: np.ndarray) -> float:
    total = _FIRST[path[0]] + sum(table[k, label] for k, label in enumerate(path))
    return float(total + sum(transitions[a, b] for a, b in pairwise(path)))


@settings(deadline=None, max_examples=15)
@given(tables, steps)
def test_best_row_and_shares_are_those_of_all_rows(rows: list[list[float]], moves: list[list[float]]) -> None:
    table, transitions = np.array(rows), np.array(moves)
    walk = Chain(transitions)
    marginals = walk.marginals(table)
    paths = list(product(range(7), repeat=len(table)))
    weights = np.array([weigh(p, table, transitions) for p in paths])
    best, other = walk.likeliest(np.stack((table, -table)))
    assert weigh(tuple(best), table, transitions) == pytest.approx(weights.max())
    assert weigh(tuple(other), -table, transitions) == pytest.approx(max(weigh(p, -table, transitions) for p in paths))
    shares = np.exp(weights - weights.max())
    shares /= shares.sum()
    b, i = LABELS.index("BP"), LABELS.index("IP")
    for first in range(len(table)):
        for last in range(first, len(table)):
            wanted = sum(
                s
                for p, s in zip(paths, shares, strict=True)
                if p[first] == b and all(x == i for x in p[first + 1 : last + 1]) and (*p, -1)[last + 1] != i
            )
            wanted = min(max(wanted, 1e-6), 1 - 1e-6)
            odds = marginals.log_odds(first, last, "P")
            assert odds == pytest.approx(np.log(wanted / (1 - wanted)), abs=1e-3)


@given(st.integers(0, 6))
def test_neighbours_are_gathered_one_by_one(n: int) -> None:
    said = np.random.default_rng(n).normal(size=(n, len(OFFSETS), 7))
    wanted = np.zeros((n, 7))
    for k in range(n):
        for place, d in enumerate(OFFSETS):
            if 0 <= k + d < n:
                wanted[k] += said[k + d, place]
    assert np.allclose(gather(said), wanted)


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 3), st.sampled_from("PR")), max_size=8))
def test_labels_of_points_give_the_points_back(parts: list[tuple[bool, int, str]]) -> None:
    spans, points, place = [], [], 0
    for outside, length, kind in parts:
        pieces = [(10 * (place + k), 10 * (place + k) + 9) for k in range(length)]
        if not outside:
            points.append((pieces[0][0], pieces[-1][1], kind))
        spans += pieces
        place += length
    labels = label_pieces(spans, points)
    assert [(spans[a][0], spans[b][1], kind) for a, b, kind in runs(labels)] == points


def test_pieces_know_their_marks() -> None:
    text = "存在不足：一是“快、准”不够，尺度不一；二是栏目少。"
    pieces = cut_pieces(text)
    assert [text[p.start : p.end] for p in pieces] == ["存在不足", "“快、准”不够", "尺度不一", "栏目少"]
    assert [p.marker.ordinal if p.marker else 0 for p in pieces] == [0, 1, 0, 2]
    rows = piece_rows(text, pieces, None)
    assert "lab:problem" in rows[0] and "run:problemcurrent" in rows[3]


def test_a_silent_model_leaves_the_rules_as_they_are() -> None:
    layout = analyse_text(TEXT, year=2023)
    plain = find_points(TEXT, layout)
    asked = find_points(TEXT, layout, ItemModels(boundaries=chain(vote=3.0)))
    assert asked.spans == plain.spans
    assert [d.status for d in asked.drafts] == [d.status for d in plain.drafts]
    assert [(d.round, d.ordinal) for d in asked.drafts] == [(d.round, d.ordinal) for d in plain.drafts]
    assert {d.decided_by for d in asked.drafts} <= {"rule", "both"}
    assert {d.decided_by for d in plain.drafts} == {"rule"}


def test_a_model_finds_what_the_rules_do_not() -> None:
    text = "青垄县的橘子园今年挂果，比往年早了十几天。山上的大风把三号路标吹歪了两回。"
    model = chain("h2:山上", "BP", 9.0, vote=0.5)
    assert read_points(text, None, 2023).drafts == []
    (draft,) = model.combine(text, [], Context(), 2023, 0)
    assert (draft.kind, draft.text, draft.decided_by) == ("problem", "山上的大风把三号路标吹歪了两回", "model")
    assert 0.5 < draft.score <= 1


def test_a_denial_is_left_alone() -> None:
    text = "五、存在的主要问题及改进情况\n无。"
    models = ItemModels(boundaries=chain("af:。", "BP", 9.0))
    assert find_items(text, analyse_text(text, year=2023), models) == ((), True)


@pytest.mark.parametrize(
    ("text", "kind", "spans"),
    [
        ("下一步，本局将建栏目台账", "remedy", ["建栏目台账"]),
        ("针对上年度报告指出的“栏目少”“无人值守”两个问题", "problem", ["无人值守"]),
        ("针对上年度报告指出的“栏目偏少”“无人值守”两个问题", "problem", ["栏目偏少", "无人值守"]),
        ("主要体现在栏目划分不细", "problem", ["栏目划分不细"]),
    ],
)
def test_edges(text: str, kind: str, spans: list[str]) -> None:
    assert [text[s:e] for s, e in point_spans(text, 0, len(text), kind, False)] == spans


# --------------------------------------------------------------------------- pairs


def draft(kind: str, text: str, **more: object) -> Draft:
    return Draft(kind, "current" if kind == "problem" else "planned", 0, len(text), text, **{"round": 0, **more})  # type: ignore[arg-type]


def pair_model(vote: float = 0.0, **first: float) -> PairModel:
    second = {**dict.fromkeys(SECOND, 0.0), "score": 1.0}
    return PairModel({**dict.fromkeys(FIRST, 0.0), **first}, second, vote, 0.5)


def test_pairs_by_subject_and_by_place() -> None:
    points = [
        draft("problem", "甲栏空"),
        draft("problem", "乙处慢"),
        draft("remedy", "催乙处"),
        draft("remedy", "填甲栏"),
    ]
    subjects = np.array([[0.9, 0.0, 0.1], [0.0, 0.9, 0.1], [0.0, 0.8, 0.1], [0.8, 0.0, 0.1]])
    nothing = [(), (), (), ()]
    assert pair_model(subject=8.0, one=-4.0).pair(points, subjects, nothing) == [(3,), (2,), (), ()]
    assert pair_model(same_place=8.0, one=-4.0).pair(points, subjects, nothing) == [(2,), (3,), (), ()]
    assert pair_model(one=-1.0, vote=3.0).pair(points, subjects, [(3,), (), (), ()]) == [(3,), (), (), ()]


def test_remedies_of_a_single_problem_are_kept_as_the_rules_give_them() -> None:
    points = [draft("problem", "甲"), draft("remedy", "乙"), draft("remedy", "丙")]
    assert pair_model(one=-9.0).pair(points, np.zeros((3, 3)), [(1, 2), (), ()]) == [(1, 2), (), ()]


def test_what_speaks_for_a_pair() -> None:
    points = [
        draft("problem", "公示栏破损", ordinal=1),
        draft("remedy", "修公示栏", ordinal=1),
        draft("problem", "人手紧", ordinal=2, round=1),
        draft("remedy", "添人", ordinal=2, round=1, answers=2),
    ]
    _, _, told = pair_table(points, np.full((4, 3), 0.1))
    at = {name: told[:, :, k].tolist() for k, name in enumerate(FIRST)}
    assert at["same_round"] == [[1, 0], [0, 1]]
    assert at["follows"] == [[1, 0], [0, 1]]
    assert at["before"] == [[0, 0], [1, 0]]
    assert at["named"] == [[0, 0], [0, 1]] and at["named_other"] == [[0, 1], [0, 0]]
    assert at["words"][0][0] > 0 == at["words"][0][1]


def test_too_many_pairs_are_left_to_the_rules() -> None:
    points = [draft("problem", "甲")] * 200 + [draft("remedy", "乙")] * 200
    rules: list[tuple[int, ...]] = [()] * 400
    assert pair_model(one=9.0).pair(points, np.zeros((400, 3)), rules) == rules


# --------------------------------------------------------------------------- together


def test_models_on_disk(tmp_path: Path) -> None:
    models = ItemModels(chain(weight=0.5), pair_model(one=-1.0), category_model(**{"n:栏": {"platform": 4.0}}))
    models.to_disk(tmp_path)
    assert not [p for p in tmp_path.rglob("*") if p.suffix not in (".json", ".npy", "")]
    again = ItemModels.from_disk(tmp_path)
    layout = analyse_text(TEXT, year=2023)
    assert find_items(TEXT, layout, again) == find_items(TEXT, layout, models)
    assert not ItemModels.from_disk(tmp_path / "nothing")
    finder, setter = models.of_finder(), models.of_setter()
    assert (finder.pairs, finder.categories, setter.boundaries) == (None, None, None)
    assert finder.with_others(setter) == models


def test_points_survive_as_plain_data() -> None:
    points = find_points(TEXT, analyse_text(TEXT, year=2023))
    again = Points.from_dict(TEXT, points.to_dict())
    assert again == points
    assert describe(again) == describe(points)


def test_under_one_mark_no_second_point_of_its_kind_begins_without_a_mark() -> None:
    text = "下一步，我局将：一是修公示栏。每月擦一次。二是添图表。"
    rules = read_points(text, None, 2023).drafts
    eager = chain("h2:每月", "BR", 3.0, vote=2.0)
    assert [d.text for d in eager.combine(text, rules, Context(), 2023, 0)] == ["修公示栏。每月擦一次", "添图表"]
    other = chain("h2:每月", "BP", 9.0, vote=2.0)
    assert [d.kind for d in other.combine(text, rules, Context(), 2023, 0)] == ["remedy", "problem", "remedy"]


def test_the_spacy_way_is_the_way_of_whole_reports(tmp_path: Path) -> None:
    import spacy

    from gia_nlp.pipeline import build, tag_document
    from gia_nlp.records import Document

    models = ItemModels(
        chain(weight=0.5), pair_model(one=-1.0, vote=2.0), category_model(**{"n:栏": {"platform": 4.0}})
    )
    nlp = build()
    nlp.get_pipe("gia_items").models = models.of_finder()  # type: ignore[attr-defined]
    nlp.get_pipe("gia_categories").models = models.of_setter()  # type: ignore[attr-defined]
    nlp.to_disk(tmp_path / "p")
    loaded = spacy.load(tmp_path / "p")
    doc = loaded(TEXT)
    items = tag_document(Document(text=TEXT), nlp=loaded).items
    assert tuple(doc._.items) == items == tag_document(Document(text=TEXT), nlp=nlp).items
    assert (
        "platform" in items[0].categories
        and items[0].category_scores != find_items(TEXT, analyse_text(TEXT))[0][0].category_scores
    )
    assert "gia_points" not in doc.user_data


def test_a_point_that_the_rules_begin_at_a_mark_goes_on_from_none_before() -> None:
    text = "一是丰富内容；二是按时更新。"
    drafts = [
        Draft("remedy", "planned", 2, 6, "丰富内容", 0, 1, "", True),
        Draft("remedy", "planned", 9, 13, "按时更新", 0, 2, "", True),
    ]
    told, _ = project(cut_pieces(text), drafts)
    assert told[1, LABELS.index("BR")] == 1.0 and told[1, LABELS.index("IR")] < -5


def test_a_category_that_the_model_has_not_learned_is_the_rules_alone() -> None:
    from gia_nlp.problems.category_model import by_rules

    assert by_rules(0.2) == 0.0 and by_rules(2.0) == 0.75


def test_long_rows_keep_their_sums() -> None:
    random = np.random.default_rng(0)
    table, transitions = random.normal(scale=4, size=(300, 7)), random.normal(scale=8, size=(7, 7))
    marginals = Chain(transitions).marginals(table)
    # Forward sums in the plain way, in log space: what all rows together weigh.
    ahead = table[0] + _FIRST
    for row in table[1:]:
        ahead = row + np.logaddexp.reduce(ahead[:, None] + transitions, axis=0)
    last = np.exp(ahead - np.logaddexp.reduce(ahead))
    assert np.allclose(marginals.shares[-1], last)
    assert np.allclose(np.sum(marginals.shares, axis=1), 1) and np.isfinite(marginals.onward).all()
