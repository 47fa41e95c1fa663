"""A colour for every label, the same wherever labels are shown: pages, annotation tools, displaCy."""

from __future__ import annotations

import colorsys

from gia_nlp.vocabulary.categories import categories
from gia_nlp.vocabulary.indicators import indicators

_FIXED = {"problem": "#f4b6a6", "remedy": "#b5dcae"}
_GOLDEN = 0.618033988749895  # neighbours in the list are far apart on the wheel


def colours() -> dict[str, str]:
    """Light colours (``#rrggbb``, dark text is readable on them) of indicators, kinds of items and categories.

    >>> found = colours()
    >>> found["remedy"], len(set(found.values())) == len(found)
    ('#b5dcae', True)
    """
    made = dict(_FIXED)
    for names, saturation in ((indicators(), 0.72), (categories(), 0.45)):
        for i, name in enumerate(names):
            made[name] = _hex(i * _GOLDEN % 1.0, saturation)
    return made


def _hex(hue: float, saturation: float) -> str:
    red, green, blue = colorsys.hls_to_rgb(hue, 0.82, saturation)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"
