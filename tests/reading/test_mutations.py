"""Damaged files: whatever bytes flip, are cut or doubled, a file is read or refused with a reason, in bounded memory."""

import os
import random
import resource
import tracemalloc
import zipfile

import pytest

from gia_nlp.reading import ReadingError, read, read_bytes
from gia_nlp.synthesis import make_report

KINDS = {"docx": 220, "html": 300, "pdf": 220}


def mutated(data, rng):
    """A few bytes flipped, a stretch cut out, doubled, zeroed or moved, or the end torn off."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 5, 30))):
        size = max(len(out), 1)
        at, length = rng.randrange(size), min(rng.choice((1, 4, 64, 2000)), size)
        way = rng.randrange(6)
        if way == 0:
            out[at : at + 1] = bytes([rng.randrange(256)])
        elif way == 1:
            del out[at : at + length]
        elif way == 2:
            out[at:at] = out[at : at + length]
        elif way == 3:
            out[at : at + length] = bytes(length)
        elif way == 4:
            del out[at:]
        else:
            to = rng.randrange(size)
            out[to : to + length] = out[at : at + length]
    return bytes(out)


def repacked(data, rng):
    """A Word file whose members are mutated inside a sound archive."""
    import io

    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, mutated(content, rng) if rng.random() < 0.6 else content)
    return buffer.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_mutations_are_read_or_refused(kind):
    pytest.importorskip("reportlab")
    pytest.importorskip("docx")
    rng = random.Random(f"mutations of {kind}")
    originals = [make_report(11, i, kind, form).data for i, form in enumerate(("2021", "2019", "statistics"))]
    refused = set()
    for round_number in range(KINDS[kind]):
        data = rng.choice(originals)
        data = repacked(data, rng) if kind == "docx" and round_number % 2 else mutated(data, rng)
        try:
            document = read_bytes(data, f"a.{kind}")
        except ReadingError as error:
            assert error.hint, error.message
            refused.add(error.message)
            continue
        assert document.text.strip()
        for grid in document.grids:
            assert all(document.text[c.start : c.end] == c.text for c in grid.cells)
    # What a library raised in its own words means that a case was not thought of.
    assert not [m for m in refused if m.startswith(f"The {kind} file is damaged: ")]


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_reading_again_and_again_keeps_no_memory(kind):
    data = make_report(11, 0, kind, "2021").data
    for _ in range(5):
        read_bytes(data, "a")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tracemalloc.start()
    try:
        first, _ = tracemalloc.get_traced_memory()
        for _ in range(40):
            read_bytes(data, "a")
        last, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert last - first < 500_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40_000  # KiB


LARGE = 50 << 20
SENTENCE = "2023年，青垄县水务局主动公开信息126条，收到申请3件，均在期限内答复。"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "start", "unit"),
    [
        ("a.txt", "一、总体情况\n", SENTENCE + "\n"),
        ("a.html", "<html><body>", f"<p>{SENTENCE}</p>"),
        ("nested.html", "<html><body>", "<div><table><tr><td>"),
        ("rows.html", "<table>", "<tr><td>规章<td>0<td>3<td>12"),
        ("zeros.pdf", "%PDF-1.4\n", "\x00"),
        ("a.rtf.txt", "", "\x01\x02"),
        ("noise.docx", "PK\x03\x04", "x"),
        ("noise.png", "\x89PNG\r\n\x1a\n", "x"),
    ],
)
def test_files_of_50_megabytes_are_read_or_refused(name, start, unit, tmp_path):
    """In a process of its own with a bound on its memory and its time."""
    import subprocess
    import sys

    path = tmp_path / name
    encoding = "latin-1" if name.endswith(("pdf", "png", "docx")) else "utf-8"
    piece = unit.encode(encoding)
    with path.open("wb") as file:
        file.write(start.encode(encoding))
        for _ in range(64):
            file.write(piece * (LARGE // 64 // len(piece)))
    program = (
        "import resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))\n"
        "from gia_nlp.reading import ReadingError, read\n"
        "try:\n    print('read', len(read(sys.argv[1]).text))\n"
        "except ReadingError as error:\n    print('refused', error.hint is not None)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr[-500:]
    assert done.stdout.startswith(("read", "refused"))


@pytest.mark.parametrize(
    ("name", "make", "words"),
    [
        ("x.pdf", lambda p: p.mkdir(), "directory|folder"),
        ("link.docx", lambda p: p.symlink_to("nowhere.docx"), "No such file"),
        ("loop.txt", lambda p: p.symlink_to(p.name), "symbolic links"),
        ("empty.zip", lambda p: zipfile.ZipFile(p, "w").close(), "empty zip"),
        ("empty.docx", lambda p: zipfile.ZipFile(p, "w").close(), "empty zip"),
        ("blank.txt", lambda p: p.write_bytes(b"\xef\xbb\xbf \r\n"), "empty or blank|no text"),
        ("closed.txt", lambda p: (p.write_bytes(b"x"), p.chmod(0)), "Permission denied"),
        ("nul\x7f.txt", lambda p: p.write_bytes(bytes(50)), "empty or blank"),
    ],
)
def test_paths_that_hold_no_report(tmp_path, name, make, words):
    path = tmp_path / name
    make(path)
    if name == "closed.txt" and os.access(path, os.R_OK):
        pytest.skip("this user may read every file")
    with pytest.raises(ReadingError, match=words) as caught:
        read(path)
    assert caught.value.hint


def test_a_path_with_a_zero_byte_is_refused():
    with pytest.raises(ReadingError):
        read("a\x00b.txt")


@pytest.mark.parametrize("wrong", [".txt", ".pdf", ".docx", ".html", ".zip", "", ".png", ".doc"])
@pytest.mark.parametrize("kind", ["docx", "html", "pdf", "pipes"])
def test_the_name_does_not_matter(kind, wrong):
    pytest.importorskip("reportlab")
    pytest.importorskip("docx")
    report = make_report(11, 3, kind, "2021")
    right = read_bytes(report.data, report.file)
    assert read_bytes(report.data, f"report{wrong}").text == right.text
