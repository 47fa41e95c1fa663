"""Checks between years over written tables: three agencies, several years, several names and forms."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from gia_nlp.frames.convert import to_frames
from gia_nlp.frames.finishing import finish
from gia_nlp.frames.output import write_reports
from gia_nlp.frames.store import read_frames
from gia_nlp.records import Cell, Check, Metadata, Report

TOPICS = ["公开", "解读", "回应", "申请", "平台", "培训", "考核", "审查", "目录", "专栏", "网站", "微信"]


def prose(year: int, *, but: int = 0) -> str:
    """Twelve sentences; the first ``but`` of them belong to this year alone (the year itself, a number, does not count)."""
    letters = "甲乙丙丁戊己庚辛壬癸"
    mark = "".join(letters[int(digit)] for digit in str(year))
    own = [f"{year}年{mark}专项行动中{topic}工作取得了新的进展。" for topic in TOPICS[:but]]
    return "".join(own + [f"{year}年本单位{topic}工作按照年初安排有序推进。" for topic in TOPICS[but:]])


def cell(key: str, value: float | None, form: str = "2021") -> Cell:
    table, _, rest = key.partition(".")
    row, _, column = rest.rpartition(".")
    kind = "empty" if value is None else "number" if value else "zero"
    return Cell(form, table, row, column, value, None, kind, "")


def report(issuer: str | None, year: int | None, text: str | None = None, **more: Any) -> Report:
    """A report named after its issuer and year, with ``cells`` by key."""
    form = more.pop("form", "2021")
    cells = tuple(cell(key, value, form) for key, value in more.pop("cells", {}).items())
    meta = Metadata(
        issuer=issuer, region=more.pop("region", None), year=year, form=form, is_report=more.pop("is_report", True)
    )
    name = more.pop("name", f"{issuer}-{year}")
    text = prose(year or 0, but=12) if text is None else text
    return Report(f"年报/{name}.txt", text, name, "text", "ab" * 32, meta, cells=cells, **more)


def stock(in_force: float, issued: float = 0.0, repealed: float = 0.0) -> dict[str, float | None]:
    row = "proactive.normative_documents"
    return {f"{row}.issued": issued, f"{row}.repealed": repealed, f"{row}.in_force": in_force}


def carry(carried_in: float | None, carried_out: float | None) -> dict[str, float | None]:
    return {"requests.carried_in.total": carried_in, "requests.carried_out.total": carried_out}


def corpus() -> list[Report]:
    """A county's education bureau through a reorganisation, a district's and a city's, in no order."""
    cumulative = "statistics.published.cumulative"
    return [
        report("汐口区信访局", 2022, cells=carry(0, 2)),
        report("青垄县教育体育局", 2022, cells=carry(1, 0) | stock(6, 2, 1)),
        report("平州市青垄县教育局", 2018, form="statistics", cells={"statistics.published.year": 20, cumulative: 120}),
        report("青垄县教育局", 2017, form="statistics", cells={"statistics.published.year": 30, cumulative: 100}),
        report("区信访局", 2022, cells=carry(9, 9)),
        report("青垄县教育体育局", 2021, cells=carry(None, 1) | stock(4)),
        report("区信访局", 2023, cells=carry(1, 1), region="汐口区"),
        report("青垄县教育局", 2019, form="2019", cells=carry(0, 3)),
        report("溪岭市民政局", 2024, cells=carry(3, 0) | {"requests.received.total": 900.0}),
        report("溪岭市民政局", 2022, cells=carry(3, 4)),
        report("青垄县教育体育局", 2023, cells=carry(0, 0) | stock(7, 2, 1)),
        report("区信访局", 2021, cells=carry(0, 5)),
    ]


