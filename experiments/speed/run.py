"""Times the whole pipeline beside its peers on the same generated files, in the same run, on one core.

    python experiments/speed/run.py [--reports 24] [--seed 0] [--repeat 3] [--peers DIR] [--without docling]

The peers are installed into an environment of their own (``--peers``, made where it is missing); one that cannot be installed or
run is named in the results. Needs the extra ``synth``. Writes ``results.json``, ``peers.csv``, ``peers.md`` and ``peers.svg`` here.

Measured is CPU time, the least of REPEAT runs for each file; the sum over the files counts. What the package remembers of
texts it has read (labels, headings) is forgotten before every run and learnt again from other reports, so that no file profits
from having been read before.
"""

from __future__ import annotations

import argparse
import csv
import functools
import gc
import itertools
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from gia_nlp import pipeline
from gia_nlp.learning.evaluation.results import Result, write_results
from gia_nlp.reading import read_bytes
from gia_nlp.records import Document
from gia_nlp.synthesis import make_report

HERE = Path(__file__).parent
TEXT_LAYOUTS = ("cells", "pipes", "tabs", "spaces", "markdown", "glued+one_line", "wrapped", "tabs+page_marks")
LAYOUTS = {"text": TEXT_LAYOUTS, "docx": ("docx",), "html": ("html",), "pdf": ("pdf",)}
FORMS = ("2021", "2019", "statistics")
PEERS = {
    "text": ("jieba", "spaCy zh (jieba)"),
    "docx": ("markitdown", "python-docx", "docling"),
    "html": ("markitdown", "pandas.read_html", "docling"),
    "pdf": ("markitdown", "pdfplumber"),
}
PACKAGES = {
    "jieba": ("jieba", "setuptools"),
    "spaCy zh (jieba)": ("spacy", "jieba", "setuptools"),
    "markitdown": ("markitdown[docx,pdf]",),
    "pdfplumber": ("pdfplumber",),
    "pandas.read_html": ("pandas", "lxml", "html5lib", "beautifulsoup4"),
    "python-docx": ("python-docx",),
    "docling": ("docling",),
}
STAGES = ("reading", "structure", "facts", "items", "checking")


@dataclass
class Timing:
    """One system on one format: CPU seconds of every file."""

    format: str
    system: str
    version: str
    seconds: dict[str, float] = field(default_factory=dict)
    note: str = ""

    @property
    def total(self) -> float:
        """Seconds over all files."""
        return sum(self.seconds.values())


# --------------------------------------------------------------------------- the files


def write_files(folder: Path, format_: str, count: int, seed: int) -> list[Path]:
    """Generated reports of a format as files; text is UTF-8 without a mark, which every peer can read."""
    folder.mkdir(parents=True)
    paths = []
    for i in range(count):
        layout = LAYOUTS[format_][i % len(LAYOUTS[format_])]
        report = make_report(seed, i, layout, FORMS[i % len(FORMS)])
        path = folder / f"{i:03}-{report.file}"
        path.write_bytes(report.data)
        paths.append(path)
    return paths


# --------------------------------------------------------------------------- the pipeline


def forget() -> None:
    """Empties what the package remembers of texts; what it made of its vocabulary stays."""
    for thing in gc.get_objects():
        remembers = isinstance(thing, functools._lru_cache_wrapper) and (thing.__module__ or "").startswith("gia_nlp")
        if remembers and thing.cache_parameters()["maxsize"] is not None:
            thing.cache_clear()


def staged(nlp: Any, data: bytes, name: str) -> dict[str, float]:
    """CPU seconds of every stage for one file; the same calls as ``pipeline.tag_document`` makes."""
    from gia_nlp.checking import check
    from gia_nlp.structure import analyse

    parts = dict(nlp.pipeline)
    clock = time.process_time
    marks = [clock()]
    document: Document = read_bytes(data, name)
    marks.append(clock())
    layout = analyse(document)
    marks.append(clock())
    facts = parts["gia_facts"].find(document.text, layout)
    marks.append(clock())
    parts["gia_items"].find(document.text, layout)
    marks.append(clock())
    check(document.text, layout, facts)
    marks.append(clock())
    return dict(zip(STAGES, (b - a for a, b in itertools.pairwise(marks)), strict=True))


def time_pipeline(
    name: str, files: Sequence[Path], others: Sequence[Path], repeat: int
) -> tuple[Timing, dict[str, float]]:
    """The pipeline on files it has not read before, and the stages' shares of it in seconds."""
    nlp = pipeline.load(name)
    best: dict[str, float] = {}
    stages: dict[str, dict[str, float]] = {}

    def whole(path: Path) -> float:
        begin = time.process_time()
        pipeline.tag_document(read_bytes(path.read_bytes(), path.name), report_id=path.name, nlp=nlp)
        return time.process_time() - begin

    for run in range(2 * repeat):
        forget()
        for path in others:
            whole(path)
        gc.collect()
        for path in files:
            if run % 2:
                found = staged(nlp, path.read_bytes(), path.name)
                if path.name not in stages or sum(found.values()) < sum(stages[path.name].values()):
                    stages[path.name] = found
            else:
                best[path.name] = min(best.get(path.name, float("inf")), whole(path))
    summed = {stage: sum(s[stage] for s in stages.values()) for stage in STAGES}
    return Timing("", name, version("gia-nlp"), best), summed


