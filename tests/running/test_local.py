"""The pool with real worker processes: files that end, hang or confuse their worker."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from gia_nlp.frames.convert import is_failed
from gia_nlp.running.chunks import chunked
from gia_nlp.running.limits import Limits, resident_memory
from gia_nlp.running.local import Inline, Pool, WorkerError, default_workers
from gia_nlp.running.parts import Entry, read_table
from gia_nlp.running.worker import tag_source

linux = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")


def run(sources: list, workers: int = 1, chunk: int = 64, **limits: float) -> dict[str, Entry]:
    """What became of each source, by its id; each must come once."""
    pool = Pool(workers, limits=Limits(**limits))
    entries: list[Entry] = []
    try:
        for part in pool.run(iter([sources[i : i + chunk] for i in range(0, len(sources), chunk)])):
            entries += part.manifest.entries
            for name in ("reports", "errors"):
                table = read_table(part.data, name)
                assert (table.num_rows if table else 0) == sum(e.rows.get(name, 0) for e in part.manifest.entries)
    finally:
        pool.close()
    assert sorted(e.report_id for e in entries) == sorted(s.report_id for s in sources)
    return {e.report_id: e for e in entries}


def failed(entries: dict[str, Entry]) -> dict[str, str]:
    return {name: e.problems[0][0] for name, e in entries.items() if e.outcome == "failed"}


def test_a_worker_that_dies_costs_its_file_alone(odd: ModuleType, tmp_path: Path) -> None:
    count = str(tmp_path / "count")
    kinds = ["read", "exit", "read", "crash", "read", "kill", "read", "read"]
    sources = [odd.Odd(f"{n}.txt", kind, count=count) for n, kind in enumerate(kinds)]
    entries = run(sources, workers=2, chunk=4)
    assert set(failed(entries)) == {"1.txt", "3.txt", "5.txt"}
    assert "exit code 7" in failed(entries)["1.txt"] and "signal 11" in failed(entries)["3.txt"]
    assert "signal 9" in failed(entries)["5.txt"]
    tries = Path(count).read_text().split()
    assert tries.count("1.txt") == tries.count("3.txt") == 1
    assert tries.count("5.txt") == 2  # a kill may have come from outside: one more chance, alone
    assert not any(e.passing for e in entries.values())


@pytest.mark.parametrize("kind", ["hang", "regex"])
def test_a_file_that_hangs_is_given_up(odd: ModuleType, kind: str) -> None:
    sources = [odd.Odd("0.txt"), odd.Odd("1.txt", kind), odd.Odd("2.txt")]
    started = time.monotonic()
    entries = run(sources, timeout=3)
    assert time.monotonic() - started < 60
    assert set(failed(entries)) == {"1.txt"}
    assert "not done after 3 s" in failed(entries)["1.txt"] and "--timeout" in (entries["1.txt"].problems[0][1] or "")
    assert entries["1.txt"].limit == {"timeout": 3}


@linux
@pytest.mark.parametrize("kind", ["memory", "huge"])
def test_a_file_that_takes_too_much_memory_is_given_up(odd: ModuleType, kind: str) -> None:
    entries = run([odd.Odd("0.txt"), odd.Odd("1.txt", kind), odd.Odd("2.txt")], memory=600 << 20)
    assert set(failed(entries)) == {"1.txt"}
    assert "memory" in failed(entries)["1.txt"] and "--memory" in (entries["1.txt"].problems[0][1] or "")


def test_time_counts_for_each_file_alone(odd: ModuleType) -> None:
    assert not failed(run([odd.Odd(f"{n}.txt", seconds=1.2) for n in range(4)], timeout=3))


def test_chunks_are_taken_as_they_are_needed_and_parts_come_as_they_are_made(odd: ModuleType) -> None:
    taken: list[int] = []

    def chunks() -> Iterator[list]:
        for n in range(500):
            taken.append(n)
            yield [odd.Odd(f"{n}.txt")]

    pool = Pool(2)
    stream = pool.run(chunks())
    next(stream)
    assert len(taken) <= 6
    stream.close()
    pool.close()


def test_a_worker_killed_between_files_costs_nothing(odd: ModuleType) -> None:
    pool = Pool(1)
    pool.identity()
    os.kill(pool.pids()[0], 9)
    time.sleep(0.3)
    parts = list(pool.run(iter([[odd.Odd("a.txt"), odd.Odd("b.txt")]])))
    pool.close()
    assert [e.outcome for p in parts for e in p.manifest.entries] == ["read", "read"]


@linux
def test_workers_end_with_their_parent_even_inside_a_file(odd: ModuleType, tmp_path: Path) -> None:
    import subprocess

    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from odd_sources import Odd\nfrom gia_nlp.running.local import Pool\n"
        "pool = Pool(2); pool.identity()\n"
        "chunks = iter([[Odd('a.txt', 'hang')], [Odd('b.txt', 'hang')]])\n"
        "pool._listen = (lambda real: lambda: (print(*pool.pids(), flush=True), real())[1])(pool._listen)\n"
        "list(pool.run(chunks))\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    pids: set[int] = set()
    until = time.monotonic() + 60
    while len(pids) < 2 and time.monotonic() < until:
        pids |= {int(p) for p in process.stdout.readline().split()}
    time.sleep(1.5)
    process.kill()
    process.wait()
    while any(resident_memory(pid) for pid in pids) and time.monotonic() < until:
        time.sleep(0.1)
    assert len(pids) == 2 and not any(resident_memory(pid) for pid in pids)


def test_errors_keep_their_kind(odd: ModuleType) -> None:
    expected = tag_source(odd.Odd("a.txt", "missing"))
    assert (expected.errors[0].stage, expected.errors[0].error) == ("reading", "FileNotFoundError")
    assert "fetch it again" in (expected.errors[0].hint or "")
    surprise = tag_source(odd.Odd("b.txt", "raise"))
    assert is_failed(surprise)
    assert surprise.errors[0].message == "unforeseen" and "report it" in (surprise.errors[0].hint or "")
    entries = [
        e
        for part in Inline().run(iter([[odd.Odd("c.txt", "raise"), odd.Odd("d.txt", "missing"), odd.Odd("e.txt")]]))
        for e in part.manifest.entries
    ]
    assert [(e.outcome, e.passing) for e in entries] == [("failed", False), ("failed", True), ("read", False)]


def test_no_sources() -> None:
    pool = Pool(2)
    assert list(pool.run(iter(()))) == []
    pool.close()


def test_a_pipeline_that_cannot_be_loaded_ends_the_run(odd: ModuleType, tmp_path: Path) -> None:
    # A broken package of this name shadows the real one in the workers only: this process has imported it already.
    import spacy  # noqa: F401

    (tmp_path / "spacy").mkdir()
    (tmp_path / "spacy" / "__init__.py").write_text("raise ImportError('broken here')")
    pool = Pool(1)
    with pytest.raises(WorkerError, match="broken here") as caught:
        list(pool.run(iter([[odd.Odd("a.txt")]])))
    assert caught.value.hint
    pool.close()


def test_a_model_that_is_not_there_ends_the_run(tmp_path: Path) -> None:
    pool = Pool(1, model=str(tmp_path / "no-such-model"))
    with pytest.raises(WorkerError, match="no-such-model"):
        pool.identity()
    pool.close()


def test_default_workers() -> None:
    assert default_workers(1) == default_workers(20) == 1
    assert default_workers(10_000) >= 1


@pytest.mark.parametrize("sizes", [[9000] * 500, [100] * 500, [10] * 90 + [5_000_000] * 3, [10**9]])
@pytest.mark.parametrize("workers", [1, 2, 16])
def test_chunks_hold_everything_once_and_are_balanced(odd: ModuleType, sizes: list[int], workers: int) -> None:
    sources = [odd.Odd(f"{n}", size=size) for n, size in enumerate(sizes)]
    total = sum(max(size, 4096) for size in sizes)
    chunks = list(chunked(sources, total, workers))
    assert [s for chunk in chunks for s in chunk] == sources
    weights = [sum(max(s.size, 4096) for s in chunk) for chunk in chunks]
    largest_file = max(max(sizes), 4096)
    # No chunk is worth more than a fourth of a worker's share (or 64 kB), but for what one file brings into it.
    assert all(weight <= max(65536, total / workers / 4) + largest_file for weight in weights)
    assert max(map(len, chunks)) <= 64
    at_least = list(chunked(sources, total, workers, least=50))
    assert all(len(chunk) >= 50 for chunk in at_least[:-1])


def test_workers_that_will_be_needed_load_side_by_side() -> None:
    for files, started in ((5, 0), (30, 1), (1000, 2)):
        pool = Pool(2)
        pool.prepare(files)
        assert len(pool.pids()) == started
        assert pool.identity()
        assert len(pool.pids()) == max(1, started)
        pool.close()
