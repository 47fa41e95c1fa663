"""Names under which one agency goes: short and full, before and after a reorganisation; places that changed theirs.

Nothing here looks at a corpus: two names that may mean one agency share a line, and whether they do is for the caller to
decide by the years in which they occur.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from gia_nlp.vocabulary.agencies import places
from gia_nlp.vocabulary.loader import load_yaml

_MUNICIPALITIES = ("11", "12", "31", "50")
_IGNORED = re.compile(r"[\s()（）〔〕\[\]“”\"'‘’《》·•、,，.。\-—_]")
_PREFECTURE = re.compile(r"(?<=..)(?:市|地区|盟)$")
_COUNTY = re.compile(r"(?<=..)(?:[市县区旗]|林区|特区)$")


@dataclass(frozen=True, slots=True)
class AgencyNames:
    """What is known of names (see ``agency_names.yaml``)."""

    offices: dict[str, str]
    department: re.Pattern[str]
    short: dict[str, str]
    lines: tuple[tuple[str, re.Pattern[str]], ...]
    government: re.Pattern[str]
    redundant: re.Pattern[str]
    level_words: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    zones: tuple[tuple[re.Pattern[str], str], ...]
    common_towns: frozenset[str]


class Department(NamedTuple):
    """The part of a name behind the place: ``name`` in full, and the ``line`` that it continues or that continues it."""

    name: str
    line: str


@cache
def agency_names() -> AgencyNames:
    """The vocabulary, read once."""
    data = load_yaml("agency_names")
    return AgencyNames(
        offices=data["offices"],
        department=re.compile(f"(?P<words>.+?)(?P<office>{data['department']})"),
        short={_without_conjunctions(short): full for short, full in data["short"].items()},
        lines=tuple((line, re.compile(pattern)) for line, pattern in data["lineages"].items()),
        government=re.compile(data["government"]),
        redundant=re.compile(data["redundant"]),
        level_words=tuple(
            (re.compile(word), re.compile(f"(?:{ending})$")) for word, ending in data["level_words"].items()
        ),
        zones=tuple((re.compile(f"{short}(?=管|$)"), full) for short, full in data["zones"].items()),
        common_towns=frozenset(data["common_towns"].split()),
    )


def plain_name(name: str) -> str:
    """A name without blanks, brackets and marks, zones in full.

    >>> plain_name("溪岭 经开区管委会（本级）")
    '溪岭经济技术开发区管委会本级'
    """
    name = _IGNORED.sub("", unicodedata.normalize("NFKC", name))
    for short, full in agency_names().zones:
        name = short.sub(full, name)
    return name


def _without_conjunctions(words: str) -> str:
    return re.sub("[和与及]", "", words)


@cache
def department(rest: str) -> Department:
    """What stands behind the place in an agency's name, in full.

    >>> department("科委"), department("教体局").line, department("")
    (Department(name='科学技术委员会', line='科学技术'), '教育', Department(name='人民政府', line='人民政府'))
    """
    vocabulary = agency_names()
    name = _without_conjunctions(vocabulary.redundant.sub("", rest))
    if vocabulary.government.fullmatch(name):
        return Department("人民政府", "人民政府")
    for short, full in sorted(vocabulary.offices.items(), key=lambda pair: -len(pair[0])):
        if name.endswith(short):
            name = name[: -len(short)] + full
            break
    found = vocabulary.department.fullmatch(name)
    if found is None:
        return Department(name, name)
    words = vocabulary.short.get(found["words"], found["words"])
    if words == "人民政府":  # its office is no department of that name
        return Department(words + found["office"], words + found["office"])
    line = next((line for line, pattern in vocabulary.lines if pattern.fullmatch(words)), words)
    return Department(words + found["office"], line)


def level_word(rest: str, place: str) -> str | None:
    """The name behind a word that stands for the place (区信访局), ``None`` if it has none or one for another place.

    >>> level_word("区信访局", "汐口区"), level_word("市教育局", "汐口区"), level_word("市场监督管理局", "溪岭市")
    ('信访局', None, None)
    """
    for word, ending in agency_names().level_words:
        if found := word.match(rest):
            return rest[found.end() :] if ending.search(place) else None
    return None


# --------------------------------------------------------------------------- places


class _Lines:
    """Sets of places that are one after the other."""

    def __init__(self) -> None:
        self._above: dict[tuple[str, str], tuple[str, str]] = {}

    def find(self, place: tuple[str, str]) -> tuple[str, str]:
        while (above := self._above.get(place, place)) != place:
            place = above
        return place

    def join(self, members: Iterable[tuple[str, str]]) -> None:
        """Makes the last of ``members`` the one that stands for all."""
        first, *others = list(members)[::-1]
        for other in others:
            if (root := self.find(other)) != (top := self.find(first)):
                self._above[root] = top


@cache
def place_lines() -> dict[tuple[str, str], str]:
    """(code, name) of each listed place -> the code of what it is today, by which its earlier names go too.

    >>> lines = place_lines()
    >>> lines["500222", "綦江县"], lines["610125", "户县"], lines["622921", "临夏县"]
    ('500110', '610118', '622921')
    """
    data = load_yaml("agency_names")
    listed = sorted((code, name) for name, codes in places().items() for code in codes)
    apart = set(data["apart"].split())
    free = [place for place in listed if not {place[0], "".join(place)} & apart]
    heads = _prefecture_lines(listed)
    groups: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for code, name in free:
        if not code.endswith("00"):
            head = code[:2] if code[:2] in _MUNICIPALITIES else heads.get(code[:4], code[:4])
            groups.setdefault(("name", head, _COUNTY.sub("", name)), []).append((code, name))
        groups.setdefault(("code", code), []).append((code, name))
        if name in data["moved"].split() and not code.endswith("0000"):
            groups.setdefault(("moved", name), []).append((code, name))
        if code[:4] in heads and code.endswith("00"):
            groups.setdefault(("prefecture", heads[code[:4]]), []).append((code, name))
    lines = _Lines()
    for members in groups.values():
        lines.join(sorted(members, key=_age))
    by_code: dict[str, list[tuple[str, str]]] = {}
    for place in listed:
        by_code.setdefault(place[0], []).append(place)
    for pair in data["renamed"].split():
        before, after = pair.split("-")
        lines.join([*by_code.get(before, ()), *by_code.get(after, ())])
    return {place: _own_code(lines.find(place), place, apart) for place in listed}


def _own_code(today: tuple[str, str], place: tuple[str, str], apart: set[str]) -> str:
    """The code of today; one that another place took over is told from it by the name."""
    return "".join(place) if "".join(place) in apart and today == place else today[0]


def _age(place: tuple[str, str]) -> tuple[int, int, int]:
    """Sorts what came before to the front: 县 becomes 市 or 区. New codes of a prefecture are higher, but a 地区, whose number is
    above 20, comes before the 市 that it became.
    """
    code, name = place
    rank = 0 if code.endswith("00") else "县市区".find(name[-1])
    return rank, -int(code[:4]), int(code)


def _prefecture_lines(listed: list[tuple[str, str]]) -> dict[str, str]:
    """First four digits of a prefecture -> those of what it is today, for those that have more than one code."""
    groups: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for code, name in listed:
        if code.endswith("00") and not code.endswith("0000") and _PREFECTURE.search(name):
            groups.setdefault((code[:2], _PREFECTURE.sub("", name)), []).append((code, name))
    lines: dict[str, str] = {}
    for members in groups.values():
        if len({code for code, _ in members}) > 1:
            today = min(code for code, _ in members)[:4]  # a 地区 has a number above 20 in its province
            lines |= {code[:4]: today for code, _ in members}
    return lines


@cache
def find_place(names: tuple[str, ...], adcode: str | None = None) -> str | None:
    """The code of today of a place by its name with places above it; ``None`` if no or more than one listed place fits.

    ``adcode`` is the code of the place where it is known.

    >>> find_place(("重庆市", "綦江县")), find_place(("綦江区",)), find_place(("朝阳区",)), find_place(("青垄县",))
    ('500110', '500110', None, None)
    """
    *above, name = names
    codes = places().get(name, ())
    for place in above:
        heads = {c[:2] if c.endswith("0000") else c[:4] for c in places().get(place, ())}
        codes = tuple(c for c in codes if any(c.startswith(h) for h in heads))
    if adcode in codes:
        codes = (adcode,)
    found = {place_lines()[code, name] for code in codes}
    return found.pop() if len(found) == 1 else None
