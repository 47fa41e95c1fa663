"""Training the model of facts: what becomes an example, the same bytes twice, a card that tells, a new indicator."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gia_nlp.cli.main import app
from gia_nlp.facts import find_facts
from gia_nlp.facts.model import FactModel
from gia_nlp.learning.fact_examples import make_examples, right_facts
from gia_nlp.learning.fact_settings import Combine, Data, FactSettings, Fit, Training
from gia_nlp.learning.facts import fit_facts, train_facts
from gia_nlp.pipeline import analyse_text
from gia_nlp.records import Fact
from gia_nlp.vocabulary.active import using
from gia_nlp.vocabulary.user import read_vocabulary

PASSAGES = Path(__file__).parents[2] / "data" / "annotated" / "passages.jsonl"
needs_passages = pytest.mark.skipif(not PASSAGES.exists(), reason="a source checkout holds the annotated passages")


def fact(indicator: str, quote: str, text: str, value: float, **more: Any) -> dict[str, Any]:
    start = text.index(quote)
    return {
        "indicator": indicator, "value": value, "period": "current", "channel": "all", "quote": quote, "start": start,
        "end": start + len(quote), **more,
    }  # fmt: skip


def row(text: str, *facts: dict[str, Any], style: str = "a") -> dict[str, Any]:
    return {"id": "x", "text": text, "facts": list(facts), "split": "train", "style": style, "year": 2024}


def test_every_candidate_becomes_an_example() -> None:
    text = "全年公开信息20条，设窗口4个。去年收到申请3件。未发生复议和诉讼。"
    (example,) = make_examples(
        [
            row(
                text,
                fact("items_published", "20条", text, 20),
                fact("requests_received", "3件", text, 3, period="previous"),
                fact("reviews", "未发生复议和诉讼", text, 0),
                fact("litigations", "未发生复议和诉讼", text, 0),
                fact("meetings", "去年", text, 9),
            )
        ],
        min_joint=1,
    )
    assert example.indicators == ["items_published", "none", "requests_received"]
    assert example.periods == ["current", None, "previous"]
    assert example.denials == ["litigations+reviews"]
    assert example.missed == 1  # no candidate counts nine meetings


def test_a_rare_joint_label_is_its_first_indicator() -> None:
    text = "全年受理办理申请3件。"
    facts = [fact(name, "3件", text, 3) for name in ("requests_received", "requests_answered")]
    assert make_examples([row(text, *facts)], min_joint=2)[0].indicators == ["requests_received"]
    assert make_examples([row(text, *facts)], min_joint=1)[0].indicators == ["requests_answered+requests_received"]


def test_each_annotated_fact_is_found_once() -> None:
    text = "会议3次"
    gold = [fact("meetings", "3次", text, 3)]
    found = Fact("meetings", 3.0, 2, 4, "3次")
    assert right_facts(gold, [found, found]) == ([True, False], [True])
    for wrong in (
        replace(found, period="planned"),
        replace(found, value=4.0),
        replace(found, indicator="staff"),
        replace(found, start=0, end=2),
    ):
        assert right_facts(gold, [wrong]) == ([False], [False])


def small(limit: int = 60) -> FactSettings:
    data = Data((PASSAGES,), ("train",), limit=limit)
    return FactSettings(data, Fit(max_iterations=20), Combine(rounds=1), Training(folds=2))


@needs_passages
def test_same_data_and_seed_same_bytes(tmp_path: Path) -> None:
    for name in "ab":
        train_facts(small(), tmp_path / name)
    files = sorted(p.relative_to(tmp_path / "a") for p in (tmp_path / "a").rglob("*") if p.is_file())
    assert len(files) >= 12
    for file in files:
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes(), file


@needs_passages
def test_the_model_beats_the_rules_on_styles_held_out() -> None:
    trained = fit_facts(FactSettings(Data((PASSAGES,), ("train",)), Fit(max_iterations=60), training=Training(folds=3)))
    scores = {s.on.partition(", ")[2]: s for s in trained.card.scores if "train styles" in s.on}
    assert scores["rules and model"].value > scores["rules alone"].value
    assert scores["rules and model"].low <= scores["rules and model"].value <= scores["rules and model"].high
    (told,) = trained.card.calibration.values()
    assert told["ece"] < 0.06
    by = {f.decided_by for facts in trained.held_out for f in facts}
    assert by == {"rule", "model", "both"}


@needs_passages
def test_the_card_tells_what_it_was_made_of(tmp_path: Path) -> None:
    unseen = tmp_path / "NEW.txt"
    unseen.write_text("# written after the rules\nfacts/housing\nproblems/education\n")
    settings = small(90)
    train_facts(replace(settings, data=replace(settings.data, unseen=unseen)), tmp_path / "m")
    card = json.loads((tmp_path / "m" / "card.json").read_text())
    assert card["data"][0]["file"] == "passages.jsonl"
    assert card["data"][0]["documents"] == 90
    assert {s["on"].partition(",")[0] for s in card["scores"]} == {"train styles", "styles the rules never saw"}
    assert str(tmp_path) not in (tmp_path / "m" / "card.json").read_text()


def own_rows() -> list[dict[str, Any]]:
    rows = []
    for style in "abc":
        for n in range(12):
            text = f"本季完成古树挂牌{n + 20}个，召开会议{n + 1}次。"
            facts = [fact("trees", f"{n + 20}个", text, n + 20), fact("meetings", f"{n + 1}次", text, n + 1)]
            rows.append({**row(text, *facts, style=style), "id": f"{style}{n}"})
    return rows


VOCABULARY = "indicators:\n  trees: {zh: 古树名木, units: [个, 株], cues: [{words: 古木, weight: 5}]}\n"


def test_an_indicator_of_the_users_own_is_learned(tmp_path: Path) -> None:
    data, words = tmp_path / "own.jsonl", tmp_path / "words.yaml"
    data.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in own_rows()))
    words.write_text(VOCABULARY)
    train_facts(FactSettings(Data((data,), vocabulary=words), training=Training(folds=3)), tmp_path / "m")
    model = FactModel.from_disk(tmp_path / "m")
    text = "本季完成古树挂牌77个，召开会议4次。"
    for overlay in (read_vocabulary(words), None):  # the model knows what it learned without the vocabulary too
        with using(overlay):
            found = find_facts(text, analyse_text(text, year=2024), model)
            assert [(f.indicator, f.value) for f in found] == [("trees", 77.0), ("meetings", 4.0)]
            rules = find_facts(text, analyse_text(text, year=2024))
            assert [f.indicator for f in rules] == ["meetings"]


def test_an_indicator_that_nobody_declared_is_refused(tmp_path: Path) -> None:
    data = tmp_path / "own.jsonl"
    data.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in own_rows()))
    with pytest.raises(ValueError, match="vocabulary lacks: trees"):
        train_facts(FactSettings(Data((data,)), training=Training(folds=3)), tmp_path / "m")


def test_the_command_says_what_is_wrong(tmp_path: Path) -> None:
    config = tmp_path / "a.cfg"
    config.write_text("[fit]\nstrenght = 1\n")
    result = CliRunner().invoke(app, ["train", "facts", "--config", str(config), "--out", str(tmp_path / "m")])
    assert result.exit_code == 2
    assert "strenght" in result.output
    config.write_text('[data]\npassages = ["none.jsonl"]\n')
    result = CliRunner().invoke(app, ["train", "facts", "--config", str(config), "--out", str(tmp_path / "m")])
    assert result.exit_code == 1
    assert "none.jsonl" in result.output
    assert not (tmp_path / "m").exists()


@needs_passages
def test_the_command_trains(tmp_path: Path) -> None:
    config = tmp_path / "a.cfg"
    config.write_text(
        f'[data]\npassages = ["{PASSAGES}"]\nsplits = ["train"]\nlimit = 60\n[fit]\nmax_iterations = 20\n[training]\nfolds = 2\n'
    )
    result = CliRunner().invoke(app, ["train", "facts", "--config", str(config), "--out", str(tmp_path / "m")])
    assert result.exit_code == 0, result.output
    assert "train styles, rules and model f1" in result.output
    assert (tmp_path / "m" / "README.md").read_text().startswith("# zh_gia_facts")
