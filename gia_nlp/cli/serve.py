"""``gia-nlp serve``: the page to browse, search and correct."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gia_nlp.cli.messages import USAGE, Vocabulary, fail, fail_with, hold_vocabulary, say, set_up_logging


def serve(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="A folder that tag wrote (Parquet or DuckDB).")],
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port; 0 takes a free one.")] = 8765,
    annotations: Annotated[
        Path | None,
        typer.Option("--annotations", metavar="DIR", help="Where corrections are kept; OUT/annotations if not given."),
    ] = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="Nothing can be corrected.")] = False,
    allow_remote: Annotated[
        bool, typer.Option("--allow-remote", help="Needed for a --host that other machines reach. There is no login.")
    ] = False,
    allow_name: Annotated[
        list[str] | None,
        typer.Option("--allow-name", metavar="NAME", help="A host name that the page answers to; again for more."),
    ] = None,
    export: Annotated[
        Path | None,
        typer.Option(
            "--export",
            metavar="DIR",
            help="Write the corrections for gia-nlp train (DIR/facts.jsonl, items.jsonl, categories.jsonl) and exit.",
        ),
    ] = None,
    vocabulary: Vocabulary = None,
    verbose: Annotated[int, typer.Option("--verbose", "-v", count=True, help="Log more; twice for all.")] = 0,
) -> None:
    """Serves a local page to browse, search, compare and correct the reports of an output folder.

    Runs until Ctrl-C. Only this machine reaches it, nothing is loaded from elsewhere, and the tables are never changed: a
    correction is a gold file in the folder of annotations.

    Exit code: 0 ended by Ctrl-C, 2 wrong usage or no tables, 1 the port cannot be had or a library is missing.

    Examples:

      gia-nlp serve tables/

      gia-nlp serve tables/ --annotations gold/ --port 9000

      gia-nlp serve tables/ --annotations gold/ --export training/
    """
    set_up_logging(verbose)
    hold_vocabulary(vocabulary)
    folder = annotations if annotations is not None else out / "annotations"
    if folder.exists() and not folder.is_dir():
        fail(f"{folder} is no folder", code=USAGE)
    if export is not None:
        _export(folder, export)
        return
    from gia_nlp.web.guarding import is_loopback

    remote = not is_loopback(host)
    if remote and not allow_remote:
        fail(
            f"{host} can be reached from other machines, and the page has no login",
            hint="give --allow-remote if everybody who reaches it may read the reports and correct them (or add --read-only)",
            code=USAGE,
        )
    try:
        import fastapi  # noqa: F401
        import uvicorn  # noqa: F401
    except ModuleNotFoundError as error:
        fail(f"{error.name} is missing", hint='install it with: pip install "gia-nlp[web]"')
    from gia_nlp.mining.corpus import MiningError
    from gia_nlp.web.app import serve as run
    from gia_nlp.web.corrections import Corrections
    from gia_nlp.web.index import Index

    try:
        index = Index(out)
    except MiningError as error:
        fail_with(error, code=USAGE)
    with index:
        corrections = None if read_only else Corrections(folder)
        for line in corrections.unread if corrections else ():
            say(f"left alone: {line}")
        if remote:
            say(f"warning: {host} is open to other machines; there is no login and no encryption")

        def ready(address: str) -> None:
            say(f"{len(index):,} reports at {address}  (Ctrl-C ends)")

        try:
            run(index, corrections, host=host, port=port, names=tuple(allow_name or ()), ready=ready)
        except KeyboardInterrupt:
            pass  # how it is meant to end
        except OSError as error:
            hint = "choose another with --port (0 takes a free one) or --host"
            fail(f"cannot listen on {host}:{port}: {error.strerror or error}", hint=hint)


def _export(folder: Path, target: Path) -> None:
    from gia_nlp.annotation.records import GoldError
    from gia_nlp.web.training import TASKS, write_training

    if not folder.is_dir():
        fail(f"{folder} holds no corrections", hint="name the folder with --annotations", code=USAGE)
    try:
        target.mkdir(parents=True, exist_ok=True)
        for task in TASKS:
            path = target / f"{task}.jsonl"
            say(f"{write_training(folder, task, path):,} texts in {path}")
    except GoldError as error:
        fail_with(error, code=USAGE)
    except OSError as error:
        fail_with(error, about=str(target))
