"""Labels and runs of numbers in text whose cells no border parts: glued, blank-separated, wrapped anywhere."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from gia_nlp.structure.tables.labels import ORDINAL, similarity
from gia_nlp.structure.tables.masks import SIGNED_TOKEN, TOKEN_PATTERN, masked
from gia_nlp.structure.tables.rows import Free
from gia_nlp.vocabulary.active import per_vocabulary, recent_per_vocabulary
from gia_nlp.vocabulary.forms import Label, letters, proactive_form, requests_form, review_form

_LETTERS = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fffA-Za-z]+")
_RUN = re.compile(rf"{TOKEN_PATTERN}(?:[\s\x00]*{TOKEN_PATTERN})*")  # a page mark (\x00) does not end a run
_SIGNED = frozenset(
    {"licensing", "other_services", "punishment", "coercion", "fees"}
)  # rows with a change on last year
_MARKED_LINE = re.compile(
    rf"(?m)^[ ]*{TOKEN_PATTERN}(?:[ ]+{TOKEN_PATTERN})+[ ]*$"
)  # words in it are marks, no part of a label
_LEAF_AT_END = re.compile(r"(?<=\S)[ \n]+[1-9]\d?\Z")
_BULLET_AT_END = re.compile(r"[ ]*\n[ \n]*[-—–]{1,2}\Z")
_WORDS_FOLLOW = re.compile(r"[ ]*\S")
_OPENS_LINE = re.compile(r"\n[ #*\-]*\Z")
_LEAF_MARK = re.compile(r"[.．、][ ]*[\u4e00-\u9fff]")
_SIGN_BETWEEN = re.compile(r"[ \n\x00]*[-+]")
_MEASURE = re.compile(r"\s*(万元|元|人次|件|条|次|人|个|项|份|篇|宗|起|场|期|名|家|月|年|日|号|时|％|%|余|多|万|位)")
_NEAR = 300  # characters within which a label can own a run
_LEAD = re.compile(
    r"(?:[（(]\s*(\d{1,2}|[一二三四五六七八九十]{1,3})\s*[)）]|([一二三四五六七八九十]{1,3})\s*[、.．]|(\d+)\s*[.．、,，]|·)\s*$"
)


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Run:
    """Numbers (and marks for no number) with nothing but blanks between them; ``start``, ``end`` count in the view's text.

    ``before`` and ``after`` are the neighbouring labels; ``attached`` when nothing else stands between ``before`` and the run,
    ``leads`` when nothing stands between the run and ``after``; ``inside`` when the label goes on behind the run;
    ``alternative`` is the text when its last digits are the number of the label behind it.
    """

    text: str
    start: int
    end: int
    before: Hit | None
    after: Hit | None
    attached: bool
    leads: bool
    inside: bool
    same_line: bool
    own_line: bool
    unit: str | None
    alternative: str | None

    @property
    def tokens(self) -> list[str]:
        """The numbers and marks that blanks part."""
        return SIGNED_TOKEN.findall(self.text)


@dataclass(frozen=True, slots=True)
class Scan:
    """Labels and runs of a free text, in order; ``loose`` where blanks stand inside words of labels (:func:`is_loose`)."""

    free: Free
    hits: tuple[Hit, ...]
    runs: tuple[Run, ...]
    loose: bool


@per_vocabulary
def _cores() -> tuple[re.Pattern[str], dict[str, tuple[str, str, str, Label | None]]]:
    """One pattern for all labels, and for each core its (table, kind, id, label)."""
    known: dict[str, tuple[str, str, str, Label | None]] = {}
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
                    known.setdefault(core, (form.table, kind, label.id, label))
        for kind, words in (("header", form.headers), ("group", form.groups)):
            for word in words:
                known.setdefault(word, (form.table, kind, word, None))
    pattern = "|".join(re.escape(core) for core in sorted(known, key=len, reverse=True))
    return re.compile(pattern), known


def scan(free: Free) -> Scan:
    """Finds labels and runs. Linear in the text's length."""
    text = masked(free.view.text)
    worded = _MARKED_LINE.sub(lambda m: "\x00" * len(m.group()), text)
    spans = [m.span() for m in _LETTERS.finditer(worded)]
    places = list(chain.from_iterable([range(a, b) for a, b in spans]))
    stream = "".join([text[a:b] for a, b in spans])
    hits = _with_slips(text, _hits(text, stream, places))
    return Scan(free, hits, tuple(_runs(text, stream, places, hits)), _loose(free.view.text, hits))


