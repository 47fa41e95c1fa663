"""Times one peer on a folder of files, in an environment of its own: run by ``run.py`` there, never imported.

    python peers.py NAME FOLDER REPEAT

Prints one JSON object: for each file the least CPU time of REPEAT runs in seconds, the peer's version, and an error where it fails.
"""

from __future__ import annotations

import io
import json
import sys
import time
import warnings
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

warnings.filterwarnings("ignore")


def jieba_alone() -> tuple[Callable[[Path], object], str]:
    import logging

    import jieba

    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    return lambda path: jieba.lcut(path.read_text(encoding="utf-8")), "jieba"


def spacy_zh() -> tuple[Callable[[Path], object], str]:
    from spacy.lang.zh import Chinese

    nlp = Chinese.from_config({"nlp": {"tokenizer": {"segmenter": "jieba"}}})
    nlp.max_length = 10**9
    return lambda path: nlp(path.read_text(encoding="utf-8")), "spacy"


def markitdown() -> tuple[Callable[[Path], object], str]:
    from markitdown import MarkItDown

    converter = MarkItDown()
    return lambda path: converter.convert(str(path)), "markitdown"


def pdfplumber() -> tuple[Callable[[Path], object], str]:
    import pdfplumber as library

    def read(path: Path) -> object:
        with library.open(path) as pdf:
            return [(page.extract_text(), page.extract_tables()) for page in pdf.pages]

    return read, "pdfplumber"


def pandas_read_html() -> tuple[Callable[[Path], object], str]:
    import pandas

    return lambda path: pandas.read_html(io.BytesIO(path.read_bytes())), "pandas"


def python_docx() -> tuple[Callable[[Path], object], str]:
    import docx

    def read(path: Path) -> object:
        document = docx.Document(str(path))
        tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
        return [p.text for p in document.paragraphs], tables

    return read, "python-docx"


def docling() -> tuple[Callable[[Path], object], str]:
    # Its readers by themselves: its DocumentConverter wants torch for models that HTML and Word have no use for.
    from docling.backend.html_backend import HTMLDocumentBackend
    from docling.backend.msword_backend import MsWordDocumentBackend
    from docling.datamodel.base_models import InputFormat
    from docling.datamodel.document import InputDocument

    readers = {".html": (InputFormat.HTML, HTMLDocumentBackend), ".docx": (InputFormat.DOCX, MsWordDocumentBackend)}

    def read(path: Path) -> object:
        format_, backend = readers[path.suffix]
        document = InputDocument(path_or_stream=path, format=format_, backend=backend)
        return document._backend.convert().export_to_markdown()

    return read, "docling-slim"


PEERS = {
    "jieba": jieba_alone,
    "spaCy zh (jieba)": spacy_zh,
    "markitdown": markitdown,
    "pdfplumber": pdfplumber,
    "pandas.read_html": pandas_read_html,
    "python-docx": python_docx,
    "docling": docling,
}


def main(name: str, folder: Path, repeat: int) -> None:
    read, distribution = PEERS[name]()
    files = sorted(folder.iterdir())
    seconds: dict[str, float] = {}
    failures: dict[str, str] = {}
    # Over all files again and again, as the pipeline goes: a file twice in a row would find the processor's caches full of it.
    for run in range(repeat + 1):  # the first run does not count: imports are no part of it
        for path in files if run else files[:1]:
            if path.name in failures:
                continue
            try:
                begin = time.process_time()
                read(path)
                taken = time.process_time() - begin
                if run:
                    seconds[path.name] = min(taken, seconds.get(path.name, taken))
            except Exception as error:
                failures[path.name] = f"{type(error).__name__}: {error}"[:200]
    print(json.dumps({"version": version(distribution), "seconds": seconds, "failures": failures}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
