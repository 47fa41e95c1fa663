"""The page of all studies' results."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from gia_nlp.learning.evaluation.results import Result, ResultsError, write_results


@pytest.fixture(scope="module")
def leaderboard(root: Path) -> ModuleType:
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("leaderboard", root / "experiments" / "leaderboard.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def study(folder: Path, name: str, *rows: Result) -> None:
    (folder / name).mkdir()
    write_results(folder / name, study=name, question=f"How is {name}?", command="run", rows=rows)


def test_systems_of_all_studies_stand_in_one_table_best_first(leaderboard: ModuleType, tmp_path: Path) -> None:
    study(tmp_path, "one", Result("a", "d", "dev", "facts.f1", 0.9, 0.88, 0.92, 10, 1.0))
    study(tmp_path, "two", Result("b", "d", "dev", "facts.f1", 0.93, 0.9, 0.95, 10), Result("c", "d", "dev", "facts.f1", 0.91, 0.89, 0.94, 10))  # fmt: skip
    (tmp_path / "three").mkdir()
    text = leaderboard.page(leaderboard.collect(tmp_path), tmp_path)
    rows = [line for line in text.splitlines() if line.startswith("| dev")]
    assert [r.split(" | ")[1] for r in rows] == ["b", "c", "a"]
    assert "**0.930**" in rows[0] and "~ 0.910" in rows[1] and "| 0.900 |" in rows[2]
    assert "page of their own: three." in text


def test_of_errors_fewer_are_better_and_test_comes_first(leaderboard: ModuleType, tmp_path: Path) -> None:
    rows = [
        Result(s, "d", split, "facts.ece", v, better="lower")
        for split in ("dev", "test")
        for s, v in (("a", 0.2), ("b", 0.1))
    ]
    study(tmp_path, "one", *rows)
    text = leaderboard.page(leaderboard.collect(tmp_path), tmp_path)
    lines = [line.split(" | ")[:2] for line in text.splitlines() if line.startswith(("| dev", "| test"))]
    assert lines == [["| test", "b"], ["| test", "a"], ["| dev", "b"], ["| dev", "a"]]


def test_words_cannot_break_the_table(leaderboard: ModuleType, tmp_path: Path) -> None:
    study(tmp_path, "one", Result("a|b\nc<i>", "d", "dev", "facts.f1", 0.9))
    assert "a\\|b c&lt;i>" in leaderboard.page(leaderboard.collect(tmp_path), tmp_path)


def test_a_file_that_breaks_the_schema_is_named(leaderboard: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "results.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ResultsError, match=r"one.results\.json"):
        leaderboard.collect(tmp_path)


def test_the_page_in_the_repository_is_up_to_date(leaderboard: ModuleType, root: Path) -> None:
    folder = root / "experiments"
    made = leaderboard.page(leaderboard.collect(folder), folder)
    assert made == (folder / "LEADERBOARD.md").read_text(encoding="utf-8"), "run: python experiments/leaderboard.py"
