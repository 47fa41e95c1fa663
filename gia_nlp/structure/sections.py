"""The parts of a report, told by their headings (and by their words where no heading stands).

Of all lines and numbers that could head a section, few do: sub-headings repeat the words of the sections, lead-ins
list them, rows of the tables are numbered like them. What decides is the chain: one style of number on the top level,
ordinals that go on, titles of the form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gia_nlp.records import Document, Section
from gia_nlp.structure.chain import section_chain
from gia_nlp.structure.compact import Compact, compact
from gia_nlp.structure.headings import Candidate, candidates
from gia_nlp.structure.lists import without_lists
from gia_nlp.structure.title import find_title
from gia_nlp.vocabulary.headings import headings

_RESIDUE_BEFORE = re.compile(r"(?:\[bookmark:[^\]\n]*\]|\*\*|[-*+#>•●·◆■★▲□_【\[《〔 \t　])+$")
_RESIDUE_ENDS = frozenset("]*-*+#>•●·◆■★▲□_【[《〔 \t　")
_CLOSING = re.compile(r"[】\]》〕*#_：:。.]*")


@dataclass(frozen=True, slots=True)
class Outline:
    """Sections, and what is known about how they were found: ``unknown`` headings, whether any heading was found."""

    sections: tuple[Section, ...]
    unknown: tuple[Section, ...]
    headed: bool


def find_sections(document: Document) -> tuple[Section, ...]:
    """The sections of a document in text order; together they cover its text without gaps.

    The first is ``preamble`` unless the text begins with a heading. ``id`` is one of ``overview``, ``proactive``,
    ``requests``, ``review_litigation``, ``problems``, ``other``, ``preamble``, ``unknown``; an id may occur twice.

    >>> text = "青垄县2023年政府信息公开工作年度报告\\n一、总体情况\\n平稳。\\n二、主动公开政府信息情况\\n9条。"
    >>> [(s.id, s.heading) for s in find_sections(Document(text))]
    [('preamble', None), ('overview', '一、总体情况'), ('proactive', '二、主动公开政府信息情况')]
    """
    return outline(document.text).sections


def outline(text: str, view: Compact | None = None) -> Outline:
    """:func:`find_sections` with what warnings need."""
    if not text:
        return Outline((), (), False)
    view = view or compact(text)
    chain = section_chain(view, without_lists(view, candidates(view)))
    if not chain:
        return Outline(_with_lost_problems(view, _unheaded(text, view), 3), (), False)
    starts = [_start(text, view, c) for c in chain]
    sections: list[Section] = []
    if starts[0] > 0:
        sections.append(Section("preamble", None, 0, 0, starts[0]))
    for n, c in enumerate(chain):
        end = starts[n + 1] if n + 1 < len(chain) else len(text)
        body = view.end_offset(max(_CLOSING.match(view.text, c.end).end(), c.end))  # type: ignore[union-attr]
        heading = view.original(text, _marker_start(view, c), c.end).strip("【[《〔")
        sections.append(Section(c.kind or "other", heading, starts[n], min(body, end), end))
    unknown = tuple(s for s, c in zip(sections[-len(chain) :], chain, strict=True) if c.kind is None)
    return Outline(_with_lost_problems(view, tuple(sections), len({c.kind for c in chain})), unknown, True)


_MARKUP = re.compile(r"(?:#{1,6}|[-*+•●·◆■★▲□>_]|l(?=[一二三四五六七八九十]、))+")


def _marker_start(view: Compact, c: Candidate) -> int:
    decoration = _MARKUP.match(view.text, c.start, c.title_start)
    return decoration.end() if decoration else c.start


def _start(text: str, view: Compact, c: Candidate) -> int:
    """The heading's first character; markup and residue before it on its line are part of it."""
    start = view.offset(c.start)
    if not start or text[start - 1] not in _RESIDUE_ENDS:
        return start
    floor = max(0, start - 200)
    line = max(text.rfind("\n", floor, start), text.rfind("\r", floor, start), floor - 1) + 1
    before = _RESIDUE_BEFORE.search(text, line, start)
    if before is None or (before.start() != line and "[bookmark" not in before.group()):
        return start
    blank = len(before.group()) - len(before.group().lstrip(" \t　"))
    return before.start() + blank


_MAY_HOLD_PROBLEMS = ("requests", "review_litigation", "unknown")
_LONGEST_SENTENCE = 500
_GLUED_CELLS = re.compile(r"\d+?(?=20\d\d年)|\d{5,}(?!\d*年)|总计\d*(?!\d*年)")
_SENTENCE_END = re.compile(r"[。；！？]")


def _with_lost_problems(view: Compact, sections: tuple[Section, ...], kinds: int) -> tuple[Section, ...]:
    """Parts a report without a section of problems where a sentence opens them behind a table whose section goes on.

    Their heading is lost; the new section has none. A report of which less than three kinds are known is left as it is.
    """
    if kinds < 3 or any(s.id == "problems" for s in sections):
        return sections
    for n, section in enumerate(sections):
        if section.id not in _MAY_HOLD_PROBLEMS:
            continue
        first, last = view.locate(section.body_start), view.locate(section.end)
        opening = _opening_of_problems(view, first, last)
        if opening is not None:
            cut = view.offset(opening)
            if section.body_start < cut < section.end:
                head = Section(section.id, section.heading, section.start, section.body_start, cut)
                return (*sections[:n], head, Section("problems", None, cut, cut, section.end), *sections[n + 1 :])
    return sections


def _opening_of_problems(view: Compact, first: int, last: int) -> int | None:
    vocabulary = headings()
    start = first
    while start < last:
        limit = min(last, start + _LONGEST_SENTENCE)
        end = _SENTENCE_END.search(view.text, start, limit)
        stop = end.end() if end else limit
        line = view.line_end(start)
        stop = min(stop, line) if line > start and not _wrapped(view, start, line) else stop
        sentence = view.text[start:stop]
        glued = max((m.end() for m in _GLUED_CELLS.finditer(sentence)), default=0)
        words = sentence[glued:]
        opens = vocabulary.problems_open.search(words)
        if opens and opens.group("head"):
            return start + glued + opens.start("head")
        if opens and not vocabulary.problems_do_not_open.search(words):
            return start + glued
        start = max(stop, start + 1)
    return None


def _wrapped(view: Compact, start: int, line: int) -> bool:
    """Whether a line is broken inside a sentence rather than ended."""
    return line - start >= 15 and "一" <= view.text[line - 1] <= "鿿"


def _unheaded(text: str, view: Compact) -> tuple[Section, ...]:
    """A text without any heading: its title and lead-in, then the part that its words show, or ``unknown``."""
    vocabulary = headings()
    title = find_title(text, view)
    begin = title.end if title is not None else 0
    body = view.text[view.locate(begin) :]
    cues = sorted(m.start() for cue in vocabulary.problem_cues if (m := cue.search(body)))
    duties = sum(bool(p.search(body)) for p in vocabulary.overview_duties)
    sections: list[Section] = [Section("preamble", None, 0, 0, begin)] if begin else []
    if duties >= 3:
        kind = "overview"
    elif len(cues) >= 2 and cues[0] <= max(40, len(body) * 0.35) and len(body) <= 4000:
        kind = "problems"
    else:
        kind = "unknown"
    if begin < len(text):
        sections.append(Section(kind, None, begin, begin, len(text)))
    return tuple(sections)


__all__ = ["Outline", "find_sections", "outline"]