# --------------------------------------------------------------------------- the peers


def environment(folder: Path, peers: Sequence[str]) -> tuple[Path, dict[str, str]]:
    """A Python that has the peers, and for each one that could not be installed the reason."""
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    failed: dict[str, str] = {}
    for peer in peers:
        stamp = folder / f"{peer.split()[0]}.installed"
        if stamp.exists():
            continue
        done = subprocess.run(
            [str(python), "-m", "pip", "install", "-q", *PACKAGES[peer]], capture_output=True, text=True
        )
        if done.returncode:
            failed[peer] = (done.stderr.strip().splitlines() or ["pip failed"])[-1][:200]
        else:
            stamp.touch()
    return python, failed


def time_peer(python: Path, peer: str, folder: Path, repeat: int) -> Timing:
    """One peer over a folder of files, in its own environment."""
    done = subprocess.run(
        [str(python), str(HERE / "peers.py"), peer, str(folder), str(repeat)], capture_output=True, text=True
    )
    try:
        data = json.loads(done.stdout.strip().splitlines()[-1])
    except (IndexError, ValueError):
        return Timing("", peer, "", note=(done.stderr.strip().splitlines() or ["no output"])[-1][:200])
    note = (
        f"fails on {len(data['failures'])} files: {next(iter(data['failures'].values()))}" if data["failures"] else ""
    )
    return Timing("", peer, data["version"], data["seconds"], note)


# --------------------------------------------------------------------------- the whole study


def measure(args: argparse.Namespace, folder: Path) -> tuple[list[Timing], dict[str, dict[str, float]], dict[str, str]]:
    """All systems on all formats; the stages of the pipeline by format; what could not be installed."""
    peers = [p for p in PACKAGES if p not in args.without]
    python, failed = environment(args.peers, peers)
    timings: list[Timing] = []
    stages: dict[str, dict[str, float]] = {}
    for format_ in LAYOUTS:
        files = write_files(folder / format_, format_, args.reports, args.seed)
        others = write_files(folder / f"others-{format_}", format_, args.reports, args.seed + 1)
        for number, name in enumerate(args.pipelines):
            ours, shares = time_pipeline(name, files, others, args.repeat)
            timings.append(ours)
            timings[-1].format = format_
            if not number:
                stages[format_] = shares
        for peer in PEERS[format_]:
            if peer in args.without or peer in failed:
                continue
            timings.append(time_peer(python, peer, folder / format_, args.repeat))
            timings[-1].format = format_
    return timings, stages, failed


