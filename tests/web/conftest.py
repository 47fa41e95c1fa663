"""A small output folder with invented reports, one of them hostile, and the page over it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import gia_nlp
from gia_nlp.records import Cell, Change, Check, Document, Fact, Issue, Item, Metadata, Report, Section

HOST = "http://localhost:8765"
HOSTILE = (
    '\U0001f600<script>window.hit=1</script>年报"><img src=x onerror="window.hit=2">\r\n一、总体情况\r\n'
    "公开信息=1+1条，'单引号'和&amp;实体，\U00020000字39条。\r\n五、存在问题\r\n一是更新</div>不及时。二是培训不足。\x0c\n"
)


def hostile() -> Report:
    """A report whose text, names and attributes try to leave their place."""
    text = HOSTILE
    at = text.index("39条")
    one, two = text.index("更新</div>不及时"), text.index("培训不足")
    evil = '"><script>window.hit=3</script>'
    return Report(
        report_id="坏/x\"><b>'&#.txt",
        text=text,
        path="坏/x.txt",
        format="text",
        sha256="0" * 64,
        meta=Metadata(title=evil + "年报", issuer="=汐口区<b>局", region="汐口区", level="县", year=2024, form="2021", is_report=True),
        sections=(
            Section("overview", "一、总体情况", text.index("一、"), text.index("一、") + 6, text.index("五、")),
            Section("problems", "五、存在问题", text.index("五、"), text.index("五、") + 6, len(text)),
        ),
        cells=(Cell("2021", "unknown", evil, "列", None, None, "text", "=1+1", evil, text.index("=1+1"), text.index("=1+1") + 4),),
        checks=(Check("rule", evil, 1.0, 2.0, -1.0, "fails", evil),),
        facts=(
            Fact("items_published", 39.0, at, at + 3, "39条", unit="条", channel="website", topic=evil, change=Change(3.0, evil, "up"), section="overview"),
        ),
        items=(
            Item("problem", "current", one, one + len("更新</div>不及时"), "更新</div>不及时", ("timeliness",), (1.0,)),
            Item("problem", "current", two, two + 4, "培训不足", ("capacity",), (0.6,)),
        ),
        errors=(Issue("structure", "Odd<i>", evil, evil),),
        pipeline_version="x",
    )  # fmt: skip


def plain(name: str, year: int, received: int, *, region: str = "青垄县") -> str:
    """An invented report."""
    return (
        f"{region}{name}{year}年政府信息公开工作年度报告\n一、总体情况\n"
        f"全年通过门户网站公开信息{received * 10}条，召开专题会议2次。依申请公开方面，收到申请{received}件。\n"
        "三、收到和处理政府信息公开申请情况\n指标\t自然人\t总计\n"
        f"一、本年新收政府信息公开申请数量\t{received}\t{received}\n"
        "五、存在的主要问题及改进情况\n存在的问题：一是部分栏目更新不及时。二是工作人员业务培训不足。\n"
        "改进措施：一是按月检查栏目更新。二是举办业务培训班。\n六、其他需要报告的事项\n无。\n"
    )


@pytest.fixture(scope="session")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output folder: two agencies over three years, twelve synthetic reports, a hostile one, a file that failed."""
    from gia_nlp.pipeline import load, tag_document
    from gia_nlp.reading import read_bytes
    from gia_nlp.synthesis import make_reports

    nlp = load("zh_gia_rules")

    def reports() -> Iterator[Report]:
        for year in (2022, 2023, 2024):
            for name, n in (("水利局", 4), ("民政局", 7)):
                text = plain(name, year, n + year - 2020)
                yield tag_document(
                    Document(text=text, path=f"in/{name}{year}.txt"), report_id=f"in/{name}{year}.txt", nlp=nlp
                )
        for made in make_reports(12, seed=5, layouts=["tabs", "html"]):
            yield tag_document(read_bytes(made.data, made.name), report_id=f"syn/{made.name}", nlp=nlp)
        yield hostile()
        yield Report(
            "bad/empty.pdf",
            "",
            "bad/empty.pdf",
            "",
            "",
            Metadata(),
            errors=(Issue("reading", "ReadingError", "no text <b>", None),),
        )

    folder = tmp_path_factory.mktemp("web") / "out"
    gia_nlp.write_reports(reports(), folder)
    return folder


@pytest.fixture(scope="session")
def index(out: Path) -> Iterator[Any]:
    """The index over the folder, made once."""
    from gia_nlp.web import Index

    with Index(out) as made:
        yield made


@pytest.fixture
def annotations(tmp_path: Path) -> Path:
    """Where corrections go."""
    return tmp_path / "annotations"


@pytest.fixture
def client(index: Any, annotations: Path) -> Any:
    """A browser without scripts, under the page's own address."""
    pytest.importorskip("fastapi", reason="the extra web is not installed")
    pytest.importorskip("httpx", reason="httpx is not installed")
    from starlette.testclient import TestClient

    from gia_nlp.web import Corrections, make_app

    app = make_app(index, Corrections(annotations))
    return TestClient(app, base_url=HOST, raise_server_exceptions=False, headers={"origin": HOST})


@pytest.fixture
def form(client: Any) -> Callable[..., dict[str, Any]]:
    """The fields of the form of a mark, as the page shows them, with changes; ``None`` leaves a field out."""

    def read(report_id: str, mark: str, **changes: Any) -> dict[str, Any]:
        from lxml import html

        start = {k: changes[k] for k in ("start", "end") if k in changes}
        answer = client.get("/edit", params={"id": report_id, "mark": mark, **start})
        assert answer.status_code == 200, answer.text
        [found] = html.fromstring(answer.text).xpath("//form[@action='/save']")
        fields: dict[str, Any] = {}
        for name, value in found.form_values():
            fields.setdefault(name, []).append(re.sub("\r?\n", "\r\n", value))
        fields |= {"by": ["李审核"], "action": ["save"]}
        fields |= {k: v if isinstance(v, list) else [str(v)] for k, v in changes.items()}
        return {k: v for k, v in fields.items() if v != ["None"]}

    return read


@pytest.fixture
def evil() -> Report:
    """The hostile report."""
    return replace(hostile())
