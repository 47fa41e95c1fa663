"""How much time and memory one file may take, and the means to hold it to that."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

DEFAULT_TIMEOUT = 300.0
_LEAST, _MOST = 1 << 30, 4 << 30


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may take of its worker: ``timeout`` in seconds, ``memory`` in bytes of the whole process."""

    timeout: float = DEFAULT_TIMEOUT
    memory: int = _MOST


def default_memory(workers: int) -> int:
    """Bytes for each of so many workers: their share of four fifths of the machine, between 1 and 4 GB.

    >>> 1 << 30 <= default_memory(2) <= 4 << 30
    True
    """
    share = machine_memory() * 4 // 5 // max(1, workers)
    return max(_LEAST, min(_MOST, share))


def machine_memory() -> int:
    """Bytes of memory that this process can count on: the machine's, or its control group's if that is less."""
    try:
        total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError, AttributeError):
        total = 2 * _MOST
    for file in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            total = min(total, int(Path(file).read_text()))
        except (OSError, ValueError):
            continue
    return total


def resident_memory(pid: int) -> int | None:
    """Bytes of memory that a process holds; ``None`` where that cannot be told (the process is gone, no ``/proc``)."""
    try:
        with open(f"/proc/{pid}/statm", "rb") as file:  # noqa: PTH123 - asked four times a second
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        pass
    if sys.platform == "linux":
        return None
    try:
        import psutil

        return int(psutil.Process(pid).memory_info().rss)
    except Exception:  # not installed, or the process is gone
        return None


def cap_address_space(memory: int) -> None:
    """Lets this process reserve no more than ``memory`` bytes beyond what it has: a hungry file then meets ``MemoryError``."""
    try:
        import resource

        now = int(Path("/proc/self/statm").read_bytes().split()[0]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        wanted = now + memory
        if hard == resource.RLIM_INFINITY or wanted < hard:
            resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
    except (ImportError, OSError, ValueError):
        return  # no such limit here; the parent still watches the resident memory


def descendants(pid: int) -> list[int]:
    """The processes below one, as ``/proc`` tells; empty where there is none."""
    children: dict[int, list[int]] = {}
    try:
        for entry in os.scandir("/proc"):
            if entry.name.isdigit():
                try:
                    stat = Path(entry.path, "stat").read_bytes()
                except OSError:
                    continue
                parent = int(stat[stat.rindex(b")") + 2 :].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
    except OSError:
        return []
    found, todo = [], [pid]
    while todo:
        below = children.get(todo.pop(), [])
        found += below
        todo += below
    return found


def parse_size(text: str) -> int:
    """Bytes of a size such as ``2GB``; raises ``ValueError`` for what is none.

    >>> parse_size("2GB"), parse_size("512 MiB"), parse_size("1.5g")
    (2147483648, 536870912, 1610612736)
    """
    import re

    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?\s*", text, re.IGNORECASE)
    if not match:
        raise ValueError(f"{text!r} is no size; write it like 2GB or 512MB")
    return int(float(match[1]) * 1024 ** " KMGT".index(match[2].upper() or " "))
