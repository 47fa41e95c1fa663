"""The grammar: every template expands, counts print in many forms that say what the fact says, wording varies."""

from __future__ import annotations

import random
import re
from collections import Counter
from typing import Any

import pytest

from gia_nlp.synthesis import Synthetic, make_report
from gia_nlp.synthesis.content import draw_content
from gia_nlp.synthesis.counts import chinese, printed_count
from gia_nlp.synthesis.grammar import sentence
from gia_nlp.synthesis.problems import STYLES, write
from gia_nlp.text.numerals import parse_number
from gia_nlp.vocabulary.loader import load_yaml


@pytest.mark.parametrize(
    ("n", "text"),
    [
        (0, "零"),
        (2, "两"),
        (10, "十"),
        (15, "十五"),
        (102, "一百零二"),
        (110, "一百一十"),
        (1003, "一千零三"),
        (1200, "一千二百"),
    ],
)
def test_chinese_numerals(n: int, text: str) -> None:
    assert chinese(n) == text


def test_numerals_read_back() -> None:
    for n in range(1, 1200):
        assert parse_number(chinese(n)) == n


def test_a_rounded_count_never_claims_more_than_it_prints() -> None:
    rng = random.Random(3)
    for _ in range(400):
        value = rng.randint(30, 900_000)
        count = printed_count(rng, value, "次", approx=True)
        digits = re.match(r"[\d.]+", count.text)
        assert digits is not None
        size = 10_000 if "万" in count.text else 1
        assert float(digits.group()) * size == pytest.approx(count.value)
        assert (count.bound == "exact") == (
            count.before == "" and count.after == "" and not re.search("余|多|以上", count.text)
        )


def _templates() -> list[str]:
    prose = load_yaml("synthesis/prose")
    rows = [r["t"] for topic in prose["topics"].values() for r in topic["sentences"]]
    rows += [r["t"] for table in prose["table_sentences"].values() for r in table]
    return rows + prose["other"] + prose["intro"] + prose["preamble"] + prose["notes"]


@pytest.mark.parametrize("template", _templates())
def test_every_template_expands(template: str) -> None:
    scope = draw_content(1, 0, "2021").scope
    for seed in range(3):
        made = sentence(template, random.Random(seed), scope)
        assert not set("{}«»|") & set(made.text)
        for mark in made.marks:
            topic: Any = mark.data["topic"]
            assert topic is None or topic in made.text


@pytest.mark.parametrize("style", sorted(set(STYLES)))
def test_every_style_of_problems(style: str) -> None:
    scope = draw_content(1, 0, "2021").scope
    for seed in range(20):
        made = write(random.Random(seed), scope, style)
        items = [m for line in made.lines for m in line.body.marks]
        assert bool(items) != made.none_reported
        kinds = {m.data["kind"] for m in items}
        assert kinds <= {"problem", "remedy"}
        assert made.none_reported or "problem" in kinds
        if style == "two_years":
            assert {m.data["when"] for m in items} == {"previous", "done", "current", "planned"}


def test_wording_varies() -> None:
    problems: Counter[str] = Counter()
    for index in range(250):
        for item in make_report(9, index, "tabs").gold["items"]:
            problems[item["quote"]] += 1
    assert len(problems) > 350
    assert problems.most_common(1)[0][1] < 0.05 * sum(problems.values())


def test_all_indicators_and_categories_come_up(drawn: list[Synthetic]) -> None:
    from gia_nlp.vocabulary.categories import categories
    from gia_nlp.vocabulary.indicators import indicators

    more = [make_report(31, i, "tabs").gold for i in range(250)] + [r.gold for r in drawn]
    assert {f["indicator"] for g in more for f in g["facts"]} == set(indicators())
    assert {c for g in more for i in g["items"] for c in i["categories"]} == set(categories())
    assert {f["period"] for g in more for f in g["facts"]} == {"current", "previous", "cumulative", "planned"}
    assert {f["bound"] for g in more for f in g["facts"]} == {"exact", "at_least", "about"}
