"""``gia-nlp tag``: files in, tables out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gia_nlp.cli.messages import (
    NOTHING_DONE,
    SOME_FAILED,
    USAGE,
    Vocabulary,
    fail,
    fail_with,
    hold_vocabulary,
    say,
    set_up_logging,
    visible,
)

if TYPE_CHECKING:
    from gia_nlp.frames.joining import Joined
    from gia_nlp.running.job import Listener, Outcome
    from gia_nlp.running.parts import Entry
    from gia_nlp.running.plan import Todo

INTERRUPTED = 130
DASK_PARTITION = 20_000


class Format(StrEnum):
    """Formats of the output."""

    parquet = "parquet"
    csv = "csv"
    jsonl = "jsonl"
    xlsx = "xlsx"
    duckdb = "duckdb"


class EngineName(StrEnum):
    """What runs the work."""

    local = "local"
    dask = "dask"


def tag(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH", help="Files, folders, archives or URLs of reports; Parquet or JSON Lines files of texts."
        ),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the tables; made if it is missing.")],
    format: Annotated[Format, typer.Option("--format", help="Format of the tables.")] = Format.parquet,
    tables: Annotated[
        Path | None,
        typer.Option(
            "--tables",
            metavar="FILE",
            help="Tables parsed elsewhere (CSV or Parquet), to be joined by report_id or by issuer and year.",
        ),
    ] = None,
    vocabulary: Vocabulary = None,
    model: Annotated[
        str | None, typer.Option("--model", metavar="NAME", help="Another pipeline: its name, or its folder.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", metavar="N", min=1, help="Processes; as many as fit if not given.")
    ] = None,
    engine: Annotated[
        EngineName, typer.Option("--engine", help="Processes of this machine, or a Dask cluster.")
    ] = EngineName.local,
    scheduler: Annotated[
        str | None,
        typer.Option(
            "--scheduler", metavar="ADDRESS", help="The Dask scheduler; a cluster on this machine if not given."
        ),
    ] = None,
    timeout: Annotated[
        float, typer.Option("--timeout", metavar="SECONDS", min=0.1, help="Give a file up after so long.")
    ] = 300.0,
    memory: Annotated[
        str | None,
        typer.Option("--memory", metavar="SIZE", help="Give a file up if its worker needs more, such as 2GB."),
    ] = None,
    fresh: Annotated[
        bool,
        typer.Option("--fresh/--resume", help="Read all files anew, or only what is new or changed (as a rule)."),
    ] = False,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Read files again that failed before, whatever the cause.")
    ] = False,
    partition: Annotated[
        int | None,
        typer.Option(
            "--partition",
            metavar="N",
            min=1,
            help="Parquet tables as directories of parts of N reports each; 20000 with --engine dask.",
        ),
    ] = None,
    verbose: Annotated[int, typer.Option("--verbose", "-v", count=True, help="Log more; twice for all.")] = 0,
) -> None:
    """Reads reports and writes tables of what they say.

    Writes reports, panel, facts, items, cells, checks, sections, texts and errors to DIR. A file that cannot be read
    has a row in errors and stops nothing. What was done is kept in DIR/.gia-nlp: the same command reads only what is new or
    changed, and goes on where a run was broken off.

    Exit code: 0 all files read, 3 some failed (the rest is there), 2 wrong usage, 1 nothing could be done.

    Examples:

      gia-nlp tag reports/ --out tables/

      gia-nlp tag 2023.zip 2024/ --out tables/ --format xlsx

      gia-nlp tag reports/ --out tables/ --tables parsed.csv --workers 8

      gia-nlp tag s3://bucket/reports/ --out tables/ --engine dask --scheduler tcp://10.0.0.5:8786
    """
    set_up_logging(verbose)
    hold_vocabulary(vocabulary)
    # Arrow's own allocator keeps what it has freed: 45 MB more at 15,000 reports. It is chosen when Arrow is imported.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    from gia_nlp.frames.external import ExternalTableError, read_external
    from gia_nlp.frames.output import OutputError
    from gia_nlp.running.job import tag_to_tables
    from gia_nlp.running.limits import parse_size
    from gia_nlp.running.local import WorkerError, default_workers
    from gia_nlp.running.lock import LockedError
    from gia_nlp.running.plan import Plan
    from gia_nlp.running.source import SourceError
    from gia_nlp.running.sources import find_sources

    if scheduler and engine is not EngineName.dask:
        fail("--scheduler is for --engine dask", code=USAGE)
    try:
        external = read_external(tables) if tables else None
        bytes_allowed = parse_size(memory) if memory else None
        # All inputs are looked up, and what cannot work (a missing path, two with one id) is found, before anything is done.
        plan = Plan(find_sources(paths, unique=False))
    except (ExternalTableError, SourceError, ValueError) as error:
        fail_with(error, code=USAGE)
    if not plan.total:
        fail(f"no file to read in {', '.join(map(str, paths))}", hint="give files, folders or archives of reports")
    workers = workers or default_workers(plan.total)
    options: dict[str, Any] = {"model": model, "timeout": timeout, "memory": bytes_allowed, "verbose": verbose}
    try:
        if engine is EngineName.dask:
            from gia_nlp.running.cluster import Dask

            options["engine"] = Dask(scheduler, workers=workers, model=model, timeout=timeout, memory=bytes_allowed)
        with _progress() as listener:
            outcome = tag_to_tables(
                plan,
                out,
                format=format.value,
                external=external,
                workers=min(workers, plan.total),
                fresh=fresh,
                retry_failed=retry_failed,
                partition=partition or (DASK_PARTITION if engine is EngineName.dask else None),
                listener=listener,
                **options,
            )
    except OutputError as error:
        fail_with(error, code=USAGE)
    except (WorkerError, SourceError, LockedError) as error:
        fail_with(error)
    except OSError as error:
        fail_with(error, about=str(out))
    _summary(outcome, out)
    if outcome.interrupted:
        raise typer.Exit(INTERRUPTED)
    if outcome.failed:
        raise typer.Exit(SOME_FAILED if outcome.reports else NOTHING_DONE)


@contextmanager
def _progress() -> Iterator[Listener]:
    """A progress bar if stderr is a terminal; files that failed are named as they come in either case."""
    import sys

    from gia_nlp.running.job import Listener

    class Told(Listener):
        """Says what happens, by lines alone."""

        def say(self, line: str) -> None:
            say(line)

        def on_plan(self, todo: Todo, changes: list[str]) -> None:
            for line in _plan_lines(todo, changes):
                self.say(line)

        def on_entry(self, entry: Entry) -> None:
            for message, hint in entry.problems:
                self.say(f"failed: {entry.path or entry.report_id}: {message}")
                if hint:
                    self.say(f"  → {hint}")

        def on_finish(self, interrupted: bool) -> None:
            if interrupted:
                self.say("stopped; writing the tables of what is done (Ctrl-C again leaves it at that)")

    if not sys.stderr.isatty():
        yield Told()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("starting", total=None)

        class Shown(Told):
            """Says it above a bar that moves."""

            def say(self, line: str) -> None:
                console.print(visible(line), markup=False, highlight=False)

            def on_plan(self, todo: Todo, changes: list[str]) -> None:
                super().on_plan(todo, changes)
                progress.update(task, description="tagging", total=todo.todo)

            def on_entry(self, entry: Entry) -> None:
                super().on_entry(entry)
                progress.advance(task)

            def on_finish(self, interrupted: bool) -> None:
                super().on_finish(interrupted)
                progress.update(task, description="writing tables", total=None)

        yield Shown()


def _plan_lines(todo: Todo, changes: list[str]) -> Iterator[str]:
    """What of earlier runs is used, and what is not and why."""
    if todo.outdated:
        reason = f"changed since: {'; '.join(changes)}" if changes else "as --fresh asks"
        yield f"{_many(todo.outdated, 'file')} done before {_be(todo.outdated)} read anew ({reason})"
    kept = todo.total - todo.todo
    if kept:
        yield f"{_many(kept, 'file')} of {todo.total:,} {_be(kept)} done already"
    if kept or todo.changed or todo.again:
        parts = ((todo.new, "new"), (todo.changed, "changed"), (todo.again, "tried again"))
        named = ", ".join(f"{n:,} {what}" for n, what in parts if n)
        if named:
            yield f"  to read: {named}"
    if todo.failed_before:
        yield f"  {_many(todo.failed_before, 'file')} failed before and {_be(todo.failed_before)} not tried again (--retry-failed does)"
    if todo.removed:
        yield f"  {_many(todo.removed, 'report')} no longer among the inputs: without rows from now on"


def _be(count: int) -> str:
    return "is" if count == 1 else "are"


def _summary(outcome: Outcome, out: Path) -> None:
    if outcome.interrupted:
        left = outcome.todo.todo - outcome.done
        say(f"stopped with {_many(left, 'file')} left; what is done is kept, the same command goes on from there")
        if not outcome.published:
            say(f"  {out} still holds the tables of the last run that ended")
            return
    if outcome.unchanged:
        say(f"nothing to do: the tables in {out} are up to date")
    say(f"{_many(outcome.reports, 'report')} in {out}")
    say(
        f"  {_many(outcome.cells, 'cell')}, {_many(outcome.facts, 'fact')}, "
        f"{_many(outcome.items, 'problem or remedy', 'problems and remedies')}"
    )
    say(f"  {outcome.checks_failed:,} of {_many(outcome.checks, 'check')} failed")
    if (years := outcome.finished.years).checks:
        say(f"  {years.failed:,} of {_many(years.checks, 'check')} between years failed")
    if outcome.failed:
        say(f"  {_many(outcome.failed, 'file')} could not be read")
    if outcome.errors:
        partly = f", {_many(outcome.partly, 'report')} read in part" if outcome.partly else ""
        say(f"  {_many(outcome.errors, 'note')} in the table errors{partly}")
    if outcome.finished.joined:
        _joined(outcome.finished.joined)


def _joined(joined: Joined) -> None:
    say(
        f"  {joined.file}: {_many(joined.matched, 'value')} for {_many(joined.reports, 'report')}: "
        f"{joined.agree:,} agree, {joined.differ:,} do not (see checks, rules external.…)"
    )
    if joined.without_partner:
        owners = list(dict.fromkeys(joined.without_partner))
        shown = "; ".join(owners[:5]) + (" …" if len(owners) > 5 else "")
        say(f"  {joined.file}: {_many(len(joined.without_partner), 'row')} found no report: {shown}")
    if joined.unusable:
        say(f"  {joined.file}: {_many(len(joined.unusable), 'value')} not used, such as {joined.unusable[0]}")
    if joined.ignored_columns:
        say(f"  {joined.file}: columns not used: {', '.join(joined.ignored_columns)}")


def _many(count: int, one: str, several: str | None = None) -> str:
    return f"{count:,} {one if count == 1 else several or one + 's'}"
