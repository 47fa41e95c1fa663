"""Gold answers: a folder of JSON files, one a document (annotation guide, section 4), or annotated passages as JSON lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any


class GoldError(Exception):
    """Gold answers that cannot be read. ``hint`` says what to do."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """The right answers for one document.

    ``answers`` holds the gold fields (``facts``, ``items``, ``tables``, ``sections``, ``meta``, ``none_reported`` …), only those that were
    annotated; ``source`` is the document's file name; ``text`` is given for passages alone; ``groups`` names what the document
    belongs to (``style``, ``split``).
    """

    name: str
    source: str
    answers: dict[str, Any]
    text: str | None = None
    groups: dict[str, str] = field(default_factory=dict)

    @property
    def year(self) -> int | None:
        """The report's year, where gold says it."""
        year = (self.answers.get("meta") or {}).get("year") or self.answers.get("year")
        return int(year) if year else None


def read_gold(
    path: str | Path, *, split: str | None = None, only: str | None = None, without: str | None = None
) -> list[GoldDocument]:
    """Gold documents in the order of their names (folder) or of their lines (JSON lines).

    ``split`` keeps the passages of one split; ``only`` and ``without`` are regular expressions over names. Raises :class:`GoldError`
    if there is nothing to score or something is no gold answer.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     line = '{"id": "p-1", "text": "收到申请3件", "split": "dev", "facts": [{"indicator": "requests_received", "value": 3.0}]}'
    ...     written = (Path(folder) / "passages.jsonl").write_text(line, encoding="utf-8")
    ...     [(g.name, g.groups["split"]) for g in read_gold(Path(folder) / "passages.jsonl")]
    [('p-1', 'dev')]
    """
    path = Path(path)
    if path.is_dir():
        if split is not None:
            raise GoldError("a folder of gold files has no splits", hint="leave --split out, or choose with --only")
        found = [_document(file, _json(_read(file), str(file))) for file in sorted(path.glob("*.json"))]
    elif path.is_file():
        found = list(_passages(path))
        if split is not None:
            splits = sorted({d.groups["split"] for d in found if "split" in d.groups})
            found = [d for d in found if d.groups.get("split") == split]
            if not found:
                raise GoldError(f"{path} has no split {split}", hint=f"it has: {', '.join(splits) or 'none'}")
    else:
        raise GoldError(f"{path} does not exist", hint="give a folder of gold JSON files or a JSONL file of passages")
    for pattern, keep in ((only, True), (without, False)):
        if pattern is not None:
            found = [d for d in found if bool(_pattern(pattern).search(d.name)) == keep]
    if not found:
        raise GoldError(
            f"no gold answers in {path}", hint="expected *.json, one a document, or a JSONL file of passages"
        )
    return found


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise GoldError(f"{text!r} is no regular expression: {error}") from error


def _json(text: str, place: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except ValueError as error:
        raise GoldError(f"{place}: no JSON ({error})") from error
    if not isinstance(data, dict):
        raise GoldError(f"{place}: expected an object, not {type(data).__name__}")
    return data


def _document(file: Path, answers: dict[str, Any]) -> GoldDocument:
    _check(answers, str(file))
    source = PurePosixPath(str(answers.get("source") or "")).name
    return GoldDocument(file.stem, source, answers)


def _passages(path: Path) -> Iterable[GoldDocument]:
    names: set[str] = set()
    for number, line in enumerate(_read(path).split("\n"), 1):
        if not line.strip():
            continue
        place = f"{path}, line {number}"
        row = _json(line, place)
        _check(row, place)
        name, text = row.get("id"), row.get("text")
        if not isinstance(name, str) or not isinstance(text, str):
            raise GoldError(f"{place}: a passage needs id and text")
        if name in names:
            raise GoldError(f"{place}: a second passage {name}")
        names.add(name)
        groups = {k: str(row[k]) for k in ("style", "split") if row.get(k)}
        yield GoldDocument(name, f"{name}.txt", row, text, groups)


_ANSWERS = ("facts", "items", "tables", "sections", "meta")
_NEEDED = {"facts": ("indicator", "value"), "items": ("kind", "categories", "quote")}


def _check(answers: dict[str, Any], place: str) -> None:
    """Says early, and with its place, what scoring would stumble over."""
    if not any(name in answers for name in _ANSWERS):
        raise GoldError(f"{place} holds no gold answers", hint=f"expected some of: {', '.join(_ANSWERS)}")
    for name, fields in _NEEDED.items():
        rows = answers.get(name, [])
        if not isinstance(rows, list):
            raise GoldError(f"{place}: {name} must be a list")
        for number, row in enumerate(rows, 1):
            there = f"{place}: {name[:-1]} {number}"
            missing = [f for f in fields if not isinstance(row, dict) or row.get(f) is None]
            if missing:
                raise GoldError(f"{there} lacks {', '.join(missing)}")
            for key in ("start", "end", "value", "value_max"):
                if row.get(key) is not None and not _is_number(row[key]):
                    raise GoldError(f"{there}: {key} must be a number, not {row[key]!r}")
            if not isinstance(row.get("categories", []), list) or not isinstance(row.get("remedies") or [], list):
                raise GoldError(f"{there}: categories and remedies must be lists")
    tables = answers.get("tables") or {}
    if not isinstance(tables, dict) or not all(isinstance(cells or {}, dict) for cells in tables.values()):
        raise GoldError(f"{place}: tables must be objects of cells")
    for table, cells in tables.items():
        for key, value in (cells or {}).items():
            if value is not None and not _is_number(value):
                raise GoldError(f"{place}: cell {table} {key} must be a number or null, not {value!r}")


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise GoldError(f"{path}: {error}", hint="gold answers are UTF-8") from error
