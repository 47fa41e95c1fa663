"""The data beside the page: CSV files equal what the functions return and what the figures draw; JSON holds the same."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from gia_nlp import mining
from gia_nlp.frames.escape import unescape_formula
from gia_nlp.mining.corpus import Corpus
from gia_nlp.mining.report import Written, write_json, write_report
from gia_nlp.mining.report.results import CsvResults, JsonResults


@pytest.fixture(scope="session")
def both(read_panel: Corpus, tmp_path_factory: pytest.TempPathFactory) -> tuple[Written, dict[str, Any]]:
    stream = io.StringIO()
    done = write_report(read_panel, tmp_path_factory.mktemp("data") / "report.html", lang="en", json_to=stream)
    return done, json.loads(stream.getvalue())


def read(done: Written, name: str) -> list[dict[str, str]]:
    with (done.data / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_csv_holds_what_the_functions_return(both: tuple[Written, dict[str, Any]], read_panel: Corpus) -> None:
    done, _ = both
    for name, frame in (
        ("recurrence_year.csv", mining.recurrence(read_panel, by="year")),
        ("promises.csv", mining.promises(read_panel)),
        ("panel.csv", mining.panel(read_panel)),
        ("unanswered_problems.csv", mining.unanswered_problems(read_panel)),
        ("association.csv", mining.association(read_panel)),
    ):
        rows = read(done, name)
        assert list(rows[0]) == list(frame.columns)
        assert len(rows) == len(frame)
        for row, one in zip(rows, frame.to_dict("records"), strict=True):
            for column, value in one.items():
                assert _same(row[str(column)], value), (name, column, row[str(column)], value)


def _same(text: str, value: Any) -> bool:
    if hasattr(value, "__len__") and not isinstance(value, str):
        return json.loads(text) == list(value)
    if value is None or value is pd.NA or value != value:
        return text == ""
    if isinstance(value, bool):
        return text == str(value).lower()
    if isinstance(value, str):
        return unescape_formula(text) == value
    return float(text) == float(value)


def test_every_figure_has_its_data_and_draws_it(both: tuple[Written, dict[str, Any]]) -> None:
    done, _ = both
    text = done.page.read_text(encoding="utf-8")
    figures = re.findall(r'<figure id="f-(\w+)">.*?</figure>', text, re.DOTALL)
    assert len(figures) >= 14
    heat = re.search(r'<figure id="f-recurrence_year">.*?</figure>', text, re.DOTALL)
    assert heat is not None
    drawn = re.findall(r"<title>([a-z ]+) (\d{4}): \S+ \(95 % interval \S+\), (\d+) of (\d+)</title>", heat.group())
    rows = {
        (r["category"].replace("_", " "), r["year"]): (r["named"], r["reports"])
        for r in read(done, "recurrence_year.csv")
    }
    assert len(drawn) == len(rows)
    assert {(category, year): (k, n) for category, year, k, n in drawn} == rows
    columns = re.search(r'<figure id="f-overview_years">.*?</figure>', text, re.DOTALL)
    assert columns is not None
    bars = [int(n) for n in re.findall(r"<title>[^<]*: (\d+) reports</title>", columns.group())]
    assert sorted(bars) == sorted(int(r["reports"]) for r in read(done, "overview_years.csv"))


def test_a_number_leads_to_reports_that_say_it(both: tuple[Written, dict[str, Any]]) -> None:
    done, _ = both
    text = done.page.read_text(encoding="utf-8")
    named = {(r["report_id"], r["category"], r["year"], r["quote"]) for r in read(done, "problems_named.csv")}
    heat = re.search(r'<figure id="f-recurrence_year">.*?</figure>', text, re.DOTALL)
    assert heat is not None
    followed = 0
    for target, category, year, count in re.findall(
        r'<a href="#(e\d+)" aria-label="([a-z ]+) (\d{4}): [^"]*?, (\d+) of', heat.group()
    ):
        article = re.search(rf'<article class="evidence" id="{target}">.*?</article>', text, re.DOTALL)
        assert article is not None
        found = re.findall(r"<code>([^<]*)</code><q>([^<]*)</q>", article.group())
        assert found and len({r for r, _ in found}) == min(5, int(count))
        for report_id, quote in found:
            assert any(
                r == report_id and c == category.replace(" ", "_") and y == year and q[:100] == quote[:100]
                for r, c, y, q in named
            )
            followed += 1
    assert followed > 50


def test_json_holds_the_same_results(both: tuple[Written, dict[str, Any]], read_panel: Corpus) -> None:
    done, results = both
    assert {f"{name}.csv" for name, result in results.items() if "rows" in result} <= set(done.csv)
    assert {"recurrence", "promises", "copies", "quality", "association", "themes"} <= set(results)
    rates = mining.promise_rates(read_panel).iloc[0]
    first = results["promise_rates"]["rows"][0]
    assert first["kept"] == rates["kept"] and first["share"] == pytest.approx(rates["share"])
    assert first["item_ids"] == list(rates["item_ids"])
    assert "observed" in results["association"]["method"] or "causes" in results["association"]["method"]
    alone = io.StringIO()
    write_json(read_panel, alone, lang="en")
    assert json.loads(alone.getvalue()) == results


def test_csv_escapes_what_a_spreadsheet_would_run(tmp_path: Path) -> None:
    frame = pd.DataFrame({
        "quote": ["=HYPERLINK(1)", "一，\"二\"\n三", None, "-3", "'=1"],
        "ids": [["=1"], [], ["a", "b"], None, ["'"]],
        "value": [39.0, 0.5, None, -1.0, 1e7],
        "flag": pd.array([True, False, None, True, False], dtype="boolean"),
    })  # fmt: skip
    results = CsvResults(tmp_path)
    results.keep("x", frame)
    with (tmp_path / "x.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [r["quote"] for r in rows] == ["'=HYPERLINK(1)", '一，"二"\n三', "", "'-3", "''=1"]
    assert [r["ids"] for r in rows] == ['["=1"]', "[]", '["a", "b"]', "", '["\'"]']
    assert [float(r["value"]) if r["value"] else None for r in rows] == [39.0, 0.5, None, -1.0, 1e7]
    assert [r["flag"] for r in rows] == ["true", "false", "", "true", "false"]


def test_json_of_odd_frames_is_json() -> None:
    stream = io.StringIO()
    results = JsonResults(stream)
    frame = pd.DataFrame({"a": ["},{", "</x>", None], "b": [float("inf"), float("nan"), 1.0]})
    frame.attrs["method"] = "“so”"
    results.keep("odd", frame)
    results.keep("none", frame.head(0))
    results.keep_missing("gone", 'no "table"')
    results.close()
    found = json.loads(stream.getvalue())
    assert [r["a"] for r in found["odd"]["rows"]] == ["},{", "</x>", None]
    assert [r["b"] for r in found["odd"]["rows"]] == [None, None, 1.0]
    assert found["none"]["rows"] == [] and found["gone"] == {"missing": 'no "table"'}
