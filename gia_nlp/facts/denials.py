"""Statements of zero: 未收到政府信息公开申请, 没有发生行政复议、行政诉讼, 暂不收费.

The span runs from the negating word through the end of its object; one denial over two indicators gives two facts with
the same span; a narrowed one (无被纠正的复议) has a topic and is no total.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gia_nlp.facts.context import Sentence
from gia_nlp.vocabulary.active import per_vocabulary
from gia_nlp.vocabulary.loader import load_yaml
from gia_nlp.vocabulary.prefilter import Prefilter


@dataclass(frozen=True, slots=True)
class Denial:
    """A zero for one indicator; ``start`` and ``end`` are offsets into the sentence."""

    indicator: str
    start: int
    end: int
    topic: str | None
    rule_id: str | None


@dataclass(frozen=True, slots=True)
class _Grammar:
    negator: re.Pattern[str]
    sign: re.Pattern[str]
    verb: re.Pattern[str]
    bare: frozenset[str]
    objects: tuple[tuple[str, re.Pattern[str]], ...]
    can_match: Prefilter  # of the objects
    narrowing: re.Pattern[str]
    no_fact: re.Pattern[str]
    fee: re.Pattern[str]


@per_vocabulary
def _grammar() -> _Grammar:
    data = load_yaml("denials")
    words = sorted(data["negators"], key=len, reverse=True)
    negators = "|".join(words)
    sign = "|".join(f"{w}(?={_ASKS_FOR_MONEY.pattern})" if w in _OF_MONEY else w for w in words)
    objects = tuple((name, re.compile(words)) for name, words in data["objects"].items())
    # One character is looked for first and then looked at from its front: ten times as fast as all words at every place.
    firsts = "".join(sorted({w[0] for w in words}))
    return _Grammar(
        re.compile(negators),
        re.compile(f"[{firsts}](?<=(?!{_INSIDE_WORD.pattern})(?={sign}).)"),
        re.compile(data["verbs"]),
        frozenset(data["bare"]),
        objects,
        Prefilter([pattern for _, pattern in objects]),
        re.compile(data["narrowing"]),
        re.compile(data["no_fact"]),
        re.compile(data["fee_words"]),
    )


@dataclass(frozen=True, slots=True)
class DenialCandidate:
    """A negating word with what may be its object, and what the rules say of it.

    ``before`` reaches back to the clause's start; ``denials`` are the rules' (none, one, or one for each indicator).
    """

    sentence: Sentence
    start: int
    end: int
    clause_start: int
    negator: str
    denials: tuple[Denial, ...]

    @property
    def before(self) -> str:
        """Masked words of the clause before the negating word."""
        return self.sentence.masked[self.clause_start : self.start]

    @property
    def object(self) -> str:
        """Masked words behind the negating word."""
        return self.sentence.masked[self.start + len(self.negator) : self.end]


_CLAUSE = re.compile(r"[^，；。！？\n（）：]+")
_INSIDE_WORD = re.compile(
    r"(?:无[论疑法障偿记须需缝关公]|未[来央必婚]|没收(?![过到取费，。、；])|零[售星散距容跑]|不[断仅但同含少予]|无不良)"
)
_REACH = 80  # characters; no object of a denial is longer
_JOINTS = re.compile("、|以及|或者|及|和|或|与")


_OF_MONEY = ("不", "暂不", "均不")  # these deny only what is asked for: 不收取费用
_VERB_ALONE = re.compile("(?:收到|接到|发生|出现|产生|收取|发生过|收到过|引发)(?:过)?")
_DIGIT = re.compile(r"\d")
_A_YEAR = re.compile(r"20\d\d年")
_NUMBER_BEHIND = re.compile(r"\s*\d")
_ASKS_FOR_MONEY = re.compile("(?:收取?|征收|予?收费)")


def denial_sign() -> re.Pattern[str]:
    """What every text with a denial holds: a negating word that is no part of another word.

    >>> [bool(denial_sign().search(s)) for s in ("未收到申请", "不断完善", "无论何时")]
    [True, False, False]
    """
    return _grammar().sign


def denial_candidates(sentence: Sentence) -> list[DenialCandidate]:
    """Every negating word of a sentence that may open a statement of zero, in text order, with the rules' reading."""
    if sentence.section == "problems" or not sentence.denies:
        return []
    found: list[DenialCandidate] = []
    for clause in _CLAUSE.finditer(sentence.masked):
        words, offset = clause.group(), clause.start()
        if not _grammar().negator.search(words):
            continue
        said = list(_in_clause(sentence, offset, words))
        for match in _grammar().negator.finditer(words):
            if _INSIDE_WORD.match(words, match.start()) or _NUMBER_BEHIND.match(words, match.end()):
                continue
            rest = words[match.end() : match.end() + _REACH]
            if match.group() in _OF_MONEY and not _ASKS_FOR_MONEY.match(rest):
                continue
            start = offset + match.start()
            denials = tuple(d for d in said if d.start == start)
            end = denials[0].end if denials else offset + match.end() + len(rest.rstrip("、 "))
            found.append(DenialCandidate(sentence, start, end, offset, match.group(), denials))
    return found


