"""Writes the example reports and their right answers from the marked sources beside this file.

    python data/example-sources/build.py [--out data/examples]

A source is a head in YAML, then the report. A line ``[[section]] heading`` opens a section, ``@table name style`` …
``@end`` holds a table's numbers (forms.py). Inside a sentence

    {39条|items_published website topic=工作动态 & …}        marks a fact (or several on one quantity),
    <<P1 current coverage,quality -> R1,R2|…>>              marks a problem (P) or remedy (R) and what answers it,

so that every quote of the gold files is right by construction. Text files get offsets; for the others the reader
decides the text, so ``start`` and ``end`` are null.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import forms
import render_files
import render_text
import yaml

HERE = Path(__file__).resolve().parent
_QUANTITY = re.compile(r"(\d[\d,，]*(?:\.\d+)?)(万|亿)?(?:余|多)?(万|亿)?(.*)$")
_SCALE = {"万": 10_000, "亿": 100_000_000, None: 1}


@dataclass
class Marked:
    """Plain text with the facts and items that stand in it; spans count from the start of ``text``."""

    text: str = ""
    facts: list[tuple[int, int, str]] = field(default_factory=list)
    items: list[tuple[int, int, str]] = field(default_factory=list)


@dataclass
class Block:
    """A paragraph, a heading (with its section) or a table (with its style)."""

    kind: str
    marked: Marked = field(default_factory=Marked)
    section: str | None = None
    table: forms.Table | None = None
    style: str = ""


def unmark(source: str) -> Marked:
    """Takes the marks out of a paragraph."""
    result = Marked()
    stack: list[tuple[str, int, int]] = []  # closing mark, start in the result, place of "|" for facts
    i = 0
    out: list[str] = []
    while i < len(source):
        if source.startswith("<<", i):
            bar = source.index("|", i)
            stack.append((source[i + 2 : bar], len(out), 0))
            i = bar + 1
        elif source.startswith(">>", i):
            label, start, _ = stack.pop()
            result.items.append((start, len(out), label))
            i += 2
        elif source[i] == "{":
            bar, close = source.index("|", i), source.index("}", i)
            start = len(out)
            out += source[i + 1 : bar]
            result.facts.append((start, len(out), source[bar + 1 : close]))
            i = close + 1
        else:
            out.append(source[i])
            i += 1
    assert not stack, source
    result.text = "".join(out)
    return result


def fact(quote: str, spec: str) -> dict[str, Any]:
    """The gold fact that a mark describes; value and unit come from an Arabic quote unless given."""
    words = spec.split()
    given = dict(w.split("=", 1) for w in words if "=" in w)
    plain = [w for w in words if "=" not in w]
    value, unit = None, None
    if match := _QUANTITY.match(re.sub(r"\s", "", quote)):
        number, scale, late_scale, unit = match.groups()
        value = float(re.sub("[,，]", "", number)) * _SCALE[scale or late_scale]
        unit = re.sub(r"(以上|左右)$", "", unit) or None
    change = None
    if "change" in given:
        amount, change_unit, direction = given["change"].split(":")
        change = {"value": float(amount), "unit": change_unit, "direction": direction}
    periods = [w for w in plain if w in ("previous", "cumulative", "planned")]
    bounds = [w for w in plain if w in ("at_least", "about")]
    channels = [w for w in plain[1:] if w not in periods + bounds]
    assert len(channels) <= 1, spec
    value = float(given["value"]) if "value" in given else value
    assert value is not None, (quote, spec)
    return {
        "indicator": plain[0],
        "value": value,
        "value_max": float(given["max"]) if "max" in given else None,
        "bound": bounds[0] if bounds else "exact",
        "unit": (given["unit"] or None) if "unit" in given else unit,
        "channel": channels[0] if channels else "all",
        "period": periods[0] if periods else "current",
        "topic": given.get("topic"),
        "change": change,
        "quote": quote,
    }


def parse(path: Path) -> tuple[dict[str, Any], list[Block]]:
    """The head and the blocks of a source."""
    _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
    meta = yaml.safe_load(head)
    blocks: list[Block] = []
    lines = iter(body.strip("\n").split("\n"))
    for line in lines:
        if line.startswith("@table"):
            _, name, *rest = line.split()
            style, form = rest[0], rest[1] if len(rest) > 1 else meta["meta"]["form"]
            numbers = []
            for number_line in lines:
                if number_line == "@end":
                    break
                numbers.append(number_line)
            blocks.append(Block("table", table=forms.build(name, form, numbers), style=style))
        elif match := re.match(r"\[\[(\w+)\]\] (.*)", line):
            blocks.append(Block("heading", Marked(match[2]), section=match[1]))
        elif line.startswith("# "):
            blocks.append(Block("title", Marked(line[2:])))
        elif line.startswith("## "):
            blocks.append(Block("subheading", unmark(line[3:])))
        else:
            blocks.append(Block("paragraph", unmark(line)))
    return meta, blocks


def wrap(marked: Marked, width: int) -> Marked:
    """The paragraph cut into lines of ``width`` characters, as a PDF's text is; spans move along."""
    if len(marked.text) <= width:
        return marked
    text = "\n".join(marked.text[i : i + width] for i in range(0, len(marked.text), width))
    place = lambda n: n + max(0, n - 1) // width if n else 0  # noqa: E731
    first = lambda n: n + n // width  # noqa: E731
    move = lambda spans: [(first(s), place(e), label) for s, e, label in spans]  # noqa: E731
    return Marked(text, move(marked.facts), move(marked.items))


