"""Words of one kind of agency's business, by which what was taken over from another agency's report can be told."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from gia_nlp.vocabulary.loader import load_yaml


@dataclass(frozen=True, slots=True)
class Business:
    """``kinds`` gives the kind of agency of each term, ``shared`` the kinds whose business a kind's terms are too."""

    kinds: dict[str, str]
    shared: dict[str, frozenset[str]]
    general: frozenset[str]

    def is_foreign(self, term: str, kind: str | None) -> bool:
        """Whether a term is none of a kind's business; never for a kind that is unknown or speaks of everything.

        >>> business().is_foreign("路政", "信访"), business().is_foreign("路政", "公安"), business().is_foreign("路政", "人民政府")
        (True, False, False)
        """
        if kind is None or kind in self.general:
            return False
        owner = self.kinds[term]
        return kind != owner and kind not in self.shared.get(owner, frozenset())


@cache
def business() -> Business:
    """The terms of all kinds."""
    data = load_yaml("business")
    kinds = {term: kind for kind, terms in data["terms"].items() for term in terms}
    shared = {kind: frozenset(others) for kind, others in data["also"].items()}
    return Business(kinds, shared, frozenset(data["general"]))
