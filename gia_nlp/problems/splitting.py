"""A sentence without marks cut into its points: enumerated problems, one remedy."""

from __future__ import annotations

import re

from gia_nlp.problems.classifying import classify
from gia_nlp.problems.sentences import outside_quotes, shortfall, trim
from gia_nlp.vocabulary.problem_cues import problem_cues

_NO_SUBJECT = re.compile(
    r"(?:主要原因|原因|也|且|并|并且|而且|导致|造成|致使|影响|从而|进而|使得?|以致|未|不|没|无|难以|很难|缺|欠|但|甚至|仍|还|尚|有待|存在|停留|仅|只|多为|多以|容易|易|"
    r"制约|让|令|与[^，]{2,20}(?:有|存在|相比)|离|距|偶有|偶尔|时有|常有)"
)
_HAS_TOPIC = re.compile(r"(?:[对在](?!于)|关于|[^，]{0,12}(?:方面|上|中|时)$)")
_LACKS = re.compile(r"(?:也|还|且)?(?:缺乏|缺少|没有|缺失)")
_ADVERBS = re.compile(
    r"(?:还|仍|也|尚|都|均|的|较|比较|相对|有些|略|稍|存在|过程|程度|依然|仍然|有时|往往|总体|普遍|整体)+$"
)


_GROWS = re.compile(r"越来越|日益|日趋|普及|任务重|要求高|发展迅速|快速发展|不断(?:提高|增长|增加|扩大|拓展)|新形势")
# What happens with some: an instance of the point before it.
_ELABORATES = re.compile(
    r"(?:但|且)?(?:部分|个别|有的|有些|有时|一些|少数|少量|偶有|偶尔|时有|常有|其中|某些|甚至|多数|大多|特别是|尤其是|如|比如|例如)"
)
# A cause behind the problem, which without a mark is no part of it.
_BECAUSE = re.compile(
    r"[，,](?:究其|分析)?(?:其|这)?(?:主要|根本|客观)?(?:的)?原因(?:主要)?(?:是|在于|为)|[，,](?:这)?(?:主要)?(?:是)?(?:由于|因为)(?!的)"
)
# 还有不少“拦路虎”：甲；乙；丙: what the colon ends leads up to the points.
_LEAD = re.compile(r"[^；：]{4,90}：(?=[^；：]{4,90}；)")
_QUOTE = re.compile(r"“([^”]{4,40})”")
_QUOTED_LIST = re.compile(r"(?:“[^”]{4,40}”[、，和]?){2,6}")  # “甲”“乙”两个问题
_BEHIND = 240  # characters of a point that the next part may lean on: no sentence has longer ones, and garbage shall not cost squares
_CONCEDES = re.compile(r"[^，]{3,40}虽")  # 信息虽已公开，但…: one problem with its subject
_BACKGROUND = re.compile(
    r"取得|成效|进展|处于|阶段|起步|^(?:由于|因|受|随着|虽|尽管)|(?:后|以来|之后)$|[后中]$|对照|按照|根据"
)


def strip_problem_opening(text: str) -> int:
    """How many characters of a sentence lead up to its first problem.

    >>> strip_problem_opening("但我局工作中仍存在公开不及时、缺乏专人管理等问题")
    9
    """
    cues = problem_cues()
    position = 0
    if (lead := _LEAD.match(text)) and shortfall(text[lead.end() :]):
        position = lead.end()
    for _ in range(8):
        match = cues.problem_opening.match(text, position) or _conceded(text, position)
        if not match or match.end() == position or not shortfall(text[match.end() :]) or text[match.end()] == "的":
            break
        position = match.end()
    return _behind_existence(text, position)


_BUT = re.compile(r"(?P<before>[^。；：]{4,60}?)[，,](?:但是?|然而|不过|可是?)[，,]?")


def _conceded(text: str, position: int) -> re.Match[str] | None:
    """What went well before 但: …取得一定进步，但…."""
    match = _BUT.match(text, position)
    if match is None or shortfall(match.group("before")):
        return None
    told = match.group("before")
    return match if problem_cues().praise.search(told) or _BACKGROUND.search(told) else None


_EXISTS = re.compile(
    r"(?:(?:仍|还|也|依然|依旧|尚)然?|(?:我[局县市区镇乡委办院厅校]|工作)[^，。；：]{0,8}?[中上])存在着?(?!的)|(?:暴露|反映)[出了]"
)


