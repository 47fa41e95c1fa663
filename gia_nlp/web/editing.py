"""The pages that correct: the form of a mark, what it sends, the corrections and their training data."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, urlencode

from gia_nlp.annotation.files import json_line
from gia_nlp.annotation.records import BOUNDS, PERIODS, STATUSES, GoldDocument, GoldFact, GoldItem
from gia_nlp.vocabulary.categories import categories
from gia_nlp.vocabulary.indicators import indicators
from gia_nlp.web import corrections as change
from gia_nlp.web import entering
from gia_nlp.web.corrections import ConflictError, Corrections
from gia_nlp.web.marking import marked_text
from gia_nlp.web.site import Site, Wrong
from gia_nlp.web.training import TASKS, training_rows
from gia_nlp.web.view import ReportView, Shown

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

_AROUND, _LINES = 200, 4  # characters and lines before and behind a mark that its form shows
NEW = ("new-fact", "new-item")


class EditingSite(Site):
    """All pages: those of :class:`Site` and those that correct."""

    def edit(self, request: Request) -> Response:
        """The form of one mark, or of a new one."""
        self._writable()
        view = self._view(request)
        if view.stale:
            raise Wrong(409, "stale")
        asked = request.query_params
        id = asked.get("mark", "")
        return self._form(request, view, id, *self._marked(view, id, asked.get("start"), asked.get("end")))

    def _marked(
        self, view: ReportView, id: str, start: str | None, end: str | None
    ) -> tuple[GoldFact | GoldItem, Shown | None]:
        """A mark by its id, or a new one at offsets."""
        if id in NEW:
            first, last = _offset(start, view), _offset(end, view)
            return self._new(id, view, first, max(first, last)), None
        shown = view.find(id)
        if shown is None:
            raise Wrong(404, "gone")
        return shown.mark, shown

    def _new(self, id: str, view: ReportView, start: int, end: int) -> GoldFact | GoldItem:
        from gia_nlp.annotation.reading import read_fact

        text = view.report.text
        if id == "new-item":
            kind = (
                "remedy"
                if any(
                    i.mark.end and i.mark.end <= start and i.mark.kind == "remedy"
                    for i in view.items
                    if isinstance(i.mark, GoldItem)
                )
                else "problem"
            )
            return GoldItem(kind, STATUSES[kind][0], start, end, text[start:end])
        read = read_fact("items_published", text, start, end) if start < end else None
        return read or GoldFact("items_published", 0.0, start, end, text[start:end])

    def _form(
        self,
        request: Request,
        view: ReportView,
        id: str,
        mark: GoldFact | GoldItem,
        shown: Shown | None,
        *,
        status: int = 200,
        error: str = "",
        given: entering.Fields | None = None,
    ) -> Response:
        """The form of a mark; what was ``given`` before stands in its fields, with the error."""
        from gia_nlp.frames.marks import Mark

        text = view.report.text
        start, end = mark.start or 0, mark.end or 0
        first, last = _around(text, start, end)
        kind = "fact" if isinstance(mark, GoldFact) else "problem" if mark.kind == "problem" else "remedy"
        here = [Mark(id, start - first, end - first, kind, id)] if end > start else []  # type: ignore[arg-type]
        return self.page(
            request,
            "edit",
            status=status,
            error=error,
            given=given or {},
            view=view,
            report=view.report,
            id=id,
            mark=mark,
            shown=shown,
            is_fact=isinstance(mark, GoldFact),
            first=first,
            context=marked_text(text[first:last], here, {id: ""}),
            indicators=list(indicators()),
            bounds=BOUNDS,
            channels=entering.channels(),
            periods=PERIODS,
            statuses=STATUSES,
            categories=list(categories()),
            remedies=[i for i in view.items if isinstance(i.mark, GoldItem) and i.mark.kind == "remedy" and i.id != id],
        )

    async def save(self, request: Request) -> Response:
        """Takes a form: a mark saved or removed, or all of a kind confirmed."""
        from starlette.concurrency import run_in_threadpool

        return await run_in_threadpool(self._save, request, await request.body())

    def _save(self, request: Request, body: bytes) -> Response:
        corrections = self._writable()
        try:
            fields = parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=400)
        except ValueError as error:
            raise Wrong(400, "bad_request") from error
        if not hmac.compare_digest(entering.one(fields, "token").encode(), self.token.encode()):
            raise Wrong(403, "token")
        view = self._view(request, entering.one(fields, "id"))
        if view.stale:
            raise Wrong(409, "stale")
        if entering.one(fields, "revision") != str(view.revision):
            raise Wrong(409, "conflict")
        try:
            by = entering.person(fields)
            signed = change.Change(by, datetime.now(UTC).isoformat(timespec="seconds"))
            document, at = self._changed(view, fields, signed)
        except entering.EntryError as error:
            return self._again(request, view, fields, error)
        try:
            corrections.save(document, revision=view.revision)
        except ConflictError as error:
            raise Wrong(409, "conflict") from error
        return _to(f"/report?{urlencode({'id': view.report.report_id})}#{at}", by)

    def _again(
        self, request: Request, view: ReportView, fields: entering.Fields, error: entering.EntryError
    ) -> Response:
        """The form once more, with what was entered and what is wrong with it."""
        wrong = Wrong(400, error.reason, **({"field": error.field} if error.field else {}))
        id = entering.one(fields, "mark")
        if error.reason in ("gone", "bad_request") or not (id in NEW or view.find(id)):
            raise wrong from error
        try:
            mark, shown = self._marked(view, id, entering.one(fields, "start"), entering.one(fields, "end"))
        except Wrong:  # offsets that are none
            mark, shown = self._marked(view, id, None, None)
        said = self._said(self.words(request), wrong)
        return self._form(request, view, id, mark, shown, status=400, error=said, given=fields)

    def _changed(self, view: ReportView, fields: entering.Fields, signed: change.Change) -> tuple[GoldDocument, str]:
        """The document with what the form says, and the place of the page to show."""
        document, id, action = view.document, entering.one(fields, "mark"), entering.one(fields, "action")
        if action == "review" and id in change.KINDS:
            return change.review(document, id, signed), id
        shown = view.find(id)
        if shown is None and id not in NEW:
            raise entering.EntryError("gone")
        index = int(id[1:]) - 1 if shown else None
        is_fact = id == "new-fact" or id.startswith("f")
        if action == "remove" and index is not None:
            remove = change.remove_fact if is_fact else change.remove_item
            return remove(document, index, signed), "facts" if is_fact else "items"
        if action != "save":
            raise entering.EntryError("bad_request")
        if is_fact:
            fact = entering.fact_of(fields, document)
            document = change.put_fact(document, index, fact, signed)
            return document, _id_of("f", document.facts or (), fact)
        item = entering.item_of(fields, document)
        document = change.put_item(document, index, item, signed)
        return document, _id_of("i", document.items or (), item)

    def _writable(self) -> Corrections:
        if self.corrections is None:
            raise Wrong(403, "read_only")
        return self.corrections

    def listed(self, request: Request) -> Response:
        """The reports that have corrections."""
        documents = self.corrections.documents() if self.corrections else []
        rows = [(d, change.revision_of(d), (d.more.get("history") or [{}])[-1]) for d in documents]
        folder = self.corrections.folder.name if self.corrections else ""
        return self.page(request, "corrections", rows=rows, folder=folder, tasks=TASKS)

    def training(self, request: Request) -> Response:
        """The corrections as JSONL for training."""
        from starlette.responses import StreamingResponse

        task = request.query_params.get("task", "")
        if task not in TASKS:
            raise Wrong(400, "bad_request")
        documents = self.corrections.documents() if self.corrections else []
        lines: Iterator[str] = (json_line(row) for row in training_rows(documents, task))
        headers = {"content-disposition": f'attachment; filename="{task}.jsonl"'}
        return StreamingResponse(lines, media_type="application/x-ndjson; charset=utf-8", headers=headers)


def _to(address: str, by: str) -> Response:
    from starlette.responses import RedirectResponse

    response = RedirectResponse(address, status_code=303)
    response.set_cookie("by", quote(by), max_age=31_536_000, httponly=True, samesite="strict")
    return response


def _offset(given: str | None, view: ReportView) -> int:
    given = given or "0"
    if not (given.isascii() and given.isdigit()) or len(given) > 9:
        raise Wrong(400, "span")
    return min(int(given), len(view.report.text))


def _around(text: str, start: int, end: int) -> tuple[int, int]:
    """A span with its surroundings: some characters, but not many lines, as tables can have a line for each cell."""
    first, last = start, end
    for _ in range(_LINES):
        first = text.rfind("\n", 0, max(0, first - 1)) + 1
        last = (text.find("\n", last + 1) + 1 or len(text) + 1) - 1
    return max(first, start - _AROUND, 0), min(last, end + _AROUND, len(text))


def _id_of(letter: str, marks: tuple[Any, ...], mark: Any) -> str:
    """The id of a mark that was just saved."""
    for n, one in enumerate(marks, 1):
        if (one.start, one.end, one.quote) == (mark.start, mark.end, mark.quote) and one.score is None:
            return f"{letter}{n}"
    return "text"
