"""Sentences of a text in normal form, and what one sentence shows: a shortfall, praise, an opening."""

from __future__ import annotations

import re

from gia_nlp.vocabulary.problem_cues import problem_cues

_SENTENCE = re.compile(r"[^。！？\n]+[。！？]?")
_EDGE_LEFT = " \t\n，。；：、:;,.*#·-—"
_EDGE_RIGHT = " \t\n，。；：、:;,.*#—"


def sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of the sentences between two offsets: they end at 。！？ (inside the span) or at a line end.

    >>> sentences("公开不够。更新慢", 0, 8)
    [(0, 5), (5, 8)]
    """
    return [m.span() for m in _SENTENCE.finditer(text, start, end) if m.group().strip(_EDGE_LEFT)]


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
