"""From the rows of all parts to ``speed.md`` and ``speed.svg``: the aims first, as ratios, then the figures behind them."""

from __future__ import annotations

import csv
import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from one_core import LAYOUTS, STAGES, Timing, ratios

from gia_nlp.learning.evaluation.results import Result

Row = dict[str, Any]


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


# --------------------------------------------------------------------------- rows


def timing_rows(timings: Sequence[Timing], pipelines: Sequence[str]) -> list[Row]:
    """A row for each system and format; the ratios say how many times the pipeline's time the peer takes."""
    times = {(p.format, p.system, ours.system): ratio for p, ours, ratio in ratios(timings)}
    rows = []
    for t in timings:
        row: Row = {"format": t.format, "system": t.system, "version": t.version, "files": len(t.seconds)}
        row["ms_per_report"] = round(t.total / len(t.seconds) * 1e3, 2) if t.seconds else ""
        for name in pipelines:
            ratio = times.get((t.format, t.system, name))
            row[f"times_{name}"] = round(ratio, 3) if ratio else ""
        rows.append({**row, "note": t.note, "machine": machine()})
    return rows


def stage_rows(stages: dict[str, dict[str, float]], count: int) -> list[Row]:
    """Milliseconds a report of each stage, a row for each format."""
    rows: list[Row] = []
    for format_, seconds in stages.items():
        each = {name: round(seconds[name] / count * 1e3, 2) for name in STAGES}
        rows.append({"format": format_, **each, "sum": round(sum(each.values()), 2)})
    return rows


def results(timings: Sequence[Timing], stages: dict[str, dict[str, float]], count: int) -> list[Result]:
    """The numbers for the leaderboard."""
    rows = []
    for t in timings:
        if t.seconds:
            each = t.total / len(t.seconds)
            measure = "time.seconds_per_report"
            rows.append(Result(t.system, "synthetic", t.format, measure, each, n=len(t.seconds), better="lower"))
    for peer, ours, ratio in ratios(timings):
        measure = f"time.times_{peer.system.split()[0].lower().replace('.', '_')}"
        rows.append(Result(ours.system, "synthetic", ours.format, measure, ratio, n=len(ours.seconds)))
    name = next((t.system for t in timings if t.system.startswith("zh_gia")), "zh_gia")
    for format_, seconds in stages.items():
        for stage, value in seconds.items():
            measure = f"{stage}.seconds_per_report"
            rows.append(Result(name, "synthetic", format_, measure, value / count, n=count, better="lower"))
    return rows


# --------------------------------------------------------------------------- the page


