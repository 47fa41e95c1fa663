"""A report's problems and remedies, from its layout to records."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gia_nlp.problems.category_model import witnesses
from gia_nlp.problems.classifying import classify, evidence
from gia_nlp.problems.context import Context, read_label
from gia_nlp.problems.drafts import Draft
from gia_nlp.problems.models import ItemModels
from gia_nlp.problems.pairing import Point, pair
from gia_nlp.problems.point_tables import table_points
from gia_nlp.problems.segmenting import read_points
from gia_nlp.problems.selecting import has_problem_section, stretches
from gia_nlp.records import Item, Layout
from gia_nlp.text.markers import find_markers
from gia_nlp.text.normalise import Normalised, normalise
from gia_nlp.vocabulary.categories import categories

_PROBLEM_YEAR = re.compile(r"(20\d\d)年度?(?:存在|的?主要问题|[^。；\n]{0,40}?(?:存在|不足))")

_OWN_YEAR = re.compile(r"(20\d\d)\s*年度?(?:仍然?|还)?(?:存在|主要)的?(?:主要)?(?:问题|不足)")


@dataclass(frozen=True, slots=True)
class Points:
    """What a report says of problems and remedies before it is told what each is about: points and their spans, in text order."""

    text: str
    drafts: tuple[Draft, ...]
    spans: tuple[tuple[int, int], ...]
    none_reported: bool

    def to_dict(self) -> dict[str, Any]:
        """As plain data, without the text."""
        return {"drafts": [asdict(d) for d in self.drafts], "spans": self.spans, "none_reported": self.none_reported}

    @classmethod
    def from_dict(cls, text: str, data: dict[str, Any]) -> Points:
        """What :meth:`to_dict` gave, with its text."""
        drafts = tuple(Draft(**d) for d in data["drafts"])
        return cls(text, drafts, tuple((s, e) for s, e in data["spans"]), bool(data["none_reported"]))


def find_items(text: str, layout: Layout, models: ItemModels | None = None) -> tuple[tuple[Item, ...], bool]:
    """The items of a report in text order, and whether it says that it has no problem to report.

    ``remedies`` of a problem are indexes into the returned tuple; spans count code points of ``text``. Without ``models`` the
    rules decide alone.

    >>> from gia_nlp.records import Metadata, Prose, Section
    >>> text = "五、存在的主要问题及改进情况\\n一是更新不及时。下一步，我局将按时更新。"
    >>> section = Section("problems", "五、存在的主要问题及改进情况", 0, 15, len(text))
    >>> items, none = find_items(text, Layout((section,), (Prose("problems", 15, len(text)),), (), Metadata(year=2024)))
    >>> [(i.kind, i.status, i.quote, i.categories, i.remedies) for i in items]
    [('problem', 'current', '更新不及时', ('timeliness',), (1,)), ('remedy', 'planned', '按时更新', ('timeliness',), ())]
    """
    points = find_points(text, layout, models)
    return describe(points, models), points.none_reported


def find_points(text: str, layout: Layout, models: ItemModels | None = None) -> Points:
    """The points of a report, without categories and pairs."""
    drafts: list[Draft] = []
    spans: list[tuple[int, int]] = []
    none_reported = False
    chosen, year = parts(text, layout)
    for part in chosen:
        number = drafts[-1].round if drafts else 0
        markers = find_markers(part.view.text)
        reading = read_points(part.view.text, part.context, year, number, markers)
        found = reading.drafts
        denied = reading.none_reported and not found  # the section says in words that there is nothing
        if models is not None and models.boundaries is not None and not denied:
            found = models.boundaries.combine(part.view.text, found, part.context, year, number, markers)
        none_reported = none_reported or reading.none_reported
        if found and drafts and drafts[-1].kind == "remedy" and found[0].kind == "problem":
            for draft in found:
                draft.round += 1
        drafts.extend(found)
        spans.extend(part.view.span(d.start, d.end) for d in found)
    for section in (s for s in layout.sections if s.id == "problems"):
        for draft, span in table_points(text, section.body_start, section.end, year, drafts[-1].round if drafts else 0):
            if not any(part.start <= span[0] < part.end for part in chosen):
                drafts.append(draft)
                spans.append(span)
    if not chosen and has_problem_section(layout):
        none_reported = True
    order = sorted(range(len(drafts)), key=lambda i: spans[i])
    drafts, spans = [drafts[i] for i in order], [spans[i] for i in order]
    stated = any(d.kind == "problem" for d in drafts)
    return Points(text, tuple(drafts), tuple(spans), none_reported and not stated)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of running text at ``[start, end)`` in normal form, with what its heading says."""

    start: int
    end: int
    view: Normalised
    context: Context


def parts(text: str, layout: Layout) -> tuple[list[Part], int | None]:
    """The stretches to read, and the year whose problems they tell."""
    year = layout.metadata.year
    chosen = stretches(text, layout)
    spoken = _year_of(text, [(s.start, s.end) for s in chosen], _OWN_YEAR if year else _PROBLEM_YEAR)
    year = max((y for y in (year, spoken) if y), default=None)  # no report knows the problems of the year after its own
    found: list[Part] = []
    context, section = Context(), None
    for stretch in chosen:
        context = stretch.context if stretch.section != section or stretch.context.kind else context
        section = stretch.section
        found.append(Part(stretch.start, stretch.end, _normal_form(text, stretch.start, stretch.end), context))
    return found, year


