"""Who reports in a panel, on which years, and what its problems are: drawn from stated chances, each part from its own stream.

Agencies stand in groups of one place (a county's offices, a county's towns), as those copy from one another.
"""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from gia_nlp.synthesis.agency import Agency
from gia_nlp.synthesis.grammar import Scope, expand
from gia_nlp.synthesis.problems import PLANNED_STYLES
from gia_nlp.synthesis.seeds import chance, stream
from gia_nlp.vocabulary.loader import load_yaml

#: Years that an agency of a panel reports on, one report a year.
PANEL_YEARS = 6
#: Agencies of one place.
PLACE_AGENCIES = 8
FIRST_YEARS = (2013, 2020)
_LEVELS = {"省": 10, "市": 25, "县": 50, "乡街": 15}


@dataclass(frozen=True, slots=True)
class Chances:
    """The parameters of a panel: each is a chance, the same for all agencies and categories."""

    named_again: float = 0.6  # a category named in one year is named in the next
    begun: float = 0.09  # one that is not named is named in the next
    answered: float = 0.85  # a problem has a planned remedy (the first problem has one in any case)
    promise_kept: float = 0.45  # a planned remedy is reported done in the next year
    kept_in_same_words: float = 0.7  # it is then told in the words of the promise
    unpromised: float = 0.1  # a report tells of a remedy done that nobody promised
    sentence_kept: float = 0.5  # a sentence, or a point, stands in the next year's report again
    copier: float = 0.15  # an agency copies from the first of its place: the section on problems every year …
    sentence_copied: float = 0.7  # … and a sentence elsewhere with this chance
    template_place: float = 0.5  # a place has a template
    template_agency: float = 0.7  # an agency there uses it
    sentence_of_template: float = 0.6  # a new sentence is then the template's
    contradiction: float = 0.08  # the prose gives another number of applications than the table
    leftover: float = 0.05  # the report speaks of another agency's business or has its name
    numbers_afresh: float = 0.1  # the year's numbers do not go on from the year before
    renamed: float = 0.12  # an agency has another name from some year on
    merged: float = 0.25  # two agencies of a place become one new agency


CHANCES = Chances()


