"""Tags chunks of sources with processes of this machine, and in this process.

What a file does to its worker costs that file alone: it becomes a row in `errors`, a new worker goes on behind it. Parts come
as they are made, in no order.
"""

from __future__ import annotations

import logging
import os
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Protocol

from gia_nlp.running.child import Child
from gia_nlp.running.limits import Limits
from gia_nlp.running.parts import Part
from gia_nlp.running.worker import failed_part, parts_of

if TYPE_CHECKING:
    from gia_nlp.running.identity import Identity
    from gia_nlp.running.source import Readable

log = logging.getLogger(__name__)
START_TIMEOUT = 120.0
MAX_FAILED_STARTS = 3  # in a row
FEW = 20  # up to so many files a second worker costs more than it brings
_LOOK = 0.25  # seconds between two looks at a worker's memory
_WORN = 0.6  # of the memory allowed: a worker that keeps more between chunks is replaced
_KILLED = (-9, -15)  # signals that come from outside as a rule
LEAVE = "the other files were not affected; look at this one on its own with: gia-nlp show FILE"

Chunk = Sequence["Readable"]


class WorkerError(RuntimeError):
    """No worker could be started. ``hint`` says what to do."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


class Engine(Protocol):
    """What runs :func:`gia_nlp.running.worker.parts_of` somewhere.

    ``workers`` is how many chunks it works on at a time, ``least`` how many sources a chunk should have.
    """

    @property
    def workers(self) -> int: ...

    @property
    def least(self) -> int: ...

    def prepare(self, files: int) -> None:
        """Begins to start what so many files will need, without waiting for it."""
        ...

    def identity(self) -> Identity:
        """What the rows it makes depend on. Raises :class:`WorkerError` if the pipeline cannot be loaded."""
        ...

    def run(self, chunks: Iterator[Chunk]) -> Iterator[Part]:
        """The parts of all chunks, as they come; chunks are taken as they are needed."""
        ...

    def close(self) -> None:
        """Ends all that was started."""
        ...


def cores() -> int:
    """How many cores this process may use."""
    return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def default_workers(files: int) -> int:
    """How many workers a number of files deserves: one for few, else one a core that this process may use.

    >>> default_workers(3)
    1
    """
    return 1 if files <= FEW else cores()


def own_vocabulary() -> tuple[str, str] | tuple[()]:
    """Text and name of the vocabulary that a user gave this process; empty if none was given."""
    from gia_nlp.vocabulary.active import of_process

    overlay = of_process()
    return (overlay.text, overlay.name) if overlay else ()


class Inline:
    """Works in this process, without protection against crashes and without limits."""

    workers = least = 1

    def __init__(self, model: str | None = None) -> None:
        self._model = model

    def prepare(self, files: int) -> None:
        """See :class:`Engine`."""

    def identity(self) -> Identity:
        """See :class:`Engine`."""
        from gia_nlp.running.identity import identify

        return identify(self._model)

    def run(self, chunks: Iterator[Chunk]) -> Iterator[Part]:
        """See :class:`Engine`."""
        for chunk in chunks:
            yield from map(Part.of, parts_of(chunk, self._model))

    def close(self) -> None:
        """See :class:`Engine`."""


@dataclass(slots=True)
class _Task:
    """A chunk in the hands of a worker: ``kept`` sources are in parts that came, ``at`` is the last one that it began.

    ``deaths`` counts workers that ended between two files, where no file is to blame.
    """

    sources: Chunk
    again: bool = False
    kept: int = 0
    at: int = -1
    deaths: int = 0

    @property
    def suspect(self) -> int | None:
        """The file that was being read, if one was."""
        if self.at >= self.kept:
            return self.at
        return self.kept if self.deaths >= MAX_FAILED_STARTS and self.kept < len(self.sources) else None


@dataclass(slots=True)
class _Worker:
    child: Child
    ready: bool = False
    task: _Task | None = None
    deadline: float = field(default_factory=lambda: time.monotonic() + START_TIMEOUT)


class Pool:
    """Worker processes of this machine; they start when the first is needed and stay for several :meth:`run`.

    ``vocabulary`` is text and name of a user's own, empty for none; if not given, what holds for this process.

    Raises :class:`WorkerError` from :meth:`run` and :meth:`identity` if
    no worker can be started.
    """

    def __init__(
        self,
        workers: int = 1,
        *,
        limits: Limits | None = None,
        model: str | None = None,
        vocabulary: tuple[str, str] | tuple[()] | None = None,
        verbose: int = 0,
    ) -> None:
        self.workers, self.least = workers, 1
        self._limits, self._model, self._verbose = limits or Limits(), model, verbose
        self._vocabulary = own_vocabulary() if vocabulary is None else vocabulary
        self._workers: list[_Worker] = []
        self._again: deque[_Task] = deque()
        self._identity: Identity | None = None
        self._failed_starts = 0

    def prepare(self, files: int) -> None:
        """See :class:`Engine`."""
        while len(self._workers) < min(self.workers, files // FEW):  # they load side by side
            self._start()

    def identity(self) -> Identity:
        """See :class:`Engine`."""
        while self._identity is None:
            if not self._workers:
                self._start()
            for _ in self._listen():
                pass  # there is no task yet
        return self._identity

    def run(self, chunks: Iterator[Chunk]) -> Iterator[Part]:
        """See :class:`Engine`."""
        self.identity()
        exhausted = False
        while True:
            waiting = False
            while not exhausted or self._again:
                worker = self._idle_worker()
                if worker is None:
                    break
                if not self._again:
                    chunk = next(chunks, None)
                    if chunk is None:
                        exhausted = True
                        break
                    self._again.append(_Task(chunk))
                waiting = True
                self._give(worker, self._again.popleft())
            if not waiting and exhausted and not self._again and not any(w.task for w in self._workers):
                return
            yield from self._listen()

    def pids(self) -> list[int]:
        """The processes, for those who want to watch them."""
        return [w.child.process.pid for w in self._workers]

    def close(self) -> None:
        """Ends all workers."""
        workers, self._workers = self._workers, []
        self._again.clear()
        for worker in workers:
            worker.child.stop(gently=worker.ready and worker.task is None)

    # ----------------------------------------------------------------------- workers

    def _idle_worker(self) -> _Worker | None:
        for worker in self._workers:
            if worker.ready and worker.task is None:
                return worker
        if len(self._workers) < self.workers:
            self._start()
        return None

    def _start(self) -> None:
        self._workers.append(_Worker(Child(self._model, self._limits, self._verbose, self._vocabulary or None)))

    def _give(self, worker: _Worker, task: _Task) -> None:
        worker.task = task
        worker.deadline = time.monotonic() + self._limits.timeout
        if not worker.child.send((task.sources,)):  # it died while idle, which is no file's fault
            self._again.appendleft(task)
            self._remove(worker)

    def _remove(self, worker: _Worker) -> None:
        if worker in self._workers:
            self._workers.remove(worker)
        worker.child.stop()

    # ----------------------------------------------------------------------- what happens

    def _listen(self) -> Iterator[Part]:
        """Waits for the next thing to happen and gives the parts that came of it."""
        busy = [w for w in self._workers if w.task or not w.ready]
        now = time.monotonic()
        patience = min([_LOOK, *(w.deadline - now for w in busy)])
        readable = wait([w.child.connection for w in busy], timeout=max(0.0, patience))
        for worker in busy:
            if worker.child.connection in readable:
                yield from self._receive(worker)
            elif time.monotonic() >= worker.deadline:
                yield from self._overdue(worker)
            elif worker.task and (worker.child.memory() or 0) > self._limits.memory:
                yield from self._lost(
                    worker,
                    "MemoryLimit",
                    f"needs more than {self._limits.memory / (1 << 30):.1f} GB of memory",
                    "if the file is worth it, give each worker more with --memory",
                    {"memory": self._limits.memory},
                )

    def _receive(self, worker: _Worker) -> Iterator[Part]:
        try:
            kind, *content = worker.child.connection.recv()
        except Exception as error:  # the end of the pipe, or an answer that does not unpickle
            yield from self._ended(worker, error)
            return
        if kind == "broken":
            self._drop(worker, f"the pipeline cannot be loaded: {content[0]}")
        elif kind == "ready":
            worker.ready = True
            self._identity = self._identity or content[0]
            self._failed_starts = 0
        elif kind == "at" and worker.task:
            worker.task.at = content[0]
            worker.deadline = time.monotonic() + self._limits.timeout
        elif kind == "part" and worker.task:
            worker.task.kept = content[1]
            yield Part.of(content[0])
        elif kind == "done":
            worker.task = None
            if (worker.child.memory() or 0) > _WORN * self._limits.memory:
                self._workers.remove(worker)
                worker.child.stop(gently=True)

    def _ended(self, worker: _Worker, error: Exception) -> Iterator[Part]:
        code = worker.child.exit_code()
        how = "" if code is None else f" (signal {-code})" if code < 0 else f" (exit code {code})"
        if not worker.ready:
            self._drop(worker, f"a worker ended while it started{how}", error)
        elif worker.task is None:
            self._remove(worker)
        elif (suspect := worker.task.suspect) is None:
            task = worker.task
            self._remove(worker)
            self._requeue(_Task(task.sources[task.kept :], task.again, deaths=task.deaths + 1))
        elif code in _KILLED and not worker.task.again:
            # Someone ended it from outside, perhaps: the file at hand gets one more chance, on its own.
            task = worker.task
            log.warning("A worker was killed%s at %s, which is tried once more.", how, task.sources[suspect].path)
            self._remove(worker)
            self._requeue(_Task(task.sources[suspect : suspect + 1], again=True), *_around(task, suspect))
        else:
            yield from self._lost(worker, "WorkerDied", f"its worker ended while reading it{how}", LEAVE, {})

    def _overdue(self, worker: _Worker) -> Iterator[Part]:
        if not worker.ready:
            self._drop(worker, f"a worker was not ready after {START_TIMEOUT:.0f} s")
            return
        limit = self._limits.timeout
        hint = "if the file is worth it, give it longer with --timeout"
        yield from self._lost(worker, "Timeout", f"not done after {limit:g} s", hint, {"timeout": limit})

    def _drop(self, worker: _Worker, message: str, cause: Exception | None = None) -> None:
        """A worker that did not start. Once one has started, so may the next; else there is no use in trying again."""
        self._remove(worker)
        self._failed_starts += 1
        if self._identity is None or self._failed_starts >= MAX_FAILED_STARTS:
            raise WorkerError(message, hint="check the installation with: gia-nlp show FILE -v") from cause

    def _lost(self, worker: _Worker, error: str, message: str, hint: str, limit: dict[str, float]) -> Iterator[Part]:
        """The file at hand is given up; what its worker had done and not handed over is done again."""
        task = worker.task
        assert task is not None and self._identity is not None
        suspect = task.suspect if task.suspect is not None else min(task.kept, len(task.sources) - 1)
        self._remove(worker)
        self._requeue(*_around(task, suspect))
        yield Part.of(failed_part(task.sources[suspect], error, message, hint, self._identity, limit))

    def _requeue(self, *tasks: _Task) -> None:
        self._again.extend(task for task in tasks if task.sources)


def _around(task: _Task, suspect: int) -> tuple[_Task, _Task]:
    """What of a task is still to be done when one file of it is taken out."""
    return _Task(task.sources[task.kept : suspect]), _Task(task.sources[suspect + 1 :])
