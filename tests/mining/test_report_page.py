"""The page of a corpus: every part, nothing from elsewhere, every link leads somewhere, hostile text stays text."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from gia_nlp.mining.corpus import Corpus
from gia_nlp.mining.report import Written, write_report
from gia_nlp.mining.report.parts import all_parts
from gia_nlp.mining.report.words import LANGUAGES, Words, all_words
from gia_nlp.records import Check, Fact, Issue, Item, Metadata, Report

HOSTILE = "</script><script>alert('不好')</script><img src=x onerror=alert(1)>"


class Page(HTMLParser):
    """Ids, links, tags with their attributes, and the text of the page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if tag == "a" and found.get("href"):
            self.links.append(str(found["href"]))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.fixture(scope="session", params=LANGUAGES)
def written(request: pytest.FixtureRequest, read_panel: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Written:
    return write_report(read_panel, tmp_path_factory.mktemp("page") / "report.html", lang=request.param)


@pytest.fixture(scope="session")
def page(written: Written) -> Page:
    return Page(written.page.read_text(encoding="utf-8"))


def test_every_part_stands_there(page: Page, written: Written) -> None:
    assert [i for i in page.ids if i in all_parts()] == list(all_parts())
    assert set(written.missing) <= {"leftovers", "sums"}
    assert sum(tag == "svg" for tag, _ in page.tags) >= 14


def test_ids_are_unique_and_links_resolve(page: Page, written: Written) -> None:
    assert len(page.ids) == len(set(page.ids))
    inner = {link[1:] for link in page.links if link.startswith("#")}
    assert inner <= set(page.ids)
    assert sum(link.startswith("#e") for link in page.links) > 500
    outer = {link for link in page.links if not link.startswith("#")}
    assert outer and all((written.page.parent / link).is_file() for link in outer)
    evidence = {i for i in page.ids if re.fullmatch(r"e\d+", i)}
    assert evidence == {i for i in inner if re.fullmatch(r"e\d+", i)}, "evidence that no number leads to"


def test_nothing_comes_from_elsewhere(written: Written, page: Page) -> None:
    text = written.page.read_text(encoding="utf-8")
    assert not re.search(r"https?:|//[a-z]+\.|url\(|@import|<link|<iframe|<object", text)
    assert not [a for _, a in page.tags if "src" in a or any(name.startswith("on") for name in a)]
    policy = next(str(a["content"]) for tag, a in page.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    assert base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() in policy


def test_figures_are_named_and_their_numbers_tell_their_intervals(page: Page) -> None:
    for tag, attributes in page.tags:
        if tag == "svg":
            assert set(str(attributes["aria-labelledby"]).split()) <= set(page.ids)
    hints = [str(a["aria-label"]) for tag, a in page.tags if tag == "a" and "aria-label" in a]
    assert sum("95" in hint for hint in hints) > 200
    assert all(hint.strip() for hint in hints)


def test_the_page_speaks_its_language(written: Written) -> None:
    text = written.page.read_text(encoding="utf-8")
    wanted, other = ("zh", "en") if 'lang="zh-Hans"' in text else ("en", "zh")
    for name in all_parts():
        assert all_words()["parts"][name][wanted] in text
    assert all_words()["leads"]["recurrence"][other] not in text


def test_every_word_has_both_languages_with_the_same_gaps() -> None:
    for group, entries in all_words().items():
        for key, texts in entries.items():
            assert set(texts) == set(LANGUAGES), f"{group}.{key}"
            gaps = {tuple(sorted(set(re.findall(r"\{(\w+)\}", t)))) for t in texts.values()}
            assert len(gaps) == 1, f"{group}.{key}"
            assert all(isinstance(t, str) and t.strip() for t in texts.values()), f"{group}.{key}"


def test_columns_and_values_on_the_chinese_page_are_chinese(read_panel: Corpus, tmp_path: Path) -> None:
    asked: set[str] = set()

    class Listening(Words):
        def column(self, name: str) -> str:
            asked.add(name)
            return super().column(name)

    import gia_nlp.mining.report.writing as writing

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writing, "Words", Listening)
        write_report(read_panel, tmp_path / "report.html")
    words = Words("zh")
    assert len(asked) > 80
    assert not [n for n in asked if re.fullmatch(r"[a-z_ ]+", words.column(n))]


def test_another_language_is_refused(read_panel: Corpus, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="zh, en"):
        write_report(read_panel, tmp_path / "report.html", lang="fr")
    assert not list(tmp_path.iterdir())


def test_same_tables_same_bytes(read_panel: Corpus, tmp_path: Path) -> None:
    from gia_nlp import mining

    one = write_report(read_panel, tmp_path / "one" / "report.html")
    with mining.open(read_panel.folder, threads=1) as again:
        other = write_report(again, tmp_path / "other" / "report.html")
    assert one.page.read_bytes() == other.page.read_bytes()
    for name in one.csv:
        assert (one.data / name).read_bytes() == (other.data / name).read_bytes(), name


def test_the_page_is_bounded(read_panel: Corpus, tmp_path: Path) -> None:
    small = write_report(read_panel, tmp_path / "report.html", examples=1, rows=3, pairs=1)
    text = small.page.read_text(encoding="utf-8")
    assert max(box.count("<tr>") for box in text.split('<div class="tablebox"')[1:]) <= 4 + 30
    for article in re.findall(r'<article class="evidence".*?</article>', text, re.DOTALL):
        assert article.count("<li>") <= 4  # a pair of reports with two quotes each
    assert "共 240 行" in text, "a table tells how many rows there are"


def _hostile(year: int) -> Report:
    text = f"{HOSTILE}不够及时。下一步加强{HOSTILE}。公开{year}条。" + HOSTILE
    first, second = text.index(HOSTILE), text.rindex("下一步")
    problem, remedy = text[first : first + len(HOSTILE) + 5], text[second : second + 20]
    return Report(
        report_id=f"{HOSTILE}/{year}.txt",
        text=text,
        path=HOSTILE,
        format="text",
        sha256="0" * 64,
        meta=Metadata(title=HOSTILE, issuer=f"{HOSTILE}局", region=f"{HOSTILE}县", level="县", agency_kind=HOSTILE, year=year, is_report=True),
        checks=(Check("total", HOSTILE, 3.0, 4.0, -1.0, "fails", HOSTILE),),
        errors=(Issue("structure", HOSTILE, HOSTILE),),
        facts=(Fact("items_published", float(year), text.index("公开2"), text.index("公开2") + 7, text[text.index("公开2") :][:7], unit="条"),),
        items=(
            Item("problem", "current", first, first + len(problem), problem, ("timeliness",), (1.0,)),
            Item("remedy", "planned", second, second + len(remedy), remedy, ("timeliness",), (1.0,)),
        ),
    )  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_hostile_text_stays_text(corpus_of: Callable[..., Corpus], tmp_path: Path, lang: str) -> None:
    corpus = corpus_of(*(_hostile(year) for year in (2021, 2022, 2023)))
    done = write_report(corpus, tmp_path / "report.html", lang=lang)
    text = done.page.read_text(encoding="utf-8")
    page = Page(text)
    assert sum(tag == "script" for tag, _ in page.tags) == 1
    assert not [tag for tag, _ in page.tags if tag == "img"]
    assert not [a for _, a in page.tags if any(name.startswith("on") for name in a)]
    assert HOSTILE not in text and "alert(&#39;不好&#39;)" in text.replace("&#x27;", "&#39;")


def test_what_cannot_be_made_says_so(corpus_of: Callable[..., Corpus], tmp_path: Path) -> None:
    done = write_report(corpus_of(_hostile(2022)), tmp_path / "report.html")
    assert {"persistence", "spells", "promises", "repetition", "copies", "families", "contradictions"} <= set(
        done.missing
    )
    page = Page(done.page.read_text(encoding="utf-8"))
    assert [i for i in page.ids if i in all_parts()] == list(all_parts())
    text = "".join(page.texts)
    assert text.count(Words("zh")("page.missing")) == len(done.missing)
    assert Words("zh")("page.needs_years") in text and Words("zh")("page.one_year") in text


def test_a_corpus_without_reports_is_a_page_too(corpus_of: Callable[..., Corpus], tmp_path: Path) -> None:
    nothing = Report("a.txt", "通知", "a.txt", "text", "0" * 64, Metadata(is_report=False))
    done = write_report(corpus_of(nothing), tmp_path / "report.html", lang="en")
    assert set(all_parts()) - set(done.missing) <= {"overview"}


def test_names_with_odd_characters_are_linked(read_panel: Corpus, tmp_path: Path) -> None:
    done = write_report(read_panel, tmp_path / "报告 #1%.html")
    page = Page(done.page.read_text(encoding="utf-8"))
    from urllib.parse import unquote

    outer = {link for link in page.links if not link.startswith("#")}
    assert outer and all("#" not in link and (tmp_path / unquote(link)).is_file() for link in outer)
