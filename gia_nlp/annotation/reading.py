"""What a marked stretch says by itself: a fact that a person drew in a tool without fields for its attributes."""

from __future__ import annotations

import re
from functools import cache

from gia_nlp.annotation.records import GoldFact
from gia_nlp.vocabulary.loader import load_yaml

_BEFORE = 8  # characters in which 约, 超过 and the like stand


@cache
def _negators() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, load_yaml("denials")["negators"]), key=len, reverse=True)))


def read_fact(indicator: str, text: str, start: int, end: int) -> GoldFact | None:
    """The fact that ``text[start:end]`` states, ``None`` where it states no number and denies nothing.

    Value, unit and bound come from the print, channel and period are the defaults.

    >>> fact = read_fact("site_visits", "访问约4.5万余次", 3, 9)
    >>> fact.value, fact.unit, fact.bound, fact.quote
    (45000.0, '次', 'at_least', '4.5万余次')
    >>> read_fact("reviews", "未发生行政复议", 0, 7).value
    0.0
    """
    from gia_nlp.text.normalise import normalise
    from gia_nlp.text.quantities import find_quantities

    quote = text[start:end]
    first = max(0, start - _BEFORE)
    view = normalise(text[first:end])
    found = None
    for quantity in find_quantities(view.text):
        if view.span(quantity.start, quantity.end)[1] + first > start:
            found = quantity
            break
    if found is not None:
        return GoldFact(
            indicator, found.value, start, end, quote, value_max=found.value_max, bound=found.bound, unit=found.unit
        )
    if _negators().match(normalise(quote).text):
        return GoldFact(indicator, 0.0, start, end, quote)
    return None
