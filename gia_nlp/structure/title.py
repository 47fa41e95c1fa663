"""The report's own title: its lines before the first section, or a stretch of running text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gia_nlp.structure.compact import Compact

YEAR = r"(?:(?:19|20)\d{2}|二[〇○零0O][〇○零0O一二三四五六七八九]{2})"
#: What the report calls itself; a year may stand inside.
GENRE = (
    r"(?:政府信息公开|政务信息公开|政府信息|政务公开|信息公开)(?:[及和、]?(?:政务公开|政府信息公开))?(?:工作)?(?:情况)?的?"
    rf"(?:(?P<inner>{YEAR})年?(?:度)?)?"
    r"(?:年度(?:工作)?(?:情况)?(?:报告|总结)|年报|(?:年度)?工作报告|情况报告|情况的?报告|工作总结|总结|报告)"
)
_GENRE = re.compile(GENRE)
_BEHIND = re.compile(rf"[（(](?P<year>{YEAR})年?度?[）)]")
_YEAR = re.compile(rf"(?P<year>{YEAR})[年](?:度)?|(?<!\d)(?P<bare>20\d{{2}})(?!\d|号)(?:度)?")
_NAME = re.compile(r"[一-鿿（）()·A-Za-z0-9〇○“”\-－]+$")
_NO_TITLE_BEFORE = "，、《“‘；：。〈"
_NO_TITLE_BEHIND = re.compile(r"[。，；、”》’的〉]|(?:编制|格式|有关事项|的通知|如下|公布|予以|已经|主要|由|包括)")
_LABEL = re.compile(r"^(?:标题|名称|题目|正文|信息名称)[：:]?|^[#>*\-]+|^\[?(?:正文|附件)\]?")
_NOTHING = re.compile(
    r"^(?:我|本|全|各)(?:机关|单位|部门|局|委|办|厅|市|县|区|镇|乡|省|街道)?$|^(?:年|年度|度|开展|做好|关于|对|首页.*|政府信息.*|政务公开.*|信息公开.*|编制|发布|公布|公开)$"
)
_PLACE_OR_AGENCY = re.compile(
    r"(?:府|局|委|办|厅|部|署|院|会|中心|镇|乡|街道|县|区|市|省|州|旗|处|所|站|室|队|司|社|馆|校|学|行)$"
)
_HEAD = 6000
_MAX_TITLE = 70


@dataclass(frozen=True, slots=True)
class Title:
    """A title with its place in the text; ``text`` is in normal form. ``year`` as an Arabic number."""

    text: str
    start: int
    end: int
    issuer: str | None
    year: int | None


def arabic_year(digits: str | None) -> int | None:
    """A year in Arabic or Chinese digits.

    >>> arabic_year("2021"), arabic_year("二〇一五")
    (2021, 2015)
    """
    if not digits:
        return None
    table = str.maketrans("〇○零O一二三四五六七八九", "0000123456789")
    plain = digits.translate(table)
    return int(plain) if plain.isdigit() else None


def find_title(text: str, view: Compact, stop: int | None = None) -> Title | None:
    """The title before ``stop`` (an offset: where the first section begins), outside any sentence.

    Of several the last that names a year (a page's navigation and head repeat it before the report), else the last.
    """
    limit = min(len(view.text) if stop is None else view.locate(stop), _HEAD)
    best: tuple[bool, bool, int, Title] | None = None
    for match in _GENRE.finditer(view.text, 0, limit):
        if stop is None and "。" in view.text[: match.start()] and best is not None:
            break
        title = _title_at(view, match, limit)
        if title is None:
            continue
        rank = (title.year is not None, title.issuer is not None, title.start, title)
        if best is None or rank[:3] > best[:3]:
            best = rank
    return best[3] if best else None


def _title_at(view: Compact, match: re.Match[str], limit: int) -> Title | None:
    end = match.end()
    if behind := _BEHIND.match(view.text, end):
        end = behind.end()
    if end < len(view.text) and end not in view.blanks and _NO_TITLE_BEHIND.match(view.text, end):
        return None
    start = _left_end(view, match.start())
    if start is None:
        return None
    head = view.text[start : match.start()]
    if label := _LABEL.match(head):
        start += label.end()
        head = head[label.end() :]
    year_text = behind.group("year") if behind else match.group("inner")
    if year := _YEAR.search(head):
        year_text = year.group("year") or year.group("bare")
        name = head[: year.start()] + head[year.end() :]
    else:
        name = head
    name = re.sub(r"^关于|关于$|[（(][）)]|^[年度]+", "", name).strip("-－—·”“")
    if re.match(r"现[将就把]|特[向此]|根据|按照|依据|依照|遵照", name):
        return None
    name = re.sub(r"(?:年度|开展|推进|做好)+$", "", name)
    issuer = None if len(name) < 2 or _NOTHING.match(name) or len(name) > 45 else name
    if year_text is None and issuer is None and "年" not in match.group():
        return None
    words = view.text[start:end]
    return Title(words, view.offset(start), view.end_offset(end), issuer, arabic_year(year_text))


def _left_end(view: Compact, at: int) -> int | None:
    """Where the title begins: back over blanks and line ends for as long as what stands there belongs to a title."""
    line = view.line_start(at)
    if line < at <= line + 45:
        pieces = 1 + sum(i in view.blanks for i in range(line + 1, at))
        if pieces > 2 and _NAME.match(head := view.text[line:at]) and len(_YEAR.sub("", head)) <= 2 * pieces:
            return line  # every character parted from the next
    start = at
    while start > 0:
        piece = start
        floor = max(0, at - _MAX_TITLE)
        while (
            piece > floor
            and (piece == start or piece not in view.blanks)
            and view.text[piece - 1] not in "。；！？，、：》>|"
        ):
            piece -= 1
        words = view.text[piece:start]
        if start != at or start in view.blanks:
            # A new piece before a blank: it must be name or year, and something must still be missing.
            have = view.text[start:at]
            missing_year = not _YEAR.search(have)
            whole = (
                bool(words)
                and len(words) <= 40
                and bool(_NAME.match(words))
                and view.text[start - 1] not in "。；！？，、：》>|"
            )
            if not whole or not _belongs(words, have, missing_year):
                break
        elif piece == floor and piece > 0 and piece not in view.blanks:
            return None
        if piece == start:
            break
        start = piece
    before = view.text[start - 1] if start else ""
    if start and start not in view.blanks and before in _NO_TITLE_BEFORE:
        return None
    if start in view.blanks and before and before in "，、《“‘〈":
        return None
    return start


def _belongs(words: str, have: str, missing_year: bool) -> bool:
    if have.startswith("年") and re.search(r"(?:20\d{2}|\d)$", words):
        return True
    if missing_year and re.search(rf"{YEAR}年?度?$", words):
        return True
    name = _YEAR.sub("", have)
    if len(name) < 2 or _NOTHING.match(name):
        return bool(_PLACE_OR_AGENCY.search(words)) and not _NOTHING.match(words)
    return False
