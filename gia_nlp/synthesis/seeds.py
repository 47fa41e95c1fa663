"""Seeds derived from seeds: every report, and every part of it, draws from a stream of its own.

So a single report can be made again without those before it, and the content of a report does not depend on its layout.
"""

from __future__ import annotations

import hashlib
import random


def stream(seed: int, *path: int | str) -> random.Random:
    """A generator for one purpose, the same on every machine and in every process.

    >>> stream(7, 3, "content").random() == stream(7, 3, "content").random()
    True
    """
    text = "/".join([str(seed), *(str(p) for p in path)])
    return random.Random(int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big"))


def tail(rng: random.Random, median: float, *, zero: float = 0.0, spread: float = 1.1) -> int:
    """A count with a heavy tail: 0 with the probability ``zero``, else log-normal around ``median``."""
    if rng.random() < zero:
        return 0
    return max(1, round(rng.lognormvariate(0, spread) * median))


def chance(rng: random.Random, probability: float) -> bool:
    """True with that probability."""
    return rng.random() < probability
