"""What the studies below experiments/ measure with: noise that moves annotations, taggers, draws of styles."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest

from gia_nlp.learning.evaluation import GoldDocument, read_gold
from gia_nlp.learning.splits import read_annotated


@pytest.fixture
def script(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator:
    """Loads a script of a study as a module."""
    monkeypatch.syspath_prepend(str(root / "experiments"))

    def load(study: str, name: str = "run") -> ModuleType:
        monkeypatch.syspath_prepend(str(root / "experiments" / study))
        spec = importlib.util.spec_from_file_location(f"{study}_{name}", root / "experiments" / study / f"{name}.py")
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module  # dataclasses look their module up
        spec.loader.exec_module(module)
        return module

    yield load
    for name in [n for n in sys.modules if n.endswith(("_run", "_taggers")) or n in ("systems", "taggers")]:
        del sys.modules[name]


def test_noise_moves_annotations_along_with_their_characters(script, root: Path) -> None:
    noise = script("noise")
    gold = read_gold(root / "data" / "annotated" / "passages.jsonl", split="train")[:20]
    config = json.loads((root / "experiments" / "noise" / "config.json").read_text(encoding="utf-8"))
    for condition in config["conditions"]:
        for before in gold:
            after, _ = noise.noisy(before, "facts", condition, 0, {"未": "末", "件": "仵"})
            assert after.text is not None
            for a, b in zip(before.answers["facts"], after.answers["facts"], strict=True):
                assert after.text[b["start"] : b["end"]] == b["quote"]
                assert (a["indicator"], a["value"], a["period"]) == (b["indicator"], b["value"], b["period"])
            if condition in ("clean", "hard_wraps", "blanks", "zero_width"):
                visible = [str.maketrans("", "", " \n\u200b\ufeff\u200c\u00ad\ue5e5")] * 2
                assert (before.text or "").translate(visible[0]) == after.text.translate(visible[1])


def test_noise_changes_texts_and_the_same_seed_gives_the_same(script) -> None:
    noise = script("noise")
    text = "全年收到申请12件，未发生行政复议。" * 5
    gold = GoldDocument("p-1", "p-1.txt", {"facts": []}, text=text)
    look = {"未": "末", "件": "仵", "二": "三"}
    some, slipped = noise.noisy(gold, "facts", "slips 30%", 3, look)
    assert 0 < slipped < 10 and sum(a != b for a, b in zip(some.text, text, strict=True)) == slipped
    assert noise.noisy(gold, "facts", "slips 30%", 3, look)[0].text == some.text
    assert noise.noisy(gold, "facts", "slips 100%", 3, {"二": "三"})[1] == 0
    for condition in ("hard_wraps", "traditional", "wraps, blanks, traditional"):
        assert noise.noisy(gold, "facts", condition, 3, look)[0].text != text


def test_spans_of_words_give_back_the_annotated_values(script, root: Path) -> None:
    taggers = script("baselines", "taggers")
    wanted = found = kept = 0
    for row in read_annotated(root / "data" / "annotated" / "passages.jsonl", ("train",))[:40]:
        wanted += len(row["facts"])
        for made, spans in taggers.annotated(row):
            assert "".join(made.words) == made.sentence.text
            for span in spans:
                kept += 1
                fact = taggers.fact_of(row["text"], made, span, "crf")
                assert fact is not None and row["text"][fact.start : fact.end] == fact.quote
                found += any(
                    f["value"] == fact.value and f["start"] < fact.end and fact.start < f["end"] for f in row["facts"]
                )
    assert kept >= 0.95 * wanted
    assert found >= 0.97 * kept


def test_draws_of_styles_are_nested_and_never_less_than_two(script) -> None:
    curve = script("learning_curve")
    styles = [f"s{i}" for i in range(14)]
    for seed in range(3):
        draws = [curve.drawn(styles, share, seed) for share in (0.1, 0.25, 0.5, 1.0)]
        assert len(draws[0]) == 2 and len(draws[-1]) == 14
        for fewer, more in pairwise(draws):
            assert more[: len(fewer)] == fewer
    assert curve.drawn(styles, 0.5, 0) != curve.drawn(styles, 0.5, 1)


def test_segmenters_keep_every_character(script) -> None:
    segmenter = script("segmenter")
    for cut in segmenter.cutters().values():
        assert "".join(cut("收到申请12件，主动公开信息")) == "收到申请12件，主动公开信息"
    assert segmenter.characters("收到12件3次") == ["收", "到", "12", "件", "3", "次"]
