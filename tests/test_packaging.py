"""What is installed is what works: the wheel alone, in a fresh environment, from another directory, without network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

HEAVY = ("spacy", "pandas", "pyarrow", "sklearn", "pypdfium2", "duckdb", "jieba", "lxml")


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = f"import sys, gia_nlp, gia_nlp.cli.main; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_licence_is_apache(root: Path) -> None:
    text = (root / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "Version 2.0" in text


def test_versions_are_pinned_for_everything_that_is_declared(root: Path) -> None:
    import tomllib

    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    lines = (root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = {canonicalize_name(Requirement(line).name): line for line in lines if line and not line.startswith("#")}
    assert all("==" in line and "/" not in line for line in pins.values())
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = project["dependencies"] + [r for extra in project["optional-dependencies"].values() for r in extra]
    for text in declared:
        requirement = Requirement(text)
        name = canonicalize_name(requirement.name)
        assert name in pins, name
        assert requirement.specifier.contains(pins[name].split("==")[1]), name


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of what git tracks."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (root / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, source / name)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(out), str(source)]
    subprocess.run(command, check=True, timeout=300)
    [path] = out.glob("*.whl")
    return path


@pytest.mark.slow
def test_wheel_holds_data_examples_licence_and_the_saved_pipeline(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {"gia_nlp/_models/zh_gia_rules/config.cfg", "gia_nlp/_models/zh_gia/gia_facts/facts.json"} <= set(names)
    assert "gia_nlp/_models/zh_gia/cards/facts/README.md" in names
    assert "gia_nlp/_examples/xikou-healthcare-2024.txt" in names
    assert "gia_nlp/vocabulary/data/indicators.yaml" in names
    assert any(n.endswith("licenses/LICENSE") for n in names)
    assert not [n for n in names if n.startswith("tests/") or n.endswith((".pyc", ".pkl", ".pickle"))]


@pytest.mark.slow
def test_wheel_alone_tags_an_example(wheel: Path, root: Path, tmp_path: Path) -> None:
    environment = tmp_path / "venv"
    venv.create(environment, with_pip=True)
    python = environment / ("Scripts" if os.name == "nt" else "bin") / "python"
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, "--constraint", str(root / "constraints.txt"), str(wheel)], check=True, timeout=900)
    where = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
    packages = subprocess.run([str(python), "-c", where], capture_output=True, text=True, check=True).stdout.strip()
    Path(packages, "sitecustomize.py").write_text(
        "import socket\n"
        "def refuse(self, address):\n"
        "    raise OSError(f'no network in this test: {address}')\n"
        "socket.socket.connect = refuse\n",
        encoding="utf-8",
    )
    command = str(python.parent / "gia-nlp")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.copy(Path(packages, "gia_nlp", "_examples", "xikou-healthcare-2024.txt"), elsewhere / "report.txt")
    clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV", "GIA_NLP_GOLD_DIR")}

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [command, *arguments], cwd=elsewhere, env=clean, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "tag" in run("--help")
    run("tag", "report.txt", "--out", "tables")
    code = (
        "import pyarrow.parquet as pq, gia_nlp.pipeline as p; "
        "print(len(pq.read_table('tables/facts.parquet')), p._packaged_model(p.DEFAULT))"
    )
    done = subprocess.run(
        [str(python), "-c", code], cwd=elsewhere, env=clean, capture_output=True, text=True, check=True
    )
    facts, _, model = done.stdout.strip().partition(" ")
    assert int(facts) > 10
    assert model.startswith(packages), "the pipeline saved in the wheel is the one that is used"