def _behind_existence(text: str, position: int) -> int:
    """Skips background clauses before 还存在…: …改革后，我局职能增加，工作中还存在…."""
    match = _EXISTS.search(text, position, position + 120)
    if match is None:
        return position
    before = text[position : match.start()]
    subject = re.split(r"[，,]", before)[-1]
    specific = len(subject) > 12 or re.search(r"部分|个别|少数|一些|有的|有些|某些", subject)
    return position if shortfall(before) or specific or not shortfall(text[match.end() :]) else match.end()


def split_problems(text: str, one_point: bool = False) -> list[tuple[int, int]]:
    """Spans of the problems that a sentence enumerates (annotation guide: the highest separator first).

    ``one_point``: the sentence is a line of a list without marks, so that commas part no points.

    >>> t = "存在公开不及时、缺乏专人管理等问题"
    >>> [t[s:e] for s, e in split_problems(t)]
    ['公开不及时', '缺乏专人管理']
    >>> t = "政策解读内容较为简单，形式单一"
    >>> [t[s:e] for s, e in split_problems(t)]
    ['政策解读内容较为简单，形式单一']
    """
    start, end = trim(text, strip_problem_opening(text), len(text))
    if (quoted := _QUOTED_LIST.match(text, start, end)) and len(points := list(_QUOTE.finditer(quoted.group()))) > 1:
        return [(start + q.start(1), start + q.end(1)) for q in points]
    tail = problem_cues().enumeration_end.search(text, start, end)
    if tail and tail.end() == end and tail.start() > start and shortfall(text[start : tail.start()]):
        end = tail.start()
    if (because := _BECAUSE.search(text, start, end)) and shortfall(text[start : because.start()]):
        end = because.start()
        if tail := problem_cues().enumeration_end.search(text, start, end):
            end = tail.start()
    return _split(text, outside_quotes(text), *trim(text, start, end), "；、" if one_point else "；，、", strict=False)


def _split(text: str, plain: str, start: int, end: int, separators: str, strict: bool) -> list[tuple[int, int]]:
    if start >= end:
        return []
    for i, separator in enumerate(separators):
        parts = _parts(text, plain, start, end, separator)
        least = {"；": 0, "，": 1, "、": 2}[separator]  # a semicolon separates points whatever their words
        if len(parts) < 2 or sum(shortfall(text[s:e]) is not None for s, e in parts) < least:
            continue
        points = _points(text, parts, separator, strict)
        if separator != "；" and points == [(start, end)]:
            strict = strict or sum(shortfall(text[s:e]) is not None for s, e in parts) > 1
            continue
        if separator == "；":
            return [_without_cause(text, s, e) for s, e in points]
        rest = separators[i + 1 :]
        return [p for s, e in points for p in (_split(text, plain, s, e, rest, True) if rest else [(s, e)])]
    return [(start, end)]


def _without_cause(text: str, start: int, end: int) -> tuple[int, int]:
    """A part between semicolons without the clause of cause or background that opens it."""
    comma = re.compile("[，,]").search(text, start, end)
    if comma is None or shortfall(text[comma.end() : end]) is None:
        return start, end
    clause = text[start : comma.start()]
    opens = problem_cues().cause.search(clause) or (_GROWS.search(clause) and shortfall(clause) is None)
    return trim(text, comma.end(), end) if opens else (start, end)


def _parts(text: str, plain: str, start: int, end: int, separator: str) -> list[tuple[int, int]]:
    marks = separator + {"；": ";", "，": ",", "、": ""}[separator]
    cuts = [i for i in range(start, end) if plain[i] in marks]
    bounds = [start, *(i + 1 for i in cuts)], [*cuts, end]
    parts = [trim(text, s, e) for s, e in zip(*bounds, strict=True)]
    return [(s, e) for s, e in parts if s < e]


