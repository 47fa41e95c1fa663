"""Where points begin and end and of which kind they are, by model and rules together.

The section is a row of pieces (:mod:`gia_nlp.problems.pieces`), each of which begins a problem, goes on with one, begins or goes on
with a remedy, or lies outside (before any point, behind a problem, behind a remedy). A conditional random field scores all
rows of labels; the points that the rules read vote with a fixed weight for the labels of their pieces; the likeliest row is
taken. So the rules carry a marked list, and the model decides where the rules see none, or one that the words speak
against. A point on which both agree keeps the rules' exact span.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gia_nlp.linear import LinearClassifier
from gia_nlp.problems.chains import LABELS, OFFSETS, Chain, gather, label_pieces, runs
from gia_nlp.problems.context import Context, remedy_status
from gia_nlp.problems.drafts import Draft
from gia_nlp.problems.edges import point_spans
from gia_nlp.problems.pieces import FAMILIES, Look, Piece, cut_pieces, looked_up
from gia_nlp.text.markers import Marker

MOST = 3000  # pieces of a section: no real one has a tenth of it
_KINDS = {"P": "problem", "R": "remedy"}


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
        if words.labels != chain_labels():
            raise ValueError("no model of boundaries: its labels are others")
        self.chain = Chain(transitions)
        known = words.index.families()
        self._columns: dict[str, Look[int]] = {name: known.get(name, {}).get for name in FAMILIES}

    @property
    def transitions(self) -> NDArray[np.float64]:
        """What follows what, (from, to) over the labels."""
        return self.chain.transitions

    def scores(self, text: str, pieces: Sequence[Piece], context: str | None) -> NDArray[np.float64]:
        """What the words say of each piece and label, shape (pieces, labels); ``context`` is the kind that the heading announces."""
        rows = looked_up(text, pieces, context, self._columns, len(self.words.index))
        said = self.words.sums(list(chain.from_iterable(rows)), list(map(len, rows))) + self.words.intercepts
        return gather(said.reshape(len(rows), len(OFFSETS), len(LABELS)))

    def segments(self, table: NDArray[np.float64], found: Sequence[tuple[int, int, str]]) -> list[Segment]:
        """Points of a row of labels with the probability that exactly they are right."""
        marginals = self.chain.marginals(table)
        segments = []
        for first, last, kind in found:
            odds = marginals.log_odds(first, last, kind) * self.scale + self.offset
            score = 1 / (1 + math.exp(-min(max(odds, -30.0), 30.0)))
            segments.append(Segment(first, last, _KINDS[kind], score))
        return segments

    def combine(
        self,
        text: str,
        drafts: Sequence[Draft],
        context: Context,
        year: int | None,
        first_round: int,
        markers: Sequence[Marker] | None = None,
    ) -> list[Draft]:
        """The points of a section (normal form) from the rules' ``drafts`` and the model; ``markers``: the text's list marks, if known."""
        pieces = cut_pieces(text, markers)
        if not 0 < len(pieces) <= MOST:
            return list(drafts)
        alone = self.scores(text, pieces, context.kind)
        told, owners = project(pieces, drafts)
        together = alone + self.vote * told
        rows = self.chain.likeliest(np.stack((alone, together)))
        by_words, by_both = (runs([LABELS[label] for label in row]) for row in rows)
        points = {(first, last, _KINDS[kind]) for first, last, kind in by_words}
        segments = self.segments(together, by_both)
        return _drafts(text, pieces, segments, points, drafts, owners, context, year, first_round)

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


_REFUSED = 10.0  # votes: more than words can say
_NUMBERS = {label: k for k, label in enumerate(LABELS)}
_MARKED = {"BP": len(LABELS), "BR": len(LABELS) + 1}


def _votes() -> NDArray[np.float64]:
    """A vote for each label; the last two are for points that begin at a list mark, where none goes on from before."""
    table = np.eye(len(LABELS))[[*range(len(LABELS)), *map(_NUMBERS.get, _MARKED)]]
    for row in _MARKED.values():
        table[row, [k for k, label in enumerate(LABELS) if label[0] == "I"]] -= _REFUSED
    return table


_VOTES = _votes()


def project(
    pieces: Sequence[Piece], drafts: Sequence[Draft]
) -> tuple[NDArray[np.float64], dict[tuple[int, int, str], list[Draft]]]:
    """The rules' vote for each piece and label, and which drafts stand behind each row of pieces."""
    spans = [(p.start, p.end) for p in pieces]
    labels = label_pieces(spans, [(d.start, d.end, "P" if d.kind == "problem" else "R") for d in drafts])
    table = _VOTES.take(
        [
            _NUMBERS[label] if piece.marker is None or label not in _MARKED else _MARKED[label]
            for label, piece in zip(labels, pieces, strict=True)
        ],
        axis=0,
    )
    owners: dict[tuple[int, int, str], list[Draft]] = {}
    for first, last, kind in runs(labels):
        start, end = pieces[first].start, pieces[last].end
        held = [d for d in drafts if d.kind == _KINDS[kind] and d.start < end and d.end > start]
        owners[first, last, _KINDS[kind]] = held
        if last > first and pieces[first].marker is not None and any(d.marked for d in held):
            for k in range(first + 1, last + 1):  # under one mark, a second point of its kind begins only with a mark
                if pieces[k].marker is None:
                    table[k, _NUMBERS["B" + kind]] -= 1.0
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
            found.extend(d.decided(by, score) for d in owned if not any(f.score == d.score and f == d for f in found))
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
