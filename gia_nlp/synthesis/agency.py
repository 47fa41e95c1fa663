"""Invented agencies: a place made of syllables, a level, a kind."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from gia_nlp.vocabulary.loader import load_yaml


@dataclass(frozen=True, slots=True)
class Agency:
    """Who reports. ``name`` is the issuer, ``place`` its division (``None`` for a national body), ``we`` its word for itself."""

    name: str
    place: str | None
    level: str
    we: str


def _place(rng: random.Random, data: dict[str, Any], level: str) -> str:
    first = rng.choice(data["first"])
    second = rng.choice([s for s in data["second"] if s != first])
    return f"{first}{second}{rng.choice(data['levels'][level]['suffixes'])}"


def draw_agency(rng: random.Random) -> Agency:
    """An agency; levels and kinds are as common as in the field.

    >>> draw_agency(random.Random(4)) == draw_agency(random.Random(4))
    True
    """
    data = load_yaml("synthesis/agencies")
    levels = list(data["levels"])
    level = rng.choices(levels, [data["levels"][x]["weight"] for x in levels])[0]
    kinds = data["kinds"][level]
    suffix, we, *_ = rng.choices(kinds, [k[2] if len(k) > 2 else 1 for k in kinds])[0]
    if level == "国家":
        return Agency(suffix, None, level, we)
    place = _place(rng, data, level)
    if place.endswith("街道"):
        return Agency(place + data["streets"][0], place, level, data["streets"][1])
    if we == "全县" and not place.endswith("县"):
        we = "全" + place[-1]
    if we == "我镇":
        we = "我" + place[-1]
    return Agency(place + suffix, place, level, we)
