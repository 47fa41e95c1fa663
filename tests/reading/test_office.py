"""Old Word files through the real LibreOffice; the stand-ins for it are in the tests of the registry."""

import io
import shutil
import subprocess

import pytest

from gia_nlp.reading import office, read_bytes
from gia_nlp.synthesis import make_report


@pytest.fixture(scope="module")
def convert(tmp_path_factory):
    """A Word file saved by LibreOffice in an old format."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    docx = pytest.importorskip("docx")
    folder = tmp_path_factory.mktemp("office")

    def run(data, suffix):
        source = folder / f"made-{suffix}.docx"
        made = docx.Document(io.BytesIO(data))
        made.add_paragraph()  # as Word does: LibreOffice gives up a table at the very end of a .doc
        made.save(source)
        command = [program, "--headless", "--norestore", f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                   "--convert-to", suffix, "--outdir", str(folder), str(source)]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=180, stdin=subprocess.DEVNULL)
        return source.with_suffix(f".{suffix}").read_bytes()

    return run


@pytest.mark.slow
@pytest.mark.parametrize(
    ("suffix", "name", "kind"), [("doc", "年报.doc", "doc"), ("doc", "年报.wps", "wps"), ("rtf", "年报.doc", "rtf")]
)
@pytest.mark.parametrize("form", ["2021", "statistics"])
def test_an_old_file_says_what_the_new_one_says(convert, suffix, name, kind, form):
    made = make_report(3, 1, "docx", form).data
    new = read_bytes(made, "a.docx")
    old = read_bytes(convert(made, suffix), name)
    assert (old.format, old.path) == (kind, name)
    assert old.text == new.text
    assert [[(c.row, c.column, c.row_span, c.column_span, c.text) for c in g.cells] for g in old.grids] == [
        [(c.row, c.column, c.row_span, c.column_span, c.text) for c in g.cells] for g in new.grids
    ]


@pytest.mark.slow
@pytest.mark.parametrize("damage", [lambda d: d[: len(d) // 3], lambda d: d[:512] + bytes(len(d) - 512)])
def test_a_damaged_old_file_is_read_or_refused(convert, damage):
    data = convert(make_report(3, 1, "docx", "2021").data, "doc")
    try:
        assert read_bytes(damage(data), "a.doc").text.strip()
    except office.ReadingError as error:
        assert error.hint


def test_slivers_between_columns_are_no_columns():
    docx = pytest.importorskip("docx")
    from docx.oxml.ns import qn

    made = docx.Document()
    table = made.add_table(2, 3)
    for cell, text in zip(table._cells, ["维持", "", "纠正", "1", "", "2"], strict=True):
        cell.text = text
    for element, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), ("900", "2", "900"), strict=True):
        element.set(qn("w:w"), width)

    def text_of():
        buffer = io.BytesIO()
        made.save(buffer)
        return read_bytes(buffer.getvalue(), "a.docx").text

    assert text_of() == "维持\t纠正\n1\t2\n"
    table.cell(1, 1).text = "9"  # a width that cannot be true
    assert text_of() == "维持\t\t纠正\n1\t9\t2\n"
