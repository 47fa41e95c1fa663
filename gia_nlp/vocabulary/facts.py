"""The cues that tell what a quantity counts, loaded from ``data/fact_cues.yaml``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gia_nlp.vocabulary.active import per_vocabulary
from gia_nlp.vocabulary.loader import load_yaml

NO_FACT = "none"


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that speak for one indicator (or for :data:`NO_FACT`), with where they may stand and what they weigh."""

    indicator: str
    id: str
    pattern: re.Pattern[str]
    weight: float
    where: str
    units: frozenset[str] | None
    when: str | None
    unless: re.Pattern[str] | None
    unless_sentence: re.Pattern[str] | None
    far: float


@per_vocabulary
def fact_cues() -> tuple[Cue, ...]:
    """All cues.

    >>> sorted({cue.where for cue in fact_cues()})
    ['any', 'label', 'label_end', 'tail']
    """
    return tuple(
        Cue(
            indicator,
            f"{indicator}/{row['id']}",
            re.compile(row["t"]),
            float(row["w"]),
            row.get("in", "any"),
            frozenset(str(row["units"]).split("|")) if "units" in row else None,
            row.get("when"),
            re.compile(row["not"]) if "not" in row else None,
            re.compile(row["unless_sentence"]) if "unless_sentence" in row else None,
            float(row.get("far", 0.13)),
        )
        for indicator, rows in load_yaml("fact_cues").items()
        for row in rows
    )
