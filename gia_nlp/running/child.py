"""A protected process that tags: what a file does to it (a crash, an endless loop, too much memory) ends it alone.

The parent starts it with a plain command, so that it works under any program, in a worker of a cluster too, and without
running that program's own module again. Messages, by a pipe: to the child ``(sources,)`` or ``None`` to end; back
``("ready", identity)`` or ``("broken", why)`` once, then for each chunk ``("at", index)`` before each file, ``("part", bytes, so
far)`` after some, ``("done", memory)`` at its end.
"""

from __future__ import annotations

import faulthandler
import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from multiprocessing.connection import Connection, Pipe
from typing import TYPE_CHECKING, Any

from gia_nlp.running.limits import Limits, cap_address_space, descendants, resident_memory

if TYPE_CHECKING:
    from gia_nlp.running.source import Readable

_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from gia_nlp.running.child import main; main()"
_LAST_RESORT = 20.0  # seconds beyond the parent's own limit


class Child:
    """The parent's end of a child: its process, its pipe, and what it is at."""

    def __init__(self, model: str | None, limits: Limits, verbose: int, vocabulary: tuple[str, str] | None) -> None:
        ours, theirs = Pipe()
        settings = {
            "model": model,
            "timeout": limits.timeout,
            "memory": limits.memory,
            "verbose": verbose,
            "vocabulary": vocabulary,
        }
        arguments = [_START, json.dumps(sys.path), json.dumps(settings), str(theirs.fileno())]
        self.process = subprocess.Popen(
            [sys.executable, "-c", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=2,  # standard output is for data
            pass_fds=(theirs.fileno(),),
            process_group=0,  # Ctrl-C is the parent's business
            env=_environment(),
        )
        theirs.close()
        self.connection: Connection = ours

    def send(self, message: object) -> bool:
        """Sends a message; false if the child is gone."""
        try:
            self.connection.send(message)
        except OSError:
            return False
        return True

    def memory(self) -> int | None:
        """Bytes of memory that it holds, if that can be told."""
        return resident_memory(self.process.pid)

    def exit_code(self, patience: float = 1.0) -> int | None:
        """How it ended, negative for a signal; ``None`` if it did not."""
        try:
            return self.process.wait(patience)
        except subprocess.TimeoutExpired:
            return None

    def stop(self, *, gently: bool = False) -> None:
        """Ends it and all that it started; ``gently`` if it is idle and may end by itself."""
        below = [] if gently else descendants(self.process.pid)
        if gently:
            self.send(None)
        self.connection.close()
        if not gently or self.exit_code(2) is None:
            self.process.kill()
            self.process.wait()
        for pid in below:
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                continue


def _environment() -> dict[str, str]:
    """One thread a child, as there is a child a core, and an allocator that does not reserve address space in advance."""
    threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    return {**dict.fromkeys(threads, "1"), "ARROW_DEFAULT_MEMORY_POOL": "system", **os.environ, "PYTHONUTF8": "1"}


# --------------------------------------------------------------------------- in the child


def main() -> None:
    """What the process does, with ``sys.argv``: the parent's path, settings, and the number of the pipe."""
    settings = json.loads(sys.argv[2])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if settings["verbose"]:
        logging.basicConfig(level=logging.DEBUG if settings["verbose"] > 1 else logging.INFO)
    connection = Connection(int(sys.argv[3]))
    try:
        _serve(connection, settings)
    except (EOFError, OSError):
        return  # the parent is gone, and nobody waits for the rest


def _serve(connection: Connection, settings: dict[str, Any]) -> None:
    model, timeout = settings["model"], settings["timeout"]
    try:
        from gia_nlp.running.identity import identify
        from gia_nlp.running.worker import parts_of, warm_up

        if settings["vocabulary"]:
            from gia_nlp.vocabulary.active import set_for_process
            from gia_nlp.vocabulary.user import parse_vocabulary

            set_for_process(parse_vocabulary(*settings["vocabulary"]))
        identity = identify(model)
        warm_up(model)
    except Exception as error:
        connection.send(("broken", f"{type(error).__name__}: {error}"))
        return
    cap_address_space(settings["memory"])
    connection.send(("ready", identity))
    inbox = _Inbox(connection)
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123
        while (message := inbox.take()) is not None:
            sources: Sequence[Readable] = message[0]
            reached = 0

            def on_file(index: int) -> None:
                nonlocal reached
                reached = index
                # A thread without Python in it: ends this process even inside a regular expression, if the parent is gone.
                faulthandler.dump_traceback_later(timeout + _LAST_RESORT, exit=True, file=nowhere)
                connection.send(("at", index))

            for part in parts_of(sources, model, on_file):
                connection.send(("part", part, reached + 1))
            faulthandler.cancel_dump_traceback_later()
            connection.send(("done",))


class _Inbox:
    """Messages of the parent. If it goes away this process ends at once, in the middle of a file too."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._messages: list[Any] = []
        self._there = threading.Semaphore(0)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                message = self._connection.recv()
            except (EOFError, OSError):
                os._exit(1)
            self._messages.append(message)
            self._there.release()

    def take(self) -> Any:
        self._there.acquire()
        return self._messages.pop(0)
