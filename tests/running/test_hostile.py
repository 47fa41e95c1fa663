"""Files made to do harm: each has its stated outcome, none costs another file its result, none makes anything connect."""

from __future__ import annotations

import importlib.util
import os
import pickle
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from gia_nlp.reading import ReadingError, read, read_bytes
from gia_nlp.reading.limits import LimitsError
from gia_nlp.running.source import Source, SourceError
from gia_nlp.running.sources import find_sources

ROOT = Path(__file__).parents[2]


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "experiments" / "fuzz" / f"{name}.py")
    assert spec and spec.loader
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


hostile = load("hostile")
poison = load("poison")


def outcome_of(source) -> tuple[str, str]:
    source = pickle.loads(pickle.dumps(source))
    try:
        document = read_bytes(source.read_bytes(), source.reader_name)
    except (ReadingError, SourceError) as error:
        assert not isinstance(error, ReadingError) or error.hint
        return hostile.REFUSED, str(error)
    document.text.encode()  # no lone surrogates
    for grid in document.grids:
        assert all(document.text[c.start : c.end] == c.text for c in grid.cells)
    return (hostile.NOTED if document.warnings else hostile.READ), " ".join(w.message for w in document.warnings)


@pytest.mark.parametrize("case", list(hostile.hostile()), ids=lambda case: ascii(case.name)[1:30])
def test_each_hostile_file_has_its_outcome(case, tmp_path: Path) -> None:
    if case.slow:
        pytest.skip("LibreOffice takes its time: in the slow test")
    if case.needs_user and not os.geteuid():
        pytest.skip("this user may read everything")
    root = tmp_path / "in"
    named = hostile.write(root, [case])
    (root / "zz.txt").write_text("一、总体情况\n", encoding="utf-8")
    found = {s.report_id.split("/", 1)[1]: outcome_of(s) for s in find_sources([root, *named])}
    if case.needs_user:
        (root / case.name).chmod(0o700)
    assert found.pop("zz.txt") == (hostile.READ, "")
    assert set(found) == set(case.becomes)
    for name, (outcome, says) in case.becomes.items():
        if says == "no heading":  # structure's note
            outcome, says = hostile.READ, ""
        assert found[name][0] == outcome, found[name]
        assert outcome == hostile.READ or re.search(says, found[name][1]), found[name]


def test_among_good_files_none_costs_another_its_result(tmp_path: Path) -> None:
    pytest.importorskip("reportlab")
    pytest.importorskip("docx")
    result = poison.run(tmp_path, 4, workers=0)
    assert (result.good_read, result.good_same, result.wrong) == (4, True, {})
    assert result.hostile > 80 and result.connections == 0
    assert result.without_hint == []


@pytest.mark.slow
def test_among_many_good_files_with_workers(tmp_path: Path) -> None:
    pytest.importorskip("reportlab")
    pytest.importorskip("docx")
    result = poison.run(tmp_path, 40, workers=2, slow=True)
    assert (result.good_read, result.good_same, result.wrong, result.connections) == (40, True, {}, 0)


WATCHED = """
import sys
def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.Request"):
        print("network:", event, arguments)
sys.addaudithook(watch)
from gia_nlp.reading import read, ReadingError
for path in sys.argv[1:]:
    try:
        print("read", len(read(path).text) > 9)
    except ReadingError as error:
        print("refused", error)
"""


