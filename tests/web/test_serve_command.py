"""``gia-nlp serve``: what it refuses, what it says, and that it starts and ends."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gia_nlp.cli.main import app


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["serve", *arguments])
    return done.exit_code, done.output


def test_other_machines_only_when_asked(out: Path) -> None:
    code, said = run(str(out), "--host", "0.0.0.0")
    assert code == 2
    assert "--allow-remote" in said


def test_wrong_folders(out: Path, tmp_path: Path) -> None:
    assert run(str(tmp_path))[0] == 2
    assert "gia-nlp tag" in run(str(tmp_path))[1]
    (tmp_path / "file").write_text("x")
    assert run(str(out), "--annotations", str(tmp_path / "file"))[0] == 2
    assert run(str(out), "--annotations", str(tmp_path / "none"), "--export", str(tmp_path / "x"))[0] == 2
    assert not (tmp_path / "x").exists()


def test_without_the_extra_a_line_says_how_to_install(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fastapi", None)
    code, said = run(str(out))
    assert code == 1
    assert "fastapi is missing" in said
    assert 'pip install "gia-nlp[web]"' in said


def test_a_port_that_is_taken(out: Path) -> None:
    pytest.importorskip("fastapi")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        code, said = run(str(out), "--port", str(other.getsockname()[1]))
    assert code == 1
    assert "cannot listen" in said


def test_it_serves_and_ends(out: Path, tmp_path: Path) -> None:
    pytest.importorskip("uvicorn")
    pytest.importorskip("fastapi")
    command = [sys.executable, "-m", "gia_nlp.cli.main", "serve", str(out), "--port", "0", "--read-only"]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL, cwd=tmp_path)
    assert server.stderr is not None
    try:
        line = server.stderr.readline()
        address = line.split(" at ")[1].split()[0]
        with urllib.request.urlopen(address, timeout=30) as answer:
            assert "只读" in answer.read().decode()
    finally:
        server.send_signal(signal.SIGINT)
        code = server.wait(30)
    assert code == 0
    assert "Traceback" not in server.stderr.read()
    assert list(tmp_path.iterdir()) == []
