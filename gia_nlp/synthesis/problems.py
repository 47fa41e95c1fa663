"""The section on problems and remedies, in the styles of the genre, with its items and their pairing."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from gia_nlp.synthesis.grammar import Scope, expand
from gia_nlp.synthesis.marked import Mark, Marked, concat
from gia_nlp.synthesis.seeds import chance
from gia_nlp.vocabulary.loader import load_yaml

#: ``inline`` 一是…；, ``lines`` （一）… with 1. below, ``headed`` points that head a paragraph, ``unmarked`` 存在A、B等问题,
#: ``two_years`` last year's first, ``alternating`` problem and measure by turns, ``mixed`` problems 一是 and remedies （一）,
#: ``two_headings`` problems and remedies under a heading each, ``none`` nothing to report.
STYLES = (
    "inline",
    "inline",
    "lines",
    "headed",
    "unmarked",
    "two_years",
    "alternating",
    "mixed",
    "two_headings",
    "none",
)
#: Styles in which a section can say what a :class:`Plan` asks for, remedies in a part of their own.
PLANNED_STYLES = ("inline", "inline", "lines", "headed", "mixed", "two_headings")
EXTRA = "extra "


@dataclass(frozen=True)
class Point:
    """An item before it is printed. ``id`` and ``answers`` pair problems with remedies."""

    kind: str
    status: str
    text: str
    categories: tuple[str, ...]
    subject: str
    id: int


@dataclass(frozen=True)
class Line:
    """A paragraph of the section. ``kind``: ``para`` or ``heading`` (a heading of its own, for 六、改进措施)."""

    body: Marked
    kind: str = "para"


@dataclass(frozen=True)
class Section:
    """The paragraphs, and whether the report says that it has no problem."""

    lines: tuple[Line, ...]
    none_reported: bool
    style: str


@dataclass(frozen=True)
class Plan:
    """What a section must say: texts of problems, of remedies planned and of remedies done, by their subjects, in order.

    ``earlier`` are last year's problems that the section looks back on; ``extra`` are (text, categories) of planned remedies that
    answer no problem.
    """

    problems: Mapping[str, str]
    remedies: Mapping[str, str]
    done: Mapping[str, str] = field(default_factory=dict)
    earlier: Mapping[str, str] = field(default_factory=dict)
    extra: tuple[tuple[str, tuple[str, ...]], ...] = ()


class _Writer:
    def __init__(self, rng: random.Random, scope: Scope, plan: Plan | None = None) -> None:
        self.rng, self.scope, self.plan = rng, scope, plan
        self.data: dict[str, Any] = load_yaml("synthesis/problems")
        self.next_id = 0

    def words(self, *path: str) -> str:
        options = self.data
        for name in path:
            options = options[name]
        return expand(self.rng.choice(options), self.rng, self.scope)  # type: ignore[arg-type]

    def subjects(self, count: int) -> list[str]:
        """Subjects that share no category."""
        names: list[str] = list(self.data["subjects"])
        seen: set[str] = set()
        out: list[str] = []
        self.rng.shuffle(names)
        for name in names:
            categories = set(self.data["subjects"][name]["categories"])
            if not categories & seen and len(out) < count:
                seen |= categories
                out.append(name)
        return out

    def problem(self, subject: str, status: str = "current", *, long: bool = True) -> Point:
        row = self.data["subjects"][subject]
        if self.plan:
            texts = self.plan.problems if status == "current" else self.plan.earlier
            return self._point("problem", status, texts[subject], subject, row)
        text = self.rng.choice(row["nouns"]) + self.rng.choice(row["shortfalls"])
        if long and row["elaborations"] and chance(self.rng, 0.35):
            text += expand(self.rng.choice(row["elaborations"]), self.rng, self.scope)
        return self._point("problem", status, text, subject, row)

    def remedy(self, subject: str, status: str = "planned") -> Point:
        row = self.data["subjects"].get(subject)
        if self.plan and row is None:
            text, categories = self.plan.extra[int(subject.removeprefix(EXTRA))]
            return self._point("remedy", status, text, subject, {"categories": categories})
        if self.plan:
            texts = self.plan.remedies if status == "planned" else self.plan.done
            return self._point("remedy", status, texts[subject], subject, row)
        text = expand(self.rng.choice(row["remedies"]), self.rng, self.scope)
        if text[0] not in "信由复倒把统" and chance(self.rng, 0.25):  # those do not open with a verb
            text = self.rng.choice(("进一步", "持续", "切实", "不断")) + text
        return self._point("remedy", status, text, subject, row)

    def _point(self, kind: str, status: str, text: str, subject: str, row: dict[str, Any]) -> Point:
        self.next_id += 1
        return Point(kind, status, text, tuple(row["categories"]), subject, self.next_id)


def _item(point: Point) -> Marked:
    data = {
        "kind": point.kind, "when": point.status, "categories": list(point.categories), "id": point.id, "subject": point.subject,
    }  # fmt: skip
    return Marked(point.text, (Mark(0, len(point.text), "item", data),))


def _marker(rng: random.Random, style: str, i: int) -> str:
    number = "一二三四五六七八九十"[i]
    return {
        "一是": f"{number}是", "（一）": f"（{number}）", "1.": f"{i + 1}.", "1、": f"{i + 1}、", "（1）": f"（{i + 1}）",
        "第一，": f"第{number}，", "①": "①②③④⑤⑥⑦⑧⑨"[i],
    }[style]  # fmt: skip


def _marked_list(rng: random.Random, points: list[Point], style: str, separator: str) -> Marked:
    """Points behind markers in one paragraph; now and then an ordinal goes wrong."""
    wrong = chance(rng, 0.06) and len(points) > 2
    parts: list[Marked | str] = []
    for i, point in enumerate(points):
        shown = i + 1 if wrong and i == len(points) - 2 else i
        parts += [_marker(rng, style, shown), _item(point), "。" if i == len(points) - 1 else separator]
    return concat(parts)


def write(rng: random.Random, scope: Scope, style: str) -> Section:
    """The section in a style of :data:`STYLES`. Raises ``KeyError`` for another style."""
    w = _Writer(rng, scope)
    if style == "none":
        return Section((Line(Marked(w.words("none"))),), True, style)
    subjects = w.subjects(rng.randint(1, 4) if style != "unmarked" else rng.randint(2, 4))
    answered = [s for s in subjects if chance(rng, 0.85)]
    if chance(rng, 0.3):
        rng.shuffle(answered)
    return _section(w, style, subjects, answered or subjects[:1])


def write_planned(rng: random.Random, scope: Scope, style: str, plan: Plan) -> Section:
    """The section of a plan in a style of :data:`PLANNED_STYLES`; what was done comes first, and where nothing is wrong it says so."""
    w = _Writer(rng, scope, plan)
    before = []
    inner = rng.choice(("一是", "1."))
    if plan.earlier:
        before.append(_labelled(w, "previous_problems", [w.problem(s, "previous") for s in plan.earlier], inner))
    if plan.done:
        before.append(_labelled(w, "done", [w.remedy(s, "done") for s in plan.done], inner))
    if not plan.problems:
        return Section((*before, Line(Marked(w.words("none")))), not before, "none")
    answered = [*plan.remedies, *(f"{EXTRA}{i}" for i in range(len(plan.extra)))]
    made = _section(w, style, list(plan.problems), answered)
    if before and style in ("headed", "two_headings"):  # their points stand behind no words of their own
        before.append(Line(Marked(w.words("openings", "current_problems"))))
    return replace(made, lines=(*before, *made.lines))


def _labelled(w: _Writer, label: str, points: list[Point], marker: str) -> Line:
    """Points behind a label; one alone has no marker."""
    body = _marked_list(w.rng, points, marker, "；") if len(points) > 1 else _item(points[0]) + "。"
    return Line(concat([w.words("openings", label), body]))


def _section(w: _Writer, style: str, subjects: list[str], answered: list[str]) -> Section:
    lines = {
        "inline": _inline, "lines": _lines, "headed": _headed, "unmarked": _unmarked, "two_years": _two_years,
        "alternating": _alternating, "mixed": _mixed, "two_headings": _two_headings,
    }[style](w, subjects, answered)  # fmt: skip
    closing = w.words("closings")
    if closing and lines[-1].kind == "para" and style in ("inline", "mixed"):
        lines[-1] = replace(lines[-1], body=lines[-1].body + closing)
    return Section(tuple(lines), False, style)


def _inline(w: _Writer, subjects: list[str], answered: list[str]) -> list[Line]:
    marker = w.rng.choice(("一是", "一是", "一是", "第一，", "1.", "（1）"))
    first = concat(
        [
            w.words("openings", "problems"),
            _marked_list(w.rng, [w.problem(s) for s in subjects], marker, w.rng.choice("；。")),
        ]
    )
    second = concat(
        [
            w.words("openings", "remedies"),
            _marked_list(w.rng, [w.remedy(s) for s in answered], marker, w.rng.choice("；。")),
        ]
    )
    return [Line(first + second)] if chance(w.rng, 0.3) else [Line(first), Line(second)]


def _lines(w: _Writer, subjects: list[str], answered: list[str]) -> list[Line]:
    outer, inner = w.rng.choice((("（一）", "1."), ("（一）", "1、"), ("1.", "（1）"), ("（一）", "一是")))
    out = [Line(Marked(_marker(w.rng, outer, 0) + w.words("subheadings", "problems")))]
    out += [Line(concat([_marker(w.rng, inner, i), _item(w.problem(s)), "。"])) for i, s in enumerate(subjects)]
    out.append(Line(Marked(_marker(w.rng, outer, 1) + w.words("subheadings", "remedies"))))
    out += [Line(concat([_marker(w.rng, inner, i), _item(w.remedy(s)), "。"])) for i, s in enumerate(answered)]
    return out


def _headed(w: _Writer, subjects: list[str], answered: list[str]) -> list[Line]:
    """Each point's heading states it; the sentence behind it belongs to it."""
    out = []
    for i, s in enumerate(subjects):
        point = w.problem(s, long=False)
        row = w.data["subjects"][s]
        able = row["elaborations"] and not w.plan
        more = expand(w.rng.choice(row["elaborations"]), w.rng, w.scope).lstrip("，") if able else ""
        point = replace(point, text=f"{point.text}。{more}" if more else point.text)
        out.append(Line(concat([_marker(w.rng, "（一）", i), _item(point), "。"])))
    out.append(
        Line(
            concat(
                [w.words("openings", "remedies"), _marked_list(w.rng, [w.remedy(s) for s in answered], "一是", "。")]
            )
        )
    )
    return out


