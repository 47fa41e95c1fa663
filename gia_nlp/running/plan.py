"""What a run has to do: its sources in order beside what earlier runs did, in a database on disk that memory does not feel.

The database is SQLite's private temporary file: no other process sees it, and it is gone with its process.
"""

from __future__ import annotations

import hashlib
import json
import pickle
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gia_nlp.running.chunks import LEAST_BYTES
from gia_nlp.running.limits import Limits
from gia_nlp.running.source import SourceError, duplicate

if TYPE_CHECKING:
    from gia_nlp.running.identity import Identity
    from gia_nlp.running.ledger import Ledger
    from gia_nlp.running.parts import Entry, Manifest
    from gia_nlp.running.source import Readable

_TABLES = """
CREATE TABLE sources (n INTEGER PRIMARY KEY, report_id BLOB UNIQUE, path BLOB, size INTEGER, stamp TEXT, source BLOB);
CREATE TABLE done (report_id BLOB PRIMARY KEY, path BLOB, part INTEGER, place INTEGER, size INTEGER, stamp TEXT, sha256 TEXT,
    identity TEXT, tools TEXT, outcome TEXT, passing INTEGER, timeout REAL, memory REAL, characters INTEGER,
    cells INTEGER, facts INTEGER, items INTEGER, checks INTEGER, checks_failed INTEGER, errors INTEGER) WITHOUT ROWID;
CREATE TABLE todo (n INTEGER PRIMARY KEY, why TEXT);
"""
_DONE = f"INSERT OR REPLACE INTO done VALUES ({', '.join('?' * 20)})"


@dataclass(frozen=True, slots=True)
class Todo:
    """How many sources there are, and how many have to be read and why."""

    total: int
    new: int = 0
    changed: int = 0
    outdated: int = 0
    again: int = 0
    failed_before: int = 0
    removed: int = 0

    @property
    def todo(self) -> int:
        """How many sources have to be read."""
        return self.new + self.changed + self.outdated + self.again


@dataclass(frozen=True, slots=True)
class Live:
    """A row of today's output: where its report stands. ``n`` counts in the order of the sources."""

    n: int
    part: int
    place: int
    path: str
    characters: int


