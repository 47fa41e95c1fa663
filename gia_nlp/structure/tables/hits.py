"""Labels of the tables in running text: by their cores, and those in which a character is misread."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from gia_nlp.structure.tables.labels import ORDINAL
from gia_nlp.structure.tables.lookalikes import Lookalikes, similarity
from gia_nlp.structure.tables.page import Page
from gia_nlp.vocabulary.active import per_vocabulary, recent_per_vocabulary
from gia_nlp.vocabulary.forms import Label, letters, proactive_form, requests_form, review_form

_LETTERS = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fffA-Za-z]+")
_LEAD = re.compile(
    r"(?:[（(]\s*(\d{1,2}|[一二三四五六七八九十]{1,3})\s*[)）]|([一二三四五六七八九十]{1,3})\s*[、.．]|(\d+)\s*[.．、,，]|·)\s*$"
)
_ORDINAL_STARTS = frozenset("（(一二三四五六七八九十·○●")  # a cell has no digits
_LEAD_ENDS = ")）、.．,，·"
_CELL = 36  # characters of a label
_NO_CELL = re.compile(r"[\n\d。；，]")
_CELL_BEFORE = re.compile(r"[^\n\d。；，]{4,36}")  # of the characters before a number, the last one first
_CELL_BEHIND = re.compile(r"\s*[^\n\d。；，]{4,36}(?=\n|$)")
_LEAF_BEHIND = re.compile(
    r"\s*[^\n\d。；，]{3,14}[1-9]\s*[.．、)）](?=[^\n\d。；，]{4,36}(?:\n|$))"
)  # （五）不予处理 1.
_BLANK_INSIDE = re.compile(r"[\u4e00-\u9fff] +[\u4e00-\u9fff]")
_SHORT = 4  # characters of 行政许可 and its like
_SLIPPED = 0.74  # one character of four


@dataclass(slots=True)
class Hit:
    """A label in the text. ``start`` and ``end`` count in the view's text; ``lead`` is where its ordinal begins."""

    table: str
    kind: str
    id: str
    start: int
    end: int
    lead: int
    numbered: bool
    label: Label | None


@per_vocabulary
def _cores() -> tuple[re.Pattern[str], dict[str, tuple[str, str, str, Label | None, str]]]:
    """One pattern for all labels, and for each core its (table, kind, id, label, the label's words behind the core)."""
    known: dict[str, tuple[str, str, str, Label | None, str]] = {}
    for form in (
        requests_form("2021"),
        requests_form("2019"),
        proactive_form("2021"),
        proactive_form("2019"),
        review_form("2021"),
    ):
        for kind, labels in (("row", form.rows), ("column", form.columns)):
            for label in labels:
                for core in label.cores:
                    rest = label.key.partition(core)[2]
                    known.setdefault(core, (form.table, kind, label.id, label, rest))
        for kind, words in (("header", form.headers), ("group", form.groups)):
            for word in words:
                known.setdefault(word, (form.table, kind, word, None, ""))
    by_first: dict[str, list[str]] = {}
    for core in sorted(known, key=len, reverse=True):
        by_first.setdefault(core[0], []).append(re.escape(core[1:]))
    # Grouped by their first characters, so that at each place one group is tried rather than all labels.
    pattern = "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in by_first.items())
    return re.compile(pattern), known


def find_hits(page: Page) -> tuple[Hit, ...]:
    """The labels of a text in order."""
    return _with_slips(page, _printed(page))


def _printed(page: Page) -> list[Hit]:
    pattern, known = _cores()
    text, stream, places = page.text, page.stream, page.places
    hits: list[Hit] = []
    at = 0
    while match := pattern.search(stream, at):
        table, kind, id, label, rest = known[match.group()]
        stop = _extended(stream, match.end(), rest) if rest else match.end()
        start, end = places[match.start()], places[stop - 1] + 1
        ends_lead = text[start - 1 : start] in _LEAD_ENDS  # a blank may stand behind it
        lead = _LEAD.search(text, max(0, start - 12), start) if ends_lead or text[start - 1].isspace() else None
        lead_start, numbered = start, bool(lead)
        if lead and lead.group(3):
            number = label.leaf if label and label.leaf else ""
            digits = lead.group(3)
            lead_start = lead.start(3) + len(digits) - (len(number) if number and digits.endswith(number) else 1)
        elif lead:
            lead_start = lead.start()
        hits.append(Hit(table, kind, id, start, end, lead_start, numbered, label))
        at = stop
    return hits


