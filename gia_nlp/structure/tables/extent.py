"""How far a table reaches: over the lines of labels before its first and behind its last number."""

from __future__ import annotations

import re

from gia_nlp.text.lines import is_page_mark
from gia_nlp.text.normalise import normalise
from gia_nlp.vocabulary.active import per_vocabulary, recent_per_vocabulary
from gia_nlp.vocabulary.forms import form, letters, statistics_form

_MOST_LINES = 90
_LONGEST = 120  # characters of a line of labels


def reach(text: str, table: str, span: tuple[int, int]) -> tuple[int, int]:
    """A span widened to whole lines that hold nothing but words of the form, torn labels included.

    >>> text = "本表如下：\\n行政复议 行政诉讼\\n结果维持 结果纠正\\n1 0\\n尚未审\\n结\\n五、问题"
    >>> start, end = reach(text, "review_litigation", (text.index("1 0"), text.index("1 0") + 3))
    >>> text[start:end].split("\\n")
    ['行政复议 行政诉讼', '结果维持 结果纠正', '1 0', '尚未审', '结']
    """
    start, end = span
    line_start = text.rfind("\n", max(0, start - _LONGEST), start) + 1
    if line_start == 0 and start > _LONGEST:
        return span
    at = end
    for number in range(_MOST_LINES):
        stop = text.find("\n", at, at + _LONGEST)
        stop = stop if stop >= 0 else len(text)
        line = text[at:stop]
        if stop - at >= _LONGEST or (line.strip() and not (is_page_mark(line) or _is_label(line, table))):
            break
        end = stop if line.strip() and not is_page_mark(line) else end
        at = stop + 1
        if at > len(text) or (number > 2 and not line.strip() and not text[end:at].strip() and at - end > 4):
            break
    before = line_start
    if not text[line_start:start].strip() or _is_label(text[line_start:start], table):
        start = line_start
        for _ in range(_MOST_LINES):
            if before <= 0:
                break
            begin = text.rfind("\n", max(0, before - 1 - _LONGEST), before - 1) + 1
            line = text[begin : before - 1]
            if before - begin >= _LONGEST or (line.strip() and not (is_page_mark(line) or _is_label(line, table))):
                break
            start = begin if line.strip() and not is_page_mark(line) else start
            before = begin
    return start, end


@per_vocabulary
def _words(table: str) -> tuple[str, re.Pattern[str]]:
    """The letters of everything that a table's forms print, one a line, and a pattern for whole words."""
    keys: set[str] = set()
    if table == "statistics":
        spec = statistics_form()
        keys |= {k for i in spec.indicators for k in i.keys} | {*spec.headers, *spec.groups, *spec.units}
    else:
        for generation in ("2021", "2019"):
            spec_ = form(table, generation)
            for label in (*spec_.rows, *spec_.columns):
                keys |= {letters(label.label), label.key, *label.cores}
            keys |= {letters(w) for w in (*spec_.headers, *spec_.groups)}
        keys |= (
            {"三本年度办理结果", "本列数据的勾稽关系为第一项加第二项之和等于第三项加第四项之和"}
            if table == "requests"
            else set()
        )
    whole = sorted((k for k in keys if len(k) > 1), key=len, reverse=True)
    return "\n".join(sorted(keys)), re.compile("|".join(map(re.escape, whole)))


@recent_per_vocabulary(8192)
def _is_label(line: str, table: str) -> bool:
    """Whether a line holds nothing but words of the form, or a part of one."""
    words = letters(normalise(line, heal=False).text)
    if not words or len(words) > 80 or re.search(r"[。；？！]", line):
        return False
    keys, pattern = _words(table)
    bare = (
        re.sub(r"^[一二三四五六七八九十]{1,2}(?=.)", "", words)
        if re.match(r"\s*[（(]?[一二三四五六七八九十]", line)
        else words
    )
    if words in keys or bare in keys:
        return True
    rest = pattern.sub("", bare)
    return len(rest) <= 2 and len(rest) < len(bare) / 2
