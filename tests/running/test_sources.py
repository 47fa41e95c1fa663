"""Files, folders, globs and archives as sources with ids that stay."""

import io
import os
import pickle
import zipfile

import pytest

from gia_nlp.running import source as one_source
from gia_nlp.running.sources import DuplicateIdError, SourceError, find_sources


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "reports"
    for name in ("2024/某局.txt", "2024/b.html", "2023/a.docx", ".hidden/x.txt", "2024/.x.txt", "~$a.docx", "style.css",
                 "p.JPG", "无后缀", "2023/报告.2023"):  # fmt: skip
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return root


def ids(*inputs):
    return [s.report_id for s in find_sources(inputs)]


def make_zip(members, *, gbk=False):
    """An archive. zipfile marks names beyond ASCII as UTF-8; archives of Chinese Windows hold plain GBK instead."""
    raw = {f"{i:0>{len(name.encode('gb18030'))}}": name for i, name in enumerate(members)}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, name in raw.items():
            archive.writestr(place if gbk else zipfile.ZipInfo(name), members[name], zipfile.ZIP_DEFLATED)
    data = buffer.getvalue()
    for place, name in raw.items() if gbk else ():
        data = data.replace(place.encode(), name.encode("gb18030"))
    return data


def test_folder_is_walked_sorted_without_litter_and_pictures(folder):
    assert ids(folder) == [
        "reports/2023/a.docx", "reports/2023/报告.2023", "reports/2024/b.html", "reports/2024/某局.txt",
        "reports/无后缀",
    ]  # fmt: skip


def test_a_named_file_is_always_taken(folder):
    assert ids(folder / "p.JPG", folder / "2024" / "某局.txt") == ["reports/p.JPG", "2024/某局.txt"]


def test_relative_folders_have_a_name(folder, monkeypatch):
    monkeypatch.chdir(folder / "2024")
    assert ids(".")[0] == "2024/b.html"
    assert ids("../2023")[0] == "2023/a.docx"
    assert ids("..")[0] == "reports/2023/a.docx"
    assert ids("某局.txt") == ["2024/某局.txt"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("**/*.txt", ["reports/2024/某局.txt"]),
        ("*/b.html", ["reports/2024/b.html"]),
        ("*.JPG", ["reports/p.JPG"]),
        (
            "202[34]/*",
            ["reports/2023/a.docx", "reports/2023/报告.2023", "reports/2024/b.html", "reports/2024/某局.txt"],
        ),
        ("*", ["reports/无后缀"]),
    ],
)
def test_globs(folder, pattern, expected):
    assert ids(f"{folder}/{pattern}") == expected


def test_a_name_with_brackets_is_a_file_first(tmp_path):
    path = tmp_path / "某局[2024].txt"
    path.write_text("无", encoding="utf-8")
    assert ids(path) == [f"{tmp_path.name}/某局[2024].txt"]


@pytest.mark.parametrize("given", ["missing.txt", "none/**/*.txt", ""])
def test_missing_inputs_are_errors(tmp_path, monkeypatch, given):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SourceError):
        ids(given)


def test_two_inputs_of_one_id_are_an_error(folder, tmp_path):
    other = tmp_path / "other" / "reports"
    (other / "2024").mkdir(parents=True)
    (other / "2024" / "b.html").write_text("x")
    with pytest.raises(DuplicateIdError, match=r"reports/2024/b\.html"):
        ids(folder, other)
    with pytest.raises(DuplicateIdError):
        ids(folder, folder)


def test_the_stream_is_lazy(folder):
    stream = find_sources([folder, "missing"])
    assert next(stream).report_id == "reports/2023/a.docx"
    with pytest.raises(SourceError):
        list(stream)


def test_a_loop_of_links_ends(folder):
    (folder / "2024" / "loop").symlink_to(folder)
    (folder / "self").symlink_to(folder / "self")
    assert len(ids(folder)) == 6  # the link to itself is one that fails
    (folder / "self").unlink()
    assert len(ids(folder)) == 5


