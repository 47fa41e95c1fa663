"""Every page answers, says what the tables say, and escapes what reports bring."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from lxml import html

from gia_nlp.records import Report
from gia_nlp.web.words import LANGUAGES, Words, all_words

RID = "in/水利局2024.txt"
PAGES = ["/", "/search", "/errors", "/corrections", f"/report?id={RID}", f"/compare?id={RID}", f"/edit?id={RID}&mark=f1",
         f"/edit?id={RID}&mark=i1", f"/edit?id={RID}&mark=new-fact", f"/edit?id={RID}&mark=new-item&start=3&end=9"]  # fmt: skip


def texts(answer: Any, path: str) -> list[str]:
    return [" ".join(e.text_content().split()) for e in html.fromstring(answer.text).xpath(path)]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_every_page_in_both_languages(client: Any, path: str, lang: str) -> None:
    answer = client.get(f"{path}{'&' if '?' in path else '?'}lang={lang}")
    assert answer.status_code == 200
    tree = html.fromstring(answer.text)
    assert tree.get("lang") == {"zh": "zh-Hans", "en": "en"}[lang]
    assert tree.xpath("//h1")
    for link in tree.xpath("//a/@href[starts-with(., '/')]"):
        assert client.get(link).status_code == 200, link


def test_language_is_kept(client: Any) -> None:
    assert "概览" in client.get("/").text
    assert "Overview" in client.get("/?lang=en").text
    assert "Search" in client.get("/search").text
    assert "检索" in client.get("/search?lang=zh").text
    assert client.get("/?lang=xx").status_code == 200


def test_the_dictionary_has_both_languages_for_every_word() -> None:
    for group, words in all_words().items():
        for key, pair in words.items():
            assert isinstance(pair, list), (group, key)
            assert len(pair) == 2, (group, key)
            assert all(isinstance(text, str) and text for text in pair), (group, key, pair)
            fields = [{part.split("}")[0] for part in text.split("{")[1:]} for text in pair]
            assert fields[0] == fields[1], (group, key)
    with pytest.raises(ValueError, match="no language"):
        Words("fr")


def test_overview_counts_are_those_of_the_tables(client: Any, out: Path) -> None:
    reports = pq.read_table(out / "reports.parquet").to_pylist()
    answer = client.get("/")
    assert f"{len(reports)} 报告" in texts(answer, "//ul[@class='totals']/li")
    [year] = html.fromstring(answer.text).xpath("//a[@href='/search?year=2023']/ancestor::tr")
    assert int(year.xpath("td[@class='n']")[0].text) == sum(r["year"] == 2023 for r in reports)
    items = pq.read_table(out / "items.parquet").to_pylist()
    late = {i["report_id"] for i in items if i["kind"] == "problem" and "timeliness" in i["categories"]}
    assert texts(answer, "//a[@href='/search?category=timeliness&kind=problem']") == [str(len(late))]


def test_search_and_pages(client: Any) -> None:
    answer = client.get("/search", params={"q": "门户网站 专题会议", "year": "2023"})
    assert texts(answer, "//table[@class='results']/tbody/tr/td[2]/a") == ["青垄县民政局", "青垄县水利局"]
    assert client.get("/search?page=99").status_code == 200
    nothing = client.get("/search", params={"q": "绝无此词"})
    assert "没有符合条件的报告" in nothing.text


@pytest.mark.parametrize(
    "query",
    ["category=nonsense", "year=-1", "year=2024.5", "kind=x", "only=x", "indicator=x", "q=" + "长" * 300, "page=0"],
)
def test_filters_that_say_nothing_are_refused(client: Any, query: str) -> None:
    assert client.get(f"/search?{query}").status_code == 400


@pytest.mark.parametrize(
    "path", ["/nope", "/report", "/report?id=no", "/compare?id=no", f"/edit?id={RID}&mark=f99", f"/edit?id={RID}&mark="]
)
def test_what_is_not_there(client: Any, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert html.fromstring(answer.text).xpath("//h1")


@pytest.mark.parametrize(
    "path",
    [
        "/download?table=x",
        "/download?table=texts",
        "/download?table=facts&format=exe",
        "/training?task=x",
        f"/edit?id={RID}&mark=new-fact&start=x",
    ],
)
def test_wrong_requests(client: Any, path: str) -> None:
    assert client.get(path).status_code == 400


def test_report_page_shows_all_that_was_found(client: Any, out: Path) -> None:
    answer = client.get("/report", params={"id": RID})
    tree = html.fromstring(answer.text)
    found = {
        name: [r for r in pq.read_table(out / f"{name}.parquet").to_pylist() if r["report_id"] == RID]
        for name in ("facts", "items", "cells", "checks", "texts")
    }
    text = found["texts"][0]["text"]
    [article] = tree.xpath("//article")
    assert article.text_content() == text
    assert len(tree.xpath("//li[starts-with(@id, 'l-f')]")) == len(found["facts"]) > 0
    assert len(tree.xpath("//li[starts-with(@id, 'l-i')]")) == len(found["items"]) > 0
    for n, fact in enumerate(found["facts"], 1):
        [mark] = tree.xpath(f"//article//mark[@id='f{n}']")
        assert mark.text_content() == fact["quote"]
        assert "由" in mark.get("title")
    cells = tree.xpath("//table[@class='grid']//td[@title]")
    assert len(cells) == len(found["cells"]) > 0
    assert f"{len(found['checks'])} 项检查中" in answer.text
    assert tree.xpath("//div[@class='printed']//mark")


def test_last_year_side_by_side(client: Any) -> None:
    answer = client.get("/compare", params={"id": RID, "all": 1})
    tree = html.fromstring(answer.text)
    rows = [[td.text_content() for td in tr.xpath("td")] for tr in tree.xpath("//table[@class='sides']/tbody/tr")]
    assert ["五、存在的主要问题及改进情况"] * 2 in rows
    [changed] = [tr for tr in tree.xpath("//tr[@class='changed']") if "公开信息" in tr.text_content()]
    assert [e.text for e in changed.xpath(".//del|.//ins")] == ["7", "8"]
    folded = client.get("/compare", params={"id": RID})
    assert html.fromstring(folded.text).xpath("//tr[@class='folded']")
    assert "没有同一机关上一年的报告" in client.get("/compare", params={"id": "in/水利局2022.txt"}).text


def test_errors_are_listed_and_escaped(client: Any) -> None:
    answer = client.get("/errors")
    assert "bad/empty.pdf" in answer.text
    assert "no text &lt;b&gt;" in answer.text


# --------------------------------------------------------------------------- hostile text


@pytest.mark.parametrize("path", ["/report", "/compare", "/edit"])
def test_a_hostile_report_stays_text(client: Any, evil: Report, path: str) -> None:
    for mark in ("f1", "i1") if path == "/edit" else ("",):
        answer = client.get(path, params={"id": evil.report_id, "mark": mark})
        assert answer.status_code == 200
        tree = html.fromstring(answer.text)
        assert [s.get("src") for s in tree.iter("script")] == ["/static/page.js"]
        assert not list(tree.iter("img", "b")) or path == "/report"  # the page's own <b> stand in lists of names alone
        assert not tree.xpath("//*[@*[starts-with(name(), 'on')]]")
        assert not tree.xpath("//@style")
        for script in ("<script>window", "<img src=x"):
            assert script not in answer.text


def test_every_character_of_a_hostile_text_keeps_its_place(client: Any, evil: Report) -> None:
    answer = client.get("/report", params={"id": evil.report_id})
    body = answer.text.split('<article class="text"', 1)[1].split(">", 1)[1].split("</article>", 1)[0]
    assert "&#13;" in body
    assert "\r" not in body
    [article] = html.fromstring(answer.text).xpath("//article")
    assert article.text_content() == evil.text.replace("\x0c", "\x0c")
    titles = [m.get("title") for m in article.iter("mark")]
    assert any('"><script>window.hit=3</script>' in t for t in titles)


def test_search_lists_hostile_names_escaped(client: Any, evil: Report) -> None:
    answer = client.get("/search", params={"q": "<script>window"})
    assert evil.report_id in texts(answer, "//table[@class='results']//div")
    assert "<script>window" not in answer.text


# --------------------------------------------------------------------------- downloads


def test_csv_has_what_is_filtered_and_no_formula(client: Any, out: Path) -> None:
    answer = client.get("/download", params={"table": "reports", "format": "csv", "region": "汐口区"})
    assert answer.headers["content-disposition"] == 'attachment; filename="reports.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert [r["issuer"] for r in rows] == ["'=汐口区<b>局"]
    everything = client.get("/download", params={"table": "facts", "format": "csv"})
    facts = list(csv.DictReader(io.StringIO(everything.content.decode("utf-8-sig"), newline="")))
    assert len(facts) == pq.read_metadata(out / "facts.parquet").num_rows


@pytest.mark.parametrize("table", ["reports", "panel", "facts", "items", "cells", "checks"])
def test_parquet_has_what_is_filtered(client: Any, out: Path, tmp_path: Path, table: str) -> None:
    answer = client.get("/download", params={"table": table, "format": "parquet", "year": "2023", "q": "青垄县"})
    (tmp_path / "got.parquet").write_bytes(answer.content)
    got = pq.read_table(tmp_path / "got.parquet").to_pylist()
    ids = {"in/水利局2023.txt", "in/民政局2023.txt"}
    want = [r for r in pq.read_table(out / f"{table}.parquet").to_pylist() if r["report_id"] in ids]
    key = repr
    assert sorted(got, key=key) == sorted(want, key=key)
    assert want
