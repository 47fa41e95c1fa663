from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from gia_nlp.frames.output import MANIFEST, Output, OutputError, write_reports
from gia_nlp.frames.schema import tables
from gia_nlp.frames.store import read_frames
from gia_nlp.records import Fact, Report


def names(folder: Path) -> set[str]:
    return {p.name for p in folder.iterdir()}


def test_nothing_but_the_tables_and_their_list_is_left(make_report, tmp_path: Path) -> None:
    write_reports([make_report()], tmp_path)
    assert names(tmp_path) == {f"{t}.parquet" for t in tables()} | {MANIFEST}
    assert set(json.loads((tmp_path / MANIFEST).read_text())["files"]) == {f"{t}.parquet" for t in tables()}


def test_the_same_input_gives_the_same_bytes(make_report, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        write_reports([make_report()], tmp_path / folder)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_tables_are_replaced_and_other_files_left(make_report, tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("mine")
    write_reports([make_report("a/1.txt")], tmp_path)
    write_reports([make_report("a/2.txt")], tmp_path)
    write_reports([make_report("a/3.txt")], tmp_path, format="csv")
    assert (tmp_path / "notes.md").read_text() == "mine"
    assert list(read_frames(tmp_path)["reports"]["report_id"]) == ["a/2.txt"]
    assert "a/3.txt" in (tmp_path / "reports.csv").read_text(encoding="utf-8-sig")


def test_a_foreign_file_by_our_name_is_never_overwritten(make_report, tmp_path: Path) -> None:
    (tmp_path / "facts.csv").write_text("mine")
    with pytest.raises(OutputError, match=r"facts\.csv, which gia-nlp did not write") as caught:
        write_reports([make_report()], tmp_path, format="csv")
    assert caught.value.hint
    assert names(tmp_path) == {"facts.csv"} and (tmp_path / "facts.csv").read_text() == "mine"


def test_a_run_that_breaks_off_leaves_the_old_tables(make_report, tmp_path: Path) -> None:
    write_reports([make_report("a/old.txt")], tmp_path)
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}

    def reports() -> Iterator[Report]:
        yield make_report("a/new.txt")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_reports(reports(), tmp_path)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_a_directory_of_parts_gives_way_to_a_file(make_report, tmp_path: Path) -> None:
    write_reports([make_report("a/old.txt")], tmp_path)
    file = tmp_path / "facts.parquet"
    part = file.read_bytes()
    file.unlink()
    file.mkdir()
    (file / "part-0.parquet").write_bytes(part)
    write_reports([make_report("a/new.txt")], tmp_path)
    assert file.is_file() and set(read_frames(tmp_path)["facts"]["report_id"]) == {"a/new.txt"}
    assert names(tmp_path) == {f"{t}.parquet" for t in tables()} | {MANIFEST}


def test_targets_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot write to"):
        Output(tmp_path / "file")
    with pytest.raises(OutputError, match="unknown format"):
        Output(tmp_path, "xls")


def test_one_report_with_impossible_records_costs_itself_alone(make_report, tmp_path: Path) -> None:
    bad = Fact("staff", float("nan"), 0, 1, "青")
    write_reports([make_report("a/bad.txt", facts=(bad,)), make_report("a/good.txt")], tmp_path)
    frames = read_frames(tmp_path)
    assert list(frames["reports"]["report_id"]) == ["a/good.txt"]
    assert set(frames["cells"]["report_id"]) == {"a/good.txt"}
    error = frames["errors"].iloc[0]
    assert (error["report_id"], error["error"]) == ("a/bad.txt", "SchemaError") and "facts" in error["message"]
