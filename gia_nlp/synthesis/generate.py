"""Reports with known answers, one at a time: the same seed gives the same bytes, whatever stands before or behind."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gia_nlp.synthesis.content import FORMS, draw_content
from gia_nlp.synthesis.document import build
from gia_nlp.synthesis.gold import gold
from gia_nlp.synthesis.marked import Marked, join
from gia_nlp.synthesis.options import LayoutName, draw_layout, parse_layout
from gia_nlp.synthesis.panel import draw_panel_content
from gia_nlp.synthesis.render_text import render_text
from gia_nlp.synthesis.seeds import stream


@dataclass(frozen=True)
class Synthetic:
    """A report: its file's name and bytes, its right answers, its text (``None`` where the format hides it)."""

    name: str
    file: str
    data: bytes
    gold: dict[str, Any]
    text: str | None


def make_report(
    seed: int, index: int, layout: str | LayoutName | None = None, form: str | None = None, *, panel: bool = False
) -> Synthetic:
    """The report ``index`` of a seed; its content is the same in every layout. Raises ``ValueError`` for unknown names.

    In a panel agencies report year after year; forms then follow the years, and ``form`` is not asked.

    >>> one = make_report(7, 0, "pipes", "2021")
    >>> one.file, one.gold["meta"]["form"], len(one.gold["tables"]["requests"]) in (161, 175)
    ('r0000000.txt', '2021', True)
    """
    if form is not None and form not in FORMS:
        raise ValueError(f"no form is called {form}; there are {', '.join(FORMS)}")
    if layout is None:
        layout = draw_layout(stream(seed, index, "layout"))
    elif isinstance(layout, str):
        layout = parse_layout(layout)
    content = draw_panel_content(seed, index) if panel else draw_content(seed, index, form)
    rng = stream(seed, index, "print", str(layout))
    blocks = build(content, layout, rng)
    name = f"r{index:07d}"
    if layout.is_file:
        from gia_nlp.synthesis.files import render_file, traditional

        if "traditional" in layout.options:
            blocks = traditional(blocks)
        file, data = render_file(name, content, blocks, layout, rng)
        text = join([b.body for b in blocks if b.table is None], "\n")
        return Synthetic(name, file, data, gold(name, file, content, layout, blocks, text, offsets=False), None)
    marked: Marked = render_text(content, blocks, layout, rng)
    file = name + (".md" if layout.base in ("markdown", "mini_tables") else ".txt")
    answers = gold(name, file, content, layout, blocks, marked, offsets=True)
    encoding = "utf-8-sig" if "bom" in layout.options else "gb18030" if "gb18030" in layout.options else "utf-8"
    return Synthetic(name, file, marked.text.encode(encoding), answers, marked.text)


def make_reports(
    count: int,
    *,
    seed: int = 0,
    layouts: Sequence[str] = (),
    forms: Sequence[str] = (),
    first: int = 0,
    panel: bool = False,
) -> Iterator[Synthetic]:
    """The reports ``first`` to ``first + count`` of a seed; given layouts and forms take turns, so that every pair comes up.

    Raises ``ValueError`` for unknown names and for a panel with forms, before any report is made.
    """
    parsed = [parse_layout(name) for name in layouts]
    for form in forms:
        if form not in FORMS:
            raise ValueError(f"no form is called {form}; there are {', '.join(FORMS)}")
    if panel and forms:
        raise ValueError("the forms of a panel follow its years and cannot be given")
    return _stream(range(first, first + count), seed, parsed, forms, panel)


def _stream(
    numbers: range, seed: int, layouts: Sequence[LayoutName], forms: Sequence[str], panel: bool
) -> Iterator[Synthetic]:
    for i in numbers:
        turn, place = divmod(i, len(layouts) or 1)
        form = forms[turn % len(forms)] if forms else None
        yield make_report(seed, i, layouts[place] if layouts else None, form, panel=panel)


def write_reports(out: Path, reports: Iterator[Synthetic], truth: dict[str, Any] | None = None) -> int:
    """Writes ``out/reports`` and ``out/gold``, one report at a time, and ``truth`` as ``out/truth.json``; returns how many reports.

    Raises ``OSError``.
    """
    (out / "reports").mkdir(parents=True, exist_ok=True)
    (out / "gold").mkdir(parents=True, exist_ok=True)
    if truth is not None:
        content = json.dumps(truth, ensure_ascii=False, indent=1) + "\n"
        (out / "truth.json").write_text(content, encoding="utf-8", newline="\n")
    written = 0
    for report in reports:
        (out / "reports" / report.file).write_bytes(report.data)
        answers = json.dumps(report.gold, ensure_ascii=False, indent=1) + "\n"
        (out / "gold" / f"{report.name}.json").write_text(answers, encoding="utf-8", newline="\n")
        written += 1
    return written
