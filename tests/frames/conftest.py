"""Hand-made reports with every kind of record, offsets computed from their text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gia_nlp.records import Cell, Change, Check, Fact, Issue, Item, Metadata, Report, Section

TEXT = (
    "青垄县水务局2023年政府信息公开工作年度报告\n"
    "一、总体情况\n"
    "全年公开信息39条，其中网站30条，同比增长5%。举办培训约3场。\n"
    "二、申请\n收到申请4件。\n规章\t0\t\n"
    "五、存在的主要问题及改进情况\n"
    "一是公开不及时，全年仅发布2次解读。二是人手不足。下一步将增配1名人员。\n"
)


def _at(text: str, quote: str, after: str = "") -> tuple[int, int]:
    start = text.index(quote, text.index(after))
    return start, start + len(quote)


def make_fact(text: str, quote: str, indicator: str, value: float, *, after: str = "", **more: Any) -> Fact:
    start, end = _at(text, quote, after)
    return Fact(indicator, value, start, end, quote, **more)


def make_item(text: str, quote: str, kind: str, status: str, **more: Any) -> Item:
    start, end = _at(text, quote)
    return Item(kind, status, start, end, quote, **more)


def sample_report(report_id: str = "年报/青垄.txt", **changes: Any) -> Report:
    """A report with something in every table. Facts and items stand out of text order on purpose."""
    text = changes.pop("text", TEXT)
    first, second = text.index("一、总体"), text.index("五、存在")
    facts = (
        make_fact(text, "3场", "training_sessions", 3.0, bound="about", unit="场"),
        make_fact(text, "39条", "items_published", 39.0, unit="条", change=Change(5.0, "%", "up"), section="overview"),
        make_fact(text, "30条", "items_published", 30.0, unit="条", channel="website"),
        make_fact(text, "4件", "requests_received", 4.0, unit="件", after="收到"),
        make_fact(text, "2次", "policy_interpretations", 2.0, unit="次", section="problems"),
    )
    items = (
        make_item(text, "将增配1名人员", "remedy", "planned", categories=("capacity",), category_scores=(0.9,)),
        make_item(text, "公开不及时，全年仅发布2次解读", "problem", "current",
                  categories=("timeliness", "interpretation"), category_scores=(1.0, 0.8)),
        make_item(text, "人手不足", "problem", "current", categories=("capacity",),
                  category_scores=(1.0,), remedies=(0,)),
    )  # fmt: skip
    zero = _at(text, "0", "规章")
    cells = (
        Cell("2021", "proactive", "regulations", "issued", 0.0, "件", "zero", "0", None, *zero),
        Cell("2021", "proactive", "regulations", "repealed", None, None, "empty", "", None, zero[1], zero[1]),
        Cell("2021", "proactive", "fees", "amount", 1.5, "万元", "number", "1.5", None, None, None),
        Cell("2021", "requests", "received", "total", 4.0, "件", "number", "4", "from the label", None, None),
        Cell("2021", "requests", "refused.state_secret", "total", None, None, "ambiguous", "12", None, None, None),
        Cell("2021", "requests", "carried_in", "total", 0.0, "件", "zero", "0", None, None, None),
    )
    checks = (
        Check("received_total", "natural_person", 4.0, 5.0, -1.0, "fails"),
        Check("processed_total", "total", 4.0, 4.0, 0.0, "holds", "both read"),
        Check("rows", "total", None, None, None, "not_assessable"),
    )
    meta = Metadata("年度报告", "青垄县水务局", "青垄县", None, "county", None, 2023, "2024-01-30", "2021", True)
    fields: dict[str, Any] = {
        "report_id": report_id,
        "text": text,
        "path": "/data/青垄.txt",
        "format": "text",
        "sha256": "ab" * 32,
        "meta": meta,
        "sections": (
            Section("preamble", None, 0, 0, first),
            Section("overview", "一、总体情况", first, text.index("\n", first) + 1, second),
            Section("problems", "五、存在的主要问题及改进情况", second, text.index("\n", second) + 1, len(text)),
        ),
        "cells": cells,
        "checks": checks,
        "facts": facts,
        "items": items,
        "errors": (Issue("structure", "UnknownHeading", "二、申请 maps to no section", None),),
        "pipeline_version": "zh_gia_rules 0.1.0",
    }
    return Report(**{**fields, **changes})


@pytest.fixture
def make_report() -> Callable[..., Report]:
    """Makes sample reports: ``make_report(report_id, **fields to change)``."""
    return sample_report


@pytest.fixture
def failed() -> Report:
    """A report of a file from which nothing could be had."""
    issue = Issue("reading", "ReadingError", "damaged", "send it again")
    return Report("年报/坏.pdf", "", "/data/坏.pdf", "", "", Metadata(), errors=(issue,))
