from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gia_nlp.frames.convert import to_frames
from gia_nlp.frames.escape import EXCEL_CHARACTERS, cut_for_excel, escape_formula, excel_text, unescape_formula
from gia_nlp.frames.excel import write_workbook
from gia_nlp.frames.output import write_frames, write_reports
from gia_nlp.frames.schema import arrow_schema, tables
from gia_nlp.frames.store import Store, read_frames
from gia_nlp.records import Section

NASTY = [
    "=1+1",
    "+86",
    "-",
    "@name",
    "\tx",
    "\rx",
    "'=1",
    "''",
    '"quoted", with comma',
    "two\nlines",
    "#N/A",
    "_x0041_",
    "TRUE",
    "007",
]


@pytest.fixture
def reports(make_report, failed):
    text = make_report().text
    headings = tuple(Section("unknown", heading, 0, 1, 2) for heading in NASTY)
    return [make_report("a/1.txt"), failed, make_report("a/2.txt", sections=headings, text=text + "𠮷\u2028end")]


def test_parquet_round_trip(reports, tmp_path: Path) -> None:
    write_reports(reports, tmp_path)
    written, expected = read_frames(tmp_path), to_frames(reports)
    for name in tables():
        pd.testing.assert_frame_equal(written[name], expected[name])


def test_parquet_has_the_fixed_schema_also_without_rows(tmp_path: Path) -> None:
    write_reports([], tmp_path)
    for name, table in tables().items():
        schema = pq.read_schema(tmp_path / f"{name}.parquet")
        assert schema.equals(arrow_schema(table)), name


def test_parquet_as_a_directory_of_parts(reports, tmp_path: Path) -> None:
    write_reports(reports, tmp_path / "one")
    whole = read_frames(tmp_path / "one")
    for name in tables():
        source = pq.read_table(tmp_path / "one" / f"{name}.parquet")
        folder = tmp_path / "parts" / f"{name}.parquet"
        folder.mkdir(parents=True)
        half = source.num_rows // 2
        pq.write_table(source.slice(0, half), folder / "part-0.parquet")
        pq.write_table(source.slice(half), folder / "part-1.parquet")
    parts = read_frames(tmp_path / "parts")
    for name in tables():
        pd.testing.assert_frame_equal(parts[name], whole[name])


