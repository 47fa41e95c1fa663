"""Correcting a count, a problem, a category: what is stored, what is refused, what training reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from lxml import html
from typer.testing import CliRunner

from gia_nlp.annotation import load_gold
from gia_nlp.annotation.records import GoldDocument
from gia_nlp.web import Corrections, training_rows, write_training
from gia_nlp.web.corrections import ConflictError, file_name, revision_of

RID = "in/水利局2024.txt"


def post(client: Any, fields: dict[str, Any]) -> Any:
    return client.post("/save", data=fields, follow_redirects=False)


def stored(annotations: Path) -> GoldDocument:
    [path] = annotations.glob("*.json")
    [document] = load_gold(path)
    return document


def places(document: GoldDocument, words: str) -> tuple[int, int]:
    start = document.text.index(words)
    return start, start + len(words)


def test_a_corrected_count_is_a_gold_file_with_who_and_when(client: Any, form: Any, annotations: Path) -> None:
    answer = post(
        client,
        form(
            RID,
            "f1",
            value="81",
            unit="篇",
            topic=" 动态类 ",
            change_direction="up",
            change_value="3",
            change_unit="条",
        ),
    )
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/report?id=")
    document = stored(annotations)
    assert document.id == RID
    fact = document.facts[0]  # type: ignore[index]
    assert (fact.value, fact.unit, fact.topic, fact.score, fact.more["by"]) == (81.0, "篇", "动态类", None, "李审核")
    assert fact.change is not None
    assert (fact.change.value, fact.change.unit, fact.change.direction) == (3.0, "条", "up")
    assert document.text[fact.start : fact.end] == fact.quote
    assert all(f.score is not None for f in document.facts[1:])  # type: ignore[index]
    assert document.predicted
    [entry] = document.more["history"]
    assert entry["action"] == "corrected"
    assert entry["before"]["value"] == 80.0
    assert entry["after"]["value"] == 81.0
    assert entry["at"].endswith("+00:00")
    assert [p.name for p in annotations.iterdir()] == [file_name(RID)]
    page = client.get("/report", params={"id": RID}).text
    assert "81 篇" in page
    assert "✓ 李审核" in page
    assert "已校正，第 1 版" in page
    assert "80 → 81" in page.replace(".0", "")
    assert RID in client.get("/search?only=annotated").text
    assert RID in client.get("/corrections").text


def test_saving_without_a_change_confirms(client: Any, form: Any, annotations: Path) -> None:
    post(client, form(RID, "f2"))
    document = stored(annotations)
    assert document.more["history"][0]["action"] == "confirmed"
    assert document.facts[1].score is None  # type: ignore[index]


def test_categories_status_and_pairs_of_a_problem(client: Any, form: Any, annotations: Path) -> None:
    fields = form(RID, "i1")
    assert fields["kind"] == ["problem"]
    post(client, {**fields, "categories": ["platform", "coverage"], "when_problem": ["previous"], "remedies": ["3"]})
    item = stored(annotations).items[0]  # type: ignore[index]
    assert (item.categories, item.when, item.remedies, item.score) == (("coverage", "platform"), "previous", (3,), None)


def test_adding_and_removing_keeps_order_and_pairs(client: Any, form: Any, annotations: Path) -> None:
    post(client, form(RID, "i1"))
    before = stored(annotations)
    assert [i.kind for i in before.items or ()] == ["problem", "problem", "remedy", "remedy"]
    pairs = [(i.quote, [before.items[r].quote for r in i.remedies]) for i in before.items or ()]  # type: ignore[index]
    start, end = places(before, "召开专题会议2次")
    answer = post(
        client, form(RID, "new-item", start=start, end=end, kind="problem", categories=["other"], quote="None")
    )
    assert answer.status_code == 303
    assert unquote(answer.headers["location"]) == f"/report?id={RID.replace('/', '%2F')}#i1".replace("%2F", "/")
    after = stored(annotations)
    assert [i.quote for i in after.items or ()] == ["召开专题会议2次", *(i.quote for i in before.items or ())]
    assert [(i.quote, [after.items[r].quote for r in i.remedies]) for i in after.items or ()][1:] == pairs  # type: ignore[index]
    post(client, form(RID, "i4", action="remove"))
    last = stored(annotations)
    assert [i.quote for i in last.items or ()] == [i.quote for n, i in enumerate(after.items or ()) if n != 3]
    assert all(
        r < len(last.items or ()) and last.items[r].kind == "remedy" for i in last.items or () for r in i.remedies
    )  # type: ignore[index]
    assert [h["action"] for h in last.more["history"]] == ["confirmed", "added", "removed"]


def test_a_new_count_is_read_from_its_words(client: Any, form: Any, annotations: Path) -> None:
    post(client, form(RID, "f1"))
    start, end = places(stored(annotations), "2次")
    fields = form(RID, "new-fact", start=start, end=end)
    assert (fields["value"], fields["unit"], fields["quote"]) == (["2"], ["次"], ["2次"])
    post(client, {**fields, "indicator": ["training_sessions"]})
    assert ("training_sessions", 2.0, start) in [
        (f.indicator, f.value, f.start) for f in stored(annotations).facts or ()
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"start": "x"}, {"start": "-1"}, {"end": "99999999"}, {"start": "10", "end": "10"}, {"start": "12", "end": "10"}, {"end": "1e9"},
        {"quote": "别的文字"}, {"value": "许多"}, {"value": "nan"}, {"value": "inf"}, {"value": "1e99"}, {"value": ""}, {"value_max": "1"},
        {"indicator": "nonsense"}, {"indicator": "<script>"}, {"channel": "none"}, {"period": "ever"}, {"bound": "x"}, {"change_value": "3"},
        {"change_direction": "sideways", "change_value": "3"}, {"by": ""}, {"by": "长" * 100}, {"topic": "长" * 500}, {"mark": "f99"}, {"mark": "x"},
        {"mark": "s1"}, {"action": "explode"}, {"mark": "facts", "action": "save"}, {"mark": "new-fact", "action": "remove"},
    ],
)  # fmt: skip
def test_what_is_no_count_is_refused_and_nothing_is_stored(
    client: Any, form: Any, annotations: Path, changes: dict[str, str]
) -> None:
    fields = form(RID, "f1")
    fields |= {name: [value] for name, value in changes.items()}
    assert post(client, fields).status_code == 400
    assert not annotations.exists()


def test_a_refused_form_comes_back_with_what_was_entered(client: Any, form: Any) -> None:
    answer = post(client, form(RID, "f1", value="许<b>多", topic='"><i>', indicator="meetings"))
    assert answer.status_code == 400
    [said] = html.fromstring(answer.text).xpath("//p[@role='alert']")
    assert said.text == "数值：不是数字"
    fields = dict(html.fromstring(answer.text).xpath("//form[@action='/save']")[0].form_values())
    entered = (fields["value"], fields["topic"], fields["indicator"], fields["by"])
    assert entered == ("许<b>多", '"><i>', "meetings", "李审核")
    again = post(client, {**fields, "value": "4", "action": "save"})
    assert again.status_code == 303
    item = post(client, {**form(RID, "i1"), "categories": ["quality", "digital"], "remedies": ["2", "3"], "by": [""]})
    tree = html.fromstring(item.text)
    assert item.status_code == 400
    assert tree.xpath("//input[@name='categories' and @checked]/@value") == ["quality", "digital"]
    assert tree.xpath("//input[@name='remedies' and @checked]/@value") == ["2", "3"]


@pytest.mark.parametrize(
    "changes",
    [{"kind": ["fact"]}, {"categories": ["x"]}, {"remedies": ["99"]}, {"remedies": ["x"]}, {"when_problem": ["done"]}],
)
def test_what_is_no_item_is_refused(client: Any, form: Any, annotations: Path, changes: dict[str, list[str]]) -> None:
    assert post(client, {**form(RID, "i1"), **changes}).status_code == 400
    assert not annotations.exists()


def test_the_second_of_two_editors_is_told(client: Any, form: Any, annotations: Path) -> None:
    one, two = form(RID, "f1", value="1"), form(RID, "f1", value="2")
    assert post(client, one).status_code == 303
    assert post(client, two).status_code == 409
    assert stored(annotations).facts[0].value == 1.0  # type: ignore[index]
    assert post(client, form(RID, "f1", value="3")).status_code == 303
    assert revision_of(stored(annotations)) == 2


def test_a_hostile_report_can_be_corrected(client: Any, form: Any, annotations: Path, evil: Any) -> None:
    assert post(client, form(evil.report_id, "f1", by='<b>"me"', value="40")).status_code == 303
    assert post(client, form(evil.report_id, "i1", by='<b>"me"')).status_code == 303
    document = stored(annotations)
    assert document.text == evil.text
    assert document.facts[0].topic == '"><script>window.hit=3</script>'  # type: ignore[index]
    page = client.get("/report", params={"id": evil.report_id}).text
    assert "<b>&#34;me" not in page
    assert "&lt;b&gt;" in page


def test_corrections_of_another_text_are_shown_to_nobody(client: Any, form: Any, annotations: Path) -> None:
    post(client, form(RID, "f1", value="81"))
    [path] = annotations.glob("*.json")
    data = json.loads(path.read_text(encoding="utf-8"))
    data["text"] += "又及。"
    data.pop("text_sha256")
    path.write_text(json.dumps(data), encoding="utf-8")
    page = client.get("/report", params={"id": RID})
    assert "校正所依据的原文与现在的表不同" in page.text
    assert "81 条" not in page.text
    assert client.get("/edit", params={"id": RID, "mark": "f1"}).status_code == 409


def test_a_broken_file_is_told_and_left_alone(client: Any, form: Any, annotations: Path) -> None:
    post(client, form(RID, "f1"))
    [path] = annotations.glob("*.json")
    path.write_text("{", encoding="utf-8")
    answer = client.get("/report", params={"id": RID})
    assert answer.status_code == 500
    assert path.name in answer.text
    assert client.get("/corrections").status_code == 200
    again = Corrections(annotations)
    assert again.ids() == []
    assert len(again.unread) == 1
    assert path.read_text(encoding="utf-8") == "{"


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corrections = Corrections(tmp_path)
    corrections.save(GoldDocument("a", "无。", items=()), revision=0)
    before = (tmp_path / file_name("a")).read_bytes()
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        corrections.save(GoldDocument("a", "无事。", items=()), revision=1)
    assert [p.read_bytes() for p in tmp_path.iterdir()] == [before]
    monkeypatch.undo()
    with pytest.raises(ConflictError):
        corrections.save(GoldDocument("a", "无事。", items=()), revision=0)
    assert revision_of(Corrections(tmp_path).get("a")) == 1


# --------------------------------------------------------------------------- training


def review(client: Any, form: Any, kind: str) -> Any:
    fields = form(RID, "f1")
    return post(
        client, {**{k: fields[k] for k in ("token", "id", "revision", "by")}, "mark": [kind], "action": ["review"]}
    )


def test_what_training_gets_is_what_a_person_has_seen(client: Any, form: Any, annotations: Path) -> None:
    post(client, form(RID, "f1", value="81"))
    post(client, form(RID, "i1", categories=["coverage"]))
    documents = [stored(annotations)]
    [sentence] = training_rows(documents, "facts")
    assert sentence["text"] == "全年通过门户网站公开信息80条，召开专题会议2次。"
    assert [(f["value"], sentence["text"][f["start"] : f["end"]]) for f in sentence["facts"]] == [
        (81.0, "80条"),
        (2.0, "2次"),
    ]
    assert list(training_rows(documents, "items")) == []
    [categories] = training_rows(documents, "categories")
    assert [i["categories"] for i in categories["items"]] == [["coverage"]]
    assert review(client, form, "facts").status_code == 303
    assert review(client, form, "items").status_code == 303
    document = stored(annotations)
    assert not document.predicted
    assert all(m.score is None for m in document.marks)
    [whole] = training_rows([document], "facts")
    assert (whole["id"], whole["text"], len(whole["facts"])) == (RID, document.text, len(document.facts or ()))
    assert [len(row["items"]) for row in training_rows([document], "items")] == [4]
    assert "已于" in client.get("/report", params={"id": RID}).text


def test_a_removed_count_is_a_sentence_without_it(client: Any, form: Any, annotations: Path) -> None:
    post(client, form(RID, "f1", action="remove"))
    [row] = training_rows([stored(annotations)], "facts")
    assert [f["quote"] for f in row["facts"]] == ["2次"]


def test_training_reads_what_is_exported(client: Any, form: Any, annotations: Path, tmp_path: Path) -> None:
    from gia_nlp.cli.main import app
    from gia_nlp.learning.categories import examples
    from gia_nlp.learning.fact_examples import make_examples
    from gia_nlp.learning.items import prepare
    from gia_nlp.learning.splits import read_annotated

    post(client, form(RID, "f1", indicator="policy_interpretations"))
    review(client, form, "facts")
    review(client, form, "items")
    done = CliRunner().invoke(
        app, ["serve", str(tmp_path), "--annotations", str(annotations), "--export", str(tmp_path / "more")]
    )
    assert done.exit_code == 0, done.output
    rows = {task: read_annotated(tmp_path / "more" / f"{task}.jsonl") for task in ("facts", "items", "categories")}
    assert {task: len(found) for task, found in rows.items()} == {"facts": 1, "items": 1, "categories": 1}
    [example] = make_examples(rows["facts"])
    assert example.missed == 0
    assert "policy_interpretations" in example.indicators
    [section] = prepare(rows["items"])
    assert any("P" in label for chain in section.chains for label in chain.labels)
    assert next(e.categories for e in examples(rows["categories"])) == tuple(rows["items"][0]["items"][0]["categories"])
    for task in rows:
        assert write_training(annotations, task, tmp_path / "again.jsonl") == 1
        assert client.get(f"/training?task={task}").content == (tmp_path / "again.jsonl").read_bytes()
