"""Training what finds, pairs and categorises problems: the same bytes twice, cards, what a trained model decides."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gia_nlp.learning.categories import CategorySettings, examples, fit_categories, train_categories
from gia_nlp.learning.categories import DataSettings as CategoryData
from gia_nlp.learning.categories import FitSettings as CategoryFit
from gia_nlp.learning.config import read_config
from gia_nlp.learning.items import (
    BoundarySettings,
    DataSettings,
    FoldSettings,
    ItemSettings,
    fit_boundaries,
    match,
    prepare,
    train_items,
)
from gia_nlp.learning.pairs import PairTable, fit_pairs
from gia_nlp.learning.sequences import fit_chain
from gia_nlp.pipeline import analyse_text
from gia_nlp.problems import find_items
from gia_nlp.problems.chains import LABELS, OFFSETS, gather, runs
from gia_nlp.problems.finding import parts
from gia_nlp.problems.models import ItemModels
from gia_nlp.problems.pair_features import FIRST
from gia_nlp.problems.pieces import cut_pieces

ROOT = Path(__file__).parents[2]
ANNOTATED = ROOT / "data" / "annotated" / "problems" / "problems.jsonl"
needs_data = pytest.mark.skipif(not ANNOTATED.exists(), reason="a source checkout holds the annotated sections")


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some texts of four authors."""
    if not ANNOTATED.exists():
        pytest.skip("a source checkout holds the annotated sections")
    kept: dict[str, list[str]] = {"zone": [], "finance": [], "labour": [], "housing": []}
    for line in ANNOTATED.read_text(encoding="utf-8").splitlines():
        style = json.loads(line)["style"]
        if style in kept and len(kept[style]) < 4:
            kept[style].append(line)
    path = tmp_path_factory.mktemp("annotated") / "few.jsonl"
    path.write_text("\n".join(line for lines in kept.values() for line in lines) + "\n", encoding="utf-8")
    return path


