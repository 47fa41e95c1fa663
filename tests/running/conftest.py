"""Sources that misbehave when they are read, and small corpora."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import pytest

MODULE = '''
"""A module of its own, so that worker processes can import it."""
import os, time
from dataclasses import dataclass

@dataclass(frozen=True)
class Odd:
    report_id: str
    does: str = "read"
    seconds: float = 0.0
    count: str = ""
    size: int = 0
    stamp: str = "1"

    @property
    def path(self):
        return self.report_id

    @property
    def reader_name(self):
        return self.report_id

    def read_bytes(self):
        time.sleep(self.seconds)
        if self.count:
            with open(self.count, "a") as file:
                file.write(self.report_id + "\\\\n")
        if self.does == "exit":
            os._exit(7)
        if self.does == "crash":
            import ctypes
            ctypes.string_at(0)
        if self.does == "kill":
            os.kill(os.getpid(), 9)
        if self.does == "hang":
            time.sleep(600)
        if self.does == "regex":
            import re
            re.match("(a+)+$", "a" * 60 + "b")
        if self.does == "memory":
            hoard = []
            while True:
                hoard.append(bytearray(b"x") * (8 << 20))
                time.sleep(0.01)
        if self.does == "huge":
            return bytes(1 << 40)
        if self.does == "raise":
            raise RuntimeError("unforeseen")
        if self.does == "missing":
            raise FileNotFoundError(2, "No such file", self.report_id)
        return "青垄县水务局2023年政府信息公开工作年度报告\\\\n一、总体情况\\\\n全年公开信息39条。\\\\n".encode()
'''

REPORT = (
    "潼湖区民政局{year}年政府信息公开工作年度报告\n"
    "一、总体情况\n全年主动公开信息{n}条，收到申请{m}件。\n"
    "五、存在的主要问题及改进情况\n一是公开不及时。下一步将加强培训。\n"
)


@pytest.fixture
def odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    (tmp_path / "odd_sources.py").write_text(MODULE.replace("\\\\n", "\\n"), encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    module = importlib.import_module("odd_sources")
    return importlib.reload(module)


@pytest.fixture
def make_corpus(tmp_path: Path):
    """Writes so many small reports to a folder; those of one number are always the same."""

    def make(count: int, name: str = "年报") -> Path:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        for n in range(count):
            text = REPORT.format(year=2010 + n % 12, n=100 + n, m=n % 7 + 1) + "各科室按时报送。\n" * (n % 5 * 20)
            (folder / f"{n:04}.txt").write_text(text, encoding="utf-8")
        return folder

    return make


@pytest.fixture
def tables_of():
    """The bytes of every table in an output folder."""

    def read(out: Path) -> dict[str, bytes]:
        return {p.name: p.read_bytes() for p in sorted(out.glob("*.parquet"))}

    return read
