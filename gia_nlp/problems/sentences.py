"""Sentences of a text in normal form, and what one sentence shows: a shortfall, praise, an opening."""

from __future__ import annotations

import re

from gia_nlp.problems.context import read_label
from gia_nlp.vocabulary.problem_cues import problem_cues

_SENTENCE = re.compile(r"[^。！？\n]+[。！？]?")
_BEFORE_LABEL = re.compile(
    r"(?P<mark>[；;，])(?=(?P<label>[^；。：，\n]{2,16})：|(?P<target>针对[^；。：\n]{2,60}?问题|针对“[^”；。\n]{2,40}”[，：]|针对[^，；。：\n]{2,30}[，：]"
    r"|(?:对于|对|就|关于)[^；。：，\n]{4,40}?(?:问题|不足)[，：]|“[^”；\n]{4,40}”的?问题[，：]"
    r"|(?:上一?年度?|去年度?|20\d\d年度?)[^；。：，\n]{0,16}?(?:指出|提出|反映|反馈|存在|查摆|列出|报告)的[^；。\n]{4,50}?(?:问题|不足)))"
)
_EDGE_LEFT = " \t\n，。；：、:;,.*#·-—"
_EDGE_RIGHT = " \t\n，。；：、:;,.*#—"


def sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of the sentences between two offsets: they end at 。！？ (inside the span), at a line end, before a label.

    >>> sentences("公开不够。更新慢", 0, 8)
    [(0, 5), (5, 8)]
    """
    found = []
    for match in _SENTENCE.finditer(text, start, end):
        begin, stop = match.span()
        for mark in _BEFORE_LABEL.finditer(text, begin, stop):
            # 针对甲问题，…；针对乙问题，…: a remedy for each
            if read_label(mark.group("label") or "", None) or (mark.group("target") and mark.group("mark") in "；;"):
                found.append((begin, mark.end("mark")))
                begin = mark.end("mark")
        found.append((begin, stop))
    return [(s, e) for s, e in found if text[s:e].strip(_EDGE_LEFT)]


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without marks and blanks at its edges.

    >>> trim("：内容少。", 0, 5)
    (1, 4)
    """
    while start < end and text[start] in _EDGE_LEFT:
        start += 1
    while end > start and text[end - 1] in _EDGE_RIGHT:
        end -= 1
    return start, end


def shortfall(text: str) -> re.Match[str] | None:
    """The first word that says that something is lacking; None where there is none.

    >>> bool(shortfall("解读形式不够丰富")), bool(shortfall("不断丰富解读形式"))
    (True, False)
    """
    cues = problem_cues()
    masked = cues.deficiency_not.sub(lambda m: "＿" * len(m.group()), text)
    return cues.deficiency.search(masked)


def is_praise(text: str) -> bool:
    """Whether the sentence tells of success and of no shortfall."""
    return problem_cues().praise.search(text) is not None and shortfall(text) is None


def outside_quotes(text: str) -> str:
    """The text with what stands in quotation marks, brackets and book marks blanked, so that no mark in them separates.

    >>> outside_quotes("不够“全、新”，慢")
    '不够＿＿＿＿＿，慢'
    """
    return _QUOTED.sub(lambda m: "＿" * len(m.group()), text)


_QUOTED = re.compile(
    r"“[^”\n]{0,60}”|\"[^\"\n]{0,60}\"|《[^》\n]{0,80}》|（[^）\n]{0,80}）|\([^)\n]{0,80}\)|‘[^’\n]{0,60}’"
)
