"""What people correct: one gold document a report, a JSON file each in a folder, with who changed what and when.

A file begins as what the pipeline found (marks with a ``score``). A mark that somebody saved loses its score and has ``by`` and
``at``; the document's ``history`` keeps each change with what stood there before; ``reviewed`` says of which kind somebody has
checked all. The files are what :func:`gia_nlp.annotation.load_gold` reads.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import tempfile
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from gia_nlp.annotation.files import load_gold, text_hash
from gia_nlp.annotation.plain import check, document_to_dict, fact_to_dict, item_to_dict
from gia_nlp.annotation.records import GoldDocument, GoldError, GoldFact, GoldItem

KINDS = ("facts", "items")


class ConflictError(Exception):
    """Somebody else has saved the document meanwhile."""


@dataclass(frozen=True, slots=True)
class Change:
    """Who changes a document, and when (ISO 8601, UTC)."""

    by: str
    at: str


class Corrections:
    """A folder of corrections; it is made when the first one is saved. Safe for the threads of one server.

    Files that are no gold documents are left alone and named in ``unread``.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self._lock = threading.Lock()
        self._known: dict[str, Path] = {}
        self.unread: list[str] = []
        for path in sorted(self.folder.glob("*.json")) if self.folder.is_dir() else ():
            try:
                [document] = load_gold(path)
                self._known[document.id] = path
            except GoldError as error:
                self.unread.append(str(error))

    def ids(self) -> list[str]:
        """The reports that have corrections."""
        with self._lock:
            return sorted(self._known)

    def get(self, report_id: str) -> GoldDocument | None:
        """The corrected document of a report, as it is on disk; raises :class:`GoldError` if somebody broke the file."""
        with self._lock:
            path = self._known.get(report_id)
        if path is None or not path.is_file():
            return None
        [document] = load_gold(path)
        return document

    def documents(self) -> list[GoldDocument]:
        """All corrected documents that can be read, by id."""
        found = []
        for one in self.ids():
            with contextlib.suppress(GoldError):  # its own page says what is wrong
                found += [document] if (document := self.get(one)) is not None else []
        return found

    def save(self, document: GoldDocument, *, revision: int) -> None:
        """Writes a document whole or not at all. ``revision`` is that of the one it was made from.

        Raises :class:`ConflictError` if another has been saved since, ``OSError`` if the file cannot be written.
        """
        check(document)
        with self._lock:
            path = self._known.get(document.id) or self.folder / file_name(document.id)
            there = next(iter(load_gold(path)), None) if path.is_file() else None
            if revision_of(there) != revision:
                raise ConflictError(document.id)
            text_sha256 = text_hash(document.text)
            kept = replace(document, text_sha256=text_sha256, more={**document.more, "revision": revision + 1})
            data = json.dumps(document_to_dict(kept), ensure_ascii=False, indent=1) + "\n"
            self.folder.mkdir(parents=True, exist_ok=True)
            _write(path, data)
            self._known[document.id] = path


def _write(path: Path, data: str) -> None:
    handle, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def file_name(report_id: str) -> str:
    """A name that every file system takes and no other report has.

    >>> file_name("in/青垄县 2024.txt")
    'in_青垄县_2024.txt-b432f2fc.json'
    """
    stem = re.sub(r"[^\w.\-]+", "_", report_id).strip("._")[-60:] or "report"
    return f"{stem}-{hashlib.sha256(report_id.encode('utf-8', 'backslashreplace')).hexdigest()[:8]}.json"


def revision_of(document: GoldDocument | None) -> int:
    """How often a document was saved; 0 for one that never was."""
    revision = document.more.get("revision", 0) if document is not None else 0
    return revision if isinstance(revision, int) else 0


def reviewed(document: GoldDocument, kind: str) -> dict[str, str] | None:
    """Who has checked all ``facts`` or ``items`` of a document, and when."""
    found = (document.more.get("reviewed") or {}).get(kind)
    return found if isinstance(found, dict) else None


