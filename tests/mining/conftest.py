"""Corpora to mine: a synthetic panel, read by the rules and as it truly is, and tables made by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gia_nlp import mining
from gia_nlp.frames.convert import to_frames
from gia_nlp.frames.output import write_frames
from gia_nlp.mining.corpus import Corpus
from gia_nlp.records import Document, Item, Report
from gia_nlp.synthesis import make_reports

AGENCIES, YEARS = 40, 6
Gold = dict[str, dict[str, Any]]


@pytest.fixture(scope="session")
def panel_gold() -> Gold:
    """What is true of the reports of the panel, by report."""
    return {}


@pytest.fixture(scope="session")
def panel_reports(panel_gold: Gold) -> list[Report]:
    """A panel of 40 agencies over six years, tagged by the rules."""
    from gia_nlp.pipeline import load, tag_document

    nlp = load("zh_gia_rules")
    out = []
    for made in make_reports(AGENCIES * YEARS, seed=3, layouts=["tabs", "pipes"], panel=True):
        assert made.text is not None
        out.append(tag_document(Document(text=made.text, path=made.file), report_id=made.name, nlp=nlp))
        panel_gold[made.name] = made.gold
    return out


@pytest.fixture(scope="session")
def read_panel(panel_reports: list[Report], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    """The panel as the rules read it."""
    yield from _opened(panel_reports, tmp_path_factory.mktemp("read"))


@pytest.fixture(scope="session")
def true_panel(
    panel_reports: list[Report], panel_gold: Gold, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Corpus]:
    """The panel with the problems and remedies that are truly there."""
    reports = [_with_items(r, panel_gold[r.report_id]) for r in panel_reports]
    yield from _opened(reports, tmp_path_factory.mktemp("true"))


def _opened(reports: list[Report], folder: Path) -> Iterator[Corpus]:
    write_frames(to_frames(reports), folder)
    with mining.open(folder) as corpus:
        yield corpus


def _with_items(report: Report, gold: dict[str, Any]) -> Report:
    items = tuple(
        Item(i["kind"], i["when"], i["start"], i["end"], i["quote"], tuple(i["categories"]), (1.0,) * len(i["categories"]), tuple(i["remedies"]))
        for i in gold["items"]
    )  # fmt: skip
    return replace(report, items=items, meta=replace(report.meta, none_reported=gold["none_reported"]))


@pytest.fixture
def corpus_of(tmp_path: Path) -> Iterator[Callable[..., Corpus]]:
    """Makes corpora of a few reports; see :func:`gia_nlp.frames.to_frames`."""
    opened: list[Corpus] = []

    def make(*reports: Report, format: str = "parquet") -> Corpus:
        folder = tmp_path / f"tables{len(opened)}"
        write_frames(to_frames(reports), folder, format=format)
        opened.append(mining.open(folder))
        return opened[-1]

    yield make
    for corpus in opened:
        corpus.close()