def _points(text: str, parts: list[tuple[int, int]], separator: str, strict: bool) -> list[tuple[int, int]]:
    """Parts joined to points: what states no shortfall, or leans on the part before it, is no point of its own."""
    points: list[tuple[int, int]] = []
    in_cause = False
    pending: int | None = None  # where words began that wait for their predicate
    for start, end in parts:
        part = text[start:end]
        if separator == "；":
            points.append((start, end))
            continue
        if not shortfall(part):
            in_cause = in_cause or (separator == "，" and problem_cues().cause.search(part) is not None)
            if separator == "、":
                pending = start if pending is None else pending
            elif points:
                points[-1] = (points[-1][0], end)
            elif (
                (strict and not in_cause and not _GROWS.search(part))
                or _CONCEDES.match(part)
                or _HAS_TOPIC.match(part)
                or (len(part) <= 8 and not _BACKGROUND.search(part))
            ):
                pending = start if pending is None else pending
            continue
        in_cause = in_cause and not points and _NO_SUBJECT.match(part) is not None
        if separator == "，" and (in_cause or problem_cues().cause.search(part)) and end < parts[-1][1]:
            in_cause = True
            continue  # the cause of what follows is no part of the problem
        begin = start if pending is None else pending
        pending = None
        if points and not _stands_alone(
            part, text[max(points[-1][0], points[-1][1] - _BEHIND) : points[-1][1]], separator, strict
        ):
            points[-1] = (points[-1][0], end)
        else:
            points.append((begin, end))
    if pending is not None and points:
        points[-1] = (points[-1][0], parts[-1][1])
    return points or [(parts[0][0], parts[-1][1])]


def _stands_alone(part: str, before: str, separator: str, strict: bool) -> bool:
    """Whether a part has a subject and predicate of its own and does not lean on the topic of the part before it."""
    cues = problem_cues()
    lack = shortfall(part)
    mine, others = set(classify(part)[0]) - {"other"}, set(classify(before)[0])
    if _NO_SUBJECT.match(part):
        return bool(_LACKS.match(part)) and (separator == "、" or (bool(mine) and not mine & others)) and not strict
    if _HAS_TOPIC.match(part):
        return not strict or not mine <= others
    subject = _ADVERBS.sub("", part[: lack.start()] if lack else part)
    if separator == "、" and not strict:
        return len(subject) >= 1
    if cues.leaning.fullmatch(subject) or len(subject) < 2:
        # 内容少，更新慢: the first has no topic either that the second could lean on.
        first = shortfall(before)
        bare = first is not None and cues.leaning.fullmatch(_ADVERBS.sub("", before[: first.start()])) is not None
        return bare and not strict and not mine & others
    if strict:
        return len(subject) >= 3 and not mine & others and not _ELABORATES.match(part)
    return not (len(subject) <= 5 and mine <= others and "other" not in others)


def strip_remedy_opening(text: str) -> int:
    """How many characters of a sentence lead up to the remedy (下一步，我局将; 针对…问题，).

    >>> strip_remedy_opening("下一步，我局将加强培训")
    7
    """
    cues = problem_cues()
    position = 0
    for _ in range(6):
        match = cues.remedy_opening.match(text, position)
        if not match or match.end() == position:
            break
        position = match.end()
    if since := acted_since(text, position):
        return since
    subject = cues.opening_subject.match(text, position)
    tail = cues.opening_tail.match(text, subject.end() if subject else position)
    # A subject goes only with a verb of intention behind it, or where the opening already stood for one.
    ours = subject is not None and subject.group().startswith(("我", "本", "街道", "各单位", "全"))
    if subject and not ours and not (tail and tail.group().strip("，,：")):
        subject, tail = None, cues.opening_tail.match(text, position)
    if subject and tail and (tail.group() or (position and ours)):
        return tail.end()
    if not subject and tail and tail.group():
        return tail.end()
    return position


def acted_since(text: str, position: int = 0) -> int | None:
    """Where the deed begins behind words that date it (今年以来，我们建立了…); None where no deed follows.

    >>> t = "今年以来，我们建立了通报制度"
    >>> t[acted_since(t) :]
    '建立了通报制度'
    >>> acted_since("今年公开信息偏少") is None
    True
    """
    cues = problem_cues()
    since = cues.since.match(text, position)
    if since is None:
        return None
    acts = cues.remedy_verb.match(text, since.end())
    if not acts and (object_first := _OBJECT_FIRST.match(text, since.end())):
        acts = cues.remedy_verb.search(text, since.end() + 1, object_first.end())
    return since.end() if acts else None


_OBJECT_FIRST = re.compile(r"(?:在|对|为|向|把|按|与|从)[^，。；]{2,30}")
