"""Panels: agencies that report year after year, with a truth to mine for.

Every sentence has a place (its topic and number) and an origin: the agency and year that it was first written by. A sentence
kept, copied or taken from a template has the origin of the other; its words are then drawn again from that origin's stream, with the
counts and names of the report at hand. So each report is made alone, at the cost of its own years.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import Any

from gia_nlp.synthesis import numbers as draw
from gia_nlp.synthesis.content import FORM_YEARS, Content, make_numbers, make_scope
from gia_nlp.synthesis.grammar import Scope, expand, sentence
from gia_nlp.synthesis.marked import Marked, concat
from gia_nlp.synthesis.panel_plan import CHANCES, PANEL_YEARS, PLACE_AGENCIES, Member, Told, place_members, points
from gia_nlp.synthesis.problems import Plan, write_planned
from gia_nlp.synthesis.seeds import chance, stream
from gia_nlp.vocabulary.loader import load_yaml

_TOPICS = {"publication": 5, "requests": 3, "management": 2, "platform": 3, "support": 4}
_OLD = {"proactive": ("publication", 4), "interpretation": ("interpretation", 2), "requests": ("requests", 4), "fees": ("fees", 1)}  # fmt: skip
_LETTERS = re.compile(r"[^㐀-鿿A-Za-z]|[〇零一二两三四五六七八九十百千万]")
_ENDS = re.compile(r"[。！？；]")


def draw_panel_content(seed: int, index: int) -> Content:
    """The content of a report in a panel: every :data:`PANEL_YEARS` reports are one agency's, year after year, every
    :data:`PLACE_AGENCIES` agencies are of one place. What is true of the report stands in ``content.panel``.

    >>> [draw_panel_content(1, i).panel["agency"] for i in (6, 7, 11, 12)]
    ['0.1', '0.1', '0.1', '0.2']
    """
    group, turn = divmod(index, PANEL_YEARS)
    member = _member(seed, group)
    tables, scope, form, kind, broken = _years(seed, member, turn)
    agency = member.agencies[turn]
    rng = stream(seed, "panel", group, turn, "words")
    contradiction = _contradict(rng, tables, scope)
    content = Content(agency, member.start + turn, form, tables, scope, kind if form == "statistics" else None)
    words = _Words(seed, member, turn, scope, form)
    words.write(content)
    if contradiction:
        _say(content, rng)
    told = points(seed, _origin_of_points(member), turn)
    leftover, extra = _leftover(seed, member, turn, content, told)
    content.problems = write_planned(
        stream(seed, "panel", _origin_of_points(member), turn, "section"), scope, told.style, _plan(seed, member, turn, told, extra)
    )  # fmt: skip
    content.panel = {
        "agency": member.keys[turn], "place": str(group // PLACE_AGENCIES), "turn": turn,
        "categories": sorted(told.problems), "promised": sorted(told.planned), "kept": dict(sorted(told.kept.items())),
        "done": sorted(told.done), "sentences": words.sentences, "repeated": words.repeated,
        "copied_from": None if member.source is None else f"{member.source // PLACE_AGENCIES}.0",
        "template": None if member.template is None else str(member.template),
        "reform": member.reform, "contradiction": contradiction, "leftover": leftover, "numbers_afresh": broken,
    }  # fmt: skip
    return content


def _member(seed: int, group: int) -> Member:
    place, number = divmod(group, PLACE_AGENCIES)
    return place_members(seed, place)[number]


def _form(year: int) -> str:
    return next(f for f, (_, last) in reversed(FORM_YEARS.items()) if year <= last)


def _years(seed: int, member: Member, turn: int) -> tuple[draw.Numbers, Scope, str, str, bool]:
    """Numbers of a year, which rest on those of the years before; none of these are kept."""
    rng = stream(seed, "panel", member.group, "numbers")
    kind = "national" if chance(rng, 0.3) else "provincial"
    tables, broken = draw.Numbers(), False
    for i in range(turn + 1):
        year_rng = stream(seed, "panel", member.group, i)
        broken = i > 0 and chance(year_rng, CHANCES.numbers_afresh)
        new = i == 0 or member.keys[i] != member.keys[i - 1]
        past = None if broken or new else tables
        tables = make_numbers(year_rng, _form(member.start + i), member.agencies[i], kind, past)
    scope_rng = stream(seed, "panel", member.group, turn, "scope")
    scope = make_scope(scope_rng, member.agencies[turn], member.start + turn, tables)
    return tables, scope, _form(member.start + turn), kind, broken


# --------------------------------------------------------------------------- sentences


@dataclass
class _Words:
    """Writes the prose of a report and counts what of it stood in the agency's report before."""

    seed: int
    member: Member
    turn: int
    scope: Scope
    form: str
    sentences: int = 0
    repeated: int = 0

    def write(self, content: Content) -> None:
        kept: set[str] = set()
        if self.turn and self.member.keys[self.turn] == self.member.keys[self.turn - 1]:
            _, scope, form, _, _ = _years(self.seed, self.member, self.turn - 1)
            before = _Words(self.seed, self.member, self.turn - 1, scope, form)
            kept = {s for body in before.bodies().values() for s in _split(body.text)}
        bodies = self.bodies()
        own = [s for body in bodies.values() for s in _split(body.text)]
        self.sentences, self.repeated = len(own), sum(s in kept for s in own)
        titles = load_yaml("synthesis/prose")["topics"]
        steady = stream(self.seed, "panel", self.member.group, "titles")
        content.preamble = bodies["preamble"].text
        content.overview.append(("", bodies["intro"]))
        for topic in _TOPICS:
            title = steady.choice(titles[topic]["title"])
            if f"overview {topic}" in bodies:
                content.overview.append((title, bodies[f"overview {topic}"]))
        for section in (*_OLD, "review_litigation"):
            if section in bodies:
                content.prose[section] = [bodies[section]]
        content.prose["other"] = [bodies["other"]]

    def bodies(self) -> dict[str, Marked]:
        """The paragraphs by their places."""
        prose = load_yaml("synthesis/prose")
        topics = prose["topics"]
        out = {name: self._one(name, [{"t": t} for t in prose[name]]) for name in ("preamble", "intro", "other")}
        old = self.form in ("statistics", "free")
        for topic, most in _TOPICS.items():
            if not (old and topic in ("requests", "management")):
                out[f"overview {topic}"] = self._paragraph(f"overview {topic}", topics[topic]["sentences"], most)
        if old:
            for section, (topic, most) in _OLD.items():
                out[section] = self._paragraph(section, topics[topic]["sentences"], most)
            reviews = [r for r in topics["requests"]["sentences"] if "reviews" in r["t"] or "litigations" in r["t"]]
            out["review_litigation"] = self._paragraph("review_litigation", reviews, 1)
        return out

    def _paragraph(self, place: str, rows: list[dict[str, Any]], most: int) -> Marked:
        owner = "template" if self.member.template is not None else self.member.group
        count = stream(self.seed, "panel", owner, self.member.template or 0, "length", place).randint(1, most)
        taken: set[str] = set()
        parts: list[Marked | str] = [self._one(f"{place} {i}", rows, taken) for i in range(count)]
        return concat(parts)

    def _one(self, place: str, rows: list[dict[str, Any]], taken: set[str] | None = None) -> Marked:
        origin = _origin(self.seed, self.member, self.turn, place)
        rng = stream(self.seed, "panel", *origin, place, "sentence")
        counts = stream(self.seed, "panel", self.member.group, self.turn, place, "counts")
        taken = set() if taken is None else taken
        for row in rng.sample(rows, len(rows)):
            if row["t"] not in taken and _fits(row, self.scope):
                taken.add(row["t"])
                words = random.Random(rng.getrandbits(64))
                return sentence(row["t"], words, self.scope, counts)
        return Marked()


