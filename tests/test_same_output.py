"""What the rules say of the examples and of generated reports is what they said before, table by table.

A change that is meant to make the package faster, or to tidy it, must not change one value; a change of the rules must show here,
so that nobody changes output without knowing it. After such a change, look at what moved and write the digests anew::

    python tests/test_same_output.py
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from gia_nlp import pipeline
from gia_nlp.reading import read, read_bytes
from gia_nlp.records import Document, Report
from gia_nlp.synthesis import make_report
from gia_nlp.synthesis.options import OPTIONS, VARIANTS

STORED = Path(__file__).parent / "data" / "same_output.json"
EXAMPLES = Path(__file__).parents[1] / "data" / "examples"
SEED = 20_240_131
TABLES = ("meta", "sections", "cells", "checks", "facts", "items", "errors")
# Layouts that draw many options at once, beside each of the numbered ones alone.
MIXED = (
    "tabs+blank_zeros+notes+annex",
    "glued+one_line+traditional",
    "pipes+web_page+zero_width+full_width",
    "spaces+hard_wraps+page_marks+slips",
    "cells+bookmarks+mixed_zeros+crlf",
    "markdown+headings_glued+review_blocks",
    "html",
    "html_mso+traditional",
    "html_unclosed+mark_zeros",
    "html_nested",
    "html_layout+notes",
    "docx+words_in_cells",
)


def documents() -> Iterator[tuple[str, Document]]:
    """Examples that need no extra, and one generated report for each layout and form."""
    for path in sorted(EXAMPLES.iterdir()):
        if path.suffix in (".txt", ".md", ".html", ".docx"):
            yield f"examples/{path.name}", read(path)
    for i, name in enumerate((*map(str, VARIANTS), *MIXED)):
        for form in ("2021", ("2019", "statistics", "free")[i % 3]):
            report = make_report(SEED, i, name, form)
            yield f"{name}/{form}", read_bytes(report.data, report.file)


@cache
def _rules() -> Any:
    return pipeline.load("zh_gia_rules")


def digests(name: str, document: Document) -> dict[str, str]:
    """For the text and for each table a short digest of everything that it says."""
    report: Report = pipeline.tag_document(document, report_id=name, nlp=_rules())
    plain = report.to_dict()
    found = {"text": _digest(document.text)}
    return found | {table: _digest(plain[table]) for table in TABLES}


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:12]


def test_every_table_of_every_document_is_as_stored() -> None:
    stored = json.loads(STORED.read_text(encoding="utf-8"))
    moved: list[str] = []
    seen = set()
    for name, document in documents():
        seen.add(name)
        now, before = digests(name, document), stored.get(name)
        if before is None:
            moved.append(f"{name}: not stored")
        elif now["text"] != before["text"]:
            moved.append(f"{name}: the document itself")
        else:
            moved += [f"{name}: {table}" for table in TABLES if now[table] != before[table]]
    moved += [f"{name}: no longer made" for name in stored.keys() - seen]
    assert not moved, (
        f"{len(moved)} tables differ, among them {moved[:12]}; if that was meant: python tests/test_same_output.py"
    )


def test_a_changed_value_changes_a_digest() -> None:
    text = "三、依申请公开\n全年收到申请12件，均已办结。"
    a, b = digests("a", Document(text)), digests("a", Document(text.replace("12", "13")))
    assert a["facts"] != b["facts"] and a["meta"] == b["meta"]


def test_the_documents_use_most_of_what_layouts_can_do() -> None:
    used = {option for name in (*VARIANTS.values(), *MIXED) for option in name.split("+")[1:]}
    assert len(used & OPTIONS.keys()) >= 0.6 * len(OPTIONS)


if __name__ == "__main__":
    STORED.parent.mkdir(exist_ok=True)
    made = {name: digests(name, document) for name, document in documents()}
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(found)}" for name, found in sorted(made.items()))
    STORED.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8", newline="\n")
    print(f"{len(made)} documents written to {STORED}")
else:
    pytest.importorskip("docx", reason="generated Word files need the extra synth")
