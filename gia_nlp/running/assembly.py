"""From the parts of the ledger to the tables: rows in the order of the sources, whatever the order in which they were made."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from gia_nlp.frames.schema import base_tables
from gia_nlp.frames.store import FLUSH_CHARACTERS, FLUSH_REPORTS, Store
from gia_nlp.running.parts import PartError, read_manifest, read_table

if TYPE_CHECKING:
    import pyarrow as pa

    from gia_nlp.running.ledger import Ledger
    from gia_nlp.running.plan import Live, Plan


class OpenPart:
    """The tables of a part, and where each report's rows begin. Raises :class:`gia_nlp.running.parts.PartError` for a damaged one."""

    def __init__(self, path: Path) -> None:
        entries = read_manifest(path).entries
        self._paths = [entry.path for entry in entries]
        self._tables: dict[str, pa.Table] = {}
        self._starts: dict[str, list[int]] = {}
        for name in base_tables():
            table = read_table(path, name)
            if table is not None:
                self._tables[name] = table
                self._starts[name] = list(accumulate((e.rows.get(name, 0) for e in entries), initial=0))

    def rows(self, run: list[Live]) -> Iterator[tuple[str, pa.Table]]:
        """The rows of reports that follow one another in the part, by table."""
        first, last = run[0].place, run[-1].place
        for name, table in self._tables.items():
            start, end = self._starts[name][first], self._starts[name][last + 1]
            if start == end:
                continue
            found = table.slice(start, end - start)
            if name == "reports" and any(live.path != self._paths[live.place] for live in run):
                found = self._with_paths(found, run)
            yield name, found

    def _with_paths(self, reports: pa.Table, run: list[Live]) -> pa.Table:
        """The same files in another place: what lies where is the one thing in a row that is not the file's own."""
        import pyarrow as pa

        starts = self._starts["reports"]
        paths = [live.path or None for live in run if starts[live.place + 1] > starts[live.place]]
        index = reports.schema.get_field_index("path")
        return reports.set_column(index, reports.schema.field(index), pa.array(paths, pa.string()))


def assemble(plan: Plan, ledger: Ledger, store: Store) -> None:
    """Writes the rows of all live reports to ``store``; raises ``OSError`` for a damaged part, which is taken away."""
    assemble_live(plan.live(), plan.last_of_parts(), lambda number: _opened(ledger, number), store)


def assemble_live(
    live: Iterable[Live], last: Mapping[int, int], opened_part: Callable[[int], OpenPart], store: Store
) -> None:
    """Writes the rows of reports to ``store``, in their order; ``last`` says of each part which report is the last to need it.

    In memory are the parts that the present place lies in: one for each run whose files are mixed there.
    """
    opened: dict[int, OpenPart] = {}
    for run, flush in _runs(live):
        number = run[0].part
        if number not in opened:
            opened[number] = opened_part(number)
        for name, rows in opened[number].rows(run):
            store.add_rows(name, rows)
        if flush:
            store.flush()
        if last[number] == run[-1].n:
            del opened[number]


def _opened(ledger: Ledger, number: int) -> OpenPart:
    path = ledger.path(number)
    try:
        return OpenPart(path)
    except PartError as error:
        path.unlink(missing_ok=True)
        raise OSError(f"{path} was {error}; run the same command again, and what it held is read again") from error


def _runs(live: Iterable[Live]) -> Iterator[tuple[list[Live], bool]]:
    """Reports that follow one another in one part, and whether the tables are to be written out after them.

    When that is goes by the reports alone, so that the same reports give the same bytes however they were parted.
    """
    run: list[Live] = []
    reports = characters = 0
    for report in live:
        if run and (report.part, report.place) != (run[-1].part, run[-1].place + 1):
            yield run, False
            run = []
        run.append(report)
        reports += 1
        characters += report.characters
        if reports >= FLUSH_REPORTS or characters >= FLUSH_CHARACTERS:
            yield run, True
            run = []
            reports = characters = 0
    if run:
        yield run, False


def fingerprint(plan: Plan, *about: str) -> str:
    """One word for what the tables would be made of: the same word, the same tables."""
    whole = hashlib.sha256("\0".join(about).encode())
    for live in plan.live():
        whole.update(f"{live.part}.{live.place}\0{live.path}\n".encode())
    return whole.hexdigest()[:32]
