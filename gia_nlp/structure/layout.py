"""All parts of structure put together: a document as sections, prose, cells and metadata."""

from __future__ import annotations

from gia_nlp.records import Document, Issue, Layout
from gia_nlp.structure.compact import compact
from gia_nlp.structure.metadata import describe, period_year, report_title
from gia_nlp.structure.prose import find_prose
from gia_nlp.structure.sections import outline
from gia_nlp.vocabulary.headings import SECTION_IDS

_MAX_HEADING = 60
_FORMS_WITH_SIX_PARTS = ("2019", "2021")


def analyse(document: Document) -> Layout:
    """The structure of a document. Never raises: what could not be told leaves a warning.

    >>> layout = analyse(Document("汐口区民政局2022年政府信息公开工作年度报告\\n一、总体情况\\n全年公开9条。"))
    >>> layout.metadata.issuer, [s.id for s in layout.sections]
    ('汐口区民政局', ['preamble', 'overview'])
    """
    from gia_nlp.structure.tables import read_tables

    view = compact(document.text)
    found = outline(document.text, view)
    tables = read_tables(document, found.sections, view.normal)
    title = report_title(document, found.sections, view)
    period = period_year(view)
    metadata = describe(document, found.sections, view, tables.forms, title, period)
    prose = find_prose(document, found.sections, tables.spans, (title.start, title.end) if title else None, view)
    warnings: list[Issue] = []
    for section in found.unknown:
        heading = (section.heading or "")[:_MAX_HEADING]
        warnings.append(
            Issue("structure", "unknown_heading", f"heading {heading!r} is none of the form's; kept as other")
        )
    if document.text.strip() and not found.headed:
        warnings.append(Issue("structure", "no_section", "no heading of a section found"))
    if period is not None and metadata.year is not None and period != metadata.year:
        message = f"the report is of {metadata.year}, its statistical period of {period}"
        warnings.append(Issue("structure", "year_conflict", message))
    if metadata.is_report and metadata.form in _FORMS_WITH_SIX_PARTS:
        have = {s.id for s in found.sections}
        missing = [kind for kind in SECTION_IDS if kind not in have and kind != "other"]
        warnings += [Issue("structure", "section_missing", f"no section {kind} found") for kind in missing]
    return Layout(
        sections=found.sections,
        prose=prose,
        cells=tables.cells,
        metadata=metadata,
        glued=tables.glued,
        warnings=(*warnings, *tables.warnings),
    )
