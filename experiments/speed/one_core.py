"""The pipeline and its peers on the same generated files: CPU seconds of every system on every file.

The peers are installed into an environment of their own, where :mod:`peers` runs them; one that cannot be installed or run is named
in the results. What the package remembers of texts it has read (labels, headings) is forgotten before every run and learnt again
from other reports, so that no file profits from having been read before.
"""

from __future__ import annotations

import argparse
import functools
import gc
import itertools
import json
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from gia_nlp import pipeline
from gia_nlp.reading import read_bytes
from gia_nlp.records import Document
from gia_nlp.synthesis import Synthetic, make_report

HERE = Path(__file__).parent
ANNOTATED = HERE.parents[1] / "data" / "annotated"
_HEADING = re.compile(r"^[一二三四五六七八九]、.*\n", re.MULTILINE)
CHARACTERS = 2700  # Chinese characters of a report: the mean of fourteen real ones was 2,740, in 3,690 characters
TEXT_LAYOUTS = ("cells", "pipes", "tabs", "spaces", "markdown", "glued+one_line", "wrapped", "tabs+page_marks")
LAYOUTS = {"text": TEXT_LAYOUTS, "short text": TEXT_LAYOUTS, "docx": ("docx",), "html": ("html",), "pdf": ("pdf",)}
FORMS = ("2021", "2019", "statistics")
PEERS = {
    "text": ("jieba", "spaCy zh (jieba)"),
    "short text": ("jieba", "spaCy zh (jieba)"),
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
    "docling": ("docling-slim[convert-core,format-docx,format-html]",),
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
    """Generated reports of a format as files; text is UTF-8 without a mark, which every peer can read.

    ``text`` has as many Chinese characters as real reports have; the other formats are short, mostly tables.
    """
    folder.mkdir(parents=True)
    paths = []
    for i in range(count):
        layout = LAYOUTS[format_][i % len(LAYOUTS[format_])]
        report = make_report(seed, i, layout, FORMS[i % len(FORMS)])
        path = folder / f"{i:03}-{report.file}"
        if format_ == "text" and report.text is not None:
            path.write_text(with_prose(report, random.Random(f"{seed}/{i}")), encoding="utf-8", newline="")
        else:
            path.write_bytes(report.data)
        paths.append(path)
    return paths


def with_prose(report: Synthetic, rng: random.Random) -> str:
    """A generated report with more prose at the end of its overview, until it has ``CHARACTERS`` Chinese characters.

    One annotated passage with counts, then annotated prose that argues rather than counts, so that counts and points are about as many
    as in real reports.
    """
    text = report.text or ""
    at = next((section["end"] for section in report.gold["sections"] if section["id"] == "overview"), len(text))
    arguing = list(annotated("problems/problems.jsonl"))
    rng.shuffle(arguing)
    added = [rng.choice(annotated("passages.jsonl"))]
    missing = CHARACTERS - chinese(text) - chinese(added[0])
    while arguing and missing > 0:
        paragraph = _HEADING.sub("", arguing.pop())
        added.append(paragraph)
        missing -= chinese(paragraph)
    return text[:at].rstrip() + "\n" + "".join(passage.strip() + "\n" for passage in added) + "\n" + text[at:]


def chinese(text: str) -> int:
    """How many Chinese characters a text has."""
    return sum("\u4e00" <= c <= "\u9fff" for c in text)


@functools.cache
def annotated(name: str) -> tuple[str, ...]:
    """The annotated texts for training of a file."""
    lines = (ANNOTATED / name).read_text(encoding="utf-8").splitlines()
    return tuple(row["text"] for row in map(json.loads, lines) if row["split"] == "train")


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
    with pipeline.no_collection():
        marks = [clock()]
        document: Document = read_bytes(data, name)
        marks.append(clock())
        layout = analyse(document)
        marks.append(clock())
        facts = parts["gia_facts"].find(document.text, layout)
        marks.append(clock())
        parts["gia_items"].find(document.text, layout, parts["gia_categories"])
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


# --------------------------------------------------------------------------- all of them


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


def ratios(timings: Sequence[Timing]) -> Iterator[tuple[Timing, Timing, float]]:
    """Every peer with the pipeline on the files that both could read: peer, pipeline, the peer's time by the pipeline's."""
    for ours in (t for t in timings if t.system.startswith("zh_gia")):
        for peer in timings:
            common = ours.seconds.keys() & peer.seconds.keys()
            if peer.format == ours.format and not peer.system.startswith("zh_gia") and common:
                yield peer, ours, sum(peer.seconds[k] for k in common) / sum(ours.seconds[k] for k in common)