def _fits(row: dict[str, Any], scope: Scope) -> bool:
    values = scope.values
    return all(values[n] for n in row.get("need") or ()) and not any(values[z] for z in row.get("zero") or ())


def _origin(seed: int, member: Member, turn: int, place: str) -> tuple[int | str, ...]:
    """Who first wrote the sentence at a place: the stream of its words."""
    rng = stream(seed, "panel", member.group, turn, place, "origin")
    copied, kept, template = (rng.random() for _ in range(3))
    if member.source is not None and copied < CHANCES.sentence_copied:
        return _origin(seed, _member(seed, member.source), turn, place)
    new = turn == 0 or member.keys[turn] != member.keys[turn - 1]
    if not new and kept < CHANCES.sentence_kept:
        return _origin(seed, member, turn - 1, place)
    if member.template is not None and template < CHANCES.sentence_of_template:
        return ("template", member.template)
    return (member.group, turn)


def _split(text: str) -> list[str]:
    """The letters of the sentences of a paragraph: what is left of them without numbers and marks."""
    return [s for part in _ENDS.split(text) if len(s := _LETTERS.sub("", part)) >= 6]


# --------------------------------------------------------------------------- what is planted


def _origin_of_points(member: Member) -> int:
    return member.group if member.source is None else member.source


