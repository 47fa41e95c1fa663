"""The gold format on disk, and its way from and to reports."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import gia_nlp
from gia_nlp.annotation import (
    GoldDocument,
    GoldError,
    GoldFact,
    from_report,
    load_gold,
    read_output,
    save_gold,
    to_report,
)
from gia_nlp.annotation.carrying import place
from gia_nlp.annotation.files import text_hash
from gia_nlp.annotation.plain import check
from gia_nlp.cli.main import app
from gia_nlp.frames.convert import to_frames

REPORT = (
    "汐口区民政局2023年政府信息公开工作年度报告\r\n"
    "一、总体情况\r\n全年主动公开信息39条，收到申请4件，均已办结。\r\n"
    "五、存在的主要问题及改进情况\r\n一是公开不及时。下一步将加强培训。\r\n"
)
FACT = {"indicator": "staff", "value": 3, "start": 4, "end": 6, "quote": "3名"}
BASE: dict[str, Any] = {"id": "a", "text": "专职人员3名。", "facts": [FACT]}


def one(**changed: Any) -> dict[str, Any]:
    return {**BASE, **changed}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (one(id=None), r"p\.jsonl:1\.id is missing, not a text"),
        (one(facts={}), r"facts is \{\}, not a list"),
        (one(facts=[{**FACT, "value": "3"}]), r"facts\[0\]\.value is '3', not a number"),
        (one(facts=[{**FACT, "bound": "least"}]), r"facts\[0\]\.bound is 'least', not one of exact"),
        (one(facts=[{**FACT, "end": 60}]), r"facts\[0\]\.end is 60, but the text has 7"),
        (one(facts=[{**FACT, "start": 3}]), r"facts\[0\]: the quote is '3名', but at 3-6 stands '员3名'"),
        (one(facts=[{**FACT, "start": None}]), "no span"),
        (one(facts=[{**FACT, "change": {"value": 1, "direction": "left"}}]), r"change\.direction"),
        (one(items=[{"kind": "problem", "when": "planned", "start": 0, "end": 2, "quote": "专职"}]), r"items\[0\]\.when"),
        (one(items=[{"kind": "problem", "when": "current", "start": 0, "end": 2, "quote": "专职", "remedies": [1]}]), r"items\[0\]\.remedies is \[1\], but there are 1"),
        (one(tables={"requests": {"x.total": "3"}}), r"tables\.requests\.x\.total"),
        ([], "not an object"),
    ],
)  # fmt: skip
def test_errors_name_file_and_key(data: Any, message: str, tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    path.write_text(json.dumps(data) + "\n", encoding="utf-8")
    with pytest.raises(GoldError, match=message):
        list(load_gold(path))


def test_a_folder_comes_back_with_its_texts(tmp_path: Path) -> None:
    text = "\u3000全年收到申请3件。\r\n\r\n<table>𠮷</table>\r"
    saved = [
        GoldDocument("年报/a.txt", text, facts=(GoldFact("requests_received", 3.0, 7, 9, "3件", unit="件"),)),
        GoldDocument("年报_a.txt", "无。", items=(), none_reported=True, meta={"year": 2020}, more={"split": "dev"}),
    ]
    assert save_gold(saved, tmp_path) == 2
    assert len(list((tmp_path / "documents").iterdir())) == 2
    loaded = sorted(load_gold(tmp_path), key=lambda d: d.id)
    assert [(d.id, d.text, d.facts, d.items, d.none_reported, d.meta, d.more) for d in loaded] == [
        (d.id, d.text, d.facts, d.items, d.none_reported, d.meta, d.more) for d in saved
    ]


def test_two_documents_of_one_id_are_refused(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="two documents"):
        save_gold([GoldDocument("a", ""), GoldDocument("a", "")], tmp_path / "x.jsonl")


def test_a_document_that_changed_since_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("今昔不同。", encoding="utf-8")
    gold = {"id": "a", "source": "a.txt", "text_sha256": text_hash("今昔相同。"), "facts": []}
    (tmp_path / "a.json").write_text(json.dumps(gold), encoding="utf-8")
    with pytest.raises(GoldError, match="not the text that was annotated"):
        list(load_gold(tmp_path))


def test_a_source_may_lie_in_an_archive_beside_the_folder(tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    (tmp_path / "gold").mkdir()
    with zipfile.ZipFile(tmp_path / "reports" / "a.zip", "w") as archive:
        archive.writestr("b.txt", "收到申请3件。")
    (tmp_path / "gold" / "a.json").write_text(json.dumps({"id": "a", "source": "a.zip!/b.txt"}), encoding="utf-8")
    assert [d.text for d in load_gold(tmp_path)] == ["收到申请3件。"]


def test_all_annotated_data_is_in_the_format(root: Path) -> None:
    annotated = root / "data" / "annotated"
    passages = list(load_gold(annotated / "passages.jsonl"))
    problems = list(load_gold(annotated / "problems" / "problems.jsonl"))
    assert all(p.items is None and p.facts is not None for p in passages)
    assert all(p.facts is None and p.items is not None for p in problems)
    assert {p.more["split"] for p in passages} == {p.more["split"] for p in problems} == {"train", "dev", "test"}


def test_a_report_as_gold_and_back() -> None:
    report = gia_nlp.tag_text(REPORT, report_id="年报/a.txt")
    document = from_report(report)
    assert [(f.indicator, f.value) for f in document.facts or ()] == [(f.indicator, f.value) for f in report.facts]
    back = to_report(document)
    for name in ("report_id", "text"):
        assert getattr(back, name) == getattr(report, name)
    plain = ("indicator", "value", "start", "end", "quote", "bound", "unit", "channel", "period", "topic", "section")
    assert [[getattr(f, n) for n in plain] for f in back.facts] == [
        [getattr(f, n) for n in plain] for f in report.facts
    ]
    kept = ("kind", "status", "start", "end", "quote", "categories", "remedies")
    assert [[getattr(i, n) for n in kept] for i in back.items] == [[getattr(i, n) for n in kept] for i in report.items]
    frames = to_frames([back])
    assert frames["panel"]["answer_requests_received"][0] == 4.0
    assert frames["panel"]["year"][0] == 2023


def test_tables_as_gold_are_the_reports_as_gold(tmp_path: Path) -> None:
    reports = [gia_nlp.tag_text(REPORT.replace("39", str(n)), report_id=f"年报/{n}.txt") for n in (40, 41, 42)]
    gia_nlp.write_reports(reports, tmp_path / "out")
    assert list(read_output(tmp_path / "out")) == [from_report(r) for r in reports]


def test_cells_of_the_examples_come_back(root: Path) -> None:
    for document in load_gold(root / "data" / "examples"):
        tables: dict[str, dict[str, float | None]] = {}
        for cell in to_report(document).cells:
            tables.setdefault(cell.table, {})[cell.key] = cell.value
        assert tables == {k: v for k, v in (document.tables or {}).items() if v}


# --------------------------------------------------------------------------- commands


def run(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, ["annotate", *map(str, arguments)])


@pytest.mark.parametrize(("tool", "name"), [("labelstudio", "a.json"), ("doccano", "a.jsonl"), ("spacy", "a.spacy")])
def test_commands_take_an_output_to_a_tool_and_gold_back(tool: str, name: str, tmp_path: Path) -> None:
    report = gia_nlp.tag_text(REPORT, report_id="年报/a.txt")
    gia_nlp.write_reports([report], tmp_path / "out")
    out = run("export", tmp_path / "out", "--to", tool, "--out", tmp_path / name)
    assert out.exit_code == 0 and out.stdout == "" and "1 documents" in out.stderr
    assert "Scores" in out.stderr
    if tool == "labelstudio":  # nobody confirmed the predictions yet
        assert run("import", tmp_path / name, "--from", tool, "--out", tmp_path / "gold").exit_code == 2
        tasks = json.loads((tmp_path / name).read_text(encoding="utf-8"))
        tasks[0]["annotations"] = tasks[0]["predictions"]
        (tmp_path / name).write_text(json.dumps(tasks), encoding="utf-8")
    back = run("import", tmp_path / name, "--from", tool, "--out", tmp_path / "gold")
    assert back.exit_code == 0, back.stderr
    (document,) = load_gold(tmp_path / "gold")
    assert [f.quote for f in document.facts or ()] == [f.quote for f in report.facts]
    assert [i.remedies for i in document.items or ()] == [i.remedies for i in report.items]
    assert not document.predicted and all(m.score is None for m in document.marks)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("export", "{}/absent", "--to", "spacy", "--out", "{}/x"), "does not exist"),
        (("export", "{}", "--to", "spacy", "--out", "{}/x"), "no gold files"),
        (("import", "{}/absent", "--from", "doccano", "--out", "{}/x"), "is no file"),
        (("import", "{}/bad", "--from", "doccano", "--out", "{}/x"), "no JSON"),
        (("import", "{}/bad", "--from", "labelstudio", "--out", "{}/x"), "no JSON"),
        (("import", "{}/bad", "--from", "spacy", "--out", "{}/x"), "no DocBin"),
    ],
)
def test_wrong_usage_is_told(arguments: tuple[str, ...], message: str, tmp_path: Path) -> None:
    (tmp_path / "bad").write_text("{", encoding="utf-8")
    result = run(*(a.format(tmp_path) for a in arguments))
    assert result.exit_code == 2 and message in result.stderr
    assert not (tmp_path / "x").exists()


def test_places_are_found_where_they_are_sure() -> None:
    def lost(quote: str, indicator: str = "staff") -> GoldFact:
        return GoldFact(indicator, 3.0, None, None, quote)

    text = "专职3\n名，兼职9名、3名；未发生行政复议、\n诉讼；培训2次、会议2次、检查2次"
    denied = "未发生行政复议、诉讼"
    document = GoldDocument(
        "a", text, facts=(lost("3名"), lost("3名"), lost(denied, "reviews"), lost(denied, "litigations"), lost("2次"), lost("7次"))
    )  # fmt: skip
    placed = place(document)
    check(placed)
    assert [f.quote for f in placed.facts or ()] == ["3\n名", "3名", *["未发生行政复议、\n诉讼"] * 2, "2次", "7次"]
    assert [f.start is None for f in placed.facts or ()] == [False] * 4 + [True] * 2
