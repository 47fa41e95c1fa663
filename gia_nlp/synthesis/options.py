"""The names of layouts: a base for the tables, and options that lie on top of it or on the text around it.

A layout is written ``base+option+option``, or as a number of the list of layouts met in real reports (``14``).
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from gia_nlp.synthesis.seeds import chance
from gia_nlp.synthesis.tables_text import BASES

FILES = ("html", "html_mso", "html_unclosed", "html_nested", "html_layout", "docx", "pdf")

#: Options and what they do.
OPTIONS: dict[str, str] = {
    "bookmarks": "Word's bookmarks inside cells and before headings",
    "lost_leaves": "labels of leaf rows are lost, their numbers stay",
    "torn_cell": "a cell stands alone above its row",
    "page_marks": "page marks and running heads inside tables",
    "torn_page": "a table goes on overleaf, a label cut in two",
    "review_row": "table four as a row of fifteen numbers",
    "review_blocks": "table four as three blocks",
    "blank_zeros": "zeros are left blank",
    "mark_zeros": "zeros are one mark: / - — 无",
    "mixed_zeros": "zeros are now 0, now blank, now a mark",
    "words_in_cells": "words beside numbers in cells",
    "thousands": "1,234 in cells",
    "missing_rows": "leaf rows are missing",
    "eight_columns": "a column 小计",
    "split_number": "a number lies in two cells",
    "misprints": "sums do not hold",
    "leaf_comma": "leaf numbers 1、",
    "leaf_full": "leaf numbers １．",
    "leaf_bracket": "leaf numbers (1)",
    "leaf_ring": "leaf numbers ①",
    "leaf_none": "leaves without numbers",
    "headings_marked": "## or - or ** around headings, l for 一",
    "headings_arabic": "headings 1、",
    "headings_glued": "the prose follows its heading on the same line",
    "ordinals_odd": "ordinals doubled, shifted or restarted",
    "heading_absent": "the heading of 问题 is missing, its subheading stays",
    "heading_twice": "the last heading stands twice",
    "no_title": "no title and no issuer",
    "notes": "footnotes and sentences around tables",
    "lead_list": "the preamble lists all titles",
    "placeholders": "the template's placeholders are left in",
    "annex": "a seventh section, signature and date",
    "web_page": "the site's navigation around the text",
    "hard_wraps": "prose cut at a width, inside words and numbers",
    "blanks": "blanks inside words and numbers of the prose",
    "fused_pages": "page numbers inside the prose",
    "traditional": "traditional characters",
    "radicals": "CJK radicals in place of characters",
    "full_width": "full-width digits",
    "slips": "characters of tables' labels misread by OCR",
    "bom": "a byte order mark before the text",
    "gb18030": "the file in GB 18030",
    "zero_width": "zero-width characters",
    "one_line": "no line ends at all",
    "crlf": "line ends of Windows",
}

_EXCLUDE = [
    {"blank_zeros", "mark_zeros", "mixed_zeros"}, {"leaf_comma", "leaf_full", "leaf_bracket", "leaf_ring", "leaf_none"},
    {"review_row", "review_blocks"}, {"lost_leaves", "missing_rows"}, {"lost_leaves", "torn_cell"},
    {"one_line", "hard_wraps"}, {"one_line", "headings_marked"}, {"headings_glued", "headings_marked"},
    {"headings_arabic", "ordinals_odd"}, {"one_line", "crlf"}, {"one_line", "web_page"}, {"bom", "gb18030"}, {"traditional", "radicals"},
    {"misprints", "split_number"},  # what lies in two cells is told from two numbers by the sums alone
]  # fmt: skip

#: Options that only some bases know.
_ONLY = {
    "bookmarks": {"cells"},
    "lost_leaves": {"cells", "tabs", "pipes"},
    "torn_cell": {"cells", "pipes", "tabs"},
    "page_marks": {"cells", "pipes", "tabs", "ocr", "spaces", "numbers_first", "wrapped", "vertical", "loosely_glued"},
    "torn_page": {"pipes", "tabs", "ocr", "spaces", "vertical"},
    "review_row": {"pipes", "tabs", "ocr", "spaces", "markdown", "columns", "wrapped"},
    "review_blocks": {"pipes", "tabs", "ocr", "spaces", "markdown", "columns", "wrapped"},
    "one_line": {"glued"},
    "split_number": {"tabs", "pipes", "cells", "ocr", "markdown"},
}
#: Options that a base cannot carry.
_NEVER = {
    "glued": {
        "misprints",
        "split_number",
        "mark_zeros",
        "mixed_zeros",
        "words_in_cells",
        "eight_columns",
        "leaf_none",
        "thousands",
    },
    "loosely_glued": {
        "misprints",
        "split_number",
        "mark_zeros",
        "mixed_zeros",
        "words_in_cells",
        "eight_columns",
        "leaf_none",
        "thousands",
    },
    "columns": {"blank_zeros", "mixed_zeros", "eight_columns", "words_in_cells"},
    "mini_tables": {"eight_columns"},
}
#: What web pages, Word files and PDFs can carry: the print of the tables and the headings.
_FILE_OPTIONS = {
    "blank_zeros", "mark_zeros", "mixed_zeros", "words_in_cells", "thousands", "missing_rows", "eight_columns", "misprints",
    "leaf_comma", "leaf_full", "leaf_bracket", "leaf_none", "headings_arabic", "ordinals_odd", "no_title", "notes", "lead_list",
    "placeholders", "annex", "traditional", "heading_twice", "heading_absent", "split_number",
}  # fmt: skip

#: The layouts met in real reports, by number.
VARIANTS: dict[int, str] = {
    1: "cells", 2: "pipes", 3: "ocr", 4: "cells+lost_leaves", 5: "cells+bookmarks", 6: "tabs+page_marks", 7: "tabs+fused_pages",
    8: "spaces+hard_wraps", 9: "loosely_glued+blanks", 10: "wrapped", 11: "vertical", 12: "columns", 13: "spaces+torn_page+page_marks",
    14: "pipes+torn_cell", 15: "tabs+words_in_cells", 16: "tabs+mixed_zeros", 17: "pipes+blank_zeros", 18: "tabs+leaf_dot",
    19: "tabs+split_number", 20: "pipes+missing_rows", 21: "tabs+eight_columns", 22: "mini_tables", 23: "pipes+review_row",
    24: "glued", 25: "tabs+notes", 26: "tabs+leaf_ring", 27: "cells+headings_arabic", 28: "markdown+headings_marked",
    29: "tabs+ordinals_odd", 30: "pipes+heading_absent", 31: "spaces", 32: "tabs+lead_list", 33: "pipes+no_title", 34: "pipes+web_page",
    35: "tabs+radicals+full_width", 36: "tabs+annex", 37: "tabs+placeholders",
}  # fmt: skip


@dataclass(frozen=True)
class LayoutName:
    """A parsed layout."""

    base: str
    options: frozenset[str]

    def __str__(self) -> str:
        return "+".join([self.base, *sorted(self.options)])

    @property
    def is_file(self) -> bool:
        """A web page, Word file or PDF."""
        return self.base in FILES


def parse_layout(text: str) -> LayoutName:
    """A layout by name or number. Raises ``ValueError`` that says what is known or what does not go together.

    >>> str(parse_layout("14"))
    'pipes+torn_cell'
    """
    name = VARIANTS.get(int(text), text) if text.isdigit() else text
    base, *rest = name.split("+")
    options = frozenset(o for o in rest if o != "leaf_dot")
    if base not in BASES and base not in FILES:
        raise ValueError(
            f"no layout is called {base}; there are {', '.join([*BASES, *FILES])} and 1 to {max(VARIANTS)}"
        )
    unknown = options - set(OPTIONS)
    if unknown:
        raise ValueError(f"no option is called {', '.join(sorted(unknown))}; there are {', '.join(OPTIONS)}")
    layout = LayoutName(base, options)
    wrong = _conflict(layout)
    if wrong:
        raise ValueError(f"{name}: {wrong}")
    return layout


def _conflict(layout: LayoutName) -> str | None:
    for group in _EXCLUDE:
        if len(group & layout.options) > 1:
            return f"{' and '.join(sorted(group & layout.options))} exclude each other"
    for option in sorted(layout.options):
        if layout.is_file and option not in _FILE_OPTIONS:
            return f"{layout.base} cannot show {option}"
        if option in _ONLY and layout.base not in _ONLY[option]:
            return f"{layout.base} cannot show {option}"
        if option in _NEVER.get(layout.base, ()):
            return f"{layout.base} cannot show {option}"
    return None


def draw_layout(rng: random.Random) -> LayoutName:
    """A base with none to five options that go together."""
    base = rng.choice([*BASES, *FILES]) if chance(rng, 0.8) else rng.choice(("cells", "pipes", "tabs", "glued", "html"))
    options: set[str] = set()
    for option in rng.sample(list(OPTIONS), rng.randint(0, 7)):
        if _conflict(LayoutName(base, frozenset(options | {option}))) is None:
            options.add(option)
    return LayoutName(base, frozenset(options))
