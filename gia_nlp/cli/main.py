"""The command ``gia-nlp``: one module a command, each a thin function over a plain one.

Nothing heavy is imported here or at the top of a command's module, so that ``--help`` is quick.
"""

from __future__ import annotations

import typer

from gia_nlp import __version__
from gia_nlp.cli import annotate, evaluate, mine, serve, show, status, synth, tag, train

app = typer.Typer(
    name="gia-nlp",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help=(
        "Reads China's annual government disclosure reports (政府信息公开工作年度报告) into tidy, traceable tables.\n\n"
        "Example: gia-nlp tag reports/ --out tables/"
    ),
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"gia-nlp {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
    ),
) -> None:
    pass


app.command("tag")(tag.tag)
app.command("status")(status.status)
app.command("show")(show.show)
app.command("synth")(synth.synth)
app.add_typer(annotate.app, name="annotate")
app.command("evaluate")(evaluate.evaluate)
app.command("train")(train.train)
app.command("serve")(serve.serve)
app.command("mine")(mine.mine)


def run() -> None:
    """The entry point of the console script."""
    import signal
    import sys

    # Asked to end, leave as after an error: workers are stopped, unfinished output is taken away.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    app()


if __name__ == "__main__":
    run()
