"""The page in a real browser: search, open, correct, see the correction stored; selections become offsets; nothing hostile runs."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gia_nlp.annotation import load_gold

pytest.importorskip("playwright", reason="playwright is not installed: no tests in a browser")
CHROMIUM = os.environ.get("GIA_NLP_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no chromium on PATH: no tests in a browser")


@pytest.fixture(scope="module")
def annotations(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("browser") / "annotations"


@pytest.fixture(scope="module")
def address(out: Path, annotations: Path) -> Iterator[str]:
    """The command, running on a free port."""
    command = [
        sys.executable,
        "-m",
        "gia_nlp.cli.main",
        "serve",
        str(out),
        "--annotations",
        str(annotations),
        "--port",
        "0",
    ]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL)
    assert server.stderr is not None
    line = server.stderr.readline()
    try:
        assert " reports at http://127.0.0.1:" in line, line + server.stderr.read()
        found = line.split(" at ")[1].split()[0]
        host, port = found.removeprefix("http://").rstrip("/").split(":")
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex((host, int(port))) == 0:
                    break
            time.sleep(0.1)
        yield found.rstrip("/")
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """A page that fails the test for every message in its console: a script that was blocked leaves one."""
    context = browser.new_context(base_url=address, viewport={"width": 1300, "height": 900})
    made = context.new_page()
    made.set_default_timeout(20_000)
    messages: list[str] = []
    elsewhere: list[str] = []
    made.on("console", lambda m: messages.append(m.text))
    made.on("pageerror", lambda e: messages.append(str(e)))
    made.on("dialog", lambda d: (messages.append(d.message), d.dismiss()))
    made.on("request", lambda r: None if r.url.startswith(address) else elsewhere.append(r.url))
    yield made
    context.close()
    assert messages == []
    assert elsewhere == []


SELECT = """([place, words]) => {
  const root = document.querySelector(place), at = root.textContent.indexOf(words);
  const range = document.createRange(), walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  let seen = 0, open = false;
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const n = node.data.length;
    if (!open && at < seen + n) { range.setStart(node, at - seen); open = true; }
    if (open && at + words.length <= seen + n) { range.setEnd(node, at + words.length - seen); break; }
    seen += n;
  }
  getSelection().removeAllRanges(); getSelection().addRange(range);
  root.dispatchEvent(new MouseEvent("mouseup", { bubbles: true }));
}"""


def test_search_open_correct_and_see_it_stored(page: Any, annotations: Path) -> None:
    page.goto("/")
    page.get_by_role("link", name="检索").click()
    page.get_by_label("全文").fill("门户网站 专题会议")
    page.locator("select[name=year]").select_option("2024")
    page.get_by_role("button", name="检索").click()
    assert page.locator("table.results tbody tr").count() == 2
    page.get_by_role("link", name="青垄县水利局").click()
    page.wait_for_load_state()
    page.locator("mark#f1").click()
    assert page.locator("li#l-f1.hot").count() == 1
    page.locator("li#l-f1 a.edit").click()
    page.get_by_label("数值").fill("88")
    page.get_by_label("指标").select_option("policy_interpretations")
    page.get_by_label("校正人").fill("王编辑")
    page.get_by_role("button", name="保存").click()
    page.wait_for_url("**/report?id=*")
    assert "88 条 政策解读" in page.locator("li#l-f1").inner_text()
    assert "✓ 王编辑" in page.locator("li#l-f1").inner_text()
    [path] = annotations.glob("*.json")
    [document] = load_gold(path)
    assert (document.facts[0].value, document.facts[0].more["by"]) == (88.0, "王编辑")  # type: ignore[index]
    page.goto("/search?only=annotated&lang=en")
    assert page.locator("table.results tbody tr").count() == 1
    page.locator("table.results a").click()
    page.locator("li#l-i1 a.edit").click()
    assert page.get_by_label("Your name").input_value() == "王编辑"
    page.get_by_label("quality", exact=True).check()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/report?id=*")
    [document] = load_gold(path)
    assert "quality" in document.items[0].categories  # type: ignore[index]


def test_a_selection_in_the_text_becomes_a_new_count(page: Any, evil: Any, annotations: Path) -> None:
    from urllib.parse import quote

    page.goto(f"/report?id={quote(evil.report_id, safe='')}")
    assert page.evaluate("window.hit") is None
    assert page.evaluate("document.querySelector('article').textContent") == evil.text
    words = "\U00020000字39"  # an astral character before and inside: code points, not UTF-16 units
    page.evaluate(SELECT, ["article.text", words])
    start = evil.text.index(words)
    page.wait_for_function(
        f"document.getElementById('add-fact').href.includes('start={start}&end={start + len(words)}')"
    )
    page.locator("#add-fact").click()
    page.locator("html.js").wait_for(state="attached")
    page.wait_for_load_state()
    assert page.locator("#quote").input_value() == words
    page.evaluate(SELECT, ["#context", "39条"])
    at = evil.text.index("39条")
    assert page.get_by_label("起点").input_value() == str(at)
    assert page.get_by_label("终点").input_value() == str(at + 3)
    page.get_by_label("指标").select_option("staff")
    page.get_by_label("数值").fill("39")
    page.get_by_label("校正人").fill("王编辑")
    page.get_by_role("button", name="保存").click()
    page.wait_for_url("**/report?id=*")
    assert page.evaluate("window.hit") is None
    found = [d for p in annotations.glob("*.json") for d in load_gold(p) if d.id == evil.report_id]
    assert [(f.indicator, f.start, f.quote) for f in found[0].facts or () if f.indicator == "staff"] == [
        ("staff", at, "39条")
    ]


def test_kind_decides_which_fields_are_shown(page: Any) -> None:
    page.goto("/edit?id=in/民政局2024.txt&mark=i1")
    assert page.locator("select[name=when_problem]").is_visible()
    assert not page.locator("select[name=when_remedy]").is_visible()
    page.get_by_label("种类").select_option("remedy")
    assert page.locator("select[name=when_remedy]").is_visible()
    assert not page.locator("fieldset.lines").is_visible()


def test_nothing_is_wider_than_the_window(page: Any) -> None:
    for width in (1300, 800, 400):
        page.set_viewport_size({"width": width, "height": 800})
        for path in (
            "/",
            "/search",
            "/report?id=in/民政局2024.txt",
            "/compare?id=in/民政局2024.txt&all=1",
            "/edit?id=in/民政局2024.txt&mark=i1",
            "/errors",
        ):
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)


def test_without_scripts_it_is_searched_and_corrected(browser: Any, address: str, annotations: Path) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/search?q=民政局2023")
    page.locator("table.results a").first.click()
    page.locator("li#l-f1 a.edit").click()
    page.locator("#value").fill("77")
    page.locator("#by").fill("赵")
    page.locator("button.strong").click()
    page.wait_for_url("**/report?id=*")
    context.close()
    found = [d for p in annotations.glob("*.json") for d in load_gold(p) if d.id == "in/民政局2023.txt"]
    assert found[0].facts[0].value == 77.0  # type: ignore[index]
