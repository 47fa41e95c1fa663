"""Agencies and places: kinds of agencies as a closed list, administrative divisions with their codes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from gia_nlp.vocabulary.loader import load_yaml

#: Levels of government, from the top.
LEVELS = ("国家", "省", "市", "县", "乡街")


@dataclass(frozen=True, slots=True)
class Agencies:
    """What names of agencies are made of."""

    kinds: tuple[tuple[str, re.Pattern[str]], ...]
    suffixes: tuple[str, ...]
    generic: re.Pattern[str]
    verbs: re.Pattern[str]
    national: re.Pattern[str]
    prefixes: re.Pattern[str]
    zones: tuple[str, ...]
    no_places: frozenset[str]


@cache
def agencies() -> Agencies:
    """The vocabulary, read once."""
    data = load_yaml("agencies")
    return Agencies(
        kinds=tuple((kind, re.compile(pattern)) for kind, pattern in data["kinds"].items()),
        suffixes=tuple(sorted(data["suffixes"].split(), key=len, reverse=True)),
        generic=re.compile(data["generic"]),
        verbs=re.compile(data["verbs"]),
        national=re.compile(data["national"]),
        prefixes=re.compile(data["prefixes"]),
        zones=tuple(sorted(data["zones"].split(), key=len, reverse=True)),
        no_places=frozenset(data["no_places"].split()),
    )


@cache
def places() -> dict[str, tuple[str, ...]]:
    """Administrative divisions of 2008-2024: name to codes (several places may share a name).

    >>> places()["卧龙区"]
    ('411303',)
    """
    table: dict[str, list[str]] = {}
    for line in load_yaml("regions")["places"].split("\n"):
        code, _, name = line.partition(" ")
        if name:
            table.setdefault(name, []).append(code)
    return {name: tuple(codes) for name, codes in table.items()}


def agency_kind(name: str | None) -> str | None:
    """The kind of an agency by its name; a place alone stands for its government.

    >>> agency_kind("青垄县公安局"), agency_kind("溪岭市人民政府办公室"), agency_kind("汐口区")
    ('公安', '办公室', '人民政府')
    """
    if not name:
        return None
    for kind, pattern in agencies().kinds:
        if pattern.search(name):
            return kind
    return "人民政府" if name[-1] in "省市县区旗州盟乡镇" else "其他部门"
