"""Real reports and hard passages against the gold answers beside them, scored by the scorer beside them.

Needs GIA_NLP_GOLD_DIR; skips without it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

FLOORS = {
    ("cells", "accuracy"): 0.985,
    ("nonzero", "accuracy"): 0.95,
    ("all_tables_right", "documents"): 9,
    ("facts", "f1"): 0.88,
    ("answers", "f1"): 0.85,
    ("items", "f1"): 0.85,
    ("item_status", "accuracy"): 0.95,
    ("cat", "f1"): 0.65,
    ("pair", "f1"): 0.65,
}
CEILINGS = {("wrong_numbers", "silent"): 0, ("quotes", "wrong"): 0}


@pytest.fixture(scope="module")
def score(
    gold_dir: Path, tag_command: Callable[[Sequence[Path], Path], str], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """What the scorer says of the documents beside the gold answers."""
    scorer = gold_dir.parent / "tools" / "score.py"
    if not scorer.is_file():
        pytest.skip(f"no scorer beside the gold answers: {scorer}")
    folders = [gold_dir.parent / name for name in ("seeds", "reports", "passages")]
    work = tmp_path_factory.mktemp("gold")
    tag_command([f for f in folders if f.is_dir()], work / "out")
    command = [
        sys.executable,
        str(scorer),
        str(work / "out"),
        "--gold",
        str(gold_dir),
        "--json",
        str(work / "score.json"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    print(done.stdout)
    result: dict[str, Any] = json.loads((work / "score.json").read_text(encoding="utf-8"))
    return result


@pytest.mark.parametrize(("measure", "kind"), FLOORS, ids="-".join)
def test_measure_reaches_its_floor(measure: str, kind: str, score: dict[str, Any]) -> None:
    assert score[measure][kind] >= FLOORS[measure, kind]


@pytest.mark.parametrize(("measure", "kind"), CEILINGS, ids="-".join)
def test_measure_stays_below_its_ceiling(measure: str, kind: str, score: dict[str, Any]) -> None:
    assert score[measure][kind] <= CEILINGS[measure, kind]
