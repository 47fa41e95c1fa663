"""One report in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gia_nlp.frames.render_common import (
    cell_text,
    fact_details,
    fact_value,
    grids,
    in_text_order,
    notable_checks,
    number_or_blank,
    remedy_numbers,
)
from gia_nlp.records import Report
from gia_nlp.vocabulary.indicators import indicators

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

_CONTEXT = 18


def print_report(report: Report, console: Console | None = None) -> None:
    """Prints sections, tables, facts, items, checks and errors of a report; to stdout unless a console is given."""
    from rich.console import Console

    console = console or Console(highlight=False, emoji=False)
    if not console.is_terminal and "COLUMNS" not in _environment():
        console.width = 200  # in a file or a pipe a table need not fit into 80 columns
    for part in _parts(report):
        console.print(part, markup=False, highlight=False)


def _environment() -> dict[str, str]:
    import os

    return dict(os.environ)


def _parts(report: Report) -> list[RenderableType]:
    from rich.rule import Rule

    parts: list[RenderableType] = [_head(report)]
    for title, content in (
        ("Sections", _sections(report)),
        ("Tables", _tables(report)),
        ("Counts in the prose", _facts(report)),
        ("Problems and remedies", _items(report)),
        ("Checks", _checks(report)),
        ("Read in part", _errors(report)),
    ):
        if content:
            parts += [Rule(title, align="left", characters="─"), *content]
    return parts


def _head(report: Report) -> RenderableType:
    from rich.text import Text

    meta = report.meta
    facts = [meta.issuer or "issuer unknown", str(meta.year or "year unknown"), f"form {meta.form or 'unknown'}"]
    facts += [x for x in (meta.region, meta.published_on) if x]
    facts += [report.format, f"{len(report.text):,} characters"]
    head = Text(meta.title or report.path or report.report_id, style="bold")
    head.append("\n" + " · ".join(facts), style="not bold")
    if not meta.is_report:
        head.append("\nThis does not look like an annual disclosure report.", style="yellow")
    return head


class _Rows:
    """A plain table: give it columns, add rows; text is taken as it is, never as markup."""

    def __init__(self, *columns: str) -> None:
        from rich import box
        from rich.table import Table

        self.table = Table(*columns, box=box.SIMPLE_HEAD, pad_edge=False)

    def add(self, *cells: str | Text) -> None:
        from rich.text import Text

        self.table.add_row(*(Text(c) if isinstance(c, str) else c for c in cells))


def _sections(report: Report) -> list[RenderableType]:
    rows = _Rows("section", "heading", "characters")
    for section in report.sections:
        rows.add(section.id, section.heading or "", f"{section.start}–{section.end}")
    return [rows.table] if report.sections else []


def _tables(report: Report) -> list[RenderableType]:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    parts: list[RenderableType] = []
    for grid in grids(report):
        table = Table("", box=box.SIMPLE_HEAD, title=f"{grid.name} ({grid.form})", title_justify="left", pad_edge=False)
        for column in grid.columns:
            table.add_column(column, justify="right")
        for row, cells in grid.rows:
            styles = ("red" if c and c.kind in ("lost", "ambiguous") else "" for c in cells)
            table.add_row(Text(row), *(Text(cell_text(c), style=s) for c, s in zip(cells, styles, strict=True)))
        parts.append(table)
        notes = dict.fromkeys(f"  {c.key}: {c.note}" for _, cells in grid.rows for c in cells if c and c.note)
        parts += [Text(note, style="dim") for note in notes]
    return parts


def _facts(report: Report) -> list[RenderableType]:
    from rich.text import Text

    rows = _Rows("", "indicator", "count", "narrowed by", "in its words")
    for n, fact in enumerate(in_text_order(report)[0], 1):
        before = " ".join(report.text[max(0, fact.start - _CONTEXT) : fact.start].split())
        after = " ".join(report.text[fact.end : fact.end + _CONTEXT].split())
        words = Text(before + " " * fact.quote[:1].isspace())
        words.append(" ".join(fact.quote.split()), style="bold green")
        words.append(after)
        zh = indicators()[fact.indicator].zh if fact.indicator in indicators() else ""
        rows.add(f"f{n}", f"{fact.indicator} {zh}".strip(), fact_value(fact), fact_details(fact), words)
    return [rows.table] if report.facts else []


def _items(report: Report) -> list[RenderableType]:
    from rich.text import Text

    if report.meta.none_reported and not report.items:
        return [Text("The report says that it has no problem to report.")]
    rows = _Rows("", "kind", "status", "categories", "answered by", "in its words")
    for n, item in enumerate(in_text_order(report)[1], 1):
        style = "red" if item.kind == "problem" else "green"
        remedies = " ".join(f"i{r}" for r in remedy_numbers(report, item))
        quote = Text(" ".join(item.quote.split()))
        rows.add(f"i{n}", Text(item.kind, style=style), item.status, ", ".join(item.categories), remedies, quote)
    return [rows.table] if report.items else []


def _checks(report: Report) -> list[RenderableType]:
    from rich.text import Text

    if not report.checks:
        return []
    shown = [c for c in notable_checks(report) if c.status != "not_assessable"]
    holding = sum(c.status == "holds" for c in report.checks)
    open_checks = sum(c.status == "not_assessable" for c in report.checks)
    parts: list[RenderableType] = [Text(f"{holding} of {len(report.checks)} hold, {open_checks} cannot be assessed.")]
    if shown:
        rows = _Rows("status", "rule", "scope", "left", "right", "note")
        for c in shown:
            style = "bold red" if c.status == "fails" else ""
            left, right = number_or_blank(c.left_value), number_or_blank(c.right_value)
            rows.add(Text(c.status, style=style), c.rule, c.scope, left, right, c.note or "")
        parts.append(rows.table)
    return parts


def _errors(report: Report) -> list[RenderableType]:
    rows = _Rows("stage", "error", "message", "what to do")
    for issue in report.errors:
        rows.add(issue.stage, issue.error, issue.message, issue.hint or "")
    return [rows.table] if report.errors else []
