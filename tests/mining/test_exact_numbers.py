"""Small tables whose numbers can be counted by hand."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from gia_nlp import mining
from gia_nlp.mining import sentences, sketches
from gia_nlp.mining.associating import superiority
from gia_nlp.mining.corpus import Corpus
from gia_nlp.mining.repeating import compare
from gia_nlp.records import Cell, Check, Fact, Item, Metadata, Report, Section

Make = Callable[..., Corpus]


def problem(text: str, *categories: str, remedies: tuple[int, ...] = (), status: str = "current") -> Item:
    return Item("problem", status, 0, len(text), text, categories, (1.0,) * len(categories), remedies)


def remedy(text: str, *categories: str, status: str = "planned") -> Item:
    return Item("remedy", status, 0, len(text), text, categories, (1.0,) * len(categories))


def report(place: str, year: int, *items: Item, text: str = "无。", none: bool = False, **more: object) -> Report:
    meta = Metadata(
        issuer=f"{place}教育局", region=place, level="县", agency_kind="教育", year=year, form="2021", is_report=True,
        none_reported=none,
    )  # fmt: skip
    name = f"{place}{year}"
    placed = []
    for item in items:  # spans of their own, in the order given
        start = placed[-1].end if placed else 0
        placed.append(
            Item(
                item.kind,
                item.status,
                start,
                start + len(item.quote),
                item.quote,
                item.categories,
                item.category_scores,
                item.remedies,
            )
        )
    return Report(name, text, name, "text", "", meta, items=tuple(placed), **more)  # type: ignore[arg-type]


A, B = "青垄县", "汐口县"


def named(*categories: str) -> tuple[Item, ...]:
    return tuple(problem(f"在{c}方面还有差距", c) for c in categories)


@pytest.fixture
def chain(corpus_of: Make) -> Corpus:
    """Two agencies: A over five years with a gap, B over three, of which one lists nothing."""
    return corpus_of(
        report(A, 2018, *named("coverage", "platform")),
        report(A, 2019, *named("coverage")),
        report(A, 2020, *named("coverage", "capacity")),
        report(A, 2022, *named("coverage")),
        report(B, 2019, *named("platform")),
        report(B, 2020, none=True),
        report(B, 2021),
    )


def test_shares_count_reports_that_list_items_or_say_none(chain: Corpus) -> None:
    frame = mining.recurrence(chain).set_index("category")
    assert frame.loc["coverage", ["named", "reports"]].tolist() == [4, 6]
    assert frame.loc["platform", "share"] == pytest.approx(2 / 6)
    assert frame.loc["coverage", "report_ids"].tolist() == [f"{A}{y}" for y in (2018, 2019, 2020, 2022)]
    by_year = mining.recurrence(chain, by="year").set_index(["year", "category"])
    assert by_year.loc[(2019, "coverage"), ["named", "reports"]].tolist() == [1, 2]
    assert 2021 not in by_year.index.get_level_values(0), "a report that lists nothing is in no share"
    assert by_year.loc[(2020, "coverage"), "low"] == pytest.approx(0.0945, abs=1e-4)


def test_persistence_takes_years_that_follow(chain: Corpus) -> None:
    """2018>2019, 2019>2020 of A and 2019>2020 of B; 2020>2022 is a gap, and 2021 of B lists nothing."""
    frame = mining.persistence(chain).set_index("category")
    assert frame.loc["coverage", ["named", "again", "not_named", "begun"]].tolist() == [2, 2, 1, 0]
    assert frame.loc["platform", ["named", "again"]].tolist() == [2, 0]
    assert frame.loc["capacity", ["named", "not_named", "begun"]].tolist() == [0, 3, 1]
    assert frame.loc["all", ["named", "again", "not_named", "begun"]].tolist() == [4, 2, 3 * 16 - 4, 1]
    assert list(frame.loc["coverage", "report_ids"]) == [f"{A}2018 > {A}2019", f"{A}2019 > {A}2020"]
    by_region = mining.persistence(chain, by="region").set_index(["region", "category"])
    assert by_region.loc[(B, "all"), ["named", "again"]].tolist() == [1, 0]
    assert by_region.loc[(A, "all"), "share"] == pytest.approx(2 / 3)


def test_spells_are_censored_where_nothing_is_known(chain: Corpus) -> None:
    frame = mining.spells(chain, category="coverage")
    rows = frame[["first_year", "last_year", "length", "left_censored", "right_censored"]].to_numpy().tolist()
    assert rows == [[2018, 2020, 3, True, True], [2022, 2022, 1, True, True]]
    platform = mining.spells(chain, category="platform").set_index("agency_id")
    assert not platform.loc[f"{A}:教育", "right_censored"] and not platform.loc[f"{B}:教育", "right_censored"]
    survival = mining.spell_survival(chain)
    assert survival[["category", "length", "at_risk", "ended"]].to_numpy().tolist() == [
        ["all", 1, 1, 0],
        ["capacity", 1, 1, 0],
    ]


def test_categories_together(corpus_of: Make) -> None:
    corpus = corpus_of(
        *(report(A, 2010 + i, *named("coverage", "platform")) for i in range(4)),
        *(report(B, 2010 + i, *named("coverage")) for i in range(2)),
        report(B, 2015, *named("platform")),
        *(report(B, 2016 + i, none=True) for i in range(3)),
    )
    row = mining.cooccurrence(corpus).query("category_a == 'coverage' and category_b == 'platform'").iloc[0]
    assert row[["together", "a", "b", "reports"]].tolist() == [4, 6, 5, 10]
    assert row["lift"] == pytest.approx(4 * 10 / 30)
    assert row["odds_ratio"] == pytest.approx(4 * 3 / (2 * 1))
    assert row["p_value"] == pytest.approx(0.19671, abs=1e-4)
    assert row["low"] < 1 < row["high"] and row["q_value"] >= row["p_value"]


def test_promises_and_their_verdicts(corpus_of: Make) -> None:
    corpus = corpus_of(
        report(
            A, 2020,
            problem("公开内容不够全面", "coverage", remedies=(1,)),
            remedy("梳理应公开事项清单，补充公开内容", "coverage"),
            remedy("组织全员业务轮训，提高答复水平", "capacity"),
            remedy("改版门户网站首页", "platform"),
        ),
        report(
            A, 2021,
            remedy("已梳理应公开事项清单，补充公开内容", "coverage", status="done"),
            remedy("新聘请两名专职人员", "capacity", status="done"),
            remedy("增设线下查阅点", "interaction"),
        ),
        report(A, 2022, problem("更新不够及时", "timeliness")),
        report(B, 2022, remedy("改版门户网站首页", "platform")),
    )  # fmt: skip
    frame = mining.promises(corpus).set_index("item_id")
    verdicts = frame["verdict"].to_dict()
    assert verdicts == {
        f"{A}2020#i2": "kept", f"{A}2020#i3": "kept_by_category", f"{A}2020#i4": "not_told", f"{A}2021#i3": "nothing_told",
        f"{B}2022#i1": "no_report",
    }  # fmt: skip
    assert frame.loc[f"{A}2020#i2", "next_item_id"] == f"{A}2021#i1"
    assert frame.loc[f"{A}2020#i2", "similarity"] > 0.9
    whole = mining.promise_rates(corpus).iloc[0]
    assert whole[["promised", "kept", "kept_by_category", "told"]].tolist() == [4, 1, 2, 3]
    assert (whole["low"], whole["high"]) == pytest.approx(mining.wilson(1, 4), abs=1e-3)


def test_problems_that_no_remedy_answers(corpus_of: Make) -> None:
    corpus = corpus_of(
        report(
            A, 2020,
            problem("公开内容不够全面", "coverage", remedies=(3,)),
            problem("解读形式单一", "interpretation"),
            problem("网站栏目不合理", "platform"),
            remedy("补充公开内容", "coverage", "platform"),
            problem("去年宣传不够", "publicity", status="previous"),
        ),
    )  # fmt: skip
    frame = mining.unanswered_problems(corpus).set_index("quote")
    assert frame["same_category"].to_dict() == {"解读形式单一": False, "网站栏目不合理": True}
    rates = mining.unanswered_rates(corpus).set_index("category")
    assert rates.loc["all", ["problems", "unanswered", "without_category"]].tolist() == [3, 2, 1]
    assert rates.loc["coverage", "unanswered"] == 0 and "publicity" not in rates.index


SAME = "我局严格落实政府信息公开条例的各项要求。"
COUNT = "全年共召开政府信息公开专题会议{}次，研究部署重点任务。"


def _texts(*bodies: str) -> tuple[str, tuple[Section, ...]]:
    overview, problems = bodies
    text = overview + problems
    return text, (
        Section("overview", None, 0, 0, len(overview)),
        Section("problems", None, len(overview), len(overview), len(text)),
    )


def test_repetition_by_hand(corpus_of: Make) -> None:
    first, its = _texts(SAME + COUNT.format(3), "一是部分栏目信息更新不够及时有效。二是业务骨干培训的次数明显偏少了。")
    second, sections = _texts(
        SAME + "新增一句从来没有说过的话在这里。" + COUNT.format(12),
        "1.部分栏目信息更新不够及时有效。2.业务骨干培训的次数仍然偏少了。",
    )
    corpus = corpus_of(
        report(A, 2020, text=first, sections=its), report(A, 2021, text=second, sections=sections),
        report(B, 2021, text=second, sections=sections),
    )  # fmt: skip
    frame = mining.repetition(corpus)
    assert frame["report_id"].tolist() == [f"{A}2021"]
    row = frame.iloc[0]
    assert row[["sentences", "repeated", "near"]].tolist() == [5, 3, 1]
    assert row[["problem_sentences", "problem_repeated", "problem_near"]].tolist() == [2, 1, 1]
    assert row["share"] == pytest.approx(0.6) and row["problem_share_near"] == 1.0
    shown = mining.repeated_sentences(corpus, f"{A}2021")
    assert shown["kind"].tolist() == ["exact", "new", "exact", "exact", "near"]
    assert shown["section"].tolist() == ["overview"] * 3 + ["problems"] * 2
    assert mining.repeated_sentences(corpus, f"{B}2021").empty
    with pytest.raises(mining.MiningError, match="no report"):
        mining.repeated_sentences(corpus, "nothing")


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("全年组织业务培训3次，参训45人。", "全年组织业务培训十二次，参训300人。", "exact"),
        ("（一）公开平台的栏目设置不够合理。", "3.公开平台的栏目设置不够合理；", "exact"),
        ("公开平台的栏目设置还不够合理规范。", "公开平台的栏目设置还不够科学规范。", "near"),
        ("依申请公开的答复文书不够规范严谨。", "公开平台的栏目设置还不够科学规范。", "new"),
        ("各单位对信息公开工作的重视程度参差不齐，有的单位\n　　全年没有更新过信息。", "各单位对信息公开工作的重视程度参差不齐，有的单位全年没有更新过信息。", "exact"),
    ],
)  # fmt: skip
def test_what_counts_as_the_same_sentence(one: str, other: str, kind: str) -> None:
    assert [r["kind"] for r in compare(one, other)] == [kind]


def test_database_and_python_split_alike(read_panel: Corpus) -> None:
    """The sentences of the database are those that are shown."""
    sentences.add_sentences(read_panel)
    counted = read_panel.sql("SELECT report_id, count(*) AS many FROM sentences JOIN base USING (n) GROUP BY report_id")
    texts = read_panel.sql("SELECT report_id, text FROM texts").set_index("report_id")["text"]
    assert dict(zip(counted["report_id"], counted["many"], strict=True)) == {
        i: len(sentences.split(t)) for i, t in texts.items()
    }


def test_sketches_estimate_the_similarity() -> None:
    rng = np.random.default_rng(5)
    words = [chr(c) for c in rng.integers(0x4E00, 0x9F00, 400)]
    base = "".join(words)
    texts = [
        base,
        *(
            base[:cut] + "".join(chr(c) for c in rng.integers(0x4E00, 0x9F00, 400 - cut))
            for cut in (380, 320, 240, 120)
        ),
        "",
        "短",
    ]
    found = sketches.sketches(texts)
    for i in range(1, 5):
        assert abs(float((found[0] == found[i]).mean()) - sketches.jaccard(base, texts[i])) < 0.2
    hashes, starts = sketches.gram_hashes(texts)
    assert starts.tolist() == [0, 397, 794, 1191, 1588, 1985, 1985] and len(hashes) == 1985
    again = sketches.sketches(texts[2:3])
    assert (again[0] == found[2]).all(), "a sketch does not depend on the texts beside it"


def test_contradictions_show_both_sides(corpus_of: Make) -> None:
    text = "全年收到政府信息公开申请15件。\n新收\t12\n"
    at = text.index("15件")
    fact = Fact("requests_received", 15.0, at, at + 3, "15件", unit="件", section="overview")
    cell = Cell(
        "2021",
        "requests",
        "received",
        "total",
        12.0,
        None,
        "number",
        "12",
        None,
        text.index("12\n"),
        text.index("12\n") + 2,
    )
    checks = (
        Check("prose.requests_received", "received.total", 15.0, 12.0, 3.0, "fails", f"prose “15件” at {at}"),
        Check("requests.row_total", "received", 12.0, 11.0, 1.0, "fails"),
        Check("requests.row_total", "granted", 1.0, 1.0, 0.0, "holds"),
    )
    corpus = corpus_of(report(A, 2021, text=text, facts=(fact,), cells=(cell,), checks=checks))
    row = mining.contradictions(corpus).iloc[0]
    assert (row["prose_quote"], row["table_quote"], row["prose_sentence"]) == (
        "15件",
        "12",
        "全年收到政府信息公开申请15件",
    )
    assert row["fact_id"] == f"{A}2021#f1" and list(row["cells"]) == ["requests.received.total"]
    assert mining.failed_sums(corpus)[["rule", "scope", "difference"]].to_numpy().tolist() == [
        ["requests.row_total", "received", 1.0]
    ]
    assert mining.breaks(corpus).empty
    scored = mining.quality(corpus).iloc[0]
    assert scored["sums_hold"] == 0.5 and scored["prose_agrees"] == 0.0 and pd.isna(scored["problems_answered"])


def test_gaps_of_the_panel_are_seen(corpus_of: Make) -> None:
    cells = [
        Cell("2021", "requests", f"refused.{row}", "total", v, None, "number", str(v))
        for row, v in (("state_secret", 2.0), ("third_party", 3.0))
    ]
    trained = Fact("training_sessions", 4.0, 0, 1, "无")
    corpus = corpus_of(report(A, 2019, facts=(trained,)), report(A, 2021, cells=tuple(cells)), report(A, 2022))
    wide = mining.panel(corpus)
    assert wide["year"].tolist() == [2019, 2020, 2021, 2022] and wide["gap"].tolist() == [False, True, False, False]
    assert len(mining.panel(corpus, gaps=False)) == 3
    long = mining.series(corpus, indicators=["applications_refused", "training_sessions"]).set_index(
        ["indicator", "year"]
    )
    refused = long.loc[("applications_refused", 2021)]
    assert refused["value"] == 5 and not refused["complete"] and refused["source_column"].count(" + ") == 7
    assert long["gap"].fillna("-").tolist() == [
        "not_stated",
        "no_report",
        "-",
        "not_stated",
        "-",
        "no_report",
        "not_stated",
        "not_stated",
    ]
    assert long.loc[("training_sessions", 2019), "fact_id"] == f"{A}2019#f1"
    assert mining.series(corpus, agencies=[f"{B}:教育"]).empty
    with pytest.raises(mining.MiningError, match="no series"):
        mining.series(corpus, indicators=["nonsense"])


def test_effects_by_hand() -> None:
    codes = np.array([0, 1, 1, 2, 3, 0])
    named = np.array([False, False, True, True, True, False])
    wins = [(1.0 if a > b else 0.5 if a == b else 0.0) for a in codes[named] for b in codes[~named]]
    assert superiority(codes, named, np.arange(6))["effect"] == pytest.approx(sum(wins) / len(wins))
    rng = np.random.default_rng(2)
    values, flags = rng.integers(0, 9, 400), rng.random(400) < 0.4
    from scipy.stats import mannwhitneyu

    alone = superiority(values, flags, np.arange(400))
    test = mannwhitneyu(values[flags], values[~flags], use_continuity=False)
    assert alone["effect"] == pytest.approx(test.statistic / (flags.sum() * (~flags).sum()))
    assert alone["p_value"] == pytest.approx(test.pvalue, abs=0.02)
    twice = superiority(np.tile(values, 4), np.tile(flags, 4), np.tile(np.arange(400), 4))
    assert twice["high"] - twice["low"] == pytest.approx(alone["high"] - alone["low"], rel=0.05), (
        "copies of a report add nothing"
    )


def test_themes_part_what_is_different(corpus_of: Make) -> None:
    halls = [f"办公大厅{x}设备老化" for x in ("照明", "取号", "空调", "监控", "打印")]
    cars = [f"下乡巡查车辆{x}不足" for x in ("数量", "油料", "司机", "维修", "保险")]
    texts = [x for pair in zip(halls, cars, strict=True) for x in pair]
    corpus = corpus_of(
        *(report(A, 2010 + i, problem(t, "other"), problem("公开不及时", "timeliness")) for i, t in enumerate(texts))
    )
    frame = mining.themes(corpus)
    assert sorted(frame["items"].head(2)) == [5, 5] and frame.attrs["items"] == 10
    assert {frozenset(q) for q in frame["quotes"].head(2)} == {frozenset(halls), frozenset(cars)}
    first = frame.iloc[0]
    quotes = corpus.sql("SELECT item_id, quote FROM items").set_index("item_id")["quote"]
    assert [quotes[i] for i in first["item_ids"]] == list(first["quotes"])
    assert any("大厅" in t or "车辆" in t for t in first["terms"])
    assert mining.themes(corpus, kind="remedy").empty
    assert len(mining.themes(corpus, count=3, seed=4)) == 3


# --------------------------------------------------------------------------- where tables lie


def test_parts_and_databases_are_the_same_corpus(corpus_of: Make, tmp_path: Path) -> None:
    reports = [report(A, 2018 + i, *named("coverage")) for i in range(3)]
    files, base = corpus_of(*reports), corpus_of(*reports, format="duckdb")
    folder = tmp_path / "parts"
    for table in files.folder.glob("*.parquet"):
        (folder / table.name).mkdir(parents=True)
        shutil.copy(table, folder / table.name / "part-00000.parquet")
    with mining.open(folder) as parts:
        frames = [mining.persistence(c) for c in (files, base, parts)]
        assert repr(parts) == f"<Corpus {folder}: 3 reports, 1 agencies>"
    pd.testing.assert_frame_equal(frames[0], frames[1])
    pd.testing.assert_frame_equal(frames[0], frames[2])


def test_several_reports_on_one_year_count_once_over_the_years(corpus_of: Make) -> None:
    twin = report(A, 2019, *named("platform"))
    other = Report(f"{A}2019b", "无。", "z", "text", "", twin.meta, items=twin.items)
    corpus = corpus_of(report(A, 2018, *named("coverage")), report(A, 2019, *named("coverage")), other)
    assert mining.recurrence(corpus)["reports"].iloc[0] == 3
    whole = mining.persistence(corpus).set_index("category")
    assert whole.loc["coverage", ["named", "again"]].tolist() == [1, 1] and whole.loc["platform", "begun"] == 0
    assert mining.panel(corpus)["reports_in_year"].tolist() == [1, 2]


def test_wrong_folders_and_words_are_told(corpus_of: Make, tmp_path: Path) -> None:
    with pytest.raises(mining.MiningError, match="no folder"):
        mining.open(tmp_path / "nowhere")
    with pytest.raises(mining.MiningError, match="no table") as error:
        mining.open(tmp_path)
    assert error.value.hint and "gia-nlp tag" in error.value.hint
    corpus = corpus_of(report(A, 2020, *named("coverage")))
    for wrong in (
        lambda: mining.recurrence(corpus, by="colour"), lambda: mining.recurrence(corpus, kind="praise"),
        lambda: mining.quality(corpus, weights={"beauty": 1.0}), lambda: mining.association(corpus, figures=["height"]),
        lambda: mining.themes(corpus, kind="praise"),
    ):  # fmt: skip
        with pytest.raises(mining.MiningError):
            wrong()


def test_an_empty_corpus_has_empty_frames(corpus_of: Make) -> None:
    corpus = corpus_of()
    for name in mining.__all__:
        function = getattr(mining, name)
        if name in ("Corpus", "MiningError", "open", "wilson", "alignment", "repeated_sentences") or not callable(
            function
        ):
            continue
        frame = function(corpus)
        if name in ("promise_rates", "unanswered_rates"):  # these have a row for all, of nothing
            assert frame["category"].tolist() == ["all"] and frame.iloc[0, 1:3].tolist() == [0, 0]
        else:
            assert frame.empty, name
