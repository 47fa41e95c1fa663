"""An evaluation as a folder: tables as CSV, the measures as JSON, and one page that shows every error in its place."""

from __future__ import annotations

import csv
import json
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gia_nlp import __version__
from gia_nlp.frames.export import CSV_ENCODING, csv_value
from gia_nlp.learning.evaluation.matching import plain

if TYPE_CHECKING:
    import pandas as pd

    from gia_nlp.learning.evaluation.evaluation import Evaluation

FILES = (
    "measures.csv", "breakdowns.csv", "cells.csv", "rules.csv", "confusions.csv", "reliability.csv", "documents.csv",
    "errors.csv", "errors.html", "evaluation.json", "comparison.csv",
)  # fmt: skip
MADE_BY = "gia-nlp evaluate"
_SHOWN_A_GROUP = 2000  # a page that a browser still opens; the CSV has all of them


def write_report(
    evaluation: Evaluation, folder: str | Path, *, comparison: pd.DataFrame | None = None, title: str = "Evaluation"
) -> list[Path]:
    """Writes the report's files to a folder, made if it is missing; returns their paths.

    ``measures``, ``breakdowns`` (all of them, one below the other), ``cells``, ``rules``, ``confusions``, ``reliability``, ``documents``, ``errors`` and
    ``comparison`` (if one is given) as CSV, ``errors.html``, ``evaluation.json``. A report that an earlier run wrote there is replaced.
    Raises ``OSError``, also for a folder with files of these names that are no such report.
    """
    import pandas as pd

    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    _refuse_foreign(folder)
    tables = dict(evaluation.breakdowns)
    cells = tables.pop("cells by table and form", None)
    named = [t.assign(breakdown=name) for name, t in tables.items() if len(t)]
    frames: dict[str, pd.DataFrame | None] = {
        "measures.csv": evaluation.measures,
        "breakdowns.csv": pd.concat(named, ignore_index=True) if named else None,
        "cells.csv": cells,
        "rules.csv": evaluation.rules,
        "confusions.csv": evaluation.confusions,
        "reliability.csv": evaluation.reliability,
        "documents.csv": evaluation.documents,
        "errors.csv": evaluation.errors,
        "comparison.csv": comparison,
    }
    written = []
    for name, frame in frames.items():
        if frame is not None:
            if "breakdown" in frame:
                frame = frame[["breakdown", *(c for c in frame.columns if c != "breakdown")]]
            write_csv(frame, folder / name)
            written.append(folder / name)
    page = folder / "errors.html"
    page.write_text(error_page(evaluation, comparison=comparison, title=title), encoding="utf-8", errors="replace")
    data = folder / "evaluation.json"
    data.write_text(json.dumps(as_json(evaluation, comparison), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for stale in set(FILES) - {p.name for p in (*written, page, data)}:  # of an earlier report in this folder
        (folder / stale).unlink(missing_ok=True)
    return [*written, page, data]


def _refuse_foreign(folder: Path) -> None:
    there = [name for name in FILES if (folder / name).exists()]
    if not there:
        return
    try:
        ours = json.loads((folder / "evaluation.json").read_text(encoding="utf-8"))["made_by"] == MADE_BY
    except (OSError, ValueError, KeyError, TypeError):
        ours = False
    if not ours:
        raise FileExistsError(
            f"{folder} holds {', '.join(there)}, which {MADE_BY} did not write: choose another folder"
        )


def as_json(evaluation: Evaluation, comparison: pd.DataFrame | None = None) -> dict[str, Any]:
    """The measures and the comparison as plain data."""
    made = {"made_by": MADE_BY, **evaluation.to_dict()}
    if comparison is not None:
        rows = comparison.to_dict("records")
        made["comparison"] = {
            str(r["measure"]): {str(k): plain(v) for k, v in r.items() if k != "measure"} for r in rows
        }
    return made


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """A table as CSV that a spreadsheet opens without running or recoding anything."""
    with path.open("w", encoding=CSV_ENCODING, newline="", errors="replace") as file:
        writer = csv.writer(file)
        writer.writerow(frame.columns)
        for row in frame.itertuples(index=False):
            writer.writerow([csv_value(plain(value)) for value in row])


@cache
def _template() -> Any:
    import jinja2

    source = resources.files("gia_nlp.learning.evaluation").joinpath("templates", "errors.html.j2")
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )

    def n(value: Any) -> str:
        return "" if plain(value) is None else f"{value:.3f}" if isinstance(value, float) else f"{value}"

    environment.filters["n"] = n
    environment.filters["whole"] = lambda v, m: f"{v:.0f}" if m["kind"] == "count" and plain(v) is not None else n(v)
    environment.filters["known"] = lambda v: "" if plain(v) is None else v
    return environment.from_string(source.read_text(encoding="utf-8"))


def error_page(evaluation: Evaluation, *, comparison: pd.DataFrame | None = None, title: str = "Evaluation") -> str:
    """The page as HTML: measures, and every error in its context. It loads nothing and runs no script; all text is escaped."""
    groups: dict[str, list[dict[Any, Any]]] = {}
    for row in evaluation.errors.to_dict("records"):
        groups.setdefault(f"{row['what']}: {row['outcome']}", []).append(row)
    listed = sorted(groups.items(), key=lambda g: (g[0].partition(":")[0], -len(g[1]), g[0]))
    return str(
        _template().render(
            title=title,
            measures=evaluation.measures.to_dict("records"),
            comparison=comparison.to_dict("records") if comparison is not None else [],
            calibration=evaluation.calibration.to_dict("records"),
            rules=[r for r in evaluation.rules.to_dict("records") if r["wrong"] or r["attributes_wrong"]][:40],
            groups=[(f"g{n}", name, len(rows), rows[:_SHOWN_A_GROUP]) for n, (name, rows) in enumerate(listed, 1)],
            documents=len(evaluation.results),
            absent=evaluation.absent,
            version=__version__,
        )
    )
