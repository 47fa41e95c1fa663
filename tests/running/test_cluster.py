"""The Dask engine on a cluster of this machine: the same tables, also when a worker is killed in mid-run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from gia_nlp.frames.store import read_frames
from gia_nlp.running.job import Listener, tag_to_tables
from gia_nlp.running.local import WorkerError
from gia_nlp.running.parts import Entry
from gia_nlp.running.sources import find_sources

pytest.importorskip("distributed", reason="the extra cluster is not installed")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")


@pytest.fixture
def dask() -> Iterator:
    from gia_nlp.running.cluster import Dask

    engines = []

    def start(*arguments, **options) -> Dask:
        engines.append(Dask(*arguments, **options))
        return engines[-1]

    yield start
    for engine in engines:
        engine.close()


class Killer(Listener):
    """Kills one of the cluster's workers when the first file is done, and with ``kills`` more of them then."""

    def __init__(self, engine, kills: int) -> None:
        self._engine, self._left = engine, kills
        self.killed: list[int] = []

    def on_entry(self, entry: Entry) -> None:
        if self._left:
            self._left -= 1
            pids = self._engine._client.run(os.getpid, on_error="ignore")
            pid = next(pid for pid in pids.values() if isinstance(pid, int))
            os.kill(pid, signal.SIGKILL)
            self.killed.append(pid)


def test_a_killed_worker_costs_nothing_but_time(make_corpus, tables_of, tmp_path: Path, dask) -> None:
    folder = make_corpus(260)
    (folder / "0050.docx").write_bytes(b"PK\x03\x04 no archive")
    engine = dask(workers=2)
    killer = Killer(engine, 1)
    outcome = tag_to_tables(find_sources([folder]), tmp_path / "dask", engine=engine, listener=killer)
    assert len(killer.killed) == 1
    assert (outcome.reports, outcome.failed, outcome.done) == (260, 1, 261)
    tag_to_tables(find_sources([folder]), tmp_path / "local", workers=1)
    assert tables_of(tmp_path / "dask") == tables_of(tmp_path / "local")
    # The ledger serves both engines.
    again = tag_to_tables(find_sources([folder]), tmp_path / "dask", workers=1)
    assert again.done == 0 and again.unchanged


@pytest.mark.slow
def test_files_that_kill_their_worker_fail_alone(odd: ModuleType, tmp_path: Path, dask) -> None:
    sources = [odd.Odd(f"{n:03}.txt", "exit" if n == 30 else "hang" if n == 70 else "read") for n in range(110)]
    engine = dask(workers=2, timeout=3)
    outcome = tag_to_tables(sources, tmp_path / "out", engine=engine)
    errors = read_frames(tmp_path / "out")["errors"]
    assert dict(zip(errors["report_id"], errors["error"], strict=True)) == {
        "030.txt": "WorkerDied",
        "070.txt": "Timeout",
    }
    assert (outcome.reports, outcome.failed) == (108, 2)


@pytest.mark.slow
def test_what_kills_the_dask_worker_itself_is_found_by_halving(
    odd: ModuleType, tmp_path: Path, dask, monkeypatch
) -> None:
    """Such as the machine's memory running out: the guard around a file cannot help there."""
    from gia_nlp.running import cluster

    monkeypatch.setattr(cluster, "_tag", _tag_or_die)
    engine = dask(workers=2)
    engine._client.run(lambda: __import__("dask").config.set({"distributed.scheduler.allowed-failures": 0}))
    engine._cluster.scheduler.allowed_failures = 0
    sources = [odd.Odd(f"{n:03}.txt", "deadly" if n == 5 else "read") for n in range(8)]
    tag_to_tables(sources, tmp_path / "out", engine=engine)
    frames = read_frames(tmp_path / "out")
    assert list(frames["errors"]["report_id"]) == ["005.txt"] and frames["errors"]["error"][0] == "WorkerDied"
    assert len(frames["reports"]) == 7


def _tag_or_die(sources, model, limits, vocabulary):
    if any(s.does == "deadly" for s in sources):
        os.kill(os.getpid(), signal.SIGKILL)
    from gia_nlp.running.worker import parts_of

    return list(parts_of(sources, model))


def test_nobody_at_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    from gia_nlp.running import cluster

    monkeypatch.setattr(cluster, "_CONNECT", 1)
    with pytest.raises(WorkerError, match=r"tcp://127\.0\.0\.1:1") as caught:
        cluster.Dask("tcp://127.0.0.1:1")
    assert caught.value.hint


def test_a_cluster_without_workers(dask, monkeypatch: pytest.MonkeyPatch) -> None:
    from gia_nlp.running import cluster

    monkeypatch.setattr(cluster, "_CONNECT", 1)
    with pytest.raises(WorkerError, match="no worker"):
        dask(workers=0).identity()


def test_without_the_extra_one_line_says_how_to_get_it(make_corpus, tmp_path: Path) -> None:
    (tmp_path / "distributed.py").write_text("raise ImportError('none', name='distributed')")
    command = [sys.executable, "-m", "gia_nlp.cli.main", "tag", str(make_corpus(1)), "--out", str(tmp_path / "out")]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run([*command, "--engine", "dask"], capture_output=True, text=True, env=environment, timeout=60)
    assert done.returncode == 1 and "distributed is missing" in done.stderr
    assert 'pip install "gia-nlp[cluster]"' in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()
