"""The same seed gives the same bytes, in any process and however reports are asked for."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gia_nlp.cli.main import app
from gia_nlp.synthesis import make_report, make_reports, write_reports

_CODE = """
import hashlib, json
from gia_nlp.synthesis import make_reports
h = hashlib.sha256()
for r in make_reports(25, seed=21):
    h.update(r.data); h.update(json.dumps(r.gold, ensure_ascii=False).encode())
print(h.hexdigest())
"""


def test_independent_of_the_hash_seed() -> None:
    def run(seed: str) -> str:
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        return subprocess.run(
            [sys.executable, "-c", _CODE], env=environment, capture_output=True, text=True, check=True
        ).stdout

    assert run("1") == run("987")


def test_a_report_can_be_made_alone() -> None:
    whole = list(make_reports(12, seed=5))
    assert make_report(5, 9).data == whole[9].data
    assert next(make_reports(1, seed=5, first=7)).gold == whole[7].gold


@pytest.mark.parametrize("layout", ["html", "html_mso", "docx", "pdf"])
def test_files_do_not_depend_on_the_clock(layout: str) -> None:
    assert make_report(5, 3, layout, "2021").data == make_report(5, 3, layout, "2021").data


def test_seeds_and_numbers_differ() -> None:
    texts = {make_report(seed, index, "tabs", "2021").data for seed in range(4) for index in range(10)}
    assert len(texts) == 40


def test_reports_stream() -> None:
    """A million reports are asked for and only two are made."""
    stream = make_reports(1_000_000, seed=2)
    assert [next(stream).name for _ in range(2)] == ["r0000000", "r0000001"]


def _digest(folder: Path) -> str:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return hashlib.sha256(
        b"".join(p.relative_to(folder).as_posix().encode() + p.read_bytes() for p in files)
    ).hexdigest()


def test_written_folders_are_the_same(tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert write_reports(tmp_path / name, make_reports(8, seed=3)) == 8
    assert _digest(tmp_path / "a") == _digest(tmp_path / "b")
    assert len(list((tmp_path / "a" / "gold").iterdir())) == len(list((tmp_path / "a" / "reports").iterdir())) == 8


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--count", "3"], 0),
        (["--count", "4", "--layout", "14", "--layout", "html", "--form", "2019"], 0),
        (["--count", "3", "--layout", "unheard"], 2),
        (["--count", "3", "--form", "1999"], 2),
        (["--count", "3", "--panel"], 0),
        (["--count", "3", "--panel", "--form", "2021"], 2),
        (["--count", "0"], 2),
        (["--list"], 0),
    ],
)
def test_exit_codes(tmp_path: Path, arguments: list[str], code: int) -> None:
    result = CliRunner().invoke(app, ["synth", "--out", str(tmp_path / "out"), *arguments])
    assert result.exit_code == code, result.output
    if code == 0 and "--count" in arguments:
        assert len(list((tmp_path / "out" / "gold").glob("*.json"))) == int(arguments[1])
    if code == 2:
        assert not (tmp_path / "out").exists()


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    assert CliRunner().invoke(app, ["synth", "--count", "1", "--out", str(tmp_path / "out")]).exit_code == 2
