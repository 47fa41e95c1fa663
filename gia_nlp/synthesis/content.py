"""What a report says, before any layout: agency, year, numbers, sentences, problems."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from gia_nlp.synthesis import numbers as draw
from gia_nlp.synthesis.agency import Agency, draw_agency
from gia_nlp.synthesis.forms import statistics_rows
from gia_nlp.synthesis.grammar import Scope, expand, sentence
from gia_nlp.synthesis.marked import Marked, concat
from gia_nlp.synthesis.problems import STYLES, Section, write
from gia_nlp.synthesis.seeds import chance, stream, tail
from gia_nlp.vocabulary.loader import load_yaml

FORMS = ("2021", "2019", "statistics", "free")
#: First and last year of each form.
FORM_YEARS = {"2021": (2021, 2025), "2019": (2019, 2020), "statistics": (2014, 2018), "free": (2008, 2013)}
#: Stands in the preamble where a layout may list the titles of the sections.
LEAD_LIST = "\u0001"
_WEIGHTS = (55, 20, 15, 10)


@dataclass
class Content:
    """A report before layout. ``overview`` are (title, paragraph) pairs, ``prose`` paragraphs of other sections by their names.

    ``panel``: what is true of a report in a panel.
    """

    agency: Agency
    year: int
    form: str
    numbers: draw.Numbers
    scope: Scope
    statistics: str | None = None
    preamble: str = ""
    overview: list[tuple[str, Marked]] = field(default_factory=list)
    prose: dict[str, list[Marked]] = field(default_factory=dict)
    problems: Section = field(default_factory=lambda: Section((), False, "none"))
    notes: dict[str, str] = field(default_factory=dict)
    panel: dict[str, Any] | None = None


def draw_content(seed: int, index: int, form: str | None = None) -> Content:
    """The content of the report ``index`` of a seed, in a form drawn or given. Raises ``KeyError`` for an unknown form.

    >>> draw_content(1, 5).agency == draw_content(1, 5).agency
    True
    """
    rng = stream(seed, index, "content")
    drawn = rng.choices(FORMS, _WEIGHTS)[0]
    form = form or drawn
    agency = draw_agency(rng)
    year = rng.randint(*FORM_YEARS[form])
    if chance(rng, 0.05):  # an old form in a new year, and the other way round
        year = min(2025, year + rng.choice((1, 2)))
    kind = "national" if chance(rng, 0.7) else "provincial"
    tables = make_numbers(rng, form, agency, kind)
    scope = make_scope(rng, agency, year, tables)
    content = Content(agency, year, form, tables, scope, kind if form == "statistics" else None)
    _write(content, rng, stream(seed, index, "problems"))
    return content


def make_numbers(
    rng: random.Random, form: str, agency: Agency, kind: str, past: draw.Numbers | None = None
) -> draw.Numbers:
    """The tables of a year in a form, going on from those of the year before where they are given."""
    out = draw.Numbers()
    before = past.tables if past else {}
    scale = draw.SCALE[agency.level]
    if form in ("2021", "2019"):
        third = form
        if chance(rng, 0.06):  # table three of the other generation
            third = "2019" if form == "2021" else "2021"
        out.tables["proactive"] = draw.proactive(rng, form, scale, agency.level, before.get("proactive"))
        out.tables["requests"] = draw.requests(rng, third, scale, before.get("requests"))
        total = int(out.tables["requests"]["received.total"])
        out.tables["review_litigation"] = draw.review_litigation(rng, total)
        out.forms = {"proactive": form, "requests": third, "review_litigation": form}
        out.contradictions = draw.misprints(rng, out.tables)
    elif form == "statistics":
        rows, both = statistics_rows(kind), kind == "provincial"
        out.tables["statistics"] = draw.statistics(rng, rows, scale, both, before.get("statistics"))
        out.forms = {"statistics": "statistics"}
    return out


def _values(rng: random.Random, agency: Agency, n: draw.Numbers) -> dict[str, int]:
    """The numbers that sentences may speak of; where a table has them, they are the table's."""
    scale = draw.SCALE[agency.level]
    web, wx, wb = tail(rng, scale * 30), tail(rng, scale * 12, zero=0.3), tail(rng, scale * 10, zero=0.6)
    values = {
        "pub_web": web,
        "pub_wx": wx,
        "pub_wb": wb,
        "pub": web + wx + wb,
        "money": rng.choice((60, 120, 350, 1200, 20000, 35000)),
    }
    values["pub_t1"] = rng.randint(0, web // 2)
    values["pub_t2"] = rng.randint(0, web - values["pub_t1"])
    if "requests" in n.tables:
        rows = {k.rsplit(".", 1)[0]: int(v) for k, v in n.tables["requests"].items() if k.endswith(".total")}
        values |= {
            k: rows[k] for k in ("received", "carried_in", "carried_out", "granted", "partly_granted", "processed")
        }
        for group in ("refused", "unavailable", "not_processed"):
            values[group] = sum(v for k, v in rows.items() if k.startswith(f"{group}."))
        values["licensing"] = n.get("proactive", "licensing.decisions")
        values["nd_issued"] = n.get("proactive", "normative_documents.issued") + n.get(
            "proactive", "normative_documents.newly_made"
        )
        values["reviews"] = n.get("review_litigation", "review.total")
        values["litigations"] = sum(
            n.get("review_litigation", f"litigation_{x}.total") for x in ("direct", "after_review")
        )
    else:
        stats = {k[:-5]: int(float(v)) for k, v in n.tables.get("statistics", {}).items() if k.endswith(".year")}
        received = stats.get("applications_received", tail(rng, scale, zero=0.4))
        granted = stats.get("answers_granted", rng.randint(0, received))
        values |= {
            "received": received, "processed": stats.get("answers", received), "granted": granted,
            "partly_granted": stats.get("answers_partly_granted", 0), "carried_in": 0, "carried_out": 0,
            "refused": stats.get("answers_refused", received - granted), "unavailable": 0, "not_processed": 0,
            "licensing": 0, "nd_issued": stats.get("normative_documents_issued", tail(rng, 3, zero=0.4)),
            "reviews": stats.get("reviews", tail(rng, 1, zero=0.8)), "litigations": stats.get("litigations", 0),
        }  # fmt: skip
        if stats:
            values |= {
                "pub": stats["published"],
                "pub_web": stats["published_website"],
                "pub_wx": stats.get("published_wechat", 0),
            }
            values["pub_wb"] = stats.get("published_weibo", 0)
            values["pub_t1"] = values["pub_web"] // 3
            values["pub_t2"] = values["pub_web"] // 4
    values["same"] = values["received"] if values["received"] == values["processed"] and not values["carried_in"] else 0
    values["net"] = rng.randint(0, values["received"])
    values["post_mail"] = values["received"] - values["net"]
    return values


def make_scope(rng: random.Random, agency: Agency, year: int, numbers: draw.Numbers) -> Scope:
    """What the sentences of a report may name."""
    prose, places = load_yaml("synthesis/prose"), load_yaml("synthesis/agencies")
    words = {
        "year": str(year), "last_year": str(year - 1), "next_year": str(year + 1), "agency": agency.name,
        "we": agency.we, "place": agency.place or "全国",
    }  # fmt: skip
    lists = {
        **prose["words"],
        "first": places["first"],
        "second": places["second"],
        "contact": prose["contact"],
        "lead_list": [LEAD_LIST],
    }
    return Scope(words, lists, _values(rng, agency, numbers), prose["changes"], thousands=chance(rng, 0.15))


def _fits(row: dict[str, object], values: dict[str, int]) -> bool:
    need, zero = row.get("need") or [], row.get("zero") or []
    return all(values[str(n)] for n in need) and not any(values[str(z)] for z in zero)  # type: ignore[attr-defined]


def _some(rng: random.Random, rows: list[dict[str, object]], values: dict[str, int], count: int) -> list[str]:
    able = [str(r["t"]) for r in rows if _fits(r, values)]
    return rng.sample(able, min(len(able), count))


def _paragraph(rng: random.Random, content: Content, rows: list[dict[str, object]], count: int) -> Marked:
    values = dict(content.scope.values)
    return concat([sentence(t, rng, content.scope) for t in _some(rng, rows, values, count)])


def _write(content: Content, rng: random.Random, problems: random.Random) -> None:
    prose, scope = load_yaml("synthesis/prose"), content.scope
    topics = prose["topics"]
    content.preamble = expand(rng.choice(prose["preamble"]), rng, scope)
    content.overview.append(("", Marked(expand(rng.choice(prose["intro"]), rng, scope))))
    for name, most in (("publication", 5), ("requests", 3), ("management", 2), ("platform", 3), ("support", 4)):
        if content.form in ("statistics", "free") and name in ("requests", "management"):
            continue
        body = _paragraph(rng, content, topics[name]["sentences"], rng.randint(1, most))
        content.overview.append((rng.choice(topics[name]["title"]), body))
    if content.form in ("statistics", "free"):
        for section, topic in (
            ("proactive", "publication"),
            ("interpretation", "interpretation"),
            ("requests", "requests"),
            ("fees", "fees"),
        ):
            content.prose[section] = [_paragraph(rng, content, topics[topic]["sentences"], rng.randint(1, 4))]
        reviews = [r for r in topics["requests"]["sentences"] if "reviews" in r["t"] or "litigations" in r["t"]]
        content.prose["review_litigation"] = [_paragraph(rng, content, reviews, 1)]
    else:
        for table, rows in prose["table_sentences"].items():
            if chance(rng, 0.25):
                content.prose[table] = [_paragraph(rng, content, rows, 1)]
            if chance(rng, 0.12):
                content.notes[table] = expand(rng.choice(prose["notes"]), rng, scope)
    content.problems = write(problems, scope, problems.choice(STYLES))
    content.prose["other"] = [sentence(rng.choice(prose["other"]), rng, scope)]
