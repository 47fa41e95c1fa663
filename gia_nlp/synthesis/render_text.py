"""Blocks as plain text, with tables in a base and the converters' noise on top."""

from __future__ import annotations

import random

from gia_nlp.synthesis import noise
from gia_nlp.synthesis.content import Content
from gia_nlp.synthesis.document import Block
from gia_nlp.synthesis.grammar import expand
from gia_nlp.synthesis.marked import Mark, Marked, concat
from gia_nlp.synthesis.options import LayoutName
from gia_nlp.synthesis.seeds import chance
from gia_nlp.synthesis.tables_text import Wear, text_table
from gia_nlp.vocabulary.loader import load_yaml


def page_mark(content: Content, layout: LayoutName, rng: random.Random) -> str:
    """A running head or a page mark of this report."""
    heads = load_yaml("synthesis/layout")["running_heads"]
    if "no_title" in layout.options:
        heads = [h for h in heads if "{agency}" not in h]
    text = rng.choice(heads).replace("{page}", str(rng.randint(2, 9))).replace("{pages}", str(rng.randint(10, 20)))
    return expand(text, rng, content.scope)


def _around(content: Content, layout: LayoutName, rng: random.Random, name: str) -> list[str]:
    lines = rng.choice(load_yaml("synthesis/layout")[name])
    if "no_title" in layout.options:
        lines = [x for x in lines if "{agency}" not in x and "{place}" not in x]
    return [expand(x, rng, content.scope) for x in lines]


def render_text(content: Content, blocks: list[Block], layout: LayoutName, rng: random.Random) -> Marked:
    """The text of a report with its marks. Tables note what the base leaves open."""
    options = layout.options
    wear = Wear(
        bookmarks="bookmarks" in options, lost_leaves="lost_leaves" in options, torn_cell="torn_cell" in options,
        page_marks="page_marks" in options, torn_page="torn_page" in options, page_mark=page_mark(content, layout, rng),
        review="row" if "review_row" in options else "blocks" if "review_blocks" in options else "grid",
    )  # fmt: skip
    indent = rng.choice(("", "", "\u3000\u3000", "    "))
    gap = "\n\n" if chance(rng, 0.3) else "\n"
    parts: list[Marked | str] = []
    if "web_page" in options:
        parts += ["\n".join(_around(content, layout, rng, "navigation")), "\n"]
    for i, block in enumerate(blocks):
        if block.table is not None:
            around = "\n" if chance(rng, 0.5) else ""
            parts += [around, "\n".join(text_table(layout.base, block.table, rng, wear)), "\n" + around]
            continue
        body = block.body
        if block.kind in ("para", "note"):
            body = Marked(body.text, (*body.marks, Mark(0, len(body.text), "prose")))
            parts.append(indent)
        parts.append(body)
        behind = blocks[i + 1].kind if i + 1 < len(blocks) else ""
        glued = block.kind == "heading" and behind == "para" and "headings_glued" in options
        parts.append("" if glued else gap)
    if "web_page" in options:
        parts += ["\n".join(_around(content, layout, rng, "footer")), "\n"]
    text = concat(parts)
    for name, step in noise.STEPS.items():
        if name in options:
            text = step(text, rng)
    table = noise.character_map(options, text.text, rng)
    return noise.in_characters(text, table) if table else text
