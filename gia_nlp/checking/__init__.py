"""Sums of the forms, prose against table, and the choice between readings of glued digits by what the prose says.

>>> from gia_nlp.records import Cell, Layout, Metadata
>>> cells = tuple(
...     Cell("2021", "review_litigation", "review", column, value, "件", "number", "")
...     for column, value in zip(("upheld", "corrected", "other", "pending", "total"), (1, 0, 2, 0, 4))
... )
>>> _, checks = check("", Layout((), (), cells, Metadata()), ())
>>> [(c.rule, c.scope, c.difference, c.status) for c in checks]
[('review_litigation.block_total', 'review.total', -1.0, 'fails')]
"""

from __future__ import annotations

from collections.abc import Sequence

from gia_nlp.checking.prose import prose_checks
from gia_nlp.checking.sums import sum_checks
from gia_nlp.checking.witness import decide
from gia_nlp.records import Cell, Check, Fact, Layout

__all__ = ["check"]


def check(text: str, layout: Layout, facts: Sequence[Fact]) -> tuple[tuple[Cell, ...], tuple[Check, ...]]:
    """The cells, glued digits parted where a count in the prose decides, and every sum and cross-check.

    Values stay as printed; a check that fails is a finding about the report. A check that would only repeat the evidence by which
    digits were parted is ``not_assessable``.
    """
    cells, by_key, used = decide(text, layout, facts)
    return cells, (*sum_checks(cells, by_key), *prose_checks(text, by_key, facts, used))
