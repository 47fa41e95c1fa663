"""Reads the statutory tables: label-anchored, with the form's sums as witness, never a number without evidence.

>>> from gia_nlp.records import Document
>>> rows = ["规章|0|0|0", "行政规范性文件|3|1|12", "行政许可|45", "行政处罚|7", "行政强制|0", "行政事业性收费|1.5"]
>>> reading = read_tables(Document(text="\\n".join(rows)), ())
>>> [(c.key, c.value) for c in reading.cells if c.row == "normative_documents"][2]
('normative_documents.in_force', 12.0)
"""

from __future__ import annotations

from collections.abc import Sequence

from gia_nlp.records import Document, Section
from gia_nlp.structure.tables.extent import reach
from gia_nlp.structure.tables.litigation import read_litigation
from gia_nlp.structure.tables.proactive import read_proactive
from gia_nlp.structure.tables.reading import Result, Source, TableReading
from gia_nlp.structure.tables.recognised import mark_recognised
from gia_nlp.structure.tables.requests import read_requests
from gia_nlp.structure.tables.split import split
from gia_nlp.structure.tables.statistics import read_statistics
from gia_nlp.structure.tables.unknown import read_unknown
from gia_nlp.structure.tables.unread import unread
from gia_nlp.text.normalise import Normalised

__all__ = ["TableReading", "read_tables"]


def read_tables(document: Document, sections: Sequence[Section] = (), view: Normalised | None = None) -> TableReading:
    """All tables of a document.

    Every cell of a recognised form gets a record, blank and lost ones too; no two records have the same (table, row,
    column). ``sections`` are not needed: labels anchor a table wherever it stands. ``view`` is the text's normal form with blanks,
    where it is known.
    """
    del sections
    source = Source(document.text, split(document, view))
    requests = read_requests(source)
    proactive = read_proactive(source, requests.generation if requests else None)
    sibling = requests or proactive
    review = read_litigation(source, sibling.generation if sibling else "2021")
    found: dict[str, Result] = {}
    for name, result in (("proactive", proactive), ("requests", requests), ("review_litigation", review)):
        if result is not None:
            found[name] = result
    used = {place for r in found.values() for place in r.rows}
    statistics = read_statistics(source, used)
    if statistics is not None:
        found["statistics"] = statistics
        used |= statistics.rows
    forms = {name: result.generation for name, result in found.items()}
    unknown = read_unknown(source, used)
    if unknown is not None:
        found["unknown"] = unknown
    spans = {
        name: tuple(s if name == "unknown" else reach(document.text, name, s) for s in result.spans)
        for name, result in found.items()
    }
    cells = mark_recognised([c for r in found.values() for c in r.cells], document)
    second = {w.message for r in found.values() for w in r.warnings if "another table" in w.message}
    missed = unread(source, cells, spans, used) if not second else []
    return TableReading(
        cells=cells,
        glued=tuple(g for r in found.values() for g in r.glued),
        spans=_merged([s for places in spans.values() for s in places]),
        forms=forms,
        warnings=(*(w for r in found.values() for w in r.warnings), *missed),
    )


def _merged(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Spans in order, overlapping ones joined."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)