def describe(points: Points, models: ItemModels | None = None) -> tuple[Item, ...]:
    """The points as records, with their categories and, for each problem, the remedies that answer it."""
    drafts = points.drafts
    model = models.categories if models else None
    if model is None:
        decided = [classify(draft.text) for draft in drafts]
        answers = _pair(drafts, decided, None, models)
    else:
        evidences = [evidence(d.text) for d in drafts]
        own = model.own([d.text for d in drafts], evidences)
        heard = witnesses(model.labels, model.words.labels, own, evidences, None)
        alone = model.pooled(heard, evidences)
        answers = _pair(drafts, model.decide(alone), alone, models)
        links = [(a, b) for a, found in enumerate(answers) for b in found]
        decided = model.decide(model.pooled(heard, evidences, links))
    return tuple(
        Item(d.kind, d.status, start, end, points.text[start:end], names, scores, found, d.decided_by, d.score)
        for d, (start, end), (names, scores), found in zip(drafts, points.spans, decided, answers, strict=True)
    )


def _pair(
    drafts: tuple[Draft, ...],
    decided: list[tuple[tuple[str, ...], tuple[float, ...]]],
    probabilities: NDArray[np.float64] | None,
    models: ItemModels | None,
) -> list[tuple[int, ...]]:
    """For every point the remedies that answer it: by the rules, and the model of pairs where there is one."""
    answers = rule_pairs(drafts, [names for names, _ in decided])
    if models is None or models.pairs is None:
        return answers
    return models.pairs.pair(drafts, rule_subjects(decided) if probabilities is None else probabilities, answers)


def rule_pairs(drafts: Sequence[Draft], categories: Sequence[tuple[str, ...]]) -> list[tuple[int, ...]]:
    """For every point the remedies that answer it, by the rules."""
    return pair([Point(draft, _subjects(draft, names)) for draft, names in zip(drafts, categories, strict=True)])


def rule_subjects(decided: list[tuple[tuple[str, ...], tuple[float, ...]]]) -> NDArray[np.float64]:
    """What the rules give as probabilities, shape (points, categories)."""
    labels = {name: k for k, name in enumerate(categories())}
    table = np.zeros((len(decided), len(labels)))
    for i, (names, scores) in enumerate(decided):
        for name, score in zip(names, scores, strict=True):
            table[i, labels[name]] = score
    return table


# A line that the page's width broke is nearly as long as the longest; a shorter one ends a paragraph.
_NARROWEST, _WRAPS_FROM = 16, 0.6
_LINE = re.compile(r"[^\r\n]+")
# Sentences end inside the line, but none ends with it: the page's width broke it wherever that is.
_BREAKS_OFF = re.compile(r"[。；][^。；：！？\n]{0,60}[^。；：！？，、）”\s]$")
_OPENS_LINE = re.compile(r"[•●○◆■▪▶➢★◇□▲►✓]|——|(?:问题|不足|措施|举措|改进|整改)[一二三四五六七八九十\d]")
_PAGE_NUMBER = re.compile(
    r"\s*(?:[-－—–―·]\s*\d{1,4}\s*[-－—–―·]|第\s*\d{1,4}\s*页(?:\s*[，,/]?\s*共\s*\d{1,4}\s*页)?)\s*"
)


def _normal_form(text: str, start: int, end: int) -> Normalised:
    """The normal form of a stretch in which labels and short lines keep their lines, though no full stop ends them."""
    lines = list(_LINE.finditer(text, start, end))
    longest = max((len(line.group().strip()) for line in lines), default=0)
    cuts = {start}
    furniture: set[int] = set()  # where page numbers begin: a sentence goes on behind them
    for line in lines:
        words = line.group().strip()
        if _PAGE_NUMBER.fullmatch(line.group()):
            cuts |= {line.start(), line.end()}
            furniture.add(line.start())
            continue
        if _OPENS_LINE.match(words):
            cuts.add(line.start())
        if (longest < _NARROWEST or len(words) < _WRAPS_FROM * longest) and not _BREAKS_OFF.search(words):
            cuts.add(line.end())
        phrase = words.strip("#*：: •●○◆■▪▶➢★◇□▲►✓")
        if len(phrase) <= 30 and read_label(normalise(phrase).text, None):
            cuts |= {line.start(), line.end()}
    bounds = sorted(c for c in cuts if start <= c < end)
    chars: list[str] = []
    origin: list[int] = []
    goes_on = False
    for begin, stop in zip(bounds, [*bounds[1:], end], strict=True):
        if begin in furniture:
            goes_on = chars[-1:] != ["。"]
            continue
        view = normalise(text, start=begin, end=stop)
        if not view.text:
            continue
        broken, goes_on = not goes_on, False
        if origin and broken and origin[-1] + 1 < view.origin[0]:
            chars.append("\n")
            origin.append(view.origin[0] - 1)
        chars.append(view.text)
        origin.extend(view.origin)
    return Normalised("".join(chars), tuple(origin), end)


def _subjects(draft: Draft, own: tuple[str, ...]) -> tuple[str, ...]:
    """The categories by which a point is paired: its own, or its heading's where its own words name none."""
    return classify(draft.heading)[0] if own == ("other",) and draft.heading else own


def _year_of(text: str, spans: list[tuple[int, int]], pattern: re.Pattern[str]) -> int | None:
    """The latest year whose problems the section speaks of."""
    years = [int(m.group(1)) for start, end in spans for m in pattern.finditer(text, start, end)]
    return max(years, default=None)
