"""Features by name: a fixed index from names to columns, and rows of few features out of many."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

# The features of one example: names with values, or names alone (each then counts 1, repeated ones once).
Row: TypeAlias = Mapping[str, float] | Iterable[str]


@dataclass(frozen=True, slots=True)
class SparseRows:
    """Rows in compressed form: row ``i`` has ``columns[starts[i]:starts[i + 1]]`` with the values beside them."""

    columns: NDArray[np.int32]
    values: NDArray[np.float32]
    starts: NDArray[np.int64]
    width: int

    def __len__(self) -> int:
        return len(self.starts) - 1

    def to_scipy(self) -> Any:
        """The same rows as ``scipy.sparse.csr_matrix``, for fitting."""
        from scipy.sparse import csr_matrix

        return csr_matrix((self.values, self.columns, self.starts), shape=(len(self), self.width))


class FeatureIndex:
    """Names of features in a fixed order. Names that it does not know are left out of a row.

    >>> index = FeatureIndex.fit([["a", "b"], {"b": 2.0, "c": 1.0}], min_count=1)
    >>> index.names
    ('a', 'b', 'c')
    >>> rows = index.rows([{"c": 0.5, "unseen": 1.0}, ["b", "a"]])
    >>> rows.columns.tolist(), rows.values.tolist(), rows.starts.tolist()
    ([2, 1, 0], [0.5, 1.0, 1.0], [0, 1, 3])
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self._column = {name: column for column, name in enumerate(self.names)}
        if len(self._column) != len(self.names):
            raise ValueError("a feature is named twice")

    def __len__(self) -> int:
        return len(self.names)

    @classmethod
    def fit(cls, rows: Iterable[Row], *, min_count: int = 2) -> FeatureIndex:
        """All names that occur in at least ``min_count`` rows, sorted, so that the order of the rows does not matter."""
        counts: Counter[str] = Counter()
        for row in rows:
            counts.update(set(row))
        return cls(sorted(name for name, n in counts.items() if n >= min_count))

    def rows(self, rows: Iterable[Row]) -> SparseRows:
        """Examples as sparse rows over the columns of this index."""
        columns: list[int] = []
        values: list[float] = []
        starts = [0]
        find = self._column.get
        for row in rows:
            if isinstance(row, Mapping):
                known = [(column, value) for column, value in zip(map(find, row), row.values(), strict=True) if value]
                columns += [column for column, _ in known if column is not None]
                values += [value for column, value in known if column is not None]
            else:
                found = [column for column in map(find, dict.fromkeys(row)) if column is not None]
                columns += found
                values += [1.0] * len(found)
            starts.append(len(columns))
        return SparseRows(
            np.asarray(columns, np.int32), np.asarray(values, np.float32), np.asarray(starts, np.int64), len(self)
        )

    @property
    def columns(self) -> Mapping[str, int]:
        """The column of each name."""
        return self._column

    def families(self) -> dict[str, dict[str, int]]:
        """Columns by family and value, for features named ``family:value``; a name without a colon is a value of the family ``""``.

        Who looks columns up in these needs not put names together first, which for pairs of characters is most of the work.

        >>> FeatureIndex(["g:更新", "g:新慢", "m"]).families()
        {'g': {'更新': 0, '新慢': 1}, '': {'m': 2}}
        """
        found: dict[str, dict[str, int]] = {}
        for name, column in self._column.items():
            family, colon, value = name.partition(":")
            found.setdefault(family if colon else "", {})[value if colon else name] = column
        return found

    def to_disk(self, path: str | Path) -> None:
        """Writes the names as a JSON list, one a line."""
        Path(path).write_text(json.dumps(self.names, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")

    @classmethod
    def from_disk(cls, path: str | Path) -> FeatureIndex:
        """Reads what :meth:`to_disk` wrote. Raises ``OSError`` or ``ValueError``."""
        return cls(json.loads(Path(path).read_text(encoding="utf-8")))
