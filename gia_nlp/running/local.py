"""Runs the pipeline over many files with processes of this machine.

A worker holds one file at a time, so what a file does to its worker (a crash, an endless loop, too much memory) costs
that file alone: it becomes a row in `errors`, and a new worker takes the next one. Reports come in the order of their
sources; at most a bounded number wait for an earlier one.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING

from gia_nlp.records import Issue, Metadata, Report
from gia_nlp.running.worker import serve, tag_source

if TYPE_CHECKING:
    from gia_nlp.running.sources import Source

DEFAULT_TIMEOUT = 300.0
START_TIMEOUT = 120.0
MAX_FAILED_STARTS = 3  # in a row
FEW = 20  # up to so many files a second worker costs more than it brings


class WorkerError(RuntimeError):
    """No worker could be started. ``hint`` says what to do."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


def default_workers(files: int) -> int:
    """How many workers a number of files deserves: one for few, else one a core that this process may use.

    >>> default_workers(3)
    1
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return 1 if files <= FEW else max(1, cores)


def tag_sources(
    sources: Iterable[Source], *, workers: int = 1, timeout: float = DEFAULT_TIMEOUT, verbose: int = 0
) -> Iterator[Report]:
    """Tags sources in their order; a file that fails gives a report with nothing but `errors`.

    ``workers`` 0 works in this process, without protection against crashes; ``timeout`` is in seconds a file. Raises
    :class:`WorkerError` if the pipeline cannot be loaded.
    """
    if workers == 0:
        yield from map(tag_source, sources)
        return
    pool = _Pool(workers, timeout, verbose)
    try:
        yield from pool.run(iter(sources))
    finally:
        pool.close()


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    connection: Connection
    ready: bool = False
    task: tuple[int, Source] | None = None
    deadline: float = field(default_factory=lambda: time.monotonic() + START_TIMEOUT)

    @property
    def idle(self) -> bool:
        return self.ready and self.task is None

    def stop(self) -> int | None:
        """Ends the process, by force if it must be, and returns its exit code."""
        self.connection.close()
        self.process.join(0.2)
        if self.process.is_alive():
            self.process.terminate()
            self.process.join(2)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        code = self.process.exitcode
        self.process.close()
        return code


class _Pool:
    def __init__(self, workers: int, timeout: float, verbose: int) -> None:
        # Spawned, not forked: the parent has threads (Arrow, the progress bar), which a fork would break.
        self._context = multiprocessing.get_context("spawn")
        self._size, self._timeout, self._verbose = workers, timeout, verbose
        self._workers: list[_Worker] = []
        self._window = 16 * workers + 16
        self._loaded = False
        self._failed_starts = 0

    def run(self, sources: Iterator[Source]) -> Iterator[Report]:
        done: dict[int, Report] = {}
        taken = given = 0
        exhausted = False
        while True:
            while not exhausted and taken - given < self._window:
                worker = self._idle_worker()
                if worker is None:
                    break
                source = next(sources, None)
                if source is None:
                    exhausted = True
                    break
                failed = self._assign(worker, taken, source)
                if failed:
                    done[taken] = failed
                taken += 1
            while given in done:
                yield done.pop(given)
                given += 1
            if exhausted and given == taken:
                return
            done.update(self._collect())

    def _idle_worker(self) -> _Worker | None:
        for worker in self._workers:
            if worker.idle:
                return worker
        if len(self._workers) < self._size:
            self._start()
        return None

    def _start(self) -> None:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=serve, args=(theirs, self._verbose), daemon=True)
        process.start()
        theirs.close()
        self._workers.append(_Worker(process, ours))

    def _assign(self, worker: _Worker, number: int, source: Source) -> Report | None:
        worker.task = (number, source)
        worker.deadline = time.monotonic() + self._timeout
        try:
            worker.connection.send(source)
        except OSError:  # it died while idle; the file is not to blame, but it was not read
            return self._lost(worker, "WorkerDied", "its worker ended before it was read")[1]
        return None

    def _collect(self) -> dict[int, Report]:
        """Waits for the next thing to happen and returns the reports that came of it."""
        now = time.monotonic()
        busy = [w for w in self._workers if not w.idle]
        soonest = min((w.deadline for w in busy), default=now)
        readable = wait([w.connection for w in busy], timeout=max(0.0, soonest - now))
        results: dict[int, Report] = {}
        for worker in busy:
            if worker.connection in readable:
                results.update(self._receive(worker))
            elif time.monotonic() >= worker.deadline:
                results.update(self._overdue(worker))
        return results

    def _receive(self, worker: _Worker) -> dict[int, Report]:
        try:
            message = worker.connection.recv()
        except Exception as error:  # the end of the pipe, or an answer that does not unpickle
            if worker.task is None:
                self._drop(worker, f"a worker ended while it started{self._exit_code(worker)}", error)
                return {}
            reason = f"its worker ended while reading it{self._exit_code(worker)}"
            number, report = self._lost(worker, "WorkerDied", reason)
            return {number: report}
        if not worker.ready:
            if message is not None:
                self._drop(worker, f"the pipeline cannot be loaded: {message}")
                return {}
            worker.ready = self._loaded = True
            self._failed_starts = 0
            return {}
        assert worker.task is not None
        number, worker.task = worker.task[0], None
        return {number: message}

    def _overdue(self, worker: _Worker) -> dict[int, Report]:
        if worker.task is None:
            self._drop(worker, f"a worker was not ready after {START_TIMEOUT:.0f} s")
            return {}
        number, report = self._lost(worker, "Timeout", f"not done after {self._timeout:g} s")
        return {number: report}

    def _drop(self, worker: _Worker, message: str, cause: Exception | None = None) -> None:
        """A worker that did not start. Once one has started, so may the next; else there is no use in trying again."""
        self._workers.remove(worker)
        worker.stop()
        self._failed_starts += 1
        if not self._loaded or self._failed_starts >= MAX_FAILED_STARTS:
            raise WorkerError(message, hint="check the installation with: gia-nlp show FILE -v") from cause

    def _exit_code(self, worker: _Worker) -> str:
        worker.process.join(1)
        code = worker.process.exitcode
        if code is None:
            return ""
        return f" (signal {-code})" if code < 0 else f" (exit code {code})"

    def _lost(self, worker: _Worker, error: str, message: str) -> tuple[int, Report]:
        assert worker.task is not None
        number, source = worker.task
        self._workers.remove(worker)
        worker.stop()
        hint = "the other files were not affected; look at this one on its own with: gia-nlp show FILE"
        issue = Issue("running", error, message, hint)
        return number, Report(source.report_id, "", source.path, "", "", Metadata(), errors=(issue,))

    def close(self) -> None:
        """Ends all workers."""
        for worker in self._workers:
            if worker.idle:
                try:
                    worker.connection.send(None)
                except OSError:
                    continue
            else:
                worker.process.terminate()
        for worker in self._workers:
            worker.stop()
        self._workers = []