@pytest.mark.parametrize("gbk", [False, True])
def test_archive_members_have_their_names(tmp_path, gbk):
    path = tmp_path / "a.zip"
    path.write_bytes(make_zip({"青垄县/民政局.txt": "一".encode(), "潼湖区局.html": b"<p>", "图.png": b"x"}, gbk=gbk))
    found = list(find_sources([path]))
    assert [s.report_id for s in found] == [
        f"{tmp_path.name}/a.zip!/{name}" for name in ("潼湖区局.html", "青垄县/民政局.txt")
    ]
    assert pickle.loads(pickle.dumps(found[1])).read_bytes() == "一".encode()
    assert (found[1].name, found[0].path) == ("民政局.txt", f"{path}!/潼湖区局.html")


def test_names_do_not_climb_out_of_the_archive(tmp_path):
    (tmp_path / "a.zip").write_bytes(make_zip({"../../etc/x.txt": b"1", "/abs/y.txt": b"2", "d\\z.txt": b"3"}))
    found = {s.report_id.split("!/")[1]: s.read_bytes() for s in find_sources([tmp_path])}
    assert found == {"etc/x.txt": b"1", "abs/y.txt": b"2", "d/z.txt": b"3"}


def test_an_archive_inside_an_archive(tmp_path):
    deepest = make_zip({"c.txt": b"no"})
    inner = make_zip({"b.txt": b"yes", "deepest.zip": deepest})
    (tmp_path / "a.zip").write_bytes(make_zip({"inner.zip": inner, "a.txt": b"a"}))
    found = {s.report_id.split("!/", 1)[1]: s for s in find_sources([tmp_path / "a.zip"])}
    assert sorted(found) == ["a.txt", "inner.zip!/b.txt", "inner.zip!/deepest.zip"]
    assert found["inner.zip!/b.txt"].read_bytes() == b"yes"
    with pytest.raises(SourceError, match="2 archives deep"):
        found["inner.zip!/deepest.zip"].read_bytes()


def test_a_word_file_named_zip_is_one_source(tmp_path):
    (tmp_path / "a.zip").write_bytes(make_zip({"word/document.xml": b"<w/>"}))
    assert ids(tmp_path / "a.zip") == [f"{tmp_path.name}/a.zip"]


def test_damaged_and_oversized_archives_fail_alone(tmp_path, monkeypatch):
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 broken")
    (tmp_path / "b.zip").write_bytes(make_zip({"bomb.txt": b"0" * 5000, "fine.txt": b"1"}))
    (tmp_path / "c.zip").write_bytes(make_zip({f"{i}.txt": b"" for i in range(9)}))
    (tmp_path / "d.txt").write_bytes(b"x")
    monkeypatch.setenv("GIA_NLP_LIMITS", "file=1000, members=5")
    outcome = {}
    for source in find_sources([tmp_path]):
        try:
            outcome[source.report_id.split("/", 1)[1]] = source.read_bytes()
        except SourceError as error:
            outcome[source.report_id.split("/", 1)[1]] = str(error).split(str(tmp_path))[0]
    assert outcome == {
        "a.zip": "Cannot unpack ", "b.zip!/bomb.txt": "", "b.zip!/fine.txt": b"1", "c.zip": "", "d.txt": b"x",
    }  # fmt: skip


def test_a_cut_member_is_a_source_error(tmp_path):
    data = bytearray(make_zip({"a.txt": os.urandom(3000)}))
    data[200:260] = bytes(60)
    (tmp_path / "a.zip").write_bytes(data)
    (source,) = find_sources([tmp_path])
    with pytest.raises(SourceError):
        source.read_bytes()
    with pytest.raises(SourceError):
        one_source.Source("x/y.txt", "gone", str(tmp_path / "gone")).read_bytes()
