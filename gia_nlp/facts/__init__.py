"""Counts and statements of zero in prose, by rules over candidates."""

from gia_nlp.facts.answers import answers
from gia_nlp.facts.find import find_facts

__all__ = ["answers", "find_facts"]
