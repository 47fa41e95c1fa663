"""MinHash sketches of many texts at once, and the pairs that are likely to be alike.

The share of equal numbers in two sketches estimates the Jaccard similarity of the texts' character 4-grams (standard error
about 0.06 at 64 numbers). Sixteen bands of four numbers find 89 % of the pairs at 0.6, 99 % at 0.7, and hardly any below 0.3.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

GRAM = 4
SIZE, BAND = 64, 4
_SEED = 20080501
_MIX = np.uint64(0x9E3779B97F4A7C15)

Sketches = NDArray[np.uint32]


def gram_hashes(texts: Sequence[str]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Hashes of all character 4-grams of the texts, one text behind the other, and where each text's begin.

    Texts shorter than four characters have none; their beginning is that of the next.
    """
    lengths = np.array([len(t) for t in texts], dtype=np.int64)
    points = np.frombuffer("".join(texts).encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    if len(points) < GRAM:
        return np.zeros(0, dtype=np.uint64), np.zeros(len(texts), dtype=np.int64)
    rolled = np.zeros(len(points) - GRAM + 1, dtype=np.uint64)
    for i in range(GRAM):
        rolled = rolled * np.uint64(1_000_003) + points[i : i + len(rolled)]
    rolled = (rolled ^ (rolled >> np.uint64(29))) * _MIX
    ends = np.cumsum(lengths)
    inside = np.ones(len(points), dtype=bool)
    for i in range(1, GRAM):  # grams that would run from one text into the next
        at = ends - i
        inside[at[(at >= 0) & (at >= ends - lengths)]] = False
    keep = inside[: len(rolled)]
    counts = np.maximum(lengths - GRAM + 1, 0)
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    return rolled[keep], starts


def sketches(texts: Sequence[str]) -> Sketches:
    """A sketch a text, as rows; a text without 4-grams has the largest number throughout.

    >>> one, other = sketches(["公开内容不够全面，形式单一", "公开内容不够全面，形式单一"])
    >>> float((one == other).mean())
    1.0
    """
    hashes, starts = gram_hashes(texts)
    out = np.full((len(texts), SIZE), np.iinfo(np.uint32).max, dtype=np.uint32)
    if not len(hashes):
        return out
    rng = np.random.default_rng(_SEED)
    odd = rng.integers(1, 2**63, SIZE, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    plus = rng.integers(0, 2**63, SIZE, dtype=np.uint64)
    counts = np.diff(np.append(starts, len(hashes)))
    some = counts > 0
    for k in range(SIZE):
        mixed = ((hashes * odd[k] + plus[k]) >> np.uint64(32)).astype(np.uint32)
        out[some, k] = np.minimum.reduceat(mixed, starts[some])
    return out


def bands(found: Sketches) -> NDArray[np.uint64]:
    """The bands of sketches as numbers, a column a band: equal numbers make two texts candidates."""
    parts = found.reshape(len(found), SIZE // BAND, BAND).astype(np.uint64)
    out = np.zeros(parts.shape[:2], dtype=np.uint64)
    for i in range(BAND):
        out = (out ^ parts[:, :, i]) * _MIX
        out ^= out >> np.uint64(31)
    return out + np.arange(SIZE // BAND, dtype=np.uint64) * _MIX


def estimates(found: Sketches, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.float64]:
    """The estimated similarity of pairs of rows."""
    out = np.empty(len(left))
    for start in range(0, len(left), 200_000):
        part = slice(start, start + 200_000)
        out[part] = (found[left[part]] == found[right[part]]).mean(axis=1)
    return out


def jaccard(one: str, other: str) -> float:
    """The exact similarity of two texts.

    >>> round(jaccard("公开内容不够全面", "公开内容还不够全面"), 2)
    0.22
    """
    a, b = ({t[i : i + GRAM] for i in range(len(t) - GRAM + 1)} for t in (one, other))
    return len(a & b) / len(a | b) if a or b else 0.0