def _plan(seed: int, member: Member, turn: int, told: Told, extra: tuple[tuple[str, tuple[str, ...]], ...]) -> Plan:
    earlier = points(seed, _origin_of_points(member), turn - 1).problems if turn and told.looks_back else {}
    return Plan(
        dict(told.problems.values()), dict(told.planned.values()), dict(told.done.values()),
        {s: text for category, (s, text) in earlier.items() if category in told.done}, extra,
    )  # fmt: skip


def _contradict(rng: random.Random, tables: draw.Numbers, scope: Scope) -> dict[str, Any] | None:
    """Another number of applications in the prose than in the table."""
    wanted, by = chance(rng, CHANCES.contradiction), rng.randint(1, 5)
    table = {"requests": "received.total", "statistics": "applications_received.year"}
    name = next((t for t in table if table[t] in tables.tables.get(t, {})), None)
    if not wanted or name is None or not scope.values["received"]:
        return None
    printed = scope.values["received"]
    if by == scope.values["carried_in"]:
        by += 1  # else the prose would count what was carried in, too
    scope.values = {**scope.values, "received": printed + by, "same": 0, "net": 0, "post_mail": printed + by}
    return {"indicator": "requests_received", "prose": printed + by, "table": printed}


def _say(content: Content, rng: random.Random) -> None:
    """A sentence with the number that the table contradicts."""
    row = "{year_word}共{收到|新收}政府信息公开申请«requests_received v=received u=件»。"
    said = sentence(row, rng, content.scope)
    if content.form == "statistics":
        content.prose["requests"] = [*content.prose["requests"], said]
        return
    at = next(i for i, (title, _) in enumerate(content.overview) if title and "申请" in title)
    title, body = content.overview[at]
    content.overview[at] = (title, body + said)


def _leftover(
    seed: int, member: Member, turn: int, content: Content, told: Told
) -> tuple[dict[str, Any] | None, tuple[tuple[str, tuple[str, ...]], ...]]:
    rng = stream(seed, "panel", member.group, turn, "leftover")
    data = load_yaml("synthesis/agencies")
    own = content.agency
    if not chance(rng, CHANCES.leftover):
        return None, ()
    if chance(rng, 0.5) and told.problems and not own.name.endswith(("政府", "办公厅", "办公室", "管理委员会")):
        # 教 in 教育局: an office whose name shares a word with a kind of business may have that business
        kinds = [k for k in data["business"] if not set(k) & set(own.name.removeprefix(own.place or ""))]
        kind = rng.choice(kinds)
        text = rng.choice(data["business"][kind])
        return {"kind": "business", "of": kind, "quote": text}, ((text, ("coverage",)),)
    others = [
        m.agencies[0].name for m in place_members(seed, member.group // PLACE_AGENCIES) if m.group != member.group
    ]
    other = rng.choice(others)
    scope = Scope({**content.scope.words, "other": other}, content.scope.lists, content.scope.values, {})
    text = expand(data["other_name"], rng, scope)
    title, body = content.overview[0]
    content.overview[0] = (title, body + text)
    return {"kind": "name", "of": other, "quote": text}, ()
