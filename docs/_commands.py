"""Hook of MkDocs: the help of every command in the place of its mark (docs/reference/commands.md)."""

from __future__ import annotations

from typing import Any

MARK = "<!-- commands -->"


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Called by MkDocs for each page."""
    return markdown.replace(MARK, _commands()) if MARK in markdown else markdown


def _commands() -> str:
    import typer.main

    from gia_nlp.cli.main import app

    return "\n".join(_sections(typer.main.get_command(app), "gia-nlp", None))


def _sections(command: Any, name: str, parent: Any) -> list[str]:
    """A heading and the help of a command and of those below it."""
    context = type(command).context_class(command, info_name=name.split()[-1], parent=parent, max_content_width=100)
    out = [] if parent is None else [f"## {name}\n\n```text\n{command.get_help(context).strip()}\n```\n"]
    for word, below in getattr(command, "commands", {}).items():
        out += _sections(below, f"{name} {word}", context)
    return out
