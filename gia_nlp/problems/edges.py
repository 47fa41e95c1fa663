"""The exact edges of a point whose pieces are known: openings, labels and closing nouns lie outside the span."""

from __future__ import annotations

import re

from gia_nlp.problems.openings import target_of
from gia_nlp.problems.sentences import shortfall
from gia_nlp.problems.splitting import strip_problem_opening, strip_remedy_opening
from gia_nlp.vocabulary.problem_cues import problem_cues

_LEAST = 3
_QUOTE = re.compile(r"“([^”\n]{4,40})”")
# 针对上年度报告指出的…问题; 主要表现在…; …三个方面
_CORE = re.compile(
    r"(?:[^，。；“”]{0,30}?(?:针对|关于|(?:指出|存在|提出|反映|报告|暴露|列出|梳理|查摆)的|(?:表现|体现|反映|集中)[在为])(?:上一?年度?(?:存在的)?)?"
    r"|(?:就|对于?))?“?(?P<what>[^“”]{4,60}?)”?等?(?:[两二三四五六\d]个?(?:方面)?)?(?:方面)?的?(?:问题|不足|现象)?"
    r"(?:(?:已经?|正在)(?:得到)?解决)?$"
)


def point_spans(text: str, start: int, end: int, kind: str, marked: bool) -> list[tuple[int, int]]:
    """The span of the point at ``text[start:end]`` without what leads up to it; several where quotes list several problems.

    >>> t = "下一步，我局将加强培训"
    >>> [t[s:e] for s, e in point_spans(t, 4, len(t), "remedy", False)]
    ['加强培训']
    >>> t = "针对上年度指出的“更新慢、内容少”问题"
    >>> [t[s:e] for s, e in point_spans(t, 0, len(t), "problem", False)]
    ['更新慢、内容少']
    """
    words = text[start:end]
    if kind == "remedy":
        skip = strip_remedy_opening(words)
        target = target_of(words)
        if target and skip <= target.end() < len(words) - _LEAST:
            skip = target.end()
        return [(start + skip, end)] if skip < len(words) - 2 else [(start, end)]
    quotes = list(_QUOTE.finditer(words)) if len(words) < 90 else []
    if quotes and _names_problems(words, quotes[0].start()):
        return [(start + q.start(1), start + q.end(1)) for q in quotes]
    skip = 0 if marked else strip_problem_opening(words)
    if skip < len(words) - 2:
        start += skip
    tail = problem_cues().enumeration_end.search(text, start, end)
    if tail and tail.end() == end and tail.start() > start + 2 and shortfall(text[start : tail.start()]):
        end = tail.start()
    words = text[start:end]
    core = _CORE.match(words) if "，" not in words else None
    return [(start + core.start("what"), start + core.end("what"))] if core else [(start, end)]


def _names_problems(words: str, first: int) -> bool:
    """Whether the quotes hold problems and not just a name: 针对“…”“…”两个问题."""
    plain = _QUOTE.sub("", words)
    opens = words.startswith(("针对", "关于", "就", "对", "“")) or "的" in words[:first]
    return opens and (words.startswith(("针对", "关于")) or re.search(r"问题|不足|[和、与]", plain) is not None)
