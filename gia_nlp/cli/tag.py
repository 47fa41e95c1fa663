"""``gia-nlp tag``: files in, tables out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gia_nlp.cli.messages import NOTHING_DONE, SOME_FAILED, USAGE, fail, fail_with, say, set_up_logging

if TYPE_CHECKING:
    from collections.abc import Callable

    from gia_nlp.frames.joining import Joined
    from gia_nlp.records import Report
    from gia_nlp.running.job import Outcome


class Format(StrEnum):
    """Formats of the output."""

    parquet = "parquet"
    csv = "csv"
    jsonl = "jsonl"
    xlsx = "xlsx"
    duckdb = "duckdb"


def tag(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Files, folders or archives of reports.")],
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
    workers: Annotated[
        int | None, typer.Option("--workers", metavar="N", min=1, help="Processes; as many as fit if not given.")
    ] = None,
    timeout: Annotated[
        float, typer.Option("--timeout", metavar="SECONDS", min=0.1, help="Give a file up after so long.")
    ] = 300.0,
    verbose: Annotated[int, typer.Option("--verbose", "-v", count=True, help="Log more; twice for all.")] = 0,
) -> None:
    """Reads reports and writes tables of what they say.

    Writes reports, panel, facts, items, cells, checks, sections, texts and errors to DIR. A file that cannot be read
    has a row in errors and stops nothing.

    Exit code: 0 all files read, 3 some failed (the rest is there), 2 wrong usage, 1 nothing could be done.

    Examples:

      gia-nlp tag reports/ --out tables/

      gia-nlp tag 2023.zip 2024/ --out tables/ --format xlsx

      gia-nlp tag reports/ --out tables/ --tables parsed.csv --workers 8
    """
    set_up_logging(verbose)
    from gia_nlp.frames.external import ExternalTableError, read_external
    from gia_nlp.frames.output import OutputError
    from gia_nlp.running.job import tag_to_tables
    from gia_nlp.running.local import WorkerError, default_workers
    from gia_nlp.running.sources import SourceError, find_sources

    try:
        external = read_external(tables) if tables else None
        # A first pass finds what cannot work (a missing path, two inputs with one id) before anything is done.
        total = sum(1 for _ in find_sources(paths))
    except (ExternalTableError, SourceError) as error:
        fail_with(error, code=USAGE)
    if not total:
        fail(f"no file to read in {', '.join(map(str, paths))}", hint="give files, folders or archives of reports")
    workers = workers or default_workers(total)
    try:
        with _progress(total) as on_report:
            outcome = tag_to_tables(
                find_sources(paths),
                out,
                format=format.value,
                external=external,
                workers=min(workers, total),
                timeout=timeout,
                verbose=verbose,
                on_report=on_report,
            )
    except OutputError as error:
        fail_with(error, code=USAGE)
    except (WorkerError, SourceError) as error:
        fail_with(error)
    except OSError as error:
        fail_with(error, about=str(out))
    _summary(outcome, out)
    if outcome.failed:
        raise typer.Exit(SOME_FAILED if outcome.reports else NOTHING_DONE)


@contextmanager
def _progress(total: int) -> Iterator[Callable[[Report], None]]:
    """A progress bar if stderr is a terminal; files that failed are named as they come in either case."""
    import sys

    from gia_nlp.frames.convert import is_failed

    def named(report: Report, print_line: Callable[[str], None]) -> None:
        if is_failed(report):
            for issue in report.errors:
                print_line(f"failed: {report.path or report.report_id}: {issue.message}")
                if issue.hint:
                    print_line(f"  → {issue.hint}")

    if not sys.stderr.isatty():
        yield lambda report: named(report, say)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("tagging"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("tagging", total=total)

        def on_report(report: Report) -> None:
            named(report, lambda line: console.print(line, markup=False, highlight=False))
            progress.advance(task)

        yield on_report


def _summary(outcome: Outcome, out: Path) -> None:
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
