"""What goes out to an annotation tool comes back as it was, to the character."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gia_nlp.annotation import doccano, labelstudio, spacy_docs
from gia_nlp.annotation.carrying import Notes, unveil, veil
from gia_nlp.annotation.exchange import export_to, import_from, read_from, read_source
from gia_nlp.annotation.files import load_gold
from gia_nlp.annotation.records import (
    BOUNDS,
    PERIODS,
    STATUSES,
    GoldDocument,
    GoldError,
    GoldFact,
    GoldItem,
    GoldSection,
)
from gia_nlp.records import Change
from gia_nlp.vocabulary.categories import categories
from gia_nlp.vocabulary.indicators import indicators

NLP = spacy.blank("zh")
LINE = "青垄县𠮷田镇全年发布信息1２0余条，\r\n其中微信36条；未发生行政复议、行政诉讼。\u2028😀存在更新不及时的问题。下一步将按月更新。"


def through_json(data: Any) -> Any:
    return json.loads(json.dumps(data, ensure_ascii=True))


def by_labelstudio(document: GoldDocument) -> GoldDocument | None:
    return labelstudio.from_task(through_json(labelstudio.to_task(document)))


def by_doccano(document: GoldDocument) -> GoldDocument | None:
    return doccano.from_line(through_json(doccano.to_line(document)))


def by_spacy(document: GoldDocument) -> GoldDocument | None:
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    made = DocBin(attrs=["ORTH", "SPACY"], store_user_data=True)
    made.add(spacy_docs.to_doc(document, NLP))
    (doc,) = DocBin().from_bytes(made.to_bytes()).get_docs(Vocab())
    return spacy_docs.from_doc(doc)


WAYS: dict[str, Callable[[GoldDocument], GoldDocument | None]] = {
    "labelstudio": by_labelstudio,
    "doccano": by_doccano,
    "spacy": by_spacy,
}

# --------------------------------------------------------------------------- any document

TEXT = st.text(st.sampled_from("全年3件12条信息，。；\r\n\t 𠮷😀é\u0301\u2028\x00\x0b（）ａ１"), max_size=40)
NUMBER = st.floats(0, 1e9, allow_nan=False)
WORDS = st.none() | st.text("各镇类信息𠮷\n\"'\\", min_size=1, max_size=6)


@st.composite
def documents(draw: st.DrawFn) -> GoldDocument:
    text = draw(TEXT)

    def span() -> tuple[int | None, int | None, str]:
        if not text or draw(st.integers(0, 9)) == 0:
            return None, None, draw(st.text("信息9条", max_size=4))
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        return start, end, text[start:end]

    def fact() -> GoldFact:
        start, end, quote = span()
        change = Change(draw(st.none() | NUMBER), draw(WORDS), draw(st.sampled_from(("up", "down"))))
        return GoldFact(
            draw(st.sampled_from(list(indicators())[:4])), draw(NUMBER), start, end, quote, draw(st.none() | NUMBER),
            draw(st.sampled_from(BOUNDS)), draw(WORDS), draw(st.sampled_from(("all", "wechat", "website"))),
            draw(st.sampled_from(PERIODS)), draw(WORDS), draw(st.sampled_from((None, change))),
            more=draw(st.sampled_from(({}, {"ambiguous": True}))),
        )  # fmt: skip

    def item(count: int) -> GoldItem:
        start, end, quote = span()
        kind = draw(st.sampled_from(tuple(STATUSES)))
        stated = draw(st.lists(st.sampled_from(list(categories())), unique=True, max_size=3))
        return GoldItem(kind, draw(st.sampled_from(STATUSES[kind])), start, end, quote, tuple(stated))

    facts = tuple(fact() for _ in range(draw(st.integers(0, 4))))
    items = [item(0) for _ in range(draw(st.integers(0, 4)))]
    remedies = [i for i, one in enumerate(items) if one.kind == "remedy"]
    if remedies:
        for i, one in enumerate(items):
            if one.kind == "problem":
                answers = draw(st.sets(st.sampled_from(remedies)))
                items[i] = replace(one, remedies=tuple(sorted(answers)))
    return GoldDocument(
        "a/年报 1.txt",
        text,
        draw(st.sampled_from((facts, facts or None))),
        draw(st.sampled_from((tuple(items), tuple(items) or None))),
        draw(st.sampled_from((None, True, False))),
        source=draw(st.sampled_from((None, "a.txt"))),
        meta=draw(st.sampled_from((None, {"year": 2023, "issuer": "青垄县"}))),
        sections=draw(st.sampled_from((None, (), (GoldSection("overview", 0, len(text)),)))),
        tables=draw(st.sampled_from((None, {"requests": {"received.total": 3.0, "granted.total": None}}))),
        scope=draw(st.sampled_from((None, (0, 1)))),
        more=draw(st.sampled_from(({}, {"split": "train", "style": "x"}))),
    )


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(document=documents())
def test_round_trip_keeps_everything(way: str, document: GoldDocument) -> None:
    assert WAYS[way](document) == document


@given(text=st.text(max_size=30))
def test_veiled_text_keeps_its_length(text: str) -> None:
    shown, hidden = veil(text)
    assert len(shown) == len(text) and "\r" not in shown
    assert unveil(shown, hidden) == text


@pytest.mark.parametrize("way", WAYS)
def test_annotated_data_comes_back(way: str, root: Path) -> None:
    for document in load_gold(root / "data" / "examples"):
        items = document.items and tuple(replace(i, remedies=tuple(sorted(i.remedies))) for i in document.items)
        document = replace(document, items=items)
        assert WAYS[way](document) == document


# --------------------------------------------------------------------------- offsets

MARKED = GoldDocument(
    "one",
    LINE,
    facts=tuple(
        GoldFact(indicator, value, LINE.index(quote), LINE.index(quote) + len(quote), quote, unit=unit, channel=channel)
        for indicator, value, quote, unit, channel in (
            ("items_published", 120.0, "1２0余条", "条", "all"),
            ("items_published", 36.0, "36条", "条", "wechat"),
            ("reviews", 0.0, "未发生行政复议、行政诉讼", None, "all"),
            ("litigations", 0.0, "未发生行政复议、行政诉讼", None, "all"),
        )
    ),
    items=(
        GoldItem("problem", "current", LINE.index("更新不"), LINE.index("的问题"), "更新不及时", ("timeliness",), (1,)),
        GoldItem("remedy", "planned", LINE.index("按月"), len(LINE) - 1, "按月更新", ("timeliness",)),
    ),
)


def javascript(text: str, start: int, end: int) -> str:
    """``text.slice(start, end)`` of JavaScript, whose strings are UTF-16."""
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")


def test_doccano_counts_as_javascript_does() -> None:
    line = doccano.to_line(MARKED)
    assert "\r" not in line["text"]
    quotes = [javascript(line["text"], e["start_offset"], e["end_offset"]) for e in line["entities"]]
    assert quotes[:6] == [mark.quote for mark in MARKED.marks]
    assert quotes[6:] == ["更新不及时", "按月更新"]
    assert line["relations"] == [{"id": 0, "from_id": 4, "to_id": 5, "type": "remedied_by"}]


def test_label_studio_counts_code_points() -> None:
    task = labelstudio.to_task(MARKED)
    labels = [r for r in task["annotations"][0]["result"] if r.get("type") == "labels"]
    for region, mark in zip(labels, MARKED.marks, strict=True):
        value = region["value"]
        assert (value["start"], value["end"]) == (mark.start, mark.end)
        assert list(task["data"]["text"])[value["start"] : value["end"]] == list(mark.quote)


def test_label_studio_of_old_counted_utf16() -> None:
    task = through_json(labelstudio.to_task(MARKED))
    for result in task["annotations"][0]["result"]:
        value = result.get("value", {})
        if "start" in value:
            for key in ("start", "end"):
                value[key] = len(task["data"]["text"][: value[key]].encode("utf-16-le")) // 2
    notes = Notes()
    assert labelstudio.from_task(task, notes=notes) == MARKED
    assert notes.lines() == ["6 regions counted in UTF-16, as old versions do"]


# --------------------------------------------------------------------------- what people change


def test_predictions_count_only_once_somebody_confirmed_them() -> None:
    task = labelstudio.to_task(replace(MARKED, predicted=True, facts=(replace(MARKED.facts[0], score=0.4),)))  # type: ignore[index]
    assert "annotations" not in task and task["predictions"][0]["score"] == 0.4
    assert labelstudio.from_task(task) is None
    task["annotations"] = [
        {"result": [], "was_cancelled": True},
        {"result": task["predictions"][0]["result"], "updated_at": "2024-05-02"},
        {"result": [], "updated_at": "2024-05-01"},
    ]
    notes = Notes()
    confirmed = labelstudio.from_task(task, notes=notes)
    assert confirmed is not None and confirmed.facts == MARKED.facts[:1]  # type: ignore[index]
    assert "several annotations" in notes.lines()[0]


def test_a_fact_drawn_in_doccano_is_read_from_its_words() -> None:
    line = through_json(doccano.to_line(replace(MARKED, facts=())))
    text = line["text"]
    start = len(text[: text.index("36条")].encode("utf-16-le")) // 2
    line["entities"].append({"id": 99, "label": "items_published", "start_offset": start, "end_offset": start + 3})
    line["entities"].append({"id": 100, "label": "staff", "start_offset": 0, "end_offset": 3})
    notes = Notes()
    (fact,) = doccano.from_line(line, notes=notes).facts or ()
    assert (fact.value, fact.unit, fact.channel, fact.quote) == (36.0, "条", "all", "36条")
    assert [n.split(" ", 1)[0] for n in notes.lines()] == ["1", "1"]


def test_an_item_moved_in_doccano_keeps_its_remedy_and_gets_the_category_it_lies_under() -> None:
    line = through_json(doccano.to_line(MARKED))
    line["entities"][4]["start_offset"] -= 2
    moved = doccano.from_line(line)
    assert moved.items is not None
    assert (moved.items[0].quote, moved.items[0].categories, moved.items[0].remedies) == (
        "存在更新不及时", ("timeliness",), (1,),
    )  # fmt: skip


def test_an_edited_span_of_a_doc_is_read_anew() -> None:
    doc = spacy_docs.to_doc(MARKED, NLP)
    doc.spans["facts"] = [doc.char_span(LINE.index("36条"), LINE.index("36条") + 3, label="meetings")]
    (fact,) = spacy_docs.from_doc(doc).facts or ()
    assert (fact.indicator, fact.value, fact.quote) == ("meetings", 36.0, "36条")


def test_tasks_made_elsewhere_are_read() -> None:
    labels = {"id": "x", "type": "labels", "from_name": "label", "to_name": "text"}
    task = {
        "id": 7,
        "data": {"text": "召开会议3次。"},
        "annotations": [{"result": [{**labels, "value": {"start": 4, "end": 6, "labels": ["meetings"]}}]}],
    }
    document = labelstudio.from_task(task)
    assert document is not None
    assert (document.id, document.items, document.facts and document.facts[0].value) == ("task-7", None, 3.0)


@pytest.mark.parametrize(
    ("task", "message"),
    [
        ({"text": "x"}, "no task"),
        ({"data": {"text": "甲"}, "annotations": [{"result": [{"id": "a", "type": "labels", "from_name": "label", "value": {"start": 0, "end": 9, "labels": ["problem"]}}]}]}, "reaches from 0 to 9"),
        ({"data": {"id": "r", "text": "甲"}, "annotations": [{"result": [{"id": "a", "type": "labels", "from_name": "label", "value": {"start": 0, "end": 1, "labels": ["noise"]}}]}]}, "r: no indicator or kind of item is called noise"),
        ({"data": {"text": "甲乙", "gia_nlp": {"document": {"id": "r"}, "hidden": [[1, 13]]}}, "annotations": [{"result": []}]}, "text was changed"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_task_is_named(task: Any, message: str) -> None:
    with pytest.raises(GoldError, match=message):
        labelstudio.from_task(task)


# --------------------------------------------------------------------------- files


@pytest.mark.parametrize(("format", "name"), [("labelstudio", "a.json"), ("doccano", "a.jsonl"), ("spacy", "a.spacy")])
def test_files_go_out_and_come_back(format: str, name: str, tmp_path: Path) -> None:
    second = replace(MARKED, id="two", facts=None, none_reported=False)
    done = export_to(format, [MARKED, second], tmp_path / name)
    assert (done.documents, done.facts, done.items) == (2, 4, 4)
    assert all(path.is_file() for path in done.files)
    import_from(format, tmp_path / name, tmp_path / "gold")
    back = {d.id: d for d in read_source(tmp_path / "gold")}
    assert back["one"].facts == MARKED.facts and back["one"].text == LINE
    assert back["two"].facts is None and back["two"].items == MARKED.items
    assert not list(tmp_path.glob(".*"))


def test_marks_without_a_place_get_one_where_their_quote_stands_once(tmp_path: Path) -> None:
    lost = replace(MARKED, facts=tuple(replace(f, start=None, end=None) for f in MARKED.facts or ()), items=())
    done = export_to("labelstudio", [lost, replace(lost, id="two", text="别处")], tmp_path / "a.json")
    assert done.notes.lines() == ["4 facts and items without a place in the text: they are carried along, not shown"]
    one, two = read_from("labelstudio", tmp_path / "a.json")
    assert one.facts == MARKED.facts
    assert two.facts == lost.facts


def test_the_labelling_configuration_names_every_field_that_tasks_use() -> None:
    config = ElementTree.fromstring(labelstudio.labelling_config())
    names = {e.get("name"): e.tag for e in config.iter() if e.get("name")}
    task = labelstudio.to_task(replace(MARKED, none_reported=True))
    kinds = {"labels": "Labels", "choices": "Choices", "number": "Number", "textarea": "TextArea"}
    for result in task["annotations"][0]["result"]:
        if result["type"] != "relation":
            assert names[result["from_name"]] == kinds[result["type"]]
    labels = {e.get("value") for e in config.iter("Label")}
    assert labels == {*indicators(), *STATUSES}
    assert {e.get("value") for e in config.iter("Choice")} >= set(categories())
    assert {e["text"] for e in doccano.label_config()} >= {*indicators(), "problem:previous", "category:coverage"}
