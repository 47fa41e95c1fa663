"""The words of the page in its two languages: one dictionary, ``data/words.yaml``."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

from gia_nlp.vocabulary.categories import categories
from gia_nlp.vocabulary.indicators import indicators

LANGUAGES = ("zh", "en")


@cache
def all_words() -> dict[str, dict[str, list[str]]]:
    """Every word of the page: group → key → [Chinese, English]."""
    import yaml

    text = resources.files("gia_nlp.web").joinpath("data", "words.yaml").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, list[str]]] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return loaded


class Words:
    """What the page says in one language.

    >>> Words("en")("search.found", total="1,200")
    '1,200 reports'
    >>> Words("zh").category("quality"), Words("en").indicator("site_visits"), Words("zh").value("problem")
    ('信息质量', 'site visits', '问题')
    """

    def __init__(self, lang: str = "zh") -> None:
        if lang not in LANGUAGES:
            raise ValueError(f"no language is called {lang}: there are {', '.join(LANGUAGES)}")
        self.lang = lang
        self._place = LANGUAGES.index(lang)

    def __call__(self, key: str, **values: Any) -> str:
        """The text of ``group.key`` with ``values`` put in; ``KeyError`` for a key that the dictionary lacks."""
        group, _, name = key.partition(".")
        text = all_words()[group][name][self._place]
        return text.format(**values) if values else text

    def value(self, value: str) -> str:
        """What one of the tables' values is called; one that the dictionary does not know stays as it is."""
        found = all_words()["values"].get(value)
        return found[self._place] if found else value

    def category(self, name: str) -> str:
        """A category's name."""
        return self._name(name, categories())

    def indicator(self, name: str) -> str:
        """An indicator's name."""
        return self._name(name, indicators())

    def _name(self, name: str, known: Any) -> str:
        if self.lang == "zh" and name in known:
            return str(known[name].zh)
        return name.replace("_", " ")
