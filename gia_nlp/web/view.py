"""What a report's page shows: marks with their attributes in words, tables beside their place in the text."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from markupsafe import Markup

from gia_nlp.annotation.convert import from_report
from gia_nlp.annotation.files import text_hash
from gia_nlp.annotation.records import GoldDocument, GoldFact, GoldItem
from gia_nlp.frames.export import number_text
from gia_nlp.frames.marks import Mark
from gia_nlp.frames.render_common import TableGrid, form_labels, grids
from gia_nlp.records import Report
from gia_nlp.web.corrections import revision_of
from gia_nlp.web.marking import marked_text
from gia_nlp.web.stored import Stored
from gia_nlp.web.words import Words

_EXCERPT, _HEADER = 6000, 300  # characters of a table's original text, and before its first number


@dataclass(frozen=True, slots=True)
class Shown:
    """A mark in a list: ``id`` (f1, i1 …), the record, who decided, and whether a person did."""

    id: str
    mark: GoldFact | GoldItem
    decided: str
    by: str | None
    label: str
    details: str
    remedies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableView:
    """A table by its form, and its place in the text."""

    grid: TableGrid
    labels: dict[str, str]
    original: Markup | None
    left_out: int


@dataclass(slots=True)
class ReportView:
    """A report with its corrections, if there are any and they belong to its text (else ``stale``)."""

    report: Report
    document: GoldDocument
    revision: int
    stale: bool
    facts: list[Shown] = field(default_factory=list)
    items: list[Shown] = field(default_factory=list)

    def find(self, id: str) -> Shown | None:
        """A mark by its id."""
        return next((s for s in (*self.facts, *self.items) if s.id == id), None)


def view_report(stored: Stored, corrected: GoldDocument | None, words: Words) -> ReportView:
    """The report as its page shows it."""
    report = stored.report
    stale = corrected is not None and text_hash(corrected.text) != stored.sha256
    document = from_report(report) if corrected is None or stale else corrected
    view = ReportView(report, document, revision_of(corrected), stale)
    predicted = {_key(f): f for f in report.facts} | {_key(i): i for i in report.items}

    def decided(mark: GoldFact | GoldItem) -> str:
        found = predicted.get(_key(mark))
        if mark.score is None or found is None:
            return ""
        return words("edit.found_by", by=words.value(found.decided_by), score=f"{mark.score:.2f}")

    for n, fact in enumerate(document.facts or (), 1):
        label, details = f"{fact_value(fact, words)} {words.indicator(fact.indicator)}", fact_details(fact, words)
        view.facts.append(Shown(f"f{n}", fact, decided(fact), _by(fact), label, details))
    for n, item in enumerate(document.items or (), 1):
        label = f"{words.value(item.kind)} · {words.value(item.when)}"
        names = "、".join(words.category(c) for c in item.categories)
        remedies = tuple(f"i{r + 1}" for r in item.remedies)
        view.items.append(Shown(f"i{n}", item, decided(item), _by(item), label, names, remedies))
    return view


def _key(mark: object) -> tuple[object, ...]:
    """What a mark is known by in predictions and corrections."""
    name = getattr(mark, "indicator", None) or getattr(mark, "kind", None)
    return name, getattr(mark, "start", None), getattr(mark, "end", None)


def _by(mark: GoldFact | GoldItem) -> str | None:
    by = mark.more.get("by")
    return by if isinstance(by, str) else None


def marks_of_view(view: ReportView) -> tuple[list[Mark], dict[str, str]]:
    """The marks of a report's text and what each says on hovering."""
    marks: list[Mark] = []
    titles: dict[str, str] = {}
    for n, section in enumerate(view.report.sections, 1):
        if section.heading:
            marks.append(Mark(f"s{n}", section.start, section.body_start, "heading", section.id))
            titles[f"s{n}"] = section.id
    for shown in (*view.items, *view.facts):
        mark = shown.mark
        if mark.start is None or mark.end is None:
            continue
        kind = "fact" if isinstance(mark, GoldFact) else "problem" if mark.kind == "problem" else "remedy"
        marks.append(Mark(shown.id, mark.start, mark.end, kind, shown.label))  # type: ignore[arg-type]
        titles[shown.id] = "\n".join(
            x for x in (f"{shown.id}  {shown.label}", shown.details, shown.decided, shown.by) if x
        )
    return marks, titles


def fact_value(fact: GoldFact, words: Words) -> str:
    """The count with its bound, range and unit."""
    bound = "" if fact.bound == "exact" else f"{words.value(fact.bound)} "
    upper = f"–{number_text(fact.value_max)}" if fact.value_max is not None else ""
    return f"{bound}{number_text(fact.value)}{upper} {fact.unit or ''}".strip()


def fact_details(fact: GoldFact, words: Words) -> str:
    """Channel, period, topic and change, where they say something."""
    parts = [words.value(fact.channel) if fact.channel != "all" else ""]
    parts.append(words.value(fact.period) if fact.period != "current" else "")
    parts.append(f"「{fact.topic}」" if fact.topic else "")
    if fact.change:
        amount = "" if fact.change.value is None else number_text(fact.change.value)
        parts.append(f"{words.value(fact.change.direction)} {amount}{fact.change.unit or ''}")
    return " · ".join(p for p in parts if p)


@cache
def _labels(table: str, generation: str) -> dict[str, str]:
    return form_labels(table, generation)


def _table_start(report: Report, first: int) -> int:
    """Where to begin so that the table's own header is seen: in the cell's section, some lines before its first number."""
    section = max((s.start for s in report.sections if s.start <= first), default=0)
    near = max(section, first - _HEADER)
    return near if near == section else report.text.find("\n", near, first) + 1 or near


def table_views(report: Report) -> list[TableView]:
    """The report's tables, each with the stretch of text that its cells stand on, the cells marked there."""
    views = []
    for grid in grids(report):
        placed = [
            (c.start, c.end, c)
            for _, cells in grid.rows
            for c in cells
            if c is not None and c.start is not None and c.end is not None
        ]
        original, left_out = None, 0
        if placed:
            start, end = min(p[0] for p in placed), max(p[1] for p in placed)
            start = _table_start(report, start)
            left_out, end = max(0, end - start - _EXCERPT), min(end, start + _EXCERPT)
            marks = [
                Mark(f"c{n}", a - start, b - start, "cell", f"{c.row} · {c.column}")  # type: ignore[arg-type]
                for n, (a, b, c) in enumerate(placed)
                if b <= end
            ]
            original = marked_text(report.text[start:end], marks, {m.id: m.label for m in marks}, anchors=False)
        views.append(TableView(grid, _labels(grid.name, grid.form), original, left_out))
    return views
