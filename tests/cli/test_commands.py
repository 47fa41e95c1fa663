"""The commands as a user runs them: what they write, say and return."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

import gia_nlp
from gia_nlp.cli.main import app
from gia_nlp.running.limits import descendants, resident_memory
from gia_nlp.running.parts import read_manifest

REPORT = (
    "汐口区民政局2023年政府信息公开工作年度报告\n"
    "一、总体情况\n全年主动公开信息39条，收到申请4件。\n"
    "五、存在的主要问题及改进情况\n一是公开不及时。下一步将加强培训。\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "年报"
    folder.mkdir()
    (folder / "a.txt").write_text(REPORT, encoding="utf-8")
    (folder / "b.txt").write_text(REPORT.replace("2023", "2022"), encoding="utf-8")
    return folder


def run(*arguments: str | Path):
    return CliRunner().invoke(app, [str(a) for a in arguments])


# --------------------------------------------------------------------------- tag


def test_tag_reads_all(folder: Path, tmp_path: Path) -> None:
    result = run("tag", folder, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    assert "2 reports in" in result.stderr and "fact" in result.stderr
    frames = gia_nlp.read_frames(tmp_path / "out")
    assert list(frames["reports"]["report_id"]) == ["年报/a.txt", "年报/b.txt"]
    assert len(frames["panel"]) == 2
    text = frames["texts"]["text"][0]
    assert text == REPORT
    for row in frames["facts"][frames["facts"]["report_id"] == "年报/a.txt"].itertuples():
        assert text[row.start_char : row.end_char] == row.quote


def test_tag_tells_what_failed_between_years(folder: Path, tmp_path: Path) -> None:
    assert "between years" not in run("tag", folder, "--out", tmp_path / "out").stderr
    copied = "".join(f"本单位继续做好{what}方面的各项具体工作。" for what in ("公开", "解读", "回应", "培训", "考核"))
    for path in folder.iterdir():
        path.write_text(path.read_text(encoding="utf-8").replace("一是", copied + "一是"), encoding="utf-8")
    result = run("tag", folder, "--out", tmp_path / "out")
    assert result.exit_code == 0 and "1 of 1 check between years failed" in result.stderr
    checks = gia_nlp.read_frames(tmp_path / "out")["checks"]
    found = checks[checks["rule"] == "years.same_text"][["report_id", "other_report_id"]]
    assert found.values.tolist() == [["年报/a.txt", "年报/b.txt"]]


def test_tag_some_failed(folder: Path, tmp_path: Path) -> None:
    (folder / "bad.docx").write_bytes(b"PK\x03\x04 no archive")
    result = run("tag", folder, "--out", tmp_path / "out", "--format", "jsonl")
    assert result.exit_code == 3
    assert "bad.docx" in result.stderr and "→" in result.stderr and "1 file could not be read" in result.stderr
    assert len((tmp_path / "out" / "reports.jsonl").read_text(encoding="utf-8").splitlines()) == 2
    errors = [json.loads(x) for x in (tmp_path / "out" / "errors.jsonl").read_text(encoding="utf-8").splitlines()]
    assert "年报/bad.docx" in [e["report_id"] for e in errors]


def test_tag_all_failed(tmp_path: Path) -> None:
    (tmp_path / "bad.docx").write_bytes(b"PK\x03\x04 no archive")
    result = run("tag", tmp_path / "bad.docx", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert len(gia_nlp.read_frames(tmp_path / "out")["errors"]) == 1


def test_tag_nothing_to_read(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = run("tag", tmp_path / "empty", "--out", tmp_path / "out")
    assert result.exit_code == 1 and "no file to read" in result.stderr
    assert not (tmp_path / "out").exists()


def test_tag_wrong_usage(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for arguments, said in (
        ((folder,), "--out"),
        ((folder, "--out", out, "--format", "xls"), "xls"),
        ((folder, "--out", out, "--workers", "0"), "workers"),
        ((tmp_path / "absent", "--out", out), "absent"),
        ((folder, folder, "--out", out), "年报/a.txt"),
        ((folder, "--out", out, "--tables", tmp_path / "absent.csv"), "absent.csv"),
        ((folder, "--out", folder / "a.txt"), "a.txt"),
        ((folder, "--out", out, "--memory", "much"), "much"),
        ((folder, "--out", out, "--scheduler", "tcp://127.0.0.1:1"), "--engine dask"),
        ((folder, "--out", out, "--engine", "ray"), "ray"),
    ):
        result = run("tag", *arguments)
        assert result.exit_code == 2, arguments
        assert said in result.stderr, arguments
    assert not out.exists()


def test_tag_again_reads_what_is_new_and_says_so(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (folder / "bad.docx").write_bytes(b"PK\x03\x04 no archive")
    assert run("tag", folder, "--out", out).exit_code == 3
    again = run("tag", folder, "--out", out)
    assert again.exit_code == 3  # the output still lacks a file
    assert "3 files of 3 are done already" in again.stderr and "nothing to do" in again.stderr
    assert "1 file failed before and is not tried again (--retry-failed does)" in again.stderr
    (folder / "c.txt").write_text(REPORT.replace("2023", "2021"), encoding="utf-8")
    (folder / "b.txt").unlink()
    more = run("tag", folder, "--out", out, "--retry-failed")
    assert "1 file of 3 is done already" in more.stderr and "to read: 1 new, 1 tried again" in more.stderr
    assert "1 report no longer among the inputs" in more.stderr and "bad.docx" in more.stderr
    assert list(gia_nlp.read_frames(out)["reports"]["report_id"]) == ["年报/a.txt", "年报/c.txt"]
    fresh = run("tag", folder, "--out", out, "--fresh")
    assert "3 files done before are read anew (as --fresh asks)" in fresh.stderr


def test_tag_takes_a_model_from_its_folder(folder: Path, tmp_path: Path) -> None:
    nlp = gia_nlp.load()
    nlp.to_disk(tmp_path / "model")
    out = tmp_path / "out"
    assert run("tag", folder, "--out", out, "--model", tmp_path / "model").exit_code == 0
    assert len(gia_nlp.read_frames(out)["reports"]) == 2
    absent = run("tag", folder, "--out", tmp_path / "other", "--model", tmp_path / "absent")
    assert absent.exit_code == 1 and "cannot be loaded" in absent.stderr and "absent" in absent.stderr


@pytest.mark.slow
def test_tag_on_a_cluster_of_this_machine(folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="the extra cluster is not installed")
    out = tmp_path / "out"
    command = [sys.executable, "-m", "gia_nlp.cli.main", "tag", str(folder), "--out", str(out), "--engine", "dask"]
    done = subprocess.run([*command, "--workers", "2"], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and done.stdout == "" and done.stderr.startswith("2 reports in"), done.stderr
    assert list(gia_nlp.read_frames(out)["reports"]["report_id"]) == ["年报/a.txt", "年报/b.txt"]
    assert [p.name for p in (out / "facts.parquet").iterdir()] == ["part-00000.parquet"]


def test_tag_joins_tables_parsed_elsewhere(folder: Path, tmp_path: Path) -> None:
    tables = tmp_path / "elsewhere.csv"
    tables.write_text("report_id,requests.received.total\n年报/a.txt,4\n年报/c.txt,5\n", encoding="utf-8")
    result = run("tag", folder, "--out", tmp_path / "out", "--tables", tables)
    assert result.exit_code == 0
    assert "1 row found no report: 年报/c.txt" in result.stderr
    frames = gia_nlp.read_frames(tmp_path / "out")
    panel = frames["panel"].set_index("report_id")
    assert panel.loc["年报/a.txt", "external_requests_received_total"] == 4.0
    assert "external.requests.received.total" in set(frames["checks"]["rule"])
    assert "NoPartner" in set(frames["errors"]["error"])


@pytest.mark.parametrize(
    ("format", "file"), [("csv", "facts.csv"), ("xlsx", "tables.xlsx"), ("duckdb", "tables.duckdb")]
)
def test_tag_formats(folder: Path, tmp_path: Path, format: str, file: str) -> None:
    result = run("tag", folder / "a.txt", "--out", tmp_path / "out", "--format", format)
    assert result.exit_code == 0, result.stderr
    assert (tmp_path / "out" / file).is_file()


def test_tag_will_not_overwrite_what_is_not_ours(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "facts.parquet").write_text("mine")
    result = run("tag", folder, "--out", tmp_path)
    assert result.exit_code == 2 and "did not write" in result.stderr
    assert (tmp_path / "facts.parquet").read_text() == "mine"


# --------------------------------------------------------------------------- show


def test_status_tells_what_is_done_and_writes_its_tables(folder: Path, tmp_path: Path) -> None:
    (folder / "c.docx").write_bytes(b"PK\x03\x04 no archive")
    run("tag", folder, "--out", tmp_path / "out")
    result = run("status", tmp_path / "out", "--out", tmp_path / "so far", "--format", "csv")
    assert result.exit_code == 0, result.output
    assert result.stdout == "2 0 1\n"
    assert "no run is going on" in result.stderr and "3 files done" in result.stderr and "c.docx" in result.stderr
    assert "39" in (tmp_path / "so far" / "facts.csv").read_text(encoding="utf-8")
    result = run("status", folder)
    assert result.exit_code == 2 and "→" in result.stderr
    result = run("status", tmp_path / "out", "--out", tmp_path / "out")
    assert result.exit_code == 2 and "another folder" in result.stderr


def test_show_in_the_terminal(folder: Path) -> None:
    result = run("show", folder / "a.txt")
    assert result.exit_code == 0, result.output
    assert "39条" in result.stdout and "汐口区民政局" in result.stdout


def test_show_json_is_the_report(folder: Path) -> None:
    result = run("show", folder / "a.txt", "--json")
    data = json.loads(result.stdout)
    assert gia_nlp.Report.from_dict(data) == gia_nlp.tag(folder / "a.txt")


def test_show_text_is_what_was_read(folder: Path) -> None:
    assert run("show", folder / "a.txt", "--text").stdout == REPORT


def test_show_html_marks_the_facts(folder: Path, tmp_path: Path) -> None:
    result = run("show", folder / "a.txt", "--html", tmp_path / "page.html")
    assert result.exit_code == 0 and result.stdout == "" and "page.html" in result.stderr
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    report = gia_nlp.tag(folder / "a.txt")
    assert len(report.facts) > 0
    assert all(f'id="f{n}"' in page for n in range(1, len(report.facts) + 1))


def test_show_errors(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.docx").write_bytes(b"PK\x03\x04 no archive")
    bad = run("show", tmp_path / "bad.docx")
    assert bad.exit_code == 1 and "bad.docx" in bad.stderr and bad.stdout == ""
    assert run("show", tmp_path / "absent.txt").exit_code == 2
    assert run("show", folder).exit_code == 2
    assert run("show", folder / "a.txt", "--json", "--text").exit_code == 2
    assert run("show", folder / "a.txt", "--html", tmp_path / "no" / "page.html").exit_code == 1


# --------------------------------------------------------------------------- the command itself


def test_version_and_help() -> None:
    assert run("--version").stdout == f"gia-nlp {gia_nlp.__version__}\n"
    for command in ("tag", "show"):
        text = run(command, "--help").stdout
        assert f"gia-nlp {command} " in text and "Exit code" in text
    assert run().exit_code == 2


def test_in_a_process_of_its_own(folder: Path, tmp_path: Path) -> None:
    (folder / "bad.docx").write_bytes(b"PK\x03\x04 no archive")
    command = [
        sys.executable,
        "-m",
        "gia_nlp.cli.main",
        "tag",
        str(folder),
        "--out",
        str(tmp_path / "out"),
        "--workers",
        "2",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)
    assert done.returncode == 3, done.stderr
    assert done.stdout == "" and "bad.docx" in done.stderr and "\x1b" not in done.stderr
    assert list(gia_nlp.read_frames(tmp_path / "out")["reports"]["report_id"]) == ["年报/a.txt", "年报/b.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_keeps_what_is_done(folder: Path, tmp_path: Path, number: signal.Signals) -> None:
    for n in range(3000):
        (folder / f"{n}.txt").write_text(REPORT, encoding="utf-8")
    out = tmp_path / "out"
    command = [sys.executable, "-m", "gia_nlp.cli.main", "tag", str(folder), "--out", str(out), "--workers", "2"]
    process = subprocess.Popen(  # a shell's background job ignores Ctrl-C, and so would what is started from it
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    while len(list(out.glob(".gia-nlp/parts/*.zip"))) < 2:
        assert process.poll() is None
        time.sleep(0.05)
    workers = descendants(process.pid)
    process.send_signal(number)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == {signal.SIGINT: 130, signal.SIGTERM: 143}[number]
    assert b"Traceback" not in stderr
    done = {e.report_id for p in out.glob(".gia-nlp/parts/*.zip") for e in read_manifest(p).entries}
    assert 1 < len(done) < 3002
    if number == signal.SIGINT:  # there were no tables yet, so what is done is written
        assert b"the same command goes on from there" in stderr
        assert set(gia_nlp.read_frames(out)["reports"]["report_id"]) == done
    else:
        assert [p.name for p in out.iterdir()] == [".gia-nlp"]
    until = time.monotonic() + 10
    while any(map(resident_memory, workers)) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(map(resident_memory, workers))


def test_help_is_quick() -> None:
    before = os.times()
    subprocess.run([sys.executable, "-m", "gia_nlp.cli.main", "--help"], check=True, capture_output=True)
    after = os.times()
    spent = (after.children_user - before.children_user) + (after.children_system - before.children_system)
    assert spent < 0.5, f"{spent:.2f} s of CPU"


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, gia_nlp.cli.main\n"
        "heavy = {'pandas', 'pyarrow', 'spacy', 'duckdb', 'numpy', 'lxml', 'jinja2', 'yaml'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
