"""The pool with real worker processes: files that end, hang or confuse their worker."""

from __future__ import annotations

import importlib
import time
from pathlib import Path
from types import ModuleType

import pytest

from gia_nlp.frames.convert import is_failed
from gia_nlp.records import Report
from gia_nlp.running.local import WorkerError, default_workers, tag_sources
from gia_nlp.running.worker import tag_source

MODULE = '''
"""Sources that misbehave when they are read. A module of its own, so that worker processes can import it."""
import os, time
from dataclasses import dataclass

@dataclass(frozen=True)
class Odd:
    report_id: str
    does: str = "read"
    seconds: float = 0.0

    @property
    def path(self):
        return self.report_id

    @property
    def name(self):
        return self.report_id

    def read_bytes(self):
        time.sleep(self.seconds)
        if self.does == "exit":
            os._exit(7)
        if self.does == "kill":
            os.kill(os.getpid(), 9)
        if self.does == "hang":
            time.sleep(600)
        if self.does == "raise":
            raise RuntimeError("unforeseen")
        if self.does == "missing":
            raise FileNotFoundError(2, "No such file", self.report_id)
        return "青垄县水务局2023年政府信息公开工作年度报告\\n一、总体情况\\n全年公开信息39条。\\n".encode()
'''


@pytest.fixture
def odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    (tmp_path / "odd_sources.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    return importlib.import_module("odd_sources")


def errors(reports: list[Report]) -> dict[str, str]:
    return {r.report_id: r.errors[0].error for r in reports if is_failed(r)}


def test_a_worker_that_dies_costs_its_file_alone(odd: ModuleType) -> None:
    kinds = ["read", "exit", "read", "kill", "read"]
    sources = [odd.Odd(f"{n}.txt", kind) for n, kind in enumerate(kinds)]
    reports = list(tag_sources(sources, workers=2))
    assert [r.report_id for r in reports] == [s.report_id for s in sources]
    assert errors(reports) == {"1.txt": "WorkerDied", "3.txt": "WorkerDied"}
    assert "exit code 7" in reports[1].errors[0].message and "signal 9" in reports[3].errors[0].message
    assert all(r.text for r in (reports[0], reports[2], reports[4]))


def test_a_file_that_hangs_is_given_up(odd: ModuleType) -> None:
    sources = [odd.Odd("0.txt"), odd.Odd("1.txt", "hang"), odd.Odd("2.txt")]
    started = time.monotonic()
    reports = list(tag_sources(sources, workers=1, timeout=3))
    assert time.monotonic() - started < 60
    assert errors(reports) == {"1.txt": "Timeout"}
    assert "not done after 3 s" in reports[1].errors[0].message and reports[1].errors[0].hint


def test_order_is_that_of_the_sources(odd: ModuleType) -> None:
    sources = [odd.Odd(f"{n}.txt", seconds=0.3 if n % 5 == 0 else 0) for n in range(12)]
    assert [r.report_id for r in tag_sources(sources, workers=2)] == [s.report_id for s in sources]


def test_sources_are_taken_as_they_are_needed(odd: ModuleType) -> None:
    taken: list[int] = []

    def sources():
        for n in range(500):
            taken.append(n)
            yield odd.Odd(f"{n}.txt")

    stream = tag_sources(sources(), workers=1)
    next(stream)
    assert len(taken) < 100
    stream.close()


def test_errors_keep_their_kind(odd: ModuleType) -> None:
    expected = tag_source(odd.Odd("a.txt", "missing"))
    assert (expected.errors[0].stage, expected.errors[0].error) == ("reading", "FileNotFoundError")
    assert "fetch it again" in (expected.errors[0].hint or "")
    surprise = tag_source(odd.Odd("b.txt", "raise"))
    assert surprise.errors[0].message == "unforeseen" and "report it" in (surprise.errors[0].hint or "")
    assert errors(list(tag_sources([odd.Odd("c.txt", "raise")], workers=0))) == {"c.txt": "RuntimeError"}


def test_no_sources() -> None:
    assert list(tag_sources([], workers=2)) == []


def test_a_pipeline_that_cannot_be_loaded_ends_the_run(odd: ModuleType, tmp_path: Path) -> None:
    # A broken package of this name shadows the real one in the workers only: this process has imported it already.
    import spacy  # noqa: F401

    (tmp_path / "spacy").mkdir()
    (tmp_path / "spacy" / "__init__.py").write_text("raise ImportError('broken here')")
    with pytest.raises(WorkerError, match="broken here") as caught:
        list(tag_sources([odd.Odd("a.txt")], workers=1))
    assert caught.value.hint


def test_default_workers() -> None:
    assert default_workers(1) == default_workers(20) == 1
    assert default_workers(10_000) >= 1