def plain_text(meta: dict[str, Any], blocks: list[Block]) -> tuple[str, list[tuple[int, Block, Marked]]]:
    """The text file, and where each block begins in it."""
    text, begins = "", []
    line_end = meta.get("line_end", "\n")
    joiner = meta.get("joiner", line_end)
    markdown_heads = meta["format"] == "markdown" and not meta.get("wrap")
    for block in blocks:
        if block.table is not None:
            text += render_text.STYLES[block.style](block.table).replace("\n", line_end) + joiner
            continue
        marked = wrap(block.marked, meta["wrap"]) if meta.get("wrap") else block.marked
        if markdown_heads and block.kind in ("title", "heading", "subheading"):
            text += {"title": "# ", "heading": "## ", "subheading": "### "}[block.kind]
        begins.append((len(text), block, marked))
        text += marked.text + joiner
    return text, begins


def gold(meta: dict[str, Any], blocks: list[Block], text: str | None, begins: list[Any]) -> dict[str, Any]:
    """The right answers in the format of the annotation guide."""
    sections: list[dict[str, Any]] = []
    facts: list[dict[str, Any]] = []
    items: list[tuple[dict[str, Any], str, list[str]]] = []
    placed = begins or [(None, b, b.marked) for b in blocks if b.table is None]
    for begin, block, marked in placed:
        where = lambda s, e, at=begin: (None, None) if at is None else (at + s, at + e)  # noqa: E731
        if block.section:
            if sections and begin is not None:
                sections[-1]["end"] = begin
            end = None if text is None else len(text)
            sections.append({"id": block.section, "start": begin, "end": end})
        for s, e, spec in marked.facts:
            for one in spec.split("&"):
                start, end = where(s, e)
                facts.append({**fact(marked.text[s:e], one), "start": start, "end": end})
        for s, e, label in sorted(marked.items):
            head, _, answers = label.partition("->")
            name, when, categories = head.split()
            start, end = where(s, e)
            record = {
                "kind": "problem" if name[0] == "P" else "remedy",
                "when": when,
                "categories": categories.split(","),
                "start": start,
                "end": end,
                "quote": marked.text[s:e],
            }
            items.append((record, name, [a.strip() for a in answers.split(",") if a.strip()]))
    names = [name for _, name, _ in items]
    tables: dict[str, Any] = {}
    undecidable: dict[str, list[str]] = {}
    for block in blocks:
        if block.table is not None:
            tables.setdefault(block.table.name, {}).update(block.table.answers)
            if block.style == "glued" and (keys := render_text.undecidable(block.table)):
                undecidable[block.table.name] = keys
    return {
        "id": meta["id"],
        "source": meta["file"],
        **({"text_sha256": hashlib.sha256(text.encode()).hexdigest()} if text is not None else {}),
        "meta": meta["meta"],
        "sections": sections,
        "tables": tables,
        **({"undecidable": undecidable} if undecidable else {}),
        "facts": facts,
        "items": [{**record, "remedies": [names.index(a) for a in answers]} for record, _, answers in items],
        "none_reported": meta.get("none_reported", False),
    }


def build(source: Path, out: Path) -> None:
    """Writes one report and its answers."""
    meta, blocks = parse(source)
    name, _, member = meta["file"].partition("!/")
    target = out / name
    text, begins = (None, [])
    if meta["format"] in ("text", "markdown"):
        text, begins = plain_text(meta, blocks)
        data = text.encode(meta.get("encoding", "utf-8"))
        if member:
            info = zipfile.ZipInfo(member, (2024, 1, 1, 0, 0, 0))
            with zipfile.ZipFile(target, "a") as archive:
                archive.writestr(info, data)
        else:
            target.write_bytes(data)
    else:
        render_files.WRITERS[meta["format"]](meta, blocks, target)
    answers = gold(meta, blocks, text, begins)
    for entry in answers["facts"] + answers["items"]:
        assert text is None or text[entry["start"] : entry["end"]] == entry["quote"], entry
    path = out / "gold" / f"{meta['id']}.json"
    path.write_text(json.dumps(answers, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Builds every source; archives are written afresh."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=HERE.parent / "examples")
    out = parser.parse_args().out
    (out / "gold").mkdir(parents=True, exist_ok=True)
    for archive in out.glob("*.zip"):
        archive.unlink()
    for source in sorted(HERE.glob("*.source")):
        build(source, out)


if __name__ == "__main__":
    main()
