"""What the commands say on stderr, and the exit codes."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Annotated, NoReturn

import typer

OK, NOTHING_DONE, USAGE, SOME_FAILED = 0, 1, 2, 3


# One meaning wherever a command has it: what the file adds holds for the command and its workers.
Vocabulary = Annotated[
    Path | None,
    typer.Option(
        "--vocabulary",
        metavar="FILE",
        help="Your own indicators and categories (YAML, see docs/extending.md); GIA_NLP_VOCABULARY does the same.",
    ),
]


def hold_vocabulary(path: Path | None) -> None:
    """Lets a user's vocabulary hold; ends the command if it is not in the format."""
    from gia_nlp.vocabulary.active import of_process
    from gia_nlp.vocabulary.user import VocabularyError, use_vocabulary

    try:
        if path is None:
            of_process()  # one that the environment names is checked here, before anything is done
        else:
            use_vocabulary(path)
    except VocabularyError as error:
        fail_with(error, code=USAGE)


# Names of files may hold what moves a terminal's cursor, colours it, or turns the line around.
_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def visible(message: str) -> str:
    """A message in which nothing gives commands to the terminal.

    >>> visible("a" + chr(27) + "[31m.txt")
    'a\\\\x1b[31m.txt'
    """
    return _COMMANDS.sub(lambda m: ascii(m[0])[1:-1], message)


def say(message: str) -> None:
    """A line on stderr."""
    typer.echo(visible(message), err=True)


def fail(message: str, *, hint: str | None = None, code: int = NOTHING_DONE) -> NoReturn:
    """Says what is wrong and what to do, and ends the command."""
    say(f"error: {message}")
    if hint:
        say(f"  → {hint}")
    raise typer.Exit(code)


def fail_with(error: Exception, *, about: str | None = None, code: int = NOTHING_DONE) -> NoReturn:
    """Ends the command for an error that may carry a ``hint``; ``about`` is put before a message that lacks it."""
    message = str(getattr(error, "message", error)) or type(error).__name__
    if about and about not in message:
        message = f"{about}: {message}"
    fail(message, hint=getattr(error, "hint", None), code=code)


def set_up_logging(verbose: int) -> None:
    """Warnings only; ``-v`` for information, ``-vv`` for everything."""
    level = {0: logging.WARNING, 1: logging.INFO}.get(verbose, logging.DEBUG)
    logging.basicConfig(level=level, format="%(levelname)s %(name)s: %(message)s", force=True)
