"""Which of many patterns can match a text at all: told by the characters that every match of a pattern must hold.

A rule room asks a clause for a hundred patterns of which two match. Most patterns begin with words: unless one of a pattern's words
stands in the text, the pattern need not be asked. The words are taken from the pattern itself, so that none is written down twice.
What cannot be told of a pattern (it may match without any certain character) is always asked.

>>> patterns = [re.compile(p) for p in ("更新(?:不及时|慢)", "(?:不够|欠)全面?", "[0-9]+天")]
>>> can_match = Prefilter(patterns)
>>> can_match.among("网站更新慢"), can_match.among("内容欠全"), can_match.among("3天")
([0], [1], [2])
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from operator import add
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MOST = 96  # strings of one set; more tell too little to be worth looking up
_WIDEST = 24  # characters of a class that count as a set of strings

# Pairs of characters that most reports are full of, the commonest first: what asks for them sifts out little.
_COMMON = """20 公开 信息 息公 政府 工作 情况 问题 府信 申请 存在 改进 行政 主要 开工 发布 政务 在的 要问 政策 的主 进情 网站 解读 题及 及改 务公 文件 全年 主动
内容 答复 年度 规范 结果 服务 动公 群众 其中 培训 处理 单位 其他 人员 一是 二是 不够 部门 开展 开的 公众 事项 办理 组织 复议 三是 数据 请公 建设 依申 本年 平台
更新 一步 上年 收到 要求 企业 制度 公示 业务 开申 措施 管理 通过 意见 人次 我局 加强 方面 诉讼 标准 推进 及时 办公 报告 社会 机关 栏目 开政 机制 监督 建立 部分
没有 机构 统一 媒体 领导 不足 责任 范性 提高 落实 公布 性文 开信 街道 政复 不予 进措 目录 政诉 重点 条例 数量 咨询 以下 提升 进行 进一 检查 宣传 策解 许可 考核 系统"""
_COSTS = {pair: 0.5 / (rank + 2) for rank, pair in enumerate(_COMMON.split())}
_RARE, _SINGLE = 0.002, 0.1  # the cost of asking for a pair not named above, for one character

Strings = frozenset[str]


@cache
def needed(pattern: re.Pattern[str]) -> Strings | None:
    """Strings of one or two characters of which at least one stands in whatever the pattern matches; ``None`` if none is certain.

    >>> sorted(needed(re.compile("(?:未|没有)[^，]{0,9}申请"))), needed(re.compile("[0-9]*"))
    (['申请'], None)
    """
    if pattern.flags & re.IGNORECASE:
        return None
    try:
        found = _needed(_parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE))
    except (re.error, RecursionError):
        return None
    if found is None:
        return None
    return frozenset(map(_rarest, found))


def _needed(parsed: Iterable[tuple[Any, Any]]) -> Strings | None:
    """The best set of a sequence: stretches of fixed strings as wholes, and what its other parts need."""
    best: Strings | None = None
    run: Strings = frozenset(("",))
    for code, argument in parsed:
        exact = _exact(code, argument)
        if exact is not None and len(run) * len(exact) <= _MOST:
            run = frozenset(a + b for a in run for b in exact)
            continue
        best = _better(best, run)
        run = exact if exact is not None else frozenset(("",))
        if exact is None:
            best = _better(best, _inside(code, argument))
    return _better(best, run)


def _better(a: Strings | None, b: Strings | None) -> Strings | None:
    """The set that fewer texts hold something of; sets with the empty string say nothing."""
    sets = [s for s in (a, b) if s and "" not in s]
    return min(sets, key=lambda s: sum(map(_cost, {*map(_rarest, s)}))) if sets else None


def _cost(piece: str) -> float:
    """How often a piece is met, roughly."""
    return _COSTS.get(piece, _RARE) if len(piece) > 1 else _SINGLE


def _rarest(string: str) -> str:
    """The pair of neighbours in a string that is met least."""
    return min((string[i : i + 2] for i in range(max(1, len(string) - 1))), key=_cost)


def _inside(code: Any, argument: Any) -> Strings | None:
    """What a part needs that is no fixed set of strings."""
    if code is op.BRANCH:
        union: set[str] = set()
        for branch in argument[1]:
            found = _needed(branch)
            if found is None:
                return None
            union |= found
        return frozenset(union)
    if code is op.SUBPATTERN:
        return None if argument[1] else _needed(argument[3])
    if code in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        return _needed(argument[2]) if argument[0] > 0 else None
    if code is op.ATOMIC_GROUP:
        return _needed(argument)
    return None


def _exact(code: Any, argument: Any) -> Strings | None:
    """All strings that a part can match, where they are few."""
    if code is op.LITERAL:
        return frozenset((chr(argument),))
    if code is op.IN:
        if any(kind is not op.LITERAL for kind, _ in argument) or len(argument) > _WIDEST:
            return None
        return frozenset(chr(value) for _, value in argument)
    if code is op.BRANCH:
        return _union(_whole(branch) for branch in argument[1])
    if code is op.SUBPATTERN:
        return None if argument[1] else _whole(argument[3])
    if code in (op.MAX_REPEAT, op.MIN_REPEAT) and argument[1] == 1:
        inner = _whole(argument[2])
        return None if inner is None else inner if argument[0] else inner | {""}
    if code in (op.ASSERT, op.ASSERT_NOT, op.AT):
        return frozenset(("",))  # takes no characters
    return None


def _whole(parsed: Iterable[tuple[Any, Any]]) -> Strings | None:
    strings: Strings = frozenset(("",))
    for code, argument in parsed:
        exact = _exact(code, argument)
        if exact is None or len(strings) * len(exact) > _MOST:
            return None
        strings = frozenset(a + b for a in strings for b in exact)
    return strings


def _union(sets: Iterable[Strings | None]) -> Strings | None:
    union: set[str] = set()
    for strings in sets:
        if strings is None:
            return None
        union |= strings
    return frozenset(union) if len(union) <= _MOST else None


def _any_of(characters: Iterable[str]) -> re.Pattern[str] | None:
    items = re.escape("".join(characters))
    return re.compile(f"[{items}]") if items else None


class Prefilter:
    """The patterns of a list that can match a text, by their places in the list."""

    __slots__ = ("_always", "_owners", "_singles")

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        self._always: list[int] = []
        self._owners: dict[str, list[int]] = {}
        for number, pattern in enumerate(patterns):
            strings = needed(pattern)
            if strings is None:
                self._always.append(number)
                continue
            for string in strings:
                self._owners.setdefault(string, []).append(number)
        self._singles = _any_of(string for string in self._owners if len(string) == 1)

    def among(self, text: str) -> list[int]:
        """The patterns that can match a text, in their order."""
        numbers = set(self._always)
        owners = self._owners
        for found in filter(None, map(owners.get, map(add, text, text[1:]))):
            numbers.update(found)
        if self._singles:
            for char in self._singles.findall(text):
                numbers.update(owners[char])
        return sorted(numbers)


class Scanner:
    """Where a text holds what each of many patterns needs: for who asks many patterns about many parts of one text.

    Patterns are bits of a number: ``1 << place in the list``. ``always`` are those of which nothing can be told.

    >>> scanner = Scanner([re.compile(p) for p in ("更新(?:不及时|慢)", "慢$", "[0-9]+天")])
    >>> scanner.scan("网站更新慢"), bin(scanner.always)
    (([3, 4], [1, 2]), '0b0')
    """

    __slots__ = ("_characters", "_masks", "_pairs", "always")

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        self.always = 0
        owners: dict[str, int] = {}
        for number, pattern in enumerate(patterns):
            strings = needed(pattern)
            if strings is None:
                self.always |= 1 << number
            for string in strings or ():
                owners[string] = owners.get(string, 0) | 1 << number
        # For each hash the place of its mask in a list, 0 for none; what two strings with one hash need is looked for at both.
        size = np.uint16 if len(owners) < 1 << 16 else np.uint32
        self._pairs, self._characters = np.zeros(1 << 16, size), np.zeros(1 << 16, size)
        self._masks = [0]
        for string, mask in owners.items():
            codes = _codes(string)
            table, key = (self._pairs, _hashes(codes)[0]) if len(string) == 2 else (self._characters, codes[0] & 0xFFFF)
            if not table[key]:
                table[key] = len(self._masks)
                self._masks.append(0)
            self._masks[table[key]] |= mask

    def scan(self, text: str) -> tuple[list[int], list[int]]:
        """Places in text order, and for each the patterns that can match around it.

        Which strings may stand where is told for all of the text at once, from tables of characters and of pairs' hashes.
        """
        codes = _codes(text + " ")
        pairs, characters = self._pairs[_hashes(codes)], self._characters[codes[:-1] & 0xFFFF]
        places = np.flatnonzero(pairs | characters)
        masks = self._masks
        found = zip(pairs[places].tolist(), characters[places].tolist(), strict=True)
        return places.tolist(), [masks[a] | masks[b] for a, b in found]


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _hashes(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """A number below 65,536 for each pair of neighbours."""
    hashes: NDArray[np.uint32] = (codes[:-1] * np.uint32(40503) + codes[1:]) & np.uint32(0xFFFF)
    return hashes
