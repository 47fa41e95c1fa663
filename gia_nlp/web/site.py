"""The pages that show: each a function from a request to an answer. Nothing here knows how the server runs."""

from __future__ import annotations

import json
import secrets
import time
from functools import cached_property
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlencode

from gia_nlp import __version__
from gia_nlp.annotation.records import GoldDocument, GoldError
from gia_nlp.frames.export import number_text
from gia_nlp.frames.render_common import cell_text, notable_checks, number_or_blank
from gia_nlp.vocabulary.categories import categories
from gia_nlp.vocabulary.indicators import indicators
from gia_nlp.web import corrections as change
from gia_nlp.web.comparing import compare
from gia_nlp.web.corrections import Corrections, reviewed
from gia_nlp.web.downloads import csv_lines
from gia_nlp.web.filters import KINDS, ONLY, FilterError, Filters
from gia_nlp.web.index import TABLES, Index
from gia_nlp.web.marking import marked_text
from gia_nlp.web.stored import read_stored
from gia_nlp.web.view import ReportView, marks_of_view, table_views, view_report
from gia_nlp.web.words import LANGUAGES, Words

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

_FOLD = 3  # sentences that are the same, in a row, from which on they are folded


class Wrong(Exception):
    """A request that cannot be answered: ``reason`` is a key of the dictionary's group ``wrong``."""

    def __init__(self, status: int, reason: str, **values: str) -> None:
        super().__init__(reason)
        self.status, self.reason, self.values = status, reason, values


class Site:
    """The pages that show an index and a folder of corrections (``None``: read only)."""

    def __init__(self, index: Index, corrections: Corrections | None) -> None:
        self.index, self.corrections = index, corrections
        self.token = secrets.token_urlsafe(32)

    # ------------------------------------------------------------------- what all pages share

    @cached_property
    def _templates(self) -> Any:
        import jinja2

        folder = str(resources.files("gia_nlp.web").joinpath("templates"))
        environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(folder),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters.update(
            cell=cell_text, number=number_or_blank, plain=number_text, address=urlencode, thousands="{:,}".format
        )
        return environment

    def words(self, request: Request) -> Words:
        """The language that the address asks for, else the one chosen before."""
        asked = request.query_params.get("lang") or request.cookies.get("lang")
        return Words(asked if asked in LANGUAGES else LANGUAGES[0])

    def page(self, request: Request, name: str, *, status: int = 200, **values: Any) -> Response:
        """A template as an answer."""
        from starlette.responses import HTMLResponse

        words = self.words(request)
        turned = next(lang for lang in LANGUAGES if lang != words.lang)
        stay = [(k, v) for k, v in request.query_params.multi_items() if k != "lang"]
        text = self._templates.get_template(f"{name}.html.j2").render(
            w=words,
            switch=f"{request.url.path if request.method == 'GET' else '/'}?{urlencode([*stay, ('lang', turned)])}",
            here=name,
            out=self.index.corpus.folder.resolve().name,
            writable=self.corrections is not None,
            by=unquote(request.cookies.get("by", "")),
            token=self.token,
            version=__version__,
            **values,
        )
        response = HTMLResponse(text.encode("utf-8", "replace"), status_code=status)
        if "lang" in request.query_params:
            response.set_cookie("lang", words.lang, max_age=31_536_000, httponly=True, samesite="strict")
        return response

    def wrong(self, request: Request, error: Wrong) -> Response:
        """The page that says what is wrong."""
        return self.page(request, "wrong", status=error.status, message=self._said(self.words(request), error))

    @staticmethod
    def _said(words: Words, error: Wrong) -> str:
        values = {k: _field(words, v) if k == "field" else v for k, v in error.values.items()}
        return words(f"wrong.{error.reason}", **values)

    def _annotated(self) -> list[str]:
        return self.corrections.ids() if self.corrections else []

    def _filters(self, request: Request) -> Filters:
        try:
            return Filters.read(request.query_params)
        except FilterError as error:
            raise Wrong(400, "choice", field=error.field) from error

    # ------------------------------------------------------------------- overview and search

    def overview(self, request: Request) -> Response:
        """Counts over all reports."""
        overview = self.index.overview
        return self.page(request, "overview", overview=overview, annotated=len(self._annotated()))

    def search(self, request: Request) -> Response:
        """Reports by filters."""
        filters = self._filters(request)
        annotated = self._annotated()
        start = time.perf_counter()
        found = self.index.search(filters, annotated=annotated)
        took = round(1000 * (time.perf_counter() - start))
        choices = {
            "years": self.index.years,
            "levels": self.index.levels,
            "forms": self.index.forms,
            "categories": list(categories()),
            "indicators": list(indicators()),
            "kinds": KINDS,
            "only": ONLY,
        }
        return self.page(
            request, "search", filters=filters, found=found, took=took, choices=choices, tables=TABLES,
            annotated=set(annotated),
        )  # fmt: skip

    def download(self, request: Request) -> Response:
        """A table of the reports that the filters ask for, as CSV or Parquet."""
        from starlette.background import BackgroundTask
        from starlette.responses import FileResponse, StreamingResponse

        table, kind = request.query_params.get("table", ""), request.query_params.get("format", "csv")
        if table not in TABLES or kind not in ("csv", "parquet"):
            raise Wrong(400, "bad_request")
        filters, annotated = self._filters(request), self._annotated()
        name = f"{table}.{kind}"
        if kind == "csv":
            lines = csv_lines(self.index.select(table, filters, annotated))
            headers = {"content-disposition": f'attachment; filename="{name}"'}
            return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)
        folder = TemporaryDirectory(prefix=".gia-nlp-download-")
        path = Path(folder.name) / name
        self.index.write_parquet(table, filters, path, annotated)
        done = BackgroundTask(folder.cleanup)
        return FileResponse(path, filename=name, media_type="application/vnd.apache.parquet", background=done)

    def errors(self, request: Request) -> Response:
        """Files that failed or were read in part."""
        filters = self._filters(request)
        return self.page(request, "errors", found=self.index.errors(filters.page))

    # ------------------------------------------------------------------- one report

    def _view(self, request: Request, report_id: str | None = None) -> ReportView:
        report_id = report_id if report_id is not None else request.query_params.get("id", "")
        stored = read_stored(self.index, report_id)
        if stored is None:
            raise Wrong(404, "no_report")
        try:
            corrected = self.corrections.get(report_id) if self.corrections else None
        except GoldError as error:
            raise Wrong(500, "broken", why=str(error)) from error
        return view_report(stored, corrected, self.words(request))

    def report(self, request: Request) -> Response:
        """A report with its text, marks, tables, checks and errors."""
        view = self._view(request)
        report, words = view.report, self.words(request)
        marks, titles = marks_of_view(view)
        checks = notable_checks(report)
        return self.page(
            request,
            "report",
            view=view,
            report=report,
            meta=report.meta,
            text=marked_text(report.text, marks, titles),
            tables=table_views(report),
            checks=checks,
            holding=sum(c.status == "holds" for c in report.checks),
            before=self.index.before(report.report_id),
            reviews={kind: reviewed(view.document, kind) for kind in change.KINDS},
            history=[] if view.stale else _history(view.document, words),
            editable=self.corrections is not None and not view.stale,
        )

    def compare(self, request: Request) -> Response:
        """A report beside the one by the same agency on the year before."""
        view = self._view(request)
        other_id = self.index.before(view.report.report_id)
        other = read_stored(self.index, other_id) if other_id else None
        comparison = compare(other.report.text, view.report.text) if other else None
        everything = request.query_params.get("all") == "1"
        return self.page(
            request,
            "compare",
            report=view.report,
            other=other.report if other else None,
            comparison=comparison,
            rows=_folded(comparison.pairs, everything) if comparison else [],
            everything=everything,
        )