def narrowing_words(words: str) -> str | None:
    """What narrows a denial (被纠正 of 无被纠正的复议), as its topic.

    >>> narrowing_words("被纠正的行政复议")
    '纠正'
    """
    found = _grammar().narrowing.search(words)
    return found.group().removeprefix("被") if found else None


def _in_clause(sentence: Sentence, offset: int, clause: str) -> Iterator[Denial]:
    grammar = _grammar()
    if grammar.no_fact.search(clause):
        return
    for match in grammar.negator.finditer(clause):
        if _INSIDE_WORD.match(clause, match.start()):
            continue
        rest = clause[match.end() : match.end() + _REACH]
        if _NUMBER_BEHIND.match(rest):
            continue  # 信息不存在8件 counts outcomes
        if not rest.strip():
            yield from _bare_none(sentence, offset, clause, match)
            continue
        word = match.group()
        verb_only = _VERB_ALONE.fullmatch(rest.strip())
        if verb_only and match.start():
            # The object stands in front: 举报投诉没有发生, 检索费暂不收取.
            for indicator, _ in _objects(clause[: match.start()]):
                yield Denial(
                    indicator, offset + match.start(), offset + len(clause.rstrip()), None, f"{indicator}/denial"
                )
            return
        if word in ("不", "暂不", "均不", "不收取"):
            if not _ASKS_FOR_MONEY.match(rest) and word != "不收取":
                continue
            if not grammar.fee.search(word + rest):
                continue
        elif (word not in grammar.bare and not grammar.verb.match(rest)) or (
            _DIGIT.search(rest) and not _A_YEAR.search(rest)
        ):
            continue
        if word == "零":  # 零申请 is a count, 零投诉 praise; each 零 stands for itself
            rest = re.split("[、”“]", rest)[0][:8]
        parts = _objects(rest)
        if word == "零":
            parts = [p for p in parts if p[0] in ("requests_received", "reviews", "litigations")]
        if not parts and word in ("未", "均未", "尚未", "暂未") and re.match("收费|收取|对外收费", rest):
            parts = [("fees_charged", rest)]
        narrowed = grammar.narrowing.search(rest)
        for indicator, part in parts:
            topic = None
            if narrowed:
                own = grammar.narrowing.search(part)
                topic = (own or narrowed).group().removeprefix("被")
            elif indicator == "staff":
                heads = re.findall(r"(?:全职|专职|兼职|专门)[^，；。、]{0,10}人员", part)
                topic = heads[-1] if heads else None
            end = offset + match.end() + len(rest.rstrip("、 "))
            yield Denial(indicator, offset + match.start(), end, topic, f"{indicator}/denial")
        if parts and word != "零":
            return


def _objects(rest: str) -> list[tuple[str, str]]:
    """The indicators that an object names, part by part (复议、诉讼)."""
    found: list[tuple[str, str]] = []
    grammar = _grammar()
    possible = grammar.can_match.among(rest)
    for part in _JOINTS.split(rest) if possible else ():
        hits: list[tuple[int, int, str]] = []
        for rank in possible:
            name, pattern = grammar.objects[rank]
            for match in pattern.finditer(part):
                hits.append((match.end(), -rank, name))
        names = {name for _, _, name in hits}
        if names & {"reviews", "litigations"}:
            hits = [h for h in hits if h[2] in ("reviews", "litigations")]
            if names >= {"reviews", "litigations"}:
                found += [("reviews", part), ("litigations", part)]
                continue
        # 不予公开的申请, 上年结转申请: 申请 only says of what
        narrower = [h for h in hits if h[2].startswith("requests") and h[2] != "requests_received"]
        if hits:
            name = max(narrower or hits)[2]
            if name not in [n for n, _ in found]:
                found.append((name, part))
    if not found:
        for name, pattern in (grammar.objects[rank] for rank in possible):
            if pattern.search(rest):
                return [(name, rest)]
    kinds = {n for n, _ in found}
    if kinds & {"reviews", "litigations"} and "requests_received" in kinds:
        # 因政府信息公开申请引起的复议: 申请 only says where the review comes from
        first = _JOINTS.split(rest)[0]
        if not re.search("依申请公开|申请公开", first) and "申请" in first and re.search("引|因|被", rest):
            found = [f for f in found if f[0] != "requests_received"]
    return found


def _bare_none(sentence: Sentence, offset: int, clause: str, match: re.Match[str]) -> Iterator[Denial]:
    """复议诉讼情况：无 — the label before the mark names the indicators."""
    word = match.group()
    if word not in ("无", "没有", "零", "暂无", "均无"):
        return
    label = clause[: match.start()] or sentence.masked[max(0, offset - 24) : offset]
    label = re.split(r"[，；。]", label.rstrip("：:为 "))[-1]
    narrowed = _grammar().narrowing.search(label)
    topic = narrowed.group().removeprefix("被") if narrowed else None
    parts = _objects(label)
    for name, _ in parts if {n for n, _ in parts} <= {"reviews", "litigations"} else parts[-1:]:
        yield Denial(name, offset + match.start(), offset + match.end(), topic, f"{name}/none")
