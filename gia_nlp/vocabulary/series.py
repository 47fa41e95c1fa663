"""Which columns of the panel make one series over all generations of the form."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from gia_nlp.vocabulary.loader import load_yaml
from gia_nlp.vocabulary.panel import main_cells


@dataclass(frozen=True, slots=True)
class Source:
    """Where a count stands: columns of the panel that are summed, or the one that answers from prose (``from_prose``)."""

    columns: tuple[str, ...]
    from_prose: bool = False

    @property
    def name(self) -> str:
        """The columns joined by `` + ``."""
        return " + ".join(self.columns)


@dataclass(frozen=True, slots=True)
class Series:
    """An indicator with its sources, the first that prints a number counts."""

    id: str
    zh: str
    sources: tuple[Source, ...]


@cache
def series() -> dict[str, Series]:
    """All series by id, in the order of the data.

    >>> [s.name for s in series()["training_sessions"].sources]
    ['cell_statistics_training_sessions_year', 'answer_training_sessions']
    >>> len(series()["applications_refused"].sources[0].columns)
    8
    """
    out = {}
    for name, row in load_yaml("series").items():
        sources = [_source(s) for s in row["sources"]]
        out[name] = Series(name, row["zh"], tuple(sources))
    return out


def _source(row: dict[str, object]) -> Source:
    if "answer" in row:
        return Source((f"answer_{row['answer']}",), from_prose=True)
    cells = row["cells"]
    assert isinstance(cells, list)
    return Source(tuple(f"cell_{name}" for key in cells for name in _names(key)))


def _names(key: str) -> list[str]:
    """The columns of a cell; ``*`` stands for the parts of a group. Raises ``KeyError`` for a cell that the panel has not."""
    if "*" not in key:
        return [main_cells()[key].name]
    before, after = key.split("*")
    found = [c.name for k, c in main_cells().items() if k.startswith(before) and k.endswith(after)]
    if not found:
        raise KeyError(key)
    return found