def _hits(text: str, stream: str, places: list[int]) -> tuple[Hit, ...]:
    pattern, known = _cores()
    hits: list[Hit] = []
    at = 0
    while match := pattern.search(stream, at):
        table, kind, id, label = known[match.group()]
        stop = _extended(stream, match.start(), match.end(), label)
        start, end = places[match.start()], places[stop - 1] + 1
        lead = _LEAD.search(text, max(0, start - 12), start)
        lead_start, numbered = start, bool(lead)
        if lead and lead.group(3):
            number = label.leaf if label and label.leaf else ""
            digits = lead.group(3)
            lead_start = lead.start(3) + len(digits) - (len(number) if number and digits.endswith(number) else 1)
        elif lead:
            lead_start = lead.start()
        hits.append(Hit(table, kind, id, start, end, lead_start, numbered, label))
        at = stop
    return tuple(hits)


_CELL_BEFORE = re.compile(r"[^\n\d。；，]{4,36}")  # of the characters before a number, the last one first
_CELL_BEHIND = re.compile(r"\s*[^\n\d。；，]{4,36}(?=\n|$)")
_LEAF_BEHIND = re.compile(
    r"\s*[^\n\d。；，]{3,14}[1-9]\s*[.．、)）](?=[^\n\d。；，]{4,36}(?:\n|$))"
)  # （五）不予处理 1.
_BLANK_INSIDE = re.compile(r"[\u4e00-\u9fff] +[\u4e00-\u9fff]")
_SHORT = 4  # characters of 行政许可 and its like
_SLIPPED = 0.74  # one character of four


