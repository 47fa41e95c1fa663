"""The words of the page in its two languages, and numbers as it prints them."""

from __future__ import annotations

import math
from functools import cache
from importlib import resources
from typing import Any

from gia_nlp.vocabulary.categories import categories
from gia_nlp.vocabulary.indicators import indicators
from gia_nlp.vocabulary.series import series

LANGUAGES = ("zh", "en")


@cache
def all_words() -> dict[str, dict[str, dict[str, str]]]:
    """Every word of the page: group → key → language → text."""
    import yaml

    text = resources.files("gia_nlp.mining.report").joinpath("data", "words.yaml").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, dict[str, str]]] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return loaded


class Words:
    """What the page says in one language.

    >>> Words("en")("page.of", shown=5, total="1,200")
    '5 of 1,200'
    >>> Words("zh").category("quality"), Words("en").category("quality")
    ('信息质量', 'quality')
    """

    def __init__(self, lang: str) -> None:
        if lang not in LANGUAGES:
            raise ValueError(f"no language is called {lang}: there are {', '.join(LANGUAGES)}")
        self.lang = lang

    def __call__(self, key: str, **values: Any) -> str:
        """The text of ``group.key``, with ``values`` put in; ``KeyError`` for a key that the data has not."""
        group, name = key.split(".", 1)
        text = all_words()[group][name][self.lang]
        return text.format(**values) if values else text

    def column(self, name: str) -> str:
        """What a column is called; one that the data does not know is told by its name."""
        found = all_words()["columns"].get(name)
        return found[self.lang] if found else self._name(name)

    def value(self, value: str) -> str:
        """What a value (a level, a kind, a verdict) is called; values of the reports themselves stay as they are."""
        found = all_words()["values"].get(value)
        return found[self.lang] if found else value

    def category(self, name: str) -> str:
        """A category's name."""
        known = categories()
        if name == "all":
            return self("page.all_categories")
        return known[name].zh if self.lang == "zh" and name in known else _plain(name)

    def indicator(self, name: str) -> str:
        """The name of a series, an indicator or a figure made of them."""
        known: dict[str, str] = {n: i.zh for n, i in indicators().items()} | {n: s.zh for n, s in series().items()}
        if name.startswith("log_"):
            return f"log(1 + {self.indicator(name[4:])})"
        if self.lang == "zh" and name in known:
            return known[name]
        found = all_words()["columns"].get(name)
        return found[self.lang] if found else _plain(name)

    def rule(self, name: str) -> str:
        """What a check is called, with its id behind a name that tells more.

        >>> Words("en").rule("prose.staff"), Words("en").rule("total")
        ('prose and table: staff', 'total')
        """
        family, _, rest = name.partition(".")
        if family == "prose":
            return self("page.rule_prose", what=self.indicator(rest))
        found = all_words()["rules"].get(name)
        return f"{found[self.lang]} ({name})" if found else name

    def _name(self, name: str) -> str:
        return self.indicator(name)

    @property
    def comma(self) -> str:
        """What parts a list."""
        return "、" if self.lang == "zh" else ", "


def _plain(name: str) -> str:
    return name.replace("_", " ")


def number(value: Any, digits: int = 3) -> str:
    """A number for readers: thousands parted, up to ``digits`` significant figures behind the point; a dash for none.

    >>> number(1234567), number(0.04567), number(12.5), number(float("nan")), number(3.0)
    ('1,234,567', '0.0457', '12.5', '–', '3')
    """
    if missing(value):
        return "–"
    value = float(value)
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.{digits}g}"


def short(value: float) -> str:
    """A number for an axis.

    >>> short(1_500_000), short(20_000), short(2.5)
    ('1.5M', '20k', '2.5')
    """
    for unit, letter in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= unit:
            return f"{value / (1e3 if letter == 'k' else unit):g}{letter}"
    return number(value)


def percent(value: Any) -> str:
    """A share in percent.

    >>> percent(0.324), percent(None), percent(0.004)
    ('32%', '–', '0.4%')
    """
    if missing(value):
        return "–"
    value = float(value) * 100
    return f"{value:.1f}%" if 0 < value < 1 or 99 < value < 100 else f"{value:.0f}%"


def p_text(value: Any) -> str:
    """A p or q value.

    >>> p_text(0.00001), p_text(0.0312), p_text(1.0)
    ('< 0.001', '0.031', '1')
    """
    if missing(value):
        return "–"
    return "< 0.001" if value < 0.001 else f"{value:.2g}"


def missing(value: Any) -> bool:
    """Whether there is no value: None, NaN, pandas' NA.

    >>> missing(None), missing(float("nan")), missing(0), missing("")
    (True, True, False, False)
    """
    if value is None:
        return True
    if isinstance(value, str) or hasattr(value, "__len__"):
        return False
    try:
        return bool(value != value)
    except TypeError:  # pandas' NA has no truth
        return True


def cut(text: str, most: int = 160) -> str:
    """The beginning of a text, with … where it is cut."""
    return text if len(text) <= most else text[: most - 1] + "…"
