"""A user's file adds an indicator, a category, a unit and a section title; everything downstream follows."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import spacy
from typer.testing import CliRunner

import gia_nlp
from gia_nlp import pipeline
from gia_nlp.cli.main import app
from gia_nlp.frames.schema import tables
from gia_nlp.vocabulary.active import ENVIRONMENT, OWN, active, set_for_process, using
from gia_nlp.vocabulary.categories import categories
from gia_nlp.vocabulary.headings import classify_title
from gia_nlp.vocabulary.indicators import indicators
from gia_nlp.vocabulary.user import VocabularyError, parse_vocabulary, read_vocabulary, use_vocabulary

OWN_WORDS = """
format: 1
units: [座]
indicators:
  open_days:
    zh: 政府开放日
    units: [场, 次]
    cues:
      - {words: '政府开放日(?:活动)?', weight: 5.4, id: name}
    denials: [开放日]
  kiosks:
    zh: 公开驿站
    units: [座]
    channelled: true
    cues: [{words: 公开驿站, weight: 5, not: 驿站管理员}]
  meetings:
    cues: [{words: 板凳夜话, weight: 5, units: [场]}]
categories:
  ageing:
    zh: 适老化
    duty: platform
    strong: [适老化, 老年人]
  timeliness:
    strong: [慢吞吞]
sections:
  problems: [短板与打算]
