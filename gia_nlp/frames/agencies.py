"""Which reports are by the same agency, over the names that it goes by.

An agency is a place and a department of it. The place is a listed division (by its code of today, so that 某县 and the 区
that it became are one), or a place by its own name where no list has it. What a name leaves open stays open: a word for
a place without the place (区信访局), a township without its county, a name that several listed divisions share.

Two names that may follow one another (教育局 and 教育体育局, 乡 and 镇) are one agency unless both occur in one year: then they
are two. Work is linear in the reports: everything is grouped by keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from gia_nlp.vocabulary.agencies import agencies, places
from gia_nlp.vocabulary.agency_names import agency_names, department, find_place, level_word, plain_name
from gia_nlp.vocabulary.place_names import is_place, split_name

#: The columns of `reports` that name the agency.
COLUMNS = ("issuer", "region", "adcode", "level", "year")
_TOWN = re.compile(r"(?:街道|[镇乡]|苏木)$")
_TOWN_OFFICE = re.compile(r"(?:人民)?政府|(?:街道)?办事处|街道办|")
_PROVINCE = re.compile(r"(?:省|自治区|^(?:北京|天津|上海|重庆)市|兵团)$")
_FIRST_YEAR = 1990


class Place(NamedTuple):
    """A place as a name tells it: ``code`` if it is listed, else its name and the places above it that the name has."""

    code: str | None
    name: str
    province: str | None = None
    prefecture: str | None = None
    town: str | None = None


class Name(NamedTuple):
    """An agency's name taken apart. ``line`` is shared with names that may follow or precede it."""

    place: Place | None
    department: str
    line: str


def agency_ids(reports: Iterable[Mapping[str, Any]]) -> list[str | None]:
    """The agency of each report, ``None`` where it is open; rows have at least :data:`COLUMNS`.

    >>> rows = [("青垄县教育局", 2021), ("平州市青垄县教育体育局", 2022), ("区信访局", 2022)]
    >>> agency_ids(dict.fromkeys(COLUMNS) | {"issuer": issuer, "year": year} for issuer, year in rows)
    ['青垄县:教育', '青垄县:教育', None]
    """
    corpus = _Corpus()
    for row in reports:
        corpus.add(row)
    return corpus.ids()


@dataclass(slots=True)
class _Corpus:
    """The names of all reports, one small entry a report, and what each group of names has in which years."""

    names: list[tuple[Name | None, int]] = field(default_factory=list)
    known: dict[Name, Name] = field(default_factory=dict)
    above: dict[str, tuple[set[str], set[str]]] = field(default_factory=dict)

    def add(self, row: Mapping[str, Any]) -> None:
        name = identify(row["issuer"], row["region"], row["adcode"], row["level"])
        if name is None:
            self.names.append((None, 0))
            return
        name = self.known.setdefault(name, name)
        self.names.append((name, row["year"] or 0))
        if (place := name.place) and place.code is None:
            provinces, prefectures = self.above.setdefault(place.name, (set(), set()))
            if place.province:
                provinces.add(place.province)
            if place.prefecture:
                prefectures.add(place.prefecture)

    def ids(self) -> list[str | None]:
        where = {name: self._where(name.place) for name in self.known}
        years: dict[tuple[str, str, str], dict[tuple[str, str], int]] = {}
        for name, year in self.names:
            if name and (place := where[name]) is not None:
                group = years.setdefault(_line(name, place), {})
                bit = 1 << (year - _FIRST_YEAR) if _FIRST_YEAR <= year < _FIRST_YEAR + 100 else 0
                group[_own(name)] = group.get(_own(name), 0) | bit
        one = {line: _follow(group) for line, group in years.items()}
        ids: dict[Name, str | None] = {}
        for name, place in where.items():
            if place is None:
                ids[name] = None
                continue
            line = _line(name, place)
            town, what = line[1:] if one[line] else _own(name)
            ids[name] = f"{'/'.join(filter(None, (place, town)))}:{what}"
        return [ids[name] if name else None for name, _ in self.names]

    def _where(self, place: Place | None) -> str | None:
        """The place's id: where two places of one name occur, one that does not say which it is stays open."""
        if place is None:
            return "国家"
        if place.code:
            return place.code
        parts = []
        for above, known in zip((place.province, place.prefecture), self.above[place.name], strict=True):
            if len(known) > 1:
                if above is None:
                    return None
                parts.append(above)
        return "".join((*parts, place.name))


