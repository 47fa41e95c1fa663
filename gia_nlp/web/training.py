"""Corrections as annotated texts for ``gia-nlp train``: only what a person has looked at.

Where all counts (or all problems and remedies) of a report were checked, it is taken whole. Elsewhere a corrected count gives its
sentence, with the counts that stand in it; a corrected problem or remedy teaches its categories alone, as nobody has said that
there are no others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from gia_nlp.annotation.files import json_line
from gia_nlp.annotation.plain import fact_to_dict, item_to_dict
from gia_nlp.annotation.records import GoldDocument, GoldFact, GoldItem
from gia_nlp.web.corrections import Corrections, reviewed

TASKS = ("facts", "items", "categories")
_ENDS = re.compile(r"[。！？!?\n]")
Row = dict[str, Any]


def training_rows(documents: Iterable[GoldDocument], task: str) -> Iterator[Row]:
    """The rows that training of a task (:data:`TASKS`) reads: ``id, text, split, style, year`` and the answers."""
    if task not in TASKS:
        raise ValueError(f"no task is called {task}: there are {', '.join(TASKS)}")
    for document in documents:
        if task == "facts":
            yield from _facts(document)
        elif task == "items":
            if reviewed(document, "items"):
                yield _row(document, items=[_item(i) for i in document.items or ()])
        else:
            yield from _categories(document)


def write_training(folder: str | Path, task: str, path: str | Path) -> int:
    """Writes the corrections in a folder as JSONL for ``gia-nlp train``; returns the number of rows."""
    rows = list(training_rows(Corrections(folder).documents(), task))
    Path(path).write_text("".join(map(json_line, rows)), encoding="utf-8", newline="\n")
    return len(rows)


def _row(document: GoldDocument, **answers: Any) -> Row:
    meta = document.meta or {}
    about = {"style": meta.get("issuer") or document.id, "year": meta.get("year"), "meta": meta}
    return {"id": document.id, "text": document.text, "split": "train", **about, **answers}


def _facts(document: GoldDocument) -> Iterator[Row]:
    facts = document.facts or ()
    if reviewed(document, "facts"):
        yield _row(document, facts=[_fact(f) for f in facts])
        return
    seen = [(f.start, f.end) for f in facts if f.start is not None and f.end is not None and f.score is None]
    for entry in document.more.get("history", ()):  # where one was removed or moved away, a person has looked too
        before = entry.get("before") if isinstance(entry, dict) and entry.get("what") == "fact" else None
        if before and before.get("start") is not None:
            seen.append((before["start"], before["end"]))
    for start, end in dict.fromkeys(_sentence(document.text, *span) for span in sorted(seen)):
        inside = [f for f in facts if f.start is not None and f.end is not None and start <= f.start and f.end <= end]
        moved = [_fact(replace(f, start=f.start - start, end=f.end - start)) for f in inside]  # type: ignore[operator]
        row = _row(document, facts=moved)
        yield {**row, "id": f"{document.id}@{start}-{end}", "text": document.text[start:end]}


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The whole sentences around a span."""
    before = [m.end() for m in _ENDS.finditer(text, max(0, start - 2000), start)]
    behind = _ENDS.search(text, end)
    return before[-1] if before else max(0, start - 2000), behind.end() if behind else len(text)


def _categories(document: GoldDocument) -> Iterator[Row]:
    items = document.items or ()
    known = [n for n, item in enumerate(items) if item.score is None and item.categories]
    if not known:
        return
    new = {old: n for n, old in enumerate(known)}
    kept = [replace(items[n], remedies=tuple(new[r] for r in items[n].remedies if r in new)) for n in known]
    yield _row(document, items=[_item(i) for i in kept])


def _fact(fact: GoldFact) -> Row:
    return fact_to_dict(replace(fact, score=None, more={}))


def _item(item: GoldItem) -> Row:
    return item_to_dict(replace(item, score=None, more={}))
