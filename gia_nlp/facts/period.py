"""The period that a count speaks of: the report's year, an earlier one, all years, a plan."""

from __future__ import annotations

import re

from gia_nlp.facts.candidates import Candidate
from gia_nlp.facts.hints import (
    CUMULATIVE,
    CURRENT,
    ENDS_PREVIOUS,
    LOOKS_AHEAD,
    PLANNED,
    PREVIOUS,
    REACHED,
)
from gia_nlp.language.clauses import first_clause, last_clause
from gia_nlp.vocabulary.periods import period_cues

_STOCKS = ("followers", "staff")
_YEAR = re.compile(r"(?<!\d)(20\d\d)年")


def find_period(candidate: Candidate, indicator: str, year: int | None) -> str:
    """``current``, ``previous``, ``cumulative`` or ``planned``, told from the words around a candidate."""
    if indicator in ("requests_carried_in", "requests_carried_out"):
        return "current"
    if _planned(candidate, year):
        return "planned"
    if _previous(candidate, year):
        return "previous"
    return "cumulative" if _cumulative(candidate, indicator, year) else "current"


_NAMED = re.compile(
    r"^[，、；]?(?:而|但|其中)?(?:在|到)?(?:(?P<last>去年|上一?年度?|前年)|(?P<this>今年|本年度?)|(?P<year>20\d\d)年度?)(?![初中底末来内前])"
)
_TURNS = re.compile("以来|起|至|到|底|累计|结转|转入|相?比|较|增|减|未办|遗留")


def named_period(candidate: Candidate, year: int | None) -> str | None:
    """The period that the words of a count name in opening (上年度举办培训3次): ``current``, ``previous``, else ``None``."""
    if "年" not in candidate.label:
        return None
    label = candidate.label.strip()
    found = _NAMED.match(label)
    if found is None or _TURNS.search(label) or _YEAR.search(label, found.end()):
        return None
    if found.group("year"):
        if year is None or int(found.group("year")) > year:
            return None
        return "current" if int(found.group("year")) == year else "previous"
    return "previous" if found.group("last") else "current"


_HISTORY = re.compile("历年(?:累计|来|总|共|以来)|累计历年")
_IN_BRACKETS = re.compile(r"（[^（）]*）")


def _cumulative(candidate: Candidate, indicator: str, year: int | None) -> bool:
    cues, label, sentence = period_cues(), candidate.label, candidate.sentence.masked
    if "历年" in label + candidate.tail and _HISTORY.search(label + candidate.tail):
        return True
    if not candidate.sentence.hints.whole & CUMULATIVE:
        return False
    hints = candidate.label_hints
    if (hints & REACHED and cues.reached.search(label)) or (hints & CURRENT and cues.current.search(label)):
        return False
    if year is not None and str(year) in label and re.search(f"(?<![至到-]){year}年(?!以来|底)", label):
        return False
    if indicator in _STOCKS:  # a stock: what else accumulated since then is another matter
        return bool(cues.cumulative.search(label))
    opening = first_clause(sentence)
    bracket = _IN_BRACKETS.match(sentence, candidate.quantity.end)
    for words in (label, last_clause(candidate.prior), opening, bracket.group() if bracket else ""):
        found = cues.cumulative.search(words)
        if found is None or (year and re.search(f"{year}年[^，；。]{{0,6}}以来", found.group())):
            continue
        if _one_year(found.group()):
            continue
        if words is not opening or _holds_on(opening, candidate):
            return True
    return False


_SCHOOL_YEAR = re.compile(r"月\d{1,2}日起?[至到]")


def _one_year(words: str) -> bool:
    """自2022年1月1日至2022年12月31日 is a report's own year, and so is a school's, from one September to the next."""
    years = [int(y) for y in _YEAR.findall(words)]
    if len(years) < 2:
        return False
    return years[-1] - years[0] <= bool(_SCHOOL_YEAR.search(words))


_OWN_YEAR = re.compile("今年|本年|年内|其中")


def _holds_on(opening: str, candidate: Candidate) -> bool:
    """自2016年改版以来， opens a sentence and holds until its semicolon; said of one count it holds for that one."""
    if candidate.previous_end == 0:
        return True
    before = candidate.sentence.masked[: candidate.quantity.start]
    ended = "；" in before or _OWN_YEAR.search(before)
    return opening.endswith(("以来", "底", "止", "末")) and not ended


_RISES = re.compile("(?:增加|增|减|降|下降|上升|提高|攀升|涨|一路|大幅|扩大|提升)[^，；。]{0,6}(?:到|至|为)")
_FROM = re.compile("(?:由|从)[^，；。]{0,8}$")
_COMPARED = re.compile("(?:比|较|与|同|由|从)[^，；。]{0,4}(?:去年|上年|上一年|上年度)")
_SINCE = re.compile("以来|起|至今|底")


def _previous(candidate: Candidate, year: int | None) -> bool:
    """The number stands right behind a word for an earlier year, or opens a 由…增加到…."""
    cues, label, sentence = period_cues(), candidate.label, candidate.sentence.masked
    hints, stop = candidate.label_hints, candidate.quantity.end
    if hints & REACHED and cues.reached.search(label):
        return False
    if (
        candidate.bracket is not None
        and candidate.previous_end <= candidate.bracket
        and candidate.sentence.hints.whole & ENDS_PREVIOUS
        and not label.strip()
    ):
        host = last_clause(sentence[candidate.previous_end : candidate.bracket], "，；：。")
        found = cues.ends_previous.search(host)
        if found:
            return _earlier(found, year)
    if hints & ENDS_PREVIOUS:
        found = cues.ends_previous.search(label)
        if found and _earlier(found, year):
            return True
    if ("由" in label or "从" in label) and _FROM.search(label) and _RISES.match(sentence, stop, stop + 12):
        return True
    if hints & PREVIOUS and cues.previous.search(label) and not _COMPARED.search(label):
        return True
    if not year or "20" not in label:
        return False
    years = [int(y) for y in _YEAR.findall(label)]
    return bool(years and max(years) < year and not _SINCE.search(label))


def _earlier(found: re.Match[str], year: int | None) -> bool:
    named = found.group("year")
    return named is None or (year is not None and int(named) < year)


_CARRIED = re.compile("结转|转入|延|继续办理")


def _planned(candidate: Candidate, year: int | None) -> bool:
    sentence = candidate.sentence
    hints = sentence.hints.whole
    years = bool(year) and sentence.names_years
    if not years and not hints & (PLANNED | LOOKS_AHEAD):
        return False
    cues = period_cues()
    before = sentence.masked[: candidate.quantity.start]
    opening = first_clause(before, "，：；")
    clause = last_clause(before) + candidate.tail
    if years and year:
        named = [int(y) for y in _YEAR.findall(opening)]
        if named and min(named) > year:
            return True
        if f"{year + 1}年" in clause and not _CARRIED.search(clause):
            return True
    if hints & LOOKS_AHEAD and cues.looks_ahead.search(opening):
        return True
    return bool(hints & PLANNED and cues.planned.search(clause)) and not cues.no_plan.search(clause)