def _field(words: Words, name: str) -> str:
    """What a field is called on the page."""
    for group in ("edit", "search"):
        try:
            return words(f"{group}.{name}")
        except KeyError:
            continue
    return name


def _history(document: GoldDocument, words: Words) -> list[dict[str, str]]:
    """The changes of a document in words, last first."""
    rows = []
    for entry in reversed(document.more.get("history", ())):
        marks = [entry.get(side) or {} for side in ("before", "after")]
        quote = next((str(m["quote"]) for m in reversed(marks) if m.get("quote")), "")
        changed = [
            f"{_field(words, name)}: {_plain(marks[0].get(name))} → {_plain(marks[1].get(name))}"
            for name in marks[1]
            if marks[0] and name not in ("score", "by", "at", "quote") and marks[0].get(name) != marks[1].get(name)
        ]
        rows.append(
            {
                "at": str(entry.get("at", "")),
                "by": str(entry.get("by", "")),
                "what": words(f"history.{entry.get('what', 'fact')}"),
                "action": words(f"history.{entry.get('action', 'corrected')}"),
                "quote": quote,
                "changes": "；".join(changed),
            }
        )
    return rows


def _plain(value: Any) -> str:
    return (
        "—" if value in (None, "", []) else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    )


def _folded(pairs: list[Any], everything: bool) -> list[Any]:
    """The rows to show: long runs of the same sentences become their number."""
    rows: list[Any] = []
    run: list[Any] = []

    def end_run() -> None:
        rows.extend(run if everything or len(run) < _FOLD else [len(run)])
        run.clear()

    for pair in pairs:
        if pair.kind == "same":
            run.append(pair)
        else:
            end_run()
            rows.append(pair)
    end_run()
    return rows
