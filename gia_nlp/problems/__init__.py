"""Problems and remedies: a section's text into points with kind, time, pairing and categories."""

from gia_nlp.problems.finding import find_items

__all__ = ["find_items"]
