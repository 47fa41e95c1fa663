"""``gia-nlp mine`` as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gia_nlp.cli.main import app
from gia_nlp.frames.convert import to_frames
from gia_nlp.frames.output import write_frames
from gia_nlp.pipeline import load, tag_document
from gia_nlp.records import Document
from gia_nlp.synthesis import make_reports


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five agencies over six years."""
    folder, nlp = tmp_path_factory.mktemp("mine") / "tables", load("zh_gia_rules")
    made = make_reports(30, seed=5, layouts=["tabs"], panel=True)
    reports = [tag_document(Document(text=m.text or "", path=m.file), report_id=m.name, nlp=nlp) for m in made]
    write_frames(to_frames(reports), folder)
    return folder


def run(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, [str(a) for a in arguments])


def test_writes_a_page_with_its_data(tables: Path, tmp_path: Path) -> None:
    result = run("mine", tables, "--report", tmp_path / "new" / "report.html", "--lang", "en")
    assert result.exit_code == 0, result.output
    assert result.stdout == "" and "report.html written" in result.stderr
    text = (tmp_path / "new" / "report.html").read_text(encoding="utf-8")
    assert 'lang="en"' in text and 'href="report_data/recurrence_year.csv"' in text
    assert (tmp_path / "new" / "report_data" / "recurrence_year.csv").is_file()


def test_data_go_where_they_are_asked(tables: Path, tmp_path: Path) -> None:
    result = run("mine", tables, "--report", tmp_path / "a" / "report.html", "--data", tmp_path / "数据")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "数据" / "panel.csv").is_file()
    text = (tmp_path / "a" / "report.html").read_text(encoding="utf-8")
    assert 'lang="zh-Hans"' in text and 'href="../%E6%95%B0%E6%8D%AE/panel.csv"' in text


def test_json_goes_to_stdout(tables: Path, tmp_path: Path) -> None:
    result = run("mine", tables, "--json")
    assert result.exit_code == 0, result.output
    alone = json.loads(result.stdout)
    assert len(alone["recurrence"]["rows"]) == 16 and alone["panel"]["rows"][0]["agency_id"]
    both = run("mine", tables, "--json", "--report", tmp_path / "report.html")
    assert json.loads(both.stdout) == alone and (tmp_path / "report.html").is_file()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "nothing to write"),
        (("--data", "x"), "--data goes with --report"),
        (("--report", "."), "is a folder"),
        (("--json", "--lang", "fr"), "'fr' is not one of"),
    ],
)
def test_wrong_usage_is_told(tables: Path, arguments: tuple[str, ...], says: str) -> None:
    result = run("mine", tables, *arguments)
    assert result.exit_code == 2 and says in result.stderr


def test_a_folder_without_tables_is_told(tmp_path: Path) -> None:
    result = run("mine", tmp_path, "--json")
    assert result.exit_code == 2 and "has no table" in result.stderr and "gia-nlp tag" in result.stderr
    assert "Traceback" not in result.output
    assert run("mine", tmp_path / "none", "--json").exit_code == 2


def test_tables_of_something_else_are_told(tmp_path: Path) -> None:
    for name in ("reports", "panel", "items"):
        (tmp_path / f"{name}.parquet").write_bytes(b"PAR1 no parquet PAR1")
    result = run("mine", tmp_path, "--report", tmp_path / "report.html")
    assert result.exit_code == 1 and len(result.stderr.strip().splitlines()) == 2, result.stderr
