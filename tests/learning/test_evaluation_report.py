"""The command, the error report, gold answers and documents as they come."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gia_nlp import tag_text, write_reports
from gia_nlp.cli.main import app
from gia_nlp.learning.evaluation import GoldDocument, GoldError, evaluate, predict, read_gold, write_report
from gia_nlp.learning.evaluation.predicting import documents_beside

TEXT = "三、依申请公开\n全年收到申请12件，召开专题会议2次。<script>alert('=1+1')</script>\n"


def gold_of(text: str) -> dict[str, object]:
    at = text.index("12件")
    fact = {"indicator": "requests_received", "value": 12.0, "start": at, "end": at + 3, "quote": "12件"}
    more = {"unit": "件", "channel": "all", "period": "current", "bound": "exact", "topic": None, "change": None}
    missed = {"indicator": "staff", "value": 7.0, "start": 0, "end": 2, "quote": text[:2]}
    return {"id": "a", "source": "a.txt", "facts": [fact | more, missed | more]}


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Path]:
    """A folder with gold answers, a document beside them and tables of it."""
    (tmp_path / "gold").mkdir()
    (tmp_path / "reports").mkdir()
    (tmp_path / "gold" / "a.json").write_text(json.dumps(gold_of(TEXT), ensure_ascii=False), encoding="utf-8")
    (tmp_path / "reports" / "a.txt").write_text(TEXT, encoding="utf-8")
    write_reports([tag_text(TEXT, report_id="reports/a.txt")], tmp_path / "out")
    yield tmp_path


def run(*arguments: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["evaluate", *map(str, arguments)])
    return done.exit_code, done.stdout, done.stderr


def test_prints_the_measures(work: Path) -> None:
    code, out, err = run(work / "gold", "--predictions", work / "out")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()[:2]] == ["documents", "facts"]


def test_json_is_the_measures_and_nothing_else(work: Path) -> None:
    code, out, _ = run(work / "gold", "--predictions", work / "out", "--json", "--baseline", work / "out")
    data = json.loads(out)
    assert code == 0 and data["facts"]["recall"] == 0.5 and data["comparison"]["facts"]["difference"] == 0


def test_the_model_reads_the_documents_beside_gold(work: Path, root: Path) -> None:
    rules = root / "models" / "zh_gia_rules"
    code, out, _ = run(work / "gold", "--model", rules, "--json")
    _, tables, _ = run(work / "gold", "--predictions", work / "out", "--json")
    assert code == 0 and json.loads(out)["facts"] == json.loads(tables)["facts"]


def test_passages_are_read_on_the_fly(tmp_path: Path, root: Path) -> None:
    rows = [{"id": f"p-{n}", "text": TEXT, "split": split, "style": "s", **gold_of(TEXT)} for n, split in enumerate(("dev", "test"))]  # fmt: skip
    for n, row in enumerate(rows):
        row["id"] = f"p-{n}"
    path = tmp_path / "passages.jsonl"
    path.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in rows), encoding="utf-8")
    code, out, _ = run(path, "--split", "dev", "--model", root / "models" / "zh_gia_rules", "--json")
    data = json.loads(out)
    assert code == 0 and data["documents"] == 1 and data["facts"]["recall"] == 0.5


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("gold",), 2, "no predictions"),
        (("gold", "--predictions", "out", "--model", "x"), 2, "exclude each other"),
        (("gold", "--predictions", "out", "--baseline", "out", "--baseline-model", "x"), 2, "exclude each other"),
        (("none", "--predictions", "out"), 2, "does not exist"),
        (("out", "--predictions", "out"), 2, "holds no gold answers"),
        (("gold", "--predictions", "none"), 2, "does not exist"),
        (("gold", "--predictions", "gold"), 2, "holds no Parquet tables"),
        (("gold", "--predictions", "out", "--split", "dev"), 2, "no splits"),
        (("gold", "--predictions", "out", "--only", "b"), 2, "no gold answers"),
        (("gold", "--predictions", "out", "--only", "("), 2, "no regular expression"),
        (("gold", "--model", "no_such_pipeline"), 1, "no pipeline no_such_pipeline"),
        (("gold", "--model", "{rules}", "--documents", "out"), 1, "none of the documents is found"),
    ],
)
def test_says_what_is_wrong(
    work: Path, root: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], code: int, says: str
) -> None:
    monkeypatch.chdir(work)
    given = [str(root / "models" / "zh_gia_rules") if a == "{rules}" else a for a in arguments]
    found, out, err = run(*given)
    assert (found, out) == (code, "") and says in err


def test_a_gold_document_without_report_is_missed_and_named(work: Path) -> None:
    other = gold_of(TEXT) | {"source": "b.txt"}
    (work / "gold" / "b.json").write_text(json.dumps(other, ensure_ascii=False), encoding="utf-8")
    code, out, err = run(work / "gold", "--predictions", work / "out", "--json")
    assert code == 3 and "b" in err and json.loads(out)["facts"]["recall"] == 0.25


def test_no_report_for_any_gold_document(work: Path) -> None:
    (work / "gold" / "a.json").rename(work / "gold" / "c.json")
    (work / "gold" / "c.json").write_text(json.dumps(gold_of(TEXT) | {"source": "c.txt"}), encoding="utf-8")
    assert run(work / "gold", "--predictions", work / "out")[0] == 1


def test_the_report_shows_each_error_in_its_place_and_runs_nothing(work: Path) -> None:
    code, _, err = run(work / "gold", "--predictions", work / "out", "--report", work / "report")
    assert code == 0 and "errors.html" in err
    with (work / "report" / "errors.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    missed = next(r for r in rows if r["outcome"] == "missed" and r["what"] == "fact")
    assert TEXT[int(missed["start"]) : int(missed["end"])] == missed["quote"] == TEXT[:2]
    assert TEXT.startswith(missed["quote"] + missed["after"])
    for row in rows:
        if row["start"] and row["what"] == "fact":
            start, end = int(row["start"]), int(row["end"])
            assert TEXT[start:end] == row["quote"] and TEXT[:start].endswith(row["before"])
    page = (work / "report" / "errors.html").read_text(encoding="utf-8")
    assert "<script" not in page and "&lt;script&gt;" in page and "http" not in page
    assert f"<mark>{TEXT[:2]}</mark>" in page
    names = {p.name for p in (work / "report").iterdir()}
    assert {"measures.csv", "breakdowns.csv", "rules.csv", "reliability.csv", "evaluation.json"} <= names


def test_a_second_report_leaves_nothing_of_the_first(work: Path) -> None:
    run(work / "gold", "--predictions", work / "out", "--baseline", work / "out", "--report", work / "report")
    assert (work / "report" / "comparison.csv").is_file()
    run(work / "gold", "--predictions", work / "out", "--report", work / "report")
    assert not (work / "report" / "comparison.csv").exists()


def test_files_of_others_are_left_alone(work: Path) -> None:
    (work / "mine").mkdir()
    (work / "mine" / "cells.csv").write_text("a,b", encoding="utf-8")
    code, _, err = run(work / "gold", "--predictions", work / "out", "--report", work / "mine")
    assert code == 2 and "cells.csv" in err
    assert [p.name for p in (work / "mine").iterdir()] == ["cells.csv"]


def test_words_of_a_report_cannot_become_formulas(tmp_path: Path) -> None:
    text = "=2件"
    gold = GoldDocument("a", "a.txt", {"facts": [{"indicator": "meetings", "value": 2.0, "start": 0, "end": 3, "quote": text}]})  # fmt: skip
    write_report(evaluate([gold], [tag_text(text, report_id="x/a.txt")]), tmp_path)
    with (tmp_path / "errors.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [r["quote"] for r in csv.DictReader(file) if r["what"] == "fact" and r["quote"]] == ["'=2件"]


def test_breakdowns_count_each_side_where_it_stands() -> None:
    text = "网站发布信息30条，微信发布20条。"
    at = [text.index("30条"), text.index("20条")]
    facts = [
        {
            "indicator": "items_published",
            "value": v,
            "start": s,
            "end": s + 3,
            "quote": text[s : s + 3],
            "channel": c,
            "unit": "条",
            "bound": "exact",
        }
        for v, s, c in ((30.0, at[0], "weibo"), (20.0, at[1], "wechat"))
    ]
    gold = [GoldDocument("a", "a.txt", {"facts": facts, "meta": {"form": "2021"}})]
    found = evaluate(gold, [tag_text(text, report_id="x/a.txt")])
    table = found.breakdowns["facts by channel"].set_index("group")[["right", "predicted", "gold"]]
    assert table.loc["weibo"].tolist() == [0, 0, 1] and table.loc["website"].tolist() == [0, 1, 0]
    assert table.loc["wechat"].tolist() == [1, 1, 1]
    assert found.breakdowns["facts by form"]["group"].tolist() == ["2021"]
    assert found.rules["fired"].sum() == 2 and found.rules["attributes_wrong"].sum() == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "line 1: no JSON"),
        ("[]", "expected an object"),
        ('{"id": "a", "facts": []}', "needs id and text"),
        ('{"id": "a", "text": "x", "facts": [{"value": 1}]}', "fact 1 lacks indicator"),
        ('{"id": "a", "text": "x", "items": [{"kind": "problem"}]}', "item 1 lacks categories, quote"),
        ('{"id": "a", "text": "x", "facts": []}\n{"id": "a", "text": "y", "facts": []}', "line 2: a second passage a"),
        ('{"id": "a", "text": "x"}', "line 1 holds no gold answers"),
        (
            '{"id": "a", "text": "x", "facts": [{"indicator": "staff", "value": "3"}]}',
            "fact 1: value must be a number, not '3'",
        ),
        (
            '{"id": "a", "text": "x", "facts": [{"indicator": "staff", "value": 3, "start": "0"}]}',
            "start must be a number",
        ),
        (
            '{"id": "a", "text": "x", "items": [{"kind": "problem", "quote": "x", "categories": "other"}]}',
            "must be lists",
        ),
        (
            '{"id": "a", "text": "x", "tables": {"requests": {"received.total": "3"}}}',
            "cell requests received.total must be",
        ),
        ("\n", "no gold answers"),
    ],
)
def test_gold_that_is_none_is_refused_with_its_place(tmp_path: Path, content: str, says: str) -> None:
    (tmp_path / "p.jsonl").write_text(content, encoding="utf-8")
    with pytest.raises(GoldError, match=says):
        read_gold(tmp_path / "p.jsonl")


def test_gold_in_another_encoding_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes('{"id": "某局"}'.encode("gbk"))
    with pytest.raises(GoldError, match=r"a\.json"):
        read_gold(tmp_path)


def test_documents_in_archives_are_found(root: Path) -> None:
    folder = root / "data" / "examples" / "gold"
    gold = read_gold(folder, only="heting|luzhu")
    failed: list[str] = []
    found = predict(gold, model=root / "models" / "zh_gia_rules", documents=documents_beside(folder), failed=failed)
    assert failed == [] and found.report_ids == ["documents/heting-township-2020.txt", "documents/luzhu-township-2020.txt"]  # fmt: skip


def test_an_absent_document_is_named_and_the_others_are_read(root: Path) -> None:
    gold = [
        GoldDocument("none", "none.txt", {"facts": []}),
        *read_gold(root / "data" / "examples" / "gold", only="lanping"),
    ]
    failed: list[str] = []
    found = predict(gold, model=root / "models" / "zh_gia_rules", documents=[root / "data" / "examples"], failed=failed)
    assert failed == ["none.txt"] and len(found.report_ids) == 1


def test_a_shipped_pipeline_goes_by_its_name(work: Path) -> None:
    code, out, err = run(work / "gold", "--model", "zh_gia_rules", "--json")
    assert code == 0, err
    assert json.loads(out)["documents"] == 1
