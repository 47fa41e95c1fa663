"""Gold files: a folder of documents with their answers (``gold/*.json``), or passages one a line (JSONL).

>>> import tempfile
>>> from gia_nlp.annotation.records import GoldDocument
>>> folder = Path(tempfile.mkdtemp())
>>> save_gold([GoldDocument("one", "无。", items=(), none_reported=True)], folder / "passages.jsonl")
1
>>> [document.none_reported for document in load_gold(folder / "passages.jsonl")]
[True]
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from gia_nlp.annotation.plain import document_from_dict, document_to_dict
from gia_nlp.annotation.records import GoldDocument, GoldError

GOLD, DOCUMENTS = "gold", "documents"


def text_hash(text: str) -> str:
    """SHA-256 of a text in UTF-8, as gold files and the table `texts` have it."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def load_gold(path: str | Path) -> Iterator[GoldDocument]:
    """The documents of a gold folder, a JSONL file or a single JSON file, one at a time.

    A folder holds ``*.json`` itself or in ``gold/``. The text of a document stands in its JSON (``text``) or in the file that
    ``source`` names, which is looked for beside the JSON, one level up, and in the folders there; a source in an archive is
    ``a.zip!/b.txt``. Raises :class:`GoldError` for what is not in the format, naming file and key.
    """
    path = Path(path)
    if path.is_dir():
        yield from _folder(path)
    elif path.suffix == ".json":
        yield _document(path)
    elif path.is_file():
        yield from _lines(path)
    else:
        raise GoldError(f"{path} does not exist", hint="give a folder with gold/*.json, or a JSONL file")


def _lines(path: Path) -> Iterator[GoldDocument]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            where = f"{path.name}:{number}"
            try:
                data = json.loads(line)
            except json.JSONDecodeError as error:
                raise GoldError(f"{where} is no JSON: {error}") from error
            yield document_from_dict(data, where)


def _folder(folder: Path) -> Iterator[GoldDocument]:
    inner = folder / GOLD if (folder / GOLD).is_dir() else folder
    files = sorted(inner.glob("*.json"))
    if not files:
        raise GoldError(f"{folder} holds no gold files", hint="expected *.json in it or in gold/")
    for path in files:
        yield _document(path)


def _document(path: Path) -> GoldDocument:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise GoldError(f"{path.name} is no JSON: {error}") from error
    if not isinstance(data, dict):
        raise GoldError(f"{path.name} is no object")
    text = data.get("text")
    if text is None:
        source = data.get("source")
        if not isinstance(source, str):
            raise GoldError(f"{path.name} has neither text nor source", hint="source names the document's file")
        text = _source_text(path, source, data.get("text_sha256"))
    return document_from_dict(data, path.name, text=text)


def _source_text(gold: Path, source: str, digest: str | None) -> str:
    """The text of the document that was annotated; its hash, where there is one, decides between ways to read it."""
    name, _, member = source.partition("!/")
    path = _find(gold.parent, name)
    if path is None:
        raise GoldError(
            f"{gold.name}: its source {source} was not found",
            hint=f"looked in {gold.parent}, in {gold.parent.parent} and in the folders there",
        )
    if member:
        with zipfile.ZipFile(path) as archive:
            try:
                content = archive.read(member)
            except KeyError as error:
                raise GoldError(f"{gold.name}: {path.name} holds no {member}") from error
    else:
        content = path.read_bytes()
    try:
        plain = content.decode("utf-8")
        if digest is not None and text_hash(plain) == digest:
            return plain
    except UnicodeDecodeError:
        pass  # not UTF-8, or no text at all: the readers tell
    from gia_nlp.reading import ReadingError, read_bytes

    try:
        text = read_bytes(content, member or path.name).text
    except ReadingError as error:
        raise GoldError(f"{gold.name}: {source} cannot be read: {error}") from error
    if digest is not None and text_hash(text) != digest:
        raise GoldError(
            f"{gold.name}: {source} is not the text that was annotated (text_sha256 differs)",
            hint="the document or the way it is read has changed since: annotate it again, or get the old version",
        )
    return text


def _find(folder: Path, name: str) -> Path | None:
    around = [folder, folder.parent, *sorted(p for p in folder.parent.iterdir() if p.is_dir())]
    return next((place / name for place in around if (place / name).is_file()), None)


# --------------------------------------------------------------------------- saving


def save_gold(documents: Iterable[GoldDocument], path: str | Path) -> int:
    """Writes documents and returns how many; a path that ends in ``.jsonl`` is a file, any other a folder.

    A folder gets ``gold/<name>.json`` and ``documents/<name>.txt``, so that ``gia-nlp tag DIR/documents`` reads what was annotated.
    Raises :class:`GoldError` for two documents of one id.
    """
    path = Path(path)
    seen: set[str] = set()
    count = 0
    if path.suffix == ".jsonl":
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="\n") as file:
            for document in documents:
                _once(document, seen)
                file.write(json_line(document_to_dict(document)))
                count += 1
        return count
    for part in (GOLD, DOCUMENTS):
        (path / part).mkdir(parents=True, exist_ok=True)
    names: set[str] = set()
    for document in documents:
        _once(document, seen)
        name = _file_name(document.id, names)
        (path / DOCUMENTS / f"{name}.txt").write_bytes(document.text.encode("utf-8"))
        kept = replace(document, source=f"{name}.txt", text_sha256=text_hash(document.text))
        if document.source and document.source != kept.source:
            kept = replace(kept, more={"original_source": document.source, **document.more})
        data = json.dumps(document_to_dict(kept, text=False), ensure_ascii=False, indent=1)
        (path / GOLD / f"{name}.json").write_text(data + "\n", encoding="utf-8")
        count += 1
    return count


_LINE_ENDS = {"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def json_line(data: dict[str, Any]) -> str:
    """An object as a line of JSONL that stays one line for every reader: Unicode's own line ends are escaped too."""
    line = json.dumps(data, ensure_ascii=False)
    for character, escaped in _LINE_ENDS.items():
        line = line.replace(character, escaped)
    return line + "\n"


def _once(document: GoldDocument, seen: set[str]) -> None:
    if document.id in seen:
        raise GoldError(f"two documents have the id {document.id}", hint="give each an id of its own")
    seen.add(document.id)


def _file_name(id: str, taken: set[str]) -> str:
    """A name that every file system takes, told apart from those that were given before."""
    stem = re.sub(r"[^\w.\-]+", "_", id).strip("._")[:80] or "document"
    name, n = stem, 2
    while name.lower() in taken:
        name, n = f"{stem}-{n}", n + 1
    taken.add(name.lower())
    return name