EXPECTED = {
    ("青垄县教育体育局-2022", "青垄县教育体育局-2021", "carry_over", 1.0, 1.0, "holds"),
    ("青垄县教育体育局-2022", "青垄县教育体育局-2021", "stock", 6.0, 5.0, "fails"),
    ("平州市青垄县教育局-2018", "青垄县教育局-2017", "cumulative", 120.0, 120.0, "holds"),
    ("区信访局-2023", "汐口区信访局-2022", "carry_over", 1.0, 2.0, "fails"),
    ("青垄县教育局-2019", "平州市青垄县教育局-2018", "carry_over", None, None, "not_assessable"),
    ("青垄县教育体育局-2023", "青垄县教育体育局-2022", "carry_over", 0.0, 0.0, "holds"),
    ("青垄县教育体育局-2023", "青垄县教育体育局-2022", "stock", 7.0, 7.0, "holds"),
}


def between_years(frames: dict[str, pd.DataFrame]) -> list[tuple[Any, ...]]:
    checks = frames["checks"].astype(object).where(frames["checks"].notna(), None)
    checks = checks[checks["rule"].str.startswith("years.")]
    columns = ["report_id", "other_report_id", "rule", "left_value", "right_value", "status"]
    return [
        (short(one), short(other), rule.removeprefix("years."), *values)
        for one, other, rule, *values in checks[columns].itertuples(index=False, name=None)
    ]


def short(report_id: str) -> str:
    return report_id.removeprefix("年报/").removesuffix(".txt")


@pytest.fixture
def tables(tmp_path: Path) -> Callable[..., dict[str, pd.DataFrame]]:
    """Writes reports and reads their tables; what :func:`to_frames` makes of them is the same."""

    def write(reports: Iterable[Report]) -> dict[str, pd.DataFrame]:
        reports = list(reports)
        write_reports(reports, tmp_path)
        written, made = read_frames(tmp_path), to_frames(reports)
        for name in written:
            pd.testing.assert_frame_equal(written[name], made[name])
        return written

    return write


def test_a_corpus(tables) -> None:
    frames = tables(corpus())
    found = between_years(frames)
    assert set(found) == EXPECTED and len(found) == len(EXPECTED)
    panel = frames["panel"].set_index(frames["panel"]["report_id"].map(short))["agency_id"]
    assert set(panel[panel.index.str.contains("青垄县教育")]) == {"青垄县:教育"}
    assert set(panel.index[panel.isna()]) == {"区信访局-2021", "区信访局-2022"}
    assert panel["区信访局-2023"] == panel["汐口区信访局-2022"] == "汐口区:信访"


def test_what_became_of_the_checks_is_counted(tmp_path: Path) -> None:
    years = write_reports(corpus(), tmp_path).years
    assert (years.checks, years.failed) == (len(EXPECTED), 2)


def test_finishing_again_changes_nothing(tmp_path: Path) -> None:
    write_reports(corpus(), tmp_path)
    first = read_frames(tmp_path)
    before = sorted(tmp_path.iterdir())
    assert finish(tmp_path).years.failed == 2
    assert sorted(tmp_path.iterdir()) == before
    for name, frame in read_frames(tmp_path).items():
        pd.testing.assert_frame_equal(frame, first[name])


