"""A section cut into pieces at every mark of punctuation: what the model of boundaries decides about, and what it sees of each.

A piece is named by its own first and last characters, its words, the marks around it and the list mark before it, and by the same
of its neighbours; nothing of what the rules conclude.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import pairwise, repeat
from operator import add
from typing import NamedTuple, TypeAlias, TypeVar

from gia_nlp.problems.context import read_label
from gia_nlp.problems.sentences import shortfall, trim
from gia_nlp.text.markers import Marker, find_markers
from gia_nlp.vocabulary.prefilter import Scanner
from gia_nlp.vocabulary.problem_cues import problem_cues

T = TypeVar("T")
_PIECE = re.compile(r"[^，。；：！？、\n;]+")
_QUOTED = re.compile(r"“[^”\n]{0,60}”|《[^》\n]{0,80}》|（[^）\n]{0,80}）")
_INNER = re.compile(r"[，。；：！？、;]")
_ENDS = "。！？\n"


class Piece(NamedTuple):
    """``text[start:end]`` of the normal form; ``before`` and ``after`` are the marks at its edges, ``marker`` opens it."""

    start: int
    end: int
    before: str
    after: str
    marker: Marker | None


def cut_pieces(text: str, markers: Sequence[Marker] | None = None) -> list[Piece]:
    """The pieces of a text in order; marks inside quotes, book marks and brackets cut nothing.

    ``markers``: the text's list marks, where they have been found before.

    >>> [(text[p.start : p.end], p.after) for text in ["一是内容少，更新慢。"] for p in cut_pieces(text)]
    [('内容少', '，'), ('更新慢', '。')]
    """
    plain = _QUOTED.sub(_without_marks, text)
    markers = find_markers(text) if markers is None else markers
    starts = {m.start: m for m in markers}
    places = list(starts)
    found: list[Piece] = []
    pending: Marker | None = None
    end = -1
    for match in _PIECE.finditer(plain):
        begin, stop = match.span()
        inside = places[bisect_right(places, begin) : bisect_left(places, stop)]
        for left, right in pairwise((begin, *inside, stop)):
            if left in starts:
                pending = starts[left]
                left = min(pending.end, right)
            left, right = trim(text, left, right)
            if left >= right:
                continue
            before = _mark(plain[end:left]) if found else "\n"
            after = plain[right] if right < len(plain) else "\n"
            found.append(Piece(left, right, before, after, pending))
            end, pending = right, None
    return found


def _without_marks(quoted: re.Match[str]) -> str:
    return _INNER.sub("＿", quoted.group())


def _mark(gap: str) -> str:
    """The mark that parts two pieces: a line end, else the first of those between them."""
    if "\n" in gap:
        return "\n"
    return next((c for c in gap if c in "。；：，、！？;"), " ")


# A feature is the value of a family. What a value becomes is looked up with what stands for one that is not known.
Look: TypeAlias = Callable[[str, T], T]
FAMILIES = ("", "bf", "af", "len", "m", "mo", "mf", "lab", "h1", "h2", "h3", "h4", "t1", "t2", "t3", "g", "c", "run")


def piece_rows(text: str, pieces: Sequence[Piece], context: str | None) -> list[list[str]]:
    """The features of each piece by itself; ``context`` is the kind that the section's heading announces.

    Names: ``bf`` and ``af`` marks before and after, ``m`` list mark, ``h`` and ``t`` first and last characters, ``g`` pairs of
    characters, ``c`` cues, ``run`` the kind that the last label set.
    """
    return looked_up(text, pieces, context, {name: _named(name) for name in FAMILIES}, "")


def _named(family: str) -> Look[str]:
    return (lambda value, _: f"{family}:{value}") if family else (lambda value, _: value)


def looked_up(
    text: str, pieces: Sequence[Piece], context: str | None, families: Mapping[str, Look[T]], unknown: T
) -> list[list[T]]:
    """What :func:`piece_rows` tells, with every feature as ``families`` give it: a model's columns need no names on the way."""
    plain, before, after, sizes, pairs, cue, runs = (families[f] for f in ("", "bf", "af", "len", "g", "c", "run"))
    head1, head2, head3, head4, tail1, tail2, tail3 = (families[f] for f in ("h1", "h2", "h3", "h4", "t1", "t2", "t3"))
    shown, scanner = _shown()
    can_show = _by_piece(pieces, *scanner.scan(text))
    rows = []
    running = context or "-"
    last = len(pieces) - 1
    for k, piece in enumerate(pieces):
        words = text[piece.start : piece.end]
        size = len(words)
        row = [
            before(piece.before, unknown),
            after(piece.after, unknown),
            sizes(str(min(size // 3, 8)), unknown),
            head1(words[:1], unknown),
            head2(words[:2], unknown),
            head3(words[:3], unknown),
            head4(words[:4], unknown),
            tail1(words[-1:], unknown),
            tail2(words[-2:], unknown),
            tail3(words[-3:], unknown),
        ]
        if k == 0:
            row.append(plain("first", unknown))
        if k == last:
            row.append(plain("last", unknown))
        if (m := piece.marker) is not None:
            row.append(plain("m", unknown))
            row.append(families["m"](m.style, unknown))
            row.append(families["mo"]("1" if m.ordinal == 1 else "+", unknown))
            row.append(families["mf"](f"{m.floating:d}{m.own_line:d}", unknown))
        if size <= 30 and (label := read_label(words, None)):
            running = f"{label.kind}{label.status or ''}"
            row.append(families["lab"](str(label.kind), unknown))
        row += map(pairs, dict.fromkeys(map(add, words, words[1:])), repeat(unknown))
        if can := can_show[k] | scanner.always:
            row += [cue(name, unknown) for name, bit, holds in shown if can & bit and holds(words)]
        row.append(runs(running, unknown))
        rows.append(row)
    return rows


@cache
def _shown() -> tuple[list[tuple[str, int, Callable[[str], object]]], Scanner]:
    """The cues that a piece may show: name, bit, and what tells it; and the scanner that tells which are worth asking for."""
    cues = problem_cues()
    asked: list[tuple[str, re.Pattern[str], Callable[[str], object]]] = [
        ("lack", cues.deficiency, shortfall),
        ("verb", cues.remedy_verb, cues.remedy_verb.match),
        ("open", cues.remedy_opening, cues.remedy_opening.match),
        ("plan", cues.planned, cues.planned.search),
        ("problems", cues.announce_problem, cues.announce_problem.search),
        ("remedies", cues.announce_remedy, cues.announce_remedy.search),
        ("praise", cues.praise, cues.praise.search),
    ]
    return [(name, 1 << k, holds) for k, (name, _, holds) in enumerate(asked)], Scanner([p for _, p, _ in asked])


def _by_piece(pieces: Sequence[Piece], places: Sequence[int], patterns: Sequence[int]) -> list[int]:
    """The patterns that can match within each piece, as bits, from what a scanner found in the text."""
    found = []
    at = 0
    for piece in pieces:
        at = bisect_left(places, piece.start, at)
        stop = bisect_left(places, piece.end, at)
        bits = 0
        for more in patterns[at:stop]:
            bits |= more
        found.append(bits)
        at = stop
    return found
