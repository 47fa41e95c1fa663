"""The main job: files in, tables out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from gia_nlp.frames.convert import is_failed
from gia_nlp.frames.external import ExternalTables
from gia_nlp.frames.finishing import Finished
from gia_nlp.frames.output import Output
from gia_nlp.records import Report
from gia_nlp.running.local import DEFAULT_TIMEOUT, tag_sources

if TYPE_CHECKING:
    from gia_nlp.running.sources import Source

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Outcome:
    """What a run found. ``failed`` files gave nothing; ``partly`` ones left notes in `errors`."""

    reports: int = 0
    failed: int = 0
    partly: int = 0
    cells: int = 0
    facts: int = 0
    items: int = 0
    checks: int = 0
    checks_failed: int = 0
    errors: int = 0
    finished: Finished = field(default_factory=Finished)

    def count(self, report: Report) -> None:
        """Adds one report."""
        self.errors += len(report.errors)
        if is_failed(report):
            self.failed += 1
            return
        self.reports += 1
        self.partly += bool(report.errors)
        self.cells += len(report.cells)
        self.facts += len(report.facts)
        self.items += len(report.items)
        self.checks += len(report.checks)
        self.checks_failed += sum(c.status == "fails" for c in report.checks)


def tag_to_tables(
    sources: Iterable[Source],
    out: str | Path,
    *,
    format: str = "parquet",
    external: ExternalTables | None = None,
    workers: int = 1,
    timeout: float = DEFAULT_TIMEOUT,
    verbose: int = 0,
    on_report: Callable[[Report], None] = lambda _: None,
) -> Outcome:
    """Tags sources and writes the tables to ``out``; a file that fails costs itself alone and has a row in `errors`.

    ``on_report`` is called with each report as it is written. Raises :class:`gia_nlp.frames.OutputError` for a target
    that cannot be used and :class:`gia_nlp.running.local.WorkerError` if the pipeline cannot be loaded.
    """
    outcome = Outcome()

    def counted() -> Iterator[Report]:
        for report in tag_sources(sources, workers=workers, timeout=timeout, verbose=verbose):
            outcome.count(report)
            log.info("%s", report if not is_failed(report) else f"{report.report_id} failed")
            yield report

    with Output(out, format) as output:
        for report in counted():
            output.store.add(report)
            on_report(report)
        outcome.finished = output.publish(external)
        outcome.failed += output.store.rejected
        outcome.reports -= output.store.rejected
    return outcome
