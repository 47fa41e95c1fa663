"""Which stretches of a report speak of problems and remedies."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gia_nlp.problems.context import Context, read_label
from gia_nlp.records import Layout, Prose, Section
from gia_nlp.text.normalise import normalise
from gia_nlp.vocabulary.problem_cues import problem_cues

_NUMBER = re.compile(r"^[\s#*•\-]*(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)]?[、.．\s]?)+\s*")
_PLAN_HEADING = re.compile(
    r"打算|计划|安排|思路|设想|下一步|下步|今后|改进|整改|措施|举措|存在.{0,6}(?:问题|不足|困难)|努力方向"
)
_INSIDE = re.compile(
    r"(?:^|[\n。；])[ \t\u3000#*]*(?:[（(][一二三四五六七八九十]{1,2}[）)]|[一二三四五六七八九十]{1,2}、|\d{1,2}[.、．])?\s*"
    r"(?P<label>[^\n。；：:，]{0,14}(?:存在|主要)的?[^\n。；：:，]{0,8}(?:问题|不足|困难|薄弱环节)[^\n。；：:，]{0,16})(?=[\n：:。])"
)


_WORDS = r"(?:问题|不足|改进|整改|打算|困难|短板|薄弱环节|对策|下一步|努力方向|今后|差距|展望|设想|反思|工作计划)"
# The same at the head of a section that begins without one, broken by the page's width or not.
_FIRST_LINE = re.compile(
    rf"\s*(?P<label>[^\n。；：:，,]{{0,24}}{_WORDS}[^\n。；：:]{{0,16}}(?:\n[ \t\u3000]*[^\n。；：:，,]{{0,6}}(?:情况|措施|打算|安排|问题|不足|方向))?)"
    r"[ \t*：:。]*\r?\n"
)
# A heading that no list of headings knows: 六、需要改进的方面; 五、不足与对策.
_HEADING_LINE = re.compile(
    r"^[ \t\u3000#*]*(?:[（(][一二三四五六七八九十]{1,2}[）)]|[一二三四五六七八九十]{1,2}、|\d{1,2}[.、．])[ \t]*"
    r"(?P<label>[^\n。；：:，,]{0,20}" + _WORDS + r"[^\n。；：:]{0,16})[ \t*：:。]*$",
    re.M,
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Running text at ``[start, end)`` of the report, with the context that its heading sets. ``empty``: a heading without text."""

    start: int
    end: int
    context: Context
    section: int


def stretches(text: str, layout: Layout) -> tuple[Stretch, ...]:
    """The text to read: sections ``problems``; what an old report says of plans elsewhere; else a labelled passage.

    >>> from gia_nlp.records import Metadata
    >>> text = "五、存在的问题\\n公开不及时。"
    >>> section = Section("problems", "五、存在的问题", 0, 8, len(text))
    >>> layout = Layout((section,), (Prose("problems", 8, len(text)),), (), Metadata())
    >>> [(s.start, s.end, s.context.kind) for s in stretches(text, layout)]
    [(8, 14, 'problem')]
    """
    year = layout.metadata.year
    chosen = [s for s in layout.sections if s.id == "problems"]
    if chosen and layout.metadata.form in ("statistics", "free", None):
        headings = [h for h in (s.heading for s in chosen) if h]
        if not any(re.search(r"改进|整改|措施|举措|打算|下一步|今后", h) for h in headings):
            chosen += [s for s in layout.sections if s.id == "other" and s.heading and _PLAN_HEADING.search(s.heading)]
    if not chosen:
        chosen = [s for s in layout.sections if s.id == "other" and s.heading and _PLAN_HEADING.search(s.heading)]
        if not any("问题" in (s.heading or "") or "不足" in (s.heading or "") for s in chosen):
            found = _inside(text, layout)
            if found or not chosen:
                return found
    chosen = sorted(set(chosen), key=lambda s: s.start)
    return tuple(p for n, s in enumerate(chosen) for p in _of_section(text, layout, s, n, year))


def _of_section(text: str, layout: Layout, section: Section, number: int, year: int | None) -> list[Stretch]:
    context = heading_context(section.heading, year)
    body = section.body_start
    if not section.heading and (line := _FIRST_LINE.match(text, body, section.end)):
        context, body = heading_context(line.group("label").replace("\n", ""), year), line.end()
    parts = [
        (max(p.start, body), min(p.end, section.end)) for p in layout.prose if p.start < section.end and p.end > body
    ]
    return [Stretch(s, e, context, number) for s, e in parts if text[s:e].strip()]


def heading_context(heading: str | None, year: int | None) -> Context:
    """What a section's heading says of the points below it.

    >>> heading_context("六、改进措施", 2024).kind, heading_context("五、存在的主要问题及改进情况", 2024).kind
    ('remedy', None)
    """
    if not heading:
        return Context()
    phrase = _NUMBER.sub("", normalise(heading).text).strip()
    return read_label(phrase, year) or Context()


def _inside(text: str, layout: Layout) -> tuple[Stretch, ...]:
    """A labelled passage on problems inside another section, where the report has no section for them."""
    for prose in layout.prose:
        if prose.section in ("requests", "review_litigation"):
            continue
        if match := _INSIDE.search(text, prose.start, prose.end):
            label = read_label(_NUMBER.sub("", normalise(match.group("label")).text), layout.metadata.year)
            if label is None and not problem_cues().label_problem.search(match.group("label")):
                continue
            return (Stretch(match.start("label"), prose.end, Context(), 0),)
    for prose in layout.prose:
        if prose.section in ("unknown", "preamble", "other") and (
            line := _HEADING_LINE.search(text, prose.start, prose.end)
        ):
            context = heading_context(line.group("label"), layout.metadata.year)
            return (Stretch(line.end(), prose.end, context, 0),)
    if len(layout.prose) and all(s.id in ("unknown", "preamble") for s in layout.sections):
        return _bare_passage(text, layout.prose)
    return ()


_BARE = re.compile(r"存在[^。]{0,20}(?:问题|不足|差距|薄弱环节|短板)[^。]{0,20}?[：:。，]|改进措施|整改措施")


def _bare_passage(text: str, prose: tuple[Prose, ...]) -> tuple[Stretch, ...]:
    """A passage without any heading that speaks of problems throughout."""
    return tuple(
        Stretch(p.start, p.end, Context(), n) for n, p in enumerate(prose) if _BARE.search(text, p.start, p.end)
    )


def has_problem_section(layout: Layout) -> bool:
    """Whether the report has a section for its problems, be it empty."""
    return any(s.id == "problems" for s in layout.sections)