def test_nothing_is_fetched(tmp_path: Path) -> None:
    """Neither by Python, whose sockets are watched, nor by the parsers' own means, at whose address a server listens."""
    with poison.listener() as (address, seen):
        cases = [
            c for c in hostile.hostile(address) if "remote" in c.name or "external" in c.name or "frames" in c.name
        ]
        cases = [c for c in cases if not c.slow]
        hostile.write(tmp_path, cases)
        paths = [str(tmp_path / c.name) for c in cases]
        done = subprocess.run([sys.executable, "-c", WATCHED, *paths], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert len(paths) >= 4 and len(done.stdout.splitlines()) == len(paths)
    assert "network" not in done.stdout and seen == []


def test_the_watch_would_see_a_connection() -> None:
    """The test above could fail."""
    import urllib.request

    with poison.listener() as (address, seen), pytest.raises(OSError):
        urllib.request.urlopen(address, timeout=2)
    assert seen == ["GET / HTTP/1.1"]


# --------------------------------------------------------------------------- limits


def test_limits_of_the_environment_hold_for_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("一、总体情况\n" * 100, encoding="utf-8")
    (tmp_path / "b.zip").write_bytes(hostile.zipped({f"{n}.txt": b"1" for n in range(9)}))
    monkeypatch.setenv("GIA_NLP_LIMITS", "file=1KB, members=8")
    for given in (lambda: read(path), lambda: read_bytes(path.read_bytes(), "a.txt"),
                  lambda: Source("a", "a.txt", str(path)).read_bytes()):  # fmt: skip
        with pytest.raises((ReadingError, SourceError), match="larger than 1024 bytes") as caught:
            given()
        assert "GIA_NLP_LIMITS" in caught.value.hint
    (source,) = find_sources([tmp_path / "b.zip"])
    with pytest.raises(SourceError, match="9 members, more than 8"):
        source.read_bytes()
    monkeypatch.setenv("GIA_NLP_LIMITS", "file=1KB, members=9")
    assert len(list(find_sources([tmp_path / "b.zip"]))) == 9


def test_a_setting_that_says_nothing_is_told_before_anything_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIA_NLP_LIMITS", "fil=1KB")
    with pytest.raises(LimitsError, match="'fil=1KB' in GIA_NLP_LIMITS"):
        list(find_sources([tmp_path]))
    with pytest.raises(ReadingError, match="GIA_NLP_LIMITS"):
        read_bytes(b"x", "a.txt")


def test_a_list_of_contents_too_long_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.zip").write_bytes(hostile.zipped({f"{'x' * 900}{n}.txt": b"" for n in range(40)}))
    monkeypatch.setenv("GIA_NLP_LIMITS", "members=40")
    monkeypatch.setattr(zipfile.ZipFile, "infolist", lambda self: pytest.fail("was read"))
    (source,) = find_sources([tmp_path / "a.zip"])
    with pytest.raises(SourceError, match="far more than 40 members"):
        source.read_bytes()


def test_a_named_pipe_or_device_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (str(tmp_path / "pipe"), "/dev/zero"):
        with pytest.raises(ReadingError, match="pipe or a device"):
            read(path)
        (source,) = find_sources([path])
        with pytest.raises(SourceError, match=r"pipe|device"):
            source.read_bytes()


def test_folders_reached_by_many_links_are_read_where_they_lie(tmp_path: Path) -> None:
    deepest = tmp_path / "in" / "r00"
    hostile._maze(tmp_path / "in")
    (deepest / "x.txt").write_text("x")
    (tmp_path / "in" / "r19" / "y.txt").write_text("y")
    found = [s.report_id for s in find_sources([tmp_path / "in"])]
    assert {"in/r00/x.txt", "in/r19/y.txt"} <= set(found)
    assert len(found) <= 40


def test_folders_of_any_depth_are_walked(tmp_path: Path) -> None:
    here = Path.cwd()
    try:
        os.chdir(tmp_path)
        for _ in range(1200):
            Path("d").mkdir()
            os.chdir("d")
        Path("x.txt").write_text("x")
    finally:
        os.chdir(here)
    try:
        (tmp_path / "y.txt").write_text("y")
        found = list(find_sources([tmp_path]))
    finally:
        subprocess.run(["rm", "-rf", str(tmp_path / "d")], check=True)  # too deep for Python's own removal
    assert len(found) == 2 and found[1].read_bytes() == b"y"


# --------------------------------------------------------------------------- what comes out

SCRIPT = "<script>alert(1)</script>"


@pytest.mark.parametrize("name", ["a.txt", 'x" onload="alert(2)<script>.html'])
def test_the_page_of_a_report_runs_nothing(tmp_path: Path, name: str) -> None:
    import gia_nlp
    from gia_nlp.frames.render_html import render_page

    text = (
        f"潼湖区民政局{SCRIPT}2023年政府信息公开工作年度报告\n一、总体情况{SCRIPT}\n主动公开{SCRIPT}信息126条\"'><img src=x onerror=alert(1)>，"
        f"收到申请3件。\n五、存在的主要问题及改进情况\n一是公开{SCRIPT}不及时。下一步将加强&lt;b&gt;{SCRIPT}培训。\n"
    )
    path = tmp_path / name
    path.write_text(
        text if name == "a.txt" else hostile.PAGE + text.replace("<", "&lt;").replace("\n", "<p>"), encoding="utf-8"
    )
    page = render_page(gia_nlp.tag(path))
    shown = re.sub(r"<mark\b[^>]*>|</mark>|<sup\b.*?</sup>", "", page)
    assert "&lt;script&gt;alert(1)" in shown
    assert "<script" not in page and "<img" not in page and 'onload="' not in page
    assert not re.search(r"<[^<>]*\bonerror", page)


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_names_and_texts_are_no_formulas(tmp_path: Path, format: str) -> None:
    import pandas as pd

    from gia_nlp.running.job import tag_to_tables

    folder = tmp_path / "=cmd|'calc'!A0"
    folder.mkdir()
    for name in ("@SUM(1).txt", "+1.txt", "\t=1.txt"):
        (folder / name).write_text('=HYPERLINK("x")\n一、总体情况\n收到申请3件。\n', encoding="utf-8")
    (folder / "-broken.txt").write_bytes(b"")
    tag_to_tables(find_sources([folder]), tmp_path / "out", format=format, workers=0)
    checked = 0
    for path in (tmp_path / "out").glob(f"*.{format}"):
        if format == "csv":
            frames = [pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")]
        else:
            import openpyxl

            book = openpyxl.load_workbook(path)
            assert not [c for s in book for row in s.iter_rows() for c in row if c.data_type == "f"]
            frames, checked = [], checked + 99  # a cell that is text is run by no spreadsheet
        for frame in frames:
            for value in frame.select_dtypes(include=["object", "string"]).to_numpy().ravel():
                checked += 1
                assert not str(value).startswith(("=", "@", "\t", "\r")), (path.name, value)
                assert not re.match(r"[+-](?!\d|$)", str(value)), (path.name, value)
    assert checked > 50


def test_messages_give_the_terminal_no_commands(tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from gia_nlp.cli.main import app

    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "\x1b[31mred\x07\u202e.txt").write_bytes(b"")
    result = CliRunner().invoke(app, ["tag", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--workers", "1"])
    assert "\\x1b[31mred\\x07\\u202e.txt" in result.output, result.output
    assert not re.search("[\x1b\x07\u202e]", result.output)
