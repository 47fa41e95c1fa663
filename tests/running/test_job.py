from __future__ import annotations

from pathlib import Path

import pytest

from gia_nlp.frames.store import read_frames
from gia_nlp.running.job import tag_to_tables
from gia_nlp.running.sources import find_sources

REPORT = (
    "潼湖区民政局2022年政府信息公开工作年度报告\n"
    "一、总体情况\n全年主动公开信息{n}条。\n"
    "五、存在的主要问题及改进情况\n一是公开不及时。\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "年报"
    folder.mkdir()
    for n in (1, 2, 3):
        (folder / f"{n}.txt").write_text(REPORT.format(n=n), encoding="utf-8")
    (folder / "damaged.docx").write_bytes(b"PK\x03\x04 no archive")
    return folder


@pytest.mark.parametrize("workers", [0, 2])
def test_a_damaged_file_has_a_row_in_errors_and_stops_nothing(folder: Path, tmp_path: Path, workers: int) -> None:
    seen: list[str] = []
    outcome = tag_to_tables(
        find_sources([folder]), tmp_path / "out", workers=workers, on_report=lambda r: seen.append(r.report_id)
    )
    frames = read_frames(tmp_path / "out")
    assert seen == ["年报/1.txt", "年报/2.txt", "年报/3.txt", "年报/damaged.docx"]
    assert list(frames["reports"]["report_id"]) == seen[:3] == list(frames["panel"]["report_id"])
    failed = frames["errors"].set_index("report_id").loc["年报/damaged.docx"]
    assert failed["hint"] and failed["hint"] not in failed["message"]
    assert failed["stage"] == "reading" and failed["path"].endswith("damaged.docx") and failed["message"]
    assert (outcome.reports, outcome.failed) == (3, 1)
    assert outcome.facts == len(frames["facts"]) and outcome.items == len(frames["items"])
    assert outcome.errors == len(frames["errors"])
