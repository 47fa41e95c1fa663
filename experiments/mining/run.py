"""How long each analysis of many reports takes, in how much memory, and whether what was put in is found again.

python experiments/mining/run.py --reports 100000

Makes the output tables of so many invented reports directly (``tables.py``; kept and used again with ``--tables DIR``), runs every
function of ``gia_nlp.mining`` in a process of its own on two threads, and writes ``results.json``.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from gia_nlp.learning.evaluation.results import Result, write_results

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

ANALYSES = (
    "recurrence", "persistence", "spells", "spell_survival", "cooccurrence", "panel", "series_coverage", "unanswered_rates",
    "unanswered_problems", "promises", "promise_rates", "repetition", "copies", "families", "leftovers", "contradictions", "failed_sums",
    "breaks", "quality", "association", "regression_frame", "themes",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tables", type=Path, help="where the tables lie, or are to be made and kept")
    parser.add_argument("--mine", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.mine:
        print(json.dumps(mine(arguments.mine)))
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.tables or Path(scratch)
        truth_file = folder / "truth.json"
        if not truth_file.is_file():
            from tables import write_tables

            truth = write_tables(folder, arguments.reports, arguments.seed)
            truth_file.write_text(json.dumps(truth), encoding="utf-8")
        truth = json.loads(truth_file.read_text(encoding="utf-8"))
        size = sum(p.stat().st_size for p in folder.rglob("*.parquet"))
        made = subprocess.run(
            [sys.executable, __file__, "--mine", str(folder)], check=True, capture_output=True, text=True
        )
    found = json.loads(made.stdout.splitlines()[-1])
    rows = [*_times(found, truth["reports"]), *_recovered(found["found"], truth)]
    write_results(
        HERE,
        study="mining",
        question="How long do all analyses of many reports take, and do they find what was put in?",
        command=f"python experiments/mining/run.py --reports {truth['reports']} --seed {arguments.seed}",
        rows=rows,
    )
    print(f"tables: {size / 1e6:.0f} MB")
    for row in rows:
        ends = "" if row.low is None else f"{row.low:.4f} to {row.high:.4f}"
        cpu = "" if row.seconds is None else f"{row.seconds:.2f} s CPU"
        print(f"{row.measure:48} {row.value:>12.4f}  {ends}{cpu}")


def mine(folder: Path) -> dict[str, Any]:
    """Seconds (CPU of all threads, and by the clock) and megabytes at most of each analysis, and what they found."""
    from gia_nlp import mining

    timed, found = [], {}
    begin = time.process_time(), time.perf_counter()
    with mining.open(folder, threads=2) as corpus:
        for name in ANALYSES:
            cpu, clock = time.process_time(), time.perf_counter()
            frame = getattr(mining, name)(corpus)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            timed.append((name, time.process_time() - cpu, time.perf_counter() - clock, peak, len(frame)))
            found[name] = _told(name, frame)
            del frame
    whole = time.process_time() - begin[0], time.perf_counter() - begin[1]
    return {
        "timed": timed,
        "whole": whole,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "found": found,
    }


def _told(name: str, frame: Any) -> Any:
    """The numbers of a frame that the truth is held against."""
    if name == "persistence":
        return frame.iloc[0][["share", "low", "high", "begun_share", "begun_low", "begun_high"]].astype(float).tolist()
    if name == "promise_rates":
        return frame.iloc[0][["share", "low", "high", "share_by_category"]].astype(float).tolist()
    if name == "repetition":
        rest = frame["sentences"] - frame["problem_sentences"]
        return float(((frame["repeated"] - frame["problem_repeated"]) / rest).mean())
    if name == "copies":
        return [int(frame.attrs["pairs"]), float(frame["same_region"].mean())]
    if name == "contradictions":
        return len(frame)
    if name == "association":
        row = frame[(frame["category"] == "other") & (frame["figure"] == "applications_received")].iloc[0]
        others = frame[~((frame["category"] == "other") & (frame["figure"] == "applications_received"))]
        return [float(row["effect"]), float(row["low"]), float(row["high"]), float((others["q_value"] < 0.05).mean())]
    return None


def _row(measure: str, value: float, reports: int, **more: Any) -> Result:
    return Result("gia_nlp.mining", "invented tables", "all", measure, float(value), n=reports, **more)


def _times(found: dict[str, Any], reports: int) -> list[Result]:
    rows = [
        _row(f"{name}.seconds", clock, reports, better="lower", seconds=cpu)
        for name, cpu, clock, _, _ in found["timed"]
    ]
    cpu, clock = found["whole"]
    rows.append(_row("all.seconds", clock, reports, better="lower", seconds=cpu))
    rows.append(_row("all.megabytes", found["peak"], reports, better="lower"))
    return rows


def _recovered(found: dict[str, Any], truth: dict[str, Any]) -> list[Result]:
    n = truth["reports"]
    again, promised, effect = found["persistence"], found["promise_rates"], found["association"]
    return [
        _row(f"named_again.estimate, truth {truth['named_again']}", again[0], n, better="higher", low=again[1], high=again[2]),
        _row(f"begun.estimate, truth {truth['begun']}", again[3], n, better="higher", low=again[4], high=again[5]),
        _row(f"kept.estimate, truth {truth['kept'] * truth['same_words']:g} in like words", promised[0], n, better="higher", low=promised[1], high=promised[2]),
        _row(f"kept_by_category.estimate, truth {truth['kept']}", promised[3], n, better="higher"),
        _row(f"repeated.estimate, truth {truth['sentence_kept']}", found["repetition"], n, better="higher"),
        _row(f"contradictions.share, truth {truth['contradiction']}", found["contradictions"] / n, n, better="higher"),
        _row("copies.pairs", found["copies"][0], n, better="higher"),
        _row("copies.of one place", found["copies"][1], n, better="higher"),
        _row("other x applications.effect", effect[0], n, better="higher", low=effect[1], high=effect[2]),
        _row("other associations.share called", effect[3], n, better="lower"),
    ]  # fmt: skip


if __name__ == "__main__":
    main()
