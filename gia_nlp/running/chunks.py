"""Sources cut into chunks for workers: of about the same work, large enough to pay for the sending."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gia_nlp.running.source import Readable

CHUNK_REPORTS = 64
CHUNK_BYTES = 4 << 20
LEAST_BYTES = 4 << 10  # what even an empty file costs, counted in bytes
_WORTHWHILE = 64 << 10  # what pays for sending a chunk and writing its part
_ROUNDS = 4  # chunks a worker for what is left: the last ones are small, so that all end together


def chunked(
    sources: Iterable[Readable], total_bytes: int, workers: int, *, least: int = 1, most: int | None = None
) -> Iterator[list[Readable]]:
    """Chunks of ``least`` to ``most`` sources, balanced by bytes; they get smaller towards the end.

    >>> from gia_nlp.running.rows import TextSource
    >>> sources = [TextSource(str(n), "字" * 40_000) for n in range(40)]
    >>> [len(chunk) for chunk in chunked(sources, 40_000 * 40, 2)]
    [5, 5, 4, 4, 3, 3, 2, 2, 2, 2, 2, 2, 2, 2]
    """
    most = max(least, most or CHUNK_REPORTS)
    left = float(total_bytes)
    chunk: list[Readable] = []
    size = 0
    for source in sources:
        weight = max(LEAST_BYTES, source.size)
        chunk.append(source)
        size += weight
        enough = min(CHUNK_BYTES, max(_WORTHWHILE, left / (workers * _ROUNDS)))
        if len(chunk) >= most or (len(chunk) >= least and size >= enough):
            yield chunk
            left = max(0.0, left - size)
            chunk, size = [], 0
    if chunk:
        yield chunk
