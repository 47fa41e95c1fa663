"""What a worker process does: one source at a time, from its bytes to a report."""

from __future__ import annotations

import logging
import traceback
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from gia_nlp.records import Report

if TYPE_CHECKING:
    from gia_nlp.running.sources import Source

log = logging.getLogger(__name__)
_FETCH = "see whether the file opens; if not, fetch it again"
_BUG = "this is a fault of gia-nlp: please report it with the file; -v shows where it happened"


def tag_source(source: Source) -> Report:
    """Reads and tags one source; whatever the file holds, a failure is a report with nothing but `errors`."""
    from gia_nlp.pipeline import failed_report, tag_document
    from gia_nlp.reading import ReadingError, read_bytes
    from gia_nlp.running.sources import SourceError

    stage = "reading"
    try:
        document = read_bytes(source.read_bytes(), source.path)
        stage = "tagging"
        return tag_document(document, report_id=source.report_id)
    except Exception as error:
        expected = isinstance(error, (ReadingError, SourceError, OSError))
        if not expected:
            log.info("%s: %s", source.report_id, traceback.format_exc())
            _add_hint(error, _BUG)
        elif not getattr(error, "hint", None):
            _add_hint(error, _FETCH)
        return failed_report(source.report_id, source.path, error, stage=stage)


def _add_hint(error: Exception, hint: str) -> None:
    try:
        error.hint = hint  # type: ignore[attr-defined]
    except AttributeError:
        log.debug("no hint on %r", error)


def serve(connection: Connection, verbose: int) -> None:
    """Loads the pipeline, says so with ``None``, then answers each source with its report until ``None`` comes."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends its workers
    if verbose:
        logging.basicConfig(level=logging.DEBUG if verbose > 1 else logging.INFO)
    from gia_nlp.pipeline import load

    try:
        load()
    except Exception as error:
        connection.send(f"{type(error).__name__}: {error}")
        return
    connection.send(None)
    try:
        while (source := connection.recv()) is not None:
            connection.send(tag_source(source))
    except (EOFError, OSError):
        return  # the parent is gone, and nobody waits for the rest
