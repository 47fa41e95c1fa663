"""What to annotate next: passages that the pipeline doubts, unlike each other, from many agencies and years.

One pass over the tables keeps a bounded pool of the passages in most doubt, in all and of each stratum (kind of agency and
year). From the pool passages are taken one by one: the one with the most doubt, weighed by its distance (TF-IDF of character
pairs) from all that were taken or annotated before, and less for a stratum that had its share. The same tables and seed give
the same suggestions.
"""

from __future__ import annotations

import hashlib
import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gia_nlp.annotation.doubt import Doubt, doubt
from gia_nlp.annotation.passages import Passage, read_passages
from gia_nlp.annotation.records import GoldDocument, GoldError

KINDS = ("facts", "items")
_POOL_LEAST, _POOL_TIMES = 1000, 10  # the pool holds so many passages, or so many times the number asked for
_A_STRATUM, _A_REPORT = 8, 3  # passages in the pool of one stratum beyond the most doubtful, and of one report
_LEAST_DOUBT = 0.02  # below that there is nothing to learn
_LEAST_DISTANCE = 0.05  # nearer passages have the same wording
_MODEL_LOOKS = 20_000  # rows in which a model's say would show


@dataclass(frozen=True, slots=True, order=True)
class _Ranked:
    """A passage in the pool; the seed decides between equals."""

    value: float
    lot: str
    mark: str = field(compare=False)
    passage: Passage = field(compare=False)
    doubt: Doubt = field(compare=False)

    @property
    def stratum(self) -> tuple[str, str]:
        report = self.passage.report
        return str(report["agency_kind"] or report["level"] or "?"), str(report["year"] or "?")


