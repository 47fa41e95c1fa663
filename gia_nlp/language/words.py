"""Words as jieba cuts them, without spaCy: a segmenter for each dictionary, built once per process."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache

from gia_nlp.vocabulary.loader import load_yaml

_FREQUENCY = 20_000  # high enough to hold a word together against jieba's own counts


@lru_cache(maxsize=4)
def cutter(segmenter: str, words: tuple[str, ...]) -> Callable[[str], list[str]]:
    """Cuts text into words; ``words`` are added to jieba's dictionary. ``segmenter``: ``rjieba`` or ``jieba``.

    Where rjieba is not installed, jieba takes its place.
    """
    if segmenter == "rjieba":
        try:
            return _rjieba_cut(words)
        except ImportError:
            pass
    return _jieba_cut(words)


@cache
def domain_cutter() -> Callable[[str], list[str]]:
    """The cutter with the genre's words.

    >>> domain_cutter()("通过区政府门户网站主动公开信息")
    ['通过', '区政府', '门户网站', '主动公开', '信息']
    """
    return cutter("rjieba", tuple(sorted(set(load_yaml("dictionary")["words"]))))


def _rjieba_cut(words: tuple[str, ...]) -> Callable[[str], list[str]]:
    import rjieba

    segmenter = rjieba.Jieba()
    for word in words:
        segmenter.add_word(word, _FREQUENCY, None)
    cut: Callable[[str], list[str]] = segmenter.cut
    return cut


def _jieba_cut(words: tuple[str, ...]) -> Callable[[str], list[str]]:
    import logging
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba
    jieba.setLogLevel(logging.WARNING)
    segmenter = jieba.Tokenizer()
    for word in words:
        segmenter.add_word(word, _FREQUENCY)
    return lambda text: list(segmenter.cut(text))