def _unmarked(w: _Writer, subjects: list[str], answered: list[str]) -> list[Line]:
    year = w.scope.words["year"]
    separator = w.rng.choice("、、；")
    parts: list[Marked | str] = [f"{year}年，{w.scope.words['we']}政府信息公开工作{w.rng.choice(('仍存在', '还存在'))}"]
    for i, s in enumerate(subjects):
        parts += [separator if i else "", _item(w.problem(s, long=False))]
    parts.append(w.rng.choice(("等问题。", "等不足。")))
    remedies: list[Marked | str] = []
    for i, s in enumerate(answered):
        opening = w.rng.choice(("下一步，", f"下一步，{w.scope.words['we']}将", "今后将")) if i == 0 else ""
        remedies += [opening, _item(w.remedy(s)), "。"]
    return [Line(concat(parts)), Line(concat(remedies))]


def _two_years(w: _Writer, subjects: list[str], answered: list[str]) -> list[Line]:
    """Last year's problems and what was done about them, then this year's and the plans."""
    old = w.subjects(w.rng.randint(1, 2))
    inner = w.rng.choice(("一是", "1."))
    return [
        Line(
            concat(
                [
                    w.words("openings", "previous_problems"),
                    _marked_list(w.rng, [w.problem(s, "previous", long=False) for s in old], inner, "；"),
                ]
            )
        ),
        Line(
            concat([w.words("openings", "done"), _marked_list(w.rng, [w.remedy(s, "done") for s in old], inner, "；")])
        ),
        Line(
            concat(
                [
                    w.words("openings", "current_problems"),
                    _marked_list(w.rng, [w.problem(s) for s in subjects], inner, "；"),
                ]
            )
        ),
        Line(
            concat([w.words("openings", "remedies"), _marked_list(w.rng, [w.remedy(s) for s in answered], inner, "；")])
        ),
    ]


