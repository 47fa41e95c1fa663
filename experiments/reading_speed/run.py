"""Times the reading of generated reports, and counts the numbers found in their cells, against other libraries.

    python experiments/reading_speed/run.py --reports 20 [--seed 0] [--repeat 3] [--ocr 4]

Needs the extras ``experiments`` and, for ``--ocr``, ``ocr``. Writes ``results.csv``, ``results.md`` and ``results.json`` beside this file.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import platform
import re
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from gia_nlp.learning.evaluation import results as files
from gia_nlp.synthesis import make_report

Row = list[str]
Table = list[Row]
Numbers = tuple[str, ...]
HERE = Path(__file__).parent
FORMS = ("2021", "2019", "statistics")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Sample:
    """A file and the rows of numbers printed into its tables: each as printed, and with merged cells once for each column."""

    data: bytes
    truth: list[tuple[Numbers, Numbers]]


@dataclass
class Result:
    """One reader on one format."""

    format: str
    reader: str
    files: int
    seconds: float
    numbers: int
    found: int
    extra: int
    failures: int


# --------------------------------------------------------------------------- what was printed


def printed(seed: int, index: int, layout: str, form: str) -> Sample:
    """A report's file with the numbers of its tables, row by row, taken from the generator and from no reader."""
    import random

    from gia_nlp.synthesis import files
    from gia_nlp.synthesis.boxes import Box

    caught: list[tuple[Numbers, Numbers]] = []
    original = files.render_file

    def watch(name, content, blocks, chosen, rng: random.Random):  # type: ignore[no-untyped-def]
        for block in blocks:
            if block.table is not None:
                for row in block.table.matrix():
                    boxes = [p for p in row if isinstance(p, Box)]
                    if values := _numbers(p.text for p in boxes):
                        caught.append((values, _numbers(p.text for p in boxes for _ in range(p.columns))))
        return original(name, content, blocks, chosen, rng)

    files.render_file = watch
    try:
        data = make_report(seed, index, layout, form).data
    finally:
        files.render_file = original
    return Sample(data, caught)


def _numbers(cells: Iterable[str]) -> Numbers:
    plain = ("".join(c.split()) for c in cells)
    return tuple(str(float(c)) for c in plain if _NUMBER.fullmatch(c))


def score(truth: Sequence[tuple[Numbers, Numbers]], tables: Iterable[Table]) -> tuple[int, int, int]:
    """Numbers printed, numbers found in a row that is right as a whole, numbers in rows that were never printed."""
    rows = [n for table in tables for row in table if (n := _numbers(row))]
    left = list(truth)
    found = extra = 0
    for row in rows:
        match = next((t for t in left if row in t), None)
        if match is None:
            extra += len(row)
        else:
            left.remove(match)
            found += len(match[0])
    return sum(len(plain) for plain, _ in truth), found, extra


# --------------------------------------------------------------------------- readers


def ours(name: str) -> Callable[[bytes], list[Table]]:
    from gia_nlp.reading import read_bytes

    def read(data: bytes) -> list[Table]:
        tables = []
        for grid in read_bytes(data, name).grids:
            rows: Table = [[] for _ in range(grid.shape[0])]
            for cell in sorted(grid.cells, key=lambda c: (c.row, c.column)):
                rows[cell.row].append(cell.text)
            tables.append(rows)
        return tables

    return read


def pandas_html(data: bytes) -> list[Table]:
    """Repeats a merged cell's text in every place that it covers."""
    import pandas as pd

    frames = pd.read_html(io.BytesIO(data), header=None, keep_default_na=False, thousands=None)
    return [[[str(v) for v in row] for row in frame.itertuples(index=False)] for frame in frames]


def python_docx(data: bytes) -> list[Table]:
    import docx

    tables = []
    for table in docx.Document(io.BytesIO(data)).tables:
        seen: set[object] = set()
        rows: Table = []
        for row in table.rows:
            cells = []
            for cell in row.cells:  # a merged cell comes once for each place that it covers
                if cell._tc not in seen:
                    seen.add(cell._tc)
                    cells.append(cell.text)
            rows.append(cells)
        tables.append(rows)
    return tables


def plumber(data: bytes) -> list[Table]:
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as pdf:
        return [[[c or "" for c in row] for row in table] for page in pdf.pages for table in page.extract_tables()]


def scanned(data: bytes, seed: int) -> bytes:
    """The PDF as a scanner would give it: pages as pictures at 200 dots an inch, slanted, blurred, noisy, as JPEG."""
    import numpy as np
    import pypdfium2 as pdfium
    from PIL import Image, ImageFilter

    rng = np.random.default_rng(seed)
    pages = []
    pdf = pdfium.PdfDocument(data)
    for i in range(len(pdf)):
        page = pdf[i].render(scale=200 / 72).to_pil().convert("RGB")
        page = page.rotate(rng.uniform(-1, 1), fillcolor=(250, 250, 250), resample=Image.Resampling.BILINEAR)
        pixels = (
            np.asarray(page.filter(ImageFilter.GaussianBlur(0.7)), float) * 0.9
            + 15
            + rng.normal(0, 9, (page.height, page.width, 3))
        )
        pages.append(Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)))
    buffer = io.BytesIO()
    pages[0].save(buffer, "PDF", save_all=True, append_images=pages[1:], resolution=200, quality=75)
    return buffer.getvalue()