def _extended(stream: str, stop: int, rest: str) -> int:
    """Where a label ends, with the rest of its words that may follow its core, letters of other cells between them skipped."""
    at = last = stop
    while rest:
        if stream.startswith(rest[0], at):
            at, rest = at + 1, rest[1:]
            last = at
            continue
        again = stream.find(rest[:3], at, at + 8) if len(rest) >= 3 else -1
        if again < 0:
            break
        at = again
    return last


def _with_slips(page: Page, hits: list[Hit]) -> tuple[Hit, ...]:
    """The labels with those in which a character is misread: words alone on their line beside numbers."""
    text = page.text
    more: dict[int, Hit] = {}
    ends = [h.end for h in hits]
    gone: set[int] = set()
    for start, stop in page.runs:
        k = bisect_right(ends, start) - 1
        if k >= 0 and ends[k] > start - 4 and _is_own(page, hits, ends, k, start):
            continue
        left = max(0, start - 40)
        line = text[max(left, text.rfind("\n", left, start) + 1) : start]
        before = _CELL_BEFORE.match(line[::-1])
        if before:
            first, last = start - before.end(), start
        else:
            group = _LEAF_BEHIND.match(text, stop)
            behind = _CELL_BEHIND.match(text, group.end() if group else stop)
            if behind is None:
                continue
            first, last = behind.span()
        i = bisect_right(ends, first)
        inner = [h for h in hits[i : i + 3] if h.start < last]
        own = [h for h in inner if h.label is None or not h.label.weak] if inner else inner
        if own:
            if not before or own[-1].end > last - 4:
                continue
            first = own[-1].end  # glued to the label or header before it
            inner = [h for h in inner if h.start >= first]
        lead = ORDINAL.match(text[first:last]) if text[first] in _ORDINAL_STARTS or text[first].isspace() else None
        words = page.between(first + lead.end() if lead else first, last)
        core, tail = _misread(words), False
        if core is None and own and own[-1].table == "proactive" and len(words) >= 2 * _SHORT:
            # The header's words before the label are misread too.
            core, tail = _misread(words[-_SHORT:]), True
        if core:
            runs = [m.span() for m in _LETTERS.finditer(text, first + lead.end() if lead else first, last)]
            begin = [k for a, b in runs for k in range(a, b)][-_SHORT] if tail else runs[0][0]
            lead, first = (None, begin) if tail else (lead, first)
            table, kind, id, label, _ = _cores()[1][core]
            gone |= {h.start for h in inner}
            more[begin] = Hit(table, kind, id, begin, runs[-1][1], first if lead else begin, bool(lead), label)
    if not more:
        return tuple(hits)
    return tuple(sorted((*(h for h in hits if h.start not in gone), *more.values()), key=lambda h: h.start))


def _is_own(page: Page, hits: list[Hit], ends: list[int], k: int, start: int) -> bool:
    """Whether a label right before a run is all that there is to tell of the words before it, as in most rows."""
    label = hits[k].label
    if (label is not None and label.weak) or (k >= 3 and ends[k - 3] > start - _CELL):
        return False  # of more labels in one cell the first ones are looked at
    return start >= 4 and not _NO_CELL.search(page.text, start - 4, start)


@per_vocabulary
def _row_cores() -> tuple[Lookalikes, int]:
    """The rows' labels, and how long words are that may be the longest of them."""
    known = _cores()[1].items()
    cores = [core for core, (_, kind, id, _, _) in known if len(core) >= 4 and (kind == "row" or id == "其他处理")]
    return Lookalikes(cores), max(len(core) + len(core) // 4 for core in cores)


@recent_per_vocabulary(8192)
def _misread(words: str) -> str | None:
    """The one row label of a form that words differ from in few characters."""
    known, longest = _row_cores()
    if not 4 <= len(words) <= min(30, longest):
        return None
    near = known.near(words)
    if not near:
        return None
    own = set(words)
    ranked = [
        (similarity(words, core), core)
        for core in map(known.words.__getitem__, near)
        if abs(len(core) - len(words)) <= len(core) // 4 and len(own.intersection(core)) >= 0.7 * len(set(core))
    ]
    ranked.sort(reverse=True)
    if not ranked or ranked[0][0] < _SLIPPED:
        return None
    owners = {_cores()[1][core][2] for score, core in ranked if score > ranked[0][0] - 0.1}
    return ranked[0][1] if len(owners) == 1 else None


def loose(text: str, hits: tuple[Hit, ...]) -> bool:
    """Whether blanks stand inside words of a table's labels."""
    found = 0
    for hit in hits:
        if hit.kind == "row" and hit.label is not None:
            words = text[hit.start : hit.end]
            found += " " in words and bool(_BLANK_INSIDE.search(words)) and len(letters(words)) <= 8
    return found >= 3
