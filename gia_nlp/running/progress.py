"""What a run has done so far, told from its ledger while it goes on; nothing in its folder is touched.

Tables of what is done can be written elsewhere at any time: :func:`write_so_far`. In them the reports stand in the order in which they
were done, which the tables of the run itself bring into the order of the sources at its end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from gia_nlp.frames.output import Output, OutputError
from gia_nlp.running.assembly import OpenPart, assemble_live
from gia_nlp.running.ledger import FOLDER, part_numbers, part_path
from gia_nlp.running.lock import holder
from gia_nlp.running.parts import Entry, PartError, read_manifest
from gia_nlp.running.plan import Live

_FAILURES = 10


@dataclass(slots=True)
class Progress:
    """What stands in a ledger. ``running`` describes the process that writes to it, if there is one; ``last`` is when it last did, in
    seconds since 1970; ``failures`` are the first files that failed, with why; ``pipelines`` are the digests of what made the rows."""

    running: str | None = None
    read: int = 0
    partly: int = 0
    failed: int = 0
    characters: int = 0
    parts: int = 0
    last: float | None = None
    pipelines: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[str, str]] = field(default_factory=list)

    @property
    def done(self) -> int:
        """Sources of which something is known."""
        return self.read + self.partly + self.failed


def progress(out: str | Path) -> Progress:
    """What is done in the output folder ``out``. Raises ``OutputError`` if no run ever wrote there.

    Of a source that was read twice, as it changed or the pipeline did, the later part counts.
    """
    folder = _ledger(out)
    found = Progress(running=holder(folder))
    for number, digest, entries in _newest(folder):
        found.parts += 1
        found.last = max(found.last or 0.0, _written(part_path(folder, number)))
        found.pipelines[digest] += len(entries)
        for _, entry in entries:
            setattr(found, entry.outcome, getattr(found, entry.outcome) + 1)
            found.characters += entry.characters
            if entry.outcome == "failed" and entry.problems and len(found.failures) < _FAILURES:
                found.failures.append((entry.path or entry.report_id, entry.problems[0][0]))
    return found


def write_so_far(out: str | Path, target: str | Path, format: str = "parquet") -> int:
    """Writes the tables of what is done in ``out`` to ``target``, whatever goes on in ``out``, and says how many sources they hold.

    Raises ``OutputError`` as :func:`progress` does, and for a target that cannot be used; ``PartError`` if the run ends in this moment and
    tidies up, when its own tables are there.
    """
    folder = _ledger(out)
    if Path(target).resolve() == Path(out).resolve():
        raise OutputError(f"{target} is the folder of the run itself", hint="give another folder with --out")
    places = {number: [place for place, _ in entries] for number, _, entries in _newest(folder)}
    last, count = {}, 0
    for number in sorted(places):
        count += len(places[number])
        last[number] = count - 1
    with Output(target, format) as output:
        assemble_live(_live(folder, places), last, lambda number: OpenPart(part_path(folder, number)), output.store)
        output.publish()
    return count


def _ledger(out: str | Path) -> Path:
    folder = Path(out) / FOLDER
    if not folder.is_dir():
        raise OutputError(f"{out} is no output of gia-nlp tag: it has no ledger", hint="give the folder of --out")
    return folder


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _newest(folder: Path) -> Iterator[tuple[int, str, list[tuple[int, Entry]]]]:
    """Of each part, the newest first: its number, the digest of what made it, and the entries that no newer part has, with their places."""
    seen: set[bytes] = set()
    for number in reversed(part_numbers(folder)):
        try:
            manifest = read_manifest(part_path(folder, number))
        except PartError:  # taken away by the end of a run, or damaged: then the next run sees to it
            continue
        entries = []
        for place, entry in enumerate(manifest.entries):
            key = blake2b(entry.report_id.encode("utf-8", "surrogatepass"), digest_size=12).digest()
            if key not in seen:
                seen.add(key)
                entries.append((place, entry))
        if entries:
            yield number, manifest.identity.digest, entries


def _live(folder: Path, places: dict[int, list[int]]) -> Iterator[Live]:
    """The entries at these places of these parts, one part in memory at a time."""
    n = 0
    for number in sorted(places):
        entries = read_manifest(part_path(folder, number)).entries
        for place in places[number]:
            yield Live(n, number, place, entries[place].path, entries[place].characters)
            n += 1