READERS: dict[str, dict[str, Callable[[bytes], list[Table]]]] = {
    "html": {"gia_nlp": ours("a.html"), "pandas.read_html": pandas_html},
    "docx": {"gia_nlp": ours("a.docx"), "python-docx": python_docx},
    "pdf": {"gia_nlp": ours("a.pdf"), "pdfplumber": plumber},
}


def measure(
    format: str, reader: str, read: Callable[[bytes], list[Table]], samples: Sequence[Sample], repeat: int
) -> Result:
    """The median over the files of each file's best time, and the score over all of them."""
    times = []
    result = Result(format, reader, len(samples), 0.0, 0, 0, 0, 0)
    read(samples[0].data)  # imports and first-use caches are not reading
    for sample in samples:
        best = float("inf")
        tables: list[Table] = []
        try:
            for _ in range(repeat):
                start = time.perf_counter()
                tables = read(sample.data)
                best = min(best, time.perf_counter() - start)
            times.append(best)
        except Exception as error:  # a reader that fails on a file has found nothing in it
            print(f"{reader}: {type(error).__name__}: {error}", file=sys.stderr)
            result.failures += 1
        numbers, found, extra = score(sample.truth, tables)
        result.numbers += numbers
        result.found += found
        result.extra += extra
    result.seconds = statistics.median(times) if times else float("nan")
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=20, help="reports of each format")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--repeat", type=int, default=3, help="readings of each file; the fastest counts")
    parser.add_argument("--ocr", type=int, default=0, help="scanned reports, read once each")
    parser.add_argument("--out", type=Path, default=HERE)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    results = []
    for format, readers in READERS.items():
        samples = [printed(options.seed, i, format, FORMS[i % len(FORMS)]) for i in range(options.reports)]
        for name, read in readers.items():
            results.append(measure(format, name, read, samples, options.repeat))
            print(results[-1], file=sys.stderr)
    if options.ocr:
        samples = [printed(options.seed, i, "pdf", FORMS[i % len(FORMS)]) for i in range(options.ocr)]
        scans = [Sample(scanned(s.data, options.seed + i), s.truth) for i, s in enumerate(samples)]
        results.append(measure("scan", "gia_nlp + ocr", ours("a.pdf"), scans, 1))
        print(results[-1], file=sys.stderr)
    write(results, options)


def write(results: Sequence[Result], options: argparse.Namespace) -> None:
    """``results.csv`` and ``results.md``."""
    with (options.out / "results.csv").open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["format", "reader", "files", "median_seconds", "numbers", "found", "extra", "failures"])
        for r in results:
            out.writerow([r.format, r.reader, r.files, f"{r.seconds:.4f}", r.numbers, r.found, r.extra, r.failures])
    packages = ["pandas", "lxml", "python-docx", "pdfplumber", "pypdfium2"] + (
        ["rapidocr", "onnxruntime"] if options.ocr else []
    )
    lines = [
        "# Speed and completeness of reading",
        "",
        f"Seed {options.seed}, {options.reports} reports of each format"
        + (f" ({options.ocr} scanned)" if options.ocr else "")
        + f", forms {', '.join(FORMS)} in turn; each file read {options.repeat} times, the fastest counts (scans once).",
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores shared with other work, Python {platform.python_version()}; "
        + ", ".join(f"{p} {version(p)}" for p in packages) + ".",
        "",
        "| format | reader | ms a file (median) | numbers in right rows | numbers in other rows | failures |",
        "|---|---|--:|--:|--:|--:|",
    ]  # fmt: skip
    for r in results:
        share = f"{r.found} of {r.numbers} ({r.found / max(r.numbers, 1):.1%})"
        lines.append(f"| {r.format} | {r.reader} | {r.seconds * 1000:.1f} | {share} | {r.extra} | {r.failures} |")
    (options.out / "results.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    rows: list[files.Result] = []
    for r in results:
        data = f"synthetic {r.format}"
        rows.append(files.Result(r.reader, data, "all", "numbers.recall", r.found / max(r.numbers, 1), n=r.numbers))
        rows.append(files.Result(r.reader, data, "all", "file.seconds", r.seconds, n=r.files, better="lower"))
    files.write_results(
        options.out,
        study="reading_speed",
        question="How fast and how completely does each reader read?",
        command=f"python experiments/reading_speed/run.py --seed {options.seed}",
        rows=rows,
    )


if __name__ == "__main__":
    main()
