"""Annotations from our files to another tool's, and back.

>>> sorted(FORMATS)
['doccano', 'labelstudio', 'spacy']
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from gia_nlp.annotation import doccano, labelstudio, spacy_docs
from gia_nlp.annotation.carrying import Notes, place
from gia_nlp.annotation.convert import is_output, read_output
from gia_nlp.annotation.files import json_line, load_gold, save_gold
from gia_nlp.annotation.records import GoldDocument, GoldError

FORMATS = {
    "labelstudio": labelstudio.CANNOT_HOLD,
    "doccano": doccano.CANNOT_HOLD,
    "spacy": spacy_docs.CANNOT_HOLD,
}


@dataclass(slots=True)
class Exchanged:
    """What went out or came back, with the files written and what could not be held."""

    documents: int = 0
    facts: int = 0
    items: int = 0
    files: list[Path] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)

    def counted(self, documents: Iterable[GoldDocument]) -> Iterator[GoldDocument]:
        """Passes documents on, counting what they hold."""
        for document in documents:
            self.documents += 1
            self.facts += len(document.facts or ())
            self.items += len(document.items or ())
            yield document


def read_source(source: str | Path) -> Iterator[GoldDocument]:
    """The documents of an output folder of ``gia-nlp tag`` (as predictions), of a gold folder or of a JSONL file."""
    source = Path(source)
    if source.is_dir() and is_output(source):
        return read_output(source)
    if (source / "gia-nlp.json").is_file():
        raise GoldError(f"{source} holds tables in another format", hint="run gia-nlp tag again with --format parquet")
    return load_gold(source)


def export_to(format: str, documents: Iterable[GoldDocument], out: str | Path) -> Exchanged:
    """Writes documents for a tool, one after the other; marks without a place get one where their quote stands once.

    Beside ``out`` the project's configuration is written for Label Studio (``<out>.config.xml``) and doccano
    (``<out>.labels.json``). Raises :class:`GoldError` for documents that are not in the format.
    """
    out = Path(out)
    if format not in FORMATS:
        raise GoldError(f"no format is called {format}", hint="formats are " + ", ".join(FORMATS))
    done = Exchanged(files=[out])
    placed = done.counted(_placed(documents, done.notes))
    out.parent.mkdir(parents=True, exist_ok=True)
    unfinished = out.with_name(f".{out.name}.{os.getpid()}.new")
    try:
        _WRITERS[format](placed, unfinished)
        unfinished.replace(out)
    finally:
        unfinished.unlink(missing_ok=True)
    if format == "labelstudio":
        _beside(done, out, ".config.xml", labelstudio.labelling_config())
    elif format == "doccano":
        _beside(done, out, ".labels.json", json.dumps(doccano.label_config(), ensure_ascii=False, indent=1) + "\n")
    return done


def _placed(documents: Iterable[GoldDocument], notes: Notes) -> Iterator[GoldDocument]:
    for document in documents:
        document = place(document)
        lost = sum(mark.start is None for mark in document.marks)
        notes.add("facts and items without a place in the text: they are carried along, not shown", lost)
        yield document


def _write_tasks(documents: Iterable[GoldDocument], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write("[")
        for n, document in enumerate(documents):
            file.write(",\n" if n else "\n")
            file.write(json.dumps(labelstudio.to_task(document), ensure_ascii=False))
        file.write("\n]\n")


def _write_lines(documents: Iterable[GoldDocument], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for document in documents:
            file.write(json_line(doccano.to_line(document)))


def _write_docs(documents: Iterable[GoldDocument], path: Path) -> None:
    spacy_docs.write_docs(documents, path)


_WRITERS = {"labelstudio": _write_tasks, "doccano": _write_lines, "spacy": _write_docs}


def _beside(done: Exchanged, out: Path, ending: str, content: str) -> None:
    path = out.with_name(out.stem + ending)
    path.write_text(content, encoding="utf-8")
    done.files.append(path)


def read_from(format: str, file: str | Path, notes: Notes | None = None) -> Iterator[GoldDocument]:
    """The documents of a file that a tool exported; what nobody annotated is left out and counted in ``notes``.

    Raises :class:`GoldError`, naming the task or line, for what is not the tool's format.
    """
    notes = notes if notes is not None else Notes()
    path = Path(file)
    if format == "labelstudio":
        tasks = _json(path)
        if not isinstance(tasks, list):
            raise GoldError(f"{path.name} is no list of tasks", hint="export from Label Studio as JSON")
        for n, task in enumerate(tasks, 1):
            document = labelstudio.from_task(task, notes=notes, where=f"{path.stem}-{n}")
            if document is None:
                notes.add("tasks that nobody annotated, left out")
            else:
                yield _human(document)
    elif format == "doccano":
        with path.open(encoding="utf-8") as lines:
            for n, line in enumerate(lines, 1):
                if line.strip():
                    yield _human(
                        doccano.from_line(_parsed(line, f"{path.name}:{n}"), notes=notes, where=f"{path.stem}-{n}")
                    )
    elif format == "spacy":
        try:
            docs = list(spacy_docs.read_docs(path))
        except Exception as error:
            raise GoldError(f"{path.name} is no DocBin: {error}") from error
        for n, doc in enumerate(docs, 1):
            yield _human(spacy_docs.from_doc(doc, notes=notes, where=f"{path.stem}-{n}"))
    else:
        raise GoldError(f"no format is called {format}", hint="formats are " + ", ".join(FORMATS))


def _human(document: GoldDocument) -> GoldDocument:
    return replace(document, predicted=False)


def for_training(document: GoldDocument) -> GoldDocument:
    """The document with what training asks for where it is missing: split ``train``, as style its agency, its year, places."""
    meta = document.meta or {}
    asked = {"split": "train", "style": meta.get("issuer") or document.id, "year": meta.get("year")}
    missing = {key: value for key, value in asked.items() if value is not None and key not in document.more}
    return place(replace(document, more={**document.more, **missing}))


def _json(path: Path) -> Any:
    return _parsed(path.read_text(encoding="utf-8"), path.name)


def _parsed(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise GoldError(f"{where} is no JSON: {error}") from error


def import_from(format: str, file: str | Path, out: str | Path) -> Exchanged:
    """Reads what a tool exported and writes it in the gold format: a folder, or one JSONL file if ``out`` ends in ``.jsonl``.

    Documents without a split, a style or a year get those that training asks for (:func:`for_training`).
    """
    done = Exchanged(files=[Path(out)])
    documents = [
        for_training(d) for d in done.counted(read_from(format, file, done.notes))
    ]  # all are right before any is written
    if not documents:
        raise GoldError(f"{Path(file).name} holds no annotated document", hint="; ".join(done.notes.lines()) or None)
    save_gold(documents, out)
    return done
