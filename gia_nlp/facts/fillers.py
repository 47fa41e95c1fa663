"""Words of a label that carry no subject: 全年, 共, 我局, 其中 …."""

from __future__ import annotations

import re
from functools import cache

from gia_nlp.vocabulary.loader import load_yaml


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    fillers = f"(?:{load_yaml('fact_context')['fillers']})+"
    return re.compile(f"(?>{fillers}|[ 、，；：（）])*+"), re.compile(f"{fillers}$")


def is_empty(words: str) -> bool:
    """Whether words name nothing: only fillers and marks.

    >>> is_empty("全年共计"), is_empty("留言")
    (True, False)
    """
    return not words or _patterns()[0].fullmatch(words) is not None


def length_without(words: str) -> int:
    """The length of words without the fillers at their end.

    >>> length_without("主动公开信息共计")
    6
    """
    return len(_patterns()[1].sub("", words))
