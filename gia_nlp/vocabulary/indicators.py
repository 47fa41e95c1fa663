"""The indicators that prose counts: one record each, in the order of the annotation guide."""

from __future__ import annotations

from dataclasses import dataclass

from gia_nlp.vocabulary.active import per_vocabulary
from gia_nlp.vocabulary.loader import load_yaml


@dataclass(frozen=True, slots=True)
class Indicator:
    """One thing that prose counts. ``channelled``: its facts carry a channel; ``money``: its values are in 元."""

    id: str
    zh: str
    units: tuple[str, ...]
    channelled: bool = False
    money: bool = False


@per_vocabulary
def indicators() -> dict[str, Indicator]:
    """All indicators by id.

    >>> indicators()["staff"].zh
    '工作人员'
    """
    return {
        name: Indicator(name, row["zh"], tuple(row["units"]), row.get("channelled", False), row.get("money", False))
        for name, row in load_yaml("indicators").items()
    }
