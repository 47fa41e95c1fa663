"""One report as a page that stands alone: every fact and item marked in the text, with lists that lead to the marks."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

from gia_nlp import __version__
from gia_nlp.frames.marks import marked_up, marks_of
from gia_nlp.frames.render_common import (
    cell_text,
    fact_details,
    fact_value,
    form_labels,
    grids,
    in_text_order,
    notable_checks,
    number_or_blank,
    remedy_numbers,
)
from gia_nlp.records import Report
from gia_nlp.vocabulary.categories import categories
from gia_nlp.vocabulary.indicators import indicators


@cache
def _template() -> Any:
    import jinja2

    source = resources.files("gia_nlp.frames").joinpath("templates", "report.html.j2").read_text(encoding="utf-8")
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(cell=cell_text, count=fact_value, details=fact_details, number=number_or_blank)
    return environment.from_string(source)


def render_page(report: Report) -> str:
    """The page as HTML. It loads nothing from elsewhere and runs no script; everything from the report is escaped."""
    from markupsafe import Markup, escape

    facts, items = in_text_order(report)
    text = marked_up(report.text, marks_of(report), lambda s: str(escape(s)))
    return str(
        _template().render(
            report=report,
            meta=report.meta,
            text=Markup(text),
            headings=[(f"s{n}", s) for n, s in enumerate(report.sections, 1) if s.heading],
            facts=[(f"f{n}", fact) for n, fact in enumerate(facts, 1)],
            items=[(f"i{n}", item, [f"i{r}" for r in remedy_numbers(report, item)]) for n, item in enumerate(items, 1)],
            grids=grids(report),
            checks=notable_checks(report),
            holding=sum(c.status == "holds" for c in report.checks),
            labels=form_labels,
            zh={name: indicator.zh for name, indicator in indicators().items()},
            category_zh={name: category.zh for name, category in categories().items()},
            version=__version__,
        )
    )
