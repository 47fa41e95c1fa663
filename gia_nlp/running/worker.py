"""What a worker does: sources in, parts out. Every engine runs these functions.

:func:`tag_chunk` and :func:`tag_frame` are the whole of it as plain functions; :func:`parts_of` gives the same as a stream, so
that a long chunk is on disk before it ends.
"""

from __future__ import annotations

import hashlib
import logging
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from gia_nlp.records import Issue, Metadata, Report
from gia_nlp.running.identity import Identity, identify, pipeline
from gia_nlp.running.parts import Entry, Manifest, encode

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from spacy.language import Language

    from gia_nlp.frames.convert import Rows
    from gia_nlp.running.source import Readable

log = logging.getLogger(__name__)
PART_SECONDS = 4.0  # a part is closed after so long: what a killed worker loses
PART_CHARACTERS = 1_000_000
_FETCH = "see whether the file opens; if not, fetch it again"
_BUG = "this is a fault of gia-nlp: please report it with the file; -v shows where it happened"
_MISFIT = "please report this with the file: the records found in it contradict the schema"
_HUNGRY = "if the file is worth it, give each worker more with --memory"


def tag_source(source: Readable, nlp: Language | None = None) -> Report:
    """Reads and tags one source; whatever the file holds, a failure is a report with nothing but `errors`."""
    return _tag(source, nlp)[0]


def _tag(source: Readable, nlp: Language | None) -> tuple[Report, str | None, bool]:
    """The report, the digest of the content if it was read, and whether a failure may pass."""
    from gia_nlp.pipeline import failed_report, tag_document
    from gia_nlp.reading import ReadingError, read_bytes
    from gia_nlp.running.source import SourceError

    stage, sha256 = "reading", None
    try:
        data = source.read_bytes()
        sha256 = hashlib.sha256(data).hexdigest()
        document = read_bytes(data, source.reader_name)
        if document.path != source.path:
            document = replace(document, path=source.path)
        stage = "tagging"
        return tag_document(document, report_id=source.report_id, nlp=nlp), sha256, False
    except MemoryError:
        issue = Issue("running", "MemoryLimit", "needs more memory than a worker may take", _HUNGRY)
        return _failed(source, issue), sha256, False
    except Exception as error:
        if not isinstance(error, (ReadingError, SourceError, OSError)):
            log.info("%s: %s", source.report_id, traceback.format_exc())
            _add_hint(error, _BUG)
        elif not getattr(error, "hint", None):
            _add_hint(error, _FETCH)
        passing = sha256 is None and bool(getattr(error, "passing", isinstance(error, OSError)))
        return failed_report(source.report_id, source.path, error, stage=stage), sha256, passing


def _add_hint(error: Exception, hint: str) -> None:
    try:
        error.hint = hint  # type: ignore[attr-defined]
    except AttributeError:
        log.debug("no hint on %r", error)


def _failed(source: Readable, issue: Issue) -> Report:
    return Report(source.report_id, "", source.path, "", "", Metadata(), errors=(issue,))


def failed_part(
    source: Readable, error: str, message: str, hint: str, identity: Identity, limit: Mapping[str, float]
) -> bytes:
    """The part of a source that its worker did not survive: one row in `errors`."""
    builder = _Builder()
    builder.add(source, _failed(source, Issue("running", error, message, hint)), limit=limit)
    return builder.part(identity)


# --------------------------------------------------------------------------- rows