def read(path: Path) -> list[Row]:
    """Rows of a CSV, numbers as numbers; none if the part was never run."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [{name: _value(text) for name, text in row.items()} for row in csv.DictReader(file)]


def _value(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def aims(parts: dict[str, list[Row]]) -> list[tuple[str, str, str]]:
    """What was aimed at, the aim, and what was measured."""
    by_system = {(r["format"], r["system"]): r for r in parts["one_core"]}
    found = []

    def peer(format_: str, name: str) -> Row:
        return by_system.get((format_, name), {})

    for format_ in ("text", "short text"):
        for pipeline in ("zh_gia", "zh_gia_rules"):
            if times := peer(format_, "jieba").get(f"times_{pipeline}"):
                found.append((f"{format_}: `{pipeline}` by jieba alone", "at most 1.5", f"{1 / times:.2f}"))
    reading = {r["format"]: r["reading"] for r in parts["stages"]}
    for format_, name, aim in (("docx", "markitdown", 10), ("html", "markitdown", 10), ("pdf", "pdfplumber", 3)):
        if times := peer(format_, name).get("times_zh_gia"):
            alone = peer(format_, name)["ms_per_report"] / reading[format_]
            found.append(
                (f"{format_}: {name} by `zh_gia`", f"at least {aim}", f"{times:.1f} (by its reader alone {alone:.1f})")
            )
    for field, what in (("wall_reading_s", "reading"), ("wall_s", "whole run")):
        least: dict[str, float] = {}
        for r in parts["scaling"]:
            name = f"{r['engine']}:{r['workers']:.0f}"
            least[name] = min(r[field], least.get(name, r[field]))
        if {"local:1", "local:2"} <= least.keys():
            ratio = least["local:1"] / least["local:2"]
            found.append((f"speed of two workers by one, {what}", "at least 1.8", f"{ratio:.2f}"))
        if {"dask:2", "local:2"} <= least.keys():
            ratio = least["local:2"] / least["dask:2"]
            found.append((f"speed of Dask by local processes, two workers, {what}", "at least 0.85", f"{ratio:.2f}"))
    if len(parts["memory"]) > 1:
        first, last = parts["memory"][0], parts["memory"][-1]
        for name, words in (("worker_mb", "a worker"), ("total_mb", "all together")):
            more = last[name] / first[name] - 1
            what = f"resident memory of {words}, {last['reports']:,.0f} by {first['reports']:,.0f} reports"
            found.append((what, "at most +10%", f"{more:+.0%}"))
    return found


def table(rows: Sequence[Row], names: Sequence[str]) -> list[str]:
    """Rows as a Markdown table."""
    lines = ["| " + " | ".join(n.replace("_", " ") for n in names) + " |", "|" + "---|" * len(names)]
    for row in rows:
        cells = (f"{v:,g}" if isinstance(v, float) else str(v) for v in (row[name] for name in names))
        lines.append("| " + " | ".join(cells) + " |")
    return [*lines, ""]


def write(folder: Path, run: Sequence[str] = ()) -> None:
    """Writes ``speed.md`` and ``speed.svg`` from ``results/``; ``run`` are the parts that were run now."""
    parts = {name: read(folder / "results" / f"{name}.csv") for name in ("one_core", "stages", "scaling", "memory")}
    lines = ["# Speed, scaling and memory", "", "| measure | aim | measured |", "|---|---|---|"]
    lines += [f"| {what} | {aim} | {value} |" for what, aim, value in aims(parts)]
    lines += ["", "![Time by format, by stage, over workers, and memory](speed.svg)", ""]
    if parts["one_core"]:
        lines += [
            "## On one core",
            "",
            f"CPU time, the least of some runs for each file. {parts['one_core'][0]['machine']}.",
            "",
        ]
        names = [n for n in parts["one_core"][0] if n not in ("machine", "note")]
        lines += table(parts["one_core"], names)
        notes = [f"- {r['format']}, {r['system']}: {r['note']}" for r in parts["one_core"] if r["note"]]
        lines += [*notes, ""] if notes else []
        lines += ["Milliseconds a report by stage, `zh_gia`:", "", *table(parts["stages"], ["format", *STAGES, "sum"])]
    if parts["scaling"]:
        lines += [
            "## Over workers and engines",
            "",
            "`inline` is one process without a pool. `load`: what the machine did at the end of a run.",
            "",
        ]
        names = ["reports", "engine", "workers", "wall_s", "wall_reading_s", "parent_cpu_s", "workers_cpu_s", "load"]
        lines += table(parts["scaling"], names)
    if parts["memory"]:
        lines += [
            "## Memory",
            "",
            "MB resident, the most of samples five times a second; reports of about 250 characters.",
            "",
        ]
        names = ["reports", "workers", "parent_reading_mb", "worker_mb", "parent_writing_mb", "total_mb", "wall_s"]
        lines += table(parts["memory"], names)
    (folder / "speed.md").write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
    draw(parts, folder / "speed.svg")


# --------------------------------------------------------------------------- the figure


def draw(parts: dict[str, list[Row]], path: Path) -> None:
    """A figure of four parts: time by format beside the peers, time by stage, scaling, memory."""
    import matplotlib

    matplotlib.use("svg")
    import matplotlib.pyplot as plt

    plt.rcParams.update({"svg.hashsalt": "speed", "font.size": 8})
    figure = plt.figure(figsize=(10, 8), layout="constrained")
    left, right = figure.subfigures(1, 2, width_ratios=(1.15, 1))
    formats = [f for f in LAYOUTS if any(r["format"] == f for r in parts["one_core"])]
    if formats:
        axes = left.subplots(len(formats), 1, sharex=True, squeeze=False)[:, 0]
        for axis, format_ in zip(axes, formats, strict=True):
            own = [r for r in parts["one_core"] if r["format"] == format_ and r["ms_per_report"] != ""]
            colours = ["#2b6cb0" if r["system"].startswith("zh_gia") else "#a0aec0" for r in own]
            bars = axis.barh([r["system"] for r in own], [r["ms_per_report"] for r in own], color=colours)
            axis.bar_label(bars, [f"{r['ms_per_report']:.1f}" for r in own], padding=3)
            axis.invert_yaxis()
            axis.set_xscale("log")
            axis.set_title(format_, loc="left")
        axes[-1].set_xlabel("CPU milliseconds per report (logarithmic)")
    by_stage, scaling, memory = right.subplots(3, 1)
    _draw_stages(by_stage, parts["stages"])
    walls: dict[str, float] = {}
    for r in parts["scaling"]:
        name = f"{r['engine']} {r['workers']:.0f}"
        walls[name] = min(r["wall_s"], walls.get(name, r["wall_s"]))
    bars = scaling.bar(list(walls), list(walls.values()), color="#2b6cb0", width=0.6)
    scaling.bar_label(bars, [f"{v:.1f}" for v in walls.values()])
    scaling.set_title("seconds of a whole run, by engine and workers", loc="left")
    for name, label in (("worker_mb", "a worker"), ("parent_writing_mb", "parent, writing"), ("total_mb", "all")):
        memory.plot([r["reports"] for r in parts["memory"]], [r[name] for r in parts["memory"]], "o-", label=label)
    memory.set_xscale("log")
    memory.set_ylim(bottom=0)
    memory.set_title("MB resident, by reports", loc="left")
    memory.legend(frameon=False, ncols=3)
    for axis in figure.axes:
        axis.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, metadata={"Date": None})


def _draw_stages(axis: Any, rows: Sequence[Row]) -> None:
    start = [0.0] * len(rows)
    for stage in STAGES:
        values = [r[stage] for r in rows]
        axis.barh([r["format"] for r in rows], values, left=start, label=stage)
        start = [a + b for a, b in zip(start, values, strict=True)]
    axis.invert_yaxis()
    axis.set_title("milliseconds per report by stage, zh_gia", loc="left")
    axis.legend(frameon=False, ncols=3, fontsize=7)