def suggest(
    folder: str | Path,
    count: int,
    *,
    kinds: Sequence[str] = KINDS,
    without: Iterable[GoldDocument] = (),
    seed: int = 0,
) -> list[GoldDocument]:
    """Passages of an output folder of ``gia-nlp tag`` (Parquet), best first, with predictions to correct and ``reasons``.

    ``kinds``: ``facts`` for prose with counts, ``items`` for sections on problems; ``without`` are documents that were annotated:
    neither they nor what is like them is suggested. Raises :class:`GoldError` for a folder without tables.
    """
    unknown = set(kinds) - set(KINDS)
    if unknown or not kinds:
        raise GoldError(
            f"no kind is called {', '.join(sorted(unknown)) or 'nothing'}", hint="kinds are facts and items"
        )
    folder = Path(folder)
    done = list(without)
    chosen: list[GoldDocument] = []
    ordered = [kind for kind in KINDS if kind in kinds]
    shares = {kind: count // len(ordered) + (n < count % len(ordered)) for n, kind in enumerate(ordered)}
    pools = _pools(folder, shares, done, seed)
    for kind in ordered:
        chosen += _choose(pools[kind], shares[kind], [d.text for d in done])
    return chosen


# --------------------------------------------------------------------------- the pool


def _pools(folder: Path, shares: dict[str, int], done: list[GoldDocument], seed: int) -> dict[str, list[_Ranked]]:
    known = {_print(d.text) for d in done}
    models = {kind: _has_model(folder, kind) for kind in shares}
    pools = {kind: _Pool(max(_POOL_LEAST, _POOL_TIMES * share)) for kind, share in shares.items()}
    only_reports = _has_reports(folder)  # else they are passages, or all of another kind
    for passage in read_passages(folder, tuple(shares)):
        if only_reports and not passage.report["is_report"]:
            continue
        found = doubt(passage, has_model=models[passage.kind])
        if found.value < _LEAST_DOUBT:
            continue
        mark = _print(passage.text)
        if mark in known:
            continue
        lot = hashlib.blake2b(f"{seed}\0{passage.id}".encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
        pools[passage.kind].add(_Ranked(found.value, lot, mark, passage, found))
    return {kind: pool.taken() for kind, pool in pools.items()}


def _has_reports(folder: Path) -> bool:
    from gia_nlp.frames.store import read_rows

    return any(row["is_report"] for row in read_rows(folder, "reports", ["is_report"]))


def _print(text: str) -> str:
    """A short print of a text without white space and digits: boilerplate with other numbers is the same."""
    words = "".join(c for c in text if not c.isspace() and not c.isdigit())
    return hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _has_model(folder: Path, kind: str) -> bool:
    """Whether a model had a say in a table, by its first rows."""
    from itertools import islice

    from gia_nlp.frames.store import read_rows

    rows = islice(read_rows(folder, kind, ["decided_by"]), _MODEL_LOOKS)
    return any(row["decided_by"] != "rule" for row in rows)


class _Pool:
    """The passages in most doubt, in all and of each stratum; never more than a few of one report, of one wording one."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._best: list[_Ranked] = []
        self._strata: dict[tuple[str, str], list[_Ranked]] = {}
        self._report: str | None = None
        self._of_report: list[_Ranked] = []
        self._wordings: dict[str, float] = {}  # the most doubt about each wording in the pool

    def add(self, ranked: _Ranked) -> None:
        """Takes a passage; those of one report come together."""
        report_id = ranked.passage.report["report_id"]
        if report_id != self._report:
            self._settle()
            self._report = report_id
        self._of_report.append(ranked)

    def _settle(self) -> None:
        for ranked in heapq.nlargest(_A_REPORT, self._of_report):
            if ranked.value <= self._wordings.get(ranked.mark, 0.0):
                continue
            of_stratum = self._strata.setdefault(ranked.stratum, [])
            if _keep(self._best, ranked, self._size) | _keep(of_stratum, ranked, _A_STRATUM):
                self._wordings[ranked.mark] = ranked.value
        self._of_report = []
        if len(self._wordings) > 4 * self._size:  # forget what has left the pool
            kept = {r.mark for r in self._all()}
            self._wordings = {m: v for m, v in self._wordings.items() if m in kept}

    def _all(self) -> Iterator[_Ranked]:
        yield from self._best
        for stratum in self._strata.values():
            yield from stratum

    def taken(self) -> list[_Ranked]:
        """What is in the pool, best first, each wording once."""
        self._settle()
        best: dict[str, _Ranked] = {}
        for ranked in sorted(self._all(), reverse=True):
            best.setdefault(ranked.mark, ranked)
        return list(best.values())


def _keep(heap: list[_Ranked], ranked: _Ranked, size: int) -> bool:
    if len(heap) < size:
        heapq.heappush(heap, ranked)
        return True
    return heapq.heappushpop(heap, ranked) is not ranked


# --------------------------------------------------------------------------- the choice


def _choose(pool: list[_Ranked], count: int, before: list[str]) -> list[GoldDocument]:
    """Greedy: doubt times distance from what was chosen before, less for a stratum that had its share."""
    if not pool or count <= 0:
        return []
    import numpy as np

    vectors = _vectors([r.passage.text for r in pool], before)
    values = np.array([r.value for r in pool])
    distance = np.ones(len(pool))
    for start in range(0, len(before), 256):  # what is annotated already is as good as chosen
        near = (vectors[: len(pool)] @ vectors[len(pool) + start : len(pool) + start + 256].T).max(axis=1)
        distance = np.minimum(distance, 1 - np.asarray(near.todense()).ravel())
    strata: Counter[tuple[str, str]] = Counter()
    share = max(1.0, count / len({r.stratum for r in pool}))
    crowded = np.ones(len(pool))
    free = np.ones(len(pool), bool)
    chosen: list[GoldDocument] = []
    while len(chosen) < count:
        gain = np.where(free & (distance >= _LEAST_DISTANCE), values * distance * crowded, -1.0)
        best = int(gain.argmax())
        if gain[best] < 0:
            break
        one = pool[best]
        reasons = list(one.doubt.reasons)
        if chosen or before:
            reasons.append(f"unlike what comes before (distance {distance[best]:.2f})")
        if not strata[one.stratum]:
            reasons.append(f"the first of {one.stratum[0]}, {one.stratum[1]}")
        chosen.append(
            one.passage.to_document(
                doubt=one.value, rank=len(chosen) + 1, reasons=reasons, score=round(float(gain[best]), 4)
            )
        )
        free[best] = False
        strata[one.stratum] += 1
        near = np.asarray((vectors[: len(pool)] @ vectors[best].T).todense()).ravel()
        distance = np.minimum(distance, 1 - near)
        weight = min(1.0, share / (share + strata[one.stratum]))
        crowded[[r.stratum == one.stratum for r in pool]] = weight
    return chosen


def _vectors(texts: list[str], before: list[str]) -> Any:
    """TF-IDF of character pairs, digits as one sign: rows of unit length, the pool's first."""
    import re

    from sklearn.feature_extraction.text import TfidfVectorizer

    plain = [re.sub(r"\d+", "0", re.sub(r"\s+", "", text)) for text in (*texts, *before)]
    made = TfidfVectorizer(analyzer="char", ngram_range=(2, 2), max_features=40_000, sublinear_tf=True)
    try:
        return made.fit_transform(plain)
    except ValueError:  # no text has two characters
        from scipy.sparse import csr_matrix

        return csr_matrix((len(plain), 1))
