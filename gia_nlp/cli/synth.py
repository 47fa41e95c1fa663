"""``gia-nlp synth``: reports with known answers, to measure readers by."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gia_nlp.cli.messages import USAGE, fail, fail_with, say


def _print_list(wanted: bool) -> None:
    if not wanted:
        return
    from gia_nlp.synthesis.options import FILES, OPTIONS, VARIANTS
    from gia_nlp.synthesis.tables_text import BASES

    for name, base in BASES.items():
        typer.echo(f"{name:16} {(base.__doc__ or '').splitlines()[0]}")
    for name in FILES:
        typer.echo(f"{name:16} A file.")
    for name, what in OPTIONS.items():
        typer.echo(f"+{name:15} {what}")
    for number, name in VARIANTS.items():
        typer.echo(f"{number:<16} {name}")
    raise typer.Exit


def synth(
    count: Annotated[int, typer.Option("--count", metavar="N", min=1, help="How many reports.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for reports/ and gold/.")],
    seed: Annotated[int, typer.Option("--seed", metavar="S", help="The same seed gives the same bytes.")] = 0,
    layout: Annotated[
        list[str] | None,
        typer.Option("--layout", metavar="NAME", help="A layout, as base+option or a number; again for more, in turn."),
    ] = None,
    form: Annotated[
        list[str] | None, typer.Option("--form", metavar="FORM", help="2021, 2019, statistics or free; again for more.")
    ] = None,
    panel: Annotated[
        bool, typer.Option("--panel", help="Six years of each agency, one report a year, and truth.json.")
    ] = False,
    first: Annotated[int, typer.Option("--first", metavar="I", min=0, help="Number of the first report.")] = 0,
    list_layouts: Annotated[
        bool, typer.Option("--list", callback=_print_list, is_eager=True, help="List the layouts and exit.")
    ] = False,
) -> None:
    """Writes invented reports with their right answers: DIR/reports and DIR/gold.

    Numbers, agencies, sentences, problems and layouts are drawn; each report depends on the seed and its own number alone.

    Exit code: 0 all written, 2 wrong usage, 1 the folder cannot be written or a library is missing.

    Examples:

      gia-nlp synth --count 500 --out synthetic/ --seed 7

      gia-nlp synth --count 60 --panel --out panel/

      gia-nlp synth --count 20 --out glued/ --layout glued+one_line --layout 14 --form 2021
    """
    from gia_nlp.synthesis import make_reports, panel_truth, write_reports

    if out.exists() and not out.is_dir():
        fail(f"{out} is no folder", code=USAGE)
    try:
        reports = make_reports(count, seed=seed, layouts=layout or (), forms=form or (), first=first, panel=panel)
        written = write_reports(out, reports, {"seed": seed, **panel_truth()} if panel else None)
    except ValueError as error:
        fail(str(error), hint="gia-nlp synth --list shows the layouts", code=USAGE)
    except ModuleNotFoundError as error:
        fail(f"{error.name} is missing", hint='install it with: pip install "gia-nlp[synth]"')
    except OSError as error:
        fail_with(error, about=str(out))
    say(f"{written} reports written to {out}")
