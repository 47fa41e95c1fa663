"""How web pages of authorities are built: names of containers and chrome, labels of metadata, words of the genre."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from gia_nlp.vocabulary.loader import load_yaml


@dataclass(frozen=True, slots=True)
class WebPages:
    """Data of ``web_pages.yaml``. Names are lower case with ``_`` for ``-``; patterns are compiled."""

    containers: frozenset[str]
    chrome: frozenset[str]
    chrome_without_table: frozenset[str]
    chrome_elements: frozenset[str]
    chrome_roles: frozenset[str]
    chrome_line: re.Pattern[str]
    contact_line: re.Pattern[str]
    signal: re.Pattern[str]
    meta_title: tuple[str, ...]
    meta_published: tuple[str, ...]
    meta_publisher: tuple[str, ...]
    label_published: tuple[str, ...]
    label_publisher: tuple[str, ...]
    title_words: tuple[str, ...]
    metadata_labels: frozenset[str]


def plain_name(name: str) -> str:
    """A class or id as names are compared.

    >>> plain_name("Article-Content")
    'article_content'
    """
    return name.strip().lower().replace("-", "_")


@cache
def web_pages() -> WebPages:
    """The names and patterns of web pages.

    >>> "trs_editor" in web_pages().containers
    True
    """
    data = load_yaml("web_pages")
    return WebPages(
        containers=frozenset(map(plain_name, data["containers"])),
        chrome=frozenset(map(plain_name, data["chrome"])),
        chrome_without_table=frozenset(map(plain_name, data["chrome_without_table"])),
        chrome_elements=frozenset(data["chrome_elements"]),
        chrome_roles=frozenset(data["chrome_roles"]),
        chrome_line=re.compile("|".join(f"(?:{p})" for p in data["chrome_lines"]), re.I),
        contact_line=re.compile("|".join(f"(?:{p})" for p in data["contact_lines"])),
        signal=re.compile("|".join(map(re.escape, data["signals"]))),
        meta_title=tuple(data["meta_title"]),
        meta_published=tuple(data["meta_published"]),
        meta_publisher=tuple(data["meta_publisher"]),
        label_published=tuple(data["label_published"]),
        label_publisher=tuple(data["label_publisher"]),
        title_words=tuple(data["title_words"]),
        metadata_labels=frozenset("".join(x.split()) for x in data["metadata_labels"]),
    )
