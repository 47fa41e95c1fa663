"""Results of a study as a small file: ``results.json`` in the study's folder, which the leaderboard collects.

The file is ``{"study": …, "question": …, "command": …, "rows": [row, …]}``; every row has the ten fields of :class:`Result`
without the study, so that rows of different studies stand in one table.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal


class ResultsError(ValueError):
    """A results file that cannot be read or does not keep to the schema."""


@dataclass(frozen=True, slots=True)
class Result:
    """One number of a study.

    ``measure`` is ``<name>.<kind>`` as in an evaluation (``facts.f1``, ``fact_channel.accuracy``, ``cat_macro.f1``); ``low`` and ``high``
    bound its 95% interval; ``n`` is how many gold things it rests on (facts, items, cells …, not passages); ``seconds`` is the
    CPU time of training, or of predicting where nothing is trained. ``better`` says which end is good.
    """

    system: str
    data: str
    split: str
    measure: str
    value: float
    low: float | None = None
    high: float | None = None
    n: int | None = None
    seconds: float | None = None
    better: Literal["higher", "lower"] = "higher"

    def __post_init__(self) -> None:
        """Raises :class:`ResultsError` for a value that no study may report."""
        for name in ("system", "data", "split", "measure"):
            value = getattr(self, name)
            if not isinstance(value, str) or not value.strip():
                raise ResultsError(f"{name} must be words, not {value!r}")
        if "." not in self.measure:
            raise ResultsError(f"measure must be <name>.<kind>, such as facts.f1, not {self.measure!r}")
        if self.better not in ("higher", "lower"):
            raise ResultsError(f"better must be higher or lower, not {self.better!r}")
        for name in ("value", "low", "high", "n", "seconds"):
            value = getattr(self, name)
            if value is None and name != "value":
                continue
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
                raise ResultsError(f"{name} must be a finite number, not {value!r}")
        if (self.low is None) != (self.high is None):
            raise ResultsError("an interval has both ends or none")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ResultsError(f"an interval from {self.low} to {self.high} is empty")


@dataclass(frozen=True, slots=True)
class Study:
    """A study with its question, the command that repeats it, and its numbers."""

    study: str
    question: str
    command: str
    rows: tuple[Result, ...]


def write_results(path: str | Path, *, study: str, question: str, command: str, rows: Iterable[Result]) -> Path:
    """Writes a results file; a folder means ``results.json`` in it. Numbers are rounded to six places.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     row = Result("rules", "annotated/passages", "dev", "facts.f1", 0.9, 0.88, 0.92, 2014)
    ...     path = write_results(folder, study="demo", question="How well do rules do?", command="python run.py", rows=[row])
    ...     read_results(path).rows == (row,)
    True
    """
    target = Path(path) / "results.json" if Path(path).is_dir() else Path(path)
    listed = [{k: round(v, 6) if isinstance(v, float) else v for k, v in asdict(row).items()} for row in rows]
    head = json.dumps({"study": study, "question": question, "command": command}, ensure_ascii=False, indent=1)
    body = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in listed)
    target.write_text(f'{head[:-2]},\n "rows": [\n{body}\n ]\n}}\n', encoding="utf-8")
    read_results(target)
    return target


def read_results(path: str | Path) -> Study:
    """Reads a results file. Raises :class:`ResultsError`, naming the file and the row, where it breaks the schema."""
    path = Path(path)
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ResultsError(f"{path}: {error}") from error
    if not isinstance(data, dict) or not isinstance(data.get("rows"), list):
        raise ResultsError(f"{path}: expected an object with study, question, command and rows")
    for name in ("study", "question", "command"):
        if not isinstance(data.get(name), str) or not data[name].strip():
            raise ResultsError(f"{path}: {name} is missing")
    rows = []
    for number, row in enumerate(data["rows"], 1):
        try:
            rows.append(Result(**row))
        except (TypeError, ResultsError) as error:
            raise ResultsError(f"{path}: row {number}: {error}") from error
    return Study(data["study"], data["question"], data["command"], tuple(rows))