class _Builder:
    """Collects reports as rows of all tables, with an entry for each."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._rows: list[Rows] = []
        self._characters = 0
        self._started = time.monotonic()

    def add(
        self,
        source: Readable,
        report: Report,
        sha256: str | None = None,
        *,
        passing: bool = False,
        limit: Mapping[str, float] | None = None,
    ) -> None:
        """Takes a report."""
        from gia_nlp.frames.convert import is_failed, printable_name, report_rows

        rows = report_rows(report)
        errors, failed = rows["errors"], is_failed(report)
        self._rows.append(rows)
        self._characters += len(report.text)
        self._entries.append(
            Entry(
                report_id=printable_name(report.report_id),
                path=printable_name(source.path),
                outcome="failed" if failed else "partly" if errors else "read",
                size=source.size,
                stamp=source.stamp,
                sha256=sha256,
                rows={name: len(found) for name, found in rows.items() if found},
                characters=len(report.text),
                checks_failed=sum(c["status"] == "fails" for c in rows["checks"]),
                passing=passing and failed,
                limit=limit or {},
                problems=tuple((e["message"], e["hint"]) for e in errors) if failed else (),
            )
        )

    @property
    def full(self) -> bool:
        """Whether it is time to hand over what there is."""
        return self._characters >= PART_CHARACTERS or time.monotonic() - self._started >= PART_SECONDS

    def __bool__(self) -> bool:
        return bool(self._entries)

    def tables(self) -> dict[str, pa.Table]:
        """The rows as Arrow tables, every table but the panel.

        A report whose records do not fit the schema leaves a row in `errors` and nothing else.
        """
        from gia_nlp.frames.store import SchemaError

        try:
            return _arrow_tables(self._rows)
        except SchemaError:
            for index, rows in enumerate(self._rows):
                try:
                    _arrow_tables([rows])
                except SchemaError as error:
                    self._reject(index, error)
            return _arrow_tables(self._rows)

    def _reject(self, index: int, error: Exception) -> None:
        from gia_nlp.frames.convert import error_row

        entry = self._entries[index]
        row = error_row(entry.report_id, entry.path, "writing", "SchemaError", str(error), _MISFIT)
        self._rows[index] = {"errors": [row]}
        self._entries[index] = replace(
            entry,
            outcome="failed",
            rows={"errors": 1},
            characters=0,
            checks_failed=0,
            problems=((row["message"], row["hint"]),),
        )

    def part(self, identity: Identity) -> bytes:
        """All of it as a part."""
        tables = self.tables()  # first, as it may reject entries
        return encode(Manifest(identity, tuple(self._entries)), tables)


def _arrow_tables(reports: list[Rows]) -> dict[str, pa.Table]:
    from gia_nlp.frames.schema import base_tables
    from gia_nlp.frames.store import arrow_rows

    return {name: arrow_rows(name, [r for rows in reports for r in rows.get(name, ())]) for name in base_tables()}


def _reports(
    sources: Iterable[Readable], nlp: Language | None, on_file: Callable[[int], None]
) -> Iterator[tuple[Readable, Report, str | None, bool]]:
    for index, source in enumerate(sources):
        on_file(index)
        yield source, *_tag(source, nlp)


def _zone(nlp: Language | None) -> Any:
    """Words that only this chunk has are forgotten after it; without, the vocabulary grows with every report."""
    zone = getattr(nlp or pipeline(), "memory_zone", None)
    return zone() if zone else nullcontext()


def tag_chunk(sources: Sequence[Readable], nlp: Language | None = None) -> dict[str, pa.Table]:
    """Reads and tags sources: their rows in every table but the panel, in their order, with the tables' fixed schemas.

    >>> from gia_nlp.running.rows import TextSource
    >>> tables = tag_chunk([TextSource("a.txt", "全年收到申请12件。"), TextSource("b.txt", "全年收到申请3件。")])
    >>> tables["facts"].column("value").to_pylist()
    [12.0, 3.0]
    """
    builder = _Builder()
    with _zone(nlp):
        for source, report, sha256, passing in _reports(sources, nlp, lambda _: None):
            builder.add(source, report, sha256, passing=passing)
    return builder.tables()


def tag_frame(frame: pd.DataFrame, nlp: Language | None = None) -> dict[str, pd.DataFrame]:
    """Tags the rows of a DataFrame with the columns ``report_id`` and ``text`` or ``content`` (bytes of a file), ``path`` if there is one.

    The same for any engine that deals in frames, such as ``dask.dataframe``; gives a DataFrame for each table but the panel.

    >>> import pandas as pd
    >>> tag_frame(pd.DataFrame({"report_id": ["a"], "text": ["全年收到申请12件。"]}))["facts"]["quote"].tolist()
    ['12件']
    """
    from gia_nlp.frames.schema import tables, to_pandas
    from gia_nlp.running.rows import sources_of_frame

    return {name: to_pandas(tables()[name], t) for name, t in tag_chunk(sources_of_frame(frame), nlp).items()}


def warm_up(model: str | None = None) -> None:
    """Loads what the first report would, so that the time and the memory of loading count for no file."""
    from gia_nlp.running.rows import TextSource

    tag_chunk([TextSource("warm-up", "一、总体情况\n全年收到申请12件。")], pipeline(model))


def parts_of(
    sources: Sequence[Readable], model: str | None = None, on_file: Callable[[int], None] = lambda _: None
) -> Iterator[bytes]:
    """Tags sources and gives their parts one after the other, each when some seconds' work is in it.

    ``on_file`` is called with the index of each source before it is opened.
    """
    nlp, identity = pipeline(model), identify(model)
    builder = _Builder()
    with _zone(nlp):
        for source, report, sha256, passing in _reports(sources, nlp, on_file):
            builder.add(source, report, sha256, passing=passing)
            if builder.full:
                yield builder.part(identity)
                builder = _Builder()
    if builder:
        yield builder.part(identity)
