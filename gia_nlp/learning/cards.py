"""The card of a model: what it is, what it was trained on, how good it is, where it fails.

``card.json`` for programs, ``README.md`` for people, both from one record and without a date, so that a model trained again
is the same bytes.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from gia_nlp import __version__
from gia_nlp.learning.intervals import Score
from gia_nlp.learning.splits import sha256

_LIBRARIES = ("numpy", "scipy", "scikit-learn", "rjieba", "spacy")


@dataclass(frozen=True, slots=True)
class ModelCard:
    """All that a user should know of a model.

    ``data``: a row a data file (:func:`data_row`); ``settings``: the configuration; ``scores``: with intervals;
    ``calibration``: a name to the result of :func:`gia_nlp.learning.calibration.calibration`; ``limits``: sentences.
    """

    name: str
    task: str
    description: str
    labels: Sequence[str]
    data: Sequence[Mapping[str, Any]]
    settings: Mapping[str, Any]
    scores: Sequence[Score]
    seed: int
    limits: Sequence[str]
    calibration: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    size: Mapping[str, int] = field(default_factory=dict)

    def to_disk(self, folder: str | Path) -> None:
        """Writes ``card.json`` and ``README.md``."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        content = {
            "name": self.name,
            "task": self.task,
            "description": self.description,
            "labels": list(self.labels),
            "size": dict(self.size),
            "data": [dict(row) for row in self.data],
            "settings": dict(self.settings),
            "seed": self.seed,
            "scores": [score.to_dict() for score in self.scores],
            "calibration": {name: dict(value) for name, value in self.calibration.items()},
            "limits": list(self.limits),
            "versions": versions(),
        }
        (folder / "card.json").write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        (folder / "README.md").write_text(_readme(content), encoding="utf-8")


def versions() -> dict[str, str]:
    """The package, Python and the libraries that a model depends on."""
    found = {"gia-nlp": __version__, "python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def data_row(path: str | Path, rows: Sequence[Mapping[str, Any]], examples: int) -> dict[str, Any]:
    """What the card says of a data file: its name, digest, splits, styles, number of documents and of examples taken."""
    return {
        "file": Path(path).name,
        "sha256": sha256(path),
        "splits": sorted({r["split"] for r in rows}),
        "styles": sorted({r["style"] for r in rows}),
        "documents": len(rows),
        "examples": examples,
    }


def _readme(card: Mapping[str, Any]) -> str:
    lines = [f"# {card['name']}", "", str(card["description"]), ""]
    lines += ["## Data", ""]
    for row in card["data"]:
        lines.append(
            f"- `{row['file']}` ({', '.join(row['splits'])}): {row['documents']} documents, {row['examples']} examples, "
            f"styles {', '.join(row['styles'])}; sha256 `{row['sha256'][:16]}…`"
        )
    lines += [
        "",
        "## Scores",
        "",
        "| on | measure | value | 95% interval | documents | examples |",
        "|---|---|---|---|---|---|",
    ]
    for s in card["scores"]:
        lines.append(
            f"| {s['on']} | {s['measure']} | {s['value']:.3f} | {s['low']:.3f} to {s['high']:.3f} | {s['documents']} | {s['examples']} |"
        )
    for name, result in card["calibration"].items():
        lines += ["", f"## Calibration: {name}", ""]
        lines.append(f"Brier score {result['brier']}, expected calibration error {result['ece']}, over {result['n']}.")
        lines += ["", "| mean score | share right | number |", "|---|---|---|"]
        lines += [f"| {row['score']:.3f} | {row['right']:.3f} | {row['n']} |" for row in result["reliability"]]
    lines += ["", "## Limits", "", *(f"- {limit}" for limit in card["limits"])]
    lines += ["", "## Made with", ""]
    lines.append(f"Seed {card['seed']}; " + ", ".join(f"{k} {v}" for k, v in card["versions"].items()) + ".")
    lines += ["", "```json", json.dumps(card["settings"], ensure_ascii=False, indent=1), "```", ""]
    return "\n".join(lines)
