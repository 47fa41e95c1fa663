"""The main job: sources in, tables out. Only what is new, changed or failed for a passing cause is read.

What was done is kept in the output folder's ledger (:mod:`gia_nlp.running.ledger`) part by part while a run goes on; the tables
are made from it at the end and replace those of the run before. A run may be killed at any moment: the next one goes on from
the ledger and ends with the tables of a run that nobody disturbed.
"""

from __future__ import annotations

import hashlib
import logging
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gia_nlp
from gia_nlp.frames.external import ExternalTables
from gia_nlp.frames.finishing import Finished
from gia_nlp.frames.output import Output, prepare_target, read_manifest
from gia_nlp.running.assembly import assemble, fingerprint
from gia_nlp.running.chunks import chunked
from gia_nlp.running.ledger import FOLDER, Ledger
from gia_nlp.running.limits import Limits, default_memory
from gia_nlp.running.local import Engine, Inline, Pool
from gia_nlp.running.lock import Lock
from gia_nlp.running.parts import Entry
from gia_nlp.running.plan import Plan, Todo
from gia_nlp.vocabulary.user import adopt_vocabulary

if TYPE_CHECKING:
    from gia_nlp.running.identity import Identity
    from gia_nlp.running.source import Readable

log = logging.getLogger(__name__)
_SOME = "some of the inputs"  # what tables are made of that an interrupted first run left


@dataclass(slots=True)
class Outcome:
    """What the output holds after a run. ``failed`` files gave nothing; ``partly`` ones left notes in `errors`.

    ``done`` is what this run read, ``todo`` what it had to and why. ``interrupted``: the run was stopped before its end;
    ``published`` says whether the tables were written then.
    """

    reports: int = 0
    failed: int = 0
    partly: int = 0
    cells: int = 0
    facts: int = 0
    items: int = 0
    checks: int = 0
    checks_failed: int = 0
    errors: int = 0
    done: int = 0
    todo: Todo = field(default_factory=lambda: Todo(0))
    finished: Finished = field(default_factory=Finished)
    interrupted: bool = False
    published: bool = True
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class Options:
    """How a run goes about it. ``fresh`` reads everything anew, ``retry_failed`` also what failed for good."""

    format: str = "parquet"
    external: ExternalTables | None = None
    fresh: bool = False
    retry_failed: bool = False
    partition: int | None = None
    limits: Limits = field(default_factory=Limits)


class Listener:
    """What a run tells while it goes on; does nothing by itself."""

    def on_plan(self, todo: Todo, changes: list[str]) -> None:
        """Once: what there is to do, and what changed in the pipeline since the rows before were made."""

    def on_entry(self, entry: Entry) -> None:
        """For each source: what became of it."""

    def on_finish(self, interrupted: bool) -> None:
        """Once: all is read, the tables are to be written."""


def tag_to_tables(
    sources: Iterable[Readable] | Plan,
    out: str | Path,
    *,
    format: str = "parquet",
    external: ExternalTables | None = None,
    workers: int = 1,
    engine: Engine | None = None,
    model: str | None = None,
    timeout: float | None = None,
    memory: int | None = None,
    fresh: bool = False,
    retry_failed: bool = False,
    partition: int | None = None,
    verbose: int = 0,
    listener: Listener | None = None,
) -> Outcome:
    """Tags sources and writes the tables to ``out``; a file that fails costs itself alone and has a row in `errors`.

    ``workers`` 0 works in this process, without protection against crashes; ``engine`` takes the place of this machine's processes.
    ``timeout`` (seconds) and ``memory`` (bytes) are for one file. With ``partition`` the Parquet tables are directories of parts, each of
    about so many reports. Interrupted by Ctrl-C it ends its workers and returns with
    ``interrupted`` set; what was done is kept.

    Raises :class:`gia_nlp.frames.OutputError` for a target that cannot be used, :class:`gia_nlp.running.lock.LockedError` if another
    run writes to it, :class:`gia_nlp.running.local.WorkerError` if the pipeline cannot be loaded, and ``SourceError`` as the
    sources do.
    """
    if model:
        adopt_vocabulary(model)  # the panel is made here, not where the pipeline is loaded
    default = Limits()
    limits = Limits(timeout or default.timeout, memory or default_memory(workers))
    options = Options(format, external, fresh, retry_failed, partition, limits)
    if engine is None and workers and sys.platform == "win32":
        log.warning("No worker processes on Windows: files are read in this process, one after the other.")
        workers = 0
    if engine is None:
        engine = Pool(workers, limits=limits, model=model, verbose=verbose) if workers else Inline(model)
    try:
        plan = sources if isinstance(sources, Plan) else Plan(sources)
        try:
            prepare_target(out, format)
            with Lock(Path(out) / FOLDER) as lock:
                return _Run(plan, Path(out), engine, options, listener or Listener(), lock).run()
        finally:
            plan.close()
    finally:
        engine.close()


