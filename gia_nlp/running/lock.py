"""One run at a time on one output: a lock that says who holds it and does not outlive its process."""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

_FORGOTTEN = 600.0  # seconds without a sign of life from another machine


class LockedError(Exception):
    """Another run holds the lock. ``hint`` says which and what to do."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


class Lock:
    """Holds a folder's lock while used as a context manager; raises :class:`LockedError` if another process holds it.

    The operating system's lock on an open file, so it is free as soon as its holder is gone, however it went. On a file system
    without such locks the holder's process, or for another machine its last sign of life, decides.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, Lock(folder):
    ...     (Path(folder) / "lock").is_file()
    True
    """

    def __init__(self, folder: str | Path) -> None:
        self.path = Path(folder) / "lock"
        self._file: IO[str] | None = None
        self._beat = 0.0

    def __enter__(self) -> Self:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = self.path.open("a+", encoding="utf-8")
        try:
            file.seek(0)
            holder = _holder(file.read())
            free = _try_lock(file)
            if free is False or (free is None and holder and _is_alive(holder, self.path)):
                raise LockedError(
                    f"another run is writing to {self.path.parent.parent}{_described(holder)}",
                    hint="wait for it or end it; or choose another --out",
                )
            file.seek(0)
            file.truncate()
            file.write(json.dumps(_me()))
            file.flush()
        except BaseException:
            file.close()
            raise
        self._file = file
        return self

    def beat(self) -> None:
        """A sign of life for other machines; cheap, to be called often."""
        if time.monotonic() - self._beat > 30:
            self._beat = time.monotonic()
            try:
                os.utime(self.path)
            except OSError:
                return

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if self._file:
            # The file stays: to take it away would let two runs lock two files of one name.
            self._file.seek(0)
            self._file.truncate()
            self._file.close()
            self._file = None


def _try_lock(file: IO[str]) -> bool | None:
    """Whether the lock was had; ``None`` where the system has none."""
    try:
        import fcntl
    except ImportError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except BlockingIOError:
        return False
    except OSError:
        return None


def _me() -> dict[str, Any]:
    return {
        "host": socket.gethostname(),
        "pid": os.getpid(),
        "started": _start_time(os.getpid()),
        "since": time.strftime("%Y-%m-%d %H:%M:%S"),
        "command": " ".join(sys.argv)[:300],
    }


def _holder(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
        return found if isinstance(found, dict) and isinstance(found.get("pid"), int) else None
    except ValueError:
        return None


def holder(folder: str | Path) -> str | None:
    """Who holds a folder's lock, in words; ``None`` if nobody does. Takes no lock itself."""
    path = Path(folder) / "lock"
    try:
        found = _holder(path.read_text(encoding="utf-8"))
        return _described(found).removeprefix(": ") if found and _is_alive(found, path) else None
    except OSError:
        return None


def _described(holder: dict[str, Any] | None) -> str:
    if not holder:
        return ""
    return f": process {holder['pid']} on {holder.get('host')}, since {holder.get('since')} ({holder.get('command')})"


def _is_alive(holder: dict[str, Any], path: Path) -> bool:
    if holder.get("host") != socket.gethostname():
        return time.time() - path.stat().st_mtime < _FORGOTTEN
    try:
        os.kill(holder["pid"], 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return _start_time(holder["pid"]) == holder.get("started")  # else the number went to another process


def _start_time(pid: int) -> str | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
        return stat[stat.rindex(b")") + 2 :].split()[19].decode()
    except (OSError, ValueError, IndexError):
        return None
