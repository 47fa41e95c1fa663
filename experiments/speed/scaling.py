"""How the work scales: one process and two of this machine, and two Dask workers, over the same generated reports.

    python experiments/speed/scaling.py --count 1000

Wall time is what a user waits; on a machine that does other things it says little, so CPU time of the parent and of the workers is
given too: what the parent spends is not shared by workers. ``inline`` is the same work in one process, without a pool.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from corpus import save, write_synthetic

from gia_nlp.running.limits import descendants

HERE = Path(__file__).parent
ENGINES = ("inline:1", "local:1", "local:2", "dask:2")
_RUN = """
import json, os, sys, time
from gia_nlp.running import job
from gia_nlp.running.sources import find_sources

class Marks(job.Listener):
    def on_plan(self, todo, changes):
        self.start = time.monotonic()
    def on_finish(self, interrupted):
        self.read = time.monotonic()

def main():
    engine, workers = sys.argv[3], int(sys.argv[4])
    options = {"workers": 0 if engine == "inline" else workers}
    started, wall, marks = os.times(), time.monotonic(), Marks()
    if engine == "dask":
        from gia_nlp.running.cluster import Dask
        options["engine"] = Dask(workers=workers)
    job.tag_to_tables(find_sources([sys.argv[1]]), sys.argv[2], listener=marks, **options)
    t = os.times()
    print(json.dumps({"wall_s": time.monotonic() - wall, "wall_reading_s": marks.read - marks.start,
        "parent_cpu_s": t.user + t.system - started.user - started.system}))

if __name__ == "__main__":
    main()
"""


def cpu_time(pid: int) -> float:
    """Seconds of CPU that a process has spent; 0 if it is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return 0.0
    user, system = stat[stat.rindex(b")") + 2 :].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def measure(folder: Path, out: Path, engine: str, workers: int) -> dict[str, object]:
    """One run, all of its processes counted."""
    import json

    shutil.rmtree(out, ignore_errors=True)
    script = out.with_suffix(".py")
    script.write_text(_RUN)
    command = [sys.executable, str(script), str(folder), str(out), engine, str(workers)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    started = time.monotonic()
    spent: dict[int, float] = {}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        while process.poll() is None:
            for pid in (process.pid, *descendants(process.pid)):
                spent[pid] = max(spent.get(pid, 0.0), cpu_time(pid))
            time.sleep(0.1)
        assert process.stdout is not None
        found = json.loads(process.stdout.read().splitlines()[-1])
    total = sum(spent.values())
    return {
        "engine": engine,
        "workers": workers,
        **{name: round(value, 2) for name, value in found.items()},
        "workers_cpu_s": round(total - found["parent_cpu_s"], 2),
        "all_cpu_s": round(total, 2),
        "wall_with_start_s": round(time.monotonic() - started, 2),
        "load": round(os.getloadavg()[0], 1),
    }


def study(
    count: int, folder: Path | None = None, engines: Sequence[str] = ENGINES, repeat: int = 1
) -> list[dict[str, object]]:
    """A row for each run of each engine over ``count`` generated reports, or over those of a folder."""
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as scratch:
        reports = folder or write_synthetic(Path(scratch), count)
        for _ in range(repeat):
            for name in engines:
                engine, workers = name.split(":")
                row = {"reports": count, **measure(reports, Path(scratch) / "out", engine, int(workers))}
                rows.append(row)
                print(row, flush=True)
    return rows


def main() -> None:
    """Measures and writes results/scaling.csv."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--reports", type=Path, help="a folder of reports, in place of generated ones")
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--engines", nargs="+", default=list(ENGINES))
    parser.add_argument("--out", type=Path, default=HERE / "results" / "scaling.csv")
    options = parser.parse_args()
    save(options.out, study(options.count, options.reports, options.engines, options.repeat))


if __name__ == "__main__":
    main()
