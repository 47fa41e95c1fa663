"""What the reader of the page asks for: the filters of the search, read from the address and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from gia_nlp.vocabulary.categories import categories
from gia_nlp.vocabulary.indicators import indicators

PAGE = 30  # reports on a page
LONGEST = 200  # characters of a filter
KINDS = ("problem", "remedy")
ONLY = ("failed", "annotated")


class FilterError(ValueError):
    """A filter that says nothing: ``field`` names it."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters; empty ones do not narrow. ``q``: words that must all stand in the text, apart by blanks."""

    q: str = ""
    region: str = ""
    year: int | None = None
    level: str = ""
    form: str = ""
    category: str = ""
    kind: str = ""
    indicator: str = ""
    only: str = ""
    page: int = 1

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Filters:
        """The filters of an address; other names are left alone. Raises :class:`FilterError` for what no report can have.

        >>> Filters.read({"q": " 公开  培训 ", "year": "2023", "lang": "en"}).terms
        ('公开', '培训')
        """
        found: dict[str, Any] = {}
        for field in fields(cls):
            text = given.get(field.name, "").strip()
            if not text:
                continue
            if len(text) > LONGEST:
                raise FilterError(field.name)
            found[field.name] = _number(field.name, text) if field.name in ("year", "page") else text
        filters = cls(**found)
        allowed = {"kind": KINDS, "only": ONLY, "category": categories(), "indicator": indicators()}
        for name, names in allowed.items():
            value = getattr(filters, name)
            if value and value not in names:
                raise FilterError(name)
        return filters

    @property
    def terms(self) -> tuple[str, ...]:
        """The words of ``q``."""
        return tuple(self.q.split())

    def query(self, **changes: Any) -> str:
        """The filters as the query of an address, with changes; empty ones and page 1 are left out."""
        return urlencode(self._told(**changes))

    def told(self) -> list[tuple[str, str]]:
        """Names and values that narrow, for hidden fields."""
        return [(name, str(value)) for name, value in self._told(page=1)]

    def _told(self, **changes: Any) -> list[tuple[str, Any]]:
        filters = replace(self, **changes)
        pairs = [(f.name, getattr(filters, f.name)) for f in fields(filters)]
        return [(name, value) for name, value in pairs if value and (name, value) != ("page", 1)]


def _number(field: str, text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or int(text) < 1:
        raise FilterError(field)
    return int(text)
