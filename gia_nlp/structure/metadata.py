"""Who reports, on what year, from which place: the report's title first, then its words, then the page around it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache

from gia_nlp.records import Document, Metadata, Section
from gia_nlp.structure.compact import Compact, compact
from gia_nlp.structure.region import adcode_of, level_of, region_in, region_of
from gia_nlp.structure.title import YEAR, Title, arabic_year, find_title
from gia_nlp.text.characters import codes, simplify, traditional_characters
from gia_nlp.vocabulary.agencies import agencies, agency_kind

# Patterns begin with a word or a character that they cannot be without, what stands before it follows: so they are looked for
# several times as fast.
_PERIOD = re.compile(rf"年(?<=({YEAR})年)0?1月0?1日(?:起)?(?:至|到|-|－|—|~)(?:{YEAR}年|当年|同年)?0?1[0-2]月3[01]日")
_DATE = r"\s?[：:]?\s{0,4}(20\d{2})\s*[年\-/.]\s*(\d{1,2})\s*[月\-/.]\s*(\d{1,2})(?!\d)"
_PUBLISHED = tuple(re.compile(label + _DATE) for label in ("日期", "时间", "发布于"))
_SIGNED = re.compile(
    rf"年(?<=({YEAR})年)(\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月(\d{{1,2}}|[一二三四五六七八九十]{{1,3}})日"
)
_DATED = re.compile(
    r"(?P<year>20(?<!\d20)[0-3]\d)\s?年(?:(?P<day>\s?\d{1,2}\s?月\s?\d{1,2}\s?日)|(?P<whole>度|，|,|全年|以来|我|区|县|市|共|政府信息))?"
)
_MARK = re.compile("[。；，！？,]")
_OPENING_YEAR = re.compile(rf"{YEAR}年度?(?:以来)?[，,]?")
_YEAR_BEHIND_TITLE = re.compile(rf"(?<=[况述]){YEAR}年度?[，,]?")
_IDEOGRAPHS = re.compile("[一-鿿]+")
_BLANK_INSIDE = re.compile(" (?<=[一-鿿] )(?=[一-鿿])")
_LONGEST_YEAR = 12  # characters
_TRADITIONAL_SHARE = 0.02
_LONGEST_PHRASE = 20  # characters that change together at most
_SAMPLE = 20000  # characters by which the state of the text is told


def find_metadata(
    document: Document,
    sections: Sequence[Section],
    *,
    view: Compact | None = None,
    forms: Mapping[str, str] | None = None,
) -> Metadata:
    """The metadata of a document; what is open stays ``None``.

    ``forms`` are the forms of the tables that were read (table to form); the document's is that of table ``proactive``.

    >>> found = find_metadata(Document("青垄县教育局2023年政府信息公开工作年度报告\\n一、总体情况\\n略"), ())
    >>> found.issuer, found.region, found.year, found.level, found.agency_kind
    ('青垄县教育局', '青垄县', 2023, '县', '教育')
    """
    view = view or compact(document.text)
    title = report_title(document, sections, view)
    return describe(document, sections, view, forms or {}, title, period_year(view))


def describe(
    document: Document,
    sections: Sequence[Section],
    view: Compact,
    tables: Mapping[str, str],
    title: Title | None,
    period: int | None,
) -> Metadata:
    """:func:`find_metadata` with the title and the statistical period where they are known."""
    headed = [s for s in sections if s.heading is not None]
    stop = headed[0].start if headed else None
    page_title = _page_title(document.title)
    issuer = _issuer(document, view, title, page_title, stop)
    region = region_of(issuer) or region_in(view.text, level_of(issuer, None))
    year = (
        (title.year if title else None)
        or (page_title.year if page_title else None)
        or period
        or _likely_year(view.spaced, document.published_on)
    )
    kinds = {s.id for s in headed} - {"other"}
    is_report = bool(headed and (title or period or len(kinds) >= 3)) or bool(title and period)
    if "proactive" in tables:
        form: str | None = tables["proactive"]
    elif "statistics" in tables:
        form = "statistics"
    else:
        form = "free" if is_report else None
    return Metadata(
        title=title.text if title else page_title.text if page_title else None,
        issuer=issuer,
        region=region,
        adcode=adcode_of(region),
        level=level_of(issuer, region),
        agency_kind=agency_kind(issuer),
        year=year,
        published_on=_published_on(document, view, year),
        form=form,
        is_report=is_report,
        language_note=_language_note(document.text, view),
    )


def period_year(view: Compact) -> int | None:
    """The year whose first and last day the report names as its statistical period.

    >>> period_year(compact("统计期限自2021年1月1日起至2021年12月31日止"))
    2021
    """
    period = _PERIOD.search(view.text)
    return arabic_year(period.group(1)) if period else None


def report_title(document: Document, sections: Sequence[Section], view: Compact) -> Title | None:
    """The title before the first heading."""
    first = next((s for s in sections if s.heading is not None), None)
    return find_title(document.text, view, first.start if first else None)


def title_span(document: Document, sections: Sequence[Section], view: Compact) -> tuple[int, int] | None:
    """Where the title stands in the text."""
    title = report_title(document, sections, view)
    return (title.start, title.end) if title else None


def _page_title(text: str | None) -> Title | None:
    if not text:
        return None
    return find_title(text, compact(re.sub(r"[-_|—–]+", "\n", text)))


# --------------------------------------------------------------------------- the issuer


def _issuer(document: Document, view: Compact, title: Title | None, page: Title | None, stop: int | None) -> str | None:
    for found in (title, page):
        if found is not None and found.issuer:
            return found.issuer
    begin = view.locate(title.end) if title else 0
    for name in (_named_in_prose(view, begin, stop), _signature(view)):
        if name:
            return name
    publisher = (document.publisher or "").strip()
    return publisher if publisher and is_agency(publisher) else None


def is_agency(name: str) -> bool:
    """Whether words name an agency or a place rather than a pronoun or a phrase.

    >>> [is_agency(s) for s in ("区信访局", "青垄县", "我局", "全区", "区委")]
    [True, True, False, False, False]
    """
    vocabulary = agencies()
    return 3 <= len(name) <= 30 and not vocabulary.generic.search(name) and name.endswith(vocabulary.suffixes)


def _named_in_prose(view: Compact, begin: int, stop: int | None) -> str | None:
    """The agency that a sentence opens with (2024年,某局坚持…): in the first paragraphs of the report."""
    pattern = _agency_and_verb()
    first = view.locate(stop) if stop is not None else begin
    for start, end in ((begin, first), (first, first + 1500)):
        window = view.text[start:end]
        for place in _openings(view, start, min(end, len(view.text))):
            match = pattern.match(window, place - start)
            if match and is_agency(match.group(1)):
                return match.group(1)
    return None


@cache
def _agency_and_verb() -> re.Pattern[str]:
    suffix = "|".join(map(re.escape, agencies().suffixes))
    return re.compile(rf"([一-鿿]{{1,25}}?(?:{suffix}))(?:{agencies().verbs.pattern})")


def _openings(view: Compact, start: int, end: int) -> list[int]:
    """Where a clause may begin between two indexes: at a line, behind a mark, behind a year and its comma."""
    text, blanks = view.text, view.blanks
    marks = (match.end() for match in _MARK.finditer(text, max(start - 1, 0), end - 1))
    opens = {*marks, *(index for index in blanks if start <= index < end)}
    behind_titles = _YEAR_BEHIND_TITLE.finditer(text, start, end + _LONGEST_YEAR)
    years = {match.start() for match in behind_titles if match.start() < end}
    places = []
    for index in sorted(opens | years):
        year = _OPENING_YEAR.match(text, index) if index in opens else _YEAR_BEHIND_TITLE.match(text, index)
        places.append(year.end() if year else index)
    return places


def _signature(view: Compact) -> str | None:
    """The agency that signs: a line of its own before a date, near the end."""
    found = None
    for match in _signed(view):
        start = match.start(1)
        if start not in view.blanks:
            continue
        left = start - 1
        while left > max(0, start - 31) and left not in view.blanks:
            left -= 1
        name = view.text[left:start]
        if is_agency(name):
            found = name
    return found


def _signed(view: Compact) -> list[re.Match[str]]:
    """The dates near the end; group 1 is the year."""
    begin = max(0, len(view.text) - 1500)
    return [match for match in _SIGNED.finditer(view.text, begin) if match.start(1) >= begin]


# --------------------------------------------------------------------------- year and date


def _likely_year(text: str, published: str | None) -> int | None:
    """The year that sentences are dated with most; no later than that of publication."""
    counts: Counter[int] = Counter()
    dates: list[int] = []
    for match in _DATED.finditer(text):
        if match.group("day"):
            dates.append(int(match.group("year")))
        else:
            counts[int(match.group("year"))] += 2 if match.group("whole") else 1
    if published and published[:4].isdigit():
        counts = Counter({y: n for y, n in counts.items() if y <= int(published[:4])})
    if not counts:
        # Reports come out early in the next year: a lone date at the end is the signature's.
        return dates[-1] - 1 if dates else int(published[:4]) - 1 if published and published[:4].isdigit() else None
    top = max(counts.values())
    # A tie goes to the earlier year: the later one is that of the plans.
    return min(y for y, n in counts.items() if n == top)


def _published_on(document: Document, view: Compact, year: int | None) -> str | None:
    if document.published_on:
        return document.published_on
    labelled = [match for pattern in _PUBLISHED for match in pattern.finditer(view.spaced)]
    for match in sorted(labelled, key=lambda m: m.start()):
        if date := _iso(*match.groups()):
            return date
    signed = [m for m in _signed(view) if m.start(1) in view.blanks or m.end() == len(view.text)]
    for match in reversed(signed):
        groups = [_arabic(g) for g in match.groups()]
        # A date within the year reported on is an event's, not the report's.
        if (date := _iso(*groups)) and (year is None or int(date[:4]) > year):
            return date
    return None


def _arabic(text: str) -> str:
    if text.isdigit():
        return text
    if len(text) == 4:
        return str(arabic_year(text))
    from gia_nlp.structure.headings import numeral

    left, ten, right = text.partition("十")
    return str((numeral(left) if left else 1) * 10 + (numeral(right) if right else 0)) if ten else str(numeral(text))


def _iso(year: str, month: str, day: str) -> str | None:
    if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
        return None
    return f"{int(year):04d}-{int(month):02d}-{int(day):02d}"


# --------------------------------------------------------------------------- the state of the text


def _language_note(text: str, view: Compact) -> str | None:
    """What is unusual about the text: traditional characters, lines broken inside sentences, blanks inside words."""
    notes = []
    head = text[:_SAMPLE]
    if (
        not view.normal.plain
        and traditional_characters(head) * _LONGEST_PHRASE > _ideographs(head) * _TRADITIONAL_SHARE
    ):
        sample = "".join(_IDEOGRAPHS.findall(head))
        changed = sum(a != b for a, b in zip(sample, simplify(sample), strict=True))
        if sample and changed / len(sample) > _TRADITIONAL_SHARE:
            notes.append("traditional characters")
    long = [line.strip() for line in head.splitlines() if len(line) > 15]
    lines = [line for line in long if len(line) > 15 and "|" not in line and "\t" not in line]
    if len(lines) >= 10 and sum("一" <= line[-1] <= "鿿" for line in lines) / len(lines) > 0.5:
        notes.append("hard line breaks inside sentences")
    inside = len(_BLANK_INSIDE.findall(head))
    if inside and inside / _ideographs(head) > 0.03:
        notes.append("blanks inside words")
    if len(text) > 1500 and "\n" not in text.strip():
        notes.append("no line breaks left")
    return "; ".join(notes) or None


def _ideographs(text: str) -> int:
    chars = codes(text)
    return int(((chars >= ord("一")) & (chars <= ord("鿿"))).sum())