def test_rows_follow_what_is_in_the_tables(tmp_path: Path) -> None:
    """A report that is gone takes the rows of others with it when finishing runs again."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    write_reports(corpus(), tmp_path)
    gone = "年报/青垄县教育体育局-2022.txt"
    for path in tmp_path.glob("*.parquet"):
        table = pq.read_table(path)
        pq.write_table(table.filter(pc.not_equal(table["report_id"], gone)), path)
    finish(tmp_path)
    frames = read_frames(tmp_path)
    assert set(between_years(frames)) == {row for row in EXPECTED if gone.split("/")[1][:-4] not in row[:2]}


def test_only_own_checks_count_in_the_panel(tables) -> None:
    own = Check("requests.row_total", "received.total", 1.0, 2.0, -1.0, "fails")
    reports = [
        report("汐口区信访局", 2021, cells=carry(0, 1), checks=(own,)),
        report("汐口区信访局", 2022, cells=carry(0, 0)),
    ]
    frames = tables(reports)
    assert between_years(frames)[0][-1] == "fails"
    assert list(frames["panel"]["checks_failed"]) == [1, 0]
    assert list(frames["checks"]["rule"]) == ["requests.row_total", "years.carry_over"]


def test_every_check_of_two_texts(tables) -> None:
    agency = "溪岭市民政局"
    reports = [
        report(agency, 2018, prose(2018, but=6)),
        report(agency, 2019, prose(2019)),
        report(agency, 2020, prose(2020)),
        report(agency, 2021, prose(2021, but=1) + prose(2021)),
        report(agency, 2023, prose(2023)),
        report("汐口区民政局", 2020, prose(2020)),
        report("区民政局", 2020, prose(2020)),
        report("区民政局", 2021, prose(2021)),
    ]
    found = [(short(r), short(o), v, s) for r, o, _, v, _, s in between_years(tables(reports))]
    assert found == [
        (f"{agency}-2020", f"{agency}-2019", 1.0, "fails"),
        (f"{agency}-2021", f"{agency}-2020", pytest.approx(12 / 13), "not_assessable"),
        (f"{agency}-2023", f"{agency}-2019", 1.0, "fails"),
    ]


def test_short_texts_tell_nothing(tables) -> None:
    text = "本年度未收到政府信息公开方面的申请。没有其他需要报告的事项。"
    assert between_years(tables([report("汐口区民政局", y, text) for y in (2021, 2022)])) == []


def test_two_reports_on_one_year(tables) -> None:
    reports = [
        report("汐口区民政局", 2021, cells=carry(0, 1), name="b"),
        report("汐口区民政局", 2021, cells=carry(0, 7), name="a"),
        report("汐口区民政局", 2021, prose(2021), name="c"),
        report("汐口区民政局", 2022, cells=carry(1, 0), name="d"),
    ]
    frames = tables(reports)
    assert between_years(frames) == [
        ("a", "b", "duplicate_report", 3.0, 1.0, "fails"),
        ("c", "b", "duplicate_report", 3.0, 1.0, "fails"),
        ("d", "b", "carry_over", 1.0, 1.0, "holds"),
    ]
    notes = list(frames["checks"]["note"])
    assert "all of the sentences" in notes[0] and "0% of the sentences" in notes[1] and "first of 3" in notes[2]


def test_what_is_no_report_or_has_no_year_is_left_out(tables) -> None:
    reports = [
        report("汐口区民政局", 2021, cells=carry(0, 1), is_report=False),
        report("汐口区民政局", 2022, cells=carry(5, 1)),
        report("汐口区民政局", None, cells=carry(5, 1), name="y"),
    ]
    frames = tables(reports)
    assert between_years(frames) == [] and frames["panel"]["agency_id"].notna().all()


def test_a_cell_that_stands_twice_is_ambiguous_unless_both_agree(tables) -> None:
    def twice(year: int, *values: float | None) -> Report:
        from dataclasses import replace

        key = "requests.carried_in.total"
        return replace(report("汐口区民政局", year), cells=tuple(cell(key, value) for value in values))

    before = report("汐口区民政局", 2021, cells=carry(0, 1))
    for values, status in (((1.0, 1.0), "holds"), ((1.0, None), "holds"), ((1.0, 2.0), "not_assessable")):
        assert between_years(tables([before, twice(2022, *values)]))[0][-1] == status


def test_names_with_marks_of_sql(tmp_path: Path) -> None:
    folder = tmp_path / "it's; a 'folder'"
    write_reports([report("汐口区民政局", y, cells=carry(0, 0), name=f"'{y}'; --") for y in (2021, 2022)], folder)
    assert between_years(read_frames(folder)) == [("'2022'; --", "'2021'; --", "carry_over", 0.0, 0.0, "holds")]


def test_what_does_not_fit_is_an_error_and_leaves_the_tables_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_reports(corpus(), tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.glob("*.parquet")}
    monkeypatch.setattr("gia_nlp.frames.years._MEMORY", "100KB")
    with pytest.raises(OSError, match="between years"):
        finish(tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.glob("*.parquet")} == before
    assert not list(tmp_path.glob(".*"))
