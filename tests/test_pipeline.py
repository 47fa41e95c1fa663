import pickle
from pathlib import Path
from typing import Any

import pytest
import spacy

import gia_nlp
from gia_nlp import pipeline
from gia_nlp.records import Report

TEXT = """溪岭市水利局2023年政府信息公开工作年度报告

一、总体情况
全年通过局网站主动公开信息86条，举办培训2次。
三、收到和处理政府信息公开申请情况
本年度未收到政府信息公开申请。
五、存在的主要问题及改进情况
一是信息更新不及时；二是培训不足。下一步，将按月更新信息，加强业务培训。
六、其他需要报告的事项
无
"""


def test_text_is_tagged() -> None:
    report = pipeline.tag_text(TEXT, report_id="a/b.txt")
    assert report.meta.year == 2023
    assert report.meta.issuer == "溪岭市水利局"
    assert [(f.indicator, f.value, f.channel) for f in report.facts] == [
        ("items_published", 86.0, "website"),
        ("training_sessions", 2.0, "all"),
        ("requests_received", 0.0, "all"),
    ]
    assert [i.kind for i in report.items][:2] == ["problem", "problem"]
    for record in (*report.facts, *report.items):
        assert report.text[record.start : record.end] == record.quote


def test_spacy_pipeline_on_plain_text() -> None:
    doc = gia_nlp.load()(TEXT)
    assert doc.text == TEXT
    assert {s.label_ for s in doc.spans["facts"]} == {"items_published", "training_sessions", "requests_received"}
    assert {s.label_ for s in doc.spans["items"]} == {"problem", "remedy"}
    assert {s.label_ for s in doc.spans["categories"]} >= {"timeliness", "capacity"}
    assert doc.cats["timeliness"] > 0.4 > doc.cats["digital"]
    for fact in doc._.facts:
        span = doc.char_span(fact.start, fact.end, alignment_mode="expand")
        assert fact.quote in span.text


def test_saved_pipeline_is_the_built_one(tmp_path: Path) -> None:
    pipeline.build().to_disk(tmp_path / "model")
    loaded = spacy.load(tmp_path / "model")
    assert loaded.pipe_names == ["gia_facts", "gia_items", "gia_categories"]
    assert [t.text for t in loaded(TEXT)] == [t.text for t in pipeline.load()(TEXT)]
    assert loaded(TEXT)._.facts == pipeline.load(pipeline.RULES)(TEXT)._.facts


@pytest.mark.parametrize("name", [pipeline.DEFAULT, pipeline.RULES])
def test_shipped_pipeline_is_up_to_date(name: str) -> None:
    shipped = pipeline._packaged_model(name)
    assert shipped is not None, "make models"
    assert spacy.load(shipped).tokenizer.words == pipeline.build().tokenizer.words
    assert not list(shipped.rglob("*.pkl"))


def test_default_pipeline_decides_by_rules_and_models() -> None:
    assert {f.decided_by for f in pipeline.load()(TEXT)._.facts} == {"both"}
    assert {f.decided_by for f in pipeline.load(pipeline.RULES)(TEXT)._.facts} == {"rule"}


def test_shipped_models_know_the_vocabulary() -> None:
    """Indicators and categories that were added since the models were trained are left to the rules: train again."""
    from gia_nlp.vocabulary.categories import categories

    parts: dict[str, Any] = dict(pipeline.load().pipeline)
    assert set(parts["gia_categories"].models.categories.words.labels) == set(categories())


def test_report_converts_and_pickles() -> None:
    report = pipeline.tag_text(TEXT)
    assert Report.from_dict(report.to_dict()) == report
    assert pickle.loads(pickle.dumps(report)) == report
    assert "溪岭市水利局 2023" in str(report)


def test_file_that_cannot_be_read_costs_no_other(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.txt", tmp_path / "bad.pdf"
    good.write_text(TEXT, encoding="utf-8")
    bad.write_bytes(b"%PDF-1.7\nbroken")
    reports = list(pipeline.tag_many([bad, tmp_path / "absent.txt", good]))
    assert [bool(r.errors) for r in reports[:2]] == [True, True]
    assert reports[2].meta.year == 2023
    assert all(e.stage == "reading" and e.message for r in reports[:2] for e in r.errors)


@pytest.mark.parametrize("text", ["", "\n\n", "12345", "你好" * 2000, "一、" * 3000, "（" * 3000, "其中1条、" * 3000])
def test_any_text_is_tagged(text: str) -> None:
    report = pipeline.tag_text(text)
    assert report.text == text


def test_the_collector_rests_only_while_a_report_is_read() -> None:
    """Also where a report fails, and where the caller had switched it off."""
    import gc

    with pytest.raises(RuntimeError), pipeline.no_collection():
        assert not gc.isenabled()
        raise RuntimeError
    assert gc.isenabled()
    gc.disable()
    try:
        pipeline.tag_text("全年收到申请12件。")
        assert not gc.isenabled()
    finally:
        gc.enable()
    pipeline.tag_text("全年收到申请12件。")
    assert gc.isenabled()
