"""How time and memory of finishing grow with the corpus. Writes ``results.md`` beside itself.

python experiments/years/run.py --reports 2000 --reports 8000 --reports 32000
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
YEARS = 8


def write(folder: Path, count: int) -> None:
    """Reports of ``count / 8`` agencies on eight years each: a full request table, twelve sentences."""
    from gia_nlp.frames.store import Store
    from gia_nlp.records import Cell, Metadata, Report
    from gia_nlp.vocabulary.forms import form

    keys = [
        (table, *key) for table in ("proactive", "requests", "review_litigation") for key in form(table, "2021").keys
    ]
    with Store(folder) as store:
        for n in range(count):
            agency, year = n // YEARS, 2015 + n % YEARS
            cells = tuple(
                Cell("2021", table, row, column, float((n + i) % 7), "件", "number", "")
                for i, (table, row, column) in enumerate(keys)
            )
            name = "".join(chr(0x4E00 + int(digit) * 97) for digit in f"{agency:05d}")
            text = "".join(
                f"本单位{name}{chr(0x5000 + (n * 31 + i) % 4096)}方面的工作有序推进。" * 2 for i in range(60)
            )
            meta = Metadata(
                issuer=f"{name}县教育局", region=f"{name}县", level="县", year=year, form="2021", is_report=True
            )
            store.add(Report(f"r/{n}.txt", text, f"{n}.txt", "text", "0" * 64, meta, cells=cells))


def finish(folder: Path) -> None:
    """Finishes the tables of a folder and prints seconds, MB at the start and at most, checks."""
    import gia_nlp.frames.finishing as finishing

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start = time.perf_counter()
    years = finishing.finish(folder).years
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{time.perf_counter() - start:.1f} {before:.0f} {peak:.0f} {years.checks}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, action="append")
    parser.add_argument("--finish", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.finish:
        finish(options.finish)
        return
    lines = ["| reports | seconds | ms a report | peak MB | checks between years |", "|---|---|---|---|---|"]
    for count in options.reports or [2000, 8000]:
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder), count)
            command = [sys.executable, __file__, "--finish", folder]
            seconds, _, peak, checks = subprocess.run(
                command, check=True, capture_output=True, text=True
            ).stdout.split()
        lines.append(f"| {count:,} | {seconds} | {1000 * float(seconds) / count:.2f} | {peak} | {int(checks):,} |")
        print(lines[-1])
    text = "# Finishing a corpus\n\nMade by `run.py`: agencies with eight reports each, 200 cells and 120 sentences a report.\n"
    text += "Time is linear; memory grows up to what DuckDB may hold before it spills (512 MB), and by a short row a report.\n\n"
    (HERE / "results.md").write_text(text + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