def _with_slips(text: str, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
    """The labels with those in which a character is misread: words alone on their line beside numbers."""
    more: list[Hit] = []
    ends = [h.end for h in hits]
    gone: set[int] = set()
    for match in _RUN.finditer(text):
        line_start = text.rfind("\n", max(0, match.start() - 40), match.start()) + 1
        before = _CELL_BEFORE.match(text[max(line_start, match.start() - 40) : match.start()][::-1])
        if before:
            first, last = match.start() - before.end(), match.start()
        else:
            group = _LEAF_BEHIND.match(text, match.end())
            behind = _CELL_BEHIND.match(text, group.end() if group else match.end())
            if behind is None:
                continue
            first, last = behind.span()
        i = bisect_right(ends, first)
        inner = [h for h in hits[i : i + 3] if h.start < last]
        if own := [h for h in inner if h.label is None or not h.label.weak]:
            if not before or own[-1].end > last - 4:
                continue
            first = own[-1].end  # glued to the label or header before it
            inner = [h for h in inner if h.start >= first]
        lead = ORDINAL.match(text[first:last])
        runs = [m.span() for m in _LETTERS.finditer(text, first + lead.end() if lead else first, last)]
        words = "".join([text[a:b] for a, b in runs])
        core, start = _misread(words), runs[0][0] if runs else first
        if core is None and own and own[-1].table == "proactive" and len(words) >= 2 * _SHORT:
            # The header's words before the label are misread too.
            core, start, lead = _misread(words[-_SHORT:]), [k for a, b in runs for k in range(a, b)][-_SHORT], None
            first = start
        if core:
            table, kind, id, label = _cores()[1][core]
            end = runs[-1][1]
            gone |= {h.start for h in inner}
            more.append(Hit(table, kind, id, start, end, first if lead else start, bool(lead), label))
    kept = {h.start: h for h in more}
    if not kept:
        return hits
    return tuple(sorted((*(h for h in hits if h.start not in gone), *kept.values()), key=lambda h: h.start))


@per_vocabulary
def _row_cores() -> dict[int, list[tuple[str, frozenset[str], float]]]:
    """For words of so many letters: the rows' labels of about this length, with their characters and how many must be there."""
    found: dict[int, list[tuple[str, frozenset[str], float]]] = {}
    for core, (_, kind, id, _) in _cores()[1].items():
        if len(core) >= 4 and (kind == "row" or id == "其他处理"):
            chars = frozenset(core)
            for length in range(len(core) - len(core) // 4, len(core) + len(core) // 4 + 1):
                found.setdefault(length, []).append((core, chars, 0.7 * len(chars)))
    return found


@recent_per_vocabulary(4096)
def _misread(words: str) -> str | None:
    """The one row label of a form that words differ from in few characters."""
    if not 4 <= len(words) <= 30:
        return None
    own = set(words)
    near = _row_cores().get(len(words), ())
    ranked = [(similarity(words, core), core) for core, chars, least in near if len(chars & own) >= least]
    ranked.sort(reverse=True)
    if not ranked or ranked[0][0] < _SLIPPED:
        return None
    owners = {_cores()[1][core][2] for score, core in ranked if score > ranked[0][0] - 0.1}
    return ranked[0][1] if len(owners) == 1 else None


def is_loose(scanned: Scan) -> bool:
    """Whether blanks stand inside words of a table's labels, so that blanks inside numbers part nothing either."""
    return scanned.loose


def _loose(text: str, hits: tuple[Hit, ...]) -> bool:
    own = (text[h.start : h.end] for h in hits if h.label is not None and h.kind == "row")
    return sum(bool(_BLANK_INSIDE.search(words)) and len(letters(words)) <= 8 for words in own) >= 3


def _extended(stream: str, start: int, stop: int, label: Label | None) -> int:
    """Where a label ends, with the words that may follow its core, letters of other cells between them skipped."""
    if label is None:
        return stop
    whole = label.key
    found = whole.find(stream[start:stop])
    if found < 0:
        return stop
    rest, at, last = whole[found + stop - start :], stop, stop
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


def _run_spans(text: str, hits: tuple[Hit, ...], starts: list[int]) -> Iterator[tuple[int, int]]:
    """Where runs stand. A sign parts two of them, except beside a row of table ``proactive`` that has a change."""
    open_: tuple[int, int] | None = None
    for match in _RUN.finditer(text):
        start, end = match.span()
        if leaf := _LEAF_AT_END.search(match.group()) if _LEAF_MARK.match(text, end) else None:
            end = start + leaf.start()  # the number of a label that no form knows, or that is misread
        if (bullet := _BULLET_AT_END.search(text[start:end])) and _WORDS_FOLLOW.match(text, end):
            end = start + bullet.start()  # the mark before a line of words
        if open_ and _SIGN_BETWEEN.fullmatch(text, open_[1], start):
            i = bisect_right(starts, start)
            if any(h.table == "proactive" and h.kind == "row" and h.id in _SIGNED for h in hits[max(0, i - 1) : i + 1]):
                open_ = open_[0], end
                continue
        if open_:
            yield open_
        open_ = start, end
    if open_:
        yield open_


def _runs(text: str, stream: str, places: list[int], hits: tuple[Hit, ...]) -> list[Run]:
    starts = [h.start for h in hits]
    found: list[Run] = []
    for start, end in _run_spans(text, hits, starts):
        i = bisect_right(starts, start)
        before, after = hits[i - 1] if i else None, hits[i] if i < len(hits) else None
        content, alternative = text[start:end].replace("\x00", " "), None
        if (
            content.isdigit()
            and len(content) <= 2
            and _LEAF_MARK.match(text, end)
            and _OPENS_LINE.search(text, max(0, start - 12), start)
        ):
            continue  # the number of a heading
        measure = _MEASURE.match(text, end)
        leads = False
        if after is not None and after.lead < end and after.numbered:
            content = text[start : after.lead].rstrip()
            end = start + len(content)
            leads, measure = True, None
            if not content:
                continue
        elif after is not None and not _between(text, places, stream, end, after.lead):
            leads = text[end : after.lead].strip("\x00 \n") == ""
            leaf = after.label.leaf if after.label else None
            if (
                leads
                and not after.numbered
                and leaf
                and leaf.isdigit()
                and end == after.start
                and content.endswith(leaf)
            ):
                alternative = content[: -len(leaf)]
        if not leads and len(content) > 1 and content[-1] in "123456789" and _LEAF_MARK.match(text, end):
            alternative = content[:-1]  # the label that the last digit may number is misread
        if start > 0 and end < len(text) and text[start - 1] in "（(" and text[end] in "）)":
            continue  # a number in brackets is an ordinal or a remark
        inside = before is not None and start < before.end
        if inside and content == "无":
            continue  # a blank inside words such as 无法提供
        if measure and (inside or ("\n" in measure.group() and len(content.split()) > 1)):
            measure = None
        near = before is not None and not inside and start - before.end <= _NEAR
        junk = _between(text, places, stream, before.end, start) if before and not inside else ""
        gap = text[before.end : start] if before and near else ""
        tail = before is not None and before.label is not None and junk and junk in before.label.key
        if before is not None and before.label is not None and junk and not tail and len(junk) <= 8 and "\n" not in gap:
            # A label's last letters, one of them misread.
            least = 0.8 if len(junk) <= 3 else 0.9
            tail = similarity(letters(text[before.start : before.end]) + junk, before.label.key) >= least
        attached = (
            before is not None
            and (inside or near)
            and (inside or not junk or bool(tail) or set(junk) <= set("三本年度办理结果"))
        )
        if attached and not tail and re.search(r"[。，；！？]", gap):
            attached = False
        left, right = text[max(0, start - _NEAR) : start].rpartition("\n"), text[end : end + _NEAR].partition("\n")
        own_line = not left[2].strip("\x00 ") and not right[0].strip("\x00 ")
        same_line = inside or (near and "\n" not in gap)
        unit = measure.group(1) if measure else None
        found.append(
            Run(content, start, end, before, after, attached, leads, inside, same_line, own_line, unit, alternative)
        )
    return found


def _between(text: str, places: list[int], stream: str, start: int, end: int) -> str:
    """The letters between two places, at most fifty."""
    a, b = bisect_left(places, start), bisect_left(places, end)
    return stream[a : min(b, a + 50)]
