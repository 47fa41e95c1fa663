"""A section cut into pieces at every mark of punctuation: what the model of boundaries decides about, and what it sees of each.

A piece is named by its own first and last characters, its words, the marks around it and the list mark before it, and by the same
of its neighbours; nothing of what the rules conclude.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from gia_nlp.problems.context import read_label
from gia_nlp.problems.sentences import shortfall, trim
from gia_nlp.text.markers import Marker, find_markers
from gia_nlp.vocabulary.problem_cues import ProblemCues, problem_cues

_PIECE = re.compile(r"[^，。；：！？、\n;]+")
_QUOTED = re.compile(r"“[^”\n]{0,60}”|《[^》\n]{0,80}》|（[^）\n]{0,80}）")
_INNER = re.compile(r"[，。；：！？、;]")
_ENDS = "。！？\n"


@dataclass(frozen=True, slots=True)
class Piece:
    """``text[start:end]`` of the normal form; ``before`` and ``after`` are the marks at its edges, ``marker`` opens it."""

    start: int
    end: int
    before: str
    after: str
    marker: Marker | None


def cut_pieces(text: str) -> list[Piece]:
    """The pieces of a text in order; marks inside quotes, book marks and brackets cut nothing.

    >>> [(text[p.start : p.end], p.after) for text in ["一是内容少，更新慢。"] for p in cut_pieces(text)]
    [('内容少', '，'), ('更新慢', '。')]
    """
    plain = _QUOTED.sub(lambda m: _INNER.sub("＿", m.group()), text)
    markers = find_markers(text)
    starts = {m.start: m for m in markers}
    found: list[Piece] = []
    pending: Marker | None = None
    before = "\n"
    for match in _PIECE.finditer(plain):
        begin, stop = match.span()
        cuts = [begin, *(m.start for m in markers if begin < m.start < stop), stop]
        for left, right in pairwise(cuts):
            if left in starts:
                pending = starts[left]
                left = min(pending.end, right)
            left, right = trim(text, left, right)
            if left >= right:
                continue
            gap = plain[found[-1].end : left] if found else "\n"
            before = "\n" if "\n" in gap else next((c for c in gap if c in "。；：，、！？;"), " ")
            after = plain[right] if right < len(plain) else "\n"
            found.append(Piece(left, right, before, after, pending))
            pending = None
    return found


def piece_rows(text: str, pieces: list[Piece], context: str | None) -> list[list[str]]:
    """The features of each piece by itself; ``context`` is the kind that the section's heading announces.

    Names: ``bf`` and ``af`` marks before and after, ``m`` list mark, ``h`` and ``t`` first and last characters, ``g`` pairs of
    characters, ``c`` cues, ``run`` the kind that the last label set.
    """
    cues = problem_cues()
    rows = []
    running = context or "-"
    for k, piece in enumerate(pieces):
        words = text[piece.start : piece.end]
        size = len(words)
        row = [f"bf:{piece.before}", f"af:{piece.after}", f"len:{min(size // 3, 8)}"]
        if k == 0:
            row.append("first")
        if k == len(pieces) - 1:
            row.append("last")
        if piece.marker is not None:
            m = piece.marker
            row += ["m", f"m:{m.style}", f"mo:{'1' if m.ordinal == 1 else '+'}", f"mf:{m.floating:d}{m.own_line:d}"]
        if size <= 30 and (label := read_label(words, None)):
            running = f"{label.kind}{label.status or ''}"
            row.append(f"lab:{label.kind}")
        row += [f"h{n}:{words[:n]}" for n in (1, 2, 3, 4)]
        row += [f"t{n}:{words[-n:]}" for n in (1, 2, 3)]
        row += [f"g:{words[i : i + 2]}" for i in range(size - 1)]
        row += [f"c:{name}" for name, holds in _shown(words, cues) if holds]
        row.append(f"run:{running}")
        rows.append(row)
    return rows


def _shown(words: str, cues: ProblemCues) -> list[tuple[str, object]]:
    return [
        ("lack", shortfall(words)),
        ("verb", cues.remedy_verb.match(words)),
        ("open", cues.remedy_opening.match(words)),
        ("plan", cues.planned.search(words)),
        ("problems", cues.announce_problem.search(words)),
        ("remedies", cues.announce_remedy.search(words)),
        ("praise", cues.praise.search(words)),
    ]
