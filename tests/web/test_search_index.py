"""The index answers as the tables would, read row by row."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gia_nlp.frames.store import read_rows
from gia_nlp.mining import MiningError
from gia_nlp.web import Filters, Index
from gia_nlp.web.comparing import SENTENCES, compare, sentences
from gia_nlp.web.texts import TextFile, folded


def matching(out: Path, filters: Filters) -> set[str]:
    """What the filters mean, the slow way."""
    texts = {r["report_id"]: r["text"] for r in read_rows(out, "texts")}
    facts = {(r["report_id"], r["indicator"]) for r in read_rows(out, "facts")}
    items = list(read_rows(out, "items"))
    failed = {r["report_id"] for r in read_rows(out, "panel") if r["checks_failed"]}
    found = set()
    for r in read_rows(out, "reports"):
        one = r["report_id"]
        words = "".join((texts[one] + (r["issuer"] or "") + (r["region"] or "") + one).split()).lower()
        kinds = (filters.kind,) if filters.kind else ("problem", "remedy")
        own = [i for i in items if i["report_id"] == one and i["kind"] in kinds]
        if (
            all(t.lower() in words for t in filters.terms)
            and (filters.year in (None, r["year"]))
            and (not filters.level or r["level"] == filters.level)
            and (not filters.form or r["form"] == filters.form)
            and (not filters.region or filters.region in (r["region"] or "") or filters.region in (r["issuer"] or ""))
            and (not filters.indicator or (one, filters.indicator) in facts)
            and (not filters.category or any(filters.category in i["categories"] for i in own))
            and (not filters.kind or bool(own))
            and (filters.only != "failed" or one in failed)
        ):
            found.add(one)
    return found


def test_filters_alone_and_together(out: Path, index: Index) -> None:
    choices: dict[str, list[Any]] = {
        "q": ["", "公开", "专题会议 培训", "WWW", "不存在", "水利局2024", "<script>", "公开\u3000信息"],
        "region": ["", "青垄县", "局", "无"], "year": [None, 2023, 2024, 1999], "level": ["", "县", "市"], "form": ["", "2021", "2019"],
        "category": ["", "timeliness", "capacity"], "kind": ["", "problem", "remedy"], "indicator": ["", "meetings", "litigations"], "only": ["", "failed"],
    }  # fmt: skip
    rng = random.Random(4)
    tried = [Filters(**{name: value}) for name, values in choices.items() for value in values]
    tried += [
        Filters(**{name: rng.choice(values) for name, values in rng.sample(sorted(choices.items()), 3)})
        for _ in range(60)
    ]
    nonempty = 0
    for filters in tried:
        want = matching(out, filters)
        got = index.search(filters, size=1000)
        assert {r["report_id"] for r in got.rows} == want, filters
        assert got.total == len(want) == len(got.rows)
        nonempty += 0 < len(want) < len(index)
    assert nonempty > 20


def test_pages_hold_every_report_once(index: Index) -> None:
    seen = [r["report_id"] for page in range(1, 6) for r in index.search(Filters(page=page), size=4).rows]
    assert len(seen) == len(index) == len(set(seen))
    years = [r["year"] or 0 for page in range(1, 6) for r in index.search(Filters(page=page), size=4).rows]
    assert years == sorted(years, reverse=True)


def test_only_corrected_reports(index: Index) -> None:
    found = index.search(Filters(only="annotated"), annotated=["in/水利局2024.txt", "gone"])
    assert [r["report_id"] for r in found.rows] == ["in/水利局2024.txt"]


def test_threads_do_not_mix(index: Index) -> None:
    from concurrent.futures import ThreadPoolExecutor

    asked = [Filters(year=y, q=q) for y in (2022, 2023, 2024) for q in ("水利局", "民政局")] * 5
    alone = [index.search(f).rows for f in asked]
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(lambda f: index.search(f).rows, asked)) == alone


def test_a_folder_without_tables(tmp_path: Path) -> None:
    with pytest.raises(MiningError, match="has no table"):
        Index(tmp_path)
    with pytest.raises(MiningError, match="no folder"):
        Index(tmp_path / "none")


def test_nothing_is_left_in_the_scratch_folder(out: Path, tmp_path: Path) -> None:
    with Index(out, scratch=tmp_path) as made:
        assert made.search(Filters(q="公开")).total
        assert list(tmp_path.iterdir())
    assert list(tmp_path.iterdir()) == []


WORDS = st.text(alphabet="公开a B\n信\U0001f600", max_size=12)


@settings(max_examples=60, deadline=None)
@given(
    texts=st.lists(WORDS, max_size=8),
    terms=st.lists(WORDS.filter(lambda t: bool(folded(t))), min_size=1, max_size=3),
    data=st.data(),
)
def test_text_file_finds_what_a_loop_finds(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], terms: list[str], data: st.DataObject
) -> None:
    among = (
        data.draw(st.none() | st.lists(st.integers(0, max(0, len(texts) - 1)), unique=True).map(sorted))
        if texts
        else None
    )
    file = TextFile(tmp_path_factory.mktemp("t") / "texts", texts)
    want = [
        n
        for n, text in enumerate(texts)
        if all(folded(t) in folded(text) for t in terms) and (among is None or n in among)
    ]
    assert list(file.having(terms, among)) == want
    file.close()


# --------------------------------------------------------------------------- side by side


def test_changed_sentences_stand_beside_each_other() -> None:
    old = "一、总体情况\n公开信息12条。召开会议2次，研究部署。全年无投诉。"
    new = "一、总体情况\n新设专栏一个。公开信息15条。召开会议3次，研究部署。"
    kinds = [(p.kind, "".join(w for w, _ in p.left), "".join(w for w, _ in p.right)) for p in compare(old, new).pairs]
    assert kinds == [
        ("same", "一、总体情况", "一、总体情况"), ("new", "", "新设专栏一个。"), ("changed", "公开信息12条。", "公开信息15条。"),
        ("changed", "召开会议2次，研究部署。", "召开会议3次，研究部署。"), ("gone", "全年无投诉。", ""),
    ]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(one=st.text(alphabet="公开信息。\n；a1", max_size=60), two=st.text(alphabet="公开信息。\n；a1", max_size=60))
def test_each_side_keeps_all_its_sentences(one: str, two: str) -> None:
    pairs = compare(one, two).pairs
    for side, text in (("left", one), ("right", two)):
        shown = ["".join(w for w, _ in getattr(p, side)) for p in pairs if getattr(p, side)]
        assert shown == sentences(text)


def test_long_texts_are_cut_and_told() -> None:
    import time

    rng = random.Random(1)
    one, two = (
        "".join(f"{''.join(rng.choices('公开信息年度工作报告', k=30))}。" for _ in range(SENTENCES + 50))
        for _ in range(2)
    )
    start = time.process_time()
    comparison = compare(one, two)
    assert comparison.cut
    assert time.process_time() - start < 5
    tables = "0\n" * 3000
    assert compare(tables, tables + "1\n").count("same") == SENTENCES