# --------------------------------------------------------------------------- changes, each a new document


def put_fact(document: GoldDocument, index: int | None, fact: GoldFact, change: Change) -> GoldDocument:
    """The document with a fact in the place of the one at ``index``, or as a new one."""
    facts = list(document.facts or ())
    before = fact_to_dict(facts.pop(index)) if index is not None else None
    facts.append(replace(fact, score=None, more=_signed(change)))
    done = replace(document, facts=tuple(sorted(facts, key=_place)))
    return _noted(done, change, "fact", before, fact_to_dict(fact))


def remove_fact(document: GoldDocument, index: int, change: Change) -> GoldDocument:
    """The document without a fact."""
    facts = list(document.facts or ())
    before = fact_to_dict(facts.pop(index))
    return _noted(replace(document, facts=tuple(facts)), change, "fact", before, None)


def put_item(document: GoldDocument, index: int | None, item: GoldItem, change: Change) -> GoldDocument:
    """The document with a problem or remedy in the place of the one at ``index``, or as a new one.

    ``item.remedies`` are indexes into the document's items as they are before the change.
    """
    items = list(document.items or ())
    before = item_to_dict(items[index]) if index is not None else None
    new = replace(item, score=None, more=_signed(change))
    if index is None:
        items.append(new)
    else:
        items[index] = new
    return _noted(_arranged(document, items), change, "item", before, item_to_dict(item))


def remove_item(document: GoldDocument, index: int, change: Change) -> GoldDocument:
    """The document without a problem or remedy; pairs with it go too."""
    items = list(document.items or ())
    before = item_to_dict(items[index])
    return _noted(_arranged(document, items, without=index), change, "item", before, None)


def review(document: GoldDocument, kind: str, change: Change) -> GoldDocument:
    """The document with all ``facts`` or ``items`` confirmed: their scores go, as a person has looked at each."""
    if kind not in KINDS:
        raise ValueError(kind)
    more = {**document.more}
    more["reviewed"] = {**(more.get("reviewed") or {}), kind: {"by": change.by, "at": change.at}}
    more["history"] = [*more.get("history", ()), {"at": change.at, "by": change.by, "what": kind, "action": "reviewed"}]
    done = replace(document, predicted=False, more=more)
    if kind == "facts":
        return replace(done, facts=tuple(replace(f, score=None) for f in document.facts or ()))
    items = tuple(replace(i, score=None) for i in document.items or ())
    return replace(done, items=items, none_reported=bool(document.none_reported) and not items)


def _place(mark: GoldFact | GoldItem) -> tuple[int, int]:
    return mark.start or 0, mark.end or 0


def _signed(change: Change) -> dict[str, Any]:
    return {"by": change.by, "at": change.at}


def _arranged(document: GoldDocument, items: list[GoldItem], *, without: int | None = None) -> GoldDocument:
    """Items in text order, their pairs counted anew; only problems lead to remedies, and only to remedies."""
    order = sorted((n for n in range(len(items)) if n != without), key=lambda n: _place(items[n]))
    new = {old: n for n, old in enumerate(order)}

    def pairs(item: GoldItem) -> tuple[int, ...]:
        if item.kind != "problem":
            return ()
        return tuple(sorted({new[r] for r in item.remedies if r in new and items[r].kind == "remedy"}))

    return replace(document, items=tuple(replace(items[n], remedies=pairs(items[n])) for n in order))


def _noted(
    document: GoldDocument, change: Change, what: str, before: dict[str, Any] | None, after: dict[str, Any] | None
) -> GoldDocument:
    old = {k: v for k, v in (before or {}).items() if k not in ("score", "by", "at")}
    new = {k: v for k, v in (after or {}).items() if k not in ("score", "by", "at")}
    action = "added" if before is None else "removed" if after is None else "confirmed" if old == new else "corrected"
    entry = {"at": change.at, "by": change.by, "what": what, "action": action, "before": before, "after": after}
    return replace(document, more={**document.more, "history": [*document.more.get("history", ()), entry]})
