"""How long the page takes to answer over the tables of 100,000 reports.

    python experiments/serve/run.py --reports 100000

Makes the tables of so many invented reports (``experiments/mining/tables.py``; kept and used again with ``--tables DIR``), opens the
index in a process of its own on two threads and asks for every kind of page, each several times. Writes ``results.json``: the
median by the clock (what a reader waits), the CPU time as ``seconds``, and the memory.
"""

from __future__ import annotations

import argparse
import json
import logging
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from gia_nlp.learning.evaluation.results import Result, write_results

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "mining"))
HOST = "http://localhost:8765"


def asked(report_id: str, word: str) -> dict[str, tuple[str, dict[str, Any]]]:
    """The pages by what they ask: a word that every report has, one that few have, none has, filters alone and together."""
    return {
        "overview": ("/", {}),
        "search, no filter": ("/search", {}),
        "search, last page": ("/search", {"page": "999999"}),
        "search, year and category": ("/search", {"year": "2020", "category": "timeliness", "kind": "problem"}),
        "search, region": ("/search", {"region": "民政局"}),
        "search, indicator": ("/search", {"indicator": "requests_received"}),
        "search, sums that fail": ("/search", {"only": "failed"}),
        "search, common word": ("/search", {"q": "政府信息公开"}),
        "search, word near the end": ("/search", {"q": "其他需要报告的事项"}),
        "search, some reports": ("/search", {"q": "收到政府信息公开申请12件"}),
        "search, one sentence": ("/search", {"q": word}),
        "search, no report": ("/search", {"q": "没有一份报告有这个词"}),
        "search, three words and filters": ("/search", {"q": "某项 申请12件 工作年度", "year": "2021", "indicator": "meetings"}),
        "report": ("/report", {"id": report_id}),
        "last year": ("/compare", {"id": report_id}),
        "download, 1 in 40 as CSV": ("/download", {"table": "items", "format": "csv", "q": "申请12件"}),
        "download, facts of a year as Parquet": ("/download", {"table": "facts", "format": "parquet", "year": "2020"}),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tables", type=Path, help="where the tables lie, or are to be made and kept")
    parser.add_argument("--times", type=int, default=5, help="how often each page is asked for")
    parser.add_argument("--ask", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.ask:
        print(json.dumps(ask(arguments.ask, arguments.times)))
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.tables or Path(scratch)
        if not (folder / "reports.parquet").exists():
            from tables import write_tables

            write_tables(folder, arguments.reports, arguments.seed)
        command = [sys.executable, __file__, "--ask", str(folder), "--times", str(arguments.times)]
        made = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found = json.loads(made.stdout.splitlines()[-1])
    rows = []
    for name, clock, cpu in found["times"]:
        rows.append(_row(f"{name}.seconds", clock, found["reports"], seconds=cpu))
    rows.append(_row("most.megabytes", found["megabytes"], found["reports"]))
    rows.append(_row("scratch.megabytes", found["scratch"], found["reports"]))
    write_results(
        HERE,
        study="serve",
        question="How long does a reader of the page wait over the tables of 100,000 reports?",
        command=f"python experiments/serve/run.py --reports {found['reports']} --seed {arguments.seed}",
        rows=rows,
    )
    for row in rows:
        print(f"{row.measure:52} {row.value:>9.3f}" + ("" if row.seconds is None else f"  {row.seconds:.3f} s CPU"))


def _row(measure: str, value: float, reports: int, **more: Any) -> Result:
    return Result("gia_nlp.web", "invented tables", "all", measure, round(value, 4), n=reports, better="lower", **more)


def ask(folder: Path, times: int) -> dict[str, Any]:
    """The median seconds (clock, CPU of all threads) of every page, and megabytes at most."""
    from starlette.testclient import TestClient

    from gia_nlp.web import Index, make_app

    logging.disable()
    times_of: list[tuple[str, float, float]] = []
    with tempfile.TemporaryDirectory() as scratch:
        begin = time.perf_counter(), time.process_time()
        with Index(folder, threads=2, scratch=Path(scratch)) as index:
            times_of.append(("start", time.perf_counter() - begin[0], time.process_time() - begin[1]))
            one = index.rows("SELECT report_id FROM listing WHERE year = 2020 ORDER BY n LIMIT 1 OFFSET 30")[0][
                "report_id"
            ]
            text = index.rows("SELECT text FROM texts WHERE report_id = ?", [one])[0]["text"]
            client = TestClient(make_app(index), base_url=HOST)
            for name, (path, query) in asked(one, text[120:135]).items():
                clocks, cpus = [], []
                for _ in range(times):
                    clock, cpu = time.perf_counter(), time.process_time()
                    answer = client.get(path, params=query)
                    clocks.append(time.perf_counter() - clock)
                    cpus.append(time.process_time() - cpu)
                    assert answer.status_code == 200, (path, query, answer.status_code)
                times_of.append((name, statistics.median(clocks), statistics.median(cpus)))
            size = sum(p.stat().st_size for p in Path(scratch).rglob("*") if p.is_file())
            return {
                "reports": len(index),
                "times": times_of,
                "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "scratch": size / 1e6,
            }


if __name__ == "__main__":
    main()
