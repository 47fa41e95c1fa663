"""The place an agency belongs to: from its name, or from what the text names most."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from gia_nlp.vocabulary.agencies import agencies, places
from gia_nlp.vocabulary.place_names import is_place, split_name

_H = "[一-鿿]"
_SUFFIX = re.compile(r"[区县市州旗]")
_GOVERNMENT = re.compile(rf"(?={_H}{{2}}[区县市镇乡](?:人民政府|政府门户|政府网|政务网|门户网))")
_TOWNSHIP = re.compile(r"(?:街道|[镇乡]|苏木)(?:办事处|人民政府|政府|$)")
_GENERIC = re.compile(r"省|市(?!场)|[县区旗](?!域)|[镇乡](?!村)|街道")
_MUNICIPALITIES = frozenset(("北京市", "天津市", "上海市", "重庆市"))


def region_of(name: str | None) -> str | None:
    """The place that an agency's name begins with, with the places above it where the name has them.

    >>> region_of("云汀省溪岭市汐口区教育局"), region_of("汐口区信访局"), region_of("区信访局")
    ('云汀省溪岭市汐口区', '汐口区', None)
    """
    parts = _parts(name)
    return "".join(parts) or None


def _parts(name: str | None) -> tuple[str, ...]:
    return split_name(name).places if name else ()


def region_in(text: str, level: str | None = None) -> str | None:
    """The lowest place that a text names most: one of the known divisions, or one whose government it names.

    ``text`` is in normal form without blanks; ``None`` where no place stands out. ``level`` (省, 市, 县) is that of the
    agency where it is known: a city's bureau names districts that it does not belong to.

    >>> region_in("信息在东宝区人民政府门户网公开,东宝区政务大厅同步公示。")
    '东宝区'
    """
    counts: Counter[str] = Counter()
    for match in _SUFFIX.finditer(text):
        end = match.end()
        for length in range(min(12, end), 2, -1):
            word = text[end - length : end]
            if word in places() and is_place(word):
                counts[word] += 1
                break
    for match in _GOVERNMENT.finditer(text):
        word = text[match.start() : match.start() + 3]
        if word not in places() and is_place(word) and not agencies().generic.match(word):
            counts[word] += text.count(word)
    wanted = {"省": 1, "市": 2, "县": 3}.get(level or "")
    best = [(_depth(w), n, w) for w, n in counts.items() if n >= 2 and wanted in (None, _depth(w))]
    return max(best)[2] if best else None


def _depth(word: str) -> int:
    codes = places().get(word)
    if codes is None:
        return 3
    return 1 if codes[0].endswith("0000") else 2 if codes[0].endswith("00") else 3


def adcode_of(region: str | None) -> str | None:
    """The administrative code of a region, where its name leaves one; places above it in the name help to tell.

    >>> adcode_of("重庆市綦江区"), adcode_of("鼓楼区"), adcode_of("青垄县")
    ('500110', None, None)
    """
    parts = _parts(region)
    if not parts or parts[-1] not in places():
        return None
    codes = places()[parts[-1]]
    for above in parts[:-1]:
        heads = {c[:2] if c.endswith("0000") else c[:4] for c in places().get(above, ())}
        codes = tuple(c for c in codes if any(c.startswith(h) for h in heads)) if heads else codes
    return codes[0] if len(codes) == 1 else None


def level_of(issuer: str | None, region: str | None) -> str | None:
    """国家, 省, 市, 县 or 乡街: from the agency's place, or the word that stands for it (区信访局).

    >>> level_of("云汀省教育厅", "云汀省"), level_of("区信访局", None), level_of("财政部", None)
    ('省', '县', '国家')
    """
    name = issuer or region or ""
    parts = _parts(name) or _parts(region)
    if _TOWNSHIP.search(name):
        return "乡街"
    if parts:
        return _level_of_place(parts)
    if not name:
        return None
    generic = _GENERIC.match(name)
    if generic:
        return {"省": "省", "市": "市", "镇": "乡街", "乡": "乡街", "街": "乡街"}.get(generic.group()[0], "县")
    if agencies().national.search(name):
        return "国家"
    return None


def _level_of_place(parts: Sequence[str]) -> str:
    last = parts[-1]
    codes = places().get(last)
    if last in _MUNICIPALITIES:
        return "省"
    if codes is not None and not (len(codes) > 1 and last.endswith("市")):
        return ("省", "市", "县")[_depth(last) - 1]
    if re.search(r"省$|(?<!省)自治区$|兵团$", last):
        return "省"
    if re.search(r"自治州$|地区$|盟$", last):
        return "市"
    if last.endswith("市"):
        return "县" if len(parts) > 1 and not re.search(r"省$|自治区$", parts[-2]) else "市"
    return "乡街" if re.search(r"街道$|[镇乡]$|苏木$", last) else "县"