def _alternating(w: _Writer, subjects: list[str], answered: list[str]) -> list[Line]:
    out = []
    label = w.rng.choice(("改进措施：", "整改措施：", "改进举措："))
    for i, s in enumerate(subjects):
        parts: list[Marked | str] = [_marker(w.rng, "（一）", i), "问题：", _item(w.problem(s, long=False)), "。"]
        if s in answered:
            parts += [label, _item(w.remedy(s)), "。"]
        out.append(Line(concat(parts)))
    return out


def _mixed(w: _Writer, subjects: list[str], answered: list[str]) -> list[Line]:
    first = concat(
        [
            w.words("openings", "problems"),
            _marked_list(w.rng, [w.problem(s) for s in subjects], "一是", "，" if chance(w.rng, 0.3) else "；"),
        ]
    )
    out = [Line(first), Line(Marked(w.words("openings", "remedies")))]
    out += [Line(concat([_marker(w.rng, "（一）", i), _item(w.remedy(s)), "。"])) for i, s in enumerate(answered)]
    return out


def _two_headings(w: _Writer, subjects: list[str], answered: list[str]) -> list[Line]:
    marker = w.rng.choice(("一是", "（一）", "1."))
    return [
        Line(_marked_list(w.rng, [w.problem(s) for s in subjects], marker, "；" if marker == "一是" else "。")),
        Line(Marked(), "heading"),
        Line(_marked_list(w.rng, [w.remedy(s) for s in answered], marker, "；" if marker == "一是" else "。")),
    ]


__all__ = ["PLANNED_STYLES", "STYLES", "Line", "Plan", "Point", "Section", "write", "write_planned"]
