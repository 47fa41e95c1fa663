"""Where points begin and end and of which kind they are, by model and rules together.

The section is a row of pieces (:mod:`gia_nlp.problems.pieces`), each of which begins a problem, goes on with one, begins or goes on
with a remedy, or lies outside (before any point, behind a problem, behind a remedy). A conditional random field scores all
rows of labels; the points that the rules read vote with a fixed weight for the labels of their pieces; the likeliest row is
taken. So the rules carry a marked list, and the model decides where the rules see none, or one that the words speak
against. A point on which both agree keeps the rules' exact span.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gia_nlp.linear import LinearClassifier
from gia_nlp.problems.context import Context, remedy_status
from gia_nlp.problems.drafts import Draft
from gia_nlp.problems.edges import point_spans
from gia_nlp.problems.pieces import Piece, cut_pieces, piece_rows

LABELS = ("BP", "IP", "BR", "IR", "O", "OP", "OR")
OFFSETS = (-2, -1, 0, 1, 2)
MOST = 3000  # pieces of a section: no real one has a tenth of it
_KINDS = {"P": "problem", "R": "remedy"}
_NEVER = -30.0
_FIRST = np.array([0.0, _NEVER, 0.0, _NEVER, 0.0, _NEVER, _NEVER])  # a row begins with a point or before any


@dataclass(frozen=True, slots=True)
class Segment:
    """Pieces ``[first, last]`` that make a point, with the probability that exactly they do."""

    first: int
    last: int
    kind: str
    score: float


class BoundaryModel:
    """The conditional random field. ``words`` has a label for each offset and label: ``"-1 BP"`` is what a piece says of the next.

    ``transitions`` (from, to) over :data:`LABELS`; ``vote`` is the weight of the rules; ``scale`` and ``offset`` calibrate scores.
    """

    def __init__(
        self, words: LinearClassifier, transitions: NDArray[Any], vote: float, scale: float = 1.0, offset: float = 0.0
    ) -> None:
        self.words, self.vote, self.scale, self.offset = words, vote, scale, offset
        self.transitions = np.asarray(transitions, np.float64)
        if words.labels != chain_labels() or self.transitions.shape != (len(LABELS), len(LABELS)):
            raise ValueError("no model of boundaries: its labels are others")

    def scores(self, rows: Sequence[Sequence[str]]) -> NDArray[np.float64]:
        """What the words say of each piece and label, shape (pieces, labels)."""
        said = self.words.logits(rows).reshape(len(rows), len(OFFSETS), len(LABELS)).astype(np.float64)
        return gather(said)

    def segments(self, table: NDArray[np.float64]) -> list[Segment]:
        """The points of the likeliest row of labels."""
        if not len(table):
            return []
        marginal = _Marginals(table, self.transitions)
        found = []
        for first, last, kind in self.runs(table):
            odds = marginal.log_odds(first, last, kind) * self.scale + self.offset
            found.append(Segment(first, last, _KINDS[kind], float(1 / (1 + np.exp(-np.clip(odds, -30, 30))))))
        return found

    def runs(self, table: NDArray[np.float64]) -> list[tuple[int, int, str]]:
        """The points of the likeliest row as (first piece, last piece, kind letter)."""
        return runs([LABELS[k] for k in likeliest(table, self.transitions)])

    def combine(
        self, text: str, drafts: Sequence[Draft], context: Context, year: int | None, first_round: int
    ) -> list[Draft]:
        """The points of a section (normal form) from the rules' ``drafts`` and the model."""
        pieces = cut_pieces(text)
        if not 0 < len(pieces) <= MOST:
            return list(drafts)
        table = self.scores(piece_rows(text, pieces, context.kind))
        alone = {(first, last, _KINDS[kind]) for first, last, kind in self.runs(table)}
        told, owners = project(pieces, drafts)
        together = self.segments(table + self.vote * told)
        return _drafts(text, pieces, together, alone, drafts, owners, context, year, first_round)

    def to_disk(self, folder: str | Path) -> None:
        """Writes the model of words, ``transitions.npy`` and ``chain.json``."""
        folder = Path(folder)
        self.words.to_disk(folder)
        np.save(folder / "transitions.npy", self.transitions, allow_pickle=False)
        content = {"vote": self.vote, "scale": self.scale, "offset": self.offset}
        (folder / "chain.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def from_disk(cls, folder: str | Path) -> BoundaryModel:
        """Reads what :meth:`to_disk` wrote. Raises ``OSError`` or ``ValueError``."""
        folder = Path(folder)
        content = json.loads((folder / "chain.json").read_text(encoding="utf-8"))
        transitions = np.load(folder / "transitions.npy", allow_pickle=False)
        return cls(LinearClassifier.from_disk(folder), transitions, **content)


def chain_labels() -> tuple[str, ...]:
    """The labels of the model of words: every offset with every label."""
    return tuple(f"{d} {name}" for d in OFFSETS for name in LABELS)


def gather(said: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sums what pieces say of themselves and of their neighbours; ``said`` has shape (pieces, offsets, labels).

    Offset ``d`` is where the speaking piece stands, seen from the piece that is spoken of.
    """
    total = np.zeros((said.shape[0], said.shape[2]))
    for k, d in enumerate(OFFSETS):
        if abs(d) >= len(said) and d:
            continue
        if d < 0:
            total[-d:] += said[:d, k]
        elif d:
            total[:-d] += said[d:, k]
        else:
            total += said[:, k]
    return total


def likeliest(table: NDArray[np.float64], transitions: NDArray[np.float64]) -> list[int]:
    """The label numbers of the best row (Viterbi)."""
    best = table[0] + _FIRST
    behind = []
    for row in table[1:]:
        steps = best[:, None] + transitions
        place = steps.argmax(axis=0)
        behind.append(place)
        best = steps[place, np.arange(len(best))] + row
    path = [int(best.argmax())]
    for place in reversed(behind):
        path.append(int(place[path[-1]]))
    return path[::-1]


class _Marginals:
    """Forward and backward sums of a row of pieces, as scaled probabilities."""

    def __init__(self, table: NDArray[np.float64], transitions: NDArray[np.float64]) -> None:
        self.table, self.transitions = table, transitions
        steps = np.exp(transitions - transitions.max())
        top = table.max(axis=1, keepdims=True)
        weights = np.exp(table - top)
        n = len(table)
        ahead, back = np.zeros_like(table), np.ones_like(table)
        logs = np.zeros(n)
        row = weights[0] * np.exp(_FIRST)
        for t in range(n):
            if t:
                row = (row @ steps) * weights[t]
            total = row.sum()
            row = row / total
            ahead[t], logs[t] = row, np.log(total)
        row = np.ones(table.shape[1])
        for t in range(n - 2, -1, -1):
            row = steps @ (row * weights[t + 1])
            row = row / row.max()
            back[t] = row
        self.ahead, self.back, self.steps, self.weights = ahead, back, steps, weights

    def log_odds(self, first: int, last: int, kind: str) -> float:
        """Of the event that a point of a kind begins at ``first`` and ends with ``last``."""
        begin, inside = LABELS.index("B" + kind), LABELS.index("I" + kind)
        share = self.ahead[first] * self.back[first]
        p = share[begin] / share.sum()
        state = begin
        for t in range(first + 1, last + 1):
            onward = self.steps[state] * self.weights[t] * self.back[t]
            p *= onward[inside] / onward.sum()
            state = inside
        if last + 1 < len(self.table):
            onward = self.steps[state] * self.weights[last + 1] * self.back[last + 1]
            p *= 1 - onward[inside] / onward.sum()
        p = min(max(float(p), 1e-6), 1 - 1e-6)
        return float(np.log(p / (1 - p)))


def runs(path: Sequence[str]) -> list[tuple[int, int, str]]:
    """Points in a row of labels as (first piece, last piece, kind letter).

    >>> runs(["O", "BP", "IP", "BP", "OP", "BR"])
    [(1, 2, 'P'), (3, 3, 'P'), (5, 5, 'R')]
    """
    found: list[tuple[int, int, str]] = []
    before = "O"
    for k, label in enumerate(path):
        if label[0] == "B" or (label[0] == "I" and (before[0] == "O" or before[1:] != label[1:])):
            found.append((k, k, label[1]))
        elif label[0] == "I":
            found[-1] = (found[-1][0], k, label[1])
        before = label
    return found


def label_pieces(spans: Sequence[tuple[int, int]], points: Sequence[tuple[int, int, str]]) -> list[str]:
    """The labels that points (start, end, kind letter) give to pieces at ``spans``; offsets of either kind, if of the same."""
    labels = ["O"] * len(spans)
    for start, end, kind in points:
        first = True
        for k, (s, e) in enumerate(spans):
            if s >= end:
                break
            common = min(e, end) - max(s, start)
            if common > 0.5 * (e - s) or (common > 0 and common >= 0.6 * (end - start)):
                labels[k] = ("B" if first else "I") + kind
                first = False
    behind = ""
    for k, label in enumerate(labels):
        if label == "O":
            labels[k] = "O" + behind
        else:
            behind = label[1]
    return labels


_INSIDE = [k for k, label in enumerate(LABELS) if label[0] == "I"]
_REFUSED = 10.0  # votes: more than words can say


def project(
    pieces: Sequence[Piece], drafts: Sequence[Draft]
) -> tuple[NDArray[np.float64], dict[tuple[int, int, str], list[Draft]]]:
    """The rules' vote for each piece and label, and which drafts stand behind each row of pieces."""
    spans = [(p.start, p.end) for p in pieces]
    labels = label_pieces(spans, [(d.start, d.end, "P" if d.kind == "problem" else "R") for d in drafts])
    table = np.zeros((len(pieces), len(LABELS)))
    table[np.arange(len(pieces)), [LABELS.index(label) for label in labels]] = 1.0
    for k, label in enumerate(labels):  # where the rules begin a point at a list mark, none goes on from before
        if label[0] == "B" and pieces[k].marker is not None:
            table[k, _INSIDE] -= _REFUSED
    owners: dict[tuple[int, int, str], list[Draft]] = {}
    for first, last, kind in runs(labels):
        start, end = pieces[first].start, pieces[last].end
        held = [d for d in drafts if d.kind == _KINDS[kind] and d.start < end and d.end > start]
        owners[first, last, _KINDS[kind]] = held
        if pieces[first].marker is not None and any(d.marked for d in held):
            for k in range(first + 1, last + 1):  # under one mark, a second point of its kind begins only with a mark
                if pieces[k].marker is None:
                    table[k, LABELS.index("B" + kind)] -= 1.0
    return table, owners


def _drafts(
    text: str,
    pieces: Sequence[Piece],
    segments: Sequence[Segment],
    alone: set[tuple[int, int, str]],
    drafts: Sequence[Draft],
    owners: dict[tuple[int, int, str], list[Draft]],
    context: Context,
    year: int | None,
    first_round: int,
) -> list[Draft]:
    """Segments as drafts: the rules' own where they read the same, else new ones."""
    found: list[Draft] = []
    changed = False
    for segment in segments:
        key = (segment.first, segment.last, segment.kind)
        score = round(segment.score, 4)
        if owned := owners.get(key):
            by = "both" if key in alone else "rule"
            found.extend(replace(d, decided_by=by, score=score) for d in owned if d not in found)
            continue
        changed = True
        opens = pieces[segment.first]
        start, end = opens.start, pieces[segment.last].end
        marked = opens.marker is not None
        for s, e in point_spans(text, start, end, segment.kind, marked):
            near = _nearest(drafts, s, segment.kind)
            status = _status(text[s:e], segment.kind, near, context, year)
            found.append(
                Draft(
                    segment.kind,
                    status,
                    s,
                    e,
                    text[s:e],
                    first_round,
                    opens.marker.ordinal if opens.marker else 0,
                    near.heading if near and near.start < e and near.end > s else "",
                    marked,
                    near.answers if near and near.start < e and near.end > s else 0,
                    "model",
                    score,
                )
            )
    kept = {id(d) for held in owners.values() for d in held}
    for draft in drafts:  # points inside one piece, which no row of pieces can hold
        if id(draft) not in kept and not any(f.start < draft.end and f.end > draft.start for f in found):
            found.append(draft)
    found.sort(key=lambda d: (d.start, d.end))
    if changed or len(found) != len(drafts):
        _renumber(found, first_round)
    return found


def _nearest(drafts: Sequence[Draft], start: int, kind: str) -> Draft | None:
    """The rules' point of that kind that overlaps or stands nearest."""
    same = [d for d in drafts if d.kind == kind]
    return min(same, key=lambda d: max(d.start - start, start - d.end, 0), default=None)


def _status(words: str, kind: str, near: Draft | None, context: Context, year: int | None) -> str:
    if kind == "problem":
        return near.status if near else ("previous" if context.status == "previous" else "current")
    inherited = near.status if near else (context.status if context.kind == "remedy" else None)
    return remedy_status(words, Context("remedy", inherited, labelled=True), year)


def _renumber(drafts: list[Draft], first_round: int) -> None:
    """A problem behind a remedy opens a new pair of headings."""
    number, before = first_round, None
    for draft in drafts:
        if draft.kind == "problem" and before == "remedy":
            number += 1
        draft.round, before = number, draft.kind
