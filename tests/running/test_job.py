"""Runs and runs again: what is read, what is kept, what the tables hold then."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from gia_nlp.frames.output import write_reports
from gia_nlp.frames.store import read_frames
from gia_nlp.pipeline import tag
from gia_nlp.running import identity
from gia_nlp.running.job import Listener, Outcome, tag_to_tables
from gia_nlp.running.parts import Entry
from gia_nlp.running.plan import Todo
from gia_nlp.running.sources import DuplicateIdError, SourceError, find_sources


class Notes(Listener):
    def __init__(self) -> None:
        self.read: list[str] = []
        self.changes: list[str] = []
        self.finished: list[bool] = []

    def on_plan(self, todo: Todo, changes: list[str]) -> None:
        self.changes = changes

    def on_entry(self, entry: Entry) -> None:
        self.read.append(entry.report_id)

    def on_finish(self, interrupted: bool) -> None:
        self.finished.append(interrupted)


def run(folder: Path, out: Path, **options) -> tuple[Outcome, list[str]]:
    notes = Notes()
    outcome = tag_to_tables(find_sources([folder]), out, **({"workers": 0} | options), listener=notes)
    return outcome, sorted(name.split("/")[-1] for name in notes.read)


def ids(out: Path, table: str = "reports") -> list[str]:
    return [i.split("/")[-1] for i in read_frames(out)[table]["report_id"]]


# --------------------------------------------------------------------------- one run


@pytest.mark.parametrize("workers", [0, 2])
def test_a_damaged_file_has_a_row_in_errors_and_stops_nothing(make_corpus, tmp_path: Path, workers: int) -> None:
    folder = make_corpus(3)
    (folder / "damaged.docx").write_bytes(b"PK\x03\x04 no archive")
    outcome, read = run(folder, tmp_path / "out", workers=workers)
    assert read == ["0000.txt", "0001.txt", "0002.txt", "damaged.docx"]
    frames = read_frames(tmp_path / "out")
    assert ids(tmp_path / "out") == read[:3] == ids(tmp_path / "out", "panel")
    error = frames["errors"].set_index("report_id").loc["年报/damaged.docx"]
    assert error["hint"] and error["hint"] not in error["message"]
    assert error["stage"] == "reading" and error["path"].endswith("damaged.docx") and error["message"]
    assert (outcome.reports, outcome.failed) == (3, 1)
    assert outcome.facts == len(frames["facts"]) > 0 and outcome.items == len(frames["items"]) > 0
    assert outcome.errors == len(frames["errors"]) and outcome.cells == len(frames["cells"])


def test_the_tables_are_the_same_bytes_however_many_work(make_corpus, tables_of, tmp_path: Path) -> None:
    folder = make_corpus(40)
    (folder / "0007.docx").write_bytes(b"PK\x03\x04 no archive")
    for workers in (0, 1, 3):
        run(folder, tmp_path / f"out{workers}", workers=workers)
    first = tables_of(tmp_path / "out0")
    assert len(first) == 9
    for workers in (1, 3):
        assert tables_of(tmp_path / f"out{workers}") == first


def test_the_tables_are_those_of_the_library(make_corpus, tables_of, tmp_path: Path) -> None:
    folder = make_corpus(20)
    run(folder, tmp_path / "job", workers=2)
    reports = [replace(tag(p), path=str(p)) for p in sorted(folder.iterdir())]
    write_reports(reports, tmp_path / "library")
    assert tables_of(tmp_path / "job") == tables_of(tmp_path / "library")


def test_two_sources_of_one_id_are_refused_before_anything_is_done(odd: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(DuplicateIdError, match=r"a\.txt"):
        tag_to_tables([odd.Odd("a.txt"), odd.Odd("a.txt")], tmp_path / "out")
    assert not (tmp_path / "out").exists()


# --------------------------------------------------------------------------- and again


def test_nothing_new_is_nothing_to_do(make_corpus, tmp_path: Path) -> None:
    folder, out = make_corpus(4), tmp_path / "out"
    run(folder, out)
    before = {p.name: p.stat().st_mtime_ns for p in out.glob("*")}
    outcome, read = run(folder, out)
    assert read == [] and outcome.unchanged and outcome.reports == 4
    assert {p.name: p.stat().st_mtime_ns for p in out.glob("*")} == before
    (out / "facts.parquet").unlink()
    outcome, read = run(folder, out)
    assert read == [] and not outcome.unchanged and (out / "facts.parquet").is_file()


def test_new_and_changed_files_are_read_and_removed_ones_vanish(make_corpus, tables_of, tmp_path: Path) -> None:
    folder, out = make_corpus(6), tmp_path / "out"
    run(folder, out)
    text = (folder / "0003.txt").read_text(encoding="utf-8")
    (folder / "0003.txt").write_text(text.replace("103条", "999条"), encoding="utf-8")  # the same size
    (folder / "0001.txt").unlink()
    (folder / "00015.txt").write_text(text, encoding="utf-8")
    outcome, read = run(folder, out)
    assert read == ["00015.txt", "0003.txt"]
    assert (outcome.todo.new, outcome.todo.changed, outcome.todo.removed) == (1, 1, 1)
    run(folder, tmp_path / "undisturbed")
    assert tables_of(out) == tables_of(tmp_path / "undisturbed")
    assert ids(out) == ["0000.txt", "00015.txt", "0002.txt", "0003.txt", "0004.txt", "0005.txt"]
    assert "999条" in set(read_frames(out)["facts"]["quote"])


def test_a_file_of_another_date_and_the_same_content_is_not_read_again(make_corpus, tmp_path: Path) -> None:
    folder, out = make_corpus(3), tmp_path / "out"
    run(folder, out)
    os.utime(folder / "0001.txt", (1, 1))
    assert run(folder, out)[1] == []


def test_the_same_files_elsewhere_are_known_and_their_paths_are_right(make_corpus, tables_of, tmp_path: Path) -> None:
    folder, out = make_corpus(3), tmp_path / "out"
    run(folder, out)
    moved = tmp_path / "elsewhere" / folder.name
    moved.parent.mkdir()
    shutil.copytree(folder, moved)
    outcome, read = run(moved, out)
    assert read == [] and not outcome.unchanged
    assert set(read_frames(out)["reports"]["path"]) == {str(p) for p in moved.iterdir()}
    run(moved, tmp_path / "undisturbed")
    assert tables_of(out) == tables_of(tmp_path / "undisturbed")


@pytest.mark.parametrize(("kind", "again"), [("missing", True), ("raise", False)])
def test_what_failed_is_tried_again_if_the_cause_may_be_gone(
    odd: ModuleType, tmp_path: Path, kind: str, again: bool
) -> None:
    def names(*does: str, **options) -> list[str]:
        notes = Notes()
        sources = [odd.Odd(f"{n}.txt", what) for n, what in enumerate(does)]
        tag_to_tables(sources, tmp_path / "out", workers=0, listener=notes, **options)
        return notes.read

    names("read", kind)
    assert names("read", kind) == (["1.txt"] if again else [])
    assert names("read", kind, retry_failed=True) == ["1.txt"]
    assert names("read", "read", retry_failed=True) == ["1.txt"]
    assert names("read", "read", retry_failed=True) == []
    assert list(read_frames(tmp_path / "out")["reports"]["report_id"]) == ["0.txt", "1.txt"]
    assert len(read_frames(tmp_path / "out")["errors"]) == 0


def test_what_killed_its_worker_is_not_tried_again_but_with_higher_limits(odd: ModuleType, tmp_path: Path) -> None:
    count, out = tmp_path / "count", tmp_path / "out"

    def tries(timeout: float) -> list[str]:
        count.write_text("")
        kinds = ("read", "exit", "hang", "crash", "read")
        sources = [odd.Odd(f"{n}.txt", kind, count=str(count)) for n, kind in enumerate(kinds)]
        tag_to_tables(sources, out, workers=2, timeout=timeout)
        return sorted(set(count.read_text().split()))

    assert tries(2) == [f"{n}.txt" for n in range(5)]
    frames = read_frames(out)
    assert list(frames["reports"]["report_id"]) == ["0.txt", "4.txt"]
    errors = dict(zip(frames["errors"]["report_id"], frames["errors"]["error"], strict=True))
    assert errors == {"1.txt": "WorkerDied", "2.txt": "Timeout", "3.txt": "WorkerDied"}
    assert tries(2) == [] and tries(1) == []
    assert tries(3) == ["2.txt"]


def test_another_pipeline_reads_everything_anew_and_says_why(
    make_corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, out = make_corpus(3), tmp_path / "out"
    run(folder, out)
    now = identity.identify(None)
    other = replace(now, made_of=tuple((k, "other" if k == "vocabulary" else v) for k, v in now.made_of))
    monkeypatch.setattr(identity, "identify", lambda model: other)
    monkeypatch.setattr("gia_nlp.running.worker.identify", lambda model: other)
    notes = Notes()
    outcome = tag_to_tables(find_sources([folder]), out, workers=0, listener=notes)
    assert outcome.todo.outdated == 3 and len(notes.read) == 3
    assert len(notes.changes) == 1 and notes.changes[0].startswith("vocabulary (") and "other" in notes.changes[0]
    assert run(folder, out)[0].done == 0
    tools = replace(other, tools=("another reader",))
    monkeypatch.setattr(identity, "identify", lambda model: tools)
    assert run(folder, out)[0].done == 0  # a new tool only helps what failed


def test_another_model_is_another_pipeline(make_corpus, tmp_path: Path) -> None:
    from gia_nlp.pipeline import build

    nlp = build()
    nlp.meta["version"] = "9.9"
    nlp.to_disk(tmp_path / "model")
    folder, out = make_corpus(2), tmp_path / "out"
    run(folder, out, workers=1)
    assert run(folder, out, workers=1, model=str(tmp_path / "model"))[0].todo.outdated == 2
    assert set(read_frames(out)["reports"]["pipeline_version"]) == {"zh_gia_rules 9.9"}
    (tmp_path / "model" / "extra.txt").write_text("x")
    assert run(folder, out, workers=1, model=str(tmp_path / "model"))[0].todo.outdated == 2


def test_a_vocabulary_of_ones_own_is_another_pipeline(make_corpus, tmp_path: Path) -> None:
    from gia_nlp.vocabulary.user import parse_vocabulary, use_vocabulary

    folder, out = make_corpus(2), tmp_path / "out"
    for path in folder.iterdir():
        path.write_text(path.read_text(encoding="utf-8") + "全年举办政府开放日4场。\n", encoding="utf-8")
    run(folder, out, workers=1)
    words = "indicators: {open_days: {zh: 政府开放日, units: [场, 次], cues: [{words: 开放日, weight: 5}]}}"
    use_vocabulary(parse_vocabulary(words))  # no file: workers must be given it
    try:
        notes = Notes()
        outcome = tag_to_tables(find_sources([folder]), out, workers=1, listener=notes)
        assert outcome.todo.outdated == 2 and notes.changes[0].startswith("user vocabulary (none → ")
        frames = read_frames(out)
        assert "open_days" in set(frames["facts"]["indicator"])
        assert set(frames["panel"]["answer_open_days"]) == {4.0}
        assert run(folder, out, workers=1)[0].unchanged
    finally:
        use_vocabulary(None)
    assert run(folder, out, workers=1)[0].todo.outdated == 2


def test_fresh_reads_everything(make_corpus, tmp_path: Path) -> None:
    folder, out = make_corpus(3), tmp_path / "out"
    run(folder, out)
    assert len(run(folder, out, fresh=True)[1]) == 3
    assert len(list((out / ".gia-nlp" / "parts").iterdir())) == 1  # what was replaced is gone


def test_other_formats_come_from_the_same_ledger(make_corpus, tmp_path: Path) -> None:
    folder, out = make_corpus(3), tmp_path / "out"
    run(folder, out)
    outcome, read = run(folder, out, format="csv")
    assert read == [] and not outcome.unchanged and (out / "facts.csv").is_file()


@pytest.mark.slow
def test_tables_in_parts_hold_the_same_rows(make_corpus, tables_of, tmp_path: Path) -> None:
    folder, out = make_corpus(700), tmp_path / "out"
    run(folder, tmp_path / "whole", workers=2)
    run(folder, out, workers=2, partition=300)
    names = sorted(p.name for p in (out / "facts.parquet").iterdir())
    assert names == ["part-00000.parquet", "part-00001.parquet"]  # parts end where row groups do: 512 and 188 reports
    for name in ("panel", "checks"):  # a part holds the same reports in every table
        for part in names:
            found, reports = (pd.read_parquet(out / f"{n}.parquet" / part) for n in (name, "reports"))
            assert set(found["report_id"]) <= set(reports["report_id"]) and len(found)
    assert (out / "errors.parquet").is_dir()
    whole, parted = read_frames(tmp_path / "whole"), read_frames(out)
    for name, frame in whole.items():
        pd.testing.assert_frame_equal(frame, parted[name])
    assert len(pd.read_parquet(out / "facts.parquet")) == len(whole["facts"])
    assert run(folder, out, partition=300)[0].unchanged
    run(folder, out)  # files take the place of directories
    assert tables_of(out) == tables_of(tmp_path / "whole")
    run(folder, out, partition=300)  # and the other way round
    pd.testing.assert_frame_equal(whole["items"], read_frames(out)["items"])
    assert {p.name for p in out.iterdir()} == {*(f"{n}.parquet" for n in whole), "gia-nlp.json", ".gia-nlp"}


def test_a_damaged_part_is_done_again(make_corpus, tables_of, tmp_path: Path) -> None:
    folder, out = make_corpus(3), tmp_path / "out"
    run(folder, out)
    before = tables_of(out)
    (part,) = (out / ".gia-nlp" / "parts").iterdir()
    part.write_bytes(part.read_bytes()[:-100])
    assert len(run(folder, out)[1]) == 3
    (part,) = (out / ".gia-nlp" / "parts").iterdir()
    data = bytearray(part.read_bytes())
    data[len(data) // 2] ^= 255
    part.write_bytes(data)
    (out / "facts.parquet").unlink()
    with pytest.raises(OSError, match="run the same command again"):
        run(folder, out)
    assert len(run(folder, out)[1]) == 3
    assert tables_of(out) == before


def test_a_vanished_input_leaves_everything(make_corpus, tables_of, tmp_path: Path) -> None:
    folder, out = make_corpus(3), tmp_path / "out"
    run(folder, out)
    before = tables_of(out)
    folder.rename(tmp_path / "away")
    with pytest.raises(SourceError):
        run(folder, out)
    assert tables_of(out) == before


@pytest.mark.skipif(os.name == "nt", reason="such names cannot be there")
def test_odd_names(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    for name in (b"\xff\xfe.txt", "两 行\n.txt".encode(), b"'quoted\".txt", b"%s {} \\.txt", b"-rf.txt"):
        (folder / os.fsdecode(name)).write_text("全年收到申请12件。", encoding="utf-8")
    outcome, read = run(folder, tmp_path / "out", workers=1)
    assert (outcome.reports, outcome.failed) == (5, 0) and len(set(read)) == 5
    assert run(folder, tmp_path / "out", workers=1)[0].unchanged


# --------------------------------------------------------------------------- interrupted


class Impatient(Notes):
    """Presses Ctrl-C after so many files."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self._after = after

    def on_entry(self, entry: Entry) -> None:
        super().on_entry(entry)
        if len(self.read) == self._after:
            raise KeyboardInterrupt


def test_ctrl_c_keeps_what_is_done(make_corpus, tables_of, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gia_nlp.running.worker.PART_SECONDS", 0)  # a part a file
    folder, out = make_corpus(12), tmp_path / "out"
    notes = Impatient(5)
    outcome = tag_to_tables(find_sources([folder]), out, workers=0, listener=notes)
    assert outcome.interrupted and outcome.published and notes.finished == [True]
    assert ids(out) == [f"{n:04}.txt" for n in range(5)] == ids(out, "panel")  # the first run: tables of what there is
    outcome, read = run(folder, out)
    assert len(read) == 7 and not outcome.interrupted
    run(folder, tmp_path / "undisturbed")
    assert tables_of(out) == tables_of(tmp_path / "undisturbed")

    finished = tables_of(out)
    outcome = tag_to_tables(find_sources([folder]), out, workers=0, fresh=True, listener=Impatient(5))
    assert outcome.interrupted and not outcome.published
    assert tables_of(out) == finished  # tables of all files are worth more than newer ones of some
