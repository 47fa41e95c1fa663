"""The right answers of a synthetic report in the format of the annotation guide."""

from __future__ import annotations

import hashlib
from typing import Any

from gia_nlp.synthesis.content import Content
from gia_nlp.synthesis.document import Block
from gia_nlp.synthesis.marked import Mark, Marked
from gia_nlp.synthesis.options import LayoutName


def _plain(value: float | None) -> float | int | None:
    return None if value is None else int(value) if float(value).is_integer() else value


def _meta(content: Content, layout: LayoutName) -> dict[str, Any]:
    named = "no_title" not in layout.options
    form = content.numbers.forms.get("proactive", "statistics" if content.statistics else "free")
    return {
        "issuer": content.agency.name if named else None, "region": content.agency.place if named else None,
        "year": content.year, "form": form, "level": content.agency.level,
    }  # fmt: skip


def _sections(text: Marked, offsets: bool) -> list[dict[str, Any]]:
    marks = sorted((m for m in text.marks if m.kind == "section"), key=lambda m: m.start)
    ends = [m.start for m in marks[1:]] + [len(text.text)]
    return [
        {"id": m.data["id"], "start": m.start if offsets else None, "end": end if offsets else None}
        for m, end in zip(marks, ends, strict=True)
    ]


def _span(text: Marked, mark: Mark, offsets: bool) -> dict[str, Any]:
    return {
        "start": mark.start if offsets else None, "end": mark.end if offsets else None, "quote": text.text[mark.start : mark.end],
    }  # fmt: skip


def _items(text: Marked, offsets: bool) -> list[dict[str, Any]]:
    """Items in text order; a problem's remedies are those of its subject in its year."""
    marks = sorted((m for m in text.marks if m.kind == "item"), key=lambda m: m.start)
    old = {"previous", "done"}
    out = []
    for m in marks:
        answers = [
            i for i, other in enumerate(marks)
            if m.data["kind"] == "problem" and other.data["kind"] == "remedy" and other.data["subject"] == m.data["subject"]
            and (other.data["when"] in old) == (m.data["when"] in old)
        ]  # fmt: skip
        kept = {k: m.data[k] for k in ("kind", "when", "categories")}
        out.append({**kept, **_span(text, m, offsets), "remedies": answers})
    return out


def gold(
    name: str, source: str, content: Content, layout: LayoutName, blocks: list[Block], text: Marked, *, offsets: bool
) -> dict[str, Any]:
    """Everything that is right to find in a report; spans are ``None`` where the reader decides the text."""
    tables = {b.table.name: b.table for b in blocks if b.table is not None}
    facts = sorted((m for m in text.marks if m.kind == "fact"), key=lambda m: (m.start, m.end))
    return {
        "id": name,
        "source": source,
        "layout": str(layout),
        "text_sha256": hashlib.sha256(text.text.encode()).hexdigest() if offsets else None,
        "meta": _meta(content, layout),
        "sections": _sections(text, offsets),
        "tables": {n: {k: _plain(v) for k, v in t.answers.items()} for n, t in tables.items()},
        "undecidable": {n: sorted(t.undecidable) for n, t in tables.items() if t.undecidable},
        "facts": [_fact(m) | _span(text, m, offsets) for m in facts],
        "items": _items(text, offsets),
        "none_reported": content.problems.none_reported,
        **({"panel": content.panel} if content.panel else {}),
    }


def _fact(mark: Mark) -> dict[str, Any]:
    return {k: _plain(v) if k in ("value", "value_max") else v for k, v in mark.data.items()}
