"""Which of the candidates are the sections: one style of number on the top level, ordinals that go on, known titles."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

from gia_nlp.structure.compact import Compact
from gia_nlp.structure.headings import Candidate
from gia_nlp.vocabulary.headings import SECTION_IDS, headings

_ORDER = {kind: n for n, kind in enumerate(SECTION_IDS)}
_NUMBERED = ("part", "chinese", "paren", "arabic")


def section_chain(view: Compact, found: list[Candidate]) -> list[Candidate]:
    """The headings of the top level, in text order."""
    style = _top_style(found)
    if style is None:
        return []
    top = [c for c in found if c.style == style]
    chain = _follow(top) if style != "bare" else _first_of_each(top)
    if style in ("paren", "arabic") and {c.kind for c in chain} == {"problems"}:
        chain = chain[:1]  # a passage about problems: its sub-headings are no sections
    chain = _with_missing(chain, [c for c in found if c.style != style], style)
    return _with_first_overview(chain)


def _top_style(found: list[Candidate]) -> str | None:
    """The style of number that heads the sections: 第一部分 before 一、 before the others, which mostly number sub-headings.

    Two known kinds make a style the top one; a lower one must have more of the form's own titles than 一、 has known ones.
    """
    kinds: dict[str, set[str]] = {}
    formal: dict[str, set[str]] = {}
    duties: set[str] = set()
    for c in found:
        if c.kind is not None:
            kinds.setdefault(c.style, set()).add(c.kind)
            if c.formal:
                formal.setdefault(c.style, set()).add(c.kind)
        if headings().duties.search(c.title):
            duties.add(c.style)
    most = len(kinds.get("chinese", ()))
    for style in ("bare", "paren", "arabic"):
        known = formal.get(style, set())
        if (
            len(known) >= 3
            and len(known) > most
            and len(known - {"proactive", "requests"}) >= 2
            and not kinds.get("part")
        ):
            return style
    for style in ("part", "chinese"):
        if len(kinds.get(style, ())) >= 2 and formal.get(style):
            return style
    for style in ("paren", "arabic", "bare", "chinese"):
        known = kinds.get(style, set())
        # The five duties under the overview repeat two kinds of sections, and no more.
        enough = len(known) >= 2 and bool(formal.get(style))
        if (
            enough
            and known - {"proactive", "requests"}
            and not (style in duties and known <= {"proactive", "requests", "other"})
        ):
            return style
    for style in ("part", "chinese", "bare", "paren", "arabic"):
        if formal.get(style) or (len(kinds.get(style, ())) >= 2 and style in ("part", "chinese")):
            if style in duties and style not in ("part", "chinese"):
                continue
            return style
    return None


def _first_of_each(top: list[Candidate]) -> list[Candidate]:
    """Lines without numbers: the first formal title of each kind, where no kind comes before one it should follow."""
    chain: list[Candidate] = []
    for c in top:
        if c.formal and all(c.kind != d.kind for d in chain):
            chain.append(c)
    return chain


def _follow(top: list[Candidate]) -> list[Candidate]:
    """Goes through the candidates of the top style and leaves out lists that are nested in a section."""
    chain: list[Candidate] = []
    have: set[str | None] = set()
    last_known = {c.number: n for n, c in enumerate(top) if c.kind is not None}
    last = 0
    index = 0
    while index < len(top):
        have.update(c.kind for c in chain[-1:])
        c = top[index]
        number = c.number or 0
        if not chain:
            if c.kind is not None or (c.own_line and number == 1) or (number == 1 and c.closed and len(top) > 1):
                chain.append(c)
                last = number
            index += 1
            continue
        if number == 1 or (number < last and c.kind is None):
            nested = _nested(top, index, last, chain[-1], last_known)
            if nested:
                index += nested
                continue
            if c.kind is None or (last == 1 and not c.formal and number == 1):
                index += 1
                continue
            chain.append(c)
            last = number
        elif number == last + 1:
            if c.kind is not None or (c.closed and _is_title(c)):
                chain.append(c)
                last = number
        elif number == last:
            if (c.formal or (c.kind is not None and c.own_line)) and (c.kind != chain[-1].kind or c.formal):
                chain.append(c)
        elif number > last:
            if c.kind is not None or (c.own_line and number == last + 2):
                chain.append(c)
                last = number
        elif c.kind is not None and (c.formal or c.own_line) and c.kind not in have:
            chain.append(c)
            last = number
        index += 1
    return chain


def _is_title(c: Candidate) -> bool:
    """Whether unknown words look like a title rather than the start of a sentence."""
    return (c.own_line and len(c.title) <= 30) or (not c.own_line and c.closed)


def _nested(top: list[Candidate], index: int, last: int, parent: Candidate, last_known: dict[int | None, int]) -> int:
    """How many candidates from ``index`` on are a list inside the section ``parent``; 0 where they are sections."""
    stop = index + 1
    inner = top[index].number or 0
    while stop < len(top):
        number = top[stop].number or 0
        if number == last + 1 and inner != last and top[stop].kind is not None:
            break
        if number <= 1 or number < inner or number > inner + 2:
            break
        inner = number
        stop += 1
    run = top[index:stop]
    if last_known.get(last + 1, -1) >= stop:
        return len(run)
    fresh = {c.kind for c in run if c.formal and c.kind != parent.kind}
    if len(fresh) >= 2:
        return 0
    return len(run)


def _with_missing(chain: list[Candidate], others: list[Candidate], style: str) -> list[Candidate]:
    """Adds sections whose heading has another number or none: a formal title at the place where its kind is due."""
    have = {d.kind for d in chain}
    annexes = []
    for c in others:
        if c.style == "annex":
            if chain and c.start > chain[0].start:
                annexes.append(c)
            continue
        if c.kind is None or c.kind in have:
            continue
        place = bisect_right(chain, c.start, key=lambda d: d.start)
        before = chain[place - 1] if place else None
        behind = chain[place] if place < len(chain) else None
        fits = (before is None or _ORDER[before.kind or "other"] < _ORDER[c.kind]) and (
            behind is None or _ORDER[behind.kind or "other"] >= _ORDER[c.kind]
        )
        ordinal = c.style in ("bare", "part", "chinese") or c.number == (
            1 if before is None else (before.number or 0) + 1
        )
        last = c.kind != "other" or (before is not None and before.kind == "problems")
        alone = c.own_line or (c.kind == "overview" and before is None)
        if fits and c.formal and alone and ordinal and last:
            chain.insert(place, c)
            have.add(c.kind)
        elif (
            c.kind == "problems"
            and c.own_line
            and before is not None
            and before.kind in ("proactive", "requests", "review_litigation")
        ):
            # The heading of the part is lost; its first sub-heading shows where it begins.
            chain.insert(place, c)
            have.add(c.kind)
    return sorted([*chain, *annexes], key=lambda d: d.start)


def _with_first_overview(chain: list[Candidate]) -> list[Candidate]:
    """A first section whose title only says 工作开展情况 is the overview where no other is."""
    if chain and chain[0].kind is None and all(c.kind != "overview" for c in chain):
        first = chain[0]
        if first.number in (1, None) and headings().overview_if_first.search(first.title):
            return [replace(first, kind="overview"), *chain[1:]]
    return chain
