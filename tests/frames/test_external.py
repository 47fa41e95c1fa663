from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from gia_nlp.frames.external import ExternalTableError, cell_key, parse_number, read_external
from gia_nlp.frames.finishing import finish
from gia_nlp.frames.joining import Joined
from gia_nlp.frames.output import write_reports
from gia_nlp.frames.store import read_frames


@pytest.fixture
def joined(make_report, tmp_path: Path):
    """Joins a file's content with two reports; returns the tables and what became of the file."""

    def join(
        content: str | pd.DataFrame, name: str = "外部.csv", encoding: str = "utf-8"
    ) -> tuple[dict[str, pd.DataFrame], Joined]:
        path = tmp_path / name
        if isinstance(content, str):
            path.write_bytes(content.encode(encoding))
        else:
            content.to_parquet(path)
        first = make_report("年报/青垄.txt")
        other = make_report("年报/汐口.txt", meta=replace(first.meta, issuer="汐口区民政局"))
        result = write_reports([first, other], tmp_path / "out", external=read_external(path)).joined
        assert result is not None
        return read_frames(tmp_path / "out"), result

    return join


def external_checks(frames: dict[str, pd.DataFrame]) -> list[tuple[Any, ...]]:
    checks = frames["checks"]
    rows = checks[checks["rule"].str.startswith("external.")].astype(object)
    rows = rows.where(rows.notna(), None)
    return list(rows[["report_id", "rule", "left_value", "right_value", "status"]].itertuples(index=False, name=None))


