"""``gia-nlp mine``: what many reports say together."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gia_nlp.cli.messages import USAGE, Vocabulary, fail, fail_with, hold_vocabulary, say, set_up_logging


class Language(StrEnum):
    """Languages of the page."""

    zh = "zh"
    en = "en"


def mine(
    tables: Annotated[Path, typer.Argument(metavar="DIR", help="The folder that `gia-nlp tag --out DIR` wrote.")],
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE", help="Write a page with figures and tables.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print all results as JSON.")] = False,
    lang: Annotated[
        Language, typer.Option("--lang", help="Language of the page and of names in the JSON.")
    ] = Language.zh,
    data: Annotated[
        Path | None,
        typer.Option(
            "--data", metavar="DIR", help="Folder for the page's data as CSV; <page>_data beside it if not given."
        ),
    ] = None,
    memory: Annotated[
        str, typer.Option("--memory", metavar="SIZE", help="What the database may hold before it uses the disk.")
    ] = "1500MB",
    vocabulary: Vocabulary = None,
    verbose: Annotated[int, typer.Option("--verbose", "-v", count=True, help="Log more; twice for all.")] = 0,
) -> None:
    """Mines the tables of many reports: series, recurrence, promises, copies, contradictions, quality, associations.

    Exit code: 0 done, 2 wrong usage, 1 the tables cannot be read, the page not written or a library is missing.

    Examples:

      gia-nlp mine tables/ --report report.html

      gia-nlp mine tables/ --report report.html --lang en --data report-data/

      gia-nlp mine tables/ --json | jq '.recurrence.rows[0]'
    """
    set_up_logging(verbose)
    hold_vocabulary(vocabulary)
    if data is not None and report is None:
        fail("--data goes with --report", code=USAGE)
    if report is None and not as_json:
        fail("nothing to write", hint="name a page with --report FILE, or ask for --json", code=USAGE)
    if report is not None and report.is_dir():
        fail(f"{report} is a folder", hint="name a file: --report report.html", code=USAGE)
    try:
        written = _mine(tables, report, as_json, lang.value, data, memory)
    except OSError as error:
        fail_with(error, about=str(report or tables))
    if written:
        say(written)


def _mine(tables: Path, report: Path | None, as_json: bool, lang: str, data: Path | None, memory: str) -> str:
    """Does it; returns what to say."""
    import io
    import sys

    import duckdb

    from gia_nlp import mining
    from gia_nlp.mining.report import write_json, write_report

    stream = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", write_through=True) if as_json else None
    try:
        with mining.open(tables, memory=memory) as corpus:
            if report is None:
                assert stream is not None
                write_json(corpus, stream, lang=lang)
                return ""
            done = write_report(corpus, report, lang=lang, data=data, json_to=stream)
    except mining.MiningError as error:
        fail_with(error, code=USAGE)
    except duckdb.Error as error:
        # Tables that another version or another program wrote: one line of what the database says is enough.
        fail(f"{tables}: {str(error).splitlines()[0]}", hint="run `gia-nlp tag` again")
    finally:
        if stream is not None:
            stream.flush()
            stream.detach()
    return f"{done.page} written, data of its figures in {done.data}"
