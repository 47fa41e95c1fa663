"""What can be known of a run while it goes on."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from gia_nlp.frames.output import OutputError
from gia_nlp.frames.store import read_frames
from gia_nlp.running.job import Listener, tag_to_tables
from gia_nlp.running.parts import Entry
from gia_nlp.running.progress import Progress, progress, write_so_far
from gia_nlp.running.sources import find_sources


class Looks(Listener):
    """Looks at the run once, when so many files are done."""

    def __init__(self, out: Path, target: Path, after: int) -> None:
        self.out, self.target, self.after = out, target, after
        self.done = 0
        self.seen: Progress | None = None

    def on_entry(self, entry: Entry) -> None:
        self.done += 1
        if self.done == self.after:
            self.seen = progress(self.out)
            write_so_far(self.out, self.target)


@pytest.mark.parametrize("workers", [0, 2])
def test_what_is_done_can_be_read_while_the_run_goes_on(make_corpus, tables_of, tmp_path: Path, workers: int) -> None:
    folder, out, target = make_corpus(90), tmp_path / "out", tmp_path / "so far"
    (folder / "0000a.docx").write_bytes(b"PK\x03\x04 no archive")
    looks = Looks(out, target, 64)
    tag_to_tables(find_sources([folder]), out, workers=workers, listener=looks)
    assert looks.seen is not None and looks.seen.running is not None and "process" in looks.seen.running
    assert 64 <= looks.seen.done < 91 and looks.seen.failed == 1
    assert looks.seen.failures[0][0].endswith("0000a.docx")
    some, whole = read_frames(target), read_frames(out)
    assert len(some["reports"]) == looks.seen.read + looks.seen.partly
    assert len(some["panel"]) == len(some["reports"]) and len(some["errors"]) >= 1
    ids = set(some["reports"]["report_id"])
    for name in ("facts", "items", "cells", "texts"):
        expected = whole[name][whole[name]["report_id"].isin(ids)]
        pd.testing.assert_frame_equal(
            *(f.sort_values([*f.columns[:2]]).reset_index(drop=True) for f in (some[name], expected))
        )
    # The look left no trace: the same run undisturbed gives the same tables.
    tag_to_tables(find_sources([folder]), tmp_path / "other", workers=0)
    assert tables_of(out) == tables_of(tmp_path / "other")
    assert progress(out).running is None and progress(out).done == 91


def test_of_a_file_that_was_read_twice_the_later_reading_counts(make_corpus, tmp_path: Path) -> None:
    folder, out, target = make_corpus(4), tmp_path / "out", tmp_path / "so far"
    tag_to_tables(find_sources([folder]), out, workers=0)
    (folder / "0001.txt").write_text(
        "汐口区教育局2021年政府信息公开工作年度报告\n全年收到申请77件。\n", encoding="utf-8"
    )
    (folder / "0009.txt").write_text("溪岭市教育局2021年政府信息公开工作年度报告\n", encoding="utf-8")
    tag_to_tables(find_sources([folder]), out, workers=0)
    assert write_so_far(out, target) == progress(out).done == 5
    some, whole = read_frames(target), read_frames(out)
    assert sorted(some["reports"]["report_id"]) == sorted(whole["reports"]["report_id"])
    assert 77.0 in some["facts"]["value"].tolist()


def test_what_is_no_output_of_a_run(make_corpus, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no ledger"):
        progress(tmp_path)
    out = tmp_path / "out"
    tag_to_tables(find_sources([make_corpus(2)]), out, workers=0)
    with pytest.raises(OutputError, match="the run itself"):
        write_so_far(out, out)