"""
TEXT = """溪岭市水利局2023年政府信息公开工作年度报告
一、总体情况
全年通过局网站主动公开信息86条，举办政府开放日活动3场，建成公开驿站12座，开设板凳夜话4场。
本年未举办其他开放日。
五、短板与打算
一是信息发布慢吞吞；二是网站适老化改造不足。下一步，将按月更新信息，方便老年人使用。
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "own.yaml"
    path.write_text(OWN_WORDS, encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def _nothing_added() -> Iterator[None]:
    before = os.environ.get(ENVIRONMENT)
    use_vocabulary(None)
    yield
    use_vocabulary(before)


def found() -> dict[str, float]:
    return {f.indicator: f.value for f in reversed(gia_nlp.tag_text(TEXT).facts)}


def test_without_the_file_nothing_of_it_is_found() -> None:
    assert found() == {"items_published": 86.0}
    assert "ageing" not in {c for i in gia_nlp.tag_text(TEXT).items for c in i.categories}
    assert "answer_open_days" not in tables()["panel"].names


def test_facts_items_and_panel_follow(file: Path) -> None:
    gia_nlp.load(vocabulary=file)
    assert found() == {"items_published": 86.0, "open_days": 3.0, "kiosks": 12.0, "meetings": 4.0}
    report = gia_nlp.tag_text(TEXT)
    facts = {f.indicator: f for f in reversed(report.facts)}
    assert (facts["kiosks"].channel, facts["kiosks"].unit, facts["kiosks"].rule_id) == ("website", "座", "kiosks/user1")
    assert [(f.value, f.quote) for f in report.facts if f.indicator == "open_days"] == [
        (3.0, "3场"),
        (0.0, "未举办其他开放日"),
    ]
    assert [s.id for s in report.sections][-1] == "problems"
    stated = [i.categories for i in report.items if i.kind == "problem"]
    assert "timeliness" in stated[0] and "ageing" in stated[1]
    panel = gia_nlp.to_frames([report])["panel"]
    assert panel["answer_open_days"][0] == 3.0 and panel["answer_kiosks"][0] == 12.0
    assert panel["answer_open_days_fact_id"][0] == "text#f2"
    assert panel["problem_ageing"][0] and panel["remedy_ageing"][0]
    doc = gia_nlp.load()(TEXT)
    assert {"open_days", "kiosks"} <= {s.label_ for s in doc.spans["facts"]} and doc.cats["ageing"] > 0.4
    use_vocabulary(None)
    assert found() == {"items_published": 86.0}


def test_a_saved_pipeline_remembers(file: Path, tmp_path: Path) -> None:
    gia_nlp.load(vocabulary=file).to_disk(tmp_path / "model")
    use_vocabulary(None)
    file.unlink()
    nlp = spacy.load(tmp_path / "model")
    assert {"open_days", "kiosks"} <= {f.indicator for f in nlp(TEXT)._.facts}
    assert "open_days" not in indicators()  # only inside that pipeline
    report = pipeline.tag_document(gia_nlp.Document(text=TEXT), nlp=nlp)
    assert [s.id for s in report.sections][-1] == "problems" and "kiosks" in {f.indicator for f in report.facts}
    copy = spacy.util.load_model_from_config(nlp.config).from_bytes(nlp.to_bytes())
    assert copy(TEXT)._.facts == nlp(TEXT)._.facts
    gia_nlp.load(tmp_path / "model")
    assert "open_days" in indicators() and "answer_open_days" in tables()["panel"].names
    with pytest.raises(VocabularyError, match="made with a vocabulary of its own"):
        other = tmp_path / "other.yaml"
        other.write_text("units: [座]\n", encoding="utf-8")
        gia_nlp.load(tmp_path / "model", vocabulary=other)


@pytest.mark.parametrize("way", ["option", "environment", "model"])
def test_worker_processes_see_it(way: str, file: Path, tmp_path: Path) -> None:
    reports = tmp_path / "in"
    reports.mkdir()
    (reports / "a.txt").write_text(TEXT, encoding="utf-8")
    command = [sys.executable, "-m", "gia_nlp.cli.main", "tag", str(reports), "--out", str(tmp_path / "out")]
    environment = {k: v for k, v in os.environ.items() if k != ENVIRONMENT}
    if way == "environment":
        environment[ENVIRONMENT] = str(file)
    elif way == "option":
        command += ["--vocabulary", str(file)]
    else:
        gia_nlp.load(vocabulary=file).to_disk(tmp_path / "model")
        command += ["--model", str(tmp_path / "model")]
    done = subprocess.run(
        [*command, "--workers", "1"], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    import pyarrow.parquet as pq

    (row,) = pq.read_table(tmp_path / "out" / "panel.parquet").to_pylist()
    assert (row["answer_open_days"], row["problem_ageing"]) == (3.0, True)


def test_one_vocabulary_inside_another(file: Path) -> None:
    overlay = read_vocabulary(file)
    with using(overlay):
        assert indicators()["meetings"].units == indicators.__wrapped__()["meetings"].units  # type: ignore[attr-defined]
        assert classify_title("短板与打算") == ("problems", True)
        with using(OWN):
            assert "open_days" not in indicators()
        assert list(categories())[-1] == "other" and "ageing" in categories()
    assert not active()
    set_for_process(overlay)
    assert "open_days" in indicators()


STATISTICS = """青垄县2016年政府信息公开工作年度报告
附表：政府信息公开情况统计表
指标名称\t单位\t统计数
（一）主动公开政府信息数\t条\t120
1.乡村大喇叭播报数\t条\t33
2.政府网站公开政府信息数\t条\t87
（一）收到申请数\t件\t4
1.当面申请数\t件\t4
"""
PROACTIVE = """二、主动公开政府信息情况
第二十条第（一）项
信息内容\t本年制发件数\t本年废止件数\t现行有效件数
规章\t0\t0\t0
行政规范性文件\t2\t1\t9
第二十条第（五）项
信息内容\t本年处理决定数量
审批类办件\t15
第二十条第（六）项
信息内容\t本年处理决定数量
行政处罚\t7
行政强制\t0
第二十条第（八）项
信息内容\t本年收费金额（单位：万元）
行政事业性收费\t0
"""


@pytest.mark.parametrize(
    ("text", "own", "key", "value"),
    [
        (STATISTICS, "{statistics: {published_other: [乡村大喇叭播报数]}}", "published_other.year", 33.0),
        (PROACTIVE, "{proactive: {licensing: [审批类办件]}}", "licensing.decisions", 15.0),
    ],
    ids=["statistics", "proactive"],
)
def test_labels_of_forms_follow(text: str, own: str, key: str, value: float) -> None:
    def cells() -> dict[str, float | None]:
        return {c.key: c.value for c in gia_nlp.tag_text(text).cells}

    before = cells()
    assert before.get(key) is None
    use_vocabulary(parse_vocabulary(f"labels: {own}"))
    after = cells()
    assert after[key] == value and len(after) >= len(before)
    use_vocabulary(None)
    assert cells() == before


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("indicator: {}", "own.yaml: indicator is not known", "did you mean indicators"),
        ("format: 9", "format is 9; this version reads format 1", ""),
        ("- a", "the file is ['a'], not a mapping", ""),
        ("a: [", "no YAML", ""),
        ("indicators: {Open: {zh: 开}}", "indicators.Open is no id", "names columns"),
        ("indicators: {open: {zh: 开, units: [次]}}", "indicators.open.cues is missing", "at least one cue"),
        ("indicators: {open: {units: [次], cues: [{words: 开, weight: 5}]}}", "indicators.open.zh is missing", ""),
        ("indicators: {open: {zh: 开, units: [次], cues: [{words: 开}]}}", r"open.cues\[0\].weight is missing", ""),
        ("indicators: {open: {zh: 开, units: [次], cues: [{words: '(', weight: 5}]}}", r"cues\[0\].words is no regular expression", ""),
        ("indicators: {open: {zh: 开, units: [次], cues: [{words: '开?', weight: 5}]}}", "matches the empty text", ""),
        ("indicators: {open: {zh: 开, units: [次], cues: [{words: 开, weight: 50}]}}", "weight is 50, not a number from 0.1 to 10", ""),
        ("indicators: {open: {zh: 开, units: [次], cues: [{words: 开, weight: 5, where: here}]}}", "where is 'here', not one of any", ""),
        ("indicators: {open: {zh: 开, units: [次], cues: [{words: 开, wieght: 5}]}}", r"cues\[0\].wieght is not known", "weight"),
        ("indicators: {open: {zh: 开, units: 3}}", "units is 3, not a list of texts", ""),
        ("indicators: {meetings: {zh: 会}}", "meetings.zh cannot be changed", "another id"),
        ("categories: {ageing: {zh: 老, duty: platform}}", "ageing.strong is missing", ""),
        ("categories: {ageing: {zh: 老, duty: plat, strong: [老]}}", "duty is 'plat', not one of proactive", ""),
        ("categories: {coverage: {duty: platform}}", "coverage.duty cannot be changed", ""),
        ("labels: {request: {received: [新登记数]}}", "labels.request is not known", "did you mean requests"),
        ("labels: {requests: {recieved: [新登记数]}}", "labels.requests.recieved is not known", "did you mean received"),
        ("labels: {requests: {received: ['12.']}}", "labels.requests.received has the label '12.', which is no word", ""),
        ("labels: {requests: {received: [予以公开]}}", "received has the label '予以公开', which is that of granted", ""),
        ("sections: {problem: [打算]}", "sections.problem is not known", "did you mean problems"),
        ("indicators: {twin: {zh: 开, units: [次], cues: [{words: 开, weight: 5}]}}\ncategories: {twin: {zh: 老, duty: platform, strong: [老]}}", "also the id of a category", ""),
    ],
)  # fmt: skip
def test_errors_name_file_and_key(text: str, message: str, hint: str) -> None:
    with pytest.raises(VocabularyError, match=r"^own.yaml: ") as raised:
        parse_vocabulary(text, "own.yaml")
    assert message.replace("\\", "") in raised.value.message
    assert hint in (raised.value.hint or "")


def test_commands_tell_what_is_wrong(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("indicators: {open: 3}", encoding="utf-8")
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    result = CliRunner().invoke(app, ["show", str(tmp_path / "a.txt"), "--vocabulary", str(bad)])
    assert result.exit_code == 2 and "bad.yaml: indicators.open is 3, not a mapping" in result.stderr
    assert not (tmp_path / "out").exists()


def test_an_empty_file_adds_nothing() -> None:
    assert not parse_vocabulary("")
    assert not parse_vocabulary("# nothing yet\n", "own.yaml")


def test_duties_are_those_of_the_categories() -> None:
    from gia_nlp.vocabulary.categories import categories
    from gia_nlp.vocabulary.user_file import DUTIES

    assert set(DUTIES) == {c.duty for c in categories().values()} | {"other"}
