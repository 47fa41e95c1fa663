"""Tags chunks on a Dask cluster: the same parts as :mod:`gia_nlp.running.local` makes, from machines far and near.

A task is a chunk of 50 sources and more. Its worker runs it in a protected process of its own (:mod:`gia_nlp.running.child`), so a
file that crashes, hangs or hoards costs itself alone here too. A Dask worker that dies costs time: its chunks go to others.
Parts come back as bytes; only the machine that started the run writes to the output.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from gia_nlp.running.limits import DEFAULT_TIMEOUT, Limits, default_memory
from gia_nlp.running.local import LEAVE, Chunk, Pool, WorkerError, own_vocabulary
from gia_nlp.running.parts import Part
from gia_nlp.running.worker import failed_part

if TYPE_CHECKING:
    from gia_nlp.running.identity import Identity

log = logging.getLogger(__name__)
TASK_REPORTS = 50
RETRIES = 2
_AHEAD = 2  # chunks a thread of the cluster that wait there, so that none is ever idle
_INSTALL = 'install it with: pip install "gia-nlp[cluster]"'
_CONNECT = 30


class Dask:
    """A cluster as an engine: the one of the scheduler at ``address``, or one of ``workers`` processes on this machine.

    ``memory`` (bytes) and ``timeout`` (seconds) are for one file. Raises :class:`WorkerError` if the libraries are missing or
    nobody answers at the address.
    """

    least = TASK_REPORTS

    def __init__(
        self,
        address: str | None = None,
        *,
        workers: int = 1,
        model: str | None = None,
        timeout: float | None = None,
        memory: int | None = None,
    ) -> None:
        try:
            import dask
            from distributed import Client, LocalCluster
        except ImportError as error:
            raise WorkerError(f"{error.name} is missing, which --engine dask needs", hint=_INSTALL) from None
        if not log.isEnabledFor(logging.INFO):
            logging.getLogger("distributed").setLevel(logging.WARNING)
        self._model, self._vocabulary = model, own_vocabulary()
        self._limits = Limits(timeout or DEFAULT_TIMEOUT, memory or default_memory(workers))
        self._cluster: Any = None
        try:
            if address is None:
                # Memory is watched a file at a time by the workers' own guards, not a worker at a time by Dask.
                # Its sampling of stacks is for a dashboard, which is off.
                with dask.config.set({"distributed.worker.profile.enabled": False}):
                    self._cluster = LocalCluster(
                        n_workers=workers,
                        threads_per_worker=1,
                        memory_limit=0,
                        dashboard_address="127.0.0.1:0",
                        scheduler_kwargs={"dashboard": False},
                        worker_dashboard_address=None,
                    )
            self._client: Any = Client(address or self._cluster, timeout=_CONNECT)
        except (OSError, TimeoutError, ValueError) as error:
            self.close()
            raise WorkerError(
                f"no Dask scheduler answers at {address}: {error or type(error).__name__}",
                hint="give the address that dask scheduler prints, such as tcp://10.0.0.5:8786",
            ) from error
        self._identity: Identity | None = None
        self._loading: list[Any] = []  # tasks that load the pipeline, which end if nobody holds on to them

    @property
    def workers(self) -> int:
        """How many chunks the cluster works on at a time."""
        return max(1, sum(self._client.nthreads().values()))

    def prepare(self, files: int) -> None:
        """See :class:`gia_nlp.running.local.Engine`."""
        if files < self.least * self.workers:
            return
        for address, threads in self._client.nthreads().items():
            self._loading += [self._load(workers=[address], allow_other_workers=True) for _ in range(threads)]

    def _load(self, **where: Any) -> Any:
        return self._client.submit(_identify, self._model, self._limits, self._vocabulary, pure=False, **where)

    def identity(self) -> Identity:
        """See :class:`gia_nlp.running.local.Engine`."""
        if self._identity is None:
            from distributed import TimeoutError as DaskTimeout

            try:
                self._client.wait_for_workers(1, timeout=_CONNECT)
            except (DaskTimeout, TimeoutError) as error:
                raise WorkerError(
                    "the Dask cluster has no worker", hint="start some: dask worker ADDRESS, on each machine"
                ) from error
            self._identity = self._result(self._loading[0] if self._loading else self._load())
        return self._identity

    def _result(self, future: Any) -> Any:
        try:
            return future.result()
        except WorkerError:
            raise
        except ImportError as error:
            raise WorkerError(
                f"a worker of the cluster cannot import {error.name or error}",
                hint="install the same version of gia-nlp on all machines of the cluster",
            ) from error

    def run(self, chunks: Iterator[Chunk]) -> Iterator[Part]:
        """See :class:`gia_nlp.running.local.Engine`."""
        self.identity()
        suspects: list[Chunk] = []
        yield from self._run(chunks, _AHEAD * self.workers, suspects)
        # Dask blames what waits on a dying worker too. One at a time and with nothing beside it, a file is found out.
        while suspects:
            alone, suspects = suspects, []
            yield from self._run(iter(alone), 1, suspects)
            suspects = [half for chunk in suspects for half in _halves(chunk)]

    def _run(self, chunks: Iterator[Chunk], most: int, suspects: list[Chunk]) -> Iterator[Part]:
        """The parts of chunks, so many of which are given out at a time; ``suspects`` takes those over which workers died."""
        from distributed import KilledWorker, as_completed

        running = as_completed()
        tasks: dict[str, Chunk] = {}
        try:
            while True:
                while len(tasks) < most and (chunk := next(chunks, None)) is not None:
                    future = self._client.submit(
                        _tag, list(chunk), self._model, self._limits, self._vocabulary, pure=False, retries=RETRIES
                    )
                    tasks[future.key] = chunk
                    running.add(future)
                if not tasks:
                    return
                future = next(running)
                chunk = tasks.pop(future.key)
                try:
                    found = self._result(future)
                except KilledWorker as error:
                    log.warning("Workers died over a chunk of %d files, which is tried again: %s", len(chunk), error)
                    if most > 1 or len(chunk) > 1:
                        suspects.append(chunk)
                    else:
                        message = f"the machine's worker ended while reading it: {error}"
                        yield Part.of(failed_part(chunk[0], "WorkerDied", message, LEAVE, self.identity(), {}))
                else:
                    yield from map(self._part, found)
                future.release()
        finally:
            running.clear()

    def _part(self, data: bytes) -> Part:
        part = Part.of(data)
        if part.manifest.identity.digest != self.identity().digest:
            differences = "; ".join(part.manifest.identity.changes_from(self.identity()))
            raise WorkerError(
                f"the workers of the cluster are not alike: {differences}",
                hint="install the same versions and the same model on all machines of the cluster",
            )
        return part

    def close(self) -> None:
        """See :class:`gia_nlp.running.local.Engine`."""
        for name in ("_client", "_cluster"):
            opened = getattr(self, name, None)
            if opened is not None:
                setattr(self, name, None)
                opened.close()


def _halves(chunk: Chunk) -> list[Chunk]:
    half = (len(chunk) + 1) // 2
    return [part for part in (chunk[:half], chunk[half:]) if part]


# --------------------------------------------------------------------------- on the cluster's workers

Vocabulary = tuple[str, str] | tuple[()]
_pools: list[tuple[tuple[str | None, Limits, Vocabulary], Pool]] = []
_guard = threading.Lock()


def _identify(model: str | None, limits: Limits, vocabulary: Vocabulary) -> Identity:
    """A task: what the rows depend on. Its process stays for the tasks to come."""
    pool = Pool(1, limits=limits, model=model, vocabulary=vocabulary)
    try:
        found = pool.identity()
    except BaseException:
        pool.close()
        raise
    _keep((model, limits, vocabulary), pool)
    return found


def _tag(sources: list[Any], model: str | None, limits: Limits, vocabulary: Vocabulary) -> list[bytes]:
    """A task: the parts of a chunk.

    The process that reads stays for the next task, so that the pipeline is loaded once a thread of the Dask worker.
    """
    key = (model, limits, vocabulary)
    pool = _take(key) or Pool(1, limits=limits, model=model, vocabulary=vocabulary)
    try:
        data = [part.data for part in pool.run(iter([sources]))]
    except BaseException:
        pool.close()
        raise
    _keep(key, pool)
    return data


def _keep(key: tuple[str | None, Limits, Vocabulary], pool: Pool) -> None:
    with _guard:
        _pools.append((key, pool))


def _take(key: tuple[str | None, Limits, Vocabulary]) -> Pool | None:
    with _guard:
        for index, (made_for, pool) in enumerate(_pools):
            if made_for == key:
                del _pools[index]
                return pool
    return None
