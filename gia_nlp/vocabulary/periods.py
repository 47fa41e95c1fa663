"""Words that say of which time a count speaks, loaded from ``data/periods.yaml``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from gia_nlp.vocabulary.loader import load_yaml


@dataclass(frozen=True, slots=True)
class PeriodCues:
    """Compiled cues. ``ends_previous`` matches a label that ends in a word for an earlier year (group ``year`` if named)."""

    cumulative: re.Pattern[str]
    planned: re.Pattern[str]
    looks_ahead: re.Pattern[str]
    no_plan: re.Pattern[str]
    reached: re.Pattern[str]
    current: re.Pattern[str]
    previous: re.Pattern[str]
    ends_previous: re.Pattern[str]


@cache
def period_cues() -> PeriodCues:
    """The cues.

    >>> bool(period_cues().cumulative.search("公众号开通以来累计发稿"))
    True
    """
    data = load_yaml("periods")

    def words(name: str) -> str:
        return "|".join(data[name]).replace("YEAR", r"20\d\d")

    relative = words("relative")
    tail = "(?:全年)?(?:同期)?(?:的|为|是)?(?:全年)?(?:仅|共)?$"
    return PeriodCues(
        cumulative=re.compile(words("cumulative")),
        planned=re.compile(words("planned")),
        looks_ahead=re.compile(words("looks_ahead")),
        no_plan=re.compile(words("no_plan")),
        reached=re.compile(words("reached")),
        current=re.compile(words("current")),
        previous=re.compile(f"(?:{relative})(?:同期)?(?!相比|比|结转)"),
        ends_previous=re.compile(rf"(?:{relative}|(?P<year>20\d\d)年度?){tail}"),
    )
