"""Tables as CSV, some thousand rows at a time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from gia_nlp.frames.export import csv_value

if TYPE_CHECKING:
    import duckdb

_BATCH = 2000


def csv_lines(cursor: duckdb.DuckDBPyConnection) -> Iterator[bytes]:
    """What a cursor holds as CSV in UTF-8, as ``gia-nlp tag --format csv`` writes it: with a mark of its encoding, and no formula."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([column[0] for column in cursor.description or ()])
    yield b"\xef\xbb\xbf"
    while True:
        yield buffer.getvalue().encode("utf-8", "replace")
        buffer.seek(0)
        buffer.truncate()
        rows = cursor.fetchmany(_BATCH)
        if not rows:
            return
        writer.writerows([csv_value(value) for value in row] for row in rows)
