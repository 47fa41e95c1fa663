"""Memory of `gia-nlp tag` over corpora of growing size: of the parent, of each worker, of all together.

    python experiments/speed/memory.py --counts 1000 10000 50000 --workers 2

Resident memory is sampled five times a second from outside, separately while reports are read and while tables are
written. Reports are short (corpus.py), as it is their number that counts here.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from corpus import save, write_short_reports

from gia_nlp.running.limits import descendants, resident_memory

HERE = Path(__file__).parent


def measure(count: int, workers: int, scratch: Path) -> dict[str, object]:
    """Tags ``count`` reports and returns the peaks in MB."""
    folder, out = write_short_reports(scratch / str(count), count), scratch / f"out-{count}"
    command = [
        sys.executable,
        "-m",
        "gia_nlp.cli.main",
        "tag",
        str(folder),
        "--out",
        str(out),
        "--workers",
        str(workers),
    ]
    before = os.times()
    started = time.monotonic()
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    peaks = {"parent_reading": 0, "worker": 0, "parent_writing": 0, "total": 0}
    third: list[int] = []
    while process.poll() is None:
        parent = resident_memory(process.pid) or 0
        children = [resident_memory(pid) or 0 for pid in descendants(process.pid)]
        phase = "parent_reading" if children else "parent_writing"
        if children or (out / ".gia-nlp" / "build").exists():
            peaks[phase] = max(peaks[phase], parent)
        peaks["worker"] = max([peaks["worker"], *children])
        peaks["total"] = max(peaks["total"], parent + sum(children))
        third.append(max(children, default=0))
        time.sleep(0.2)
    if process.returncode:
        raise SystemExit(f"the run over {count} reports ended with {process.returncode}")
    working = [m for m in third if m]
    after = os.times()
    cpu = (after.children_user + after.children_system) - (before.children_user + before.children_system)
    size = sum(p.stat().st_size for p in out.glob("*.parquet"))
    return {
        "reports": count,
        "workers": workers,
        **{f"{name}_mb": value >> 20 for name, value in peaks.items()},
        "worker_after_a_tenth_mb": working[len(working) // 10] >> 20 if working else 0,
        "tables_mb": round(size / (1 << 20), 1),
        "cpu_s": round(cpu, 1),
        "wall_s": round(time.monotonic() - started, 1),
    }


def study(counts: Sequence[int], workers: int = 2) -> list[dict[str, object]]:
    """A row for each size of the corpus."""
    rows = []
    for count in counts:
        with tempfile.TemporaryDirectory() as scratch:
            rows.append(measure(count, workers, Path(scratch)))
        print(rows[-1], flush=True)
    return rows


def main() -> None:
    """Measures and writes results/memory.csv."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--counts", type=int, nargs="+", default=[1000, 10000])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, default=HERE / "results" / "memory.csv")
    options = parser.parse_args()
    save(options.out, study(options.counts, options.workers))


if __name__ == "__main__":
    main()
