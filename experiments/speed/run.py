"""What the pipeline costs: time beside its peers, by stage, over workers and engines, and memory. One command for all of it.

    python experiments/speed/run.py [--parts one_core scaling memory] [--reports 24] [--seed 0] [--repeat 3] [--without docling]

- ``one_core``: CPU time of the whole pipeline and of its peers on the same generated files, in the same run, on one core;
- ``scaling``: one process, one worker, two workers, two workers of a local Dask cluster over the same corpus;
- ``memory``: the same work on corpora of growing size.

A part writes its rows to ``results/``; tables and figure (``speed.md``, ``speed.svg``) are made of all parts that were ever run, so parts
can be run apart, each on a machine that does nothing else. Needs the extras ``synth``, ``cluster`` and ``studies``.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

import memory
import one_core
import report
import scaling
from corpus import save

from gia_nlp.learning.evaluation.results import write_results

HERE = Path(__file__).parent
RESULTS = HERE / "results"
PARTS = ("one_core", "scaling", "memory")


def run_one_core(args: argparse.Namespace) -> None:
    """The pipeline beside its peers."""
    folder = Path(tempfile.mkdtemp(prefix="gia-nlp-speed-"))
    try:
        timings, stages, failed = one_core.measure(args, folder)
    finally:
        shutil.rmtree(folder)
    save(RESULTS / "one_core.csv", report.timing_rows(timings, args.pipelines))
    save(RESULTS / "stages.csv", report.stage_rows(stages, args.reports))
    for peer, reason in failed.items():
        print(f"{peer} could not be installed: {reason}")
    write_results(
        HERE / "results.json",
        study="speed",
        question="What does the whole pipeline cost on one core beside a segmenter and readers that do a part of its work?",
        command=f"python experiments/speed/run.py --parts one_core --reports {args.reports} --seed {args.seed} --repeat {args.repeat}",
        rows=report.results(timings, stages, args.reports),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--reports", type=int, default=24, help="generated reports a format, for one_core")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--repeat", type=int, default=3, help="runs, of which the least counts, for one_core")
    parser.add_argument(
        "--pipelines", nargs="*", default=["zh_gia", "zh_gia_rules"], help="names or folders; stages are of the first"
    )
    parser.add_argument(
        "--peers", type=Path, default=Path(tempfile.gettempdir()) / "gia-nlp-peers", help="environment of the peers"
    )
    parser.add_argument("--without", nargs="*", default=[], choices=list(one_core.PACKAGES), help="peers to leave out")
    parser.add_argument("--count", type=int, default=3000, help="reports, for scaling")
    parser.add_argument("--counts", type=int, nargs="+", default=[1000, 10000, 50000], help="reports, for memory")
    args = parser.parse_args()
    if "one_core" in args.parts:
        run_one_core(args)
    if "scaling" in args.parts:
        save(RESULTS / "scaling.csv", scaling.study(args.count, repeat=2))
    if "memory" in args.parts:
        save(RESULTS / "memory.csv", memory.study(args.counts))
    report.write(HERE, args.parts)
    print((HERE / "speed.md").read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