def machine() -> str:
    """Where it ran, in words."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [
            line.partition(":")[2].strip() for line in info.read_text().splitlines() if line.startswith("model name")
        ]
        model = names[0] if names else model
    return (
        f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, Python {platform.python_version()}"
    )


def ratios(timings: Sequence[Timing]) -> Iterator[tuple[Timing, Timing, float]]:
    """Every peer with the pipeline on the files that both could read: peer, pipeline, the peer's time by the pipeline's."""
    for ours in (t for t in timings if t.system.startswith("zh_gia")):
        for peer in timings:
            common = ours.seconds.keys() & peer.seconds.keys()
            if peer.format == ours.format and not peer.system.startswith("zh_gia") and common:
                yield peer, ours, sum(peer.seconds[k] for k in common) / sum(ours.seconds[k] for k in common)


def write_tables(
    timings: Sequence[Timing], stages: dict[str, dict[str, float]], failed: dict[str, str], args: Any
) -> None:
    """``peers.csv`` and ``peers.md``: ratios first, then times, then stages, the machine beside."""
    rows = [["format", "system", "version", "files", "milliseconds_per_report", "peer_time_by_pipeline_time", "note"]]
    by_pair = {(p.format, p.system): ratio for p, ours, ratio in ratios(timings) if ours.system == args.pipelines[0]}
    for t in timings:
        each = f"{t.total / len(t.seconds) * 1e3:.2f}" if t.seconds else ""
        ratio = by_pair.get((t.format, t.system))
        rows.append([t.format, t.system, t.version, str(len(t.seconds)), each, f"{ratio:.2f}" if ratio else "", t.note])
    with (HERE / "peers.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    lines = [
        "# The pipeline beside its peers, on one core",
        "",
        f"`{command(args)}`: {args.reports} generated reports a format, the least CPU time of {args.repeat} runs for each file.",
        "The pipeline reads a file and gives sections, tables, facts, problems and checks; the peers do one part of that.",
        "",
        "| format | peer | pipeline | the peer's time by the pipeline's |",
        "|---|---|---|---:|",
    ]
    lines += [
        f"| {p.format} | {p.system} {p.version} | {ours.system} | {ratio:.2f} |" for p, ours, ratio in ratios(timings)
    ]
    lines += ["", "| format | system | ms per report | files | |", "|---|---|---:|---:|---|"]
    lines += [f"| {r[0]} | {r[1]} {r[2]} | {r[4]} | {r[3]} | {r[6]} |" for r in rows[1:]]
    lines += [
        "",
        f"| {args.pipelines[0]}, ms per report | {' | '.join(STAGES)} | sum |",
        "|---|" + "---:|" * (len(STAGES) + 1),
    ]
    for format_, seconds in stages.items():
        each = [seconds[s] / args.reports * 1e3 for s in STAGES]
        lines.append(f"| {format_} | {' | '.join(f'{v:.2f}' for v in each)} | {sum(each):.2f} |")
    lines += ["", *(f"- {peer} could not be installed: {reason}" for peer, reason in failed.items())]
    lines += [f"- {peer} was left out on request" for peer in args.without]
    lines += [f"- Machine: {machine()}", ""]
    (HERE / "peers.md").write_text("\n".join(lines), encoding="utf-8")


def write_figure(timings: Sequence[Timing], path: Path) -> None:
    """Milliseconds per report as bars on a logarithmic scale, a panel a format."""
    import matplotlib

    matplotlib.use("svg")
    import matplotlib.pyplot as plt

    formats = list(LAYOUTS)
    figure, axes = plt.subplots(len(formats), 1, figsize=(7, 6.5), sharex=True, layout="constrained")
    plt.rcParams["svg.hashsalt"] = "speed"
    for axis, format_ in zip(axes, formats, strict=True):
        own = [t for t in timings if t.format == format_ and t.seconds]
        values = [t.total / len(t.seconds) * 1e3 for t in own]
        colours = ["#2b6cb0" if t.system.startswith("zh_gia") else "#a0aec0" for t in own]
        bars = axis.barh([t.system for t in own], values, color=colours)
        axis.bar_label(bars, [f"{v:.1f}" for v in values], padding=3, fontsize=8)
        axis.invert_yaxis()
        axis.set_xscale("log")
        axis.set_title(format_, loc="left", fontsize=9)
        axis.spines[["top", "right"]].set_visible(False)
        axis.tick_params(labelsize=8)
    axes[-1].set_xlabel("CPU milliseconds per report (logarithmic)", fontsize=8)
    figure.savefig(path, metadata={"Date": None})


def results(timings: Sequence[Timing], stages: dict[str, dict[str, float]], count: int) -> list[Result]:
    """The numbers for the leaderboard."""
    rows = []
    for t in timings:
        if t.seconds:
            each = t.total / len(t.seconds)
            rows.append(
                Result(
                    t.system, "synthetic", t.format, "time.seconds_per_report", each, n=len(t.seconds), better="lower"
                )
            )
    for peer, ours, ratio in ratios(timings):
        measure = f"time.times_{peer.system.split()[0].lower().replace('.', '_')}"
        rows.append(Result(ours.system, "synthetic", ours.format, measure, ratio, n=len(ours.seconds)))
    name = next((t.system for t in timings if t.system.startswith("zh_gia")), "zh_gia")
    for format_, seconds in stages.items():
        for stage, value in seconds.items():
            rows.append(
                Result(
                    name, "synthetic", format_, f"{stage}.seconds_per_report", value / count, n=count, better="lower"
                )
            )
    return rows


def command(args: argparse.Namespace) -> str:
    return f"python experiments/speed/run.py --reports {args.reports} --seed {args.seed} --repeat {args.repeat}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=24, help="generated reports a format")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument(
        "--pipelines", nargs="*", default=["zh_gia", "zh_gia_rules"], help="names or folders; stages are of the first"
    )
    parser.add_argument(
        "--peers", type=Path, default=Path(tempfile.gettempdir()) / "gia-nlp-peers", help="environment of the peers"
    )
    parser.add_argument("--without", nargs="*", default=[], choices=list(PACKAGES), help="peers to leave out")
    args = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="gia-nlp-speed-"))
    try:
        timings, stages, failed = measure(args, folder)
    finally:
        shutil.rmtree(folder)
    write_tables(timings, stages, failed, args)
    write_figure(timings, HERE / "peers.svg")
    question = (
        "What does the whole pipeline cost on one core beside a segmenter and readers that do a part of its work?"
    )
    write_results(
        HERE / "results.json",
        study="speed",
        question=question,
        command=command(args),
        rows=results(timings, stages, args.reports),
    )
    print((HERE / "peers.md").read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
