"""``gia-nlp status``: what a run has done so far, and the tables of it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gia_nlp.cli.messages import USAGE, fail, fail_with, say
from gia_nlp.cli.tag import Format

if TYPE_CHECKING:
    from gia_nlp.running.progress import Progress


def status(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The output folder of gia-nlp tag.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write the tables of what is done so far to this folder."),
    ] = None,
    format: Annotated[Format, typer.Option("--format", help="Format of these tables.")] = Format.parquet,
) -> None:
    """Says what a run has done so far, and writes the tables of it.

    The run goes on undisturbed. On stdout: reports read, read in part, failed.

    Examples:

      gia-nlp status tables/

      gia-nlp status tables/ --out so-far/
    """
    from gia_nlp.frames.output import OutputError
    from gia_nlp.running.parts import PartError
    from gia_nlp.running.progress import progress, write_so_far

    try:
        found = progress(folder)
        _tell(found, folder)
        if out is not None:
            count = write_so_far(folder, out, format.value)
            say(f"tables of {count:,} files in {out}")
    except OutputError as error:
        fail_with(error, code=USAGE)
    except PartError as error:
        fail(f"{folder}: a part is {error}", hint="run the same gia-nlp tag again, or this once more")
    except OSError as error:
        fail_with(error, about=str(folder))
    typer.echo(f"{found.read} {found.partly} {found.failed}")


def _tell(found: Progress, folder: Path) -> None:
    say(f"{folder}: {'a run is going on: ' + found.running if found.running else 'no run is going on'}")
    ago = f", the last {time.time() - found.last:,.0f} s ago" if found.last else ""
    say(f"{found.done:,} files done{ago}: {found.read:,} read, {found.partly:,} in part, {found.failed:,} failed")
    for path, message in found.failures:
        say(f"  failed: {path}: {message}")
    if found.failed > len(found.failures):
        say(f"  … and {found.failed - len(found.failures):,} more (table errors)")
    if len(found.pipelines) > 1:
        say(f"  made by {len(found.pipelines)} versions of the pipeline; the next run reads the older ones anew")
