"""``gia-nlp train``: models from annotated data and a configuration."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gia_nlp.cli.messages import USAGE, Vocabulary, fail, fail_with, hold_vocabulary, say


class Task(StrEnum):
    """What can be trained."""

    facts = "facts"
    items = "items"
    categories = "categories"


def train(
    task: Annotated[Task, typer.Argument(help="What to train.")],
    config: Annotated[Path, typer.Option("--config", metavar="FILE", help="The configuration, as in models/configs.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the model and its card.")],
    vocabulary: Vocabulary = None,
) -> None:
    """Trains a model and writes it with its card: DIR/card.json and DIR/README.md say how good it is and where it fails.

    The same data, configuration and versions give the same bytes. Prints the card's scores, with 95% intervals over documents.

    Exit code: 0 trained, 2 wrong usage or a configuration that cannot be used, 1 data that cannot be used or a full disk.

    Example:

      gia-nlp train facts --config models/configs/facts.cfg --out my-facts/
    """
    hold_vocabulary(vocabulary)
    from gia_nlp.learning.config import ConfigError
    from gia_nlp.learning.tasks import train as run

    if out.exists() and not out.is_dir():
        fail(f"{out} is no folder", code=USAGE)
    try:
        scores = run(task.value, config, out)
    except ConfigError as error:
        fail_with(error, about=str(config), code=USAGE)
    except (OSError, ValueError) as error:
        fail_with(error)
    for score in scores:
        typer.echo(str(score))
    say(f"model of {task.value} written to {out}")
