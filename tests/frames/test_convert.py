from __future__ import annotations

import hashlib

import pandas as pd
import pytest

from gia_nlp.frames.convert import DuplicateReportError, to_frames
from gia_nlp.frames.output import write_reports
from gia_nlp.frames.schema import pandas_dtype, tables
from gia_nlp.frames.store import SchemaError, arrow_rows
from gia_nlp.records import Cell, Metadata


def test_without_reports_every_table_is_there_with_its_types() -> None:
    frames = to_frames([])
    for name, table in tables().items():
        assert list(frames[name].columns) == table.names
        assert len(frames[name]) == 0
        assert [str(t) for t in frames[name].dtypes] == [pandas_dtype(c) for c in table.columns]


def test_types_with_rows(make_report) -> None:
    frames = to_frames([make_report()])
    for name, table in tables().items():
        assert [str(t) for t in frames[name].dtypes] == [pandas_dtype(c) for c in table.columns], name


def test_ids_count_in_text_order(make_report) -> None:
    frames = to_frames([make_report("a/x.txt"), make_report("a/y.txt")])
    facts = frames["facts"][frames["facts"]["report_id"] == "a/y.txt"]
    assert list(facts["fact_id"]) == [f"a/y.txt#f{n}" for n in range(1, 6)]
    assert list(facts["quote"]) == ["39条", "30条", "3场", "4件", "2次"]
    items = frames["items"][frames["items"]["report_id"] == "a/x.txt"].set_index("item_id")
    assert list(items["quote"]) == ["公开不及时，全年仅发布2次解读", "人手不足", "将增配1名人员"]
    assert items.loc["a/x.txt#i2", "remedies"] == ["a/x.txt#i3"]
    assert items.loc["a/x.txt#i3", "remedies"] == []


def test_evidence_stands_at_its_offsets(make_report) -> None:
    frames = to_frames([make_report()])
    text = frames["texts"]["text"][0]
    assert frames["texts"]["text_sha256"][0] == hashlib.sha256(text.encode()).hexdigest()
    for name, column in (("facts", "quote"), ("items", "quote"), ("cells", "raw")):
        rows = frames[name][frames[name]["start_char"].notna()]
        assert len(rows)
        assert all(text[r.start_char : r.end_char] == getattr(r, column) for r in rows.itertuples())


def test_change_is_flattened_and_missing_is_null(make_report) -> None:
    facts = to_frames([make_report()])["facts"].set_index("quote")
    assert (facts.loc["39条", "change_value"], facts.loc["39条", "change_direction"]) == (5.0, "up")
    assert pd.isna(facts.loc["30条", "change_value"]) and facts.loc["30条", "change_unit"] is pd.NA
    assert facts.loc["39条", "topic"] is pd.NA


def test_a_blank_cell_has_neither_words_nor_place(make_report) -> None:
    cells = to_frames([make_report()])["cells"]
    blank = cells[cells["kind"] == "empty"].iloc[0]
    assert blank["raw"] is pd.NA and blank["start_char"] is pd.NA and pd.isna(blank["value"])


def test_empty_strings_become_null(make_report) -> None:
    meta = Metadata(title="", issuer="", form="", is_report=True)
    frames = to_frames([make_report(meta=meta, sha256="", pipeline_version="")])
    for name, frame in frames.items():
        for column in frame.select_dtypes("string"):
            assert not (frame[column] == "").fillna(False).any(), f"{name}.{column}"


def test_a_failed_file_leaves_errors_only(make_report, failed) -> None:
    frames = to_frames([failed, make_report()])
    assert list(frames["reports"]["report_id"]) == ["年报/青垄.txt"]
    assert len(frames["panel"]) == len(frames["texts"]) == 1
    error = frames["errors"].iloc[0]
    assert (error["report_id"], error["stage"], error["hint"]) == ("年报/坏.pdf", "reading", "send it again")


def test_lone_surrogates_keep_offsets_and_names_stay_distinct(make_report) -> None:
    text = make_report().text.replace("青", "\udc80", 1)
    frames = to_frames([make_report("年报/\udc80.txt", text=text), make_report("年报/\udc81.txt", text=text)])
    assert frames["reports"]["report_id"].is_unique
    assert len(frames["texts"]["text"][0]) == len(text) == frames["reports"]["characters"][0]
    assert frames["texts"]["text"][0][0] == "\ufffd"


def test_numbers_that_are_none_become_null(make_report) -> None:
    cell = Cell("2021", "requests", "received", "total", float("inf"), None, "number", "9")
    assert pd.isna(to_frames([make_report(cells=(cell,))])["cells"]["value"][0])


def test_two_reports_of_one_id_are_refused(make_report, tmp_path) -> None:
    twins = [make_report("a.txt", path="2023/a.txt"), make_report("a.txt", path="2024/a.txt")]
    for use in (to_frames, lambda reports: write_reports(reports, tmp_path)):
        with pytest.raises(DuplicateReportError, match=r"2023/a\.txt and 2024/a\.txt"):
            use(twins)
    assert not list(tmp_path.iterdir())


def test_rows_that_break_the_schema_are_refused() -> None:
    row = dict.fromkeys(tables()["errors"].names)
    with pytest.raises(SchemaError, match="stage is never null"):
        arrow_rows("errors", [row])
    with pytest.raises(SchemaError, match="errors"):
        arrow_rows("errors", [{**row, "stage": 3, "error": "E", "message": "m"}])
