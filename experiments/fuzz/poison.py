"""One hostile file of each kind among good ones: every good one has its result, each hostile one the outcome that is stated for it.

python experiments/fuzz/poison.py --good 200 --workers 2
"""

from __future__ import annotations

import argparse
import json
import os
import re
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
import hostile  # noqa: E402

LAYOUTS = ("pipes", "html", "docx", "pdf")


@dataclass(slots=True)
class Result:
    """What became of a corpus. ``wrong``: files whose outcome is another than the one stated, with what it was."""

    good: int
    good_read: int = 0
    good_same: bool = False
    hostile: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    wrong: dict[str, str] = field(default_factory=dict)
    connections: int = 0
    seconds: float = 0.0
    without_hint: list[str] = field(default_factory=list)


@contextmanager
def listener() -> Iterator[tuple[str, list[str]]]:
    """A web address of this machine, and a list that fills with what connects to it."""
    seen: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        done = threading.Event()

        def serve() -> None:
            while not done.is_set():
                try:
                    connection, _ = server.accept()
                except OSError:
                    continue
                with connection:
                    connection.settimeout(1)
                    try:
                        seen.append(connection.recv(200).decode("latin-1").partition("\r")[0])
                    except OSError:
                        seen.append("")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/", seen
        finally:
            done.set()
            thread.join()


def write_good(folder: Path, count: int) -> list[str]:
    """So many reports of four formats; gives their names."""
    from gia_nlp.synthesis import make_report

    folder.mkdir(parents=True, exist_ok=True)
    names = []
    for n in range(count):
        report = make_report(23, n, LAYOUTS[n % len(LAYOUTS)])
        names.append(f"{n:04} {report.file}")
        data = report.data if isinstance(report.data, bytes) else report.data.encode()
        (folder / names[-1]).write_bytes(data)
    return names


def rows_of(out: Path, prefix: str) -> dict[str, Any]:
    """The rows of reports whose id begins so, by table."""
    from gia_nlp.frames.store import read_frames

    frames = read_frames(out)
    kept = {}
    for name in ("reports", "facts", "items", "cells", "sections", "texts", "checks"):
        frame = frames[name]
        frame = frame[frame["report_id"].str.startswith(prefix)].reset_index(drop=True)
        kept[name] = frame.drop(columns=[c for c in ("path", "other_report_id") if c in frame])
    return kept


def run(folder: Path, good: int, *, workers: int = 1, slow: bool = False, timeout: float = 120.0) -> Result:
    """Makes a corpus in ``folder``, tags the good files alone and then all of them, and compares."""
    from gia_nlp.frames.convert import printable_name
    from gia_nlp.frames.store import read_frames
    from gia_nlp.running.job import tag_to_tables
    from gia_nlp.running.sources import find_sources

    result = Result(good)
    corpus = folder / "corpus"
    write_good(corpus / "good", good)
    tag_to_tables(find_sources([corpus]), folder / "clean", workers=workers, timeout=timeout)
    with listener() as (address, seen):
        cases = [
            c for c in hostile.hostile(address) if (slow or not c.slow) and not (c.needs_user and not os.geteuid())
        ]
        # Hostile names sort before, between and behind the good ones.
        named = hostile.write(corpus / "good", cases)
        started = time.perf_counter()
        tag_to_tables(find_sources([corpus, *named]), folder / "all", workers=workers, timeout=timeout)
        result.seconds = time.perf_counter() - started
        result.connections = len(seen)
    frames = read_frames(folder / "all")
    reports = set(frames["reports"]["report_id"])
    errors: dict[str, list[str]] = {}
    for row in frames["errors"].itertuples():
        errors.setdefault(row.report_id, []).append(str(row.message))
        if row.stage in ("reading", "running") and not (isinstance(row.hint, str) and row.hint):
            result.without_hint.append(f"{row.report_id}: {row.message}")
    stated = {
        printable_name(("good/" if case.named else "corpus/good/") + name): outcome
        for case in cases
        for name, outcome in case.becomes.items()
    }
    clean, poisoned = rows_of(folder / "clean", "corpus/good/0"), rows_of(folder / "all", "corpus/good/0")
    ours = set(clean["reports"]["report_id"])
    result.good_read = len(ours & reports)
    result.good_same = all(clean[name].equals(poisoned[name]) for name in clean)
    for name, (outcome, says) in stated.items():
        messages = errors.pop(name, [])
        became = hostile.READ if not messages else hostile.NOTED
        became = became if name in reports else hostile.REFUSED if messages else "without a row"
        reports.discard(name)
        result.outcomes[became] += 1
        if became != outcome or not (outcome == hostile.READ or any(re.search(says, m) for m in messages)):
            result.wrong[name] = f"{became}: {' '.join(messages)[:200]}"
    result.hostile = len(stated)
    for name in (reports | set(errors)) - ours:
        result.wrong[name] = f"unforeseen: {errors.get(name)}"
    return result


def main() -> None:
    """Runs it and writes what became of the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--good", type=int, default=200)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--no-slow", action="store_true", help="without those that LibreOffice reads")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = run(Path(folder), arguments.good, workers=arguments.workers, slow=not arguments.no_slow)
    summary = {
        "good": result.good,
        "good_read": result.good_read,
        "good_same_rows_as_alone": result.good_same,
        "hostile": result.hostile,
        "outcomes": dict(result.outcomes),
        "wrong": result.wrong,
        "errors_without_hint": result.without_hint,
        "connections": result.connections,
        "wall_seconds": round(result.seconds, 1),
    }
    (HERE / "results").mkdir(exist_ok=True)
    (HERE / "results" / "poison.json").write_text(
        json.dumps(summary, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    print(json.dumps(summary, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
