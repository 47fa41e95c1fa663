"""Labelling functions that are data: the conditions in ``functions.yaml``, compiled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from gia_nlp.learning.weak.denials import DenialCase
    from gia_nlp.learning.weak.facts import FactCase
    from gia_nlp.learning.weak.items import ItemCase

KINDS = ("facts", "denials", "kinds", "categories")
_CONDITIONS = {
    "facts": {"label", "end", "tail", "near", "open", "unit", "theme", "not"},
    "denials": {"object", "start", "before", "theme", "not"},
    "kinds": {"text", "not", "before", "not_before"},
    "categories": {"text", "not"},
}
_BACK = 600  # characters before a point in which its heading is looked for


@dataclass(frozen=True, slots=True)
class DataFunction:
    """A function of the data file: what it says, and the patterns that must all be found (``not…``: that must not)."""

    name: str
    says: str
    against: bool = False
    conditions: Mapping[str, re.Pattern[str]] = field(default_factory=dict)

    @property
    def family(self) -> str:
        """What it looks at: the first part of its name."""
        return self.name.partition(".")[0]

    def facts(self, case: FactCase) -> str | None:
        """Its vote on a candidate of a fact."""
        quantity, candidate = case.candidate.quantity, case.candidate
        for name, pattern in self.conditions.items():
            match name:
                case "unit":
                    holds = bool(pattern.fullmatch(quantity.unit or "-"))
                case "theme":
                    holds = bool(pattern.fullmatch(candidate.sentence.theme))
                case "tail":
                    holds = bool(pattern.search(candidate.tail))
                case "near":
                    holds = bool(pattern.search(case.near))
                case "not":
                    holds = not pattern.search(case.near)
                case "open":
                    holds = bool(pattern.search(case.opened))
                case _:  # label, end
                    holds = bool(pattern.search(candidate.label))
            if not holds:
                return None
        return self.says

    def denials(self, case: DenialCase) -> str | None:
        """Its vote on a negating word."""
        candidate = case.candidate
        for name, pattern in self.conditions.items():
            match name:
                case "theme":
                    holds = bool(pattern.fullmatch(candidate.sentence.theme))
                case "before":
                    holds = bool(pattern.search(candidate.before))
                case "start":
                    holds = bool(pattern.match(candidate.object))
                case "not":
                    holds = not pattern.search(candidate.object)
                case _:  # object
                    holds = bool(pattern.search(candidate.object))
            if not holds:
                return None
        return self.says

    def items(self, case: ItemCase) -> str | None:
        """Its vote on a point: what it says, where its words hold."""
        for name, pattern in self.conditions.items():
            words = case.before[-_BACK:] if name.endswith("before") else case.text
            if bool(pattern.search(words)) == name.startswith("not"):
                return None
        return self.says


@cache
def functions_of(kind: str) -> tuple[DataFunction, ...]:
    """The functions of one kind (:data:`KINDS`). Raises ``ValueError`` for a condition that there is not.

    >>> next(f for f in functions_of("facts") if f.name == "words.staff").says
    'staff'
    """
    text = resources.files("gia_nlp.learning.weak").joinpath("functions.yaml").read_text(encoding="utf-8")
    return parse_functions(kind, yaml.safe_load(text)[kind])


def parse_functions(kind: str, rows: Mapping[str, Mapping[str, Any]]) -> tuple[DataFunction, ...]:
    """Functions from their rows in the data file."""
    made = []
    for name, row in rows.items():
        unknown = set(row) - _CONDITIONS[kind] - {"says", "against"}
        if unknown or "says" not in row:
            raise ValueError(f"{name}: {'unknown ' + ', '.join(sorted(unknown)) if unknown else 'says nothing'}")
        conditions = {
            key: re.compile(f"(?:{value})$" if key == "end" else str(value))
            for key, value in row.items()
            if key in _CONDITIONS[kind]
        }
        made.append(DataFunction(name, str(row["says"]), bool(row.get("against", False)), conditions))
    return tuple(made)
