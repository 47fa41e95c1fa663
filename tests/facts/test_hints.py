"""Hints never hide a match: what they rule out, no pattern finds; and sentences passed over state nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gia_nlp.facts.candidates import candidates
from gia_nlp.facts.context import Sentence, Signs, sentences
from gia_nlp.facts.denials import denial_candidates, denial_sign
from gia_nlp.facts.fillers import is_empty
from gia_nlp.facts.hints import CHANNEL, CUMULATIVE, PLANNED, PREVIOUS, cue_bit, hints_of
from gia_nlp.records import Layout, Metadata, Prose
from gia_nlp.text.normalise import normalise
from gia_nlp.text.quantities import find_quantities, quantity_sign
from gia_nlp.vocabulary.channels import channel_pattern
from gia_nlp.vocabulary.facts import fact_cues
from gia_nlp.vocabulary.periods import period_cues

WORDS = (
    "2024年 本年度 上年 去年 同比 计划 拟在 力争 累计 自2016年 以来 开通 全年 共 主动公开 公开 发布 政府信息 政策解读 网站 公众号 微博 在各平台 "
    "收到 申请 受理 答复 不予公开 予以公开 行政复议 行政诉讼 未 未收到 没有 无 零 不 不收取 费用 暂不 不断 无论 会议 培训 12 3 一 两 近千 45万余 多 条 "
    "件 次 场 期 人次 % 、 ， ； 。 ： （ ） 《 》 “ ” 其中 第 号 12345 稿 村 \n"
)
_texts = st.lists(st.sampled_from(re.split(" ", WORDS)), max_size=40).map("".join)


@given(st.lists(_texts, min_size=1, max_size=4))
def test_where_a_pattern_matches_its_hint_is_set(texts: list[str]) -> None:
    periods = period_cues()
    named = {
        PLANNED: periods.planned,
        PREVIOUS: periods.previous,
        CUMULATIVE: periods.cumulative,
        CHANNEL: channel_pattern(),
    }
    patterns = named | {cue_bit(i): cue.pattern for i, cue in enumerate(fact_cues())}
    for text, hints in zip(texts, hints_of(texts), strict=True):
        for bit, pattern in patterns.items():
            for match in pattern.finditer(text):
                assert hints.whole & bit
                assert hints.between(*match.span()) & bit or not match.group()


@given(_texts)
def test_a_sentence_passed_over_holds_no_candidate(text: str) -> None:
    layout = Layout((), (Prose("overview", 0, len(text)),), (), Metadata(year=2024))
    told = list(sentences(text, layout, Signs(quantity_sign(small_bare=False), denial_sign())))
    counting = {s.start for s in told if s.counts}
    denying = {s.start for s in told if s.denies}
    for sentence in sentences(text, layout):
        assert not candidates(sentence, []) or sentence.start in counting
        assert not denial_candidates(sentence) or sentence.start in denying


@given(_texts)
def test_what_holds_a_quantity_holds_its_sign(text: str) -> None:
    words = normalise(text).text
    assert quantity_sign().search(words) or not list(find_quantities(words))


@pytest.mark.parametrize(
    ("words", "empty"), [("", True), ("全年，共计", True), ("我局累计", True), ("主动公开", False), ("（其中：", True)]
)
def test_fillers_name_nothing(words: str, empty: bool) -> None:
    assert is_empty(words) is empty


def test_sentences_between_part_a_count_from_what_follows() -> None:
    text = "收到申请17件。工作平稳。其中网上3件。"
    layout = Layout((), (Prose("requests", 0, len(text)),), (), Metadata(year=2024))
    told = list(sentences(text, layout, Signs(quantity_sign(small_bare=False), denial_sign())))
    assert [(s.text, s.parted) for s in told] == [("收到申请17件。", False), ("其中网上3件。", True)]
    assert isinstance(told[0], Sentence)
