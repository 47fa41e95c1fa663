"""Extension of Griffe: docstrings as the pages want them, with roles as code and doctests as blocks of code."""

from __future__ import annotations

import re
from typing import Any

import griffe

ROLE = re.compile(r":(?:class|func|meth|data|attr|mod|exc):`[~.]*([^`]+)`")
PROMPT = re.compile(r"^( *)>>> .*(?:\n.+)*", re.M)


class Docstrings(griffe.Extension):
    """Rewrites the docstring of every object."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Called by Griffe for each object."""
        if obj.docstring:
            obj.docstring.value = rewritten(obj.docstring.value)


def rewritten(text: str) -> str:
    """A docstring as Markdown.

    >>> print(rewritten("See :func:`a.b`.\\n\\n>>> 1 + 1\\n2"))
    See `a.b`.
    <BLANKLINE>
    ```pycon
    >>> 1 + 1
    2
    ```
    """
    text = ROLE.sub(lambda m: f"`{m[1]}`", text)
    return PROMPT.sub(lambda m: f"{m[1]}```pycon\n{m[0]}\n{m[1]}```", text)