class Plan:
    """The sources of a run. Raises ``SourceError`` as the sources do, ``DuplicateIdError`` for two with one id."""

    def __init__(self, sources: Iterable[Readable]) -> None:
        self._identities: dict[str, Identity] = {}
        self._database = sqlite3.connect("", isolation_level=None)
        for setting in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-4000", "temp_store=FILE"):
            self._database.execute(f"PRAGMA {setting}")
        self._database.executescript(_TABLES)
        query = "INSERT INTO sources (report_id, path, size, stamp, source) VALUES (?, ?, ?, ?, ?)"
        with _Together(self._database):
            for s in sources:
                row = (_name(s.report_id), _name(s.path), s.size, s.stamp, pickle.dumps(s))
                try:
                    self._database.execute(query, row)
                except sqlite3.IntegrityError:
                    raise duplicate(s) from None
        self.total: int = self._one("SELECT count(*) FROM sources")

    def close(self) -> None:
        """Lets the database go."""
        self._database.close()

    def _one(self, query: str, *values: Any) -> Any:
        return self._database.execute(query, values).fetchone()[0]

    # ----------------------------------------------------------------------- what was done

    def load(self, ledger: Ledger) -> None:
        """Takes what earlier runs did; of two rows for one report the later one holds."""
        with _Together(self._database):
            for number, manifest in ledger.manifests():
                self._add(number, manifest)

    def add(self, number: int, manifest: Manifest) -> None:
        """Takes what a part of this run holds."""
        with _Together(self._database):
            self._add(number, manifest)

    def _add(self, number: int, manifest: Manifest) -> None:
        identity = manifest.identity
        self._identities[identity.digest] = identity
        tools = json.dumps(identity.tools)
        rows = (_row(number, place, e, identity.digest, tools) for place, e in enumerate(manifest.entries))
        self._database.executemany(_DONE, rows)

    # ----------------------------------------------------------------------- what is to be done

    def compare(self, identity: Identity, limits: Limits, *, fresh: bool = False, retry_failed: bool = False) -> Todo:
        """Decides what is to be read: what is new, changed, made by another pipeline, or failed for a cause that may be gone.

        A source of the same size but another date is the same if its content is.
        """
        tools = json.dumps(identity.tools)
        again = """passing OR timeout < ? OR memory < ? OR (outcome <> 'read' AND tools <> ?) OR (outcome = 'failed' AND ?)"""
        self._database.execute("DELETE FROM todo")
        self._database.execute(
            f"""INSERT INTO todo SELECT n, CASE
                WHEN d.report_id IS NULL THEN 'new'
                WHEN ? OR d.identity <> ? THEN 'outdated'
                WHEN {again} THEN 'again'
                WHEN d.size <> s.size THEN 'changed'
                WHEN d.outcome <> 'read' AND d.path <> s.path THEN 'changed'
                WHEN d.stamp <> s.stamp OR s.stamp = '' THEN 'perhaps' END AS why
            FROM sources s LEFT JOIN done d USING (report_id) WHERE why IS NOT NULL""",
            (fresh, identity.digest, limits.timeout, limits.memory, tools, retry_failed),
        )
        self._look_closer()
        why = dict(self._database.execute("SELECT why, count(*) FROM todo GROUP BY why"))
        return Todo(
            total=self.total,
            failed_before=self._one(
                """SELECT count(*) FROM sources JOIN done USING (report_id)
                WHERE outcome = 'failed' AND n NOT IN (SELECT n FROM todo)"""
            ),
            removed=self._one("SELECT count(*) FROM done WHERE report_id NOT IN (SELECT report_id FROM sources)"),
            **{name: why.get(name, 0) for name in ("new", "changed", "outdated", "again")},
        )

    def changes(self, identity: Identity) -> list[str]:
        """In what the pipelines that made the rows before differ from ``identity``, the last of them first."""
        rows = self._database.execute(
            "SELECT identity FROM done JOIN sources USING (report_id) WHERE identity <> ? GROUP BY identity ORDER BY max(part) DESC",
            (identity.digest,),
        )
        found = [change for (digest,) in rows for change in identity.changes_from(self._identities[digest])]
        return list(dict.fromkeys(found))

    def _look_closer(self) -> None:
        """Reads what may have changed: same size, other date."""
        query = """SELECT n, source, sha256 FROM todo JOIN sources USING (n) JOIN done USING (report_id)
            WHERE why = 'perhaps'"""
        decided = []
        for n, source, sha256 in self._database.execute(query):
            try:
                same = sha256 is not None and hashlib.sha256(_source(source).read_bytes()).hexdigest() == sha256
            except SourceError:
                same = False
            decided.append((n, same))
        self._database.executemany("DELETE FROM todo WHERE n = ?", ((n,) for n, same in decided if same))
        self._database.execute("UPDATE todo SET why = 'changed' WHERE why = 'perhaps'")

    def todo_bytes(self) -> int:
        """How many bytes there are to read, as far as the search could tell, none counted as less than a small file."""
        return int(self._one("SELECT coalesce(sum(max(size, ?)), 0) FROM todo JOIN sources USING (n)", LEAST_BYTES))

    def todo(self) -> Iterator[Readable]:
        """The sources to read, in order."""
        cursor = self._database.execute("SELECT source FROM todo JOIN sources USING (n) ORDER BY n")
        while rows := cursor.fetchmany(256):
            for (source,) in rows:
                yield _source(source)

    # ----------------------------------------------------------------------- what there is then

    def live(self) -> Iterator[Live]:
        """What the output consists of, in the order of the sources."""
        cursor = self._database.execute(
            """SELECT n, part, place, s.path, characters FROM sources s JOIN done d USING (report_id) ORDER BY n"""
        )
        while rows := cursor.fetchmany(1024):
            for n, part, place, path, characters in rows:
                yield Live(n, part, place, path.decode(), characters)

    def last_of_parts(self) -> dict[int, int]:
        """For each part that the output needs, the last of its sources."""
        return dict(
            self._database.execute("SELECT part, max(n) FROM sources JOIN done USING (report_id) GROUP BY part")
        )

    def known(self) -> int:
        """How many sources something is known of."""
        return int(self._one("SELECT count(*) FROM sources JOIN done USING (report_id)"))

    def totals(self) -> dict[str, int]:
        """Sums over the output: reports, failed, partly, cells, facts, items, checks, checks_failed, errors."""
        sums = ("cells", "facts", "items", "checks", "checks_failed", "errors")
        row = self._database.execute(
            f"""SELECT count(*) FILTER (WHERE outcome <> 'failed'), count(*) FILTER (WHERE outcome = 'failed'),
            count(*) FILTER (WHERE outcome = 'partly'), {", ".join(f"coalesce(sum({name}), 0)" for name in sums)}
            FROM sources JOIN done USING (report_id)"""
        ).fetchone()
        return dict(zip(("reports", "failed", "partly", *sums), row, strict=True))


class _Together:
    """Statements that are one step to SQLite, which makes many small ones quick."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def __enter__(self) -> None:
        self._database.execute("BEGIN")

    def __exit__(self, *_: object) -> None:
        self._database.execute("COMMIT")


def _name(text: str) -> bytes:
    from gia_nlp.frames.convert import printable_name

    return printable_name(text).encode()


def _source(data: bytes) -> Readable:
    source: Readable = pickle.loads(data)  # of our own private database
    return source


def _row(number: int, place: int, entry: Entry, identity: str, tools: str) -> tuple[Any, ...]:
    return (
        _name(entry.report_id), _name(entry.path), number, place, entry.size, entry.stamp, entry.sha256, identity, tools,
        entry.outcome, entry.passing, entry.limit.get("timeout"), entry.limit.get("memory"), entry.characters,
        *(entry.rows.get(name, 0) for name in ("cells", "facts", "items", "checks")), entry.checks_failed,
        entry.rows.get("errors", 0),
    )  # fmt: skip