def _line(name: Name, place: str) -> tuple[str, str, str]:
    return place, _town_line(name.place.town if name.place else None), name.line


def _own(name: Name) -> tuple[str, str]:
    return (name.place.town or "" if name.place else ""), name.department


def _town_line(town: str | None) -> str:
    """The name that a 乡 keeps when it becomes a 镇."""
    if town and town[-1] in "乡镇" and town[:-1] not in agency_names().common_towns:
        return re.sub(r"(?<=..)(?:.{1,4}族)?乡$", "", town) if town[-1] == "乡" else town[:-1]
    return town or ""


def _follow(group: dict[tuple[str, str], int]) -> bool:
    """Whether the names of a line are one after the other: never two in one year, no 乡 after the 镇."""
    taken = 0
    for years in group.values():
        if taken & years:
            return False
        taken |= years
    rural = max((years.bit_length() for (town, _), years in group.items() if town.endswith("乡")), default=0)
    urban = [years & -years for (town, _), years in group.items() if town.endswith("镇") and years]
    return not (rural and urban) or rural < min(urban).bit_length()


# --------------------------------------------------------------------------- one name


@lru_cache(maxsize=8192)
def identify(issuer: str | None, region: str | None, adcode: str | None, level: str | None) -> Name | None:
    """The agency that the metadata of one report name; ``None`` where they leave open which one it is.

    >>> identify("上海市科委", "上海市", None, "省")
    Name(place=Place(code='310000', name='上海市', province=None, prefecture=None, town=None), department='科学技术委员会', line='科学技术')
    >>> identify("区信访局", None, None, "县") is None
    True
    """
    if not issuer:
        return None
    plain = plain_name(issuer)
    if level == "国家" or agencies().national.search(plain):
        parts = split_name(plain)
        if not parts.places:
            return Name(None, plain, plain)
    names, rest = _taken_apart(plain, region)
    place = _place(names, adcode)
    if place is None:
        return None
    if place.town and _TOWN.search(place.town) and _TOWN_OFFICE.fullmatch(rest):
        return Name(place, "人民政府", "人民政府")
    if not rest and (place.town or not place.code) and (place.town or place.name).endswith(agencies().zones):
        rest = "管理委员会"  # a zone has no government; 浦东新区, which is a listed division, has one
    found = department(rest)
    return Name(place, found.name, found.line)


def _taken_apart(issuer: str, region: str | None) -> tuple[tuple[str, ...], str]:
    """The places that the agency belongs to and the words behind them."""
    prefix, names, rest = split_name(issuer)
    if not names:
        above = split_name(plain_name(region)).places if region else ()
        behind = level_word(rest, above[-1]) if above else None
        return (above, prefix + behind) if behind is not None else ((), rest)
    # 青垄县人民政府石塘街道办事处: the government stands between the county and its town.
    return (*names[:-1], names[-1].removeprefix("人民政府")), prefix + rest


def _place(names: tuple[str, ...], adcode: str | None) -> Place | None:
    *above, last = names or ("",)
    town = None
    if (_TOWN.search(last) and last not in places()) or last in agencies().zones:
        if not above:
            return None  # there is a 城关镇 in every second county, a 高新区 in every city
        town = last
        *above, last = above
    if not last or not is_place(last):
        return None
    if last in places() and all(place in places() for place in above):
        code = find_place((*above, last), None if town else adcode)
        return None if code is None else Place(code, last, town=town)
    if last in places():  # a listed name under places that no list has: another place of that name
        last = "".join((*above, last))
        above = []
    provinces = [p for p in above if _PROVINCE.search(p)]
    others = [p for p in above if not _PROVINCE.search(p)]
    return Place(None, last, provinces[0] if provinces else None, others[-1] if others else None, town)
