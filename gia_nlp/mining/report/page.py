"""The page: parts and evidence put into one HTML file that loads nothing and runs its own script alone."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import quote

from gia_nlp import __version__
from gia_nlp.mining.report.blocks import Figure, Part
from gia_nlp.mining.report.evidence import Evidence
from gia_nlp.mining.report.words import Words


@cache
def _source(name: str) -> str:
    return resources.files("gia_nlp.mining.report").joinpath("data", name).read_text(encoding="utf-8")


@cache
def _template() -> Any:
    import jinja2

    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["thousands"] = lambda n: f"{n:,}"
    return environment.from_string(_source("page.html.j2"))


def render(name: str, words: Words, parts: Sequence[Part], evidence: Sequence[Evidence], data: str) -> str:
    """The page as HTML. ``name`` is what the corpus is called, ``data`` the folder of the CSV files as seen from the page.

    Everything that comes from the reports is escaped by the template or by the drawing (:mod:`gia_nlp.mining.report.svg`); the
    page's own policy allows no other script than its own, told by its hash.
    """
    from markupsafe import Markup

    for part in parts:
        for block in part.blocks:
            if isinstance(block, Figure):
                block.svg = Markup(block.svg)
    script = _source("page.js").strip()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return str(
        _template().render(
            name=name,
            words=words,
            lang=words.lang,
            parts=parts,
            evidence=evidence,
            data=quote(data),
            style=Markup(_source("page.css")),
            script=Markup(script),
            script_hash=Markup(digest),
            version=__version__,
        )
    )