class _Run:
    def __init__(self, plan: Plan, out: Path, engine: Engine, options: Options, listener: Listener, lock: Lock) -> None:
        self._plan, self._out, self._engine, self._options = plan, out, engine, options
        self._listener, self._lock = listener, lock
        self._ledger = Ledger(out)
        self._outcome = Outcome()

    def run(self) -> Outcome:
        outcome, options = self._outcome, self._options
        self._plan.load(self._ledger)
        self._engine.prepare(self._plan.total - self._plan.known())
        identity = self._engine.identity()
        outcome.todo = self._plan.compare(
            identity, options.limits, fresh=options.fresh, retry_failed=options.retry_failed
        )
        changes = self._plan.changes(identity) if outcome.todo.outdated else []
        self._listener.on_plan(outcome.todo, changes)
        try:
            self._read()
        except KeyboardInterrupt:
            outcome.interrupted = True
        self._engine.close()
        # Tables of a part of the files are of use where there are none yet; they never replace those of a run that ended.
        before = read_manifest(self._out)
        outcome.published = not outcome.interrupted or not before.get("files") or before.get("made_of") == _SOME
        if outcome.published and outcome.done + self._plan.known():
            self._listener.on_finish(outcome.interrupted)
            self._publish(identity)
        for name, value in self._plan.totals().items():
            setattr(outcome, name, value)
        return outcome

    def _read(self) -> None:
        plan = self._plan
        if not self._outcome.todo.todo:
            return
        chunks = chunked(plan.todo(), plan.todo_bytes(), self._engine.workers, least=self._engine.least)
        for part in self._engine.run(iter(chunks)):
            plan.add(self._ledger.commit(part), part.manifest)
            self._outcome.done += len(part.manifest.entries)
            self._lock.beat()
            for entry in part.manifest.entries:
                self._listener.on_entry(entry)

    def _publish(self, identity: Identity) -> None:
        outcome, options = self._outcome, self._options
        made_of = _SOME
        if not outcome.interrupted:
            made_of = fingerprint(
                self._plan,
                options.format,
                str(options.partition),
                identity.digest,
                _digest_of_finishing(options.external),
            )
            if not outcome.done and self._is_there(made_of):
                outcome.unchanged = True
                return
        with Output(self._out, options.format, build=self._ledger.build, partition=options.partition) as output:
            assemble(self._plan, self._ledger, output.store)
            outcome.finished = output.publish(options.external, made_of=made_of)
        if not outcome.interrupted:
            self._ledger.keep(self._plan.last_of_parts())

    def _is_there(self, made_of: str) -> bool:
        manifest: dict[str, Any] = read_manifest(self._out)
        return manifest.get("made_of") == made_of and all((self._out / n).exists() for n in manifest["files"])


def _digest_of_finishing(external: ExternalTables | None) -> str:
    """The code of the finishing stage and the tables parsed elsewhere, in one word."""
    whole = hashlib.sha256()
    for path in sorted((Path(gia_nlp.__file__).parent / "frames").rglob("*.py")):
        whole.update(path.read_bytes())
    if external:
        whole.update(external.path.read_bytes() + str(external.path).encode())
    return whole.hexdigest()
