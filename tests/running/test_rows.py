"""Texts in tables and files behind URLs as sources."""

from __future__ import annotations

import functools
import http.server
import json
import pickle
import threading
import zipfile
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gia_nlp.frames.store import read_frames
from gia_nlp.reading.limits import limited
from gia_nlp.running.job import tag_to_tables
from gia_nlp.running.rows import sources_of_frame
from gia_nlp.running.source import SourceError
from gia_nlp.running.sources import find_sources
from gia_nlp.running.worker import tag_chunk, tag_frame

TEXT = "溪岭市水务局{n}年政府信息公开工作年度报告\n一、总体情况\n全年收到申请{m}件。\n"


def texts(count: int) -> list[str]:
    return [TEXT.format(n=2010 + n % 10, m=n + 1) for n in range(count)]


def write(path: Path, rows: list[dict], **options) -> Path:
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), path, **options)
    else:
        lines = [json.dumps(r, ensure_ascii=False) for r in rows]
        path.write_text("\n\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("suffix", [".parquet", ".jsonl", ".ndjson"])
@pytest.mark.parametrize("column", ["text", "content"])
def test_rows_of_a_table_are_sources(tmp_path: Path, suffix: str, column: str) -> None:
    rows = [{"report_id": f"x/{n}.html", column: text, "other": n} for n, text in enumerate(texts(300))]
    path = write(tmp_path / f"texts{suffix}", rows, **({"row_group_size": 70} if suffix == ".parquet" else {}))
    found = list(find_sources([path]))
    assert [s.report_id for s in found] == [r["report_id"] for r in rows]
    order = [*range(300), 299, 5, 71, 70, 4]  # back and forth over row groups
    for n in order:
        assert pickle.loads(pickle.dumps(found[n])).read_bytes().decode() == rows[n][column]
    assert len({s.stamp for s in found}) == 300 and found[0].size == len(rows[0][column].encode())


def test_bytes_of_files_in_a_table(tmp_path: Path) -> None:
    page = "<html><body><p>全年收到申请7件。</p></body></html>".encode()
    rows = [
        {"id": "a", "bytes": page, "path": "a.html"},
        {"id": "b", "bytes": "全年收到申请8件。".encode("gb18030"), "path": "b.txt"},
    ]
    path = write(tmp_path / "files.parquet", rows)
    found = list(find_sources([path]))
    assert [s.report_id for s in found] == [f"{tmp_path.name}/files.parquet#{i}" for i in "ab"]
    tables = tag_chunk(found)
    assert tables["facts"]["value"].to_pylist() == [7.0, 8.0]
    assert tables["reports"]["format"].to_pylist()[0] == "html"
    assert tables["reports"]["path"].to_pylist() == ["a.html", "b.txt"]


def test_a_text_is_a_text_whatever_it_was_made_from(tmp_path: Path) -> None:
    text = "一、总体情况\n全年收到申请7件，<b>已答复。\n"
    path = write(tmp_path / "t.jsonl", [{"report_id": "a/b.pdf", "text": text}, {"report_id": "c.html", "text": text}])
    assert tag_chunk(list(find_sources([path])))["texts"]["text"].to_pylist() == [text, text]


def test_rows_without_ids_are_numbered_and_empty_ones_fail_alone(tmp_path: Path) -> None:
    path = write(tmp_path / "t.parquet", [{"text": texts(1)[0]}, {"text": None}, {"text": texts(3)[2]}])
    tag_to_tables(find_sources([path]), tmp_path / "out", workers=0)
    frames = read_frames(tmp_path / "out")
    assert [i.split("#")[1] for i in frames["reports"]["report_id"]] == ["0", "2"]
    assert [i.split("#")[1] for i in frames["errors"]["report_id"]] == ["1"]
    assert "no content" in frames["errors"]["message"][0]


def test_our_own_texts_can_be_tagged_again(make_corpus, tmp_path: Path) -> None:
    folder = make_corpus(5)
    tag_to_tables(find_sources([folder]), tmp_path / "one", workers=0)
    tag_to_tables(find_sources([tmp_path / "one" / "texts.parquet"]), tmp_path / "two", workers=0)
    one, two = read_frames(tmp_path / "one"), read_frames(tmp_path / "two")
    for name in ("texts", "facts", "items", "cells", "sections"):
        pd.testing.assert_frame_equal(one[name], two[name])
    # A table as a directory of parts is the same table.
    parts = tmp_path / "parts" / "texts.parquet"
    parts.mkdir(parents=True)
    whole = pq.read_table(tmp_path / "one" / "texts.parquet")
    pq.write_table(whole.slice(0, 3), parts / "0.parquet")
    pq.write_table(whole.slice(3), parts / "1.parquet")
    assert [s.report_id for s in find_sources([parts])] == one["texts"]["report_id"].tolist()


def test_of_a_changed_table_only_changed_rows_are_read(tmp_path: Path) -> None:
    rows = [{"report_id": str(n), "text": text} for n, text in enumerate(texts(20))]
    path = write(tmp_path / "t.jsonl", rows)
    tag_to_tables(find_sources([path]), tmp_path / "out", workers=0)
    rows[3]["text"] = TEXT.format(n=2001, m=77)
    write(path, [*rows[1:], {"report_id": "new", "text": rows[0]["text"]}])
    outcome = tag_to_tables(find_sources([path]), tmp_path / "out", workers=0)
    assert (outcome.todo.changed, outcome.todo.new, outcome.todo.removed, outcome.done) == (1, 1, 1, 2)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.parquet", b"PAR1 no", "a.parquet"),
        ("a.parquet", b"", "a.parquet"),
        ("a.jsonl", b'{"text": "x"}\n{half\n{"text": "y"}', "line 2"),
        ("a.jsonl", b'{"text": "x"}\n{"text": ' + b"[" * 100_000 + b'\n{"text": "y"}', "line 2: nested too deep"),
        ("a.jsonl", b"[1, 2]\n", "no object"),
        ("a.jsonl", b'{"title": "x"}\n', "no column of texts"),
        ("a.jsonl", b'{"report_id": "1", "text": 5}\n', "neither text nor bytes"),
        ("a.jsonl", b'\xff\xfe{"text": "x"}\n', "line 1"),
    ],
)
def test_tables_of_no_use_and_bad_rows_fail_alone(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    """One row of a table, or what stands behind the damage: all else is read, from the table and other inputs."""
    (tmp_path / name).write_bytes(content)
    (tmp_path / "other.txt").write_text(texts(1)[0], encoding="utf-8")
    good, bad = [], []
    for source in find_sources([tmp_path / name, tmp_path / "other.txt"]):
        source = pickle.loads(pickle.dumps(source))
        try:
            good.append(source.read_bytes())
        except SourceError as error:
            assert error.hint
            bad.append(str(error))
    assert len(bad) == 1 and said in bad[0]
    assert good == [line for line in (b"x", b"y") if b'"text": "' + line in content and said != "line 1"] + [
        texts(1)[0].encode()
    ]


def test_tag_frame_is_the_library(tmp_path: Path) -> None:
    frame = pd.DataFrame({"report_id": ["a", "b", "c"], "text": [*texts(2), None]})
    frames = tag_frame(frame)
    assert set(frames) == {"reports", "facts", "items", "cells", "checks", "sections", "texts", "errors"}
    assert frames["facts"]["value"].tolist() == [1.0, 2.0]
    assert frames["errors"]["report_id"].tolist() == ["c"]
    assert str(frames["reports"]["year"].dtype) == "Int64"
    empty = tag_frame(frame.iloc[:0])
    assert {n: list(f.columns) for n, f in empty.items()} == {n: list(f.columns) for n, f in frames.items()}
    with pytest.raises(SourceError, match="no column of texts"):
        sources_of_frame(pd.DataFrame({"report_id": ["a"]}))


# --------------------------------------------------------------------------- URLs


@pytest.fixture
def bucket():
    """A store behind URLs, in memory."""
    fsspec = pytest.importorskip("fsspec")
    system = fsspec.filesystem("memory")
    system.store.clear()
    with system.open("/reports/2024/a.txt", "wb") as file:
        file.write(TEXT.format(n=2024, m=5).encode())
    with system.open("/reports/2023/b.html", "wb") as file:
        file.write("<p>全年收到申请6件。</p>".encode())
    with system.open("/reports/2023/.hidden.txt", "wb") as file:
        file.write(b"x")
    with system.open("/reports/p.jpg", "wb") as file:
        file.write(b"x")
    with system.open("/reports/old.zip", "wb") as file, zipfile.ZipFile(file, "w") as archive:
        archive.writestr("c.txt", TEXT.format(n=2022, m=7))
    with system.open("/rows/t.jsonl", "wb") as file:
        file.write(
            b"".join(json.dumps({"report_id": f"r{n}", "text": t}).encode() + b"\n" for n, t in enumerate(texts(3)))
        )
    yield system
    system.store.clear()


@pytest.mark.parametrize(
    ("url", "ids"),
    [
        ("memory://reports", ["reports/2023/b.html", "reports/2024/a.txt", "reports/old.zip!/c.txt"]),
        ("memory://reports/2024/", ["2024/a.txt"]),
        ("memory://reports/2024/a.txt", ["2024/a.txt"]),
        ("memory://reports/*/*.txt", ["reports/2024/a.txt"]),
        ("memory://reports/old.zip", ["reports/old.zip!/c.txt"]),
        ("memory://rows/t.jsonl", ["r0", "r1", "r2"]),
    ],
)
def test_urls_are_listed_like_folders(bucket, url: str, ids: list[str]) -> None:
    found = list(find_sources([url]))
    assert [s.report_id for s in found] == ids
    assert len(tag_chunk(found)["facts"]) == len(ids)


def test_a_url_that_changes_is_read_again(bucket, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert tag_to_tables(find_sources(["memory://reports"]), out, workers=0).done == 3
    assert tag_to_tables(find_sources(["memory://reports"]), out, workers=0).done == 0
    with bucket.open("/reports/2024/a.txt", "wb") as file:
        file.write(TEXT.format(n=2024, m=9).encode())
    assert tag_to_tables(find_sources(["memory://reports"]), out, workers=0).done == 1


def test_urls_of_local_files_and_of_the_web(make_corpus, tmp_path: Path) -> None:
    pytest.importorskip("fsspec")
    folder = make_corpus(3)
    assert [s.report_id for s in find_sources([f"file://{folder}"])] == [s.report_id for s in find_sources([folder])]
    assert len(tag_chunk(list(find_sources([f"file://{folder}"])))["reports"]) == 3


@pytest.mark.parametrize("url", ["memory://nothing", "nosuch://bucket/a", "file:///no/such/file.txt"])
def test_urls_that_lead_nowhere(bucket, url: str) -> None:
    with pytest.raises(SourceError) as caught:
        list(find_sources([url]))
    assert url in str(caught.value)


@pytest.fixture
def server(tmp_path: Path):
    """A web server on this machine that knows no ranges, as many of local governments do not."""
    pytest.importorskip("aiohttp")
    folder = tmp_path / "web"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT.format(n=2024, m=5), encoding="utf-8")
    with zipfile.ZipFile(folder / "old.zip", "w") as archive:
        archive.writestr("b.txt", TEXT.format(n=2022, m=7))
        archive.writestr("2023/c.txt", TEXT.format(n=2023, m=8))
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        running.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def test_files_and_archives_of_the_web(server: str, tmp_path: Path) -> None:
    sources = list(find_sources([f"{server}/a.txt", f"{server}/old.zip"]))
    ids = [source.report_id.rpartition("/")[2] for source in sources]
    assert ids == ["a.txt", "c.txt", "b.txt"]
    outcome = tag_to_tables(iter(sources), tmp_path / "out", workers=1)
    assert (outcome.reports, outcome.failed) == (3, 0)
    with pytest.raises(SourceError, match=r"No such file or folder: .*nothing\.txt"):
        list(find_sources([f"{server}/nothing.txt"]))


def test_an_archive_of_the_web_that_does_not_end_is_no_archive(server: str) -> None:
    with limited(archive=100):
        (source,) = find_sources([f"{server}/old.zip"])
        with pytest.raises(SourceError, match="larger than 100 bytes"):
            source.read_bytes()
