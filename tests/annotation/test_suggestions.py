"""Suggestions: where the pipeline is in doubt, unlike each other, the same for the same seed, no table in them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

import gia_nlp
from gia_nlp.annotation import GoldError, from_report, load_gold, suggest
from gia_nlp.annotation.doubt import doubt
from gia_nlp.annotation.passages import paragraphs, read_passages
from gia_nlp.cli.main import app
from gia_nlp.records import Report

HEAD = "{name}{year}年政府信息公开工作年度报告\n一、总体情况\n"
SURE = "全年主动公开信息{n}条，其中门户网站公开信息{n}条。\n"
TABLE = "三、收到和处理政府信息公开申请情况\n指标\t自然人\t总计\n一、本年新收政府信息公开申请数量\t3\t3\n"
PROBLEMS = "五、存在的主要问题及改进情况\n一是更新不及时。二是培训不足。下一步，将按月更新信息，开展业务培训。\n"


def report(name: str, year: int, *paragraphs: str, problems: str = PROBLEMS) -> Report:
    text = HEAD.format(name=name, year=year) + "".join(p + "\n" for p in paragraphs) + TABLE + problems
    return gia_nlp.tag_text(text, report_id=f"in/{name}-{year}.txt")


def scored(one: Report, *scores: float, by: str = "rule") -> Report:
    """The report with scores and a decider on its facts."""
    facts = tuple(replace(f, score=s, decided_by=by) for f, s in zip(one.facts, scores, strict=True))
    return replace(one, facts=facts)


def output(tmp_path: Path, *reports: Report) -> Path:
    gia_nlp.write_reports(reports, tmp_path / "out")
    return tmp_path / "out"


PLAIN = "全年通过门户网站主动公开信息20条，举办业务培训2次，效果良好。"


def test_the_nearer_to_one_half_the_more_doubt(tmp_path: Path) -> None:
    names = ("青垄县财政局", "潼湖区民政局", "汐口区水利局")
    reports = [scored(report(n, 2022, PLAIN), s, s) for n, s in zip(names, (0.98, 0.55, 0.8), strict=True)]
    found = suggest(output(tmp_path, *reports), 3, kinds=["facts"])
    assert [d.more["report_id"] for d in found] == [f"in/{names[1]}-2022.txt"]  # the others have the same wording
    assert "2 marks with a score near ½ (0.55, 0.55)" in found[0].more["reasons"]
    by_report: dict[str, float] = {}
    for passage in read_passages(tmp_path / "out", ("facts",)):
        name = passage.report["report_id"]
        by_report[name] = max(by_report.get(name, 0.0), doubt(passage, has_model=False).value)
    ordered = sorted(by_report, key=lambda r: -by_report[r])
    assert ordered == [f"in/{n}-2022.txt" for n in (names[1], names[2], names[0])]


def test_rules_and_model_at_odds_count_only_where_there_is_a_model(tmp_path: Path) -> None:
    one = report("青垄县财政局", 2022, PLAIN)
    other = report("潼湖区民政局", 2022, "全年通过微信公众号发布信息31条，召开会议4次，反响热烈。")
    agree = scored(one, 0.99, 0.99, by="both")
    odds = replace(
        other,
        facts=tuple(replace(f, score=0.99, decided_by=b) for f, b in zip(other.facts, ("both", "rule"), strict=True)),
    )
    found = suggest(output(tmp_path, agree, odds), 2, kinds=["facts"])
    assert found[0].more["report_id"] == odds.report_id
    assert found[0].more["reasons"][0] == "1 mark on which rules and model do not agree"
    rules_only = [replace(r, facts=tuple(replace(f, decided_by="rule") for f in r.facts)) for r in (agree, odds)]
    (tmp_path / "more").mkdir()
    again = suggest(output(tmp_path / "more", *rules_only), 2, kinds=["facts"])
    assert not any("agree" in reason for d in again for reason in d.more["reasons"])


def test_counts_that_became_no_fact_are_named(tmp_path: Path) -> None:
    one = report("青垄县财政局", 2022, "全年通过门户网站主动公开信息20条，另有存量档案33件待清点，旧账17册。")
    (found,) = suggest(output(tmp_path, one), 1, kinds=["facts"])
    (reason,) = [r for r in found.more["reasons"] if "became no fact" in r]
    assert "33件" in reason


def test_like_passages_are_not_suggested_twice(tmp_path: Path) -> None:
    same = [
        scored(report(n, 2022, PLAIN.replace("20", str(n_))), 0.5, 0.5)
        for n_, n in enumerate(("甲县财政局", "乙县财政局", "丙县财政局"), 5)
    ]
    other = scored(report("丁县财政局", 2022, "经统计，微博粉丝达到3.4万人，访问量45万余次，反响热烈。"), 0.7, 0.7)
    found = suggest(output(tmp_path, *same, other), 3, kinds=["facts"])
    assert len(found) == 2 and found[1].more["report_id"] == other.report_id
    assert any(r.startswith("unlike what comes before") for r in found[1].more["reasons"])
    without = suggest(tmp_path / "out", 3, kinds=["facts"], without=[from_report(same[0]), found[0]])
    assert [d.more["report_id"] for d in without] == [other.report_id]


def test_years_and_agencies_share(tmp_path: Path) -> None:
    kinds = ("发布", "推送", "公示", "刊登", "印发", "转载")
    reports = [
        scored(
            report(
                f"溪岭市{w}局", 2020 if i < 5 else 2011, f"全年{w}各类{w * 2}文件与{w}稿件{30 + i}条，覆盖{w * 3}领域。"
            ),
            *[0.5] * n,
        )
        for i, w in enumerate(kinds)
        for n in [len(report("甲县", 2020, f"全年{w}各类{w * 2}文件与{w}稿件{30 + i}条，覆盖{w * 3}领域。").facts)]
    ]
    found = suggest(output(tmp_path, *reports), 2, kinds=["facts"])
    assert {d.meta["year"] for d in found if d.meta} == {2020, 2011}


def test_sections_on_problems_come_whole(tmp_path: Path) -> None:
    vague = "五、存在的主要问题及改进情况\n工作总体平稳，有关方面情况总体尚可，来年继续努力前行。\n"
    quiet, other = report("青垄县财政局", 2022, problems=vague), report("潼湖区民政局", 2022)
    found = suggest(output(tmp_path, quiet, other), 2, kinds=["items"])
    for document in found:
        assert document.text.startswith("五、存在的主要问题及改进情况") and document.items is not None
        assert document.facts is None and document.predicted
        for item in document.items:
            assert document.text[item.start : item.end] == item.quote


def test_no_table_is_in_a_passage(root: Path, tmp_path: Path) -> None:
    names = (
        "xiling-city-2019.txt",
        "qinglong-county-2022.md",
        "qinglong-archives-2021.txt",
        "xikou-healthcare-2024.txt",
    )
    folder = output(tmp_path, *gia_nlp.tag_many([root / "data" / "examples" / n for n in names]))
    cells = gia_nlp.read_frames(folder)["cells"].dropna(subset=["start_char"])
    number = 0
    for passage in read_passages(folder, ("facts",)):
        own = cells[cells["report_id"] == passage.report["report_id"]]
        end = passage.start + len(passage.text)
        assert not ((own["start_char"] < end) & (own["end_char"] > passage.start)).any(), passage.text
        for fact in passage.facts:
            assert passage.text[fact.start : fact.end] == fact.quote
        number += 1
    assert number > 15


def test_paragraphs_of_a_text_without_line_ends_are_cut_at_sentences() -> None:
    text = "全年发布信息39条，比上年增加。" * 100
    cut = list(paragraphs(text, 0, len(text), []))
    assert all(b - a <= 400 and text[b - 1] == "。" for a, b in cut)
    assert "".join(text[a:b] for a, b in cut) == text


def test_the_command_writes_what_the_other_commands_read(tmp_path: Path) -> None:
    other = "全年通过微信公众号发布信息31条，召开会议4次，反响热烈。"
    reports = [
        scored(report("青垄县财政局", 2022, PLAIN), 0.5, 0.6),
        scored(report("潼湖区民政局", 2021, other), 0.5, 0.6),
    ]
    folder = output(tmp_path, *reports)

    def run(*arguments: str | Path) -> str:
        result = CliRunner().invoke(app, ["annotate", *map(str, arguments)])
        assert result.exit_code == 0, result.stderr
        return result.stderr

    said = run("suggest", folder, "--count", "4", "--out", tmp_path / "s.jsonl")
    assert "3 passages in" in said and "1 fewer than asked for" in said and "near ½" in said
    run("suggest", folder, "--count", "4", "--out", tmp_path / "again.jsonl")
    assert (tmp_path / "s.jsonl").read_bytes() == (tmp_path / "again.jsonl").read_bytes()
    lines = [json.loads(line) for line in (tmp_path / "s.jsonl").read_text(encoding="utf-8").splitlines()]
    assert all(line["predicted"] and line["reasons"] and 0 < line["doubt"] <= 1 for line in lines)
    assert [line["rank"] for line in lines] == [1, 2, 1]
    run("export", tmp_path / "s.jsonl", "--to", "doccano", "--out", tmp_path / "d.jsonl")
    run("import", tmp_path / "d.jsonl", "--from", "doccano", "--out", tmp_path / "gold.jsonl")
    gold = list(load_gold(tmp_path / "gold.jsonl"))
    assert {d.more["style"] for d in gold} == {"青垄县财政局", "潼湖区民政局"}
    result = CliRunner().invoke(
        app,
        [
            "annotate",
            "suggest",
            str(folder),
            "--count",
            "4",
            "--out",
            str(tmp_path / "n.jsonl"),
            "--without",
            str(tmp_path / "gold.jsonl"),
        ],
    )
    assert result.exit_code == 1 and "no passage in doubt" in result.stderr


def test_wrong_usage_is_told(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="lacks the tables reports"):
        suggest(tmp_path, 3)
    with pytest.raises(GoldError, match="no kind is called noise"):
        suggest(tmp_path, 3, kinds=["noise"])
