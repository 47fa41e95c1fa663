"""Runs that are killed at any moment, again and again, end with the tables of a run that nobody disturbed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gia_nlp.frames.output import MANIFEST
from gia_nlp.frames.store import read_frames
from gia_nlp.running.limits import descendants, resident_memory

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")

# A part and a chunk a few files, so that a small corpus has many moments at which to die.
CODE = """
import sys
from gia_nlp.running import chunks, job, sources, worker
worker.PART_SECONDS = 0.0
chunks.CHUNK_REPORTS = 3
job.tag_to_tables(sources.find_sources([sys.argv[1]]), sys.argv[2], workers=int(sys.argv[3]))
"""


def start(folder: Path, out: Path, workers: int = 0) -> subprocess.Popen:
    command = [sys.executable, "-c", CODE, str(folder), str(out), str(workers)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True)


def kill_in_a_loop(folder: Path, out: Path, workers: int, delays: list[float]) -> tuple[int, int]:
    """Kills runs after their first part plus a delay; returns how many died and how many parts the longest had kept."""
    killed = kept = 0
    for delay in delays:
        process = start(folder, out, workers)
        time_limit = time.monotonic() + 60
        parts = len(list((out / ".gia-nlp" / "parts").glob("*.zip"))) if out.exists() else 0
        while process.poll() is None and time.monotonic() < time_limit:
            now = len(list((out / ".gia-nlp" / "parts").glob("*.zip"))) if out.exists() else 0
            if now > parts:
                break
            time.sleep(0.002)
        time.sleep(delay)
        below = descendants(process.pid)
        process.kill()
        if process.wait() == -signal.SIGKILL:
            killed += 1
        assert not process.stderr or b"Error" not in process.stderr.read()
        kept = max(kept, len(list((out / ".gia-nlp" / "parts").glob("*.zip"))))
        until = time.monotonic() + 20
        while any(resident_memory(pid) for pid in below) and time.monotonic() < until:
            time.sleep(0.02)
        assert not any(resident_memory(pid) for pid in below), "a worker outlived its parent"
    return killed, kept


@pytest.mark.parametrize(
    ("workers", "kills"),
    [(0, 4), (2, 2), pytest.param(0, 25, marks=pytest.mark.slow), pytest.param(2, 12, marks=pytest.mark.slow)],
)
def test_killed_in_a_loop(make_corpus, tables_of, tmp_path: Path, workers: int, kills: int) -> None:
    folder, out = make_corpus(90), tmp_path / "out"
    (folder / "0050.docx").write_bytes(b"PK\x03\x04 no archive")
    rng = random.Random(kills)
    delays = [rng.uniform(0, 0.12) for _ in range(kills)]
    killed, kept = kill_in_a_loop(folder, out, workers, delays)
    assert killed >= kills // 2 and kept > 1
    last = start(folder, out, workers)
    assert last.wait(120) == 0, last.stderr and last.stderr.read()
    undisturbed = start(folder, tmp_path / "undisturbed")
    assert undisturbed.wait(120) == 0
    assert tables_of(out) == tables_of(tmp_path / "undisturbed")
    ids = list(read_frames(out)["reports"]["report_id"])
    assert len(ids) == len(set(ids)) == 90
    assert {p.name for p in (out / ".gia-nlp").iterdir()} == {"lock", "parts"}


def test_killed_while_the_tables_are_written(make_corpus, tables_of, tmp_path: Path) -> None:
    """From the moment at which everything is read: finishing, and the renaming of nine tables."""
    folder = make_corpus(30)
    undisturbed = start(folder, tmp_path / "undisturbed")
    assert undisturbed.wait(120) == 0
    expected = tables_of(tmp_path / "undisturbed")
    out = tmp_path / "out"
    first = start(folder, out)
    assert first.wait(120) == 0
    (folder / "0000.txt").unlink()
    complete = 0
    for n in range(4):
        # Each run has other inputs, so that its tables must be written anew.
        (folder / "0001.txt").touch()
        extra = folder / "zz.txt"
        if n % 2:
            extra.unlink(missing_ok=True)
        else:
            extra.write_text((folder / "0002.txt").read_text(encoding="utf-8"), encoding="utf-8")
        process = start(folder, out)
        build = out / ".gia-nlp" / "build"
        until = time.monotonic() + 60
        while not build.exists() and process.poll() is None and time.monotonic() < until:
            time.sleep(0.001)
        time.sleep(0.08 * n)
        process.kill()
        complete += process.wait() == 0
        for name in expected:  # whatever moment it was, each table is one that can be read
            assert (out / name).read_bytes()[-4:] == b"PAR1"
        assert (out / MANIFEST).is_file()
    assert complete < 4
    (folder / "zz.txt").unlink(missing_ok=True)
    make_corpus(30)
    assert start(folder, out).wait(120) == 0
    assert tables_of(out) == expected


def test_a_second_run_on_one_output_is_refused(make_corpus, tmp_path: Path) -> None:
    folder, out = make_corpus(200), tmp_path / "out"
    first = start(folder, out)
    until = time.monotonic() + 60
    while not list(out.glob(".gia-nlp/parts/*.zip")) and time.monotonic() < until:
        time.sleep(0.01)
    second = subprocess.run(
        [sys.executable, "-m", "gia_nlp.cli.main", "tag", str(folder), "--out", str(out)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert first.poll() is None
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    assert second.returncode == 1
    assert f"process {first.pid}" in second.stderr and "another run is writing" in second.stderr
    assert "→" in second.stderr and "Traceback" not in second.stderr
    third = start(folder, out)  # the dead run's lock is no lock
    assert third.wait(120) == 0
    assert len(read_frames(out)["reports"]) == 200
