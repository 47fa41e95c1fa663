"""A report as blocks in order: content and the options of a layout put together, no format yet."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from typing import Any

from gia_nlp.synthesis import forms
from gia_nlp.synthesis.boxes import Printed
from gia_nlp.synthesis.content import LEAD_LIST, Content
from gia_nlp.synthesis.counts import chinese
from gia_nlp.synthesis.grammar import expand, sentence
from gia_nlp.synthesis.marked import Mark, Marked, concat
from gia_nlp.synthesis.options import LayoutName
from gia_nlp.synthesis.seeds import chance
from gia_nlp.vocabulary.loader import load_yaml


@dataclass(frozen=True)
class Block:
    """A paragraph or a table. ``kind``: title, heading, subheading, para, note, table, signature, aside (not the report's)."""

    kind: str
    body: Marked = field(default_factory=Marked)
    table: Printed | None = None


def _style(options: frozenset[str], rng: random.Random) -> forms.Style:
    leaf = next((o[5:] for o in sorted(options) if o.startswith("leaf_")), "dot")
    blanks = {"blank_zeros": "blank", "mark_zeros": "mark", "mixed_zeros": "mixed"}
    return forms.Style(
        blanks=next((way for o, way in blanks.items() if o in options), "as_is"), words="words_in_cells" in options,
        leaf=leaf, missing="missing_rows" in options, eight="eight_columns" in options, split="split_number" in options,
        thousands="thousands" in options,
    )  # fmt: skip


def _tables(content: Content, options: frozenset[str], rng: random.Random) -> dict[str, Printed]:
    style, out = _style(options, rng), {}
    for name, numbers in content.numbers.tables.items():
        printed = dict(numbers)
        if "misprints" in options:
            printed |= content.numbers.contradictions.get(name, {})
        form = content.numbers.forms[name]
        if name == "statistics":
            out[name] = forms.statistics(rng, content.statistics or "national", printed, style, content.year)
        else:
            maker = {
                "proactive": forms.proactive,
                "requests": forms.requests,
                "review_litigation": forms.review_litigation,
            }[name]
            out[name] = maker(rng, form, printed, style)
        if "slips" in options:
            _misread(out[name], rng)
    return out


def _misread(table: Printed, rng: random.Random) -> None:
    """One character in about every sixth label is read as another that looks like it."""
    slips: dict[str, str] = load_yaml("synthesis/layout")["slips"]
    for row in table.grid:
        for i, box in enumerate(row):
            able = [k for k, c in enumerate(box.text) if c in slips]
            if not box.is_value and len(box.text) > 3 and able and chance(rng, 0.16):
                at = rng.choice(able)
                row[i] = replace(box, text=box.text[:at] + slips[box.text[at]] + box.text[at + 1 :])


class _Builder:
    """Puts blocks one behind the other and counts the headings."""

    def __init__(self, content: Content, options: frozenset[str], rng: random.Random) -> None:
        self.content, self.options, self.rng = content, options, rng
        self.data: dict[str, Any] = load_yaml("synthesis/layout")
        self.blocks: list[Block] = []
        self.ordinal = 0
        self.odd_at = rng.randint(2, 5) if "ordinals_odd" in options else -1
        self.odd_way = rng.choice(("double", "skip", "restart"))
        self.prefix = rng.choice(("## ", "- ", "**", "# ")) if "headings_marked" in options else ""
        self.pending: list[str] = []

    def words(self, template: str) -> str:
        return expand(template, self.rng, self.content.scope)

    def add(self, kind: str, body: Marked | str) -> None:
        marked = Marked(body) if isinstance(body, str) else body
        if marked.text:
            self.blocks.append(Block(kind, marked))

    def heading(self, section: str, name: str, *, absent: bool = False) -> None:
        """A section's heading with its mark; an absent one leaves its mark on the next block."""
        title = self.rng.choice(self.data["headings"][name])
        if absent:
            self.add("subheading", Marked("（一）主要问题", (Mark(0, 7, "section", {"id": section}),)))
            return
        self.ordinal += 1
        if self.ordinal == self.odd_at:
            self.ordinal += {"double": -1, "skip": 1, "restart": 1 - self.ordinal}[self.odd_way]
            self.odd_at = -1
        number = f"{self.ordinal}" if "headings_arabic" in self.options else chinese(self.ordinal, measure=False)
        if self.ordinal == 1 and "headings_marked" in self.options and chance(self.rng, 0.3):
            number = "l"
        text = f"{number}、{title}"
        if "headings_arabic" in self.options and chance(self.rng, 0.4):
            text = f"{number}、 {title}"
        if self.prefix:
            text = self.prefix + text + ("**" if self.prefix == "**" else "")
        if "bookmarks" in self.options and chance(self.rng, 0.3):
            text = "[bookmark: _GoBack]" + text
        self.add("heading", Marked(text, (Mark(0, len(text), "section", {"id": section}),)))

    def table(self, table: Printed) -> None:
        name = table.name
        forced = "notes" in self.options
        for body in self.content.prose.get(name, []):
            self.add("para", body)
        if forced and not self.content.prose.get(name):
            rows = load_yaml("synthesis/prose")["table_sentences"].get(name, [])
            able = [r["t"] for r in rows if all(self.content.scope.values[n] for n in r.get("need") or [])]
            able = [t for t in able if "«" not in t or "=>" not in t]
            if able:
                self.add("para", sentence(self.rng.choice(able), self.rng, self.content.scope))
        self.blocks.append(Block("table", table=table))
        note = self.content.notes.get(name)
        if note is None and forced:
            note = self.words(self.rng.choice(load_yaml("synthesis/prose")["notes"]))
        if note:
            self.add("note", note)

    def placeholder(self) -> None:
        if "placeholders" in self.options and chance(self.rng, 0.6):
            self.add("para", self.rng.choice(self.data["placeholders"]))


def build(content: Content, layout: LayoutName, rng: random.Random) -> list[Block]:
    """The blocks of a report in a layout's wording, with marks for sections, facts and items."""
    b = _Builder(content, layout.options, rng)
    tables = _tables(content, layout.options, rng)
    named = "no_title" not in layout.options
    if named:
        b.add("title", b.words(rng.choice(b.data["titles"])))
        listed = "lead_list" in layout.options or chance(rng, 0.3)
        lead = b.words(rng.choice(load_yaml("synthesis/prose")["lead_list"])) if listed else ""
        b.add("para", content.preamble.replace(LEAD_LIST, lead))
    elif chance(rng, 0.5):
        b.add("title", b.words(rng.choice(b.data["bare_titles"])))
    _overview(b)
    if content.form in ("statistics", "free"):
        _old_sections(b)
    else:
        for name in ("proactive", "requests", "review_litigation"):
            b.heading(name, name)
            b.placeholder()
            b.table(tables[name])
    _problems(b)
    b.heading("other", "other")
    if "heading_twice" in layout.options:
        b.ordinal -= 1
        b.heading("other", "other")
    b.placeholder()
    for body in content.prose["other"]:
        b.add("para", body)
    if "annex" in layout.options:
        b.heading("other", "annex")
        b.add("para", rng.choice(b.data["annex_body"]))
    if named and ("annex" in layout.options or chance(rng, 0.25)):
        for line in b.data["signature"]:
            b.add("signature", b.words(line))
    if "statistics" in tables:
        title = (
            b.words(rng.choice(load_yaml("synthesis/statistics")[content.statistics]["title"]))
            if named
            else "政府信息公开情况统计表"
        )
        title = rng.choice(("附件：", "附件1：", "附表：", "")) + title
        b.add("heading", Marked(title, (Mark(0, len(title), "section", {"id": "other"}),)))
        b.table(tables["statistics"])
    return b.blocks


def _overview(b: _Builder) -> None:
    b.heading("overview", "overview")
    if "ordinals_odd" in b.options and b.odd_way == "double":
        b.add("subheading", f"一、{b.content.year}年工作开展情况")
    b.placeholder()
    style = b.rng.choice(("inline", "inline", "1.", "line", "plain"))
    number = 0
    for title, body in b.content.overview:
        if not title or style == "plain":
            b.add("para", body)
            continue
        number += 1
        mark = f"{number}." if style == "1." else f"（{chinese(number, measure=False)}）"
        if style == "line":
            b.add("subheading", mark + title)
            b.add("para", body)
        else:
            b.add("para", concat([f"{mark}{title}。", body]))


def _old_sections(b: _Builder) -> None:
    """The headings of 2008 to 2018: 回应解读 and 收费 stand on their own and map to ``other``."""
    for name in ("proactive", "interpretation", "requests", "fees", "review_litigation"):
        section = name if name in ("proactive", "requests", "review_litigation") else "other"
        if section == "other" and chance(b.rng, 0.3):
            continue
        if not any(m.text for m in b.content.prose[name]):
            continue
        b.heading(section, name)
        for body in b.content.prose[name]:
            b.add("para", body)


def _problems(b: _Builder) -> None:
    section = b.content.problems
    absent = "heading_absent" in b.options and section.style not in ("two_headings", "none")
    b.heading("problems", "problems_only" if section.style == "two_headings" else "problems", absent=absent)
    lines = section.lines
    if absent and section.style == "lines":
        lines = lines[1:]  # its own subheading would stand twice
    for line in lines:
        if line.kind == "heading":
            b.heading("problems", "remedies_only")
        else:
            b.add("para", line.body)
