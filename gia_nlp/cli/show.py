"""``gia-nlp show``: what was found in one report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gia_nlp.cli.messages import USAGE, Vocabulary, fail, fail_with, hold_vocabulary, say, set_up_logging


def show(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A report.")],
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write a page with every finding marked in the text.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    vocabulary: Vocabulary = None,
    text: Annotated[bool, typer.Option("--text", help="Print the text as it was read.")] = False,
    verbose: Annotated[int, typer.Option("--verbose", "-v", count=True, help="Log more; twice for all.")] = 0,
) -> None:
    """Shows one report: sections, tables, counts, problems with their remedies, checks that fail.

    Exit code: 0 the file was read, 2 wrong usage, 1 it could not be read.

    Examples:

      gia-nlp show report.html

      gia-nlp show report.pdf --html report-marked.html

      gia-nlp show report.txt --json | jq '.facts[0]'
    """
    set_up_logging(verbose)
    hold_vocabulary(vocabulary)
    if as_json and text:
        fail("--json and --text exclude each other", code=USAGE)
    if not file.is_file():
        what = "is a folder" if file.is_dir() else "does not exist"
        fail(f"{file} {what}", hint="show takes one file; many are read with: gia-nlp tag", code=USAGE)
    from gia_nlp.pipeline import tag
    from gia_nlp.reading import ReadingError

    try:
        report = tag(file)
    except (ReadingError, OSError) as error:
        fail_with(error, about=str(file))
    except Exception as error:
        if verbose:
            raise
        hint = "this is a fault of gia-nlp: please report it with the file; -v shows where it happened"
        fail(f"{file}: {type(error).__name__}: {error}", hint=hint)
    if html is not None:
        from gia_nlp.frames.render_html import render_page

        try:
            html.write_text(render_page(report), encoding="utf-8", errors="replace")
        except OSError as error:
            fail_with(error, about=str(html))
        say(f"{html} written")
    if as_json:
        import json

        # A path may hold bytes that are no UTF-8: written as \udc.., which is valid JSON.
        data = json.dumps(report.to_dict(), ensure_ascii=False, indent=1)
        typer.echo(data.encode("utf-8", "backslashreplace"))
    elif text:
        typer.echo(report.text.encode("utf-8", "replace"), nl=not report.text.endswith("\n"))
    elif html is None:
        from gia_nlp.frames.render_terminal import print_report

        print_report(report)