def test_row_groups_do_not_wait_for_the_end(make_report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gia_nlp.frames.store.FLUSH_REPORTS", 2)
    write_reports((make_report(f"a/{n}.txt") for n in range(5)), tmp_path)
    assert pq.ParquetFile(tmp_path / "facts.parquet").num_row_groups == 3
    assert list(read_frames(tmp_path)["panel"]["report_id"]) == [f"a/{n}.txt" for n in range(5)]


def test_csv_round_trip(reports, tmp_path: Path) -> None:
    write_reports(reports, tmp_path, format="csv")
    assert (tmp_path / "facts.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    expected = to_frames(reports)
    for name, table in tables().items():
        with (tmp_path / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        assert [from_csv(row, table) for row in rows] == [
            {c.name: value(row[c.name]) for c in table.columns} for row in expected[name].to_dict("records")
        ], name


def value(raw: Any) -> Any:
    if isinstance(raw, list):
        return raw
    return None if pd.isna(raw) else raw


def from_csv(row: dict[str, str], table: Any) -> dict[str, Any]:
    readers = {
        "string": unescape_formula,
        "integer": int,
        "number": float,
        "boolean": lambda s: {"true": True, "false": False}[s],
        "strings": json.loads,
        "numbers": json.loads,
    }
    return {c.name: readers[c.type](row[c.name]) if row[c.name] != "" else None for c in table.columns}


def test_csv_runs_no_formula_and_leaves_numbers_alone(reports, tmp_path: Path) -> None:
    write_reports(reports, tmp_path, format="csv")
    for name in tables():
        with (tmp_path / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                for column in tables()[name].columns:
                    if column.type == "string":
                        assert not row[column.name].startswith(("=", "+", "-", "@", "\t", "\r")), row[column.name]
    with (tmp_path / "checks.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.DictReader(file))["difference"] == "-1"


@given(st.text(alphabet="'=+-@\t\r\nab１＝文"))
def test_escaping_is_undone_exactly(text: str) -> None:
    assert unescape_formula(escape_formula(text)) == text
    assert not escape_formula(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_jsonl_round_trip(reports, tmp_path: Path) -> None:
    write_reports(reports, tmp_path, format="jsonl")
    expected = to_frames(reports)
    for name, table in tables().items():
        lines = (tmp_path / f"{name}.jsonl").read_bytes().decode("utf-8").split("\n")
        assert lines.pop() == ""
        rows = [json.loads(line) for line in lines]
        assert rows == [{c.name: value(r[c.name]) for c in table.columns} for r in expected[name].to_dict("records")]


def test_duckdb_round_trip(reports, tmp_path: Path) -> None:
    import duckdb

    write_reports(reports, tmp_path, format="duckdb")
    expected = to_frames(reports)
    with duckdb.connect(str(tmp_path / "tables.duckdb"), read_only=True) as database:
        for name, table in tables().items():
            cursor = database.execute(f"SELECT * FROM {name}")
            assert [d[0] for d in cursor.description] == table.names
            rows = [dict(zip(table.names, row, strict=True)) for row in cursor.fetchall()]
            assert rows == [
                {c.name: value(r[c.name]) for c in table.columns} for r in expected[name].to_dict("records")
            ]
        comment = database.execute(
            "SELECT comment FROM duckdb_columns() WHERE table_name = 'facts' AND column_name = 'indicator'"
        ).fetchone()
        assert comment == ("what is counted",)
        with pytest.raises(duckdb.Error):
            duckdb.connect(str(tmp_path / "tables.duckdb"), read_only=True).execute(
                "INSERT INTO texts VALUES ('a', 'b', 'c')"
            )


# --------------------------------------------------------------------------- Excel


def sheets(path: Path) -> dict[str, list[dict[str, Any]]]:
    import openpyxl

    book = openpyxl.load_workbook(path)
    result = {}
    for sheet in book:
        rows = list(sheet.iter_rows())
        assert all(cell.data_type != "f" for row in rows for cell in row)
        header = [cell.value for cell in rows[0]]
        result[sheet.title] = [dict(zip(header, (c.value for c in row), strict=True)) for row in rows[1:]]
    return result


def test_excel_round_trip(reports, tmp_path: Path) -> None:
    write_reports(reports, tmp_path, format="xlsx")
    found, expected = sheets(tmp_path / "tables.xlsx"), to_frames(reports)
    assert list(found) == list(tables())
    for name, table in tables().items():
        rows = [
            {
                c.name: json.dumps(v, ensure_ascii=False) if isinstance(v := value(r[c.name]), list) else v
                for c in table.columns
            }
            for r in expected[name].to_dict("records")
        ]
        for row in rows:
            row.update({k: v.replace("_x0041_", "_x005F_x0041_") for k, v in row.items() if isinstance(v, str)})
        assert [{k: unread(v) for k, v in r.items()} for r in found[name]] == [
            {k: unread(v) for k, v in r.items()} for r in rows
        ], name
    assert not (tmp_path / "long_texts.csv").exists()


def unread(found: Any) -> Any:
    return found.replace("\r", "\n") if isinstance(found, str) else found


def test_excel_splits_sheets(reports, tmp_path: Path) -> None:
    with Store(tmp_path / "store") as store:
        for report in reports:
            store.add(report)
    write_workbook(tmp_path / "store", tmp_path, sheet_rows=5)
    found = sheets(tmp_path / "tables.xlsx")
    assert [len(found[name]) for name in ("facts", "facts_2", "facts_3")] == [4, 4, 2]
    assert found["facts_3"][-1]["fact_id"] == "a/2.txt#f5"
    assert [len(found[name]) for name in ("texts", "errors")] == [2, 3]


def test_excel_cuts_long_texts_and_says_so(make_report, tmp_path: Path) -> None:
    text = make_report().text + "文" * 40_000
    write_reports([make_report("a/1.txt", text=text)], tmp_path, format="xlsx")
    found = sheets(tmp_path / "tables.xlsx")
    assert found["texts"][0]["text"] == text[:EXCEL_CHARACTERS]
    note = found["errors"][-1]
    assert (note["report_id"], note["error"]) == ("a/1.txt", "TextCut") and "long_texts.csv" in note["hint"]
    with (tmp_path / "long_texts.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["table"], row["column"], row["text"]) == ("texts", "text", text)
    write_reports([make_report("a/1.txt")], tmp_path, format="xlsx")
    assert not (tmp_path / "long_texts.csv").exists()


def test_excel_counts_utf_16_units() -> None:
    assert cut_for_excel("a" * EXCEL_CHARACTERS) is None
    assert cut_for_excel("a" * (EXCEL_CHARACTERS + 1)) == "a" * EXCEL_CHARACTERS
    cut = cut_for_excel("𠮷" * 20_000)
    assert cut == "𠮷" * (EXCEL_CHARACTERS // 2)


@given(st.text())
def test_excel_text_holds_what_xml_allows(text: str) -> None:
    from lxml import etree

    etree.Element("t").text = excel_text(text)


# --------------------------------------------------------------------------- frames


@pytest.mark.parametrize("format", ["parquet", "csv", "duckdb"])
def test_frames_can_be_written_again(reports, tmp_path: Path, format: str) -> None:
    frames = to_frames(reports)
    write_frames(frames, tmp_path / "again", format=format)
    write_reports(reports, tmp_path / "direct", format=format)
    if format == "parquet":
        again = read_frames(tmp_path / "again")
        for name in tables():
            pd.testing.assert_frame_equal(again[name], frames[name])
    elif format == "csv":
        for name in tables():
            assert (tmp_path / "again" / f"{name}.csv").read_bytes() == (
                tmp_path / "direct" / f"{name}.csv"
            ).read_bytes()
    else:
        assert (tmp_path / "again" / "tables.duckdb").is_file()


def test_frames_in_another_order_are_put_right(reports, tmp_path: Path) -> None:
    frames = to_frames(reports)
    shuffled = {name: frame.iloc[::-1] if name in ("facts", "cells") else frame for name, frame in frames.items()}
    write_frames(shuffled, tmp_path / "out")
    assert list(read_frames(tmp_path / "out")["facts"]["report_id"]) == list(frames["facts"]["report_id"])
    with pytest.raises(ValueError, match=r"a/2\.txt are out of order or have no report"):
        write_frames({**frames, "reports": frames["reports"].iloc[:1]}, tmp_path / "orphans")
    assert not list((tmp_path / "orphans").iterdir())


def test_read_frames_of_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="holds no tables"):
        read_frames(tmp_path)


def test_large_and_broken_numbers_in_text() -> None:
    from gia_nlp.frames.export import number_text

    assert [number_text(n) for n in (0.1, 1e16, -3.0, 450000.0, 75394432.52)] == [
        "0.1",
        "1e+16",
        "-3",
        "450000",
        "75394432.52",
    ]
    assert all(math.isclose(float(number_text(x)), x, rel_tol=0) for x in (1 / 3, 1e300, 2.0**60))
