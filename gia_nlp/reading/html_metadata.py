"""A page's title, date of publication and publisher: from meta elements, else from the lines around the article."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from typing import Any

from gia_nlp.reading.html_leaves import Leaf
from gia_nlp.vocabulary.web_pages import WebPages

_DATE = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})"
_ANY_DATE = re.compile(_DATE)
_COMPACT_DATE = re.compile(r"(20\d\d)([01]\d)([0-3]\d)")
_TITLE_SPLIT = re.compile(r"\s*[_|｜—–]+\s*|\s+[-·>»]+\s+|(?<=[\u4e00-\u9fff）)])-+(?=[\u4e00-\u9fff])")
_YEAR = re.compile(r"(?:20\d\d|[二２][〇○零００][一二０-９][〇○零一二三四五六七八九０-９])")
_HEADINGS = ("h1", "h2", "h3")
_LONGEST_TITLE = 80
_LONGEST_LABEL = 12


def iso_date(text: str) -> str | None:
    """The first date in a text as ISO date.

    >>> iso_date("发布时间：2024年1月9日 08:30"), iso_date("2024-13-40")
    ('2024-01-09', None)
    """
    match = _ANY_DATE.search(text) or _COMPACT_DATE.search(text)
    if not match:
        return None
    try:
        date = datetime.date(*(int(g) for g in match.groups()))
    except ValueError:
        return None
    return date.isoformat() if 1990 <= date.year <= 2100 else None


def metas(root: Any) -> dict[str, list[str]]:
    """The content of meta elements by lower-case name."""
    found: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        name = (element.get("name") or element.get("property") or "").strip().lower()
        content = " ".join((element.get("content") or "").split())
        if name and content and len(content) < 300:
            found.setdefault(name, []).append(content)
    return found


def best_title(candidates: Iterable[str], words: WebPages) -> str | None:
    """The part that most looks like a report's title; names of sites and columns around it are left off.

    >>> from gia_nlp.vocabulary.web_pages import web_pages
    >>> best_title(["溪岭市2023年政府信息公开工作年度报告_信息公开年报_溪岭市人民政府网"], web_pages())
    '溪岭市2023年政府信息公开工作年度报告'
    """
    parts = [p.strip() for c in candidates for p in (_TITLE_SPLIT.split(c) if c else []) if p and p.strip()]
    parts = [p for p in parts if len(p) <= _LONGEST_TITLE]

    def rank(part: str) -> tuple[int, bool, int]:
        word = next((i for i, w in enumerate(words.title_words) if w in part), len(words.title_words))
        return -word, bool(_YEAR.search(part)), len(part)

    known = [p for p in parts if any(w in p for w in words.title_words)]
    return max(known, key=rank) if known else (parts[0] if parts else None)


def page_title(root: Any, head_title: str | None, meta: dict[str, list[str]], words: WebPages) -> str | None:
    """The article's title: what a meta element names, else the best of the headings and the page's title."""
    named = [v for key in words.meta_title[:2] for v in meta.get(key, ())]
    if named:
        return best_title(named[:1], words) or named[0]
    headings = []
    for element in root.iter(*_HEADINGS):
        text = " ".join("".join(element.itertext()).split())
        if 4 < len(text) <= _LONGEST_TITLE and any(w in text for w in words.title_words):
            headings.append(text)
    others = [v for key in words.meta_title[2:] for v in meta.get(key, ())]
    return best_title([*headings[:3], *([head_title] if head_title else []), *others], words)


def head_title(root: Any) -> str | None:
    """What the title element says."""
    for element in root.iter("title"):
        text = " ".join("".join(element.itertext()).split())
        if text:
            return text
    return None


def with_values(leaves: list[Leaf]) -> list[Leaf]:
    """The lines around an article, with a label that stands alone on its line joined to the line behind it."""
    joined: list[Leaf] = []
    for leaf in leaves:
        last = joined[-1] if joined else None
        if last is not None and not leaf.cells and len(last.text) <= _LONGEST_LABEL and last.text.endswith((":", "：")):
            joined[-1] = replace(last, text=last.text + leaf.text)
        else:
            joined.append(leaf)
    return joined


def published_on(meta: dict[str, list[str]], around: list[Leaf], words: WebPages) -> str | None:
    """ISO date of publication."""
    for key in words.meta_published:
        for value in meta.get(key, ()):
            if date := iso_date(value):
                return date
    for label in words.label_published:
        # Without a colon the label must be a word of its own: 截至时间2023年… dates something else.
        pattern = re.compile(rf"(?:{label}[】\]]?\s*[:：]|(?:^|[\s【\[（(|｜]){label}[】\]]?)\s*(?={_DATE})")
        for leaf in around:
            if beside := _beside(leaf, label):
                if date := iso_date(beside):
                    return date
            elif (match := pattern.search(leaf.text)) and (date := iso_date(leaf.text[match.end() :])):
                return date
    return None


def publisher(meta: dict[str, list[str]], around: list[Leaf], words: WebPages) -> str | None:
    """Who published the page, as printed."""
    for key in words.meta_publisher:
        for value in meta.get(key, ()):
            if re.search(r"[\u4e00-\u9fff]{2}", value) and len(value) <= 60:
                return value
    for label in words.label_publisher:
        pattern = re.compile(
            rf"(?:^|[\s\u3000【\[（(|｜]){label}[】\]]?\s*[:：]\s*([^\s:：|｜【】\[\]]{{2,40}})(?:\s|\u3000|[|｜【\[】\]]|$)"
        )
        for leaf in around:
            beside = _beside(leaf, label)
            if beside and len(beside) <= 60:
                return beside
            match = pattern.search(leaf.text)
            if match and re.search(r"[\u4e00-\u9fff]{2}", match.group(1)):
                return match.group(1)
    return None


def _beside(leaf: Leaf, label: str) -> str | None:
    """In a table of metadata: the cell that follows the label's."""
    cells = leaf.cells
    for here, there in pairwise(cells):
        if "".join(here.text.split()).rstrip(":：") == label and here.row == there.row:
            return there.text or None
    return None
