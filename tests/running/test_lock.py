"""The lock: who holds it, and when it is free although its file is there."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gia_nlp.running import lock
from gia_nlp.running.lock import Lock, LockedError


def test_only_one_at_a_time_and_it_says_who(tmp_path: Path) -> None:
    with Lock(tmp_path / ".gia-nlp"), pytest.raises(LockedError, match=f"process {os.getpid()} on ") as caught:
        Lock(tmp_path / ".gia-nlp").__enter__()
    assert caught.value.hint
    with Lock(tmp_path / ".gia-nlp"):
        pass


def test_a_dead_holder_holds_nothing(tmp_path: Path) -> None:
    code = (
        "import os, sys; from gia_nlp.running.lock import Lock; Lock(sys.argv[1]).__enter__(); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert json.loads((tmp_path / "lock").read_text())["pid"]
    with Lock(tmp_path):
        assert json.loads((tmp_path / "lock").read_text())["pid"] == os.getpid()


@pytest.fixture
def without_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system that knows no locks."""
    monkeypatch.setattr(lock, "_try_lock", lambda file: None)


def holder(folder: Path, **other: object) -> None:
    me = {"host": socket.gethostname(), "pid": os.getpid(), "started": lock._start_time(os.getpid()), "since": "today"}
    (folder / "lock").write_text(json.dumps(me | other))


@pytest.mark.parametrize(
    ("other", "held"),
    [
        ({}, True),
        ({"pid": 2**22 + 12345}, False),
        ({"started": "1"}, sys.platform != "linux"),  # the number went to another process
        ({"host": "elsewhere"}, True),
    ],
)
def test_without_the_systems_locks_the_holder_decides(
    tmp_path: Path, without_locks: None, other: dict[str, object], held: bool
) -> None:
    holder(tmp_path, **other)
    if held:
        with pytest.raises(LockedError):
            Lock(tmp_path).__enter__()
    else:
        with Lock(tmp_path):
            pass


def test_another_machine_is_believed_as_long_as_it_gives_signs_of_life(tmp_path: Path, without_locks: None) -> None:
    holder(tmp_path, host="elsewhere")
    old = time.time() - 3600
    os.utime(tmp_path / "lock", (old, old))
    with Lock(tmp_path) as mine:
        os.utime(tmp_path / "lock", (old, old))
        mine.beat()
        assert (tmp_path / "lock").stat().st_mtime > old + 3000


def test_a_lock_file_of_garbage_is_no_lock(tmp_path: Path, without_locks: None) -> None:
    (tmp_path / "lock").write_text("{half")
    with Lock(tmp_path):
        pass