def item_settings(path: Path) -> ItemSettings:
    return ItemSettings(
        DataSettings(path, seen_by_rules=("labour",)),
        BoundarySettings(vote=1.0, max_iterations=12),
        fit=FoldSettings(folds=2),
    )


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_same_data_same_bytes(few: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        train_items(item_settings(few), tmp_path / name / "items")
        train_categories(CategorySettings(CategoryData(few), CategoryFit(folds=2)), tmp_path / name / "categories")
    first, second = files(tmp_path / "a"), files(tmp_path / "b")
    assert first == second
    assert {"items/card.json", "items/boundaries/weights.npy", "items/pairs/pairs.json"} <= set(first)
    assert {"categories/card.json", "categories/categories/pool.json"} <= set(first)
    assert not [name for name in first if name.endswith((".pkl", ".pickle", ".joblib"))]
    card = json.loads(first["items/card.json"])
    told = {row["on"]: row for row in card["scores"]}
    both = told["items by rules and model, authors unknown to the rules"]
    assert both["low"] <= both["value"] <= both["high"] and both["documents"] == 12
    assert card["data"][0]["styles"] == ["finance", "housing", "labour", "zone"]
    models = ItemModels.from_disk(tmp_path / "a" / "items").with_others(
        ItemModels.from_disk(tmp_path / "a" / "categories")
    )
    row = json.loads(few.read_text(encoding="utf-8").splitlines()[0])
    items, _ = find_items(row["text"], analyse_text(row["text"], year=2023), models)
    assert items and {i.decided_by for i in items} <= {"rule", "model", "both"}
    assert all(0 <= s <= 1 for i in items for s in (i.score, *i.category_scores))
    assert all(row["text"][i.start : i.end] == i.quote for i in items)
    for item in items:
        assert all(items[r].kind == "remedy" for r in item.remedies)
        assert not item.remedies or item.kind == "problem"


@needs_data
def test_shipped_configurations_can_be_read() -> None:
    configs = ROOT / "models" / "configs"
    for name, kind in (("items", ItemSettings), ("categories", CategorySettings)):
        settings = read_config(configs / f"{name}.cfg", kind)
        styles = {json.loads(line)["style"] for line in ANNOTATED.read_text(encoding="utf-8").splitlines()}
        assert settings.data.path.resolve() == ANNOTATED
        assert set(settings.data.seen_by_rules) < styles


def toy(style: str, problem: str, remedy: str, *names: str) -> dict[str, Any]:
    text = f"五、存在的主要问题及改进情况\n{problem}。下一步，我局将{remedy}。"
    items = []
    for kind, when, words in (("problem", "current", problem), ("remedy", "planned", remedy)):
        start = text.index(words)
        items.append({"kind": kind, "when": when, "categories": list(names), "start": start, "end": start + len(words),
                      "quote": words, "remedies": [1] if kind == "problem" else []})  # fmt: skip
    return {"id": f"{style}-{problem}", "style": style, "split": "train", "text": text, "meta": {}, "items": items}


TOYS = [
    toy(style, f"{where}{problem}", f"{remedy}{where}", *names)
    for style, where in (("a", "码头"), ("b", "渡口"), ("c", "栈桥"))
    for problem, remedy, names in (
        ("的泊位公示得晚", "按周公示泊位", ("berths",)),
        ("的潮汐表没有", "张贴潮汐表", ("berths", "coverage")),
        ("的人手不足", "增派人手到", ("capacity",)),
        ("的管理员不会上网", "培训管理员看好", ("capacity",)),
    )
]


def test_a_category_of_the_users_own_data() -> None:
    settings = CategorySettings(CategoryData(Path("toys.jsonl")), CategoryFit(folds=3, min_count=1, strength=30.0))
    points = examples(TOYS)
    assert [points[i].partners for i in (0, 1)] == [(1,), (0,)]
    model, held_out = fit_categories(points, settings)
    assert "berths" in model.labels and model.labels[-1] == "other"
    assert held_out.shape == (len(points), len(model.labels))
    names = model.decide(held_out)
    right = sum("berths" in found for p, (found, _) in zip(points, names, strict=True) if "berths" in p.categories)
    assert right >= 0.8 * sum("berths" in p.categories for p in points)  # each of authors whom the model has not seen


def test_cues_of_styles_that_the_rules_saw_are_blanked() -> None:
    data = CategoryData(Path("toys.jsonl"))
    fit = CategoryFit(folds=3, min_count=1)
    plain, _ = fit_categories(examples(TOYS), CategorySettings(data, fit))
    blanked, _ = fit_categories(examples(TOYS), CategorySettings(replace(data, seen_by_rules=("a", "b", "c")), fit))
    assert any(name.startswith("cue:") for name in plain.words.index.names)
    assert not any(name.startswith("cue:") for name in blanked.words.index.names)


def test_a_chain_learns_its_texts() -> None:
    sections = prepare(TOYS)
    model = fit_boundaries(sections, BoundarySettings(penalty=0.01, vote=0.0, min_count=1, max_iterations=60))
    for section in sections:
        (chain,), (part,) = section.chains, parts(section.row["text"], section.layout)[0]
        table = model.scores(part.view.text, cut_pieces(part.view.text), part.context.kind)
        named = model.words.logits(chain.rows).reshape(len(table), len(OFFSETS), len(LABELS))
        assert np.allclose(table, gather(named), atol=1e-5)  # features by column are those by name
        (row,) = model.chain.likeliest(table[None])
        points = runs([LABELS[label] for label in row])
        found = [(s.first, s.last, s.kind) for s in model.segments(table, points)]
        assert len(found) == 2 and [kind for *_, kind in found] == ["problem", "remedy"]


def test_slope_of_the_chain() -> None:
    from scipy.sparse import csr_matrix

    from gia_nlp.learning.sequences import _Chain

    random = np.random.default_rng(0)
    matrix = csr_matrix((random.random((9, 5)) < 0.5).astype(float))
    labels = random.integers(0, 3, 9)
    chain = _Chain(matrix, labels, [4, 1, 4], 3, 0.1)
    flat = random.normal(size=5 * 3 + 9)
    value, slope = chain.loss(flat)
    for k in range(len(flat)):
        moved = flat.copy()
        moved[k] += 1e-6
        assert (chain.loss(moved)[0] - value) / 1e-6 == pytest.approx(slope[k], abs=1e-3)
    weights, transitions = fit_chain(matrix, labels, [4, 0, 1, 4], 3, penalty=0.1, max_iterations=50)
    best = chain.loss(np.concatenate([weights.ravel(), transitions.ravel()]))
    assert best[0] < value and np.abs(best[1]).max() < 0.05


def test_points_match_once_and_by_kind() -> None:
    want = [{"kind": "problem", "start": 0, "end": 10}, {"kind": "remedy", "start": 20, "end": 30}]
    assert match(want, [(0, 9, "problem"), (0, 10, "problem"), (20, 30, "problem"), (22, 30, "remedy")]) == {1: 0, 3: 1}


def test_pairs_are_learned_from_place() -> None:
    told = np.zeros((2, 2, len(FIRST)))
    told[:, :, FIRST.index("one")] = 1
    told[[0, 1], [0, 1], FIRST.index("same_place")] = 1
    table = PairTable("a", told, np.zeros((2, 2), bool), np.eye(2, dtype=bool), 2)
    model = fit_pairs([table] * 12, strength=10.0, vote=0.0)
    assert model.kept(told, table.rules).tolist() == [[True, False], [False, True]]
    with pytest.raises(ValueError):
        fit_pairs([], strength=1.0, vote=0.0)
