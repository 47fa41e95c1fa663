"""Content decides before the name; whatever is wrong with a file comes out as one kind of error."""

import pickle
import shutil
import stat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gia_nlp.reading import Reader, ReadingError, office, read, read_bytes, readers, register
from gia_nlp.reading.registry import reader_for, unregister
from gia_nlp.records import Document

OLE = office.OLE


def ole(stream):
    return OLE + bytes(20) + b"\xfe\xff" + bytes(478) + stream.encode("utf-16-le") + bytes(100)


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"%PDF-1.4", "a.doc", "pdf"), (b"junk\n%PDF-1.4", "a", "pdf"), (b"<!DOCTYPE html><p>", "a.doc", "html"),
        (b"<?xml version='1.0'?>\n<html>", "a.txt", "html"), (b"\xef\xbb\xbf <HTML>", "a", "html"),
        ("<html>".encode("utf-16"), "a.txt", "html"), (b"<p>x</p>" * 6, "a.txt", "html"), (b"<p>x</p>", "a.html", "html"),
        (b"<td>x</td>" * 9, "a.md", "text"), (b"2 < 3", "a.txt", "text"), (ole("WordDocument"), "a.txt", "office"),
        (b"{\\rtf1", "a.doc", "office"), (b"PK\x03\x04", "a.docx", "docx"), (b"PK\x03\x04", "a.zip", "other"),
        (b"\x89PNG\r\n\x1a\n", "a.txt", "image"), (b"MIME-Version: 1.0\nContent-Type: text/html\n\n", "a.doc", "mht"),
        ("来源：某局\n一、".encode(), "a", "text"), ("一、总体情况".encode("utf-16"), "a.txt", "text"),
    ],
)  # fmt: skip
def test_who_reads(data, name, expected):
    assert reader_for(data, name).name == expected


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (ole("EncryptedPackage"), "a.docx", "encrypted"), (ole("Workbook"), "a.xls", ".xls"), (b"\xff\xd8\xff\xe0", "a.jpg", "JPEG"),
        (b"Rar!\x1a\x07", "a.rar", "RAR"), (b"PK\x03\x04..OFD.xml", "a.ofd", "OFD"), (b"", "a.txt", "empty"), (b"<html><body></body></html>", "a.html", "no text"),
    ],
)  # fmt: skip
def test_errors_say_what_the_file_is(data, name, words):
    with pytest.raises(ReadingError, match=words) as caught:
        read_bytes(data, name)
    assert caught.value.hint
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.message, again.hint) == (caught.value.message, caught.value.hint)


@pytest.mark.parametrize("data", [ole("WordDocument"), b"{\\rtf1 x}"])
def test_without_libreoffice_the_hint_names_it(data, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda program: None)
    with pytest.raises(ReadingError) as caught:
        read_bytes(data, "a.wps")
    assert "soffice" in caught.value.hint


@pytest.fixture
def fake_soffice(tmp_path, monkeypatch):
    """A program in LibreOffice's place that does what a shell script says."""

    def install(script):
        path = tmp_path / "bin" / "soffice"
        path.parent.mkdir()
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", str(path.parent), prepend=":")

    return install


def test_old_word_files_go_through_libreoffice(fake_soffice, tmp_path):
    docx = pytest.importorskip("docx")
    made = docx.Document()
    made.add_paragraph("一、总体情况")
    made.save(tmp_path / "made.docx")
    fake_soffice(
        f'while [ $# -gt 1 ]; do [ "$1" = --outdir ] && out="$2"; shift; done; cp {tmp_path}/made.docx "$out"/report.docx'
    )
    document = read_bytes(ole("WordDocument"), "某局.doc")
    assert (document.text, document.format) == ("一、总体情况\n", "doc")


def test_a_converter_that_gives_up_or_hangs(fake_soffice, monkeypatch):
    fake_soffice('case "$*" in *rtf) sleep 60;; esac')
    with pytest.raises(ReadingError, match="could not read"):
        read_bytes(ole("WordDocument"), "a.doc")
    monkeypatch.setattr(office, "TIMEOUT_SECONDS", 0.2)
    with pytest.raises(ReadingError, match="longer than"):
        read_bytes(b"{\\rtf1}", "a.rtf")


def test_a_reader_of_ones_own_comes_first_and_its_failures_are_reading_errors():
    def fail(data, name):
        raise KeyError("x")

    register(Reader("ofd", 1.0, lambda data, name: name.endswith(".ofd"), fail))
    try:
        assert readers()[0].name == "ofd"
        with pytest.raises(ReadingError, match="KeyError"):
            read_bytes(b"x", "a.ofd")
        register(Reader("ofd", 1.0, lambda data, name: name.endswith(".ofd"), lambda data, name: Document("文")))
        assert read_bytes(b"x", "a.ofd") == Document("文", path="a.ofd")
    finally:
        unregister("ofd")


def test_files_on_disk(tmp_path):
    path = tmp_path / "某局.txt"
    path.write_bytes("一、总体情况".encode("gb18030"))
    document = read(path)
    assert (document.text, document.path, len(document.sha256)) == ("一、总体情况", str(path), 64)
    with pytest.raises(ReadingError):
        read(tmp_path / "missing.txt")
    with pytest.raises(ReadingError):
        read(tmp_path)


markup = st.lists(
    st.sampled_from(
        ["<table>", "</table>", "<tr>", "<td rowspan=3>", "<td colspan=2>", "</td>", "</tr>", "<p>", "</p>", "<br>", "<div class=nav>",
         "<a href=x>", "</a>", "<ul><li>", "<!-- x", "-->", "&nbsp;", "规章", "12", "公开信息14条，办结。" * 4, "<o:p>", "<v:x>", "\x00", "<td>"]
    ),
    max_size=60,
)  # fmt: skip


@given(markup)
@settings(max_examples=150, deadline=None)
def test_any_markup_is_read_or_refused(pieces):
    try:
        document = read_bytes("".join(["<html>", *pieces]).encode(), "a.html")
    except ReadingError as error:
        assert not error.message.startswith("The html file is damaged")  # what a library raised
        return
    for grid in document.grids:
        places = [
            (r, c)
            for x in grid.cells
            for r in range(x.row, x.row + x.row_span)
            for c in range(x.column, x.column + x.column_span)
        ]
        assert len(places) == len(set(places))
        assert all(document.text[x.start : x.end] == x.text for x in grid.cells)


@given(st.binary(max_size=400), st.sampled_from([b"%PDF-1.4\n", b"PK\x03\x04", OLE, b"<html>", b"{\\rtf", b""]))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_read_or_refused(data, start):
    if start in (OLE, b"{\\rtf"):
        return
    try:
        assert read_bytes(start + data, "a").text.strip()
    except ReadingError as error:
        assert error.message