LONG = """report_id,form_table,form_row,form_column,value
年报/青垄.txt,requests,received,total,4
年报/青垄.txt,proactive,regulations,issued,7
年报/青垄.txt,proactive,regulations,repealed,0
年报/青垄.txt,requests,refused.state_secret,total,1
年报/汐口.txt,requests,carried_in,total,
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_long_csv_by_report_id(joined, encoding: str) -> None:
    frames, result = joined(LONG, encoding=encoding)
    assert external_checks(frames) == [
        ("年报/青垄.txt", "external.proactive.regulations.issued", 0.0, 7.0, "fails"),
        ("年报/青垄.txt", "external.proactive.regulations.repealed", None, 0.0, "holds_if_blank_is_zero"),
        ("年报/青垄.txt", "external.requests.refused.state_secret.total", None, 1.0, "not_assessable"),
        ("年报/汐口.txt", "external.requests.carried_in.total", 0.0, None, "holds_if_blank_is_zero"),
    ]
    assert (result.matched, result.reports, result.agree, result.differ) == (5, 2, 1, 4)
    assert frames["checks"]["note"].dropna().str.contains("外部.csv, line 3").any()


def test_ours_is_never_overwritten(joined) -> None:
    panel = joined(LONG)[0]["panel"].set_index("report_id").loc["年报/青垄.txt"]
    assert (panel["cell_proactive_regulations_issued"], panel["external_proactive_regulations_issued"]) == (0.0, 7.0)
    assert pd.isna(panel["cell_requests_refused_state_secret_total"])
    assert panel["external_requests_refused_state_secret_total"] == 1.0


def test_own_checks_stay_and_external_ones_do_not_count_as_failed(joined) -> None:
    frames, _ = joined(LONG)
    assert (frames["checks"]["rule"] == "received_total").sum() == 2
    assert set(frames["panel"]["checks_failed"]) == {1}


def test_wide_csv_by_issuer_and_year(joined) -> None:
    frames, result = joined(
        "发布机关;年份;requests.received.total;cell_proactive_fees_amount;备注\n"
        "青垄县 水务局;2023年;5;15000;x\n"
        "汐口区民政局;2023;４;1.5;y\n"
        "汐口区民政局;2022;4;;z\n"
    )
    assert external_checks(frames) == [
        ("年报/青垄.txt", "external.requests.received.total", 4.0, 5.0, "fails"),
        ("年报/汐口.txt", "external.proactive.fees.amount", 15000.0, 1.5, "fails"),
    ]
    assert result.without_partner == ["汐口区民政局 2022"] and result.ignored_columns == ("备注",)
    errors = frames["errors"][frames["errors"]["stage"] == "finishing"]
    assert list(errors["error"]) == ["NoPartner", "UnknownColumns"]
    assert "line 4" in errors["message"].iloc[0] and "no such report" in errors["message"].iloc[0]


def test_parquet_long_with_cell_ids_and_units(joined) -> None:
    frames, result = joined(
        pd.DataFrame(
            {
                "report_id": ["青垄.txt", "青垄.txt", "青垄.txt"],
                "cell": ["proactive.fees.amount", "cell_requests_received_total", "requests.granted.business"],
                "value": [15000.0, 4.0, 2.0],
                "unit": ["元", None, None],
            }
        ),
        "wide.parquet",
    )
    assert result.agree == 2
    assert external_checks(frames) == [
        ("年报/青垄.txt", "external.requests.granted.business", None, 2.0, "not_assessable")
    ]
    assert frames["panel"]["external_requests_granted_business"].notna().sum() == 1


def test_parquet_wide(joined) -> None:
    frames, _ = joined(pd.DataFrame({"report_id": ["年报/汐口.txt"], "requests_received_total": [9]}), "w.parquet")
    assert external_checks(frames) == [("年报/汐口.txt", "external.requests.received.total", 4.0, 9.0, "fails")]


def test_rows_that_cannot_be_used_are_told(joined) -> None:
    frames, result = joined(
        "report_id,table,row,column,value\n"
        "年报/青垄.txt,requests,received,total,四件\n"
        "年报/青垄.txt,requests,nowhere,total,4\n"
        ",requests,received,total,4\n"
        "年报/青垄.txt,requests,received,total,4\n"
        "年报/青垄.txt,requests,received,total,5\n"
    )
    errors = frames["errors"][frames["errors"]["stage"] == "finishing"]
    assert list(errors["error"]) == ["ContradictoryValues", "UnusableRow", "UnusableRow", "UnusableRow"]
    assert [m.split("line ")[1][0] for m in errors["message"].iloc[1:]] == ["2", "3", "4"]
    assert external_checks(frames) == [] and result.agree == 1


def test_two_reports_of_one_issuer_and_year_are_no_partner(make_report, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("issuer,year,requests.received.total\n青垄县水务局,2023,9\n", encoding="utf-8")
    result = write_reports(
        [make_report("a/1.txt"), make_report("a/2.txt")], tmp_path / "out", external=read_external(path)
    ).joined
    assert result is not None and result.without_partner == ["青垄县水务局 2023"]
    errors = read_frames(tmp_path / "out")["errors"]
    assert "2 reports are by this issuer" in errors["message"].iloc[-1]


def test_finishing_again_replaces_what_it_added(joined, tmp_path: Path) -> None:
    first, _ = joined(LONG)
    finish(tmp_path / "out", read_external(tmp_path / "外部.csv"))
    second = read_frames(tmp_path / "out")
    for name in first:
        pd.testing.assert_frame_equal(first[name], second[name])
    finish(tmp_path / "out")
    third = read_frames(tmp_path / "out")
    assert external_checks(third) == [] and not [c for c in third["panel"] if c.startswith("external_")]


def test_finishing_refuses_tables_in_different_order(make_report, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    write_reports([make_report("a/1.txt"), make_report("a/2.txt")], tmp_path)
    facts = pq.read_table(tmp_path / "facts.parquet").to_pylist()
    schema = pq.read_schema(tmp_path / "facts.parquet")
    import pyarrow as pa

    pq.write_table(pa.Table.from_pylist(facts[::-1], schema=schema), tmp_path / "facts.parquet")
    before = (tmp_path / "panel.parquet").read_bytes()
    with pytest.raises(ValueError, match=r"facts: the rows of a/1\.txt are out of order"):
        finish(tmp_path)
    assert (tmp_path / "panel.parquet").read_bytes() == before


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a,b\n1,2\n", "which report"),
        ("issuer,value\n某局,2\n", "which report"),
        ("report_id,remarks\nx,2\n", "no column holds cells"),
        ("", "which report"),
    ],
)
def test_files_that_say_nothing(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(content)
    with pytest.raises(ExternalTableError, match=message) as caught:
        read_external(path)
    assert "report_id" in (caught.value.hint or "")


def test_files_of_other_kinds(tmp_path: Path) -> None:
    for name, content in (("x.xlsx", b"PK\x03\x04"), ("x.parquet", b"PAR1 damaged")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ExternalTableError):
            read_external(tmp_path / name)
    with pytest.raises(ExternalTableError, match="no such file"):
        read_external(tmp_path / "absent.csv")


@pytest.mark.parametrize(
    ("raw", "number"), [("1,234", 1234.0), ("１２", 12.0), ("", None), ("—", None), (float("nan"), None), ("0", 0.0)]
)
def test_numbers(raw: Any, number: float | None) -> None:
    assert parse_number(raw) == number


@pytest.mark.parametrize("raw", ["四", "1 或 2", "inf"])
def test_words_are_no_numbers(raw: str) -> None:
    with pytest.raises(ValueError):
        parse_number(raw)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("requests.refused.state_secret.total", "requests.refused.state_secret.total"),
        ("Cell_Requests_Other_Other_Total", "requests.other.other.total"),
        ("requests.other.total", "requests.other.total"),
        ("review_litigation.litigation_after_review.pending", "review_litigation.litigation_after_review.pending"),
        ("statistics_staff_cumulative", "statistics.staff.cumulative"),
        ("requests.received", None),
    ],
)
def test_names_of_cells(name: str, key: str | None) -> None:
    assert cell_key(name) == key
