"""What README and docs show is run: their Python blocks, and the paths, commands and targets that they name."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
# Blocks marked `py` need a cluster or files that only a user has: they are compiled, those marked `python` are run.
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md")), ROOT / "data" / "README.md"]


def _name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def _blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.S | re.M)


def _with(language: str) -> list[Path]:
    return [page for page in PAGES if _blocks(page, language)]


@pytest.mark.parametrize("page", _with("py"), ids=_name)
def test_py_blocks_compile(page: Path) -> None:
    for block in _blocks(page, "py"):
        compile(block, _name(page), "exec")


@pytest.mark.parametrize("page", _with("python"), ids=_name)
def test_python_blocks_run(page: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """One after the other, as a reader would: each may use what those above it made, and prints something."""
    from gia_nlp.vocabulary.user import use_vocabulary

    monkeypatch.chdir(ROOT)
    names: dict[str, Any] = {}
    try:
        for n, block in enumerate(_blocks(page, "python"), 1):
            exec(compile(block, f"{_name(page)}, block {n}", "exec"), names)
            assert capsys.readouterr().out.strip(), f"block {n} prints nothing"
    finally:
        use_vocabulary(None)


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_links_and_make_targets_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert (page.parent / link).exists(), link
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"(?:^    |`)make ([a-z-]+)", text, re.M):
        assert re.search(rf"^{target}:", makefile, re.M), target


def _commands() -> dict[str, set[str]]:
    """The options of each command, by its words."""
    import typer.main

    from gia_nlp.cli.main import app

    found: dict[str, set[str]] = {}

    def collect(command: Any, words: str) -> None:
        found[words] = {option for one in command.params for option in [*one.opts, *one.secondary_opts]} | {"--help"}
        for word, below in getattr(command, "commands", {}).items():
            collect(below, f"{words} {word}".strip())

    collect(typer.main.get_command(app), "")
    return found


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_commands_and_options_exist(page: Path) -> None:
    commands = _commands()
    for line in re.findall(r"^(?:    |    .*&& )gia-nlp (.+)$", page.read_text(encoding="utf-8"), re.M):
        words = shlex.split(line.split("|")[0], comments=True)
        depth = 2 if " ".join(words[:2]) in commands else 1 if words[0] in commands else 0
        name = " ".join(words[:depth])
        assert depth or words[0].startswith("-"), line
        assert {w.split("=")[0] for w in words if w.startswith("-")} <= commands[name], line


def _listed(entries: list[Any]) -> list[str]:
    """The files of a nav, in their order."""
    files = []
    for entry in entries:
        for value in entry.values() if isinstance(entry, dict) else [entry]:
            files += _listed(value) if isinstance(value, list) else [value]
    return files


def test_the_site_lists_every_page_once() -> None:
    config = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    listed = _listed(config["nav"])
    assert sorted(listed) == sorted(page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md"))
    assert all((ROOT / hook).is_file() for hook in config["hooks"])


def test_the_site_loads_nothing_from_elsewhere() -> None:
    config = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    assert config["theme"]["font"] is False
    assert not re.findall(r"https?://", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    assert not {"extra_css", "extra_javascript"} & config.keys()


def test_every_object_of_the_reference_exists() -> None:
    from importlib import import_module

    for page in sorted((DOCS / "reference").glob("*.md")):
        parts = re.findall(
            r"^::: (\S+)\n(?:    options:\n      members: \[(.*)\]\n)?", page.read_text(encoding="utf-8"), re.M
        )
        for module, members in parts:
            assert find_spec(module), module
            for member in filter(None, members.split(", ")):
                if module.startswith("gia_nlp.web") and not find_spec("fastapi"):
                    continue
                assert getattr(import_module(module), member).__doc__, f"{module}.{member} has no docstring"


def _script(path: Path) -> Any:
    spec = spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_accuracy_page_is_that_of_the_results() -> None:
    module = _script(ROOT / "experiments" / "accuracy.py")
    assert module.page() == (DOCS / "accuracy.md").read_text(encoding="utf-8"), "run: python experiments/accuracy.py"


def test_docstrings_become_markdown() -> None:
    pytest.importorskip("griffe", reason="the extra docs is not installed")
    rewritten = _script(DOCS / "_docstrings.py").rewritten
    assert rewritten("See :func:`~a.b` and :class:`C`.") == "See `a.b` and `C`."
    assert rewritten("A.\n\n>>> 1 + 1\n2\n\nB.") == "A.\n\n```pycon\n>>> 1 + 1\n2\n```\n\nB."
    two = ">>> for n in (1, 2):\n...     print(n)\n1\n2\n>>> 3\n3"
    assert rewritten(two) == f"```pycon\n{two}\n```"


@pytest.mark.slow
def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs", reason="the extra docs is not installed")
    pytest.importorskip("material", reason="the extra docs is not installed")
    pytest.importorskip("mkdocstrings", reason="the extra docs is not installed")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    pages = sorted((tmp_path / "site").rglob("*.html"))
    assert len(pages) > len(list(DOCS.rglob("*.md")))
    loaded = re.compile(r'<(?:script|img|link rel="(?:stylesheet|preconnect)")[^>]*(?:src|href)="?https?:')
    assert not [page.name for page in pages if loaded.search(page.read_text(encoding="utf-8"))]
    commands = (tmp_path / "site" / "reference" / "commands.html").read_text(encoding="utf-8")
    assert "gia-nlp annotate suggest" in commands
