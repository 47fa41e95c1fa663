"""The places that the name of an agency begins with.

>>> split_name("云汀省溪岭市汐口区教育局")
NameParts(prefix='', places=('云汀省', '溪岭市', '汐口区'), rest='教育局')
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from gia_nlp.vocabulary.agencies import agencies, places

_H = "[一-鿿]"
_NOT = "(?![我本全各该区县市省州镇乡])"
# 市 that ends a name: 溪岭市民政局 and 溪岭市政府, but 市场, 市民, 市政园林.
_CITY = "市(?![场容直级]|民(?![政族宗防])|政[管园工设公建])"


class NameParts(NamedTuple):
    """A name taken apart: words of a head office before the places, the places from the top, and what stands behind."""

    prefix: str
    places: tuple[str, ...]
    rest: str


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Province, prefecture, county and town at the place where a name goes on."""
    zone = "|".join(agencies().zones)
    sources = (
        rf"{_H}{{2,3}}省|{_H}{{2,6}}自治区|北京市|天津市|上海市|重庆市|新疆生产建设兵团",
        rf"{_H}{{2,9}}?自治州|{_H}{{2,4}}?地区|{_H}{{2,4}}?盟(?!员)|{_H}{{2,5}}?{_CITY}",
        rf"{_H}{{2,8}}?(?:{zone})|{_H}{{2,12}}?自治[县旗]|{_H}{{1,5}}?县(?!域)|{_H}{{2,5}}?(?:区|旗)(?![域块划])"
        rf"|{_H}{{2,4}}?{_CITY}",
        rf"{_H}{{1,6}}?(?:街道|镇|乡|苏木)(?=人民政府|政府|党|办事处|$|综合|便民)",
    )
    return tuple(re.compile(f"{_NOT}(?:{source})") for source in sources)


@lru_cache(maxsize=1024)  # the parts of a report ask for the same few names
def split_name(name: str) -> NameParts:
    """Prefix, places and rest of the name of an agency; together they are the name.

    >>> split_name("国家税务总局青垄县税务局"), split_name("区信访局").places, split_name("溪岭市民政局").rest
    (NameParts(prefix='国家税务总局', places=('青垄县',), rest='税务局'), (), '民政局')
    """
    head = agencies().prefixes.match(name)
    prefix = head.group() if head else ""
    at = len(prefix)
    parts: list[str] = []
    for n, pattern in enumerate(_patterns()):
        known = _known_at(name, at) if n < 3 else None
        if known is not None and (n or places()[known][0].endswith("0000")):
            found = known
        else:
            match = pattern.match(name, at)
            if match is None or not is_place(match.group()):
                continue
            found = match.group()
        parts.append(found)
        at += len(found)
    return NameParts(prefix, tuple(parts), name[at:])


def is_place(word: str) -> bool:
    """Whether a word that ends like a place may be the name of one.

    >>> is_place("汐口区"), is_place("辖区")
    (True, False)
    """
    return word not in agencies().no_places


def _known_at(name: str, at: int) -> str | None:
    for length in range(min(15, len(name) - at), 1, -1):
        word = name[at : at + length]
        if word in places() and is_place(word):
            return word
    return None
