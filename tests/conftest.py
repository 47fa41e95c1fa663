"""What tests share: where the examples and the gold answers lie, and tables as plain rows."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
Rows = list[dict[str, Any]]


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def gold_dir() -> Path:
    """The gold answers for real reports; the documents lie in ``../seeds``, ``../reports`` and ``../passages``."""
    folder = os.environ.get("GIA_NLP_GOLD_DIR")
    if not folder:
        pytest.skip("GIA_NLP_GOLD_DIR is not set: no gold answers for real reports here")
    path = Path(folder)
    assert path.is_dir(), f"GIA_NLP_GOLD_DIR is no folder: {folder}"
    return path


@pytest.fixture(scope="session")
def tag_command() -> Callable[[Sequence[Path], Path], str]:
    """Runs ``gia-nlp tag PATHS --out OUT`` in a process of its own and returns what it printed."""

    def run(paths: Sequence[Path], out: Path) -> str:
        command = [sys.executable, "-m", "gia_nlp.cli.main", "tag", *map(str, paths), "--out", str(out)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL)
        assert done.returncode == 0, done.stderr
        return done.stderr

    return run


@pytest.fixture(scope="session")
def rows() -> Callable[[Path], Rows]:
    """A Parquet file as a list of dicts, missing values as ``None``."""

    def read(path: Path) -> Rows:
        import pyarrow.parquet as pq

        table: Rows = pq.read_table(path).to_pylist()
        return table

    return read
