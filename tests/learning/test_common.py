"""What all training shares: configurations, folds, intervals, calibration, fitting, cards."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gia_nlp.learning.calibration import calibration, fit_platt, fit_temperature
from gia_nlp.learning.cards import ModelCard, data_row
from gia_nlp.learning.config import ConfigError, as_plain, parse_config, read_config
from gia_nlp.learning.fitting import fit_sigmoid, fit_softmax
from gia_nlp.learning.intervals import interval
from gia_nlp.learning.splits import grouped_folds, read_annotated


@dataclass(frozen=True)
class Data:
    passages: tuple[Path, ...] = ()
    limit: int | None = None


@dataclass(frozen=True)
class Fit:
    strength: float = 1.0
    shuffle: bool = False
    name: str = "x"


@dataclass(frozen=True)
class Settings:
    data: Data = field(default_factory=Data)
    fit: Fit = field(default_factory=Fit)


def test_paths_count_from_the_files_folder(tmp_path: Path) -> None:
    file = tmp_path / "a.cfg"
    file.write_text('[data]\npassages = ["../p.jsonl"]\nlimit = null\n[fit]\nstrength = 2\nshuffle = true\n')
    settings = read_config(file, Settings)
    assert settings == Settings(Data((tmp_path / "../p.jsonl",)), Fit(2.0, True))
    assert as_plain(settings)["data"] == {"passages": ["p.jsonl"], "limit": None}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[fti]\nstrength = 1", "no section 'fti'"),
        ("[fit]\nstrengh = 1", "no setting 'strengh'"),
        ('[fit]\nstrength = "much"', "fit.strength must be float"),
        ("[fit]\nshuffle = 1", "fit.shuffle must be bool"),
        ("[fit]\nname = true", "fit.name must be str"),
        ('[data]\npassages = "one"', "data.passages must be list"),
        ("[fit\nstrength = 1", "(?i)config"),
    ],
)
def test_what_cannot_be_used_is_said(text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        parse_config(text, Settings)


@given(st.lists(st.sampled_from("abcdefg"), min_size=2, max_size=40), st.integers(2, 6), st.integers(0, 3))
def test_folds_hold_each_style_out_once_and_whole(groups: list[str], folds: int, seed: int) -> None:
    if len(set(groups)) < 2:
        with pytest.raises(ValueError, match="two styles"):
            grouped_folds(groups, folds, seed=seed)
        return
    made = grouped_folds(groups, folds, seed=seed)
    assert made == grouped_folds(groups, folds, seed=seed)
    assert sorted(i for _, held in made for i in held) == list(range(len(groups)))
    for fitted, held in made:
        assert held
        assert not {groups[i] for i in fitted} & {groups[i] for i in held}


def test_annotated_texts_by_split(tmp_path: Path) -> None:
    rows = [{"id": str(i), "text": "x", "split": s, "style": s} for i, s in enumerate(["train", "dev", "test"])]
    file = tmp_path / "p.jsonl"
    file.write_text("\n".join(json.dumps(r) for r in rows))
    assert [r["split"] for r in read_annotated(file)] == ["train", "dev"]
    file.write_text('{"id": "a"}\n')
    with pytest.raises(ValueError, match="line 1"):
        read_annotated(file)


def test_an_interval_holds_the_value_and_shrinks_with_documents() -> None:
    few = interval([(1, 2, 2), (2, 2, 2), (0, 1, 2)], on="few")
    many = interval([(1, 2, 2), (2, 2, 2), (0, 1, 2)] * 50, on="many")
    assert few.value == many.value == round(2 * 3 / (5 + 6), 4)
    assert few.low <= few.value <= few.high
    assert many.high - many.low < few.high - few.low
    assert interval([(1, 2)], on="share").value == 0.5


def test_calibration_of_scores_that_lie() -> None:
    right = calibration([0.75] * 4, [True, True, True, False])
    wrong = calibration([0.95] * 4, [False] * 4)
    assert right["ece"] == 0.0
    assert wrong["ece"] == 0.95
    assert wrong["brier"] == round(0.95**2, 4)


def test_temperature_and_platt_take_back_what_is_too_sure() -> None:
    random = np.random.default_rng(0)
    truth = random.normal(size=(2000, 3))
    answers = (truth + random.gumbel(size=truth.shape)).argmax(axis=1)
    assert fit_temperature(truth * 4, answers) == pytest.approx(0.25, rel=0.15)
    scale, offset = fit_platt(truth[:, 0] * 3 + 1, random.random(2000) < 1 / (1 + np.exp(-truth[:, 0])))
    assert scale == pytest.approx(1 / 3, rel=0.2)
    assert offset == pytest.approx(-1 / 3, abs=0.15)


ROWS = [["a", "x"], ["a"], ["b", "x"], ["b"], ["c"], ["c", "x"]]


@pytest.mark.parametrize("labels", [["u", "u", "v", "v", "w", "w"], ["u", "u", "v", "v", "v", "v"]])
def test_softmax_learns_what_tells_labels_apart(labels: list[str]) -> None:
    model = fit_softmax(ROWS, labels, strength=100.0)
    found = model.probabilities(ROWS)
    assert [model.labels[i] for i in found.argmax(axis=1)] == labels
    assert np.allclose(found.sum(axis=1), 1, atol=1e-5)
    assert "x" in model.index.names


def test_sigmoid_takes_labels_by_themselves() -> None:
    answers = np.array([[1, 0], [1, 0], [0, 0], [0, 0], [1, 0], [1, 0]])
    model = fit_sigmoid(ROWS, answers, ("p", "never"), strength=100.0)
    found = model.probabilities(ROWS)
    assert (found[:, 0] > 0.5).tolist() == answers[:, 0].astype(bool).tolist()
    assert (found[:, 1] < 0.2).all()


def test_a_card_says_what_it_was_given(tmp_path: Path) -> None:
    data = tmp_path / "p.jsonl"
    data.write_text("{}\n")
    rows = [{"split": "train", "style": "a"}, {"split": "train", "style": "b"}]
    card = ModelCard(
        "m", "facts", "Says what.", ("x",), [data_row(data, rows, 7)], {"fit": {"strength": 1.0}},
        [interval([(1, 1, 2)], on="dev")], 3, ["Never saw a scan."],
        {"score": calibration([0.9], [True])},
    )  # fmt: skip
    card.to_disk(tmp_path / "1")
    card.to_disk(tmp_path / "2")
    content = json.loads((tmp_path / "1" / "card.json").read_text())
    assert content["data"][0]["styles"] == ["a", "b"]
    assert content["scores"][0]["value"] == 0.6667
    readme = (tmp_path / "1" / "README.md").read_text()
    assert "Never saw a scan." in readme
    assert "| dev | f1 | 0.667 |" in readme
    for name in ("card.json", "README.md"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()
