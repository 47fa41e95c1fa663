"""How the sections of a report are headed: titles, the words they are made of, and what only looks like them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from gia_nlp.vocabulary.active import active, per_vocabulary
from gia_nlp.vocabulary.heads import headed
from gia_nlp.vocabulary.loader import load_yaml

#: Ids of the sections that the forms know, in the order of the forms.
SECTION_IDS = ("overview", "proactive", "requests", "review_litigation", "problems", "other")

_YEAR = re.compile(r"(?:\d{4}年度?|[二〇○零一三四五六七八九]{4}年度?)")
_PLAIN = re.compile(r"[\s、，。：:；;的（）()【】\[\]《》“”\"*#]")


#: Words that titles are made of by their first characters, longest first: the word, its role and its length.
#: A role is ``connector``, ``closer``, ``weak`` (a weak closer) or ``word``.
TitleWords = dict[str, tuple[tuple[str, str, int], ...]]


@dataclass(frozen=True, slots=True)
class Headings:
    """The vocabulary of headings; patterns are to be used on the normal form without blanks."""

    titles: dict[str, str]
    keywords: tuple[tuple[str, re.Pattern[str]], ...]
    keyword: re.Pattern[str]
    overview_if_first: re.Pattern[str]
    duties: re.Pattern[str]
    title_words: TitleWords
    connectors: frozenset[str]
    closers: frozenset[str]
    weak_closers: frozenset[str]
    tail: re.Pattern[str]
    run_on: re.Pattern[str]
    row_label: re.Pattern[str]
    torn_row: re.Pattern[str]
    statistics_header: re.Pattern[str]
    statistics_key: re.Pattern[str]
    list_of_parts: re.Pattern[str]
    reference_before: re.Pattern[str]
    problem_cues: tuple[re.Pattern[str], ...]
    problems_open: re.Pattern[str]
    problems_do_not_open: re.Pattern[str]
    overview_duties: tuple[re.Pattern[str], ...]
    captions: re.Pattern[str]
    placeholder: re.Pattern[str]
    placeholder_keys: tuple[re.Pattern[str], ...]
    page_noise: re.Pattern[str]
    page_noise_behind: re.Pattern[str]
    page_noise_key: re.Pattern[str]
    page_tokens: re.Pattern[str]
    table_words: re.Pattern[str]


@per_vocabulary
def headings() -> Headings:
    """The vocabulary, read once.

    >>> "情况" in headings().closers
    True
    """
    data = load_yaml("headings")
    connectors, closers = data["connectors"].split(), data["closers"].split()
    weak, tails = data["weak_closers"].split(), data["tails"].split()
    words = {*data["words"].split(), *connectors, *closers, *weak}
    return Headings(
        titles={_plain(t): kind for kind, titles in data["titles"].items() for t in titles},
        keywords=tuple((kind, re.compile(pattern)) for kind, pattern in data["keywords"]),
        keyword=headed("|".join(pattern for _, pattern in data["keywords"])),
        overview_if_first=re.compile(data["overview_if_first"]),
        duties=re.compile(data["duties"]),
        title_words=_by_first(words, {"connector": connectors, "closer": closers, "weak": weak}),
        connectors=frozenset(connectors),
        closers=frozenset(closers),
        weak_closers=frozenset(weak),
        tail=re.compile("|".join(map(re.escape, sorted(tails, key=len, reverse=True)))),
        run_on=_run_on(words.union(tails)),
        row_label=re.compile("^(?:" + "|".join(data["row_labels"]) + ")"),
        torn_row=re.compile(data["torn_row"]),
        statistics_header=re.compile(data["statistics_header"]),
        statistics_key=re.compile(data["statistics_key"]),
        list_of_parts=re.compile(data["list_of_parts"]),
        reference_before=re.compile(data["reference_before"]),
        problem_cues=tuple(map(re.compile, data["problem_cues"])),
        problems_open=re.compile(data["problems_open"]),
        problems_do_not_open=re.compile(data["problems_do_not_open"]),
        overview_duties=tuple(map(re.compile, data["overview_duties"])),
        captions=re.compile(data["captions"]),
        placeholder=re.compile(data["placeholder"]),
        placeholder_keys=tuple(map(re.compile, data["placeholder_keys"])),
        page_noise=re.compile("|".join(data["page_noise"])),
        page_noise_behind=re.compile(data["page_noise_behind"]),
        page_noise_key=re.compile(data["page_noise_key"]),
        page_tokens=re.compile(data["page_tokens"]),
        table_words=re.compile(data["table_words"]),
    )


def _by_first(words: Iterable[str], roles: Mapping[str, Collection[str]]) -> TitleWords:
    """The table of words; a word that has several roles is known by the first of them."""
    found: dict[str, list[tuple[str, str, int]]] = {}
    for word in sorted(words, key=len, reverse=True):
        role = next((name for name, listed in roles.items() if word in listed), "word")
        found.setdefault(word[0], []).append((word, role, len(word)))
    return {first: tuple(listed) for first, listed in found.items()}


def _run_on(words: set[str]) -> re.Pattern[str]:
    """Matches at least as far as words of titles, slips of the pen and years can go on."""
    chars = re.escape("".join(sorted({char for word in words for char in word if not "一" <= char <= "鿿"})))
    return re.compile(rf"[一-鿿{chars}]*+(?:\d{{4}}年[一-鿿{chars}]*+)*+")


def _plain(title: str) -> str:
    plain = _PLAIN.sub("", title) if _PLAIN.search(title) else title  # most titles have nothing to leave out
    return _YEAR.sub("", plain) if _YEAR.search(plain) else plain


def classify_title(title: str) -> tuple[str | None, bool]:
    """The section that a title heads, and whether it is one of the form's own titles, slips of the pen allowed for.

    >>> classify_title("存在的主要问题及改进情况")
    ('problems', True)
    >>> classify_title("依申请公开"), classify_title("工作机制保障")
    (('requests', False), (None, False))
    >>> classify_title("总休情况")
    ('overview', True)
    """
    return _classified(active().digest, title)


@lru_cache(maxsize=8192)
def _classified(vocabulary_digest: str, title: str) -> tuple[str | None, bool]:
    """Titles and labels come again from report to report; what they mean hangs on the vocabulary alone."""
    vocabulary = headings()
    plain = _plain(title)
    if not plain or len(plain) > 60:
        return None, False
    if (kind := vocabulary.titles.get(plain)) is not None:
        return kind, True
    if vocabulary.keyword.search(title):
        for kind, pattern in vocabulary.keywords:
            if pattern.search(title):
                return kind, _near(plain, kind) is not None
    found = _near(plain, None)
    return found, found is not None


def _near(plain: str, kind: str | None) -> str | None:
    """The kind of a canonical title that differs by few characters: one in four, and no fewer than one."""
    if len(plain) < 4:
        return None
    alike = _titles_by_length().get(len(plain))
    own = frozenset(plain)
    if alike is None or len(own - alike.chars) > alike.allowed:
        return None
    for title, chars, of_kind, allowed in alike.titles:
        if kind not in (None, of_kind) or len(own - chars) > allowed or len(chars - own) > allowed:
            continue  # each character that one has and the other lacks costs at least one change
        if edit_distance(plain, title, allowed) <= allowed:
            # Short titles are told apart by one character (具体情况): only the second one may be a slip.
            if len(title) <= 5 and (title[0] != plain[0] or title[-2:] != plain[-2:]):
                continue
            return of_kind
    return None


class _Alike(NamedTuple):
    """Titles with their characters, their kind and how many changes are allowed; all their characters, and the most changes."""

    titles: tuple[tuple[str, frozenset[str], str, int], ...]
    chars: frozenset[str]
    allowed: int


@per_vocabulary
def _titles_by_length() -> dict[int, _Alike]:
    """For each length the titles that are about as long."""
    found: dict[int, list[tuple[str, frozenset[str], str, int]]] = {}
    for title, kind in headings().titles.items():
        if len(title) >= 4:
            allowed = max(1, len(title) // 5)
            for length in range(len(title) - allowed, len(title) + allowed + 1):
                found.setdefault(length, []).append((title, frozenset(title), kind, allowed))
    return {
        length: _Alike(tuple(titles), frozenset("".join(t[0] for t in titles)), max(t[3] for t in titles))
        for length, titles in found.items()
    }


def edit_distance(a: str, b: str, limit: int) -> int:
    """How many characters to insert, drop or change; any number above ``limit`` where it is more.

    >>> edit_distance("行政法复议", "行政复议", 2)
    1
    """
    first, last = 0, 0  # what both begin and end with costs nothing
    most = min(len(a), len(b))
    while first < most and a[first] == b[first]:
        first += 1
    while last < most - first and a[-1 - last] == b[-1 - last]:
        last += 1
    a, b = a[first : len(a) - last], b[first : len(b) - last]
    if not a or not b:
        return len(a) + len(b)
    previous = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            row.append(min(previous[j] + 1, row[-1] + 1, previous[j - 1] + (x != y)))
        if min(row) > limit:
            return limit + 1
        previous = row
    return previous[-1]
