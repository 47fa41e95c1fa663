"""Problems and remedies: a section's text into points with kind, time, pairing and categories."""

from gia_nlp.problems.finding import Points, describe, find_items, find_points

__all__ = ["Points", "describe", "find_items", "find_points"]