def truth() -> dict[str, Any]:
    """The parameters as plain data, with the chances that follow from them."""
    c = CHANCES
    lasting = c.begun / (1 - c.named_again + c.begun)
    return {
        "years_per_agency": PANEL_YEARS, "agencies_per_place": PLACE_AGENCIES, "chances": asdict(c),
        "implied": {"category_named": round(lasting, 6), "mean_spell_years": round(1 / (1 - c.named_again), 6)},
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    """An agency of a panel: its names and keys by turn, its first year, whom it copies from, whose template it uses."""

    group: int
    start: int
    agencies: tuple[Agency, ...]
    keys: tuple[str, ...]
    source: int | None = None
    template: int | None = None
    reform: dict[str, Any] | None = None


@lru_cache(maxsize=256)
def place_members(seed: int, place: int) -> tuple[Member, ...]:
    """The agencies of one place.

    >>> len({m.keys[0] for m in place_members(1, 0)})
    8
    """
    rng = stream(seed, "panel", "place", place)
    data = load_yaml("synthesis/agencies")
    level = rng.choices(list(_LEVELS), list(_LEVELS.values()))[0]
    name, start = _place_name(seed, place, level, rng), rng.randint(*FIRST_YEARS)
    offices = _offices(rng, data, level, name)
    template = place if chance(rng, CHANCES.template_place) else None
    merged = level != "乡街" and chance(rng, CHANCES.merged)
    members = []
    for i, agency in enumerate(offices):
        group = place * PLACE_AGENCIES + i
        source = place * PLACE_AGENCIES if 0 < i < 6 and chance(rng, CHANCES.copier) else None
        own = template if chance(rng, CHANCES.template_agency) else None
        turn = rng.randint(1, PANEL_YEARS - 1)
        now, key = (agency,) * PANEL_YEARS, (f"{place}.{i}",) * PANEL_YEARS
        first, reform = start, None
        if merged and i >= 6:
            first, now, key, reform = _merger(rng, data, agency, name, key[0], start, i)
        elif chance(rng, CHANCES.renamed) and (after := _renamed(rng, data, agency, offices)):
            now = (after[0],) * turn + (after[1],) * (PANEL_YEARS - turn)
            reform = {"kind": "renamed", "year": start + turn, "before": after[0].name, "after": after[1].name}
        members.append(Member(group, first, now, key, source, own, reform))
    return tuple(members)


def _place_name(seed: int, place: int, level: str, rng: random.Random) -> str:
    """A place of its own for every number: pairs of syllables in an order of the seed, then with a prefecture before them."""
    data = load_yaml("synthesis/agencies")
    pairs = [a + b for a in data["first"] for b in data["second"] if a != b]
    order = stream(seed, "panel", "places")
    order.shuffle(pairs)
    name = pairs[place % len(pairs)] + rng.choice(data["levels"]["县" if level == "乡街" else level]["suffixes"])
    if round_ := place // len(pairs):
        above = pairs[(place + round_) % len(pairs)]
        name = name if level == "省" else f"{above}市{name}"
    return name


def _offices(rng: random.Random, data: dict[str, Any], level: str, place: str) -> list[Agency]:
    if level == "乡街":
        firsts = rng.sample(data["first"], PLACE_AGENCIES)
        towns = [first + rng.choice(data["second"]) + rng.choice("镇镇乡") for first in firsts]
        return [Agency(f"{place}{town}人民政府", place + town, level, f"我{town[-1]}") for town in towns]
    reformed = {name for names in data["merged"] for name in names}
    kinds = [k for k in data["kinds"][level] if k[0] not in reformed]
    chosen = rng.sample(kinds, PLACE_AGENCIES)
    return [Agency(place + k[0], place, level, "全" + place[-1] if k[1][0] == "全" else k[1]) for k in chosen]


def _department(name: str, level: str) -> str:
    return name[:-1] + "厅" if level == "省" and name.endswith("局") else name


def _renamed(
    rng: random.Random, data: dict[str, Any], agency: Agency, offices: list[Agency]
) -> tuple[Agency, Agency] | None:
    """An agency before and after a reform. A 乡 becomes a 镇; an office is one of those that changed their name."""
    place = agency.place or ""
    if agency.level == "乡街":
        if not place.endswith("乡"):
            return None
        return agency, Agency(f"{place[:-1]}镇人民政府", f"{place[:-1]}镇", agency.level, "我镇")
    taken = {o.name for o in offices}
    pairs = [[place + _department(n, agency.level) for n in pair] for pair in data["renamed"]]
    able = [p for p in pairs if not taken & set(p)]
    if not able or agency != offices[-1]:  # one a place, so that no two take the same names
        return None
    before, after = rng.choice(able)
    we = "我委" if after.endswith("委员会") else "我厅" if after.endswith("厅") else "我局"
    return Agency(before, place, agency.level, we), Agency(after, place, agency.level, we)


def _merger(
    rng: random.Random, data: dict[str, Any], agency: Agency, place: str, key: str, start: int, i: int
) -> tuple[int, tuple[Agency, ...], tuple[str, ...], dict[str, Any]]:
    """Of the last two agencies of a place one ends where the other goes on under the name of the new one."""
    turn = 2
    names = [place + _department(n, agency.level) for n in rng.choice(data["merged"])]
    one, other, new = (Agency(n, agency.place, agency.level, "我厅" if n.endswith("厅") else "我局") for n in names)
    reform = {"kind": "merged", "year": start + turn, "before": names[:2], "after": names[2]}
    if i == PLACE_AGENCIES - 1:
        left = PANEL_YEARS - turn
        return start, (one,) * turn + (new,) * left, (key,) * turn + (f"{key}+",) * left, reform
    return start + turn - PANEL_YEARS, (other,) * PANEL_YEARS, (key,) * PANEL_YEARS, reform


# --------------------------------------------------------------------------- problems and promises


@dataclass(frozen=True, slots=True)
class Told:
    """The points of one report by category: (subject, text)."""

    style: str
    problems: dict[str, tuple[str, str]]
    planned: dict[str, tuple[str, str]]
    done: dict[str, tuple[str, str]]
    kept: dict[str, bool]  # of last year's planned remedies
    looks_back: bool


def points(seed: int, group: int, turn: int) -> Told:
    """The points of an agency's report, from those of the years before; none of the words depend on the agency.

    >>> points(1, 4, 3) == points(1, 4, 3)
    True
    """
    data = load_yaml("synthesis/problems")
    subjects: dict[str, list[str]] = {}
    for name, row in data["subjects"].items():
        subjects.setdefault(row["categories"][0], []).append(name)
    told: Told | None = None
    for i in range(turn + 1):
        told = _year(stream(seed, "panel", group, i, "points"), data["subjects"], subjects, told)
    assert told is not None
    return told


def _year(rng: random.Random, rows: dict[str, Any], subjects: dict[str, list[str]], last: Told | None) -> Told:
    c = CHANCES
    stay = c.begun / (1 - c.named_again + c.begun)
    problems: dict[str, tuple[str, str]] = {}
    for category in rng.sample(list(subjects), len(subjects)):
        before = last.problems.get(category) if last else None
        if chance(rng, stay if last is None else c.named_again if before else c.begun):
            same = before is not None and chance(rng, c.sentence_kept)
            problems[category] = before if same and before else _problem(rng, rows, rng.choice(subjects[category]))
    planned: dict[str, tuple[str, str]] = {}
    for category, (subject, _) in problems.items():
        if planned and not chance(rng, c.answered):
            continue
        old = last.planned.get(category) if last else None
        same = old is not None and old[0] == subject and chance(rng, c.sentence_kept)
        planned[category] = old if same and old else _remedy(rng, rows, subject)
    done, kept = {}, {}
    for category, (subject, text) in (last.planned if last else {}).items():
        kept[category] = chance(rng, c.promise_kept)
        if kept[category]:
            done[category] = (subject, text) if chance(rng, c.kept_in_same_words) else _remedy(rng, rows, subject)
    able = [x for x in subjects if x not in kept]
    if last and chance(rng, c.unpromised):
        category = rng.choice(able)
        done[category] = _remedy(rng, rows, rng.choice(subjects[category]))
    style = rng.choice(PLANNED_STYLES)
    if last and chance(rng, 0.8):
        style = last.style
    return Told(style, problems, planned, done, kept, chance(rng, 0.4))


_NO_NAMES = Scope({}, {}, {}, {})


def _problem(rng: random.Random, rows: dict[str, Any], subject: str) -> tuple[str, str]:
    row = rows[subject]
    text = rng.choice(row["nouns"]) + rng.choice(row["shortfalls"])
    if row["elaborations"] and chance(rng, 0.35):
        text += expand(rng.choice(row["elaborations"]), rng, _NO_NAMES)
    return subject, text


def _remedy(rng: random.Random, rows: dict[str, Any], subject: str) -> tuple[str, str]:
    return subject, expand(rng.choice(rows[subject]["remedies"]), rng, _NO_NAMES)
